use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

#[test]
fn the_table_covers_25_cells_once_with_the_known_sizes() {
    let mut cells = BTreeMap::new();
    for r in 1..=5 {
        for f in 1..=5 {
            *cells.entry(cell(r, f).key()).or_insert(0) += 1;
        }
    }
    let expected = [
        ("about_to_sleep", 2),
        ("at_risk", 4),
        ("cant_lose", 2),
        ("champions", 2),
        ("hibernating", 4),
        ("loyal", 4),
        ("need_attention", 1),
        ("new", 1),
        ("potential_loyalist", 4),
        ("promising", 1),
    ];
    assert_eq!(cells, BTreeMap::from(expected));
}

/// The table as other tools write it: patterns over the two digits, the first match wins.
#[test]
fn the_table_agrees_with_the_patterns_in_use() {
    let expected = |r, f| match (r, f) {
        (1..=2, 1..=2) => Segment::Hibernating,
        (1..=2, 3..=4) => Segment::AtRisk,
        (1..=2, 5) => Segment::CantLose,
        (3, 1..=2) => Segment::AboutToSleep,
        (3, 3) => Segment::NeedAttention,
        (3..=4, 4..=5) => Segment::Loyal,
        (4, 1) => Segment::Promising,
        (5, 1) => Segment::New,
        (4..=5, 2..=3) => Segment::PotentialLoyalist,
        _ => Segment::Champions,
    };
    for r in 1..=5 {
        for f in 1..=5 {
            assert_eq!(cell(r, f), expected(r, f), "recency {r}, frequency {f}");
        }
    }
}

#[test]
fn keys_and_places_go_both_ways() {
    for (place, segment) in Segment::ALL.into_iter().enumerate() {
        assert_eq!(segment.index(), place);
        assert_eq!(Segment::from_key(segment.key()), Some(segment));
    }
    assert_eq!(Segment::from_key("lost"), None);
}

/// How often the 23,570 customers of CDNOW bought, with the cuts and scores that pandas.cut gives on the quantiles.
#[test]
fn customers_who_bought_equally_often_score_the_same() {
    let frequency: Vec<u32> = [(1, 11_908), (2, 4_079), (4, 3_658), (9, 3_925)]
        .into_iter()
        .flat_map(|(f, n)| std::iter::repeat_n(f, n))
        .collect();
    let scores = score(&[], &frequency, &[]);
    assert_eq!(scores.cuts.f, Some([1.0, 1.0, 2.0, 4.0]));
    let counts = [1, 2, 3, 4, 5].map(|s| scores.f.iter().filter(|f| **f == s).count());
    assert_eq!(counts, [11_908, 0, 4_079, 3_658, 3_925]);
}

#[test]
fn recent_buyers_score_high() {
    let scores = score(
        &[5, 400, 30, 90, 200],
        &[9, 1, 3, 2, 4],
        &[50.0, 10.0, 40.0, 30.0, 20.0],
    );
    assert_eq!(scores.r, [5, 1, 4, 3, 2]);
    assert_eq!(scores.f, [5, 1, 3, 2, 4]);
    assert_eq!(scores.m, [5, 1, 4, 3, 2]);
    // numpy.quantile of the days at 0.2, 0.4, 0.6 and 0.8.
    for (cut, expected) in scores.cuts.r.unwrap().into_iter().zip([25.0, 66.0, 134.0, 240.0]) {
        crate::testing::assert_close(cut, expected, 1e-12);
    }
}

#[test]
fn one_customer_and_none_are_answered() {
    let one = score(&[3], &[1], &[9.5]);
    assert_eq!((one.r, one.f, one.m), (vec![5], vec![1], vec![1]));
    let none = score(&[], &[], &[]);
    assert_eq!(none, RfmScores::default());
    assert!(
        summarise(&[], &[], &[], &none)
            .iter()
            .all(|s| s.size == 0 && s.monetary.is_none())
    );
}

#[test]
fn unknown_money_scores_1_and_moves_no_cut() {
    let known = score(&[], &[], &[1.0, 2.0, 3.0, 4.0, 5.0]);
    let with_unknown = score(&[], &[], &[1.0, f64::NAN, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(with_unknown.cuts, known.cuts);
    assert_eq!(with_unknown.m, [1, 1, 2, 3, 4, 5]);
}

#[test]
fn segments_are_described_from_their_members() {
    let (recency, frequency, monetary) = ([1, 2, 300, 310], [8, 6, 1, 1], [100.0, 60.0, 5.0, 7.0]);
    let scores = RfmScores {
        r: vec![5, 5, 1, 1],
        f: vec![5, 4, 1, 1],
        ..RfmScores::default()
    };
    let found = summarise(&recency, &frequency, &monetary, &scores);
    let champions = &found[Segment::Champions.index()];
    assert_eq!(
        (champions.size, champions.share, champions.monetary_total),
        (2, 0.5, 160.0)
    );
    assert_eq!(champions.frequency, Some(Middle { mean: 7.0, median: 7.0 }));
    let hibernating = &found[Segment::Hibernating.index()];
    assert_eq!(
        hibernating.recency,
        Some(Middle {
            mean: 305.0,
            median: 305.0
        })
    );
    assert_eq!(found.iter().map(|s| s.size).sum::<u64>(), 4);
}

/// The promise is well under half a second on two idle cores; the bound leaves room for a busy machine.
#[test]
fn a_million_customers_are_quick() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let n = 1_000_000;
    let recency: Vec<i32> = (0..n).map(|_| rng.random_range(0..1500)).collect();
    let frequency: Vec<u32> = (0..n).map(|_| rng.random_range(1u32..6).pow(2)).collect();
    let monetary: Vec<f64> = (0..n).map(|_| rng.random::<f64>() * 5000.0).collect();
    let start = Instant::now();
    let scores = score(&recency, &frequency, &monetary);
    let summary = summarise(&recency, &frequency, &monetary, &scores);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(summary.iter().map(|s| s.size).sum::<u64>(), n);
}

proptest! {
    #[test]
    fn scores_follow_the_columns(rows in proptest::collection::vec((any::<i32>(), any::<u32>(), any::<f64>()), 1..300)) {
        let recency: Vec<i32> = rows.iter().map(|r| r.0).collect();
        let frequency: Vec<u32> = rows.iter().map(|r| r.1).collect();
        let monetary: Vec<f64> = rows.iter().map(|r| r.2).collect();
        let scores = score(&recency, &frequency, &monetary);
        for a in 0..rows.len() {
            prop_assert!((1..=5).contains(&scores.r[a]) && (1..=5).contains(&scores.f[a]) && (1..=5).contains(&scores.m[a]));
            for b in 0..rows.len() {
                prop_assert!(recency[a] < recency[b] || scores.r[a] <= scores.r[b]);
                prop_assert!(frequency[a] > frequency[b] || scores.f[a] <= scores.f[b]);
                prop_assert!(monetary[a].is_nan() || monetary[b].is_nan() || monetary[a] > monetary[b] || scores.m[a] <= scores.m[b]);
            }
        }
    }

    #[test]
    fn without_ties_each_fifth_holds_a_fifth(n in 1usize..60, seed in any::<u64>()) {
        let mut order: Vec<u32> = (0..5 * n as u32).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for i in (1..order.len()).rev() {
            order.swap(i, rng.random_range(0..=i));
        }
        let scores = score(&[], &order, &[]);
        for s in 1..=5 {
            prop_assert_eq!(scores.f.iter().filter(|f| **f == s).count(), n);
        }
    }
}

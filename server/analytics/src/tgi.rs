//! How much more common is a trait in a group than in a baseline? The target group index with its interval. Counts in,
//! numbers out; whether the group was chosen after looking is for `evidence` to correct.

use serde::Serialize;

use crate::stats::{Count, Interval, normal_p, pooled_z, z_of_level};

/// Values that fewer people of the baseline have are not shown alone: their index is noise, and few people are recognisable.
pub const SMALLEST_CELL: u64 = 10;

/// How the baseline relates to the group, which decides the variance of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// The group's people are among the baseline's.
    Around,
    /// The baseline is another group with nobody in common.
    Apart,
}

/// An index: 100 is as common as in the baseline, 200 twice as common.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tgi {
    pub tgi: f64,
    /// `None` when nobody in the group has the trait: the logarithm of 0 has no interval.
    pub interval: Option<Interval>,
    /// Part of the group that has the trait, 0 to 1.
    pub share: f64,
    /// Part of the baseline that has the trait, 0 to 1.
    pub baseline_share: f64,
    /// Two-sided, of the group against everybody else in the baseline; `None` where that comparison is empty.
    pub p: Option<f64>,
    /// How far from 100 the index surely is, as the absolute logarithm of its ratio: the end of the interval that is
    /// nearest to 100, and 0 when 100 is inside.
    pub certain_effect: f64,
}

/// The index of a group against a baseline at a level such as 0.95.
///
/// TGI = 100 p1 / p0 with p = x / n. On the log scale the variance is, for a group inside the baseline with 2 for the rest,
/// (1-p1)/x1 + (x1(1-p1) + x2(1-p2))/x0² - 2(1-p1)/x0, because the group's people are counted on both sides; for groups
/// apart it is (1-p1)/x1 + (1-p0)/x0. `None` when the trait is unknown for all of one side, nobody in the baseline has it,
/// the level is not between 0 and 1, or a group inside its baseline is larger than it.
pub fn index(group: Count, baseline: Count, relation: Baseline, level: f64) -> Option<Tgi> {
    let (share, baseline_share, z) = (group.share()?, baseline.share()?, z_of_level(level)?);
    if baseline.with == 0 {
        return None;
    }
    let rest = match relation {
        Baseline::Around => Count::new(
            baseline.with.checked_sub(group.with)?,
            baseline
                .known
                .checked_sub(group.known)
                .filter(|n| *n >= baseline.with - group.with)?,
        ),
        Baseline::Apart => baseline,
    };
    let ratio = share / baseline_share;
    let x1 = group.with as f64;
    let interval = (group.with > 0).then(|| {
        let half = z * log_variance(x1, group.known as f64, baseline, rest, relation).sqrt();
        Interval {
            low: 100.0 * ratio * (-half).exp(),
            high: 100.0 * ratio * half.exp(),
        }
    });
    Some(Tgi {
        tgi: 100.0 * ratio,
        interval,
        share,
        baseline_share,
        p: pooled_z(group, rest).and_then(normal_p),
        certain_effect: certain_effect(interval, group, baseline, z),
    })
}

fn log_variance(x1: f64, n1: f64, baseline: Count, rest: Count, relation: Baseline) -> f64 {
    let x0 = baseline.with as f64;
    let q1 = 1.0 - x1 / n1;
    let variance = match relation {
        Baseline::Apart => q1 / x1 + (1.0 - x0 / baseline.known as f64) / x0,
        Baseline::Around => {
            let x2 = rest.with as f64;
            let q2 = rest.share().map_or(0.0, |p2| 1.0 - p2);
            q1 / x1 + (x1 * q1 + x2 * q2) / (x0 * x0) - 2.0 * q1 / x0
        }
    };
    // Rounding may leave a hair below zero when the group is the whole baseline.
    variance.max(0.0)
}

/// A trait that nobody in the group has is judged as if half a person had it, the usual correction for an empty cell.
fn certain_effect(interval: Option<Interval>, group: Count, baseline: Count, z: f64) -> f64 {
    let Interval { low, high } = interval.unwrap_or_else(|| {
        let (x0, n0) = (baseline.with as f64, baseline.known as f64);
        let ratio = 0.5 / group.known as f64 / (x0 / n0);
        let half = z * (1.0 / 0.5 + 1.0 / x0).sqrt();
        Interval {
            low: 100.0 * ratio * (-half).exp(),
            high: 100.0 * ratio * half.exp(),
        }
    });
    if low > 100.0 {
        (low / 100.0).ln()
    } else if high < 100.0 {
        -(high / 100.0).ln()
    } else {
        0.0
    }
}

/// How often one value of a dimension occurs on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueCount<K> {
    pub value: K,
    pub group: u64,
    pub baseline: u64,
}

/// One line of a portrait's dimension.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ValueIndex<K> {
    /// `None` stands for `other_small`: the values too rare to be shown alone, taken together.
    pub value: Option<K>,
    pub group: u64,
    pub baseline: u64,
    /// `None` where [`index`] has no answer.
    pub index: Option<Tgi>,
}

/// Indexes of all values of a dimension, in the order given, with the rare ones (see [`SMALLEST_CELL`]) merged into one last
/// line so that counts still add up. `group_known` and `baseline_known` are the people whose value is known. Groups apart
/// are merged by what both sides have together, since a value may be rare in one of them only.
pub fn dimension<K>(
    values: Vec<ValueCount<K>>,
    group_known: u64,
    baseline_known: u64,
    relation: Baseline,
    level: f64,
) -> Vec<ValueIndex<K>> {
    let line = |value, group, baseline| ValueIndex {
        value,
        group,
        baseline,
        index: index(
            Count::new(group, group_known),
            Count::new(baseline, baseline_known),
            relation,
            level,
        ),
    };
    let (mut small_group, mut small_baseline, mut any_small) = (0u64, 0u64, false);
    let mut lines = Vec::with_capacity(values.len());
    for counted in values {
        if counted.baseline < SMALLEST_CELL {
            small_group = small_group.saturating_add(counted.group);
            small_baseline = small_baseline.saturating_add(counted.baseline);
            any_small = true;
        } else {
            lines.push(line(Some(counted.value), counted.group, counted.baseline));
        }
    }
    if any_small {
        lines.push(line(None, small_group, small_baseline));
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::assert_close;

    #[test]
    fn agrees_with_the_published_definition() {
        let found = index(Count::new(410, 1000), Count::new(2300, 10_000), Baseline::Around, 0.95).unwrap();
        assert_close(found.tgi, 178.260870, 1e-8);
        let interval = found.interval.unwrap();
        assert_close(interval.low, 166.308287, 1e-8);
        assert_close(interval.high, 191.072485, 1e-8);
        assert_close(found.certain_effect, (interval.low / 100.0).ln(), 1e-12);
        assert!(found.p.unwrap() < 1e-40);
    }

    #[test]
    fn agrees_with_published_shares() {
        // Shares 8.9 % and 6.6 %, and 75 % and 50 %.
        let published = index(Count::new(89, 1000), Count::new(66, 1000), Baseline::Apart, 0.95).unwrap();
        assert_close(published.tgi, 134.848484848, 1e-9);
        let simple = index(Count::new(75, 100), Count::new(500, 1000), Baseline::Around, 0.95).unwrap();
        assert_close(simple.tgi, 150.0, 1e-12);
        // Product and sales of three regions.
        for (product, sales, expected) in [(30, 93, 99.1935), (40, 123, 100.0), (50, 153, 100.4902)] {
            let region = index(Count::new(product, 120), Count::new(sales, 369), Baseline::Apart, 0.95).unwrap();
            assert_close(region.tgi, expected, 1e-6);
        }
    }

    #[test]
    fn variances_of_groups_apart_add_up() {
        let found = index(Count::new(410, 1000), Count::new(2300, 10_000), Baseline::Apart, 0.95).unwrap();
        let half = 1.959963984540054 * (0.59f64 / 410.0 + 0.77 / 2300.0).sqrt();
        assert_close(found.interval.unwrap().high, 178.26086956521738 * half.exp(), 1e-12);
    }

    #[test]
    fn an_absent_trait_is_0_without_an_interval_but_with_evidence() {
        let found = index(Count::new(0, 1000), Count::new(2300, 10_000), Baseline::Around, 0.95).unwrap();
        assert_eq!((found.tgi, found.interval), (0.0, None));
        assert!(found.certain_effect > 1.0);
        assert!(found.p.unwrap() < 1e-9);
    }

    #[test]
    fn the_whole_baseline_is_average_for_sure() {
        let all = Count::new(2300, 10_000);
        let found = index(all, all, Baseline::Around, 0.95).unwrap();
        assert_eq!(
            found.interval,
            Some(Interval {
                low: 100.0,
                high: 100.0
            })
        );
        assert_eq!((found.certain_effect, found.p), (0.0, None));
    }

    #[test]
    fn rare_values_are_merged_and_totals_kept() {
        let counted = |value, group, baseline| ValueCount { value, group, baseline };
        let lines = dimension(
            vec![
                counted("a", 50, 400),
                counted("b", 3, 9),
                counted("c", 40, 585),
                counted("d", 7, 6),
            ],
            100,
            1000,
            Baseline::Around,
            0.95,
        );
        assert_eq!(
            lines.iter().map(|l| l.value).collect::<Vec<_>>(),
            [Some("a"), Some("c"), None]
        );
        assert_eq!((lines[2].group, lines[2].baseline), (10, 15));
        assert_eq!(lines.iter().map(|l| l.baseline).sum::<u64>(), 1000);
    }

    proptest! {
        #[test]
        fn a_part_of_the_baseline_always_has_an_ordered_interval(
            x1 in 0u64..500, others1 in 0u64..500, x2 in 0u64..5000, others2 in 0u64..5000,
        ) {
            let group = Count::new(x1, x1 + others1);
            let baseline = Count::new(x1 + x2, x1 + x2 + others1 + others2);
            match index(group, baseline, Baseline::Around, 0.95) {
                None => prop_assert!(group.known == 0 || baseline.with == 0),
                Some(found) => {
                    prop_assert_eq!(found.interval.is_none(), x1 == 0);
                    if let Some(interval) = found.interval {
                        prop_assert!(interval.low <= found.tgi && found.tgi <= interval.high);
                    }
                    prop_assert!(found.certain_effect >= 0.0);
                }
            }
        }

        #[test]
        fn no_counts_panic(a in any::<u64>(), b in any::<u64>(), c in any::<u64>(), d in any::<u64>(), level in any::<f64>()) {
            for relation in [Baseline::Around, Baseline::Apart] {
                index(Count::new(a, b), Count::new(c, d), relation, level);
                dimension(vec![ValueCount { value: (), group: a, baseline: c }], b, d, relation, level);
            }
        }
    }
}

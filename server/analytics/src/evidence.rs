//! Which findings stand up, and which come first? Corrects for having looked at many values at once and orders by how much
//! effect is certain. Knows nothing of what was found.

use serde::Serialize;

/// What is needed of a finding to place it among the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Two-sided p of its test; `None` when there was none, which never stands up.
    pub p: Option<f64>,
    /// The size of the effect that remains when chance is granted its worst; see [`crate::tgi::Tgi::certain_effect`].
    pub certain_effect: f64,
}

/// A finding's place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Placed {
    /// Where it stood in the list given.
    pub index: usize,
    /// p corrected for the number of findings looked at; `None` without a test.
    pub q: Option<f64>,
    /// Whether q is at most the share of false findings accepted, and some effect is certain.
    pub stands: bool,
}

/// Orders findings: those that stand first, then by certain effect, then by q, then as given.
///
/// With a million customers nearly every p is 0, so p alone would put large dull groups first; the certain effect asks how
/// different the group is at least. `false_share` is the accepted share of false findings, 0.05 by default.
pub fn order(findings: &[Finding], false_share: f64) -> Vec<Placed> {
    let tested: Vec<usize> = (0..findings.len())
        .filter(|i| usable(findings[*i].p).is_some())
        .collect();
    let ps: Vec<f64> = tested.iter().filter_map(|i| usable(findings[*i].p)).collect();
    let mut qs = vec![None; findings.len()];
    for (index, q) in tested.into_iter().zip(benjamini_hochberg(&ps)) {
        qs[index] = Some(q);
    }
    let effect = |placed: &Placed| {
        let effect = findings[placed.index].certain_effect;
        if effect.is_nan() { 0.0 } else { effect }
    };
    let mut placed: Vec<Placed> = qs
        .into_iter()
        .enumerate()
        .map(|(index, q)| {
            let stands = q.is_some_and(|q| q <= false_share) && findings[index].certain_effect > 0.0;
            Placed { index, q, stands }
        })
        .collect();
    placed.sort_by(|a, b| {
        let q = |placed: &Placed| placed.q.unwrap_or(2.0);
        b.stands
            .cmp(&a.stands)
            .then(effect(b).total_cmp(&effect(a)))
            .then(q(a).total_cmp(&q(b)))
            .then(a.index.cmp(&b.index))
    });
    placed
}

/// Corrected p values in the order given (Benjamini and Hochberg 1995): the smallest share of false findings at which each
/// would be accepted. A value outside 0 to 1, or not a number, counts as 1.
pub fn benjamini_hochberg(ps: &[f64]) -> Vec<f64> {
    let ps: Vec<f64> = ps.iter().map(|p| usable(Some(*p)).unwrap_or(1.0)).collect();
    let mut by_size: Vec<usize> = (0..ps.len()).collect();
    by_size.sort_by(|a, b| ps[*b].total_cmp(&ps[*a]));
    let mut corrected = vec![1.0; ps.len()];
    let mut smallest = 1.0f64;
    for (from_largest, index) in by_size.into_iter().enumerate() {
        let rank = (ps.len() - from_largest) as f64;
        smallest = smallest.min(ps[index] * ps.len() as f64 / rank);
        corrected[index] = smallest;
    }
    corrected
}

fn usable(p: Option<f64>) -> Option<f64> {
    p.filter(|p| (0.0..=1.0).contains(p))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::assert_close;

    #[test]
    fn agrees_with_r_p_adjust() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.6), "BH").
        let found = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005, 0.6]);
        for (q, expected) in found.into_iter().zip([0.025, 0.05, 0.05, 0.025, 0.6]) {
            assert_close(q, expected, 1e-12);
        }
    }

    #[test]
    fn puts_what_stands_first_and_the_largest_certain_effect_before_the_smallest_p() {
        let finding = |p, certain_effect| Finding { p, certain_effect };
        let findings = [
            finding(Some(0.5), 0.0),
            finding(Some(0.0), 0.05),
            finding(Some(1e-6), 0.7),
            finding(None, 3.0),
            finding(Some(f64::NAN), f64::NAN),
        ];
        let placed = order(&findings, 0.05);
        assert_eq!(placed.iter().map(|p| p.index).collect::<Vec<_>>(), [2, 1, 3, 0, 4]);
        assert_eq!(
            placed.iter().map(|p| p.stands).collect::<Vec<_>>(),
            [true, true, false, false, false]
        );
    }

    #[test]
    fn many_looks_raise_the_bar() {
        let mut findings = vec![
            Finding {
                p: Some(0.5),
                certain_effect: 0.0
            };
            99
        ];
        findings.push(Finding {
            p: Some(0.01),
            certain_effect: 0.1,
        });
        assert!(order(&findings, 0.05).iter().all(|placed| !placed.stands));
        assert!(order(&findings[99..], 0.05)[0].stands);
    }

    proptest! {
        #[test]
        fn correction_keeps_order_and_never_helps(ps in proptest::collection::vec(0.0f64..=1.0, 0..60)) {
            let qs = benjamini_hochberg(&ps);
            for (a, p) in ps.iter().enumerate() {
                prop_assert!(qs[a] >= *p * (1.0 - 1e-12) && qs[a] <= 1.0);
                for b in 0..ps.len() {
                    prop_assert!(*p > ps[b] || qs[a] <= qs[b]);
                }
            }
        }

        #[test]
        fn places_every_finding_once(
            findings in proptest::collection::vec((any::<Option<f64>>(), any::<f64>()), 0..40), share in any::<f64>(),
        ) {
            let findings: Vec<Finding> =
                findings.into_iter().map(|(p, certain_effect)| Finding { p, certain_effect }).collect();
            let mut seen: Vec<usize> = order(&findings, share).into_iter().map(|p| p.index).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..findings.len()).collect::<Vec<_>>());
        }
    }
}

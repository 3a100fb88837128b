//! By how much does the mean of a measure differ between a group and a baseline? For the measures of a portrait: spend,
//! orders, days between orders. Knows only sizes, means and variances.

use serde::Serialize;

use crate::stats::{Interval, Moments, student_p, t_of_level};
use crate::tgi::Baseline;

/// A group's mean beside its baseline's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Comparison {
    pub mean: f64,
    pub baseline_mean: f64,
    /// Group minus baseline, in the unit of the measure.
    pub difference: f64,
    /// Of the difference; `None` when a side has fewer than two values, or the group is the whole baseline.
    pub interval: Option<Interval>,
    /// Two-sided; `None` with the interval, and when neither side varies.
    pub p: Option<f64>,
    /// 100 x mean / baseline mean and its interval, when the baseline's mean is above 0.
    pub index: Option<f64>,
    pub index_interval: Option<Interval>,
    /// As in [`crate::tgi::Tgi::certain_effect`], so that measures and traits can be ordered together.
    pub certain_effect: f64,
}

/// Compares means by Welch's method at a level such as 0.95.
///
/// A group inside its baseline is tested against the rest: mean1 - mean0 = (1 - n1/n0)(mean1 - mean2), which takes care of
/// the people who are on both sides. `None` when a side is empty, a number is not finite, the level is not between 0 and 1,
/// or a group inside its baseline is larger than it.
pub fn means(group: Moments, baseline: Moments, relation: Baseline, level: f64) -> Option<Comparison> {
    let usable = |m: &Moments| m.n > 0 && m.mean.is_finite() && m.variance.is_finite() && m.variance >= 0.0;
    let usable_level = level > 0.0 && level < 1.0;
    if !(usable(&group) && usable(&baseline) && usable_level) {
        return None;
    }
    let (other, shrink) = match relation {
        Baseline::Apart => (baseline, 1.0),
        Baseline::Around => (baseline.without(&group)?, 1.0 - group.n as f64 / baseline.n as f64),
    };
    let welch = welch(group, other);
    let difference = group.mean - baseline.mean;
    let interval = welch.and_then(|w| w.interval(level)).map(|Interval { low, high }| {
        let half = shrink * (high - low) / 2.0;
        Interval {
            low: difference - half,
            high: difference + half,
        }
    });
    let scale = (baseline.mean > 0.0).then(|| 100.0 / baseline.mean);
    let index_interval = scale.zip(interval).map(|(scale, i)| Interval {
        low: scale * (baseline.mean + i.low),
        high: scale * (baseline.mean + i.high),
    });
    Some(Comparison {
        mean: group.mean,
        baseline_mean: baseline.mean,
        difference,
        interval,
        p: welch.and_then(|w| w.p()),
        index: scale.map(|scale| scale * group.mean),
        index_interval,
        certain_effect: index_interval.map_or(0.0, certain_effect),
    })
}

/// An index whose interval reaches below 0 is capped at a hundredth: a mean may be negative, its logarithm may not.
fn certain_effect(index: Interval) -> f64 {
    if index.low > 100.0 {
        (index.low / 100.0).ln()
    } else if index.high < 100.0 {
        -(index.high.max(1.0) / 100.0).ln()
    } else {
        0.0
    }
}

/// Welch's comparison of two independent means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Welch {
    pub difference: f64,
    pub standard_error: f64,
    /// By Welch and Satterthwaite; not whole.
    pub degrees: f64,
}

impl Welch {
    /// `None` when neither sample varies.
    pub fn t(&self) -> Option<f64> {
        (self.standard_error > 0.0).then(|| self.difference / self.standard_error)
    }

    /// Two-sided.
    pub fn p(&self) -> Option<f64> {
        student_p(self.t()?, self.degrees)
    }

    pub fn interval(&self, level: f64) -> Option<Interval> {
        let half = if self.standard_error > 0.0 {
            t_of_level(level, self.degrees)? * self.standard_error
        } else {
            0.0
        };
        Some(Interval {
            low: self.difference - half,
            high: self.difference + half,
        })
    }
}

/// `None` when a sample has fewer than two values or is not finite.
pub fn welch(a: Moments, b: Moments) -> Option<Welch> {
    if a.n < 2 || b.n < 2 {
        return None;
    }
    let (va, vb) = (a.variance / a.n as f64, b.variance / b.n as f64);
    let squared = va + vb;
    let difference = a.mean - b.mean;
    if !(squared >= 0.0 && squared.is_finite() && difference.is_finite()) {
        return None;
    }
    // As shares of the sum, because their squares may overflow or vanish.
    let degrees = if squared > 0.0 {
        let (sa, sb) = (va / squared, vb / squared);
        1.0 / (sa * sa / (a.n - 1) as f64 + sb * sb / (b.n - 1) as f64)
    } else {
        (a.n as f64 + b.n as f64) - 2.0
    };
    Some(Welch {
        difference,
        standard_error: squared.sqrt(),
        degrees,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::assert_close;

    #[test]
    fn a_group_inside_is_compared_without_counting_it_twice() {
        let group: Vec<f64> = (0..40).map(|i| 10.0 + f64::from(i % 7)).collect();
        let rest: Vec<f64> = (0..160).map(|i| 9.0 + f64::from(i % 5)).collect();
        let all = Moments::of(group.iter().chain(&rest).copied());
        let found = means(Moments::of(group.iter().copied()), all, Baseline::Around, 0.95).unwrap();
        let against_rest = welch(Moments::of(group.into_iter()), Moments::of(rest.into_iter())).unwrap();
        assert_close(found.difference, 0.8 * against_rest.difference, 1e-12);
        let expected = against_rest.interval(0.95).unwrap();
        assert_close(found.interval.unwrap().low, 0.8 * expected.low, 1e-10);
        assert_close(found.interval.unwrap().high, 0.8 * expected.high, 1e-10);
        assert_close(found.p.unwrap(), against_rest.p().unwrap(), 1e-9);
        assert_close(found.index.unwrap(), 100.0 * found.mean / found.baseline_mean, 1e-12);
    }

    #[test]
    fn the_whole_baseline_differs_by_nothing() {
        let all = Moments {
            n: 100,
            mean: 5.0,
            variance: 2.0,
        };
        let found = means(all, all, Baseline::Around, 0.95).unwrap();
        assert_eq!((found.difference, found.interval, found.p), (0.0, None, None));
    }

    #[test]
    fn nobody_cannot_be_compared() {
        let all = Moments {
            n: 100,
            mean: 5.0,
            variance: 2.0,
        };
        assert_eq!(means(Moments::default(), all, Baseline::Apart, 0.95), None);
        let larger = Moments { n: 101, ..all };
        assert_eq!(means(larger, all, Baseline::Around, 0.95), None);
    }

    proptest! {
        #[test]
        fn no_moments_panic(
            n1 in any::<u64>(), n2 in any::<u64>(), m1 in any::<f64>(), m2 in any::<f64>(),
            v1 in any::<f64>(), v2 in any::<f64>(), level in any::<f64>(),
        ) {
            let (a, b) = (Moments { n: n1, mean: m1, variance: v1 }, Moments { n: n2, mean: m2, variance: v2 });
            means(a, b, Baseline::Around, level);
            if let Some(found) = means(a, b, Baseline::Apart, level) {
                prop_assert!(found.certain_effect >= 0.0);
            }
        }
    }
}

//! The distributions that tests and intervals rest on, and the summary of a sample that they take. The one place that uses
//! statrs; every function answers for every input, with `None` where the mathematics has no answer.

use serde::Serialize;
use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal, StudentsT};

/// An interval with both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    /// Whether zero is outside: the sign of the estimate is then not in doubt at the interval's level.
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// How many have a trait, of how many for whom that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    pub with: u64,
    pub known: u64,
}

impl Count {
    pub fn new(with: u64, known: u64) -> Self {
        Self { with, known }
    }

    /// The share with the trait, 0 to 1; `None` when it is known for nobody or the numbers contradict each other.
    pub fn share(&self) -> Option<f64> {
        (self.known > 0 && self.with <= self.known).then(|| self.with as f64 / self.known as f64)
    }
}

/// Size, mean and sample variance (divided by n - 1) of a measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Moments {
    pub n: u64,
    pub mean: f64,
    /// 0 with fewer than two values.
    pub variance: f64,
}

impl Moments {
    /// Of values in any order; values that are not finite are left out.
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let (mut n, mut mean, mut squares) = (0u64, 0.0, 0.0);
        for value in values.filter(|v| v.is_finite()) {
            n += 1;
            let step = value - mean;
            mean += step / n as f64;
            squares += step * (value - mean);
        }
        let variance = if n > 1 { squares / (n - 1) as f64 } else { 0.0 };
        Self { n, mean, variance }
    }

    /// What is left when `part`, a subset of these values, is taken out. `None` when `part` is larger than the whole.
    pub fn without(&self, part: &Self) -> Option<Self> {
        let n = self.n.checked_sub(part.n)?;
        if n == 0 {
            return Some(Self::default());
        }
        let (whole_n, part_n, rest_n) = (self.n as f64, part.n as f64, n as f64);
        let mean = (whole_n * self.mean - part_n * part.mean) / rest_n;
        let between = part_n * rest_n / whole_n * (part.mean - mean).powi(2);
        let squares = self.squares() - part.squares() - between;
        let variance = if n > 1 {
            (squares / (rest_n - 1.0)).max(0.0)
        } else {
            0.0
        };
        Some(Self { n, mean, variance })
    }

    fn squares(&self) -> f64 {
        self.variance * self.n.saturating_sub(1) as f64
    }
}

/// The value that a standard normal variable stays below with probability `p`; `None` outside 0 < p < 1.
pub fn normal_quantile(p: f64) -> Option<f64> {
    (p > 0.0 && p < 1.0).then(|| Normal::standard().inverse_cdf(p))
}

/// The probability that a standard normal variable stays below `x`; not a number for such an `x`.
pub fn normal_cdf(x: f64) -> f64 {
    Normal::standard().cdf(x)
}

/// The z of a two-sided interval with this level, 1.96 for 0.95; `None` outside 0 < level < 1.
pub fn z_of_level(level: f64) -> Option<f64> {
    normal_quantile(0.5 + level / 2.0).filter(|z| *z > 0.0)
}

/// Two-sided p of a normal statistic.
pub fn normal_p(z: f64) -> Option<f64> {
    (!z.is_nan()).then(|| (2.0 * Normal::standard().sf(z.abs())).min(1.0))
}

/// The upper tail of the chi-squared distribution; `None` without degrees of freedom or with a statistic below 0.
pub fn chi_squared_p(statistic: f64, degrees: u32) -> Option<f64> {
    if statistic.is_nan() || statistic < 0.0 || degrees == 0 {
        return None;
    }
    if statistic.is_infinite() {
        return Some(0.0);
    }
    ChiSquared::new(f64::from(degrees)).ok().map(|d| d.sf(statistic))
}

/// Beyond this many degrees of freedom Student's t is the normal distribution to all digits that a double has.
const NORMAL_FROM: f64 = 1e10;

/// Two-sided p of Student's t; `degrees` need not be whole.
pub fn student_p(t: f64, degrees: f64) -> Option<f64> {
    if t.is_nan() || degrees.is_nan() || degrees <= 0.0 {
        return None;
    }
    if degrees >= NORMAL_FROM || t.is_infinite() {
        return normal_p(t);
    }
    let d = StudentsT::new(0.0, 1.0, degrees).ok()?;
    Some((2.0 * d.sf(t.abs())).clamp(0.0, 1.0))
}

/// The t of a two-sided interval with this level; `degrees` need not be whole.
///
/// Newton's steps on the tail from the normal value, held inside a bracket: the tail is exact to the last digits where
/// inverting the incomplete beta function is not.
pub fn t_of_level(level: f64, degrees: f64) -> Option<f64> {
    let z = z_of_level(level)?;
    if degrees.is_nan() || degrees <= 0.0 {
        return None;
    }
    if degrees >= NORMAL_FROM {
        return Some(z);
    }
    let d = StudentsT::new(0.0, 1.0, degrees).ok()?;
    let tail = (1.0 - level) / 2.0;
    let (mut low, mut high) = (0.0, z.max(1.0));
    while d.sf(high) > tail {
        low = high;
        high *= 2.0;
        if !high.is_finite() {
            return None;
        }
    }
    let mut t = z.clamp(low, high);
    for _ in 0..200 {
        let excess = d.sf(t) - tail;
        if excess > 0.0 {
            low = t;
        } else {
            high = t;
        }
        let newton = t + excess / d.pdf(t);
        let next = if newton > low && newton < high {
            newton
        } else {
            (low + high) / 2.0
        };
        if (next - t).abs() <= 1e-15 * t.abs() {
            return Some(next);
        }
        t = next;
    }
    Some(t)
}

/// Wilson's interval of a share, 0 to 1 (Wilson 1927, without continuity correction).
pub fn wilson(count: Count, level: f64) -> Option<Interval> {
    let (p, z) = (count.share()?, z_of_level(level)?);
    let (n, z2) = (count.known as f64, z * z);
    let centre = p + z2 / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    Some(Interval {
        low: ((centre - half) / scale).max(0.0),
        high: ((centre + half) / scale).min(1.0),
    })
}

/// The z of two shares under the hypothesis that they are one: the standard error is pooled. `None` when a share is unknown
/// or all people, or none, have the trait.
pub fn pooled_z(a: Count, b: Count) -> Option<f64> {
    let (pa, pb) = (a.share()?, b.share()?);
    let (na, nb) = (a.known as f64, b.known as f64);
    let pooled = (a.with as f64 + b.with as f64) / (na + nb);
    let error = (pooled * (1.0 - pooled) * (1.0 / na + 1.0 / nb)).sqrt();
    (error > 0.0).then(|| (pa - pb) / error)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::assert_close;

    #[test]
    fn agrees_with_scipy() {
        // scipy 1.17.1: norm.ppf, norm.sf, chi2.sf, t.ppf, t.sf.
        assert_close(normal_quantile(0.975).unwrap(), 1.959963984540054, 1e-14);
        assert_close(normal_cdf(-1.0), 0.15865525393145707, 1e-9);
        assert_close(chi_squared_p(0.20253125, 2).unwrap(), 0.9036929576, 1e-9);
        assert_close(chi_squared_p(3.841458820694124, 1).unwrap(), 0.05, 1e-12);
        assert_close(t_of_level(0.95, 10.0).unwrap(), 2.2281388519649385, 1e-10);
        assert_close(t_of_level(0.95, 1.0).unwrap(), 12.706204736432095, 1e-10);
        assert_close(student_p(2.2281388519649385, 10.0).unwrap(), 0.05, 1e-10);
    }

    #[test]
    fn has_no_answer_where_there_is_none() {
        assert_eq!(normal_quantile(0.0), None);
        assert_eq!(z_of_level(1.0), None);
        assert_eq!(z_of_level(0.0), None);
        assert_eq!(chi_squared_p(-1.0, 1), None);
        assert_eq!(chi_squared_p(1.0, 0), None);
        assert_eq!(student_p(1.0, 0.0), None);
        assert_eq!(student_p(f64::NAN, 3.0), None);
        assert_eq!(Count::new(0, 0).share(), None);
        assert_eq!(Count::new(2, 1).share(), None);
        assert_eq!(pooled_z(Count::new(0, 5), Count::new(0, 9)), None);
    }

    #[test]
    fn moments_leave_out_what_is_not_finite() {
        let m = Moments::of([1.0, f64::NAN, 3.0, f64::INFINITY].into_iter());
        assert_eq!(
            m,
            Moments {
                n: 2,
                mean: 2.0,
                variance: 2.0
            }
        );
        assert_eq!(Moments::of(std::iter::empty()), Moments::default());
    }

    proptest! {
        #[test]
        fn taking_a_part_out_gives_the_moments_of_the_rest(
            part in proptest::collection::vec(-1e3f64..1e3, 0..40),
            rest in proptest::collection::vec(-1e3f64..1e3, 1..40),
        ) {
            let whole = Moments::of(part.iter().chain(&rest).copied());
            let found = whole.without(&Moments::of(part.iter().copied())).unwrap();
            let expected = Moments::of(rest.iter().copied());
            prop_assert_eq!(found.n, expected.n);
            prop_assert!((found.mean - expected.mean).abs() < 1e-8);
            prop_assert!((found.variance - expected.variance).abs() < 1e-4);
        }

        #[test]
        fn the_t_of_a_level_leaves_its_tail(level in 0.5f64..0.999, degrees in 0.3f64..1e7) {
            let t = t_of_level(level, degrees).unwrap();
            prop_assert!((student_p(t, degrees).unwrap() - (1.0 - level)).abs() < 1e-8);
        }

        #[test]
        fn wilson_holds_the_share(with in 0u64..1000, more in 0u64..1000, level in 0.01f64..0.999) {
            let count = Count::new(with, with + more + 1);
            let interval = wilson(count, level).unwrap();
            let share = count.share().unwrap();
            prop_assert!(interval.low - 1e-12 <= share && share <= interval.high + 1e-12);
        }

        #[test]
        fn no_number_panics(a in any::<f64>(), b in any::<f64>(), n in any::<u32>(), x in any::<u64>(), y in any::<u64>()) {
            normal_quantile(a);
            normal_cdf(a);
            normal_p(a);
            chi_squared_p(a, n);
            student_p(a, b);
            t_of_level(a, b);
            wilson(Count::new(x, y), a);
            pooled_z(Count::new(x, y), Count::new(y, x));
        }
    }
}

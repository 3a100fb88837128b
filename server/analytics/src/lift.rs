//! Did it work? Treated people against those held out, by intention to treat: difference, interval, test and verdict. Who was
//! in which arm, and what counts as an outcome, was decided before.

use serde::Serialize;

use crate::compare::welch;
use crate::stats::{Count, Interval, Moments, chi_squared_p, normal_p, pooled_z, wilson, z_of_level};

/// Below this p the arms' sizes contradict the plan so strongly that the comparison itself is in doubt.
pub const SAMPLE_RATIO_ALARM: f64 = 0.001;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The interval of the difference excludes zero. The sign says in which direction.
    Proven,
    NotProven,
    /// Nobody was held out, so there is nothing to compare with.
    NoHoldout,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Arm {
    pub n: u64,
    /// Rate (0 to 1) or mean per person; `None` for nobody.
    pub mean: Option<f64>,
}

/// The difference between the arms for one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lift {
    pub treated: Arm,
    pub held_out: Arm,
    /// Treated minus held out: in rates a share (0.05 is five points), in means the unit of the measure.
    pub difference: Option<f64>,
    pub interval: Option<Interval>,
    /// Difference divided by the held-out mean, where that is above 0.
    pub relative: Option<f64>,
    pub level: f64,
    /// z for rates, t for means.
    pub statistic: Option<f64>,
    /// Degrees of freedom of t; `None` for rates.
    pub degrees: Option<f64>,
    /// Two-sided.
    pub p: Option<f64>,
    pub verdict: Verdict,
}

/// Compares the rates of an outcome that a person has or has not.
///
/// Newcombe's interval from Wilson's (Newcombe 1998, method 10) and the pooled two-proportion z. They may differ by a hair
/// at the margin; the verdict follows the interval, which is what people see.
pub fn rates(treated: Count, held_out: Count, level: f64) -> Lift {
    let arms = (rate_arm(treated), rate_arm(held_out));
    let interval = newcombe(treated, held_out, level);
    let statistic = pooled_z(treated, held_out);
    Lift {
        statistic,
        p: statistic.and_then(normal_p),
        ..lift(arms, interval, level)
    }
}

/// Compares the means of a measure such as spend per person, by Welch's t: the arms may vary differently.
pub fn means(treated: Moments, held_out: Moments, level: f64) -> Lift {
    let arms = (mean_arm(treated), mean_arm(held_out));
    let welch = welch(treated, held_out);
    let interval = welch.and_then(|w| w.interval(level));
    Lift {
        statistic: welch.and_then(|w| w.t()),
        degrees: welch.map(|w| w.degrees),
        p: welch.and_then(|w| w.p()),
        ..lift(arms, interval, level)
    }
}

fn lift((treated, held_out): (Arm, Arm), interval: Option<Interval>, level: f64) -> Lift {
    let difference = treated.mean.zip(held_out.mean).map(|(a, b)| a - b);
    let verdict = match interval {
        _ if held_out.n == 0 => Verdict::NoHoldout,
        Some(interval) if interval.excludes_zero() => Verdict::Proven,
        _ => Verdict::NotProven,
    };
    Lift {
        treated,
        held_out,
        difference,
        interval,
        relative: difference
            .zip(held_out.mean.filter(|m| *m > 0.0))
            .map(|(d, base)| d / base),
        level,
        statistic: None,
        degrees: None,
        p: None,
        verdict,
    }
}

fn rate_arm(count: Count) -> Arm {
    Arm {
        n: count.known,
        mean: count.share(),
    }
}

fn mean_arm(moments: Moments) -> Arm {
    Arm {
        n: moments.n,
        mean: (moments.n > 0 && moments.mean.is_finite()).then_some(moments.mean),
    }
}

/// The interval of a difference of two shares (Newcombe 1998, method 10).
pub fn newcombe(a: Count, b: Count, level: f64) -> Option<Interval> {
    let (pa, pb) = (a.share()?, b.share()?);
    let (wa, wb) = (wilson(a, level)?, wilson(b, level)?);
    let difference = pa - pb;
    Some(Interval {
        low: difference - (pa - wa.low).hypot(wb.high - pb),
        high: difference + (wa.high - pa).hypot(pb - wb.low),
    })
}

/// The interval of a difference of two shares with the unpooled standard error (Wald), for comparison with other tools.
pub fn wald(a: Count, b: Count, level: f64) -> Option<Interval> {
    let (pa, pb) = (a.share()?, b.share()?);
    let error = (pa * (1.0 - pa) / a.known as f64 + pb * (1.0 - pb) / b.known as f64).sqrt();
    let half = z_of_level(level)? * error;
    Some(Interval {
        low: pa - pb - half,
        high: pa - pb + half,
    })
}

/// Whether the arms have the sizes that were planned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SampleRatio {
    pub chi_squared: f64,
    pub p: f64,
    /// See [`SAMPLE_RATIO_ALARM`].
    pub alarm: bool,
}

/// Tests two arms against the planned share of held-out people, 0 to 1 without the ends. `None` when nobody is in an arm or
/// the share cannot be one.
pub fn sample_ratio(treated: u64, held_out: u64, holdout_share: f64) -> Option<SampleRatio> {
    sample_ratio_of(&[treated, held_out], &[1.0 - holdout_share, holdout_share])
}

/// Tests the sizes of several arms against planned weights, which need not add up to 1.
pub fn sample_ratio_of(sizes: &[u64], weights: &[f64]) -> Option<SampleRatio> {
    let all: f64 = sizes.iter().map(|n| *n as f64).sum();
    let weight: f64 = weights.iter().sum();
    let planned = weights.iter().all(|w| *w > 0.0) && weight.is_finite();
    if sizes.len() != weights.len() || sizes.len() < 2 || all == 0.0 || !planned {
        return None;
    }
    let chi_squared = sizes
        .iter()
        .zip(weights)
        .map(|(n, w)| {
            let expected = all * w / weight;
            (*n as f64 - expected).powi(2) / expected
        })
        .sum();
    let p = chi_squared_p(chi_squared, u32::try_from(sizes.len() - 1).ok()?)?;
    Some(SampleRatio {
        chi_squared,
        p,
        alarm: p < SAMPLE_RATIO_ALARM,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::assert_close;

    #[test]
    fn agrees_with_the_published_definition() {
        let found = rates(Count::new(260, 2000), Count::new(161, 2000), 0.95);
        assert_close(found.difference.unwrap(), 0.0495, 1e-12);
        let interval = found.interval.unwrap();
        assert_close(interval.low, 0.030544597, 1e-8);
        assert_close(interval.high, 0.068545391, 1e-8);
        assert_eq!(found.verdict, Verdict::Proven);
    }

    /// Hillstrom's e-mail test of 64,000 people; numbers by statsmodels 0.15.0 and scipy 1.17.1.
    #[test]
    fn agrees_with_hillstrom_rates() {
        let (men, women, none) = (21_307, 21_387, 21_306);
        let cases = [
            // Outcome in the arm and in the arm without mail, then difference, relative lift, z, p and Newcombe's interval.
            (
                3894,
                men,
                2262,
                [0.07658956, 0.721405, 22.486041, 5.685e-112, 0.06995331, 0.08322674],
            ),
            (
                267,
                men,
                122,
                [0.00680501, 1.188422, 7.385114, 1.523e-13, 0.00501434, 0.00864072],
            ),
            (
                3238,
                women,
                2262,
                [0.04523311, 0.426055, 13.949181, 3.182e-44, 0.03889410, 0.05157434],
            ),
            (
                189,
                women,
                122,
                [0.00311106, 0.543313, 3.779561, 0.000157105, 0.00150166, 0.00474547],
            ),
        ];
        for (with, n, without, [difference, relative, z, p, low, high]) in cases {
            let found = rates(Count::new(with, n), Count::new(without, none), 0.95);
            assert_close(found.difference.unwrap(), difference, 2e-6);
            assert_close(found.relative.unwrap(), relative, 1e-6);
            assert_close(found.statistic.unwrap(), z, 1e-7);
            assert_close(found.p.unwrap(), p, 1e-3);
            let interval = found.interval.unwrap();
            assert_close(interval.low, low, 4e-6);
            assert_close(interval.high, high, 2e-6);
        }
        let wald = wald(Count::new(3894, men), Count::new(2262, none), 0.95).unwrap();
        assert_close(wald.low, 0.06995350, 1e-6);
        assert_close(wald.high, 0.08322563, 1e-6);
        let planned = sample_ratio_of(&[men, women, none], &[1.0, 1.0, 1.0]).unwrap();
        assert_close(planned.chi_squared, 0.20253125, 1e-9);
        assert_close(planned.p, 0.9036929576, 1e-9);
        assert!(!planned.alarm);
    }

    #[test]
    fn agrees_with_hillstrom_spend() {
        let moments = |n, total: f64, variance| Moments {
            n,
            mean: total / n as f64,
            variance,
        };
        let none = moments(21_306, 13_908.33, 134.286372);
        let men = means(moments(21_307, 30_311.69, 315.211799), none, 0.95);
        assert_close(men.difference.unwrap(), 0.76982716, 1e-7);
        assert_close(men.statistic.unwrap(), 5.300140, 1e-6);
        assert_close(men.degrees.unwrap(), 36_671.158, 1e-7);
        assert_close(men.p.unwrap(), 1.16381e-07, 1e-5);
        assert_close(men.interval.unwrap().low, 0.485139732568, 1e-8);
        assert_close(men.interval.unwrap().high, 1.054514579221, 1e-8);
        let women = means(moments(21_387, 23_038.11, 228.496675), none, 0.95);
        assert_close(women.statistic.unwrap(), 3.256372, 1e-6);
        assert_close(women.degrees.unwrap(), 40_064.884, 1e-7);
        assert_close(women.p.unwrap(), 0.0011294, 1e-4);
        assert_close(women.interval.unwrap().low, 0.168956789884, 1e-8);
        assert_close(women.interval.unwrap().high, 0.679867641989, 1e-8);
    }

    #[test]
    fn says_when_nobody_was_held_out() {
        let found = rates(Count::new(10, 100), Count::default(), 0.95);
        assert_eq!(
            (found.verdict, found.difference, found.interval),
            (Verdict::NoHoldout, None, None)
        );
        let found = means(
            Moments {
                n: 3,
                mean: 1.0,
                variance: 1.0,
            },
            Moments::default(),
            0.95,
        );
        assert_eq!((found.verdict, found.interval), (Verdict::NoHoldout, None));
    }

    #[test]
    fn does_not_prove_what_could_be_chance() {
        assert_eq!(
            rates(Count::new(11, 100), Count::new(9, 100), 0.95).verdict,
            Verdict::NotProven
        );
        assert_eq!(
            rates(Count::new(0, 100), Count::new(0, 100), 0.95).verdict,
            Verdict::NotProven
        );
    }

    #[test]
    fn raises_the_alarm_when_arms_are_not_as_planned() {
        assert!(sample_ratio(5000, 4600, 0.5).unwrap().alarm);
        assert!(!sample_ratio(8000, 2030, 0.2).unwrap().alarm);
        assert_eq!(sample_ratio(0, 0, 0.2), None);
        assert_eq!(sample_ratio(10, 10, 0.0), None);
        assert_eq!(sample_ratio(10, 10, f64::NAN), None);
    }

    proptest! {
        #[test]
        fn newcombe_holds_the_difference_and_turns_with_the_arms(
            x1 in 0u64..300, o1 in 1u64..300, x2 in 0u64..300, o2 in 1u64..300,
        ) {
            let (a, b) = (Count::new(x1, x1 + o1), Count::new(x2, x2 + o2));
            let forth = rates(a, b, 0.95);
            let (there, back) = (forth.interval.unwrap(), newcombe(b, a, 0.95).unwrap());
            let difference = forth.difference.unwrap();
            prop_assert!(there.low <= difference && difference <= there.high);
            prop_assert!((there.low + back.high).abs() < 1e-12 && (there.high + back.low).abs() < 1e-12);
            prop_assert!(there.low >= -1.0 - 1e-12 && there.high <= 1.0 + 1e-12);
        }

        #[test]
        fn no_arms_panic(
            a in any::<u64>(), b in any::<u64>(), c in any::<u64>(), d in any::<u64>(), x in any::<f64>(), y in any::<f64>(),
        ) {
            rates(Count::new(a, b), Count::new(c, d), x);
            means(Moments { n: a, mean: x, variance: y }, Moments { n: b, mean: y, variance: x }, 0.95);
            sample_ratio(a, b, x);
            sample_ratio_of(&[a, b, c], &[x, y, 1.0]);
        }
    }
}

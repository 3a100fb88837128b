//! Which round numbers mark an axis, and from where to where does it run?

use types::chart::ValueAxis;

/// Values beyond this are drawn at this: their distance would overflow.
const FARTHEST: f64 = 1e300;

/// A value axis: its ends are ticks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<f64>,
}

impl Scale {
    /// The axis over all `values` (the known ones) and what the chart's axis asks for, with about `wanted` ticks.
    pub fn over(values: impl Iterator<Item = f64>, axis: &ValueAxis, wanted: usize) -> Self {
        let asked = [axis.from, axis.to].into_iter().flatten();
        let (low, high) = values
            .chain(asked)
            .filter(|v| v.is_finite())
            .map(|v| v.clamp(-FARTHEST, FARTHEST))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                (low.min(v), high.max(v))
            });
        let whole = axis.format.decimals == 0 && axis.format.times == 1.0;
        if low > high {
            Self::between(0.0, 1.0, wanted, whole)
        } else {
            Self::between(low, high, wanted, whole)
        }
    }

    /// Ticks are multiples of 1, 2, 2.5 or 5 times a power of ten; of whole numbers at least 1.
    fn between(low: f64, high: f64, wanted: usize, whole: bool) -> Self {
        let (low, high) = if high - low > 1e-12 * low.abs().max(high.abs()) {
            (low, high)
        } else if low == 0.0 {
            (0.0, 1.0)
        } else {
            (low - low.abs() / 2.0, high + high.abs() / 2.0)
        };
        let mut step = round_step((high - low) / wanted.max(1) as f64);
        if whole && step < 1.0 {
            step = 1.0;
        }
        let first = (low / step + 1e-9).floor();
        let last = (high / step - 1e-9).ceil();
        let count = ((last - first) as usize).clamp(1, 50);
        // Adding 0.0 turns a negative zero into zero.
        let ticks: Vec<f64> = (0..=count).map(|i| (first + i as f64) * step + 0.0).collect();
        Self {
            low: ticks[0],
            high: ticks[count],
            ticks,
        }
    }
}

fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let power = if power > 0.0 && power.is_finite() {
        power
    } else {
        f64::MIN_POSITIVE
    };
    let fits = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .find(|m| m * power >= least * (1.0 - 1e-9));
    fits.unwrap_or(10.0) * power
}

/// Which of the places on a category axis are written, so that texts do not touch: `widths` of the texts (0 for none) stand
/// centred at `centres`. The first and the last are kept where evenly spaced ticks allow it.
pub(crate) fn thin(centres: &[f64], widths: &[f64], gap: f64) -> Vec<usize> {
    let candidates: Vec<usize> = (0..centres.len()).filter(|i| widths[*i] > 0.0).collect();
    let fits = |chosen: &[usize]| {
        chosen.windows(2).all(|pair| {
            let (a, b) = (pair[0], pair[1]);
            centres[b] - centres[a] >= (widths[a] + widths[b]) / 2.0 + gap
        })
    };
    let n = candidates.len();
    // Strides that end on the last candidate come first, unless that would waste more than half of the ticks.
    let every = |stride: usize| candidates.iter().copied().step_by(stride).collect::<Vec<_>>();
    let Some(least) = (1..=n.max(1)).find(|stride| fits(&every(*stride))) else {
        return Vec::new();
    };
    let with_last = (least..(2 * least).min(n.max(1))).find(|stride| (n - 1).is_multiple_of(*stride));
    every(with_last.unwrap_or(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(values: &[f64]) -> Scale {
        Scale::over(values.iter().copied(), &ValueAxis::default(), 5)
    }

    #[test]
    fn ends_on_round_numbers_around_the_data() {
        assert_eq!(
            over(&[0.0, 212_000.0]).ticks,
            [0.0, 50_000.0, 100_000.0, 150_000.0, 200_000.0, 250_000.0]
        );
        assert_eq!(over(&[-0.8, 4.7]).ticks, [-2.0, 0.0, 2.0, 4.0, 6.0]);
        assert_eq!(over(&[]).ticks.len(), 6);
    }

    #[test]
    fn any_data_has_a_scale() {
        let cases: [&[f64]; 6] = [
            &[5.0],
            &[f64::NAN],
            &[f64::MAX, -f64::MAX],
            &[1e-310],
            &[0.0, 1e-300],
            &[1e15, 1e15 + 1.0],
        ];
        for values in cases {
            let scale = over(values);
            assert!(
                scale.low < scale.high && scale.low.is_finite() && scale.high.is_finite(),
                "{values:?}: {scale:?}"
            );
            assert!(scale.ticks.len() <= 51);
        }
    }

    #[test]
    fn counts_have_whole_ticks() {
        let axis = ValueAxis {
            format: types::chart::NumberFormat::whole(),
            ..ValueAxis::default()
        };
        assert_eq!(Scale::over([0.0, 2.0].into_iter(), &axis, 5).ticks, [0.0, 1.0, 2.0]);
    }

    #[test]
    fn thinning_keeps_texts_apart_and_both_ends() {
        let centres: Vec<f64> = (0..91).map(|i| f64::from(i) * 7.0).collect();
        let chosen = thin(&centres, &[40.0; 91], 16.0);
        assert_eq!((chosen.first(), chosen.last()), (Some(&0), Some(&90)));
        assert!(chosen.windows(2).all(|p| centres[p[1]] - centres[p[0]] >= 56.0));
        assert_eq!(thin(&[0.0, 50.0], &[20.0, 20.0], 8.0), [0, 1]);
        assert_eq!(thin(&[0.0, 1.0], &[20.0, 20.0], 8.0), [0]);
        assert_eq!(thin(&[], &[], 8.0), Vec::<usize>::new());
    }
}

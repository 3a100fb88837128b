//! Where does a share of the values lie? Type-7 quantiles (R's default, numpy's `linear`) of columns; knows nothing of what
//! the values mean.

use rayon::slice::ParallelSliceMut;

/// The type-7 quantile of values sorted in ascending order: `p` from 0 to 1 is placed at `(n - 1) p` between them.
/// `None` without values or with `p` outside 0 to 1.
pub fn type7_of_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let last = sorted.len().checked_sub(1)?;
    let place = last as f64 * p;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    Some(between(sorted[below], sorted[above], place - below as f64))
}

/// The type-7 quantiles of values in any order, one for each of `ps`. Values that are not a number are left out; `None`
/// without any other.
pub fn type7<const N: usize>(values: impl Iterator<Item = f64>, ps: [f64; N]) -> Option<[f64; N]> {
    let mut sorted: Vec<f64> = values.filter(|v| !v.is_nan()).collect();
    sorted.par_sort_unstable_by(f64::total_cmp);
    let mut found = [0.0; N];
    for (slot, p) in found.iter_mut().zip(ps) {
        *slot = type7_of_sorted(&sorted, p)?;
    }
    Some(found)
}

/// The middle value; the mean of the two middle ones when their number is even. `None` without values.
pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    type7(values, [0.5]).map(|[middle]| middle)
}

/// The point at `t` from `low` to `high`. Equal ends give exactly that value, so that `value <= quantile` holds for ties,
/// and from the middle on it counts back from `high`, which is how the reference packages round.
fn between(low: f64, high: f64, t: f64) -> f64 {
    let width = high - low;
    if low == high || t <= 0.0 {
        low
    } else if !width.is_finite() {
        low * (1.0 - t) + high * t
    } else if t < 0.5 {
        low + width * t
    } else {
        high - width * (1.0 - t)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn agrees_with_r_type_7() {
        let values = [15.0, 20.0, 35.0, 40.0, 50.0];
        assert_eq!(type7(values.into_iter(), [0.4]), Some([29.0]));
        assert_eq!(type7(values.into_iter(), [0.0, 1.0]), Some([15.0, 50.0]));
        assert_eq!(median([3.0, 1.0, 2.0, 4.0].into_iter()), Some(2.5));
    }

    #[test]
    fn has_no_answer_without_values_or_outside_the_scale() {
        assert_eq!(median(std::iter::empty()), None);
        assert_eq!(median([f64::NAN].into_iter()), None);
        assert_eq!(type7_of_sorted(&[1.0], 1.5), None);
        assert_eq!(type7_of_sorted(&[1.0], f64::NAN), None);
    }

    #[test]
    fn survives_values_whose_distance_overflows() {
        let middle = median([-f64::MAX, f64::MAX].into_iter()).unwrap();
        assert_eq!(middle, 0.0);
    }

    proptest! {
        #[test]
        fn stays_inside_the_values_and_grows_with_p(
            values in proptest::collection::vec(-1e12f64..1e12, 1..200),
            a in 0.0f64..=1.0,
            b in 0.0f64..=1.0,
        ) {
            let (a, b) = (a.min(b), a.max(b));
            let [low, high] = type7(values.iter().copied(), [a, b]).unwrap();
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(least <= low && low <= high && high <= most);
        }

        #[test]
        fn equal_values_give_exactly_that_value(value in -1e15f64..1e15, n in 1usize..50, p in 0.0f64..=1.0) {
            prop_assert_eq!(type7(std::iter::repeat_n(value, n), [p]), Some([value]));
        }
    }
}

//! Which mean is nearest to a row, and how near is the next one? The means lie column by column in lanes of four, so that the distances to four
//! of them are added up at once; each sum runs over the columns in their order, as everywhere else.

use super::Matrix;

const LANES: usize = 4;

/// The means, laid out for asking.
pub(super) struct Near {
    /// Lane by lane, column by column; places without a mean are infinitely far.
    lanes: Vec<[f64; LANES]>,
    columns: usize,
}

/// Squared distances.
pub(super) struct Two {
    pub group: u32,
    pub least: f64,
    pub second: f64,
}

impl Near {
    pub fn of(means: &Matrix) -> Near {
        let (k, columns) = (means.rows(), means.columns());
        let mut lanes = vec![[f64::INFINITY; LANES]; k.div_ceil(LANES) * columns];
        for group in 0..k {
            for (column, value) in means.row(group).iter().enumerate() {
                lanes[group / LANES * columns + column][group % LANES] = *value;
            }
        }
        Near { lanes, columns }
    }

    /// The lowest of equals.
    #[inline]
    pub fn two(&self, row: &[f64]) -> Two {
        let mut found = Two {
            group: 0,
            least: f64::INFINITY,
            second: f64::INFINITY,
        };
        for (lane, means) in self.lanes.chunks_exact(self.columns).enumerate() {
            let mut sums = [0.0; LANES];
            for (value, means) in row.iter().zip(means) {
                for (sum, mean) in sums.iter_mut().zip(means) {
                    let gap = value - mean;
                    *sum += gap * gap;
                }
            }
            for (place, distance) in sums.into_iter().enumerate() {
                if distance < found.least {
                    found.second = found.least;
                    found.least = distance;
                    found.group = (lane * LANES + place) as u32;
                } else if distance < found.second {
                    found.second = distance;
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::squared;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_nearest_two_are_those_of_looking_at_each(
            values in prop::collection::vec(-50.0..50.0_f64, 3..60), row in prop::collection::vec(-50.0..50.0_f64, 3),
        ) {
            let whole = values.len() / 3 * 3;
            let means = Matrix::new(values[..whole].to_vec(), 3).unwrap();
            let mut all: Vec<(f64, usize)> = (0..means.rows()).map(|group| (squared(&row, means.row(group)), group)).collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let found = Near::of(&means).two(&row);
            prop_assert_eq!((found.least, found.group as usize), all[0]);
            prop_assert_eq!(found.second, all.get(1).map_or(f64::INFINITY, |next| next.0));
        }
    }
}

//! What sets a group apart? For numbers, how far its mean is from everybody's, in standard deviations; for words, which is more or less
//! frequent than among everybody, on the same scale. Which of them becomes a name is decided elsewhere.

use super::Matrix;

/// A column of numbers in one group.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NumberDifference {
    pub mean: f64,
    /// Of all rows.
    pub all: f64,
    /// Standard deviations of all rows between the two; 0 for a column that never varies.
    pub difference: f64,
}

/// The word of a column that differs most in one group.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WordDifference {
    pub code: u32,
    /// Part of the group that has it, and of all rows.
    pub share: f64,
    pub all: f64,
    /// (share - all) / sqrt(all (1 - all)): the difference of means of having it or not, in standard deviations.
    pub difference: f64,
}

/// Group by group, column by column. Groups without rows differ in nothing.
pub fn numbers_differ(data: &Matrix, labels: &[u32], groups: usize) -> Vec<Vec<NumberDifference>> {
    let columns = data.columns();
    let mut sums = vec![0.0; groups * columns];
    let mut counts = vec![0_usize; groups];
    for (row, label) in labels.iter().enumerate().take(data.rows()) {
        let group = *label as usize;
        if group < groups {
            counts[group] += 1;
            let own = &mut sums[group * columns..(group + 1) * columns];
            own.iter_mut().zip(data.row(row)).for_each(|(sum, value)| *sum += value);
        }
    }
    let moments = data.moments();
    (0..groups)
        .map(|group| {
            moments
                .iter()
                .enumerate()
                .map(|(column, (all, deviation))| {
                    let mean = match counts[group] {
                        0 => *all,
                        count => sums[group * columns + column] / count as f64,
                    };
                    let difference = if *deviation > 0.0 {
                        (mean - all) / deviation
                    } else {
                        0.0
                    };
                    NumberDifference {
                        mean,
                        all: *all,
                        difference,
                    }
                })
                .collect()
        })
        .collect()
}

/// For each group the word of this column that differs most, more frequent ones before rarer ones of the same difference; `None` for a group
/// without rows and for a column with one word only.
pub fn words_differ(codes: &[u32], labels: &[u32], groups: usize) -> Vec<Option<WordDifference>> {
    let words = codes.iter().copied().max().map_or(0, |most| most as usize + 1);
    let mut counts = vec![0_usize; groups * words];
    let mut sizes = vec![0_usize; groups];
    let mut all = vec![0_usize; words];
    for (code, label) in codes.iter().zip(labels) {
        let group = *label as usize;
        if group < groups {
            counts[group * words + *code as usize] += 1;
            sizes[group] += 1;
        }
        all[*code as usize] += 1;
    }
    let rows = codes.len().max(1) as f64;
    (0..groups)
        .map(|group| {
            let mut best: Option<WordDifference> = None;
            for (code, of_all) in all.iter().enumerate().filter(|_| sizes[group] > 0) {
                let base = *of_all as f64 / rows;
                let spread = (base * (1.0 - base)).sqrt();
                if spread <= 0.0 {
                    continue;
                }
                let share = counts[group * words + code] as f64 / sizes[group] as f64;
                let found = WordDifference {
                    code: code as u32,
                    share,
                    all: base,
                    difference: (share - base) / spread,
                };
                // Of two words that differ as strongly, having one says more than lacking the other.
                let more = |best: WordDifference| {
                    let (own, other) = (found.difference, best.difference);
                    own.abs() > other.abs() + 1e-12 || ((own.abs() - other.abs()).abs() <= 1e-12 && own > other)
                };
                if best.is_none_or(more) {
                    best = Some(found);
                }
            }
            best
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assert_close;

    #[test]
    fn a_mean_far_from_all_is_far_in_deviations() {
        let data = Matrix::new(vec![0.0, 5.0, 0.0, 5.0, 4.0, 5.0, 4.0, 5.0], 2).unwrap();
        let found = numbers_differ(&data, &[0, 0, 1, 1], 3);
        assert_eq!(
            (found[1][0].mean, found[1][0].all, found[1][0].difference),
            (4.0, 2.0, 1.0)
        );
        assert_eq!(found[0][0].difference, -1.0);
        // What never varies sets nobody apart, and neither does anything a group without rows.
        assert_eq!(found[1][1].difference, 0.0);
        assert_eq!(found[2][0].difference, 0.0);
    }

    #[test]
    fn the_word_that_differs_most_is_found_also_when_it_is_missing() {
        // A quarter of all has word 1, half of the second group; word 0 is then missing there as strongly.
        let found = words_differ(&[0, 0, 0, 0, 0, 0, 1, 1], &[0, 0, 0, 0, 1, 1, 1, 1], 2);
        let second = found[1].unwrap();
        assert_eq!((second.code, second.share, second.all), (1, 0.5, 0.25));
        assert_close(second.difference, 0.25 / (0.1875_f64).sqrt(), 1e-12);
        // Word 0 is everywhere but in the second group, where the others share what is left.
        let found = words_differ(&[0, 0, 0, 0, 1, 2, 3, 4], &[0, 0, 0, 0, 1, 1, 1, 1], 2);
        assert_eq!(found[1].map(|of| (of.code, of.share)), Some((0, 0.0)));
        assert_eq!(words_differ(&[3, 3], &[0, 1], 2), [None, None]);
        assert_eq!(words_differ(&[], &[], 1), [None]);
    }
}

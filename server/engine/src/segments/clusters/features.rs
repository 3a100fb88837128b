//! Columns made comparable: gaps filled, skewed amounts as logarithms, everything on one scale; and a record of what was done to each.

use super::super::params::{Auto, ClusterParams, Scale};
use crate::error::{Error, Result};
use analytics::clusters::{Matrix, Mixed, default_gamma};
use analytics::quantile;
use types::runs::UsedFeature;
use types::segments::Method;
use warehouse::query::chosen::{ChosenColumn, ChosenValues};

/// Beyond this skewness the logarithm of an amount says more than the amount.
const SKEWED: f64 = 1.0;

/// What is grouped, and how it came about.
pub(super) struct Prepared {
    /// Numbers on one scale.
    pub numbers: Matrix,
    /// With categories; absent for k-means and where no category was chosen.
    pub mixed: Option<Mixed>,
    pub gamma: f64,
    /// Numbers first, in the order of the columns of the matrix, then categories.
    pub used: Vec<UsedFeature>,
    /// Means as they are, for the people who read them, column by column.
    pub plain: Vec<Vec<f64>>,
    pub words: Vec<WordColumn>,
}

pub(super) struct WordColumn {
    pub name: String,
    pub codes: Vec<u32>,
    pub words: Vec<String>,
}

impl Prepared {
    /// Some rows, in the order given; what people read is left out.
    pub fn select(&self, rows: &[usize]) -> Prepared {
        Prepared {
            numbers: self.numbers.select(rows),
            mixed: self.mixed.as_ref().map(|mixed| mixed.select(rows)),
            gamma: self.gamma,
            used: Vec::new(),
            plain: Vec::new(),
            words: Vec::new(),
        }
    }
}

pub(super) fn prepare(chosen: Vec<ChosenColumn>, method: Method, params: &ClusterParams) -> Result<Prepared> {
    let (mut plain, mut scaled, mut used) = (Vec::new(), Vec::new(), Vec::new());
    let (mut words, mut used_words) = (Vec::new(), Vec::new());
    for column in chosen {
        match column.values {
            ChosenValues::Numbers(values) => {
                let (filled, missing) = filled(values);
                let log = match &params.log {
                    Auto::Given(names) => names.contains(&column.name) && filled.iter().all(|value| *value > -1.0),
                    Auto::Word(_) => skewed(&filled),
                };
                let values: Vec<f64> = if log {
                    filled.iter().map(|value| value.ln_1p()).collect()
                } else {
                    filled.clone()
                };
                let (shift, scale) = measure(&values, params.scale);
                scaled.push(
                    values
                        .into_iter()
                        .map(|value| (value - shift) / scale)
                        .collect::<Vec<f64>>(),
                );
                used.push(UsedFeature {
                    name: column.name,
                    category: false,
                    log,
                    shift,
                    scale,
                    missing,
                });
                plain.push(filled);
            }
            ChosenValues::Words { codes, words: texts } => {
                let missing = texts.iter().position(String::is_empty);
                let missing = missing.map_or(0, |code| codes.iter().filter(|of| **of as usize == code).count());
                used_words.push(UsedFeature {
                    name: column.name.clone(),
                    category: true,
                    log: false,
                    shift: 0.0,
                    scale: 1.0,
                    missing: missing as i64,
                });
                words.push(WordColumn {
                    name: column.name,
                    codes,
                    words: texts,
                });
            }
        }
    }
    let rows = scaled.first().map_or(0, Vec::len);
    let mut values = Vec::with_capacity(rows * scaled.len());
    for row in 0..rows {
        values.extend(scaled.iter().map(|column| column[row]));
    }
    let numbers = Matrix::new(values, scaled.len().max(1))
        .ok_or_else(|| Error::Conflict("A chosen feature has values that are no numbers.".into()))?;
    drop(scaled);
    let gamma = params.gamma.unwrap_or_else(|| default_gamma(&numbers));
    let mixed = (method == Method::Kprototypes && !words.is_empty())
        .then(|| {
            let codes = (0..rows).flat_map(|row| words.iter().map(move |column| column.codes[row]));
            Mixed::new(numbers.clone(), codes.collect(), words.len())
        })
        .flatten();
    used.extend(used_words);
    Ok(Prepared {
        numbers,
        mixed,
        gamma,
        used,
        plain,
        words,
    })
}

/// Gaps become the median of the others (0 where nobody has a value), so that they neither set anybody apart nor leave anybody out.
fn filled(mut values: Vec<f64>) -> (Vec<f64>, i64) {
    let missing = values.iter().filter(|value| !value.is_finite()).count();
    if missing > 0 {
        let middle = quantile::median(values.iter().copied().filter(|value| value.is_finite())).unwrap_or(0.0);
        values
            .iter_mut()
            .filter(|value| !value.is_finite())
            .for_each(|value| *value = middle);
    }
    (values, missing as i64)
}

/// Never below 0 and with a long tail to the right.
fn skewed(values: &[f64]) -> bool {
    if values.iter().any(|value| *value < 0.0) {
        return false;
    }
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let (mut second, mut third) = (0.0, 0.0);
    for value in values {
        let gap = value - mean;
        second += gap * gap;
        third += gap * gap * gap;
    }
    let deviation = (second / n).sqrt();
    deviation > 0.0 && third / n / (deviation * deviation * deviation) > SKEWED
}

/// What to take off and what to divide by; a column that never varies is divided by 1.
fn measure(values: &[f64], scale: Scale) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let (shift, width) = match scale {
        Scale::None => (0.0, 1.0),
        Scale::Standard => {
            let mean = values.iter().sum::<f64>() / n;
            let square = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
            (mean, square.sqrt())
        }
        Scale::Range => {
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if low <= high { (low, high - low) } else { (0.0, 1.0) }
        }
    };
    (shift, if width > 0.0 { width } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_with_the_middle() {
        assert_eq!(filled(vec![1.0, f64::NAN, 3.0, 5.0]), (vec![1.0, 3.0, 3.0, 5.0], 1));
        assert_eq!(filled(vec![f64::NAN]), (vec![0.0], 1));
    }

    #[test]
    fn long_tails_are_seen_and_debts_are_left_alone() {
        let tail: Vec<f64> = (0..100).map(|n| f64::from(n).powi(4)).collect();
        assert!(skewed(&tail));
        assert!(!skewed(&(0..100).map(f64::from).collect::<Vec<f64>>()));
        assert!(!skewed(&tail.iter().map(|value| value - 1.0).collect::<Vec<f64>>()));
        assert!(!skewed(&[3.0, 3.0]));
    }

    #[test]
    fn scales_are_what_they_say() {
        assert_eq!(measure(&[1.0, 3.0], Scale::Standard), (2.0, 1.0));
        assert_eq!(measure(&[1.0, 3.0], Scale::Range), (1.0, 2.0));
        assert_eq!(measure(&[4.0, 4.0], Scale::Range), (4.0, 1.0));
        assert_eq!(measure(&[1.0, 3.0], Scale::None), (0.0, 1.0));
    }
}

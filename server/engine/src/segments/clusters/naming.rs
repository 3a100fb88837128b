//! What sets each cluster apart, and a name made from it for answers that programs read. Pages say the same in the reader's language.

use super::features::Prepared;
use analytics::clusters::{numbers_differ, words_differ};
use types::runs::Trait;

/// Differences below this many standard deviations are not worth a word.
const WORTH_SAYING: f64 = 0.25;

/// Of each group, the largest difference first. A category says the value in which the group differs most.
pub(super) fn traits(data: &Prepared, labels: &[u8], groups: usize) -> Vec<Vec<Trait>> {
    let labels: Vec<u32> = labels.iter().map(|label| u32::from(*label)).collect();
    let numbers = numbers_differ(&data.numbers, &labels, groups);
    let mut found: Vec<Vec<Trait>> = numbers
        .iter()
        .map(|of_group| {
            let named = of_group.iter().zip(&data.used);
            named
                .map(|(of, used)| Trait {
                    feature: used.name.clone(),
                    difference: of.difference,
                    ..Trait::default()
                })
                .collect()
        })
        .collect();
    for (column, values) in data.plain.iter().enumerate() {
        let all = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let mut sums = vec![(0.0, 0_usize); groups];
        for (label, value) in labels.iter().zip(values) {
            let of = &mut sums[*label as usize];
            *of = (of.0 + value, of.1 + 1);
        }
        for (of_group, (sum, count)) in found.iter_mut().zip(sums) {
            of_group[column].all = all;
            of_group[column].own = if count > 0 { sum / count as f64 } else { all };
        }
    }
    for column in &data.words {
        let different = words_differ(&column.codes, &labels, groups);
        for (of_group, different) in found.iter_mut().zip(different) {
            of_group.extend(different.map(|of| Trait {
                feature: column.name.clone(),
                value: Some(column.words.get(of.code as usize).cloned().unwrap_or_default()),
                own: of.share,
                all: of.all,
                difference: of.difference,
            }));
        }
    }
    for of_group in &mut found {
        of_group.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()));
    }
    found
}

/// `high monetary, low recency`; from at most three traits.
pub(in crate::segments) fn english(traits: &[Trait]) -> String {
    let said: Vec<String> = traits
        .iter()
        .filter(|of| of.difference.abs() >= WORTH_SAYING)
        .take(3)
        .map(|of| {
            let feature = of
                .feature
                .strip_prefix("attributes.")
                .unwrap_or(&of.feature)
                .replace('_', " ");
            match (&of.value, of.difference > 0.0) {
                (Some(value), true) => format!("{feature} {}", shown(value)),
                (Some(value), false) => format!("{feature} not {}", shown(value)),
                (None, true) => format!("high {feature}"),
                (None, false) => format!("low {feature}"),
            }
        })
        .collect();
    let mut letters = said.join(", ");
    if letters.is_empty() {
        letters = "like everybody".to_owned();
    }
    let mut rest = letters.chars();
    rest.next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "unknown" } else { value }
}

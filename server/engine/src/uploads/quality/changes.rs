//! Whether a field of a file differs suddenly from earlier files of the same kind. Pure: counts in, differences out.

use std::collections::BTreeSet;
use types::uploads::{FieldChange, FieldProfile, Profile};

/// Fewer rows than this say nothing.
const ENOUGH: i64 = 20;
/// A share of filled cells that differs by less is no news.
const SHARE: f64 = 0.2;
/// Standard errors by which the shares must differ, so that a small file is not accused of chance.
const ERRORS: f64 = 3.0;
/// A mean that is more than so many times the earlier one, or less than its part.
const TIMES: f64 = 2.0;

/// Fields in the order of the alphabet; for each, the shares come before the means, and only one is told.
pub fn compare(now: &Profile, before: &[Profile]) -> Vec<FieldChange> {
    let rows = now.values().map(|field| field.rows).max().unwrap_or(0);
    if rows < ENOUGH || before.is_empty() {
        return Vec::new();
    }
    let fields: BTreeSet<&String> = now.keys().chain(before.iter().flat_map(Profile::keys)).collect();
    fields
        .into_iter()
        .filter_map(|field| {
            // A field that is not mapped is a field without a value.
            let absent = FieldProfile {
                rows,
                ..FieldProfile::default()
            };
            let now = now.get(field).copied().unwrap_or(absent);
            let (earlier, uploads) = together(field, before);
            let of_means = if shares_differ(&now, &earlier) {
                false
            } else if means_differ(&now, &earlier) {
                true
            } else {
                return None;
            };
            Some(FieldChange {
                field: field.clone(),
                now,
                before: earlier,
                uploads,
                of_means,
            })
        })
        .collect()
}

/// The earlier files as if they were one.
fn together(field: &str, before: &[Profile]) -> (FieldProfile, i64) {
    let mut sum = FieldProfile::default();
    let (mut total, mut counted) = (0.0, 0);
    for profile in before {
        let rows = profile.values().map(|field| field.rows).max().unwrap_or(0);
        sum.rows += rows;
        if let Some(there) = profile.get(field) {
            sum.filled += there.filled;
            if let Some(mean) = there.mean {
                total += mean * there.filled as f64;
                counted += there.filled;
            }
        }
    }
    if counted > 0 {
        sum.mean = Some(total / counted as f64);
    }
    (sum, before.len() as i64)
}

fn shares_differ(now: &FieldProfile, before: &FieldProfile) -> bool {
    if now.rows < ENOUGH || before.rows < ENOUGH {
        return false;
    }
    let difference = (now.share() - before.share()).abs();
    let pooled = (now.filled + before.filled) as f64 / (now.rows + before.rows) as f64;
    let error = (pooled * (1.0 - pooled) * (1.0 / now.rows as f64 + 1.0 / before.rows as f64)).sqrt();
    difference >= SHARE && difference > ERRORS * error
}

fn means_differ(now: &FieldProfile, before: &FieldProfile) -> bool {
    let (Some(new), Some(old)) = (now.mean, before.mean) else {
        return false;
    };
    if now.filled < ENOUGH || before.filled < ENOUGH || old == 0.0 {
        return false;
    }
    let times = new / old;
    !(1.0 / TIMES..=TIMES).contains(&times)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(fields: &[(&str, i64, i64, Option<f64>)]) -> Profile {
        fields
            .iter()
            .map(|(name, rows, filled, mean)| {
                let profile = FieldProfile {
                    rows: *rows,
                    filled: *filled,
                    mean: *mean,
                };
                ((*name).to_owned(), profile)
            })
            .collect()
    }

    #[test]
    fn a_field_that_empties_and_one_that_grows_are_told() {
        let before = [
            profile(&[
                ("age", 1000, 950, Some(40.0)),
                ("income", 1000, 900, Some(3000.0)),
                ("city", 1000, 500, None),
            ]),
            profile(&[
                ("age", 500, 480, Some(41.0)),
                ("income", 500, 450, Some(3100.0)),
                ("city", 500, 240, None),
            ]),
        ];
        let now = profile(&[
            ("age", 800, 400, Some(40.0)),
            ("income", 800, 700, Some(31_000.0)),
            ("city", 800, 390, None),
        ]);
        let found = compare(&now, &before);
        let told: Vec<_> = found
            .iter()
            .map(|change| (change.field.as_str(), change.of_means, change.uploads))
            .collect();
        assert_eq!(told, [("age", false, 2), ("income", true, 2)]);
        assert_eq!((found[0].before.rows, found[0].before.filled), (1500, 1430));
    }

    #[test]
    fn a_field_that_is_gone_is_told_and_chance_is_not() {
        let before = [profile(&[("email", 200, 190, None), ("city", 200, 100, None)])];
        let gone = compare(&profile(&[("city", 30, 22, None)]), &before);
        assert_eq!(
            gone.iter().map(|change| change.field.as_str()).collect::<Vec<_>>(),
            ["email"]
        );
        assert_eq!(compare(&profile(&[("city", 10, 0, None)]), &before), []);
        assert_eq!(compare(&profile(&[("city", 100, 0, None)]), &[]), []);
    }
}

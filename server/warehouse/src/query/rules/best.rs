//! How many customers have which value of a field that says what each does most. One pass over a column in memory.

use super::Snapshot;
use crate::derive::FEATURES;
use crate::error::{Error, Result};
use crate::query::distribution::columns::{hour_band, weekday};
use crate::resident::column::NO_DAY;
use crate::resident::{Column, Key, Resident, Source};
use std::collections::BTreeMap;
use types::tags::BestOf;

impl Snapshot {
    /// Values that at least one customer has, with their number: the most frequent first, of equals the first in the alphabet.
    pub async fn values_of_best(&self, of: BestOf) -> Result<Vec<(String, u64)>> {
        let path = self
            .path_of(FEATURES)
            .ok_or_else(|| Error::Ended("this version has no features".to_owned()))?;
        let name = of.as_str().to_owned();
        let source = match of {
            BestOf::OrderHour | BestOf::OrderWeekday => Source::Whole(name),
            _ => Source::Words(name),
        };
        let key = Key {
            table: FEATURES,
            path,
            source,
            beside: None,
        };
        let this = self.clone();
        self.run(async move {
            let column = Resident::get(&this, key).await?;
            let mut found: Vec<(String, u64)> = counted(&column, of).into_iter().collect();
            found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            Ok(found)
        })
        .await
    }
}

fn counted(column: &Column, of: BestOf) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    match column {
        Column::Words(words) => {
            let mut by_code = vec![0_u64; words.words.len() + 1];
            words.each_code(|code| by_code[code] += 1);
            for (word, count) in words.words.iter().zip(&by_code[1..]).filter(|(_, count)| **count > 0) {
                counts.insert(word.to_string(), *count);
            }
        }
        column => {
            for number in column.whole().iter().filter(|number| **number != NO_DAY) {
                let word = if of == BestOf::OrderHour {
                    hour_band(*number)
                } else {
                    weekday(*number)
                };
                match counts.get_mut(word) {
                    Some(count) => *count += 1,
                    None => {
                        counts.insert(word.to_owned(), 1);
                    }
                }
            }
        }
    }
    counts
}

//! Which extra attributes tell one person from another? A company may keep a card number or a nickname as an attribute of its own, and nobody
//! said so when the file was mapped. Looked up in the first rows of the features; a name that gives itself away is another ring's matter.

use crate::derive::FEATURES;
use crate::error::Result;
use crate::labels::open;
use crate::read::{Rows, at, text_at};
use crate::snapshot::Snapshot;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use types::rules::ValueKind;

/// Values that are looked at, of each attribute.
const LOOKED_AT: usize = 8192;
/// Fewer known values say nothing.
const LEAST: usize = 20;
/// Whole numbers from here on are more often numbers of something than amounts.
const LONG_NUMBER: f64 = 1e6;

impl Snapshot {
    /// Attributes, as rules name them, of which most values occur once: texts, and whole numbers with seven digits or more.
    pub async fn identifying_attributes(&self) -> Result<Arc<BTreeSet<String>>> {
        if let Some(known) = self.identifying_cell().get() {
            return Ok(known.clone());
        }
        let this = self.clone();
        let found = self.run(async move { find(&this) }).await?;
        Ok(self.identifying_cell().get_or_init(|| Arc::new(found)).clone())
    }
}

/// What is known of one attribute so far.
#[derive(Default)]
struct Seen {
    known: usize,
    different: HashSet<String>,
}

impl Seen {
    fn add(&mut self, value: String) {
        self.known += 1;
        self.different.insert(value);
    }

    fn tells_apart(&self) -> bool {
        self.known >= LEAST && self.different.len() * 2 > self.known
    }
}

fn find(snapshot: &Snapshot) -> Result<BTreeSet<String>> {
    let kinds = snapshot.attributes()?;
    let Some(path) = snapshot.path_of(FEATURES) else {
        return Ok(BTreeSet::new());
    };
    let mut seen: Vec<(&String, ValueKind, Seen)> = kinds
        .iter()
        .filter(|(_, kind)| matches!(kind, ValueKind::Text | ValueKind::Number))
        .map(|(name, kind)| (name, *kind, Seen::default()))
        .collect();
    let names: Vec<&str> = seen.iter().map(|(name, ..)| name.as_str()).collect();
    if names.is_empty() {
        return Ok(BTreeSet::new());
    }
    // A few batches are enough; an attribute that only later customers have is looked for a little further.
    for batch in open(&path, &names)?.take(16) {
        let batch = batch?;
        let rows = Rows(&batch);
        for (name, kind, seen) in seen.iter_mut().filter(|(.., seen)| seen.known < LOOKED_AT) {
            if *kind == ValueKind::Text {
                let texts = rows.texts(name)?;
                let known = (0..rows.len()).filter_map(|row| text_at(&texts, row));
                known.for_each(|text| seen.add(text.to_owned()));
            } else {
                let numbers = rows.f64s(name)?;
                for number in (0..rows.len()).filter_map(|row| at(&numbers, row)) {
                    if number.abs() >= LONG_NUMBER && number.fract() == 0.0 {
                        seen.add(number.to_string());
                    } else {
                        seen.known += 1;
                    }
                }
            }
        }
        if seen.iter().all(|(.., seen)| seen.known >= LOOKED_AT) {
            break;
        }
    }
    let found = seen.into_iter().filter(|(.., seen)| seen.tells_apart());
    Ok(found.map(|(name, ..)| name.clone()).collect())
}

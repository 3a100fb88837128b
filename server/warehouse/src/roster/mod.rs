//! Chosen columns of a group of customers, in pieces and by rising customer number, so that a list of any length can leave without being held.
//!
//! Every sealed file that is read here is in order of customer number. One of them says who is in the list; the others are read beside it, like
//! the two sides of a merge. It must not know who may see which column.

mod fields;
mod identifying;
mod merge;
#[cfg(test)]
mod tests;

use self::fields::Days;
use self::merge::Merge;
use crate::derive::FEATURES;
use crate::error::{Error, Result};
use crate::labels::{Group, open};
use crate::query::rules::Value;
use crate::read::{Rows, text_at};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use datafusion::arrow::array::RecordBatch;
use std::path::PathBuf;

/// Rows with one value for each chosen column.
pub type Piece = Vec<Vec<Value>>;

/// Who is in the list.
pub enum Who {
    /// Customers of this version.
    Group(Group),
    /// Customers that a run put into a group, or into any. The labels are a path relative to the folder of runs, and must have been fetched.
    Run { labels: String, segment: Option<String> },
}

/// Where a column comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A field of customers as rules name it.
    Field(String),
    /// Name, e-mail or phone, which analyses never read.
    Contact(String),
    /// A column of the labels of a run: `external_id`, `segment`, `recency`, `frequency`, `monetary`, `r`, `f` or `m`.
    Label { labels: String, column: &'static str },
    /// The place in [`Ask::tags`].
    Tag(usize),
}

/// What is asked for.
pub struct Ask {
    pub who: Who,
    pub columns: Vec<Source>,
    /// For each tag its values and who has them. Nobody has two.
    pub tags: Vec<Vec<(String, Group)>>,
    /// The day to which ages and days since something count.
    pub as_of: NaiveDate,
}

/// Holds a few pieces at most.
pub struct Roster {
    pieces: tokio::sync::mpsc::Receiver<Result<Piece>>,
}

impl Roster {
    /// The next piece; `None` at the end. Never empty.
    pub async fn next(&mut self) -> Option<Result<Piece>> {
        self.pieces.recv().await
    }

    /// As [`Roster::next`], for a thread that may wait.
    pub fn blocking_next(&mut self) -> Option<Result<Piece>> {
        self.pieces.blocking_recv()
    }
}

impl Snapshot {
    /// Values of customers as they are in this version; unknown for somebody whom it does not have.
    pub fn roster(&self, ask: Ask) -> Result<Roster> {
        let mut reading = Reading::open(self, ask)?;
        let (sender, pieces) = tokio::sync::mpsc::channel(4);
        std::thread::Builder::new()
            .name("members".to_owned())
            .spawn(move || {
                while let Some(piece) = reading.next() {
                    if matches!(&piece, Ok(piece) if piece.is_empty()) {
                        continue;
                    }
                    let broken = piece.is_err();
                    // Nobody listens any more, or nothing more can be read.
                    if sender.blocking_send(piece).is_err() || broken {
                        return;
                    }
                }
            })
            .map_err(Error::io("starting a thread"))?;
        Ok(Roster { pieces })
    }
}

/// The thread's side of a list.
struct Reading {
    who: Members,
    sources: Vec<Merge>,
    columns: Vec<Place>,
    tags: Vec<Vec<(String, Group)>>,
}

/// Where a chosen column is found: in which source and at which place there, or among the tags.
enum Place {
    Source(usize, usize),
    Tag(usize),
}

/// Batches of a file, and who of them is meant.
struct Members {
    batches: Box<dyn Iterator<Item = Result<RecordBatch>> + Send>,
    who: Who,
}

impl Reading {
    fn open(snapshot: &Snapshot, ask: Ask) -> Result<Reading> {
        let mut sources: Vec<(Vec<PathBuf>, Merge)> = Vec::new();
        let mut columns = Vec::with_capacity(ask.columns.len());
        for column in &ask.columns {
            let (paths, name) = match column {
                Source::Field(name) => (
                    snapshot.path_of(FEATURES).into_iter().collect::<Vec<_>>(),
                    name.as_str(),
                ),
                Source::Contact(name) => {
                    let parts = snapshot.parts_of("customers");
                    (parts.into_iter().map(|(_, path)| path).collect(), name.as_str())
                }
                Source::Label { labels, column } => (vec![snapshot.labels_file(labels)], *column),
                Source::Tag(place) => {
                    columns.push(Place::Tag(*place));
                    continue;
                }
            };
            let place = match sources.iter().position(|(known, _)| *known == paths) {
                Some(place) => place,
                None => {
                    let days = Days::new(snapshot.zone().clone(), ask.as_of);
                    sources.push((paths.clone(), Merge::new(paths, days)));
                    sources.len() - 1
                }
            };
            columns.push(Place::Source(place, sources[place].1.add(name)));
        }
        Ok(Reading {
            who: Members::open(snapshot, ask.who)?,
            sources: sources.into_iter().map(|(_, merge)| merge).collect(),
            columns,
            tags: ask.tags,
        })
    }

    /// The rows of the next customers; empty when none of them is meant.
    fn next(&mut self) -> Option<Result<Piece>> {
        let batch = self.who.batches.next()?;
        Some(batch.and_then(|batch| {
            let customers = members(&batch, &self.who.who)?;
            if customers.is_empty() {
                return Ok(Vec::new());
            }
            self.rows(&customers)
        }))
    }

    fn rows(&mut self, customers: &[u32]) -> Result<Piece> {
        let mut found: Vec<Vec<Vec<Value>>> = Vec::with_capacity(self.sources.len());
        for source in &mut self.sources {
            found.push(source.take(customers)?);
        }
        let rows = customers.iter().enumerate().map(|(row, customer)| {
            let value = |place: &Place| match place {
                Place::Source(source, column) => found[*source][*column][row].clone(),
                Place::Tag(tag) => tag_value(&self.tags[*tag], *customer),
            };
            self.columns.iter().map(value).collect()
        });
        Ok(rows.collect())
    }
}

fn tag_value(values: &[(String, Group)], customer: u32) -> Value {
    values
        .iter()
        .find(|(_, group)| group.contains(customer))
        .map_or(Value::Unknown, |(value, _)| Value::Text(value.clone()))
}

impl Members {
    fn open(snapshot: &Snapshot, who: Who) -> Result<Members> {
        let reader = match &who {
            Who::Group(_) => {
                let path = snapshot
                    .path_of(FEATURES)
                    .ok_or_else(|| Error::Ended("this version has no features".to_owned()))?;
                open(&path, &["customer_no"])?
            }
            Who::Run { labels, .. } => open(&snapshot.labels_file(labels), &["customer_no", "segment"])?,
        };
        let batches = Box::new(reader.map(|batch| batch.map_err(Error::from)));
        Ok(Members { batches, who })
    }
}

fn members(batch: &RecordBatch, who: &Who) -> Result<Vec<u32>> {
    let rows = Rows(batch);
    let numbers = rows.numbers("customer_no")?;
    Ok(match who {
        Who::Group(group) => numbers
            .values()
            .iter()
            .copied()
            .filter(|customer| group.contains(*customer))
            .collect(),
        Who::Run { segment: None, .. } => numbers.values().to_vec(),
        Who::Run {
            segment: Some(wanted), ..
        } => {
            let segments = rows.texts("segment")?;
            (0..rows.len())
                .filter(|row| text_at(&segments, *row) == Some(wanted))
                .map(|row| numbers.value(row))
                .collect()
        }
    })
}

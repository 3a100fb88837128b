//! The external ids of a group of customers, in pieces, so that a list of any length can leave without being held.

use crate::derive::FEATURES;
use crate::error::{Error, Result};
use crate::labels::{Group, open};
use crate::read::{Rows, text_at};
use crate::snapshot::Snapshot;
use datafusion::arrow::array::RecordBatch;

/// External ids by rising customer number. Holds a few pieces at most.
pub struct Ids {
    pieces: tokio::sync::mpsc::Receiver<Result<Vec<String>>>,
}

impl Ids {
    /// The next piece; `None` at the end. A piece may be empty.
    pub async fn next(&mut self) -> Option<Result<Vec<String>>> {
        self.pieces.recv().await
    }
}

impl Snapshot {
    /// The ids of a group as they are in this version.
    pub fn ids_of(&self, group: Group) -> Result<Ids> {
        let path = self
            .path_of(FEATURES)
            .ok_or_else(|| Error::Ended("this version has no features".to_owned()))?;
        let reader = open(&path, &["customer_no", "external_id"])?;
        let (sender, pieces) = tokio::sync::mpsc::channel(4);
        std::thread::Builder::new()
            .name("members".to_owned())
            .spawn(move || {
                for batch in reader {
                    let piece = batch.map_err(Error::from).and_then(|batch| piece(&batch, &group));
                    // Nobody listens any more.
                    if sender.blocking_send(piece).is_err() {
                        return;
                    }
                }
            })
            .map_err(Error::io("starting a thread"))?;
        Ok(Ids { pieces })
    }
}

fn piece(batch: &RecordBatch, group: &Group) -> Result<Vec<String>> {
    let rows = Rows(batch);
    let (numbers, ids) = (rows.numbers("customer_no")?, rows.texts("external_id")?);
    Ok((0..rows.len())
        .filter(|row| group.contains(numbers.value(*row)))
        .filter_map(|row| text_at(&ids, row).map(str::to_owned))
        .collect())
}

//! What the intake sends on: rows for the tables in pieces of a few megabytes, rejects to a file of their own, and the parts that new rows enter.

use super::copy::{Chunk, Rows, Target};
use super::tables::{PartRule, Table};
use crate::error::{Error, Result};
use crate::uploads::mapping::Reject;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use tokio::sync::mpsc;

/// A piece is sent when it is this large.
const PIECE_BYTES: usize = 4 << 20;
const MICROS_PER_DAY: i64 = 86_400_000_000;

pub struct Out {
    sender: mpsc::Sender<Chunk>,
    open: Vec<(Target, Rows)>,
    pub parts: BTreeMap<&'static str, BTreeSet<i32>>,
    /// Rows that went straight into each table.
    pub created: BTreeMap<&'static str, i64>,
    /// Tables that have rows to merge.
    pub staged: BTreeSet<&'static str>,
    last_part: (&'static str, i32),
    months: MonthOf,
    rejects: std::io::BufWriter<std::fs::File>,
    upload_id: i64,
}

impl Out {
    pub fn new(sender: mpsc::Sender<Chunk>, rejects: std::fs::File, upload_id: i64) -> Out {
        Out {
            sender,
            open: Vec::new(),
            parts: BTreeMap::new(),
            created: BTreeMap::new(),
            staged: BTreeSet::new(),
            last_part: ("", 0),
            months: MonthOf::default(),
            rejects: std::io::BufWriter::new(rejects),
            upload_id,
        }
    }

    /// The rows of a target, to write one more into.
    pub fn rows(&mut self, target: Target) -> &mut Rows {
        let at = match self.open.iter().position(|(open, _)| *open == target) {
            Some(at) => at,
            None => {
                self.open.push((target, Rows::default()));
                self.open.len() - 1
            }
        };
        &mut self.open[at].1
    }

    /// A row has gone straight into a table; `at` is its time where the table is split by months.
    pub fn note_created(&mut self, table: &'static Table, customer_no: i32, at: Option<i64>) {
        *self.created.entry(table.name).or_insert(0) += 1;
        let part = match table.part {
            PartRule::Zero => 0,
            PartRule::CustomerNo => customer_no / 1_000_000,
            PartRule::Month => at.map_or(-1, |micros| self.months.of(micros)),
        };
        if self.last_part != (table.name, part) {
            self.last_part = (table.name, part);
            self.parts.entry(table.name).or_default().insert(part);
        }
    }

    pub fn note_staged(&mut self, table: &'static Table) {
        self.staged.insert(table.name);
    }

    /// Sends what is large enough, or everything.
    pub fn flush(&mut self, everything: bool) -> Result<()> {
        for (target, rows) in &mut self.open {
            if rows.count > 0 && (everything || rows.bytes.len() >= PIECE_BYTES) {
                let rows = std::mem::take(rows);
                // The receiver is gone when the merge has failed or was cancelled; it knows why.
                self.sender
                    .blocking_send(Chunk { target: *target, rows })
                    .map_err(|_| Error::Cancelled)?;
            }
        }
        Ok(())
    }

    pub fn reject(&mut self, reject: &Reject) -> Result<()> {
        let mut rows = Rows {
            bytes: Vec::with_capacity(256),
            count: 0,
        };
        rows.begin(5);
        rows.int8(self.upload_id);
        rows.int8(reject.row);
        rows.text(reject.field.as_bytes());
        rows.text(reject.reason.as_bytes());
        rows.texts(&reject.cells);
        self.rejects.write_all(&rows.bytes)?;
        Ok(())
    }

    pub fn finish(mut self) -> Result<Written> {
        self.flush(true)?;
        self.rejects.flush()?;
        Ok(Written {
            parts: self.parts,
            created: self.created,
            staged: self.staged,
        })
    }
}

/// What went straight into the tables.
pub struct Written {
    pub parts: BTreeMap<&'static str, BTreeSet<i32>>,
    pub created: BTreeMap<&'static str, i64>,
    pub staged: BTreeSet<&'static str>,
}

/// The UTC month of a moment as the tables count it: year times twelve plus month, from 0.
#[derive(Default)]
struct MonthOf {
    known: Option<(i64, i32)>,
}

impl MonthOf {
    fn of(&mut self, micros: i64) -> i32 {
        let day = micros.div_euclid(MICROS_PER_DAY);
        if let Some((known, month)) = self.known
            && known == day
        {
            return month;
        }
        let month = month_of_day(day);
        self.known = Some((day, month));
        month
    }
}

/// `day` counts from 2000-01-01.
fn month_of_day(day: i64) -> i32 {
    use chrono::Datelike;
    let date = chrono::NaiveDate::from_num_days_from_ce_opt((day + 730_120) as i32).unwrap_or_default();
    date.year() * 12 + date.month0() as i32
}

#[cfg(test)]
mod tests {
    #[test]
    fn months_count_from_the_year_zero() {
        assert_eq!(super::month_of_day(0), 24_000);
        assert_eq!(super::month_of_day(-1), 23_999);
        assert_eq!(super::month_of_day(31), 24_001);
    }
}

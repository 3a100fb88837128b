//! Rows of an uploaded Parquet file. The warehouse ring reads it; here its cells become the rows that every other format has.

use super::header::Header;
use super::{BATCH_ROWS, MAX_COLUMNS, RawBatch, ReadProgress, RowFault, Rows, Source, after_row, refused};
use super::{MAX_ROW_BYTES, RawRow};
use crate::error::{Error, Result};
use std::fs::File;
use std::sync::atomic::Ordering;
use warehouse::uploaded::{ParquetRows, Unreadable};

pub fn open(file: File, progress: ReadProgress) -> Result<Source> {
    let rows = ParquetRows::open(file).map_err(unreadable)?;
    if rows.columns().len() > MAX_COLUMNS {
        return Err(refused(format!("The file has more than {MAX_COLUMNS} columns.")));
    }
    let size = rows.count();
    // A Parquet file says itself what its columns are called, also where that is a number.
    let columns = Header::named(rows.columns());
    let rows = Columnar {
        rows,
        batch_rows: BATCH_ROWS,
        rows_read: 0,
        progress: progress.clone(),
    };
    Ok(Source {
        encoding: "Parquet".to_owned(),
        delimiter: String::new(),
        sheets: Vec::new(),
        sheet: None,
        columns,
        rows: Box::new(rows),
        progress,
        size,
    })
}

struct Columnar {
    rows: ParquetRows,
    batch_rows: usize,
    rows_read: i64,
    progress: ReadProgress,
}

impl Rows for Columnar {
    fn limit_batch(&mut self, rows: usize) {
        self.batch_rows = rows.clamp(1, BATCH_ROWS);
    }

    fn next_batch(&mut self) -> Result<Option<RawBatch>> {
        let read = self.rows.next(self.batch_rows);
        let Some(cells) = read.map_err(|error| after_row(unreadable(error), self.rows_read))? else {
            return Ok(None);
        };
        let columns = self.rows.columns().len();
        let mut batch = RawBatch {
            first_row: self.rows_read + 1,
            bytes: cells.bytes,
            ends: cells.ends,
            rows: Vec::with_capacity(cells.rows),
        };
        for row in 0..cells.rows {
            let first = row * columns;
            let start = if first == 0 { 0 } else { batch.ends[first - 1] };
            let long = (batch.ends[first + columns - 1] - start) as usize > MAX_ROW_BYTES;
            batch.rows.push(RawRow {
                first_cell: first as u32,
                cells: if long { 0 } else { columns as u32 },
                fault: long.then_some(RowFault::TooLong),
            });
        }
        self.rows_read += cells.rows as i64;
        self.progress.bytes.store(self.rows_read as u64, Ordering::Relaxed);
        Ok(Some(batch))
    }
}

fn unreadable(error: Unreadable) -> Error {
    match error {
        Unreadable::Refused(reason) => refused(reason),
        Unreadable::Disk(error) => error.into(),
    }
}

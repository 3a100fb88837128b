//! What stands in an uploaded file, row by row, as text in UTF-8. Knows nothing of our fields: that is the mapping's work.
//!
//! A file is opened in three layers: bytes (plain, gzip, or a zip of one file), characters (the encoding), and rows. Another format is another
//! [`Rows`].

mod bytes;
mod delimited;
mod encoding;
#[cfg(test)]
mod tests;

use crate::error::{Error, Result};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use types::uploads::UploadOptions;

/// A row longer than this is not taken: most probably a quote was never closed.
const MAX_ROW_BYTES: usize = 4 << 20;
/// A file with more columns than this is not what it says.
pub const MAX_COLUMNS: usize = 2000;
/// The columns that a file of rejected rows has at its end. They are passed over when it is sent again.
pub const REJECT_COLUMNS: [&str; 3] = ["row", "field", "reason"];

/// Rows of a file, in order, in batches.
pub trait Rows: Send {
    /// The next rows, or `None` after the last.
    fn next_batch(&mut self) -> Result<Option<RawBatch>>;

    /// At most so many rows at once, for those who want to see many batches of a small file.
    fn limit_batch(&mut self, rows: usize);
}

/// An opened file: its shape, and its rows from the first data row on.
pub struct Source {
    pub encoding: String,
    /// As pages show it: `,` `;` `|` or `tab`.
    pub delimiter: String,
    /// The header, trimmed, made unique; blank names are `column 3`.
    pub columns: Vec<String>,
    pub rows: Box<dyn Rows>,
    pub progress: ReadProgress,
    /// Bytes of the stored file.
    pub size: u64,
}

/// How far the file has been read, for other threads to see.
#[derive(Clone, Default)]
pub struct ReadProgress {
    /// Bytes of the stored file.
    pub bytes: Arc<AtomicU64>,
    /// Set when something could not be decoded: rows with U+FFFD are then looked for.
    pub damaged: Arc<AtomicBool>,
}

impl ReadProgress {
    pub fn bytes_read(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }
}

/// Some rows; the cells lie one after another in `bytes`, which is UTF-8.
#[derive(Default)]
pub struct RawBatch {
    pub bytes: Vec<u8>,
    /// End of each cell in `bytes`.
    pub ends: Vec<u32>,
    pub rows: Vec<RawRow>,
    /// Number of the first row in the file, from 1.
    pub first_row: i64,
}

#[derive(Clone, Copy, Debug)]
pub struct RawRow {
    pub first_cell: u32,
    pub cells: u32,
    pub fault: Option<RowFault>,
}

/// Why a row cannot be taken whatever it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault {
    OpenQuote,
    TooLong,
    TooManyCells,
}

impl RowFault {
    pub fn reason(self) -> &'static str {
        match self {
            RowFault::OpenQuote => "a quote is opened and not closed until the end of the file",
            RowFault::TooLong => "the row is longer than 4 MB; probably a quote was not closed",
            RowFault::TooManyCells => "the row has more than 2000 cells; is the delimiter right?",
        }
    }
}

impl RawBatch {
    /// Start and end of a cell in `bytes`; a cell that the row lacks is empty.
    pub fn span(&self, row: usize, column: usize) -> (usize, usize) {
        let row = self.rows[row];
        if column >= row.cells as usize {
            return (0, 0);
        }
        let cell = row.first_cell as usize + column;
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] as usize };
        (start, self.ends[cell] as usize)
    }

    pub fn cell(&self, row: usize, column: usize) -> &[u8] {
        let (start, end) = self.span(row, column);
        &self.bytes[start..end]
    }

    /// The cells of a row as text, for the file of rejected rows.
    pub fn texts(&self, row: usize, columns: usize) -> Vec<String> {
        (0..columns)
            .map(|column| String::from_utf8_lossy(self.cell(row, column)).into_owned())
            .collect()
    }
}

/// Opens a file: finds out its encoding and delimiter where the options do not say, and reads its header.
pub fn open(path: &Path, options: &UploadOptions) -> Result<Source> {
    let progress = ReadProgress::default();
    let plain = bytes::open(path, progress.bytes.clone())?;
    let text = encoding::decode(plain, options.encoding.as_deref(), progress.damaged.clone())?;
    let encoding = text.name.clone();
    let (columns, delimiter, rows) = delimited::open(text, options.delimiter.as_deref())?;
    let size = std::fs::metadata(path)?.len();
    Ok(Source {
        encoding,
        delimiter,
        columns,
        rows: Box::new(rows),
        progress,
        size,
    })
}

/// The refusal of a file as a whole, with what to do about it.
pub(super) fn refused(reason: impl Into<String>) -> Error {
    Error::invalid("file", reason)
}

//! What stands in an uploaded file, row by row, as text in UTF-8. Knows nothing of our fields: that is the mapping's work.
//!
//! `bytes` says what a file is and unpacks it. Text then gets its characters (`encoding`) and its rows (`delimited`, or `lines` for widths and
//! blanks); spreadsheets (`sheets`) and Parquet (`columnar`) bring rows of their own. Another format is another [`Rows`]. Whatever the bytes
//! are, reading ends, stays small, and says at which byte or row it could not go on.

mod archive;
mod bytes;
mod columnar;
mod delimited;
mod division;
mod encoding;
mod header;
mod lines;
mod sheets;
#[cfg(test)]
mod tests;

use self::bytes::Contents;
use self::division::Division;
use crate::error::{Error, Result};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use types::uploads::UploadOptions;

/// Rows and bytes of a batch: large enough to make the work per batch small, small enough to keep memory flat.
const BATCH_ROWS: usize = 8192;
const BATCH_BYTES: usize = 1 << 20;
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
    /// As pages show it: `UTF-8`, `GB18030`, …, or the format where the characters are not ours to choose: `XLSX`, `XLS`, `ODS`, `Parquet`.
    pub encoding: String,
    /// As pages show it: `,` `;` `|` `tab` `blanks` or `widths`; empty where cells are not divided by characters.
    pub delimiter: String,
    /// The sheets of a workbook, in its order; empty for other files.
    pub sheets: Vec<String>,
    /// The sheet that is read.
    pub sheet: Option<String>,
    /// The header, trimmed, made unique; blank names are `column 3`.
    pub columns: Vec<String>,
    pub rows: Box<dyn Rows>,
    pub progress: ReadProgress,
    /// What `progress.bytes` will be at the end.
    pub size: u64,
}

/// How far the file has been read, for other threads to see.
#[derive(Clone, Default)]
pub struct ReadProgress {
    /// Bytes of the part of the stored file that holds the rows; rows, where bytes cannot be told.
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
    LeftOfTable,
    BrokenCell,
}

impl RowFault {
    pub fn reason(self) -> &'static str {
        match self {
            RowFault::OpenQuote => "a quote is opened and not closed until the end of the file",
            RowFault::TooLong => "the row is longer than 4 MB; probably a quote was not closed",
            RowFault::TooManyCells => "the row has more than 2000 cells; is the delimiter right?",
            RowFault::LeftOfTable => "the row has a cell to the left of the table",
            RowFault::BrokenCell => "a cell points at a text that the workbook does not have",
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

    /// Appends a cell to the row that is being written.
    fn push_cell(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
    }

    /// Ends the row that is being written; of a row with a fault nothing is kept.
    fn end_row(&mut self, fault: Option<RowFault>) {
        let first_cell = self.rows.last().map_or(0, |row| row.first_cell + row.cells);
        if fault.is_some() {
            self.ends.truncate(first_cell as usize);
            self.bytes.truncate(self.ends.last().map_or(0, |end| *end as usize));
        }
        self.rows.push(RawRow {
            first_cell,
            cells: self.ends.len() as u32 - first_cell,
            fault,
        });
    }

    /// The cells of a row as text, for the file of rejected rows.
    pub fn texts(&self, row: usize, columns: usize) -> Vec<String> {
        (0..columns)
            .map(|column| String::from_utf8_lossy(self.cell(row, column)).into_owned())
            .collect()
    }
}

/// Opens a file: finds out its format, encoding, division into cells and sheet where the options do not say, and reads its header.
pub fn open(path: &Path, options: &UploadOptions) -> Result<Source> {
    let progress = ReadProgress::default();
    match bytes::open(path, &progress)? {
        Contents::Text { plain, size } => {
            let text = encoding::decode(plain, options.encoding.as_deref(), progress.damaged.clone())?;
            open_text(text, options, progress, size)
        }
        Contents::Workbook(workbook) => sheets::open(workbook, options, progress),
        Contents::Parquet(file) => columnar::open(file, progress),
    }
}

fn open_text(mut text: encoding::Text, options: &UploadOptions, progress: ReadProgress, size: u64) -> Result<Source> {
    let mut head = Vec::new();
    text.read_more(&mut head)?;
    division::refuse_markup(&head)?;
    let division = match Division::wanted(options)? {
        Some(wanted) => wanted,
        None => Division::sniff(&head),
    };
    let (encoding, delimiter) = (text.name.clone(), division.shown().to_owned());
    let (columns, rows): (_, Box<dyn Rows>) = match division {
        Division::Byte(delimiter) => delimited::open(text, head, delimiter)?,
        Division::Blanks | Division::Widths(_) => lines::open(text, head, division)?,
    };
    Ok(Source {
        encoding,
        delimiter,
        sheets: Vec::new(),
        sheet: None,
        columns,
        rows,
        progress,
        size,
    })
}

/// The refusal of a file as a whole, with what to do about it.
pub(super) fn refused(reason: impl Into<String>) -> Error {
    Error::invalid("file", reason)
}

/// Adds to the refusal of a file how far it could be read.
fn after_row(error: Error, rows: i64) -> Error {
    match error {
        Error::Invalid(mut problems) => {
            for problem in problems.iter_mut().filter(|problem| problem.field == "file") {
                problem.reason.push_str(&match rows {
                    0 => " No row could be read.".to_owned(),
                    rows => format!(" The last row that could be read was row {rows}."),
                });
            }
            Error::Invalid(problems)
        }
        other => other,
    }
}

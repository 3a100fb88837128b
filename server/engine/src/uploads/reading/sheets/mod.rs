//! Workbooks: which sheet holds the table, where on the sheet it lies, and its rows as text. The formats (`xlsx`, `xls`, `ods`) bring rows of
//! cells; nothing here knows them. Formulas are never run: a cell is the value that the workbook keeps of it.

mod biff;
mod compound;
mod ods;
mod values;
mod xls;
mod xlsx;
mod xml;

use self::ods::Ods;
use self::xls::Xls;
use self::xlsx::Xlsx;
use super::archive::{Archive, unpacked_limit};
use super::header::Header;
use super::{
    BATCH_BYTES, BATCH_ROWS, MAX_COLUMNS, MAX_ROW_BYTES, RawBatch, ReadProgress, RowFault, Rows, Source, after_row,
    refused,
};
use crate::error::{Error, Result};
use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use types::uploads::UploadOptions;

/// Rows and bytes at the top of a sheet that decide where its table lies.
const SAMPLE_ROWS: usize = 256;
const SAMPLE_BYTES: usize = 1 << 20;
/// Texts of a workbook that are held in memory while it is read.
const MAX_TEXT_BYTES: usize = 256 << 20;

pub enum Workbook {
    Xlsx(Box<Xlsx>),
    Xls(Box<Xls>),
    Ods(Box<Ods>),
}

/// A kind of workbook that is a zip archive.
pub enum Packed {
    Xlsx,
    Ods,
}

pub struct SheetName {
    name: String,
    hidden: bool,
}

/// The rows of a sheet from the top.
pub trait Grid: Send {
    /// Fills in the next row; `false` after the last. Rows without cells may be left out.
    fn next_row(&mut self, row: &mut GridRow) -> Result<bool>;
}

/// The cells of a row that hold something, in any order.
#[derive(Clone, Default)]
pub struct GridRow {
    text: Vec<u8>,
    /// Column, start and end in `text`.
    cells: Vec<(u32, u32, u32)>,
    is_too_long: bool,
    /// A cell cannot be read.
    is_broken: bool,
}

impl GridRow {
    fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        (self.is_too_long, self.is_broken) = (false, false);
    }

    fn push(&mut self, column: u32, text: &[u8]) {
        if text.trim_ascii().is_empty() {
            return;
        }
        if self.text.len() + text.len() > MAX_ROW_BYTES {
            self.is_too_long = true;
            return;
        }
        let start = self.text.len() as u32;
        self.text.extend_from_slice(text);
        self.cells.push((column, start, self.text.len() as u32));
    }

    fn is_empty(&self) -> bool {
        self.cells.is_empty() && !self.is_too_long && !self.is_broken
    }

    fn first(&self) -> Option<u32> {
        self.cells.iter().map(|(column, ..)| *column).min()
    }

    fn last(&self) -> Option<u32> {
        self.cells.iter().map(|(column, ..)| *column).max()
    }
}

/// Many texts, one after another.
#[derive(Default)]
pub struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &[u8]) -> Result<()> {
        if self.bytes.len() + 4 * self.ends.len() + text.len() > MAX_TEXT_BYTES {
            return Err(refused(format!(
                "The workbook holds more than {} MB of text, which is the most that is read. Save the sheet as CSV (UTF-8) and upload that.",
                MAX_TEXT_BYTES >> 20
            )));
        }
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        Ok(())
    }

    fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        Some(&self.bytes[start..end])
    }
}

impl Workbook {
    /// What kind of workbook a zip archive is; `None` when it is none. Documents that are no workbooks are refused.
    pub fn of_archive(archive: &Archive) -> Result<Option<Packed>> {
        let has = |name: &str| archive.entry(name).is_some();
        let within = |folder: &str| archive.entries().iter().any(|entry| entry.name.starts_with(folder));
        if has("[Content_Types].xml") {
            return if has("xl/workbook.bin") {
                Err(refused(
                    "This is a binary workbook (XLSB). Save it as XLSX and upload that.",
                ))
            } else if within("word/") || within("ppt/") || within("visio/") {
                Err(refused(
                    "This is a document, not a spreadsheet. Copy its table into a spreadsheet and upload that.",
                ))
            } else {
                Ok(Some(Packed::Xlsx))
            };
        }
        if has("content.xml") && has("mimetype") {
            return if ods::is_spreadsheet(archive)? {
                Ok(Some(Packed::Ods))
            } else {
                Err(refused(
                    "This is a document, not a spreadsheet. Copy its table into a spreadsheet and upload that.",
                ))
            };
        }
        if within("Index/") && (has("Index/Document.iwa") || has("Index.zip")) {
            return Err(refused(
                "This is a Numbers document. Export it as XLSX or CSV and upload that.",
            ));
        }
        Ok(None)
    }

    pub fn of_compound(file: File) -> Result<Workbook> {
        Ok(Workbook::Xls(Box::new(Xls::open(file)?)))
    }

    fn format(&self) -> &'static str {
        match self {
            Workbook::Xlsx(_) => "XLSX",
            Workbook::Xls(_) => "XLS",
            Workbook::Ods(_) => "ODS",
        }
    }

    fn sheets(&self) -> &[SheetName] {
        match self {
            Workbook::Xlsx(workbook) => &workbook.sheets,
            Workbook::Xls(workbook) => &workbook.sheets,
            Workbook::Ods(workbook) => &workbook.sheets,
        }
    }

    fn grid(&self, sheet: usize, counter: Arc<AtomicU64>) -> Result<Box<dyn Grid>> {
        match self {
            Workbook::Xlsx(workbook) => workbook.grid(sheet, counter),
            Workbook::Xls(workbook) => workbook.grid(sheet),
            Workbook::Ods(workbook) => workbook.grid(sheet, counter),
        }
    }

    /// What the counter of a grid will be at its end.
    fn size(&self, sheet: usize) -> u64 {
        match self {
            Workbook::Xlsx(workbook) => workbook.size(sheet),
            Workbook::Xls(_) => 0,
            Workbook::Ods(workbook) => workbook.size(),
        }
    }
}

impl Packed {
    pub fn open(self, archive: Archive) -> Result<Workbook> {
        Ok(match self {
            Packed::Xlsx => Workbook::Xlsx(Box::new(Xlsx::open(archive)?)),
            Packed::Ods => Workbook::Ods(Box::new(Ods::open(archive)?)),
        })
    }
}

pub fn open(workbook: Workbook, options: &UploadOptions, progress: ReadProgress) -> Result<Source> {
    let names: Vec<String> = workbook.sheets().iter().map(|sheet| sheet.name.clone()).collect();
    let sheet = match options.sheet.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(wanted) => named(&names, wanted)?,
        None => first_table(&workbook)?,
    };
    let size = workbook.size(sheet);
    let top = Top::read(workbook.grid(sheet, progress.bytes.clone())?)?;
    let Some((header, rows)) = top.table(size)? else {
        return Err(refused(format!("The sheet \u{201c}{}\u{201d} is empty.", names[sheet])));
    };
    Ok(Source {
        encoding: workbook.format().to_owned(),
        delimiter: String::new(),
        sheet: Some(names[sheet].clone()),
        sheets: names,
        columns: header.columns,
        rows: Box::new(rows),
        progress,
        size,
    })
}

fn named(names: &[String], wanted: &str) -> Result<usize> {
    let exact = names.iter().position(|name| name == wanted);
    let lower = wanted.to_lowercase();
    let alike = || names.iter().position(|name| name.trim().to_lowercase() == lower);
    exact.or_else(alike).ok_or_else(|| {
        Error::invalid(
            "options.sheet",
            format!(
                "The workbook has no sheet \u{201c}{wanted}\u{201d}; it has {}.",
                names.join(", ")
            ),
        )
    })
}

/// The first sheet that has a header and rows, those that are shown before those that are hidden.
fn first_table(workbook: &Workbook) -> Result<usize> {
    let sheets = workbook.sheets();
    let mut order: Vec<usize> = (0..sheets.len()).collect();
    order.sort_by_key(|sheet| sheets[*sheet].hidden);
    let mut with_header = None;
    for sheet in order {
        let top = Top::read(workbook.grid(sheet, Arc::default())?)?;
        match top.rows.len() {
            0 => {}
            1 => with_header = with_header.or(Some(sheet)),
            _ => return Ok(sheet),
        }
    }
    with_header.ok_or_else(|| refused("The workbook holds no table: all its sheets are empty."))
}

/// The first rows of a sheet that hold something.
struct Top {
    grid: Box<dyn Grid>,
    rows: VecDeque<GridRow>,
}

impl Top {
    fn read(mut grid: Box<dyn Grid>) -> Result<Top> {
        let (mut rows, mut bytes) = (VecDeque::new(), 0);
        while rows.len() < SAMPLE_ROWS && bytes < SAMPLE_BYTES {
            let mut row = GridRow::default();
            if !grid.next_row(&mut row)? {
                break;
            }
            if !row.is_empty() {
                bytes += row.text.len();
                rows.push_back(row);
            }
        }
        Ok(Top { grid, rows })
    }

    /// The header and the rows below it. A title above the table, one or two cells where the table has many, is passed over; the table begins
    /// at the first column that is used.
    fn table(mut self, packed: u64) -> Result<Option<(Header, SheetRows)>> {
        let widest = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let is_title = |row: &GridRow| row.cells.len() <= 2 && row.cells.len() * 3 <= widest;
        while self.rows.front().is_some_and(is_title) {
            self.rows.pop_front();
        }
        let first = self.rows.iter().filter_map(GridRow::first).min();
        let last = self.rows.iter().filter_map(GridRow::last).max();
        let (Some(first), Some(last), Some(top)) = (first, last, self.rows.pop_front()) else {
            return Ok(None);
        };
        let mut rows = SheetRows {
            grid: self.grid,
            waiting: self.rows,
            first,
            batch_rows: BATCH_ROWS,
            rows_read: 0,
            given: 0,
            limit: unpacked_limit(packed),
        };
        let mut batch = RawBatch::default();
        rows.write(&top, &mut batch);
        if let Some(fault) = batch.rows[0].fault {
            return Err(refused(format!("The header cannot be read: {}.", fault.reason())));
        }
        let mut cells = batch.texts(0, batch.rows[0].cells as usize);
        cells.resize(((last - first) as usize + 1).min(MAX_COLUMNS), String::new());
        let header = Header::of(&cells);
        if header.is_data {
            rows.waiting.push_front(top);
        }
        Ok(Some((header, rows)))
    }
}

struct SheetRows {
    grid: Box<dyn Grid>,
    /// Rows that were read to find the table.
    waiting: VecDeque<GridRow>,
    /// The first column of the table.
    first: u32,
    batch_rows: usize,
    rows_read: i64,
    /// Bytes of text so far. One text may stand in many cells, so that a small workbook can be long.
    given: u64,
    limit: u64,
}

impl SheetRows {
    fn write(&self, row: &GridRow, batch: &mut RawBatch) {
        let mut cells = row.cells.clone();
        cells.sort_by_key(|(column, ..)| *column);
        let fault = if row.is_too_long {
            Some(RowFault::TooLong)
        } else if row.is_broken {
            Some(RowFault::BrokenCell)
        } else if cells.first().is_some_and(|(column, ..)| *column < self.first) {
            Some(RowFault::LeftOfTable)
        } else if cells
            .last()
            .is_some_and(|(column, ..)| (*column - self.first) as usize >= MAX_COLUMNS)
        {
            Some(RowFault::TooManyCells)
        } else {
            None
        };
        let mut next = self.first;
        for (column, start, end) in cells.into_iter().filter(|_| fault.is_none()) {
            // Two values for one cell: the first stands.
            if column < next {
                continue;
            }
            for _ in next..column {
                batch.push_cell(b"");
            }
            batch.push_cell(&row.text[start as usize..end as usize]);
            next = column + 1;
        }
        batch.end_row(fault);
    }
}

impl Rows for SheetRows {
    fn limit_batch(&mut self, rows: usize) {
        self.batch_rows = rows.clamp(1, BATCH_ROWS);
    }

    fn next_batch(&mut self) -> Result<Option<RawBatch>> {
        let mut batch = RawBatch {
            first_row: self.rows_read + 1,
            ..RawBatch::default()
        };
        let mut row = GridRow::default();
        while batch.rows.len() < self.batch_rows && batch.bytes.len() < BATCH_BYTES {
            if let Some(waiting) = self.waiting.pop_front() {
                self.write(&waiting, &mut batch);
                continue;
            }
            let there = self
                .grid
                .next_row(&mut row)
                .map_err(|error| after_row(error, self.rows_read + batch.rows.len() as i64))?;
            if !there {
                break;
            }
            if !row.is_empty() {
                self.write(&row, &mut batch);
            }
        }
        self.rows_read += batch.rows.len() as i64;
        self.given += batch.bytes.len() as u64;
        if self.given > self.limit {
            return Err(after_row(
                refused(
                    "The workbook unpacks to far more than its size; it was not read any further. Upload the sheet as CSV.",
                ),
                self.rows_read,
            ));
        }
        Ok(if batch.rows.is_empty() { None } else { Some(batch) })
    }
}

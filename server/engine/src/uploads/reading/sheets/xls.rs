//! XLS: records of the formats BIFF5 and BIFF8 in a compound file (Microsoft, MS-XLS). The file is held in memory while it is read, which is why
//! there is a largest one; what it says about its own sizes is not believed.

use super::biff::{Book, Pieces, Records, f64_at, of_code_page, rk};
use super::compound::{Compound, u16_at, u32_at};
use super::values::{Look, push_number};
use super::{Grid, GridRow, SheetName, Texts};
use crate::error::Result;
use crate::uploads::reading::refused;
use encoding_rs::WINDOWS_1252;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// The largest file that is read. Sheets of XLS end at 65,536 rows, so that real ones stay far below.
const LARGEST: u64 = 128 << 20;
/// Cells that one record can stand for are counted against this, sheet by sheet: 65,536 rows of 256 columns.
const MAX_CELLS: usize = 1 << 24;

pub struct Xls {
    stream: Vec<u8>,
    pub sheets: Vec<SheetName>,
    /// Where the records of each sheet begin.
    starts: Vec<usize>,
    shared: Arc<Shared>,
    book: Book,
}

struct Shared {
    texts: Texts,
    looks: Vec<Look>,
    from_1904: bool,
}

impl Xls {
    pub fn open(file: File) -> Result<Xls> {
        if file.metadata()?.len() > LARGEST {
            return Err(refused(format!(
                "This XLS file is larger than {} MB, which is the most that is read. Save it as XLSX or CSV.",
                LARGEST >> 20
            )));
        }
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes)?;
        let compound = Compound::open(&bytes)?;
        if compound.has("EncryptedPackage") {
            return Err(locked());
        }
        let stream = match compound.stream("Workbook")? {
            Some(stream) => stream,
            None => match compound.stream("Book")? {
                Some(stream) => stream,
                None if compound.has("WordDocument") || compound.has("PowerPoint Document") => {
                    return Err(refused(
                        "This is a document, not a spreadsheet. Copy its table into a spreadsheet and upload that.",
                    ));
                }
                None => {
                    return Err(refused(
                        "This Office file holds no workbook. Save the table as XLSX or CSV.",
                    ));
                }
            },
        };
        drop(compound);
        Xls::read_globals(stream)
    }

    /// What stands before the sheets: their names, the texts and the formats that they share.
    fn read_globals(stream: Vec<u8>) -> Result<Xls> {
        let mut book = Book {
            is_wide: true,
            encoding: WINDOWS_1252,
        };
        let (mut sheets, mut starts, mut texts) = (Vec::new(), Vec::new(), Texts::default());
        let (mut own, mut formats, mut from_1904) = (HashMap::new(), Vec::new(), false);
        let mut records = Records { stream: &stream, at: 0 };
        while let Some((kind, data)) = records.next() {
            match kind {
                0x0809 => book.is_wide = u16_at(data, 0) != Some(0x0500),
                0x0042 => book.encoding = of_code_page(u16_at(data, 0).unwrap_or(0)),
                0x002f => return Err(locked()),
                0x0022 => from_1904 = u16_at(data, 0) == Some(1),
                0x041e => {
                    if let Some(id) = u16_at(data, 0) {
                        let code = book.text(data.get(2..).unwrap_or_default(), if book.is_wide { 2 } else { 1 });
                        own.insert(u32::from(id), Look::of_code(&code));
                    }
                }
                0x00e0 => formats.push(u32::from(u16_at(data, 2).unwrap_or(0))),
                0x0085 => {
                    // Charts and macros have sheets of their own kind.
                    if let (Some(start), Some([visible, 0])) = (u32_at(data, 0), data.get(4..6)) {
                        let name = book.text(data.get(6..).unwrap_or_default(), 1);
                        let hidden = visible & 3 != 0;
                        sheets.push(SheetName { name, hidden });
                        starts.push(start as usize);
                    }
                }
                0x00fc => texts = shared_texts(records.pieces(data))?,
                0x000a => break,
                _ => {}
            }
        }
        let looks = formats
            .into_iter()
            .map(|id| own.get(&id).copied().unwrap_or_else(|| Look::of_builtin(id)))
            .collect();
        let shared = Arc::new(Shared {
            texts,
            looks,
            from_1904,
        });
        Ok(Xls {
            stream,
            sheets,
            starts,
            shared,
            book,
        })
    }

    pub fn grid(&self, sheet: usize) -> Result<Box<dyn Grid>> {
        let mut cells = self.cells(self.starts[sheet])?;
        // Most writers put the rows in order, not all of them.
        if !cells.list.is_sorted_by_key(|cell| (cell.row, cell.column)) {
            cells.list.sort_by_key(|cell| (cell.row, cell.column));
        }
        Ok(Box::new(Rows {
            cells,
            shared: self.shared.clone(),
            at: 0,
        }))
    }

    fn cells(&self, start: usize) -> Result<Cells> {
        let mut cells = Cells::default();
        let mut records = Records {
            stream: &self.stream,
            at: start,
        };
        // Charts inside a sheet have records of their own between a beginning and an end.
        let mut depth = 0usize;
        let mut formula = None;
        while let Some((kind, data)) = records.next() {
            match kind {
                0x0809 => depth += 1,
                0x000a if depth <= 1 => break,
                0x000a => depth -= 1,
                _ if depth > 1 => {}
                0x0207 => {
                    if let Some(place) = formula.take() {
                        let pieces = records.pieces(data);
                        let text = if self.book.is_wide {
                            String::from_utf16_lossy(&Pieces::new(pieces).string().unwrap_or_default())
                        } else {
                            self.book.text(data, 2)
                        };
                        cells.push_text(place, &text)?;
                    }
                }
                _ => {
                    if let Some(place) = Place::of(data) {
                        self.cell(kind, data, place, &mut cells, &mut formula)?;
                    }
                }
            }
            if cells.list.len() > MAX_CELLS {
                return Err(refused(
                    "The sheet has more cells than an XLS file can have. Save it as XLSX or CSV.",
                ));
            }
        }
        Ok(cells)
    }

    /// Takes what one record says. A formula whose value is a text says so, and the text follows in a record of its own.
    fn cell(&self, kind: u16, data: &[u8], place: Place, cells: &mut Cells, formula: &mut Option<Place>) -> Result<()> {
        match kind {
            0x0203 => cells.push_number(place, f64_at(data, 6)),
            0x027e => cells.push_number(place, u32_at(data, 6).map(rk)),
            0x00bd => {
                for (offset, pair) in data[4..].chunks_exact(6).enumerate() {
                    let format = u16_at(pair, 0).unwrap_or(0);
                    let column = place.column.saturating_add(offset as u16);
                    cells.push_number(
                        Place {
                            column,
                            format,
                            ..place
                        },
                        u32_at(pair, 2).map(rk),
                    );
                }
            }
            0x00fd => {
                if let Some(index) = u32_at(data, 6) {
                    cells.push(place, Value::Shared(index));
                }
            }
            0x0204 | 0x00d6 => cells.push_text(place, &self.book.text(data.get(6..).unwrap_or_default(), 2))?,
            0x0205 => {
                if let Some([value, is_error]) = data.get(6..8) {
                    cells.push(
                        place,
                        if *is_error == 1 {
                            Value::Error(*value)
                        } else {
                            Value::Boolean(*value != 0)
                        },
                    );
                }
            }
            0x0006 => {
                *formula = None;
                match data.get(6..14) {
                    Some([0, .., 0xff, 0xff]) => *formula = Some(place),
                    Some([1, _, value, .., 0xff, 0xff]) => cells.push(place, Value::Boolean(*value != 0)),
                    Some([2, _, value, .., 0xff, 0xff]) => cells.push(place, Value::Error(*value)),
                    Some([.., 0xff, 0xff]) => {}
                    _ => cells.push_number(place, f64_at(data, 6)),
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn locked() -> crate::error::Error {
    refused("The workbook is locked with a password. Save it without one.")
}

fn shared_texts(pieces: Vec<&[u8]>) -> Result<Texts> {
    let mut texts = Texts::default();
    let mut pieces = Pieces::new(pieces);
    if pieces.skip(8).is_some() {
        while let Some(text) = pieces.string() {
            texts.push(String::from_utf16_lossy(&text).as_bytes())?;
        }
    }
    Ok(texts)
}

/// Where a cell lies and which format it has.
#[derive(Clone, Copy)]
struct Place {
    row: u16,
    column: u16,
    format: u16,
}

impl Place {
    fn of(data: &[u8]) -> Option<Place> {
        Some(Place {
            row: u16_at(data, 0)?,
            column: u16_at(data, 2)?,
            format: u16_at(data, 4)?,
        })
    }
}

/// The cells of a sheet in the order of the file.
#[derive(Default)]
struct Cells {
    list: Vec<Cell>,
    texts: Texts,
}

struct Cell {
    row: u16,
    column: u16,
    format: u16,
    value: Value,
}

enum Value {
    Number(f64),
    /// Among the texts of the workbook.
    Shared(u32),
    /// Among the texts of the sheet.
    Own(u32),
    Boolean(bool),
    Error(u8),
}

impl Cells {
    fn push(&mut self, place: Place, value: Value) {
        self.list.push(Cell {
            row: place.row,
            column: place.column,
            format: place.format,
            value,
        });
    }

    fn push_number(&mut self, place: Place, number: Option<f64>) {
        if let Some(number) = number {
            self.push(place, Value::Number(number));
        }
    }

    fn push_text(&mut self, place: Place, text: &str) -> Result<()> {
        self.texts.push(text.as_bytes())?;
        self.push(place, Value::Own(self.texts.ends.len() as u32 - 1));
        Ok(())
    }
}

struct Rows {
    cells: Cells,
    shared: Arc<Shared>,
    at: usize,
}

impl Grid for Rows {
    fn next_row(&mut self, row: &mut GridRow) -> Result<bool> {
        row.clear();
        let Some(first) = self.cells.list.get(self.at) else {
            return Ok(false);
        };
        let number = first.row;
        while let Some(cell) = self.cells.list.get(self.at).filter(|cell| cell.row == number) {
            let column = u32::from(cell.column);
            match &cell.value {
                Value::Number(value) => {
                    let look = self.shared.looks.get(usize::from(cell.format)).copied();
                    let mut text = Vec::new();
                    push_number(&mut text, *value, look.unwrap_or(Look::Plain), self.shared.from_1904);
                    row.push(column, &text);
                }
                Value::Shared(index) => match self.shared.texts.get(*index as usize) {
                    Some(text) => row.push(column, text),
                    None => row.is_broken = true,
                },
                Value::Own(index) => row.push(column, self.cells.texts.get(*index as usize).unwrap_or_default()),
                Value::Boolean(value) => row.push(column, if *value { b"true" } else { b"false" }),
                Value::Error(code) => row.push(column, error(*code).as_bytes()),
            }
            self.at += 1;
        }
        Ok(true)
    }
}

fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

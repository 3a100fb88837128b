//! XLS: records of the formats BIFF5 and BIFF8 in a compound file (Microsoft, MS-XLS). The file is held in memory while it is read, which is why
//! there is a largest one; what it says about its own sizes is not believed.

use super::compound::{Compound, u16_at, u32_at};
use super::values::{Look, push_number};
use super::{Grid, GridRow, SheetName, Texts};
use crate::error::Result;
use crate::uploads::reading::refused;
use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_1252};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// The largest file that is read. Sheets of XLS end at 65,536 rows, so that real ones stay far below.
const LARGEST: u64 = 128 << 20;
/// Cells that one record can stand for are counted against this, sheet by sheet: 65,536 rows of 256 columns.
const MAX_CELLS: usize = 1 << 24;

const CONTINUE: u16 = 0x3c;

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

/// How texts are written.
#[derive(Clone, Copy)]
struct Book {
    /// BIFF8: characters of UTF-16; before that, bytes in the encoding of the workbook.
    is_wide: bool,
    encoding: &'static Encoding,
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

fn of_code_page(number: u16) -> &'static Encoding {
    match number {
        932 => SHIFT_JIS,
        936 => GBK,
        949 => EUC_KR,
        950 => BIG5,
        10000 | 32768 => MACINTOSH,
        65001 => UTF_8,
        other => Encoding::for_label(format!("windows-{other}").as_bytes()).unwrap_or(WINDOWS_1252),
    }
}

/// Whole numbers and hundredths in four bytes, or the upper half of a number of eight.
fn rk(word: u32) -> f64 {
    let value = if word & 2 == 0 {
        f64::from_bits(u64::from(word & !3) << 32)
    } else {
        f64::from(word as i32 >> 2)
    };
    if word & 1 == 0 { value } else { value / 100.0 }
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    let word = bytes.get(at..at.checked_add(8)?)?;
    Some(f64::from_le_bytes(word.try_into().ok()?))
}

impl Book {
    /// A text behind its length of one or two bytes, within one record.
    fn text(&self, data: &[u8], length_bytes: usize) -> String {
        let length = match length_bytes {
            1 => data.first().map(|byte| usize::from(*byte)),
            _ => u16_at(data, 0).map(usize::from),
        };
        let (Some(length), Some(rest)) = (length, data.get(length_bytes..)) else {
            return String::new();
        };
        if !self.is_wide {
            return self.encoding.decode(&rest[..length.min(rest.len())]).0.into_owned();
        }
        let mut pieces = Pieces::new(vec![rest]);
        let wide = pieces.byte().is_some_and(|flags| flags & 1 == 1);
        String::from_utf16_lossy(&pieces.characters(length, wide).unwrap_or_default())
    }
}

/// The records of a stream: kind and bytes.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (u16_at(self.stream, self.at)?, u16_at(self.stream, self.at + 2)?);
        let start = self.at + 4;
        let data = self.stream.get(start..start + usize::from(length))?;
        self.at = start + usize::from(length);
        Some((kind, data))
    }

    /// A record and those that continue it.
    fn pieces(&mut self, first: &'a [u8]) -> Vec<&'a [u8]> {
        let mut pieces = vec![first];
        loop {
            let before = self.at;
            match self.next() {
                Some((CONTINUE, more)) => pieces.push(more),
                _ => {
                    self.at = before;
                    return pieces;
                }
            }
        }
    }
}

/// Reads on from one record into the next that continues it.
struct Pieces<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Pieces<'a> {
    fn new(pieces: Vec<&'a [u8]>) -> Pieces<'a> {
        Pieces {
            pieces,
            piece: 0,
            at: 0,
        }
    }

    /// What is left of the present record; goes on to the next when nothing is.
    fn rest(&mut self) -> Option<&'a [u8]> {
        while self.at >= self.pieces.get(self.piece)?.len() {
            self.piece += 1;
            self.at = 0;
        }
        Some(&self.pieces[self.piece][self.at..])
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.rest()?.first()?;
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let step = self.rest()?.len().min(bytes);
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// Characters, of one byte or two. Where they go over into the next record, it begins by saying of how many.
    fn characters(&mut self, count: usize, mut wide: bool) -> Option<Vec<u16>> {
        let mut units = Vec::with_capacity(count.min(1 << 15));
        while units.len() < count {
            if self.at >= self.pieces.get(self.piece)?.len() {
                self.piece += 1;
                self.at = 0;
                wide = self.byte()? & 1 == 1;
            }
            let rest = &self.pieces.get(self.piece)?[self.at..];
            let left = count - units.len();
            let size = if wide { 2 } else { 1 };
            let take = left.min(rest.len() / size);
            if take == 0 && !rest.is_empty() {
                return None;
            }
            if wide {
                units.extend(
                    rest[..take * 2]
                        .chunks_exact(2)
                        .map(|pair| u16::from_le_bytes([pair[0], pair[1]])),
                );
            } else {
                units.extend(rest[..take].iter().map(|byte| u16::from(*byte)));
            }
            self.at += take * size;
        }
        Some(units)
    }

    /// A text with its length of two bytes, without what it says of fonts and reading aids.
    fn string(&mut self) -> Option<Vec<u16>> {
        let (count, flags) = (usize::from(self.word()?), self.byte()?);
        let fonts = if flags & 8 != 0 { usize::from(self.word()?) } else { 0 };
        let aids = match flags & 4 {
            0 => 0,
            _ => u32::from_le_bytes([self.byte()?, self.byte()?, self.byte()?, self.byte()?]) as usize,
        };
        let text = self.characters(count, flags & 1 == 1)?;
        self.skip(4 * fonts + aids)?;
        Some(text)
    }
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

//! ODS: a zip whose part `content.xml` holds all sheets, one after another. It is read as it unpacks; cells and rows that the file writes once
//! and repeats are repeated here, never beyond what a row may hold.

use super::super::archive::{Archive, Plain};
use super::super::encoding::unreadable;
use super::super::{MAX_COLUMNS, MAX_ROW_BYTES, refused};
use super::values::{Look, is_plain, push_number};
use super::xml::{Tag, Token, Xml};
use super::{Grid, GridRow, SheetName};
use crate::error::Result;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

const PART: &str = "content.xml";

pub struct Ods {
    archive: Archive,
    pub sheets: Vec<SheetName>,
}

pub fn is_spreadsheet(archive: &Archive) -> Result<bool> {
    let Some(entry) = archive.entry("mimetype") else {
        return Ok(false);
    };
    let mut kind = String::new();
    let plain = archive.read(entry, Arc::default())?;
    plain.take(200).read_to_string(&mut kind).map_err(unreadable)?;
    Ok(kind.contains("opendocument.spreadsheet"))
}

impl Ods {
    pub fn open(archive: Archive) -> Result<Ods> {
        if let Some(manifest) = archive.entry("META-INF/manifest.xml") {
            let mut xml = Xml::new("manifest.xml", archive.read(manifest, Arc::default())?);
            while let Some(token) = xml.next_token()? {
                if matches!(token, Token::Open(tag) if tag.name == "encryption-data") {
                    return Err(refused("The workbook is locked with a password. Save it without one."));
                }
            }
        }
        let mut xml = content(&archive, Arc::default())?;
        let (mut sheets, mut depth) = (Vec::new(), 0usize);
        while let Some(token) = xml.next_token()? {
            match token {
                Token::Open(tag) if tag.name == "table" => {
                    depth += 1;
                    if depth == 1 {
                        let name = tag.attribute("table:name").unwrap_or_default().into_owned();
                        sheets.push(SheetName { name, hidden: false });
                    }
                }
                Token::Close("table") => depth = depth.saturating_sub(1),
                _ => {}
            }
            if sheets.len() > 10_000 {
                return Err(refused("The workbook has more than 10,000 sheets."));
            }
        }
        Ok(Ods { archive, sheets })
    }

    /// The packed bytes of all sheets.
    pub fn size(&self) -> u64 {
        self.archive.entry(PART).map_or(0, |entry| entry.packed)
    }

    pub fn grid(&self, sheet: usize, counter: Arc<AtomicU64>) -> Result<Box<dyn Grid>> {
        Ok(Box::new(Rows {
            xml: content(&self.archive, counter)?,
            before: sheet + 1,
            depth: 0,
            repeated: None,
            ended: false,
        }))
    }
}

fn content(archive: &Archive, counter: Arc<AtomicU64>) -> Result<Xml> {
    let Some(entry) = archive.entry(PART) else {
        return Err(refused("The workbook is damaged: it has no part content.xml."));
    };
    let plain: Plain = archive.read(entry, counter)?;
    Ok(Xml::new(PART, plain))
}

/// The rows of one sheet.
struct Rows {
    xml: Xml,
    /// Sheets that begin before the rows do, the wanted one included.
    before: usize,
    /// Tables within tables.
    depth: usize,
    /// A row that comes so many times more.
    repeated: Option<(GridRow, u32)>,
    ended: bool,
}

/// The cell that is being read.
#[derive(Default)]
struct Cell {
    times: u32,
    /// What its attributes say it holds.
    value: Option<Value>,
    formula: String,
    text: String,
    paragraphs: usize,
}

enum Value {
    Number(String),
    Said(String),
    /// The paragraphs inside the cell.
    Text,
}

impl Grid for Rows {
    fn next_row(&mut self, row: &mut GridRow) -> Result<bool> {
        row.clear();
        if let Some((again, left)) = &mut self.repeated {
            row.clone_from(again);
            *left -= 1;
            if *left == 0 {
                self.repeated = None;
            }
            return Ok(true);
        }
        if self.ended {
            return Ok(false);
        }
        let (mut times, mut column) = (1u32, 0u32);
        let mut cell: Option<Cell> = None;
        // Notes and pictures inside a cell are not its text.
        let mut beside = 0usize;
        let mut in_paragraph = 0usize;
        while let Some(token) = self.xml.next_token()? {
            match token {
                Token::Open(tag) => match tag.name {
                    "table" => {
                        self.depth += 1;
                        if self.depth == 1 {
                            self.before = self.before.saturating_sub(1);
                        }
                    }
                    _ if self.before > 0 || self.depth != 1 => {}
                    "table-row" => (times, column) = (count(&tag, "table:number-rows-repeated"), 0),
                    "table-cell" | "covered-table-cell" if cell.is_none() => cell = Some(begin(&tag)),
                    "annotation" | "frame" | "custom-shape" | "note" | "object" => beside += 1,
                    _ if beside > 0 => {}
                    name => {
                        if let Some(cell) = &mut cell {
                            content_of(cell, name, &tag, &mut in_paragraph);
                        }
                    }
                },
                Token::Close(name) => match name {
                    "table" => {
                        self.depth = self.depth.saturating_sub(1);
                        if self.depth == 0 && self.before == 0 {
                            self.ended = true;
                            return Ok(false);
                        }
                    }
                    _ if self.before > 0 || self.depth != 1 => {}
                    "annotation" | "frame" | "custom-shape" | "note" | "object" => beside = beside.saturating_sub(1),
                    "p" if beside == 0 => in_paragraph = in_paragraph.saturating_sub(1),
                    "table-cell" | "covered-table-cell" => {
                        if let Some(cell) = cell.take() {
                            column = finish(&cell, column, row);
                        }
                        (beside, in_paragraph) = (0, 0);
                    }
                    "table-row" if !row.is_empty() => {
                        if times > 1 {
                            self.repeated = Some((row.clone(), times - 1));
                        }
                        return Ok(true);
                    }
                    _ => {}
                },
                Token::Text(text) => {
                    if let Some(cell) = &mut cell
                        && beside == 0
                        && in_paragraph > 0
                        && cell.text.len() <= MAX_ROW_BYTES
                    {
                        cell.text.push_str(&text);
                    }
                }
            }
        }
        self.ended = true;
        Err(refused(
            "The workbook is damaged: its sheet ends in the middle. Save it again in a spreadsheet program, or as CSV.",
        ))
    }
}

fn count(tag: &Tag<'_>, name: &str) -> u32 {
    tag.attribute(name)
        .and_then(|value| value.parse::<u32>().ok())
        .unwrap_or(1)
        .clamp(1, 1 << 20)
}

fn begin(tag: &Tag<'_>) -> Cell {
    let mut cell = Cell {
        times: 1,
        ..Cell::default()
    };
    let (mut kind, mut said) = (String::new(), None);
    for (name, value) in tag.attributes() {
        match name {
            "office:value-type" => kind = value.into_owned(),
            "office:value" => said = Some(value.into_owned()),
            "office:date-value" | "office:time-value" | "office:boolean-value" | "office:string-value" => {
                said.get_or_insert(value.into_owned());
            }
            "table:formula" => cell.formula = value.into_owned(),
            "table:number-columns-repeated" => cell.times = count(tag, name),
            _ => {}
        }
    }
    cell.value = match (kind.as_str(), said) {
        ("float" | "currency" | "percentage", Some(number)) => Some(Value::Number(number)),
        ("time", Some(time)) => Some(Value::Said(clock(&time).unwrap_or(time))),
        ("date", Some(date)) => Some(Value::Said(date.replacen('T', " ", 1))),
        ("boolean", Some(word)) => Some(Value::Said(word)),
        ("string", Some(text)) if !text.is_empty() => Some(Value::Said(text)),
        ("", _) => None,
        _ => Some(Value::Text),
    };
    cell
}

/// `PT08H26M00S` as `08:26:00`.
fn clock(duration: &str) -> Option<String> {
    let (hours, rest) = duration.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let whole = seconds.split(['.', ',']).next()?;
    Some(format!("{hours:0>2}:{minutes:0>2}:{whole:0>2}"))
}

fn content_of(cell: &mut Cell, name: &str, tag: &Tag<'_>, in_paragraph: &mut usize) {
    match name {
        "p" => {
            *in_paragraph += 1;
            if *in_paragraph == 1 {
                cell.paragraphs += 1;
                if cell.paragraphs > 1 {
                    cell.text.push('\n');
                }
            }
        }
        _ if *in_paragraph == 0 || cell.text.len() > MAX_ROW_BYTES => {}
        "s" => (0..count(tag, "text:c").min(MAX_ROW_BYTES as u32)).for_each(|_| cell.text.push(' ')),
        "tab" => cell.text.push('\t'),
        "line-break" => cell.text.push('\n'),
        _ => {}
    }
}

/// Writes the cell as often as it is repeated; the column after it.
fn finish(cell: &Cell, column: u32, row: &mut GridRow) -> u32 {
    let mut text = Vec::new();
    match &cell.value {
        Some(Value::Number(number)) if is_plain(number) => text.extend_from_slice(number.as_bytes()),
        Some(Value::Number(number)) => match number.parse() {
            Ok(value) => push_number(&mut text, value, Look::Plain, false),
            Err(_) => text.extend_from_slice(number.as_bytes()),
        },
        Some(Value::Said(said)) => text.extend_from_slice(said.as_bytes()),
        Some(Value::Text) => text.extend_from_slice(cell.text.as_bytes()),
        // A formula that nobody has worked out yet stands as it is.
        None if cell.text.is_empty() && !cell.formula.is_empty() => {
            let formula = cell
                .formula
                .split_once('=')
                .map_or(cell.formula.as_str(), |(_, formula)| formula);
            text.extend_from_slice(format!("={formula}").as_bytes());
        }
        None => text.extend_from_slice(cell.text.as_bytes()),
    }
    if !text.trim_ascii().is_empty() {
        for place in (column..column.saturating_add(cell.times)).take(MAX_COLUMNS + 1) {
            row.push(place, &text);
        }
    }
    column.saturating_add(cell.times)
}

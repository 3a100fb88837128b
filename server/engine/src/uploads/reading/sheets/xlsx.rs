//! XLSX: a zip of XML parts. The rows of a sheet are read as they unpack; only the shared texts are held in memory, up to a limit.

use super::super::archive::{Archive, Plain};
use super::super::{MAX_ROW_BYTES, refused};
use super::values::{Look, is_plain, push_number};
use super::xml::{Tag, Token, Xml};
use super::{Grid, GridRow, SheetName, Texts};
use crate::error::Result;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Number formats of cells; a workbook cannot have more.
const MAX_FORMATS: usize = 65_536;

pub struct Xlsx {
    archive: Archive,
    pub sheets: Vec<SheetName>,
    /// The part of each sheet.
    parts: Vec<String>,
    shared: Arc<Shared>,
}

/// What all sheets share.
struct Shared {
    texts: Texts,
    looks: Vec<Look>,
    from_1904: bool,
}

impl Xlsx {
    pub fn open(archive: Archive) -> Result<Xlsx> {
        let workbook = match relations(&archive, "_rels/.rels", "")?
            .into_values()
            .find(|(kind, _)| kind == "officeDocument")
        {
            Some((_, part)) => part,
            None => "xl/workbook.xml".to_owned(),
        };
        let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let parts = relations(&archive, &format!("{folder}/_rels/{file}.rels"), folder)?;
        let of_kind = |wanted: &str| {
            parts
                .values()
                .find(|(kind, _)| kind == wanted)
                .map(|(_, part)| part.as_str())
        };
        let (names, from_1904) = sheets(&archive, &workbook, &parts)?;
        if names.is_empty() {
            return Err(refused("The workbook is damaged: it names no sheets."));
        }
        let shared = Shared {
            looks: looks(&archive, of_kind("styles"))?,
            texts: texts(&archive, of_kind("sharedStrings"))?,
            from_1904,
        };
        let (sheets, parts) = names.into_iter().unzip();
        Ok(Xlsx {
            archive,
            sheets,
            parts,
            shared: Arc::new(shared),
        })
    }

    /// The packed bytes of a sheet.
    pub fn size(&self, sheet: usize) -> u64 {
        self.archive.entry(&self.parts[sheet]).map_or(0, |entry| entry.packed)
    }

    pub fn grid(&self, sheet: usize, counter: Arc<AtomicU64>) -> Result<Box<dyn Grid>> {
        let part = &self.parts[sheet];
        let Some(entry) = self.archive.entry(part) else {
            return Err(refused(format!("The workbook is damaged: it has no part {part}.")));
        };
        Ok(Box::new(Rows {
            xml: Xml::new(part, self.archive.read(entry, counter)?),
            shared: self.shared.clone(),
            inside: false,
            ended: false,
        }))
    }
}

/// A part of the workbook; `None` when it has none of this name.
fn part(archive: &Archive, name: &str) -> Result<Option<Xml>> {
    let Some(entry) = archive.entry(name) else {
        return Ok(None);
    };
    let plain: Plain = archive.read(entry, Arc::default())?;
    Ok(Some(Xml::new(name, plain)))
}

/// Id → kind of relation and part that it leads to.
fn relations(archive: &Archive, name: &str, folder: &str) -> Result<HashMap<String, (String, String)>> {
    let mut found = HashMap::new();
    let Some(mut xml) = part(archive, name.trim_start_matches('/'))? else {
        return Ok(found);
    };
    while let Some(token) = xml.next_token()? {
        let Token::Open(tag) = token else { continue };
        if tag.name != "Relationship" {
            continue;
        }
        let (id, kind, target) = (tag.attribute("Id"), tag.attribute("Type"), tag.attribute("Target"));
        if let (Some(id), Some(kind), Some(target)) = (id, kind, target) {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            found.insert(id.into_owned(), (kind, joined(folder, &target)));
            if found.len() > MAX_FORMATS {
                return Err(refused("The workbook has too many parts."));
            }
        }
    }
    Ok(found)
}

fn joined(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

type Sheets = Vec<(SheetName, String)>;

fn sheets(archive: &Archive, name: &str, parts: &HashMap<String, (String, String)>) -> Result<(Sheets, bool)> {
    let Some(mut xml) = part(archive, name)? else {
        return Err(refused(format!("The workbook is damaged: it has no part {name}.")));
    };
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    while let Some(token) = xml.next_token()? {
        let Token::Open(tag) = token else { continue };
        match tag.name {
            "workbookPr" => {
                if let Some(value) = tag.attribute("date1904") {
                    from_1904 = matches!(&*value, "1" | "true");
                }
            }
            "sheet" => {
                let relation = tag.attributes().find(|(key, _)| key.ends_with(":id") || *key == "id");
                let found = relation.and_then(|(_, id)| parts.get(&*id));
                if let (Some(name), Some((kind, part))) = (tag.attribute("name"), found)
                    && kind == "worksheet"
                {
                    let hidden = tag.attribute("state").is_some_and(|state| state != "visible");
                    let name = name.into_owned();
                    sheets.push((SheetName { name, hidden }, part.clone()));
                }
            }
            _ => {}
        }
        if sheets.len() > 10_000 {
            return Err(refused("The workbook has more than 10,000 sheets."));
        }
    }
    Ok((sheets, from_1904))
}

/// How each cell format shows numbers.
fn looks(archive: &Archive, name: Option<&str>) -> Result<Vec<Look>> {
    let mut looks = Vec::new();
    let Some(mut xml) = name.map_or(Ok(None), |name| part(archive, name))? else {
        return Ok(looks);
    };
    let mut own: HashMap<u32, Look> = HashMap::new();
    let mut in_cells = false;
    while let Some(token) = xml.next_token()? {
        match token {
            Token::Open(tag) if tag.name == "numFmt" => {
                let id = tag.attribute("numFmtId").and_then(|id| id.parse().ok());
                if let (Some(id), Some(code)) = (id, tag.attribute("formatCode"))
                    && own.len() < MAX_FORMATS
                {
                    own.insert(id, Look::of_code(&code));
                }
            }
            Token::Open(tag) if tag.name == "cellXfs" => in_cells = true,
            Token::Close("cellXfs") => in_cells = false,
            Token::Open(tag) if tag.name == "xf" && in_cells && looks.len() < MAX_FORMATS => {
                let id: u32 = tag.attribute("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                looks.push(own.get(&id).copied().unwrap_or_else(|| Look::of_builtin(id)));
            }
            _ => {}
        }
    }
    Ok(looks)
}

fn texts(archive: &Archive, name: Option<&str>) -> Result<Texts> {
    let mut texts = Texts::default();
    let Some(mut xml) = name.map_or(Ok(None), |name| part(archive, name))? else {
        return Ok(texts);
    };
    let (mut text, mut in_text, mut reading_aid) = (String::new(), false, false);
    while let Some(token) = xml.next_token()? {
        match token {
            Token::Open(tag) => match tag.name {
                "si" => text.clear(),
                "t" => in_text = !reading_aid,
                "rPh" => reading_aid = true,
                _ => {}
            },
            Token::Close("t") => in_text = false,
            Token::Close("rPh") => reading_aid = false,
            Token::Close("si") => texts.push(unescaped(&text).as_bytes())?,
            Token::Close(_) => {}
            Token::Text(piece) if in_text && text.len() <= MAX_ROW_BYTES => text.push_str(&piece),
            Token::Text(_) => {}
        }
    }
    Ok(texts)
}

/// Characters that XML cannot hold are written as `_x000D_`.
fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let code = rest.get(2..7).filter(|code| code.ends_with('_'));
        match code
            .and_then(|code| u32::from_str_radix(&code[..4], 16).ok())
            .and_then(char::from_u32)
        {
            Some(character) => {
                plain.push(character);
                rest = &rest[7..];
            }
            None => {
                plain.push_str("_x");
                rest = &rest[2..];
            }
        }
    }
    plain.push_str(rest);
    plain.into()
}

/// The rows of one sheet.
struct Rows {
    xml: Xml,
    shared: Arc<Shared>,
    /// Inside the data of the sheet.
    inside: bool,
    ended: bool,
}

/// What stands in a cell's value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Boolean,
    Text,
}

/// The cell that is being read.
struct Open {
    column: u32,
    kind: Kind,
    look: Look,
    value: String,
    formula: String,
    has_value: bool,
}

/// Which element of the cell a text belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Value,
    Formula,
    ReadingAid,
}

impl Grid for Rows {
    fn next_row(&mut self, row: &mut GridRow) -> Result<bool> {
        row.clear();
        if self.ended {
            return Ok(false);
        }
        let mut cell = Open {
            column: 0,
            kind: Kind::Number,
            look: Look::Plain,
            value: String::new(),
            formula: String::new(),
            has_value: false,
        };
        let (mut next_column, mut in_cell, mut within, mut whole) = (0u32, false, Within::Nothing, false);
        while let Some(token) = self.xml.next_token()? {
            match token {
                Token::Open(tag) => match tag.name {
                    "sheetData" => self.inside = true,
                    "c" if self.inside => {
                        begin(&tag, &mut cell, next_column, &self.shared.looks);
                        next_column = cell.column.saturating_add(1);
                        in_cell = true;
                    }
                    "v" | "t" if in_cell && within == Within::Nothing => {
                        within = Within::Value;
                        cell.has_value = true;
                    }
                    "f" if in_cell => within = Within::Formula,
                    "rPh" if in_cell => within = Within::ReadingAid,
                    _ => {}
                },
                Token::Close(name) => match name {
                    "v" | "t" if within == Within::Value => within = Within::Nothing,
                    "f" if within == Within::Formula => within = Within::Nothing,
                    "rPh" if within == Within::ReadingAid => within = Within::Nothing,
                    "c" if in_cell => {
                        finish(&cell, row, &self.shared);
                        in_cell = false;
                        within = Within::Nothing;
                    }
                    "row" if self.inside => {
                        if !row.is_empty() {
                            return Ok(true);
                        }
                        next_column = 0;
                    }
                    "sheetData" => {
                        whole = !in_cell;
                        break;
                    }
                    _ => {}
                },
                Token::Text(text) => match within {
                    Within::Value if cell.value.len() <= MAX_ROW_BYTES => cell.value.push_str(&text),
                    Within::Formula if cell.formula.len() <= MAX_ROW_BYTES => cell.formula.push_str(&text),
                    _ => {}
                },
            }
        }
        self.ended = true;
        if whole {
            self.xml.finish()?;
            return Ok(!row.is_empty());
        }
        if self.inside {
            return Err(refused(
                "The workbook is damaged: its sheet ends in the middle. Save it again in a spreadsheet program, or as CSV.",
            ));
        }
        Ok(false)
    }
}

fn begin(tag: &Tag<'_>, cell: &mut Open, next_column: u32, looks: &[Look]) {
    cell.value.clear();
    cell.formula.clear();
    (cell.column, cell.kind, cell.look, cell.has_value) = (next_column, Kind::Number, Look::Plain, false);
    for (name, value) in tag.attributes() {
        match name {
            "r" => cell.column = column(&value).unwrap_or(next_column),
            "s" => {
                let format = value.parse::<usize>().ok().and_then(|at| looks.get(at));
                cell.look = format.copied().unwrap_or(Look::Plain);
            }
            "t" => {
                cell.kind = match &*value {
                    "s" => Kind::Shared,
                    "b" => Kind::Boolean,
                    "n" => Kind::Number,
                    _ => Kind::Text,
                }
            }
            _ => {}
        }
    }
}

/// The column of `BC12`, from 0.
fn column(place: &str) -> Option<u32> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.fold(0u32, |number, letter| {
        number
            .saturating_mul(26)
            .saturating_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    number.checked_sub(1)
}

fn finish(cell: &Open, row: &mut GridRow, shared: &Shared) {
    // A formula that no spreadsheet program has worked out yet stands as it is, so that it is seen; nothing ever runs it. One whose value is
    // the empty text says that its value is a text.
    let is_open = cell.kind == Kind::Number || !cell.has_value;
    if cell.value.is_empty() && !cell.formula.is_empty() && is_open {
        row.push(cell.column, format!("={}", cell.formula).as_bytes());
        return;
    }
    let value = cell.value.as_str();
    match cell.kind {
        Kind::Text => row.push(cell.column, unescaped(value).as_bytes()),
        Kind::Boolean => {
            let word = match value.trim() {
                "1" => "true",
                "0" => "false",
                other => other,
            };
            row.push(cell.column, word.as_bytes());
        }
        Kind::Shared => match value.trim().parse().ok().and_then(|at| shared.texts.get(at)) {
            Some(text) => row.push(cell.column, text),
            None if value.is_empty() => {}
            None => row.is_broken = true,
        },
        Kind::Number => {
            let value = value.trim();
            if cell.look == Look::Plain && is_plain(value) {
                row.push(cell.column, value.as_bytes());
                return;
            }
            match value.parse::<f64>() {
                Ok(number) => {
                    let mut text = Vec::new();
                    push_number(&mut text, number, cell.look, shared.from_1904);
                    row.push(cell.column, &text);
                }
                Err(_) => row.push(cell.column, value.as_bytes()),
            }
        }
    }
}

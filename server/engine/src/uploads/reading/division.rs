//! How the lines of a text divide into cells: what the person said, else what fits most lines.

use super::{MAX_COLUMNS, refused};
use crate::error::{Error, Result};
use types::uploads::UploadOptions;

/// Lines that are looked at.
const LINES: usize = 60;
/// The widest column of fixed width, in characters.
const WIDEST: u32 = 100_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Division {
    /// A character between the cells; cells may be quoted.
    Byte(u8),
    /// Runs of blanks and tabs between the cells.
    Blanks,
    /// Columns of so many characters each.
    Widths(Vec<u32>),
}

impl Division {
    /// What the options say, if they do.
    pub fn wanted(options: &UploadOptions) -> Result<Option<Division>> {
        if let Some(widths) = options.widths.as_ref().filter(|widths| !widths.is_empty()) {
            if widths.len() > MAX_COLUMNS || widths.iter().any(|width| !(1..=WIDEST).contains(width)) {
                return Err(Error::invalid(
                    "options.widths",
                    format!("has up to {MAX_COLUMNS} widths, each from 1 to {WIDEST} characters."),
                ));
            }
            return Ok(Some(Division::Widths(widths.clone())));
        }
        let Some(name) = options.delimiter.as_deref().filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        match name {
            "\t" | "tab" | "\\t" => Ok(Some(Division::Byte(b'\t'))),
            "," | "comma" => Ok(Some(Division::Byte(b','))),
            ";" | "semicolon" => Ok(Some(Division::Byte(b';'))),
            "|" | "bar" | "pipe" => Ok(Some(Division::Byte(b'|'))),
            " " | "blank" | "blanks" | "space" | "spaces" => Ok(Some(Division::Blanks)),
            "widths" => Err(Error::invalid(
                "options.widths",
                "are needed for columns of fixed width.",
            )),
            other => Err(Error::invalid(
                "options.delimiter",
                format!("\u{201c}{other}\u{201d} is none of , ; | tab and blanks."),
            )),
        }
    }

    /// As pages show it.
    pub fn shown(&self) -> &'static str {
        match self {
            Division::Byte(b'\t') => "tab",
            Division::Byte(b';') => ";",
            Division::Byte(b'|') => "|",
            Division::Byte(_) => ",",
            Division::Blanks => "blanks",
            Division::Widths(_) => "widths",
        }
    }

    /// The delimiter that splits most lines into as many cells as the header has, and into most cells. Blanks only where no other stands in
    /// the header and they split the lines evenly.
    pub fn sniff(sample: &[u8]) -> Division {
        let score = |delimiter: u8| {
            let lines = counts(sample, delimiter);
            let header = lines.first().copied().unwrap_or(0);
            let alike = lines.iter().filter(|count| **count == header).count();
            if header == 0 {
                (0, 0)
            } else {
                (alike * 10 / lines.len(), header)
            }
        };
        let best = [b';', b'\t', b'|', b',']
            .map(|delimiter| (score(delimiter), delimiter))
            .into_iter()
            .max_by_key(|(score, delimiter)| (*score, *delimiter == b','));
        match best {
            Some(((_, header), delimiter)) if header > 0 => Division::Byte(delimiter),
            _ if divides_evenly(sample) => Division::Blanks,
            _ => Division::Byte(b','),
        }
    }
}

/// How often the delimiter stands outside quotes, line by line.
fn counts(sample: &[u8], delimiter: u8) -> Vec<usize> {
    let (mut lines, mut count, mut quoted, mut empty) = (Vec::new(), 0usize, false, true);
    for byte in sample {
        match *byte {
            b'\n' | b'\r' if !quoted => {
                if !empty {
                    lines.push(count);
                }
                (count, empty) = (0, true);
                if lines.len() == LINES {
                    return lines;
                }
                continue;
            }
            b'"' => quoted = !quoted,
            other if other == delimiter && !quoted => count += 1,
            _ => {}
        }
        empty = false;
    }
    if lines.is_empty() {
        lines.push(count);
    }
    lines
}

/// Words of sentences come in any number; three columns in three lines, or two in ten, are a table.
fn divides_evenly(sample: &[u8]) -> bool {
    let whole = match sample.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(end) => &sample[..end],
        None => return false,
    };
    let cells: Vec<usize> = whole
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .map(|line| {
            line.split(|byte| matches!(byte, b' ' | b'\t'))
                .filter(|cell| !cell.is_empty())
                .count()
        })
        .filter(|cells| *cells > 0)
        .take(LINES)
        .collect();
    let Some(columns) = cells.first() else { return false };
    let alike = cells.iter().filter(|count| *count == columns).count();
    alike * 20 >= cells.len() * 19 && ((*columns >= 3 && cells.len() >= 3) || (*columns == 2 && cells.len() >= 10))
}

/// Web pages and XML under the name of a spreadsheet are common; read as text they would be a table of tags.
pub fn refuse_markup(sample: &[u8]) -> Result<()> {
    let start: String = String::from_utf8_lossy(&sample[..sample.len().min(400)])
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .chars()
        .take(14)
        .collect::<String>()
        .to_ascii_lowercase();
    if ["<!doctype html", "<html", "<table", "<?xml", "<head"]
        .iter()
        .any(|tag| start.starts_with(tag))
    {
        return Err(refused(
            "This is a web page or an XML document, whatever its name says. Open it in a spreadsheet program and save it as XLSX or CSV.",
        ));
    }
    Ok(())
}

//! Rows of plain lines: columns of fixed width, or columns with runs of blanks between them. A line break always ends a row here.

use super::division::Division;
use super::encoding::Text;
use super::header::Header;
use super::{BATCH_BYTES, BATCH_ROWS, MAX_COLUMNS, MAX_ROW_BYTES, RawBatch, RowFault, Rows, after_row, refused};
use crate::error::Result;

struct Lines {
    text: Text,
    division: Division,
    input: Vec<u8>,
    at: usize,
    exhausted: bool,
    /// The last line ended with a carriage return, whose line feed may still come.
    after_return: bool,
    /// The first line, when it is data.
    first: Option<Vec<u8>>,
    batch_rows: usize,
    rows_read: i64,
}

pub fn open(text: Text, input: Vec<u8>, division: Division) -> Result<(Vec<String>, Box<dyn Rows>)> {
    let mut lines = Lines {
        text,
        division,
        input,
        at: 0,
        exhausted: false,
        after_return: false,
        first: None,
        batch_rows: BATCH_ROWS,
        rows_read: 0,
    };
    let mut line = Vec::new();
    let mut names = RawBatch::default();
    loop {
        match lines.next_line(&mut line)? {
            Line::End => return Err(refused("The file has no header: it holds no text.")),
            Line::TooLong => {
                return Err(refused(format!(
                    "The header cannot be read: {}.",
                    RowFault::TooLong.reason()
                )));
            }
            Line::Text if line.trim_ascii().is_empty() => {}
            Line::Text => break,
        }
    }
    let fault = lines.split(&line, &mut names);
    names.end_row(fault);
    if let Some(fault) = fault {
        return Err(refused(format!("The header cannot be read: {}.", fault.reason())));
    }
    let header = Header::of(&names.texts(0, names.rows[0].cells as usize));
    if header.is_data {
        lines.first = Some(line);
    }
    Ok((header.columns, Box::new(lines)))
}

enum Line {
    Text,
    /// Passed over to its end.
    TooLong,
    End,
}

impl Lines {
    fn next_line(&mut self, line: &mut Vec<u8>) -> Result<Line> {
        line.clear();
        let mut too_long = false;
        loop {
            if self.at == self.input.len() {
                self.input.clear();
                self.at = 0;
                while self.input.is_empty() && !self.exhausted {
                    self.exhausted = !self.text.read_more(&mut self.input)?;
                }
                if self.input.is_empty() {
                    return Ok(match (too_long, line.is_empty()) {
                        (true, _) => Line::TooLong,
                        (false, true) => Line::End,
                        (false, false) => Line::Text,
                    });
                }
            }
            if std::mem::take(&mut self.after_return) && self.input[self.at] == b'\n' {
                self.at += 1;
                continue;
            }
            let rest = &self.input[self.at..];
            let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let piece = &rest[..end.unwrap_or(rest.len())];
            if line.len() + piece.len() > MAX_ROW_BYTES {
                too_long = true;
                line.clear();
            }
            if !too_long {
                line.extend_from_slice(piece);
            }
            self.at += piece.len();
            if end.is_some() {
                self.after_return = self.input[self.at] == b'\r';
                self.at += 1;
                return Ok(if too_long { Line::TooLong } else { Line::Text });
            }
        }
    }

    fn split(&self, line: &[u8], batch: &mut RawBatch) -> Option<RowFault> {
        match &self.division {
            Division::Widths(widths) => by_widths(line, widths, batch),
            _ => by_blanks(line, batch),
        }
    }
}

/// What is left behind the last column is one cell more, so that wrong widths are seen.
fn by_widths(line: &[u8], widths: &[u32], batch: &mut RawBatch) -> Option<RowFault> {
    let mut rest = line;
    for width in widths {
        if rest.is_empty() {
            return None;
        }
        let end = characters(rest, *width as usize);
        batch.push_cell(&rest[..end]);
        rest = &rest[end..];
    }
    if !rest.trim_ascii().is_empty() {
        batch.push_cell(rest);
    }
    None
}

/// Bytes of the first so many characters.
fn characters(text: &[u8], count: usize) -> usize {
    text.iter()
        .enumerate()
        .filter(|(_, byte)| (**byte as i8) >= -0x40)
        .nth(count)
        .map_or(text.len(), |(at, _)| at)
}

fn by_blanks(line: &[u8], batch: &mut RawBatch) -> Option<RowFault> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut rest = line;
    let mut cells = 0;
    loop {
        rest = &rest[rest.iter().position(|byte| !blank(byte)).unwrap_or(rest.len())..];
        if rest.is_empty() {
            return None;
        }
        cells += 1;
        if cells > MAX_COLUMNS {
            return Some(RowFault::TooManyCells);
        }
        if rest[0] == b'"' {
            let Some((text, after)) = quoted(&rest[1..]) else {
                return Some(RowFault::OpenQuote);
            };
            batch.push_cell(&text);
            rest = after;
        } else {
            let end = rest.iter().position(blank).unwrap_or(rest.len());
            batch.push_cell(&rest[..end]);
            rest = &rest[end..];
        }
    }
}

/// The text up to the closing quote, and what follows it.
fn quoted(rest: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut text = Vec::new();
    let mut at = 0;
    loop {
        let end = at + rest[at..].iter().position(|byte| *byte == b'"')?;
        text.extend_from_slice(&rest[at..end]);
        if rest.get(end + 1) != Some(&b'"') {
            return Some((text, &rest[end + 1..]));
        }
        text.push(b'"');
        at = end + 2;
    }
}

impl Rows for Lines {
    fn limit_batch(&mut self, rows: usize) {
        self.batch_rows = rows.clamp(1, BATCH_ROWS);
    }

    fn next_batch(&mut self) -> Result<Option<RawBatch>> {
        let mut batch = RawBatch {
            first_row: self.rows_read + 1,
            ..RawBatch::default()
        };
        let mut line = Vec::new();
        if let Some(first) = self.first.take() {
            let fault = self.split(&first, &mut batch);
            batch.end_row(fault);
        }
        while batch.rows.len() < self.batch_rows && batch.bytes.len() < BATCH_BYTES {
            let read = self
                .next_line(&mut line)
                .map_err(|error| after_row(error, self.rows_read + batch.rows.len() as i64))?;
            let fault = match read {
                Line::End => break,
                Line::TooLong => Some(RowFault::TooLong),
                Line::Text if line.trim_ascii().is_empty() => continue,
                Line::Text => self.split(&line, &mut batch),
            };
            batch.end_row(fault);
        }
        self.rows_read += batch.rows.len() as i64;
        Ok(if batch.rows.is_empty() { None } else { Some(batch) })
    }
}

//! Rows of delimited text: comma, semicolon, tab or bar; quoted cells with line breaks and doubled quotes; ragged ends.

use super::encoding::Text;
use super::{MAX_COLUMNS, MAX_ROW_BYTES, REJECT_COLUMNS, RawBatch, RawRow, RowFault, Rows, refused};
use crate::error::{Error, Result};
use csv_core::ReadRecordResult;

/// Rows and bytes of a batch: large enough to make the work per batch small, small enough to keep memory flat.
const BATCH_ROWS: usize = 8192;
const BATCH_BYTES: usize = 1 << 20;
/// Room for one more row; grows when a row needs more.
const ROW_ROOM: usize = 1 << 16;

pub struct Delimited {
    text: Text,
    parser: csv_core::Reader,
    input: Vec<u8>,
    at: usize,
    exhausted: bool,
    ended: bool,
    columns: usize,
    batch_rows: usize,
    rows_read: i64,
    ends: Vec<usize>,
}

/// Header, delimiter as shown, and the rows below the header.
pub fn open(mut text: Text, wanted: Option<&str>) -> Result<(Vec<String>, String, Delimited)> {
    let mut input = Vec::new();
    text.read_more(&mut input)?;
    let (delimiter, shown) = match wanted.filter(|name| !name.is_empty()) {
        Some(name) => named(name)?,
        None => sniff(&input),
    };
    let mut rows = Delimited {
        text,
        parser: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
        input,
        at: 0,
        exhausted: false,
        ended: false,
        columns: MAX_COLUMNS,
        batch_rows: BATCH_ROWS,
        rows_read: 0,
        ends: vec![0; MAX_COLUMNS + 1],
    };
    let mut header = RawBatch {
        bytes: vec![0; ROW_ROOM],
        ..RawBatch::default()
    };
    if !rows.read_row(&mut header, &mut 0)? {
        return Err(refused("The file has no header: it holds no text."));
    }
    if let Some(fault) = header.rows[0].fault {
        return Err(refused(format!("The header cannot be read: {}.", fault.reason())));
    }
    let names = header.texts(0, header.rows[0].cells as usize);
    let mut columns = unique_names(&names);
    let tail = columns.len().saturating_sub(REJECT_COLUMNS.len());
    if tail > 0 && columns[tail..] == REJECT_COLUMNS {
        columns.truncate(tail);
    }
    rows.columns = columns.len();
    Ok((columns, shown, rows))
}

fn named(name: &str) -> Result<(u8, String)> {
    match name {
        "\t" | "tab" | "\\t" => Ok((b'\t', "tab".into())),
        "," | "comma" => Ok((b',', ",".into())),
        ";" | "semicolon" => Ok((b';', ";".into())),
        "|" | "bar" | "pipe" => Ok((b'|', "|".into())),
        other => Err(Error::invalid(
            "options.delimiter",
            format!("\u{201c}{other}\u{201d} is none of , ; | and tab."),
        )),
    }
}

/// The delimiter that splits most lines into as many cells as the header has, and into most cells.
fn sniff(sample: &[u8]) -> (u8, String) {
    let candidates = [(b',', ","), (b';', ";"), (b'\t', "tab"), (b'|', "|")];
    let counts = |delimiter: u8| {
        let (mut lines, mut count, mut quoted) = (Vec::new(), 0usize, false);
        for byte in sample {
            match *byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    lines.push(count);
                    count = 0;
                    if lines.len() == 60 {
                        break;
                    }
                }
                other if other == delimiter && !quoted => count += 1,
                _ => {}
            }
        }
        if lines.is_empty() {
            lines.push(count);
        }
        lines
    };
    let score = |delimiter: u8| {
        let lines = counts(delimiter);
        let header = lines[0];
        let alike = lines.iter().filter(|count| **count == header).count();
        if header == 0 {
            (0, 0)
        } else {
            (alike * 10 / lines.len(), header)
        }
    };
    let best = candidates
        .iter()
        .map(|(byte, shown)| (score(*byte), *byte, *shown))
        .max_by_key(|(score, byte, _)| (*score, *byte == b','));
    match best {
        Some(((_, header), byte, shown)) if header > 0 => (byte, shown.into()),
        _ => (b',', ",".into()),
    }
}

/// Header cells as names: without blanks and byte-order marks around them, none empty, none twice.
fn unique_names(cells: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(cells.len());
    for (index, cell) in cells.iter().enumerate() {
        let trimmed = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
        let base = if trimmed.is_empty() {
            format!("column {}", index + 1)
        } else {
            trimmed.to_owned()
        };
        let mut name = base.clone();
        let mut copy = 2;
        while names.contains(&name) {
            name = format!("{base} ({copy})");
            copy += 1;
        }
        names.push(name);
    }
    names
}

impl Delimited {
    /// Appends one row to the batch, whose bytes are filled up to `filled`; `false` at the end of the file.
    fn read_row(&mut self, batch: &mut RawBatch, filled: &mut usize) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let row_start = *filled;
        let (mut written, mut cells, mut fault) = (0usize, 0usize, None);
        let (mut closing, mut too_long) = (false, false);
        loop {
            if self.at == self.input.len() && !self.exhausted {
                self.input.clear();
                self.at = 0;
                while self.input.is_empty() && !self.exhausted {
                    self.exhausted = !self.text.read_more(&mut self.input)?;
                }
            }
            // A line break at the end of the file closes a row but not a quoted cell: that tells the two apart.
            let at_end = self.at == self.input.len();
            let input: &[u8] = match (at_end, closing) {
                (false, _) => &self.input[self.at..],
                (true, false) => b"\n",
                (true, true) => b"",
            };
            let output = &mut batch.bytes[row_start + written..];
            let (result, read, out, ends) = self.parser.read_record(input, output, &mut self.ends[cells..]);
            written += out;
            cells += ends;
            if !at_end {
                self.at += read;
            } else if !closing && read > 0 {
                closing = true;
                if result == ReadRecordResult::InputEmpty && out > 0 {
                    fault = Some(RowFault::OpenQuote);
                    written -= out;
                }
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if written > MAX_ROW_BYTES => {
                    // What is beyond is passed over, so that one open quote cannot fill the memory.
                    fault = Some(RowFault::TooLong);
                    too_long = true;
                    written = 0;
                }
                ReadRecordResult::OutputFull => batch.bytes.resize(batch.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => {
                    fault = Some(RowFault::TooManyCells);
                    cells = 0;
                }
                ReadRecordResult::Record => break,
                ReadRecordResult::End => {
                    self.ended = true;
                    return Ok(false);
                }
            }
        }
        if too_long || fault == Some(RowFault::TooManyCells) {
            (written, cells) = (0, 0);
        }
        let first_cell = batch.ends.len() as u32;
        batch.ends.extend(
            self.ends[..cells]
                .iter()
                .map(|end| (row_start + (*end).min(written)) as u32),
        );
        batch.rows.push(RawRow {
            first_cell,
            cells: cells as u32,
            fault,
        });
        *filled = row_start + written;
        Ok(true)
    }
}

impl Rows for Delimited {
    fn limit_batch(&mut self, rows: usize) {
        self.batch_rows = rows.clamp(1, BATCH_ROWS);
    }

    fn next_batch(&mut self) -> Result<Option<RawBatch>> {
        let mut batch = RawBatch {
            first_row: self.rows_read + 1,
            bytes: vec![0; BATCH_BYTES + ROW_ROOM],
            ..RawBatch::default()
        };
        batch.rows.reserve(self.batch_rows);
        batch.ends.reserve(self.batch_rows * self.columns.min(64));
        let mut filled = 0;
        while batch.rows.len() < self.batch_rows && filled < BATCH_BYTES {
            if !self.read_row(&mut batch, &mut filled)? {
                break;
            }
        }
        batch.bytes.truncate(filled);
        self.rows_read += batch.rows.len() as i64;
        Ok(if batch.rows.is_empty() { None } else { Some(batch) })
    }
}

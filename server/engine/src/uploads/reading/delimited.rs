//! Rows of delimited text: comma, semicolon, tab or bar; quoted cells with line breaks and doubled quotes; ragged ends. Lines end with LF, CRLF
//! or CR.

use super::encoding::Text;
use super::header::Header;
use super::{
    BATCH_BYTES, BATCH_ROWS, MAX_COLUMNS, MAX_ROW_BYTES, RawBatch, RawRow, RowFault, Rows, after_row, refused,
};
use crate::error::Result;
use csv_core::ReadRecordResult;

/// Room for one more row; grows when a row needs more.
const ROW_ROOM: usize = 1 << 16;

struct Delimited {
    text: Text,
    parser: csv_core::Reader,
    input: Vec<u8>,
    at: usize,
    exhausted: bool,
    ended: bool,
    /// The first row, when it is data.
    first: Option<RawBatch>,
    columns: usize,
    batch_rows: usize,
    rows_read: i64,
    ends: Vec<usize>,
}

/// The header and the rows below it.
pub fn open(text: Text, input: Vec<u8>, delimiter: u8) -> Result<(Vec<String>, Box<dyn Rows>)> {
    let mut rows = Delimited {
        text,
        parser: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
        input,
        at: 0,
        exhausted: false,
        ended: false,
        first: None,
        columns: MAX_COLUMNS,
        batch_rows: BATCH_ROWS,
        rows_read: 0,
        ends: vec![0; MAX_COLUMNS + 1],
    };
    let mut first = RawBatch {
        bytes: vec![0; ROW_ROOM],
        ..RawBatch::default()
    };
    let mut filled = 0;
    if !rows.read_row(&mut first, &mut filled)? {
        return Err(refused("The file has no header: it holds no text."));
    }
    if let Some(fault) = first.rows[0].fault {
        return Err(refused(format!("The header cannot be read: {}.", fault.reason())));
    }
    first.bytes.truncate(filled);
    let header = Header::of(&first.texts(0, first.rows[0].cells as usize));
    rows.columns = header.columns.len();
    if header.is_data {
        rows.first = Some(first);
    }
    Ok((header.columns, Box::new(rows)))
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
        if let Some(first) = self.first.take() {
            filled = first.bytes.len();
            batch.bytes.resize(filled + BATCH_BYTES + ROW_ROOM, 0);
            batch.bytes[..filled].copy_from_slice(&first.bytes);
            (batch.ends, batch.rows) = (first.ends, first.rows);
        }
        while batch.rows.len() < self.batch_rows && filled < BATCH_BYTES {
            match self.read_row(&mut batch, &mut filled) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(after_row(error, self.rows_read + batch.rows.len() as i64)),
            }
        }
        batch.bytes.truncate(filled);
        self.rows_read += batch.rows.len() as i64;
        Ok(if batch.rows.is_empty() { None } else { Some(batch) })
    }
}

//! A sheet as comma-separated values that spreadsheets open without being asked: UTF-8 with a byte order mark, and no cell that they would
//! take for a formula.

use super::sheet::{Cell, Sheet, Unit};
use crate::error::{Error, Result};
use std::borrow::Cow;
use std::io::Write;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A writer that has written the byte order mark.
pub fn csv_writer<W: Write>(mut out: W) -> Result<csv::Writer<W>> {
    out.write_all(BYTE_ORDER_MARK)?;
    Ok(csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out))
}

pub fn write_csv(sheet: &Sheet, out: impl Write) -> Result<()> {
    let mut writer = csv_writer(out)?;
    writer
        .write_record(sheet.columns.iter().map(|column| column.key))
        .map_err(Error::internal)?;
    for row in &sheet.rows {
        let cells = row
            .iter()
            .zip(&sheet.columns)
            .map(|(cell, column)| text(cell, column.unit));
        writer.write_record(cells).map_err(Error::internal)?;
    }
    writer.flush()?;
    Ok(())
}

/// A text as it may stand in a cell: one that a spreadsheet would run gets an apostrophe in front. Numbers are left alone, also negative ones.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

fn text(cell: &Cell, unit: Unit) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => guarded(text).into_owned(),
        Cell::Whole(value) => value.to_string(),
        // Money is stored with six digits; what lies beyond is the noise of adding.
        Cell::Number(value) if unit == Unit::Money => rounded(*value, 1e6),
        Cell::Number(value) => rounded(*value, 1e9),
        Cell::Date(date) => date.to_string(),
        Cell::Time(time) => time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    }
}

fn rounded(value: f64, scale: f64) -> String {
    let rounded = (value * scale).round() / scale;
    // No negative zero.
    (rounded + 0.0).to_string()
}

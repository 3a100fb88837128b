//! Rows of a list as a workbook. They are written one after the other into a temporary file, so that memory does not grow with them; texts are
//! written as texts, so that no cell runs.

use super::Leaving;
use crate::error::{Error, Result};
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::io::{Seek, Write};
use std::path::Path;
use warehouse::query::rules::Value;

/// Rows of a spreadsheet below its header.
const MOST_ROWS: u64 = 1_048_575;
/// Cells that can be written within the time that an answer may take.
const MOST_CELLS: u64 = 12_000_000;
/// Characters of a cell.
const LONGEST_TEXT: usize = 32_767;

/// Nothing is left out in silence: what does not fit is refused, and the other format is named.
pub(super) fn refuse_too_large(rows: u64, columns: usize) -> Result<()> {
    if rows > MOST_ROWS {
        return Err(Error::TooLarge(format!(
            "A spreadsheet holds 1,048,575 rows and this list has {rows}. Take it as CSV."
        )));
    }
    let cells = rows * columns as u64;
    if cells > MOST_CELLS {
        return Err(Error::TooLarge(format!(
            "A workbook is written up to 12,000,000 cells and this list has {cells}. Take it as CSV, or with fewer columns."
        )));
    }
    Ok(())
}

pub(super) fn write(leaving: Leaving, spill: &Path) -> Result<std::fs::File> {
    let mut workbook = Workbook::new();
    let failed = |error: XlsxError| match error {
        XlsxError::IoError(error) => Error::from(error),
        other => Error::internal(other),
    };
    workbook.set_tempdir(spill).map_err(failed)?;
    let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
    let about = About::of(&leaving);
    members(sheet, leaving)?;
    let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
    about.write(sheet).map_err(failed)?;
    // Without a name: it is gone when the last who reads it lets go.
    let mut file = tempfile::tempfile_in(spill)?;
    let mut writer = std::io::BufWriter::new(file.try_clone()?);
    workbook.save_to_writer(&mut writer).map_err(failed)?;
    writer.flush()?;
    file.rewind()?;
    Ok(file)
}

fn members(sheet: &mut Worksheet, mut leaving: Leaving) -> Result<()> {
    let formats = Formats::new();
    let named = |error: XlsxError| Error::internal(error);
    sheet.set_name("members").map_err(named)?;
    sheet.set_freeze_panes(1, 0).map_err(named)?;
    for (column, key) in (0_u16..).zip(&leaving.keys) {
        sheet.set_column_width(column, 18).map_err(named)?;
        sheet
            .write_string_with_format(0, column, key, &formats.bold)
            .map_err(named)?;
    }
    let mut row = 0_u32;
    while let Some(piece) = leaving.roster.blocking_next() {
        for values in piece? {
            row += 1;
            if u64::from(row) > MOST_ROWS {
                return Err(Error::internal("a list has more rows than it was counted with"));
            }
            for ((column, value), key) in (0_u16..).zip(&values).zip(&leaving.keys) {
                cell(sheet, (row, column), value, &formats).map_err(|error| match error {
                    XlsxError::MaxStringLengthExceeded => Error::TooLarge(format!(
                        "A cell of a spreadsheet holds {LONGEST_TEXT} characters, and a text in the column \u{201c}{key}\u{201d} has more. Take it as CSV."
                    )),
                    XlsxError::IoError(error) => Error::from(error),
                    other => Error::internal(other),
                })?;
            }
        }
    }
    Ok(())
}

struct Formats {
    bold: Format,
    number: Format,
    date: Format,
}

impl Formats {
    fn new() -> Formats {
        Formats {
            bold: Format::new().set_bold(),
            number: Format::new().set_num_format("General"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }
}

fn cell(sheet: &mut Worksheet, (row, column): (u32, u16), value: &Value, formats: &Formats) -> Result<(), XlsxError> {
    match value {
        Value::Unknown => {}
        Value::Text(text) => {
            sheet.write_string(row, column, text)?;
        }
        Value::Number(number) => {
            sheet.write_number_with_format(row, column, *number, &formats.number)?;
        }
        Value::Day(day) => match excel_day(*day) {
            Some(day) => {
                sheet.write_datetime_with_format(row, column, day, &formats.date)?;
            }
            // A spreadsheet knows no dates before 1900.
            None => {
                sheet.write_string(row, column, day.to_string())?;
            }
        },
        Value::YesNo(yes) => {
            sheet.write_boolean(row, column, *yes)?;
        }
    }
    Ok(())
}

fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()
}

/// What the list stands on, on a sheet of its own.
struct About {
    lines: Vec<(&'static str, String)>,
}

impl About {
    fn of(leaving: &Leaving) -> About {
        let as_of = leaving
            .data_as_of
            .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        About {
            lines: vec![
                ("members_of", leaving.of.clone()),
                ("customers", leaving.rows.to_string()),
                ("data_version", leaving.data_version.to_string()),
                ("data_as_of", as_of.unwrap_or_default()),
                ("currency", leaving.currency.clone()),
            ],
        }
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name("about")?;
        sheet.set_column_width(0, 28)?;
        sheet.set_column_width(1, 28)?;
        for (row, (key, text)) in (0_u32..).zip(&self.lines) {
            sheet.write_string(row, 0, *key)?;
            sheet.write_string(row, 1, text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_its_number() {
        assert!(refuse_too_large(1_048_575, 3).is_ok());
        let rows = refuse_too_large(1_048_576, 1).unwrap_err();
        assert_eq!(rows.status(), 413);
        assert!(rows.to_string().contains("1048576"), "{rows}");
        assert_eq!(refuse_too_large(1_000_000, 13).unwrap_err().status(), 413);
    }
}

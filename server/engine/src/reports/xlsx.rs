//! A report as a workbook. Rows are written one after the other and never held twice; texts are written as texts, so that no cell runs.

use super::sheet::{Cell, Report, Sheet, Unit};
use crate::error::{Error, Result};
use chrono::Datelike;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Rows of a spreadsheet, its header included.
const MOST_ROWS: usize = 1_048_576;

/// The bytes of the workbook. Temporary files are made in `spill`.
pub fn write_xlsx(report: &Report, spill: &Path) -> Result<Vec<u8>> {
    if let Some(sheet) = report.sheets.iter().find(|sheet| sheet.rows.len() >= MOST_ROWS) {
        return Err(Error::TooLarge(format!(
            "A spreadsheet holds 1,048,575 rows and this report has {}. Take it as CSV.",
            sheet.rows.len()
        )));
    }
    write(report, spill).map_err(Error::internal)
}

fn write(report: &Report, spill: &Path) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_tempdir(spill)?;
    for sheet in &report.sheets {
        write_sheet(workbook.add_worksheet_with_constant_memory()?, sheet)?;
    }
    let about = workbook.add_worksheet_with_constant_memory()?;
    about.set_name("about")?;
    about.set_column_width(0, 28)?;
    about.set_column_width(1, 28)?;
    about.write_string(0, 0, "report")?;
    about.write_string(0, 1, &report.name)?;
    for (row, (key, cell)) in (1u32..).zip(&report.about) {
        about.write_string(row, 0, *key)?;
        write_cell(about, row, 1, cell, Unit::Number)?;
    }
    workbook.save_to_buffer()
}

fn write_sheet(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    worksheet.set_name(sheet.name)?;
    worksheet.set_freeze_panes(1, 0)?;
    let header = Format::new().set_bold();
    for (column, described) in (0u16..).zip(&sheet.columns) {
        worksheet.set_column_width(column, if described.unit == Unit::Text { 24 } else { 14 })?;
        worksheet.write_string_with_format(0, column, described.key, &header)?;
    }
    for (row, cells) in (1u32..).zip(&sheet.rows) {
        for ((column, cell), described) in (0u16..).zip(cells).zip(&sheet.columns) {
            write_cell(worksheet, row, column, cell, described.unit)?;
        }
    }
    Ok(())
}

fn write_cell(worksheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, unit: Unit) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => {
            worksheet.write_string(row, column, text)?;
        }
        Cell::Whole(value) => {
            worksheet.write_number_with_format(row, column, *value as f64, &Format::new().set_num_format("#,##0"))?;
        }
        Cell::Number(value) => {
            let shown = match unit {
                Unit::Money => "#,##0.00",
                Unit::Fraction => "0.0%",
                _ => "#,##0.0#####",
            };
            worksheet.write_number_with_format(row, column, *value, &Format::new().set_num_format(shown))?;
        }
        Cell::Date(date) => {
            let year = u16::try_from(date.year()).unwrap_or(0);
            match ExcelDateTime::from_ymd(year, date.month() as u8, date.day() as u8) {
                Ok(known) => worksheet.write_datetime_with_format(
                    row,
                    column,
                    known,
                    &Format::new().set_num_format("yyyy-mm-dd"),
                )?,
                // A spreadsheet knows no dates before 1900.
                Err(_) => worksheet.write_string(row, column, date.to_string())?,
            };
        }
        // A spreadsheet knows no zones: the instant is written as text.
        Cell::Time(time) => {
            worksheet.write_string(row, column, time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))?;
        }
    }
    Ok(())
}

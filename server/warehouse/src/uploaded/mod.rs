//! Uploaded Parquet files as rows of text, read batch by batch. Says which columns it cannot take. What a file says of its own sizes is checked
//! before memory is taken for it; no Arrow type leaves this module.

mod pages;
#[cfg(test)]
mod tests;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Float32Type, Float64Type};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{LogicalType, Type as Physical};
use parquet::schema::types::SchemaDescriptor;
use std::fmt::Write;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of text that are given out at once.
const GIVEN_BYTES: usize = 1 << 20;
/// No row may be this long, so that a longer cell is cut: its row is refused whatever follows.
const LONGEST_CELL: usize = 8 << 20;

/// Why a file cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// A sentence for the person who sent it.
    Refused(String),
    Disk(std::io::Error),
}

/// Rows as text: the cells lie one after another in `bytes`, row by row; `ends` has the end of each.
#[derive(Debug, Default)]
pub struct Cells {
    pub rows: usize,
    pub bytes: Vec<u8>,
    pub ends: Vec<u32>,
}

pub struct ParquetRows {
    reader: ParquetRecordBatchReader,
    columns: Vec<String>,
    kinds: Vec<Kind>,
    count: u64,
    /// What has been decoded, and how many of its rows have been given out.
    batch: Option<(RecordBatch, usize)>,
    ended: bool,
}

/// What a column becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// As the Arrow display writes it: whole numbers, exact decimals, dates of ISO 8601, moments of RFC 3339, true and false.
    Plain,
    Text,
    /// Bytes that should be text: some writers do not say so.
    Bytes,
    Float,
    Double,
    Uuid,
    /// Moments of an old type, which are in UTC.
    OldInstant,
}

impl ParquetRows {
    pub fn open(file: File) -> Result<ParquetRows, Unreadable> {
        let rows = pages::rows_at_once(&file)?;
        guarded(move || ParquetRows::begin(file, rows))
    }

    fn begin(file: File, rows_at_once: usize) -> Result<ParquetRows, Unreadable> {
        // The types of Arrow that some writers add are passed over: those of Parquet say enough.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(damaged)?;
        let schema = builder.parquet_schema();
        let columns: Vec<String> = schema
            .root_schema()
            .get_fields()
            .iter()
            .map(|field| field.name().to_owned())
            .collect();
        if columns.is_empty() {
            return Err(Unreadable::Refused("The Parquet file has no columns.".to_owned()));
        }
        refuse_nested(schema)?;
        let kinds = builder
            .schema()
            .fields()
            .iter()
            .zip(schema.columns())
            .map(|(field, column)| {
                let is_uuid = matches!(column.logical_type_ref(), Some(LogicalType::Uuid));
                let is_old = column.physical_type() == Physical::INT96;
                kind_of(field.data_type(), is_uuid, is_old).ok_or_else(|| refused_type(field.name(), field.data_type()))
            })
            .collect::<Result<Vec<Kind>, Unreadable>>()?;
        let count = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let reader = builder.with_batch_size(rows_at_once).build().map_err(damaged)?;
        Ok(ParquetRows {
            reader,
            columns,
            kinds,
            count,
            batch: None,
            ended: false,
        })
    }

    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How many rows the file says it has.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The next rows, at most so many; `None` after the last. Nulls are empty.
    pub fn next(&mut self, rows: usize) -> Result<Option<Cells>, Unreadable> {
        if self.ended {
            return Ok(None);
        }
        let next = guarded(|| self.read(rows));
        self.ended = !matches!(next, Ok(Some(_)));
        next
    }

    fn read(&mut self, rows: usize) -> Result<Option<Cells>, Unreadable> {
        let mut cells = Cells::default();
        while cells.rows < rows.max(1) && cells.bytes.len() < GIVEN_BYTES {
            let (batch, done) = match self.batch.take() {
                Some(waiting) => waiting,
                None => match self.reader.next() {
                    Some(batch) => (batch.map_err(damaged)?, 0),
                    None => break,
                },
            };
            let done = self.write(&batch, done, rows, &mut cells)?;
            if done < batch.num_rows() {
                self.batch = Some((batch, done));
            }
        }
        Ok(if cells.rows == 0 { None } else { Some(cells) })
    }

    /// Writes rows of a batch from `from` on; the first row that was not written.
    fn write(&self, batch: &RecordBatch, from: usize, rows: usize, cells: &mut Cells) -> Result<usize, Unreadable> {
        let options = FormatOptions::new().with_display_error(true);
        let columns = batch
            .columns()
            .iter()
            .zip(&self.kinds)
            .map(|(array, kind)| Column::new(array, *kind, &options))
            .collect::<Result<Vec<Column<'_>>, Unreadable>>()?;
        let mut scratch = String::new();
        for row in from..batch.num_rows() {
            if cells.rows >= rows.max(1) || cells.bytes.len() >= GIVEN_BYTES {
                return Ok(row);
            }
            for (column, name) in columns.iter().zip(&self.columns) {
                column.write(row, name, &mut scratch, &mut cells.bytes)?;
                cells.ends.push(cells.bytes.len() as u32);
            }
            cells.rows += 1;
        }
        Ok(batch.num_rows())
    }
}

/// One column of a batch.
struct Column<'a> {
    array: &'a ArrayRef,
    kind: Kind,
    formatter: Option<ArrayFormatter<'a>>,
}

impl<'a> Column<'a> {
    fn new(array: &'a ArrayRef, kind: Kind, options: &'a FormatOptions<'a>) -> Result<Column<'a>, Unreadable> {
        let formatter = match kind {
            Kind::Plain | Kind::OldInstant => Some(ArrayFormatter::try_new(array, options).map_err(damaged)?),
            _ => None,
        };
        Ok(Column { array, kind, formatter })
    }

    fn write(&self, row: usize, name: &str, scratch: &mut String, out: &mut Vec<u8>) -> Result<(), Unreadable> {
        if self.array.is_null(row) {
            return Ok(());
        }
        scratch.clear();
        match self.kind {
            Kind::Text => {
                push_cut(out, self.array.as_string::<i32>().value(row).as_bytes());
                return Ok(());
            }
            Kind::Bytes => {
                let bytes = self.array.as_binary::<i32>().value(row);
                if std::str::from_utf8(bytes).is_err() {
                    return Err(Unreadable::Refused(format!(
                        "The column \u{201c}{name}\u{201d} holds bytes that are not text. Leave it out and send the file again."
                    )));
                }
                push_cut(out, bytes);
                return Ok(());
            }
            Kind::Float => number(
                scratch,
                f64::from(self.array.as_primitive::<Float32Type>().value(row)),
                true,
            ),
            Kind::Double => number(scratch, self.array.as_primitive::<Float64Type>().value(row), false),
            Kind::Uuid => uuid(scratch, self.array.as_fixed_size_binary().value(row)),
            Kind::Plain | Kind::OldInstant => {
                if let Some(formatter) = &self.formatter {
                    formatter.value(row).write(scratch).map_err(damaged)?;
                }
                if self.kind == Kind::OldInstant {
                    scratch.push('Z');
                }
            }
        }
        out.extend_from_slice(scratch.as_bytes());
        Ok(())
    }
}

fn push_cut(out: &mut Vec<u8>, text: &[u8]) {
    let mut end = text.len().min(LONGEST_CELL);
    while end < text.len() && text[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    out.extend_from_slice(&text[..end]);
}

/// The shortest text that is this number; without an exponent. What is no number is nothing.
fn number(out: &mut String, value: f64, single: bool) {
    if !value.is_finite() {
        return;
    }
    // Writing to a string cannot fail.
    let _written = match single {
        true => write!(out, "{}", value as f32),
        false => write!(out, "{value}"),
    };
}

fn uuid(out: &mut String, bytes: &[u8]) {
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let _written = write!(out, "{byte:02x}");
    }
}

fn kind_of(data_type: &DataType, is_uuid: bool, is_old: bool) -> Option<Kind> {
    match data_type {
        DataType::Utf8 => Some(Kind::Text),
        DataType::Binary => Some(Kind::Bytes),
        DataType::Float32 => Some(Kind::Float),
        DataType::Float64 => Some(Kind::Double),
        DataType::FixedSizeBinary(16) if is_uuid => Some(Kind::Uuid),
        DataType::Timestamp(..) if is_old => Some(Kind::OldInstant),
        DataType::Null | DataType::Boolean | DataType::Float16 | DataType::Date32 | DataType::Date64 => {
            Some(Kind::Plain)
        }
        DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_) => Some(Kind::Plain),
        other if other.is_integer() || other.is_decimal() => Some(Kind::Plain),
        _ => None,
    }
}

fn refuse_nested(schema: &SchemaDescriptor) -> Result<(), Unreadable> {
    let nested: Vec<&str> = schema
        .root_schema()
        .get_fields()
        .iter()
        .filter(|field| {
            !field.is_primitive() || field.get_basic_info().repetition() == parquet::basic::Repetition::REPEATED
        })
        .map(|field| field.name())
        .collect();
    if nested.is_empty() {
        return Ok(());
    }
    Err(Unreadable::Refused(format!(
        "These columns hold lists or records, which are not taken: {}. Leave them out or spread them over columns of their own.",
        nested.join(", ")
    )))
}

fn refused_type(name: &str, data_type: &DataType) -> Unreadable {
    Unreadable::Refused(format!(
        "The column \u{201c}{name}\u{201d} is of the type {data_type}, which is not taken. Leave it out or make it text."
    ))
}

fn damaged(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::Refused(format!("The Parquet file cannot be read: {error}."))
}

/// The Parquet library may panic on a damaged file; that is the file's fault, not ours.
fn guarded<T>(read: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Unreadable::Refused("The Parquet file is damaged.".to_owned())))
}

//! Reads one column of one sealed file into memory, in the order of the file.

use super::column::{NEITHER, NO_AMOUNT, NO_DAY, NO_TIME, Words};
use super::source::{Money, Needed, rounded};
use super::{Column, Key, Source, lines};
use crate::error::{Error, Result};
use crate::read::{Rows, at, text_at};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::statistics::Statistics;
use parquet::schema::types::SchemaDescriptor;
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

const BATCH_ROWS: usize = 65_536;

pub(super) fn column(key: &Key, needed: &Needed) -> Result<Column> {
    let (path, rows) = (key.path.as_path(), needed.rows);
    match &key.source {
        Source::Customers => customers(path),
        Source::Words(name) => words(path, name, rows),
        Source::Number(name) => gather(path, &[name], rows, |rows, out| {
            let values = rows.f64s(name)?;
            out.extend((0..rows.len()).map(|row| at(&values, row).unwrap_or(f64::NAN)));
            Ok(())
        })
        .map(Column::Numbers),
        Source::Amount(name) => gather(path, &[name], rows, |rows, out| {
            let values = rows.money(name)?;
            // A line that does not say how many is one.
            let unknown = if name == "quantity" { 1_000_000 } else { NO_AMOUNT };
            out.extend((0..rows.len()).map(|row| at(&values, row).map_or(unknown, held)));
            Ok(())
        })
        .map(Column::Amounts),
        Source::Money(money) => gather(path, money.columns(), rows, |rows, out| {
            amounts(*money, &rows, needed, out)
        })
        .map(Column::Amounts),
        Source::Whole(name) => gather(path, &[name], rows, |rows, out| {
            let values = if *rows.array(name)?.data_type() == DataType::Date32 {
                rows.dates(name)?.reinterpret_cast::<Int32Type>()
            } else {
                rows.i32s(name)?
            };
            out.extend((0..rows.len()).map(|row| at(&values, row).unwrap_or(NO_DAY)));
            Ok(())
        })
        .map(Column::Whole),
        Source::Day(name) => gather(path, &[name], rows, |rows, out| {
            let values = rows.instants(name)?;
            out.extend((0..rows.len()).map(|row| at(&values, row).map_or(NO_DAY, |at| needed.zone.day(at))));
            Ok(())
        })
        .map(Column::Whole),
        Source::Time(name) => gather(path, &[name], rows, |rows, out| {
            let values = rows.instants(name)?;
            out.extend((0..rows.len()).map(|row| at(&values, row).unwrap_or(NO_TIME)));
            Ok(())
        })
        .map(Column::Times),
        Source::YesNo(name) => gather(path, &[name], rows, |rows, out| {
            let values = rows.booleans(name)?;
            out.extend((0..rows.len()).map(|row| {
                if values.is_valid(row) {
                    u8::from(values.value(row))
                } else {
                    NEITHER
                }
            }));
            Ok(())
        })
        .map(Column::YesNo),
        Source::Counts => gather(path, &["status", "total", "lines_value"], rows, |rows, out| {
            counts(&rows, out)
        })
        .map(Column::YesNo),
        Source::OrderRow => lines::order_rows(path, key.beside.as_deref(), rows).map(Column::Places),
    }
}

/// An amount as it is held; one that no shop has, above nine million millions, is held as the largest.
fn held(millionths: i128) -> i64 {
    i64::try_from(millionths).unwrap_or(if millionths < 0 { NO_AMOUNT + 1 } else { i64::MAX })
}

pub(super) fn open(path: &Path, columns: &[&str]) -> Result<ParquetRecordBatchReader> {
    let file = File::open(path).map_err(Error::io(format!("opening {}", path.display())))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let mask = mask(builder.parquet_schema(), columns);
    Ok(builder.with_projection(mask).with_batch_size(BATCH_ROWS).build()?)
}

/// Columns by their whole name: that of an extra attribute has a dot in it, which is not a step into something nested.
fn mask(schema: &SchemaDescriptor, columns: &[&str]) -> ProjectionMask {
    let leaves = schema.columns().iter().enumerate();
    let wanted = leaves.filter(|(_, leaf)| columns.contains(&leaf.path().string().as_str()));
    ProjectionMask::leaves(schema, wanted.map(|(place, _)| place))
}

/// The first `rows` rows of some columns, as `take` makes one value of each.
fn gather<T>(
    path: &Path,
    columns: &[&str],
    rows: Option<usize>,
    mut take: impl FnMut(Rows<'_>, &mut Vec<T>) -> Result<()>,
) -> Result<Vec<T>> {
    let mut out = Vec::with_capacity(rows.unwrap_or(0));
    for batch in open(path, columns)? {
        take(Rows(&batch?), &mut out)?;
        if rows.is_some_and(|rows| out.len() >= rows) {
            break;
        }
    }
    out.truncate(rows.unwrap_or(usize::MAX));
    out.shrink_to_fit();
    Ok(out)
}

/// Numbers up to the first row that belongs to nobody.
fn customers(path: &Path) -> Result<Column> {
    let mut numbers: Vec<u32> = Vec::new();
    for batch in open(path, &["customer_no"])? {
        let batch = batch?;
        let rows = Rows(&batch);
        let of_batch = rows.numbers("customer_no")?;
        let known = rows.len() - of_batch.null_count();
        numbers.extend_from_slice(&of_batch.values()[..known]);
        if known < rows.len() {
            break;
        }
    }
    numbers.shrink_to_fit();
    Ok(Column::Places(numbers))
}

/// Reads texts with the dictionaries of the file, so that each text of a page is looked up once.
fn words(path: &Path, name: &str, rows: Option<usize>) -> Result<Column> {
    let file = File::open(path).map_err(Error::io(format!("opening {}", path.display())))?;
    let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields: Vec<Field> = found
        .schema()
        .fields()
        .iter()
        .map(|field| {
            if field.name() == name && *field.data_type() == DataType::Utf8 {
                field.as_ref().clone().with_data_type(coded.clone())
            } else {
                field.as_ref().clone()
            }
        })
        .collect();
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    let metadata = ArrowReaderMetadata::try_new(found.metadata().clone(), options)?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let mask = mask(builder.parquet_schema(), &[name]);
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build()?;
    let mut coder = Coder::default();
    for batch in reader {
        let batch: RecordBatch = batch?;
        coder.take(Rows(&batch).array(name)?)?;
        if rows.is_some_and(|rows| coder.codes.len() >= rows) {
            break;
        }
    }
    coder.codes.truncate(rows.unwrap_or(usize::MAX));
    Ok(Column::Words(Words::new(coder.codes, coder.words)))
}

#[derive(Default)]
struct Coder {
    numbers: HashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    codes: Vec<u32>,
}

impl Coder {
    fn take(&mut self, array: &ArrayRef) -> Result<()> {
        let array = array
            .as_dictionary_opt::<Int32Type>()
            .ok_or_else(|| Error::Column("a text without its dictionary".to_owned()))?;
        let values: &StringArray = array
            .values()
            .as_string_opt()
            .ok_or_else(|| Error::Column("a dictionary without texts".to_owned()))?;
        // A page's dictionary may hold words that its rows do not use.
        let mut known: Vec<Option<u32>> = vec![None; values.len()];
        for row in 0..array.len() {
            let code = match array.key(row) {
                None => 0,
                Some(entry) => match known[entry] {
                    Some(code) => code,
                    None => {
                        let code = text_at(values, entry).map_or(Ok(0), |word| self.code(word))?;
                        known[entry] = Some(code);
                        code
                    }
                },
            };
            self.codes.push(code);
        }
        Ok(())
    }

    fn code(&mut self, word: &str) -> Result<u32> {
        if let Some(code) = self.numbers.get(word) {
            return Ok(*code);
        }
        self.words.push(word.into());
        let code = u32::try_from(self.words.len())
            .map_err(|_| Error::TooLarge("a column has more than four thousand million different texts".to_owned()))?;
        self.numbers.insert(word.into(), code);
        Ok(code)
    }
}

/// Amounts in the installation's currency, as queries convert them: the rate of the fact's own local day.
fn amounts(money: Money, rows: &Rows<'_>, needed: &Needed, out: &mut Vec<i64>) -> Result<()> {
    let zone = &needed.zone;
    let currencies = needed.rates.as_ref().map(|_| rows.texts("currency")).transpose()?;
    let ordered = rows.instants("ordered_at")?;
    let refunded = match money {
        Money::Refund => Some(rows.instants("refunded_at")?),
        _ => None,
    };
    let (first, second) = match money {
        Money::OrderValue => (rows.money("total")?, Some(rows.money("lines_value")?)),
        Money::Discount => (rows.money("discount")?, None),
        Money::Shipping => (rows.money("shipping")?, None),
        Money::Refund => (rows.money("refund_amount")?, None),
        Money::LinePrice => (rows.money("unit_price")?, None),
        Money::LineValue => (rows.money("unit_price")?, Some(rows.money("quantity")?)),
    };
    for row in 0..rows.len() {
        let second = second.as_ref().and_then(|second| at(second, row));
        let raw = match (money, at(&first, row)) {
            (Money::OrderValue, total) => total.or(second),
            (Money::LineValue, Some(price)) => match second {
                // Both have six decimals.
                Some(quantity) => price.checked_mul(quantity).map(|value| rounded(value, 1_000_000)),
                None => Some(price),
            },
            (_, amount) => amount,
        };
        let converted = match (&needed.rates, raw) {
            (Some(rates), Some(amount)) => {
                let currency = currencies.as_ref().and_then(|words| text_at(words, row));
                let of_refund = refunded.as_ref().and_then(|times| at(times, row));
                let day = of_refund
                    .or_else(|| at(&ordered, row))
                    .map_or(NO_DAY, |at| zone.day(at));
                rates.convert(amount, currency, day)
            }
            (_, raw) => raw,
        };
        out.push(converted.map_or(NO_AMOUNT, held));
    }
    Ok(())
}

/// Whether an order counts: see the definition in `query::facts`.
fn counts(rows: &Rows<'_>, out: &mut Vec<u8>) -> Result<()> {
    let status = rows.texts("status")?;
    let (totals, lines) = (rows.money("total")?, rows.money("lines_value")?);
    for row in 0..rows.len() {
        let value = at(&totals, row).or_else(|| at(&lines, row));
        let stands = !matches!(text_at(&status, row), Some("cancelled" | "unpaid"));
        out.push(match value {
            Some(value) if value < 0 => NEITHER,
            Some(value) => u8::from(stands && value > 0),
            None => 0,
        });
    }
    Ok(())
}

/// The first and the last moment of a column, from the footer; `None` when a row group does not say, or when there is none.
pub(super) fn span(path: &Path, column: &str) -> Result<Option<(i64, i64)>> {
    let file = File::open(path).map_err(Error::io(format!("opening {}", path.display())))?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let mut span: Option<(i64, i64)> = None;
    for group in metadata.metadata().row_groups() {
        let chunk = group
            .columns()
            .iter()
            .find(|chunk| chunk.column_path().string() == column);
        let Some(Statistics::Int64(found)) = chunk.and_then(|chunk| chunk.statistics()) else {
            return Ok(None);
        };
        if let (Some(first), Some(last)) = (found.min_opt(), found.max_opt()) {
            let (low, high) = span.unwrap_or((*first, *last));
            span = Some((low.min(*first), high.max(*last)));
        } else if found.null_count_opt() != Some(group.num_rows().unsigned_abs()) {
            return Ok(None);
        }
    }
    Ok(span)
}

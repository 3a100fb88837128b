//! Holds rows until they are written: builders for derived columns, and the shaping of a query's answer to the sealed types.

use crate::error::{Error, Result};
use crate::file::FileWriter;
use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Decimal128Builder, Int32Builder, RecordBatch, StringBuilder, TimestampMicrosecondBuilder,
    UInt32Builder,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::SchemaRef;
use std::sync::Arc;

use crate::schema::{Column, Kind, schema_of};

/// The batch with the columns of `schema`, by name and cast to its types.
pub(super) fn shaped(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = schema
        .fields()
        .iter()
        .map(|field| {
            let column = batch
                .column_by_name(field.name())
                .ok_or_else(|| Error::Column(field.name().clone()))?;
            Ok(if column.data_type() == field.data_type() {
                column.clone()
            } else {
                cast(column, field.data_type())?
            })
        })
        .collect::<Result<Vec<ArrayRef>>>()?;
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// One value on its way into a derived column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    Number(u32),
    Text(Option<&'a str>),
    Instant(Option<i64>),
    Day(i32),
    Bool(bool),
    Millionths(Option<i128>),
    Billionths(i128),
}

/// Collects rows and hands them on in batches.
pub(super) struct RowWriter {
    writer: FileWriter,
    schema: SchemaRef,
    columns: Vec<Builder>,
    rows: usize,
}

enum Builder {
    Number(UInt32Builder),
    Text(StringBuilder),
    Instant(TimestampMicrosecondBuilder),
    Int32(Int32Builder),
    Bool(BooleanBuilder),
    Decimal(Decimal128Builder),
}

impl RowWriter {
    pub(super) fn new(writer: FileWriter, columns: &[Column]) -> Result<RowWriter> {
        let builders = columns.iter().map(Builder::of).collect::<Result<Vec<_>>>()?;
        Ok(RowWriter {
            writer,
            schema: schema_of(columns),
            columns: builders,
            rows: 0,
        })
    }

    pub(super) fn push<const N: usize>(&mut self, row: [Cell<'_>; N]) -> Result<()> {
        if row.len() != self.columns.len() {
            return Err(Error::Column(format!(
                "{} values for {} columns",
                row.len(),
                self.columns.len()
            )));
        }
        for (builder, cell) in self.columns.iter_mut().zip(row) {
            builder.append(cell)?;
        }
        self.rows += 1;
        if self.rows >= 65_536 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let arrays = self.columns.iter_mut().map(Builder::finish).collect();
        self.rows = 0;
        self.writer
            .write(&RecordBatch::try_new(Arc::clone(&self.schema), arrays)?)
    }

    pub(super) fn finish(mut self) -> Result<crate::file::SealedFile> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.writer.finish()
    }
}

impl Builder {
    fn of(column: &Column) -> Result<Builder> {
        let to = column.kind.data_type();
        Ok(match column.kind {
            Kind::Number => Builder::Number(UInt32Builder::new()),
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Instant => Builder::Instant(TimestampMicrosecondBuilder::new().with_data_type(to)),
            Kind::Int32 => Builder::Int32(Int32Builder::new()),
            Kind::Bool => Builder::Bool(BooleanBuilder::new()),
            Kind::Decimal { .. } => Builder::Decimal(Decimal128Builder::new().with_data_type(to)),
            _ => return Err(Error::Column(column.name.to_owned())),
        })
    }

    fn append(&mut self, cell: Cell<'_>) -> Result<()> {
        match (self, cell) {
            (Builder::Number(b), Cell::Number(v)) => b.append_value(v),
            (Builder::Text(b), Cell::Text(v)) => b.append_option(v),
            (Builder::Instant(b), Cell::Instant(v)) => b.append_option(v),
            (Builder::Int32(b), Cell::Day(v)) => b.append_value(v),
            (Builder::Bool(b), Cell::Bool(v)) => b.append_value(v),
            (Builder::Decimal(b), Cell::Millionths(v)) => b.append_option(v),
            (Builder::Decimal(b), Cell::Billionths(v)) => b.append_value(v),
            (_, cell) => {
                return Err(Error::Column(format!("{cell:?} in a column of another kind")));
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Number(b) => Arc::new(b.finish()),
            Builder::Text(b) => Arc::new(b.finish()),
            Builder::Instant(b) => Arc::new(b.finish()),
            Builder::Int32(b) => Arc::new(b.finish()),
            Builder::Bool(b) => Arc::new(b.finish()),
            Builder::Decimal(b) => Arc::new(b.finish()),
        }
    }
}

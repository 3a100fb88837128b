//! Turns the rows of one table, as PostgreSQL copies them out, into one Parquet file per part. The same rows in the same order always
//! give the same bytes. It must not know where the rows come from, nor what the catalogue does with the files.

use crate::copy::{self, Fields, Next};
use crate::error::{Error, Result};
use crate::file::{FileWriter, SealedFile};
use crate::schema::{Column, Kind, Table};
use crate::sums::Sums;
use datafusion::arrow::array::{
    ArrayBuilder, ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int32Builder, Int64Builder, RecordBatch,
    StringBuilder, TimestampMicrosecondBuilder, UInt32Builder,
};
use datafusion::arrow::datatypes::SchemaRef;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows and bytes that are held before they are handed to the Parquet writer.
const BATCH_ROWS: usize = 65_536;
const BATCH_BYTES: usize = 32 << 20;

/// Places of an order's id and customer among the columns of orders.
const ORDER_ID: usize = 0;
const ORDER_CUSTOMER: usize = 1;

/// Takes the bytes of `copy (select part, … order by part, …) to stdout (format binary)` in pieces of any size.
pub struct Sealer {
    table: &'static Table,
    folder: PathBuf,
    version: i64,
    schema: SchemaRef,
    buffer: Vec<u8>,
    fields: Fields,
    begun: bool,
    ended: bool,
    part: Option<(i32, FileWriter)>,
    columns: Vec<ColumnBuilder>,
    held_rows: usize,
    held_bytes: usize,
    rows: u64,
    done: Vec<SealedFile>,
    sums: Option<Sums>,
}

impl Sealer {
    /// `folder` is the warehouse folder; files go to a folder of the table's name below it. `version` becomes part of the file names.
    pub fn new(folder: &Path, table: &'static Table, version: i64) -> Result<Sealer> {
        let target = folder.join(table.name);
        std::fs::create_dir_all(&target).map_err(Error::io(format!("making {}", target.display())))?;
        Ok(Sealer {
            table,
            folder: folder.to_owned(),
            version,
            schema: table.arrow_schema(),
            buffer: Vec::new(),
            fields: Fields::new(),
            begun: false,
            ended: false,
            part: None,
            columns: table
                .columns
                .iter()
                .map(|column| ColumnBuilder::new(column.kind))
                .collect(),
            held_rows: 0,
            held_bytes: 0,
            rows: 0,
            done: Vec::new(),
            sums: None,
        })
    }

    /// Fills the sums of orders from their sealed lines, of which `lines` names the file of each part.
    #[must_use]
    pub fn summing(mut self, lines: BTreeMap<i32, PathBuf>) -> Sealer {
        self.sums = Some(Sums::new(lines));
        self
    }

    /// Takes the next bytes; rows that are complete are decoded at once.
    pub fn push(&mut self, chunk: &[u8]) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.extend_from_slice(chunk);
        let used = self.take_rows(&buffer)?;
        buffer.drain(..used);
        self.buffer = buffer;
        Ok(())
    }

    /// Rows taken so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Closes the last file. Every file named in the answer is complete on disk.
    pub fn finish(mut self) -> Result<Vec<SealedFile>> {
        if !self.ended {
            return Err(self.broken("the copy ended before its last byte"));
        }
        self.close_part()?;
        if let Some(sums) = &mut self.sums {
            sums.close()?;
        }
        if !self.done.is_empty() {
            crate::file::sync_folder(&self.folder.join(self.table.name))?;
        }
        Ok(self.done)
    }

    fn take_rows(&mut self, buffer: &[u8]) -> Result<usize> {
        let mut place = 0;
        if !self.begun {
            match copy::header(buffer).map_err(|problem| self.broken(&problem))? {
                None => return Ok(0),
                Some(length) => place = length,
            }
            self.begun = true;
        }
        let mut fields = std::mem::take(&mut self.fields);
        loop {
            match copy::next(buffer, place, &mut fields).map_err(|problem| self.broken(&problem))? {
                Next::More => break,
                Next::End(end) => {
                    self.ended = true;
                    place = end;
                    break;
                }
                Next::Row(end) => {
                    self.take_row(buffer, &fields, end - place)?;
                    place = end;
                }
            }
        }
        self.fields = fields;
        Ok(place)
    }

    fn take_row(&mut self, buffer: &[u8], fields: &Fields, bytes: usize) -> Result<()> {
        if fields.len() != self.columns.len() + 1 {
            return Err(self.broken(&format!(
                "{} columns where {} belong",
                fields.len(),
                self.columns.len() + 1
            )));
        }
        let part = fields[0].ok_or_else(|| self.broken("a row without a part"))?;
        let part = copy::int4(&buffer[part.0..part.1]).map_err(|problem| self.broken(&problem))?;
        match &self.part {
            Some((open, _)) if *open == part => {}
            Some((open, _)) if *open > part => return Err(self.broken("parts are not in order")),
            _ => {
                self.close_part()?;
                self.part = Some((part, self.open(part)?));
            }
        }
        let broken = |column: &Column| {
            let (table, column) = (self.table.name, column.name);
            move |problem| Error::Value { table, column, problem }
        };
        let value = |place: usize| fields[place + 1].map(|(from, to)| &buffer[from..to]);
        let sum = match &mut self.sums {
            None => None,
            Some(sums) => {
                let order =
                    copy::text(value(ORDER_ID).unwrap_or_default()).map_err(broken(&self.table.columns[ORDER_ID]))?;
                let customer = value(ORDER_CUSTOMER)
                    .map(number)
                    .transpose()
                    .map_err(broken(&self.table.columns[ORDER_CUSTOMER]))?;
                sums.of(part, customer, order)?
            }
        };
        for (place, (builder, column)) in self.columns.iter_mut().zip(self.table.columns).enumerate() {
            match (column.name, builder, sum) {
                ("lines_value", ColumnBuilder::Decimal(builder, ..), Some(sum)) => builder.append_option(sum.value),
                ("line_count", ColumnBuilder::Int32(builder), Some(sum)) => builder.append_value(sum.lines),
                (_, builder, _) => builder.append(value(place)).map_err(broken(column))?,
            }
        }
        self.rows += 1;
        self.held_rows += 1;
        self.held_bytes += bytes;
        if self.held_rows >= BATCH_ROWS || self.held_bytes >= BATCH_BYTES {
            self.write_batch()?;
        }
        Ok(())
    }

    fn open(&self, part: i32) -> Result<FileWriter> {
        FileWriter::create(&self.folder, self.table.name, part, self.version, &self.schema)
    }

    fn write_batch(&mut self) -> Result<()> {
        if self.held_rows == 0 {
            return Ok(());
        }
        let arrays = self.columns.iter_mut().map(ColumnBuilder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)?;
        (self.held_rows, self.held_bytes) = (0, 0);
        match &mut self.part {
            Some((_, writer)) => writer.write(&batch),
            None => Ok(()),
        }
    }

    fn close_part(&mut self) -> Result<()> {
        self.write_batch()?;
        if let Some((_, writer)) = self.part.take() {
            self.done.push(writer.finish()?);
        }
        Ok(())
    }

    fn broken(&self, problem: &str) -> Error {
        Error::Copy {
            table: self.table.name,
            problem: problem.to_owned(),
        }
    }
}

/// Collects the values of one column.
enum ColumnBuilder {
    Number(UInt32Builder),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Text(StringBuilder),
    Json(StringBuilder),
    Uuid(StringBuilder),
    Bool(BooleanBuilder),
    Date(Date32Builder),
    Instant(TimestampMicrosecondBuilder),
    Decimal(Decimal128Builder, u8, i8),
}

impl ColumnBuilder {
    fn new(kind: Kind) -> ColumnBuilder {
        match kind {
            Kind::Number => ColumnBuilder::Number(UInt32Builder::new()),
            Kind::Int32 => ColumnBuilder::Int32(Int32Builder::new()),
            Kind::Int64 => ColumnBuilder::Int64(Int64Builder::new()),
            Kind::Text => ColumnBuilder::Text(StringBuilder::new()),
            Kind::Json => ColumnBuilder::Json(StringBuilder::new()),
            Kind::Uuid => ColumnBuilder::Uuid(StringBuilder::new()),
            Kind::Bool => ColumnBuilder::Bool(BooleanBuilder::new()),
            Kind::Date => ColumnBuilder::Date(Date32Builder::new()),
            Kind::Instant => {
                ColumnBuilder::Instant(TimestampMicrosecondBuilder::new().with_data_type(kind.data_type()))
            }
            Kind::Decimal { precision, scale } => ColumnBuilder::Decimal(
                Decimal128Builder::new().with_data_type(kind.data_type()),
                precision,
                scale,
            ),
        }
    }

    fn append(&mut self, bytes: Option<&[u8]>) -> copy::Decoded<()> {
        match self {
            ColumnBuilder::Number(b) => b.append_option(bytes.map(number).transpose()?),
            ColumnBuilder::Int32(b) => b.append_option(bytes.map(copy::int4).transpose()?),
            ColumnBuilder::Int64(b) => b.append_option(bytes.map(copy::int8).transpose()?),
            ColumnBuilder::Text(b) => b.append_option(bytes.map(copy::text).transpose()?),
            ColumnBuilder::Json(b) => b.append_option(bytes.map(copy::json).transpose()?),
            ColumnBuilder::Uuid(b) => b.append_option(bytes.map(copy::uuid).transpose()?),
            ColumnBuilder::Bool(b) => b.append_option(bytes.map(copy::boolean).transpose()?),
            ColumnBuilder::Date(b) => b.append_option(bytes.map(copy::date).transpose()?),
            ColumnBuilder::Instant(b) => b.append_option(bytes.map(copy::instant).transpose()?),
            ColumnBuilder::Decimal(b, precision, scale) => {
                b.append_option(
                    bytes
                        .map(|bytes| copy::numeric(bytes, *precision, *scale))
                        .transpose()?,
                );
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            ColumnBuilder::Number(b) => ArrayBuilder::finish(b),
            ColumnBuilder::Int32(b) => ArrayBuilder::finish(b),
            ColumnBuilder::Int64(b) => ArrayBuilder::finish(b),
            ColumnBuilder::Text(b) | ColumnBuilder::Json(b) | ColumnBuilder::Uuid(b) => ArrayBuilder::finish(b),
            ColumnBuilder::Bool(b) => ArrayBuilder::finish(b),
            ColumnBuilder::Date(b) => ArrayBuilder::finish(b),
            ColumnBuilder::Instant(b) => ArrayBuilder::finish(b),
            ColumnBuilder::Decimal(b, ..) => ArrayBuilder::finish(b),
        }
    }
}

fn number(bytes: &[u8]) -> copy::Decoded<u32> {
    u32::try_from(copy::int4(bytes)?).map_err(|_| "a negative number of a customer".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::copy_bytes;

    const PRODUCTS: &str = "product_id|name|category|brand|unit_cost";

    fn products(rows: &[&str]) -> Vec<u8> {
        copy_bytes("products", PRODUCTS, rows, |_| 0)
    }

    fn seal(folder: &Path, bytes: &[u8], piece: usize) -> Result<Vec<SealedFile>> {
        let mut sealer = Sealer::new(folder, Table::of("products").unwrap(), 7)?;
        for piece in bytes.chunks(piece) {
            sealer.push(piece)?;
        }
        sealer.finish()
    }

    #[test]
    fn the_same_rows_give_the_same_bytes_however_they_arrive() {
        let bytes = products(&["p1|Tea|Drinks||1.5", "p2|茶|Drinks|Acme|0.000001"]);
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let whole = seal(a.path(), &bytes, bytes.len()).unwrap();
        let pieces = seal(b.path(), &bytes, 3).unwrap();
        assert_eq!(whole, pieces);
        assert_eq!((whole[0].rows, whole[0].part), (2, 0));
        let on_disk = std::fs::read(a.path().join(&whole[0].path)).unwrap();
        assert_eq!(on_disk, std::fs::read(b.path().join(&pieces[0].path)).unwrap());
        assert_eq!(on_disk.len() as u64, whole[0].bytes);
        assert_eq!(
            crate::file::checksum(&a.path().join(&whole[0].path)).unwrap(),
            whole[0].checksum
        );
    }

    #[test]
    fn no_rows_give_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(seal(folder.path(), &products(&[]), 100).unwrap(), vec![]);
    }

    #[test]
    fn a_copy_that_breaks_off_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = products(&["p1|Tea|Drinks||1.5"]);
        assert!(seal(folder.path(), &bytes[..bytes.len() - 2], 100).is_err());
        let left = std::fs::read_dir(folder.path().join("products")).unwrap();
        assert_eq!(left.count(), 0);
    }

    #[test]
    fn parts_must_arrive_in_order_and_get_a_file_each() {
        let folder = tempfile::tempdir().unwrap();
        let rows = ["p1|Tea|Drinks||1.5", "p2|Tea|Drinks||1.5", "p3|Tea|Drinks||1.5"];
        let bytes = copy_bytes("products", PRODUCTS, &rows, |row| [3, 3, 9][row]);
        let files = seal(folder.path(), &bytes, 1000).unwrap();
        assert_eq!(
            files.iter().map(|file| (file.part, file.rows)).collect::<Vec<_>>(),
            [(3, 2), (9, 1)]
        );
        let bytes = copy_bytes("products", PRODUCTS, &rows, |row| [9, 3, 3][row]);
        assert!(
            seal(folder.path(), &bytes, 1000)
                .unwrap_err()
                .to_string()
                .contains("not in order")
        );
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = products(&["p1|Tea|Drinks||1234567890123.5"]);
        let said = seal(folder.path(), &bytes, 100).unwrap_err().to_string();
        assert!(said.contains("products.unit_cost"), "{said}");
    }
}

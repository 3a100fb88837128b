//! What the lines of each order add up to, read from the sealed lines while the orders are sealed. Lines and orders of a part are sealed in the
//! same order (customer, none last, then order), so one pass over both is enough, and memory does not grow with their number. It must not know
//! why a part is sealed.

use crate::error::{Error, Result};
use datafusion::arrow::array::{Array, AsArray, Decimal128Array, RecordBatch, StringArray, UInt32Array};
use datafusion::arrow::datatypes::{Decimal128Type, UInt32Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

const BATCH_ROWS: usize = 32_768;
const COLUMNS: [&str; 4] = ["order_id", "customer_no", "quantity", "unit_price"];
/// Sums are `numeric(24,6)`.
const LARGEST: i128 = 10i128.pow(24);

/// What the lines of one order add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    /// In millionths; none when no line has both quantity and price.
    pub value: Option<i128>,
    pub lines: i32,
}

/// Sums of orders that are asked for in the order of the sealed files.
pub(crate) struct Sums {
    /// The sealed lines of each part that has some.
    files: BTreeMap<i32, PathBuf>,
    open: Option<(i32, Option<Lines>)>,
}

impl Sums {
    pub(crate) fn new(files: BTreeMap<i32, PathBuf>) -> Sums {
        Sums { files, open: None }
    }

    /// The lines of an order; none when it has none.
    pub(crate) fn of(&mut self, part: i32, customer: Option<u32>, order: &str) -> Result<Option<Sum>> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != part) {
            self.close()?;
            let lines = self.files.get(&part).map(|path| Lines::open(path)).transpose()?;
            self.open = Some((part, lines));
        }
        match &mut self.open {
            Some((_, Some(lines))) => lines.of(part, customer, order),
            _ => Ok(None),
        }
    }

    /// Ends the open part, all of whose lines must have been asked for.
    pub(crate) fn close(&mut self) -> Result<()> {
        if let Some((part, Some(mut lines))) = self.open.take()
            && let Some(order) = lines.order()?
        {
            return Err(stray(part, order));
        }
        Ok(())
    }
}

fn stray(part: i32, order: &str) -> Error {
    Error::Copy {
        table: "orders",
        problem: format!("part {part} has lines of order {order} where that order is not"),
    }
}

/// The sealed lines of one part.
struct Lines {
    reader: ParquetRecordBatchReader,
    batch: Option<Batch>,
    row: usize,
}

struct Batch {
    orders: StringArray,
    customers: UInt32Array,
    quantities: Decimal128Array,
    prices: Decimal128Array,
}

impl Lines {
    fn open(path: &Path) -> Result<Lines> {
        let file = File::open(path).map_err(Error::io(format!("opening {}", path.display())))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
        let columns = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
        let reader = builder.with_projection(columns).with_batch_size(BATCH_ROWS).build()?;
        Ok(Lines {
            reader,
            batch: None,
            row: 0,
        })
    }

    /// Whether there is a line, which is then at `row` of `batch`.
    fn more(&mut self) -> Result<bool> {
        while self.batch.as_ref().is_none_or(|batch| self.row >= batch.orders.len()) {
            match self.reader.next() {
                None => return Ok(false),
                Some(batch) => {
                    self.batch = Some(Batch::of(&batch?)?);
                    self.row = 0;
                }
            }
        }
        Ok(true)
    }

    /// The order of the next line.
    fn order(&mut self) -> Result<Option<&str>> {
        if !self.more()? {
            return Ok(None);
        }
        Ok(self.batch.as_ref().map(|batch| batch.orders.value(self.row)))
    }

    fn of(&mut self, part: i32, customer: Option<u32>, order: &str) -> Result<Option<Sum>> {
        let mut sum: Option<Sum> = None;
        while self.more()? {
            let Some(batch) = &self.batch else { break };
            match batch.compare(self.row, customer, order) {
                Ordering::Less => return Err(stray(part, batch.orders.value(self.row))),
                Ordering::Greater => break,
                Ordering::Equal => {}
            }
            let sum = sum.get_or_insert(Sum { value: None, lines: 0 });
            sum.lines += 1;
            if let Some(value) = batch.value(self.row) {
                let total = sum.value.unwrap_or(0) + value;
                if total.abs() >= LARGEST {
                    return Err(Error::Value {
                        table: "orders",
                        column: "lines_value",
                        problem: format!("the lines of order {order} add up to more than 18 digits"),
                    });
                }
                sum.value = Some(total);
            }
            self.row += 1;
        }
        Ok(sum)
    }
}

impl Batch {
    fn of(batch: &RecordBatch) -> Result<Batch> {
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| Error::Column(name.to_owned()));
        let wrong = |name: &'static str| move || Error::Column(name.to_owned());
        Ok(Batch {
            orders: column("order_id")?
                .as_string_opt::<i32>()
                .ok_or_else(wrong("order_id"))?
                .clone(),
            customers: column("customer_no")?
                .as_primitive_opt::<UInt32Type>()
                .ok_or_else(wrong("customer_no"))?
                .clone(),
            quantities: column("quantity")?
                .as_primitive_opt::<Decimal128Type>()
                .ok_or_else(wrong("quantity"))?
                .clone(),
            prices: column("unit_price")?
                .as_primitive_opt::<Decimal128Type>()
                .ok_or_else(wrong("unit_price"))?
                .clone(),
        })
    }

    /// Where a line stands, beside an order.
    fn compare(&self, row: usize, customer: Option<u32>, order: &str) -> Ordering {
        let own = self.customers.is_valid(row).then(|| self.customers.value(row));
        (own.is_none(), own)
            .cmp(&(customer.is_none(), customer))
            .then_with(|| self.orders.value(row).as_bytes().cmp(order.as_bytes()))
    }

    /// Quantity times price in millionths, half away from zero, as PostgreSQL rounds.
    fn value(&self, row: usize) -> Option<i128> {
        if self.quantities.is_null(row) || self.prices.is_null(row) {
            return None;
        }
        let product = self.quantities.value(row) * self.prices.value(row);
        Some((product + product.signum() * 500_000) / 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sealer;
    use crate::schema::Table;
    use crate::testing::copy_bytes;

    fn sealed(folder: &Path, rows: &[&str]) -> Sums {
        let bytes = copy_bytes("order_lines", "customer_no|order_id|quantity|unit_price", rows, |_| 7);
        let mut sealer = Sealer::new(folder, Table::of("order_lines").unwrap(), 1).unwrap();
        sealer.push(&bytes).unwrap();
        let files = sealer.finish().unwrap();
        Sums::new(files.iter().map(|file| (file.part, folder.join(&file.path))).collect())
    }

    const ROWS: [&str; 5] = ["1|a|2|1.5", "1|a|-0.5|0.000001", "1|b||4", "2|a|3|1", "|z|1|7"];

    #[test]
    fn each_order_gets_its_lines() {
        let folder = tempfile::tempdir().unwrap();
        let mut sums = sealed(folder.path(), &ROWS);
        let mut ask = |part, customer, order| sums.of(part, customer, order).unwrap().map(|s| (s.value, s.lines));
        assert_eq!(ask(7, Some(1), "a"), Some((Some(2_999_999), 2)));
        assert_eq!(ask(7, Some(1), "aa"), None);
        assert_eq!(ask(7, Some(1), "b"), Some((None, 1)));
        assert_eq!(ask(7, Some(2), "a"), Some((Some(3_000_000), 1)));
        assert_eq!(ask(7, None, "y"), None);
        assert_eq!(ask(7, None, "z"), Some((Some(7_000_000), 1)));
        assert_eq!(ask(8, Some(1), "a"), None);
        sums.close().unwrap();
    }

    #[test]
    fn a_line_without_its_order_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut sums = sealed(folder.path(), &ROWS);
        assert!(sums.of(7, Some(1), "b").is_err(), "order a was passed over");
        let mut sums = sealed(folder.path(), &ROWS);
        sums.of(7, Some(1), "a").unwrap();
        assert!(sums.of(8, Some(1), "a").is_err(), "part 7 has more lines");
        let mut sums = sealed(folder.path(), &ROWS);
        sums.of(7, Some(1), "a").unwrap();
        assert!(sums.close().unwrap_err().to_string().contains("order b"));
    }
}

//! Values of given customers from files that are in order of customer number, read once from the first to the last.

use super::fields::{self, Days};
use crate::error::Result;
use crate::labels::open;
use crate::query::rules::Value;
use crate::read::Rows;
use datafusion::arrow::array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use std::collections::VecDeque;
use std::path::PathBuf;

pub(super) struct Merge {
    /// Still to be read, in order.
    paths: VecDeque<PathBuf>,
    reader: Option<ParquetRecordBatchReader>,
    /// The batch at which the reading stands.
    batch: Option<RecordBatch>,
    fields: Vec<String>,
    days: Days,
}

impl Merge {
    pub(super) fn new(paths: Vec<PathBuf>, days: Days) -> Merge {
        Merge {
            paths: paths.into(),
            reader: None,
            batch: None,
            fields: Vec::new(),
            days,
        }
    }

    /// One more field to read; its place in what `take` answers.
    pub(super) fn add(&mut self, field: &str) -> usize {
        self.fields.push(field.to_owned());
        self.fields.len() - 1
    }

    /// For each field the values of these customers, who come after all those asked for before and in rising order.
    pub(super) fn take(&mut self, customers: &[u32]) -> Result<Vec<Vec<Value>>> {
        let mut columns: Vec<Vec<Value>> = vec![Vec::with_capacity(customers.len()); self.fields.len()];
        let mut next = 0;
        while next < customers.len() {
            if self.batch.is_none() && !self.read()? {
                break;
            }
            let Some(batch) = &self.batch else { break };
            let rows = Rows(batch);
            let numbers = rows.numbers("customer_no")?;
            let numbers = numbers.values();
            let last = numbers.last().copied();
            // Who could stand in this batch, and where they do.
            let until = next + customers[next..].partition_point(|customer| last.is_some_and(|last| *customer <= last));
            let places: Vec<Option<usize>> = customers[next..until]
                .iter()
                .map(|customer| numbers.binary_search(customer).ok())
                .collect();
            for (field, column) in self.fields.iter().zip(&mut columns) {
                fields::values(&rows, field, &places, &self.days, column)?;
            }
            next = until;
            if next < customers.len() {
                self.batch = None;
            }
        }
        for column in &mut columns {
            column.resize(customers.len(), Value::Unknown);
        }
        Ok(columns)
    }

    /// Goes on to the next batch that has rows; false at the end.
    fn read(&mut self) -> Result<bool> {
        loop {
            if let Some(reader) = &mut self.reader {
                match reader.next() {
                    Some(batch) => {
                        let batch = batch?;
                        if batch.num_rows() > 0 {
                            self.batch = Some(batch);
                            return Ok(true);
                        }
                        continue;
                    }
                    None => self.reader = None,
                }
            }
            let Some(path) = self.paths.pop_front() else {
                return Ok(false);
            };
            let mut needed = vec!["customer_no"];
            needed.extend(self.fields.iter().flat_map(|field| fields::needed(field)));
            self.reader = Some(open(&path, &needed)?);
        }
    }
}

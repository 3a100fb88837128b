//! Which order does a line belong to? Lines and orders of a part are sealed in the same order of customers, so each line finds its order
//! among the few orders of its customer, without a join over all.

use super::column::NO_ROW;
use super::read::open;
use crate::error::{Error, Result};
use crate::read::Rows;
use std::path::Path;

/// The orders of one part: for each row its customer and its id, in the order of the file.
struct Orders {
    customers: Vec<u32>,
    ids: Vec<Box<str>>,
}

impl Orders {
    fn read(path: &Path) -> Result<Orders> {
        let mut orders = Orders {
            customers: Vec::new(),
            ids: Vec::new(),
        };
        for batch in open(path, &["customer_no", "order_id"])? {
            let batch = batch?;
            let rows = Rows(&batch);
            let (customers, ids) = (rows.numbers("customer_no")?, rows.texts("order_id")?);
            let known = rows.len() - datafusion::arrow::array::Array::null_count(&customers);
            orders.customers.extend_from_slice(&customers.values()[..known]);
            orders.ids.extend((0..known).map(|row| Box::from(ids.value(row))));
            if known < rows.len() {
                break;
            }
        }
        Ok(orders)
    }
}

/// For each line that belongs to somebody, the row of its order in the file of orders.
pub(super) fn order_rows(lines: &Path, orders: Option<&Path>, most: Option<usize>) -> Result<Vec<u32>> {
    let orders = match orders {
        Some(path) => Orders::read(path)?,
        None => Orders {
            customers: Vec::new(),
            ids: Vec::new(),
        },
    };
    let mut out: Vec<u32> = Vec::with_capacity(most.unwrap_or(0));
    // The orders of the customer whose lines are read, and the last one found among them.
    let (mut customer, mut from, mut to, mut last) = (None, 0, 0, 0);
    for batch in open(lines, &["customer_no", "order_id"])? {
        let batch = batch?;
        let rows = Rows(&batch);
        let (customers, ids) = (rows.numbers("customer_no")?, rows.texts("order_id")?);
        let known = rows.len() - datafusion::arrow::array::Array::null_count(&customers);
        for row in 0..known {
            let number = customers.value(row);
            if customer != Some(number) {
                customer = Some(number);
                from = to + orders.customers[to..].partition_point(|other| *other < number);
                to = from + orders.customers[from..].partition_point(|other| *other <= number);
                last = from;
            }
            let id = ids.value(row);
            let found = (last..to).chain(from..last).find(|place| *orders.ids[*place] == *id);
            last = found.unwrap_or(last);
            let place = found.map_or(Ok(NO_ROW), u32::try_from);
            out.push(
                place.map_err(|_| Error::TooLarge("a part has more than four thousand million orders".to_owned()))?,
            );
        }
        if known < rows.len() {
            break;
        }
    }
    out.truncate(most.unwrap_or(usize::MAX));
    out.shrink_to_fit();
    Ok(out)
}

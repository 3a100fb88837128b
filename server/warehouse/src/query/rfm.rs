//! How recently, how often and for how much has each customer bought, up to and including a local date? Scores are made elsewhere.

use crate::derive;
use crate::error::Result;
use crate::query::facts::{self, Money};
use crate::read::{at, plain};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;

/// Customers with at least one counting order, by rising number; all columns are of the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RfmColumns {
    pub customer_no: Vec<u32>,
    /// Days from the local date of the last counting order to the date asked for.
    pub recency: Vec<i32>,
    /// Counting orders.
    pub frequency: Vec<u32>,
    /// Their value minus refunds, in the installation's currency.
    pub monetary: Vec<f64>,
    /// Orders whose amount has no exchange rate: they are in the frequency and not in the money.
    pub not_converted: u64,
}

/// One customer while the columns are put together; indexed by number.
#[derive(Clone, Copy, Default)]
struct Held {
    orders: u32,
    last: i64,
    millionths: i128,
}

impl Snapshot {
    /// Facts up to and including the local date `as_of`.
    pub async fn rfm(&self, as_of: NaiveDate) -> Result<RfmColumns> {
        let this = self.clone();
        self.run(async move { columns(&this, as_of).await }).await
    }
}

async fn columns(snapshot: &Snapshot, as_of: NaiveDate) -> Result<RfmColumns> {
    let money = Money::of(snapshot).await?;
    let end = facts::instant(snapshot.zone().start_of(as_of.succ_opt().unwrap_or(as_of)));
    let known = format!("and o.ordered_at < {end} and o.customer_no is not null");
    let orders = facts::counting_orders(snapshot, &money, "o.customer_no, o.ordered_at", &known);
    let sql = format!(
        "select customer_no, count(*) as orders, count(value) as converted, max(ordered_at) as last, sum(value) as value \
         from {orders} group by customer_no"
    );
    let mut held: Vec<Held> = Vec::new();
    let mut not_converted = 0;
    snapshot
        .each(&sql, money.values.clone(), |rows| {
            let (customers, orders, converted) = (
                rows.numbers("customer_no")?,
                rows.i64s("orders")?,
                rows.i64s("converted")?,
            );
            let (last, value) = (rows.instants("last")?, rows.money("value")?);
            for row in 0..rows.len() {
                let place = customers.value(row) as usize;
                if held.len() <= place {
                    held.resize(place + 1, Held::default());
                }
                let count = u32::try_from(orders.value(row)).unwrap_or(u32::MAX);
                held[place] = Held {
                    orders: count,
                    last: last.value(row),
                    millionths: at(&value, row).unwrap_or(0),
                };
                not_converted += orders.value(row).saturating_sub(converted.value(row)).unsigned_abs();
            }
            Ok(())
        })
        .await?;
    let sql = format!(
        "select customer_no, sum(amount) as amount from {refunds} \
         where not ignored and at < {end} and customer_no is not null group by customer_no",
        refunds = derive::REFUNDS
    );
    snapshot
        .each(&sql, Vec::new(), |rows| {
            let (customers, amount) = (rows.numbers("customer_no")?, rows.money("amount")?);
            for row in 0..rows.len() {
                // A refund document of somebody who has no counting order concerns nobody here.
                if let Some(customer) = held.get_mut(customers.value(row) as usize) {
                    customer.millionths -= at(&amount, row).unwrap_or(0);
                }
            }
            Ok(())
        })
        .await?;
    Ok(finish(&held, snapshot, as_of, not_converted))
}

fn finish(held: &[Held], snapshot: &Snapshot, as_of: NaiveDate, not_converted: u64) -> RfmColumns {
    let today = crate::zone::day_of_date(as_of);
    let covered = held.iter().filter(|customer| customer.orders > 0).count();
    let mut columns = RfmColumns {
        customer_no: Vec::with_capacity(covered),
        recency: Vec::with_capacity(covered),
        frequency: Vec::with_capacity(covered),
        monetary: Vec::with_capacity(covered),
        not_converted,
    };
    for (number, customer) in held.iter().enumerate().filter(|(_, customer)| customer.orders > 0) {
        columns.customer_no.push(u32::try_from(number).unwrap_or(u32::MAX));
        columns.recency.push(today - snapshot.zone().day(customer.last));
        columns.frequency.push(customer.orders);
        columns.monetary.push(plain(customer.millionths));
    }
    columns
}

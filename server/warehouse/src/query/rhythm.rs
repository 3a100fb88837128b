//! On which days did each customer order, up to and including a local date? What that says about the customer is decided elsewhere.

use crate::error::Result;
use crate::query::facts::{self, Money};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;

/// Customers with at least one counting order, by rising number, with the different local days of their counting orders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderDays {
    pub customer_no: Vec<u32>,
    /// All days, customer after customer, each rising; days since 1970.
    days: Vec<i32>,
    /// Where the days of each customer end.
    ends: Vec<usize>,
}

impl OrderDays {
    /// The days of each customer, in the order of the numbers.
    pub fn each(&self) -> Vec<&[i32]> {
        let mut begin = 0;
        self.ends
            .iter()
            .map(|end| &self.days[std::mem::replace(&mut begin, *end)..*end])
            .collect()
    }
}

impl Snapshot {
    /// Facts up to and including the local date `as_of`. Holds eight bytes per order while it works.
    pub async fn order_days(&self, as_of: NaiveDate) -> Result<OrderDays> {
        let this = self.clone();
        self.run(async move { read(&this, as_of).await }).await
    }
}

async fn read(snapshot: &Snapshot, as_of: NaiveDate) -> Result<OrderDays> {
    let money = Money::of(snapshot).await?;
    let end = facts::instant(snapshot.zone().start_of(as_of.succ_opt().unwrap_or(as_of)));
    let known = format!("and o.ordered_at < {end} and o.customer_no is not null");
    let orders = facts::counting_orders(snapshot, &money, "o.customer_no, o.ordered_at", &known);
    let sql = format!("select customer_no, ordered_at from {orders}");
    // Customer above, day below: one sort brings both into order.
    let mut pairs: Vec<u64> = Vec::new();
    snapshot
        .each(&sql, money.values.clone(), |rows| {
            let (customers, times) = (rows.numbers("customer_no")?, rows.instants("ordered_at")?);
            pairs.extend((0..rows.len()).map(|row| {
                let day = snapshot.zone().day(times.value(row));
                u64::from(customers.value(row)) << 32 | u64::from(day.cast_unsigned() ^ SIGN)
            }));
            Ok(())
        })
        .await?;
    tokio::task::spawn_blocking(move || Ok(grouped(pairs)))
        .await
        .map_err(|ended| crate::Error::Ended(ended.to_string()))?
}

/// Turned over, so that days before 1970 sort before those after.
const SIGN: u32 = 1 << 31;

fn grouped(mut pairs: Vec<u64>) -> OrderDays {
    pairs.sort_unstable();
    pairs.dedup();
    let mut found = OrderDays::default();
    for pair in pairs {
        let customer = (pair >> 32) as u32;
        if found.customer_no.last() != Some(&customer) {
            found.customer_no.push(customer);
            found.ends.push(found.days.len());
        }
        found.days.push((pair as u32 ^ SIGN).cast_signed());
        if let Some(end) = found.ends.last_mut() {
            *end = found.days.len();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_back_by_customer_in_order_and_once() {
        let pair = |customer: u32, day: i32| u64::from(customer) << 32 | u64::from(day.cast_unsigned() ^ SIGN);
        let found = grouped(vec![pair(7, 20), pair(3, -5), pair(7, 4), pair(7, 20), pair(3, 2)]);
        assert_eq!(found.customer_no, [3, 7]);
        assert_eq!(found.each(), [&[-5, 2][..], &[4, 20][..]]);
        assert_eq!(grouped(Vec::new()), OrderDays::default());
    }
}

//! What came in during a period, by local day: counting orders, their value, refunds on their own date, and who bought again.

use crate::derive::{FEATURES, REFUNDS};
use crate::error::Result;
use crate::query::facts::{self, Money};
use crate::read::{at, plain};
use crate::snapshot::Snapshot;
use crate::zone::date_of_day;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use types::query::Period;

/// The figures of one period. Amounts are in the installation's currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeriodFigures {
    /// Every local day of the period, also those without an order.
    pub days: Vec<DayFigures>,
    pub orders: u64,
    pub revenue: f64,
    /// Refunds dated in the period, of whatever order, and refund documents that are not ignored.
    pub refunds: f64,
    /// Customers with a counting order in the period.
    pub active_customers: u64,
    /// Those of them who had another counting order before, in the period or earlier.
    pub returning_customers: u64,
    pub orders_without_customer: u64,
    /// Amounts without an exchange rate, left out of revenue or refunds.
    pub not_converted: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayFigures {
    pub day: NaiveDate,
    pub orders: u64,
    pub revenue: f64,
    pub refunds: f64,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    orders: u64,
    revenue: i128,
    refunds: i128,
}

impl Snapshot {
    pub async fn period_figures(&self, period: Period) -> Result<PeriodFigures> {
        let this = self.clone();
        self.run(async move { figures(&this, period).await }).await
    }
}

async fn figures(snapshot: &Snapshot, period: Period) -> Result<PeriodFigures> {
    let mut found = PeriodFigures::default();
    let mut days: BTreeMap<i32, Sums> = BTreeMap::new();
    let (from, to) = (
        snapshot.zone().start_of(period.from),
        snapshot.zone().start_of(period.to),
    );
    let money = Money::of(snapshot).await?;
    let inside = |time: &str| format!("{time} >= {} and {time} < {}", facts::instant(from), facts::instant(to));
    let condition = format!("and {}", inside("o.ordered_at"));
    let orders = facts::counting_orders(snapshot, &money, "o.customer_no, o.ordered_at", &condition);
    let sql = format!(
        "select {day} as day, count(*) as orders, count(value) as converted, count(customer_no) as known, sum(value) as value \
         from {orders} group by 1",
        day = snapshot.zone().day_sql("ordered_at", from, to)
    );
    snapshot
        .each(&sql, money.values.clone(), |rows| {
            let (numbers, orders, converted) = (rows.i32s("day")?, rows.i64s("orders")?, rows.i64s("converted")?);
            let (known, value) = (rows.i64s("known")?, rows.money("value")?);
            for row in 0..rows.len() {
                let count = orders.value(row).unsigned_abs();
                let day = days.entry(numbers.value(row)).or_default();
                day.orders += count;
                day.revenue += at(&value, row).unwrap_or(0);
                found.orders += count;
                found.orders_without_customer += count - known.value(row).unsigned_abs();
                found.not_converted += count - converted.value(row).unsigned_abs();
            }
            Ok(())
        })
        .await?;
    let sql = format!(
        "select {day} as day, sum(amount) as amount, count(*) - count(amount) as missing from {REFUNDS} \
         where not ignored and {inside} group by 1",
        day = snapshot.zone().day_sql("at", from, to),
        inside = inside("at")
    );
    snapshot
        .each(&sql, Vec::new(), |rows| {
            let (numbers, amount, missing) = (rows.i32s("day")?, rows.money("amount")?, rows.i64s("missing")?);
            for row in 0..rows.len() {
                days.entry(numbers.value(row)).or_default().refunds += at(&amount, row).unwrap_or(0);
                found.not_converted += missing.value(row).unsigned_abs();
            }
            Ok(())
        })
        .await?;
    // Counting does not ask for amounts.
    let sql = format!(
        "select count(*) as active, count(*) filter (where a.n >= 2 or f.first_order_at < {start}) as returning from \
         (select o.customer_no, count(*) as n from orders o where {counts} and o.customer_no is not null {condition} \
         group by o.customer_no) a left join {FEATURES} f on f.customer_no = a.customer_no",
        start = facts::instant(from),
        counts = facts::COUNTS
    );
    snapshot
        .each(&sql, Vec::new(), |rows| {
            let (active, returning) = (rows.i64s("active")?, rows.i64s("returning")?);
            for row in 0..rows.len() {
                found.active_customers = active.value(row).unsigned_abs();
                found.returning_customers = returning.value(row).unsigned_abs();
            }
            Ok(())
        })
        .await?;
    found.revenue = plain(days.values().map(|day| day.revenue).sum());
    found.refunds = plain(days.values().map(|day| day.refunds).sum());
    let (first, last) = (
        crate::zone::day_of_date(period.from),
        crate::zone::day_of_date(period.to),
    );
    found.days = (first..last)
        .map(|day| {
            let sums = days.get(&day).copied().unwrap_or_default();
            DayFigures {
                day: date_of_day(day),
                orders: sums.orders,
                revenue: plain(sums.revenue),
                refunds: plain(sums.refunds),
            }
        })
        .collect();
    Ok(found)
}

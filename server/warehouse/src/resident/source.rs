//! What a column in memory is made of, and what must be known before it can be read: rates of exchange, the zone, how many rows belong to
//! somebody.

use super::{Column, Key, Resident};
use crate::derive::DAILY_RATES;
use crate::error::Result;
use crate::read::Rows;
use crate::snapshot::Snapshot;
use crate::zone::Zone;
use datafusion::arrow::array::AsArray;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Decimal128Type};
use std::collections::HashMap;

/// How a column in memory follows from the sealed columns of one file. Rows of facts that belong to nobody, which come last, are left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// The number of the customer of each row; rises.
    Customers,
    Words(String),
    /// Plain numbers.
    Number(String),
    /// Decimals, as they were uploaded.
    Amount(String),
    /// Decimals in the installation's currency; not known without a rate.
    Money(Money),
    /// Whole numbers and calendar dates.
    Whole(String),
    /// Local dates of moments.
    Day(String),
    Time(String),
    YesNo(String),
    /// Of orders: 1 counts, 0 does not, 2 is a refund document.
    Counts,
    /// Of order lines: the row of their order in the file of orders beside.
    OrderRow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Money {
    OrderValue,
    Discount,
    Shipping,
    Refund,
    LinePrice,
    LineValue,
}

impl Money {
    /// Sealed columns that it is made of.
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Money::OrderValue => &["total", "lines_value", "currency", "ordered_at"],
            Money::Discount => &["discount", "currency", "ordered_at"],
            Money::Shipping => &["shipping", "currency", "ordered_at"],
            Money::Refund => &["refund_amount", "currency", "ordered_at", "refunded_at"],
            Money::LinePrice => &["unit_price", "currency", "ordered_at"],
            Money::LineValue => &["unit_price", "quantity", "currency", "ordered_at"],
        }
    }
}

/// What reading a column needs beside its file.
pub(super) struct Needed {
    pub(super) zone: Zone,
    /// Rows that belong to a customer; `None` is all.
    pub(super) rows: Option<usize>,
    /// Present when amounts in other currencies occur.
    pub(super) rates: Option<Rates>,
}

/// Billionths of the installation's currency for one unit of a currency, by day.
pub(super) struct Rates {
    base: String,
    by_currency: HashMap<String, HashMap<i32, i128>>,
}

impl Rates {
    /// An amount with six decimals more than `scale` says, in millionths of the installation's currency; `None` without a rate.
    pub(super) fn convert(&self, amount: i128, currency: Option<&str>, day: i32) -> Option<i128> {
        match currency {
            None => Some(amount),
            Some(currency) if currency == self.base => Some(amount),
            Some(currency) => {
                let rate = self.by_currency.get(currency)?.get(&day)?;
                Some(rounded(amount.checked_mul(*rate)?, 1_000_000_000))
            }
        }
    }
}

/// Divides and rounds half away from zero, as decimals are rounded everywhere else.
pub(super) fn rounded(value: i128, by: i128) -> i128 {
    let half = by / 2;
    if value >= 0 {
        (value + half) / by
    } else {
        (value - half) / by
    }
}

pub(super) async fn prepare(snapshot: &Snapshot, key: &Key) -> Result<Needed> {
    let rows = if key.source == Source::Customers || key.table == crate::derive::FEATURES {
        None
    } else {
        let customers = Key {
            source: Source::Customers,
            beside: None,
            ..key.clone()
        };
        match Resident::before(snapshot, customers).await?.as_ref() {
            Column::Places(places) => Some(places.len()),
            _ => None,
        }
    };
    let rates = match (&key.source, &key.beside) {
        (Source::Money(_), Some(_)) => Some(rates(snapshot).await?),
        _ => None,
    };
    Ok(Needed {
        zone: snapshot.zone().clone(),
        rows,
        rates,
    })
}

async fn rates(snapshot: &Snapshot) -> Result<Rates> {
    let mut by_currency: HashMap<String, HashMap<i32, i128>> = HashMap::new();
    let sql = format!("select currency, day, rate from {DAILY_RATES}");
    snapshot
        .each(&sql, Vec::new(), |rows: Rows<'_>| {
            let (currencies, days) = (rows.texts("currency")?, rows.i32s("day")?);
            let rate = cast(rows.array("rate")?, &DataType::Decimal128(38, 9))?;
            let rate = rate.as_primitive::<Decimal128Type>();
            for row in 0..rows.len() {
                by_currency
                    .entry(currencies.value(row).to_owned())
                    .or_default()
                    .insert(days.value(row), rate.value(row));
            }
            Ok(())
        })
        .await?;
    Ok(Rates {
        base: snapshot.currency().to_owned(),
        by_currency,
    })
}

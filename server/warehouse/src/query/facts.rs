//! What is an order that counts, and what is it worth in the installation's currency? The relations that every other query starts from.

use crate::derive;
use crate::error::Result;
use crate::snapshot::{Snapshot, Values};
use datafusion::scalar::ScalarValue;

/// Status and value of an order that counts. Needs the alias `o` for orders.
pub(crate) const COUNTS: &str =
    "(o.status is null or o.status not in ('cancelled', 'unpaid')) and coalesce(o.total, o.lines_value) > 0";

/// Whether any amount is in another currency. Reads only the currency columns.
pub(crate) async fn any_foreign(snapshot: &Snapshot) -> Result<bool> {
    for table in ["orders", "order_lines", "campaign_costs"] {
        let sql = format!("select currency from {table} where currency <> $base limit 1");
        let found = snapshot.collect(&sql, vec![base(snapshot)]).await?;
        if found.iter().any(|batch| batch.num_rows() > 0) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn base(snapshot: &Snapshot) -> (&'static str, ScalarValue) {
    ("base", ScalarValue::Utf8(Some(snapshot.currency().to_owned())))
}

/// How amounts of one table become amounts in the installation's currency.
pub(crate) struct Money {
    foreign: bool,
    pub(crate) values: Values,
}

impl Money {
    pub(crate) async fn of(snapshot: &Snapshot) -> Result<Money> {
        let foreign = snapshot.has_foreign_amounts().await?;
        Ok(Money {
            foreign,
            values: if foreign { vec![base(snapshot)] } else { Vec::new() },
        })
    }

    /// SQL for the amount, null where no rate is known. `rate` is the alias given to [`Money::join`].
    pub(crate) fn amount(&self, amount: &str, currency: &str, rate: &str) -> String {
        if self.foreign {
            format!(
                "case when {currency} is null or {currency} = $base then cast({amount} as decimal(24,6)) \
                 else cast(({amount}) * {rate}.rate as decimal(24,6)) end"
            )
        } else {
            amount.to_owned()
        }
    }

    /// SQL that brings the rate of a day; `day` is a day number.
    pub(crate) fn join(&self, currency: &str, day: &str, rate: &str) -> String {
        if self.foreign {
            format!(
                " left join {rates} {rate} on {rate}.currency = {currency} and {rate}.day = {day}",
                rates = derive::DAILY_RATES
            )
        } else {
            String::new()
        }
    }
}

/// SQL for counting orders with a time: their `columns` (of the alias `o`), `value` in the installation's currency, null without a rate.
/// `condition` starts with `and`.
pub(crate) fn counting_orders(snapshot: &Snapshot, money: &Money, columns: &str, condition: &str) -> String {
    let (from, to) = snapshot.time_range();
    let value = money.amount("coalesce(o.total, o.lines_value)", "o.currency", "r");
    let join = money.join("o.currency", &snapshot.zone().day_sql("o.ordered_at", from, to), "r");
    format!(
        "(select {columns}, {value} as value from orders o{join} where {COUNTS} and o.ordered_at is not null {condition})"
    )
}

/// A timestamp literal of an instant in microseconds.
pub(crate) fn instant(micros: i64) -> String {
    format!("arrow_cast({micros}, 'Timestamp(Microsecond, Some(\"UTC\"))')")
}

/// What was refunded for a counting order, as uploaded: the amount given, or the whole value of a returned order. Null when nothing was.
pub(crate) const REFUND: &str =
    "coalesce(o.refund_amount, case when o.status = 'returned' then coalesce(o.total, o.lines_value) end)";

/// The date of that refund.
pub(crate) const REFUNDED_AT: &str = "coalesce(o.refunded_at, o.ordered_at)";

/// SQL for that refund in the installation's currency, and the join that it needs. An amount that was given has the rate of its own day; a
/// whole value has the rate of its order, so that it takes away exactly what the order brought.
pub(crate) fn order_refund(snapshot: &Snapshot, money: &Money) -> (String, String) {
    let (from, to) = snapshot.time_range();
    let of_order = snapshot.zone().day_sql("o.ordered_at", from, to);
    let of_refund = snapshot.zone().day_sql(REFUNDED_AT, from, to);
    let day = format!("case when o.refund_amount is null then {of_order} else {of_refund} end");
    (
        money.amount(REFUND, "o.currency", "rf"),
        money.join("o.currency", &day, "rf"),
    )
}

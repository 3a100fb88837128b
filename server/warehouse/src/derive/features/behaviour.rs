//! What the customers of one range did, counted from the sealed facts, and its columns of the features.

use super::Range;
use super::columns::{counts, days, decimals, instants, small, texts};
use crate::derive::best::{Best, BestNumber};
use crate::derive::{EXCLUDED_ORDERS, REFUNDS};
use crate::error::Result;
use crate::query::facts::{self, Money};
use crate::read::{Rows, at, text_at};
use crate::snapshot::Snapshot;
use datafusion::arrow::array::ArrayRef;
use futures::TryStreamExt;

/// Numbers of one customer that are sums, counts and times.
#[derive(Clone, Copy, Default)]
struct Totals {
    orders: i32,
    not_converted: i32,
    first_order: i64,
    last_order: i64,
    gross: i128,
    refunds: i128,
    lines: i32,
    units: i128,
    interactions: i32,
    last_interaction: Option<i64>,
    touches: i32,
    opens: i32,
    clicks: i32,
    last_touch: Option<i64>,
    reviews: i32,
    rating: i128,
    ratings: i64,
}

/// What the customers of one range did.
pub(super) struct Behaviour {
    pub range: Range,
    totals: Vec<Totals>,
    category: Best,
    payment: Best,
    channel: Best,
    city: Best,
    answering: Best,
    weekday: BestNumber,
    hour: BestNumber,
}

impl Behaviour {
    pub async fn read(snapshot: &Snapshot, range: Range) -> Result<Behaviour> {
        let width = range.width();
        let mut this = Behaviour {
            range,
            totals: vec![Totals::default(); width],
            category: Best::new(width),
            payment: Best::new(width),
            channel: Best::new(width),
            city: Best::new(width),
            answering: Best::new(width),
            weekday: BestNumber::new(width),
            hour: BestNumber::new(width),
        };
        this.read_orders(snapshot).await?;
        this.read_habits(snapshot).await?;
        this.read_payments(snapshot).await?;
        this.read_lines(snapshot).await?;
        this.read_contacts(snapshot).await?;
        Ok(this)
    }

    async fn read_orders(&mut self, snapshot: &Snapshot) -> Result<()> {
        let (range, totals) = (self.range, &mut self.totals);
        let money = Money::of(snapshot).await?;
        let condition = format!("and {}", range.condition("o.customer_no"));
        let orders = facts::counting_orders(snapshot, &money, "o.customer_no, o.ordered_at", &condition);
        let sql = format!(
            "select customer_no, count(*) as orders, count(value) as converted, min(ordered_at) as first, \
             max(ordered_at) as last, sum(value) as value from {orders} group by customer_no"
        );
        snapshot
            .each(&sql, money.values.clone(), |rows| {
                let (customers, orders, converted) = (
                    rows.numbers("customer_no")?,
                    rows.i32s("orders")?,
                    rows.i32s("converted")?,
                );
                let (first, last, value) = (rows.instants("first")?, rows.instants("last")?, rows.money("value")?);
                for row in 0..rows.len() {
                    let held = &mut totals[range.place(customers.value(row))];
                    held.orders = orders.value(row);
                    held.not_converted = orders.value(row) - converted.value(row);
                    (held.first_order, held.last_order) = (first.value(row), last.value(row));
                    held.gross = at(&value, row).unwrap_or(0);
                }
                Ok(())
            })
            .await?;
        let sql = format!(
            "select customer_no, sum(amount) as amount, count(*) - count(amount) as missing from {REFUNDS} \
             where not ignored and at is not null and {} group by customer_no",
            range.condition("customer_no")
        );
        snapshot
            .each(&sql, Vec::new(), |rows| {
                let (customers, amount, missing) = (
                    rows.numbers("customer_no")?,
                    rows.money("amount")?,
                    rows.i32s("missing")?,
                );
                for row in 0..rows.len() {
                    let held = &mut totals[range.place(customers.value(row))];
                    held.refunds = at(&amount, row).unwrap_or(0);
                    held.not_converted += missing.value(row);
                }
                Ok(())
            })
            .await
    }

    /// Channel, city, weekday and hour in which each customer orders most often.
    async fn read_habits(&mut self, snapshot: &Snapshot) -> Result<()> {
        let range = self.range;
        // Only what counts is asked here, so that amounts need no conversion.
        let counting = format!(
            "{} and o.ordered_at is not null and {}",
            facts::COUNTS,
            range.condition("o.customer_no")
        );
        for (column, best) in [("channel", &mut self.channel), ("city", &mut self.city)] {
            let sql = format!(
                "select customer_no, {column} as word, count(*) as weight from orders o \
                 where {counting} and {column} is not null group by customer_no, {column}"
            );
            read_best(snapshot, &sql, range, best).await?;
        }
        let (from, to) = snapshot.time_range();
        let hours = snapshot.zone().hour_sql("ordered_at", from, to);
        let weekdays = snapshot.zone().weekday_sql("ordered_at", from, to);
        for (number, best) in [(weekdays, &mut self.weekday), (hours, &mut self.hour)] {
            let sql = format!(
                "select customer_no, number, count(*) as weight from (select o.customer_no, {number} as number \
                 from orders o where {counting}) group by customer_no, number"
            );
            snapshot
                .each(&sql, Vec::new(), |rows| {
                    let (customers, numbers, weights) =
                        (rows.numbers("customer_no")?, rows.i32s("number")?, rows.i64s("weight")?);
                    for row in 0..rows.len() {
                        best.offer(
                            range.place(customers.value(row)),
                            numbers.value(row),
                            weights.value(row),
                        );
                    }
                    Ok(())
                })
                .await?;
        }
        Ok(())
    }

    /// The method that pays most orders: of the order itself, else of its payments.
    async fn read_payments(&mut self, snapshot: &Snapshot) -> Result<()> {
        let range = self.range;
        let counting = format!(
            "{} and o.ordered_at is not null and {}",
            facts::COUNTS,
            range.condition("o.customer_no")
        );
        let own = format!(
            "select o.customer_no, o.payment_method as word from orders o where {counting} and o.payment_method is not null"
        );
        if snapshot.rows("payments") == 0 {
            let sql = format!("select customer_no, word, count(*) as weight from ({own}) group by customer_no, word");
            return read_best(snapshot, &sql, range, &mut self.payment).await;
        }
        let sql = format!(
            "select customer_no, word, count(*) as weight from ({own} union all \
             select o.customer_no, p.method as word from orders o join payments p on p.order_id = o.order_id \
             where {counting} and o.payment_method is null and p.method is not null) group by customer_no, word"
        );
        // Neither orders nor payments need fit into memory.
        let session = snapshot.with_sorted_joins()?;
        let mut stream = crate::snapshot::plan(&session, &sql, Vec::new())
            .await?
            .execute_stream()
            .await?;
        while let Some(batch) = stream.try_next().await? {
            offer_all(&Rows(&batch), range, &mut self.payment)?;
        }
        Ok(())
    }

    /// Lines, units, and the category in which each customer spends most.
    async fn read_lines(&mut self, snapshot: &Snapshot) -> Result<()> {
        if snapshot.rows("order_lines") == 0 {
            return Ok(());
        }
        let (range, totals, best) = (self.range, &mut self.totals, &mut self.category);
        let money = Money::of(snapshot).await?;
        let (from, to) = snapshot.time_range();
        let spend = money.amount("l.unit_price * coalesce(l.quantity, 1)", "l.currency", "r");
        let rates = money.join("l.currency", &snapshot.zone().day_sql("l.ordered_at", from, to), "r");
        let counting = match snapshot.rows(EXCLUDED_ORDERS) {
            0 => String::new(),
            _ => format!(" left anti join {EXCLUDED_ORDERS} x on x.order_id = l.order_id"),
        };
        let sql = format!(
            "select customer_no, word, count(*) as lines, sum(units) as units, sum(spend) as spend from \
             (select l.customer_no, p.category as word, coalesce(l.quantity, 1) as units, {spend} as spend \
             from (select l.* from order_lines l{counting} where l.ordered_at is not null and {range}) l \
             left join products p on p.product_id = l.product_id{rates}) group by customer_no, word",
            range = range.condition("l.customer_no"),
        );
        snapshot
            .each(&sql, money.values.clone(), |rows| {
                let (customers, words, lines) =
                    (rows.numbers("customer_no")?, rows.texts("word")?, rows.i32s("lines")?);
                let (units, spend) = (rows.money("units")?, rows.money("spend")?);
                for row in 0..rows.len() {
                    let place = range.place(customers.value(row));
                    totals[place].lines += lines.value(row);
                    totals[place].units += at(&units, row).unwrap_or(0);
                    if let Some(word) = text_at(&words, row) {
                        best.offer(place, word, at(&spend, row).unwrap_or(0));
                    }
                }
                Ok(())
            })
            .await
    }

    /// Interactions, touches and what was answered to them, reviews.
    async fn read_contacts(&mut self, snapshot: &Snapshot) -> Result<()> {
        let (range, totals) = (self.range, &mut self.totals);
        let of_range = range.condition("customer_no");
        let sql = format!(
            "select customer_no, count(*) as n, max(at) as last from interactions where {of_range} group by customer_no"
        );
        snapshot
            .each(&sql, Vec::new(), |rows| {
                let (customers, n, last) = (rows.numbers("customer_no")?, rows.i32s("n")?, rows.instants("last")?);
                for row in 0..rows.len() {
                    let held = &mut totals[range.place(customers.value(row))];
                    (held.interactions, held.last_interaction) = (n.value(row), at(&last, row));
                }
                Ok(())
            })
            .await?;
        let sql = format!(
            "select customer_no, count(*) as n, count(*) filter (where kind = 'opened') as opens, \
             count(*) filter (where kind = 'clicked') as clicks, max(at) as last from touches \
             where {of_range} and kind <> 'held_out' group by customer_no"
        );
        snapshot
            .each(&sql, Vec::new(), |rows| {
                let (customers, n, last) = (rows.numbers("customer_no")?, rows.i32s("n")?, rows.instants("last")?);
                let (opens, clicks) = (rows.i32s("opens")?, rows.i32s("clicks")?);
                for row in 0..rows.len() {
                    let held = &mut totals[range.place(customers.value(row))];
                    (held.touches, held.last_touch) = (n.value(row), at(&last, row));
                    (held.opens, held.clicks) = (opens.value(row), clicks.value(row));
                }
                Ok(())
            })
            .await?;
        let sql = format!(
            "select customer_no, channel as word, count(*) as weight from touches \
             where {of_range} and kind in ('opened', 'clicked') and channel is not null group by customer_no, channel"
        );
        read_best(snapshot, &sql, range, &mut self.answering).await?;
        let sql = format!(
            "select customer_no, count(*) as n, count(rating) as ratings, sum(rating) as rating from reviews \
             where {of_range} group by customer_no"
        );
        snapshot
            .each(&sql, Vec::new(), |rows| {
                let (customers, n) = (rows.numbers("customer_no")?, rows.i32s("n")?);
                let (ratings, rating) = (rows.i64s("ratings")?, rows.money("rating")?);
                for row in 0..rows.len() {
                    let held = &mut totals[range.place(customers.value(row))];
                    held.reviews = n.value(row);
                    (held.ratings, held.rating) = (ratings.value(row), at(&rating, row).unwrap_or(0));
                }
                Ok(())
            })
            .await
    }
}

async fn read_best(snapshot: &Snapshot, sql: &str, range: Range, best: &mut Best) -> Result<()> {
    snapshot
        .each(sql, Vec::new(), |rows| offer_all(&rows, range, best))
        .await
}

fn offer_all(rows: &Rows<'_>, range: Range, best: &mut Best) -> Result<()> {
    let (customers, words, weights) = (rows.numbers("customer_no")?, rows.texts("word")?, rows.i64s("weight")?);
    for row in 0..rows.len() {
        best.offer(
            range.place(customers.value(row)),
            words.value(row),
            i128::from(weights.value(row)),
        );
    }
    Ok(())
}

impl Behaviour {
    pub fn column(&self, name: &str, places: &[usize], snapshot: &Snapshot) -> Result<ArrayRef> {
        let all = || places.iter().map(|place| &self.totals[*place]);
        let ordered = |held: &Totals| held.orders > 0;
        let zone = snapshot.zone();
        Ok(match name {
            "orders" => counts(all().map(|held| held.orders)),
            "first_order_at" => instants(all().map(|held| ordered(held).then_some(held.first_order))),
            "last_order_at" => instants(all().map(|held| ordered(held).then_some(held.last_order))),
            "first_order_on" => days(all().map(|held| ordered(held).then(|| zone.day(held.first_order)))),
            "last_order_on" => days(all().map(|held| ordered(held).then(|| zone.day(held.last_order)))),
            "gross_value" => decimals(24, all().map(|held| Some(held.gross)))?,
            "refunds" => decimals(24, all().map(|held| Some(held.refunds)))?,
            "not_converted" => counts(all().map(|held| held.not_converted)),
            "order_lines" => counts(all().map(|held| held.lines)),
            "units" => decimals(24, all().map(|held| Some(held.units)))?,
            "favourite_category" => texts(places, &self.category),
            "payment_method" => texts(places, &self.payment),
            "order_channel" => texts(places, &self.channel),
            "order_city" => texts(places, &self.city),
            "order_weekday" => small(places.iter().map(|place| self.weekday.get(*place))),
            "order_hour" => small(places.iter().map(|place| self.hour.get(*place))),
            "interactions" => counts(all().map(|held| held.interactions)),
            "last_interaction_at" => instants(all().map(|held| held.last_interaction)),
            "touches" => counts(all().map(|held| held.touches)),
            "opens" => counts(all().map(|held| held.opens)),
            "clicks" => counts(all().map(|held| held.clicks)),
            "last_touch_at" => instants(all().map(|held| held.last_touch)),
            "answering_channel" => texts(places, &self.answering),
            "reviews" => counts(all().map(|held| held.reviews)),
            "mean_rating" => {
                let mean = |held: &Totals| (held.ratings > 0).then(|| held.rating / i128::from(held.ratings));
                decimals(18, all().map(mean))?
            }
            other => return Err(crate::Error::Column(other.to_owned())),
        })
    }
}

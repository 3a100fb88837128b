//! One wide row per customer: attributes, and dates and totals of what the customer did. No "days since": those depend on the day that a
//! question names. Customers are taken in ranges, so that memory does not grow with their number.

use super::attributes::{self, AttributeKind};
use super::best::{Best, BestNumber};
use super::{EXCLUDED_ORDERS, REFUNDS};
use crate::error::Result;
use crate::file::{FileWriter, SealedFile};
use crate::query::facts::{self, Money};
use crate::read::{Rows, at, text_at};
use crate::schema::Kind;
use crate::snapshot::Snapshot;
use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int32Builder, RecordBatch,
    StringDictionaryBuilder, TimestampMicrosecondBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use futures::TryStreamExt;
use std::sync::Arc;

/// Customers of one range: few enough for all of its groups to fit beside other work, enough for the scans to be worth it.
const RANGE: u32 = 1 << 18;

/// Texts with few different values: written with their dictionary, so that counting compares numbers.
fn words() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// Columns that are copied from the customer.
const COPIED: &[(&str, Kind)] = &[
    ("customer_no", Kind::Number),
    ("external_id", Kind::Text),
    ("gender", Kind::Text),
    ("birth_date", Kind::Date),
    ("age", Kind::Int32),
    ("city", Kind::Text),
    ("province", Kind::Text),
    ("country", Kind::Text),
    ("occupation", Kind::Text),
    ("education", Kind::Text),
    ("income", crate::schema::MONEY),
    ("signed_up_at", Kind::Instant),
    ("preferred_channel", Kind::Text),
    ("consent_marketing", Kind::Bool),
    ("consent_profiling", Kind::Bool),
];

const BEHAVIOUR: &[(&str, Kind)] = &[
    ("orders", Kind::Int32),
    ("first_order_at", Kind::Instant),
    ("last_order_at", Kind::Instant),
    ("first_order_on", Kind::Date),
    ("last_order_on", Kind::Date),
    ("gross_value", super::LARGE),
    ("refunds", super::LARGE),
    ("not_converted", Kind::Int32),
    ("order_lines", Kind::Int32),
    ("units", super::LARGE),
    ("favourite_category", Kind::Text),
    ("payment_method", Kind::Text),
    ("order_channel", Kind::Text),
    ("order_city", Kind::Text),
    ("order_weekday", Kind::Int32),
    ("order_hour", Kind::Int32),
    ("interactions", Kind::Int32),
    ("last_interaction_at", Kind::Instant),
    ("touches", Kind::Int32),
    ("opens", Kind::Int32),
    ("clicks", Kind::Int32),
    ("last_touch_at", Kind::Instant),
    ("answering_channel", Kind::Text),
    ("reviews", Kind::Int32),
    (
        "mean_rating",
        Kind::Decimal {
            precision: 18,
            scale: 6,
        },
    ),
];

/// Columns of features for customers with these extra attributes, each of which is a column `attributes.KEY`.
pub(crate) fn schema(attributes: &[(String, AttributeKind)]) -> SchemaRef {
    let fixed = COPIED.iter().chain(BEHAVIOUR).map(|(name, kind)| {
        let data_type = if *kind == Kind::Text && *name != "external_id" {
            words()
        } else {
            kind.data_type()
        };
        Field::new(*name, data_type, true)
    });
    let extra = attributes.iter().map(|(key, kind)| {
        let data_type = match kind {
            AttributeKind::Bool => DataType::Boolean,
            AttributeKind::Number => DataType::Float64,
            AttributeKind::Text => words(),
        };
        Field::new(format!("attributes.{key}"), data_type, true)
    });
    Arc::new(Schema::new(fixed.chain(extra).collect::<Vec<_>>()))
}

pub(super) async fn build(
    snapshot: &Snapshot,
    mut writer: FileWriter,
    schema: SchemaRef,
    attributes: &[(String, AttributeKind)],
    go_on: &(dyn Fn(u64, u64) -> bool + Send + Sync),
) -> Result<SealedFile> {
    let mut last = None;
    snapshot
        .each("select max(customer_no) as last from customers", Vec::new(), |rows| {
            let found = rows.numbers("last")?;
            last = (0..rows.len()).filter_map(|row| at(&found, row)).max();
            Ok(())
        })
        .await?;
    let ranges = last.map_or(0, |last| last / RANGE + 1);
    for range in 0..ranges {
        if !go_on(u64::from(range), u64::from(ranges)) {
            return Err(crate::Error::Ended("cancelled".to_owned()));
        }
        let range = Range {
            from: range * RANGE,
            to: (range + 1).saturating_mul(RANGE),
        };
        let behaviour = Behaviour::read(snapshot, range).await?;
        let names: Vec<&str> = COPIED.iter().map(|(name, _)| *name).collect();
        let sql = format!(
            "select {}, attributes from customers where {} order by customer_no",
            names.join(", "),
            range.condition("customer_no")
        );
        let mut stream = snapshot.stream(&sql, Vec::new()).await?;
        while let Some(batch) = stream.try_next().await? {
            writer.write(&widened(&batch, &behaviour, &schema, attributes, snapshot)?)?;
        }
    }
    writer.finish()
}

#[derive(Clone, Copy)]
pub(super) struct Range {
    pub from: u32,
    /// Not included.
    pub to: u32,
}

impl Range {
    pub(super) fn condition(self, column: &str) -> String {
        format!("{column} >= {} and {column} < {}", self.from, self.to)
    }

    pub(super) fn width(self) -> usize {
        (self.to - self.from) as usize
    }

    /// The place of a customer in arrays of this range.
    pub(super) fn place(self, customer: u32) -> usize {
        customer.wrapping_sub(self.from) as usize
    }
}

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
struct Behaviour {
    range: Range,
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
    async fn read(snapshot: &Snapshot, range: Range) -> Result<Behaviour> {
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

/// The customers of a batch with everything that is known of them.
fn widened(
    batch: &RecordBatch,
    behaviour: &Behaviour,
    schema: &SchemaRef,
    kinds: &[(String, AttributeKind)],
    snapshot: &Snapshot,
) -> Result<RecordBatch> {
    let rows = Rows(batch);
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for (name, _) in COPIED {
        let to = schema.field_with_name(name)?.data_type();
        columns.push(datafusion::arrow::compute::cast(rows.array(name)?, to)?);
    }
    let numbers = rows.numbers("customer_no")?;
    let places: Vec<usize> = numbers
        .values()
        .iter()
        .map(|number| behaviour.range.place(*number))
        .collect();
    for (name, _) in BEHAVIOUR {
        columns.push(behaviour.column(name, &places, snapshot)?);
    }
    if !kinds.is_empty() {
        columns.extend(extra(&rows, kinds)?);
    }
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

impl Behaviour {
    fn column(&self, name: &str, places: &[usize], snapshot: &Snapshot) -> Result<ArrayRef> {
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

fn counts(values: impl Iterator<Item = i32>) -> ArrayRef {
    let mut builder = Int32Builder::new();
    values.for_each(|value| builder.append_value(value));
    Arc::new(builder.finish())
}

fn small(values: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    let mut builder = Int32Builder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

fn instants(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let mut builder = TimestampMicrosecondBuilder::new().with_data_type(Kind::Instant.data_type());
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

fn days(values: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    let mut builder = Date32Builder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

fn decimals(precision: u8, values: impl Iterator<Item = Option<i128>>) -> Result<ArrayRef> {
    let mut builder = Decimal128Builder::new().with_precision_and_scale(precision, 6)?;
    values.for_each(|value| builder.append_option(value));
    Ok(Arc::new(builder.finish()))
}

fn texts(places: &[usize], best: &Best) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    places.iter().for_each(|place| builder.append_option(best.get(*place)));
    Arc::new(builder.finish())
}

/// One column per attribute.
fn extra(rows: &Rows<'_>, kinds: &[(String, AttributeKind)]) -> Result<Vec<ArrayRef>> {
    let texts = rows.texts("attributes")?;
    let parsed: Vec<_> = (0..rows.len())
        .map(|row| attributes::parse(text_at(&texts, row).unwrap_or("{}")))
        .collect();
    let column = |(key, kind): &(String, AttributeKind)| -> ArrayRef {
        let values = parsed.iter().map(|of| of.get(key));
        match kind {
            AttributeKind::Bool => {
                let mut builder = BooleanBuilder::new();
                values.for_each(|value| builder.append_option(value.and_then(attributes::boolean)));
                Arc::new(builder.finish())
            }
            AttributeKind::Number => {
                let mut builder = Float64Builder::new();
                values.for_each(|value| builder.append_option(value.and_then(attributes::number)));
                Arc::new(builder.finish())
            }
            AttributeKind::Text => {
                let mut builder = StringDictionaryBuilder::<Int32Type>::new();
                values.for_each(|value| builder.append_option(value.and_then(attributes::text)));
                Arc::new(builder.finish())
            }
        }
    };
    Ok(kinds.iter().map(column).collect())
}

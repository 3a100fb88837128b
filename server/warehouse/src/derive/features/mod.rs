//! One wide row per customer: attributes, and dates and totals of what the customer did. No "days since": those depend on the day that a
//! question names. Customers are taken in ranges, so that memory does not grow with their number.

mod behaviour;
mod columns;

use super::attributes::AttributeKind;
use crate::error::Result;
use crate::file::{FileWriter, SealedFile};
use crate::read::{Rows, at};
use crate::schema::Kind;
use crate::snapshot::Snapshot;
use behaviour::Behaviour;
use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
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
    ("gross_value", crate::derive::LARGE),
    ("refunds", crate::derive::LARGE),
    ("not_converted", Kind::Int32),
    ("order_lines", Kind::Int32),
    ("units", crate::derive::LARGE),
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

/// The customers of a batch with everything that is known of them.
fn widened(
    batch: &RecordBatch,
    behaviour: &Behaviour,
    schema: &SchemaRef,
    kinds: &[(String, AttributeKind)],
    snapshot: &Snapshot,
) -> Result<RecordBatch> {
    let rows = Rows(batch);
    let mut wide: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for (name, _) in COPIED {
        let to = schema.field_with_name(name)?.data_type();
        wide.push(datafusion::arrow::compute::cast(rows.array(name)?, to)?);
    }
    let numbers = rows.numbers("customer_no")?;
    let places: Vec<usize> = numbers
        .values()
        .iter()
        .map(|number| behaviour.range.place(*number))
        .collect();
    for (name, _) in BEHAVIOUR {
        wide.push(behaviour.column(name, &places, snapshot)?);
    }
    if !kinds.is_empty() {
        wide.extend(columns::extra(&rows, kinds)?);
    }
    Ok(RecordBatch::try_new(Arc::clone(schema), wide)?)
}

//! Which values the fields of rules have, and why one customer fits a saved rule or does not.

use super::ask::day_of;
use super::resolve::{Resolved, resolve};
use crate::Engine;
use crate::auth::Actor;
use crate::error::{Error, Result};
use types::auth::Right;
use types::rule_answers::{FieldValue, FieldValues, Why, WhyReason, WhyValue};
use types::rules::{Facts, Rule};
use warehouse::Snapshot;
use warehouse::query::rules::Value;

/// Values that are handed out at a time.
const MOST_VALUES: usize = 50;

/// The values of a field. `of` is `customers` or the name of facts; `like` a part of a text, in any case.
pub async fn field_values(engine: &Engine, actor: &Actor, of: &str, field: &str, like: &str) -> Result<FieldValues> {
    actor.require(Right::Build)?;
    let facts = match of {
        "customers" => None,
        other => Some(Facts::parse(other).ok_or_else(|| {
            Error::invalid(
                "of",
                format!("\u{201c}{other}\u{201d} is neither customers nor orders, order_lines, interactions, touches, reviews"),
            )
        })?),
    };
    let snapshot = with_data(engine).await?;
    let as_of = day_of(engine, &snapshot);
    let known = match facts {
        None => types::rules::customer_field(field).is_some() || snapshot.attributes()?.contains_key(field),
        Some(facts) => types::rules::fact_field(facts, field).is_some(),
    };
    if !known {
        return Err(Error::invalid(
            "field",
            format!("\u{201c}{field}\u{201d} is not a field of {of}"),
        ));
    }
    let counts = snapshot
        .field_values(facts, field.to_owned(), like.to_owned(), MOST_VALUES, as_of)
        .await?;
    Ok(FieldValues {
        of: of.to_owned(),
        field: field.to_owned(),
        kind: counts.kind,
        total: counts.total as i64,
        known: counts.known as i64,
        values: counts
            .values
            .into_iter()
            .map(|(value, count)| FieldValue {
                value,
                count: count as i64,
            })
            .collect(),
        different: counts.different as i64,
        least: counts.range.map(|(least, _)| least),
        greatest: counts.range.map(|(_, greatest)| greatest),
        quartiles: counts.quartiles,
        first_day: counts.days.map(|(first, _)| first),
        last_day: counts.days.map(|(_, last)| last),
        as_of,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
    })
}

/// The fields that rules can name beside the known ones: what the company uploaded of its own.
pub async fn own_fields(engine: &Engine, actor: &Actor) -> Result<Vec<(String, types::rules::ValueKind)>> {
    actor.require(Right::See)?;
    let snapshot = engine.snapshot().await?;
    let own = snapshot.attributes()?;
    Ok(own.iter().map(|(name, kind)| (name.clone(), *kind)).collect())
}

/// Each condition of a segment with the value of one customer. An id that the data does not have does not exist.
pub async fn why(engine: &Engine, actor: &Actor, id: i64, customer: &str) -> Result<Why> {
    actor.require(Right::See)?;
    let row = super::found(engine, id).await?;
    let snapshot = with_data(engine).await?;
    let as_of = day_of(engine, &snapshot);
    let customer = customer.trim();
    let number = snapshot
        .customer_of(customer.to_owned())
        .await?
        .ok_or_else(|| Error::not_found(format!("Customer {customer}")))?;
    let group = super::group(engine, &snapshot, id).await?;
    let reasons = match &row.rule {
        None => Vec::new(),
        Some(saved) => {
            let rule = super::resolve::saved_rule(id, saved)?;
            let Resolved { references, .. } = resolve(engine, &snapshot, Rule::Segment(id)).await?;
            snapshot.reasons(rule, number, as_of, references).await?
        }
    };
    Ok(Why {
        segment: id,
        customer: customer.to_owned(),
        belongs: group.contains(number),
        reasons: reasons
            .into_iter()
            .map(|reason| WhyReason {
                path: reason.path,
                passes: reason.passes,
                value: reason.value.map(value),
            })
            .collect(),
        as_of,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
    })
}

fn value(value: Value) -> WhyValue {
    match value {
        Value::Unknown => WhyValue::Unknown,
        Value::Text(text) => WhyValue::Text(text),
        Value::Number(number) => WhyValue::Number(number),
        Value::Day(day) => WhyValue::Day(day),
        Value::YesNo(yes) => WhyValue::YesNo(yes),
    }
}

pub(super) async fn with_data(engine: &Engine) -> Result<std::sync::Arc<Snapshot>> {
    let snapshot = engine.snapshot().await?;
    if snapshot.version() == 0 {
        return Err(Error::Conflict("There is no data yet. Upload customers first.".into()));
    }
    Ok(snapshot)
}

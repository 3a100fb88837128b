//! How many fit, and who: rules that are being written and rules that are saved.

use super::resolve::{Resolved, read, refused, resolve};
use crate::Engine;
use crate::auth::Actor;
use crate::error::{Error, Result};
use chrono::NaiveDate;
use std::time::Instant;
use types::auth::Right;
use types::rules::Rule;
use types::segments::{ConditionPreview, PreviewAsked, RulePreview};
use warehouse::Snapshot;
use warehouse::labels::Group;

/// The count of a rule that is being written, and what each of its conditions does. When nobody waits for the answer any more, the counting
/// stops.
pub async fn preview(engine: &Engine, actor: &Actor, asked: PreviewAsked) -> Result<RulePreview> {
    actor.require(Right::Build)?;
    let begun = Instant::now();
    let rule = read(&asked.rule)?;
    let snapshot = engine.snapshot().await?;
    if snapshot.version() == 0 {
        return Err(Error::Conflict("There is no data yet. Upload customers first.".into()));
    }
    let problems = snapshot.check_rule(&rule)?;
    if !problems.is_empty() {
        return Err(refused(problems));
    }
    let Resolved {
        rule, references, tags, ..
    } = resolve(engine, &snapshot, rule).await?;
    crate::tags::used(engine, &tags).await?;
    let as_of = asked.as_of.unwrap_or_else(|| day_of(engine, &snapshot));
    let counts = snapshot.count_rule(rule, as_of, references).await?;
    Ok(RulePreview {
        count: counts.count as i64,
        total: counts.total as i64,
        conditions: counts
            .conditions
            .into_iter()
            .map(|condition| ConditionPreview {
                path: condition.path,
                alone: condition.alone as i64,
                left: condition.left as i64,
            })
            .collect(),
        elapsed_ms: begun.elapsed().as_secs_f64() * 1e3,
        as_of,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
    })
}

/// The last day of the data; where no fact has a date, today.
pub(crate) fn day_of(engine: &Engine, snapshot: &Snapshot) -> NaiveDate {
    snapshot
        .today()
        .unwrap_or_else(|| snapshot.zone().date(engine.clock().now().timestamp_micros()))
}

/// Says the same as long as the members of a segment follow from the same rules and lists.
pub(crate) async fn group_text(engine: &Engine, snapshot: &Snapshot, id: i64) -> Result<String> {
    Ok(resolve(engine, snapshot, Rule::Segment(id))
        .await
        .map_err(|error| missing(error, id))?
        .text)
}

/// The customers of a saved segment.
pub(crate) async fn group(engine: &Engine, snapshot: &Snapshot, id: i64) -> Result<Group> {
    let Resolved { references, text, .. } = resolve(engine, snapshot, Rule::Segment(id))
        .await
        .map_err(|error| missing(error, id))?;
    let as_of = day_of(engine, snapshot);
    let answer = async { Ok(snapshot.group_of_rule(Rule::Segment(id), as_of, references).await?) };
    let question = format!("segment {as_of} {text}");
    engine.answers().copy(snapshot.version(), question, answer).await
}

/// The customers of a rule that is not saved.
pub(crate) async fn rule_group(
    engine: &Engine,
    snapshot: &Snapshot,
    rule: &serde_json::Value,
    as_of: NaiveDate,
) -> Result<Group> {
    let rule = read(rule)?;
    let problems = snapshot.check_rule(&rule)?;
    if !problems.is_empty() {
        return Err(refused(problems));
    }
    let Resolved { rule, references, .. } = resolve(engine, snapshot, rule).await?;
    Ok(snapshot.group_of_rule(rule, as_of, references).await?)
}

/// Who asks for a segment by its number is told that it does not exist, and not that a rule is wrong.
fn missing(error: Error, id: i64) -> Error {
    match error {
        Error::Invalid(fields) if fields.iter().any(|field| field.field == "rule/segment") => {
            Error::not_found(format!("Segment {id}"))
        }
        other => other,
    }
}

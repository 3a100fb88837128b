//! Tags as rules and addresses name them: found by name, and brought in as what they stand for.

use super::meaning::meaning;
use super::store;
use crate::error::{Error, Result};
use crate::{Engine, segments};
use std::collections::BTreeMap;
use types::rules::Rule;
use types::tags::tag_key;
use warehouse::Snapshot;
use warehouse::labels::Group;
use warehouse::query::rules::{Reference, References};

/// Segments and tags that are still to be brought in, each with the place of the condition that names it.
#[derive(Default)]
pub(crate) struct Wanted {
    pub segments: BTreeMap<i64, String>,
    /// By key of the name and value, with the name as it was written.
    pub tags: BTreeMap<(String, Option<String>), (String, String)>,
}

impl Wanted {
    pub(crate) fn of(rule: &Rule) -> Wanted {
        let mut wanted = Wanted::default();
        rule.walk(&mut |at, rule| match rule {
            Rule::Segment(id) => {
                wanted.segments.entry(*id).or_insert_with(|| at.to_owned());
            }
            Rule::Tag { name, value } => {
                let key = (tag_key(name), value.clone());
                wanted.tags.entry(key).or_insert_with(|| (name.clone(), at.to_owned()));
            }
            _ => {}
        });
        wanted
    }

    pub(crate) fn add(&mut self, rule: &Rule) {
        let more = Wanted::of(rule);
        self.segments.extend(more.segments);
        self.tags.extend(more.tags);
    }

    /// Leaves out what is there already.
    pub(crate) fn without(&mut self, known: &References) {
        self.segments.retain(|id, _| !known.segments.contains_key(id));
        self.tags.retain(|key, _| !known.tags.contains_key(key));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.segments.is_empty() && self.tags.is_empty()
    }
}

/// Brings the wanted tags into the references. Answers the rules that came with them, which may name more; `text` is told what is meant,
/// and `used` which tags they are.
pub(crate) async fn bring(
    engine: &Engine,
    snapshot: &Snapshot,
    wanted: &Wanted,
    references: &mut References,
    text: &mut String,
    used: &mut Vec<i64>,
) -> Result<Vec<Rule>> {
    if wanted.tags.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<String> = wanted.tags.keys().map(|(key, _)| key.clone()).collect();
    let rows = store::find_named(engine.pool(), &keys).await?;
    let mut rules = Vec::new();
    for ((key, value), (name, at)) in &wanted.tags {
        let Some(row) = rows.iter().find(|row| row.key == *key) else {
            return Err(Error::invalid(
                format!("rule{at}/tag"),
                format!("there is no tag \u{201c}{name}\u{201d}"),
            ));
        };
        let meaning = match meaning(engine, snapshot, row, value.as_deref()).await? {
            Ok(meaning) => meaning,
            Err(not) => return Err(Error::invalid(format!("rule{at}/{}", not.key), not.reason)),
        };
        text.push_str(&format!("\ntag {} {value:?} {}", row.id, meaning.text));
        if let Reference::Rule(rule) = &meaning.reference {
            rules.push(rule.clone());
        }
        references.tags.insert((key.clone(), value.clone()), meaning.reference);
        used.push(row.id);
    }
    Ok(rules)
}

fn condition(name: &str, value: Option<&str>) -> Rule {
    Rule::Tag {
        name: name.to_owned(),
        value: value.map(str::to_owned),
    }
}

/// The customers of a tag or of one value of it.
pub(crate) async fn group(engine: &Engine, snapshot: &Snapshot, name: &str, value: Option<&str>) -> Result<Group> {
    let rule = condition(name, value);
    let resolved = segments::resolve_rule(engine, snapshot, rule)
        .await
        .map_err(|error| missing(error, name, value))?;
    let as_of = segments::day_of(engine, snapshot);
    used(engine, &resolved.tags).await?;
    let question = format!("tag {as_of} {}", resolved.text);
    let answer = async {
        Ok(snapshot
            .group_of_rule(resolved.rule, as_of, resolved.references)
            .await?)
    };
    engine.answers().copy(snapshot.version(), question, answer).await
}

/// Somebody asked for these tags.
pub(crate) async fn used(engine: &Engine, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    store::used(engine.pool(), ids, engine.clock().now()).await
}

/// Says the same as long as the same customers have the tag.
pub(crate) async fn group_text(
    engine: &Engine,
    snapshot: &Snapshot,
    name: &str,
    value: Option<&str>,
) -> Result<String> {
    Ok(segments::resolve_rule(engine, snapshot, condition(name, value))
        .await
        .map_err(|error| missing(error, name, value))?
        .text)
}

/// Who asks for a tag by its name is told that it does not exist or does not count, and not that a rule is wrong.
fn missing(error: Error, name: &str, value: Option<&str>) -> Error {
    let fault = match &error {
        Error::Invalid(fields) => fields.first().cloned(),
        _ => None,
    };
    let Some(fault) = fault else { return error };
    match (fault.field.as_str(), value) {
        ("rule/tag", _) if fault.reason.starts_with("there is no") => Error::not_found(format!("Tag {name}")),
        ("rule/tag", _) => Error::Conflict(sentence(&fault.reason)),
        ("rule/value", Some(value)) => Error::not_found(format!("Tag {name}:{value}")),
        _ => error,
    }
}

/// A reason as a sentence of its own: `The tag “Spring” expired after 2026-03-31.`
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

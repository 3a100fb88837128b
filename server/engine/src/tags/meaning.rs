//! What a tag, or one value of it, stands for: a rule wherever it can be said as one, so that it is always that of the present data, and a
//! list of customers for ids that somebody sent. No copy of who has a tag is kept.

use super::best;
use super::store::{self, TagRow};
use crate::error::{Error, Result};
use crate::{Engine, segments};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use types::rules::{FieldCondition, Literal, Op, Operand, Rule, Test};
use types::segments::Method;
use types::tags::{BestOf, Most, TagKind};
use warehouse::Snapshot;
use warehouse::labels::Group;
use warehouse::query::rules::Reference;

/// Where the values of a tag come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Definition {
    Tiers(Vec<(String, Rule)>),
    /// A field of portraits, as it stands there.
    Best(BestOf),
    /// The same with a measure or a window of its own.
    Most(Most),
    /// The run of a method that counts: the one that somebody chose, else the newest.
    Newest(Method),
    Run(i64),
    Uploaded,
}

/// Why a tag or a value cannot be meant: the key of the condition at fault, and what is wrong with it.
pub(crate) struct NotMeant {
    pub key: &'static str,
    pub reason: String,
}

pub(crate) type Meant<T> = std::result::Result<T, NotMeant>;

/// A tag or a value of it, ready to be asked.
pub(crate) struct Meaning {
    pub reference: Reference,
    /// Says the same as long as the same is meant.
    pub text: String,
}

impl Definition {
    pub(super) fn to_json(&self) -> Value {
        match self {
            Definition::Tiers(tiers) => {
                let tiers: Vec<Value> = tiers
                    .iter()
                    .map(|(value, rule)| json!({ "value": value, "rule": rule.to_json() }))
                    .collect();
                json!({ "tiers": tiers })
            }
            Definition::Best(of) => json!({ "of": of.as_str() }),
            Definition::Most(most) => best::to_json(most),
            Definition::Newest(method) => json!({ "method": method.as_str() }),
            Definition::Run(run) => json!({ "run": run }),
            Definition::Uploaded => json!({}),
        }
    }

    pub(super) fn of(row: &TagRow) -> Result<Definition> {
        read(&row.kind, &row.definition)
            .ok_or_else(|| Error::internal(format!("tag {} holds no definition: {}", row.id, row.definition)))
    }

    /// The rules in it, each with its place in what a program sends.
    pub(super) fn rules(&self) -> Vec<(String, &Rule)> {
        match self {
            Definition::Tiers(tiers) => tiers
                .iter()
                .enumerate()
                .map(|(place, (_, rule))| (format!("tiers/{place}/rule"), rule))
                .collect(),
            _ => Vec::new(),
        }
    }
}

fn read(kind: &str, saved: &Value) -> Option<Definition> {
    Some(match TagKind::parse(kind)? {
        TagKind::Rule => {
            let tiers = saved.get("tiers")?.as_array()?.iter().map(|tier| {
                let value = tier.get("value")?.as_str()?.to_owned();
                Some((value, Rule::of_json(tier.get("rule")?).ok()?))
            });
            Definition::Tiers(tiers.collect::<Option<_>>()?)
        }
        TagKind::Best => best::read(saved)?,
        TagKind::Model => match saved.get("run") {
            Some(run) => Definition::Run(run.as_i64()?),
            None => Definition::Newest(Method::parse(saved.get("method")?.as_str()?)?),
        },
        TagKind::Uploaded => Definition::Uploaded,
    })
}

/// The local date of this moment, by which tags expire.
pub(super) fn this_day(engine: &Engine, snapshot: &Snapshot) -> NaiveDate {
    snapshot.zone().date(engine.clock().now().timestamp_micros())
}

pub(super) fn expired(row: &TagRow, today: NaiveDate) -> bool {
    row.expires_on.is_some_and(|last| today > last)
}

/// What a tag, or one value of it, stands for. An expired tag is refused and not taken for one that nobody has, because *not* of nobody would
/// be everybody.
pub(crate) async fn meaning(
    engine: &Engine,
    snapshot: &Snapshot,
    row: &TagRow,
    value: Option<&str>,
) -> Result<Meant<Meaning>> {
    if let Some(last) = row.expires_on.filter(|_| expired(row, this_day(engine, snapshot))) {
        return Ok(Err(NotMeant {
            key: "tag",
            reason: format!("the tag \u{201c}{}\u{201d} expired after {last}", row.name),
        }));
    }
    let no_value = |known: &[String]| {
        Ok(Err(NotMeant {
            key: "value",
            reason: format!(
                "the tag \u{201c}{}\u{201d} has no value \u{201c}{}\u{201d}; it has {}",
                row.name,
                value.unwrap_or_default(),
                some_of(known)
            ),
        }))
    };
    let rule = match Definition::of(row)? {
        Definition::Tiers(tiers) => match value {
            None => Rule::Any(tiers.into_iter().map(|(_, rule)| rule).collect()),
            Some(value) => match tiers.iter().position(|(tier, _)| tier == value) {
                Some(place) => first_at(tiers, place),
                None => return no_value(&tiers.into_iter().map(|(value, _)| value).collect::<Vec<_>>()),
            },
        },
        Definition::Best(of) => field(of, value),
        Definition::Most(most) => {
            let groups = best::groups(engine, snapshot, most).await?;
            return Ok(Ok(Meaning {
                reference: Reference::Members(groups.group(value)),
                text: best::to_json(&most).to_string(),
            }));
        }
        Definition::Newest(_) | Definition::Run(_) => match groups(engine, row).await? {
            Err(not) => return Ok(Err(not)),
            Ok((run, keys)) => match value {
                Some(value) if !keys.iter().any(|key| key == value) => return no_value(&keys),
                Some(value) => in_group(run, value),
                None => Rule::Any(keys.iter().map(|key| in_group(run, key)).collect()),
            },
        },
        Definition::Uploaded => {
            let stamp = row.updated_at.timestamp_micros();
            let groups = uploaded(engine, snapshot, row).await?;
            let group = match value {
                None => groups.all.clone(),
                Some(value) => match groups.by_value.get(value) {
                    Some(group) => group.clone(),
                    None => return no_value(&groups.values()),
                },
            };
            return Ok(Ok(Meaning {
                reference: Reference::Members(group),
                text: format!("uploaded {} {stamp} {value:?}", row.id),
            }));
        }
    };
    let text = rule.to_json().to_string();
    Ok(Ok(Meaning {
        reference: Reference::Rule(rule),
        text,
    }))
}

/// Fits the rule of this tier and of none before.
fn first_at(tiers: Vec<(String, Rule)>, place: usize) -> Rule {
    let mut rules: Vec<Rule> = tiers.into_iter().take(place + 1).map(|(_, rule)| rule).collect();
    match rules.pop() {
        Some(own) if rules.is_empty() => own,
        Some(own) => Rule::All(vec![own, Rule::Not(Box::new(Rule::Any(rules)))]),
        None => Rule::Any(Vec::new()),
    }
}

fn field(of: BestOf, value: Option<&str>) -> Rule {
    let (op, operand) = match value {
        None => (Op::IsSet, Operand::Nothing),
        Some(value) => (Op::Eq, Operand::One(Literal::Text(value.to_owned()))),
    };
    Rule::Field(FieldCondition {
        field: of.as_str().to_owned(),
        test: Test { op, operand },
    })
}

fn in_group(run: i64, key: &str) -> Rule {
    Rule::Run {
        id: run,
        segment: key.to_owned(),
    }
}

/// The run that a model tag follows, and the keys of its groups in the order in which the run lists them.
pub(super) async fn groups(engine: &Engine, row: &TagRow) -> Result<Meant<(i64, Vec<String>)>> {
    let name = &row.name;
    let (run, reason) = match Definition::of(row)? {
        Definition::Run(run) => (
            Some(run),
            format!("the tag \u{201c}{name}\u{201d} has no values: run {run} has no result"),
        ),
        Definition::Newest(method) => (
            segments::current_run_id(engine, method).await?,
            format!(
                "the tag \u{201c}{name}\u{201d} has no values: no run of {} has a result yet",
                method.as_str()
            ),
        ),
        _ => return Err(Error::internal(format!("tag {} follows no run", row.id))),
    };
    let not = NotMeant { key: "tag", reason };
    Ok(match run {
        None => Err(not),
        Some(run) => match segments::run_keys(engine, run).await? {
            Some(keys) => Ok((run, keys)),
            None => Err(not),
        },
    })
}

/// Who has which value of an uploaded tag, in a version of the data.
pub(super) struct Groups {
    pub all: Group,
    by_value: HashMap<String, Group>,
}

impl Groups {
    /// In the order of the alphabet.
    fn values(&self) -> Vec<String> {
        let mut values: Vec<String> = self.by_value.keys().cloned().collect();
        values.sort();
        values
    }

    /// Values with their sizes: the most frequent first, of equals the first in the alphabet.
    pub(super) fn sizes(&self) -> Vec<(String, u64)> {
        let mut sizes: Vec<(String, u64)> = self
            .by_value
            .iter()
            .map(|(value, group)| (value.clone(), group.size().unwrap_or(0)))
            .collect();
        sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sizes
    }
}

/// Read once per change of the ids and version of the data.
pub(super) async fn uploaded(engine: &Engine, snapshot: &Snapshot, row: &TagRow) -> Result<Arc<Groups>> {
    let question = format!("uploaded tag {} {}", row.id, row.updated_at.timestamp_micros());
    let answer = async {
        let mut numbers: HashMap<String, Vec<u32>> = HashMap::new();
        for (number, value) in store::tagged_numbers(engine.pool(), row.id).await? {
            if let Ok(number) = u32::try_from(number) {
                numbers.entry(value).or_default().push(number);
            }
        }
        Ok(Groups {
            all: Group::of(numbers.values().flatten().copied()),
            by_value: numbers
                .into_iter()
                .map(|(value, numbers)| (value, Group::of(numbers)))
                .collect(),
        })
    };
    engine.answers().get(snapshot.version(), question, answer).await
}

/// The first few, for a sentence.
fn some_of(known: &[String]) -> String {
    const SAID: usize = 20;
    if known.is_empty() {
        return "none".to_owned();
    }
    let mut said = known.iter().take(SAID).cloned().collect::<Vec<_>>().join(", ");
    if known.len() > SAID {
        said.push_str(&format!(" and {} more", known.len() - SAID));
    }
    said
}

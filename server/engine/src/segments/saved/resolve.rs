//! What a rule refers to: saved segments, tags, groups of runs, lists. Segments and tags are brought in as rules, however deep they lead; a
//! circle is refused when it is saved, with the way round.

use super::store;
use crate::error::{Error, Result};
use crate::segments::{self, RunGroup};
use crate::tags::{self, Wanted};
use crate::{Engine, tags::links::Node};
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use types::problems::FieldProblem;
use types::rules::{Rule, RuleProblem};
use warehouse::Snapshot;
use warehouse::labels::Group;
use warehouse::query::rules::{Reference, References};

/// A rule with all that it needs.
pub(crate) struct Resolved {
    pub rule: Rule,
    pub references: References,
    /// Says the same for the same content, whatever the segments in it are called.
    pub text: String,
    /// Tags that it names, directly or not.
    pub tags: Vec<i64>,
}

/// Reads a rule that a program wrote. `errors` name the place as `rule` and the JSON pointer inside it.
pub(super) fn read(rule: &serde_json::Value) -> Result<Rule> {
    Rule::of_json(rule).map_err(refused)
}

pub(crate) fn refused(problems: Vec<RuleProblem>) -> Error {
    Error::Invalid(
        problems
            .into_iter()
            .map(|problem| FieldProblem {
                field: format!("rule{}", problem.pointer),
                reason: problem.reason,
            })
            .collect(),
    )
}

/// Segments that a rule names, with the place of each.
pub(super) fn segments_in(rule: &Rule) -> BTreeMap<i64, String> {
    let mut found = BTreeMap::new();
    rule.walk(&mut |at, rule| {
        if let Rule::Segment(id) = rule {
            found.entry(*id).or_insert_with(|| at.to_owned());
        }
    });
    found
}

/// Brings everything that a rule names, directly or through segments and tags.
pub(crate) async fn resolve(engine: &Engine, snapshot: &Snapshot, rule: Rule) -> Result<Resolved> {
    let mut references = References::default();
    let mut text = rule.to_json().to_string();
    let mut tags = Vec::new();
    let mut wanted = Wanted::of(&rule);
    bring_runs(engine, snapshot, &rule, &mut references).await?;
    while !wanted.is_empty() {
        let mut more = tags::bring(engine, snapshot, &wanted, &mut references, &mut text, &mut tags).await?;
        more.extend(bring_segments(engine, snapshot, &wanted, &mut references, &mut text).await?);
        wanted = Wanted::default();
        for rule in &more {
            bring_runs(engine, snapshot, rule, &mut references).await?;
            wanted.add(rule);
        }
        wanted.without(&references);
    }
    no_circle(&references)?;
    Ok(Resolved {
        rule,
        references,
        text,
        tags,
    })
}

/// Brings segments; answers the rules that came with them, which may name more.
async fn bring_segments(
    engine: &Engine,
    snapshot: &Snapshot,
    wanted: &Wanted,
    references: &mut References,
    text: &mut String,
) -> Result<Vec<Rule>> {
    if wanted.segments.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = wanted.segments.keys().copied().collect();
    let rows = store::find_all(engine.pool(), &ids).await?;
    let gone = wanted
        .segments
        .iter()
        .find(|(id, _)| rows.iter().all(|row| row.id != **id));
    if let Some((id, at)) = gone {
        return Err(Error::invalid(
            format!("rule{at}/segment"),
            format!("segment {id} does not exist"),
        ));
    }
    let mut rules = Vec::new();
    for row in rows {
        let reference = match &row.rule {
            Some(saved) => {
                let rule = saved_rule(row.id, saved)?;
                text.push_str(&format!("\n{} {saved}", row.id));
                rules.push(rule.clone());
                Reference::Rule(rule)
            }
            None => {
                let stamp = row.updated_at.timestamp_micros();
                text.push_str(&format!("\n{} list {stamp}", row.id));
                Reference::Members(list(engine, snapshot, row.id, stamp).await?)
            }
        };
        references.segments.insert(row.id, reference);
    }
    Ok(rules)
}

/// A rule as it was saved.
pub(super) fn saved_rule(id: i64, saved: &serde_json::Value) -> Result<Rule> {
    Rule::of_json(saved).map_err(|problems| Error::internal(format!("segment {id} holds no rule: {problems:?}")))
}

async fn bring_runs(engine: &Engine, snapshot: &Snapshot, rule: &Rule, references: &mut References) -> Result<()> {
    let mut runs = BTreeSet::new();
    rule.walk(&mut |at, rule| {
        if let Rule::Run { id, segment } = rule {
            runs.insert((*id, segment.clone(), at.to_owned()));
        }
    });
    for (id, key, at) in runs {
        let problem = match segments::run_group(engine, snapshot, id, &key).await? {
            RunGroup::Members(group) => {
                references.runs.insert((id, key), group);
                continue;
            }
            RunGroup::NoRun => ("id", format!("run {id} does not exist")),
            RunGroup::NoResult => ("id", format!("run {id} has no result")),
            RunGroup::NoGroup => ("segment", format!("run {id} has no group \u{201c}{key}\u{201d}")),
        };
        return Err(Error::invalid(format!("rule{at}/run/{}", problem.0), problem.1));
    }
    Ok(())
}

/// Customers of a list, kept while neither the list nor the data changes.
async fn list(engine: &Engine, snapshot: &Snapshot, id: i64, stamp: i64) -> Result<Group> {
    let question = format!("list {id} {stamp}");
    let answer = async {
        let numbers = store::list_numbers(engine.pool(), id).await?;
        Ok(Group::of(
            numbers.into_iter().filter_map(|number| u32::try_from(number).ok()),
        ))
    };
    engine.answers().copy(snapshot.version(), question, answer).await
}

/// Saving refuses circles; an evaluation that met one all the same would never end.
fn no_circle(references: &References) -> Result<()> {
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
    enum Named {
        Segment(i64),
        Tag((String, Option<String>)),
    }
    fn visit(named: Named, references: &References, way: &mut Vec<Named>, done: &mut BTreeSet<Named>) -> Result<()> {
        if way.contains(&named) {
            let what = match named {
                Named::Segment(id) => format!("segment {id}"),
                Named::Tag((name, _)) => format!("tag {name}"),
            };
            return Err(Error::internal(format!("{what} leads back to itself")));
        }
        if done.contains(&named) {
            return Ok(());
        }
        let reference = match &named {
            Named::Segment(id) => references.segments.get(id),
            Named::Tag(key) => references.tags.get(key),
        };
        way.push(named.clone());
        if let Some(Reference::Rule(rule)) = reference {
            let inner = Wanted::of(rule);
            for id in inner.segments.into_keys() {
                visit(Named::Segment(id), references, way, done)?;
            }
            for key in inner.tags.into_keys() {
                visit(Named::Tag(key), references, way, done)?;
            }
        }
        way.pop();
        done.insert(named);
        Ok(())
    }
    let mut done = BTreeSet::new();
    for id in references.segments.keys() {
        visit(Named::Segment(*id), references, &mut Vec::new(), &mut done)?;
    }
    for key in references.tags.keys() {
        visit(Named::Tag(key.clone()), references, &mut Vec::new(), &mut done)?;
    }
    Ok(())
}

/// Refuses a rule of segment `id` that leads back to it, and shows the way: `Loyal (3) → Young (5) → Loyal (3)`.
pub(super) async fn refuse_circle(tx: &mut PgConnection, id: i64, rule: &Rule) -> Result<()> {
    tags::links::refuse_circle(tx, Node::Segment(id), &[("rule".to_owned(), rule)]).await
}

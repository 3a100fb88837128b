//! What a rule refers to: saved segments, groups of runs, lists. Segments are brought in as rules, however deep they lead; a circle is refused
//! when it is saved, with the way round.

use super::store;
use crate::Engine;
use crate::error::{Error, Result};
use crate::segments::{self, RunGroup};
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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

/// Brings everything that a rule names, directly or through segments.
pub(crate) async fn resolve(engine: &Engine, snapshot: &Snapshot, rule: Rule) -> Result<Resolved> {
    let mut references = References::default();
    let mut text = rule.to_json().to_string();
    let mut wanted = segments_in(&rule);
    needs_no_tag(&rule)?;
    bring_runs(engine, snapshot, &rule, &mut references).await?;
    while !wanted.is_empty() {
        let ids: Vec<i64> = wanted.keys().copied().collect();
        let rows = store::find_all(engine.pool(), &ids).await?;
        if let Some((id, at)) = wanted.iter().find(|(id, _)| rows.iter().all(|row| row.id != **id)) {
            return Err(Error::invalid(
                format!("rule{at}/segment"),
                format!("segment {id} does not exist"),
            ));
        }
        wanted.clear();
        for row in rows {
            let reference = match &row.rule {
                Some(saved) => {
                    let rule = saved_rule(row.id, saved)?;
                    text.push_str(&format!("\n{} {saved}", row.id));
                    bring_runs(engine, snapshot, &rule, &mut references).await?;
                    wanted.extend(segments_in(&rule));
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
        wanted.retain(|id, _| !references.segments.contains_key(id));
    }
    no_circle(&references)?;
    Ok(Resolved { rule, references, text })
}

/// A rule as it was saved.
pub(super) fn saved_rule(id: i64, saved: &serde_json::Value) -> Result<Rule> {
    Rule::of_json(saved).map_err(|problems| Error::internal(format!("segment {id} holds no rule: {problems:?}")))
}

fn needs_no_tag(rule: &Rule) -> Result<()> {
    let mut found = None;
    rule.walk(&mut |at, rule| {
        if let Rule::Tag(name) = rule {
            found.get_or_insert_with(|| (at.to_owned(), name.clone()));
        }
    });
    match found {
        None => Ok(()),
        Some((at, name)) => Err(Error::invalid(
            format!("rule{at}/tag"),
            format!("there is no tag \u{201c}{name}\u{201d}: this version keeps no tags yet"),
        )),
    }
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
    fn visit(id: i64, references: &References, way: &mut Vec<i64>, done: &mut BTreeSet<i64>) -> Result<()> {
        if way.contains(&id) {
            return Err(Error::internal(format!("segment {id} leads back to itself")));
        }
        if done.contains(&id) {
            return Ok(());
        }
        way.push(id);
        if let Some(Reference::Rule(rule)) = references.segments.get(&id) {
            for inner in segments_in(rule).into_keys() {
                visit(inner, references, way, done)?;
            }
        }
        way.pop();
        done.insert(id);
        Ok(())
    }
    let mut done = BTreeSet::new();
    for id in references.segments.keys() {
        visit(*id, references, &mut Vec::new(), &mut done)?;
    }
    Ok(())
}

/// Refuses a rule of segment `id` that leads back to it, and shows the way: `Loyal (3) → Young (5) → Loyal (3)`.
pub(super) async fn refuse_circle(tx: &mut PgConnection, id: i64, rule: &Rule) -> Result<()> {
    let named = segments_in(rule);
    let mut uses: HashMap<i64, Vec<i64>> = HashMap::new();
    for (segment, used) in store::links(tx).await? {
        uses.entry(segment).or_default().push(used);
    }
    uses.insert(id, named.keys().copied().collect());
    let Some(way) = way_back(id, &uses) else {
        return Ok(());
    };
    let names: HashMap<i64, String> = store::names(tx, &way)
        .await?
        .into_iter()
        .map(|segment| (segment.id, segment.name))
        .collect();
    let said: Vec<String> = way
        .iter()
        .map(|id| format!("{} ({id})", names.get(id).map_or("", String::as_str)))
        .collect();
    let at = way
        .get(1)
        .and_then(|first| named.get(first))
        .cloned()
        .unwrap_or_default();
    Err(Error::invalid(
        format!("rule{at}/segment"),
        format!("leads back to itself: {}", said.join(" \u{2192} ")),
    ))
}

/// The shortest way from a segment back to it, both ends included.
fn way_back(id: i64, uses: &HashMap<i64, Vec<i64>>) -> Option<Vec<i64>> {
    let mut came_from: HashMap<i64, i64> = HashMap::new();
    let mut waiting = std::collections::VecDeque::from([id]);
    while let Some(here) = waiting.pop_front() {
        for next in uses.get(&here).into_iter().flatten() {
            if *next == id {
                let mut way = vec![id, here];
                while let Some(last) = way.last().copied().filter(|last| *last != id) {
                    way.push(came_from[&last]);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, here);
                waiting.push_back(*next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_back_is_found() {
        let uses = |links: &[(i64, i64)]| {
            let mut uses: HashMap<i64, Vec<i64>> = HashMap::new();
            for (from, to) in links {
                uses.entry(*from).or_default().push(*to);
            }
            uses
        };
        assert_eq!(way_back(1, &uses(&[(1, 1)])), Some(vec![1, 1]));
        assert_eq!(
            way_back(1, &uses(&[(1, 2), (2, 3), (3, 1), (2, 1)])),
            Some(vec![1, 2, 1])
        );
        assert_eq!(way_back(1, &uses(&[(1, 2), (2, 3), (3, 1)])), Some(vec![1, 2, 3, 1]));
        assert_eq!(
            way_back(1, &uses(&[(1, 2), (2, 3), (3, 2)])),
            None,
            "a circle that it is not part of"
        );
    }
}

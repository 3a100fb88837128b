//! Can a tag be saved as it was sent? Names every field that cannot be taken.

use super::meaning::Definition;
use super::{best, values};
use crate::error::{Error, Result};
use crate::{Engine, segments};
use std::collections::HashSet;
use types::problems::FieldProblem;
use types::rules::Rule;
use types::tags::{NewTag, NewTier, TagKind};
use warehouse::Snapshot;

/// Tiers of one tag, and different values of an uploaded one.
pub(super) const MOST_VALUES: usize = 200;

pub(super) async fn checked(engine: &Engine, mut new: NewTag) -> Result<(NewTag, Definition)> {
    new.name = new.name.trim().to_owned();
    let too_long = |text: &str, most: usize| text.chars().count() > most;
    if new.name.is_empty() || too_long(&new.name, 100) || new.name.contains([':', '\0']) {
        return Err(Error::invalid("name", "must have 1 to 100 characters and no colon"));
    }
    if too_long(&new.description, 2000) || new.description.contains('\0') {
        return Err(Error::invalid("description", "has more than 2000 characters"));
    }
    if too_long(&new.folder, 200) || new.folder.contains('\0') {
        return Err(Error::invalid("folder", "has more than 200 characters"));
    }
    only_own_fields(&new)?;
    let definition = match new.kind {
        TagKind::Rule => Definition::Tiers(tiers(engine, &new.tiers).await?),
        TagKind::Best => best::checked(&new)?,
        TagKind::Model => match (new.method, new.run) {
            (Some(method), None) => Definition::Newest(method),
            (None, Some(run)) => match segments::run_keys(engine, run).await? {
                Some(_) => Definition::Run(run),
                None => return Err(Error::invalid("run", format!("run {run} has no result"))),
            },
            _ => return Err(Error::invalid("method", "a method or a run is needed, and not both")),
        },
        TagKind::Uploaded => {
            new.values = match new.values.take() {
                Some(given) => Some(values::good(given, false)?),
                None => None,
            };
            Definition::Uploaded
        }
    };
    Ok((new, definition))
}

/// What belongs to another kind would be lost without a word.
fn only_own_fields(new: &NewTag) -> Result<()> {
    let given = [
        ("tiers", !new.tiers.is_empty(), TagKind::Rule),
        ("of", new.of.is_some(), TagKind::Best),
        ("by", new.by.is_some(), TagKind::Best),
        ("within_days", new.within_days.is_some(), TagKind::Best),
        ("from", new.from.is_some(), TagKind::Best),
        ("to", new.to.is_some(), TagKind::Best),
        ("method", new.method.is_some(), TagKind::Model),
        ("run", new.run.is_some(), TagKind::Model),
        ("values", new.values.is_some(), TagKind::Uploaded),
    ];
    let foreign: Vec<FieldProblem> = given
        .into_iter()
        .filter(|(_, given, kind)| *given && *kind != new.kind)
        .map(|(field, _, kind)| FieldProblem {
            field: field.to_owned(),
            reason: format!(
                "belongs to tags of the kind {}, and this one is {}",
                kind.as_str(),
                new.kind.as_str()
            ),
        })
        .collect();
    if foreign.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(foreign))
    }
}

async fn tiers(engine: &Engine, given: &[NewTier]) -> Result<Vec<(String, Rule)>> {
    if given.is_empty() || given.len() > MOST_VALUES {
        return Err(Error::invalid(
            "tiers",
            format!("a rule tag has 1 to {MOST_VALUES} tiers"),
        ));
    }
    let snapshot = engine.snapshot().await?;
    let (mut tiers, mut seen) = (Vec::with_capacity(given.len()), HashSet::new());
    for (place, NewTier { value, rule }) in given.iter().enumerate() {
        let value = value.trim();
        if let Some(reason) = values::fault_of_value(value) {
            return Err(Error::invalid(format!("tiers/{place}/value"), reason));
        }
        if !seen.insert(value) {
            return Err(Error::invalid(
                format!("tiers/{place}/value"),
                format!("\u{201c}{value}\u{201d} is the value of an earlier tier already"),
            ));
        }
        let rule = good_rule(engine, &snapshot, rule)
            .await
            .map_err(|error| at_tier(error, place))?;
        tiers.push((value.to_owned(), rule));
    }
    Ok(tiers)
}

async fn good_rule(engine: &Engine, snapshot: &Snapshot, rule: &serde_json::Value) -> Result<Rule> {
    let rule = Rule::of_json(rule).map_err(segments::refused)?;
    let problems = snapshot.check_rule(&rule)?;
    if !problems.is_empty() {
        return Err(segments::refused(problems));
    }
    // What it names must be there.
    segments::resolve_rule(engine, snapshot, rule.clone()).await?;
    Ok(rule)
}

/// `rule/all/0` is `tiers/2/rule/all/0`.
fn at_tier(error: Error, place: usize) -> Error {
    match error {
        Error::Invalid(fields) => Error::Invalid(
            fields
                .into_iter()
                .map(|fault| FieldProblem {
                    field: format!("tiers/{place}/{}", fault.field),
                    ..fault
                })
                .collect(),
        ),
        other => other,
    }
}

//! What sets the customers of a rule apart while it is still being written: the few strongest findings against all customers. The answer is
//! not kept, because the next keystroke asks something else; the baseline is.

use super::{LEVEL, findings, indexed};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, segments};
use analytics::tgi::{Baseline, ValueIndex};
use std::sync::Arc;
use types::auth::Right;
use types::query::GroupRef;
use types::rule_answers::RuleFindings;
use types::segments::PreviewAsked;
use warehouse::labels::Group;
use warehouse::query::distribution::Distribution;

/// Findings that are handed out.
const SHOWN: usize = 5;

/// When nobody waits for the answer any more, the counting stops.
pub async fn rule_findings(engine: &Engine, actor: &Actor, asked: PreviewAsked) -> Result<RuleFindings> {
    actor.require(Right::Build)?;
    let snapshot = engine.snapshot().await?;
    let as_of = asked
        .as_of
        .or(snapshot.today())
        .ok_or_else(|| Error::Conflict("There is no data yet. Upload customers and orders first.".into()))?;
    let group = segments::rule_group(engine, &snapshot, &asked.rule, as_of).await?;
    let baseline: Arc<Distribution> = engine
        .answers()
        .get(snapshot.version(), format!("findings baseline {as_of}"), async {
            one(snapshot.distributions(as_of, vec![Group::everybody()]).await?)
        })
        .await?;
    let group = one(snapshot.distributions(as_of, vec![group]).await?)?;
    let lines: Vec<(String, Vec<ValueIndex<String>>)> = group
        .dimensions
        .iter()
        .zip(&baseline.dimensions)
        .filter(|(_, against)| against.known > 0)
        .map(|(of_group, against)| (of_group.name.clone(), indexed(of_group, against, Baseline::Around)))
        .collect();
    let (mut found, comparisons) = findings::of(&lines, &GroupRef::All);
    found.truncate(SHOWN);
    Ok(RuleFindings {
        size: group.size as i64,
        baseline_size: baseline.size as i64,
        level: LEVEL,
        findings: found,
        comparisons,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
    })
}

fn one(distributions: Vec<Distribution>) -> Result<Distribution> {
    distributions
        .into_iter()
        .next()
        .ok_or_else(|| Error::internal("no distribution for a group"))
}

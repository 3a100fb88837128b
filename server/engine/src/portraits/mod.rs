//! How a group of customers differs from a baseline: shares with their index and interval, measures, and what stands out. Counting is the
//! warehouse's, judging is mathematics; this puts them together.

mod findings;
mod of_rule;
mod order;
#[cfg(test)]
mod tests;

pub use of_rule::rule_findings;

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, segments};
use analytics::stats::{Moments, t_of_level};
use analytics::tgi::{self, Baseline, ValueCount, ValueIndex};
use std::collections::HashMap;
use std::sync::Arc;
use types::auth::Right;
use types::portraits::{Dimension, DimensionValue, Measure, Portrait};
use types::query::GroupRef;
use warehouse::Snapshot;
use warehouse::query::distribution::{DimensionCounts, Distribution, MeasureFigures};

/// Level of every interval.
pub const LEVEL: f64 = 0.95;
/// The line of values that are too rare to be shown alone.
pub const OTHER_SMALL: &str = "other_small";

/// The portrait of a group against a baseline, over the newest published data and at its last day.
pub async fn get_portrait(engine: &Engine, actor: &Actor, segment: &GroupRef, baseline: &GroupRef) -> Result<Portrait> {
    actor.require(Right::See)?;
    let snapshot = engine.snapshot().await?;
    let texts = [
        segments::group_text(engine, &snapshot, segment).await?,
        segments::group_text(engine, &snapshot, baseline).await?,
    ];
    // The names stand in the answer, too.
    let question = format!("portrait {segment} {baseline} {} / {}", texts[0], texts[1]);
    let answer = async {
        let (group, against) = distributions(engine, &snapshot, [segment, baseline], &texts).await?;
        Ok(portrait(&snapshot, segment, baseline, &group, &against))
    };
    engine.answers().copy(snapshot.version(), question, answer).await
}

/// Both distributions, in one scan when neither is known yet. `texts` stand for the members of the groups.
async fn distributions(
    engine: &Engine,
    snapshot: &Snapshot,
    groups: [&GroupRef; 2],
    texts: &[String; 2],
) -> Result<(Arc<Distribution>, Arc<Distribution>)> {
    let as_of = snapshot
        .today()
        .ok_or_else(|| Error::Conflict("There is no data yet. Upload customers and orders first.".into()))?;
    let (answers, version) = (engine.answers(), snapshot.version());
    let question = |place: usize| format!("distribution {}", texts[place]);
    let known = |place: usize| answers.peek::<Distribution>(version, &question(place));
    if let (Some(group), Some(against)) = (known(0), known(1)) {
        return Ok((group, against));
    }
    let mut missing: Vec<usize> = [0, 1].into_iter().filter(|place| known(*place).is_none()).collect();
    missing.dedup_by_key(|place| &texts[*place]);
    let mut members = Vec::new();
    for place in &missing {
        let field = ["segment", "baseline"][*place];
        members.push(segments::resolve(engine, snapshot, field, groups[*place]).await?);
    }
    let found = snapshot.distributions(as_of, members).await?;
    for (place, distribution) in missing.into_iter().zip(found) {
        answers
            .get(version, question(place), async { Ok(distribution) })
            .await?;
    }
    match (known(0), known(1)) {
        (Some(group), Some(against)) => Ok((group, against)),
        _ => Err(Error::internal("a distribution was forgotten while it was in use")),
    }
}

fn portrait(
    snapshot: &Snapshot,
    segment: &GroupRef,
    baseline: &GroupRef,
    group: &Distribution,
    against: &Distribution,
) -> Portrait {
    let relation = if *baseline == GroupRef::All || segment == baseline {
        Baseline::Around
    } else {
        Baseline::Apart
    };
    let lines: Vec<(String, Vec<ValueIndex<String>>)> = group
        .dimensions
        .iter()
        .zip(&against.dimensions)
        .filter(|(_, against)| against.known > 0)
        .map(|(group, against)| (group.name.clone(), indexed(group, against, relation)))
        .collect();
    let dimensions = group
        .dimensions
        .iter()
        .zip(&against.dimensions)
        .filter(|(_, against)| against.known > 0)
        .zip(&lines)
        .map(|((counts, of_baseline), (_, lines))| Dimension {
            name: counts.name.clone(),
            coverage: part(counts.known, group.size),
            baseline_coverage: part(of_baseline.known, against.size),
            values: lines
                .iter()
                .map(|line| value(line, counts.known, of_baseline.known))
                .collect(),
        })
        .collect();
    let (findings, comparisons) = findings::of(&lines, baseline);
    Portrait {
        segment: segment.to_string(),
        baseline: baseline.to_string(),
        size: group.size as i64,
        baseline_size: against.size as i64,
        level: LEVEL,
        currency: snapshot.currency().to_owned(),
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        dimensions,
        measures: group
            .measures
            .iter()
            .zip(&against.measures)
            .filter(|(_, against)| against.count > 0)
            .map(|(group, against)| measure(group, against))
            .collect(),
        findings,
        comparisons,
    }
}

fn part(some: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { some as f64 / all as f64 }
}

/// The values of a dimension with their index; rare ones merged into one last line.
fn indexed(group: &DimensionCounts, baseline: &DimensionCounts, relation: Baseline) -> Vec<ValueIndex<String>> {
    let mut counts: HashMap<&str, (u64, u64)> = HashMap::new();
    for (value, count) in &baseline.values {
        counts.entry(value).or_default().1 = *count;
    }
    for (value, count) in &group.values {
        counts.entry(value).or_default().0 = *count;
    }
    let mut values: Vec<ValueCount<String>> = counts
        .into_iter()
        .map(|(value, (group, baseline))| ValueCount {
            value: value.to_owned(),
            group,
            baseline,
        })
        .collect();
    order::sort(&group.name, &mut values);
    tgi::dimension(values, group.known, baseline.known, relation, LEVEL)
}

fn value(line: &ValueIndex<String>, known: u64, baseline_known: u64) -> DimensionValue {
    let interval = line.index.and_then(|index| index.interval);
    DimensionValue {
        value: line.value.clone().unwrap_or_else(|| OTHER_SMALL.to_owned()),
        count: line.group as i64,
        baseline_count: line.baseline as i64,
        share: part(line.group, known),
        baseline_share: part(line.baseline, baseline_known),
        tgi: line.index.map(|index| index.tgi),
        tgi_low: interval.map(|interval| interval.low),
        tgi_high: interval.map(|interval| interval.high),
    }
}

fn measure(group: &MeasureFigures, baseline: &MeasureFigures) -> Measure {
    let moments = Moments {
        n: group.count,
        mean: group.mean,
        variance: group.variance,
    };
    let interval = mean_interval(moments);
    Measure {
        name: group.name.clone(),
        count: group.count as i64,
        mean: (group.count > 0).then_some(group.mean),
        median: group.median,
        baseline_mean: Some(baseline.mean),
        baseline_median: baseline.median,
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
    }
}

/// Student's interval of a mean; `None` with fewer than two people.
fn mean_interval(of: Moments) -> Option<(f64, f64)> {
    let degrees = of.n.checked_sub(1).filter(|n| *n > 0)? as f64;
    let half = t_of_level(LEVEL, degrees)? * (of.variance / of.n as f64).sqrt();
    Some((of.mean - half, of.mean + half))
}

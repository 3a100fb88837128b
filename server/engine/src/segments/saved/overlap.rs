//! How a few saved segments overlap. What is made of it, a union or a difference, is a rule over segments like any other.

use crate::Engine;
use crate::auth::Actor;
use crate::error::{Error, Result};
use types::auth::Right;
use types::rule_answers::{Overlap, OverlapPart, OverlapSegment};
use warehouse::overlap::MOST_GROUPS;

/// Two to five segments laid over each other.
pub async fn overlap(engine: &Engine, actor: &Actor, ids: &[i64]) -> Result<Overlap> {
    actor.require(Right::See)?;
    let mut wanted: Vec<i64> = Vec::new();
    for id in ids {
        if !wanted.contains(id) {
            wanted.push(*id);
        }
    }
    if !(2..=MOST_GROUPS).contains(&wanted.len()) {
        return Err(Error::invalid("segments", "must name two to five different segments"));
    }
    let snapshot = super::values::with_data(engine).await?;
    let (mut segments, mut groups) = (Vec::new(), Vec::new());
    for id in wanted {
        let row = super::found(engine, id).await?;
        let group = super::group(engine, &snapshot, id).await?;
        segments.push(OverlapSegment {
            id,
            name: row.name,
            size: group.size().unwrap_or_else(|| snapshot.customers()) as i64,
        });
        groups.push(group);
    }
    let counts = warehouse::overlap::overlap(&groups);
    let mut parts: Vec<OverlapPart> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(mask, count)| OverlapPart {
            inside: segments
                .iter()
                .enumerate()
                .filter(|(place, _)| mask >> place & 1 == 1)
                .map(|(_, segment)| segment.id)
                .collect(),
            size: *count as i64,
        })
        .collect();
    parts.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| a.inside.len().cmp(&b.inside.len())));
    Ok(Overlap {
        any: counts.iter().sum::<u64>() as i64,
        all: counts.last().copied().unwrap_or(0) as i64,
        segments,
        parts,
        customers: snapshot.customers() as i64,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
    })
}

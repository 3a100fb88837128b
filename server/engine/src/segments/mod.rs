//! Segmentation runs: asking for one, its result, and its members. The method itself is mathematics and lives in `analytics`; the labels are
//! sealed files. Saved segments are in `saved`.

pub mod jobs;
mod members;
mod names;
mod saved;
mod store;
#[cfg(test)]
mod tests;

pub use members::{MembersFile, members_csv};
pub use saved::{
    create_segment, delete_segment, field_values, get_segment, list_segments, listed_ids, overlap, own_fields, preview,
    segment_csv, update_segment, why,
};
pub(crate) use saved::{record_sizes, refused, rule_group};

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::queue::{self, NewJob};
use crate::{Engine, audit, sealing};
use serde_json::json;
use types::auth::Right;
use types::jobs::JobKind;
use types::problems::Page;
use types::query::GroupRef;
use types::segments::{Method, NewRun, Run, RunState};
use warehouse::Snapshot;
use warehouse::labels::{Group, GroupOf};

/// A run that was asked for, and the job that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Started {
    pub run_id: i64,
    pub job_id: i64,
}

/// Asks for a run over the newest published data.
pub async fn start_run(engine: &Engine, actor: &Actor, new: NewRun) -> Result<Started> {
    actor.require(Right::Build)?;
    if new.method != Method::Rfm {
        return Err(Error::invalid(
            "method",
            format!("{} comes later; only rfm can be run now", new.method.as_str()),
        ));
    }
    if let Some(unknown) = new.params.keys().next() {
        return Err(Error::invalid(
            format!("params.{unknown}"),
            "is not a parameter of rfm, which has none",
        ));
    }
    if sealing::stamp(engine, actor).await?.version == 0 {
        return Err(Error::Conflict("There is no data yet. Upload orders first.".into()));
    }
    let mut tx = engine.pool().begin().await?;
    let run_id = store::next_id(&mut tx).await?;
    let job = NewJob {
        kind: JobKind::RunSegmentation,
        args: json!({ "run_id": run_id }),
        subject: format!("/segments/runs/{run_id}"),
        dedup_key: None,
        max_attempts: 3,
    };
    let job_id = queue::enqueue(&mut tx, actor, job).await?;
    store::insert(&mut tx, run_id, job_id, &new, actor, engine.config().code_version()).await?;
    let detail = json!({ "method": new.method.as_str(), "as_of": new.as_of, "seed": new.seed });
    audit::record(&mut tx, actor, "segmentation.start", &format!("run {run_id}"), detail).await?;
    tx.commit().await?;
    Ok(Started { run_id, job_id })
}

pub async fn get_run(engine: &Engine, actor: &Actor, id: i64) -> Result<Run> {
    actor.require(Right::See)?;
    let row = store::find(engine.pool(), id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Run {id}")))?;
    row.run(sealing::stamp(engine, actor).await?.version)
}

/// The newest runs, or those before an id.
pub async fn list_runs(engine: &Engine, actor: &Actor, before: Option<i64>, limit: i64) -> Result<Page<Run>> {
    actor.require(Right::See)?;
    let limit = limit.clamp(1, 500);
    let mut rows = store::list(engine.pool(), before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit.unsigned_abs() as usize);
    let next = if more {
        rows.last().map(|row| row.id.to_string())
    } else {
        None
    };
    let newest = sealing::stamp(engine, actor).await?.version;
    Ok(Page {
        items: rows.into_iter().map(|row| row.run(newest)).collect::<Result<_>>()?,
        next,
    })
}

/// The customers that a group of the address stands for.
pub(crate) async fn resolve(engine: &Engine, snapshot: &Snapshot, field: &str, group: &GroupRef) -> Result<Group> {
    match group {
        GroupRef::All => Ok(Group::everybody()),
        GroupRef::Segment(id) => saved::group(engine, snapshot, *id).await,
        GroupRef::Tag(name) => Err(Error::not_found(format!("Tag {name}"))),
        GroupRef::Run { run, key } => match run_group(engine, snapshot, *run, key).await? {
            RunGroup::Members(group) => Ok(group),
            RunGroup::NoRun => Err(Error::not_found(format!("Run {run}"))),
            RunGroup::NoResult => Err(Error::Conflict(format!("Run {run} has no result."))),
            RunGroup::NoGroup => Err(Error::invalid(field, format!("run {run} has no group {key}"))),
        },
    }
}

/// Says the same as long as a group of the address stands for the same customers of a version: what answers about it are kept under.
pub(crate) async fn group_text(engine: &Engine, snapshot: &Snapshot, group: &GroupRef) -> Result<String> {
    match group {
        GroupRef::Segment(id) => saved::group_text(engine, snapshot, *id).await,
        other => Ok(other.to_string()),
    }
}

/// One group of a run, or why there is none.
pub(crate) enum RunGroup {
    Members(Group),
    NoRun,
    NoResult,
    NoGroup,
}

/// A run never changes, so its groups are kept as long as anything of this version is.
pub(crate) async fn run_group(engine: &Engine, snapshot: &Snapshot, run: i64, key: &str) -> Result<RunGroup> {
    let Some(row) = store::find(engine.pool(), run).await? else {
        return Ok(RunGroup::NoRun);
    };
    let Some(labels) = row.labels_path.clone() else {
        return Ok(RunGroup::NoResult);
    };
    if !row.run(0)?.segments.iter().any(|segment| segment.key == key) {
        return Ok(RunGroup::NoGroup);
    }
    let question = format!("group run:{run}:{key}");
    let answer = async { Ok(engine.warehouse().group(&labels, key).await?) };
    let group = engine.answers().copy(snapshot.version(), question, answer).await?;
    Ok(RunGroup::Members(group))
}

/// The groups of the newest RFM run that has ended well, when there is one.
pub(crate) async fn newest_rfm_groups(engine: &Engine) -> Result<Option<(i64, GroupOf)>> {
    let Some((id, labels)) = store::newest_labels(engine.pool(), Method::Rfm.as_str()).await? else {
        return Ok(None);
    };
    Ok(Some((id, engine.warehouse().group_of(&labels).await?)))
}

impl store::RunRow {
    /// `newest` is the newest published version of the data.
    fn run(self, newest: i64) -> Result<Run> {
        let unknown = || Error::internal(format!("run {} has an unknown method or state", self.id));
        let state = match self.state.as_str() {
            "running" => RunState::Running,
            "done" => RunState::Done,
            "failed" => RunState::Failed,
            _ => return Err(unknown()),
        };
        Ok(Run {
            id: self.id,
            job_id: self.job_id,
            method: Method::parse(&self.method).ok_or_else(unknown)?,
            params: serde_json::from_value(self.params)?,
            seed: self.seed,
            as_of: self.as_of,
            state,
            quality: serde_json::from_value(self.quality).unwrap_or_default(),
            segments: serde_json::from_value(self.segments)?,
            data_version: self.data_version.unwrap_or(0),
            data_as_of: self.data_as_of,
            currency: self.currency,
            outdated: self.data_version.is_some_and(|version| version < newest),
            covered: self.covered,
            customers: self.customers,
            created_at: self.created_at,
            duration_ms: self.duration_ms,
            requested_by: self.requested_by,
        })
    }
}

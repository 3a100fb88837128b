//! Segmentation runs: asking for one, its result, its members, and which run counts. The method itself is mathematics and lives in `analytics`;
//! the labels are sealed files. Saved segments are in `saved`.

mod choices;
mod clusters;
pub mod jobs;
mod lifecycle;
mod members;
#[cfg(test)]
mod method_tests;
mod moves;
mod names;
mod params;
mod results;
mod saved;
mod schedule_store;
pub(crate) mod schedules;
mod store;
mod takeout;
#[cfg(test)]
mod tests;

pub use choices::{FeatureChoice, feature_choices};
pub use members::{MembersFile, members_csv};
pub use moves::{Cell, get_moves, moved_csv, save_moved};
pub use params::{default_features, default_grid};
pub(crate) use results::{current_run_id, run_keys};
pub use saved::{
    create_segment, delete_segment, field_values, get_segment, list_segments, listed_ids, overlap, own_fields, preview,
    segment_csv, segment_names, update_segment, why,
};
pub(crate) use saved::{day_of, find_size, record_sizes, refused, resolve as resolve_rule, rule_group};
pub use schedules::{create_schedule, delete_schedule, list_schedules};
pub use takeout::{MembersOf, member_columns, take_out_csv, take_out_xlsx};

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::queue::{self, NewJob};
use crate::{Engine, audit, sealing, tags};
use serde_json::{Value, json};
use sqlx::PgConnection;
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
    if sealing::stamp(engine, actor).await?.version == 0 {
        return Err(Error::Conflict("There is no data yet. Upload orders first.".into()));
    }
    let snapshot = engine.snapshot().await?;
    let params = jobs::read_params(&snapshot, new.method, Value::Object(new.params))?;
    let new = NewRun {
        params: params::written(&params)?,
        ..new
    };
    let mut tx = engine.pool().begin().await?;
    let started = insert_run(&mut tx, engine, actor, &new).await?;
    tx.commit().await?;
    Ok(started)
}

/// A run and its job, in the transaction of whoever asks; the parameters have been checked.
async fn insert_run(tx: &mut PgConnection, engine: &Engine, actor: &Actor, new: &NewRun) -> Result<Started> {
    let run_id = store::next_id(tx).await?;
    let job = NewJob {
        kind: JobKind::RunSegmentation,
        args: json!({ "run_id": run_id }),
        subject: format!("/segments/runs/{run_id}"),
        dedup_key: None,
        max_attempts: 3,
    };
    let job_id = queue::enqueue(tx, actor, job).await?;
    store::insert(tx, run_id, job_id, new, actor, engine.config().code_version()).await?;
    let detail = json!({ "method": new.method.as_str(), "as_of": new.as_of, "seed": new.seed, "params": new.params });
    audit::record(tx, actor, "segmentation.start", &format!("run {run_id}"), detail).await?;
    Ok(Started { run_id, job_id })
}

pub async fn get_run(engine: &Engine, actor: &Actor, id: i64) -> Result<Run> {
    actor.require(Right::See)?;
    let row = store::find(engine.pool(), id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Run {id}")))?;
    row.run(sealing::stamp(engine, actor).await?.version)
}

/// Makes a run the one that pages and campaigns use for its method. Choosing the newest lets newer ones take its place when they come.
pub async fn choose_run(engine: &Engine, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Right::Build)?;
    let run = get_run(engine, actor, id).await?;
    if run.state != RunState::Done {
        return Err(Error::Conflict(format!("Run {id} has no result.")));
    }
    let method = run.method.as_str();
    let mut tx = engine.pool().begin().await?;
    let newest = store::newest_done(&mut tx, method).await?;
    store::set_current(&mut tx, method, (newest != Some(id)).then_some(id), actor).await?;
    tags::run_changed(&mut tx, method, sealing::stamp(engine, actor).await?.version).await?;
    let detail = json!({ "method": method });
    audit::record(&mut tx, actor, "segmentation.choose", &format!("run {id}"), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// The run of a method that counts, when one has a result.
pub async fn current_run(engine: &Engine, actor: &Actor, method: Method) -> Result<Option<Run>> {
    actor.require(Right::See)?;
    match store::current_labels(engine.pool(), method.as_str()).await? {
        Some((id, _)) => Ok(Some(get_run(engine, actor, id).await?)),
        None => Ok(None),
    }
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
        GroupRef::Tag { name, value } => tags::group(engine, snapshot, name, value.as_deref()).await,
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
        GroupRef::Tag { name, value } => tags::group_text(engine, snapshot, name, value.as_deref()).await,
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

/// The groups of the current RFM run, when there is one.
pub(crate) async fn newest_rfm_groups(engine: &Engine) -> Result<Option<(i64, GroupOf)>> {
    let Some((id, labels)) = store::current_labels(engine.pool(), Method::Rfm.as_str()).await? else {
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
            details: serde_json::from_value(self.details).unwrap_or_default(),
            current: self.current,
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

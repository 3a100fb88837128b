//! How good the data is, as far as it shows: how new, how complete, what cannot be, what refers to nothing, what changed suddenly.
//!
//! What needs the whole of a table is found by a job and kept with the version of the data that it read: a page must not read ten million rows,
//! and an import must not wait for a check that nobody may look at. The job is asked for when somebody opens the page and the newest check is
//! of older data. What differs between uploads is compared at once, from the few numbers that each import leaves behind.

mod changes;
mod checks;
mod store;

use crate::auth::Actor;
use crate::error::Result;
use crate::queue::{self, JobContext, NewJob};
use crate::{Engine, sealing};
use types::auth::Right;
use types::jobs::{Job, JobKind, JobState};
use types::uploads::quality::{Quality, QualityReport, UploadChanges};
use types::uploads::{FieldChange, Upload};

/// Earlier uploads that one is compared with.
const COMPARED: i64 = 10;

/// The newest check and what differs between uploads. Reads no records.
pub async fn report(engine: &Engine, actor: &Actor) -> Result<QualityReport> {
    actor.require(Right::Upload)?;
    let published = sealing::stamp(engine, actor).await?.version;
    let mut report = QualityReport {
        quality: store::newest(engine.pool()).await?,
        published,
        job_id: None,
        uploads: store::newest_uploads(engine.pool()).await?,
        changes: Vec::new(),
    };
    if let Some(job) = store::newest_job(engine.pool()).await? {
        let job = queue::get(engine, actor, job).await?;
        report.job_id = (!job.state.is_finished()).then_some(job.id);
    }
    for newest in report.uploads.clone() {
        let upload = super::load(engine, newest.upload_id).await?;
        let changes = changes_of(engine, &upload).await?;
        if !changes.is_empty() {
            report.changes.push(UploadChanges {
                kind: upload.kind,
                upload_id: upload.id,
                name: upload.name,
                changes,
            });
        }
    }
    Ok(report)
}

/// Asks for a check of the published data unless there is one; the job that makes it. A check that has failed is not tried again by itself.
pub async fn start_check(engine: &Engine, actor: &Actor, again: bool) -> Result<Option<Job>> {
    actor.require(Right::Upload)?;
    let published = sealing::stamp(engine, actor).await?.version;
    if published == 0 || store::is_checked(engine.pool(), published).await? {
        return Ok(None);
    }
    if let Some(job) = store::newest_job(engine.pool()).await? {
        let job = queue::get(engine, actor, job).await?;
        let of_this = store::job_version(engine.pool(), job.id).await? == Some(published);
        let ended_badly = matches!(job.state, JobState::Failed | JobState::Cancelled);
        if !job.state.is_finished() || (of_this && ended_badly && !again) {
            return Ok(Some(job));
        }
    }
    let mut tx = engine.pool().begin().await?;
    let job = NewJob {
        kind: JobKind::CheckQuality,
        args: serde_json::json!({ "version": published }),
        subject: "/uploads/quality".into(),
        dedup_key: Some("quality".into()),
        max_attempts: 2,
    };
    let id = queue::enqueue(&mut tx, actor, job).await?;
    tx.commit().await?;
    Ok(Some(queue::get(engine, actor, id).await?))
}

/// What differs suddenly in a file from the earlier ones of its kind, field by field. Also of a dry run, before anything is written.
pub async fn changes(engine: &Engine, actor: &Actor, id: i64) -> Result<Vec<FieldChange>> {
    actor.require(Right::Upload)?;
    changes_of(engine, &super::load(engine, id).await?).await
}

async fn changes_of(engine: &Engine, upload: &Upload) -> Result<Vec<FieldChange>> {
    let now = store::profile(engine.pool(), upload.id).await?;
    let before = store::earlier_profiles(engine.pool(), upload.kind, upload.id, COMPARED).await?;
    Ok(changes::compare(&now, &before))
}

/// The job: one pass over each table, in one snapshot of the database.
pub async fn check(ctx: &JobContext) -> Result<()> {
    let engine = &ctx.engine;
    let now = engine.clock().now();
    let mut tx = engine.pool().begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut *tx)
        .await?;
    let version = store::published(&mut tx).await?;
    let mut quality = Quality {
        data_version: version,
        checked_at: now,
        ..Quality::default()
    };
    let tables = checks::tables();
    ctx.step("checking", tables.len() as i64);
    let terms = checks::Terms {
        now,
        currency: engine.config().currency.clone(),
        zone: engine.config().time_zone.name().to_owned(),
    };
    for (done, table) in tables.iter().enumerate() {
        let seen = store::look_at(&mut tx, table, &terms).await?;
        quality.freshness.push(seen.freshness);
        quality.missing.extend(seen.missing);
        quality.impossible.extend(seen.impossible);
        quality.unmatched.extend(seen.unmatched);
        ctx.advance(done as i64 + 1);
        ctx.check_cancelled()?;
    }
    tx.commit().await?;
    let mut tx = engine.pool().begin().await?;
    store::keep(&mut tx, ctx.job.id, &quality).await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

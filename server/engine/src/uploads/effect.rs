//! What taking an upload out would do, before it happens. The undo is done and rolled back: nothing else is exact. At once for a small upload; a
//! large one is looked at by a job, because nobody waits so long for a page, and the answer is kept while the data stays as it was.

use super::jobs::{UndoArgs, is_lock_timeout, wait_for_turn};
use super::merging::{self, Import};
use super::{load, require_committed, store};
use crate::Engine;
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::queue::{self, JobContext, NewJob, Progress};
use crate::sealing;
use std::collections::BTreeMap;
use types::auth::Right;
use types::jobs::{Job, JobKind, JobState};
use types::uploads::{UndoCounts, Upload};

/// Rows of the file or records up to which the answer comes at once: a second or two.
const AT_ONCE: i64 = 50_000;

/// What is known of an undo that nobody has asked for yet.
#[derive(Debug)]
pub enum Effect {
    /// Table → records that would go or change.
    Known(BTreeMap<String, UndoCounts>),
    /// The job that finds it out, or that has failed to.
    Working(Box<Job>),
    /// Nobody has looked.
    Unknown,
}

/// What an undo would do to each table; asks for the job that finds it out when `begin` says so.
pub async fn undo_effect(engine: &Engine, actor: &Actor, id: i64, begin: bool) -> Result<Effect> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    require_committed(&upload)?;
    if let Some(counts) = store::effect(engine.pool(), id).await? {
        return Ok(Effect::Known(counts));
    }
    if size(&upload) <= AT_ONCE {
        return Ok(Effect::Known(undo_preview(engine, actor, id).await?));
    }
    let key = format!("look {id}");
    if let Some(job) = store::newest_look(engine.pool(), &key).await? {
        let job = queue::get(engine, actor, job).await?;
        if job.state != JobState::Succeeded {
            return Ok(Effect::Working(Box::new(job)));
        }
    }
    if !begin {
        return Ok(Effect::Unknown);
    }
    let mut tx = engine.pool().begin().await?;
    let job = NewJob {
        kind: JobKind::UndoUpload,
        args: serde_json::to_value(UndoArgs {
            upload_id: id,
            demo: false,
            look: true,
        })?,
        subject: format!("/uploads/{id}/undo"),
        dedup_key: Some(key),
        max_attempts: 3,
    };
    let job = queue::enqueue(&mut tx, actor, job).await?;
    tx.commit().await?;
    Ok(Effect::Working(Box::new(queue::get(engine, actor, job).await?)))
}

fn size(upload: &Upload) -> i64 {
    let records: i64 = upload
        .records
        .values()
        .map(|counts| counts.created + counts.updated)
        .sum();
    records.max(upload.rows.read)
}

/// Looks at once, whatever the size.
pub async fn undo_preview(engine: &Engine, actor: &Actor, id: i64) -> Result<BTreeMap<String, UndoCounts>> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    require_committed(&upload)?;
    let mut tx = engine.pool().begin().await?;
    sqlx::query("set local lock_timeout = '5s'").execute(&mut *tx).await?;
    sealing::lock_merges(&mut tx)
        .await
        .map_err(|error| match is_lock_timeout(&error) {
            true => {
                Error::Unavailable("Another upload is being merged at the moment. Try again when it has ended.".into())
            }
            false => error,
        })?;
    let undone = merging::undo(&mut tx, &Import::of(&upload), &Progress::default()).await?;
    tx.rollback().await?;
    Ok(undone.counts)
}

/// The job that looks at a large one.
pub(super) async fn look(ctx: &JobContext, id: i64) -> Result<()> {
    let upload = load(&ctx.engine, id).await?;
    require_committed(&upload)?;
    let mut tx = ctx.engine.pool().begin().await?;
    wait_for_turn(ctx, &mut tx).await?;
    // Nothing is committed while this holds the lock.
    let version = store::newest_version(&mut tx).await?;
    let undone = merging::undo(&mut tx, &Import::of(&upload), &ctx.progress()).await?;
    tx.rollback().await?;
    let mut tx = ctx.engine.pool().begin().await?;
    store::keep_effect(&mut tx, id, version, &undone.counts).await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

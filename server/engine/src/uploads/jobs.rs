//! The work on an upload that takes time: importing it, trying it, taking it out again. Each is one transaction; a job that dies leaves nothing.

use super::merging::{self, Import, Outcome};
use super::{load, open_file, receive, store};
use crate::Engine;
use crate::error::{Error, Result};
use crate::queue::JobContext;
use crate::sealing::{self, Touched};
use crate::{audit, settings};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use std::path::{Path, PathBuf};
use types::jobs::{Job, JobKind, JobState};
use types::uploads::{Profile, Upload, UploadState};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ImportArgs {
    pub upload_id: i64,
    #[serde(default)]
    pub dry_run: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct UndoArgs {
    #[serde(default)]
    pub upload_id: i64,
    /// All uploads of demo data instead of one.
    #[serde(default)]
    pub demo: bool,
    /// Only find out what it would do.
    #[serde(default)]
    pub look: bool,
}

/// Reads, checks and merges a file. A dry run does the same and keeps nothing but the counts and the rejects.
pub async fn import_file(ctx: &JobContext) -> Result<()> {
    let args: ImportArgs = ctx.args()?;
    let upload = load(&ctx.engine, args.upload_id).await?;
    if upload.state == UploadState::Committed {
        // An earlier attempt has committed and was killed before it could publish.
        return publish_rest(ctx).await;
    }
    store::set_running(ctx.engine.pool(), upload.id, ctx.engine.clock().now()).await?;
    let rejects = Scratch::new(&ctx.engine, upload.id);
    if args.dry_run {
        try_file(ctx, &upload, &rejects.0).await
    } else {
        commit_file(ctx, &upload, &rejects.0).await
    }
}

async fn commit_file(ctx: &JobContext, upload: &Upload, rejects: &Path) -> Result<()> {
    let mut tx = ctx.engine.pool().begin().await?;
    let (mut outcome, profile) = merge_file(ctx, &mut tx, upload, rejects).await?;
    if upload.options.replace_named {
        for earlier in store::same_name(&mut tx, upload).await? {
            merging::clear(&mut tx).await?;
            let undone = merging::undo(
                &mut tx,
                &Import {
                    upload_id: earlier,
                    ..Import::of(upload)
                },
                &ctx.progress(),
            )
            .await?;
            store::set_undone(&mut tx, earlier, ctx.engine.clock().now()).await?;
            for (table, parts) in undone.touched {
                outcome.touched.entry(table).or_default().extend(parts);
            }
        }
    }
    merging::store_rejects(&mut tx, upload.id, rejects).await?;
    store::set_profile(&mut tx, upload.id, &profile).await?;
    store::set_outcome(
        &mut tx,
        upload.id,
        UploadState::Committed,
        outcome.rows,
        &outcome.records,
        ctx.engine.clock().now(),
    )
    .await?;
    let columns = sqlx::query_scalar!("select columns from uploads where id = $1", upload.id)
        .fetch_one(&mut *tx)
        .await?;
    store::save_mapping(
        &mut tx,
        upload.kind,
        &super::header_hash(&columns),
        &upload.mapping,
        &upload.options,
    )
    .await?;
    settings::fix_time_zone(&mut tx, ctx.engine.config()).await?;
    let detail = json!({ "kind": upload.kind.as_str(), "rows": outcome.rows, "sha256": upload.sha256 });
    audit::record(
        &mut tx,
        &ctx.actor,
        "upload.commit",
        &format!("upload {}", upload.id),
        detail,
    )
    .await?;
    let touched = Touched(outcome.touched);
    let version = sealing::seal(ctx, &mut tx, &touched, Some(upload.id), "upload").await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    sealing::publish(ctx, version).await
}

async fn try_file(ctx: &JobContext, upload: &Upload, rejects: &Path) -> Result<()> {
    let mut tx = ctx.engine.pool().begin().await?;
    let mut trial = tx.begin().await?;
    let (outcome, profile) = merge_file(ctx, &mut trial, upload, rejects).await?;
    trial.rollback().await?;
    merging::store_rejects(&mut tx, upload.id, rejects).await?;
    store::set_profile(&mut tx, upload.id, &profile).await?;
    store::set_outcome(
        &mut tx,
        upload.id,
        UploadState::Ready,
        outcome.rows,
        &outcome.records,
        ctx.engine.clock().now(),
    )
    .await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

async fn merge_file(
    ctx: &JobContext,
    tx: &mut PgConnection,
    upload: &Upload,
    rejects: &Path,
) -> Result<(Outcome, Profile)> {
    let engine = &ctx.engine;
    let opened = open_file(engine, upload).await?;
    let counts = opened.1.counts.clone();
    wait_for_turn(ctx, tx).await?;
    store::draw_commit_seq(tx, upload.id).await?;
    let import = Import::of(upload);
    ctx.step("reading", 0);
    let outcome = merging::merge(tx, engine.pool(), &import, opened, rejects, &ctx.progress()).await?;
    Ok((outcome, counts.profile(upload.kind.fields())))
}

/// Takes the merge lock; gives up when the job is cancelled while it waits.
pub(super) async fn wait_for_turn(ctx: &JobContext, tx: &mut PgConnection) -> Result<()> {
    ctx.step("waiting", 0);
    loop {
        let mut turn = tx.begin().await?;
        sqlx::query("set local lock_timeout = '1s'").execute(&mut *turn).await?;
        match sealing::lock_merges(&mut turn).await {
            Ok(()) => {
                sqlx::query("set local lock_timeout = 0").execute(&mut *turn).await?;
                turn.commit().await?;
                return Ok(());
            }
            Err(error) if is_lock_timeout(&error) => {
                turn.rollback().await?;
                ctx.check_cancelled()?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether somebody else held the lock for too long.
pub(super) fn is_lock_timeout(error: &Error) -> bool {
    let Error::Internal(cause) = error else { return false };
    let code = cause
        .downcast_ref::<sqlx::Error>()
        .and_then(|error| error.as_database_error())
        .and_then(|error| error.code());
    code.as_deref() == Some("55P03")
}

/// Takes the contributions of an upload out again.
pub async fn undo_upload(ctx: &JobContext) -> Result<()> {
    let args: UndoArgs = ctx.args()?;
    if args.demo {
        return super::demo::remove(ctx).await;
    }
    if args.look {
        return super::effect::look(ctx, args.upload_id).await;
    }
    let upload = load(&ctx.engine, args.upload_id).await?;
    if upload.state == UploadState::Undone {
        return publish_rest(ctx).await;
    }
    let mut tx = ctx.engine.pool().begin().await?;
    wait_for_turn(ctx, &mut tx).await?;
    // Somebody else may have undone it while this waited.
    if store::lock_state(&mut tx, upload.id).await? != Some(UploadState::Committed) {
        return Err(Error::Conflict(format!(
            "Upload {} is not committed; there is nothing to take out.",
            upload.id
        )));
    }
    let import = Import::of(&upload);
    let undone = merging::undo(&mut tx, &import, &ctx.progress()).await?;
    ctx.check_cancelled()?;
    store::set_undone(&mut tx, upload.id, ctx.engine.clock().now()).await?;
    audit::record(
        &mut tx,
        &ctx.actor,
        "upload.undo",
        &format!("upload {}", upload.id),
        json!({ "counts": undone.counts }),
    )
    .await?;
    let version = sealing::seal(ctx, &mut tx, &Touched(undone.touched), Some(upload.id), "undo").await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    sealing::publish(ctx, version).await
}

pub(super) async fn publish_rest(ctx: &JobContext) -> Result<()> {
    match store::unpublished_version(ctx.engine.pool(), ctx.job.id).await? {
        Some(version) => sealing::publish(ctx, version).await,
        None => Ok(()),
    }
}

/// After a job has failed for good or was cancelled: nothing of it was kept, and the upload says so. An upload whose undo has failed is still
/// committed.
pub async fn ended(engine: &Engine, job: &Job) -> Result<()> {
    if job.kind != JobKind::ImportFile {
        return Ok(());
    }
    let state = if job.state == JobState::Cancelled {
        UploadState::Cancelled
    } else {
        UploadState::Failed
    };
    store::set_ended(engine.pool(), job.id, state, job.error.as_deref()).await
}

/// A file of one attempt, removed when it ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(engine: &Engine, upload_id: i64) -> Scratch {
        let name = format!("rejects-{upload_id}-{}", uuid::Uuid::new_v4().simple());
        Scratch(engine.config().spill_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It may never have been made.
        let _removed = std::fs::remove_file(&self.0);
    }
}

/// The stored file of an upload.
pub(super) fn stored(engine: &Engine, upload: &Upload) -> PathBuf {
    receive::file_path(engine, upload.id)
}

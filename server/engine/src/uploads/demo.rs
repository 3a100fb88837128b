//! Demo data: the uploads that `make run` brought at the first start, and taking all of them out at once.

use super::jobs::{UndoArgs, publish_rest, wait_for_turn};
use super::merging::{self, Import};
use super::{load, store};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::queue::{self, JobContext, NewJob, Progress};
use crate::sealing::{self, Touched};
use crate::{Engine, audit};
use serde_json::json;
use types::auth::Right;
use types::jobs::JobKind;
use types::uploads::Upload;

/// Says that an upload is demo data. Only whoever loads it knows: a file that a person calls *demo* is that person's.
pub async fn mark(engine: &Engine, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Right::Upload)?;
    store::mark_demo(engine.pool(), id).await
}

/// The demo data that is there, newest first.
pub async fn list(engine: &Engine, actor: &Actor) -> Result<Vec<Upload>> {
    actor.require(Right::Upload)?;
    let mut uploads = Vec::new();
    for id in store::demo_committed(engine.pool()).await? {
        uploads.push(load(engine, id).await?);
    }
    Ok(uploads)
}

/// Takes all demo data out, as one job; its id.
pub async fn start_removal(engine: &Engine, actor: &Actor) -> Result<i64> {
    actor.require(Right::Upload)?;
    let mut tx = engine.pool().begin().await?;
    let ids = store::demo_committed(&mut *tx).await?;
    if ids.is_empty() {
        return Err(Error::Conflict("There is no demo data.".into()));
    }
    let job = NewJob {
        kind: JobKind::UndoUpload,
        args: serde_json::to_value(UndoArgs {
            upload_id: 0,
            demo: true,
            look: false,
        })?,
        subject: "/uploads/demo".into(),
        dedup_key: Some("demo data".into()),
        max_attempts: 3,
    };
    let job_id = queue::enqueue(&mut tx, actor, job).await?;
    for id in &ids {
        store::set_job(&mut tx, *id, job_id).await?;
    }
    let detail = json!({ "job": job_id, "uploads": ids });
    audit::record(&mut tx, actor, "upload.start_removal_of_demo", "demo data", detail).await?;
    tx.commit().await?;
    Ok(job_id)
}

/// The job: one transaction and one version, so that the pages never show half of a shop.
pub(super) async fn remove(ctx: &JobContext) -> Result<()> {
    let mut tx = ctx.engine.pool().begin().await?;
    wait_for_turn(ctx, &mut tx).await?;
    let ids = store::demo_committed(&mut *tx).await?;
    if ids.is_empty() {
        tx.rollback().await?;
        return publish_rest(ctx).await;
    }
    ctx.step("undoing", ids.len() as i64);
    let mut touched = Touched::default();
    for (done, id) in ids.iter().enumerate() {
        merging::clear(&mut tx).await?;
        let upload = load(&ctx.engine, *id).await?;
        let undone = merging::undo(&mut tx, &Import::of(&upload), &Progress::default()).await?;
        store::set_undone(&mut tx, *id, ctx.engine.clock().now()).await?;
        let detail = json!({ "counts": undone.counts });
        audit::record(&mut tx, &ctx.actor, "upload.undo", &format!("upload {id}"), detail).await?;
        for (table, parts) in undone.touched {
            touched.0.entry(table).or_default().extend(parts);
        }
        ctx.advance(done as i64 + 1);
        ctx.check_cancelled()?;
    }
    let version = sealing::seal(ctx, &mut tx, &touched, None, "undo").await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    sealing::publish(ctx, version).await
}

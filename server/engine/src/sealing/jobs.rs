//! Making every sealed file anew.

use super::{all_parts, lock_merges, publish, seal};
use crate::auth::Actor;
use crate::error::Result;
use crate::queue::{self, JobContext, NewJob};
use crate::{Engine, audit};
use serde_json::json;
use types::auth::Right;
use types::jobs::JobKind;

/// Seals all parts of all tables as a new version and publishes it; what was listed before is superseded.
pub async fn rebuild_warehouse(ctx: &JobContext) -> Result<()> {
    let mut tx = ctx.engine.pool().begin().await?;
    lock_merges(&mut tx).await?;
    let touched = all_parts(&mut tx).await?;
    let version = seal(ctx, &mut tx, &touched, None, "rebuild").await?;
    super::bucket::put_labels_again(&ctx.engine, &mut tx).await?;
    audit::record(
        &mut tx,
        &ctx.actor,
        "warehouse.rebuild",
        &format!("version {version}"),
        json!({}),
    )
    .await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    publish(ctx, version).await
}

/// Asks for [`rebuild_warehouse`]; the id of its job.
pub async fn start_rebuild(engine: &Engine, actor: &Actor) -> Result<i64> {
    actor.require(Right::Administer)?;
    let job = NewJob {
        kind: JobKind::RebuildWarehouse,
        args: json!({}),
        subject: "/jobs".into(),
        dedup_key: Some("rebuild".into()),
        max_attempts: 3,
    };
    let mut tx = engine.pool().begin().await?;
    let id = queue::enqueue(&mut tx, actor, job).await?;
    audit::record(
        &mut tx,
        actor,
        "warehouse.start_rebuild",
        &format!("job {id}"),
        json!({}),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

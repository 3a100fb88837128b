//! Making every sealed file anew.

use super::{all_parts, lock_merges, publish, seal};
use crate::audit;
use crate::error::Result;
use crate::queue::JobContext;
use serde_json::json;

/// Seals all parts of all tables as a new version and publishes it; what was listed before is superseded.
pub async fn rebuild_warehouse(ctx: &JobContext) -> Result<()> {
    let mut tx = ctx.engine.pool().begin().await?;
    lock_merges(&mut tx).await?;
    let touched = all_parts(&mut tx).await?;
    let version = seal(ctx, &mut tx, &touched, None, "rebuild").await?;
    audit::record(&mut tx, &ctx.actor, "warehouse.rebuild", &format!("version {version}"), json!({})).await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    publish(ctx, version).await
}

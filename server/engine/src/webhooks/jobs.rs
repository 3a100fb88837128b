//! The jobs of webhooks: looking for crossings, and delivering one event.

use super::sending::{self, Event};
use super::{store, watch};
use crate::Engine;
use crate::error::{Error, Result};
use crate::queue::JobContext;
use serde::Deserialize;
use types::jobs::Job;

#[derive(Deserialize)]
struct Args {
    delivery_id: i64,
}

pub async fn watch_segments(ctx: &JobContext) -> Result<()> {
    watch::look(&ctx.engine, &ctx.progress()).await
}

/// One attempt. What failed is put back by the queue, which waits longer each time and remembers that over a restart. An attempt that ended
/// without anybody hearing of it is made again, with the same id of the event.
pub async fn deliver_webhook(ctx: &JobContext) -> Result<()> {
    let Args { delivery_id } = ctx.args()?;
    let engine = &ctx.engine;
    let Some(due) = store::due(engine.pool(), delivery_id).await? else {
        return Ok(());
    };
    ctx.step("delivering", 0);
    let event = Event {
        id: &due.event_id.to_string(),
        name: &due.event,
        body: &due.body,
    };
    let private = engine.config().webhook_private;
    let outcome = sending::send(&due.url, &due.secret, event, engine.clock().now(), private).await?;
    let mut tx = engine.pool().begin().await?;
    store::tried(&mut tx, delivery_id, &outcome, engine.clock().now()).await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    match (outcome.problem, outcome.for_good) {
        (None, _) => Ok(()),
        (Some(problem), true) => Err(Error::Conflict(problem)),
        (Some(problem), false) => Err(Error::Unavailable(problem)),
    }
}

/// After a delivery was tried for the last time, or cancelled.
pub async fn ended(engine: &Engine, job: &Job) -> Result<()> {
    store::give_up(engine.pool(), job.id, engine.clock().now()).await
}

//! Jobs on demand: asking for one, watching it, cancelling it, and the workers that run them.
//!
//! The row in `jobs` is the truth that people see. A worker holds a job by a lease; a lease that is not renewed is taken over, and whoever lost
//! it is stopped by the fence in the last transaction, so a job that ran twice commits once.

mod context;
mod registry;
mod store;
mod worker;

pub use context::{JobContext, Progress};
pub use store::NewJob;
pub use worker::{WorkerHandle, run_one, start_workers};

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, audit};
use futures::Stream;
use serde_json::json;
use sqlx::PgConnection;
use std::time::Duration;
use types::auth::Right;
use types::jobs::{Job, JobState};
use types::problems::Page;

/// How long a worker may be silent before its job is taken over.
pub const LEASE_SECONDS: f64 = 20.0;

/// Asks for a job, in the transaction of the change that it follows. A job with the same key that has not ended is returned instead.
pub async fn enqueue(tx: &mut PgConnection, actor: &Actor, job: NewJob) -> Result<i64> {
    store::insert(tx, actor, &job).await
}

pub async fn get(engine: &Engine, actor: &Actor, id: i64) -> Result<Job> {
    actor.require(Right::See)?;
    store::find(engine.pool(), id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Job {id}")))
}

/// The newest jobs, or those before an id.
pub async fn list(engine: &Engine, actor: &Actor, before: Option<i64>, limit: i64) -> Result<Page<Job>> {
    actor.require(Right::See)?;
    let limit = limit.clamp(1, 500);
    let mut items = store::list(engine.pool(), before, limit + 1).await?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = if more {
        items.last().map(|job| job.id.to_string())
    } else {
        None
    };
    Ok(Page { items, next })
}

/// Asks a job to stop. A waiting job ends at once, a running one between two chunks of work, with nothing half-done.
pub async fn cancel(engine: &Engine, actor: &Actor, id: i64) -> Result<Job> {
    require_for(actor, &get(engine, actor, id).await?)?;
    let mut tx = engine.pool().begin().await?;
    let state = store::request_cancel(&mut tx, id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Job {id}")))?;
    audit::record(
        &mut tx,
        actor,
        "job.cancel",
        &format!("job {id}"),
        json!({ "state": state.as_str() }),
    )
    .await?;
    tx.commit().await?;
    let job = get(engine, actor, id).await?;
    if state == JobState::Queued {
        registry::ended(engine, &job).await?;
    }
    Ok(job)
}

/// Puts a job that failed or was cancelled back into the queue.
pub async fn retry(engine: &Engine, actor: &Actor, id: i64) -> Result<Job> {
    require_for(actor, &get(engine, actor, id).await?)?;
    let mut tx = engine.pool().begin().await?;
    if !store::requeue(&mut tx, id).await? {
        return Err(Error::Conflict(format!(
            "Job {id} has not failed; there is nothing to try again."
        )));
    }
    audit::record(&mut tx, actor, "job.retry", &format!("job {id}"), json!({})).await?;
    tx.commit().await?;
    get(engine, actor, id).await
}

/// What a job needs is needed to stop it, too.
fn require_for(actor: &Actor, job: &Job) -> Result<()> {
    actor.require(registry::right_for(job.kind))
}

/// The job as soon as it has ended, or as it is after `timeout`.
pub async fn wait(engine: &Engine, id: i64, timeout: Duration) -> Result<Job> {
    let end = tokio::time::Instant::now() + timeout;
    loop {
        let job = store::find(engine.pool(), id)
            .await?
            .ok_or_else(|| Error::not_found(format!("Job {id}")))?;
        if job.state.is_finished() || tokio::time::Instant::now() >= end {
            return Ok(job);
        }
        tokio::time::sleep(Duration::from_millis(80)).await;
    }
}

/// The job now and at each change, until it has ended.
pub fn watch(engine: &Engine, id: i64) -> impl Stream<Item = Result<Job>> + Send + use<> {
    let engine = engine.clone();
    futures::stream::unfold(Some(None::<Job>), move |last| {
        let engine = engine.clone();
        async move {
            let last = last?;
            if last.as_ref().is_some_and(|job| job.state.is_finished()) {
                return None;
            }
            loop {
                match store::find(engine.pool(), id).await {
                    Err(error) => return Some((Err(error), None)),
                    Ok(None) => return Some((Err(Error::not_found(format!("Job {id}"))), None)),
                    Ok(Some(job)) if !last.as_ref().is_some_and(|last| is_same(last, &job)) => {
                        return Some((Ok(job.clone()), Some(Some(job))));
                    }
                    Ok(Some(_)) => tokio::time::sleep(Duration::from_millis(250)).await,
                }
            }
        }
    })
}

/// Whether nothing has changed but the clock.
fn is_same(one: &Job, other: &Job) -> bool {
    let timeless = |job: &Job| Job {
        step_seconds: None,
        ..job.clone()
    };
    timeless(one) == timeless(other)
}

#[cfg(test)]
mod tests;

//! The workers: claim a job, keep its lease, run it, say how it ended.

use super::store::{self, JobRow};
use super::{JobContext, LEASE_SECONDS, Progress, registry};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, auth, segments};
use sqlx::postgres::PgListener;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use types::jobs::{Job, JobState};
use uuid::Uuid;

/// Asked this often even when no notification arrives: delayed jobs and abandoned ones announce nothing.
const POLL: Duration = Duration::from_secs(1);
const WRITE_PROGRESS: Duration = Duration::from_millis(400);

/// Workers of this process. Dropping it lets them run on; `stop` waits for them.
pub struct WorkerHandle {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl WorkerHandle {
    /// Takes no more jobs, asks the running ones to give way, and waits a while for them. A job that gave way is queued again.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            let abort = task.abort_handle();
            if tokio::time::timeout(Duration::from_secs(20), task).await.is_err() {
                abort.abort();
            }
        }
    }
}

/// Starts `concurrency` workers and the listener that wakes them.
pub fn start_workers(engine: &Engine, concurrency: usize) -> WorkerHandle {
    let (stop, stopping) = watch::channel(false);
    let wake = Arc::new(Notify::new());
    let mut tasks = vec![tokio::spawn(listen(engine.clone(), wake.clone(), stopping.clone()))];
    tasks.push(tokio::spawn(segments::schedules::keep(
        engine.clone(),
        stopping.clone(),
    )));
    for _ in 0..concurrency.max(1) {
        tasks.push(tokio::spawn(work(engine.clone(), wake.clone(), stopping.clone())));
    }
    WorkerHandle { stop, tasks }
}

/// Runs one job in this process unless a worker takes it first; returns it when it has ended.
pub async fn run_one(engine: &Engine, id: i64) -> Result<Job> {
    // A worker that is alive takes the job within moments.
    let job = super::wait(engine, id, Duration::from_millis(1200)).await?;
    if job.state.is_finished() {
        return Ok(job);
    }
    let (_keep, stopping) = watch::channel(false);
    loop {
        sweep(engine).await?;
        let token = Uuid::new_v4();
        if let Some(row) = store::claim(engine.pool(), token, Some(id)).await? {
            attempt(engine, row, token, stopping.clone()).await;
        }
        let job = super::wait(engine, id, Duration::from_millis(500)).await?;
        if job.state.is_finished() {
            return Ok(job);
        }
    }
}

async fn listen(engine: Engine, wake: Arc<Notify>, mut stopping: watch::Receiver<bool>) {
    loop {
        let heard = async {
            let mut listener = PgListener::connect_with(engine.pool()).await?;
            listener.listen("jobs").await?;
            loop {
                listener.recv().await?;
                wake.notify_waiters();
            }
        };
        let broken: std::result::Result<(), sqlx::Error> = tokio::select! {
            result = heard => result,
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        if let Err(error) = broken {
            tracing::warn!(%error, "the listener for jobs was interrupted; polling goes on");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn work(engine: Engine, wake: Arc<Notify>, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let token = Uuid::new_v4();
        let claimed = match sweep(&engine).await {
            Ok(()) => store::claim(engine.pool(), token, None).await,
            Err(error) => Err(error),
        };
        match claimed {
            Ok(Some(row)) => attempt(&engine, row, token, stopping.clone()).await,
            Ok(None) => {
                tokio::select! {
                    () = wake.notified() => {}
                    () = tokio::time::sleep(POLL) => {}
                    _ = stopping.wait_for(|stop| *stop) => return,
                }
            }
            Err(error) => {
                tracing::warn!(error = %error.causes(), "jobs cannot be claimed at the moment");
                tokio::time::sleep(POLL).await;
            }
        }
    }
}

/// Ends what dead workers left behind after their last attempt.
async fn sweep(engine: &Engine) -> Result<()> {
    for id in store::fail_abandoned(engine.pool()).await? {
        if let Some(job) = store::find(engine.pool(), id).await? {
            tracing::warn!(
                job.id = id,
                job.attempts = job.attempts,
                "a job was abandoned by its worker"
            );
            registry::ended(engine, &job).await?;
        }
    }
    Ok(())
}

async fn attempt(engine: &Engine, row: JobRow, token: Uuid, stopping: watch::Receiver<bool>) {
    let id = row.id;
    if let Err(error) = try_attempt(engine, row, token, stopping).await {
        // The lease runs out and the job is taken over: nothing is lost.
        tracing::error!(job.id = id, error = %error.causes(), "the end of a job could not be written");
    }
}

async fn try_attempt(engine: &Engine, row: JobRow, token: Uuid, stopping: watch::Receiver<bool>) -> Result<()> {
    let job = row.job()?;
    let (id, max_attempts, attempts) = (job.id, row.max_attempts, job.attempts);
    let started = tokio::time::Instant::now();
    let progress = Progress::default();
    let ctx = JobContext {
        engine: engine.clone(),
        actor: acting(engine, &row).await?,
        args: row.args,
        token,
        progress: progress.clone(),
        job,
    };
    let kind = ctx.job.kind;
    let lease = tokio::spawn(keep_lease(
        engine.clone(),
        id,
        token,
        progress.clone(),
        stopping.clone(),
    ));
    // A panic in a job ends the attempt, not the worker.
    let outcome = if ctx.job.cancel_requested {
        Err(Error::Cancelled)
    } else {
        let run =
            tokio::spawn(async move { futures::FutureExt::catch_unwind(AssertUnwindSafe(registry::run(&ctx))).await });
        match run.await? {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::internal("the job panicked")),
        }
    };
    lease.abort();
    let duration_ms = started.elapsed().as_millis() as u64;
    match outcome {
        Ok(()) => {
            store::finish(engine.pool(), id, token, JobState::Succeeded, None).await?;
            tracing::info!(job.id = id, job.kind = kind.as_str(), duration_ms, "a job succeeded");
        }
        Err(Error::Cancelled) if *stopping.borrow() => {
            store::put_back(
                engine.pool(),
                id,
                token,
                "The worker was shut down; another goes on.",
                0.0,
            )
            .await?;
        }
        Err(Error::Cancelled) => end(engine, id, token, JobState::Cancelled, None).await?,
        Err(error) if error.is_passing() && attempts < max_attempts => {
            tracing::warn!(job.id = id, job.kind = kind.as_str(), duration_ms, error = %error.causes(), "a job failed and is tried again");
            store::put_back(engine.pool(), id, token, &error.to_string(), back_off_seconds(attempts)).await?;
        }
        Err(error) => {
            tracing::warn!(job.id = id, job.kind = kind.as_str(), duration_ms, error = %error.causes(), "a job failed");
            end(engine, id, token, JobState::Failed, Some(&error.to_string())).await?;
        }
    }
    Ok(())
}

async fn end(engine: &Engine, id: i64, token: Uuid, state: JobState, error: Option<&str>) -> Result<()> {
    if store::finish(engine.pool(), id, token, state, error).await?
        && let Some(job) = store::find(engine.pool(), id).await?
    {
        registry::ended(engine, &job).await?;
    }
    Ok(())
}

/// 2, 8, 32 … seconds, at most ten minutes.
fn back_off_seconds(attempts: i32) -> f64 {
    (2.0 * 4f64.powi(attempts.clamp(1, 6) - 1)).min(600.0)
}

async fn acting(engine: &Engine, row: &JobRow) -> Result<Actor> {
    match row.person_id {
        None if row.requested_by == Actor::system().name => Ok(Actor::system()),
        None => Ok(Actor::command_line()),
        Some(person) => match auth::account(engine, person).await? {
            Some(account) => Ok(account.actor()),
            None => Err(Error::Conflict(
                "The person who asked for this may no longer sign in.".into(),
            )),
        },
    }
}

/// Renews the lease and writes the progress until it is aborted. A task of its own, and all maths runs elsewhere, so it never starves.
async fn keep_lease(engine: Engine, id: i64, token: Uuid, progress: Progress, stopping: watch::Receiver<bool>) {
    let renew_every = Duration::from_secs_f64(LEASE_SECONDS / 4.0);
    let mut written = None;
    let mut renewed = tokio::time::Instant::now();
    let mut held = renewed;
    loop {
        tokio::time::sleep(WRITE_PROGRESS).await;
        if *stopping.borrow() {
            progress.stop();
        }
        let now = progress.read();
        if written.as_ref() == Some(&now) && renewed.elapsed() < renew_every {
            continue;
        }
        match store::renew(engine.pool(), id, token, now.0.as_deref(), now.1, now.2).await {
            Ok(Some(answer)) => {
                if answer.cancel_requested {
                    progress.stop();
                }
                held = tokio::time::Instant::now();
            }
            // Somebody else has it: stop as soon as possible. The fence would refuse the commit anyway.
            Ok(None) => progress.stop(),
            Err(error) => {
                tracing::warn!(job.id = id, error = %error.causes(), "the lease of a job could not be renewed");
                if held.elapsed() > Duration::from_secs_f64(LEASE_SECONDS) {
                    progress.stop();
                }
            }
        }
        renewed = tokio::time::Instant::now();
        written = Some(now);
    }
}

//! The SQL of jobs.

use super::LEASE_SECONDS;
use crate::auth::Actor;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use types::jobs::{Job, JobKind, JobState};
use uuid::Uuid;

/// What to do, and where its result will be seen.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub kind: JobKind,
    pub args: Value,
    /// The page of the result, such as `/uploads/7`.
    pub subject: String,
    /// Two jobs with the same key never wait or run at the same time.
    pub dedup_key: Option<String>,
    pub max_attempts: i32,
}

pub struct JobRow {
    pub id: i64,
    pub kind: String,
    pub state: String,
    pub args: Value,
    pub subject: String,
    pub step: Option<String>,
    pub done: i64,
    pub total: i64,
    pub step_seconds: Option<f64>,
    pub error: Option<String>,
    pub attempts: i32,
    pub max_attempts: i32,
    pub cancel_requested: bool,
    pub requested_by: String,
    pub person_id: Option<i64>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl JobRow {
    pub fn job(&self) -> Result<Job> {
        let unknown = || Error::internal(format!("job {} has an unknown kind or state", self.id));
        Ok(Job {
            id: self.id,
            kind: JobKind::parse(&self.kind).ok_or_else(unknown)?,
            state: JobState::parse(&self.state).ok_or_else(unknown)?,
            step: self.step.clone(),
            done: self.done,
            total: self.total,
            step_seconds: self.step_seconds,
            error: self.error.clone(),
            attempts: self.attempts,
            created_at: self.created_at,
            started_at: self.started_at,
            finished_at: self.finished_at,
            requested_by: self.requested_by.clone(),
            subject: self.subject.clone(),
            cancel_requested: self.cancel_requested,
        })
    }
}

pub async fn insert(tx: &mut PgConnection, actor: &Actor, job: &NewJob) -> Result<i64> {
    let inserted = sqlx::query_scalar!(
        "insert into jobs (kind, args, subject, dedup_key, max_attempts, requested_by, person_id)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (dedup_key) where dedup_key is not null and state in ('queued', 'running') do nothing returning id",
        job.kind.as_str(),
        job.args,
        job.subject,
        job.dedup_key,
        job.max_attempts,
        actor.name,
        actor.person_id
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(id) = inserted {
        return Ok(id);
    }
    sqlx::query_scalar!(
        "select id from jobs where dedup_key = $1 and state in ('queued', 'running')",
        job.dedup_key
    )
    .fetch_optional(tx)
    .await?
    .ok_or_else(|| Error::Conflict("The same job has just ended. Ask again.".into()))
}

pub async fn find(pool: &PgPool, id: i64) -> Result<Option<Job>> {
    let row = sqlx::query_as!(
        JobRow,
        "select id, kind, state, args, subject, step, done, total,
                case when state = 'running' then extract(epoch from now() - step_started_at)::float8 end as step_seconds,
                error, attempts, max_attempts, cancel_requested, requested_by, person_id, created_at, started_at, finished_at
         from jobs where id = $1",
        id
    )
    .fetch_optional(pool)
    .await?;
    row.map(|row| row.job()).transpose()
}

pub async fn list(pool: &PgPool, before: Option<i64>, limit: i64) -> Result<Vec<Job>> {
    let rows = sqlx::query_as!(
        JobRow,
        "select id, kind, state, args, subject, step, done, total,
                case when state = 'running' then extract(epoch from now() - step_started_at)::float8 end as step_seconds,
                error, attempts, max_attempts, cancel_requested, requested_by, person_id, created_at, started_at, finished_at
         from jobs where $1::bigint is null or id < $1 order by id desc limit $2",
        before,
        limit
    )
    .fetch_all(pool)
    .await?;
    rows.iter().map(JobRow::job).collect()
}

/// Takes the oldest job that waits, or whose worker has gone silent; `only` takes that one or none.
pub async fn claim(pool: &PgPool, token: Uuid, only: Option<i64>) -> Result<Option<JobRow>> {
    Ok(sqlx::query_as!(
        JobRow,
        "update jobs set state = 'running', attempts = attempts + 1, lease_token = $1,
                lease_until = now() + make_interval(secs => $2), started_at = coalesce(started_at, now()),
                step = null, step_started_at = null, done = 0, total = 0
         where id = (
             select id from jobs
             where ((state = 'queued' and run_at <= now()) or (state = 'running' and lease_until < now() and attempts < max_attempts))
               and ($3::bigint is null or id = $3)
             order by id limit 1 for update skip locked)
         returning id, kind, state, args, subject, step, done, total, null::float8 as step_seconds, error, attempts, max_attempts,
                   cancel_requested, requested_by, person_id, created_at, started_at, finished_at",
        token,
        LEASE_SECONDS,
        only
    )
    .fetch_optional(pool)
    .await?)
}

/// Ends jobs whose worker died on the last attempt. Their ids.
pub async fn fail_abandoned(pool: &PgPool) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar!(
        "update jobs set state = case when cancel_requested then 'cancelled' else 'failed' end, finished_at = now(),
                lease_token = null, lease_until = null,
                error = case when not cancel_requested then format('The worker ended %s times while it did this. Nothing was changed.', attempts) end
         where state = 'running' and lease_until < now() and (attempts >= max_attempts or cancel_requested) returning id"
    )
    .fetch_all(pool)
    .await?)
}

pub struct Held {
    pub cancel_requested: bool,
}

/// Keeps the lease and writes the progress. None when the lease is lost.
pub async fn renew(
    pool: &PgPool,
    id: i64,
    token: Uuid,
    step: Option<&str>,
    done: i64,
    total: i64,
) -> Result<Option<Held>> {
    Ok(sqlx::query_as!(
        Held,
        "update jobs set lease_until = now() + make_interval(secs => $3), step = $4, done = $5, total = $6,
                step_started_at = case when step is distinct from $4 then now() else step_started_at end
         where id = $1 and lease_token = $2 and state = 'running' returning cancel_requested",
        id,
        token,
        LEASE_SECONDS,
        step,
        done,
        total
    )
    .fetch_optional(pool)
    .await?)
}

/// Locks the job's row until the transaction ends. None when the lease is lost.
pub async fn lock_held(tx: &mut PgConnection, id: i64, token: Uuid) -> Result<Option<Held>> {
    Ok(sqlx::query_as!(
        Held,
        "select cancel_requested from jobs where id = $1 and lease_token = $2 and state = 'running' for update",
        id,
        token
    )
    .fetch_optional(tx)
    .await?)
}

/// Ends an attempt. Does nothing when the lease is lost.
pub async fn finish(pool: &PgPool, id: i64, token: Uuid, state: JobState, error: Option<&str>) -> Result<bool> {
    let done = sqlx::query!(
        "update jobs set state = $3, error = $4, finished_at = now(), lease_token = null, lease_until = null
         where id = $1 and lease_token = $2 and state = 'running'",
        id,
        token,
        state.as_str(),
        error
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Back into the queue after a failure that may pass, not before `delay_seconds` from now.
pub async fn put_back(pool: &PgPool, id: i64, token: Uuid, error: &str, delay_seconds: f64) -> Result<()> {
    sqlx::query!(
        "update jobs set state = 'queued', error = $3, run_at = now() + make_interval(secs => $4), lease_token = null, lease_until = null
         where id = $1 and lease_token = $2 and state = 'running'",
        id,
        token,
        error,
        delay_seconds
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The state before the request; a waiting job is cancelled at once.
pub async fn request_cancel(tx: &mut PgConnection, id: i64) -> Result<Option<JobState>> {
    let state = sqlx::query_scalar!("select state from jobs where id = $1 for update", id)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(state) = state else { return Ok(None) };
    let state = JobState::parse(&state).ok_or_else(|| Error::internal("a job has an unknown state"))?;
    if state.is_finished() {
        return Err(Error::Conflict(format!("Job {id} has already ended.")));
    }
    sqlx::query!(
        "update jobs set cancel_requested = true,
                state = case when state = 'queued' then 'cancelled' else state end,
                finished_at = case when state = 'queued' then now() else finished_at end
         where id = $1",
        id
    )
    .execute(tx)
    .await?;
    Ok(Some(state))
}

pub async fn requeue(tx: &mut PgConnection, id: i64) -> Result<bool> {
    let done = sqlx::query!(
        "update jobs set state = 'queued', run_at = now(), max_attempts = attempts + 3, error = null, finished_at = null,
                cancel_requested = false
         where id = $1 and state in ('failed', 'cancelled')",
        id
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

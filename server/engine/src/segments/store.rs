//! The SQL of segmentation runs.

use crate::auth::Actor;
use crate::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use types::segments::NewRun;

pub struct RunRow {
    pub id: i64,
    pub job_id: i64,
    pub method: String,
    pub params: Value,
    pub seed: i64,
    pub as_of: Option<NaiveDate>,
    pub state: String,
    pub quality: Value,
    pub details: Value,
    pub segments: Value,
    pub current: bool,
    pub data_version: Option<i64>,
    pub data_as_of: Option<DateTime<Utc>>,
    pub currency: String,
    pub covered: i64,
    pub customers: i64,
    pub labels_path: Option<String>,
    pub requested_by: String,
    pub created_at: DateTime<Utc>,
    /// From asking to result.
    pub duration_ms: Option<i64>,
}

/// Drawn beforehand, because the job names its run and the run its job.
pub async fn next_id(tx: &mut PgConnection) -> Result<i64> {
    Ok(
        sqlx::query_scalar!(r#"select nextval(pg_get_serial_sequence('segmentation_runs', 'id')) as "id!""#)
            .fetch_one(tx)
            .await?,
    )
}

pub async fn insert(
    tx: &mut PgConnection,
    id: i64,
    job_id: i64,
    new: &NewRun,
    actor: &Actor,
    code_version: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into segmentation_runs (id, job_id, method, params, seed, as_of, code_version, person_id, requested_by)
         overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        job_id,
        new.method.as_str(),
        Value::Object(new.params.clone()),
        new.seed,
        new.as_of,
        code_version,
        actor.person_id,
        actor.name
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(pool: &PgPool, id: i64) -> Result<Option<RunRow>> {
    Ok(sqlx::query_as!(
        RunRow,
        r#"select id, job_id, method, params, seed, as_of, state, quality, details, segments,
                  coalesce(id = (select n.id from segmentation_runs n left join current_runs c on c.method = n.method
                      where n.method = r.method and n.state = 'done' and (c.run_id is null or c.run_id = n.id)
                      order by n.id desc limit 1), false) as "current!", data_version, data_as_of, currency, covered,
                  customers, labels_path, requested_by, created_at,
                  (extract(epoch from finished_at - created_at) * 1000)::bigint as duration_ms
           from segmentation_runs r where id = $1"#,
        id
    )
    .fetch_optional(pool)
    .await?)
}

pub async fn list(pool: &PgPool, before: Option<i64>, limit: i64) -> Result<Vec<RunRow>> {
    Ok(sqlx::query_as!(
        RunRow,
        r#"select id, job_id, method, params, seed, as_of, state, quality, details, segments,
                  coalesce(id = (select n.id from segmentation_runs n left join current_runs c on c.method = n.method
                      where n.method = r.method and n.state = 'done' and (c.run_id is null or c.run_id = n.id)
                      order by n.id desc limit 1), false) as "current!", data_version, data_as_of, currency, covered,
                  customers, labels_path, requested_by, created_at,
                  (extract(epoch from finished_at - created_at) * 1000)::bigint as duration_ms
           from segmentation_runs r where $1::bigint is null or id < $1 order by id desc limit $2"#,
        before,
        limit
    )
    .fetch_all(pool)
    .await?)
}

/// Id and labels of the current run of a method: the one that somebody chose, else the newest with a result.
pub async fn current_labels(pool: &PgPool, method: &str) -> Result<Option<(i64, String)>> {
    let row = sqlx::query!(
        r#"select n.id, labels_path as "labels_path!" from segmentation_runs n left join current_runs c on c.method = n.method
           where n.method = $1 and n.state = 'done' and labels_path is not null and (c.run_id is null or c.run_id = n.id)
           order by n.id desc limit 1"#,
        method
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.id, row.labels_path)))
}

/// The newest run of a method with a result.
pub async fn newest_done(tx: &mut PgConnection, method: &str) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar!(
        "select id from segmentation_runs where method = $1 and state = 'done' order by id desc limit 1",
        method
    )
    .fetch_optional(tx)
    .await?)
}

/// `None`: whatever is newest.
pub async fn set_current(tx: &mut PgConnection, method: &str, run: Option<i64>, actor: &Actor) -> Result<()> {
    match run {
        Some(run) => {
            sqlx::query!(
                "insert into current_runs (method, run_id, person_id, chosen_by) values ($1, $2, $3, $4)
                 on conflict (method) do update set run_id = $2, person_id = $3, chosen_by = $4, chosen_at = now()",
                method,
                run,
                actor.person_id,
                actor.name
            )
            .execute(tx)
            .await?;
        }
        None => {
            sqlx::query!("delete from current_runs where method = $1", method)
                .execute(tx)
                .await?;
        }
    }
    Ok(())
}

/// A job that is tried again after its run had failed.
pub async fn set_running(pool: &PgPool, id: i64) -> Result<()> {
    sqlx::query!(
        "update segmentation_runs set state = 'running' where id = $1 and state = 'failed'",
        id
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub struct Outcome<'a> {
    pub as_of: NaiveDate,
    pub segments: Value,
    pub quality: Value,
    pub details: Value,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub currency: &'a str,
    pub covered: i64,
    pub customers: i64,
    pub labels_path: &'a str,
    pub labels_checksum: &'a str,
}

pub async fn finish(tx: &mut PgConnection, id: i64, outcome: &Outcome<'_>) -> Result<()> {
    sqlx::query!(
        "update segmentation_runs set state = 'done', as_of = $2, segments = $3, data_version = $4, data_as_of = $5, currency = $6,
             covered = $7, customers = $8, labels_path = $9, labels_checksum = $10, quality = $11, details = $12, finished_at = now()
         where id = $1",
        id,
        outcome.as_of,
        outcome.segments,
        outcome.data_version,
        outcome.data_as_of,
        outcome.currency,
        outcome.covered,
        outcome.customers,
        outcome.labels_path,
        outcome.labels_checksum,
        outcome.quality,
        outcome.details
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_failed(pool: &PgPool, job_id: i64) -> Result<()> {
    sqlx::query!(
        "update segmentation_runs set state = 'failed', finished_at = now() where job_id = $1 and state = 'running'",
        job_id
    )
    .execute(pool)
    .await?;
    Ok(())
}

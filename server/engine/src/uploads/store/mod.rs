//! The SQL of uploads themselves. What merges their rows is in `merging`.

mod effects;
mod known;
mod rejects;

pub use effects::{effect, keep_effect, newest_look, newest_version};
pub use known::{differing_costs, differing_orders, differing_payments, save_mapping, saved_mapping};
pub use rejects::{columns, rejects};

use crate::auth::Actor;
use crate::error::{Error, Result};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor, PgPool};
use std::collections::BTreeMap;
use types::uploads::{Mapping, Profile, RecordCounts, RowCounts, Upload, UploadKind, UploadOptions, UploadState};

struct UploadRow {
    id: i64,
    kind: String,
    name: String,
    state: String,
    uploaded_by: String,
    mapping: Value,
    options: Value,
    encoding: Option<String>,
    delimiter: Option<String>,
    sha256: String,
    size_bytes: i64,
    rows_read: i64,
    rows_created: i64,
    rows_updated: i64,
    rows_unchanged: i64,
    rows_rejected: i64,
    rows_duplicates: i64,
    records: Value,
    error: Option<String>,
    job_id: Option<i64>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    same_as: Option<i64>,
}

impl UploadRow {
    fn upload(self) -> Result<Upload> {
        let unknown = || Error::internal(format!("upload {} has an unknown kind or state", self.id));
        Ok(Upload {
            kind: UploadKind::parse(&self.kind).ok_or_else(unknown)?,
            state: UploadState::parse(&self.state).ok_or_else(unknown)?,
            id: self.id,
            name: self.name,
            rows: RowCounts {
                read: self.rows_read,
                created: self.rows_created,
                updated: self.rows_updated,
                unchanged: self.rows_unchanged,
                rejected: self.rows_rejected,
                duplicates: self.rows_duplicates,
            },
            records: serde_json::from_value(self.records)?,
            encoding: self.encoding,
            delimiter: self.delimiter,
            mapping: serde_json::from_value(self.mapping)?,
            options: serde_json::from_value(self.options)?,
            sha256: self.sha256,
            size_bytes: self.size_bytes,
            started_at: self.started_at,
            finished_at: self.finished_at,
            error: self.error,
            created_at: self.created_at,
            uploaded_by: self.uploaded_by,
            job_id: self.job_id,
            same_as: self.same_as,
        })
    }
}

pub async fn insert(
    conn: &mut PgConnection,
    actor: &Actor,
    kind: UploadKind,
    name: &str,
    mapping: &Mapping,
    options: &UploadOptions,
) -> Result<i64> {
    let id = sqlx::query_scalar!(
        "insert into uploads (kind, name, person_id, uploaded_by, mapping, options, file_path) values ($1, $2, $3, $4, $5, $6, '') returning id",
        kind.as_str(),
        name,
        actor.person_id,
        actor.name,
        serde_json::to_value(mapping)?,
        serde_json::to_value(options)?
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!(
        "update uploads set file_path = $2 where id = $1",
        id,
        format!("uploads/{id}")
    )
    .execute(conn)
    .await?;
    Ok(id)
}

pub async fn find(pool: &PgPool, id: i64) -> Result<Option<Upload>> {
    let rows = select(pool, Some(id), None, 1).await?;
    Ok(rows.into_iter().next())
}

pub async fn list(pool: &PgPool, before: Option<i64>, limit: i64) -> Result<Vec<Upload>> {
    select(pool, None, before, limit).await
}

async fn select(pool: &PgPool, id: Option<i64>, before: Option<i64>, limit: i64) -> Result<Vec<Upload>> {
    let rows = sqlx::query_as!(
        UploadRow,
        r#"select id, kind, name, state, uploaded_by, mapping, options, encoding, delimiter, sha256, size_bytes,
               rows_read, rows_created, rows_updated, rows_unchanged, rows_rejected, rows_duplicates, records, error, job_id,
               created_at, started_at, finished_at,
               (select max(e.id) from uploads e
                where e.sha256 = u.sha256 and u.sha256 <> '' and e.id < u.id and e.state = 'committed') as same_as
           from uploads u
           where ($1::bigint is null or id = $1) and ($2::bigint is null or id < $2)
           order by id desc limit $3"#,
        id,
        before,
        limit
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(UploadRow::upload).collect()
}

/// Keeps a file that has arrived completely.
pub async fn set_received(conn: &mut PgConnection, id: i64, sha256: &str, size: i64) -> Result<()> {
    sqlx::query!(
        "update uploads set sha256 = $2, size_bytes = $3 where id = $1",
        id,
        sha256,
        size
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The state of an upload, locked until the transaction ends.
pub async fn lock_state(conn: &mut PgConnection, id: i64) -> Result<Option<UploadState>> {
    let state = sqlx::query_scalar!("select state from uploads where id = $1 for update", id)
        .fetch_optional(conn)
        .await?;
    Ok(state.and_then(|state| UploadState::parse(&state)))
}

/// Whether mapping or options are others than before.
pub async fn set_mapping(conn: &mut PgConnection, id: i64, mapping: &Mapping, options: &UploadOptions) -> Result<bool> {
    let done = sqlx::query!(
        "update uploads set mapping = $2, options = $3 where id = $1 and (mapping, options) is distinct from ($2, $3)",
        id,
        serde_json::to_value(mapping)?,
        serde_json::to_value(options)?
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes back what a dry run has found; nothing happens to an upload in another state.
pub async fn forget_check(conn: &mut PgConnection, id: i64) -> Result<()> {
    let ready = sqlx::query!(
        "update uploads set state = 'received', rows_read = 0, rows_created = 0, rows_updated = 0, rows_unchanged = 0, rows_rejected = 0,
             rows_duplicates = 0, records = '{}', profile = '{}', started_at = null, finished_at = null
         where id = $1 and state = 'ready'",
        id
    )
    .execute(&mut *conn)
    .await?;
    if ready.rows_affected() > 0 {
        sqlx::query!("delete from upload_rejects where upload_id = $1", id)
            .execute(conn)
            .await?;
    }
    Ok(())
}

pub async fn set_shape(
    conn: &mut PgConnection,
    id: i64,
    encoding: &str,
    delimiter: &str,
    columns: &[String],
) -> Result<()> {
    sqlx::query!(
        "update uploads set encoding = $2, delimiter = $3, columns = $4 where id = $1",
        id,
        encoding,
        delimiter,
        columns
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Hands an upload to a job.
pub async fn set_job(conn: &mut PgConnection, id: i64, job_id: i64) -> Result<()> {
    sqlx::query!("update uploads set job_id = $2, error = null where id = $1", id, job_id)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn set_running(pool: &PgPool, id: i64, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update uploads set state = 'running', started_at = $2, finished_at = null where id = $1",
        id,
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn set_failed(conn: &mut PgConnection, id: i64, error: &str) -> Result<()> {
    sqlx::query!(
        "update uploads set state = 'failed', error = $2, finished_at = now() where id = $1",
        id,
        error
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives the upload its place in the order of commits.
pub async fn draw_commit_seq(conn: &mut PgConnection, id: i64) -> Result<()> {
    let seq = sqlx::query_scalar!(
        "update counters set next = next + 1 where name = 'commit_seq' returning next - 1 as \"seq!\""
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!("update uploads set commit_seq = $2 where id = $1", id, seq)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn set_outcome(
    conn: &mut PgConnection,
    id: i64,
    state: UploadState,
    rows: RowCounts,
    records: &BTreeMap<String, RecordCounts>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update uploads set state = $2, rows_read = $3, rows_created = $4, rows_updated = $5, rows_unchanged = $6, rows_rejected = $7,
             rows_duplicates = $8, records = $9, finished_at = $10, error = null where id = $1",
        id,
        state.as_str(),
        rows.read,
        rows.created,
        rows.updated,
        rows.unchanged,
        rows.rejected,
        rows.duplicates,
        serde_json::to_value(records)?,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn set_undone(conn: &mut PgConnection, id: i64, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update uploads set state = 'undone', commit_seq = null, finished_at = $2 where id = $1",
        id,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// After the job of an import has failed or was cancelled.
pub async fn set_ended(pool: &PgPool, job_id: i64, state: UploadState, error: Option<&str>) -> Result<()> {
    sqlx::query!(
        "update uploads set state = $2, error = $3, finished_at = now() where job_id = $1 and state in ('received', 'running', 'ready')",
        job_id,
        state.as_str(),
        error
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Committed uploads of the same kind and name, but this one.
pub async fn same_name(conn: &mut PgConnection, upload: &Upload) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar!(
        "select id from uploads where kind = $1 and name = $2 and id <> $3 and state = 'committed' order by commit_seq",
        upload.kind.as_str(),
        upload.name,
        upload.id
    )
    .fetch_all(conn)
    .await?)
}

/// The version that a job has sealed and not yet published.
pub async fn unpublished_version(pool: &PgPool, job_id: i64) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar!(
        "select version from data_versions where job_id = $1 and published_at is null order by version desc limit 1",
        job_id
    )
    .fetch_optional(pool)
    .await?)
}

/// What the taken rows of a file hold of each field.
pub async fn set_profile(conn: &mut PgConnection, id: i64, profile: &Profile) -> Result<()> {
    sqlx::query!(
        "update uploads set profile = $2 where id = $1",
        id,
        serde_json::to_value(profile)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Files that nobody has gone on with.
pub async fn abandoned(pool: &PgPool, now: DateTime<Utc>, older_than: TimeDelta) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar!(
        "select id from uploads where state = 'received' and job_id is null and created_at < $1",
        now - older_than
    )
    .fetch_all(pool)
    .await?)
}

pub async fn delete(pool: &PgPool, id: i64) -> Result<()> {
    sqlx::query!(
        "delete from uploads where id = $1 and state = 'received' and job_id is null",
        id
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn mark_demo(pool: &PgPool, id: i64) -> Result<()> {
    sqlx::query!("update uploads set demo = true where id = $1", id)
        .execute(pool)
        .await?;
    Ok(())
}

/// Committed uploads of demo data, the last first: undone in this order they leave the least to fold again.
pub async fn demo_committed(db: impl PgExecutor<'_>) -> Result<Vec<i64>> {
    Ok(
        sqlx::query_scalar!("select id from uploads where demo and state = 'committed' order by commit_seq desc")
            .fetch_all(db)
            .await?,
    )
}

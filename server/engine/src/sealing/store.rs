//! The SQL of the catalogue.

use super::Stamp;
use crate::error::Result;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use warehouse::{FileRef, SealedFile};

pub async fn new_version(
    tx: &mut PgConnection,
    upload_id: Option<i64>,
    job_id: Option<i64>,
    reason: &str,
) -> Result<i64> {
    let version = sqlx::query_scalar!(
        r#"update counters set next = next + 1 where name = 'data_version' returning next - 1 as "version!""#
    )
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into data_versions (version, upload_id, job_id, reason) values ($1, $2, $3, $4)",
        version,
        upload_id,
        job_id,
        reason
    )
    .execute(tx)
    .await?;
    Ok(version)
}

/// The listed files of these parts end with the version before.
pub async fn close_files(tx: &mut PgConnection, table: &str, parts: &[i32], version: i64) -> Result<()> {
    sqlx::query!(
        "update sealed_files set to_version = $3 where table_name = $1 and part = any($2) and to_version is null",
        table,
        parts,
        version
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn insert_file(tx: &mut PgConnection, file: &SealedFile, from: i64, to: Option<i64>) -> Result<()> {
    sqlx::query!(
        "insert into sealed_files (table_name, part, path, rows, bytes, checksum, schema_version, from_version, to_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        file.table,
        file.part,
        file.path,
        file.rows as i64,
        file.bytes as i64,
        file.checksum,
        file.schema_version,
        from,
        to
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn is_published(pool: &PgPool, version: i64) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists(select 1 from data_versions where version = $1 and published_at is not null) as "known!""#,
        version
    )
    .fetch_one(pool)
    .await?)
}

/// False when somebody else has published it in the meantime.
pub async fn set_published(
    tx: &mut PgConnection,
    version: i64,
    data_as_of: Option<DateTime<Utc>>,
    customers: i64,
) -> Result<bool> {
    let done = sqlx::query!(
        "update data_versions set published_at = now(), data_as_of = $2, customers = $3 where version = $1 and published_at is null",
        version,
        data_as_of,
        customers
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn newest(pool: &PgPool) -> Result<Stamp> {
    let row = sqlx::query!(
        r#"select version, data_as_of, coalesce(customers, 0) as "customers!" from data_versions
           where published_at is not null order by version desc limit 1"#
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map_or_else(Stamp::default, |row| Stamp {
        version: row.version,
        data_as_of: row.data_as_of,
        customers: row.customers,
    }))
}

struct FileRow {
    table_name: String,
    part: i32,
    path: String,
    rows: i64,
    bytes: i64,
    checksum: String,
}

impl From<FileRow> for FileRef {
    fn from(row: FileRow) -> FileRef {
        FileRef {
            table: row.table_name,
            part: row.part,
            path: row.path,
            rows: row.rows.unsigned_abs(),
            bytes: row.bytes.unsigned_abs(),
            checksum: row.checksum,
        }
    }
}

pub async fn files_of(pool: &PgPool, version: i64) -> Result<Vec<FileRef>> {
    let rows = sqlx::query_as!(
        FileRow,
        "select table_name, part, path, rows, bytes, checksum from sealed_files
         where from_version <= $1 and (to_version is null or to_version > $1) order by table_name, part",
        version
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(FileRef::from).collect())
}

pub struct LiveFile {
    pub table_name: String,
    pub part: i32,
    pub path: String,
    pub checksum: String,
}

/// The files of the newest committed state of the tables, derived files not among them.
pub async fn live_files(tx: &mut PgConnection) -> Result<Vec<LiveFile>> {
    Ok(sqlx::query_as!(
        LiveFile,
        "select table_name, part, path, checksum from sealed_files where to_version is null order by table_name, part"
    )
    .fetch_all(tx)
    .await?)
}

/// Which file holds the order lines of each part, as the transaction sees it.
pub async fn line_files(tx: &mut PgConnection) -> Result<Vec<FileRef>> {
    let rows = sqlx::query_as!(
        FileRow,
        "select table_name, part, path, rows, bytes, checksum from sealed_files
         where table_name = 'order_lines' and to_version is null"
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(FileRef::from).collect())
}

pub async fn live_parts(tx: &mut PgConnection, table: &str) -> Result<Vec<i32>> {
    Ok(sqlx::query_scalar!(
        "select part from sealed_files where table_name = $1 and to_version is null",
        table
    )
    .fetch_all(tx)
    .await?)
}

/// The sealed files that the newest version or one after it holds.
pub async fn current_files(tx: &mut PgConnection) -> Result<Vec<FileRef>> {
    let rows = sqlx::query_as!(
        FileRow,
        "select table_name, part, path, rows, bytes, checksum from sealed_files
         where to_version is null
            or to_version > (select coalesce(max(version), 0) from data_versions where published_at is not null)
         order by table_name, part, id"
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(FileRef::from).collect())
}

/// Every sealed file that the catalogue lists.
pub async fn listed_files(tx: &mut PgConnection) -> Result<Vec<FileRef>> {
    let rows = sqlx::query_as!(
        FileRow,
        "select table_name, part, path, rows, bytes, checksum from sealed_files order by table_name, part, id"
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(FileRef::from).collect())
}

/// Path and checksum of the labels of every run that has a result.
pub async fn labels(tx: &mut PgConnection) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"select labels_path as "path!", coalesce(labels_checksum, '') as "checksum!" from segmentation_runs
           where labels_path is not null order by id"#
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.path, row.checksum)).collect())
}

/// What names this installation to others without telling its secret.
pub async fn installation_mark(pool: &PgPool) -> Result<String> {
    Ok(
        sqlx::query_scalar!(r#"select encode(sha256('bucket'::bytea || secret), 'hex') as "mark!" from installation"#)
            .fetch_one(pool)
            .await?,
    )
}

/// Every path that the catalogue or a run names.
pub async fn known_paths(pool: &PgPool) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"select path as "path!" from sealed_files union all select labels_path from segmentation_runs where labels_path is not null"#
    )
    .fetch_all(pool)
    .await?)
}

/// Files that no version newer than the newest published one holds, once that one has been published for an hour.
pub async fn superseded(pool: &PgPool) -> Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        "select f.id, f.path from sealed_files f
         where f.to_version is not null and exists (
             select 1 from data_versions v
             where v.version >= f.to_version and v.published_at < now() - interval '1 hour')"
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.path)).collect())
}

pub async fn forget_file(pool: &PgPool, id: i64) -> Result<()> {
    sqlx::query!("delete from sealed_files where id = $1", id)
        .execute(pool)
        .await?;
    Ok(())
}

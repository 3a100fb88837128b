//! The SQL of saved segments.

use crate::auth::Actor;
use crate::error::Result;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use types::segments::{NewSegment, SegmentName, SegmentSize};

pub struct SegmentRow {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub folder: String,
    pub colour: String,
    pub rule: Option<Value>,
    pub owner: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub listed: i64,
}

pub async fn find(pool: &PgPool, id: i64) -> Result<Option<SegmentRow>> {
    Ok(sqlx::query_as!(
        SegmentRow,
        r#"select id, name, description, folder, colour, rule, owner, created_at, updated_at,
                  (select count(*) from segment_members m where m.segment_id = s.id) as "listed!"
           from segments s where id = $1"#,
        id
    )
    .fetch_optional(pool)
    .await?)
}

pub async fn find_all(pool: &PgPool, ids: &[i64]) -> Result<Vec<SegmentRow>> {
    Ok(sqlx::query_as!(
        SegmentRow,
        r#"select id, name, description, folder, colour, rule, owner, created_at, updated_at, 0::bigint as "listed!"
           from segments where id = any($1)"#,
        ids
    )
    .fetch_all(pool)
    .await?)
}

pub async fn list(pool: &PgPool, before: Option<i64>, limit: i64) -> Result<Vec<SegmentRow>> {
    Ok(sqlx::query_as!(
        SegmentRow,
        r#"select id, name, description, folder, colour, rule, owner, created_at, updated_at,
                  (select count(*) from segment_members m where m.segment_id = s.id) as "listed!"
           from segments s where $1::bigint is null or id < $1 order by id desc limit $2"#,
        before,
        limit
    )
    .fetch_all(pool)
    .await?)
}

pub async fn insert(tx: &mut PgConnection, new: &NewSegment, rule: Option<&Value>, actor: &Actor) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        "insert into segments (name, description, folder, colour, rule, person_id, owner) values ($1, $2, $3, $4, $5, $6, $7) returning id",
        new.name,
        new.description,
        new.folder,
        new.colour,
        rule.cloned(),
        actor.person_id,
        actor.name
    )
    .fetch_one(tx)
    .await?)
}

/// False when there is no such segment. The moment of the change always moves on, because it stands for the content.
pub async fn update(tx: &mut PgConnection, id: i64, new: &NewSegment, rule: Option<&Value>) -> Result<bool> {
    let done = sqlx::query!(
        "update segments set name = $2, description = $3, folder = $4, colour = $5, rule = $6,
             updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond') where id = $1",
        id,
        new.name,
        new.description,
        new.folder,
        new.colour,
        rule.cloned()
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn delete(tx: &mut PgConnection, id: i64) -> Result<bool> {
    let done = sqlx::query!("delete from segments where id = $1", id)
        .execute(tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The members of a list become exactly these.
pub async fn set_members(tx: &mut PgConnection, id: i64, members: &[String]) -> Result<()> {
    sqlx::query!("delete from segment_members where segment_id = $1", id)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        "insert into segment_members (segment_id, external_id) select $1::bigint, unnest($2::text[]) on conflict do nothing",
        id,
        members
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_links(tx: &mut PgConnection, id: i64, uses: &[i64]) -> Result<()> {
    sqlx::query!("delete from segment_links where segment_id = $1", id)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        "insert into segment_links (segment_id, uses_id) select $1::bigint, unnest($2::bigint[])",
        id,
        uses
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Segments whose rules name this one.
pub async fn used_by(tx: &mut PgConnection, id: i64) -> Result<Vec<SegmentName>> {
    Ok(sqlx::query_as!(
        SegmentName,
        "select s.id, s.name from segment_links l join segments s on s.id = l.segment_id where l.uses_id = $1 order by s.id",
        id
    )
    .fetch_all(tx)
    .await?)
}

/// What a list names.
pub async fn listed_ids(pool: &PgPool, id: i64) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "select external_id from segment_members where segment_id = $1 order by external_id",
        id
    )
    .fetch_all(pool)
    .await?)
}

/// Customers whom a list names, by number.
pub async fn list_numbers(pool: &PgPool, id: i64) -> Result<Vec<i32>> {
    Ok(sqlx::query_scalar!(
        r#"select i.customer_no as "number!" from segment_members m
           join customer_ids i on i.source = '' and i.external_id = m.external_id where m.segment_id = $1
           union
           select i.customer_no from segment_members m
           join customer_ids i on i.source = split_part(m.external_id, ':', 1)
                and i.external_id = substr(m.external_id, strpos(m.external_id, ':') + 1)
           where m.segment_id = $1 and strpos(m.external_id, ':') > 1"#,
        id
    )
    .fetch_all(pool)
    .await?)
}

pub async fn keep_size(pool: &PgPool, id: i64, size: SegmentSize) -> Result<()> {
    sqlx::query!(
        "insert into segment_sizes (segment_id, data_version, size, customers)
         select id, $2::bigint, $3::bigint, $4::bigint from segments where id = $1
         on conflict (segment_id, data_version) do update set size = excluded.size, customers = excluded.customers",
        id,
        size.data_version,
        size.size,
        size.customers
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn sizes(pool: &PgPool, id: i64) -> Result<Vec<SegmentSize>> {
    Ok(sqlx::query_as!(
        SegmentSize,
        "select data_version, size, customers from segment_sizes where segment_id = $1 order by data_version",
        id
    )
    .fetch_all(pool)
    .await?)
}

/// The sizes in one version that are known already.
pub async fn sizes_in(pool: &PgPool, version: i64) -> Result<Vec<(i64, SegmentSize)>> {
    let rows = sqlx::query!(
        "select segment_id, data_version, size, customers from segment_sizes where data_version = $1",
        version
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let size = SegmentSize {
                data_version: row.data_version,
                size: row.size,
                customers: row.customers,
            };
            (row.segment_id, size)
        })
        .collect())
}

pub async fn all_ids(pool: &PgPool) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar!("select id from segments order by id")
        .fetch_all(pool)
        .await?)
}

pub async fn all_names(pool: &PgPool) -> Result<Vec<(i64, String)>> {
    let rows = sqlx::query!("select id, name from segments order by lower(name), id")
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

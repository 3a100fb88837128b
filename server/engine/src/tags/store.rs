//! The SQL of tags.

use crate::auth::Actor;
use crate::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use types::tags::{NewTag, TagSizes, TagValue, TaggedId, tag_key};

pub struct TagRow {
    pub id: i64,
    pub key: String,
    pub name: String,
    pub description: String,
    pub folder: String,
    pub kind: String,
    pub definition: Value,
    pub expires_on: Option<NaiveDate>,
    pub owner: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub listed: i64,
}

pub async fn find(pool: &PgPool, id: i64) -> Result<Option<TagRow>> {
    Ok(sqlx::query_as!(
        TagRow,
        r#"select id, key, name, description, folder, kind, definition, expires_on, owner, created_at, updated_at, last_used_at,
                  (select count(*) from tag_members m where m.tag_id = t.id) as "listed!"
           from tags t where id = $1"#,
        id
    )
    .fetch_optional(pool)
    .await?)
}

/// Tags by the keys of their names.
pub async fn find_named(pool: &PgPool, keys: &[String]) -> Result<Vec<TagRow>> {
    Ok(sqlx::query_as!(
        TagRow,
        r#"select id, key, name, description, folder, kind, definition, expires_on, owner, created_at, updated_at, last_used_at,
                  0::bigint as "listed!"
           from tags where key = any($1)"#,
        keys
    )
    .fetch_all(pool)
    .await?)
}

pub async fn list(pool: &PgPool, before: Option<i64>, limit: i64) -> Result<Vec<TagRow>> {
    Ok(sqlx::query_as!(
        TagRow,
        r#"select id, key, name, description, folder, kind, definition, expires_on, owner, created_at, updated_at, last_used_at,
                  (select count(*) from tag_members m where m.tag_id = t.id) as "listed!"
           from tags t where $1::bigint is null or id < $1 order by id desc limit $2"#,
        before,
        limit
    )
    .fetch_all(pool)
    .await?)
}

/// `None` when another tag has the name already.
pub async fn insert(tx: &mut PgConnection, new: &NewTag, definition: &Value, actor: &Actor) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar!(
        "insert into tags (key, name, description, folder, kind, definition, expires_on, person_id, owner)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (key) do nothing returning id",
        tag_key(&new.name),
        new.name,
        new.description,
        new.folder,
        new.kind.as_str(),
        definition,
        new.expires_on,
        actor.person_id,
        actor.name
    )
    .fetch_optional(tx)
    .await?)
}

pub async fn name_is_taken(tx: &mut PgConnection, id: i64, name: &str) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from tags where key = $2 and id <> $1) as "taken!""#,
        id,
        tag_key(name)
    )
    .fetch_one(tx)
    .await?)
}

/// False when there is no such tag. The moment of the change always moves on, because it stands for the content.
pub async fn update(tx: &mut PgConnection, id: i64, new: &NewTag, definition: &Value) -> Result<bool> {
    let done = sqlx::query!(
        "update tags set key = $2, name = $3, description = $4, folder = $5, kind = $6, definition = $7, expires_on = $8,
             updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond') where id = $1",
        id,
        tag_key(&new.name),
        new.name,
        new.description,
        new.folder,
        new.kind.as_str(),
        definition,
        new.expires_on
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The ids have changed.
pub async fn moved_on(tx: &mut PgConnection, id: i64) -> Result<()> {
    sqlx::query!(
        "update tags set updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond') where id = $1",
        id
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn delete(tx: &mut PgConnection, id: i64) -> Result<bool> {
    let done = sqlx::query!("delete from tags where id = $1", id).execute(tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody asked for these tags. Written once an hour at most, so that a keystroke costs no write.
pub async fn used(pool: &PgPool, ids: &[i64], now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update tags set last_used_at = $2
         where id = any($1) and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 hour')",
        ids,
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes all ids of a tag away.
pub async fn clear_members(tx: &mut PgConnection, id: i64) -> Result<()> {
    sqlx::query!("delete from tag_members where tag_id = $1", id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives ids their values; an id without one loses the tag.
pub async fn give_members(tx: &mut PgConnection, id: i64, given: &[TaggedId]) -> Result<()> {
    let lost: Vec<String> = given
        .iter()
        .filter(|of| of.value.is_empty())
        .map(|of| of.id.clone())
        .collect();
    sqlx::query!(
        "delete from tag_members where tag_id = $1 and external_id = any($2)",
        id,
        &lost
    )
    .execute(&mut *tx)
    .await?;
    let kept = || given.iter().filter(|of| !of.value.is_empty());
    let ids: Vec<String> = kept().map(|of| of.id.clone()).collect();
    let values: Vec<String> = kept().map(|of| of.value.clone()).collect();
    sqlx::query!(
        "insert into tag_members (tag_id, external_id, value)
         select $1::bigint, of.id, of.value from unnest($2::text[], $3::text[]) with ordinality of (id, value, place) order by of.place
         on conflict (tag_id, external_id) do update set value = excluded.value, given = default",
        id,
        &ids,
        &values
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Different values that the ids of a tag have, and how many ids there are.
pub async fn members_shape(tx: &mut PgConnection, id: i64) -> Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select count(distinct value) as "values!", count(*) as "ids!" from tag_members where tag_id = $1"#,
        id
    )
    .fetch_one(tx)
    .await?;
    Ok((row.values, row.ids))
}

/// Customers of an uploaded tag with their value. Of several ids of one customer the one given last decides.
pub async fn tagged_numbers(pool: &PgPool, id: i64) -> Result<Vec<(i32, String)>> {
    let rows = sqlx::query!(
        r#"select distinct on (f.customer_no) f.customer_no as "customer_no!", f.value as "value!" from (
               select i.customer_no, m.value, m.given from tag_members m
               join customer_ids i on i.source = '' and i.external_id = m.external_id where m.tag_id = $1
               union all
               select i.customer_no, m.value, m.given from tag_members m
               join customer_ids i on i.source = split_part(m.external_id, ':', 1)
                    and i.external_id = substr(m.external_id, strpos(m.external_id, ':') + 1)
               where m.tag_id = $1 and strpos(m.external_id, ':') > 1
           ) f order by f.customer_no, f.given desc"#,
        id
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.customer_no, row.value)).collect())
}

/// Not when the tag has changed since it was read.
pub async fn keep_sizes(pool: &PgPool, row: &TagRow, sizes: &TagSizes) -> Result<()> {
    sqlx::query!(
        "insert into tag_sizes (tag_id, data_version, covered, customers, sizes)
         select id, $2, $3, $4, $5 from tags where id = $1 and updated_at = $6 on conflict (tag_id, data_version) do nothing",
        row.id,
        sizes.data_version,
        sizes.covered,
        sizes.customers,
        serde_json::to_value(&sizes.values)?,
        row.updated_at
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The sizes of a tag over the versions of the data, oldest first.
pub async fn sizes(pool: &PgPool, id: i64) -> Result<Vec<TagSizes>> {
    let rows = sqlx::query!(
        r#"select s.data_version, v.data_as_of as "data_as_of?", s.covered, s.customers, s.sizes
           from tag_sizes s join data_versions v on v.version = s.data_version where s.tag_id = $1 order by s.data_version"#,
        id
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TagSizes {
                data_version: row.data_version,
                data_as_of: row.data_as_of,
                covered: row.covered,
                customers: row.customers,
                values: serde_json::from_value::<Vec<TagValue>>(row.sizes)?,
            })
        })
        .collect()
}

/// What is known of one version already.
pub async fn sizes_in(pool: &PgPool, version: i64) -> Result<Vec<(i64, TagSizes)>> {
    let rows = sqlx::query!(
        "select tag_id, data_version, covered, customers, sizes from tag_sizes where data_version = $1",
        version
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let sizes = TagSizes {
                data_version: row.data_version,
                data_as_of: None,
                covered: row.covered,
                customers: row.customers,
                values: serde_json::from_value::<Vec<TagValue>>(row.sizes)?,
            };
            Ok((row.tag_id, sizes))
        })
        .collect()
}

pub async fn all(pool: &PgPool) -> Result<Vec<TagRow>> {
    Ok(sqlx::query_as!(
        TagRow,
        r#"select id, key, name, description, folder, kind, definition, expires_on, owner, created_at, updated_at, last_used_at,
                  0::bigint as "listed!"
           from tags order by id"#
    )
    .fetch_all(pool)
    .await?)
}

/// Tags that follow the run of a method that counts.
pub async fn following(tx: &mut PgConnection, method: &str) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar!(
        "select id from tags where kind = 'model' and definition ->> 'method' = $1",
        method
    )
    .fetch_all(tx)
    .await?)
}

//! What undos would do, as far as somebody has looked.

use crate::error::Result;
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
use types::uploads::UndoCounts;

/// The newest version of the data, published or not; 0 before the first.
pub async fn newest_version(conn: &mut PgConnection) -> Result<i64> {
    Ok(
        sqlx::query_scalar!(r#"select coalesce(max(version), 0) as "version!" from data_versions"#)
            .fetch_one(conn)
            .await?,
    )
}

pub async fn keep_effect(
    conn: &mut PgConnection,
    upload_id: i64,
    version: i64,
    counts: &BTreeMap<String, UndoCounts>,
) -> Result<()> {
    sqlx::query!(
        "insert into undo_effects (upload_id, data_version, counts) values ($1, $2, $3)
         on conflict (upload_id) do update set data_version = excluded.data_version, counts = excluded.counts, looked_at = now()",
        upload_id,
        version,
        serde_json::to_value(counts)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was found, if it is still true: the data is the same, and lists of people, which keep customers alive, have hardly changed since.
pub async fn effect(pool: &PgPool, upload_id: i64) -> Result<Option<BTreeMap<String, UndoCounts>>> {
    let counts = sqlx::query_scalar!(
        "select counts from undo_effects where upload_id = $1 and looked_at > now() - interval '1 hour'
           and data_version = (select coalesce(max(version), 0) from data_versions)",
        upload_id
    )
    .fetch_optional(pool)
    .await?;
    Ok(counts.map(serde_json::from_value).transpose()?)
}

/// The newest job that looked for something.
pub async fn newest_look(pool: &PgPool, key: &str) -> Result<Option<i64>> {
    Ok(
        sqlx::query_scalar!("select max(id) from jobs where dedup_key = $1", key)
            .fetch_one(pool)
            .await?,
    )
}

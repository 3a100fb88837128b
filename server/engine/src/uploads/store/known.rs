//! What is known before a file is merged: the mapping of an earlier file with the same header, and groups that would get other rows.

use crate::error::Result;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use types::uploads::{Mapping, UploadKind, UploadOptions};
use uuid::Uuid;

pub async fn save_mapping(
    conn: &mut PgConnection,
    kind: UploadKind,
    header: &[u8],
    mapping: &Mapping,
    options: &UploadOptions,
) -> Result<()> {
    sqlx::query!(
        "insert into saved_mappings (kind, header_hash, mapping, options) values ($1, $2, $3, $4)
         on conflict (kind, header_hash) do update set mapping = excluded.mapping, options = excluded.options, used_at = now()",
        kind.as_str(),
        header,
        serde_json::to_value(mapping)?,
        serde_json::to_value(options)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was committed for a file with the same header.
pub struct SavedMapping {
    pub mapping: Mapping,
    pub options: UploadOptions,
    pub used_at: DateTime<Utc>,
}

pub async fn saved_mapping(pool: &PgPool, kind: UploadKind, header: &[u8]) -> Result<Option<SavedMapping>> {
    let found = sqlx::query!(
        "select mapping, options, used_at from saved_mappings where kind = $1 and header_hash = $2",
        kind.as_str(),
        header
    )
    .fetch_optional(pool)
    .await?;
    found
        .map(|row| {
            Ok(SavedMapping {
                mapping: serde_json::from_value(row.mapping)?,
                options: serde_json::from_value(row.options)?,
                used_at: row.used_at,
            })
        })
        .transpose()
}

/// How many of the orders have lines and would get others beside them. Row by row of the file: order and key.
pub async fn differing_orders(pool: &PgPool, orders: &[String], keys: &[Uuid]) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(distinct k.order_id) as "count!" from unnest($1::text[], $2::uuid[]) k (order_id, row_key)
           where exists (select from order_lines l where l.order_id = k.order_id and l.upload_id is not null)
             and not exists (select from order_lines l where l.order_id = k.order_id and l.row_key = k.row_key)
             and not exists (select from order_lines_history h where h.order_id = k.order_id and h.row_key = k.row_key)"#,
        orders,
        keys
    )
    .fetch_one(pool)
    .await?)
}

/// The same for the costs of campaign days; days count from 2000-01-01.
pub async fn differing_costs(pool: &PgPool, campaigns: &[String], days: &[i32], keys: &[Uuid]) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(distinct (k.campaign_id, k.day)) as "count!"
           from unnest($1::text[], $2::integer[], $3::uuid[]) k (campaign_id, day, row_key)
           where exists (select from campaign_costs c where c.campaign_id = k.campaign_id and c.day = date '2000-01-01' + k.day)
             and not exists (select from campaign_costs c where c.row_key = k.row_key)
             and not exists (select from campaign_costs_history h where h.row_key = k.row_key)"#,
        campaigns,
        days,
        keys
    )
    .fetch_one(pool)
    .await?)
}

/// The same for the payments of orders.
pub async fn differing_payments(pool: &PgPool, orders: &[String], keys: &[Uuid]) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(distinct k.order_id) as "count!" from unnest($1::text[], $2::uuid[]) k (order_id, row_key)
           where exists (select from payments p where p.order_id = k.order_id)
             and not exists (select from payments p where p.row_key = k.row_key)
             and not exists (select from payments_history h where h.row_key = k.row_key)"#,
        orders,
        keys
    )
    .fetch_one(pool)
    .await?)
}

//! Rejected rows as they are stored, and the header that they belong to.

use crate::error::Result;
use sqlx::PgPool;
use types::uploads::RejectedRow;

pub async fn columns(pool: &PgPool, id: i64) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!("select columns from uploads where id = $1", id)
        .fetch_optional(pool)
        .await?
        .unwrap_or_default())
}

/// Rejected rows after a row of the file.
pub async fn rejects(pool: &PgPool, id: i64, after: i64, limit: i64) -> Result<Vec<RejectedRow>> {
    let rows = sqlx::query!(
        "select row_no, field, reason, cells from upload_rejects where upload_id = $1 and row_no > $2 order by row_no limit $3",
        id,
        after,
        limit
    )
    .fetch_all(pool)
    .await?;
    let stored = rows.into_iter().map(|row| {
        let faults = serde_json::from_str(&row.reason).ok();
        RejectedRow::stored(row.row_no, row.field, row.reason, row.cells, faults)
    });
    Ok(stored.collect())
}

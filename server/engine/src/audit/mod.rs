//! What was changed and what left the product, by whom. Rows are written in the transaction of the change and never altered.

use crate::Engine;
use crate::auth::Actor;
use crate::error::Result;
use sqlx::PgConnection;
use types::auth::{AuditEntry, Right};
use types::problems::Page;

/// Adds a row. `action` is a noun and a verb, such as `upload.commit`; `object` says what it was done to, such as `upload 7`.
/// No personal data belongs into `detail`.
pub async fn record(
    conn: &mut PgConnection,
    actor: &Actor,
    action: &str,
    object: &str,
    detail: serde_json::Value,
) -> Result<()> {
    sqlx::query!(
        "insert into audit (person_id, actor, action, object, detail) values ($1, $2, $3, $4, $5)",
        actor.person_id,
        actor.name,
        action,
        object,
        detail
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest rows, or those before an id.
pub async fn list(engine: &Engine, actor: &Actor, before: Option<i64>, limit: i64) -> Result<Page<AuditEntry>> {
    actor.require(Right::Administer)?;
    let limit = limit.clamp(1, 500);
    let mut items = sqlx::query_as!(
        AuditEntry,
        "select id, at, actor, action, object, detail from audit
         where $1::bigint is null or id < $1 order by id desc limit $2",
        before,
        limit + 1
    )
    .fetch_all(engine.pool())
    .await?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = if more {
        items.last().map(|entry| entry.id.to_string())
    } else {
        None
    };
    Ok(Page { items, next })
}

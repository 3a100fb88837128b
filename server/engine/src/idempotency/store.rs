//! The SQL of idempotency keys.

use crate::error::Result;
use serde_json::Value;
use sqlx::PgPool;

pub struct Row {
    pub fingerprint: Vec<u8>,
    pub status: Option<i16>,
    pub headers: Option<Value>,
    pub body: Option<Vec<u8>>,
}

/// True when the key is ours: it was free, or whoever held it for the same request is dead.
pub async fn take(pool: &PgPool, actor: &str, key: &str, fingerprint: &[u8], hold_seconds: f64) -> Result<bool> {
    let done = sqlx::query!(
        "insert into idempotency (actor, key, fingerprint, held_until)
         values ($1, $2, $3, now() + make_interval(secs => $4))
         on conflict (actor, key) do update set held_until = excluded.held_until
         where idempotency.status is null and idempotency.held_until < now() and idempotency.fingerprint = excluded.fingerprint",
        actor,
        key,
        fingerprint,
        hold_seconds
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn find(pool: &PgPool, actor: &str, key: &str) -> Result<Option<Row>> {
    Ok(sqlx::query_as!(
        Row,
        "select fingerprint, status, headers, body from idempotency where actor = $1 and key = $2",
        actor,
        key
    )
    .fetch_optional(pool)
    .await?)
}

pub async fn renew(pool: &PgPool, actor: &str, key: &str, hold_seconds: f64) -> Result<()> {
    sqlx::query!(
        "update idempotency set held_until = now() + make_interval(secs => $3) where actor = $1 and key = $2 and status is null",
        actor,
        key,
        hold_seconds
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn keep(pool: &PgPool, actor: &str, key: &str, status: u16, headers: Value, body: &[u8]) -> Result<()> {
    sqlx::query!(
        "update idempotency set status = $3, headers = $4, body = $5 where actor = $1 and key = $2",
        actor,
        key,
        i16::try_from(status).unwrap_or(500),
        headers,
        body
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn remove(pool: &PgPool, actor: &str, key: &str) -> Result<()> {
    sqlx::query!(
        "delete from idempotency where actor = $1 and key = $2 and status is null",
        actor,
        key
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn forget_old(pool: &PgPool) -> Result<()> {
    sqlx::query!("delete from idempotency where created_at < now() - interval '24 hours'")
        .execute(pool)
        .await?;
    Ok(())
}

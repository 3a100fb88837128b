//! Browser sessions in PostgreSQL, for the session layer. The cookie's value is stored as a hash only.

use crate::Engine;
use async_trait::async_trait;
use sqlx::types::chrono::{DateTime, Utc};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

/// Where a signed-in person's id stands in the session's data.
const PERSON_KEY: &str = "person_id";

#[derive(Clone)]
pub struct PgSessions {
    engine: Engine,
}

impl PgSessions {
    pub fn new(engine: Engine) -> PgSessions {
        PgSessions { engine }
    }
}

impl std::fmt::Debug for PgSessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PgSessions")
    }
}

#[async_trait]
impl SessionStore for PgSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let done = sqlx::query!(
                "insert into sessions (id_hash, person_id, data, expires_at) values ($1, $2, $3, $4) on conflict do nothing",
                &key(&record.id)[..],
                person_id(record),
                data(record)?,
                expiry(record)?
            )
            .execute(self.engine.pool())
            .await
            .map_err(backend)?;
            if done.rows_affected() == 1 {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        sqlx::query!(
            "insert into sessions (id_hash, person_id, data, expires_at) values ($1, $2, $3, $4)
             on conflict (id_hash) do update set person_id = excluded.person_id, data = excluded.data, expires_at = excluded.expires_at",
            &key(&record.id)[..],
            person_id(record),
            data(record)?,
            expiry(record)?
        )
        .execute(self.engine.pool())
        .await
        .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = sqlx::query!(
            "select data, expires_at from sessions where id_hash = $1 and expires_at > now()",
            &key(id)[..]
        )
        .fetch_optional(self.engine.pool())
        .await
        .map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let data = serde_json::from_value(row.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sqlx::query!(
            "delete from sessions where id_hash = $1 or expires_at < now()",
            &key(id)[..]
        )
        .execute(self.engine.pool())
        .await
        .map_err(backend)?;
        Ok(())
    }
}

fn key(id: &Id) -> [u8; 32] {
    super::sha256(id.to_string().as_bytes())
}

fn person_id(record: &Record) -> Option<i64> {
    record.data.get(PERSON_KEY).and_then(serde_json::Value::as_i64)
}

fn data(record: &Record) -> Result<serde_json::Value> {
    serde_json::to_value(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn expiry(record: &Record) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0)
        .ok_or_else(|| Error::Encode("the session expires at no date that can be stored".into()))
}

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}

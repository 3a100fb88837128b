//! Connections to PostgreSQL and the only door for SQL text that is put together at run time.

use crate::error::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool};
use std::str::FromStr;
use std::time::Duration;

/// Connects to a server of somebody else's.
pub async fn connect(url: &str) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| Error::Unavailable("DATABASE_URL is not the address of a PostgreSQL server.".into()))?;
    connect_with(options).await
}

pub async fn connect_with(options: PgConnectOptions) -> Result<PgPool> {
    let options = options.application_name("silhouette").options([("jit", "off")]);
    let pool = PgPoolOptions::new()
        .max_connections(24)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await
        .map_err(|error| Error::Unavailable(format!("The database does not answer: {error}.")))?;
    Ok(pool)
}

pub async fn migrate(pool: &PgPool) -> Result<()> {
    crate::MIGRATOR.run(pool).await.map_err(|error| {
        Error::Unavailable(format!(
            "The tables of this database cannot be brought up to date: {error}."
        ))
    })
}

/// Marks SQL text as safe. Only for text made from our own descriptions of our own tables; values are bound or sent through COPY.
pub fn dynamic(text: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(text)
}

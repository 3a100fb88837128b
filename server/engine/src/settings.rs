//! The installation's own row: its secret, its time zone once data has been committed, and what pages show of the settings.

use crate::auth::Actor;
use crate::config::EngineConfig;
use crate::error::{Error, Result};
use crate::{Engine, auth};
use sqlx::{PgConnection, PgPool};
use types::auth::Right;

/// Makes the installation's row at the first start and takes over the zone that an earlier commit fixed.
pub(crate) async fn open_installation(pool: &PgPool, config: &mut EngineConfig) -> Result<()> {
    let secret = auth::random_bytes();
    sqlx::query!(
        "insert into installation (secret) values ($1) on conflict (only_row) do nothing",
        &secret[..]
    )
    .execute(pool)
    .await?;
    let zone = sqlx::query_scalar!("select time_zone from installation")
        .fetch_one(pool)
        .await?;
    if let Some(zone) = zone {
        let fixed = zone
            .parse()
            .map_err(|_| Error::Unavailable(format!("The time zone of this installation, {zone}, is not known.")))?;
        if fixed != config.time_zone {
            tracing::warn!(fixed = %zone, "the time zone was fixed at the first commit of data; the setting is not used");
        }
        config.time_zone = fixed;
    }
    Ok(())
}

/// Fixes the time zone; called inside each commit of data, does something at the first only.
pub async fn fix_time_zone(tx: &mut PgConnection, config: &EngineConfig) -> Result<()> {
    sqlx::query!(
        "update installation set time_zone = $1, zone_fixed_at = now() where zone_fixed_at is null",
        config.time_zone.name()
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What the settings page and the API show.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Settings {
    pub currency: String,
    pub time_zone: String,
    /// The zone can no longer change, because facts have been read in it.
    pub time_zone_fixed: bool,
    pub return_window_days: i64,
    pub version: &'static str,
}

pub async fn get_settings(engine: &Engine, actor: &Actor) -> Result<Settings> {
    actor.require(Right::See)?;
    let fixed = sqlx::query_scalar!(r#"select zone_fixed_at is not null as "fixed!" from installation"#)
        .fetch_one(engine.pool())
        .await?;
    Ok(Settings {
        currency: engine.config().currency.clone(),
        time_zone: engine.config().time_zone.name().to_owned(),
        time_zone_fixed: fixed,
        return_window_days: 30,
        version: engine.config().code_version(),
    })
}

/// Whether demo data was loaded into this installation, or decided against.
pub async fn is_demo_loaded(engine: &Engine) -> Result<bool> {
    Ok(
        sqlx::query_scalar!(r#"select demo_loaded_at is not null as "loaded!" from installation"#)
            .fetch_one(engine.pool())
            .await?,
    )
}

/// Demo data is loaded once in the life of an installation.
pub async fn mark_demo_loaded(engine: &Engine) -> Result<()> {
    sqlx::query!("update installation set demo_loaded_at = now() where demo_loaded_at is null")
        .execute(engine.pool())
        .await?;
    Ok(())
}

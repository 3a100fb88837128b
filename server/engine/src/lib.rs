//! Everything the product does, for a person with rights: PostgreSQL, files, clock, jobs, and one folder per feature.
//!
//! Invariants: the only ring with PostgreSQL SQL; each public service takes the acting person and checks the right there; each change is
//! audited in its transaction. It must not know about HTTP, HTML or Arrow.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a failing test says where"))]

pub(crate) mod answers;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod campaigns;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod db;
pub mod error;
pub mod idempotency;
pub mod overview;
pub mod portraits;
pub mod queue;
pub mod reports;
pub mod sealing;
pub mod segments;
pub mod settings;
pub mod tags;
#[cfg(test)]
pub mod testing;
pub mod uploads;
pub mod webhooks;

pub use config::EngineConfig;
pub use error::{Error, Result};

use crate::clock::{Clock, SystemClock};
use crate::cluster::PrivateCluster;
use sqlx::PgPool;
use std::sync::Arc;

/// Forward-only migrations, embedded in the binary.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// The running installation: one per process, cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    config: EngineConfig,
    pool: PgPool,
    clock: Box<dyn Clock>,
    warehouse: warehouse::Warehouse,
    snapshots: sealing::SnapshotCache,
    answers: answers::Answers,
    cluster: std::sync::Mutex<Option<PrivateCluster>>,
    presence: tokio::sync::Mutex<Option<sealing::Presence>>,
}

impl Engine {
    /// Starts the private cluster when no server is given, connects, migrates, and clears what a crash left behind.
    pub async fn open(config: EngineConfig) -> Result<Engine> {
        Engine::open_with_clock(config, Box::new(SystemClock)).await
    }

    /// As [`Engine::open`], with a clock of the caller's: tests move time by hand.
    pub async fn open_with_clock(mut config: EngineConfig, clock: Box<dyn Clock>) -> Result<Engine> {
        config.make_folders()?;
        let cluster = match &config.database_url {
            Some(_) => None,
            None => Some(PrivateCluster::start(&config.data_dir).await?),
        };
        let pool = match (&config.database_url, &cluster) {
            (Some(url), _) => db::connect(url).await?,
            (None, Some(cluster)) => db::connect_with(cluster.connect_options()).await?,
            (None, None) => return Err(Error::Unavailable("There is no database to connect to.".into())),
        };
        db::migrate(&pool).await?;
        settings::open_installation(&pool, &mut config).await?;
        let bucket = match sealing::bucket::open(&pool, config.bucket.as_ref()).await {
            Ok(bucket) => bucket,
            Err(error) => {
                pool.close().await;
                if let Some(cluster) = cluster {
                    cluster.leave().await;
                }
                return Err(error);
            }
        };
        let warehouse = warehouse::Warehouse::new(config.warehouse_config(bucket))?;
        let engine = Engine {
            inner: Arc::new(Inner {
                config,
                pool,
                clock,
                warehouse,
                snapshots: sealing::SnapshotCache::default(),
                answers: answers::Answers::default(),
                cluster: std::sync::Mutex::new(cluster),
                presence: tokio::sync::Mutex::new(None),
            }),
        };
        let presence = sealing::Presence::enter(&engine).await?;
        *engine.inner.presence.lock().await = Some(presence);
        Ok(engine)
    }

    pub fn pool(&self) -> &PgPool {
        &self.inner.pool
    }

    pub fn config(&self) -> &EngineConfig {
        &self.inner.config
    }

    pub fn clock(&self) -> &dyn Clock {
        self.inner.clock.as_ref()
    }

    pub fn warehouse(&self) -> &warehouse::Warehouse {
        &self.inner.warehouse
    }

    /// The newest published version of the data, ready to be asked.
    pub async fn snapshot(&self) -> Result<Arc<warehouse::Snapshot>> {
        self.inner.snapshots.newest(self).await
    }

    pub(crate) fn answers(&self) -> &answers::Answers {
        &self.inner.answers
    }

    /// Closes the connections and, when this process was the last user of a private cluster, stops it.
    pub async fn close(self) {
        if let Some(presence) = self.inner.presence.lock().await.take() {
            presence.leave().await;
        }
        self.inner.pool.close().await;
        let cluster = self.inner.cluster.lock().ok().and_then(|mut held| held.take());
        if let Some(cluster) = cluster {
            cluster.leave().await;
        }
    }

    /// Whether PostgreSQL answers.
    pub async fn is_ready(&self) -> bool {
        sqlx::query_scalar!(r#"select 1 as "one!""#)
            .fetch_one(self.pool())
            .await
            .is_ok()
    }
}

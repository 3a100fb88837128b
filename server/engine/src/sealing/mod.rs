//! From committed rows to sealed files to a published version, and the newest version for whoever asks.
//!
//! A sealed file is a pure function of PostgreSQL, so it can be compared and made anew at any time. This folder alone writes the catalogue
//! (`sealed_files`, `data_versions`); it knows nothing of what the rows mean.

pub(crate) mod bucket;
mod cache;
mod clean;
mod copy;
pub mod jobs;
mod store;
mod verify;

pub use cache::SnapshotCache;
pub(crate) use clean::Presence;
pub use verify::{VerifyReport, verify};

use crate::Engine;
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::queue::JobContext;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use types::auth::Right;
use warehouse::SnapshotSpec;
use warehouse::bucket::Shelf;
use warehouse::schema::{TABLES, Table};

/// Orders merges: whoever changes data holds it until the end of the transaction.
const MERGE_LOCK: i64 = 0x0053_494c_484f_0001;

/// Table → parts that rows left or entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched(pub BTreeMap<&'static str, BTreeSet<i32>>);

impl Touched {
    pub fn add(&mut self, table: &'static str, part: i32) {
        self.0.entry(table).or_default().insert(part);
    }

    pub fn is_empty(&self) -> bool {
        self.0.values().all(BTreeSet::is_empty)
    }

    fn parts(&self) -> i64 {
        self.0.values().map(|parts| parts.len() as i64).sum()
    }
}

/// Waits for its turn to change data. Held until the transaction ends.
pub async fn lock_merges(tx: &mut PgConnection) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock($1)", MERGE_LOCK)
        .execute(tx)
        .await?;
    Ok(())
}

/// Seals what changed, inside the transaction that changed it and under the merge lock; the number of the new version.
///
/// The files are complete where sealed files are kept before the commit. A rollback leaves files that nobody lists; the next start removes them.
pub async fn seal(
    ctx: &JobContext,
    tx: &mut PgConnection,
    touched: &Touched,
    upload_id: Option<i64>,
    reason: &str,
) -> Result<i64> {
    let version = store::new_version(tx, upload_id, Some(ctx.job.id), reason).await?;
    ctx.step("sealing", touched.parts());
    let mut sealed = 0;
    for (name, parts) in &touched.0 {
        let table = Table::of(name).ok_or_else(|| Error::internal(format!("{name} is not a sealed table")))?;
        ctx.check_cancelled()?;
        let folder = ctx.engine.warehouse().folder();
        // Tables come in the order of their names, so that lines are sealed before the orders that add them up.
        let lines = match *name {
            "orders" => {
                let lines = store::line_files(tx).await?;
                ctx.engine.warehouse().fetch(&lines).await?;
                lines
                    .into_iter()
                    .map(|file| (file.part, folder.join(file.path)))
                    .collect()
            }
            _ => BTreeMap::new(),
        };
        let files = copy::seal_parts(tx, folder, table, parts, version, lines, &ctx.progress()).await?;
        ctx.engine.warehouse().keep(Shelf::Sealed, &files).await?;
        let parts: Vec<i32> = parts.iter().copied().collect();
        store::close_files(tx, name, &parts, version).await?;
        for file in &files {
            store::insert_file(tx, file, version, None).await?;
        }
        sealed += parts.len() as i64;
        ctx.advance(sealed);
    }
    Ok(version)
}

/// Seals the features of a committed version and publishes it. Can be called again after a crash: a published version stays as it is.
pub async fn publish(ctx: &JobContext, version: i64) -> Result<()> {
    publish_version(&ctx.engine, version, ctx).await
}

async fn publish_version(engine: &Engine, version: i64, ctx: &JobContext) -> Result<()> {
    if store::is_published(engine.pool(), version).await? {
        return Ok(());
    }
    let spec = spec(engine, version, None).await?;
    ctx.step("features", 10);
    let progress = ctx.progress();
    // The data is committed: from here on it goes through, also when somebody asks the job to stop.
    let tell = move |done: u64, total: u64| {
        progress.report("features", done as i64, total as i64);
        true
    };
    let derived = warehouse::derive::build(engine.warehouse(), &spec, engine.clock().now(), tell).await?;
    let mut tx = engine.pool().begin().await?;
    if store::set_published(&mut tx, version, derived.data_as_of, derived.customers as i64).await? {
        for file in &derived.files {
            // Derived files belong to exactly this version.
            store::insert_file(&mut tx, file, version, Some(version + 1)).await?;
        }
        crate::webhooks::ask_for_version(&mut tx, version).await?;
    }
    tx.commit().await?;
    if let Err(error) = clean::superseded(engine).await {
        tracing::warn!(error = %error.causes(), "superseded files could not be removed; the next commit tries again");
    }
    if let Err(error) = crate::segments::record_sizes(engine).await {
        tracing::warn!(error = %error.causes(), "sizes of segments could not be kept; whoever asks finds them out again");
    }
    if let Err(error) = crate::tags::record_sizes(engine).await {
        tracing::warn!(error = %error.causes(), "values of tags could not be kept; whoever asks finds them out again");
    }
    Ok(())
}

/// What the footer of each page says of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    pub version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub customers: i64,
}

/// The newest published version; version 0 before there is one.
pub async fn stamp(engine: &Engine, actor: &Actor) -> Result<Stamp> {
    actor.require(Right::See)?;
    store::newest(engine.pool()).await
}

/// The files of a version. `data_as_of` is known once the version is published.
async fn spec(engine: &Engine, version: i64, data_as_of: Option<DateTime<Utc>>) -> Result<SnapshotSpec> {
    Ok(SnapshotSpec {
        version,
        files: store::files_of(engine.pool(), version).await?,
        time_zone: engine.config().time_zone,
        currency: engine.config().currency.clone(),
        data_as_of,
    })
}

/// Every part of every table, in PostgreSQL or in the catalogue.
async fn all_parts(tx: &mut PgConnection) -> Result<Touched> {
    let mut touched = Touched::default();
    for table in TABLES {
        let mut parts = copy::parts(tx, table).await?;
        parts.extend(store::live_parts(tx, table.name).await?);
        touched.0.insert(table.name, parts.into_iter().collect());
    }
    Ok(touched)
}

#[cfg(test)]
mod tests;

//! Removes files that nobody lists and files that nobody can read any more.

use super::store;
use crate::Engine;
use crate::error::Result;
use sqlx::PgConnection;
use std::collections::HashSet;
use std::path::Path;
use warehouse::bucket::Shelf;

/// Every process that may write sealed files holds this lock, shared, for as long as it lives.
const WRITERS_LOCK: i64 = 0x0053_494c_484f_0002;

/// The connection that says "this process is alive" to the others.
pub(crate) struct Presence {
    connection: PgConnection,
}

impl Presence {
    /// When no other process is alive, every file that the catalogue does not list was left behind by a crash.
    pub(crate) async fn enter(engine: &Engine) -> Result<Presence> {
        let mut connection = engine.pool().acquire().await?.detach();
        let alone = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "alone!""#, WRITERS_LOCK)
            .fetch_one(&mut connection)
            .await?;
        if alone {
            let removed = orphans(engine).await;
            super::bucket::put_in_order(engine).await;
            sqlx::query!("select pg_advisory_lock_shared($1)", WRITERS_LOCK)
                .execute(&mut connection)
                .await?;
            sqlx::query_scalar!("select pg_advisory_unlock($1)", WRITERS_LOCK)
                .fetch_one(&mut connection)
                .await?;
            let removed = removed?;
            if removed > 0 {
                tracing::info!(files = removed, "removed files that an interrupted commit left behind");
            }
        } else {
            sqlx::query!("select pg_advisory_lock_shared($1)", WRITERS_LOCK)
                .execute(&mut connection)
                .await?;
        }
        superseded(engine).await?;
        Ok(Presence { connection })
    }

    /// Says good-bye: PostgreSQL gives the lock back with the connection.
    pub(crate) async fn leave(self) {
        if let Err(error) = sqlx::Connection::close(self.connection).await {
            tracing::debug!(%error, "the connection that said this process is alive was gone already");
        }
    }
}

async fn orphans(engine: &Engine) -> Result<usize> {
    let known: HashSet<String> = store::known_paths(engine.pool()).await?.into_iter().collect();
    let config = engine.config().clone();
    tokio::task::spawn_blocking(move || -> Result<usize> {
        let mut removed = remove_unknown(&config.warehouse_dir, &config.warehouse_dir, &known)?;
        removed += remove_unknown(&config.runs_dir(), &config.runs_dir(), &known)?;
        removed += remove_unknown(&config.spill_dir(), &config.spill_dir(), &HashSet::new())?;
        Ok(removed)
    })
    .await?
}

/// Removes files below `folder` whose path relative to `root` is not known.
fn remove_unknown(root: &Path, folder: &Path, known: &HashSet<String>) -> Result<usize> {
    let mut removed = 0;
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(0);
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            removed += remove_unknown(root, &path, known)?;
            continue;
        }
        let relative = path.strip_prefix(root).ok().and_then(Path::to_str).unwrap_or_default();
        if !known.contains(relative) {
            std::fs::remove_file(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Removes files that were superseded more than an hour ago: no reader holds a version for that long.
pub(crate) async fn superseded(engine: &Engine) -> Result<()> {
    for (id, path) in store::superseded(engine.pool()).await? {
        if let Some(bucket) = engine.warehouse().bucket() {
            bucket.remove(Shelf::Sealed, &path).await?;
        }
        match std::fs::remove_file(engine.warehouse().folder().join(&path)) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        store::forget_file(engine.pool(), id).await?;
    }
    Ok(())
}

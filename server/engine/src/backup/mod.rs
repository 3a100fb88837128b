//! The whole installation as one folder: a dump of the database, the uploaded files and the sealed files, taken while nothing is being
//! committed, so that they belong together.

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, EngineConfig, audit, cluster, sealing};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;
use types::auth::Right;

const DUMP: &str = "database.dump";
const UPLOADS: &str = "uploads";
const WAREHOUSE: &str = "warehouse";
const RUNS: &str = "runs";

/// Writes a backup into a folder that is not there yet. Uploads may arrive meanwhile; commits wait.
pub async fn write_backup(engine: &Engine, actor: &Actor, folder: &Path) -> Result<()> {
    actor.require(Right::Administer)?;
    if folder.exists() {
        return Err(Error::Conflict(format!(
            "{} is there already; name a new folder.",
            folder.display()
        )));
    }
    std::fs::create_dir_all(folder)?;
    let mut tx = engine.pool().begin().await?;
    sealing::lock_merges(&mut tx).await?;
    sealing::bucket::fetch_everything(engine, &mut tx).await?;
    let mut dump = client(engine, "pg_dump")?;
    dump.args(["--format=custom", "--no-owner", "--no-privileges", "--file"])
        .arg(folder.join(DUMP));
    run(dump, "pg_dump").await?;
    copy(engine.config().uploads_dir(), folder.join(UPLOADS)).await?;
    copy(engine.config().warehouse_dir.clone(), folder.join(WAREHOUSE)).await?;
    copy(engine.config().runs_dir(), folder.join(RUNS)).await?;
    audit::record(&mut tx, actor, "backup.write", "installation", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes an empty installation what it was when the backup was written.
pub async fn restore_backup(mut config: EngineConfig, folder: &Path) -> Result<()> {
    if !folder.join(DUMP).is_file() {
        return Err(Error::not_found(format!("A backup in {}", folder.display())));
    }
    // A bucket belongs to the installation that the backup is of, and so only after it is restored to this one.
    let bucket = config.bucket.take();
    let engine = Engine::open(config.clone()).await?;
    let restored = restore_into(&engine, folder).await;
    engine.close().await;
    restored?;
    if bucket.is_some() {
        // The start sends what is listed and not in the bucket yet.
        config.bucket = bucket;
        Engine::open(config).await?.close().await;
    }
    Ok(())
}

async fn restore_into(engine: &Engine, folder: &Path) -> Result<()> {
    let used =
        sqlx::query_scalar!(r#"select exists(select 1 from people) or exists(select 1 from uploads) as "used!""#);
    if used.fetch_one(engine.pool()).await? {
        return Err(Error::Conflict(
            "This installation is not empty. Restore into a new data folder or a new database.".into(),
        ));
    }
    copy(folder.join(UPLOADS), engine.config().uploads_dir()).await?;
    copy(folder.join(WAREHOUSE), engine.config().warehouse_dir.clone()).await?;
    // Backups of old did not hold the labels of runs.
    if folder.join(RUNS).is_dir() {
        copy(folder.join(RUNS), engine.config().runs_dir()).await?;
    }
    let mut restore = client(engine, "pg_restore")?;
    restore.args([
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
    ]);
    restore.arg(folder.join(DUMP));
    run(restore, "pg_restore").await
}

/// A program of PostgreSQL that speaks to our database.
fn client(engine: &Engine, program: &str) -> Result<Command> {
    let mut command = Command::new(cluster::find_programs()?.join(program));
    match &engine.config().database_url {
        Some(url) => {
            command.arg("--dbname").arg(url);
        }
        None => {
            let options = engine.pool().connect_options();
            if let Some(socket) = options.get_socket() {
                command.arg("--host").arg(socket);
            }
            command.args([
                "--username",
                options.get_username(),
                "--dbname",
                options.get_database().unwrap_or("postgres"),
            ]);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::null());
    Ok(command)
}

async fn run(mut command: Command, program: &str) -> Result<()> {
    let output = command.output().await?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::Unavailable(format!(
        "{program} failed: {}",
        said.trim().lines().last().unwrap_or("it gave no reason")
    )))
}

async fn copy(from: PathBuf, to: PathBuf) -> Result<()> {
    tokio::task::spawn_blocking(move || copy_folder(&from, &to)).await?
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (here, there) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&here, &there)?;
        } else {
            std::fs::copy(&here, &there)?;
        }
    }
    Ok(())
}

//! `import FILE --kind K`: an upload from the command line, to its end.

use super::{explain, follow, with_engine};
use crate::cli::{Failure, say};
use crate::config::Settings;
use bytes::Bytes;
use clap::Args;
use engine::Engine;
use engine::auth::Actor;
use engine::uploads::{self, Mode};
use std::path::{Path, PathBuf};
use tokio::io::AsyncReadExt;
use types::uploads::{Mapping, Source, Upload, UploadKind, UploadOptions};

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 20;

#[derive(Args)]
pub struct Import {
    file: PathBuf,
    /// customers, products, orders, order_lines, payments, interactions, campaigns, campaign_costs, touches, reviews or exchange_rates.
    #[arg(long)]
    kind: String,
    /// Our field and their column: --map order_id=InvoiceNo. Without any, headers equal to our names are used, else the suggestion.
    #[arg(long, value_name = "OUR=THEIRS")]
    map: Vec<String>,
    /// The whole mapping as JSON, as the API takes it.
    #[arg(long, conflicts_with = "map")]
    mapping: Option<String>,
    /// Options as JSON, as the API takes them.
    #[arg(long, default_value = "{}")]
    options: String,
    /// The name under which the upload is listed; the file's name when absent.
    #[arg(long)]
    name: Option<String>,
    /// Count what would happen and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the upload as one line of JSON.
    #[arg(long)]
    json: bool,
}

/// What is said of a file.
pub struct Given {
    pub kind: UploadKind,
    pub name: String,
    pub mapping: Option<Mapping>,
    pub options: UploadOptions,
    pub dry_run: bool,
}

pub async fn run(settings: Settings, asked: Import) -> Result<(), Failure> {
    let given = given(&asked)?;
    with_engine(settings, async move |engine| {
        let upload = file(&engine, &asked.file, given).await?;
        if asked.json {
            return say(&serde_json::to_string(&upload)?);
        }
        let rows = &upload.rows;
        say(&format!(
            "Upload {}: {} rows read, {} created, {} updated, {} unchanged, {} rejected",
            upload.id, rows.read, rows.created, rows.updated, rows.unchanged, rows.rejected
        ))
    })
    .await
}

fn given(asked: &Import) -> Result<Given, Failure> {
    let kind = UploadKind::parse(&asked.kind).ok_or_else(|| {
        let known = UploadKind::ALL.map(UploadKind::as_str).join(", ");
        format!("--kind {} is none of {known}", asked.kind)
    })?;
    let mut mapping = asked
        .mapping
        .as_deref()
        .map(serde_json::from_str::<Mapping>)
        .transpose()
        .map_err(|error| format!("--mapping: {error}"))?;
    for pair in &asked.map {
        let (ours, theirs) = pair
            .split_once('=')
            .ok_or_else(|| format!("--map {pair} is not written our=theirs"))?;
        mapping
            .get_or_insert_default()
            .insert(ours.trim().to_owned(), Source::Name(theirs.trim().to_owned()));
    }
    let options = serde_json::from_str(&asked.options).map_err(|error| format!("--options: {error}"))?;
    let file_name = asked
        .file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("file")
        .to_owned();
    Ok(Given {
        kind,
        name: asked.name.clone().unwrap_or(file_name),
        mapping,
        options,
        dry_run: asked.dry_run,
    })
}

/// Takes a file in and waits for its job.
pub async fn file(engine: &Engine, path: &Path, given: Given) -> Result<Upload, Failure> {
    let actor = Actor::command_line();
    let mut file = tokio::fs::File::open(path)
        .await
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let mut receiver = uploads::receive(engine, &actor, given.kind, &given.name, given.mapping, given.options)
        .await
        .map_err(explain)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk).await?;
        if read == 0 {
            break;
        }
        receiver
            .write(Bytes::copy_from_slice(&chunk[..read]))
            .await
            .map_err(explain)?;
    }
    let upload = receiver.finish().await.map_err(explain)?;
    let mode = if given.dry_run { Mode::DryRun } else { Mode::Commit };
    let job = uploads::start(engine, &actor, upload.id, mode).await.map_err(explain)?;
    follow::to_the_end(engine, job).await?;
    uploads::get(engine, &actor, upload.id).await.map_err(explain)
}

//! Files that people send: received, looked at, mapped, checked, merged, and taken out again.
//!
//! An upload is the unit of undo. Its file is kept; its rows become contributions to records (see `merging`). Knows nothing of HTTP: the server
//! hands over bytes.

pub mod jobs;
mod mapping;
mod merging;
mod reading;
mod receive;
mod store;
mod templates;
#[cfg(test)]
mod tests;

pub use receive::{Receiver, receive, received_bytes, resume};
pub use templates::{TemplateLanguage, template};

use self::jobs::{ImportArgs, UndoArgs};
use self::mapping::Plan;
use self::merging::Import;
use self::reading::{REJECT_COLUMNS, Source};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::queue::{self, NewJob};
use crate::sealing;
use crate::{Engine, audit};
use bytes::Bytes;
use chrono::TimeDelta;
use futures::Stream;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tokio::task::spawn_blocking;
use types::auth::Right;
use types::jobs::JobKind;
use types::problems::Page;
use types::uploads::{Mapping, Preview, PreviewColumn, UndoCounts, Upload, UploadKind, UploadOptions, UploadState};

/// Rows of a file that the mapping page shows values of.
const SAMPLES: usize = 5;
/// Rejected rows that are read at once for their file.
const REJECTS_AT_ONCE: i64 = 2000;

/// What an import does with what it has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Commit,
    /// Counts and rejects only.
    DryRun,
}

pub async fn get(engine: &Engine, actor: &Actor, id: i64) -> Result<Upload> {
    actor.require(Right::Upload)?;
    load(engine, id).await
}

/// The newest uploads, or those before an id.
pub async fn list(engine: &Engine, actor: &Actor, before: Option<i64>, limit: i64) -> Result<Page<Upload>> {
    actor.require(Right::Upload)?;
    let limit = limit.clamp(1, 500);
    let mut items = store::list(engine.pool(), before, limit + 1).await?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = if more {
        items.last().map(|upload| upload.id.to_string())
    } else {
        None
    };
    Ok(Page { items, next })
}

/// What the file looks like and what its columns probably are. A mapping that was used for the same header comes before the suggestion.
pub async fn preview(engine: &Engine, actor: &Actor, id: i64) -> Result<Preview> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    require_complete(&upload)?;
    let (path, options, kind) = (jobs::stored(engine, &upload), upload.options.clone(), upload.kind);
    let (mut preview, header) = spawn_blocking(move || -> Result<(Preview, Vec<u8>)> {
        let mut source = reading::open(&path, &options)?;
        let first = source.rows.next_batch()?;
        let columns = source.columns.iter().enumerate().map(|(at, name)| PreviewColumn {
            name: name.clone(),
            samples: first.as_ref().map(|batch| samples(batch, at)).unwrap_or_default(),
        });
        let preview = Preview {
            columns: columns.collect(),
            suggestion: mapping::suggest(kind, &source.columns),
            encoding: source.encoding,
            delimiter: source.delimiter,
            sheets: source.sheets,
            sheet: source.sheet,
        };
        Ok((preview, header_hash(&source.columns)))
    })
    .await??;
    if let Some(saved) = store::saved_mapping(engine.pool(), kind, &header).await? {
        preview.suggestion = saved;
    }
    Ok(preview)
}

fn samples(batch: &reading::RawBatch, column: usize) -> Vec<String> {
    let cells = (0..batch.rows.len()).map(|row| String::from_utf8_lossy(batch.cell(row, column)).trim().to_owned());
    cells
        .filter(|cell| !cell.is_empty())
        .take(SAMPLES)
        .map(|cell| cell.chars().take(80).collect())
        .collect()
}

/// Says which column is which field. Fitted to the file at once, so that a mistake is seen before anything starts.
pub async fn set_mapping(
    engine: &Engine,
    actor: &Actor,
    id: i64,
    mapping: &Mapping,
    options: &UploadOptions,
) -> Result<()> {
    actor.require(Right::Upload)?;
    let mut upload = load(engine, id).await?;
    require_complete(&upload)?;
    (upload.mapping, upload.options) = (mapping.clone(), options.clone());
    open_file(engine, &upload).await?;
    let mut tx = engine.pool().begin().await?;
    require_startable(id, store::lock_state(&mut tx, id).await?)?;
    store::set_mapping(&mut tx, id, mapping, options).await?;
    tx.commit().await?;
    Ok(())
}

/// Starts the import of a file that has arrived; the id of its job. Refuses a mapping that does not fit, field by field.
pub async fn start(engine: &Engine, actor: &Actor, id: i64, mode: Mode) -> Result<i64> {
    actor.require(Right::Upload)?;
    let mut upload = load(engine, id).await?;
    require_complete(&upload)?;
    require_startable(id, Some(upload.state))?;
    let (source, _) = match open_file(engine, &upload).await {
        Ok(opened) => opened,
        Err(error) => {
            note_unreadable(engine, &upload, &error).await?;
            return Err(error);
        }
    };
    if upload.mapping.is_empty() {
        upload.mapping = mapping::mapping_for(upload.kind, &source.columns);
    }
    let mut tx = engine.pool().begin().await?;
    require_startable(id, store::lock_state(&mut tx, id).await?)?;
    store::set_mapping(&mut tx, id, &upload.mapping, &upload.options).await?;
    store::set_shape(&mut tx, id, &source.encoding, &source.delimiter, &source.columns).await?;
    let job = NewJob {
        kind: JobKind::ImportFile,
        args: serde_json::to_value(ImportArgs {
            upload_id: id,
            dry_run: mode == Mode::DryRun,
        })?,
        subject: format!("/uploads/{id}"),
        dedup_key: Some(format!("upload {id}")),
        max_attempts: 3,
    };
    let job_id = queue::enqueue(&mut tx, actor, job).await?;
    store::set_job(&mut tx, id, job_id).await?;
    let detail =
        json!({ "job": job_id, "dry_run": mode == Mode::DryRun, "mapping": upload.mapping, "options": upload.options });
    audit::record(&mut tx, actor, "upload.start", &format!("upload {id}"), detail).await?;
    tx.commit().await?;
    Ok(job_id)
}

/// Commits a dry run without its file being sent again.
pub async fn commit(engine: &Engine, actor: &Actor, id: i64) -> Result<i64> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    if upload.state != UploadState::Ready {
        return Err(Error::Conflict(format!(
            "Upload {id} is {}, not ready: only a dry run that has ended can be committed.",
            upload.state.as_str()
        )));
    }
    start(engine, actor, id, Mode::Commit).await
}

/// What an undo would do to each table. Does it, and rolls it back.
pub async fn undo_preview(engine: &Engine, actor: &Actor, id: i64) -> Result<BTreeMap<String, UndoCounts>> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    require_committed(&upload)?;
    let mut tx = engine.pool().begin().await?;
    sqlx::query("set local lock_timeout = '5s'").execute(&mut *tx).await?;
    sealing::lock_merges(&mut tx)
        .await
        .map_err(|error| match jobs::is_lock_timeout(&error) {
            true => {
                Error::Unavailable("Another upload is being merged at the moment. Try again when it has ended.".into())
            }
            false => error,
        })?;
    let undone = merging::undo(&mut tx, &Import::of(&upload)).await?;
    tx.rollback().await?;
    Ok(undone.counts)
}

/// Takes an upload out again; the id of the job.
pub async fn undo(engine: &Engine, actor: &Actor, id: i64) -> Result<i64> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    require_committed(&upload)?;
    let mut tx = engine.pool().begin().await?;
    let job = NewJob {
        kind: JobKind::UndoUpload,
        args: serde_json::to_value(UndoArgs { upload_id: id })?,
        subject: format!("/uploads/{id}"),
        dedup_key: Some(format!("upload {id}")),
        max_attempts: 3,
    };
    let job_id = queue::enqueue(&mut tx, actor, job).await?;
    store::set_job(&mut tx, id, job_id).await?;
    audit::record(
        &mut tx,
        actor,
        "upload.start_undo",
        &format!("upload {id}"),
        json!({ "job": job_id }),
    )
    .await?;
    tx.commit().await?;
    Ok(job_id)
}

/// The rejected rows as CSV: the original columns, then row, field and reason. Personal data leaves with it, so it is logged.
pub async fn rejects(
    engine: &Engine,
    actor: &Actor,
    id: i64,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    let mut conn = engine.pool().acquire().await?;
    let detail = json!({ "rows": upload.rows.rejected });
    audit::record(
        &mut conn,
        actor,
        "upload.download_rejects",
        &format!("upload {id}"),
        detail,
    )
    .await?;
    let mut header = store::columns(engine.pool(), id).await?;
    let columns = header.len();
    header.extend(REJECT_COLUMNS.map(str::to_owned));
    let engine = engine.clone();
    Ok(futures::stream::try_unfold(Some((0i64, Some(header))), move |state| {
        let engine = engine.clone();
        async move {
            let Some((after, header)) = state else { return Ok(None) };
            let mut csv = csv::Writer::from_writer(Vec::new());
            if let Some(header) = header {
                csv.write_record(&header).map_err(Error::internal)?;
            }
            let rows = store::rejects(engine.pool(), id, after, REJECTS_AT_ONCE).await?;
            for row in &rows {
                let mut cells = row.cells.clone();
                cells.resize(columns, String::new());
                cells.extend([row.row.to_string(), row.field.clone(), row.reason.clone()]);
                csv.write_record(&cells).map_err(Error::internal)?;
            }
            let next = rows
                .last()
                .filter(|_| rows.len() as i64 == REJECTS_AT_ONCE)
                .map(|row| (row.row, None));
            let bytes = csv.into_inner().map_err(|error| Error::internal(error.to_string()))?;
            Ok(Some((Bytes::from(bytes), next)))
        }
    }))
}

/// The first rejected rows, for a page.
pub async fn first_rejects(
    engine: &Engine,
    actor: &Actor,
    id: i64,
    limit: i64,
) -> Result<Vec<types::uploads::RejectedRow>> {
    actor.require(Right::Upload)?;
    store::rejects(engine.pool(), id, 0, limit.clamp(1, 500)).await
}

/// Removes files that arrived, wholly or in part, and that nobody went on with. Called at the start of the server and once a day.
pub async fn clean_abandoned(engine: &Engine, older_than: TimeDelta) -> Result<usize> {
    let abandoned = store::abandoned(engine.pool(), engine.clock().now(), older_than).await?;
    for id in &abandoned {
        match tokio::fs::remove_file(receive::file_path(engine, *id)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => store::delete(engine.pool(), *id).await?,
        }
    }
    Ok(abandoned.len())
}

async fn load(engine: &Engine, id: i64) -> Result<Upload> {
    store::find(engine.pool(), id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Upload {id}")))
}

fn require_complete(upload: &Upload) -> Result<()> {
    if upload.sha256.is_empty() {
        return Err(Error::Conflict(format!(
            "The file of upload {} has not arrived completely.",
            upload.id
        )));
    }
    Ok(())
}

fn require_startable(id: i64, state: Option<UploadState>) -> Result<()> {
    use UploadState::{Cancelled, Committed, Failed, Ready, Received, Running, Undone};
    match state {
        None => Err(Error::not_found(format!("Upload {id}"))),
        Some(Received | Ready | Failed | Cancelled) => Ok(()),
        Some(Running) => Err(Error::Conflict(format!("Upload {id} is being imported."))),
        Some(Committed) => Err(Error::Conflict(format!("Upload {id} is committed already."))),
        Some(Undone) => Err(Error::Conflict(format!(
            "Upload {id} was undone. Send the file again to have it back."
        ))),
    }
}

fn require_committed(upload: &Upload) -> Result<()> {
    if upload.state != UploadState::Committed {
        return Err(Error::Conflict(format!(
            "Upload {} is {}; only a committed upload can be undone.",
            upload.id,
            upload.state.as_str()
        )));
    }
    Ok(())
}

/// A file that cannot be read at all has failed; a mapping that does not fit can be mended.
async fn note_unreadable(engine: &Engine, upload: &Upload, error: &Error) -> Result<()> {
    if let Error::Invalid(problems) = error
        && let Some(problem) = problems.iter().find(|problem| problem.field == "file")
    {
        let mut conn = engine.pool().acquire().await?;
        store::set_failed(&mut conn, upload.id, &problem.reason).await?;
    }
    Ok(())
}

/// Opens the stored file, fits the mapping to its header, and learns from its first rows how its columns write numbers and dates.
async fn open_file(engine: &Engine, upload: &Upload) -> Result<(Source, Plan)> {
    let path = jobs::stored(engine, upload);
    let (kind, options, zone) = (upload.kind, upload.options.clone(), engine.config().time_zone);
    let given = upload.mapping.clone();
    spawn_blocking(move || open_with(&path, kind, given, &options, zone)).await?
}

fn open_with(
    path: &std::path::Path,
    kind: UploadKind,
    given: Mapping,
    options: &UploadOptions,
    zone: chrono_tz::Tz,
) -> Result<(Source, Plan)> {
    let mut sample = reading::open(path, options)?;
    let given = if given.is_empty() {
        mapping::mapping_for(kind, &sample.columns)
    } else {
        given
    };
    let mut plan = mapping::fit(kind, &given, &sample.columns, options)?;
    plan.zone = zone;
    plan.encoding.clone_from(&sample.encoding);
    let Some(first) = sample.rows.next_batch()? else {
        return Err(reading::refused("The file has a header and no rows below it."));
    };
    plan.learn_styles(&first, options);
    Ok((reading::open(path, options)?, plan))
}

/// What a saved mapping is found by.
fn header_hash(columns: &[String]) -> Vec<u8> {
    Sha256::digest(columns.join("\u{1f}").as_bytes()).to_vec()
}

//! Files that people send: received, looked at, mapped, checked, merged, and taken out again.
//!
//! An upload is the unit of undo. Its file is kept; its rows become contributions to records (see `merging`). Knows nothing of HTTP: the server
//! hands over bytes.

pub mod demo;
mod effect;
pub mod jobs;
mod mapping;
mod merging;
mod preview;
pub mod quality;
mod reading;
mod receive;
mod rejects;
mod store;
mod templates;
#[cfg(test)]
mod tests;

pub use effect::{Effect, undo_effect, undo_preview};
pub use preview::preview;
pub use receive::{Receiver, receive, received_bytes, resume, send_again_as};
pub use rejects::{first_rejects, rejects};
pub use templates::{TemplateLanguage, template};

use self::jobs::{ImportArgs, UndoArgs};
use self::mapping::Plan;
use self::reading::Source;
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::queue::{self, NewJob};
use crate::{Engine, audit};
use chrono::TimeDelta;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;
use types::auth::Right;
use types::jobs::JobKind;
use types::problems::Page;
use types::uploads::{Mapping, Upload, UploadKind, UploadOptions, UploadState};

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
    keep_decision(engine, id, mapping, options).await
}

/// A check that was made with another mapping says nothing any more: it is forgotten, so that nobody commits what was not checked.
async fn keep_decision(engine: &Engine, id: i64, mapping: &Mapping, options: &UploadOptions) -> Result<()> {
    let mut tx = engine.pool().begin().await?;
    require_startable(id, store::lock_state(&mut tx, id).await?)?;
    if store::set_mapping(&mut tx, id, mapping, options).await? {
        store::forget_check(&mut tx, id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Keeps what a person has said so far, whether or not it fits, so that the page can be looked at again with it.
pub async fn keep_draft(
    engine: &Engine,
    actor: &Actor,
    id: i64,
    mapping: &Mapping,
    options: &UploadOptions,
) -> Result<()> {
    actor.require(Right::Upload)?;
    require_complete(&load(engine, id).await?)?;
    keep_decision(engine, id, mapping, options).await
}

/// Starts the import of a file that has arrived; the id of its job. Refuses a mapping that does not fit, field by field.
pub async fn start(engine: &Engine, actor: &Actor, id: i64, mode: Mode) -> Result<i64> {
    actor.require(Right::Upload)?;
    let mut upload = load(engine, id).await?;
    require_complete(&upload)?;
    require_startable(id, Some(upload.state))?;
    let (source, plan) = match open_file(engine, &upload).await {
        Ok(opened) => opened,
        Err(error) => {
            note_unreadable(engine, &upload, &error).await?;
            return Err(error);
        }
    };
    upload.mapping = plan.mapping;
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

/// Takes an upload out again; the id of the job.
pub async fn undo(engine: &Engine, actor: &Actor, id: i64) -> Result<i64> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    require_committed(&upload)?;
    let mut tx = engine.pool().begin().await?;
    let job = NewJob {
        kind: JobKind::UndoUpload,
        args: serde_json::to_value(UndoArgs {
            upload_id: id,
            demo: false,
            look: false,
        })?,
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
    let first = sample.rows.next_batch()?;
    let given = if given.is_empty() {
        mapping::mapping_for(kind, &sample.columns, first.as_ref())
    } else {
        given
    };
    let mut plan = mapping::fit(kind, &given, &sample.columns, options)?;
    plan.zone = zone;
    plan.encoding.clone_from(&sample.encoding);
    let Some(first) = first else {
        return Err(reading::refused("The file has a header and no rows below it."));
    };
    plan.learn_styles(&first, options);
    Ok((reading::open(path, options)?, plan))
}

/// What a saved mapping is found by.
fn header_hash(columns: &[String]) -> Vec<u8> {
    Sha256::digest(columns.join("\u{1f}").as_bytes()).to_vec()
}

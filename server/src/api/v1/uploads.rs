//! Uploads: sending a file whole or in parts, trying it, committing it, looking at what became of it, taking it out again.

use super::{Listed, accepted, number};
use crate::api::input::Params;
use crate::downloads;
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use crate::uploads::{self as receiving, Part, Said};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::auth::Actor;
use engine::uploads::{self, Effect, Mode};
use engine::{Engine, Error};
use serde::Serialize;
use types::auth::Right;
use types::jobs::Job;
use types::problems::Problem;
use types::uploads::quality::QualityReport;
use types::uploads::{Preview, UndoCounts, Upload, UploadState};
use utoipa::ToSchema;
use utoipa_axum::routes;

const UPLOAD: Needs = Needs::Right(Right::Upload);

pub fn add(calls: Calls) -> Calls {
    calls
        .add(UPLOAD, routes!(list))
        .add(UPLOAD, routes!(create))
        .add(UPLOAD, routes!(quality))
        .add(UPLOAD, routes!(remove_demo))
        .add(UPLOAD, routes!(template))
        .add(UPLOAD, routes!(get))
        .add(UPLOAD, routes!(preview))
        .add(UPLOAD, routes!(undo))
        .add(UPLOAD, routes!(received))
        .add(UPLOAD, routes!(append))
        .add(UPLOAD, routes!(commit))
        .add(UPLOAD, routes!(undo_effect))
        .add(UPLOAD, routes!(rejects))
}

#[derive(Serialize, ToSchema)]
struct Asked {
    upload_id: i64,
    job_id: i64,
}

/// An upload whose file has not arrived completely.
#[derive(Serialize, ToSchema)]
struct Incomplete {
    upload_id: i64,
    /// Bytes that have arrived: the `offset` of the next part.
    received: u64,
    /// Whether the last part has arrived, too.
    complete: bool,
}

#[derive(Serialize, ToSchema)]
struct AskedJob {
    job_id: i64,
}

/// Uploads, newest first.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "uploads",
    params(("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "1 to 500, 100 when absent")),
    responses((status = 200, body = Listed<Upload>), (status = 403, body = Problem)))]
async fn list(State(engine): State<Engine>, Acting(actor): Acting, mut params: Params) -> Answer<Json<Listed<Upload>>> {
    let (before, limit) = params.page();
    params.finish()?;
    Ok(Json(uploads::list(&engine, &actor, before, limit).await?.into()))
}

/// Send a file: text of any delimiter and encoding, with columns of fixed width or blanks between them, XLSX, XLS, ODS or Parquet, as it is or as
/// the one file of a zip or gzip. The body is the file itself, or a form with the parts `file`, `mapping`, `options`, `kind`, `name`, `mode`.
/// It is read and checked by a job. A file that cannot be read, or a mapping that does not fit its header, is refused at once.
///
/// With `resume=1` the body is empty and the answer is 201 with the id: send the file in parts to `/uploads/{id}/data`.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "uploads",
    params(
        ("kind" = String, Query, description = "customers, products, orders, order_lines, payments, interactions, campaigns, campaign_costs, touches, reviews or exchange_rates"),
        ("mode" = Option<String>, Query, description = "commit (when absent) or dry_run"),
        ("name" = Option<String>, Query, description = "Under which it is listed"),
        ("mapping" = Option<String>, Query, description = "JSON: our field → column; absent: headers equal to our names, else the suggestion"),
        ("options" = Option<String>, Query, description = "JSON: on_known, blanks, groups, source, encoding, delimiter, widths, sheet, date_order, decimal …"),
        ("resume" = Option<String>, Query, description = "1: the file comes in parts"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 202, body = Asked), (status = 201, body = Incomplete, description = "with resume=1"),
        (status = 403, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem),
    ))]
async fn create(State(engine): State<Engine>, Acting(actor): Acting, mut params: Params, request: Request) -> Answer {
    actor.require(Right::Upload)?;
    let said = Said::take(&mut params);
    let in_parts = in_parts(&mut params, &said);
    params.finish()?;
    if in_parts {
        return begin(&engine, &actor, &said).await;
    }
    let (upload, said) = receiving::take_in(&engine, &actor, said, request).await?;
    let (mapping, options) = (said.mapping.unwrap_or_default(), said.options.unwrap_or_default());
    // Parts of a form that came after the file.
    if mapping != upload.mapping || options != upload.options {
        uploads::set_mapping(&engine, &actor, upload.id, &mapping, &options).await?;
    }
    start(&engine, &actor, upload.id, said.mode.unwrap_or(Mode::Commit)).await
}

fn in_parts(params: &mut Params, said: &Said) -> bool {
    let resume = match params.text("resume").as_deref() {
        None | Some("0") => return false,
        Some("1") => true,
        Some(_) => {
            params.fault("resume", "is 1 or absent");
            false
        }
    };
    if said.mode == Some(Mode::DryRun) {
        params.fault("mode", "is said with the last part");
    }
    resume
}

async fn begin(engine: &Engine, actor: &Actor, said: &Said) -> Answer {
    let kind = said.kind.ok_or_else(|| Error::invalid("kind", "is required"))?;
    let name = said.name.as_deref().unwrap_or("upload");
    let options = said.options.clone().unwrap_or_default();
    let receiver = uploads::receive(engine, actor, kind, name, said.mapping.clone(), options).await?;
    let upload_id = receiver.upload_id();
    let received = receiver.pause().await?;
    let begun = Incomplete {
        upload_id,
        received,
        complete: false,
    };
    Ok((StatusCode::CREATED, Json(begun)).into_response())
}

async fn start(engine: &Engine, actor: &Actor, upload_id: i64, mode: Mode) -> Answer {
    let job_id = uploads::start(engine, actor, upload_id, mode).await?;
    Ok(accepted(job_id, Asked { upload_id, job_id }))
}

/// How good the data is: freshness, missing values, impossible values, what refers to nothing, sudden changes. 202 while a check of the
/// published data is being made.
#[utoipa::path(get, path = "/api/v1/uploads/quality", tag = "uploads",
    responses((status = 200, body = QualityReport), (status = 202, body = AskedJob), (status = 409, body = Problem, description = "The check has failed")))]
async fn quality(State(engine): State<Engine>, Acting(actor): Acting, method: Method, params: Params) -> Answer {
    actor.require(Right::Upload)?;
    params.finish()?;
    if method == Method::HEAD {
        // Asking whether it is there starts nothing.
        let report = uploads::quality::report(&engine, &actor).await?;
        let is_new = report.quality.map_or(report.published == 0, |quality| {
            quality.data_version >= report.published
        });
        let status = if is_new { StatusCode::OK } else { StatusCode::ACCEPTED };
        return Ok(status.into_response());
    }
    match uploads::quality::start_check(&engine, &actor, false).await? {
        None => Ok(Json(uploads::quality::report(&engine, &actor).await?).into_response()),
        Some(job) if job.state.is_finished() => Err(not_succeeded(&job).into()),
        Some(job) => Ok(accepted(job.id, AskedJob { job_id: job.id })),
    }
}

/// Remove all demo data as one job.
#[utoipa::path(delete, path = "/api/v1/uploads/demo", tag = "uploads",
    responses((status = 202, body = AskedJob), (status = 409, body = Problem, description = "There is none")))]
async fn remove_demo(State(engine): State<Engine>, Acting(actor): Acting, params: Params) -> Answer {
    actor.require(Right::Upload)?;
    params.finish()?;
    let job_id = uploads::demo::start_removal(&engine, &actor).await?;
    Ok(accepted(job_id, AskedJob { job_id }))
}

/// What a file looks like: its columns with values, how they would be read, the suggested mapping.
#[utoipa::path(get, path = "/api/v1/uploads/{id}/preview", tag = "uploads", params(("id" = i64, Path)),
    responses((status = 200, body = Preview), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn preview(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Preview>> {
    actor.require(Right::Upload)?;
    params.finish()?;
    Ok(Json(uploads::preview(&engine, &actor, number(&id, "Upload")?).await?))
}

/// A file of a kind to begin with: a header that is recognised without a mapping, and two example rows.
#[utoipa::path(get, path = "/api/v1/uploads/templates/{file}", tag = "uploads",
    params(
        ("file" = String, Path, description = "The kind and `.csv`: `orders.csv`"),
        ("lang" = Option<String>, Query, description = "Language of the header: en (when absent) or zh-CN"),
    ),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Problem)))]
async fn template(Acting(actor): Acting, Path(file): Path<String>, params: Params) -> Answer<Response> {
    actor.require(Right::Upload)?;
    downloads::template(&file, params)
}

/// One upload.
#[utoipa::path(get, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = i64, Path)),
    responses((status = 200, body = Upload), (status = 404, body = Problem)))]
async fn get(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Upload>> {
    actor.require(Right::Upload)?;
    params.finish()?;
    Ok(Json(uploads::get(&engine, &actor, number(&id, "Upload")?).await?))
}

/// How much of a file in parts has arrived.
#[utoipa::path(get, path = "/api/v1/uploads/{id}/data", tag = "uploads", params(("id" = i64, Path)),
    responses((status = 200, body = Incomplete), (status = 404, body = Problem)))]
async fn received(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Incomplete>> {
    actor.require(Right::Upload)?;
    params.finish()?;
    let upload_id = number(&id, "Upload")?;
    let upload = uploads::get(&engine, &actor, upload_id).await?;
    Ok(Json(Incomplete {
        upload_id,
        received: uploads::received_bytes(&engine, &actor, upload_id).await?,
        complete: !upload.sha256.is_empty(),
    }))
}

/// Send a part of a file. After a broken connection go on from what has arrived. The last part says `last=1`, which starts the job;
/// `POST /uploads/{id}/commit` does so, too. With `start=0` the last part starts nothing: the columns can be looked at and mapped first.
#[utoipa::path(patch, path = "/api/v1/uploads/{id}/data", tag = "uploads",
    params(
        ("id" = i64, Path),
        ("offset" = u64, Query, description = "Byte of the file at which this part begins"),
        ("last" = Option<String>, Query, description = "1: the file is complete with this part"),
        ("mode" = Option<String>, Query, description = "With the last part: commit (when absent) or dry_run"),
        ("start" = Option<String>, Query, description = "With the last part: 0 completes the file and starts nothing"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = Incomplete), (status = 202, body = Asked, description = "with last=1"),
        (status = 409, body = Problem, description = "The offset lies beyond what has arrived, the file is complete, or another part is still arriving"),
        (status = 413, body = Problem),
    ))]
async fn append(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    mut params: Params,
    body: Body,
) -> Answer {
    actor.require(Right::Upload)?;
    let offset = params.required::<u64>("offset", "a number of bytes");
    let last = params.text("last").is_some_and(|last| last == "1");
    let starts = match params.text("start").as_deref() {
        None | Some("1") => true,
        Some("0") => false,
        Some(_) => {
            params.fault("start", "is 0, 1 or absent");
            false
        }
    };
    let said = Said::take(&mut params);
    params.finish()?;
    let upload_id = number(&id, "Upload")?;
    let so_far = |received, complete| Incomplete {
        upload_id,
        received,
        complete,
    };
    match receiving::append(&engine, &actor, upload_id, offset.unwrap_or(0), body, last).await? {
        Part::More(received) => Ok(Json(so_far(received, false)).into_response()),
        Part::Last(upload) if !starts => {
            let received = u64::try_from(upload.size_bytes).unwrap_or_default();
            Ok(Json(so_far(received, true)).into_response())
        }
        Part::Last(upload) => start(&engine, &actor, upload.id, said.mode.unwrap_or(Mode::Commit)).await,
    }
}

/// Commit a dry run that has ended (state `ready`) without sending the file again. Also completes a file that came in parts, and tries a
/// failed upload again.
#[utoipa::path(post, path = "/api/v1/uploads/{id}/commit", tag = "uploads", params(("id" = i64, Path)),
    responses((status = 202, body = Asked), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn commit(State(engine): State<Engine>, Acting(actor): Acting, Path(id): Path<String>, params: Params) -> Answer {
    actor.require(Right::Upload)?;
    params.finish()?;
    let id = number(&id, "Upload")?;
    let upload = uploads::get(&engine, &actor, id).await?;
    if upload.state == UploadState::Received && upload.sha256.is_empty() {
        let received = uploads::received_bytes(&engine, &actor, id).await?;
        uploads::resume(&engine, &actor, id, received).await?.finish().await?;
    }
    start(&engine, &actor, id, Mode::Commit).await
}

/// What an undo would do to each table. 202 while that is being found out for a large upload.
#[utoipa::path(get, path = "/api/v1/uploads/{id}/undo", tag = "uploads", params(("id" = i64, Path)),
    responses(
        (status = 200, body = BTreeMap<String, UndoCounts>), (status = 202, body = AskedJob), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The upload is not committed, or finding out has failed"),
    ))]
async fn undo_effect(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    method: Method,
    params: Params,
) -> Answer {
    actor.require(Right::Upload)?;
    params.finish()?;
    // Asking whether it is there starts nothing.
    let begin = method != Method::HEAD;
    match uploads::undo_effect(&engine, &actor, number(&id, "Upload")?, begin).await? {
        Effect::Known(counts) => Ok(Json(counts).into_response()),
        Effect::Unknown => Ok(StatusCode::ACCEPTED.into_response()),
        Effect::Working(job) if job.state.is_finished() => Err(not_succeeded(&job).into()),
        Effect::Working(job) => Ok(accepted(job.id, AskedJob { job_id: job.id })),
    }
}

/// A job that was to find something out and did not.
fn not_succeeded(job: &Job) -> Error {
    let reason = job.error.as_deref().unwrap_or(job.state.as_str());
    Error::Conflict(format!(
        "Job {} has not succeeded: {reason}. Try it again with POST /jobs/{}/retry.",
        job.id, job.id
    ))
}

/// Take an upload's contributions out again.
#[utoipa::path(delete, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = i64, Path)),
    responses((status = 202, body = AskedJob), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn undo(State(engine): State<Engine>, Acting(actor): Acting, Path(id): Path<String>, params: Params) -> Answer {
    actor.require(Right::Upload)?;
    params.finish()?;
    let job_id = uploads::undo(&engine, &actor, number(&id, "Upload")?).await?;
    Ok(accepted(job_id, AskedJob { job_id }))
}

/// Rejected rows: the original columns, then `row`, `field`, `reason`. Correct them and send the file again: those three columns are ignored.
/// Cells are as they were sent. The download is logged.
#[utoipa::path(get, path = "/api/v1/uploads/{id}/rejects.csv", tag = "uploads", params(("id" = i64, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Problem)))]
async fn rejects(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Response> {
    actor.require(Right::Upload)?;
    params.finish()?;
    downloads::rejects(&engine, &actor, number(&id, "Upload")?).await
}

//! Jobs: list, look at, cancel, retry, follow.

use super::{Listed, accepted, number};
use crate::api::input::Params;
use crate::events;
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use engine::{Engine, queue};
use types::auth::Right;
use types::jobs::Job;
use types::problems::Problem;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::See), routes!(list))
        .add(Needs::Right(Right::See), routes!(get))
        .add(Needs::Right(Right::Build), routes!(cancel))
        .add(Needs::Right(Right::Build), routes!(retry))
        .add(Needs::Right(Right::See), routes!(follow))
}

/// Jobs, newest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs",
    params(("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "1 to 500, 100 when absent")),
    responses((status = 200, body = Listed<Job>), (status = 422, body = Problem)))]
async fn list(State(engine): State<Engine>, Acting(actor): Acting, mut params: Params) -> Answer<Json<Listed<Job>>> {
    let (before, limit) = params.page();
    params.finish()?;
    Ok(Json(queue::list(&engine, &actor, before, limit).await?.into()))
}

/// One job.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "jobs", params(("id" = i64, Path)),
    responses((status = 200, body = Job), (status = 404, body = Problem)))]
async fn get(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Job>> {
    params.finish()?;
    Ok(Json(queue::get(&engine, &actor, number(&id, "Job")?).await?))
}

/// Ask a job to stop. It ends between two chunks of work, with nothing half-done. A job that has ended stays as it is.
/// Whoever may ask for a job may stop it: jobs of uploads need the right `upload`.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", tag = "jobs", params(("id" = i64, Path)),
    responses((status = 202, body = Job), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn cancel(State(engine): State<Engine>, Acting(actor): Acting, Path(id): Path<String>, params: Params) -> Answer {
    params.finish()?;
    let job = queue::cancel(&engine, &actor, number(&id, "Job")?).await?;
    Ok(accepted(job.id, &job))
}

/// Try a job again that failed or was cancelled.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/retry", tag = "jobs", params(("id" = i64, Path)),
    responses((status = 202, body = Job), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn retry(State(engine): State<Engine>, Acting(actor): Acting, Path(id): Path<String>, params: Params) -> Answer {
    params.finish()?;
    let job = queue::retry(&engine, &actor, number(&id, "Job")?).await?;
    Ok(accepted(job.id, &job))
}

/// The job as server-sent events named `job`: now and at each change, until it has ended.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/events", tag = "jobs", params(("id" = i64, Path)),
    responses((status = 200, content_type = "text/event-stream", body = Job), (status = 404, body = Problem)))]
async fn follow(state: State<crate::state::AppState>, acting: Acting, id: Path<String>, params: Params) -> Answer {
    params.finish()?;
    events::of_job(state, acting, id).await
}

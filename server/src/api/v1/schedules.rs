//! Runs that come back.

use super::number;
use crate::api::input::{Json as Body, Params};
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use engine::{Engine, segments};
use serde::Serialize;
use types::auth::Right;
use types::problems::Problem;
use types::runs::{NewSchedule, Schedule};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::See), routes!(list))
        .add(Needs::Right(Right::Build), routes!(create))
        .add(Needs::Right(Right::Build), routes!(delete))
}

#[derive(Serialize, ToSchema)]
struct Schedules {
    items: Vec<Schedule>,
}

/// Runs that come back, oldest first.
#[utoipa::path(get, path = "/api/v1/schedules", tag = "analysis", responses((status = 200, body = Schedules)))]
async fn list(State(engine): State<Engine>, Acting(actor): Acting, params: Params) -> Answer<Json<Schedules>> {
    params.finish()?;
    let items = segments::list_schedules(&engine, &actor).await?;
    Ok(Json(Schedules { items }))
}

/// Have a run come back every `day`, `week` (on `weekday`) or `month` (on `day`) at a local time of the installation. It starts once, however many
/// workers there are; times that passed while no worker was alive are made up for by one run. Method and parameters are those of a run.
#[utoipa::path(post, path = "/api/v1/schedules", tag = "analysis", request_body = NewSchedule,
    responses((status = 201, body = Schedule), (status = 422, body = Problem)))]
async fn create(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(new): Body<NewSchedule>,
) -> Answer {
    params.finish()?;
    let made = segments::create_schedule(&engine, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// Ends a schedule; the runs that it started stay.
#[utoipa::path(delete, path = "/api/v1/schedules/{id}", tag = "analysis", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete(State(engine): State<Engine>, Acting(actor): Acting, Path(id): Path<String>, params: Params) -> Answer {
    params.finish()?;
    segments::delete_schedule(&engine, &actor, number(&id, "Schedule")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

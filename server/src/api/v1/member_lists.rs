//! Members of segments and of runs as files, with chosen columns.

use super::number;
use crate::api::input::Params;
use crate::downloads;
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::segments::{self, MembersFile, MembersOf};
use engine::{Engine, Error};
use serde::Serialize;
use types::auth::Right;
use types::columns::MemberColumn;
use types::problems::Problem;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::Export), routes!(columns))
        .add(Needs::Right(Right::Export), routes!(segment_csv))
        .add(Needs::Right(Right::Export), routes!(segment_xlsx))
        .add(Needs::Right(Right::Export), routes!(run_csv))
        .add(Needs::Right(Right::Export), routes!(run_xlsx))
}

#[derive(Serialize, ToSchema)]
struct Columns {
    items: Vec<MemberColumn>,
}

/// Columns that a list of members can have, of a saved segment or of a run. Which extra attributes, models and tags there are depends on the data.
///
/// `name`, `email`, `phone` and `birth_date` are personal, and so is an extra attribute whose name says who somebody is or how to reach them, or
/// of which most values occur once (texts, and whole numbers with seven digits or more). Fields are called as rules call them; dates are local.
#[utoipa::path(get, path = "/api/v1/segments/columns", tag = "segments",
    params(("run" = Option<i64>, Query, description = "A run whose members are meant; absent: a saved segment")),
    responses((status = 200, body = Columns), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn columns(State(engine): State<Engine>, Acting(actor): Acting, mut params: Params) -> Answer<Json<Columns>> {
    let run = params.parsed("run", "the number of a run");
    params.finish()?;
    let items = segments::member_columns(&engine, &actor, run).await?;
    Ok(Json(Columns { items }))
}

/// Members of a segment, by default their external ids; without a byte order mark and with texts as they are.
///
/// `columns` names others, separated by commas (one that has a comma in it in quotes), in the order of the file; `/api/v1/segments/columns` says
/// which there are. Values are those of the newest data, unknown ones are blank. A personal column needs the right `personal-data` beside
/// `export`; without it the answer is 403 and names the column. The download is logged with its columns.
#[utoipa::path(get, path = "/api/v1/segments/{id}/members.csv", tag = "segments",
    params(("id" = i64, Path), ("columns" = Option<String>, Query, description = "Names separated by commas; absent: external_id")),
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn segment_csv(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Response> {
    let (of, columns) = of_segment(&id, params)?;
    downloads::list_csv(&engine, &actor, of, columns.as_deref(), MembersFile::Program).await
}

/// The same as a workbook. 413 when the list has more than 1,048,575 rows or 12,000,000 cells, or a text longer than 32,767 characters: nothing is
/// left out.
#[utoipa::path(get, path = "/api/v1/segments/{id}/members.xlsx", tag = "segments",
    params(("id" = i64, Path), ("columns" = Option<String>, Query, description = "Names separated by commas; absent: external_id")),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>), (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn segment_xlsx(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Response> {
    let (of, columns) = of_segment(&id, params)?;
    downloads::list_xlsx(&engine, &actor, of, columns.as_deref()).await
}

fn of_segment(id: &str, mut params: Params) -> Result<(MembersOf, Option<String>), Error> {
    let columns = params.text("columns");
    params.finish()?;
    Ok((MembersOf::Segment(number(id, "Segment")?), columns))
}

/// External ids, groups and scores of the customers that a run covers; of one group or of all. The download is logged.
/// Without a byte order mark, and with ids as they are.
///
/// `columns` names others, as for segments. `external_id`, `segment`, `r`, `f`, `m`, `recency`, `frequency` and `monetary` are as the run found them;
/// all others are those of the newest data, and blank for customers whom it no longer has.
#[utoipa::path(get, path = "/api/v1/segmentations/{run}/members.csv", tag = "analysis",
    params(("run" = i64, Path), ("segment" = Option<String>, Query, description = "Key of a group; absent: all groups"),
        ("columns" = Option<String>, Query, description = "Names separated by commas; absent: those of the run")),
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn run_csv(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Response> {
    let (of, columns) = of_run(&id, params)?;
    downloads::list_csv(&engine, &actor, of, columns.as_deref(), MembersFile::Program).await
}

/// The same as a workbook, with the same limits as that of a segment.
#[utoipa::path(get, path = "/api/v1/segmentations/{run}/members.xlsx", tag = "analysis",
    params(("run" = i64, Path), ("segment" = Option<String>, Query, description = "Key of a group; absent: all groups"),
        ("columns" = Option<String>, Query, description = "Names separated by commas; absent: those of the run")),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn run_xlsx(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Response> {
    let (of, columns) = of_run(&id, params)?;
    downloads::list_xlsx(&engine, &actor, of, columns.as_deref()).await
}

fn of_run(id: &str, mut params: Params) -> Result<(MembersOf, Option<String>), Error> {
    let (segment, columns) = (params.text("segment"), params.text("columns"));
    params.finish()?;
    let run = number(id, "Run")?;
    Ok((MembersOf::Run { run, segment }, columns))
}

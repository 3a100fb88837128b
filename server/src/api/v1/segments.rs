//! Saved segments, and rules that are being written.

use super::{Listed, number};
use crate::api::input::{Json as Body, Params};
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use engine::Engine;
use engine::segments;
use types::auth::Right;
use types::problems::Problem;
use types::segments::{NewSegment, PreviewAsked, RulePreview, Segment};
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::See), routes!(list))
        .add(Needs::Right(Right::Build), routes!(create))
        .add(Needs::Right(Right::Build), routes!(preview))
        .add(Needs::Right(Right::See), routes!(get))
        .add(Needs::Right(Right::Build), routes!(update))
        .add(Needs::Right(Right::Build), routes!(delete))
}

/// Saved segments, newest first, with their sizes in the newest data.
#[utoipa::path(get, path = "/api/v1/segments", tag = "segments",
    params(("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "1 to 500, 100 when absent")),
    responses((status = 200, body = Listed<Segment>)))]
async fn list(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    mut params: Params,
) -> Answer<Json<Listed<Segment>>> {
    let (before, limit) = params.page();
    params.finish()?;
    Ok(Json(
        segments::list_segments(&engine, &actor, before, limit).await?.into(),
    ))
}

/// Save a segment: a `rule`, or `members` as a list of ids. A fault in a rule is named as `rule` and the JSON pointer of the place inside it.
#[utoipa::path(post, path = "/api/v1/segments", tag = "segments", request_body = NewSegment,
    responses((status = 201, body = Segment), (status = 422, body = Problem)))]
async fn create(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(new): Body<NewSegment>,
) -> Answer {
    params.finish()?;
    let segment = segments::create_segment(&engine, &actor, new).await?;
    let place = HeaderValue::from_str(&format!("/api/v1/segments/{}", segment.id));
    let mut response = (StatusCode::CREATED, Json(segment)).into_response();
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// How many customers fit a rule, exactly. `alone`: who fits the condition by itself. `left`: who fits the rule as it stands up to and
/// including the condition, in reading order; groups have no line of their own. Whoever goes away before the answer stops the counting.
///
/// What the contract leaves open: facts after the day of the question never count. The count and the sum of no facts are 0, every other
/// measure of none is unknown. A `where` that names `status` sees orders of every status, but no refund documents. The steps of a sequence
/// are at different moments, and from the first to the last pass at most `within_days` times 24 hours. Fields that hold dates also compare
/// with `{"days_ago": N}`. Beside the attributes, a customer has the fields of a portrait, as the data version knows them.
#[utoipa::path(post, path = "/api/v1/segments/preview", tag = "segments", request_body = PreviewAsked,
    responses((status = 200, body = RulePreview), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn preview(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(asked): Body<PreviewAsked>,
) -> Answer<Json<RulePreview>> {
    params.finish()?;
    Ok(Json(segments::preview(&engine, &actor, asked).await?))
}

/// One segment, with its sizes in earlier versions of the data and the segments that use it.
#[utoipa::path(get, path = "/api/v1/segments/{id}", tag = "segments", params(("id" = i64, Path)),
    responses((status = 200, body = Segment), (status = 404, body = Problem)))]
async fn get(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Segment>> {
    params.finish()?;
    Ok(Json(
        segments::get_segment(&engine, &actor, number(&id, "Segment")?).await?,
    ))
}

/// Replace a segment as a whole. A rule that leads back to the segment is refused, and the way round is named.
#[utoipa::path(put, path = "/api/v1/segments/{id}", tag = "segments", params(("id" = i64, Path)), request_body = NewSegment,
    responses((status = 200, body = Segment), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn update(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
    Body(new): Body<NewSegment>,
) -> Answer<Json<Segment>> {
    params.finish()?;
    Ok(Json(
        segments::update_segment(&engine, &actor, number(&id, "Segment")?, new).await?,
    ))
}

/// Remove a segment. 409 while another one names it.
#[utoipa::path(delete, path = "/api/v1/segments/{id}", tag = "segments", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<StatusCode> {
    params.finish()?;
    segments::delete_segment(&engine, &actor, number(&id, "Segment")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

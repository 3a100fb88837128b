//! Tags: the catalogue, what each means, and the ids with values that programs send.

use super::{Listed, number};
use crate::api::input::{self, Json as Body, Params};
use crate::downloads;
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::segments::MembersFile;
use engine::{Engine, Error, tags};
use serde::Deserialize;
use types::auth::Right;
use types::problems::Problem;
use types::tags::{NewTag, Tag, TaggedId};
use utoipa::ToSchema;
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;

/// A million ids of usual length.
const MOST_BYTES: usize = 64 << 20;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::See), routes!(list))
        .add(Needs::Right(Right::Build), large(routes!(create)))
        .add(Needs::Right(Right::See), routes!(get))
        .add(Needs::Right(Right::Build), large(routes!(update)))
        .add(Needs::Right(Right::Build), routes!(delete))
        .add(Needs::Right(Right::Build), large(routes!(replace_values)))
        .add(Needs::Right(Right::Build), large(routes!(change_values)))
        .add(Needs::Right(Right::Export), routes!(members))
}

fn large(
    (schemas, paths, handler): UtoipaMethodRouter<crate::state::AppState>,
) -> UtoipaMethodRouter<crate::state::AppState> {
    (schemas, paths, handler.layer(DefaultBodyLimit::max(MOST_BYTES)))
}

/// Tags, newest first, with how many customers have which value in the newest data.
#[utoipa::path(get, path = "/api/v1/tags", tag = "tags",
    params(("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "1 to 500, 100 when absent")),
    responses((status = 200, body = Listed<Tag>)))]
async fn list(State(engine): State<Engine>, Acting(actor): Acting, mut params: Params) -> Answer<Json<Listed<Tag>>> {
    let (before, limit) = params.page();
    params.finish()?;
    Ok(Json(tags::list_tags(&engine, &actor, before, limit).await?.into()))
}

/// Save a tag. `kind` says where its values come from: `rule` has `tiers`, of which the first that a customer fits gives the value; `best` takes what a
/// customer does most (`of`); `model` the group of a run (`run`), or of the run of a `method` that counts; `uploaded` takes `values`. A
/// fault in a rule is named as `tiers/N/rule` and the JSON pointer of the place inside it.
///
/// A rule names a tag as `{"tag": NAME}`, or one value of it as `{"tag": NAME, "value": VALUE}`; a portrait as `tag:NAME` and `tag:NAME:VALUE`. After
/// `expires_on` nobody has the tag, and a rule that names it is refused.
#[utoipa::path(post, path = "/api/v1/tags", tag = "tags", request_body = NewTag,
    responses((status = 201, body = Tag), (status = 422, body = Problem)))]
async fn create(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(new): Body<NewTag>,
) -> Answer {
    params.finish()?;
    let tag = tags::create_tag(&engine, &actor, new).await?;
    let place = HeaderValue::from_str(&format!("/api/v1/tags/{}", tag.id));
    let mut response = (StatusCode::CREATED, Json(tag)).into_response();
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// One tag, with its values in earlier versions of the data and the segments and tags that use it.
#[utoipa::path(get, path = "/api/v1/tags/{id}", tag = "tags", params(("id" = i64, Path)),
    responses((status = 200, body = Tag), (status = 404, body = Problem)))]
async fn get(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Tag>> {
    params.finish()?;
    Ok(Json(tags::get_tag(&engine, &actor, number(&id, "Tag")?).await?))
}

/// Replace a tag as a whole; the ids of an uploaded one stay when `values` is absent. A name that rules use cannot change. A rule that leads back to the
/// tag, through tags and segments, is refused, and the way round is named.
#[utoipa::path(put, path = "/api/v1/tags/{id}", tag = "tags", params(("id" = i64, Path)), request_body = NewTag,
    responses((status = 200, body = Tag), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn update(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
    Body(new): Body<NewTag>,
) -> Answer<Json<Tag>> {
    params.finish()?;
    Ok(Json(tags::update_tag(&engine, &actor, number(&id, "Tag")?, new).await?))
}

/// Remove a tag. 409 while a segment or another tag names it.
#[utoipa::path(delete, path = "/api/v1/tags/{id}", tag = "tags", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<StatusCode> {
    params.finish()?;
    tags::delete_tag(&engine, &actor, number(&id, "Tag")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ids with values.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Values {
    values: Vec<TaggedId>,
}

/// Ids with values as JSON, or as lines of `id,value` with the type `text/csv`.
struct Given(Vec<TaggedId>);

impl<S: Send + Sync> FromRequest<S> for Given {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Given, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let lines = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/"));
        if !lines {
            let Body(Values { values }) = input::Json::from_request(request, state).await?;
            return Ok(Given(values));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let read = tokio::task::spawn_blocking(move || tags::read_csv(&bytes)).await;
        read.map_err(Error::internal)
            .and_then(|read| read)
            .map(Given)
            .map_err(|error| crate::problem::Refusal(error).into_response())
    }
}

/// The ids of an uploaded tag become exactly these. An id that is not known yet gets its value as soon as it is. At most 1,000,000 ids with 200 different
/// values in 64 MB.
#[utoipa::path(put, path = "/api/v1/tags/{id}/values", tag = "tags", params(("id" = i64, Path)),
    request_body(content((Values = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = Tag), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn replace_values(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
    Given(values): Given,
) -> Answer<Json<Tag>> {
    params.finish()?;
    Ok(Json(
        tags::replace_values(&engine, &actor, number(&id, "Tag")?, values).await?,
    ))
}

/// Give some ids of an uploaded tag another value; one with an empty value loses the tag. All others keep theirs.
#[utoipa::path(post, path = "/api/v1/tags/{id}/values", tag = "tags", params(("id" = i64, Path)),
    request_body(content((Values = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = Tag), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn change_values(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
    Given(values): Given,
) -> Answer<Json<Tag>> {
    params.finish()?;
    Ok(Json(
        tags::change_values(&engine, &actor, number(&id, "Tag")?, values).await?,
    ))
}

/// External ids with their value, of one `value` or of all, without a byte order mark and as they are. The download is logged.
#[utoipa::path(get, path = "/api/v1/tags/{id}/members.csv", tag = "tags",
    params(("id" = i64, Path), ("value" = Option<String>, Query)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn members(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    mut params: Params,
) -> Answer<Response> {
    actor.require(Right::Export)?;
    let value = params.text("value");
    params.finish()?;
    downloads::tag_members(
        &engine,
        &actor,
        number(&id, "Tag")?,
        value.as_deref(),
        MembersFile::Program,
    )
    .await
}

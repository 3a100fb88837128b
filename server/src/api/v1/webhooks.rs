//! Webhooks: other systems that are told when the size of a segment crosses a threshold.

use super::{Listed, accepted, number};
use crate::api::input::{Json as Body, Params};
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use engine::{Engine, webhooks};
use serde::Serialize;
use types::auth::Right;
use types::problems::Problem;
use types::webhooks::{Delivery, NewWebhook, Webhook, WebhookChange};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::Export), routes!(list))
        .add(Needs::Right(Right::Export), routes!(create))
        .add(Needs::Right(Right::Export), routes!(get))
        .add(Needs::Right(Right::Export), routes!(update))
        .add(Needs::Right(Right::Export), routes!(delete))
        .add(Needs::Right(Right::Export), routes!(deliveries))
        .add(Needs::Right(Right::Export), routes!(test))
}

/// A webhook with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
struct CreatedWebhook {
    #[serde(flatten)]
    webhook: Webhook,
    secret: String,
}

#[derive(Serialize, ToSchema)]
struct Sent {
    delivery_id: i64,
    job_id: i64,
}

/// Webhooks, newest first, each with its last delivery.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "segments",
    params(("segment" = Option<i64>, Query, description = "Only those of one segment"),
        ("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "1 to 500, 100 when absent")),
    responses((status = 200, body = Listed<Webhook>)))]
async fn list(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    mut params: Params,
) -> Answer<Json<Listed<Webhook>>> {
    let (before, limit) = params.page();
    let segment = params.parsed("segment", "the number of a segment");
    params.finish()?;
    let found = webhooks::list_webhooks(&engine, &actor, segment, before, limit).await?;
    Ok(Json(found.into()))
}

/// Have another system told when the size of a segment reaches `threshold` (`rises`), falls below it (`falls`), or either (`both`).
///
/// The size is looked at after each version of the data is published, and when the segment comes to mean something else. Each crossing makes one
/// event; what the size is when the webhook is made is none. The event is sent as `POST` with a JSON body `{id, event, at, webhook, segment: {id,
/// name}, threshold, size, previous_size, data_version}`; `event` is `segment.rose`, `segment.fell` or `test`. Headers: `silhouette-event`,
/// `silhouette-event-id` (the same in every attempt) and `silhouette-signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA256, with the secret as the
/// key, of the seconds, a dot and the body; a receiver should refuse old seconds. Any status from 200 to 299 within 10 seconds is an arrival.
/// Everything else, redirects too, is tried again up to 14 times over about an hour and a half; a retry of the failed job tries on.
///
/// An address must begin with `https://`, and must not lead to this machine or into a private network, unless the installation allows that
/// (`SILHOUETTE_WEBHOOK_PRIVATE`). Link-local addresses, such as those where a cloud hands out keys, are never reached. Names are looked up before
/// each attempt. At most 20 webhooks a segment.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "segments", request_body = NewWebhook,
    responses((status = 201, body = CreatedWebhook), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(new): Body<NewWebhook>,
) -> Answer {
    params.finish()?;
    let (webhook, secret) = webhooks::create_webhook(&engine, &actor, new).await?;
    let place = HeaderValue::from_str(&format!("/api/v1/webhooks/{}", webhook.id));
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    let mut response = (StatusCode::CREATED, no_store, Json(CreatedWebhook { webhook, secret })).into_response();
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// One webhook with its last delivery.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "segments", params(("id" = i64, Path)),
    responses((status = 200, body = Webhook), (status = 404, body = Problem)))]
async fn get(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Webhook>> {
    params.finish()?;
    let found = webhooks::get_webhook(&engine, &actor, number(&id, "Webhook")?).await?;
    Ok(Json(found))
}

/// Give a webhook another address, threshold or direction. Its segment and its secret stay. Another threshold is no crossing.
#[utoipa::path(put, path = "/api/v1/webhooks/{id}", tag = "segments", params(("id" = i64, Path)), request_body = WebhookChange,
    responses((status = 200, body = Webhook), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn update(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
    Body(change): Body<WebhookChange>,
) -> Answer<Json<Webhook>> {
    params.finish()?;
    let changed = webhooks::update_webhook(&engine, &actor, number(&id, "Webhook")?, change).await?;
    Ok(Json(changed))
}

/// Remove a webhook and the account of its deliveries. What waits is not sent any more.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "segments", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<StatusCode> {
    params.finish()?;
    webhooks::delete_webhook(&engine, &actor, number(&id, "Webhook")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was sent to a webhook, newest first, and what became of it.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "segments",
    params(("id" = i64, Path), ("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "1 to 500, 100 when absent")),
    responses((status = 200, body = Listed<Delivery>), (status = 404, body = Problem)))]
async fn deliveries(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    mut params: Params,
) -> Answer<Json<Listed<Delivery>>> {
    let (before, limit) = params.page();
    params.finish()?;
    let found = webhooks::list_deliveries(&engine, &actor, number(&id, "Webhook")?, before, limit).await?;
    Ok(Json(found.into()))
}

/// Send an event `test`, once. The job has ended when it has arrived or failed.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", tag = "segments", params(("id" = i64, Path)),
    responses((status = 202, body = Sent), (status = 404, body = Problem)))]
async fn test(State(engine): State<Engine>, Acting(actor): Acting, Path(id): Path<String>, params: Params) -> Answer {
    params.finish()?;
    let sent = webhooks::test_webhook(&engine, &actor, number(&id, "Webhook")?).await?;
    let body = Sent {
        delivery_id: sent.delivery_id,
        job_id: sent.job_id,
    };
    Ok(accepted(sent.job_id, body))
}

//! `Idempotency-Key` on POST: a call that is sent again, because its answer was lost, is answered as the first time and done once.

use crate::problem::Refusal;
use crate::state::AppState;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::auth::Actor;
use engine::idempotency::{self, Claim, Kept};
use engine::{Engine, Error};
use sha2::{Digest, Sha256};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST_KEY: usize = 255;
/// Bodies of JSON up to this size are part of what identifies a request; a file is identified by its length and its address.
const LARGEST_BODY: usize = 2 << 20;
/// Headers that belong to an answer and not to its connection.
const KEPT_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::RETRY_AFTER];

pub async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Actor>().cloned();
    let key = request.headers().get(KEY).cloned();
    match (actor, key) {
        (Some(actor), Some(key)) if request.method() == Method::POST => {
            match keyed(&state, &actor, &key, request, next).await {
                Ok(response) => response,
                Err(error) => Refusal(error).into_response(),
            }
        }
        _ => next.run(request).await,
    }
}

async fn keyed(
    state: &AppState,
    actor: &Actor,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let key = key
        .to_str()
        .ok()
        .filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
    let key = key
        .ok_or_else(|| Error::invalid("Idempotency-Key", "is 1 to 255 printable characters"))?
        .to_owned();
    let (request, fingerprint) = fingerprint(request).await?;
    match idempotency::claim(&state.engine, actor, &key, &fingerprint).await? {
        Claim::Kept(kept) => Ok(replay(kept)),
        Claim::Held => Err(Error::Conflict(
            "The first call with this Idempotency-Key is still being worked on.".into(),
        )),
        Claim::Other => Err(Error::invalid("Idempotency-Key", "was used for another request")),
        Claim::Ours => {
            let response = tokio::select! {
                response = next.run(request) => response,
                never = hold(&state.engine, actor, &key) => match never {},
            };
            finish(&state.engine, actor, &key, response).await
        }
    }
}

/// Keeps the key while the call is worked on.
async fn hold(engine: &Engine, actor: &Actor, key: &str) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(idempotency::RENEW_EVERY).await;
        if let Err(error) = idempotency::renew(engine, actor, key).await {
            tracing::warn!(error = %error.causes(), "an idempotency key could not be held");
        }
    }
}

async fn finish(engine: &Engine, actor: &Actor, key: &str, response: Response) -> Result<Response, Error> {
    // What may pass by itself is not kept: the caller is right to try again. Nor is a secret.
    let status = response.status();
    let secret = response
        .headers()
        .get(header::CACHE_CONTROL)
        .is_some_and(|value| value == "no-store")
        && status.is_success();
    if secret
        || status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT
        )
    {
        idempotency::release(engine, actor, key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.map_err(Error::internal)?;
    let kept = Kept {
        status: status.as_u16(),
        headers: kept_headers(&parts.headers),
        body: body.to_vec(),
    };
    idempotency::keep(engine, actor, key, &kept).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    KEPT_HEADERS
        .iter()
        .filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned())))
        .collect()
}

fn replay(kept: Kept) -> Response {
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in kept.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
        .headers_mut()
        .insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}

async fn fingerprint(request: Request) -> Result<(Request, Vec<u8>), Error> {
    let (parts, body) = request.into_parts();
    let text = |name: HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let mut hash = Sha256::new();
    hash.update(format!(
        "{} {address}\n{}\n",
        parts.method,
        text(header::CONTENT_LENGTH)
    ));
    if !text(header::CONTENT_TYPE).starts_with("application/json") {
        return Ok((Request::from_parts(parts, body), hash.finalize().to_vec()));
    }
    let bytes = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| Error::TooLarge("The body is larger than this call takes.".into()))?;
    hash.update(&bytes);
    Ok((Request::from_parts(parts, Body::from(bytes)), hash.finalize().to_vec()))
}

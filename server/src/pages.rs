//! Shows refusals to people: outside the API, an answer that is an error becomes the error page of the product, framed when somebody is
//! signed in. Programs keep the problem details.

use crate::problem::{self, Cause};
use crate::state::AppState;
use app::context::encode_pairs;
use app::state::AppState as PageState;
use app::visit::{Visit, preferences};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Error;
use engine::auth::Account;
use std::sync::Arc;
use std::time::Duration;

/// Whether the answer goes to a program by its address alone.
pub fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/") || path == "/api" || path.starts_with("/fn/")
}

/// Around everything: gives each error that has no body yet one that its reader understands.
pub async fn explain(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let cause = response.extensions_mut().remove::<Cause>();
    // An answer with words of its own, such as an error page, is ready.
    if cause.is_none()
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| has_words(kind.as_bytes()))
    {
        return response;
    }
    if is_for_programs(asked.uri.path()) || !wants_page(&asked) {
        if cause.is_some() {
            return response;
        }
        return match error_of(&state, status).await {
            Some(error) => problem::Refusal(error).into_response(),
            None => problem::respond(problem::of_status(status, sentence(status))),
        };
    }
    if status == StatusCode::UNAUTHORIZED && asked.method == Method::GET {
        return to_sign_in(&asked);
    }
    let error = match cause.and_then(|cause| Arc::into_inner(cause.0)) {
        Some(error) => error,
        None => error_of(&state, status)
            .await
            .unwrap_or_else(|| Error::not_found("This page")),
    };
    page(&state, asked, error).await
}

/// The error page, inside the frame when the reader is known.
async fn page(state: &AppState, mut asked: Parts, error: Error) -> Response {
    let preferences = preferences(&asked.headers);
    let pages = PageState::new(state.engine.clone(), state.site.clone());
    // Without a database the frame cannot be filled.
    if asked.extensions.get::<Account>().is_some() && !matches!(error, Error::Unavailable(_)) {
        match Visit::from_request_parts(&mut asked, &pages).await {
            Ok(visit) => return visit.show(Err(error)).await,
            Err(response) => return response,
        }
    }
    app::error::bare(&state.site, preferences, &error).await
}

/// Somebody who is not signed in comes back here afterwards.
fn to_sign_in(asked: &Parts) -> Response {
    let here = asked.uri.path_and_query().map_or("/", |here| here.as_str());
    let address = if here == "/" {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?{}", encode_pairs(&[("next", here)]))
    };
    Redirect::to(&address).into_response()
}

fn has_words(kind: &[u8]) -> bool {
    kind.starts_with(b"text/html") || kind.starts_with(b"application/")
}

fn wants_page(parts: &Parts) -> bool {
    let accepted = parts
        .headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.contains("text/html")
}

/// What a bare status of a library means here. A failed session store looks like any failure of ours, so the database is asked.
async fn error_of(state: &AppState, status: StatusCode) -> Option<Error> {
    match status {
        StatusCode::UNAUTHORIZED => Some(Error::Unauthenticated),
        StatusCode::NOT_FOUND => Some(Error::not_found("This address")),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Error::TooLarge("This is larger than this server takes.".into())),
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
            Some(Error::Invalid(Vec::new())).filter(|_| status == StatusCode::UNPROCESSABLE_ENTITY)
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            let ready = tokio::time::timeout(Duration::from_secs(2), state.engine.is_ready())
                .await
                .unwrap_or(false);
            Some(if ready {
                Error::internal("a layer answered with a failure")
            } else {
                Error::Unavailable(
                    "The database does not answer at the moment. Nothing was changed; try again shortly.".into(),
                )
            })
        }
        StatusCode::SERVICE_UNAVAILABLE => Some(Error::Unavailable("This took too long. Try again shortly.".into())),
        _ => None,
    }
}

fn sentence(status: StatusCode) -> &'static str {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            "This address does not take this method; the header Allow names those it takes."
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "This kind of content is not taken here.",
        StatusCode::BAD_REQUEST => "The request could not be read.",
        _ => "The request was refused.",
    }
}

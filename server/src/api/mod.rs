//! The API for programs: its calls, their description, and what becomes of addresses that are none.

pub mod idempotency;
pub mod input;
mod v1;

use crate::routes::Calls;
use crate::state::AppState;
use axum::Router;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{any, get};
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

/// Where the description is served.
const DESCRIPTION: &str = "/api/v1/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Silhouette",
        description = "Feed and read a Silhouette installation. Send `Authorization: Bearer TOKEN`; a token carries the rights of its person. \
                       Refusals are RFC 9457 problem details. Lists are `{items, next}`: pass `next` as `cursor` for the page after. \
                       An unknown query parameter is refused. `Idempotency-Key` on POST makes a repeated call answer as the first one did for \
                       24 hours. Shares and rates are fractions; money is in the currency that the answer names; times are instants. \
                       Files of comma-separated values begin with a byte order mark, so that spreadsheets read them as UTF-8, and a text that a \
                       spreadsheet would take for a formula begins with an apostrophe."
    ),
    tags(
        (name = "uploads", description = "Files in, and out again"),
        (name = "jobs", description = "What runs, ran and could not"),
        (name = "segments", description = "Rules with live counts, and saved segments"),
        (name = "tags", description = "Named values of customers: by rules, by what they do most, by runs, as they were sent"),
        (name = "analysis", description = "Overview, segmentations, portraits, campaigns"),
        (name = "files", description = "Reports and charts as files"),
        (name = "accounts", description = "People, tokens, settings, audit log"),
    )
)]
struct Description;

/// Every call with its rule and its description.
pub fn calls() -> Calls {
    let mut description = Description::openapi();
    description.info.version = env!("CARGO_PKG_VERSION").into();
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    description
        .components
        .get_or_insert_default()
        .security_schemes
        .insert("token".into(), RefOr::T(token));
    description.security = Some(vec![utoipa::openapi::SecurityRequirement::new(
        "token",
        Vec::<String>::new(),
    )]);
    v1::add(Calls::new(description))
}

/// The calls, their description, and an answer for every other address below `/api`.
pub fn described(router: Router<AppState>, description: utoipa::openapi::OpenApi) -> Router<AppState> {
    let text: Arc<str> = description.to_pretty_json().unwrap_or_default().into();
    let document = move || {
        let text = text.to_string();
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    };
    router
        .route(DESCRIPTION, get(document))
        .route("/api/{*rest}", any(nothing_here))
        .route("/api", any(nothing_here))
}

async fn nothing_here() -> impl IntoResponse {
    StatusCode::NOT_FOUND
}

//! Whether the process lives, whether it can serve, and its figures.

use crate::problem::Answer;
use crate::state::AppState;
use crate::telemetry;
use axum::extract::{ConnectInfo, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Error;
use engine::auth::Actor;
use std::net::SocketAddr;
use std::time::Duration;

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers, and the process is not about to stop.
pub async fn readyz(State(state): State<AppState>) -> Response {
    let answers = tokio::time::timeout(Duration::from_secs(2), state.engine.is_ready())
        .await
        .unwrap_or(false);
    if answers && !*state.stopping.borrow() {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
}

/// For this machine, or for whoever has a token.
pub async fn metrics(State(state): State<AppState>, headers: HeaderMap, extensions: Extensions) -> Answer {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    // A proxy on this machine makes everybody look local, and says so.
    let proxied = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let local = peer.is_some_and(|peer| peer.is_loopback()) && !proxied;
    if !local && extensions.get::<Actor>().is_none() {
        return Err(Error::Unauthenticated.into());
    }
    metrics::gauge!("silhouette_database_connections").set(state.engine.pool().size());
    metrics::gauge!("silhouette_database_connections_idle").set(state.engine.pool().num_idle() as f64);
    Ok((
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        telemetry::figures(),
    )
        .into_response())
}

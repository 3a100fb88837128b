//! Around every request: a name for it, one line in the log, two figures, a limit on how long it may take, and a net under panics.

use crate::problem::Refusal;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::Error;
use std::any::Any;
use std::time::{Duration, Instant};
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An answer must have begun by then. Sending a file takes as long as it takes.
const LONGEST: Duration = Duration::from_secs(120);

/// Names the request and counts it. The address may hold ids of customers, so only its route is logged.
pub async fn watch(request: Request, next: Next) -> Response {
    let id = uuid::Uuid::new_v4().simple().to_string();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", request.id = %id);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let seconds = begun.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    span.in_scope(|| {
        tracing::debug!(http.method = %method, http.route = route, http.status = status, duration_ms = seconds * 1000.0, "answered");
    });
    let labels = [
        ("method", method.to_string()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("silhouette_requests_total", &labels).increment(1);
    metrics::histogram!("silhouette_request_seconds", &labels[..2]).record(seconds);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

pub async fn limit_time(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(MatchedPath::as_str)
        .unwrap_or_default();
    // Receiving a file has its own limit, on silence.
    if route.ends_with("/uploads") || route.ends_with("/data") {
        return next.run(request).await;
    }
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal(Error::Unavailable(
            "This took too long and was stopped. Try again shortly.".into(),
        ))
        .into_response(),
    }
}

/// A panic in a handler is our fault and ends one request only.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default();
    Refusal(Error::internal(format!("a handler panicked: {said}"))).into_response()
}

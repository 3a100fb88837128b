//! A refusal as an answer: problem details (RFC 9457). The answer also carries the error as a value, so that the layer around pages can show
//! it to people instead. The cause of an internal error is logged once and never answered.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Error;
use std::sync::Arc;
use types::problems::Problem;

pub const PROBLEM_JSON: &str = "application/problem+json";

pub type Answer<T = Response> = Result<T, Refusal>;

/// The error that an answer was made from, for whoever wants to show it in another form.
#[derive(Clone)]
pub struct Cause(pub Arc<Error>);

/// An error of the engine on its way out.
#[derive(Debug)]
pub struct Refusal(pub Error);

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Refusal {
        Refusal(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(error) = self;
        if let Error::Internal(_) = &error {
            tracing::error!(error = %error.causes(), "a request failed");
        }
        let mut response = respond(error.to_problem());
        if let Error::Throttled(seconds) = &error
            && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
        {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response.extensions_mut().insert(Cause(Arc::new(error)));
        response
    }
}

/// The answer that a problem makes.
pub fn respond(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match status {
        StatusCode::UNAUTHORIZED => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        _ => {}
    }
    response
}

/// A problem that the engine has no word for, because it is one of HTTP.
pub fn of_status(status: StatusCode, detail: &str) -> Problem {
    let title = status.canonical_reason().unwrap_or("Error");
    Problem {
        kind: format!("/problems/{}", title.to_lowercase().replace(' ', "-")),
        title: title.to_owned(),
        status: status.as_u16(),
        detail: detail.to_owned(),
        errors: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::auth::Right;

    #[test]
    fn a_refusal_is_a_problem_and_carries_it() {
        let response = Refusal(Error::Forbidden(Right::Upload)).into_response();
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
        assert_eq!(
            response.extensions().get::<Cause>().map(|cause| cause.0.status()),
            Some(403)
        );
    }

    #[test]
    fn whoever_must_wait_is_told_how_long() {
        assert_eq!(
            Refusal(Error::Throttled(90)).into_response().headers()[header::RETRY_AFTER],
            "90"
        );
        assert!(
            Refusal(Error::Unavailable("x".into()))
                .into_response()
                .headers()
                .contains_key(header::RETRY_AFTER)
        );
    }
}

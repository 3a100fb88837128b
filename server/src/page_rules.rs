//! What each page and form of `app` needs. The pages are routed there; a page without a line here is closed to everybody, and a test that
//! compares this table with that router's source fails.

use crate::problem::Refusal;
use crate::routes::{Needs, Rule};
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::Error;
use engine::auth::Actor;
use types::auth::Right;

const OPEN: Needs = Needs::Nothing;
const PERSON: Needs = Needs::Person;
const SEE: Needs = Needs::Right(Right::See);
const BUILD: Needs = Needs::Right(Right::Build);
const EXPORT: Needs = Needs::Right(Right::Export);
const UPLOAD: Needs = Needs::Right(Right::Upload);
const ADMINISTER: Needs = Needs::Right(Right::Administer);

const PAGES: &[(&str, &str, Needs)] = &[
    ("GET", "/", SEE),
    ("GET", "/portraits", SEE),
    ("GET", "/segments", SEE),
    ("GET", "/segments/run", BUILD),
    ("POST", "/segments/run", BUILD),
    ("GET", "/segments/runs/{id}", SEE),
    ("POST", "/segments/schedules/{id}/end", BUILD),
    ("POST", "/segments/runs/{id}/current", BUILD),
    ("GET", "/segments/runs/{id}/moves", SEE),
    ("POST", "/segments/runs/{id}/moves", BUILD),
    ("GET", "/tags", SEE),
    ("POST", "/tags", BUILD),
    ("GET", "/tags/new", BUILD),
    ("GET", "/tags/{id}", SEE),
    ("POST", "/tags/{id}", BUILD),
    ("GET", "/tags/{id}/edit", BUILD),
    ("POST", "/tags/{id}/delete", BUILD),
    ("POST", "/tags/{id}/values", BUILD),
    ("GET", "/segments/saved", SEE),
    ("GET", "/segments/new", BUILD),
    ("POST", "/segments/new", BUILD),
    ("POST", "/segments/check", BUILD),
    ("POST", "/segments/findings", BUILD),
    ("GET", "/segments/values", BUILD),
    ("GET", "/segments/overlap", SEE),
    ("GET", "/segments/lists/new", BUILD),
    ("POST", "/segments/lists/new", BUILD),
    ("POST", "/segments/lists/{id}", BUILD),
    ("POST", "/segments/{id}/webhooks", EXPORT),
    ("POST", "/segments/webhooks/{id}/test", EXPORT),
    ("POST", "/segments/webhooks/{id}/delete", EXPORT),
    ("GET", "/segments/{id}", SEE),
    ("GET", "/segments/{id}/edit", BUILD),
    ("POST", "/segments/{id}/edit", BUILD),
    ("GET", "/segments/{id}/delete", BUILD),
    ("POST", "/segments/{id}/delete", BUILD),
    ("GET", "/campaigns", SEE),
    ("GET", "/campaigns/{id}", SEE),
    ("GET", "/uploads", UPLOAD),
    ("GET", "/uploads/new", UPLOAD),
    ("GET", "/uploads/quality", UPLOAD),
    ("POST", "/uploads/quality", UPLOAD),
    ("GET", "/uploads/demo", UPLOAD),
    ("POST", "/uploads/demo", UPLOAD),
    ("GET", "/uploads/{id}", UPLOAD),
    ("GET", "/uploads/{id}/map", UPLOAD),
    ("POST", "/uploads/{id}/import", UPLOAD),
    ("POST", "/uploads/{id}/commit", UPLOAD),
    ("POST", "/uploads/{id}/again", UPLOAD),
    ("GET", "/uploads/{id}/undo", UPLOAD),
    ("POST", "/uploads/{id}/undo", UPLOAD),
    ("GET", "/sign-in", OPEN),
    ("POST", "/preferences", OPEN),
    ("GET", "/account", PERSON),
    ("POST", "/account/password", PERSON),
    ("POST", "/account/tokens", PERSON),
    ("POST", "/account/tokens/{id}/revoke", PERSON),
    ("POST", "/fn/{name}", PERSON),
    ("GET", "/jobs", SEE),
    ("GET", "/jobs/{id}", SEE),
    ("POST", "/jobs/{id}/cancel", BUILD),
    ("POST", "/jobs/{id}/retry", BUILD),
    ("GET", "/admin", ADMINISTER),
    ("POST", "/admin/people", ADMINISTER),
    ("GET", "/admin/people/{id}", ADMINISTER),
    ("POST", "/admin/people/{id}", ADMINISTER),
    ("POST", "/admin/people/{id}/password", ADMINISTER),
    ("GET", "/admin/tokens", ADMINISTER),
    ("POST", "/admin/tokens", ADMINISTER),
    ("POST", "/admin/tokens/{id}/revoke", ADMINISTER),
    ("GET", "/admin/audit", ADMINISTER),
    ("GET", "/admin/settings", ADMINISTER),
];

/// Checks a page before its handler runs.
pub async fn guard(request: Request, next: Next) -> Response {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map(MatchedPath::as_str)
        .unwrap_or_default();
    let method = if request.method() == Method::HEAD {
        "GET"
    } else {
        request.method().as_str()
    };
    let of_path = || PAGES.iter().filter(|(_, p, _)| *p == path);
    let needs = of_path().find(|(m, _, _)| *m == method).map(|(_, _, needs)| *needs);
    let checked = match (needs, request.extensions().get::<Actor>()) {
        (Some(needs), actor) => needs.check(actor),
        // A form's address that somebody typed or loaded again.
        (None, _) if of_path().next().is_some() => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
        (None, _) => Err(Error::Forbidden(Right::Administer)),
    };
    match checked {
        Ok(()) => next.run(request).await,
        Err(error) => Refusal(error).into_response(),
    }
}

pub fn rules() -> impl Iterator<Item = Rule> {
    PAGES.iter().map(|(method, path, needs)| Rule {
        method: (*method).into(),
        path: (*path).into(),
        needs: *needs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The pairs of method and path that the router of the pages is written with.
    fn routed(source: &str) -> BTreeSet<(String, String)> {
        let mut found = BTreeSet::new();
        for call in source.split(".route(").skip(1) {
            let mut quoted = call.splitn(3, '"');
            let (_, Some(path), Some(rest)) = (quoted.next(), quoted.next(), quoted.next()) else {
                continue;
            };
            // Up to the next call on the router, which begins a line of its own.
            let handlers = rest.split("\n        .").next().unwrap_or_default();
            for method in ["get", "post", "put", "patch", "delete"] {
                let called = handlers.match_indices(&format!("{method}(")).any(|(at, _)| {
                    !handlers[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_')
                });
                if called {
                    found.insert((method.to_uppercase(), path.to_owned()));
                }
            }
        }
        found
    }

    #[test]
    fn every_page_has_a_rule_and_every_rule_a_page() {
        let routed = routed(include_str!("../../app/src/routes.rs"));
        let ruled: BTreeSet<_> = rules().map(|rule| (rule.method, rule.path)).collect();
        assert!(
            routed.len() >= 10,
            "the router of the pages is written otherwise than this test reads it"
        );
        assert_eq!(routed, ruled);
    }
}

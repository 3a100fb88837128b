//! Refuses changes that another site makes a signed-in browser send. Calls with a bearer token are exempt, because no browser adds one by
//! itself; so are programs, which send neither of the two headers.

use crate::problem;
use crate::session;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

pub async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if is_ours(
        request.method(),
        request.headers(),
        request.uri(),
        state.settings.public_url.as_deref(),
    ) {
        return next.run(request).await;
    }
    problem::respond(problem::of_status(
        StatusCode::FORBIDDEN,
        "This change was sent from another site. Open the page here and try again; behind a proxy set SILHOUETTE_PUBLIC_URL.",
    ))
}

fn is_ours(method: &Method, headers: &HeaderMap, uri: &Uri, public_url: Option<&str>) -> bool {
    if method.is_safe() || session::bearer(headers).is_some() {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some("same-origin" | "none"), _) | (None, None) => true,
        (Some("cross-site"), _) => false,
        (_, Some(origin)) => {
            let host = text(header::HOST.as_str()).or_else(|| uri.authority().map(|authority| authority.as_str()));
            let origin = origin.to_ascii_lowercase();
            let same_host = origin
                .split_once("://")
                .is_some_and(|(_, theirs)| Some(theirs) == host.map(str::to_ascii_lowercase).as_deref());
            same_host || public_url == Some(origin.as_str())
        }
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", "shop.example:3000".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_ours(
            &Method::POST,
            &headers,
            &Uri::from_static("/x"),
            Some("https://public.example"),
        )
    }

    #[test]
    fn other_sites_may_not_change_anything() {
        assert!(!ours(&[("origin", "https://evil.example")]));
        assert!(!ours(&[("origin", "null")]));
        assert!(!ours(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://shop.example:3000")
        ]));
        assert!(!ours(&[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://other.example:3000")
        ]));
        assert!(!ours(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn our_own_pages_programs_and_tokens_may() {
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("origin", "http://Shop.example:3000")]));
        assert!(ours(&[("origin", "https://public.example")]));
        assert!(ours(&[]));
        assert!(ours(&[
            ("origin", "https://evil.example"),
            ("authorization", "Bearer sil_x")
        ]));
    }
}

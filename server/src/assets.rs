//! Files of the built site. Names with a hash never change, so browsers keep them for ever; the others are asked for again each day.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use std::path::Path;
use tower_http::services::{ServeDir, ServeFile};

pub fn router(site_root: &Path) -> Router {
    let folder = |name: &str| {
        ServeDir::new(site_root.join(name))
            .precompressed_br()
            .precompressed_gzip()
            .append_index_html_on_directories(false)
    };
    Router::new()
        .nest_service("/pkg", folder("pkg"))
        .nest_service("/fonts", folder("fonts"))
        .nest_service("/samples", folder("samples"))
        .route_service("/favicon.svg", ServeFile::new(site_root.join("favicon.svg")))
        .layer(middleware::from_fn(cache))
}

async fn cache(request: Request, next: Next) -> Response {
    let keep = if is_hashed(request.uri().path()) {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=86400"
    };
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status().is_redirection() {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    }
    response
}

/// `/pkg/silhouette.1a2b3c4d5e6f7a8b.css`, `/pkg/silhouette.1a2b3c4d5e6f7a8b_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    path.strip_prefix("/pkg/").is_some_and(|name| {
        name.split(['.', '_', '/', '-'])
            .any(|part| part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(is_hashed("/pkg/silhouette.1a2b3c4d5e6f7a8b.css"));
        assert!(is_hashed("/pkg/silhouette.1a2b3c4d5e6f7a8b_bg.wasm"));
        assert!(!is_hashed("/pkg/silhouette.css"));
        assert!(!is_hashed("/fonts/1a2b3c4d5e6f7a8b.woff2"));
    }
}

//! A page: a title, a place in the navigation, a status and a body. Renders it into one whole response.
//! All data is there before rendering starts, so a page never waits, streams or fails half-way.

use crate::assets::Site;
use crate::context::PageContext;
use crate::shell;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// A place in the side navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    Overview,
    Portraits,
    Segments,
    Tags,
    Campaigns,
    Uploads,
    Jobs,
    Admin,
    Account,
}

type Body_ = Box<dyn FnOnce() -> AnyView + Send>;

pub struct Page {
    pub title: String,
    pub active: Option<Nav>,
    pub status: StatusCode,
    /// Whether the bar offers a choice of days.
    pub period: bool,
    /// Whether the page compares its days with those before.
    pub compared: bool,
    /// Whether rules are built on it, which needs more of the browser.
    pub builder: bool,
    pub body: Body_,
}

impl Page {
    /// The body runs once, while the response is rendered.
    pub fn new(title: impl Into<String>, active: Nav, body: impl FnOnce() -> AnyView + Send + 'static) -> Page {
        Page {
            title: title.into(),
            active: Some(active),
            status: StatusCode::OK,
            period: false,
            compared: false,
            builder: false,
            body: Box::new(body),
        }
    }

    pub fn with_period(mut self) -> Page {
        self.period = true;
        self
    }

    /// A choice of days, each figure beside that of the days before.
    pub fn with_comparison(mut self) -> Page {
        self.compared = true;
        self.with_period()
    }

    pub fn with_builder(mut self) -> Page {
        self.builder = true;
        self
    }

    pub fn with_status(mut self, status: StatusCode) -> Page {
        self.status = status;
        self
    }
}

/// The page inside its frame: navigation, bar, head.
pub async fn render(site: &Site, context: PageContext, page: Page) -> Response {
    let status = page.status;
    let site_inside = site.clone();
    respond(status, move || shell::framed(&site_inside, &context, page)).await
}

/// A page without a frame, for people who are not signed in.
pub async fn render_bare(site: &Site, bare: shell::Bare) -> Response {
    let status = bare.status;
    let site_inside = site.clone();
    respond(status, move || shell::bare(&site_inside, bare)).await
}

async fn respond(status: StatusCode, document: impl FnOnce() -> AnyView + Send + 'static) -> Response {
    // The renderer wants a request only for its address, which no view of ours reads.
    let request = Request::new(Body::empty());
    leptos_axum::handle_response_inner(
        move || headers(status),
        document,
        request,
        |app, _, _| Box::pin(async move { Box::pin(app.to_html_stream_in_order()) as _ }),
    )
    .await
}

/// Only scripts that carry the nonce of this response, or come from this server, may run; styles never stand inline.
fn headers(status: StatusCode) {
    let options = expect_context::<ResponseOptions>();
    options.set_status(status);
    let nonce = leptos::nonce::use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    options.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    options.insert_header(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    options.insert_header(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

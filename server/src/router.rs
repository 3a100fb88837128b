//! All addresses of the process, and the layers around them.

use crate::routes::{Needs, Routes, Rule};
use crate::state::AppState;
use crate::{
    api, assets, downloads, events, files, headers, health, observe, origin, page_rules, pages, session, sign_in,
    uploads,
};
use app::state::AppState as PageState;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use types::auth::Right;

/// The whole process as one service.
pub fn router(state: AppState) -> Router {
    let pages = PageState::new(state.engine.clone(), state.site.clone());
    let calls = api::calls();
    let (api, description) = calls.router.split_for_parts();
    let people = own_routes()
        .router
        .merge(api::described(api, description).layer(from_fn_with_state(state.clone(), api::idempotency::once)))
        .with_state(state.clone())
        .merge(
            app::routes::routes()
                .route_layer(from_fn(page_rules::guard))
                .with_state(pages),
        )
        .layer(from_fn_with_state(state.clone(), pages::explain))
        .layer(from_fn_with_state(state.clone(), session::acting))
        .layer(session::layer(&state))
        .layer(from_fn_with_state(state.clone(), origin::check));
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .with_state(state.clone())
        .merge(people)
        .merge(assets::router(&state.settings.site_root))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn(observe::limit_time))
        .layer(from_fn_with_state(state.clone(), pages::explain))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state, headers::add))
        .layer(from_fn(observe::watch))
}

/// Routes of the server's own, besides the API.
fn own_routes() -> Routes {
    Routes::default()
        .add("POST", "/sign-in", Needs::Nothing, post(sign_in::sign_in))
        .add("POST", "/sign-in/first", Needs::Nothing, post(sign_in::first))
        .add("POST", "/sign-out", Needs::Nothing, post(sign_in::sign_out))
        .add("GET", "/metrics", Needs::Nothing, get(health::metrics))
        .add(
            "GET",
            "/jobs/{id}/events",
            Needs::Right(Right::See),
            get(events::of_job),
        )
        .add(
            "POST",
            "/uploads",
            Needs::Right(Right::Upload),
            post(uploads::from_form),
        )
        .add(
            "GET",
            "/uploads/{id}/rejects.csv",
            Needs::Right(Right::Upload),
            get(downloads::page_rejects),
        )
        .add(
            "GET",
            "/uploads/templates/{file}",
            Needs::Right(Right::Upload),
            get(downloads::page_template),
        )
        .add(
            "GET",
            "/segments/runs/{id}/members.csv",
            Needs::Right(Right::Export),
            get(downloads::page_members),
        )
        .add(
            "GET",
            "/segments/runs/{id}/members.xlsx",
            Needs::Right(Right::Export),
            get(downloads::page_members_xlsx),
        )
        .add(
            "GET",
            "/segments/runs/{id}/moves/members.csv",
            Needs::Right(Right::Export),
            get(downloads::page_moved),
        )
        .add(
            "GET",
            "/tags/{id}/members.csv",
            Needs::Right(Right::Export),
            get(downloads::page_tag_members),
        )
        .add(
            "GET",
            "/segments/{id}/members.csv",
            Needs::Right(Right::Export),
            get(downloads::page_segment_members),
        )
        .add(
            "GET",
            "/segments/{id}/members.xlsx",
            Needs::Right(Right::Export),
            get(downloads::page_segment_members_xlsx),
        )
        .add(
            "GET",
            "/reports/{file}",
            Needs::Right(Right::Export),
            get(files::get_report),
        )
        .add("GET", "/charts/{file}", Needs::Right(Right::See), get(files::get_chart))
}

/// Every route that knows people, with what it needs. Pages are listed by `app`.
pub fn rules() -> Vec<Rule> {
    let mut rules = own_routes().rules;
    rules.extend(api::calls().rules);
    rules.extend(page_rules::rules());
    rules.extend(server_fn::axum::server_fn_paths().map(|(path, method)| Rule {
        method: method.to_string(),
        path: path.to_owned(),
        needs: Needs::Person,
    }));
    rules
}

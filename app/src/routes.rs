//! Which address shows which page. Exports, uploads, sessions and events are the server's own routes.

use crate::state::AppState;
use crate::visit::Visit;
use crate::{account, admin, auth, campaigns, jobs, overview, portraits, preferences, segments, tags, uploads};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use engine::Error;
use engine::auth::Account;
use leptos::prelude::provide_context;

/// Every page and every form of the pages. Call it inside the runtime that will serve them.
pub fn routes() -> Router<AppState> {
    // Rendering yields once to this executor. It may be set already, which is as good.
    let _ = any_spawner::Executor::init_tokio();
    Router::new()
        .route("/", get(overview::pages::overview))
        .route("/portraits", get(portraits::pages::portrait))
        .route("/segments", get(segments::pages::list))
        .route(
            "/segments/run",
            get(segments::pages::new_run).post(segments::pages::start),
        )
        .route("/segments/runs/{id}", get(segments::pages::one))
        .route("/segments/schedules/{id}/end", post(segments::pages::end_schedule))
        .route("/segments/runs/{id}/current", post(segments::pages::choose))
        .route(
            "/segments/runs/{id}/moves",
            get(segments::pages::moves).post(segments::pages::save_moved),
        )
        .route("/tags", get(tags::pages::list).post(tags::pages::create))
        .route("/tags/new", get(tags::pages::new))
        .route("/tags/{id}", get(tags::pages::one).post(tags::pages::update))
        .route("/tags/{id}/edit", get(tags::pages::edit))
        .route("/tags/{id}/delete", post(tags::pages::delete))
        .route("/tags/{id}/values", post(tags::pages::values))
        .route("/segments/saved", get(segments::pages::saved::list))
        .route(
            "/segments/new",
            get(segments::pages::saved::new).post(segments::pages::saved::create),
        )
        .route("/segments/check", post(segments::pages::saved::check))
        .route("/segments/findings", post(segments::pages::saved::findings))
        .route("/segments/values", get(segments::pages::saved::values))
        .route("/segments/overlap", get(segments::pages::saved::overlap))
        .route(
            "/segments/lists/new",
            get(segments::pages::saved::new_list)
                .post(segments::pages::saved::create_list)
                .layer(DefaultBodyLimit::max(segments::pages::saved::MOST_BYTES)),
        )
        .route(
            "/segments/lists/{id}",
            post(segments::pages::saved::change_list).layer(DefaultBodyLimit::max(segments::pages::saved::MOST_BYTES)),
        )
        .route("/segments/{id}/webhooks", post(segments::pages::webhooks::create))
        .route("/segments/webhooks/{id}/test", post(segments::pages::webhooks::test))
        .route(
            "/segments/webhooks/{id}/delete",
            post(segments::pages::webhooks::delete),
        )
        .route("/segments/{id}", get(segments::pages::saved::one))
        .route(
            "/segments/{id}/edit",
            get(segments::pages::saved::edit).post(segments::pages::saved::change),
        )
        .route(
            "/segments/{id}/delete",
            get(segments::pages::saved::delete).post(segments::pages::saved::remove),
        )
        .route("/campaigns", get(campaigns::pages::list))
        .route("/campaigns/{id}", get(campaigns::pages::one))
        .route("/uploads", get(uploads::pages::list))
        .route("/uploads/new", get(uploads::pages::new))
        .route(
            "/uploads/quality",
            get(uploads::pages::quality).post(uploads::pages::check_quality),
        )
        .route(
            "/uploads/demo",
            get(uploads::pages::demo).post(uploads::pages::remove_demo),
        )
        .route("/uploads/{id}", get(uploads::pages::one))
        .route("/uploads/{id}/map", get(uploads::pages::map))
        .route("/uploads/{id}/import", post(uploads::pages::import))
        .route("/uploads/{id}/commit", post(uploads::pages::commit))
        .route("/uploads/{id}/again", post(uploads::pages::again))
        .route(
            "/uploads/{id}/undo",
            get(uploads::pages::undo_effect).post(uploads::pages::undo),
        )
        .route("/sign-in", get(auth::pages::sign_in))
        .route("/account", get(account::pages::account))
        .route("/account/password", post(account::pages::change_password))
        .route("/account/tokens", post(account::pages::create_token))
        .route("/account/tokens/{id}/revoke", post(account::pages::revoke_token))
        .route("/preferences", post(preferences::choose))
        .route("/jobs", get(jobs::pages::list))
        .route("/jobs/{id}", get(jobs::pages::one))
        .route("/jobs/{id}/cancel", post(jobs::pages::cancel))
        .route("/jobs/{id}/retry", post(jobs::pages::retry))
        .route("/admin", get(admin::pages::people))
        .route("/admin/people", post(admin::pages::create_person))
        .route(
            "/admin/people/{id}",
            get(admin::pages::person).post(admin::pages::update_person),
        )
        .route("/admin/people/{id}/password", post(admin::pages::set_password))
        .route(
            "/admin/tokens",
            get(admin::pages::tokens).post(admin::pages::create_token),
        )
        .route("/admin/tokens/{id}/revoke", post(admin::pages::revoke_token))
        .route("/admin/audit", get(admin::pages::audit))
        .route("/admin/settings", get(admin::pages::settings))
        .route("/fn/{name}", post(server_function))
        .fallback(nothing_here)
}

/// Server functions read who acts from their context, because they have no extractors of ours.
async fn server_function(State(state): State<AppState>, request: Request<Body>) -> Response {
    let account = request.extensions().get::<Account>().cloned();
    let context = move || {
        provide_context(state.clone());
        if let Some(account) = account.clone() {
            provide_context(account);
        }
    };
    leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response()
}

async fn nothing_here(visit: Visit) -> Response {
    let path = visit.context.path.clone();
    visit.show(Err(Error::not_found(path))).await
}

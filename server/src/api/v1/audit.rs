//! The log of what was changed and what left.

use super::Listed;
use crate::api::input::Params;
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::State;
use engine::{Engine, audit};
use types::auth::{AuditEntry, Right};
use types::problems::Problem;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls.add(Needs::Right(Right::Administer), routes!(list))
}

/// The audit log, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "accounts",
    params(("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "1 to 500, 100 when absent")),
    responses((status = 200, body = Listed<AuditEntry>), (status = 403, body = Problem)))]
async fn list(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    mut params: Params,
) -> Answer<Json<Listed<AuditEntry>>> {
    let (before, limit) = params.page();
    params.finish()?;
    Ok(Json(audit::list(&engine, &actor, before, limit).await?.into()))
}

//! Around rules and saved segments: values of fields, what sets a rule's group apart, why somebody is in or out, how segments overlap.

use super::number;
use crate::api::input::{Json as Body, Params};
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use engine::{Engine, portraits, segments};
use types::auth::Right;
use types::problems::Problem;
use types::rule_answers::{FieldValues, Overlap, RuleFindings, Why};
use types::segments::PreviewAsked;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::Build), routes!(values))
        .add(Needs::Right(Right::Build), routes!(findings))
        .add(Needs::Right(Right::See), routes!(overlap))
        .add(Needs::Right(Right::See), routes!(why))
}

/// What a field of rules holds: its texts with their counts, its range of numbers or days.
#[utoipa::path(get, path = "/api/v1/segments/values", tag = "segments",
    params(("of" = Option<String>, Query, description = "`customers` when absent, or `orders`, `order_lines`, `interactions`, `touches`, `reviews`"),
        ("field" = String, Query), ("like" = Option<String>, Query, description = "a part of a text, in any case")),
    responses((status = 200, body = FieldValues), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn values(State(engine): State<Engine>, Acting(actor): Acting, mut params: Params) -> Answer<Json<FieldValues>> {
    let of = params.text("of").unwrap_or_else(|| "customers".to_owned());
    let field: Option<String> = params.required("field", "the name of a field");
    let like = params.text("like").unwrap_or_default();
    params.finish()?;
    let field = field.unwrap_or_default();
    Ok(Json(segments::field_values(&engine, &actor, &of, &field, &like).await?))
}

/// The five strongest differences between the customers of a rule and all customers. Whoever goes away before the answer stops the counting.
#[utoipa::path(post, path = "/api/v1/segments/findings", tag = "segments", request_body = PreviewAsked,
    responses((status = 200, body = RuleFindings), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn findings(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(asked): Body<PreviewAsked>,
) -> Answer<Json<RuleFindings>> {
    params.finish()?;
    Ok(Json(portraits::rule_findings(&engine, &actor, asked).await?))
}

/// How two to five segments overlap: every customer of any of them is in exactly one part.
#[utoipa::path(get, path = "/api/v1/segments/overlap", tag = "segments",
    params(("segments" = String, Query, description = "numbers of segments, separated by commas")),
    responses((status = 200, body = Overlap), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn overlap(State(engine): State<Engine>, Acting(actor): Acting, mut params: Params) -> Answer<Json<Overlap>> {
    let text: Option<String> = params.required("segments", "numbers of segments, separated by commas");
    let ids: Result<Vec<i64>, _> = text
        .unwrap_or_default()
        .split(',')
        .filter(|id| !id.is_empty())
        .map(str::parse)
        .collect();
    if ids.is_err() {
        params.fault("segments", "must be numbers, separated by commas");
    }
    params.finish()?;
    Ok(Json(
        segments::overlap(&engine, &actor, &ids.unwrap_or_default()).await?,
    ))
}

/// Why a customer belongs to a segment or does not: every condition with its answer and the customer's value.
#[utoipa::path(get, path = "/api/v1/segments/{id}/why", tag = "segments",
    params(("id" = i64, Path), ("customer" = String, Query, description = "external id")),
    responses((status = 200, body = Why), (status = 404, body = Problem)))]
async fn why(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    mut params: Params,
) -> Answer<Json<Why>> {
    let customer: Option<String> = params.required("customer", "the external id of a customer");
    params.finish()?;
    let customer = customer.unwrap_or_default();
    Ok(Json(
        segments::why(&engine, &actor, number(&id, "Segment")?, &customer).await?,
    ))
}

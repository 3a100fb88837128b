//! Overview, portraits, campaigns: the answers that pages are made from.

use crate::api::input::Params;
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use engine::{Engine, campaigns, overview, portraits};
use types::auth::Right;
use types::campaigns::{Campaign, CampaignList};
use types::overview::Overview;
use types::portraits::Portrait;
use types::problems::Problem;
use types::query::GroupRef;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::See), routes!(get_overview))
        .add(Needs::Right(Right::See), routes!(get_portrait))
        .add(Needs::Right(Right::See), routes!(list_campaigns))
        .add(Needs::Right(Right::See), routes!(get_campaign))
}

/// The figures of the first page, each against the period before. Without a period: the 90 days up to the latest fact.
#[utoipa::path(get, path = "/api/v1/overview", tag = "analysis",
    params(("from" = Option<chrono::NaiveDate>, Query), ("to" = Option<chrono::NaiveDate>, Query, description = "Excludes its day")),
    responses((status = 200, body = Overview), (status = 422, body = Problem)))]
async fn get_overview(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    mut params: Params,
) -> Answer<Json<Overview>> {
    let period = params.period();
    params.finish()?;
    Ok(Json(overview::get_overview(&engine, &actor, period, None).await?))
}

/// How a group differs from a baseline, value by value, with target group index and interval. A group is `all`, the number of a
/// saved segment, or `run:RUN:KEY`; `tag:NAME` comes later.
#[utoipa::path(get, path = "/api/v1/portraits", tag = "analysis",
    params(("segment" = String, Query), ("baseline" = Option<String>, Query, description = "all when absent")),
    responses((status = 200, body = Portrait), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_portrait(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    mut params: Params,
) -> Answer<Json<Portrait>> {
    let what = "a group: all, run:RUN:KEY, tag:NAME or the number of a segment";
    let segment = params.required::<GroupRef>("segment", what);
    let baseline = params.parsed::<GroupRef>("baseline", what);
    params.finish()?;
    let (segment, baseline) = (segment.unwrap_or(GroupRef::All), baseline.unwrap_or(GroupRef::All));
    Ok(Json(
        portraits::get_portrait(&engine, &actor, &segment, &baseline).await?,
    ))
}

/// What each campaign cost and brought. With a period: the campaigns with a touch or a cost in it.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "analysis",
    params(("from" = Option<chrono::NaiveDate>, Query), ("to" = Option<chrono::NaiveDate>, Query, description = "Excludes its day")),
    responses((status = 200, body = CampaignList), (status = 422, body = Problem)))]
async fn list_campaigns(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    mut params: Params,
) -> Answer<Json<CampaignList>> {
    let period = params.period();
    params.finish()?;
    Ok(Json(campaigns::list_campaigns(&engine, &actor, period).await?))
}

/// One campaign by its own id: figures, steps, groups, channels, days, and what it changed beyond its hold-out.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}", tag = "analysis",
    params(("id" = String, Path), ("from" = Option<chrono::NaiveDate>, Query), ("to" = Option<chrono::NaiveDate>, Query, description = "Excludes its day")),
    responses((status = 200, body = Campaign), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_campaign(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    mut params: Params,
) -> Answer<Json<Campaign>> {
    let period = params.period();
    params.finish()?;
    Ok(Json(campaigns::get_campaign(&engine, &actor, &id, period).await?))
}

//! Which run of a method counts, and how customers moved from one run to another.

use super::number;
use crate::api::input::Params;
use crate::downloads;
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::Engine;
use engine::segments::{self, FeatureChoice, MembersFile};
use serde::Serialize;
use types::auth::Right;
use types::problems::Problem;
use types::runs::Moves;
use types::segments::Run;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::See), routes!(features))
        .add(Needs::Right(Right::See), routes!(moves))
        .add(Needs::Right(Right::Export), routes!(members))
        .add(Needs::Right(Right::Build), routes!(choose))
}

#[derive(Serialize, ToSchema)]
struct Feature {
    name: String,
    /// A category, which only `kprototypes` takes.
    category: bool,
}

#[derive(Serialize, ToSchema)]
struct Features {
    items: Vec<Feature>,
}

/// What `params.features` of `kmeans` and `kprototypes` may name in the newest version of the data. `category_shares` stands for one number per
/// product category.
#[utoipa::path(get, path = "/api/v1/segmentations/features", tag = "analysis", responses((status = 200, body = Features)))]
async fn features(State(engine): State<Engine>, Acting(actor): Acting, params: Params) -> Answer<Json<Features>> {
    params.finish()?;
    let shown = |FeatureChoice { name, category }| Feature { name, category };
    let items = segments::feature_choices(&engine, &actor).await?;
    Ok(Json(Features {
        items: items.into_iter().map(shown).collect(),
    }))
}

/// Makes a run the one that pages and campaigns use for its method. Without a choice that is the newest with a result; choosing the newest
/// returns to that.
#[utoipa::path(post, path = "/api/v1/segmentations/{run}/current", tag = "analysis", params(("run" = i64, Path)),
    responses((status = 200, body = Run), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn choose(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Run>> {
    params.finish()?;
    let id = number(&id, "Run")?;
    segments::choose_run(&engine, &actor, id).await?;
    Ok(Json(segments::get_run(&engine, &actor, id).await?))
}

/// How the customers of the groups of run `from` are spread over the groups of this run. A side is null for customers whom that run does not
/// cover. Runs of different methods can be compared too.
#[utoipa::path(get, path = "/api/v1/segmentations/{run}/moves", tag = "analysis",
    params(("run" = i64, Path), ("from" = i64, Query, description = "The other run, as a rule the earlier one")),
    responses((status = 200, body = Moves), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn moves(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    mut params: Params,
) -> Answer<Json<Moves>> {
    let from = params
        .required::<i64>("from", "the number of a run")
        .unwrap_or_default();
    params.finish()?;
    Ok(Json(
        segments::get_moves(&engine, &actor, from, number(&id, "Run")?).await?,
    ))
}

/// The people behind one cell of the moves, as a file of members. The download is logged.
#[utoipa::path(get, path = "/api/v1/segmentations/{run}/moves/members.csv", tag = "analysis",
    params(("run" = i64, Path), ("from" = i64, Query, description = "The other run"),
        ("from_segment" = Option<String>, Query, description = "Key of a group of the other run; absent: those whom it does not cover"),
        ("to_segment" = Option<String>, Query, description = "Key of a group of this run; absent: those whom it does not cover")),
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn members(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Response> {
    downloads::moved(&engine, &actor, &id, params, MembersFile::Program).await
}

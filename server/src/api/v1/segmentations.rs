//! Segmentation runs: asking for one, its groups, its members.

use super::{Listed, accepted, number};
use crate::api::input::{Json as Body, Params};
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use engine::segments;
use engine::{Engine, Error, queue};
use serde::Serialize;
use types::auth::Right;
use types::problems::Problem;
use types::segments::{NewRun, Run, RunState};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::See), routes!(list))
        .add(Needs::Right(Right::Build), routes!(create))
        .add(Needs::Right(Right::See), routes!(get))
}

#[derive(Serialize, ToSchema)]
struct Asked {
    run_id: i64,
    job_id: i64,
}

#[derive(Serialize, ToSchema)]
struct StillRunning {
    job_id: i64,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/api/v1/segmentations", tag = "analysis",
    params(("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "1 to 500, 100 when absent")),
    responses((status = 200, body = Listed<Run>)))]
async fn list(State(engine): State<Engine>, Acting(actor): Acting, mut params: Params) -> Answer<Json<Listed<Run>>> {
    let (before, limit) = params.page();
    params.finish()?;
    Ok(Json(segments::list_runs(&engine, &actor, before, limit).await?.into()))
}

/// Ask for a run over the newest data, of the customers with at least one counting order. `params` by method, all optional:
///
/// * `rfm`: `cutoffs` `{r, f, m}`, four rising numbers each, instead of fifths of the customers; `grid`, five rows (recency score 1 to 5) of five
///   keys (frequency score 1 to 5) of the ten groups; `names`, own names by key.
/// * `kmeans`, `kprototypes`: `features`, see `/segmentations/features`; `k`, 2 to 50 or `auto` (the best silhouette of 2 to 12 on a sample of
///   10,000); `scale` `standard`, `range` or `none`; `log`, names of features or `auto` (amounts with a long tail); `restarts`; `gamma`, the weight
///   of a category that differs. Groups are `c1`, `c2`, … by falling mean spend.
/// * `lifecycle`: from how many of a customer's own rhythms of silence on a stage begins: `slipping` 1.5, `asleep` 3, `lost` 6; `least_days` 7, no
///   rhythm is taken for shorter. The rhythm is the median of the days between the customer's order days and, once, of everybody's.
#[utoipa::path(post, path = "/api/v1/segmentations", tag = "analysis", request_body = NewRun,
    responses((status = 202, body = Asked), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(new): Body<NewRun>,
) -> Answer {
    params.finish()?;
    let started = segments::start_run(&engine, &actor, new).await?;
    Ok(accepted(
        started.job_id,
        Asked {
            run_id: started.run_id,
            job_id: started.job_id,
        },
    ))
}

/// One run with its groups. 202 while its job has not ended; 409 when it failed, until the job is tried again.
#[utoipa::path(get, path = "/api/v1/segmentations/{run}", tag = "analysis", params(("run" = i64, Path)),
    responses((status = 200, body = Run), (status = 202, body = StillRunning), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get(State(engine): State<Engine>, Acting(actor): Acting, Path(id): Path<String>, params: Params) -> Answer {
    params.finish()?;
    let run = segments::get_run(&engine, &actor, number(&id, "Run")?).await?;
    match run.state {
        RunState::Done => Ok(Json(run).into_response()),
        RunState::Running => Ok(accepted(run.job_id, StillRunning { job_id: run.job_id })),
        RunState::Failed => {
            let job = queue::get(&engine, &actor, run.job_id).await?;
            let reason = job.error.unwrap_or_else(|| "It was cancelled.".into());
            Err(Error::Conflict(format!("Job {} failed: {reason}", job.id)).into())
        }
    }
}

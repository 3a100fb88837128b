//! Reports and charts as files.

use crate::files;
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use engine::Engine;
use types::auth::Right;
use types::problems::Problem;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Right(Right::Export), routes!(report))
        .add(Needs::Right(Right::See), routes!(chart))
}

/// A report as a file, with the query of its page. `campaigns` reads from, to · `campaign` reads campaign, from, to · `segments` reads run ·
/// `portrait` reads segment, baseline. Endings: csv, xlsx, pdf. A workbook has a sheet `about` with currency, data version and
/// totals; a document has the charts and tables of the page, in the language `lang` (en or zh-CN). The export is logged.
#[utoipa::path(get, path = "/api/v1/reports/{file}", tag = "files",
    params(
        ("file" = String, Path, description = "Name and ending, such as campaigns.csv"),
        ("from" = Option<chrono::NaiveDate>, Query), ("to" = Option<chrono::NaiveDate>, Query),
        ("campaign" = Option<String>, Query), ("run" = Option<i64>, Query), ("segment" = Option<String>, Query), ("baseline" = Option<String>, Query),
        ("lang" = Option<String>, Query),
    ),
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn report(
    state: State<Engine>,
    acting: Acting,
    headers: HeaderMap,
    file: Path<String>,
    query: RawQuery,
) -> Answer {
    files::get_report(state, acting, headers, file, query).await
}

/// A chart as a file, with the query of its page. Names: revenue, campaign-roi, campaign-returns, campaign-money, campaign-days and
/// campaign-lift (campaign=ID), segment-worth-RUN. Endings: svg, png, csv. `lang` is en or zh-CN, `theme` light or dark.
#[utoipa::path(get, path = "/api/v1/charts/{file}", tag = "files",
    params(
        ("file" = String, Path, description = "Name and ending, such as revenue.svg"),
        ("from" = Option<chrono::NaiveDate>, Query), ("to" = Option<chrono::NaiveDate>, Query),
        ("campaign" = Option<String>, Query), ("lang" = Option<String>, Query), ("theme" = Option<String>, Query),
    ),
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn chart(
    state: State<Engine>,
    acting: Acting,
    headers: HeaderMap,
    file: Path<String>,
    query: RawQuery,
) -> Answer {
    files::get_chart(state, acting, headers, file, query).await
}

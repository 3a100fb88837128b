//! The calls of version 1, one file per feature, and the shapes that several of them share.

mod accounts;
mod analysis;
mod audit;
mod files;
mod jobs;
mod member_lists;
mod moves;
mod schedules;
mod segment_answers;
mod segmentations;
mod segments;
mod tags;
mod uploads;
mod webhooks;

pub use crate::api::input::number;
use crate::routes::Calls;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use types::problems::Page;
use utoipa::ToSchema;

pub fn add(calls: Calls) -> Calls {
    let calls = uploads::add(calls);
    let calls = jobs::add(calls);
    let calls = segmentations::add(calls);
    let calls = moves::add(calls);
    let calls = schedules::add(calls);
    let calls = segments::add(calls);
    let calls = member_lists::add(calls);
    let calls = webhooks::add(calls);
    let calls = tags::add(calls);
    let calls = segment_answers::add(calls);
    let calls = analysis::add(calls);
    let calls = files::add(calls);
    let calls = accounts::add(calls);
    audit::add(calls)
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Listed<T: ToSchema> {
    pub items: Vec<T>,
    /// Pass it as `cursor` for the page after; null on the last page.
    pub next: Option<String>,
}

impl<T: ToSchema> From<Page<T>> for Listed<T> {
    fn from(page: Page<T>) -> Listed<T> {
        Listed {
            items: page.items,
            next: page.next,
        }
    }
}

/// 202: a job was asked for. `Location` is the job.
pub fn accepted(job_id: i64, body: impl Serialize) -> Response {
    let mut response = (StatusCode::ACCEPTED, Json(body)).into_response();
    if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/jobs/{job_id}")) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

//! A job as a stream of server-sent events, named `job`: the job now and at each change, until it has ended or the process stops.

use crate::problem::Answer;
use crate::session::Acting;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use engine::{Error, queue};
use futures::StreamExt;
use std::convert::Infallible;
use std::time::Duration;
use types::jobs::Job;

pub async fn of_job(State(state): State<AppState>, Acting(actor): Acting, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Error::not_found(format!("Job {id}")))?;
    // Asked once as the person, so that somebody without the right sees nothing of the stream.
    queue::get(&state.engine, &actor, id).await?;
    Ok(stream(&state, id))
}

fn stream(state: &AppState, id: i64) -> Response {
    let mut stopping = state.stopping.clone();
    let stopped = async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let events = queue::watch(&state.engine, id)
        .take_until(Box::pin(stopped))
        // A broken stream makes the browser ask again.
        .take_while(|job| std::future::ready(job.is_ok()))
        .filter_map(|job| std::future::ready(job.ok().map(|job| Ok::<Event, Infallible>(event(&job)))));
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)).text("still here"))
        .into_response();
    // Proxies that collect answers would hold the events back.
    response
        .headers_mut()
        .insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    response
}

fn event(job: &Job) -> Event {
    let event = Event::default().event("job");
    // One line, so that no client has to join lines.
    event
        .json_data(job)
        .unwrap_or_else(|_| Event::default().event("job").data("{}"))
}

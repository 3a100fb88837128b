//! Waits for a job, running it in this process when no worker is alive, with a bar when somebody watches.

use super::explain;
use crate::cli::Failure;
use engine::{Engine, queue};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;
use types::jobs::{Job, JobState};

/// The job when it has succeeded; its reason otherwise.
pub async fn to_the_end(engine: &Engine, job_id: i64) -> Result<Job, Failure> {
    let bar = bar();
    let job = tokio::select! {
        job = queue::run_one(engine, job_id) => job.map_err(explain)?,
        never = show(engine, job_id, &bar) => match never {},
    };
    bar.finish_and_clear();
    match (job.state, &job.error) {
        (JobState::Succeeded, _) => Ok(job),
        (JobState::Cancelled, _) => Err(format!("Job {job_id} was cancelled.").into()),
        (_, Some(reason)) => Err(reason.clone().into()),
        (_, None) => Err(format!("Job {job_id} failed.").into()),
    }
}

/// A bar on a terminal; nothing elsewhere.
pub fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg:10} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

async fn show(engine: &Engine, job_id: i64, bar: &ProgressBar) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        if bar.is_hidden() {
            continue;
        }
        // A bar that stands still for a moment is not worth an error.
        if let Ok(job) = queue::wait(engine, job_id, Duration::ZERO).await {
            let step = job.step.unwrap_or_else(|| job.state.as_str().to_owned());
            if bar.message() != step {
                bar.reset();
                bar.set_message(step);
            }
            bar.set_length(u64::try_from(job.total).unwrap_or(0));
            bar.set_position(u64::try_from(job.done).unwrap_or(0));
        }
    }
}

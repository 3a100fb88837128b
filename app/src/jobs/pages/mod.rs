//! Pages of jobs: the history and one job, and the buttons that stop or repeat one.

mod list;
mod one;
mod words;

pub use list::list;
pub use one::{cancel, one, retry};
pub use words::{kind, lengths, progress, state_chip};

use crate::islands::JobTick;
use crate::state::AppState;
use engine::Error;
use engine::auth::Account;
use leptos::prelude::use_context;
use types::jobs::Job;

/// The job as the progress line wants it.
pub fn tick(job: &Job) -> JobTick {
    JobTick {
        state: job.state.as_str().to_owned(),
        step: job.step.clone(),
        done: job.done,
        total: job.total,
        step_seconds: job.step_seconds,
        cancel_requested: job.cancel_requested,
    }
}

/// For the server function: state and person come from its context.
pub async fn status(id: i64) -> Result<Option<JobTick>, Error> {
    let state = use_context::<AppState>();
    let account = use_context::<Account>();
    let (Some(state), Some(account)) = (state, account) else {
        return Err(Error::Unauthenticated);
    };
    match engine::queue::get(&state.engine, &account.actor(), id).await {
        Ok(job) => Ok(Some(tick(&job))),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;

//! The state of one job, for a page whose stream of events broke.

use crate::islands::JobTick;
use leptos::prelude::*;

/// `None` when there is no such job, or none that the reader may see.
#[server(prefix = "/fn", endpoint = "job_status")]
pub async fn job_status(id: i64) -> Result<Option<JobTick>, ServerFnError> {
    super::pages::status(id)
        .await
        .map_err(|_| ServerFnError::new("the state of the job could not be read"))
}

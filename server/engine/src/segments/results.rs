//! What a run found, for who needs the keys of its groups and nothing else.

use super::store;
use crate::Engine;
use crate::error::Result;
use serde::Deserialize;
use types::segments::Method;

#[derive(Deserialize)]
struct Found {
    key: String,
}

/// The run of a method that counts: the one that somebody chose, else the newest with a result.
pub(crate) async fn current_run_id(engine: &Engine, method: Method) -> Result<Option<i64>> {
    let current = store::current_labels(engine.pool(), method.as_str()).await?;
    Ok(current.map(|(id, _)| id))
}

/// The keys of the groups of a run in the order in which it lists them; `None` when there is no such run or it has no result.
pub(crate) async fn run_keys(engine: &Engine, run: i64) -> Result<Option<Vec<String>>> {
    let Some(row) = store::find(engine.pool(), run).await? else {
        return Ok(None);
    };
    if row.labels_path.is_none() {
        return Ok(None);
    }
    let found: Vec<Found> = serde_json::from_value(row.segments)?;
    Ok(Some(found.into_iter().map(|group| group.key).collect()))
}

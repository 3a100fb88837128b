//! Rows that were not taken: all of them as a file to be mended and sent again, the first of them for a page.

use super::reading::REJECT_COLUMNS;
use super::{load, store};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, audit};
use bytes::Bytes;
use futures::Stream;
use serde_json::json;
use types::auth::Right;
use types::uploads::RejectedRow;

/// Rejected rows that are read at once for their file.
const REJECTS_AT_ONCE: i64 = 2000;

/// The rejected rows as CSV: the original columns, then row, field and reason. Personal data leaves with it, so it is logged.
pub async fn rejects(
    engine: &Engine,
    actor: &Actor,
    id: i64,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    let mut conn = engine.pool().acquire().await?;
    let detail = json!({ "rows": upload.rows.rejected });
    audit::record(
        &mut conn,
        actor,
        "upload.download_rejects",
        &format!("upload {id}"),
        detail,
    )
    .await?;
    let mut header = store::columns(engine.pool(), id).await?;
    let columns = header.len();
    header.extend(REJECT_COLUMNS.map(str::to_owned));
    let engine = engine.clone();
    Ok(futures::stream::try_unfold(Some((0i64, Some(header))), move |state| {
        let engine = engine.clone();
        async move {
            let Some((after, header)) = state else { return Ok(None) };
            let mut csv = csv::Writer::from_writer(Vec::new());
            if let Some(header) = header {
                csv.write_record(&header).map_err(Error::internal)?;
            }
            let rows = store::rejects(engine.pool(), id, after, REJECTS_AT_ONCE).await?;
            for row in &rows {
                let mut cells = row.cells.clone();
                cells.resize(columns, String::new());
                cells.extend([row.row.to_string(), row.field.clone(), row.reason.clone()]);
                csv.write_record(&cells).map_err(Error::internal)?;
            }
            let next = rows
                .last()
                .filter(|_| rows.len() as i64 == REJECTS_AT_ONCE)
                .map(|row| (row.row, None));
            let bytes = csv.into_inner().map_err(|error| Error::internal(error.to_string()))?;
            Ok(Some((Bytes::from(bytes), next)))
        }
    }))
}

/// The first rejected rows, for a page.
pub async fn first_rejects(engine: &Engine, actor: &Actor, id: i64, limit: i64) -> Result<Vec<RejectedRow>> {
    actor.require(Right::Upload)?;
    store::rejects(engine.pool(), id, 0, limit.clamp(1, 500)).await
}

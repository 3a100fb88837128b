//! The members of a saved segment as a file of external ids. Taking them out is a right of its own and is logged.

use super::ask;
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::segments::MembersFile;
use crate::{Engine, audit};
use bytes::Bytes;
use futures::Stream;
use serde_json::json;
use types::auth::Right;
use warehouse::ids::Ids;

/// Lines of `external_id`, by rising customer number. Few rows are in memory at a time.
pub async fn segment_csv(
    engine: &Engine,
    actor: &Actor,
    id: i64,
    file: MembersFile,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    actor.require(Right::Export)?;
    let snapshot = engine.snapshot().await?;
    let ids = if snapshot.version() == 0 {
        return Err(Error::Conflict("There is no data yet. Upload customers first.".into()));
    } else {
        snapshot.ids_of(ask::group(engine, &snapshot, id).await?)?
    };
    let mut tx = engine.pool().begin().await?;
    let detail = json!({ "format": "csv", "columns": ["external_id"], "data_version": snapshot.version() });
    audit::record(&mut tx, actor, "segment.export", &format!("segment {id}"), detail).await?;
    tx.commit().await?;
    Ok(lines(ids, file))
}

fn lines(ids: Ids, file: MembersFile) -> impl Stream<Item = Result<Bytes>> + Send {
    let mark = if file == MembersFile::Spreadsheet {
        "\u{feff}"
    } else {
        ""
    };
    let header = format!("{mark}external_id\r\n");
    futures::stream::unfold((ids, Some(header)), move |(mut ids, header)| async move {
        if let Some(header) = header {
            return Some((Ok(Bytes::from(header)), (ids, None)));
        }
        let piece = ids.next().await?;
        let piece = piece.map_err(Error::from).and_then(|piece| written(&piece, file));
        Some((piece, (ids, None)))
    })
}

fn written(ids: &[String], file: MembersFile) -> Result<Bytes> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for id in ids {
        writer.write_record([file.cell(id).as_ref()]).map_err(Error::internal)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Bytes::from(bytes))
}

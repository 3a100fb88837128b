//! Who has a tag, as a file of external ids with their value. Taking them out is a right of its own and is logged.

use super::{found, named, sizes};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::segments::MembersFile;
use crate::{Engine, audit};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use serde_json::json;
use types::auth::Right;
use warehouse::ids::Ids;

/// Lines of `external_id,value`: of one value, or of all in the order in which the tag shows them, each by rising customer number. Few rows are in
/// memory at a time.
pub async fn tag_csv(
    engine: &Engine,
    actor: &Actor,
    id: i64,
    value: Option<&str>,
    file: MembersFile,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    actor.require(Right::Export)?;
    let row = found(engine, id).await?;
    let snapshot = engine.snapshot().await?;
    if snapshot.version() == 0 {
        return Err(Error::Conflict("There is no data yet. Upload customers first.".into()));
    }
    let values: Vec<String> = match value {
        Some(value) => vec![value.to_owned()],
        None => sizes::sizes_of(engine, &snapshot, &row)
            .await?
            .values
            .into_iter()
            .map(|of| of.value)
            .collect(),
    };
    let mut pieces = Vec::with_capacity(values.len());
    for value in values {
        let group = named::group(engine, &snapshot, &row.name, Some(&value)).await?;
        pieces.push((group, value));
    }
    let mut tx = engine.pool().begin().await?;
    let detail = json!({ "value": value, "data_version": snapshot.version() });
    audit::record(&mut tx, actor, "tag.export", &format!("tag {id}"), detail).await?;
    tx.commit().await?;
    let mark = if file == MembersFile::Spreadsheet {
        "\u{feff}"
    } else {
        ""
    };
    let header = futures::stream::iter([Ok(Bytes::from(format!("{mark}external_id,value\r\n")))]);
    let rows = futures::stream::iter(pieces.into_iter().map(Ok)).and_then(move |(group, value)| {
        let ids = snapshot.ids_of(group).map_err(Error::from);
        async move { Ok::<_, Error>(lines(ids?, value, file)) }
    });
    Ok(header.chain(rows.try_flatten()))
}

fn lines(ids: Ids, value: String, file: MembersFile) -> impl Stream<Item = Result<Bytes>> + Send {
    futures::stream::unfold((ids, value), move |(mut ids, value)| async move {
        let piece = ids.next().await?;
        let piece = piece
            .map_err(Error::from)
            .and_then(|piece| written(&piece, &value, file));
        Some((piece, (ids, value)))
    })
}

fn written(ids: &[String], value: &str, file: MembersFile) -> Result<Bytes> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let value = file.cell(value);
    for id in ids {
        writer
            .write_record([file.cell(id).as_ref(), value.as_ref()])
            .map_err(Error::internal)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Bytes::from(bytes))
}

//! The members of a run as a file: external ids, labels and scores. Taking them out is a right of its own and is logged.

use super::{get_run, store};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, audit};
use bytes::Bytes;
use futures::Stream;
use serde_json::json;
use std::borrow::Cow;
use types::auth::Right;
use types::segments::{Run, RunState};
use warehouse::labels::{Member, Members};

/// The columns of a file when none are chosen.
const COLUMNS: [&str; 8] = [
    "external_id",
    "segment",
    "r",
    "f",
    "m",
    "recency",
    "frequency",
    "monetary",
];

/// For whom a file of members is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembersFile {
    /// Values as they are.
    Program,
    /// With a byte order mark, so that umlauts and Chinese open as they should, and with an apostrophe before ids that a spreadsheet would
    /// take for a formula.
    Spreadsheet,
}

impl MembersFile {
    /// An id as it is written for whoever reads the file.
    pub(crate) fn cell(self, id: &str) -> Cow<'_, str> {
        match self {
            MembersFile::Spreadsheet if id.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{id}").into(),
            _ => id.into(),
        }
    }
}

/// Lines of `external_id,segment,r,f,m,recency,frequency,monetary`, by rising customer number; of one group or of all. Methods
/// without scores leave `r`, `f` and `m` blank. Few rows are in
/// memory at a time.
pub async fn members_csv(
    engine: &Engine,
    actor: &Actor,
    run_id: i64,
    segment: Option<&str>,
    file: MembersFile,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    actor.require(Right::Export)?;
    let (run, labels) = labels_of(engine, actor, run_id, segment).await?;
    let members = engine.warehouse().members(&labels, segment)?;
    let mut tx = engine.pool().begin().await?;
    let detail = json!({ "format": "csv", "columns": COLUMNS, "segment": segment, "data_version": run.data_version });
    audit::record(&mut tx, actor, "segmentation.export", &format!("run {run_id}"), detail).await?;
    tx.commit().await?;
    Ok(lines(members, file))
}

/// A run with a result, and the path of its labels, which are here. A group that it does not have is refused.
pub(super) async fn labels_of(
    engine: &Engine,
    actor: &Actor,
    run_id: i64,
    segment: Option<&str>,
) -> Result<(Run, String)> {
    let run = get_run(engine, actor, run_id).await?;
    if let Some(key) = segment
        && run.state == RunState::Done
        && !run.segments.iter().any(|known| known.key == key)
    {
        return Err(Error::invalid("segment", format!("run {run_id} has no group {key}")));
    }
    let row = store::find(engine.pool(), run_id).await?;
    let labels = row
        .and_then(|row| row.labels_path)
        .ok_or_else(|| Error::Conflict(format!("Run {run_id} has no result yet.")))?;
    engine.warehouse().fetch_labels(&labels).await?;
    Ok((run, labels))
}

pub(super) fn lines(members: Members, file: MembersFile) -> impl Stream<Item = Result<Bytes>> + Send {
    let mark = if file == MembersFile::Spreadsheet {
        "\u{feff}"
    } else {
        ""
    };
    let header = format!("{mark}{}\r\n", COLUMNS.join(","));
    futures::stream::unfold((members, Some(header)), move |(mut members, header)| async move {
        if let Some(header) = header {
            return Some((Ok(Bytes::from(header)), (members, None)));
        }
        let piece = members.next().await?;
        Some((
            piece.map_err(Error::from).and_then(|piece| written(&piece, file)),
            (members, None),
        ))
    })
}

fn written(members: &[Member], file: MembersFile) -> Result<Bytes> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let score = |score: Option<u8>| score.map_or_else(String::new, |score| score.to_string());
    for member in members {
        writer
            .write_record([
                file.cell(&member.external_id).as_ref(),
                &member.segment,
                &score(member.r),
                &score(member.f),
                &score(member.m),
                &member.recency.to_string(),
                &member.frequency.to_string(),
                &member.monetary.to_string(),
            ])
            .map_err(Error::internal)?;
    }
    Ok(Bytes::from(
        writer
            .into_inner()
            .map_err(|error| Error::internal(error.to_string()))?,
    ))
}

//! Rows that leave as files, streamed: rejected rows of an upload, members of a group.

use crate::api::input::{Params, number};
use crate::problem::Answer;
use crate::session::Acting;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use engine::auth::Actor;
use engine::segments::{self, MembersFile};
use engine::{Engine, uploads};
use futures::{Stream, StreamExt, TryStreamExt};
use types::auth::Right;

/// Rejected rows, as they are: people correct them and send the file again, so nothing is added to a cell.
pub async fn rejects(engine: &Engine, actor: &Actor, id: i64) -> Answer {
    let lines = uploads::rejects(engine, actor, id).await?;
    Ok(csv(&format!("upload-{id}-rejects.csv"), lines))
}

pub async fn members(engine: &Engine, actor: &Actor, run: i64, segment: Option<&str>, file: MembersFile) -> Answer {
    let lines = segments::members_csv(engine, actor, run, segment, file).await?;
    let name = segment.map_or_else(
        || format!("run-{run}-members.csv"),
        |key| format!("run-{run}-{key}-members.csv"),
    );
    Ok(csv(&name, lines))
}

/// The external ids of a saved segment.
pub async fn segment_members(engine: &Engine, actor: &Actor, id: i64, file: MembersFile) -> Answer {
    let lines = segments::segment_csv(engine, actor, id, file).await?;
    Ok(csv(&format!("segment-{id}-members.csv"), lines))
}

/// The link of the page of an upload.
pub async fn page_rejects(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    actor.require(Right::Upload)?;
    params.finish()?;
    rejects(&engine, &actor, number(&id, "Upload")?).await
}

/// The link of the page of a run: for people, who open it in a spreadsheet.
pub async fn page_members(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    mut params: Params,
) -> Answer {
    actor.require(Right::Export)?;
    let segment = params.text("segment");
    params.finish()?;
    members(
        &engine,
        &actor,
        number(&id, "Run")?,
        segment.as_deref(),
        MembersFile::Spreadsheet,
    )
    .await
}

fn csv(name: &str, lines: impl Stream<Item = engine::Result<Bytes>> + Send + 'static) -> Response {
    // An error in the middle breaks the transfer off, so that half a file is not taken for a whole one.
    // Fused, because the compressor asks once more after the end.
    let lines = lines
        .inspect_err(|error| tracing::error!(error = %error.causes(), "a file could not be written to its end"))
        .fuse();
    named(name, "text/csv; charset=utf-8", Body::from_stream(lines))
}

/// An answer that browsers save under a name.
pub fn named(name: &str, kind: &'static str, body: impl Into<Body>) -> Response {
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let mut response = body.into().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_quotes() {
        let response = named("a\"b\r\nc;汉.csv", "text/csv", "x");
        assert_eq!(
            response.headers()[header::CONTENT_DISPOSITION],
            "attachment; filename=\"a-b--c--.csv\""
        );
    }
}

//! Rows that leave as files, streamed: rejected rows of an upload, members of a group.

use crate::api::input::{Params, number};
use crate::problem::Answer;
use crate::session::Acting;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use engine::auth::Actor;
use engine::segments::{self, Cell, MembersFile, MembersOf};
use engine::uploads::TemplateLanguage;
use engine::{Engine, Error, tags, uploads};
use futures::{Stream, StreamExt, TryStreamExt};
use tokio_util::io::ReaderStream;
use types::auth::Right;
use types::columns::column_list;
use types::uploads::UploadKind;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Rejected rows, as they are: people correct them and send the file again, so nothing is added to a cell.
pub async fn rejects(engine: &Engine, actor: &Actor, id: i64) -> Answer {
    let lines = uploads::rejects(engine, actor, id).await?;
    Ok(csv(&format!("upload-{id}-rejects.csv"), lines))
}

pub async fn members(engine: &Engine, actor: &Actor, run: i64, segment: Option<&str>, file: MembersFile) -> Answer {
    let lines = segments::members_csv(engine, actor, run, segment, file).await?;
    let of = MembersOf::Run {
        run,
        segment: segment.map(str::to_owned),
    };
    Ok(csv(&list_name(&of, "csv"), lines))
}

/// Who went from one group of a run to another group of a later one.
pub async fn moved(engine: &Engine, actor: &Actor, id: &str, mut params: Params, file: MembersFile) -> Answer {
    actor.require(Right::Export)?;
    let from = params
        .required::<i64>("from", "the number of a run")
        .unwrap_or_default();
    let cell = Cell {
        from: params.text("from_segment"),
        to: params.text("to_segment"),
    };
    params.finish()?;
    let to = number(id, "Run")?;
    let name = format!(
        "run-{from}-{}-to-run-{to}-{}.csv",
        cell.from.as_deref().unwrap_or("none"),
        cell.to.as_deref().unwrap_or("none")
    );
    let lines = segments::moved_csv(engine, actor, from, to, cell, file).await?;
    Ok(csv(&name, lines))
}

/// The link of the page of moves.
pub async fn page_moved(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    moved(&engine, &actor, &id, params, MembersFile::Spreadsheet).await
}

/// The external ids of a saved segment.
pub async fn segment_members(engine: &Engine, actor: &Actor, id: i64, file: MembersFile) -> Answer {
    let lines = segments::segment_csv(engine, actor, id, file).await?;
    Ok(csv(&list_name(&MembersOf::Segment(id), "csv"), lines))
}

/// The members of a segment or a run with chosen columns, or with the usual ones.
pub async fn list_csv(
    engine: &Engine,
    actor: &Actor,
    of: MembersOf,
    columns: Option<&str>,
    file: MembersFile,
) -> Answer {
    match (columns, &of) {
        (Some(columns), _) => {
            let lines = segments::take_out_csv(engine, actor, &of, columns, file).await?;
            Ok(csv(&list_name(&of, "csv"), lines))
        }
        (None, MembersOf::Segment(id)) => segment_members(engine, actor, *id, file).await,
        (None, MembersOf::Run { run, segment }) => members(engine, actor, *run, segment.as_deref(), file).await,
    }
}

/// The same as a workbook.
pub async fn list_xlsx(engine: &Engine, actor: &Actor, of: MembersOf, columns: Option<&str>) -> Answer {
    let file = segments::take_out_xlsx(engine, actor, &of, columns).await?;
    let length = file.metadata().map_err(Error::from)?.len();
    let body = Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(file), 1 << 16));
    let mut response = named(&list_name(&of, "xlsx"), XLSX, body);
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    Ok(response)
}

fn list_name(of: &MembersOf, ending: &str) -> String {
    match of {
        MembersOf::Segment(id) => format!("segment-{id}-members.{ending}"),
        MembersOf::Run { run, segment: None } => format!("run-{run}-members.{ending}"),
        MembersOf::Run {
            run,
            segment: Some(key),
        } => format!("run-{run}-{key}-members.{ending}"),
    }
}

/// What a form with a box for each column sends: `column` as often as boxes are ticked. `columns` is a list, as programs write it.
fn ticked(query: Option<&str>) -> (Option<String>, Params) {
    let pairs = app::context::pairs(query.unwrap_or_default());
    let (boxes, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "column");
    let keys: Vec<&str> = boxes.iter().map(|(_, key)| key.as_str()).collect();
    let mut params = Params::of(others);
    let listed = params.text("columns");
    ((!keys.is_empty()).then(|| column_list(&keys)).or(listed), params)
}

/// The external ids of a tag with their values.
pub async fn tag_members(engine: &Engine, actor: &Actor, id: i64, value: Option<&str>, file: MembersFile) -> Answer {
    let lines = tags::tag_csv(engine, actor, id, value, file).await?;
    let name = value.map_or_else(
        || format!("tag-{id}-members.csv"),
        |value| format!("tag-{id}-{value}-members.csv"),
    );
    Ok(csv(&name, lines))
}

/// The link of the page of a tag: for people, who open it in a spreadsheet.
pub async fn page_tag_members(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    mut params: Params,
) -> Answer {
    actor.require(Right::Export)?;
    let value = params.text("value");
    params.finish()?;
    let file = MembersFile::Spreadsheet;
    tag_members(&engine, &actor, number(&id, "Tag")?, value.as_deref(), file).await
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

/// A template of an upload kind; `lang` is the language of its header, English when absent.
pub fn template(file: &str, mut params: Params) -> Answer {
    let kind = file.strip_suffix(".csv").and_then(UploadKind::parse);
    let kind = kind.ok_or_else(|| Error::not_found(format!("A template {file}")))?;
    let lang = params.text("lang").unwrap_or_else(|| "en".into());
    let language = TemplateLanguage::parse(&lang);
    if language.is_none() {
        params.fault("lang", &format!("\u{201c}{lang}\u{201d} is neither en nor zh-CN"));
    }
    params.finish()?;
    let bytes = uploads::template(kind, language.unwrap_or(TemplateLanguage::English))?;
    let name = format!("{}-{lang}.csv", kind.as_str());
    Ok(named(&name, "text/csv; charset=utf-8", bytes))
}

/// The link of the page of a new upload.
pub async fn page_template(Acting(actor): Acting, Path(file): Path<String>, params: Params) -> Answer {
    actor.require(Right::Upload)?;
    template(&file, params)
}

/// The links and the form of the page of a run: for people, who open it in a spreadsheet.
pub async fn page_members(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (of, columns) = of_run(&actor, &id, query.as_deref())?;
    list_csv(&engine, &actor, of, columns.as_deref(), MembersFile::Spreadsheet).await
}

pub async fn page_members_xlsx(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (of, columns) = of_run(&actor, &id, query.as_deref())?;
    list_xlsx(&engine, &actor, of, columns.as_deref()).await
}

fn of_run(actor: &Actor, id: &str, query: Option<&str>) -> Result<(MembersOf, Option<String>), Error> {
    actor.require(Right::Export)?;
    let (columns, mut params) = ticked(query);
    let segment = params.text("segment");
    params.finish()?;
    let run = number(id, "Run")?;
    Ok((MembersOf::Run { run, segment }, columns))
}

/// The links and the form of the page of a saved segment.
pub async fn page_segment_members(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (of, columns) = of_segment(&actor, &id, query.as_deref())?;
    list_csv(&engine, &actor, of, columns.as_deref(), MembersFile::Spreadsheet).await
}

pub async fn page_segment_members_xlsx(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (of, columns) = of_segment(&actor, &id, query.as_deref())?;
    list_xlsx(&engine, &actor, of, columns.as_deref()).await
}

fn of_segment(actor: &Actor, id: &str, query: Option<&str>) -> Result<(MembersOf, Option<String>), Error> {
    actor.require(Right::Export)?;
    let (columns, params) = ticked(query);
    params.finish()?;
    Ok((MembersOf::Segment(number(id, "Segment")?), columns))
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

    #[test]
    fn boxes_of_a_form_are_a_list_of_columns() {
        let (columns, params) = ticked(Some("column=city&segment=&column=tag%3Aa%2Cb"));
        assert_eq!(columns.as_deref(), Some("city,\"tag:a,b\""));
        assert!(params.finish().is_err(), "the segment is still to be taken");
        assert_eq!(ticked(Some("columns=age")).0.as_deref(), Some("age"));
        assert_eq!(ticked(None).0, None);
    }

    #[test]
    fn templates_by_kind_and_language() {
        let asked = |file: &str, query: &str| template(file, Params::read(query));
        let answer = asked("order_lines.csv", "lang=zh-CN").ok().unwrap();
        assert_eq!(
            answer.headers()[header::CONTENT_DISPOSITION],
            "attachment; filename=\"order_lines-zh-CN.csv\""
        );
        assert!(asked("customers.csv", "").is_ok());
        assert_eq!(asked("nothing.csv", "").err().unwrap().0.status(), 404);
        assert_eq!(asked("customers.csv", "lang=tlh").err().unwrap().0.status(), 422);
    }
}

//! Members of a segment or of a run with the columns that somebody chose, as CSV or as a workbook. Taking them out is a right of its own,
//! personal columns are another, and what left is logged, column by column.
//!
//! Columns of customers are those of the newest data; what a run says of its members is as it was sealed.

mod columns;
mod csv;
#[cfg(test)]
mod tests;
mod xlsx;

use self::columns::{Entry, Origin};
use super::members::labels_of;
use super::{MembersFile, day_of, get_run, saved};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::tags::{self, TagColumn};
use crate::{Engine, audit};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::Stream;
use serde_json::json;
use std::sync::Arc;
use types::auth::Right;
use types::columns::MemberColumn;
use warehouse::Snapshot;
use warehouse::roster::{Ask, Roster, Source, Who};

/// Whose members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MembersOf {
    /// A saved segment.
    Segment(i64),
    /// A group of a run, or all whom it covers.
    Run { run: i64, segment: Option<String> },
}

/// What is about to leave.
struct Leaving {
    keys: Vec<String>,
    roster: Roster,
    rows: u64,
    /// As the audit log and the workbook name it.
    of: String,
    data_version: i64,
    data_as_of: Option<DateTime<Utc>>,
    currency: String,
}

/// Every column that there is, with whether this person may have it. `run` is the run whose members are meant.
pub async fn member_columns(engine: &Engine, actor: &Actor, run: Option<i64>) -> Result<Vec<MemberColumn>> {
    actor.require(Right::Export)?;
    let labels = match run {
        Some(run) => Some(labels_of(engine, actor, run, None).await?.1),
        None => None,
    };
    let snapshot = with_data(engine).await?;
    let all = columns::catalogue(engine, actor, &snapshot, labels.as_deref()).await?;
    Ok(all.into_iter().map(|entry| entry.column).collect())
}

/// Lines of the columns that are named in `columns`, by rising customer number. Few rows are in memory at a time.
pub async fn take_out_csv(
    engine: &Engine,
    actor: &Actor,
    of: &MembersOf,
    columns: &str,
    file: MembersFile,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    let leaving = leaving(engine, actor, of, Some(columns), "csv").await?;
    Ok(csv::lines(leaving.keys, leaving.roster, file))
}

/// The same as a workbook, in a file without a name that stands at its beginning; without names the usual columns. More rows than a
/// spreadsheet holds are refused before anything is written.
pub async fn take_out_xlsx(
    engine: &Engine,
    actor: &Actor,
    of: &MembersOf,
    columns: Option<&str>,
) -> Result<std::fs::File> {
    let leaving = leaving(engine, actor, of, columns, "xlsx").await?;
    let spill = engine.config().spill_dir();
    tokio::task::spawn_blocking(move || xlsx::write(leaving, &spill)).await?
}

async fn leaving(
    engine: &Engine,
    actor: &Actor,
    of: &MembersOf,
    columns: Option<&str>,
    format: &'static str,
) -> Result<Leaving> {
    actor.require(Right::Export)?;
    let snapshot = with_data(engine).await?;
    let (who, labels, rows, object, action) = match of {
        MembersOf::Segment(id) => {
            let group = saved::group(engine, &snapshot, *id).await?;
            let rows = group.size().unwrap_or_else(|| snapshot.customers());
            (Who::Group(group), None, rows, format!("segment {id}"), "segment.export")
        }
        MembersOf::Run { run, segment } => {
            let (found, labels) = labels_of(engine, actor, *run, segment.as_deref()).await?;
            let sizes = found
                .segments
                .iter()
                .filter(|group| segment.as_ref().is_none_or(|key| *key == group.key));
            let rows = match segment {
                Some(_) => sizes.map(|group| group.size).sum::<i64>(),
                None => found.covered,
            };
            let who = Who::Run {
                labels: labels.clone(),
                segment: segment.clone(),
            };
            (
                who,
                Some(labels),
                rows.unsigned_abs(),
                format!("run {run}"),
                "segmentation.export",
            )
        }
    };
    let all = columns::catalogue(engine, actor, &snapshot, labels.as_deref()).await?;
    let chosen = columns::chosen(all, columns)?;
    if format == "xlsx" {
        xlsx::refuse_too_large(rows, chosen.len())?;
    }
    let personal: Vec<&str> = chosen
        .iter()
        .filter(|entry| entry.column.personal)
        .map(|entry| entry.column.key.as_str())
        .collect();
    let mut detail = json!({
        "format": format,
        "columns": chosen.iter().map(|entry| entry.column.key.as_str()).collect::<Vec<_>>(),
        "personal": personal,
        "rows": rows,
        "data_version": snapshot.version(),
    });
    if let MembersOf::Run { run, segment } = of {
        detail["segment"] = json!(segment);
        detail["run_data_version"] = json!(get_run(engine, actor, *run).await?.data_version);
    }
    let keys = chosen.iter().map(|entry| entry.column.key.clone()).collect();
    let roster = open(engine, &snapshot, who, chosen).await?;
    let mut tx = engine.pool().begin().await?;
    audit::record(&mut tx, actor, action, &object, detail).await?;
    tx.commit().await?;
    Ok(Leaving {
        keys,
        roster,
        rows,
        of: object,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        currency: snapshot.currency().to_owned(),
    })
}

async fn open(engine: &Engine, snapshot: &Snapshot, who: Who, chosen: Vec<Entry>) -> Result<Roster> {
    let mut ask = Ask {
        who,
        columns: Vec::with_capacity(chosen.len()),
        tags: Vec::new(),
        as_of: day_of(engine, snapshot),
    };
    for entry in chosen {
        let source = match entry.origin {
            Origin::Source(source) => source,
            Origin::Tag(name) => match tags::column(engine, snapshot, &name).await? {
                TagColumn::Field(field) => Source::Field(field),
                TagColumn::Groups(groups) => {
                    ask.tags.push(groups);
                    Source::Tag(ask.tags.len() - 1)
                }
            },
        };
        if let Source::Label { labels, .. } = &source {
            engine.warehouse().fetch_labels(labels).await?;
        }
        ask.columns.push(source);
    }
    Ok(snapshot.roster(ask)?)
}

async fn with_data(engine: &Engine) -> Result<Arc<Snapshot>> {
    let snapshot = engine.snapshot().await?;
    if snapshot.version() == 0 {
        return Err(Error::Conflict("There is no data yet. Upload customers first.".into()));
    }
    Ok(snapshot)
}

//! Reports as files: the same rows as the page, made from the same answer of the same service, so that a file cannot say something else than
//! the screen. A new report is one entry here.
//!
//! Must not compute a figure.

mod campaigns;
mod csv;
mod groups;
mod sheet;
#[cfg(test)]
mod tests;
mod xlsx;

pub use csv::{csv_writer, guarded, write_csv};
pub use sheet::{Cell, Column, Report, Sheet, Unit};
pub use xlsx::write_xlsx;

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, audit};
use serde_json::json;
use types::auth::Right;
use types::query::{GroupRef, Period};

/// The query of a page, as far as reports read it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportQuery {
    pub period: Option<Period>,
    /// External id of a campaign.
    pub campaign: Option<String>,
    pub run: Option<i64>,
    pub segment: Option<GroupRef>,
    pub baseline: Option<GroupRef>,
}

/// A report and the keys of the query that it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: &'static str,
    pub reads: &'static [&'static str],
}

pub const REPORTS: &[Entry] = &[
    Entry {
        name: "campaigns",
        reads: &["from", "to"],
    },
    Entry {
        name: "campaign",
        reads: &["campaign", "from", "to"],
    },
    Entry {
        name: "segments",
        reads: &["run"],
    },
    Entry {
        name: "portrait",
        reads: &["segment", "baseline"],
    },
];

/// The entry of a name.
pub fn entry(name: &str) -> Result<Entry> {
    REPORTS
        .iter()
        .find(|entry| entry.name == name)
        .copied()
        .ok_or_else(|| Error::not_found(format!("Report {name}")))
}

/// The rows of a report. Needs the right *export*, and is logged, because a file leaves the product. `format` is what it is written as.
pub async fn build_report(
    engine: &Engine,
    actor: &Actor,
    name: &str,
    query: &ReportQuery,
    format: &str,
) -> Result<Report> {
    actor.require(Right::Export)?;
    let report = match entry(name)?.name {
        // Boxed: together they would take more of a thread's stack than everything around them.
        "campaigns" => Box::pin(campaigns::all(engine, actor, query)).await?,
        "campaign" => Box::pin(campaigns::one(engine, actor, query)).await?,
        "segments" => Box::pin(groups::run(engine, actor, query)).await?,
        _ => Box::pin(groups::portrait(engine, actor, query)).await?,
    };
    let rows = report.sheets.first().map(|sheet| sheet.rows.len());
    log_export(engine, actor, name, format, rows, report.data_version).await?;
    Ok(report)
}

/// Checks the right *export* and notes that a report leaves the product, whoever wrote it.
pub async fn log_export(
    engine: &Engine,
    actor: &Actor,
    name: &str,
    format: &str,
    rows: Option<usize>,
    data_version: i64,
) -> Result<()> {
    actor.require(Right::Export)?;
    let mut tx = engine.pool().begin().await?;
    let detail = json!({ "format": format, "rows": rows, "data_version": data_version });
    audit::record(&mut tx, actor, "report.export", &format!("report {name}"), detail).await?;
    tx.commit().await?;
    Ok(())
}

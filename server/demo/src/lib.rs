#![doc = include_str!("../README.md")]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests"))]

mod always_on;
mod block;
mod calendar;
mod campaign_list;
mod campaigns;
mod catalogue;
mod contacts;
mod days;
mod draw;
mod interactions;
mod kinds;
mod model;
mod names;
mod orders;
mod people;
mod phrases;
mod places;
pub mod planted;
mod reviews;
mod rows;
mod run;
mod small_files;
mod tally;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What was planted, as JSON; written last.
pub const PLANTED_FILE: &str = "planted.json";
/// Name, without `.csv`, of the file that says of which latent kind each customer is. It is no upload.
pub const PLANTED_CUSTOMERS: &str = "planted_customers";

/// What to generate, and where.
#[derive(Clone, Copy, Debug)]
pub struct DemoConfig<'a> {
    /// At least 1; orders come to about ten times as many.
    pub customers: u64,
    pub seed: u64,
    /// The last day on which anything happens, in UTC. Choose a day that is over: what lies in the future is not yet counted.
    pub end: NaiveDate,
    /// Made if it is not there; files of an earlier run are replaced.
    pub output: &'a Path,
}

/// How far it is; called after every block of customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub customers: u64,
    pub of: u64,
    /// Rows written so far, over all files.
    pub rows: u64,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The files to upload, in the order in which that is best done.
    pub files: Vec<DemoFile>,
    /// The first local day that has orders.
    pub first_day: NaiveDate,
    /// None when nobody ordered, which takes very few customers.
    pub first_order: Option<DateTime<Utc>>,
    pub last_order: Option<DateTime<Utc>>,
}

impl Summary {
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// One file to upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoFile {
    /// The upload kind, as the API spells it.
    pub kind: String,
    /// File name inside the output folder.
    pub name: String,
    /// Rows without the header.
    pub rows: u64,
    pub bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("a demo needs at least one customer")]
    NoCustomers,
    #[error("the demo cannot end on {0}: the days of the Chinese New Year are known for ends from 2020 to 2040")]
    End(NaiveDate),
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("cannot describe what was planted: {0}")]
    Json(serde_json::Error),
    #[error("a thread of the generator stopped before it was done")]
    Thread,
}

/// Writes the files of a demo. The same configuration gives the same bytes, on any number of threads.
pub fn generate(config: &DemoConfig<'_>, progress: &mut dyn FnMut(Progress)) -> Result<Summary, DemoError> {
    if config.customers == 0 {
        return Err(DemoError::NoCustomers);
    }
    if !(calendar::ENDS.0..=calendar::ENDS.1).contains(&config.end.year()) {
        return Err(DemoError::End(config.end));
    }
    let model = model::Model::new(config.seed, config.customers, config.end);
    run::run(&model, config.output, progress)
}

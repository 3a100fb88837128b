//! How are the members of groups spread over every dimension, and what are their measures? One scan over the features answers for all groups
//! and all dimensions. Whether a difference means anything is decided elsewhere.

pub(crate) mod columns;
mod count;

use crate::derive::FEATURES;
use crate::error::{Error, Result};
use crate::labels::Group;
use crate::read::Rows;
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use futures::TryStreamExt;
use std::sync::Arc;

use self::columns::Plan;
use self::count::Tally;

/// What the members of one group have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    pub size: u64,
    pub dimensions: Vec<DimensionCounts>,
    pub measures: Vec<MeasureFigures>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DimensionCounts {
    pub name: String,
    /// Members whose value is known.
    pub known: u64,
    /// Values that occur, the most frequent first.
    pub values: Vec<(String, u64)>,
}

/// A number per member, of those who have one.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureFigures {
    pub name: String,
    pub count: u64,
    pub mean: f64,
    /// Divided by n - 1; 0 with fewer than two.
    pub variance: f64,
    pub median: Option<f64>,
}

impl Snapshot {
    /// The distribution of each group at the local date `as_of`, on which ages and days since the last order depend.
    pub async fn distributions(&self, as_of: NaiveDate, groups: Vec<Group>) -> Result<Vec<Distribution>> {
        let this = self.clone();
        self.run(async move { distributions(&this, as_of, groups).await }).await
    }
}

async fn distributions(snapshot: &Snapshot, as_of: NaiveDate, groups: Vec<Group>) -> Result<Vec<Distribution>> {
    let groups = Arc::new(groups);
    let frame = snapshot
        .plan(&format!("select * from {FEATURES} limit 0"), Vec::new())
        .await?;
    let plan = Arc::new(Plan::of(frame.schema().as_arrow(), as_of));
    let columns: Vec<String> = plan
        .columns()
        .map(|name| format!("\"{}\"", name.replace('"', "\"\"")))
        .collect();
    let sql = format!("select {} from {FEATURES}", columns.join(", "));
    let streams = snapshot
        .plan(&sql, Vec::new())
        .await?
        .execute_stream_partitioned()
        .await?;
    let parts: Vec<_> = streams
        .into_iter()
        .map(|mut stream| {
            let (plan, groups) = (Arc::clone(&plan), Arc::clone(&groups));
            tokio::spawn(async move {
                let mut tally = Tally::new(&plan, groups.len());
                while let Some(batch) = stream.try_next().await? {
                    tally.take(&plan, &Rows(&batch), &groups)?;
                }
                Ok::<_, Error>(tally)
            })
        })
        .collect();
    let mut all = Tally::new(&plan, groups.len());
    for part in parts {
        all.add(part.await.map_err(|ended| Error::Ended(ended.to_string()))??);
    }
    all.finish(&plan).await
}

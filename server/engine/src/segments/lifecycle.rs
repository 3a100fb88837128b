//! Doing a run of lifecycle stages: days of orders from the sealed files, the stage of each customer from `analytics`.

use super::jobs::{Found, profile};
use super::names;
use super::params::StageParams;
use crate::error::{Error, Result};
use crate::queue::JobContext;
use analytics::lifecycle::{self, Stage};
use analytics::rfm;
use chrono::NaiveDate;
use types::runs::RunDetails;
use types::segments::{Quality, RunSegment};
use warehouse::Snapshot;
use warehouse::query::rfm::RfmColumns;
use warehouse::query::rhythm::OrderDays;

pub(super) async fn run(ctx: &JobContext, snapshot: &Snapshot, params: StageParams, as_of: NaiveDate) -> Result<Found> {
    ctx.step("reading", 0);
    let columns = snapshot.rfm(as_of).await?;
    let days = snapshot.order_days(as_of).await?;
    ctx.check_cancelled()?;
    if days.customer_no != columns.customer_no {
        return Err(Error::internal(
            "the order days are not those of the customers with orders",
        ));
    }
    ctx.step("staging", columns.customer_no.len() as i64);
    let today = days_since_1970(as_of);
    Ok(tokio::task::spawn_blocking(move || staged(columns, &days, today, params)).await?)
}

fn days_since_1970(day: NaiveDate) -> i32 {
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn staged(columns: RfmColumns, days: &OrderDays, today: i32, params: StageParams) -> Found {
    let days = days.each();
    let stages = lifecycle::stages(&days, today, params.limits());
    let labels: Vec<u8> = stages.iter().map(|stage| stage.index() as u8).collect();
    let figures = rfm::figures(
        &columns.recency,
        &columns.frequency,
        &columns.monetary,
        &labels,
        Stage::ALL.len(),
    );
    let segments = Stage::ALL
        .iter()
        .zip(&figures)
        .map(|(stage, figures)| RunSegment {
            key: stage.key().to_owned(),
            name: names::stage(*stage),
            own_name: false,
            size: figures.size as i64,
            share: figures.share,
            profile: profile(figures),
            traits: Vec::new(),
        })
        .collect();
    let details = RunDetails {
        usual_gap_days: Some(lifecycle::usual_gap(&days)),
        ..RunDetails::default()
    };
    Found {
        columns,
        keys: Stage::ALL.iter().map(|stage| stage.key().to_owned()).collect(),
        labels,
        scores: None,
        segments,
        quality: Quality::default(),
        details,
    }
}

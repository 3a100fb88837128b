//! Doing a segmentation run: columns from the sealed files, scores from `analytics`, labels sealed, summary in one row.

use super::{names, store};
use crate::Engine;
use crate::error::{Error, Result};
use crate::queue::JobContext;
use analytics::rfm::{self, RfmScores, Segment, SegmentSummary};
use serde::Deserialize;
use types::jobs::Job;
use types::segments::{RfmProfile, RunSegment};
use warehouse::labels::RfmLabels;
use warehouse::query::rfm::RfmColumns;

/// Best customers first, as lists show them.
const ORDER: [Segment; 10] = [
    Segment::Champions,
    Segment::Loyal,
    Segment::PotentialLoyalist,
    Segment::New,
    Segment::Promising,
    Segment::NeedAttention,
    Segment::AboutToSleep,
    Segment::AtRisk,
    Segment::CantLose,
    Segment::Hibernating,
];

#[derive(Deserialize)]
struct Args {
    run_id: i64,
}

pub async fn run_segmentation(ctx: &JobContext) -> Result<()> {
    let Args { run_id } = ctx.args()?;
    let engine = &ctx.engine;
    let run = store::find(engine.pool(), run_id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Run {run_id}")))?;
    store::set_running(engine.pool(), run_id).await?;
    let snapshot = engine.snapshot().await?;
    let as_of = run
        .as_of
        .or_else(|| snapshot.today())
        .ok_or_else(|| Error::Conflict("There is no dated fact yet. Upload orders first.".into()))?;
    ctx.step("reading", 0);
    let columns = snapshot.rfm(as_of).await?;
    ctx.check_cancelled()?;
    ctx.step("scoring", columns.customer_no.len() as i64);
    let (labels, segments) = tokio::task::spawn_blocking(move || scored(columns)).await?;
    ctx.check_cancelled()?;
    ctx.step("writing", 0);
    let covered = labels.columns.customer_no.len() as i64;
    let file = snapshot.write_labels(run_id, labels).await?;
    let outcome = store::Outcome {
        as_of,
        segments: serde_json::to_value(segments)?,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        currency: snapshot.currency(),
        covered,
        customers: snapshot.customers() as i64,
        labels_path: &file.path,
        labels_checksum: &file.checksum,
    };
    let mut tx = engine.pool().begin().await?;
    store::finish(&mut tx, run_id, &outcome).await?;
    crate::tags::run_ended(&mut tx, &run.method, snapshot.version()).await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// After a job has failed for good or was cancelled.
pub async fn ended(engine: &Engine, job: &Job) -> Result<()> {
    store::set_failed(engine.pool(), job.id).await
}

fn scored(columns: RfmColumns) -> (RfmLabels, Vec<RunSegment>) {
    let scores = rfm::score(&columns.recency, &columns.frequency, &columns.monetary);
    let summaries = rfm::summarise(&columns.recency, &columns.frequency, &columns.monetary, &scores);
    let RfmScores { r, f, m, .. } = scores;
    let segment = r.iter().zip(&f).map(|(r, f)| rfm::cell(*r, *f).index() as u8).collect();
    let keys = Segment::ALL.iter().map(|segment| segment.key().to_owned()).collect();
    let segments = ORDER
        .iter()
        .filter_map(|wanted| summaries.iter().find(|summary| summary.segment == *wanted))
        .map(described)
        .collect();
    (
        RfmLabels {
            columns,
            keys,
            segment,
            r,
            f,
            m,
        },
        segments,
    )
}

fn described(summary: &SegmentSummary) -> RunSegment {
    let middle = |middle: Option<rfm::Middle>| middle.map_or((0.0, 0.0), |middle| (middle.mean, middle.median));
    let (recency, frequency, monetary) = (
        middle(summary.recency),
        middle(summary.frequency),
        middle(summary.monetary),
    );
    RunSegment {
        key: summary.segment.key().to_owned(),
        name: names::rfm(summary.segment.key()),
        size: summary.size as i64,
        share: summary.share,
        profile: RfmProfile {
            recency_mean: recency.0,
            recency_median: recency.1,
            frequency_mean: frequency.0,
            frequency_median: frequency.1,
            monetary_mean: monetary.0,
            monetary_median: monetary.1,
            monetary_total: summary.monetary_total,
        },
    }
}

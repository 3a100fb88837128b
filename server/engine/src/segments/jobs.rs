//! Doing a segmentation run: columns from the sealed files, groups from `analytics`, labels sealed, summary in one row.

use super::params::{self, Params, RfmParams};
use super::{clusters, lifecycle, names, store};
use crate::Engine;
use crate::error::{Error, Result};
use crate::queue::JobContext;
use analytics::rfm::{self, GroupFigures, RfmScores, Segment};
use chrono::NaiveDate;
use serde::Deserialize;
use types::jobs::Job;
use types::runs::{RunCuts, RunDetails};
use types::segments::{Method, Quality, RfmProfile, RunSegment};
use warehouse::Snapshot;
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

/// What a method found, before it is sealed.
pub(super) struct Found {
    pub columns: RfmColumns,
    /// Keys of the groups, and the place of each customer's group among them.
    pub keys: Vec<String>,
    pub labels: Vec<u8>,
    pub scores: Option<RfmScores>,
    /// In the order in which lists show them.
    pub segments: Vec<RunSegment>,
    pub quality: Quality,
    pub details: RunDetails,
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
    let method =
        Method::parse(&run.method).ok_or_else(|| Error::internal(format!("run {run_id} has an unknown method")))?;
    let found = match read_params(&snapshot, method, run.params)? {
        Params::Rfm(params) => scored_run(ctx, &snapshot, params, as_of).await?,
        Params::Clusters(params) => clusters::run(ctx, &snapshot, method, params, run.seed, as_of).await?,
        Params::Lifecycle(params) => lifecycle::run(ctx, &snapshot, params, as_of).await?,
    };
    ctx.check_cancelled()?;
    ctx.step("writing", 0);
    let covered = found.labels.len() as i64;
    let RfmScores { r, f, m, .. } = found.scores.unwrap_or_default();
    let labels = RfmLabels {
        columns: found.columns,
        keys: found.keys,
        segment: found.labels,
        r,
        f,
        m,
    };
    let file = snapshot.write_labels(run_id, labels).await?;
    let outcome = store::Outcome {
        as_of,
        segments: serde_json::to_value(found.segments)?,
        quality: serde_json::to_value(found.quality)?,
        details: serde_json::to_value(found.details)?,
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
    crate::tags::run_changed(&mut tx, &run.method, snapshot.version()).await?;
    ctx.fence(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Parameters of a run, checked against a version of the data.
pub(super) fn read_params(snapshot: &Snapshot, method: Method, params: serde_json::Value) -> Result<Params> {
    let attributes = snapshot.attributes()?;
    let is_word = |name: &str| {
        use types::rules::ValueKind;
        use warehouse::query::chosen::{CHOICES, FeatureKind};
        match CHOICES.iter().find(|choice| choice.name == name) {
            Some(choice) => Some(choice.kind == FeatureKind::Word),
            None => attributes.get(name).map(|kind| *kind != ValueKind::Number),
        }
    };
    let params = serde_json::from_value(params)?;
    params::read(method, &params, &is_word)
}

/// After a job has failed for good or was cancelled.
pub async fn ended(engine: &Engine, job: &Job) -> Result<()> {
    store::set_failed(engine.pool(), job.id).await
}

async fn scored_run(ctx: &JobContext, snapshot: &Snapshot, params: RfmParams, as_of: NaiveDate) -> Result<Found> {
    ctx.step("reading", 0);
    let columns = snapshot.rfm(as_of).await?;
    ctx.check_cancelled()?;
    ctx.step("scoring", columns.customer_no.len() as i64);
    Ok(tokio::task::spawn_blocking(move || scored(columns, &params)).await?)
}

fn scored(columns: RfmColumns, params: &RfmParams) -> Found {
    let mut scores = rfm::score(&columns.recency, &columns.frequency, &columns.monetary);
    if let Some(given) = params.cutoffs {
        // Money makes no group, so its cuts may be left to the customers.
        let cuts = rfm::RfmCuts {
            r: given.r,
            f: given.f,
            m: given.m.or(scores.cuts.m),
        };
        scores = rfm::score_with(&columns.recency, &columns.frequency, &columns.monetary, cuts);
    }
    let grid = params.cells();
    let cell = |(r, f): (&u8, &u8)| rfm::cell_in(&grid, *r, *f).index() as u8;
    let labels: Vec<u8> = scores.r.iter().zip(&scores.f).map(cell).collect();
    let figures = rfm::figures(
        &columns.recency,
        &columns.frequency,
        &columns.monetary,
        &labels,
        Segment::ALL.len(),
    );
    let segments = ORDER
        .iter()
        .filter(|segment| params.grid.is_none() || grid.iter().flatten().any(|used| used == *segment))
        .map(|segment| described(*segment, &figures[segment.index()], params))
        .collect();
    let details = RunDetails {
        cuts: Some(RunCuts {
            r: scores.cuts.r,
            f: scores.cuts.f,
            m: scores.cuts.m,
        }),
        ..RunDetails::default()
    };
    Found {
        columns,
        keys: Segment::ALL.iter().map(|segment| segment.key().to_owned()).collect(),
        labels,
        scores: Some(scores),
        segments,
        quality: Quality::default(),
        details,
    }
}

fn described(segment: Segment, figures: &GroupFigures, params: &RfmParams) -> RunSegment {
    let own = params.names.get(segment.key());
    RunSegment {
        key: segment.key().to_owned(),
        name: own.map_or_else(|| names::rfm(segment.key()), |name| name.trim().to_owned()),
        own_name: own.is_some(),
        size: figures.size as i64,
        share: figures.share,
        profile: profile(figures),
        traits: Vec::new(),
    }
}

pub(super) fn profile(figures: &GroupFigures) -> RfmProfile {
    let middle = |middle: Option<rfm::Middle>| middle.map_or((0.0, 0.0), |middle| (middle.mean, middle.median));
    let (recency, frequency, monetary) = (
        middle(figures.recency),
        middle(figures.frequency),
        middle(figures.monetary),
    );
    RfmProfile {
        recency_mean: recency.0,
        recency_median: recency.1,
        frequency_mean: frequency.0,
        frequency_median: frequency.1,
        monetary_mean: monetary.0,
        monetary_median: monetary.1,
        monetary_total: figures.monetary_total,
    }
}

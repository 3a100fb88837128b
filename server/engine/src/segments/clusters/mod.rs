//! Doing a run that groups customers who resemble each other: k-means over numbers, k-prototypes over numbers and categories. Columns come from
//! the sealed files, the maths from `analytics`; here is what is measured, on which sample, and in which order the groups are named.

mod features;
mod naming;
#[cfg(test)]
mod tests;

pub(super) use naming::english;

use self::features::{Prepared, prepare};
use super::jobs::Found;
use super::params::{Auto, ClusterParams, LEAST_K, MOST_K, SCORED};
use crate::error::{Error, Result};
use crate::queue::{JobContext, Progress};
use analytics::clusters::{self, Candidate, KChoice, KMeans};
use analytics::rfm;
use chrono::NaiveDate;
use types::runs::{CurvePoint, RunDetails};
use types::segments::{Method, Quality, RunSegment};
use warehouse::Snapshot;
use warehouse::query::chosen::{ChosenColumn, ChosenValues};
use warehouse::query::rfm::RfmColumns;

/// Silhouettes compare every two customers: they are measured on so many.
const SAMPLE: usize = 10_000;
/// Seeds whose groupings the stability compares.
const SEEDS: u64 = 5;

pub(super) async fn run(
    ctx: &JobContext,
    snapshot: &Snapshot,
    method: Method,
    params: ClusterParams,
    seed: i64,
    as_of: NaiveDate,
) -> Result<Found> {
    ctx.step("reading", 0);
    let columns = snapshot.rfm(as_of).await?;
    let read = params
        .features
        .iter()
        .filter(|name| !SCORED.contains(&name.as_str()))
        .cloned()
        .collect();
    let more = snapshot.chosen(as_of, columns.customer_no.clone(), read).await?;
    ctx.check_cancelled()?;
    let progress = ctx.progress();
    tokio::task::spawn_blocking(move || {
        let chosen = in_order(&params, &columns, more);
        grouped(&progress, columns, chosen, method, &params, seed.cast_unsigned())
    })
    .await?
}

/// All columns in the order in which the features were named.
fn in_order(params: &ClusterParams, columns: &RfmColumns, mut more: Vec<ChosenColumn>) -> Vec<ChosenColumn> {
    let mut chosen = Vec::new();
    for name in &params.features {
        let numbers = match name.as_str() {
            "recency" => columns.recency.iter().map(|days| f64::from(*days)).collect(),
            "frequency" => columns.frequency.iter().map(|orders| f64::from(*orders)).collect(),
            "monetary" => columns.monetary.clone(),
            "order_value" => columns
                .monetary
                .iter()
                .zip(&columns.frequency)
                .map(|(value, orders)| value / f64::from(*orders))
                .collect(),
            read => {
                let own = |column: &ChosenColumn| {
                    column.name == *read || column.name.strip_prefix(read).is_some_and(|rest| rest.starts_with('.'))
                };
                let (mine, others) = more.into_iter().partition(own);
                more = others;
                chosen.extend::<Vec<ChosenColumn>>(mine);
                continue;
            }
        };
        chosen.push(ChosenColumn {
            name: name.clone(),
            values: ChosenValues::Numbers(numbers),
        });
    }
    chosen
}

/// One grouping of all customers or of the sample.
struct Grouping {
    labels: Vec<u32>,
    inertia: f64,
    iterations: usize,
}

fn group(data: &Prepared, how: KMeans) -> Option<Grouping> {
    match &data.mixed {
        Some(mixed) => clusters::prototypes(mixed, data.gamma, how).map(|found| Grouping {
            labels: found.labels,
            inertia: found.cost,
            iterations: found.iterations,
        }),
        None => clusters::kmeans(&data.numbers, how).map(|found| Grouping {
            labels: found.labels,
            inertia: found.inertia,
            iterations: found.iterations,
        }),
    }
}

fn judge(sample: &Prepared, candidates: &[Candidate]) -> (Vec<KChoice>, Option<usize>) {
    match &sample.mixed {
        Some(mixed) => clusters::judge_mixed(mixed, sample.gamma, candidates),
        None => clusters::judge(&sample.numbers, candidates),
    }
}

fn grouped(
    progress: &Progress,
    columns: RfmColumns,
    chosen: Vec<ChosenColumn>,
    method: Method,
    params: &ClusterParams,
    seed: u64,
) -> Result<Found> {
    let customers = columns.customer_no.len();
    if customers < LEAST_K {
        return Err(Error::Conflict(
            "There are not enough customers with an order to group.".into(),
        ));
    }
    progress.step("preparing", 0);
    let data = prepare(chosen, method, params)?;
    let rows = clusters::sample_rows(customers, SAMPLE, seed);
    let sample = data.select(&rows);
    let how = KMeans {
        restarts: params.restarts,
        ..KMeans::new(LEAST_K, seed)
    };
    let (k, curve) = match params.k {
        Auto::Given(k) => (k, Vec::new()),
        Auto::Word(_) => chosen_k(progress, &sample, how)?,
    };
    let stop = || {
        if progress.is_cancelled() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    };
    progress.step("grouping", customers as i64);
    let how = KMeans { k, ..how };
    let found = group(&data, how).ok_or_else(|| Error::Conflict("Nothing could be grouped.".into()))?;
    stop()?;
    progress.step("judging", SEEDS as i64);
    let stability = stability(progress, &sample, how)?;
    let of_sample = Candidate {
        k,
        inertia: found.inertia,
        labels: rows.iter().map(|row| found.labels[*row]).collect(),
    };
    let (judged, _) = judge(&sample, std::slice::from_ref(&of_sample));
    stop()?;
    let labels = by_value(&columns, &found.labels);
    let groups = labels.iter().copied().max().map_or(0, |most| usize::from(most) + 1);
    let details = RunDetails {
        features: data.used.clone(),
        curve,
        sample: Some(rows.len() as i64),
        seeds: Some(SEEDS as i64),
        iterations: Some(found.iterations as i64),
        gamma: data.mixed.is_some().then_some(data.gamma),
        ..RunDetails::default()
    };
    let segments = described(&columns, &data, &labels, groups);
    Ok(Found {
        columns,
        keys: (1..=groups).map(key).collect(),
        labels,
        scores: None,
        segments,
        quality: Quality {
            inertia: Some(found.inertia),
            silhouette: judged.first().and_then(|point| point.silhouette),
            stability,
        },
        details,
    })
}

fn key(number: usize) -> String {
    format!("c{number}")
}

/// The best number of groups by silhouette, with the curve that says so.
fn chosen_k(progress: &Progress, sample: &Prepared, how: KMeans) -> Result<(usize, Vec<CurvePoint>)> {
    let mut candidates = Vec::new();
    for k in LEAST_K..=MOST_K {
        progress.report("choosing", (k - LEAST_K) as i64, (MOST_K - LEAST_K + 2) as i64);
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        if let Some(found) = group(sample, KMeans { k, ..how }) {
            candidates.push(Candidate {
                k,
                inertia: found.inertia,
                labels: found.labels,
            });
        }
    }
    let (curve, best) = judge(sample, &candidates);
    let points = curve
        .into_iter()
        .map(|point| CurvePoint {
            k: point.k as i64,
            inertia: point.inertia,
            silhouette: point.silhouette,
        })
        .collect();
    best.map(|k| (k, points)).ok_or_else(|| {
        Error::Conflict("The customers do not differ in the chosen features, so there is nothing to group.".into())
    })
}

/// How much the grouping depends on chance: the same with other seeds, on the sample.
fn stability(progress: &Progress, sample: &Prepared, how: KMeans) -> Result<Option<f64>> {
    let mut groupings = Vec::new();
    for more in 0..SEEDS {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let how = KMeans {
            seed: how.seed.wrapping_add(more),
            ..how
        };
        groupings.extend(group(sample, how).map(|found| found.labels));
        progress.advance(more as i64 + 1);
    }
    Ok(clusters::stability(&groupings))
}

/// Groups are numbered by falling mean spend, so that the same partition has the same keys, and the first ones matter most.
fn by_value(columns: &RfmColumns, labels: &[u32]) -> Vec<u8> {
    let groups = labels.iter().copied().max().map_or(0, |most| most as usize + 1);
    let mut sums = vec![(0.0, 0_usize); groups];
    for (label, value) in labels.iter().zip(&columns.monetary) {
        let of = &mut sums[*label as usize];
        *of = (of.0 + value, of.1 + 1);
    }
    let mean = |group: usize| sums[group].0 / sums[group].1.max(1) as f64;
    let mut order: Vec<usize> = (0..groups).filter(|group| sums[*group].1 > 0).collect();
    order.sort_by(|a, b| mean(*b).total_cmp(&mean(*a)).then(a.cmp(b)));
    let mut places = vec![0_u8; groups];
    for (place, group) in order.iter().enumerate() {
        places[*group] = u8::try_from(place).unwrap_or(u8::MAX);
    }
    labels.iter().map(|label| places[*label as usize]).collect()
}

fn described(columns: &RfmColumns, data: &Prepared, labels: &[u8], groups: usize) -> Vec<RunSegment> {
    let figures = rfm::figures(&columns.recency, &columns.frequency, &columns.monetary, labels, groups);
    let traits = naming::traits(data, labels, groups);
    figures
        .into_iter()
        .zip(traits)
        .enumerate()
        .map(|(place, (figures, traits))| RunSegment {
            key: key(place + 1),
            name: english(&traits),
            own_name: false,
            size: figures.size as i64,
            share: figures.share,
            profile: super::jobs::profile(&figures),
            traits,
        })
        .collect()
}

//! What is each segment like? Sizes, means and medians of the columns that were scored, segment by segment.

use rayon::prelude::*;
use serde::Serialize;

use super::{RfmScores, Segment, cell};
use crate::quantile::median;

/// One segment in numbers. All ten are always listed; an empty one has size 0 and no middles.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SegmentSummary {
    pub segment: Segment,
    pub size: u64,
    /// Part of all scored customers, 0 to 1; 0 when there are none.
    pub share: f64,
    /// Sum of the monetary column over the segment.
    pub monetary_total: f64,
    /// Days.
    pub recency: Option<Middle>,
    /// Orders.
    pub frequency: Option<Middle>,
    pub monetary: Option<Middle>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Middle {
    pub mean: f64,
    pub median: f64,
}

/// Describes every segment from the columns that were scored and their scores, all in the same order. Rows beyond the
/// shortest column have no cell and are not counted; a monetary value that is not a number is left out of the money.
pub fn summarise(recency: &[i32], frequency: &[u32], monetary: &[f64], scores: &RfmScores) -> Vec<SegmentSummary> {
    let mut members: [Vec<(i32, u32, f64)>; 10] = Default::default();
    let rows = recency.iter().zip(frequency).zip(monetary);
    for (((days, orders), value), (r, f)) in rows.zip(scores.r.iter().zip(&scores.f)) {
        members[cell(*r, *f).index()].push((*days, *orders, *value));
    }
    let all: usize = members.iter().map(Vec::len).sum();
    Segment::ALL
        .into_par_iter()
        .map(|segment| describe(segment, &members[segment.index()], all))
        .collect()
}

fn describe(segment: Segment, rows: &[(i32, u32, f64)], all: usize) -> SegmentSummary {
    SegmentSummary {
        segment,
        size: rows.len() as u64,
        share: if all > 0 { rows.len() as f64 / all as f64 } else { 0.0 },
        monetary_total: rows.iter().map(|row| row.2).filter(|v| !v.is_nan()).sum(),
        recency: middle(rows.iter().map(|row| f64::from(row.0))),
        frequency: middle(rows.iter().map(|row| f64::from(row.1))),
        monetary: middle(rows.iter().map(|row| row.2)),
    }
}

fn middle(values: impl Iterator<Item = f64> + Clone) -> Option<Middle> {
    let known = values.filter(|v| !v.is_nan());
    let (n, sum) = known.clone().fold((0u64, 0.0), |(n, sum), v| (n + 1, sum + v));
    median(known).map(|median| Middle {
        mean: sum / n as f64,
        median,
    })
}

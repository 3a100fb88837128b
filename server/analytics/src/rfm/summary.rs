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

/// One group of whatever method in numbers; an empty one has size 0 and no middles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct GroupFigures {
    pub size: u64,
    /// Part of all rows, 0 to 1; 0 when there are none.
    pub share: f64,
    pub monetary_total: f64,
    pub recency: Option<Middle>,
    pub frequency: Option<Middle>,
    pub monetary: Option<Middle>,
}

/// Describes every segment from the columns that were scored and their scores, all in the same order. Rows beyond the
/// shortest column have no cell and are not counted; a monetary value that is not a number is left out of the money.
pub fn summarise(recency: &[i32], frequency: &[u32], monetary: &[f64], scores: &RfmScores) -> Vec<SegmentSummary> {
    let labels: Vec<u8> = scores
        .r
        .iter()
        .zip(&scores.f)
        .map(|(r, f)| cell(*r, *f).index() as u8)
        .collect();
    Segment::ALL
        .into_iter()
        .zip(figures(recency, frequency, monetary, &labels, Segment::ALL.len()))
        .map(|(segment, of)| SegmentSummary {
            segment,
            size: of.size,
            share: of.share,
            monetary_total: of.monetary_total,
            recency: of.recency,
            frequency: of.frequency,
            monetary: of.monetary,
        })
        .collect()
}

/// Describes each of so many groups by the label of each row. Rows beyond the shortest column and labels that no group has are not counted.
pub fn figures(
    recency: &[i32],
    frequency: &[u32],
    monetary: &[f64],
    labels: &[u8],
    groups: usize,
) -> Vec<GroupFigures> {
    let mut members: Vec<Vec<(i32, u32, f64)>> = vec![Vec::new(); groups];
    let rows = recency.iter().zip(frequency).zip(monetary).zip(labels);
    for (((days, orders), value), label) in rows {
        if let Some(group) = members.get_mut(usize::from(*label)) {
            group.push((*days, *orders, *value));
        }
    }
    let all: usize = members.iter().map(Vec::len).sum();
    members.into_par_iter().map(|rows| describe(&rows, all)).collect()
}

fn describe(rows: &[(i32, u32, f64)], all: usize) -> GroupFigures {
    GroupFigures {
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

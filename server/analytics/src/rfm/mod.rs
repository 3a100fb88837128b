//! How recently, how often and for how much has each customer bought, as scores from 1 to 5? Takes whole columns, so that a
//! million customers are a few sorts; what an order is and which day it is were decided by the caller.

mod cells;
mod summary;
#[cfg(test)]
mod tests;

use rayon::prelude::*;
use serde::Serialize;

pub use self::cells::{CELLS, Grid, Segment, cell, cell_in};
pub use self::summary::{GroupFigures, Middle, SegmentSummary, figures, summarise};

/// The four values that divide a column into fifths (type-7 quantiles at 0.2, 0.4, 0.6, 0.8).
pub type Cuts = [f64; 4];

const FIFTHS: Cuts = [0.2, 0.4, 0.6, 0.8];

/// Scores from 1 to 5, row by row in the order of the columns they were made from. 5 is always best: bought most recently,
/// most often, for most.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RfmScores {
    pub r: Vec<u8>,
    pub f: Vec<u8>,
    pub m: Vec<u8>,
    pub cuts: RfmCuts,
}

/// The cut points behind the scores, to be shown beside them; `None` for a column without values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct RfmCuts {
    /// Days.
    pub r: Option<Cuts>,
    /// Orders.
    pub f: Option<Cuts>,
    /// Currency of the installation.
    pub m: Option<Cuts>,
}

/// Scores three columns: days since the last counting order, number of counting orders, and their value less refunds.
///
/// A value gets the first fifth whose quantile it does not exceed, so equal values always score the same, even where that
/// leaves a score empty (half of all customers may have bought once). Each column is scored on its own. A value that is not
/// a number scores 1 and moves no cut.
pub fn score(recency: &[i32], frequency: &[u32], monetary: &[f64]) -> RfmScores {
    let ((r, f), m) = rayon::join(
        || rayon::join(|| cuts_of_integers(recency), || cuts_of_integers(frequency)),
        || cuts(monetary),
    );
    score_with(recency, frequency, monetary, RfmCuts { r, f, m })
}

/// The same with cuts that somebody chose: scores that mean the same from run to run. A column without cuts scores 1.
pub fn score_with(recency: &[i32], frequency: &[u32], monetary: &[f64], cuts: RfmCuts) -> RfmScores {
    RfmScores {
        r: recency
            .par_iter()
            .map(|days| 6 - fifth(f64::from(*days), cuts.r))
            .collect(),
        f: frequency
            .par_iter()
            .map(|orders| fifth(f64::from(*orders), cuts.f))
            .collect(),
        m: monetary.par_iter().map(|value| fifth(*value, cuts.m)).collect(),
        cuts,
    }
}

fn cuts(column: &[f64]) -> Option<Cuts> {
    crate::quantile::type7(column.iter().copied(), FIFTHS)
}

/// Integers sort several times faster than floating-point numbers, and two of the three columns are integers.
fn cuts_of_integers<T: Copy + Ord + Send + Into<f64>>(column: &[T]) -> Option<Cuts> {
    let mut sorted = column.to_vec();
    sorted.par_sort_unstable();
    let last = sorted.len().checked_sub(1)?;
    let mut found = [0.0; 4];
    for (slot, p) in found.iter_mut().zip(FIFTHS) {
        let place = last as f64 * p;
        let below = (place.floor() as usize).min(last);
        let pair = [sorted[below].into(), sorted[(below + 1).min(last)].into()];
        *slot = crate::quantile::type7_of_sorted(&pair, place - below as f64)?;
    }
    Some(found)
}

fn fifth(value: f64, cuts: Option<Cuts>) -> u8 {
    let Some(cuts) = cuts else { return 1 };
    cuts.iter().fold(1, |score, cut| score + u8::from(value > *cut))
}

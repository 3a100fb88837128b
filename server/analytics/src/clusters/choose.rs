//! How many groups should there be? Silhouettes of groupings with different k on one sample, and how much a grouping depends on chance.

use super::indices::{adjusted_rand, mean, silhouettes_by};
use super::kmeans::{KMeans, kmeans};
use super::prototypes::mismatches;
use super::seeding::generator;
use super::{Matrix, Mixed, squared};
use rand::RngExt;

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KChoice {
    pub k: usize,
    pub inertia: f64,
    /// `None` when fewer than two groups were found.
    pub silhouette: Option<f64>,
}

/// Rows without repetition, in rising order; all of them when there are not more.
pub fn sample_rows(rows: usize, size: usize, seed: u64) -> Vec<usize> {
    if rows <= size {
        return (0..rows).collect();
    }
    // Each row in turn is taken with the probability that fills the sample exactly.
    let mut random = generator(seed);
    let mut taken = Vec::with_capacity(size);
    for row in 0..rows {
        let (wanted, left) = (size - taken.len(), rows - row);
        if random.random_range(0..left) < wanted {
            taken.push(row);
        }
    }
    taken
}

/// A grouping of a sample that is to be judged: how many groups were asked for, its inertia, and the group of each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub k: usize,
    pub inertia: f64,
    pub labels: Vec<u32>,
}

/// Groups the sample with each k and says how well each separates; the best k by silhouette, the smallest of equals.
pub fn choose_k(sample: &Matrix, ks: impl IntoIterator<Item = usize>, how: KMeans) -> (Vec<KChoice>, Option<usize>) {
    let found: Vec<Candidate> = ks
        .into_iter()
        .filter_map(|k| {
            let found = kmeans(sample, KMeans { k, ..how })?;
            Some(Candidate {
                k,
                inertia: found.inertia,
                labels: found.labels,
            })
        })
        .collect();
    judge(sample, &found)
}

/// How well each candidate separates, and the best k by silhouette, the smallest of equals.
pub fn judge(sample: &Matrix, candidates: &[Candidate]) -> (Vec<KChoice>, Option<usize>) {
    let distance = |a: usize, b: usize| squared(sample.row(a), sample.row(b)).sqrt();
    judge_by(sample.rows(), distance, candidates)
}

/// The same for groupings over numbers and categories; the distance is the root of what k-prototypes adds up.
pub fn judge_mixed(sample: &Mixed, gamma: f64, candidates: &[Candidate]) -> (Vec<KChoice>, Option<usize>) {
    let distance = |a: usize, b: usize| {
        let numbers = squared(sample.numbers().row(a), sample.numbers().row(b));
        (numbers + gamma * mismatches(sample.codes(a), sample.codes(b))).sqrt()
    };
    judge_by(sample.rows(), distance, candidates)
}

fn judge_by(
    rows: usize,
    distance: impl Fn(usize, usize) -> f64 + Sync,
    candidates: &[Candidate],
) -> (Vec<KChoice>, Option<usize>) {
    let labels: Vec<&[u32]> = candidates.iter().map(|candidate| candidate.labels.as_slice()).collect();
    let silhouettes = silhouettes_by(rows, distance, &labels);
    let curve: Vec<KChoice> = candidates
        .iter()
        .zip(&silhouettes)
        .map(|(candidate, of_rows)| KChoice {
            k: candidate.k,
            inertia: candidate.inertia,
            silhouette: mean(of_rows, &candidate.labels),
        })
        .collect();
    let mut best: Option<KChoice> = None;
    for choice in curve.iter().filter(|choice| choice.silhouette.is_some()) {
        if best.is_none_or(|best| choice.silhouette > best.silhouette) {
            best = Some(*choice);
        }
    }
    (curve, best.map(|choice| choice.k))
}

/// Mean agreement (adjusted Rand index) of groupings with different seeds, pair by pair; `None` with fewer than two.
pub fn stability(groupings: &[Vec<u32>]) -> Option<f64> {
    let mut agreements = Vec::new();
    for (place, a) in groupings.iter().enumerate() {
        for b in &groupings[place + 1..] {
            agreements.push(adjusted_rand(a, b)?);
        }
    }
    (!agreements.is_empty()).then(|| agreements.iter().sum::<f64>() / agreements.len() as f64)
}

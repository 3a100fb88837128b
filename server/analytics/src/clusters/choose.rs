//! How many groups should there be? Silhouettes of groupings with different k on one sample, and how much a grouping depends on chance.

use super::indices::{adjusted_rand, mean, silhouettes_of};
use super::kmeans::{KMeans, kmeans};
use super::seeding::generator;
use super::{Clustering, Matrix};
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

/// Groups the sample with each k and says how well each separates; the best k by silhouette, the smallest of equals.
pub fn choose_k(sample: &Matrix, ks: impl IntoIterator<Item = usize>, how: KMeans) -> (Vec<KChoice>, Option<usize>) {
    let found: Vec<(usize, Clustering)> = ks
        .into_iter()
        .filter_map(|k| Some((k, kmeans(sample, KMeans { k, ..how })?)))
        .collect();
    let labels: Vec<&[u32]> = found
        .iter()
        .map(|(_, clustering)| clustering.labels.as_slice())
        .collect();
    let silhouettes = silhouettes_of(sample, &labels);
    let curve: Vec<KChoice> = found
        .iter()
        .zip(&silhouettes)
        .map(|((k, clustering), of_rows)| KChoice {
            k: *k,
            inertia: clustering.inertia,
            silhouette: mean(of_rows, &clustering.labels),
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

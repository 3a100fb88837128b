//! How well does a grouping separate, and how alike are two groupings? Published indices over numbers and labels.

use super::{Matrix, squared};
use rayon::prelude::*;
use std::collections::HashMap;

/// The silhouette of each row (Rousseeuw 1987): (b - a) / max(a, b) with a the mean distance to its own group and b that to the nearest
/// other one; 0 for a row that is alone. Takes time with the square of the rows: give it a sample.
pub fn silhouettes(data: &Matrix, labels: &[u32]) -> Vec<f64> {
    silhouettes_of(data, &[labels]).pop().unwrap_or_default()
}

/// Mean of the silhouettes; `None` without rows, with fewer than two groups, or with as many as rows.
pub fn silhouette(data: &Matrix, labels: &[u32]) -> Option<f64> {
    mean(&silhouettes(data, labels), labels)
}

pub(super) fn mean(silhouettes: &[f64], labels: &[u32]) -> Option<f64> {
    let groups = sizes(labels).len();
    let rows = silhouettes.len();
    (groups >= 2 && groups < rows).then(|| silhouettes.iter().sum::<f64>() / rows as f64)
}

pub(super) fn silhouettes_of(data: &Matrix, groupings: &[&[u32]]) -> Vec<Vec<f64>> {
    silhouettes_by(data.rows(), |a, b| squared(data.row(a), data.row(b)).sqrt(), groupings)
}

/// The silhouettes of several groupings of the same rows under any distance: each distance is computed once.
pub(super) fn silhouettes_by(
    rows: usize,
    distance: impl Fn(usize, usize) -> f64 + Sync,
    groupings: &[&[u32]],
) -> Vec<Vec<f64>> {
    // The groups of each grouping, numbered from 0, and where its sums begin.
    let numbered: Vec<(Vec<usize>, Vec<usize>)> = groupings.iter().map(|labels| numbered(labels)).collect();
    let mut begins = Vec::with_capacity(numbered.len());
    let mut width = 0;
    for (_, sizes) in &numbered {
        begins.push(width);
        width += sizes.len();
    }
    let by_row: Vec<Vec<f64>> = (0..rows)
        .into_par_iter()
        .map(|row| {
            let mut sums = vec![0.0; width];
            for other in 0..rows {
                let distance = distance(row, other);
                for ((groups, _), begin) in numbered.iter().zip(&begins) {
                    sums[begin + groups[other]] += distance;
                }
            }
            numbered
                .iter()
                .zip(&begins)
                .map(|((groups, sizes), begin)| one(&sums[*begin..*begin + sizes.len()], sizes, groups[row]))
                .collect()
        })
        .collect();
    (0..groupings.len())
        .map(|grouping| by_row.iter().map(|of_row| of_row[grouping]).collect())
        .collect()
}

fn one(sums: &[f64], sizes: &[usize], own: usize) -> f64 {
    if sizes[own] <= 1 {
        return 0.0;
    }
    let inside = sums[own] / (sizes[own] - 1) as f64;
    let outside = sums
        .iter()
        .zip(sizes)
        .enumerate()
        .filter(|(group, _)| *group != own)
        .map(|(_, (sum, size))| sum / *size as f64)
        .fold(f64::INFINITY, f64::min);
    let larger = inside.max(outside);
    if outside.is_finite() && larger > 0.0 {
        (outside - inside) / larger
    } else {
        0.0
    }
}

/// Labels as numbers from 0 without gaps, and how many rows each has.
fn numbered(labels: &[u32]) -> (Vec<usize>, Vec<usize>) {
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    let mut sizes = Vec::new();
    let groups = labels
        .iter()
        .map(|label| {
            let next = numbers.len();
            let number = *numbers.entry(*label).or_insert(next);
            if number == sizes.len() {
                sizes.push(0);
            }
            sizes[number] += 1;
            number
        })
        .collect();
    (groups, sizes)
}

fn sizes(labels: &[u32]) -> Vec<usize> {
    numbered(labels).1
}

/// What both indices below need of a grouping.
struct Described {
    means: Vec<Vec<f64>>,
    sizes: Vec<usize>,
    /// Squared distances from the mean, of the rows of each group.
    within: Vec<Vec<f64>>,
    /// Mean of all rows.
    all: Vec<f64>,
}

fn described(data: &Matrix, labels: &[u32]) -> Described {
    let (groups, sizes) = numbered(labels);
    let mut means = vec![vec![0.0; data.columns()]; sizes.len()];
    let mut all = vec![0.0; data.columns()];
    for (row, group) in groups.iter().enumerate() {
        for ((mean, all), value) in means[*group].iter_mut().zip(&mut all).zip(data.row(row)) {
            *mean += value;
            *all += value;
        }
    }
    for (mean, size) in means.iter_mut().zip(&sizes) {
        mean.iter_mut().for_each(|value| *value /= *size as f64);
    }
    all.iter_mut().for_each(|value| *value /= data.rows().max(1) as f64);
    let mut within = vec![Vec::new(); sizes.len()];
    for (row, group) in groups.iter().enumerate() {
        within[*group].push(squared(data.row(row), &means[*group]));
    }
    Described {
        means,
        sizes,
        within,
        all,
    }
}

/// Variance between groups over that within (Caliński and Harabasz 1974); `None` with fewer than two groups, or as many as rows.
pub fn calinski_harabasz(data: &Matrix, labels: &[u32]) -> Option<f64> {
    let Described {
        means,
        sizes,
        within,
        all,
    } = described(data, labels);
    let (k, n) = (sizes.len(), data.rows());
    if k < 2 || k >= n {
        return None;
    }
    let between: f64 = means
        .iter()
        .zip(&sizes)
        .map(|(mean, size)| *size as f64 * squared(mean, &all))
        .sum();
    let within: f64 = within.iter().flatten().sum();
    Some(between / within * (n - k) as f64 / (k - 1) as f64)
}

/// How alike the most alike pairs of groups are, lower is better (Davies and Bouldin 1979); `None` with fewer than two groups.
pub fn davies_bouldin(data: &Matrix, labels: &[u32]) -> Option<f64> {
    let Described {
        means, sizes, within, ..
    } = described(data, labels);
    if sizes.len() < 2 {
        return None;
    }
    let spread: Vec<f64> = within
        .iter()
        .map(|squares| squares.iter().map(|square| square.sqrt()).sum::<f64>() / squares.len().max(1) as f64)
        .collect();
    let worst = |group: usize| {
        (0..sizes.len())
            .filter(|other| *other != group)
            .map(|other| (spread[group] + spread[other]) / squared(&means[group], &means[other]).sqrt())
            .fold(0.0, f64::max)
    };
    Some((0..sizes.len()).map(worst).sum::<f64>() / sizes.len() as f64)
}

/// Agreement of two groupings of the same rows, 1 when they are the same, about 0 by chance (Hubert and Arabie 1985). `None` when they are of
/// different lengths.
pub fn adjusted_rand(a: &[u32], b: &[u32]) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    let pairs = |count: usize| count as f64 * (count as f64 - 1.0) / 2.0;
    let mut cells: HashMap<(u32, u32), usize> = HashMap::new();
    for pair in a.iter().zip(b) {
        *cells.entry((*pair.0, *pair.1)).or_default() += 1;
    }
    // Sorted, so that the sum does not depend on the order of a hash map.
    let mut counts: Vec<usize> = cells.into_values().collect();
    counts.sort_unstable();
    let together: f64 = counts.into_iter().map(pairs).sum();
    let of_a: f64 = sizes(a).into_iter().map(pairs).sum();
    let of_b: f64 = sizes(b).into_iter().map(pairs).sum();
    let all = pairs(a.len());
    let expected = if all > 0.0 { of_a * of_b / all } else { 0.0 };
    let most = (of_a + of_b) / 2.0;
    Some(if most == expected {
        1.0
    } else {
        (together - expected) / (most - expected)
    })
}

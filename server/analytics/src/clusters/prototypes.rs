//! k-prototypes: groups over numbers and categories together (Huang 1998). The distance is the squared Euclidean one of the numbers plus gamma
//! for each category that differs; a prototype has the means of the numbers and the most frequent categories.

use super::choose::sample_rows;
use super::kmeans::{MANY, ROUGH};
use super::seeding::{generator, seeds};
use super::{KMeans, Matrix, RANGE, squared};
use rand::RngExt;
use rayon::prelude::*;

/// Numbers and categories of the same rows.
#[derive(Clone, Debug)]
pub struct Mixed {
    numbers: Matrix,
    /// Codes, row by row.
    codes: Vec<u32>,
    categories: usize,
}

impl Mixed {
    /// `None` when the codes are not `categories` for each row of numbers.
    pub fn new(numbers: Matrix, codes: Vec<u32>, categories: usize) -> Option<Mixed> {
        (codes.len() == numbers.rows() * categories).then_some(Mixed {
            numbers,
            codes,
            categories,
        })
    }

    pub fn rows(&self) -> usize {
        self.numbers.rows()
    }

    pub fn numbers(&self) -> &Matrix {
        &self.numbers
    }

    /// Some rows, in the order given.
    pub fn select(&self, rows: &[usize]) -> Mixed {
        Mixed {
            numbers: self.numbers.select(rows),
            codes: rows.iter().flat_map(|row| self.codes(*row).to_vec()).collect(),
            categories: self.categories,
        }
    }

    pub fn codes(&self, row: usize) -> &[u32] {
        &self.codes[row * self.categories..(row + 1) * self.categories]
    }
}

/// Half the mean standard deviation of the numbers: what the kmodes package takes.
pub fn default_gamma(numbers: &Matrix) -> f64 {
    let deviations = numbers.moments();
    0.5 * deviations.iter().map(|(_, deviation)| deviation).sum::<f64>() / deviations.len().max(1) as f64
}

#[derive(Clone, Debug, PartialEq)]
pub struct PrototypeClustering {
    /// Means of the numbers of each group.
    pub means: Matrix,
    /// The most frequent code of each category in each group, group by group; the lowest of equals.
    pub modes: Vec<u32>,
    pub labels: Vec<u32>,
    /// Sum of the distances from the prototypes.
    pub cost: f64,
    pub gamma: f64,
    pub iterations: usize,
}

impl PrototypeClustering {
    /// The group whose prototype is nearest.
    pub fn nearest(&self, numbers: &[f64], codes: &[u32]) -> u32 {
        nearest(numbers, codes, &self.means, &self.modes, self.gamma).0
    }
}

pub(super) fn mismatches(a: &[u32], b: &[u32]) -> f64 {
    a.iter().zip(b).filter(|(a, b)| a != b).count() as f64
}

fn nearest(numbers: &[f64], codes: &[u32], means: &Matrix, modes: &[u32], gamma: f64) -> (u32, f64) {
    let (mut best, mut least) = (0, f64::INFINITY);
    for group in 0..means.rows() {
        let of_group = &modes[group * codes.len()..(group + 1) * codes.len()];
        let distance = squared(numbers, means.row(group)) + gamma * mismatches(codes, of_group);
        if distance < least {
            (best, least) = (group, distance);
        }
    }
    (best as u32, least)
}

/// The best of the restarts; `how.tolerance` has no meaning here: the search ends when nobody changes groups. `None` without rows or groups.
/// Of many rows the restarts look at a sample only, as with k-means.
pub fn prototypes(data: &Mixed, gamma: f64, how: KMeans) -> Option<PrototypeClustering> {
    if data.rows() == 0 || how.k == 0 {
        return None;
    }
    if data.rows() > MANY {
        let rows = sample_rows(data.rows(), ROUGH, how.seed);
        let rough = prototypes(&data.select(&rows), gamma, how)?;
        if rough.means.rows() == how.k {
            return Some(search(data, rough.means, rough.modes, gamma, how.most_iterations));
        }
    }
    let mut random = generator(how.seed);
    let mut best: Option<PrototypeClustering> = None;
    for _ in 0..how.restarts.max(1) {
        let mut own = generator(random.random());
        let rows = seeds(data.rows(), how.k, &mut own, |a, b| {
            squared(data.numbers.row(a), data.numbers.row(b)) + gamma * mismatches(data.codes(a), data.codes(b))
        });
        let modes = rows.iter().flat_map(|row| data.codes(*row).to_vec()).collect();
        let found = search(data, data.numbers.select(&rows), modes, gamma, how.most_iterations);
        if best.as_ref().is_none_or(|best| found.cost < best.cost) {
            best = Some(found);
        }
    }
    best
}

fn search(data: &Mixed, means: Matrix, modes: Vec<u32>, gamma: f64, most_iterations: usize) -> PrototypeClustering {
    let (mut means, mut modes) = (means, modes);
    let mut labels = vec![u32::MAX; data.rows()];
    let mut iterations = 0;
    let mut cost = f64::INFINITY;
    while iterations < most_iterations.max(1) {
        iterations += 1;
        let placed: Vec<(u32, f64)> = (0..data.rows())
            .into_par_iter()
            .with_min_len(RANGE)
            .map(|row| nearest(data.numbers.row(row), data.codes(row), &means, &modes, gamma))
            .collect();
        let changed = placed.iter().zip(&labels).any(|((label, _), before)| label != before);
        cost = placed.iter().map(|(_, distance)| distance).sum();
        labels = placed.into_iter().map(|(label, _)| label).collect();
        if !changed {
            break;
        }
        (means, modes) = middles(data, &labels, &means, &modes);
    }
    PrototypeClustering {
        means,
        modes,
        labels,
        cost,
        gamma,
        iterations,
    }
}

/// Means and most frequent codes of each group; a group that lost everybody keeps its prototype.
fn middles(data: &Mixed, labels: &[u32], means: &Matrix, modes: &[u32]) -> (Matrix, Vec<u32>) {
    let (k, columns) = (means.rows(), data.numbers.columns());
    let codes = data.codes.iter().copied().max().map_or(0, |most| most as usize + 1);
    let mut sums = vec![0.0; k * columns];
    let mut counts = vec![0_usize; k];
    let mut frequencies = vec![0_usize; k * data.categories * codes];
    for (row, label) in labels.iter().enumerate() {
        let group = *label as usize;
        counts[group] += 1;
        let own = &mut sums[group * columns..(group + 1) * columns];
        own.iter_mut()
            .zip(data.numbers.row(row))
            .for_each(|(sum, value)| *sum += value);
        for (category, code) in data.codes(row).iter().enumerate() {
            frequencies[(group * data.categories + category) * codes + *code as usize] += 1;
        }
    }
    let mut values = means.values().to_vec();
    let mut most_frequent = modes.to_vec();
    for group in (0..k).filter(|group| counts[*group] > 0) {
        for column in 0..columns {
            values[group * columns + column] = sums[group * columns + column] / counts[group] as f64;
        }
        for category in 0..data.categories {
            let place = group * data.categories + category;
            let of_code = &frequencies[place * codes..(place + 1) * codes];
            let most = of_code.iter().max().copied().unwrap_or(0);
            let lowest = of_code.iter().position(|count| *count == most).unwrap_or(0);
            most_frequent[place] = lowest as u32;
        }
    }
    (Matrix { values, columns }, most_frequent)
}

//! k-means: groups whose members lie close to their mean (Lloyd 1982). Bounds on distances (Hamerly 2010) leave out most of the work and change
//! nothing of the result.

use super::choose::sample_rows;
use super::near::Near;
use super::seeding::{generator, seeds};
use super::{Matrix, RANGE, squared};
use rand::RngExt;
use rayon::prelude::*;

/// How to look for groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KMeans {
    pub k: usize,
    pub seed: u64,
    /// Beginnings that are tried; the one that ends best is taken.
    pub restarts: usize,
    pub most_iterations: usize,
    /// Ends when the means together move less than this share of the mean variance of the columns, squared distances both.
    pub tolerance: f64,
}

/// From so many rows on the search begins on a sample, and the size of that.
pub(super) const MANY: usize = 4 * ROUGH;
pub(super) const ROUGH: usize = 1 << 16;

impl KMeans {
    pub fn new(k: usize, seed: u64) -> KMeans {
        KMeans {
            k,
            seed,
            restarts: 1,
            most_iterations: 300,
            tolerance: 1e-4,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    /// The mean of each group, as many as were found.
    pub centroids: Matrix,
    /// The group of each row.
    pub labels: Vec<u32>,
    /// Sum of squared distances from the means.
    pub inertia: f64,
    pub iterations: usize,
}

impl Clustering {
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.centroids.rows()];
        for label in &self.labels {
            sizes[*label as usize] += 1;
        }
        sizes
    }

    /// The group whose mean is nearest.
    pub fn nearest(&self, row: &[f64]) -> u32 {
        let (mut best, mut least) = (0, f64::INFINITY);
        for group in 0..self.centroids.rows() {
            let distance = squared(row, self.centroids.row(group));
            if distance < least {
                (best, least) = (group, distance);
            }
        }
        best as u32
    }
}

/// The best of the restarts. `None` without rows or groups. Fewer groups than asked for when rows differ too little.
///
/// Of many rows the restarts look at a sample only, and the means of the best one are where the search over all rows begins: it is then nearly
/// at its end, and a beginning that is good for 65,536 rows is as good for all.
pub fn kmeans(data: &Matrix, how: KMeans) -> Option<Clustering> {
    if data.rows() == 0 || how.k == 0 {
        return None;
    }
    if data.rows() > MANY {
        let rows = sample_rows(data.rows(), ROUGH, how.seed);
        let rough = kmeans(&data.select(&rows), how)?;
        if rough.centroids.rows() == how.k {
            return Some(kmeans_from(data, rough.centroids, how.most_iterations, how.tolerance));
        }
    }
    best_start(data, how)
}

fn best_start(data: &Matrix, how: KMeans) -> Option<Clustering> {
    let mut random = generator(how.seed);
    let mut best: Option<Clustering> = None;
    for _ in 0..how.restarts.max(1) {
        let mut own = generator(random.random());
        let rows = seeds(data.rows(), how.k, &mut own, |a, b| squared(data.row(a), data.row(b)));
        let found = kmeans_from(data, data.select(&rows), how.most_iterations, how.tolerance);
        if best.as_ref().is_none_or(|best| found.inertia < best.inertia) {
            best = Some(found);
        }
    }
    best
}

/// From given means on.
pub fn kmeans_from(data: &Matrix, centroids: Matrix, most_iterations: usize, tolerance: f64) -> Clustering {
    let variance = data
        .moments()
        .iter()
        .map(|(_, deviation)| deviation * deviation)
        .sum::<f64>();
    let still = tolerance * variance / data.columns() as f64;
    let mut search = Search::begin(data, centroids);
    let mut iterations = 0;
    while iterations < most_iterations {
        iterations += 1;
        let moved = search.move_means();
        let changed = search.assign(&moved);
        let shift: f64 = moved.iter().map(|distance| distance * distance).sum();
        if changed == 0 || shift <= still {
            break;
        }
    }
    search.finish(iterations)
}

/// What is known of one row.
#[derive(Clone, Copy)]
struct Place {
    label: u32,
    /// At least the distance to the mean of its group.
    upper: f64,
    /// At most the distance to the nearest other mean.
    lower: f64,
}

struct Search<'a> {
    data: &'a Matrix,
    centroids: Matrix,
    places: Vec<Place>,
    /// Sum and number of the rows of each group.
    sums: Vec<f64>,
    counts: Vec<i64>,
}

/// Rows that left and entered groups, in one range.
struct Delta {
    sums: Vec<f64>,
    counts: Vec<i64>,
    changed: usize,
}

impl<'a> Search<'a> {
    fn begin(data: &'a Matrix, centroids: Matrix) -> Search<'a> {
        let k = centroids.rows();
        let mut search = Search {
            data,
            centroids,
            places: vec![
                Place {
                    label: u32::MAX,
                    upper: f64::INFINITY,
                    lower: f64::NEG_INFINITY,
                };
                data.rows()
            ],
            sums: vec![0.0; k * data.columns()],
            counts: vec![0; k],
        };
        search.assign(&vec![0.0; k]);
        search
    }

    fn k(&self) -> usize {
        self.counts.len()
    }

    /// Puts each row into the group of the nearest mean; how many changed. `moved` is how far each mean has moved since the last time.
    fn assign(&mut self, moved: &[f64]) -> usize {
        let (data, centroids, k) = (self.data, &self.centroids, self.k());
        let columns = data.columns();
        let near = Near::of(centroids);
        let half_gaps: Vec<f64> = (0..k).map(|group| half_gap(centroids, group)).collect();
        let (most, farthest, second) = farthest_two(moved);
        let deltas: Vec<Delta> = self
            .places
            .par_chunks_mut(RANGE)
            .zip(data.values().par_chunks(RANGE * columns))
            .map(|(places, rows)| {
                let mut delta = Delta {
                    sums: vec![0.0; k * columns],
                    counts: vec![0; k],
                    changed: 0,
                };
                for (place, row) in places.iter_mut().zip(rows.chunks_exact(columns)) {
                    let before = place.label;
                    if before != u32::MAX {
                        let own = before as usize;
                        // A hair more than needed, for what rounding takes.
                        place.upper += moved[own] * (1.0 + 1e-9);
                        place.lower -= if own == most { second } else { farthest } * (1.0 + 1e-9);
                        let bound = half_gaps[own].max(place.lower);
                        if place.upper < bound {
                            continue;
                        }
                        place.upper = squared(row, centroids.row(own)).sqrt();
                        if place.upper < bound {
                            continue;
                        }
                    }
                    let found = near.two(row);
                    *place = Place {
                        label: found.group,
                        upper: found.least.sqrt(),
                        lower: found.second.sqrt(),
                    };
                    if place.label != before {
                        delta.change(row, before, place.label);
                    }
                }
                delta
            })
            .collect();
        let mut changed = 0;
        for delta in deltas {
            changed += delta.changed;
            self.sums
                .iter_mut()
                .zip(&delta.sums)
                .for_each(|(sum, more)| *sum += more);
            self.counts
                .iter_mut()
                .zip(&delta.counts)
                .for_each(|(count, more)| *count += more);
        }
        changed
    }

    /// Moves each mean to the middle of its rows; how far each moved. A group without rows begins again at the row that lies farthest from
    /// the mean of its own.
    fn move_means(&mut self) -> Vec<f64> {
        let columns = self.data.columns();
        let mut values = self.centroids.values().to_vec();
        let mut taken: Vec<usize> = Vec::new();
        for group in 0..self.k() {
            let own = group * columns..(group + 1) * columns;
            if self.counts[group] > 0 {
                let count = self.counts[group] as f64;
                for (value, sum) in values[own.clone()].iter_mut().zip(&self.sums[own]) {
                    *value = sum / count;
                }
            } else if let Some(row) = self.farthest_row(&taken) {
                taken.push(row);
                values[own].copy_from_slice(self.data.row(row));
            }
        }
        let before = std::mem::replace(&mut self.centroids, Matrix { values, columns });
        (0..self.k())
            .map(|group| squared(before.row(group), self.centroids.row(group)).sqrt())
            .collect()
    }

    fn farthest_row(&self, taken: &[usize]) -> Option<usize> {
        let distance = |row: usize| squared(self.data.row(row), self.centroids.row(self.places[row].label as usize));
        (0..self.data.rows())
            .filter(|row| !taken.contains(row))
            .max_by(|a, b| distance(*a).total_cmp(&distance(*b)))
    }

    /// Means and inertia computed afresh from the labels.
    fn finish(mut self, iterations: usize) -> Clustering {
        let columns = self.data.columns();
        self.sums.fill(0.0);
        self.counts.fill(0);
        for (place, row) in self.places.iter().zip(self.data.values().chunks_exact(columns)) {
            let group = place.label as usize;
            self.counts[group] += 1;
            let own = &mut self.sums[group * columns..(group + 1) * columns];
            own.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let values = self
            .sums
            .chunks_exact(columns)
            .zip(&self.counts)
            .enumerate()
            .flat_map(|(group, (sums, count))| {
                let kept = self.centroids.row(group).to_vec();
                let count = *count;
                sums.iter()
                    .zip(kept)
                    .map(move |(sum, kept)| if count > 0 { sum / count as f64 } else { kept })
                    .collect::<Vec<f64>>()
            })
            .collect();
        let centroids = Matrix { values, columns };
        let inertia = self
            .places
            .par_chunks(RANGE)
            .zip(self.data.values().par_chunks(RANGE * columns))
            .map(|(places, rows)| {
                places
                    .iter()
                    .zip(rows.chunks_exact(columns))
                    .map(|(place, row)| squared(row, centroids.row(place.label as usize)))
                    .sum::<f64>()
            })
            .collect::<Vec<f64>>()
            .iter()
            .sum();
        Clustering {
            centroids,
            labels: self.places.iter().map(|place| place.label).collect(),
            inertia,
            iterations,
        }
    }
}

impl Delta {
    fn change(&mut self, row: &[f64], before: u32, after: u32) {
        let columns = row.len();
        self.changed += 1;
        if before != u32::MAX {
            let group = before as usize;
            self.counts[group] -= 1;
            let own = &mut self.sums[group * columns..(group + 1) * columns];
            own.iter_mut().zip(row).for_each(|(sum, value)| *sum -= value);
        }
        let group = after as usize;
        self.counts[group] += 1;
        let own = &mut self.sums[group * columns..(group + 1) * columns];
        own.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
}

/// Half the distance from a mean to the nearest other one: closer rows belong to it.
fn half_gap(centroids: &Matrix, group: usize) -> f64 {
    let nearest = (0..centroids.rows())
        .filter(|other| *other != group)
        .map(|other| squared(centroids.row(group), centroids.row(other)))
        .fold(f64::INFINITY, f64::min);
    nearest.sqrt() / 2.0
}

/// Which mean moved farthest, how far, and how far the farthest of the others.
fn farthest_two(moved: &[f64]) -> (usize, f64, f64) {
    let (mut most, mut first, mut second) = (0, 0.0, 0.0);
    for (group, distance) in moved.iter().enumerate() {
        if *distance > first {
            (most, second, first) = (group, first, *distance);
        } else if *distance > second {
            second = *distance;
        }
    }
    (most, first, second)
}

//! Groups of customers who resemble each other: k-means over numbers, k-prototypes over numbers and categories together, how well a grouping
//! separates, and how many groups there should be. Which columns, and what they are called, is decided elsewhere.

mod choose;
mod differ;
mod indices;
mod kmeans;
mod near;
mod prototypes;
mod seeding;
#[cfg(test)]
mod tests;

pub use choose::{Candidate, KChoice, choose_k, judge, judge_mixed, sample_rows, stability};
pub use differ::{NumberDifference, WordDifference, numbers_differ, words_differ};
pub use indices::{adjusted_rand, calinski_harabasz, davies_bouldin, silhouette, silhouettes};
pub use kmeans::{Clustering, KMeans, kmeans, kmeans_from};
pub use prototypes::{Mixed, PrototypeClustering, default_gamma, prototypes};

/// Rows that one task works on. Sums are added up range by range in their order, so that they do not depend on the number of threads.
const RANGE: usize = 8_192;

/// Numbers of many customers, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    values: Vec<f64>,
    columns: usize,
}

impl Matrix {
    /// `None` when the values do not fill whole rows, or when one of them is not a finite number.
    pub fn new(values: Vec<f64>, columns: usize) -> Option<Matrix> {
        let whole = columns > 0 && values.len().is_multiple_of(columns);
        (whole && values.iter().all(|value| value.is_finite())).then_some(Matrix { values, columns })
    }

    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Some rows, in the order given.
    pub fn select(&self, rows: &[usize]) -> Matrix {
        let mut values = Vec::with_capacity(rows.len() * self.columns);
        for row in rows {
            values.extend_from_slice(self.row(*row));
        }
        Matrix {
            values,
            columns: self.columns,
        }
    }

    /// Mean and standard deviation of each column, the latter divided by n.
    pub fn moments(&self) -> Vec<(f64, f64)> {
        let n = self.rows().max(1) as f64;
        let mut means = vec![0.0; self.columns];
        for row in self.values.chunks_exact(self.columns) {
            means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value);
        }
        means.iter_mut().for_each(|mean| *mean /= n);
        let mut squares = vec![0.0; self.columns];
        for row in self.values.chunks_exact(self.columns) {
            for ((square, value), mean) in squares.iter_mut().zip(row).zip(&means) {
                *square += (value - mean) * (value - mean);
            }
        }
        means
            .into_iter()
            .zip(squares)
            .map(|(mean, square)| (mean, (square / n).sqrt()))
            .collect()
    }

    /// Every column with mean 0 and standard deviation 1 (divided by n); a column that never varies becomes 0.
    pub fn standardised(mut self) -> Matrix {
        let moments = self.moments();
        for row in self.values.chunks_exact_mut(self.columns) {
            for (value, (mean, deviation)) in row.iter_mut().zip(&moments) {
                *value = if *deviation > 0.0 {
                    (*value - mean) / deviation
                } else {
                    0.0
                };
            }
        }
        self
    }
}

/// Squared Euclidean distance.
fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

//! Where groups begin: rows drawn one after another, each with a probability that grows with its distance from those drawn before, the best of
//! a few candidates taken each time (greedy k-means++; Arthur and Vassilvitskii 2007).

use super::RANGE;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

pub(super) fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// `k` different rows of `rows`, fewer when there are not so many different ones. `distance` is the squared distance of two rows.
pub(super) fn seeds(
    rows: usize,
    k: usize,
    random: &mut impl Rng,
    distance: impl Fn(usize, usize) -> f64 + Sync,
) -> Vec<usize> {
    if rows == 0 || k == 0 {
        return Vec::new();
    }
    let trials = 2 + (k as f64).ln().floor() as usize;
    let first = random.random_range(0..rows);
    let mut chosen = vec![first];
    let mut nearest = measured(rows, |row| distance(row, first));
    while chosen.len() < k {
        let sums = sums(&nearest);
        let total: f64 = sums.iter().sum();
        if total <= 0.0 {
            // Every row is equal to one that is chosen.
            break;
        }
        let mut best: Option<(f64, usize, Vec<f64>)> = None;
        for _ in 0..trials {
            let candidate = at(&nearest, &sums, random.random::<f64>() * total);
            let closer = measured(rows, |row| distance(row, candidate).min(nearest[row]));
            let left: f64 = self::sums(&closer).iter().sum();
            if best.as_ref().is_none_or(|(least, _, _)| left < *least) {
                best = Some((left, candidate, closer));
            }
        }
        let Some((_, candidate, closer)) = best else {
            break;
        };
        chosen.push(candidate);
        nearest = closer;
    }
    chosen
}

fn measured(rows: usize, distance: impl Fn(usize) -> f64 + Sync) -> Vec<f64> {
    (0..rows).into_par_iter().with_min_len(RANGE).map(&distance).collect()
}

fn sums(values: &[f64]) -> Vec<f64> {
    values.par_chunks(RANGE).map(|range| range.iter().sum()).collect()
}

/// The row at which the running sum passes `place`.
fn at(values: &[f64], sums: &[f64], mut place: f64) -> usize {
    let mut from = 0;
    for (range, sum) in sums.iter().enumerate() {
        if place < *sum {
            from = range * RANGE;
            break;
        }
        place -= sum;
        from = range * RANGE;
    }
    let mut last = from;
    for (row, value) in values.iter().enumerate().skip(from) {
        if *value > 0.0 {
            last = row;
            if place < *value {
                return row;
            }
        }
        place -= value;
    }
    last
}

//! Chance: every draw that the generator makes. Written out here, and not taken from a distributions package, so that the bytes
//! of a demo do not change when a package changes its sampling. Knows nothing of customers.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// One customer's own stream of random numbers: independent of every other customer and of the order of generation.
pub struct Draw {
    stream: ChaCha8Rng,
}

impl Draw {
    /// The stream of customer `number` under `seed`.
    pub fn of(seed: u64, number: u64) -> Draw {
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        stream.set_stream(number);
        Draw { stream }
    }

    /// Uniform in [0, 1), 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.stream.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in [0, 1), 32 bits: enough for a choice, and half the price.
    fn coarse(&mut self) -> f64 {
        f64::from(self.stream.next_u32()) * (1.0 / 4_294_967_296.0)
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.coarse() < probability
    }

    /// Uniform in 0..n; n must be above 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.stream.next_u32()) * n as u64) >> 32) as usize
    }

    /// Uniform whole number in low..=high.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }

    /// Standard normal (Box and Muller, one of the pair).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.coarse()).cos()
    }

    /// Gamma with the given shape and mean 1 (Marsaglia and Tsang 2000, boosted below shape 1).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        let boosted = if shape < 1.0 { shape + 1.0 } else { shape };
        let d = boosted - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        let value = loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && (1.0 - self.unit()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                break d * v;
            }
        };
        let value = if shape < 1.0 {
            value * (1.0 - self.unit()).powf(1.0 / shape)
        } else {
            value
        };
        value / shape
    }

    /// An index, drawn with the weights that `cumulative` sums up; the last entry is the total.
    pub fn pick(&mut self, cumulative: &[f32]) -> usize {
        let last = cumulative.len() - 1;
        let mark = self.coarse() as f32 * cumulative[last];
        cumulative.iter().position(|&sum| mark < sum).unwrap_or(last)
    }
}

/// Running sums of weights, as [`Draw::pick`] wants them.
pub fn cumulate(weights: &[f64]) -> Vec<f32> {
    weights
        .iter()
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum as f32)
        })
        .collect()
}

/// A number in [0, 1) that depends on nothing but its arguments: decides a customer's arm, whatever else was drawn before.
pub fn salted(seed: u64, salt: u64, number: u64) -> f64 {
    let mixed = mix(mix(mix(seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_add(salt)).wrapping_add(number));
    (mixed >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// The finishing step of SplitMix64 (Steele, Lea, Flood 2014).
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_has_mean_one_and_variance_one_over_shape() {
        let mut draw = Draw::of(1, 1);
        for shape in [0.6, 1.0, 2.5] {
            let n = 200_000;
            let values: Vec<f64> = (0..n).map(|_| draw.gamma(shape)).collect();
            let mean = values.iter().sum::<f64>() / f64::from(n);
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n);
            assert!((mean - 1.0).abs() < 0.02, "mean {mean} at shape {shape}");
            assert!(
                (variance * shape - 1.0).abs() < 0.05,
                "variance {variance} at shape {shape}"
            );
        }
    }

    #[test]
    fn picks_follow_the_weights() {
        let mut draw = Draw::of(3, 9);
        let sums = cumulate(&[1.0, 0.0, 3.0]);
        let mut seen = [0; 3];
        for _ in 0..40_000 {
            seen[draw.pick(&sums)] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((seen[0] as f64 / 40_000.0 - 0.25).abs() < 0.01);
    }

    #[test]
    fn salted_numbers_are_uniform_and_repeatable() {
        let n = 50_000;
        let below = (0..n).filter(|&k| salted(7, 3, k) < 0.3).count();
        assert!((below as f64 / n as f64 - 0.3).abs() < 0.01);
        assert_eq!(salted(7, 3, 5), salted(7, 3, 5));
        assert_ne!(salted(7, 3, 5), salted(7, 4, 5));
    }
}

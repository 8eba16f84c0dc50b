//! Randomness: one generator per purpose and number, all from the seed.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// What a generator is for: drawing more for one purpose never changes another.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    Prices = 1,
    Market,
    Tree,
    Home,
    Identity,
    Relation,
    Usage,
    Members,
    Events,
    Corrections,
    Answers,
    Duplicates,
}

/// A source of draws.
#[derive(Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&number.to_le_bytes());
        key[16] = purpose as u8;
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform between two bounds, the upper one excluded.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// A whole number between two bounds, both included.
    pub fn whole(&mut self, low: i32, high: i32) -> i32 {
        self.0.random_range(low..=high.max(low))
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.0.random::<f64>() < probability
    }

    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// Normal most of the time, three times as wide now and then.
    pub fn heavy(&mut self) -> f64 {
        let wide = if self.chance(0.06) { 3.0 } else { 1.0 };
        wide * self.normal()
    }

    /// Log-normal by its median and the deviation of its logarithm.
    pub fn around(&mut self, median: f64, deviation: f64) -> f64 {
        median * (deviation * self.normal()).exp()
    }

    /// How many events happen where so many are expected; at most 40.
    pub fn events(&mut self, expected: f64) -> u32 {
        let limit = (-expected).exp();
        let mut product = self.0.random::<f64>();
        let mut count = 0;
        while product > limit && count < 40 {
            product *= self.0.random::<f64>();
            count += 1;
        }
        count
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.random_range(0..from.len())]
    }

    /// One of several by weight.
    pub fn weighted<T: Copy>(&mut self, from: &[(T, f64)]) -> T {
        let total: f64 = from.iter().map(|&(_, weight)| weight).sum();
        let mut left = self.between(0.0, total);
        for &(value, weight) in from {
            left -= weight;
            if left < 0.0 {
                return value;
            }
        }
        from[from.len() - 1].0
    }

    /// Four uniform numbers from one draw, for rows where many cheap ones are needed.
    pub fn four(&mut self) -> [f64; 4] {
        let bits = self.0.next_u64();
        [0, 16, 32, 48].map(|shift| ((bits >> shift) & 0xFFFF) as f64 / 65_536.0)
    }
}

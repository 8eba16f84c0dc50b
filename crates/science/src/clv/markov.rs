//! Values of the states of a Markov chain, and chances to move learnt from counts.

use super::numeric::{draws, linear};
use crate::interval::Interval;
use crate::random::Random;

/// The value of each state: the reward there, and those that follow, discounted per step. Over `horizon` steps
/// (rewards 0 to `horizon`), or for ever by [I − P/(1+d)]⁻¹ R (Pfeifer & Carraway 2000). None if rewards go on for
/// ever undiscounted.
#[must_use]
pub fn values(
    chances: &[Vec<f64>],
    rewards: &[f64],
    discount: f64,
    horizon: Option<usize>,
) -> Option<Vec<f64>> {
    let factor = 1.0 / (1.0 + discount);
    if let Some(steps) = horizon {
        let mut now = rewards.to_vec();
        for _ in 0..steps {
            now = chances
                .iter()
                .zip(rewards)
                .map(|(row, reward)| reward + factor * row.iter().zip(&now).map(|(p, v)| p * v).sum::<f64>())
                .collect();
        }
        return Some(now);
    }
    let matrix = (0..rewards.len())
        .map(|row| {
            (0..rewards.len())
                .map(|column| f64::from(u8::from(row == column)) - factor * chances[row][column])
                .collect()
        })
        .collect();
    linear::solve(matrix, vec![rewards.to_vec()]).and_then(|mut solved| solved.pop())
}

/// Chances to move between states, seen as counts over a prior: Dirichlet per row.
#[derive(Debug, Clone, PartialEq)]
pub struct Learnt {
    /// Pseudo-counts plus counts; 0 where a move is not allowed.
    weights: Vec<Vec<f64>>,
}

impl Learnt {
    /// From how often each move was seen, smoothed by `prior_weight` customers per row spread evenly over the
    /// moves that `may` allows. Moves seen against the rules are left out.
    #[must_use]
    pub fn from_counts(counts: &[Vec<f64>], may: impl Fn(usize, usize) -> bool, prior_weight: f64) -> Self {
        let states = counts.len();
        let weights = (0..states)
            .map(|from| {
                let allowed = (0..states).filter(|&to| may(from, to)).count();
                (0..states)
                    .map(|to| {
                        if !may(from, to) {
                            return 0.0;
                        }
                        counts[from][to] + prior_weight / allowed as f64
                    })
                    .collect()
            })
            .collect();
        Self { weights }
    }

    /// The expected chances; each row sums to 1, a row without any weight stays where it is.
    #[must_use]
    pub fn chances(&self) -> Vec<Vec<f64>> {
        self.weights.iter().enumerate().map(|(at, row)| normalised(at, row.clone())).collect()
    }

    /// Chances drawn row by row.
    pub(crate) fn draw(&self, random: &mut Random) -> Vec<Vec<f64>> {
        let row = |(at, row): (usize, &Vec<f64>)| {
            normalised(at, row.iter().map(|&w| if w > 0.0 { draws::gamma(random, w) } else { 0.0 }).collect())
        };
        self.weights.iter().enumerate().map(row).collect()
    }

    /// The value of each state with its interval, from `count` draws of the rows.
    #[must_use]
    pub fn values(
        &self,
        rewards: &[f64],
        discount: f64,
        horizon: Option<usize>,
        count: usize,
        seed: u64,
    ) -> Option<Vec<(f64, Interval)>> {
        let expected = values(&self.chances(), rewards, discount, horizon)?;
        let mut random = Random::new(seed);
        let mut drawn = vec![Vec::with_capacity(count); rewards.len()];
        for _ in 0..count {
            let one = values(&self.draw(&mut random), rewards, discount, horizon)?;
            for (all, value) in drawn.iter_mut().zip(one) {
                all.push(value);
            }
        }
        Some(
            expected
                .into_iter()
                .zip(drawn)
                .map(|(value, all)| (value, draws::interval(all, value)))
                .collect(),
        )
    }
}

fn normalised(at: usize, mut row: Vec<f64>) -> Vec<f64> {
    let sum: f64 = row.iter().sum();
    if sum > 0.0 {
        row.iter_mut().for_each(|cell| *cell /= sum);
    } else {
        row[at] = 1.0;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(states: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
        prop::collection::vec(prop::collection::vec(0.01..1.0_f64, states), states)
            .prop_map(|rows| rows.into_iter().enumerate().map(|(at, row)| normalised(at, row)).collect())
    }

    proptest! {
        #[test]
        fn solving_is_summing_for_ever(chances in rows(4), discount in 0.05..0.5_f64) {
            let rewards = [10.0, -2.0, 1.0, 0.0];
            let solved = values(&chances, &rewards, discount, None).unwrap();
            let summed = values(&chances, &rewards, discount, Some(600)).unwrap();
            for (a, b) in solved.iter().zip(summed) {
                prop_assert!((a - b).abs() < 1e-8, "{a} {b}");
            }
        }

        #[test]
        fn chances_respect_the_rules_and_sum_to_one(seen in prop::collection::vec(0..50_u8, 9), weight in 0.0..5.0_f64) {
            let counts: Vec<Vec<f64>> =
                seen.chunks(3).map(|row| row.iter().map(|&n| f64::from(n)).collect()).collect();
            let may = |from: usize, to: usize| to != (from + 1) % 3;
            let learnt = Learnt::from_counts(&counts, may, weight);
            for chances in [learnt.chances(), learnt.draw(&mut Random::new(1))] {
                for (from, row) in chances.iter().enumerate() {
                    prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                    prop_assert_eq!(row[(from + 1) % 3], 0.0);
                }
            }
        }
    }

    #[test]
    fn what_goes_on_for_ever_undiscounted_has_no_value() {
        assert_eq!(values(&[vec![1.0]], &[1.0], 0.0, None), None);
    }

    #[test]
    fn more_customers_make_the_interval_narrower_about_the_same_value() {
        let width = |times: f64| {
            let counts = vec![vec![8.0 * times, 2.0 * times], vec![0.0, times]];
            let learnt = Learnt::from_counts(&counts, |from, to| from <= to, 0.5);
            let (value, interval) = learnt.values(&[100.0, 0.0], 0.1, None, 500, 7).unwrap()[0];
            assert!(interval.low < value && value < interval.high, "{value} {interval:?}");
            interval.high - interval.low
        };
        assert!(width(1.0) > 3.0 * width(100.0));
    }
}

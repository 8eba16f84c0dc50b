//! Tenure's own model for enterprise customers: Pfeifer & Carraway's chain over the six lifecycle stages, with the
//! profit of each stage and chances to move learnt from the operator's own base. Our own form.
//!
//! The chain is solved once per base; a customer is then a look-up: the stage's value, its earning part scaled by
//! the customer's own level of profit.

use domain::{LifecycleStage, Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use super::booking::Booking;
use super::estimate::Estimate;
use super::markov::{self, Learnt};
use crate::interval::Interval;
use crate::random::Random;

const STAGES: usize = LifecycleStage::COUNT;

/// What was seen of a base: moves and profit by stage, added up customer by customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// How often a customer in one stage was in another a period later.
    pub moves: [[f64; STAGES]; STAGES],
    /// Customer-periods in each stage.
    pub periods: [f64; STAGES],
    /// Their profit, yuan.
    pub profit: [f64; STAGES],
}

/// How the chain is valued.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChainOptions {
    /// Discount per period.
    pub discount: f64,
    /// Payments looked ahead; for ever without.
    pub horizon: Option<usize>,
    /// When payments are booked.
    pub booking: Booking,
    /// Customers that the prior of a row weighs.
    pub prior_weight: f64,
    /// Periods of a customer's own profit that weigh as much as the stage's mean.
    pub level_periods: f64,
    /// Draws for intervals.
    pub draws: usize,
    /// What the draws start from.
    pub seed: u64,
}

/// The value of a stage: what it earns, which grows with a customer's level, and what it costs, which does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct StageValue {
    /// Value of the profits to come of stages that earn, yuan.
    pub earning: f64,
    /// Value of the losses to come of stages that cost, yuan; not above 0.
    pub cost: f64,
    /// Variance of `earning`, their covariance, variance of `cost`, over the draws of the chances.
    pub spread: [f64; 3],
}

/// The chain of a base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageChain {
    /// Chance to move from a stage to another in a period.
    pub chances: [[f64; STAGES]; STAGES],
    /// Mean profit per customer and period in each stage, yuan.
    pub profit: [f64; STAGES],
    /// Value of each stage.
    pub values: [StageValue; STAGES],
    /// Mean of the stages' earnings over customers and periods, yuan: the unit in which a level is shrunk.
    pub mean_earning: f64,
    /// Periods that weigh as much as the mean.
    pub level_periods: f64,
}

/// A customer's own profit over the periods looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct OwnProfit {
    /// Its profit, yuan.
    pub profit: f64,
    /// What customers in the same stages earned on average in those periods, yuan: see [`StageChain::earning`].
    pub expected: f64,
}

impl Seen {
    /// Counts one customer in: its stages and profits (yuan) without gaps, oldest first.
    pub fn add(&mut self, lived: &[(LifecycleStage, f64)]) {
        for &(stage, profit) in lived {
            self.periods[stage.index()] += 1.0;
            self.profit[stage.index()] += profit;
        }
        for pair in lived.windows(2) {
            self.moves[pair[0].0.index()][pair[1].0.index()] += 1.0;
        }
    }
}

impl StageChain {
    /// Learns and values the chain.
    ///
    /// # Errors
    /// If nothing was seen, what was seen is no number, or the value has no bound (no discount and no horizon).
    pub fn learn(seen: &Seen, options: &ChainOptions) -> Result<Self, Problem> {
        let bad = |key| Problem::new(ProblemKind::BadInput, Message::new(key));
        let total: f64 = seen.periods.iter().sum();
        if total.is_nan() || total <= 0.0 {
            return Err(bad("clv-problem-no-stages"));
        }
        let numbers = seen.moves.iter().flatten().chain(&seen.profit).chain(&seen.periods);
        if numbers.into_iter().any(|number| !number.is_finite()) {
            return Err(bad("clv-problem-stage-numbers"));
        }
        let counts: Vec<Vec<f64>> = seen.moves.iter().map(|row| row.to_vec()).collect();
        let may = |from: usize, to: usize| {
            LifecycleStage::ALL[from] == LifecycleStage::ALL[to]
                || LifecycleStage::ALL[from].may_become(LifecycleStage::ALL[to])
        };
        let learnt = Learnt::from_counts(&counts, may, options.prior_weight);
        let profit: [f64; STAGES] = std::array::from_fn(|stage| match seen.periods[stage] {
            0.0 => 0.0,
            periods => seen.profit[stage] / periods,
        });
        let chances = learnt.chances();
        let endless = || bad("clv-problem-endless-chain");
        let expected = both_values(&chances, &profit, options).ok_or_else(endless)?;
        let mut random = Random::new(options.seed);
        let mut spread = [[0.0; 3]; STAGES];
        for _ in 0..options.draws {
            let drawn = both_values(&learnt.draw(&mut random), &profit, options).ok_or_else(endless)?;
            for (sums, (drawn, expected)) in spread.iter_mut().zip(drawn.iter().zip(&expected)) {
                let (earning, cost) = (drawn.0 - expected.0, drawn.1 - expected.1);
                sums[0] += earning * earning / options.draws as f64;
                sums[1] += earning * cost / options.draws as f64;
                sums[2] += cost * cost / options.draws as f64;
            }
        }
        let earned: f64 = (0..STAGES).map(|stage| profit[stage].max(0.0) * seen.periods[stage]).sum();
        Ok(Self {
            chances: std::array::from_fn(|from| std::array::from_fn(|to| chances[from][to])),
            profit,
            values: std::array::from_fn(|stage| StageValue {
                earning: expected[stage].0,
                cost: expected[stage].1,
                spread: spread[stage],
            }),
            mean_earning: earned / total,
            level_periods: options.level_periods,
        })
    }

    /// What a customer in a stage earns on average in a period, yuan; 0 where the stage costs.
    #[must_use]
    pub fn earning(&self, stage: LifecycleStage) -> f64 {
        self.profit[stage.index()].max(0.0)
    }

    /// A customer's level: its own profit over what customers in the same stages earned, both with
    /// `level_periods` periods of the base's mean earning added. So little history says little, and one of whom
    /// nothing is known has 1. Below 0 for one that goes on costing more than it brings.
    #[must_use]
    pub fn level(&self, own: OwnProfit) -> f64 {
        let prior = self.level_periods * self.mean_earning;
        let expected = own.expected + prior;
        let level = (own.profit + prior) / expected;
        if expected > 0.0 && level.is_finite() { level } else { 1.0 }
    }

    /// The value of a customer in a stage, with the interval that the uncertainty of the chances gives it.
    #[must_use]
    pub fn value(&self, stage: LifecycleStage, own: OwnProfit) -> Estimate {
        let level = self.level(own);
        let StageValue { earning, cost, spread: [of_earning, both, of_cost] } = self.values[stage.index()];
        let value = level * earning + cost;
        let variance = level * level * of_earning + 2.0 * level * both + of_cost;
        Estimate { value, interval: Some(Interval::around(value, variance.max(0.0).sqrt())) }
    }
}

/// Earning and cost value of each stage.
fn both_values(
    chances: &[Vec<f64>],
    profit: &[f64; STAGES],
    options: &ChainOptions,
) -> Option<Vec<(f64, f64)>> {
    let first = options.booking.first();
    let part = |rewards: [f64; STAGES]| -> Option<Vec<f64>> {
        let steps = match options.horizon {
            Some(0) => return Some(vec![0.0; STAGES]),
            Some(payments) => Some(payments + first - 1),
            None => None,
        };
        let values = markov::values(chances, &rewards, options.discount, steps)?;
        let delayed = (1.0 + options.discount).powi(-options.booking.delay());
        let counted = |(value, reward): (f64, f64)| (value - first as f64 * reward) * delayed;
        Some(values.into_iter().zip(rewards).map(counted).collect())
    };
    let earning = part(profit.map(|profit| profit.max(0.0)))?;
    let cost = part(profit.map(|profit| profit.min(0.0)))?;
    Some(earning.into_iter().zip(cost).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use LifecycleStage::{Decline, Development, Growth, Maturity, Potential, Termination};

    const OPTIONS: ChainOptions = ChainOptions {
        discount: 0.008,
        horizon: Some(60),
        booking: Booking::FirstExcluded,
        prior_weight: 5.0,
        level_periods: 6.0,
        draws: 200,
        seed: 3,
    };

    fn seen(times: usize) -> Seen {
        let mut seen = Seen::default();
        for _ in 0..times {
            let lived = |stages: &[(LifecycleStage, usize, f64)]| -> Vec<(LifecycleStage, f64)> {
                stages.iter().flat_map(|&(stage, months, profit)| vec![(stage, profit); months]).collect()
            };
            seen.add(&lived(&[
                (Potential, 6, -20.0),
                (Development, 3, 10.0),
                (Growth, 9, 80.0),
                (Maturity, 20, 120.0),
            ]));
            seen.add(&lived(&[(Maturity, 20, 100.0), (Decline, 8, 40.0), (Termination, 12, 0.0)]));
            seen.add(&lived(&[(Decline, 4, 50.0), (Growth, 5, 70.0), (Maturity, 5, 90.0)]));
        }
        seen
    }

    #[test]
    fn a_stage_is_worth_what_it_leads_to() {
        let chain = StageChain::learn(&seen(30), &OPTIONS).unwrap();
        let value = |stage| chain.value(stage, OwnProfit::default()).value;
        assert!(value(Maturity) > value(Decline) && value(Decline) > value(Termination));
        assert!(value(Growth) > value(Potential));
        for (from, row) in chain.chances.iter().enumerate() {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for (to, chance) in row.iter().enumerate() {
                let may = LifecycleStage::ALL[from].may_become(LifecycleStage::ALL[to]) || from == to;
                assert!(may || *chance == 0.0, "{from} {to}");
            }
        }
    }

    #[test]
    fn a_customers_own_level_counts_the_more_the_longer_it_is_known() {
        let chain = StageChain::learn(&seen(30), &OPTIONS).unwrap();
        let months = |months: f64| OwnProfit {
            profit: 3.0 * months * chain.earning(Maturity),
            expected: months * chain.earning(Maturity),
        };
        assert_eq!(chain.level(OwnProfit::default()), 1.0);
        assert!(chain.level(months(1.0)) < chain.level(months(12.0)));
        assert!((chain.level(months(1e6)) - 3.0).abs() < 1e-3);
        let plain = chain.value(Maturity, OwnProfit::default()).value;
        assert!(chain.value(Maturity, months(12.0)).value > 1.5 * plain);
    }

    #[test]
    fn levels_add_up_to_the_base() {
        let chain = StageChain::learn(&seen(1), &OPTIONS).unwrap();
        // Two customers of one stage: their mean value is the stage's, whatever divides them.
        let earning = 12.0 * chain.earning(Maturity);
        let value = |share: f64| {
            chain.value(Maturity, OwnProfit { profit: share * earning, expected: earning }).value
        };
        assert!((value(0.2) + value(1.8) - 2.0 * value(1.0)).abs() < 1e-9);
    }

    #[test]
    fn a_larger_base_is_surer() {
        let width = |times| {
            let chain = StageChain::learn(&seen(times), &OPTIONS).unwrap();
            let estimate = chain.value(Maturity, OwnProfit::default());
            let interval = estimate.interval.unwrap();
            assert!(interval.low < estimate.value && estimate.value < interval.high);
            interval.high - interval.low
        };
        assert!(width(2) > 2.0 * width(50));
    }

    #[test]
    fn nothing_seen_and_no_end_are_problems() {
        let key =
            |seen: &Seen, options: &ChainOptions| StageChain::learn(seen, options).unwrap_err().cause.key;
        assert_eq!(key(&Seen::default(), &OPTIONS), "clv-problem-no-stages");
        let mut odd = seen(1);
        odd.profit[0] = f64::NAN;
        assert_eq!(key(&odd, &OPTIONS), "clv-problem-stage-numbers");
    }
}

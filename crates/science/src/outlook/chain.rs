//! Lifetime value in the cycle: the chain of stages, learnt month by month from the operator's own base.
//!
//! Bases are uneven: one customer brings as much as a thousand others. So profit is counted in months of the
//! customer's own revenue level (its mean monthly revenue over a year), which makes customers comparable; a
//! customer's value is what the chain says of its stage and its own margin, times its level.

use domain::outlook::{ExitRisk, LifetimeValue, ValueModel};
use domain::rules::Value;
use domain::{LifecycleStage, Money};
use serde::{Deserialize, Serialize};

use crate::clv::booking::Booking;
use crate::clv::stages::{ChainOptions, OwnProfit, Seen, StageChain};
use crate::lifecycle::State;

const STAGES: usize = LifecycleStage::COUNT;
/// Sums are kept in steps of 2⁻²⁰: whole numbers add up the same in any order.
const STEPS: f64 = 1_048_576.0;
/// A single month's profit counts for at most so many months of revenue, either way.
const PROFIT_AT_MOST: f64 = 3.0;
/// Drawings of the moves.
const DRAWS: usize = 100;

/// What the base teaches: sums that do not depend on the order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLearner {
    /// Customer-months from stage to stage.
    moves: [[i64; STAGES]; STAGES],
    /// Customer-months in each stage whose profit is known …
    months: [i64; STAGES],
    /// … and that profit over the revenue level.
    profit: [i64; STAGES],
}

impl ChainLearner {
    /// Learns from a customer's latest month.
    pub fn add(&mut self, state: &State) {
        let Some(now) = state.stage_months_ago(0) else {
            return;
        };
        if let Some(before) = state.stage_months_ago(1) {
            self.moves[before.index()][now.index()] += 1;
        }
        if let (Some(profit), Some(level)) = (state.profit_months_ago(0), state.revenue_level()) {
            self.months[now.index()] += 1;
            self.profit[now.index()] += (relative(profit, level) * STEPS).round() as i64;
        }
    }

    /// Takes over what another has learnt.
    pub fn merge(&mut self, other: &Self) {
        let mine = self.moves.iter_mut().flatten().chain(&mut self.months).chain(&mut self.profit);
        let theirs = other.moves.iter().flatten().chain(&other.months).chain(&other.profit);
        for (mine, theirs) in mine.zip(theirs) {
            *mine += theirs;
        }
    }

    /// The chain for the next month; none before any customer was seen in two months.
    #[must_use]
    pub fn chain(&self, rules: &Value) -> Option<Chain> {
        if self.moves.iter().flatten().all(|&count| count == 0) {
            return None;
        }
        let counts = |counts: &[i64; STAGES]| counts.map(|count| count as f64);
        let seen = Seen {
            moves: std::array::from_fn(|from| counts(&self.moves[from])),
            periods: counts(&self.months),
            profit: self.profit.map(|sum| sum as f64 / STEPS),
        };
        let options = ChainOptions {
            discount: (1.0 + rules.discount).powf(1.0 / 12.0) - 1.0,
            horizon: Some(usize::from(rules.horizon_months)),
            booking: Booking::FirstExcluded,
            prior_weight: rules.prior_weight,
            level_periods: rules.level_months,
            draws: DRAWS,
            seed: 1,
        };
        let chain = StageChain::learn(&seen, &options).ok()?;
        Some(Chain { exit: exit(&chain.chances), chain })
    }
}

fn relative(profit: Money, level: Money) -> f64 {
    (profit.fen() as f64 / level.fen() as f64).clamp(-PROFIT_AT_MOST, PROFIT_AT_MOST)
}

/// The chance of each stage to end within [`ExitRisk::MONTHS`].
fn exit(chances: &[[f64; STAGES]; STAGES]) -> [f32; STAGES] {
    let gone = LifecycleStage::Termination.index();
    std::array::from_fn(|stage| {
        let mut at = [0.0; STAGES];
        at[stage] = 1.0;
        let mut left = 0.0;
        for _ in 0..ExitRisk::MONTHS {
            // Those who come back within the time have left all the same.
            at[gone] = 0.0;
            at = std::array::from_fn(|to| (0..STAGES).map(|from| at[from] * chances[from][to]).sum());
            left += at[gone];
        }
        left as f32
    })
}

/// The chain of a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    chain: StageChain,
    exit: [f32; STAGES],
}

impl Chain {
    /// The value of a customer; none before it had revenue.
    #[must_use]
    pub fn value(&self, state: &State) -> Option<LifetimeValue> {
        let stage = state.stage_months_ago(0)?;
        let level = state.revenue_level()?;
        let mut own = OwnProfit::default();
        for month in 0..State::YEAR {
            if let (Some(profit), Some(stage)) =
                (state.profit_months_ago(month), state.stage_months_ago(month))
            {
                own.profit += relative(profit, level);
                own.expected += self.chain.earning(stage);
            }
        }
        let months = self.chain.value(stage, own);
        let fen = level.fen() as f64;
        // Two sources of doubt that do not depend on each other: the moves, and the level.
        let of_moves = months.interval.map_or(0.0, |range| (range.high - range.low) / 2.0);
        let of_level = 1.96 * state.level_error() * months.value;
        let reach = (of_moves * of_moves + of_level * of_level).sqrt() * fen;
        let amount = months.value * fen;
        let money = |fen: f64| Money::from_fen(fen.round() as i64);
        Some(LifetimeValue {
            amount: money(amount),
            low: money(amount - reach),
            high: money(amount + reach),
            model: ValueModel::StageChain,
        })
    }

    /// The chance of a stage to end within [`ExitRisk::MONTHS`].
    #[must_use]
    pub const fn exit(&self, stage: LifecycleStage) -> f32 {
        self.exit[stage.index()]
    }

    /// The chain in months of revenue: what it rests on and says.
    #[must_use]
    pub const fn in_months_of_revenue(&self) -> &StageChain {
        &self.chain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LifecycleStage::{Decline, Maturity, Termination};

    fn learner() -> ChainLearner {
        let mut learner = ChainLearner::default();
        let moves = [
            (Maturity, Maturity, 9_700),
            (Maturity, Decline, 300),
            (Decline, Decline, 850),
            (Decline, Maturity, 50),
            (Decline, Termination, 100),
        ];
        for (from, to, count) in moves {
            learner.moves[from.index()][to.index()] = count;
        }
        for (stage, profit) in [(Maturity, 0.3), (Decline, 0.15)] {
            learner.months[stage.index()] = 1_000;
            learner.profit[stage.index()] = (profit * 1_000.0 * STEPS) as i64;
        }
        learner
    }

    fn rules() -> Value {
        Value { horizon_months: 36, discount: 0.1, prior_weight: 0.0, level_months: 6.0, bands_yuan: [1, 2] }
    }

    #[test]
    fn a_quarter_ends_the_relation_as_the_moves_say() {
        let chain = learner().chain(&rules()).expect("a chain");
        let (decline, maturity) = (0.85, 0.05);
        let expected = 0.1 + decline * 0.1 + (decline * decline + maturity * 0.03) * 0.1;
        assert!((f64::from(chain.exit(Decline)) - expected).abs() < 1e-6);
    }

    #[test]
    fn nothing_is_said_before_anything_was_seen() {
        assert!(ChainLearner::default().chain(&rules()).is_none());
        let first_month = ChainLearner { moves: Default::default(), ..learner() };
        assert!(first_month.chain(&rules()).is_none());
    }

    #[test]
    fn merging_in_parts_is_learning_at_once() {
        let mut twice = learner();
        twice.merge(&learner());
        assert_eq!(twice.moves[Maturity.index()][Decline.index()], 600);
        assert_eq!(
            twice.chain(&rules()).expect("a chain").exit(Decline),
            learner().chain(&rules()).expect("a chain").exit(Decline)
        );
    }
}

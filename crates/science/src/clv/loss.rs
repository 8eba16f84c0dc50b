//! Permanent and intermittent loss: a customer is active, dormant for so many periods, or lost. Our own form. It
//! holds the retention model (nobody comes back) and Dwyer's migration (nobody is lost before the last chance).

use super::booking::Booking;
use super::markov;

/// Chances of a customer to stay, pause, come back and be lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// Margin of a period in which the customer is active, yuan.
    pub margin: f64,
    /// r: share of the active that is active in the next period.
    pub retention: f64,
    /// λ: share of those who stop that is lost for good at once.
    pub lost: f64,
    /// ρ₁, ρ₂, …: share of those dormant for 1, 2, … periods that comes back; after the last they are lost.
    pub returns: Vec<f64>,
    /// Discount per period.
    pub discount: f64,
}

impl Loss {
    /// The chain: active, dormant for 1, 2, … periods, lost.
    #[must_use]
    pub fn chain(&self) -> Vec<Vec<f64>> {
        let states = self.returns.len() + 2;
        let lost = states - 1;
        let mut chain = vec![vec![0.0; states]; states];
        let stops = 1.0 - self.retention;
        chain[0][0] = self.retention;
        chain[0][lost] += stops * self.lost;
        chain[0][1] += stops * (1.0 - self.lost);
        for (dormant, back) in self.returns.iter().enumerate() {
            chain[dormant + 1][0] = *back;
            chain[dormant + 1][dormant + 2] += 1.0 - back;
        }
        chain[lost][lost] = 1.0;
        chain
    }

    /// The value of each state, over `horizon` payments or for ever. None if it has no bound.
    #[must_use]
    pub fn values(&self, horizon: Option<usize>, booking: Booking) -> Option<Vec<f64>> {
        let mut rewards = vec![0.0; self.returns.len() + 2];
        rewards[0] = self.margin;
        let steps = match (horizon, booking.first()) {
            (Some(0), _) => return Some(vec![0.0; rewards.len()]),
            (Some(payments), first) => Some(payments + first - 1),
            (None, _) => None,
        };
        let mut values = markov::values(&self.chain(), &rewards, self.discount, steps)?;
        for (value, reward) in values.iter_mut().zip(rewards) {
            if booking.first() == 1 {
                *value -= reward;
            }
            *value *= (1.0 + self.discount).powi(-booking.delay());
        }
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clv::booking::retention_value;
    use crate::clv::recency::Recency;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn without_return_it_is_the_retention_model(
            retention in 0.0..0.98_f64, lost in 0.0..1.0_f64, states in 0..5_usize, n in 0..20_usize,
        ) {
            let loss = Loss { margin: 10.0, retention, lost, returns: vec![0.0; states], discount: 0.1 };
            for booking in Booking::ALL {
                for horizon in [None, Some(n)] {
                    let value = loss.values(horizon, booking).unwrap()[0];
                    let plain = retention_value(10.0, retention, 0.1, horizon, booking);
                    prop_assert!((value - plain).abs() < 1e-9, "{value} {plain}");
                }
            }
        }

        #[test]
        fn without_loss_it_is_the_migration_model(
            chances in prop::collection::vec(0.0..1.0_f64, 1..6), n in 0..20_usize,
        ) {
            let recency = Recency { chances, contribution: 10.0, marketing: 0.0, discount: 0.1 };
            let loss = Loss {
                margin: 10.0,
                retention: recency.chances[0],
                lost: 0.0,
                returns: recency.chances[1..].to_vec(),
                discount: 0.1,
            };
            let value = loss.values(Some(n + 1), Booking::FirstIncluded).unwrap()[0];
            prop_assert!((value - recency.migration_value(n)).abs() < 1e-9);
        }
    }
}

//! "Always a share": the chance to buy depends on how long ago the last purchase was. Dwyer's migration model as
//! Berger & Nasr 1998 case 5 writes it, and the chain of Pfeifer & Carraway 2000, which holds it.

use super::markov;

/// A customer who last bought 1, 2, … periods ago buys with these chances; after the last one it is a former
/// customer for good.
#[derive(Debug, Clone, PartialEq)]
pub struct Recency {
    /// P₁, P₂, …: chance to buy in the next period, by periods since the last purchase.
    pub chances: Vec<f64>,
    /// Net contribution of a purchase, yuan.
    pub contribution: f64,
    /// Marketing to each who is not a former customer, yuan per period.
    pub marketing: f64,
    /// Discount per period.
    pub discount: f64,
}

impl Recency {
    /// Share of a cohort that buys in periods 1 to `periods` (Berger & Nasr, case 5), C₀ being 1.
    #[must_use]
    pub fn buyers(&self, periods: usize) -> Vec<f64> {
        let mut buyers = vec![1.0];
        for period in 1..=periods {
            let mut share = 0.0;
            let mut missed = 1.0;
            for (since, chance) in self.chances.iter().enumerate().take(period) {
                share += buyers[period - since - 1] * chance * missed;
                missed *= 1.0 - chance;
            }
            buyers.push(share);
        }
        buyers.remove(0);
        buyers
    }

    /// The chain: states 1, 2, … periods since the last purchase, and former.
    #[must_use]
    pub fn chain(&self) -> Vec<Vec<f64>> {
        let states = self.chances.len() + 1;
        let mut chain = vec![vec![0.0; states]; states];
        for (state, chance) in self.chances.iter().enumerate() {
            chain[state][0] = *chance;
            chain[state][state + 1] += 1.0 - chance;
        }
        chain[states - 1][states - 1] = 1.0;
        chain
    }

    /// What is earned on arriving in each state.
    #[must_use]
    pub fn rewards(&self) -> Vec<f64> {
        let mut rewards = vec![-self.marketing; self.chances.len() + 1];
        rewards[0] += self.contribution;
        if let Some(former) = rewards.last_mut() {
            *former = 0.0;
        }
        rewards
    }

    /// The value of each state over `horizon` periods or for ever; the purchase just made counts.
    #[must_use]
    pub fn values(&self, horizon: Option<usize>) -> Option<Vec<f64>> {
        markov::values(&self.chain(), &self.rewards(), self.discount, horizon)
    }

    /// Dwyer's migration value: contribution of those who buy less marketing to those who are not former
    /// customers, period by period. The same sum as [`Self::values`] of a customer who has just bought.
    #[must_use]
    pub fn migration_value(&self, periods: usize) -> f64 {
        let mut buyers = vec![1.0];
        buyers.extend(self.buyers(periods));
        let mut value = 0.0;
        for period in 0..=periods {
            let mut addressed = 0.0;
            let mut missed = 1.0;
            for (since, chance) in self.chances.iter().enumerate().take(period + 1) {
                addressed += buyers[period - since] * missed;
                missed *= 1.0 - chance;
            }
            let flow = self.contribution * buyers[period] - self.marketing * addressed;
            value += flow / (1.0 + self.discount).powi(period as i32);
        }
        value
    }

    /// The best number of periods without a purchase after which to stop, and the values of the states before
    /// it: the simplest let-go rule. Between equals the longer relation is kept.
    #[must_use]
    pub fn best_stop(&self) -> Option<(usize, Vec<f64>)> {
        let mut best: Option<(usize, Vec<f64>)> = None;
        for stop in (1..=self.chances.len()).rev() {
            let shorter = Self { chances: self.chances[..stop].to_vec(), ..self.clone() };
            let values = shorter.values(None)?;
            if best.as_ref().is_none_or(|(_, best)| values[0] > best[0] + 1e-12 * best[0].abs()) {
                best = Some((stop, values));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(values: &[f64]) -> Vec<String> {
        values.iter().map(|value| format!("{value:.4}")).collect()
    }

    fn example() -> Recency {
        Recency { chances: vec![0.3, 0.2, 0.15, 0.05], contribution: 40.0, marketing: 4.0, discount: 0.2 }
    }

    #[test]
    fn buyers_of_case_5() {
        assert_eq!(shown(&example().buyers(4)), ["0.3000", "0.2300", "0.1950", "0.1397"]);
    }

    #[test]
    fn values_of_pfeifer_and_carraway() {
        let values = example().values(Some(4)).unwrap();
        assert_eq!(shown(&values), ["50.1150", "4.2199", "0.5921", "-1.9801", "0.0000"]);
        let values = example().values(None).unwrap();
        assert_eq!(shown(&values), ["52.3196", "5.5538", "1.2508", "-1.8200", "0.0000"]);
        let other =
            Recency { chances: vec![0.5, 0.2, 0.1], contribution: 100.0, marketing: 0.0, discount: 0.1 };
        assert_eq!(shown(&other.values(None).unwrap()[..3]), ["231.0764", "57.2917", "21.0069"]);
    }

    #[test]
    fn a_state_with_a_negative_value_is_let_go() {
        let (stop, values) = example().best_stop().unwrap();
        assert_eq!(stop, 3);
        assert_eq!(shown(&values), ["53.1494", "6.6207", "2.6437", "0.0000"]);
    }

    fn chances() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(0.0..1.0_f64, 1..7)
    }

    proptest! {
        #[test]
        fn buyers_are_the_powers_of_the_chain(chances in chances(), periods in 1..12_usize) {
            let recency = Recency { chances, ..example() };
            let chain = recency.chain();
            let mut power = chain.clone();
            for share in recency.buyers(periods) {
                prop_assert!((share - power[0][0]).abs() < 1e-12, "{share} {}", power[0][0]);
                power = power
                    .iter()
                    .map(|row| {
                        (0..row.len()).map(|to| row.iter().zip(&chain).map(|(p, via)| p * via[to]).sum()).collect()
                    })
                    .collect();
            }
        }

        #[test]
        fn the_migration_model_is_the_chain(chances in chances(), periods in 0..12_usize) {
            let recency = Recency { chances, ..example() };
            let value = recency.values(Some(periods)).unwrap()[0];
            prop_assert!((recency.migration_value(periods) - value).abs() < 1e-9);
        }

        #[test]
        fn stopping_is_never_worse_than_going_on(chances in chances()) {
            let recency = Recency { chances, ..example() };
            let (stop, values) = recency.best_stop().unwrap();
            prop_assert!(values[0] >= recency.values(None).unwrap()[0] - 1e-9);
            // No state that is kept costs more than it brings.
            prop_assert!(stop == 1 || values[1..stop].iter().all(|&value| value >= -1e-9), "{values:?}");
        }
    }
}

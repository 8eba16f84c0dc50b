//! Customers of a month to learn from: the same ones every month, so that what became of them is known later.

use std::collections::BTreeMap;

use domain::outlook::ExitRisk;
use domain::{LifecycleStage, Money, Month};

use super::features::Features;
use crate::random::Random;

/// Some customers of a month, sorted by customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// Ids.
    pub customers: Vec<i64>,
    /// [`LifecycleStage::index`] at the month's end.
    pub stages: Vec<u8>,
    /// Revenue of the month, where the extract has a row, and cost.
    pub money: Vec<(Option<Money>, Money)>,
    /// What was known of them by then.
    pub features: Vec<Features>,
}

impl Sample {
    /// An empty one with room for so many.
    #[must_use]
    pub fn with_room(customers: usize) -> Self {
        Self {
            customers: Vec::with_capacity(customers),
            stages: Vec::with_capacity(customers),
            money: Vec::with_capacity(customers),
            features: Vec::with_capacity(customers),
        }
    }
}

/// Whether a customer is one of about `at_most` of so many. Who is in the sample of a larger base was in that of a
/// smaller one.
#[must_use]
pub fn is_sampled(customer: i64, customers: usize, at_most: u32) -> bool {
    Random::new(customer as u64).unit() * customers as f64 <= f64::from(at_most)
}

/// [`LifecycleStage::is_served`] of a kept stage.
pub(super) fn is_served(stage: u8) -> bool {
    LifecycleStage::from_index(usize::from(stage)).is_some_and(LifecycleStage::is_served)
}

/// Rows whose end is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Lived {
    pub features: Vec<Features>,
    pub left: Vec<bool>,
    pub customers: Vec<i64>,
    pub months: Vec<Month>,
}

impl Lived {
    /// How many left.
    pub fn exits(&self) -> usize {
        self.left.iter().filter(|&&left| left).count()
    }

    /// The rows of some customers and months.
    pub fn only(&self, holds: impl Fn(i64, Month) -> bool) -> Self {
        let rows = (0..self.left.len()).filter(|&row| holds(self.customers[row], self.months[row]));
        let mut some = Self::default();
        for row in rows {
            some.features.push(self.features[row]);
            some.left.push(self.left[row]);
            some.customers.push(self.customers[row]);
            some.months.push(self.months[row]);
        }
        some
    }
}

/// Customers served in the months `from..=last`, and whether they left within [`ExitRisk::MONTHS`]. Months whose
/// future is not known yet are left out, and customers who are not in all of it.
pub(super) fn lived(samples: &BTreeMap<Month, Sample>, from: Month, last: Month) -> Lived {
    let mut lived = Lived::default();
    let gone = LifecycleStage::Termination.index() as u8;
    for (&month, sample) in samples.range(from..=last) {
        let later: Option<Vec<&Sample>> =
            (1..=ExitRisk::MONTHS).map(|ahead| samples.get(&(month + ahead))).collect();
        let Some(later) = later else { continue };
        for (row, &customer) in sample.customers.iter().enumerate() {
            if !is_served(sample.stages[row]) {
                continue;
            }
            let stages: Option<Vec<u8>> = later
                .iter()
                .map(|later| later.customers.binary_search(&customer).ok().map(|row| later.stages[row]))
                .collect();
            let Some(stages) = stages else { continue };
            lived.features.push(sample.features[row]);
            lived.left.push(stages.contains(&gone));
            lived.customers.push(customer);
            lived.months.push(month);
        }
    }
    lived
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::FEATURES;

    #[test]
    fn about_as_many_as_asked_for_and_always_the_same() {
        let sampled = |customers: usize| -> Vec<i64> {
            (1..=customers as i64).filter(|&customer| is_sampled(customer, customers, 2_000)).collect()
        };
        assert_eq!(sampled(1_500).len(), 1_500);
        let (small, large) = (sampled(20_000), sampled(100_000));
        assert!((1_800..2_200).contains(&large.len()), "{}", large.len());
        assert!(
            large.iter().filter(|&&customer| customer <= 20_000).all(|customer| small.contains(customer))
        );
    }

    #[test]
    fn who_left_within_the_quarter_is_known_only_after_it() {
        let (mature, gone) =
            (LifecycleStage::Maturity.index() as u8, LifecycleStage::Termination.index() as u8);
        let month = Month::new(2025, 1).expect("a month");
        let of = |stages: [u8; 3]| Sample {
            customers: vec![1, 2, 3],
            stages: stages.to_vec(),
            money: vec![(None, Money::ZERO); 3],
            features: vec![[0.0; FEATURES.len()]; 3],
        };
        let samples: BTreeMap<Month, Sample> = [
            of([mature, mature, gone]),
            of([mature, mature, gone]),
            of([mature, mature, gone]),
            of([mature, gone, gone]),
            of([gone, gone, gone]),
        ]
        .into_iter()
        .enumerate()
        .map(|(place, sample)| (month + place as i32, sample))
        .collect();
        let lived = lived(&samples, month, month + 12);
        let rows: Vec<(i64, i32, bool)> = (0..lived.left.len())
            .map(|row| (lived.customers[row], lived.months[row] - month, lived.left[row]))
            .collect();
        assert_eq!(rows, [(1, 0, false), (2, 0, true), (1, 1, true), (2, 1, true)]);
    }
}

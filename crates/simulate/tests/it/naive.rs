//! The naive rule of the issue, on the world itself; written here on its own so that it shares nothing with
//! the engine.

use std::collections::BTreeMap;

use domain::{LifecycleStage, Month};
use simulate::SimulatedCustomer;

/// What the naive rule says of each month of the truth.
pub fn judge(customer: &SimulatedCustomer) -> Vec<LifecycleStage> {
    let mut revenue: BTreeMap<Month, f64> = BTreeMap::new();
    for row in &customer.usage {
        *revenue.entry(row.month).or_default() += row.revenue.yuan();
    }
    customer.truth.iter().map(|truth| of_month(customer, &revenue, truth.month)).collect()
}

fn of_month(customer: &SimulatedCustomer, revenue: &BTreeMap<Month, f64>, month: Month) -> LifecycleStage {
    let end = month.last_day();
    let first = customer.services.iter().map(|service| Month::of(service.started_on)).min();
    let Some(first) = first.filter(|&first| first <= month) else {
        return LifecycleStage::Potential;
    };
    let served = customer
        .services
        .iter()
        .any(|service| service.started_on <= end && service.ended_on.is_none_or(|ended| ended > end));
    if !served {
        return LifecycleStage::Termination;
    }
    if month - first < 4 {
        return LifecycleStage::Development;
    }
    let mean = |from: Month, to: Month| {
        let known: Vec<f64> = from.to(to).filter_map(|month| revenue.get(&month).copied()).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    match (mean(month - 1, month), mean(month - 5, month - 2)) {
        (Some(recent), Some(earlier)) if recent < 0.85 * earlier => LifecycleStage::Decline,
        (Some(recent), Some(earlier)) if recent > 1.15 * earlier => LifecycleStage::Growth,
        _ => LifecycleStage::Maturity,
    }
}

/// Counts of true stage by said stage.
pub type Confusion = [[f64; LifecycleStage::COUNT]; LifecycleStage::COUNT];

/// F1 of each stage.
pub fn f1(confusion: &Confusion) -> [f64; LifecycleStage::COUNT] {
    std::array::from_fn(|stage| {
        let hit = confusion[stage][stage];
        let truly: f64 = confusion[stage].iter().sum();
        let said: f64 = confusion.iter().map(|row| row[stage]).sum();
        2.0 * hit / (truly + said).max(1.0)
    })
}

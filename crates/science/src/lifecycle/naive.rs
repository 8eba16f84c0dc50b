//! The plain threshold rules: to explain by, and to compare with.

use domain::LifecycleStage;
use domain::rules::Rules;

use super::{Observation, State};

/// What the plain rules say of the month that `state` has just taken in. Never served: potential; not served
/// now: termination; young: development; else by mean monthly revenue of the recent months over that of the
/// months before them. Months without known revenue are left out of the means.
#[must_use]
pub fn naive(rules: &Rules, state: &State, observation: &Observation) -> LifecycleStage {
    let Some(first_service) = observation.first_service else {
        return LifecycleStage::Potential;
    };
    if !observation.served() {
        return LifecycleStage::Termination;
    }
    let rules = &rules.naive;
    if observation.month - first_service < i32::from(rules.development_months) {
        return LifecycleStage::Development;
    }
    let recent = usize::from(rules.recent_months);
    let earlier = usize::from(rules.earlier_months);
    let (Some(now), Some(before)) =
        (state.mean_revenue(0..recent), state.mean_revenue(recent..recent + earlier))
    else {
        return LifecycleStage::Maturity;
    };
    // Nothing before: any revenue now is growth, none is steady.
    let ratio = match (before > 0.0, now > 0.0) {
        (true, _) => now / before,
        (false, true) => f64::INFINITY,
        (false, false) => 1.0,
    };
    if ratio < rules.decline_below {
        return LifecycleStage::Decline;
    }
    if ratio > rules.growth_above {
        return LifecycleStage::Growth;
    }
    LifecycleStage::Maturity
}

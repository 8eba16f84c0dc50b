//! Why a stage is given, in words with numbers: the evidence that tells it best from the next likely stage.

use domain::LifecycleStage;
use domain::assessment::{Assessment, Reason, ReasonKind};

use super::features::{Evidence, FEATURES, Kind, months_since};
use super::filter::LIVE;
use super::state::{NEVER, State};
use super::{Observation, Reasons};

/// Usage below this share of the own peak is told as below it.
pub(super) const BELOW_PEAK: f32 = 0.85;
/// Changes smaller than this are told as steady.
const STEADY: f32 = 0.05;
/// Evidence weaker than this (log of odds) is no reason.
const LEAST: f32 = 0.05;

/// One sure reason.
pub(super) fn only(kind: ReasonKind, months: u16) -> Reasons {
    let mut reasons = [None; Assessment::REASONS];
    reasons[0] = Some(Reason { kind, value: months.into(), months });
    reasons
}

/// The reasons for a served customer's stage.
pub(super) fn of(
    state: &State,
    observation: &Observation,
    evidence: &Evidence,
    live: &[f32; LIVE],
    stage: LifecycleStage,
) -> Reasons {
    let mut reasons = [None; Assessment::REASONS];
    let mut count = 0;
    let mut push = |reason: Reason| {
        if count < Assessment::REASONS {
            reasons[count] = Some(reason);
            count += 1;
        }
    };
    if stage == LifecycleStage::Development {
        push(beginning(state, observation));
    }
    let given = stage.index().clamp(1, LIVE) - 1;
    let second = (0..LIVE).filter(|&other| other != given).max_by(|&a, &b| live[a].total_cmp(&live[b]));
    let second = second.unwrap_or(given);
    // One reason about slopes is enough: the time scale that says most.
    let slopes = [Kind::Slope2, Kind::Slope3, Kind::Slope6];
    let tells = |kind: usize| evidence.log_likelihood[kind][given] - evidence.log_likelihood[kind][second];
    let best_slope = slopes.into_iter().max_by(|&a, &b| tells(a as usize).total_cmp(&tells(b as usize)));
    let mut kinds: [(f32, usize); FEATURES] = [(0.0, 0); FEATURES];
    for (kind, entry) in kinds.iter_mut().enumerate() {
        let other_slope = slopes.iter().any(|&slope| slope as usize == kind)
            && best_slope.is_some_and(|best| best as usize != kind);
        *entry = (if other_slope || kind == Kind::Usage as usize { 0.0 } else { tells(kind) }, kind);
    }
    kinds.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (tells, kind) in kinds {
        if tells < LEAST {
            break;
        }
        if let Some(reason) = told(state, evidence, kind).filter(|reason| !contradicts(stage, reason.kind)) {
            push(reason);
        }
    }
    if count == 0
        && let Some(reason) = fallback(state, observation, evidence, stage)
    {
        reasons[0] = Some(reason);
    }
    reasons
}

/// Evidence may weigh for a stage less weakly than for the next and still point the other way: "declines, since
/// lines rise" helps nobody.
const fn contradicts(stage: LifecycleStage, kind: ReasonKind) -> bool {
    use ReasonKind::{
        LinesFalling, LinesRising, ProductsAdded, ProductsDropped, RevenueFalling, RevenueRising,
        ServicesAdded, ServicesDropped, UsageBelowPeak, UsageFalling, UsageNearPeak, UsageRising,
    };
    match stage {
        LifecycleStage::Growth => matches!(
            kind,
            LinesFalling | ProductsDropped | RevenueFalling | ServicesDropped | UsageBelowPeak | UsageFalling
        ),
        LifecycleStage::Decline => matches!(
            kind,
            LinesRising | ProductsAdded | RevenueRising | ServicesAdded | UsageNearPeak | UsageRising
        ),
        _ => false,
    }
}

fn beginning(state: &State, observation: &Observation) -> Reason {
    let since_start = months_since(state.started, observation.month);
    let reason = |kind, months: u16| Reason { kind, value: months.into(), months };
    if observation.services == 0 {
        return reason(ReasonKind::TrialOnly, since_start);
    }
    if state.ended != NEVER {
        return reason(ReasonKind::Returned, since_start);
    }
    let first = observation
        .first_service
        .map_or(since_start, |first| months_since(first.number(), observation.month));
    reason(ReasonKind::FirstService, first)
}

/// A kind of evidence in words; none where there is nothing to say.
fn told(state: &State, evidence: &Evidence, kind: usize) -> Option<Reason> {
    let value = evidence.value[kind];
    let is = |other: Kind| kind == other as usize;
    if value.is_nan() {
        return None;
    }
    let share = f32::exp_m1(value);
    if is(Kind::Slope2) {
        return Some(moving(share, 2, USAGE));
    }
    if is(Kind::Slope3) {
        return Some(moving(share, 3, USAGE));
    }
    if is(Kind::Slope6) {
        return Some(moving(share, 6, USAGE));
    }
    if is(Kind::Revenue) {
        return Some(moving(value, 3, REVENUE));
    }
    if is(Kind::Peak) {
        return Some(against_peak(state, value));
    }
    if is(Kind::Margin) {
        return Some(Reason { kind: ReasonKind::Margin, value, months: 3 });
    }
    if is(Kind::Silence) {
        return (state.silent > 0).then(|| only(ReasonKind::Silent, state.silent)[0]).flatten();
    }
    if is(Kind::Lines) {
        let (change, months) = state.lines_change()?;
        let kind = if change > 0.01 {
            ReasonKind::LinesRising
        } else if change < -0.01 {
            ReasonKind::LinesFalling
        } else {
            return None;
        };
        return Some(Reason { kind, value: change.abs(), months });
    }
    if is(Kind::Services) {
        let back = state.running.len() - 1;
        let change = f32::from(state.running[0]) - f32::from(state.running[back]);
        let kind = if change > 0.0 {
            ReasonKind::ServicesAdded
        } else if change < 0.0 {
            ReasonKind::ServicesDropped
        } else {
            return None;
        };
        return Some(Reason { kind, value: change.abs(), months: back as u16 });
    }
    if is(Kind::Products) {
        let kind = if value > 0.0 {
            ReasonKind::ProductsAdded
        } else if value < 0.0 {
            ReasonKind::ProductsDropped
        } else {
            return None;
        };
        return Some(Reason { kind, value: value.abs(), months: 1 });
    }
    None
}

/// Falling, steady, rising.
type Moving = [ReasonKind; 3];
const USAGE: Moving = [ReasonKind::UsageFalling, ReasonKind::UsageSteady, ReasonKind::UsageRising];
const REVENUE: Moving = [ReasonKind::RevenueFalling, ReasonKind::RevenueSteady, ReasonKind::RevenueRising];

fn moving(change: f32, months: u16, [falling, steady, rising]: Moving) -> Reason {
    let kind = if change < -STEADY {
        falling
    } else if change > STEADY {
        rising
    } else {
        return Reason { kind: steady, value: STEADY, months };
    };
    Reason { kind, value: change.abs(), months }
}

fn against_peak(state: &State, ratio: f32) -> Reason {
    let kind = if ratio < BELOW_PEAK { ReasonKind::UsageBelowPeak } else { ReasonKind::UsageNearPeak };
    Reason { kind, value: ratio, months: state.months_at_peak }
}

/// Something true to say when nothing tells the stage from the next: how the customer stands.
fn fallback(
    state: &State,
    observation: &Observation,
    evidence: &Evidence,
    stage: LifecycleStage,
) -> Option<Reason> {
    if let Some(change) = state.against_last_year() {
        return Some(Reason { kind: ReasonKind::AgainstLastYear, value: f32::exp_m1(change), months: 12 });
    }
    [Kind::Slope6, Kind::Slope3, Kind::Slope2, Kind::Peak]
        .into_iter()
        .filter_map(|kind| told(state, evidence, kind as usize))
        .find(|reason| !contradicts(stage, reason.kind))
        .or_else(|| Some(beginning(state, observation)))
}

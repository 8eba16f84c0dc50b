//! What a risk rests on, in words, and which cause that points to.
//!
//! The cause that leavers name cannot be foretold from figures (`models.md`): a cause is given only where what
//! happened or what the customer said points to one.

use domain::LifecycleStage;
use domain::assessment::{Assessment, Reason, ReasonKind};
use domain::outlook::{EventKind, ExitCause};

use super::features::{Circumstances, Contract, FEATURES, LATELY};
use crate::lifecycle::State;

/// Log-odds below which a part is not told.
const LEAST: f64 = 0.05;
/// What one saying counts beside the parts, in log-odds.
const SAID: f64 = 0.5;

/// The reasons that add most to the risk, and the cause, from what each feature adds in log-odds (in the order of
/// [`FEATURES`]; empty where nothing was learnt yet).
#[must_use]
pub fn evidence(
    parts: &[f64],
    state: &State,
    circumstances: &Circumstances,
) -> (Vec<Reason>, Option<ExitCause>) {
    let mut order: Vec<usize> =
        (0..parts.len().min(FEATURES.len())).filter(|&at| parts[at] > LEAST).collect();
    order.sort_by(|&a, &b| parts[b].total_cmp(&parts[a]));
    let mut reasons: Vec<Reason> = Vec::with_capacity(Assessment::REASONS);
    for place in order {
        let Some(reason) = reason(FEATURES[place], state, circumstances) else {
            continue;
        };
        if reasons.len() < Assessment::REASONS && reasons.iter().all(|other| other.kind != reason.kind) {
            reasons.push(reason);
        }
    }
    (reasons, cause(parts, circumstances))
}

/// The cause that what was said and what happened points to most.
fn cause(parts: &[f64], circumstances: &Circumstances) -> Option<ExitCause> {
    let part = |names: &[&str]| -> f64 {
        FEATURES
            .iter()
            .zip(parts)
            .filter(|(name, _)| names.contains(name))
            .map(|(_, part)| part.max(0.0))
            .sum()
    };
    let said = |cause| SAID * f64::from(circumstances.count(EventKind::named(cause)));
    let weight = |cause: ExitCause| {
        let felt = match cause {
            ExitCause::Service => part(&["complaints", "faults", "late", "low_scores", "service_named"]),
            ExitCause::Competition => part(&["competition_named", "lines_lost"]),
            ExitCause::Price => part(&["price_named"]),
            ExitCause::Special => part(&["special_named"]),
        };
        felt + said(cause)
    };
    let (cause, weight) = ExitCause::ALL
        .iter()
        .map(|&cause| (cause, weight(cause)))
        .max_by(|(_, left), (_, right)| left.total_cmp(right))?;
    (weight >= SAID.min(2.0 * LEAST)).then_some(cause)
}

/// A feature in words, where its value is something to tell.
fn reason(feature: &str, state: &State, circumstances: &Circumstances) -> Option<Reason> {
    let quarter = LATELY as u16;
    let told = |kind, value: f32, months| Some(Reason { kind, value, months });
    let counted = |kind: ReasonKind, event| match circumstances.count(event) {
        0 => None,
        count => told(kind, f32::from(count), quarter),
    };
    let falls = |kind, change: Option<f32>, months| {
        change.filter(|&change| change < -0.02).and_then(|change| told(kind, -change, months))
    };
    let seen = state.seen();
    match feature {
        "stage" | "stage_months" => (state.stage_months_ago(0) == Some(LifecycleStage::Decline))
            .then_some(Reason { kind: ReasonKind::InDecline, value: 0.0, months: seen.stage_months }),
        "age" => (seen.age_months < 12).then_some(Reason {
            kind: ReasonKind::YoungRelation,
            value: 0.0,
            months: seen.age_months,
        }),
        "usage_2" => falls(ReasonKind::UsageFalling, state.slope(2).map(f32::exp_m1), 2),
        "usage_3" => falls(ReasonKind::UsageFalling, state.slope(3).map(f32::exp_m1), 3),
        "usage_6" => falls(ReasonKind::UsageFalling, state.slope(6).map(f32::exp_m1), 6),
        "usage_year" => state
            .against_last_year()
            .filter(|&change| change < -0.02)
            .and_then(|change| told(ReasonKind::AgainstLastYear, change.exp_m1(), 12)),
        "usage_change" => state
            .usage_change()?
            .filter(|found| found.change < -0.02)
            .and_then(|found| told(ReasonKind::UsageBroke, -found.change.exp_m1(), found.months)),
        "revenue_3" => falls(ReasonKind::RevenueFalling, state.revenue_ratio().map(|ratio| ratio - 1.0), 3),
        "margin" => {
            state.margin().filter(|&margin| margin < 0.2).and_then(|m| told(ReasonKind::Margin, m, 3))
        }
        "lines_half_year" => {
            let (change, months) = state.lines_change()?;
            falls(ReasonKind::LinesFalling, Some(change), months)
        }
        "products" => (seen.products <= 2).then_some(Reason {
            kind: ReasonKind::FewProducts,
            value: f32::from(seen.products),
            months: 0,
        }),
        "services_half_year" => (seen.services_change < 0.0).then_some(Reason {
            kind: ReasonKind::ServicesDropped,
            value: -seen.services_change,
            months: 6,
        }),
        "silent" => {
            (seen.silent > 0).then_some(Reason { kind: ReasonKind::Silent, value: 0.0, months: seen.silent })
        }
        "complaints" => counted(ReasonKind::Complaints, EventKind::Complaint),
        "faults" => counted(ReasonKind::Faults, EventKind::Fault),
        "late" => counted(ReasonKind::LateTickets, EventKind::Late),
        "low_scores" => counted(ReasonKind::LowScores, EventKind::LowScore),
        "contacts" | "silent_contact" => {
            let months = u16::from(circumstances.silent_months());
            (months >= quarter).then_some(Reason { kind: ReasonKind::NoContact, value: 0.0, months })
        }
        "service_named" => counted(ReasonKind::ServiceNamed, EventKind::ServiceNamed),
        "competition_named" => counted(ReasonKind::CompetitionNamed, EventKind::CompetitionNamed),
        "price_named" => counted(ReasonKind::PriceNamed, EventKind::PriceNamed),
        "lines_lost" => counted(ReasonKind::LinesLost, EventKind::LineLost),
        "special_named" => counted(ReasonKind::SpecialNamed, EventKind::SpecialNamed),
        "contract" => match circumstances.contract() {
            Contract::None => told(ReasonKind::NoContract, 0.0, 0),
            Contract::EndsIn(months) => told(ReasonKind::ContractEnds, 0.0, u16::from(months)),
            Contract::RunsOn => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Month;
    use domain::cycle::BaseEvent;
    use domain::id::CustomerId;

    fn circumstances(kinds: &[EventKind]) -> Circumstances {
        let month = Month::new(2025, 5).expect("a month");
        let event = |&kind: &EventKind| BaseEvent { customer: CustomerId::new(1), month, kind };
        Circumstances::at(month, &[], &kinds.iter().map(event).collect::<Vec<_>>())
    }

    fn parts(of: &[(&str, f64)]) -> Vec<f64> {
        FEATURES
            .iter()
            .map(|name| of.iter().find(|(other, _)| other == name).map_or(0.0, |&(_, part)| part))
            .collect()
    }

    #[test]
    fn what_adds_most_is_told_first_and_what_did_not_happen_not_at_all() {
        let seen = circumstances(&[EventKind::Complaint, EventKind::Complaint, EventKind::PriceNamed]);
        let parts = parts(&[("price_named", 0.3), ("complaints", 0.9), ("faults", 2.0)]);
        let (reasons, _) = evidence(&parts, &State::default(), &seen);
        let kinds: Vec<ReasonKind> = reasons.iter().map(|reason| reason.kind).collect();
        assert_eq!(kinds, [ReasonKind::Complaints, ReasonKind::PriceNamed]);
        assert_eq!(reasons[0].value, 2.0);
    }

    #[test]
    fn no_cause_is_claimed_without_evidence() {
        let parts = parts(&[("usage_3", 1.5), ("stage", 0.8)]);
        assert_eq!(evidence(&parts, &State::default(), &circumstances(&[])).1, None);
    }

    #[test]
    fn what_the_customer_said_is_the_cause() {
        let said = circumstances(&[EventKind::CompetitionNamed]);
        assert_eq!(evidence(&[], &State::default(), &said).1, Some(ExitCause::Competition));
    }
}

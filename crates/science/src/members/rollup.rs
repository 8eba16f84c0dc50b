//! What members say of their customer: each counts by its value.

use domain::Money;
use domain::assessment::{Assessment, Reason, ReasonKind};
use domain::satisfaction::{Satisfaction, SatisfactionLabel, share_of_score};

/// Parts of a score that are told apart: sums are whole numbers, so that no order shows in them.
const PARTS: f64 = 1e6;

/// The members of a customer in the making.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerSum {
    weight: i64,
    scores: i64,
    /// What members say against it, and what for it.
    reasons: [Vec<ReasonSum>; 2],
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct ReasonSum {
    kind: ReasonKind,
    /// Value of the members who have it, more for the more telling.
    told: i64,
    weight: i64,
    /// Weighted, in [`PARTS`].
    weighted: i64,
    count: i64,
    most: i64,
    months: u16,
}

/// Whether figures of members add up; others are the customer's own or are averaged.
const fn adds_up(kind: ReasonKind) -> bool {
    matches!(kind, ReasonKind::MemberComplaints | ReasonKind::HotlineCalls)
}

const fn is_averaged(kind: ReasonKind) -> bool {
    matches!(
        kind,
        ReasonKind::MemberUsageFalling
            | ReasonKind::MemberUsageRising
            | ReasonKind::ChargeRising
            | ReasonKind::ChargeFalling
            | ReasonKind::MemberData
            | ReasonKind::MemberVoice
            | ReasonKind::LongRelation
    )
}

impl CustomerSum {
    /// Counts a member in: its charges of twelve months, score of 1 to 10, label, and reasons, most telling first. Who
    /// is worth nothing yet still counts, with one fen.
    pub fn add(&mut self, value: Money, score: f64, label: SatisfactionLabel, reasons: &[Reason]) {
        let weight = value.fen().max(1);
        self.weight += weight;
        self.scores += weight.saturating_mul((score * PARTS).round() as i64);
        for (place, reason) in reasons.iter().enumerate() {
            let parts = (f64::from(reason.value) * PARTS).round() as i64;
            take(
                &mut self.reasons[side(label)],
                ReasonSum {
                    kind: reason.kind,
                    told: weight * (Assessment::REASONS.saturating_sub(place) as i64),
                    weight,
                    weighted: weight.saturating_mul(parts),
                    count: reason.value.round() as i64,
                    most: parts,
                    months: reason.months,
                },
            );
        }
    }

    /// Counts the members of another sum in.
    pub fn merge(&mut self, other: &Self) {
        self.weight += other.weight;
        self.scores = self.scores.saturating_add(other.scores);
        for (own, others) in self.reasons.iter_mut().zip(&other.reasons) {
            others.iter().for_each(|&reason| take(own, reason));
        }
    }

    /// The customer's satisfaction: the mean of its members' scores by value, in words by the same cuts; none
    /// without members. Of one very satisfied its very satisfied members say why, of another its dissatisfied ones.
    #[must_use]
    pub fn told(&self, cuts: &[f64; 3]) -> Option<Satisfaction> {
        if self.weight == 0 {
            return None;
        }
        let score = self.scores as f64 / self.weight as f64 / PARTS;
        let label = SatisfactionLabel::at(cuts, score);
        let mut reasons = self.reasons[side(label)].clone();
        reasons.sort_by_key(|reason| (-reason.told, reason.kind));
        let reasons = reasons.iter().take(Assessment::REASONS).map(|sum| Reason {
            kind: sum.kind,
            value: match sum.kind {
                kind if adds_up(kind) => sum.count as f32,
                kind if is_averaged(kind) => (sum.weighted as f64 / sum.weight as f64 / PARTS) as f32,
                _ => (sum.most as f64 / PARTS) as f32,
            },
            months: sum.months,
        });
        Some(Satisfaction { score: share_of_score(score) as f32, label, reasons: reasons.collect() })
    }
}

/// Only the very satisfied speak for it.
fn side(label: SatisfactionLabel) -> usize {
    usize::from(label == SatisfactionLabel::VerySatisfied)
}

fn take(reasons: &mut Vec<ReasonSum>, new: ReasonSum) {
    let Some(sum) = reasons.iter_mut().find(|sum| sum.kind == new.kind) else {
        reasons.push(new);
        return;
    };
    sum.told += new.told;
    sum.weight += new.weight;
    sum.weighted = sum.weighted.saturating_add(new.weighted);
    sum.count += new.count;
    sum.most = sum.most.max(new.most);
    sum.months = sum.months.max(new.months);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(yuan: i64) -> Money {
        Money::from_fen(yuan * 100)
    }

    fn reason(kind: ReasonKind, value: f32) -> Reason {
        Reason { kind, value, months: 4 }
    }

    #[test]
    fn members_count_by_their_value() {
        let mut sum = CustomerSum::default();
        sum.add(yuan(300), 9.0, SatisfactionLabel::of(9.0), &[]);
        sum.add(yuan(100), 5.0, SatisfactionLabel::of(5.0), &[]);
        let told = sum.told(&SatisfactionLabel::CUTS).expect("members");
        // (300 · 9 + 100 · 5) / 400 = 8 of 10.
        assert!((f64::from(told.score) - 7.0 / 9.0).abs() < 1e-6, "{told:?}");
        assert_eq!(told.label, SatisfactionLabel::Satisfied);
    }

    #[test]
    fn without_members_nothing_is_said_and_without_charges_all_count_alike() {
        assert_eq!(CustomerSum::default().told(&SatisfactionLabel::CUTS), None);
        let mut sum = CustomerSum::default();
        sum.add(Money::ZERO, 10.0, SatisfactionLabel::of(10.0), &[]);
        sum.add(yuan(-5), 5.5, SatisfactionLabel::of(5.5), &[]);
        let told = sum.told(&SatisfactionLabel::CUTS).expect("members");
        assert!((f64::from(told.score) - 6.75 / 9.0).abs() < 1e-6, "{told:?}");
    }

    #[test]
    fn reasons_of_the_worthiest_come_first_and_counts_add_up() {
        let mut one = CustomerSum::default();
        one.add(
            yuan(900),
            5.0,
            SatisfactionLabel::of(5.0),
            &[reason(ReasonKind::HotlineCalls, 2.0), reason(ReasonKind::Faults, 1.0)],
        );
        let mut other = CustomerSum::default();
        other.add(
            yuan(100),
            5.0,
            SatisfactionLabel::Dissatisfied,
            &[
                reason(ReasonKind::MemberUsageFalling, 0.5),
                reason(ReasonKind::HotlineCalls, 3.0),
                reason(ReasonKind::Faults, 1.0),
            ],
        );
        let mut both = one.clone();
        both.merge(&other);
        let mut turned = other;
        turned.merge(&one);
        let told = both.told(&SatisfactionLabel::CUTS).expect("members");
        assert_eq!(turned.told(&SatisfactionLabel::CUTS), Some(told.clone()));
        let told: Vec<(ReasonKind, f32)> = told.reasons.iter().map(|r| (r.kind, r.value)).collect();
        assert_eq!(
            told,
            [
                (ReasonKind::HotlineCalls, 5.0),
                (ReasonKind::Faults, 1.0),
                (ReasonKind::MemberUsageFalling, 0.5)
            ]
        );
    }

    #[test]
    fn why_it_is_pleased_is_asked_of_the_pleased_and_why_not_of_the_others() {
        let told = |pleased: i64| {
            let mut sum = CustomerSum::default();
            let (mild, harsh) = (SatisfactionLabel::VerySatisfied, SatisfactionLabel::Dissatisfied);
            let ages = [24.0, 48.0].map(|months| reason(ReasonKind::LongRelation, months));
            ages.iter().for_each(|&age| sum.add(yuan(pleased), 10.0, mild, &[age]));
            sum.add(yuan(100), 2.0, harsh, &[reason(ReasonKind::Faults, 1.0)]);
            let told = sum.told(&SatisfactionLabel::CUTS).expect("members");
            told.reasons.iter().map(|reason| (reason.kind, reason.value)).collect::<Vec<_>>()
        };
        assert_eq!(told(1_000), [(ReasonKind::LongRelation, 36.0)]);
        assert_eq!(told(10), [(ReasonKind::Faults, 1.0)]);
    }
}

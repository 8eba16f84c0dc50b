//! How satisfied members are, and through them their customers.

use serde::{Deserialize, Serialize};

use crate::assessment::Reason;
use crate::code::codes;
use crate::id::{CustomerId, MemberId};
use crate::segment::SegmentValue;
use crate::{Money, Month};

codes! {
    /// How satisfied someone is, from the lowest.
    pub enum SatisfactionLabel ("satisfaction") {
        /// 不满意: at most 6 of 10.
        Dissatisfied = "dissatisfied",
        /// 一般: about 7 of 10.
        Neutral = "neutral",
        /// 满意: about 8 of 10; 4 of 5.
        Satisfied = "satisfied",
        /// 非常满意: 9 or 10 of 10; 5 of 5.
        VerySatisfied = "very_satisfied",
    }
}

codes! {
    /// Why a member waits to be seen to.
    pub enum MemberConcern ("member-concern") {
        /// 可能不满: thought to be dissatisfied.
        Dissatisfied = "dissatisfied",
        /// 可能离网: not thought to be dissatisfied, but at a risk to leave that is not low.
        Leaving = "leaving",
        /// 不满且可能离网: both.
        Both = "both",
    }
}

impl MemberConcern {
    /// Why a member waits, if it does.
    #[must_use]
    pub const fn of(is_dissatisfied: bool, is_leaving: bool) -> Option<Self> {
        match (is_dissatisfied, is_leaving) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Dissatisfied),
            (false, true) => Some(Self::Leaving),
            (false, false) => None,
        }
    }
}

impl SatisfactionLabel {
    /// Scores of 10 up to which someone is dissatisfied, neutral, satisfied; above the last, very satisfied.
    pub const CUTS: [f64; 3] = [6.0, 7.5, 8.5];

    /// The label of an answer, 1 to 10.
    #[must_use]
    pub fn of(score: f64) -> Self {
        Self::at(&Self::CUTS, score)
    }

    /// The label of a score under other cuts, rising.
    #[must_use]
    pub fn at(cuts: &[f64; 3], score: f64) -> Self {
        Self::ALL[cuts.iter().filter(|&&cut| score > cut).count()]
    }
}

/// How satisfied a member or a customer is thought to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Satisfaction {
    /// 0 to 1: the expected answer, 1 to 10, on a scale from 0.
    pub score: f32,
    /// In words.
    pub label: SatisfactionLabel,
    /// What speaks against it of those who are not very satisfied, and for it of those who are, most telling first; at
    /// most [`crate::assessment::Assessment::REASONS`]. Of members between, none.
    pub reasons: Vec<Reason>,
}

/// A score of 1 to 10 as a share, and back.
#[must_use]
pub fn share_of_score(score: f64) -> f64 {
    ((score - 1.0) / 9.0).clamp(0.0, 1.0)
}

/// An answer on a scale of 5 or 10, which begins at 1, on that of 10; none on another scale or outside it.
#[must_use]
pub fn on_scale_of_ten(score: f64, scale: f64) -> Option<f64> {
    let fits = (1.0..=scale).contains(&score);
    match scale {
        5.0 if fits => Some(1.0 + (score - 1.0) * 9.0 / 4.0),
        10.0 if fits => Some(score),
        _ => None,
    }
}

/// What the cycle says of a member in a month.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberMonth {
    /// Whom.
    pub member: MemberId,
    /// Whose.
    pub customer: CustomerId,
    /// When.
    pub month: Month,
    /// How satisfied; none for as long as too few members answered to learn from.
    pub satisfaction: Option<Satisfaction>,
    /// Probability to leave within [`crate::outlook::ExitRisk::MONTHS`]; none before there is a past to tell it by.
    pub risk: Option<f32>,
    /// What speaks for leaving, most telling first; at most [`crate::assessment::Assessment::REASONS`]; none where the
    /// risk is too small to be explained or only known by the customer's stage.
    pub risk_reasons: Vec<Reason>,
    /// Charges of the last twelve months.
    pub value: Money,
}

impl MemberMonth {
    /// Probability to leave times charges of twelve months; none before there is a probability.
    #[must_use]
    pub fn expected_loss(&self) -> Option<Money> {
        let charges = self.value.fen().max(0) as f64;
        self.risk.map(|risk| Money::from_fen((f64::from(risk) * charges).round() as i64))
    }
}

/// Yuan of charges in twelve months from which a member is of medium and of high value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberBands(pub [i64; 2]);

impl MemberBands {
    /// The band of a value.
    #[must_use]
    pub fn of(self, value: Money) -> SegmentValue {
        let [medium, high] = self.0.map(|yuan| Money::from_fen(yuan.saturating_mul(100)));
        match value {
            value if value >= high => SegmentValue::High,
            value if value >= medium => SegmentValue::Medium,
            _ => SegmentValue::Low,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_on_scales_of_five_and_ten_meet_on_ten() {
        assert_eq!(on_scale_of_ten(5.0, 5.0), Some(10.0));
        assert_eq!(on_scale_of_ten(1.0, 5.0), Some(1.0));
        assert_eq!(on_scale_of_ten(4.0, 5.0).map(SatisfactionLabel::of), Some(SatisfactionLabel::Satisfied));
        assert_eq!(on_scale_of_ten(7.0, 10.0).map(SatisfactionLabel::of), Some(SatisfactionLabel::Neutral));
    }

    #[test]
    fn an_answer_beside_its_scale_or_on_another_says_nothing() {
        assert_eq!(on_scale_of_ten(6.0, 5.0), None);
        assert_eq!(on_scale_of_ten(0.0, 10.0), None);
        assert_eq!(on_scale_of_ten(3.0, 7.0), None);
        assert_eq!(on_scale_of_ten(f64::NAN, 10.0), None);
    }

    #[test]
    fn what_is_lost_is_what_is_charged_times_the_risk_and_a_credit_is_no_loss() {
        let member = |risk, fen| MemberMonth {
            member: MemberId::new(1),
            customer: CustomerId::new(1),
            month: Month::new(2025, 12).expect("a month"),
            satisfaction: None,
            risk,
            risk_reasons: Vec::new(),
            value: Money::from_fen(fen),
        };
        assert_eq!(member(Some(0.25), 120_000).expected_loss(), Some(Money::from_fen(30_000)));
        assert_eq!(member(Some(0.25), -500).expected_loss(), Some(Money::ZERO));
        assert_eq!(member(None, 120_000).expected_loss(), None);
    }

    #[test]
    fn bands_begin_at_their_yuan() {
        let bands = MemberBands([600, 1_800]);
        let of = |fen| bands.of(Money::from_fen(fen));
        assert_eq!(
            [of(59_999), of(60_000), of(180_000)],
            [SegmentValue::Low, SegmentValue::Medium, SegmentValue::High]
        );
    }
}

//! The models in use: what each rests on and how well it does.

pub mod show;
pub mod value_test;

use domain::Month;

pub use science::clv::stages::StageChain;
pub use science::evaluation::value::{
    Candidate, CandidateTest, GroupTest, HeldOutMonths, Tenth, ValueTest, Verdict,
};
pub use science::learn::metrics::CalibrationBin;
pub use science::members::{Drift, HeldOut, MemberRiskCard, SatisfactionCard, Trial};
pub use science::outlook::{Inferences, Judged, JudgedOn, RiskCard, SegmentCard, StageCard, StageFate};

/// The page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelsView {
    /// The published month; none before the first cycle.
    pub month: Option<Month>,
    /// Lifecycle stages; none where a month was computed before there was such a card.
    pub stages: Option<StageCard>,
    /// Segments; likewise.
    pub segments: Option<SegmentCard>,
    /// The risk to leave.
    pub risk: Option<RiskCard>,
    /// Lifetime value, in months of a customer's own revenue.
    pub value: Option<StageChain>,
    /// Satisfaction of members; none where no use of theirs was handed over.
    pub satisfaction: Option<SatisfactionCard>,
    /// The risk of members to leave; likewise.
    pub member_risk: Option<MemberRiskCard>,
    /// Lifetime value against what came.
    pub value_test: Option<ValueTest>,
    /// The risk card of each month in which the model in use was judged anew, oldest first.
    pub risk_over_time: Vec<(Month, RiskCard)>,
    /// Months ahead that lifetime value counts, and the discount a year.
    pub ahead: (u16, f64),
}

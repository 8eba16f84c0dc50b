//! What a relation is worth from here on, and what threatens it.

use serde::{Deserialize, Serialize};

use crate::Money;
use crate::assessment::Reason;
use crate::code::codes;

codes! {
    /// Why a relation may end, or did: the one short list for warnings, cases and exits (`S1a`; price by us).
    pub enum ExitCause ("exit-cause") {
        /// 服务.
        Service = "service",
        /// 竞争.
        Competition = "competition",
        /// 价格.
        Price = "price",
        /// 特殊: closed, moved, merged, and what is none of the others.
        Special = "special",
    }
}

codes! {
    /// How likely a relation is to end, in bands that the rules set.
    pub enum RiskBand ("risk-band") {
        /// 高.
        High = "high",
        /// 中.
        Medium = "medium",
        /// 低.
        Low = "low",
    }
}

codes! {
    /// How a lifetime value was found.
    pub enum ValueModel ("value-model") {
        /// Six stages, the moves between them learnt, profit by stage: Tenure's own.
        StageChain = "stage_chain",
    }
}

codes! {
    /// How a risk was found.
    pub enum RiskModel ("risk-model") {
        /// The chance to end by stage: for as long as there is too little to learn from.
        StageChain = "stage_chain",
        /// Learnt from who left in the past.
        Learnt = "learnt",
    }
}

/// Expected profit of the months ahead, discounted; the month in progress is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifetimeValue {
    /// Expected.
    pub amount: Money,
    /// Lower end of the 95 % range of the expectation.
    pub low: Money,
    /// Upper end.
    pub high: Money,
    /// How it was found.
    pub model: ValueModel,
}

/// How likely the relation ends within [`ExitRisk::MONTHS`].
#[derive(Debug, Clone, PartialEq)]
pub struct ExitRisk {
    /// Probability, 0 to 1, calibrated.
    pub probability: f32,
    /// The likeliest cause, where the evidence points to one.
    pub cause: Option<ExitCause>,
    /// What speaks for it, most telling first; at most [`crate::assessment::Assessment::REASONS`].
    pub evidence: Vec<Reason>,
    /// Probability times what would be lost.
    pub expected_loss: Money,
    /// How it was found.
    pub model: RiskModel,
}

impl ExitRisk {
    /// Months ahead.
    pub const MONTHS: i32 = 3;
}

codes! {
    /// What happens with a customer, as far as the cycle counts it by month.
    pub enum EventKind ("event") {
        /// A complaint.
        Complaint = "complaint",
        /// A fault.
        Fault = "fault",
        /// A ticket closed after its time.
        Late = "late",
        /// A ticket that the customer gave at most 2 of 5.
        LowScore = "low_score",
        /// Contact, by any channel.
        Contact = "contact",
        /// Words that point to service or quality.
        ServiceNamed = "service_named",
        /// Words that point to a competitor.
        CompetitionNamed = "competition_named",
        /// Words that point to the price.
        PriceNamed = "price_named",
        /// Words that point to moving, closing, merging.
        SpecialNamed = "special_named",
        /// An opportunity was opened.
        Opportunity = "opportunity",
        /// A ticket that asks for something.
        Request = "request",
        /// A service that ended in favour of a competitor.
        LineLost = "line_lost",
    }
}

impl EventKind {
    /// How many kinds.
    pub const COUNT: usize = Self::ALL.len();

    /// The event of a cause that was named.
    #[must_use]
    pub const fn named(cause: ExitCause) -> Self {
        match cause {
            ExitCause::Service => Self::ServiceNamed,
            ExitCause::Competition => Self::CompetitionNamed,
            ExitCause::Price => Self::PriceNamed,
            ExitCause::Special => Self::SpecialNamed,
        }
    }
}

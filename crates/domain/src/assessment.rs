//! What the monthly cycle says of a customer: the row that pages, lists and exports show.

use std::fmt::{self, Write};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::CustomerId;
use crate::outlook::{ExitRisk, LifetimeValue};
use crate::satisfaction::Satisfaction;
use crate::segment::Segment;
use crate::star::StarRating;
use crate::{Arg, LifecycleStage, Message, Money, Month};

/// One customer in one month.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Whom.
    pub customer: CustomerId,
    /// When.
    pub month: Month,
    /// Where the relation stands.
    pub stage: LifecycleStage,
    /// The first month of the present run of this stage.
    pub stage_since: Month,
    /// How sure, 0 to 1, calibrated.
    pub stage_confidence: f32,
    /// Why, most telling first; at most [`Assessment::REASONS`].
    pub stage_reasons: Vec<Reason>,
    /// What the plain threshold rules say.
    pub naive_stage: LifecycleStage,
    /// The star rating; none before the first revenue.
    pub star: Option<StarRating>,
    /// Revenue of the last twelve months.
    pub revenue_12m: Money,
    /// Profit of the last twelve months.
    pub profit_12m: Money,
    /// Recency, frequency and monetary points.
    pub rfm: Option<Rfm>,
    /// Expected profit from here on; none before there is anything to expect it from.
    pub value: Option<LifetimeValue>,
    /// How likely it leaves; none for those who are not served.
    pub risk: Option<ExitRisk>,
    /// Value × key buying factor × ICT need.
    pub segment: Option<Segment>,
    /// How satisfied its members are, each by its value; none where no member is told of.
    pub satisfaction: Option<Satisfaction>,
}

impl Assessment {
    /// How many reasons are kept.
    pub const REASONS: usize = 3;
}

/// Points 1 to 5 within the operator's base, 5 best (Bob Stone).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rfm {
    /// Recency.
    pub recency: u8,
    /// Frequency.
    pub frequency: u8,
    /// Monetary.
    pub monetary: u8,
}

codes! {
    /// What speaks for a stage. `value` and `months` of [`Reason`] mean what each line says.
    pub enum ReasonKind ("reason") {
        /// No service and never had one.
        NeverServed = "never_served",
        /// First service began `months` ago.
        FirstService = "first_service",
        /// Only trials so far, `months` since the first.
        TrialOnly = "trial_only",
        /// All services ended `months` ago.
        AllEnded = "all_ended",
        /// Served again after an exit, `months` ago.
        Returned = "returned",
        /// No usage at all for `months`.
        Silent = "silent",
        /// Usage at `value` (share) of the own peak, for `months`.
        UsageBelowPeak = "usage_below_peak",
        /// Usage at `value` (share) of the own peak: near it, for `months`.
        UsageNearPeak = "usage_near_peak",
        /// Usage falls by `value` (share, positive) over `months`.
        UsageFalling = "usage_falling",
        /// Usage rises by `value` (share) over `months`.
        UsageRising = "usage_rising",
        /// Usage steady: moves by at most `value` (share) over `months`.
        UsageSteady = "usage_steady",
        /// Revenue falls by `value` (share, positive) over `months`.
        RevenueFalling = "revenue_falling",
        /// Revenue rises by `value` (share) over `months`.
        RevenueRising = "revenue_rising",
        /// Revenue steady within `value` (share) over `months`.
        RevenueSteady = "revenue_steady",
        /// Lines fall by `value` (share, positive) over `months`.
        LinesFalling = "lines_falling",
        /// Lines rise by `value` (share) over `months`.
        LinesRising = "lines_rising",
        /// `value` products more than `months` ago.
        ProductsAdded = "products_added",
        /// `value` products fewer than `months` ago.
        ProductsDropped = "products_dropped",
        /// `value` services more than `months` ago.
        ServicesAdded = "services_added",
        /// `value` services fewer than `months` ago.
        ServicesDropped = "services_dropped",
        /// Margin at `value` (share of revenue).
        Margin = "margin",
        /// Usage against the same months of last year: `value` (share change).
        AgainstLastYear = "against_last_year",
        /// `value` complaints within `months`.
        Complaints = "complaints",
        /// `value` faults within `months`.
        Faults = "faults",
        /// `value` tickets closed late within `months`.
        LateTickets = "late_tickets",
        /// `value` tickets with a low score within `months`.
        LowScores = "low_scores",
        /// The customer spoke of service or quality `value` times within `months`.
        ServiceNamed = "service_named",
        /// … of a competitor.
        CompetitionNamed = "competition_named",
        /// … of the price.
        PriceNamed = "price_named",
        /// … of moving, closing or merging.
        SpecialNamed = "special_named",
        /// No contact within `months`.
        NoContact = "no_contact",
        /// The contract ends in `months`.
        ContractEnds = "contract_ends",
        /// Served without a contract.
        NoContract = "no_contract",
        /// In decline for `months`.
        InDecline = "in_decline",
        /// Customer for `months` only.
        YoungRelation = "young_relation",
        /// One of few: `value` products.
        FewProducts = "few_products",
        /// Members complained `value` times within `months`.
        MemberComplaints = "member_complaints",
        /// Members called the hotline `value` times within `months`.
        HotlineCalls = "hotline_calls",
        /// Members use `value` (share, positive) less than before.
        MemberUsageFalling = "member_usage_falling",
        /// Members are charged `value` (share) more than before.
        ChargeRising = "charge_rising",
        /// Members are without use for `months`.
        MemberSilent = "member_silent",
        /// `value` network readings at the customer missed what was agreed, within `months`.
        ReadingsMissed = "readings_missed",
        /// `value` lines went to a competitor within `months`.
        LinesLost = "lines_lost",
        /// Usage fell by `value` (share, positive) at once, `months` ago.
        UsageBroke = "usage_broke",
        /// Members use `value` (share) more than before.
        MemberUsageRising = "member_usage_rising",
        /// Members use `value` megabytes a month.
        MemberData = "member_data",
        /// Members call for `value` minutes a month.
        MemberVoice = "member_voice",
        /// Members are charged `value` (share, positive) less than before.
        ChargeFalling = "charge_falling",
        /// Neither a complaint nor a low score within `months`.
        NoComplaints = "no_complaints",
        /// Neither a fault nor a ticket closed late within `months`.
        NoFaults = "no_faults",
        /// Every network reading at the customer kept what was agreed, within `months`.
        ReadingsKept = "readings_kept",
        /// With the operator for `value` months.
        LongRelation = "long_relation",
    }
}

/// A reason with its numbers; said in words by the locale files.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// What.
    pub kind: ReasonKind,
    /// How much; see [`ReasonKind`].
    pub value: f32,
    /// Over how many months; see [`ReasonKind`].
    pub months: u16,
}

impl Reason {
    /// The reason as a message: `reason-…` with `value` as a share, `count` as a whole number and `months`.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::new(self.kind.text_key())
            .with("value", Arg::Share(f64::from(self.value)))
            .with("count", Arg::Count(self.value.round() as i64))
            .with("months", Arg::Count(i64::from(self.months)))
    }
}

/// The form kept in facts: `usage_below_peak:0.620:4`.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Millions are kept a month: whole numbers are written faster than fractions are rounded.
        let thousandths = (f64::from(self.value) * 1_000.0).round() as i64;
        let (whole, rest) = (thousandths.unsigned_abs() / 1_000, thousandths.unsigned_abs() % 1_000);
        f.write_str(self.kind.code())?;
        f.write_str(if thousandths < 0 { ":-" } else { ":" })?;
        whole.fmt(f)?;
        f.write_str(".")?;
        [100, 10, 1]
            .into_iter()
            .try_for_each(|unit| f.write_char(char::from(b'0' + (rest / unit % 10) as u8)))?;
        f.write_str(":")?;
        self.months.fmt(f)
    }
}

/// A text that is not a kept reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reason")]
pub struct ReasonError;

impl FromStr for Reason {
    type Err = ReasonError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split(':');
        let (Some(kind), Some(value), Some(months), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ReasonError);
        };
        Ok(Self {
            kind: kind.parse().map_err(|_| ReasonError)?,
            value: value.parse().map_err(|_| ReasonError)?,
            months: months.parse().map_err(|_| ReasonError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_survive_being_kept() {
        for &kind in ReasonKind::ALL {
            for value in [0.625, -0.375, -12.0, 0.0] {
                let reason = Reason { kind, value, months: 4 };
                assert_eq!(reason.to_string().parse(), Ok(reason));
            }
        }
        assert_eq!("growth:1".parse::<Reason>(), Err(ReasonError));
    }
}

//! Members of customers: those who may be dissatisfied or leave, the most pressing first.

pub mod queue;

use domain::assessment::Reason;
use domain::id::{CustomerId, MemberId};
use domain::satisfaction::{MemberConcern, Satisfaction};
use domain::segment::SegmentValue;
use domain::{Money, Month};

use crate::tactic::Tactic;

/// Members of the published month who are thought to be dissatisfied or likely to leave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemberQueue {
    /// The published month; none before the first cycle.
    pub month: Option<Month>,
    /// Whether the month tells of anyone's satisfaction.
    pub is_told: bool,
    /// How many wait for which reason, whatever was asked for, in the order of [`MemberConcern::ALL`].
    pub by_concern: [u64; MemberConcern::ALL.len()],
    /// How many of those asked for, by stars of the customer from five down to none, and by value in the order of
    /// [`SegmentValue::ALL`].
    pub grid: [[u64; SegmentValue::ALL.len()]; 6],
    /// What the user's unit does in each cell, in the order of [`TacticCell::all`].
    pub tactics: Vec<Tactic>,
    /// At most [`MemberQueue::LINES`], the most pressing first.
    pub lines: Vec<QueueLine>,
}

impl MemberQueue {
    /// How many lines the page shows.
    pub const LINES: usize = 100;

    /// How many there are of those asked for.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.grid.iter().flatten().sum()
    }
}

/// A member in the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueLine {
    /// Which.
    pub member: MemberId,
    /// The operator's code.
    pub code: String,
    /// Whose.
    pub customer: CustomerId,
    /// The customer's name.
    pub name: String,
    /// Its account manager, for heads.
    pub manager: Option<String>,
    /// The customer's stars, the member's band of value, and what is done about it where the customer belongs.
    pub tactic: Tactic,
    /// Charges of twelve months.
    pub value: Money,
    /// Why it waits.
    pub concern: MemberConcern,
    /// How satisfied, and why not more.
    pub satisfaction: Option<Satisfaction>,
    /// Probability to leave.
    pub risk: Option<f32>,
    /// What speaks for it.
    pub risk_reasons: Vec<Reason>,
    /// That probability times the charges of twelve months.
    pub expected_loss: Option<Money>,
}

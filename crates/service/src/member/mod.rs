//! Members of customers: those who may be dissatisfied, the most pressing first.

pub mod queue;

use domain::assessment::Reason;
use domain::id::{CustomerId, MemberId};
use domain::satisfaction::Satisfaction;
use domain::segment::SegmentValue;
use domain::star::StarRating;
use domain::{Money, Month};

/// Members of the published month who are thought to be dissatisfied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemberQueue {
    /// The published month; none before the first cycle.
    pub month: Option<Month>,
    /// Whether the month tells of anyone's satisfaction.
    pub is_told: bool,
    /// How many, by stars of the customer from five down to none, and by value in the order of
    /// [`SegmentValue::ALL`].
    pub grid: [[u64; SegmentValue::ALL.len()]; 6],
    /// At most [`MemberQueue::LINES`], the most pressing first.
    pub lines: Vec<QueueLine>,
}

impl MemberQueue {
    /// How many lines the page shows.
    pub const LINES: usize = 100;

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.grid.iter().flatten().sum()
    }
}

/// What to do about a member, by the star of its customer and its own value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tactic {
    /// The account manager sees to it at once.
    Visit,
    /// A call within the week.
    Call,
    /// A message of care, and the hotline.
    Message,
}

impl Tactic {
    /// That of a cell of the grid: stars times three, two, one for high, medium, low value.
    #[must_use]
    pub const fn of(stars: u8, value: SegmentValue) -> Self {
        match stars as usize * (SegmentValue::ALL.len() - value.index()) {
            9.. => Self::Visit,
            4..9 => Self::Call,
            _ => Self::Message,
        }
    }

    /// The key of its text.
    #[must_use]
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Visit => "member-tactic-visit",
            Self::Call => "member-tactic-call",
            Self::Message => "member-tactic-message",
        }
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
    /// The customer's stars.
    pub star: Option<StarRating>,
    /// The member's band of value.
    pub band: SegmentValue,
    /// Charges of twelve months.
    pub value: Money,
    /// How satisfied, and why not more.
    pub satisfaction: Option<Satisfaction>,
    /// Probability to leave.
    pub risk: Option<f32>,
    /// What speaks for it.
    pub risk_reasons: Vec<Reason>,
    /// That probability times the charges of twelve months.
    pub expected_loss: Option<Money>,
}

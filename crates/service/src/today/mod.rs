//! The worklist: what to do now, in order of what is at stake.

pub mod show;

use domain::assessment::Assessment;
use domain::id::{ContractId, CustomerId};
use domain::{Date, LifecycleStage, Money, Month};
use store::assignment::AssignmentRow;

use crate::visit::{TaskOf, VisitOf};

/// The first page.
#[derive(Debug, Clone, PartialEq)]
pub struct Today {
    /// The published month; none before the first cycle.
    pub month: Option<Month>,
    /// Which day it is.
    pub day: Date,
    /// Customers in the user's scope.
    pub customers: u64,
    /// Revenue of the published month in scope, and of the month before.
    pub revenue: (Money, Money),
    /// Customers in decline in scope, now and the month before.
    pub declining: (u64, u64),
    /// Customers whose stage changed this month.
    pub changed: u64,
    /// Contracts that end soon.
    pub ending: u64,
    /// Members who may be dissatisfied.
    pub uneasy_members: u64,
    /// Collaborations in which a part that the user answers for wants attention.
    pub collaborations: u64,
    /// What was given to the user in the last days.
    pub handed: Vec<AssignmentRow>,
    /// What the user is to do within the next days, or was to do before.
    pub tasks: Vec<TaskOf>,
    /// Visits that the user planned for today, or before and did not make.
    pub visits: Vec<VisitOf>,
    /// Customers on the worklist by kind of occasion, in the order of [`OccasionKind::ALL`].
    pub by_kind: [u64; OccasionKind::ALL.len()],
    /// The lines of the kind asked for, or of all; most at stake first; at most [`Today::LINES`].
    pub lines: Vec<TodayLine>,
}

impl Today {
    /// How many lines the page shows.
    pub const LINES: usize = 100;
}

/// A customer that needs something now.
#[derive(Debug, Clone, PartialEq)]
pub struct TodayLine {
    /// Whom.
    pub customer: CustomerId,
    /// Its name.
    pub name: String,
    /// Its account manager, for heads.
    pub manager: Option<String>,
    /// Why it is here.
    pub occasion: Occasion,
    /// Its assessment: stage, since, reasons, revenue.
    pub assessment: Assessment,
    /// What is at stake.
    pub at_stake: Stake,
}

/// What is at stake with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stake {
    /// What its risk to leave is expected to cost.
    Expected(Money),
    /// It left: what it brought in the last twelve months.
    Lost(Money),
    /// Its risk is not known: revenue of the last twelve months.
    Revenue(Money),
}

impl Stake {
    /// How much.
    #[must_use]
    pub const fn amount(self) -> Money {
        match self {
            Self::Expected(amount) | Self::Lost(amount) | Self::Revenue(amount) => amount,
        }
    }
}

/// Why a customer stands on the worklist; a customer with several stands under the first that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion {
    /// Began to decline this month.
    DeclineBegan {
        /// The stage before.
        from: LifecycleStage,
    },
    /// All services ended this month.
    Exited {
        /// The stage before.
        from: LifecycleStage,
    },
    /// Of its manager's list among those that leaving would cost most, within what can be handled in a month.
    Warned,
    /// A contract ends soon.
    ContractEnds {
        /// Which.
        contract: ContractId,
        /// Its code.
        code: String,
        /// When.
        ends_on: Date,
        /// Days from the last day of the published month.
        days_left: i32,
    },
    /// In decline for some months already.
    StillDeclining,
    /// The stage changed for the better.
    Improved {
        /// The stage before.
        from: LifecycleStage,
    },
    /// Not visited as often as its stars ask for.
    VisitOverdue {
        /// By when it was to be visited.
        due_on: Date,
        /// When it was visited last.
        last: Option<Date>,
    },
}

/// A kind of occasion: what the lines can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OccasionKind {
    /// Began to decline.
    DeclineBegan,
    /// All services ended.
    Exited,
    /// Likely to leave, and among the costliest.
    Warned,
    /// A contract ends soon.
    ContractEnds,
    /// In decline for some months.
    StillDeclining,
    /// Changed for the better.
    Improved,
    /// Not visited for too long.
    VisitOverdue,
}

impl OccasionKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::DeclineBegan,
        Self::Exited,
        Self::Warned,
        Self::ContractEnds,
        Self::StillDeclining,
        Self::Improved,
        Self::VisitOverdue,
    ];

    /// The kind of an occasion.
    #[must_use]
    pub const fn of(occasion: &Occasion) -> Self {
        match occasion {
            Occasion::DeclineBegan { .. } => Self::DeclineBegan,
            Occasion::Exited { .. } => Self::Exited,
            Occasion::Warned => Self::Warned,
            Occasion::ContractEnds { .. } => Self::ContractEnds,
            Occasion::StillDeclining => Self::StillDeclining,
            Occasion::Improved { .. } => Self::Improved,
            Occasion::VisitOverdue { .. } => Self::VisitOverdue,
        }
    }
}

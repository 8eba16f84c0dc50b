//! What customers brought month by month, cut in two: what was known, and what came.

use domain::customer::CustomerCategory;
use domain::{LifecycleStage, Money, Month};

use super::LEAST_PAST;

/// A customer with its months, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Who.
    pub customer: i64,
    /// The group it is judged in.
    pub category: CustomerCategory,
    /// Its months; those missing were before it was known, or brought nothing.
    pub months: Vec<RelationMonth>,
}

/// A month of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelationMonth {
    /// The month.
    pub month: Month,
    /// The stage that was given then.
    pub stage: LifecycleStage,
    /// Revenue; unknown where there is no row, which counts as none.
    pub revenue: Option<Money>,
    /// Cost of all kinds.
    pub cost: Money,
}

impl RelationMonth {
    /// Profit, yuan.
    pub(super) fn profit(&self) -> f64 {
        (self.revenue.unwrap_or(Money::ZERO) - self.cost).yuan()
    }

    /// Whether there was revenue.
    pub(super) fn bought(&self) -> bool {
        self.revenue.is_some_and(|revenue| revenue > Money::ZERO)
    }
}

/// Which months are known and which are held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// The first month of all.
    pub first: Month,
    /// The last month known.
    pub known_to: Month,
    /// Months held out after it.
    pub ahead: usize,
}

impl Cut {
    /// At most `most_ahead` months held out, with [`LEAST_PAST`] known before them; none if that leaves less than
    /// `least_ahead`.
    pub fn of(first: Month, last: Month, least_ahead: usize, most_ahead: usize) -> Option<Self> {
        let months = usize::try_from(last - first + 1).unwrap_or_default();
        let ahead = months.saturating_sub(LEAST_PAST).min(most_ahead);
        (ahead >= least_ahead).then(|| Self { first, known_to: last - ahead as i32, ahead })
    }

    /// A customer's months that are known.
    pub fn past<'a>(&self, relation: &'a Relation) -> &'a [RelationMonth] {
        let to = relation.months.partition_point(|month| month.month <= self.known_to);
        &relation.months[..to]
    }

    /// Profit of the months held out, yuan.
    pub fn came(&self, relation: &Relation) -> f64 {
        let from = relation.months.partition_point(|month| month.month <= self.known_to);
        relation.months[from..]
            .iter()
            .take_while(|month| month.month <= self.last())
            .map(RelationMonth::profit)
            .sum()
    }

    /// The last month held out.
    pub fn last(&self) -> Month {
        self.known_to + self.ahead as i32
    }
}

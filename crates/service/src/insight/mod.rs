//! Sums over customers, from headquarters down to the grid.

pub mod ages;
pub mod show;
mod sight;
mod worth;

use std::iter::Sum;

use domain::LifecycleStage;
use domain::Money;
use domain::Month;
use domain::outlook::ExitCause;
use domain::satisfaction::SatisfactionLabel;
pub use science::interval::Interval;
pub use worth::StageWorth;

pub(crate) use self::sight::Sight;

use self::ages::Ages;
use crate::actor::UnitName;

/// The page of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Insight {
    /// The published month.
    pub month: Month,
    /// The unit shown.
    pub unit: UnitName,
    /// The path from the top of the user's scope down to it.
    pub path: Vec<UnitName>,
    /// The other tops of the user's scope: the own unit and those that were granted.
    pub elsewhere: Vec<UnitName>,
    /// Customers, money and stages of the unit: now, a month ago, a year ago.
    pub now: UnitSums,
    /// A month ago.
    pub last_month: Option<UnitSums>,
    /// A year ago.
    pub last_year: Option<UnitSums>,
    /// Revenue, cost and stages month by month, oldest first, at most 36.
    pub months: Vec<(Month, UnitSums)>,
    /// Moves over the last quarter: customers from stage (row) to stage (column).
    pub flows: [[i64; LifecycleStage::COUNT]; LifecycleStage::COUNT],
    /// Customers whose risk is high enough to be explained, by likely cause; the last without one.
    pub at_risk: [AtRisk; ExitCause::ALL.len() + 1],
    /// Customers by stars, from five down to none, and by satisfaction from the lowest, the last of whom nothing is
    /// told; none where nothing is told of anyone.
    pub satisfaction: Option<SatisfactionMatrix>,
    /// Lifetime value by stage, in the order of [`LifecycleStage::ALL`].
    pub worth: [StageWorth; LifecycleStage::COUNT],
    /// Concentration of revenue.
    pub concentration: Option<Concentration>,
    /// What relations bring as they grow older; none for the lowest units.
    pub ages: Option<Ages>,
    /// The units directly below, with the same sums; their totals equal `now`. The last one, without a name,
    /// holds customers attached to this unit itself, if there are any.
    pub below: Vec<UnitLine>,
}

/// By stars and label.
pub type SatisfactionMatrix = [[SatisfactionCell; SatisfactionLabel::ALL.len() + 1]; 6];

/// Customers with stars and of a label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SatisfactionCell {
    /// How many.
    pub customers: i64,
    /// Their revenue of the last twelve months.
    pub revenue_12m: Money,
}

impl<'a> Sum<&'a Self> for SatisfactionCell {
    fn sum<I: Iterator<Item = &'a Self>>(cells: I) -> Self {
        cells.fold(Self::default(), |sum, cell| Self {
            customers: sum.customers + cell.customers,
            revenue_12m: sum.revenue_12m + cell.revenue_12m,
        })
    }
}

/// Customers at risk for one cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AtRisk {
    /// How many.
    pub customers: i64,
    /// Their revenue of the last twelve months.
    pub revenue_12m: Money,
    /// What is expected to be lost.
    pub expected_loss: Money,
}

/// Sums of a unit in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnitSums {
    /// Customers by stage, in the order of [`LifecycleStage::ALL`].
    pub customers: [i64; LifecycleStage::COUNT],
    /// Revenue of the month by stage.
    pub revenue: [Money; LifecycleStage::COUNT],
    /// Cost of the month.
    pub cost: Money,
    /// Revenue of the last twelve months.
    pub revenue_12m: Money,
    /// Profit of the last twelve months.
    pub profit_12m: Money,
}

impl UnitSums {
    /// All customers.
    #[must_use]
    pub fn total_customers(&self) -> i64 {
        self.customers.iter().sum()
    }

    /// Revenue of the month.
    #[must_use]
    pub fn total_revenue(&self) -> Money {
        self.revenue.iter().copied().sum()
    }

    /// Profit of the month.
    #[must_use]
    pub fn profit(&self) -> Money {
        self.total_revenue() - self.cost
    }
}

/// A row of the table of units.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitLine {
    /// The unit; none for customers attached to the unit above itself.
    pub unit: Option<UnitName>,
    /// Now.
    pub now: UnitSums,
    /// A month ago.
    pub last_month: Option<UnitSums>,
    /// A year ago.
    pub last_year: Option<UnitSums>,
}

/// How far revenue rests on few.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    /// Customers with revenue in the last twelve months.
    pub customers: i64,
    /// Share of revenue from the top fifth.
    pub top_fifth: f64,
    /// How sure that share is.
    pub top_fifth_range: Option<Interval>,
    /// Gini coefficient.
    pub gini: f64,
    /// Cumulated share of revenue at 0 %, 5 %, … 100 % of customers, largest first.
    pub curve: Vec<f32>,
}

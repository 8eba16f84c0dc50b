//! What Insight counts of the customers themselves, since no sum of the cycle holds it.

use domain::id::OrgUnitId;
use domain::outlook::ExitCause;
use domain::satisfaction::SatisfactionLabel;
use domain::{LifecycleStage, Money};
use science::concentration::Concentration;
use science::interval::Interval;

use super::{AtRisk, SatisfactionMatrix, StageWorth};
use crate::customer::Facet;
use crate::customer::index::{CustomerIndex, UNKNOWN};

/// Counts of a unit's customers. Working it out walks over all of them.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// See [`super::Insight::at_risk`].
    pub at_risk: [AtRisk; ExitCause::ALL.len() + 1],
    /// See [`super::Insight::satisfaction`].
    pub satisfaction: Option<SatisfactionMatrix>,
    /// See [`super::Insight::worth`].
    pub worth: [StageWorth; LifecycleStage::COUNT],
    /// How sure the share of the top fifth is, told of one in `step` customers.
    top_fifth: Option<(Interval, usize)>,
}

impl Sight {
    /// Of a unit and all below it; a risk of at least `explain_from` has a cause.
    pub fn of(index: &CustomerIndex, unit: OrgUnitId, explain_from: f64) -> Self {
        let mut sight = Self { top_fifth: top_fifth(index, unit), ..Self::default() };
        let mut matrix = SatisfactionMatrix::default();
        let mut is_told = false;
        let least = (explain_from * 1e6).round() as i64;
        for row in index.rows_below(unit) {
            let Some(stage) = index.stage(row) else { continue };
            let revenue_12m = Money::from_fen(index.revenue_12m[row]);
            if index.risks[row] >= least {
                let cause = usize::from(index.codes(Facet::Cause)[row]).min(ExitCause::ALL.len());
                let sum = &mut sight.at_risk[cause];
                sum.customers += 1;
                sum.revenue_12m += revenue_12m;
                sum.expected_loss += Money::from_fen(index.losses[row].max(0));
            }
            if stage.is_served() {
                let label = usize::from(index.codes(Facet::Satisfaction)[row]);
                let label = label.min(SatisfactionLabel::ALL.len());
                is_told |= label < SatisfactionLabel::ALL.len();
                let cell = &mut matrix[usize::from(5 - index.stars[row].min(5))][label];
                cell.customers += 1;
                cell.revenue_12m += revenue_12m;
            }
            if index.values[row] != UNKNOWN {
                let worth = &mut sight.worth[stage.index()];
                *worth = worth.plus(StageWorth {
                    customers: 1,
                    total: Money::from_fen(index.values[row]),
                    reach: Money::from_fen(index.value_reaches[row]),
                });
            }
        }
        sight.satisfaction = is_told.then_some(matrix);
        sight
    }

    /// How sure this share of the top fifth is.
    pub fn top_fifth_range(&self, top_fifth: f64) -> Option<Interval> {
        self.top_fifth.map(|(range, step)| range.scaled(top_fifth, (step as f64).sqrt().recip()))
    }
}

/// By drawings from the unit's customers, or from one in so many of them where they are many.
fn top_fifth(index: &CustomerIndex, unit: OrgUnitId) -> Option<(Interval, usize)> {
    const CUSTOMERS: usize = 2_000;
    const DRAWINGS: usize = 100;
    let revenue = &index.revenue_12m[index.rows_below(unit)];
    let step = revenue.len().div_ceil(CUSTOMERS).max(1);
    let mut drawn: Vec<i64> = revenue.iter().step_by(step).copied().filter(|&fen| fen > 0).collect();
    drawn.sort_unstable_by(|left, right| right.cmp(left));
    let (range, _) = Concentration::intervals(&drawn, DRAWINGS, unit.get() as u64)?;
    Some((range, step))
}

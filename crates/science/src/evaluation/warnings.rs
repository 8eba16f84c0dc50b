//! How good warnings are at what people can handle: the first so many of each manager and month, by expected loss.

use std::collections::{BTreeMap, HashMap};

use domain::Month;
use domain::outlook::ExitCause;
use serde::Serialize;

/// A customer of a manager in a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarnedMonth {
    /// When.
    pub month: Month,
    /// Whose list it is on.
    pub list: i64,
    /// Who.
    pub customer: i64,
    /// Why it may leave, where the evidence points to one cause.
    pub cause: Option<ExitCause>,
    /// What warnings are ranked by.
    pub expected_loss: f64,
    /// What is lost if it leaves: profit of a year, yuan, at least 0.
    pub at_stake: f64,
    /// Whether it left within three months.
    pub left: bool,
}

/// What warnings reach at a capacity.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct WarningReport {
    /// Warnings per manager and month.
    pub capacity: usize,
    /// Months of managers.
    pub lists: usize,
    /// Warnings given.
    pub warnings: usize,
    /// Customer-months before an exit.
    pub exits: usize,
    /// Share of warnings after which the customer left within three months.
    pub precision: f64,
    /// Share of customer-months before an exit that were warned of.
    pub recall: f64,
    /// Share of those who left that were warned of in any of the three months before.
    pub customers_warned: f64,
    /// Mean months from the first of those warnings to the exit.
    pub lead_months: f64,
    /// Value at stake where the warning was right, over the best that as many warnings could have reached.
    pub value_saved: f64,
    /// The same by the cause that warnings name; those that some name.
    pub causes: Vec<CauseReport>,
}

/// What warnings of one cause reach.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CauseReport {
    /// The cause; none where the evidence points to none.
    pub cause: Option<ExitCause>,
    /// Warnings given.
    pub warnings: usize,
    /// Share of them after which the customer left within three months.
    pub precision: f64,
    /// Mean months from the first warning before an exit to the exit, of the exits of which the first warning names this cause.
    pub lead_months: f64,
}

/// Judges warnings at a capacity; months whose future is not known are left out by the caller.
#[must_use]
pub fn warnings(months: &[WarnedMonth], capacity: usize) -> WarningReport {
    let mut lists: BTreeMap<(Month, i64), Vec<&WarnedMonth>> = BTreeMap::new();
    for month in months {
        lists.entry((month.month, month.list)).or_default().push(month);
    }
    let mut report = WarningReport { capacity, lists: lists.len(), ..WarningReport::default() };
    let (mut right, mut saved, mut best) = (0_usize, 0.0, 0.0);
    let mut warned: HashMap<(i64, Month), Option<ExitCause>> = HashMap::new();
    let mut of_causes: BTreeMap<Option<ExitCause>, (usize, usize, Vec<i32>)> = BTreeMap::new();
    for list in lists.values_mut() {
        // Ties by customer, so that the order of the input does not matter.
        list.sort_by(|a, b| b.expected_loss.total_cmp(&a.expected_loss).then(a.customer.cmp(&b.customer)));
        for given in list.iter().take(capacity) {
            report.warnings += 1;
            right += usize::from(given.left);
            saved += if given.left { given.at_stake } else { 0.0 };
            warned.insert((given.customer, given.month), given.cause);
            let of_cause = of_causes.entry(given.cause).or_default();
            of_cause.0 += 1;
            of_cause.1 += usize::from(given.left);
        }
        let mut leaving: Vec<f64> = list.iter().filter(|one| one.left).map(|one| one.at_stake).collect();
        report.exits += leaving.len();
        leaving.sort_by(|a, b| b.total_cmp(a));
        best += leaving.iter().take(capacity).sum::<f64>();
    }
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    report.precision = share(right as f64, report.warnings as f64);
    report.recall = share(right as f64, report.exits as f64);
    report.value_saved = share(saved, best);
    let runs = exits(months);
    let leads: Vec<(Option<ExitCause>, i32)> = runs
        .iter()
        .filter_map(|&(customer, first, last)| {
            let (month, &cause) =
                first.to(last).find_map(|month| Some((month, warned.get(&(customer, month))?)))?;
            // The exit comes in the month after the last of those before it.
            Some((cause, last - month + 1))
        })
        .collect();
    for &(cause, lead) in &leads {
        of_causes.entry(cause).or_default().2.push(lead);
    }
    report.customers_warned = share(leads.len() as f64, runs.len() as f64);
    let mean = |leads: &[i32]| share(leads.iter().map(|&lead| f64::from(lead)).sum(), leads.len() as f64);
    let all: Vec<i32> = leads.iter().map(|&(_, lead)| lead).collect();
    report.lead_months = mean(&all);
    let of_cause =
        |(cause, (warnings, right, leads)): (Option<ExitCause>, (usize, usize, Vec<i32>))| CauseReport {
            cause,
            warnings,
            precision: share(right as f64, warnings as f64),
            lead_months: mean(&leads),
        };
    report.causes = of_causes.into_iter().map(of_cause).collect();
    report
}

/// The runs of months before an exit: who, first and last of them.
fn exits(months: &[WarnedMonth]) -> Vec<(i64, Month, Month)> {
    let mut leaving: HashMap<i64, Vec<Month>> = HashMap::new();
    for month in months.iter().filter(|month| month.left) {
        leaving.entry(month.customer).or_default().push(month.month);
    }
    let mut runs = Vec::new();
    for (customer, mut months) in leaving {
        months.sort_unstable();
        for run in months.chunk_by(|before, after| *after - *before == 1) {
            runs.push((customer, run[0], run[run.len() - 1]));
        }
    }
    runs.sort_unstable();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn month(at: i32) -> Month {
        Month::new(2025, 1).expect("a month") + at
    }

    fn of(customer: i64, at: i32, expected_loss: f64, at_stake: f64, left: bool) -> WarnedMonth {
        let cause = (customer == 1).then_some(ExitCause::Price);
        WarnedMonth { month: month(at), list: 1, customer, cause, expected_loss, at_stake, left }
    }

    #[test]
    fn what_counts_is_the_value_among_as_many_as_can_be_handled() {
        let months = [
            of(1, 0, 9.0, 100.0, true),
            of(2, 0, 8.0, 500.0, false),
            of(3, 0, 7.0, 300.0, true),
            of(1, 1, 9.0, 100.0, true),
            of(3, 1, 9.5, 300.0, true),
        ];
        let report = warnings(&months, 1);
        assert_eq!((report.lists, report.warnings, report.exits), (2, 2, 4));
        assert_eq!(report.precision, 1.0);
        assert_eq!(report.recall, 0.5);
        assert!((report.value_saved - 400.0 / 600.0).abs() < 1e-12);
        // One was warned of two months before it left, the other one month before.
        assert_eq!((report.customers_warned, report.lead_months), (1.0, 1.5));
        let of = |cause, lead_months| CauseReport { cause, warnings: 1, precision: 1.0, lead_months };
        assert_eq!(report.causes, [of(None, 1.0), of(Some(ExitCause::Price), 2.0)]);
    }

    proptest! {
        #[test]
        fn the_perfect_ranking_saves_everything_and_no_ranking_more(
            rows in prop::collection::vec((0..20_i64, 0..4_i32, 0.0..10.0_f64, 0.1..9.0_f64, any::<bool>()), 1..60),
            capacity in 1..6_usize,
        ) {
            let mut months: Vec<WarnedMonth> =
                rows.iter().map(|&(customer, at, loss, stake, left)| of(customer, at, loss, stake, left)).collect();
            months.sort_by_key(|row| (row.month, row.customer));
            months.dedup_by_key(|row| (row.month, row.customer));
            prop_assert!(warnings(&months, capacity).value_saved <= 1.0 + 1e-12);
            for row in &mut months {
                row.expected_loss = if row.left { row.at_stake } else { 0.0 };
            }
            let perfect = warnings(&months, capacity);
            prop_assert_eq!(perfect.causes.iter().map(|of| of.warnings).sum::<usize>(), perfect.warnings);
            prop_assert!(perfect.exits == 0 || (perfect.value_saved - 1.0).abs() < 1e-12);
        }
    }
}

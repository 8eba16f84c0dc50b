//! Without a truth: what happened to the customers of each stage afterwards.

use std::collections::BTreeMap;

use domain::{LifecycleStage, Month};
use serde::Serialize;

use crate::interval::Interval;

const STAGES: usize = LifecycleStage::COUNT;
/// Months looked ahead.
const HORIZONS: [usize; 2] = [3, 6];

/// A customer's month with the stage that was given and what was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LivedMonth {
    /// The month.
    pub month: Month,
    /// What was said.
    pub given: LifecycleStage,
    /// Whether there was any usage or revenue.
    pub active: bool,
    /// Usage at list price, yuan; unknown counts as none.
    pub usage: f64,
    /// Revenue, yuan; unknown counts as none.
    pub revenue: f64,
}

/// Counts customers up; [`Backtest::report`] says the figures.
#[derive(Debug, Clone, Default)]
pub struct Backtest {
    months: BTreeMap<Month, [Outcome; 2]>,
    all: [Outcome; 2],
}

/// Sums over customers for one horizon, by stage.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    stages: [Sums; STAGES],
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    customers: u64,
    months: f64,
    months_squared: f64,
    active: Pair,
    usage: Pair,
    revenue: Pair,
}

/// Sums that give two ratios with their errors: after to months, and after to before. One entry is one
/// customer's sum, so that the months of a customer count as what they are: related.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    after: f64,
    after_squared: f64,
    after_times_months: f64,
    compared: f64,
    compared_squared: f64,
    before: f64,
    before_squared: f64,
    compared_times_before: f64,
}

/// What was said, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutcomeReport {
    /// The month the stages are of; none for all months together.
    pub month: Option<Month>,
    /// Months looked ahead.
    pub horizon_months: usize,
    /// Each stage that was given.
    pub stages: Vec<StageOutcome>,
}

/// What became of the customers of a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageOutcome {
    /// Which.
    pub stage: LifecycleStage,
    /// Customers that were given it.
    pub customers: u64,
    /// Customer-months that were given it.
    pub customer_months: u64,
    /// Share with usage or revenue in any of the months ahead.
    pub active: f64,
    /// Its interval.
    pub active_interval: Interval,
    /// Revenue per customer in the months ahead, yuan.
    pub revenue_after: f64,
    /// Its interval.
    pub revenue_after_interval: Interval,
    /// Revenue of the months ahead over that of as many months before; none without any before.
    pub revenue_ratio: Option<f64>,
    /// Its interval.
    pub revenue_ratio_interval: Option<Interval>,
    /// Usage per customer in the months ahead, yuan at list price.
    pub usage_after: f64,
    /// Its interval.
    pub usage_after_interval: Interval,
    /// Usage of the months ahead over that of as many months before; none without any before.
    pub usage_ratio: Option<f64>,
    /// Its interval.
    pub usage_ratio_interval: Option<Interval>,
}

impl Backtest {
    /// Counts one customer in: all its months without gaps, oldest first. Months so late that the data do not
    /// reach the horizon are left out; the months before a month include it.
    pub fn add_customer(&mut self, months: &[LivedMonth]) {
        for (place, &horizon) in HORIZONS.iter().enumerate() {
            let mut by_stage = [None::<Lived>; STAGES];
            for at in 0..months.len().saturating_sub(horizon) {
                let lived = Lived::around(months, at, horizon);
                let given = months[at].given.index();
                let of_month = self.months.entry(months[at].month).or_default();
                of_month[place].stages[given].add(&lived);
                by_stage[given].get_or_insert_default().join(&lived);
            }
            for (sums, lived) in self.all[place].stages.iter_mut().zip(by_stage) {
                if let Some(lived) = lived {
                    sums.add(&lived);
                }
            }
        }
    }

    /// The figures: all months together first, then each month, for each horizon.
    #[must_use]
    pub fn report(&self) -> Vec<OutcomeReport> {
        let together = std::iter::once((None, &self.all));
        let each = self.months.iter().map(|(&month, outcomes)| (Some(month), outcomes));
        let mut reports = Vec::new();
        for (month, outcomes) in together.chain(each) {
            for (&horizon_months, outcome) in HORIZONS.iter().zip(outcomes) {
                let stages: Vec<StageOutcome> = outcome.report().collect();
                if !stages.is_empty() {
                    reports.push(OutcomeReport { month, horizon_months, stages });
                }
            }
        }
        reports
    }
}

impl Outcome {
    fn report(&self) -> impl Iterator<Item = StageOutcome> {
        let given = LifecycleStage::ALL.iter().zip(&self.stages).filter(|(_, sums)| sums.customers > 0);
        given.map(|(&stage, sums)| {
            let (active, active_interval) = sums.per_month(&sums.active);
            let (revenue_after, revenue_after_interval) = sums.per_month(&sums.revenue);
            let (usage_after, usage_after_interval) = sums.per_month(&sums.usage);
            let revenue_ratio = sums.against_before(&sums.revenue);
            let usage_ratio = sums.against_before(&sums.usage);
            StageOutcome {
                stage,
                customers: sums.customers,
                customer_months: sums.months as u64,
                active,
                active_interval: Interval {
                    low: active_interval.low.max(0.0),
                    high: active_interval.high.min(1.0),
                },
                revenue_after,
                revenue_after_interval,
                revenue_ratio: revenue_ratio.map(|(ratio, _)| ratio),
                revenue_ratio_interval: revenue_ratio.map(|(_, interval)| interval),
                usage_after,
                usage_after_interval,
                usage_ratio: usage_ratio.map(|(ratio, _)| ratio),
                usage_ratio_interval: usage_ratio.map(|(_, interval)| interval),
            }
        })
    }
}

/// What lies before and after one month, or the sum over several months of one customer.
#[derive(Debug, Clone, Copy, Default)]
struct Lived {
    months: f64,
    active: f64,
    usage: Sides,
    revenue: Sides,
}

/// What came after; and what came before, with the same after, where there are as many months before.
#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    after: f64,
    compared: f64,
    before: f64,
}

impl Lived {
    fn around(months: &[LivedMonth], at: usize, horizon: usize) -> Self {
        let after = &months[at + 1..=at + horizon];
        let before = (at + 1).checked_sub(horizon).map(|from| &months[from..=at]);
        let sides = |value: fn(&LivedMonth) -> f64| {
            let sum = |months: &[LivedMonth]| -> f64 { months.iter().map(value).sum() };
            let after = sum(after);
            match before {
                Some(before) => Sides { after, compared: after, before: sum(before) },
                None => Sides { after, ..Sides::default() },
            }
        };
        Self {
            months: 1.0,
            active: f64::from(u8::from(after.iter().any(|month| month.active))),
            usage: sides(|month| month.usage),
            revenue: sides(|month| month.revenue),
        }
    }

    fn join(&mut self, other: &Self) {
        self.months += other.months;
        self.active += other.active;
        for (mine, theirs) in [(&mut self.usage, other.usage), (&mut self.revenue, other.revenue)] {
            mine.after += theirs.after;
            mine.compared += theirs.compared;
            mine.before += theirs.before;
        }
    }
}

impl Sums {
    fn add(&mut self, lived: &Lived) {
        self.customers += 1;
        self.months += lived.months;
        self.months_squared += lived.months * lived.months;
        self.active.add(&Sides { after: lived.active, ..Sides::default() }, lived.months);
        self.usage.add(&lived.usage, lived.months);
        self.revenue.add(&lived.revenue, lived.months);
    }

    /// Sum after, per customer-month.
    fn per_month(&self, pair: &Pair) -> (f64, Interval) {
        ratio(
            pair.after,
            self.months,
            pair.after_squared,
            pair.after_times_months,
            self.months_squared,
            self.customers,
        )
    }

    /// Sum after over sum before.
    fn against_before(&self, pair: &Pair) -> Option<(f64, Interval)> {
        (pair.before > 0.0).then(|| {
            ratio(
                pair.compared,
                pair.before,
                pair.compared_squared,
                pair.compared_times_before,
                pair.before_squared,
                self.customers,
            )
        })
    }
}

impl Pair {
    fn add(&mut self, sides: &Sides, months: f64) {
        let Sides { after, compared, before } = *sides;
        self.after += after;
        self.after_squared += after * after;
        self.after_times_months += after * months;
        self.compared += compared;
        self.compared_squared += compared * compared;
        self.before += before;
        self.before_squared += before * before;
        self.compared_times_before += compared * before;
    }
}

/// Σa / Σb with the interval of its linearised error, clustered by customer.
fn ratio(a: f64, b: f64, aa: f64, ab: f64, bb: f64, customers: u64) -> (f64, Interval) {
    let ratio = a / b;
    let spread = (aa - 2.0 * ratio * ab + ratio * ratio * bb).max(0.0);
    let small_sample = if customers > 1 { customers as f64 / (customers as f64 - 1.0) } else { 1.0 };
    (ratio, Interval::around(ratio, (spread * small_sample).sqrt() / b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::LifecycleStage::{Decline, Maturity};

    fn lived(given: LifecycleStage, revenue: &[f64]) -> Vec<LivedMonth> {
        let first = Month::new(2024, 1).expect("a month");
        let month = |(place, &revenue): (usize, &f64)| LivedMonth {
            month: first + place as i32,
            given,
            active: revenue > 0.0,
            usage: 2.0 * revenue,
            revenue,
        };
        revenue.iter().enumerate().map(month).collect()
    }

    fn find(reports: &[OutcomeReport], month: Option<Month>, horizon: usize) -> &OutcomeReport {
        reports
            .iter()
            .find(|report| report.month == month && report.horizon_months == horizon)
            .expect("a report")
    }

    #[test]
    fn compares_the_months_after_with_as_many_before() {
        let mut backtest = Backtest::default();
        backtest.add_customer(&lived(Maturity, &[10.0, 10.0, 10.0, 10.0, 10.0, 10.0]));
        backtest.add_customer(&lived(Decline, &[10.0, 10.0, 10.0, 5.0, 0.0, 0.0]));
        let reports = backtest.report();
        let march = find(&reports, Month::new(2024, 3), 3);
        assert_eq!(march.stages.iter().map(|s| s.stage).collect::<Vec<_>>(), [Maturity, Decline]);
        assert_eq!(march.stages[0].revenue_ratio, Some(1.0));
        assert_eq!(march.stages[1].revenue_ratio, Some(5.0 / 30.0));
        assert_eq!(march.stages[1].revenue_after, 5.0);
        assert_eq!(march.stages[1].usage_after, 10.0);
        assert_eq!(march.stages[1].active, 1.0);
        assert!(
            !reports.iter().any(|report| report.horizon_months == 6),
            "six months have no six after them"
        );
    }

    #[test]
    fn the_interval_of_a_mean_is_that_of_its_standard_error() {
        let mut backtest = Backtest::default();
        for revenue in [1.0, 2.0, 3.0, 6.0] {
            backtest.add_customer(&lived(Maturity, &[0.0, revenue, 0.0, 0.0]));
        }
        let reports = backtest.report();
        let january = &find(&reports, Month::new(2024, 1), 3).stages[0];
        // Mean 3, standard deviation √(14/3), standard error √(14/3/4).
        assert_eq!(january.revenue_after, 3.0);
        let reach = january.revenue_after_interval.high - 3.0;
        assert!((reach - 1.96 * (14.0_f64 / 12.0).sqrt()).abs() < 1e-9, "{reach}");
        assert_eq!(january.revenue_ratio, None);
    }

    #[test]
    fn months_of_one_customer_do_not_count_as_many_customers() {
        let mut once = Backtest::default();
        let mut often = Backtest::default();
        for revenue in [1.0, 2.0, 3.0, 6.0] {
            once.add_customer(&lived(Maturity, &[revenue; 4]));
            often.add_customer(&lived(Maturity, &[revenue; 23]));
        }
        let width = |backtest: &Backtest| {
            let reports = backtest.report();
            let all = &find(&reports, None, 3).stages[0];
            all.revenue_after_interval.high - all.revenue_after_interval.low
        };
        assert!((width(&once) - width(&often)).abs() < 1e-9);
    }
}

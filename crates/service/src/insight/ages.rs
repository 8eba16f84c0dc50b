//! What relations bring as they grow older, by the year in which they began and by the stage they are in.

use std::collections::BTreeMap;

use domain::cycle::CohortSum;
use domain::{LifecycleStage, Money, Month};
use science::clv::curve::RelationAge;
use science::interval::Interval;

/// Months that a point of a line takes together, so that no single month shows.
const QUARTER: i32 = 3;
/// Months of the lines by stage.
const YEAR: i32 = 12;
/// The month in whose course half a year is over.
const MIDDLE: i32 = 7;
/// Customer-months below which a point says more about single customers than about their age.
const LEAST: i64 = 30;
/// Share of the variance that a curve must explain to be told.
const EXPLAINED: f64 = 0.3;

/// Means by age of the relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Ages {
    /// Every year of start, as it grew older; oldest first.
    pub by_year: Vec<(i32, Vec<AgePoint>)>,
    /// Every stage over the last year, by whole years of age.
    pub by_stage: Vec<(LifecycleStage, Vec<AgePoint>)>,
    /// The age in years from which profit falls, if the curve shows one within the ages seen.
    pub turning: Option<Turning>,
}

/// Means of customers of about one age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgePoint {
    /// Age of the relation in years.
    pub age: f64,
    /// Customer-months that the means are taken over.
    pub customer_months: i64,
    /// Usage at list price, per customer and month.
    pub usage: Money,
    /// Revenue, likewise.
    pub revenue: Money,
    /// Cost, likewise.
    pub cost: Money,
}

impl AgePoint {
    /// Profit, per customer and month.
    #[must_use]
    pub fn profit(&self) -> Money {
        self.revenue - self.cost
    }
}

/// Where profit turns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turning {
    /// Years.
    pub years: f64,
    /// How sure.
    pub range: Interval,
}

/// Sums in the making.
#[derive(Default)]
struct Part {
    /// Ages weighted by customers, in months.
    age: i64,
    customers: i64,
    usage: Money,
    revenue: Money,
    cost: Money,
}

impl Part {
    fn add(&mut self, age: i64, sum: &CohortSum) {
        self.age += age * sum.customers;
        self.customers += sum.customers;
        self.usage += sum.usage;
        self.revenue += sum.revenue;
        self.cost += sum.cost;
    }

    fn point(&self) -> Option<AgePoint> {
        let mean = |sum: Money| Money::from_fen(sum.fen() / self.customers);
        (self.customers >= LEAST).then(|| AgePoint {
            age: self.age as f64 / self.customers as f64 / f64::from(YEAR),
            customer_months: self.customers,
            usage: mean(self.usage),
            revenue: mean(self.revenue),
            cost: mean(self.cost),
        })
    }
}

impl Ages {
    /// From the sums of some months, oldest first; none without any that are large enough.
    #[must_use]
    pub fn new(months: &[(Month, Vec<CohortSum>)]) -> Option<Self> {
        let latest = months.last()?.0;
        let mut by_year: BTreeMap<i32, BTreeMap<i32, Part>> = BTreeMap::new();
        let mut by_stage: BTreeMap<usize, BTreeMap<i64, Part>> = BTreeMap::new();
        let mut by_age: BTreeMap<i64, Part> = BTreeMap::new();
        for (month, sums) in months {
            for sum in sums {
                let age = age_in_months(*month, sum.year);
                let quarter = month.number().div_euclid(QUARTER);
                by_year.entry(sum.year).or_default().entry(quarter).or_default().add(age, sum);
                by_age.entry(age / i64::from(YEAR / 2)).or_default().add(age, sum);
                if latest - *month < YEAR {
                    let of_stage = by_stage.entry(sum.stage.index()).or_default();
                    of_stage.entry(age / i64::from(YEAR)).or_default().add(age, sum);
                }
            }
        }
        let line = |parts: &BTreeMap<_, Part>| parts.values().filter_map(Part::point).collect::<Vec<_>>();
        let by_year: Vec<_> = by_year
            .iter()
            .map(|(&year, parts)| (year, parts.values().filter_map(Part::point).collect::<Vec<_>>()))
            .filter(|(_, points)| !points.is_empty())
            .collect();
        let by_stage: Vec<_> = by_stage
            .iter()
            .filter_map(|(&stage, parts)| Some((LifecycleStage::from_index(stage)?, line(parts))))
            .filter(|(_, points)| !points.is_empty())
            .collect();
        let turning = turning(&line(&by_age));
        (!by_year.is_empty()).then_some(Self { by_year, by_stage, turning })
    }
}

/// Months from the middle of a year, at least none.
fn age_in_months(month: Month, year: i32) -> i64 {
    i64::from((month.year() - year) * YEAR + i32::from(month.month_of_year()) - MIDDLE).max(0)
}

/// Where the curve of profit turns; none if it does not within the ages seen, or is not sure of it.
fn turning(points: &[AgePoint]) -> Option<Turning> {
    let curve: Vec<(f64, f64)> = points.iter().map(|point| (point.age, point.profit().yuan())).collect();
    let fitted = RelationAge::fit(&curve).ok()?;
    let (first, last) = (curve.first()?.0, curve.last()?.0);
    let range = fitted.turning_point.interval?;
    let is_seen = fitted.r_squared >= EXPLAINED && range.low > first && range.high < last;
    is_seen.then_some(Turning { years: fitted.turning_point.value, range })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    fn sum(year: i32, stage: LifecycleStage, customers: i64, revenue: i64) -> CohortSum {
        CohortSum {
            year,
            stage,
            customers,
            usage: Money::from_fen(2 * revenue),
            revenue: Money::from_fen(revenue),
            cost: Money::from_fen(revenue / 4),
        }
    }

    #[test]
    fn a_cohort_is_followed_as_it_grows_older() {
        let months = [
            (month("2024-07"), vec![sum(2022, LifecycleStage::Growth, 100, 100_000)]),
            (month("2025-07"), vec![sum(2022, LifecycleStage::Maturity, 80, 160_000)]),
        ];
        let ages = Ages::new(&months).expect("ages");
        let [(2022, line)] = &ages.by_year[..] else { panic!("one line: {ages:?}") };
        let told: Vec<(f64, i64)> = line.iter().map(|point| (point.age, point.revenue.fen())).collect();
        assert_eq!(told, [(2.0, 1_000), (3.0, 2_000)]);
        assert_eq!(line[1].profit(), Money::from_fen(1_500));
    }

    #[test]
    fn stages_are_those_of_the_last_year() {
        let months = [
            (month("2023-01"), vec![sum(2020, LifecycleStage::Decline, 100, 1)]),
            (month("2025-07"), vec![sum(2022, LifecycleStage::Maturity, 80, 160_000)]),
        ];
        let ages = Ages::new(&months).expect("ages");
        assert_eq!(ages.by_stage.len(), 1);
        assert_eq!(ages.by_stage[0].0, LifecycleStage::Maturity);
    }

    #[test]
    fn a_handful_of_customers_is_no_curve() {
        let few = [(month("2025-07"), vec![sum(2022, LifecycleStage::Maturity, 9, 160_000)])];
        assert_eq!(Ages::new(&few), None);
        assert_eq!(Ages::new(&[]), None);
    }

    #[test]
    fn profit_that_rises_and_falls_turns_in_between() {
        let profit = |age: f64| 900.0 * (-(age - 5.0).powi(2) / 8.0).exp();
        let months: Vec<_> = (0..24)
            .map(|at| {
                let month = month("2024-01") + at;
                let cohorts = (2012..2024).map(|year| {
                    let age = age_in_months(month, year) as f64 / 12.0;
                    let revenue = (profit(age) * 100.0 * 100.0 / 0.75) as i64;
                    sum(year, LifecycleStage::Maturity, 100, revenue)
                });
                (month, cohorts.collect())
            })
            .collect();
        let turning = Ages::new(&months).expect("ages").turning.expect("it turns");
        assert!((turning.years - 5.0).abs() < 1.0, "{turning:?}");
        assert!(turning.range.low < turning.years && turning.years < turning.range.high);
    }
}

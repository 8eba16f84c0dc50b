//! The chain of stages on a table of customer-months.

use std::collections::HashMap;

use domain::{LifecycleStage, Message, Month, Problem, ProblemKind, date};
use serde::Serialize;

use super::estimate::Estimate;
use super::model::Model;
use super::report::{Options, Score, missing_columns, numbers};
use super::stages::{ChainOptions, OwnProfit, Seen, StageChain};
use crate::frame::{Column, Frame, Values};
use crate::interval::Interval;

/// Customers that the prior of a stage's moves weighs.
const PRIOR_WEIGHT: f64 = 2.0;
/// Months of a customer's own profit that weigh as much as the mean of its stages.
const LEVEL_MONTHS: f64 = 6.0;
/// Latest months that a customer's own level rests on.
const OWN_MONTHS: usize = 12;

/// A stage of a chain learnt from a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageRow {
    /// Which.
    pub stage: LifecycleStage,
    /// Customer-months in it.
    pub months: f64,
    /// Mean profit of such a month, yuan.
    pub profit: f64,
    /// Value of a customer in it that earns what the stage's customers do, yuan.
    pub value: f64,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Chances to be in each stage a month later, in the order of the stages.
    pub chances: Vec<f64>,
}

/// Customers with their months in order.
pub(super) struct Lives {
    ids: Vec<String>,
    /// Number of the month, stage and profit in yuan.
    months: Vec<Vec<(i64, LifecycleStage, f64)>>,
    seen: Seen,
}

const IDS: [&str; 4] = ["id", "customer_id", "ID", "customer_code"];

impl Lives {
    /// Reads `id, month, stage` with `profit`, or with `revenue` (of which `margin` is left) less `cost` if there is
    /// one. Months may be dates, `202403` or whole numbers; stages are codes such as `growth`.
    ///
    /// # Errors
    /// If a column is missing, a row has no id, month, stage or profit, or a customer has a month twice.
    pub(super) fn read(model: Model, frame: &Frame, options: &Options) -> Result<Self, Problem> {
        let bad =
            |key, row: usize| Problem::new(ProblemKind::BadInput, Message::new(key).with("row", row + 1));
        let wanted = |names: &[&str]| names.iter().find_map(|name| frame.column(name));
        let (ids, months, stages) = (wanted(&IDS), wanted(&["month"]), wanted(&["stage"]));
        let (Some(ids), Some(months), Some(stages)) = (ids, months, stages) else {
            let of = [(ids, "id"), (months, "month"), (stages, "stage")];
            let missing: Vec<&str> =
                of.into_iter().filter(|(column, _)| column.is_none()).map(|(_, name)| name).collect();
            return Err(missing_columns(model, &missing.join(", ")));
        };
        let profits = profits(model, frame, options)?;
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut lives = Self { ids: Vec::new(), months: Vec::new(), seen: Seen::default() };
        for (row, &profit) in profits.iter().enumerate() {
            let id = ids.text(row);
            if id.is_empty() {
                return Err(bad("clv-problem-no-id", row));
            }
            let month = month(months, row).ok_or_else(|| bad("clv-problem-no-month", row))?;
            let said = stages.text(row);
            let stage = said.parse().map_err(|_| {
                let cause =
                    Message::new("clv-problem-no-stage").with("row", row + 1).with("stage", said.as_str());
                Problem::new(ProblemKind::BadInput, cause)
                    .hint(Message::new("clv-hint-stage").with("stages", LifecycleStage::CODES.join(", ")))
            })?;
            if !profit.is_finite() {
                return Err(bad("clv-problem-not-a-number", row));
            }
            let place = *places.entry(id).or_insert_with_key(|id| {
                lives.ids.push(id.clone());
                lives.months.push(Vec::new());
                lives.ids.len() - 1
            });
            lives.months[place].push((month, stage, profit));
        }
        for (id, lived) in lives.ids.iter().zip(&mut lives.months) {
            lived.sort_by_key(|(month, ..)| *month);
            if lived.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                let cause = Message::new("clv-problem-month-twice").with("id", id.as_str());
                return Err(Problem::new(ProblemKind::BadInput, cause));
            }
            // A gap is no move.
            for run in lived.chunk_by(|before, after| after.0 == before.0 + 1) {
                lives.seen.add(&run.iter().map(|&(_, stage, profit)| (stage, profit)).collect::<Vec<_>>());
            }
        }
        Ok(lives)
    }

    pub(super) fn customers(&self) -> usize {
        self.ids.len()
    }

    /// The chain, valued by the month.
    pub(super) fn learn(&self, options: &Options) -> Result<StageChain, Problem> {
        let options = ChainOptions {
            discount: (1.0 + options.discount).powf(1.0 / 12.0) - 1.0,
            horizon: options.horizon_years.map(|years| (years * 12.0).round() as usize),
            booking: options.booking.unwrap_or_default(),
            prior_weight: PRIOR_WEIGHT,
            level_periods: LEVEL_MONTHS,
            draws: options.draws,
            seed: options.seed,
        };
        StageChain::learn(&self.seen, &options)
    }

    pub(super) fn rows(&self, chain: &StageChain) -> Vec<StageRow> {
        let row = |&stage: &LifecycleStage| {
            let Estimate { value, interval } = chain.value(stage, OwnProfit::default());
            let at = stage.index();
            StageRow {
                stage,
                months: self.seen.periods[at],
                profit: chain.profit[at],
                value,
                interval,
                chances: chain.chances[at].to_vec(),
            }
        };
        LifecycleStage::ALL.iter().map(row).collect()
    }

    fn own(lived: &[(i64, LifecycleStage, f64)], chain: &StageChain) -> OwnProfit {
        let latest = &lived[lived.len().saturating_sub(OWN_MONTHS)..];
        OwnProfit {
            profit: latest.iter().map(|(.., profit)| profit).sum(),
            expected: latest.iter().map(|(_, stage, _)| chain.earning(*stage)).sum(),
        }
    }

    /// Each customer in its latest month.
    pub(super) fn score(&self, chain: &StageChain) -> (Vec<Column>, Vec<Score>) {
        let mut stages = Vec::with_capacity(self.ids.len());
        let mut scores = Vec::with_capacity(self.ids.len());
        for lived in &self.months {
            let stage = lived.last().map_or(LifecycleStage::Potential, |(_, stage, _)| *stage);
            let own = Self::own(lived, chain);
            let Estimate { value, interval } = chain.value(stage, own);
            stages.push(stage.code());
            scores.push(Score { value, interval, figures: vec![("level", chain.level(own))] });
        }
        let carried =
            vec![Column::infer("id".to_owned(), &self.ids), Column::infer("stage".to_owned(), &stages)];
        (carried, scores)
    }

    pub(super) fn mean_value(&self, chain: &StageChain) -> f64 {
        let (_, scores) = self.score(chain);
        scores.iter().map(|score| score.value).sum::<f64>() / scores.len().max(1) as f64
    }
}

fn profits(model: Model, frame: &Frame, options: &Options) -> Result<Vec<f64>, Problem> {
    if frame.column("profit").is_some() {
        return Ok(numbers(model, frame, "profit")?.to_vec());
    }
    if frame.column("revenue").is_none() {
        return Err(missing_columns(model, "profit"));
    }
    let revenue = numbers(model, frame, "revenue")?;
    let costs = frame.column("cost").map(|_| numbers(model, frame, "cost")).transpose()?;
    let cost = |row: usize| costs.map_or(0.0, |costs| costs[row]);
    Ok(revenue.iter().enumerate().map(|(row, revenue)| revenue * options.margin - cost(row)).collect())
}

/// The number of a row's month: they differ by one from month to month.
fn month(column: &Column, row: usize) -> Option<i64> {
    match &column.values {
        Values::Dates(days) => {
            let date = date::from_days(days[row] as i64).filter(|_| days[row].is_finite())?;
            Some(i64::from(Month::of(date).number()))
        }
        Values::Numbers(values) => {
            let value = Some(values[row]).filter(|value| value.is_finite() && value.fract() == 0.0)? as i64;
            let (year, month) = (value / 100, value % 100);
            let is_dated = (1900..=2100).contains(&year) && (1..=12).contains(&month);
            Some(if is_dated { year * 12 + month } else { value })
        }
        Values::Categories { .. } => None,
    }
}

//! What is asked of the models and what they answer, on a table of one's own.

use domain::{Message, Problem, ProblemKind};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::booking::{Booking, Convention};
use super::model::{Card, Model};
use super::stage_table::StageRow;
use super::transactions::TimeUnit;
use crate::frame::{Column, Frame, Values};
use crate::interval::Interval;

/// What a model is to assume where the table does not say it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// When payments are booked; as the model has it without.
    pub booking: Option<Booking>,
    /// Discount per year (per period of the cohort for sBG and BdW).
    pub discount: f64,
    /// Years looked ahead by the purchase models; for ever without, which BG/NBD takes a millisecond per customer
    /// to sum.
    pub horizon_years: Option<f64>,
    /// Share of an amount that is margin.
    pub margin: f64,
    /// Read the table as a log of purchases even if it could be one of customers.
    pub transactions: bool,
    /// The unit of `recency` and `T`, and of times from a log.
    pub unit: TimeUnit,
    /// The day as of which a log is read, days since 1970-01-01; its last day without.
    pub as_of: Option<i64>,
    /// Units of time for which purchases are foretold.
    pub ahead: f64,
    /// Draws for intervals.
    pub draws: usize,
    /// What the draws start from.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            booking: None,
            discount: 0.1,
            horizon_years: Some(5.0),
            margin: 1.0,
            transactions: false,
            unit: TimeUnit::default(),
            as_of: None,
            ahead: 52.0,
            draws: 1_000,
            seed: 42,
        }
    }
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitReport {
    /// Which.
    pub model: Model,
    /// Customers, or rows.
    pub n: usize,
    /// Parameters by their symbols; empty for a formula, whose parameters are the table.
    #[serde(serialize_with = "as_map")]
    pub params: Vec<(&'static str, f64)>,
    /// Standard errors of their logarithms, in the same order; empty where nothing settles them.
    #[serde(serialize_with = "as_map")]
    pub log_errors: Vec<(&'static str, f64)>,
    /// Log-likelihood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_likelihood: Option<f64>,
    /// Whether the fit settled.
    pub converged: bool,
    /// What else there is to say, by name.
    #[serde(flatten, serialize_with = "as_map")]
    pub figures: Vec<(&'static str, f64)>,
    /// The stages of a chain of stages; empty for other models.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageRow>,
    /// When payments are booked.
    pub booking: Convention,
    /// What the model assumes.
    #[serde(flatten)]
    pub card: Card,
    /// Keys of what the reader should know.
    pub notes: Vec<&'static str>,
}

/// The value of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Value, in the unit of the amounts.
    pub value: f64,
    /// Its interval, if what the value rests on says one. It is that of the expectation, not of what this one
    /// customer will do.
    pub interval: Option<Interval>,
    /// `p_alive`, `expected_purchases` and the like, as the model has them.
    pub figures: Vec<(&'static str, f64)>,
}

/// The values of a table's rows, with the columns that the model did not need.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreReport {
    /// Which model.
    pub model: Model,
    /// When payments are booked.
    pub booking: Convention,
    /// Keys of what the reader should know.
    pub notes: Vec<&'static str>,
    /// The columns carried through.
    pub carried: Vec<Column>,
    /// One per row.
    pub scores: Vec<Score>,
}

impl ScoreReport {
    /// The same as columns: those carried through, then value, interval and figures.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let column = |name: &str, of: &dyn Fn(&Score) -> Option<f64>| Column {
            name: name.to_owned(),
            values: Values::Numbers(self.scores.iter().map(|score| of(score).unwrap_or(f64::NAN)).collect()),
            misfits: 0,
        };
        let mut columns = self.carried.clone();
        columns.push(column("value", &|score| Some(score.value)));
        columns.push(column("low", &|score| score.interval.map(|interval| interval.low)));
        columns.push(column("high", &|score| score.interval.map(|interval| interval.high)));
        let figures = self.scores.first().map_or(&[][..], |score| &score.figures);
        for (place, (name, _)) in figures.iter().enumerate() {
            columns.push(column(name, &|score| score.figures.get(place).map(|(_, figure)| *figure)));
        }
        columns
    }
}

impl Serialize for ScoreReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("model", &self.model)?;
        map.serialize_entry("booking", &self.booking)?;
        map.serialize_entry("n", &self.scores.len())?;
        map.serialize_entry("notes", &self.notes)?;
        let rows: Vec<Row> = (0..self.scores.len()).map(|row| Row { report: self, row }).collect();
        map.serialize_entry("rows", &rows)?;
        map.end()
    }
}

struct Row<'a> {
    report: &'a ScoreReport,
    row: usize,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for column in &self.report.carried {
            map.serialize_entry(&column.name, &column.text(self.row))?;
        }
        let score = &self.report.scores[self.row];
        map.serialize_entry("value", &score.value)?;
        map.serialize_entry("low", &score.interval.map(|interval| interval.low))?;
        map.serialize_entry("high", &score.interval.map(|interval| interval.high))?;
        for (name, figure) in &score.figures {
            map.serialize_entry(name, figure)?;
        }
        map.end()
    }
}

fn as_map<S: Serializer>(pairs: &[(&'static str, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().copied())
}

/// The columns of a table that are not among these names.
pub(super) fn carried(frame: &Frame, used: &[&str]) -> Vec<Column> {
    frame.columns().iter().filter(|column| !used.contains(&column.name.as_str())).cloned().collect()
}

pub(super) fn missing_columns(model: Model, columns: &str) -> Problem {
    let message = Message::new("clv-problem-columns").with("columns", columns).with("model", model.name());
    Problem::new(ProblemKind::BadInput, message)
}

/// The numbers of a column.
///
/// # Errors
/// If it is missing or holds words.
pub(super) fn numbers<'a>(model: Model, frame: &'a Frame, name: &str) -> Result<&'a [f64], Problem> {
    let column = frame.column(name).ok_or_else(|| missing_columns(model, name))?;
    column.numbers().ok_or_else(|| {
        Problem::new(ProblemKind::BadInput, Message::new("clv-problem-numbers").with("column", name))
    })
}

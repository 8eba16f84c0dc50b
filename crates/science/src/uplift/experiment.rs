//! The experiment as it stands in a table: who was treated, who was left alone, who responded.

use domain::{Message, Problem, ProblemKind};

use super::qini::Outcome;
use crate::frame::{Column, Frame, Values};
use crate::table::column;

/// What to evaluate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Column and value of the customers on whom the play was used.
    pub treatment: (String, String),
    /// Column and value of the customers who were left alone.
    pub control: (String, String),
    /// The column with what was hoped for: of two values, the larger number or a word for yes counts as positive.
    pub outcome: String,
    /// Which value of the outcome counts as positive, where that is not plain.
    pub positive: Option<String>,
    /// Columns that are not to be used.
    pub drop: Vec<String>,
    /// Columns to be used though they look like consequences of the play or like identifiers.
    pub keep: Vec<String>,
    /// Of folds and of drawings with replacement.
    pub seed: u64,
}

/// The rows of both arms.
pub(super) struct Experiment {
    /// Places in the table.
    pub(super) rows: Vec<usize>,
    /// One per row.
    pub(super) outcomes: Vec<Outcome>,
    /// Rows of the arms whose outcome is not known.
    pub(super) unknown: usize,
}

/// An arm below this many customers, or with fewer positives or negatives than the second figure, teaches nothing.
const SMALLEST_ARM: usize = 100;
const FEWEST_OF_A_KIND: usize = 10;

impl Experiment {
    pub(super) fn read(frame: &Frame, options: &Options) -> Result<Self, Problem> {
        let treatment = column(frame, &options.treatment.0)?;
        let control = column(frame, &options.control.0)?;
        let outcome = column(frame, &options.outcome)?;
        let is_treated = members(treatment, &options.treatment.1, frame.rows())?;
        let is_control = members(control, &options.control.1, frame.rows())?;
        let both =
            is_treated.iter().zip(&is_control).filter(|&(&treated, &control)| treated && control).count();
        if both > 0 {
            return Err(bad(Message::new("problem-uplift-arms-overlap").with("count", both)));
        }
        let positive = positives(outcome, options.positive.as_deref())?;
        let mut experiment = Self { rows: Vec::new(), outcomes: Vec::new(), unknown: 0 };
        for row in 0..frame.rows() {
            if !is_treated[row] && !is_control[row] {
                continue;
            }
            match positive(row) {
                Some(positive) => {
                    experiment.rows.push(row);
                    experiment.outcomes.push(Outcome { treated: is_treated[row], positive });
                }
                None => experiment.unknown += 1,
            }
        }
        experiment.check(options)?;
        Ok(experiment)
    }

    /// Positives and size of an arm.
    pub(super) fn arm(&self, treated: bool) -> (usize, usize) {
        let arm = self.outcomes.iter().filter(|outcome| outcome.treated == treated);
        arm.fold((0, 0), |(positives, size), outcome| (positives + usize::from(outcome.positive), size + 1))
    }

    fn check(&self, options: &Options) -> Result<(), Problem> {
        let arms = [(true, &options.treatment), (false, &options.control)];
        for (treated, (column, value)) in arms {
            let size = self.arm(treated).1;
            if size < SMALLEST_ARM {
                let cause = Message::new("problem-uplift-arm-small")
                    .with("column", column.as_str())
                    .with("value", value.as_str())
                    .with("count", size)
                    .with("least", SMALLEST_ARM);
                return Err(bad(cause).hint(Message::new("hint-uplift-arm-small")));
            }
        }
        let positives = self.outcomes.iter().filter(|outcome| outcome.positive).count();
        if positives == 0 || positives == self.outcomes.len() {
            let cause = Message::new("problem-uplift-one-class").with("column", options.outcome.as_str());
            return Err(bad(cause).hint(Message::new("hint-uplift-one-class")));
        }
        for (treated, (column, value)) in arms {
            let (positives, size) = self.arm(treated);
            let fewest = positives.min(size - positives);
            if fewest < FEWEST_OF_A_KIND {
                let cause = Message::new("problem-uplift-rare")
                    .with("column", column.as_str())
                    .with("value", value.as_str())
                    .with("count", fewest)
                    .with("least", FEWEST_OF_A_KIND);
                return Err(bad(cause).hint(Message::new("hint-uplift-arm-small")));
            }
        }
        Ok(())
    }
}

pub(super) fn bad(cause: Message) -> Problem {
    Problem::new(ProblemKind::BadInput, cause)
}

/// Whether each row holds the value; a value that no row holds is a problem.
fn members(column: &Column, value: &str, rows: usize) -> Result<Vec<bool>, Problem> {
    let value = value.trim();
    let number: Option<f64> = value.parse().ok();
    let holds = |row: usize| match (&column.values, number) {
        (Values::Numbers(values), Some(number)) => values[row] == number,
        _ => column.text(row) == value,
    };
    let members: Vec<bool> = match &column.values {
        Values::Categories { codes, names } => {
            let code = names.iter().position(|name| name == value);
            codes.iter().map(|&found| code == Some(found as usize)).collect()
        }
        _ => (0..rows).map(holds).collect(),
    };
    if members.contains(&true) {
        return Ok(members);
    }
    let mut seen: Vec<String> = Vec::new();
    for row in 0..rows {
        let text = column.text(row);
        if !text.is_empty() && !seen.contains(&text) {
            seen.push(text);
        }
        if seen.len() == 8 {
            break;
        }
    }
    let cause =
        Message::new("problem-uplift-value").with("column", column.name.as_str()).with("value", value);
    Err(bad(cause).hint(Message::new("hint-uplift-value").with("values", seen.join(", "))))
}

type ByRow<'a> = Box<dyn Fn(usize) -> Option<bool> + 'a>;

fn positives<'a>(column: &'a Column, positive: Option<&'a str>) -> Result<ByRow<'a>, Problem> {
    if let Some(value) = positive {
        let is_positive = members(column, value, column.rows())?;
        return Ok(Box::new(move |row| (!column.text(row).is_empty()).then(|| is_positive[row])));
    }
    let many = || {
        let cause = Message::new("problem-uplift-outcome").with("column", column.name.as_str());
        bad(cause).hint(Message::new("hint-uplift-outcome"))
    };
    match &column.values {
        Values::Numbers(values) | Values::Dates(values) => {
            let mut seen: Vec<f64> = Vec::new();
            for &value in values.iter().filter(|value| value.is_finite()) {
                if !seen.contains(&value) {
                    seen.push(value);
                }
                if seen.len() > 2 {
                    return Err(many());
                }
            }
            // A lone value is positive unless it is nothing; that there is but one class is said later.
            let largest = seen.into_iter().fold(f64::NEG_INFINITY, f64::max);
            Ok(Box::new(move |row| values[row].is_finite().then(|| values[row] == largest && largest != 0.0)))
        }
        Values::Categories { codes, names } => {
            let yes = names.iter().position(|name| is_yes(name));
            match yes {
                Some(yes) if names.len() <= 2 => Ok(Box::new(move |row| {
                    names.get(codes[row] as usize).map(|_| codes[row] as usize == yes)
                })),
                _ => Err(many()),
            }
        }
    }
}

fn is_yes(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "yes" | "y" | "true" | "t" | "1" | "是" | "有" | "对")
}

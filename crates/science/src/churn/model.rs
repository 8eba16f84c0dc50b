//! A model that is kept: learnt once, written down, and asked later about other tables.

use domain::{Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use super::evaluate::MemberReport;
use super::{Options, Task, Warning, WarningKind};
use crate::frame::Frame;
use crate::learn::blend::{Blend, LeftOut};

/// Of the form in which models are written down.
const VERSION: u32 = 1;

/// A trained model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Of the form in which it is written down.
    version: u32,
    /// The column that said who left.
    pub target: String,
    /// What stood in it for those who left.
    pub positive: String,
    /// Rows learnt from.
    pub rows: usize,
    /// Of them, left.
    pub positives: usize,
    /// Seed of every drawing.
    pub seed: u64,
    /// What was mixed.
    pub members: Vec<MemberReport>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
    blend: Blend,
}

/// Probabilities of a table's rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// Of leaving, one per row.
    pub probabilities: Vec<f64>,
    /// What differs from the table learnt from.
    pub warnings: Vec<Warning>,
}

/// Why a row has its probability, in log-odds: `base`, each column's part and `calibration` sum to `log_odds`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reasons {
    /// What a row would have of which nothing is known.
    pub base: f64,
    /// What each column adds, the largest part first, whichever its sign.
    pub parts: Vec<(String, f64)>,
    /// What a staircase calibration adds.
    pub calibration: f64,
    /// The sum.
    pub log_odds: f64,
}

#[derive(Deserialize)]
struct Written {
    version: u32,
}

/// Learns from all rows.
///
/// # Errors
/// As [`Task::new`].
pub fn train(frame: &Frame, options: &Options) -> Result<Model, Problem> {
    Ok(train_and_judge(frame, options)?.0)
}

/// [`train`], and what was said on the way of rows that had been left out.
pub(crate) fn train_and_judge(frame: &Frame, options: &Options) -> Result<(Model, LeftOut), Problem> {
    let task = Task::new(frame, options)?;
    let (blend, left_out) = options.learner.fit_and_judge(task.lesson(frame, &task.rows), options.seed);
    let model = Model {
        version: VERSION,
        target: options.target.clone(),
        positive: options.positive.clone(),
        rows: task.rows.len(),
        positives: task.positives(),
        seed: options.seed,
        members: MemberReport::of(&blend),
        warnings: task.warnings,
        blend,
    };
    Ok((model, left_out))
}

impl Model {
    /// Written down.
    ///
    /// # Errors
    /// Never with numbers that training gives.
    pub fn to_json(&self) -> Result<String, Problem> {
        serde_json::to_string(self).map_err(Problem::internal)
    }

    /// Read again.
    ///
    /// # Errors
    /// When it is no model or one of another version.
    pub fn from_json(text: &str) -> Result<Self, Problem> {
        let damaged = |error: serde_json::Error| {
            let cause = Message::new("problem-churn-model").with("error", error.to_string());
            Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-churn-model")).because(error)
        };
        let written: Written = serde_json::from_str(text).map_err(damaged)?;
        if written.version != VERSION {
            let cause = Message::new("problem-churn-model-version")
                .with("found", i64::from(written.version))
                .with("wanted", i64::from(VERSION));
            return Err(Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-churn-model")));
        }
        serde_json::from_str(text).map_err(damaged)
    }

    /// Probability of leaving of each row. Columns that are not there and words never seen count as unknown and as
    /// "another"; both are said.
    #[must_use]
    pub fn score(&self, frame: &Frame) -> Scored {
        let rows: Vec<usize> = (0..frame.rows()).collect();
        let mut warnings = Vec::new();
        let lacking = self.blend.encoder().lacking(frame);
        if !lacking.is_empty() {
            let count = lacking.len();
            warnings.push(Warning::about(WarningKind::LackingColumns, lacking, count));
        }
        let (columns, counts): (Vec<String>, Vec<usize>) =
            self.blend.encoder().unseen(frame).into_iter().unzip();
        if !columns.is_empty() {
            warnings.push(Warning::about(WarningKind::UnseenCategories, columns, counts.iter().sum()));
        }
        Scored { probabilities: self.blend.probabilities(&self.blend.design(frame, &rows)), warnings }
    }

    /// What it tells by.
    pub(crate) const fn blend(&self) -> &Blend {
        &self.blend
    }

    /// Why some rows have their probability.
    #[must_use]
    pub fn explain(&self, frame: &Frame, rows: &[usize]) -> Vec<Reasons> {
        let names: Vec<&str> = self.blend.encoder().names().collect();
        let design = self.blend.design(frame, rows);
        (0..rows.len())
            .map(|row| {
                let explanation = self.blend.explain(&design, row);
                let mut parts: Vec<(String, f64)> =
                    names.iter().map(|&name| name.to_owned()).zip(explanation.parts).collect();
                parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
                Reasons {
                    base: explanation.base,
                    parts,
                    calibration: explanation.calibration,
                    log_odds: explanation.log_odds,
                }
            })
            .collect()
    }
}

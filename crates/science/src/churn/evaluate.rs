//! How well leaving can be told in advance: every row judged by a model that never saw it.

use domain::{Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use super::{Options, Task, Warning};
use crate::frame::Frame;
use crate::learn::blend::{Blend, Learner, Member};
use crate::learn::calibration::Calibration;
use crate::learn::metrics::{self, CalibrationBin};

/// One in so many rows is what people can look at, unless they say.
const CAPACITY: usize = 20;

/// A mean over folds and their sample standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MeanAndDeviation {
    /// Mean.
    pub mean: f64,
    /// Sample standard deviation; 0 of one fold.
    pub sd: f64,
}

/// The figures. All but `auc` are over all judged rows together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Rows judged.
    pub n: usize,
    /// Of them, left.
    pub positives: usize,
    /// Columns learnt from.
    pub features: Vec<String>,
    /// What was learnt with.
    pub learner: Learner,
    /// Seed of every drawing.
    pub seed: u64,
    /// Area under the ROC curve, over folds.
    pub auc: MeanAndDeviation,
    /// Average precision.
    pub pr_auc: f64,
    /// Mean squared error of the probabilities.
    pub brier: f64,
    /// Mean negative log-likelihood, nats.
    pub log_loss: f64,
    /// Mean distance between said and happened over ten bins of equal count.
    pub calibration_error: f64,
    /// Positives in the highest tenth over those in all.
    pub top_decile_lift: f64,
    /// Cases that people can look at.
    pub capacity: usize,
    /// Share of those cases that did leave, the likeliest looked at first.
    pub precision_at_capacity: f64,
    /// The bins of the calibration error.
    pub calibration: Vec<CalibrationBin>,
    /// Each fold.
    pub folds: Vec<FoldReport>,
    /// Rows that stand several times, beyond the first.
    pub duplicated_rows: usize,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// A fold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoldReport {
    /// Rows learnt from.
    pub trained: usize,
    /// Rows judged.
    pub judged: usize,
    /// Of them, left.
    pub positives: usize,
    /// None with one class only.
    pub auc: Option<f64>,
    /// What was mixed.
    pub members: Vec<MemberReport>,
    /// `platt` or `isotonic`.
    pub calibration: String,
}

/// One of the models that were mixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberReport {
    /// `logistic` or `boosting`.
    pub kind: String,
    /// Its weight; they sum to 1.
    pub weight: f64,
    /// Trees; none of a logistic.
    pub trees: Option<usize>,
}

impl MemberReport {
    /// What a blend is mixed from.
    #[must_use]
    pub fn of(blend: &Blend) -> Vec<Self> {
        let report = |(weight, member): &(f64, Member)| match member {
            Member::Additive(_) => Self { kind: "logistic".into(), weight: *weight, trees: None },
            Member::Boosted(model) => {
                Self { kind: "boosting".into(), weight: *weight, trees: Some(model.len()) }
            }
        };
        blend.members().iter().map(report).collect()
    }
}

/// Learns on all folds but one and judges on that one, in turn.
///
/// # Errors
/// As [`Task::new`] and [`Task::splits`], and when no split leaves rows of both classes on both sides.
pub fn evaluate(frame: &Frame, options: &Options) -> Result<Report, Problem> {
    let task = Task::new(frame, options)?;
    let mut said = Vec::new();
    let mut happened = Vec::new();
    let mut folds = Vec::new();
    for split in task.splits(frame, options)? {
        let learnt = |row: &&usize| task.outcomes[**row];
        if split.train.iter().all(|row| learnt(&row)) || !split.train.iter().any(|row| learnt(&row)) {
            continue;
        }
        let blend = options.learner.fit(task.lesson(frame, &split.train), options.seed);
        let probabilities = blend.probabilities(&blend.design(frame, &split.test));
        let outcomes: Vec<bool> = split.test.iter().map(|&row| task.outcomes[row]).collect();
        folds.push(FoldReport {
            trained: split.train.len(),
            judged: split.test.len(),
            positives: outcomes.iter().filter(|&&outcome| outcome).count(),
            auc: metrics::auc(&probabilities, &outcomes),
            members: MemberReport::of(&blend),
            calibration: match blend.calibration() {
                Calibration::Platt { .. } => "platt".into(),
                Calibration::Isotonic { .. } => "isotonic".into(),
            },
        });
        said.extend(probabilities);
        happened.extend(outcomes);
    }
    let aucs: Vec<f64> = folds.iter().filter_map(|fold| fold.auc).collect();
    let (mean, sd) = metrics::mean_and_deviation(&aucs);
    let (Some(pr_auc), Some(top_decile_lift), false) =
        (metrics::pr_auc(&said, &happened), metrics::top_decile_lift(&said, &happened), aucs.is_empty())
    else {
        let cause = Message::new("problem-churn-nothing-judged");
        return Err(
            Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-churn-nothing-judged"))
        );
    };
    let capacity = options.capacity.unwrap_or(said.len().div_ceil(CAPACITY)).clamp(1, said.len());
    let duplicates = task.warnings.iter().find(|warning| warning.kind == super::WarningKind::Duplicates);
    Ok(Report {
        n: said.len(),
        positives: happened.iter().filter(|&&outcome| outcome).count(),
        learner: options.learner,
        seed: options.seed,
        auc: MeanAndDeviation { mean, sd },
        pr_auc,
        brier: metrics::brier(&said, &happened),
        log_loss: metrics::log_loss(&said, &happened),
        calibration_error: metrics::calibration_error(&said, &happened),
        top_decile_lift,
        capacity,
        precision_at_capacity: metrics::precision_at(&said, &happened, capacity).unwrap_or_default(),
        calibration: metrics::calibration(&said, &happened),
        folds,
        duplicated_rows: duplicates.map_or(0, |warning| warning.count),
        features: task.features,
        warnings: task.warnings,
    })
}

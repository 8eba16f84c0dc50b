//! How satisfied members are who were never asked, learnt from those who answered.
//!
//! Ordinal by the cuts between labels (Frank & Hall 2001): one probability per cut, none above the one before.

use std::sync::Arc;

use domain::{Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use crate::churn::{self, MeanAndDeviation, Warning};
use crate::frame::{Column, Frame, UNKNOWN, Values};
use crate::learn::blend::{Learner, LeftOut};
use crate::learn::design::{Design, Encoder};

pub use domain::satisfaction::SatisfactionLabel as Label;

const CUTS: [f64; 3] = Label::CUTS;
/// The middle of the scores of each label, 1 to 10.
const MIDDLES: [f64; 4] = [3.5, 7.0, 8.0, 9.5];
/// A column that orders the answers better than this is another question of the same survey.
const LEAK: f64 = 0.97;
/// What stands in the place of the score while one cut is learnt.
const BELOW: &str = "below";
const ABOVE: &str = "above";

/// What to learn, and how to judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The column of scores, from 1 to 5 or from 0 or 1 to 10; empty for those who were not asked.
    pub score: String,
    /// The highest score there is: 5 or 10; found from the answers if none.
    pub scale: Option<u8>,
    /// Columns not to be used, such as other questions of the same survey.
    pub drop: Vec<String>,
    /// Use columns that give the answer away.
    pub allow_leaks: bool,
    /// Parts that take turns at being judged.
    pub folds: u8,
    /// Of every drawing by lot.
    pub seed: u64,
    /// What to learn with.
    pub learner: Learner,
}

/// The figures, on rows that answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Members who answered.
    pub n: usize,
    /// Of them, dissatisfied.
    pub dissatisfied: usize,
    /// The highest score there is.
    pub scale: u8,
    /// Dissatisfied against the others, over folds; that a value is missing may count.
    pub auc: MeanAndDeviation,
    /// The same with unknown cells drawn by lot from the known ones, so that missing says nothing. Far below
    /// `auc`, the gaps in the data tell the answer, perhaps only by how they were collected.
    pub auc_without_missing: MeanAndDeviation,
    /// Average precision.
    pub pr_auc: f64,
    /// Mean squared error of the probability of being dissatisfied.
    pub brier: f64,
    /// As in churn.
    pub calibration_error: f64,
    /// As in churn.
    pub top_decile_lift: f64,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// A trained model: one per cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    cuts: Vec<Cut>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Cut {
    /// Of being at or below it.
    Learnt(Box<churn::Model>),
    /// Nobody who answered lies between this cut and the one before.
    AsBefore,
    /// All lie on one side: the probability of being at or below.
    Always(f64),
}

/// What is thought of one member.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Satisfaction {
    /// Probability of each label, from the lowest.
    pub probabilities: [f64; 4],
    /// Expected score, 1 to 10.
    pub score: f64,
    /// The label of which the member has the median chance.
    pub label: Label,
    /// What each column adds to the log-odds of being dissatisfied, largest first; empty if no cut was learnt there.
    pub reasons: Vec<(String, f64)>,
}

impl Options {
    /// The defaults: five folds, seed 42.
    #[must_use]
    pub fn new(score: &str) -> Self {
        Self {
            score: score.to_owned(),
            scale: None,
            drop: Vec::new(),
            allow_leaks: false,
            folds: 5,
            seed: 42,
            learner: Learner::default(),
        }
    }

    fn churn(&self) -> churn::Options {
        churn::Options {
            drop: self.drop.clone(),
            folds: self.folds,
            seed: self.seed,
            leak_above: LEAK,
            allow_leaks: self.allow_leaks,
            learner: self.learner,
            ..churn::Options::new(&self.score, BELOW)
        }
    }
}

/// Scores on the scale of 10 (1 and the highest stay the ends), unknown as NaN, and the scale that they came from.
fn scores(frame: &Frame, options: &Options) -> Result<(Vec<f64>, u8), Problem> {
    let refuse = |key, hint| {
        let cause = Message::new(key).with("column", options.score.clone());
        Problem::new(ProblemKind::BadInput, cause).hint(Message::new(hint))
    };
    let column = frame.column(&options.score);
    let Some(Column { values: Values::Numbers(values), .. }) = column else {
        return Err(refuse("problem-satisfaction-no-score", "hint-satisfaction-no-score"));
    };
    let known = || values.iter().copied().filter(|value| value.is_finite());
    let highest = known().fold(0.0, f64::max);
    let scale = options.scale.unwrap_or(if highest <= 5.0 { 5 } else { 10 });
    if !matches!(scale, 5 | 10) || highest > f64::from(scale) || known().any(|value| value < 0.0) {
        return Err(refuse("problem-satisfaction-scale", "hint-satisfaction-scale"));
    }
    let stretch = if scale == 5 { 9.0 / 4.0 } else { 1.0 };
    Ok((values.iter().map(|value| 1.0 + (value - 1.0) * stretch).collect(), scale))
}

/// That some who answered are dissatisfied and some are not.
fn check(scores: &[f64], column: &str) -> Result<(), Problem> {
    let answered = scores.iter().filter(|score| score.is_finite()).count();
    let dissatisfied = scores.iter().filter(|score| **score <= CUTS[0]).count();
    let (key, hint) = match dissatisfied {
        _ if answered == 0 => ("problem-satisfaction-nobody", "hint-satisfaction-no-score"),
        0 => ("problem-satisfaction-none", "hint-satisfaction-one-side"),
        some if some == answered => ("problem-satisfaction-all", "hint-satisfaction-one-side"),
        _ => return Ok(()),
    };
    let cause = Message::new(key).with("column", column).with("count", answered);
    Err(Problem::new(ProblemKind::BadInput, cause).hint(Message::new(hint)))
}

/// What is wrong with a table that churn would be learnt from, said of answers.
fn of_answers(mut problem: Problem) -> Problem {
    let (key, hint) = match problem.cause.key {
        "problem-churn-leak" => ("problem-churn-leak", "hint-satisfaction-leak"),
        "problem-churn-folds" => ("problem-satisfaction-folds", "hint-satisfaction-folds"),
        _ => return problem,
    };
    problem.cause.key = key;
    problem.hint(Message::new(hint))
}

/// The table with the score replaced by which side of a cut it lies on.
fn at_cut(frame: &Frame, score: &str, scores: &[f64], cut: f64) -> Frame {
    let side = |score: &f64| if score.is_nan() { UNKNOWN } else { u32::from(*score > cut) };
    let values = Values::Categories {
        codes: scores.iter().map(side).collect(),
        names: vec![BELOW.to_owned(), ABOVE.to_owned()],
    };
    frame.clone().with(Column { name: score.to_owned(), values, misfits: 0 })
}

/// How well dissatisfied members are told who were not learnt from.
///
/// # Errors
/// Without a column of scores of 5 or 10, and as [`churn::evaluate`].
pub fn evaluate(frame: &Frame, options: &Options) -> Result<Report, Problem> {
    let (scores, scale) = scores(frame, options)?;
    let table = at_cut(frame, &options.score, &scores, CUTS[0]);
    check(&scores, &options.score)?;
    let report = churn::evaluate(&table, &options.churn()).map_err(of_answers)?;
    let answered = at_cut(&frame.clone().filled(options.seed), &options.score, &scores, CUTS[0]);
    let without = churn::evaluate(&answered, &options.churn()).map_err(of_answers)?;
    Ok(Report {
        n: report.n,
        dissatisfied: report.positives,
        scale,
        auc: report.auc,
        auc_without_missing: without.auc,
        pr_auc: report.pr_auc,
        brier: report.brier,
        calibration_error: report.calibration_error,
        top_decile_lift: report.top_decile_lift,
        warnings: report.warnings,
    })
}

/// Learns from all who answered.
///
/// # Errors
/// Without a column of scores of 5 or 10, when nobody is dissatisfied or everybody is, and as [`churn::train`].
pub fn train(frame: &Frame, options: &Options) -> Result<Model, Problem> {
    Ok(train_and_judge(frame, options)?.0)
}

/// [`train`], and what was said on the way of those who had been left out: whether they are dissatisfied.
pub(crate) fn train_and_judge(frame: &Frame, options: &Options) -> Result<(Model, LeftOut), Problem> {
    let (scores, _) = scores(frame, options)?;
    check(&scores, &options.score)?;
    let below = |cut: f64| scores.iter().filter(|score| **score <= cut).count();
    let answered = scores.iter().filter(|score| score.is_finite()).count();
    let mut cuts = Vec::new();
    let mut judged = None;
    for (place, &cut) in CUTS.iter().enumerate() {
        if place > 0 && below(cut) == below(CUTS[place - 1]) {
            cuts.push(Cut::AsBefore);
        } else if place > 0 && below(cut) == answered {
            cuts.push(Cut::Always(1.0));
        } else {
            let table = at_cut(frame, &options.score, &scores, cut);
            let (model, left_out) = churn::train_and_judge(&table, &options.churn()).map_err(of_answers)?;
            judged.get_or_insert(left_out);
            cuts.push(Cut::Learnt(Box::new(model)));
        }
    }
    let judged = judged.ok_or_else(|| Problem::internal("no cut was learnt"))?;
    Ok((Model { cuts }, judged))
}

impl Model {
    /// What is thought of each row, whether it answered or not.
    #[must_use]
    pub fn score(&self, frame: &Frame) -> Vec<Satisfaction> {
        let asked = self.ask(frame);
        let told = asked.at_most().into_iter().enumerate();
        let largest = |mut parts: Vec<(&str, f64)>| {
            parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect()
        };
        told.map(|(row, at_most)| Satisfaction::of(at_most, largest(asked.parts(row)))).collect()
    }

    /// Reads a table, once for all that is asked of it.
    #[must_use]
    pub fn ask(&self, frame: &Frame) -> Asked<'_> {
        let rows: Vec<usize> = (0..frame.rows()).collect();
        let mut cuts: Vec<(&Cut, Option<Arc<Design>>)> = Vec::with_capacity(self.cuts.len());
        // Cuts were learnt from the same rows: as a rule they read them alike.
        let mut last: Option<(&Encoder, Arc<Design>)> = None;
        for cut in self.cuts.iter().take(CUTS.len()) {
            let Cut::Learnt(model) = cut else {
                cuts.push((cut, None));
                continue;
            };
            let encoder = model.blend().encoder();
            let design = match &last {
                Some((before, design)) if *before == encoder => Arc::clone(design),
                _ => Arc::new(encoder.design(frame, &rows)),
            };
            last = Some((encoder, Arc::clone(&design)));
            cuts.push((cut, Some(design)));
        }
        Asked { rows: frame.rows(), cuts }
    }
}

/// A table as a model reads it.
#[derive(Debug)]
pub struct Asked<'a> {
    rows: usize,
    cuts: Vec<(&'a Cut, Option<Arc<Design>>)>,
}

impl<'a> Asked<'a> {
    /// The expected score of each row, 1 to 10.
    #[must_use]
    pub fn expected(&self) -> Vec<f64> {
        self.at_most().into_iter().map(|at_most| expected(probabilities(at_most))).collect()
    }

    /// The probability of each row to be dissatisfied.
    #[must_use]
    pub fn dissatisfied(&self) -> Vec<f64> {
        self.at_most().into_iter().map(|[dissatisfied, ..]| dissatisfied).collect()
    }

    /// What each column adds to the log-odds of a row's being dissatisfied; empty if no cut was learnt there.
    #[must_use]
    pub fn parts(&self, row: usize) -> Vec<(&'a str, f64)> {
        self.parts_at(self.cuts.first(), row)
    }

    /// What each column adds to the log-odds of a row's lying above the cuts, over all that were learnt: of few who are
    /// very satisfied the last cut alone tells little.
    #[must_use]
    pub fn parts_of_delight(&self, row: usize) -> Vec<(&'a str, f64)> {
        let mut all =
            self.cuts.iter().map(|cut| self.parts_at(Some(cut), row)).filter(|parts| !parts.is_empty());
        let Some(mut sums) = all.next() else { return Vec::new() };
        for parts in all {
            sums.iter_mut().zip(parts).for_each(|((_, sum), (_, part))| *sum += part);
        }
        sums.into_iter().map(|(name, part)| (name, -part)).collect()
    }

    fn parts_at(&self, cut: Option<&(&'a Cut, Option<Arc<Design>>)>, row: usize) -> Vec<(&'a str, f64)> {
        match cut {
            Some((Cut::Learnt(model), Some(design))) => {
                let blend = model.blend();
                blend.encoder().names().zip(blend.explain(design, row).parts).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Probability of each row to lie at or below each cut.
    fn at_most(&self) -> Vec<[f64; 3]> {
        let mut at_most: Vec<[f64; 3]> = vec![[0.0; 3]; self.rows];
        for (place, (cut, design)) in self.cuts.iter().enumerate() {
            let learnt = match (cut, design) {
                (Cut::Learnt(model), Some(design)) => Some(model.blend().probabilities(design)),
                _ => None,
            };
            for (row, at_most) in at_most.iter_mut().enumerate() {
                let before = if place == 0 { 0.0 } else { at_most[place - 1] };
                at_most[place] = match (cut, &learnt) {
                    (Cut::Always(probability), _) => *probability,
                    (_, Some(probabilities)) => probabilities[row].max(before),
                    _ => before,
                };
            }
        }
        at_most
    }
}

/// Of each label, from those of lying at or below each cut.
fn probabilities([low, middle, high]: [f64; 3]) -> [f64; 4] {
    [low, middle - low, high - middle, 1.0 - high]
}

/// The expected score, 1 to 10.
fn expected(probabilities: [f64; 4]) -> f64 {
    probabilities.iter().zip(MIDDLES).map(|(probability, middle)| probability * middle).sum()
}

impl Satisfaction {
    fn of(at_most: [f64; 3], reasons: Vec<(String, f64)>) -> Self {
        let probabilities = probabilities(at_most);
        let label = Label::ALL[at_most.iter().filter(|&&probability| probability < 0.5).count()];
        Self { probabilities, score: expected(probabilities), label, reasons }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_the_scale_of_ten() {
        assert_eq!(Label::of(6.0), Label::Dissatisfied);
        assert_eq!([7.0, 8.0, 9.0].map(Label::of), [Label::Neutral, Label::Satisfied, Label::VerySatisfied]);
    }

    #[test]
    fn a_scale_of_five_is_stretched_onto_ten() {
        let cells = ["1", "3", "4", "5", ""].map(str::to_owned).to_vec();
        let frame = Frame::from_text(vec![("score".into(), cells)]);
        let (scores, scale) = scores(&frame, &Options::new("score")).expect("scores");
        assert_eq!((&scores[..4], scale), ([1.0, 5.5, 7.75, 10.0].as_slice(), 5));
        assert!(scores[4].is_nan());
        assert_eq!(Label::of(scores[2]), Label::Satisfied);
    }

    #[test]
    fn the_label_is_where_half_the_chance_is_reached() {
        let told = |at_most| Satisfaction::of(at_most, Vec::new());
        assert_eq!(told([0.6, 0.7, 0.8]).label, Label::Dissatisfied);
        assert_eq!(told([0.1, 0.2, 0.3]).label, Label::VerySatisfied);
        let sure = told([0.0, 0.0, 0.0]);
        assert!(
            (sure.score - 9.5).abs() < 1e-12 && (sure.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12
        );
    }
}

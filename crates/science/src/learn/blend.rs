//! The default learner: curves and trees, each tried on rows left out, mixed as fits those rows best.

use serde::{Deserialize, Serialize};

use super::additive::{Additive, Splines};
use super::boosting::{Boosted, Trees};
use super::calibration::{Calibration, probability};
use super::design::{Design, Encoder};
use super::folds::{Split, splits, stratified};
use super::metrics::log_loss;
use super::parallel;
use crate::frame::Frame;

/// Rows up to which every row takes its turn among the left out; above, one share is left out once.
const ROWS_FOR_FOLDS: usize = 20_000;
const FOLDS: u8 = 5;
/// One in so many rows is left out when one share is.
const HELD_OUT: u8 = 10;
/// Steps of the weights that are tried.
const STEPS: usize = 10;

const STIFFNESS: [f64; 3] = [0.003, 0.03, 0.3];
const SHALLOW: Trees = Trees {
    rounds: 800,
    depth: 2,
    leaves: 4,
    rate: 0.06,
    rows: 0.7,
    columns: 0.5,
    ridge: 1.0,
    least_curvature: 0.2,
    patience: 80,
    stride: 10,
};
const DEEP: Trees = Trees { rounds: 500, depth: 4, leaves: 16, rate: 0.1, patience: 60, ..SHALLOW };
const LARGE: Trees = Trees { rounds: 200, depth: 6, leaves: 31, rate: 0.13, patience: 20, ..SHALLOW };

/// What may be learnt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// Curves alone: every reason can be drawn.
    Logistic,
    /// Curves of one stiffness, a third of the work: for what is learnt again and again.
    Curves,
    /// Trees alone.
    Boosting,
    /// Curves and trees, mixed.
    #[default]
    Blend,
}

/// Rows of a frame to learn from.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'a> {
    /// The table.
    pub frame: &'a Frame,
    /// The columns to learn from.
    pub names: &'a [String],
    /// The rows to learn from.
    pub rows: &'a [usize],
    /// One per row of the frame.
    pub outcomes: &'a [bool],
    /// One per row of the frame: rows of a group are never apart.
    pub groups: &'a [usize],
}

/// One of the models that are mixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Member {
    /// A sum of curves.
    Additive(Additive),
    /// A sum of trees.
    Boosted(Boosted),
}

/// A fitted mixture with its calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    encoder: Encoder,
    members: Vec<(f64, Member)>,
    calibration: Calibration,
}

/// What was said of rows that had been left out, and what they were.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// By models that never saw the row, calibrated without its fold.
    pub probabilities: Vec<f64>,
    /// What the rows were.
    pub outcomes: Vec<bool>,
    /// From 0.
    pub fold_of: Vec<u8>,
    /// Which rows of the table.
    pub rows: Vec<usize>,
}

impl LeftOut {
    fn new(scores: &[f64], outcomes: Vec<bool>, fold_of: Vec<u8>, rows: Vec<usize>) -> Self {
        let mut probabilities = vec![0.0; scores.len()];
        for fold in 0..fold_of.iter().max().map_or(0, |&last| last + 1) {
            let (others, known): (Vec<f64>, Vec<bool>) = (0..scores.len())
                .filter(|&row| fold_of[row] != fold)
                .map(|row| (scores[row], outcomes[row]))
                .unzip();
            let calibration = Calibration::platt(&others, &known);
            for row in (0..scores.len()).filter(|&row| fold_of[row] == fold) {
                probabilities[row] = probability(calibration.log_odds(scores[row]));
            }
        }
        Self { probabilities, outcomes, fold_of, rows }
    }
}

/// Why a row has the log-odds that it has; everything in log-odds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// What a row would have of which nothing is known.
    pub base: f64,
    /// What each column adds, in the encoder's order (Shapley values).
    pub parts: Vec<f64>,
    /// What a staircase calibration adds; 0 with a straight one.
    pub calibration: f64,
    /// Their sum.
    pub log_odds: f64,
}

/// A way to make a member.
#[derive(Debug, Clone, Copy)]
enum Recipe {
    Splines(Splines),
    Trees(Trees),
}

/// What a recipe said about rows left out, by row of the lesson.
struct Tried {
    recipe: Recipe,
    log_odds: Vec<f64>,
    model: Option<Member>,
}

impl Learner {
    /// Learns; the same seed gives the same model, however many cores there are.
    #[must_use]
    pub fn fit(self, lesson: Lesson, seed: u64) -> Blend {
        self.fit_and_judge(lesson, seed).0
    }

    /// Learns, and gives what was said on the way of rows that had been left out.
    #[must_use]
    pub fn fit_and_judge(self, lesson: Lesson, seed: u64) -> (Blend, LeftOut) {
        let of_row = |all: &[usize]| lesson.rows.iter().map(|&row| all[row]).collect::<Vec<_>>();
        let outcomes: Vec<bool> = lesson.rows.iter().map(|&row| lesson.outcomes[row]).collect();
        let large = outcomes.len() > ROWS_FOR_FOLDS;
        let folds = if large { HELD_OUT } else { FOLDS };
        let fold_of = stratified(&outcomes, &of_row(lesson.groups), folds, seed);
        let mut splits = splits(&fold_of);
        splits.truncate(if large { 1 } else { usize::from(FOLDS) });
        let judged: Vec<usize> = splits.iter().flat_map(|split| split.test.iter().copied()).collect();
        let tried = self.tries(lesson, &outcomes, &splits, large, seed);
        let known: Vec<bool> = judged.iter().map(|&row| outcomes[row]).collect();
        let said: Vec<Vec<f64>> =
            tried.iter().map(|tried| judged.iter().map(|&row| tried.log_odds[row]).collect()).collect();
        let weights = best_weights(&said, &known);
        let mixed: Vec<f64> = (0..judged.len())
            .map(|place| weights.iter().zip(&said).map(|(weight, said)| weight * said[place]).sum())
            .collect();
        let judged_folds: Vec<u8> = if large {
            stratified(&known, &(0..known.len()).collect::<Vec<_>>(), FOLDS, seed)
        } else {
            judged.iter().map(|&row| fold_of[row]).collect()
        };
        let calibration = Calibration::choose(&mixed, &known, &judged_folds);
        let of_table = judged.iter().map(|&row| lesson.rows[row]).collect();
        let left_out = LeftOut::new(&mixed, known, judged_folds, of_table);
        let chosen = tried.into_iter().zip(weights).filter(|(_, weight)| *weight > 0.0);
        if large {
            let rows: Vec<usize> =
                splits.iter().flat_map(|split| &split.train).map(|&row| lesson.rows[row]).collect();
            let (encoder, _) = Encoder::fit(lesson.frame, lesson.names, &rows, lesson.outcomes, seed);
            let members = chosen.filter_map(|(tried, weight)| Some((weight, tried.model?))).collect();
            return (Blend { encoder, members, calibration }, left_out);
        }
        let (encoder, design) = Encoder::fit(lesson.frame, lesson.names, lesson.rows, lesson.outcomes, seed);
        let refit = |(tried, weight): (Tried, f64)| (weight, tried.recipe.fit(&design, &outcomes, seed));
        let members = parallel::map(chosen.collect(), refit);
        (Blend { encoder, members, calibration }, left_out)
    }

    fn recipes(self, large: bool) -> Vec<Recipe> {
        let splines = STIFFNESS.map(|stiffness| Recipe::Splines(Splines { stiffness }));
        let splines = if large || self == Self::Curves { &splines[1..2] } else { &splines[..] };
        let trees: &[Trees] = if large { &[LARGE] } else { &[SHALLOW, DEEP] };
        let mut recipes = Vec::new();
        if self != Self::Boosting {
            recipes.extend(splines);
        }
        if !matches!(self, Self::Logistic | Self::Curves) {
            recipes.extend(trees.iter().copied().map(Recipe::Trees));
        }
        recipes
    }

    /// Every recipe on every split; of the curves only the best stiffness is kept, of trees the best count.
    fn tries(
        self,
        lesson: Lesson,
        outcomes: &[bool],
        splits: &[Split],
        large: bool,
        seed: u64,
    ) -> Vec<Tried> {
        let encode = |split: &Split| {
            let rows = |places: &[usize]| places.iter().map(|&place| lesson.rows[place]).collect::<Vec<_>>();
            let (encoder, train) =
                Encoder::fit(lesson.frame, lesson.names, &rows(&split.train), lesson.outcomes, seed);
            (train, encoder.design(lesson.frame, &rows(&split.test)))
        };
        let designs = parallel::map(splits.iter().collect(), encode);
        let known = |places: &[usize]| places.iter().map(|&place| outcomes[place]).collect::<Vec<_>>();
        let recipes = self.recipes(large);
        let work: Vec<(Recipe, usize)> =
            recipes.iter().flat_map(|&recipe| (0..splits.len()).map(move |split| (recipe, split))).collect();
        let results = parallel::map(work, |(recipe, at)| {
            let (train, test) = &designs[at];
            recipe.stages(train, &known(&splits[at].train), test, &known(&splits[at].test), seed)
        });
        let mut tried = Vec::new();
        for (recipe, stages) in recipes.into_iter().zip(results.chunks(splits.len().max(1))) {
            tried.extend(recipe.judged(stages, splits, outcomes));
        }
        keep_best_curves(tried, splits, outcomes)
    }
}

fn loss_on(splits: &[Split], outcomes: &[bool], log_odds: &[f64]) -> f64 {
    let rows = || splits.iter().flat_map(|split| split.test.iter().copied());
    let said: Vec<f64> = rows().map(|row| probability(log_odds[row])).collect();
    log_loss(&said, &rows().map(|row| outcomes[row]).collect::<Vec<_>>())
}

fn keep_best_curves(tried: Vec<Tried>, splits: &[Split], outcomes: &[bool]) -> Vec<Tried> {
    let (curves, mut others): (Vec<_>, Vec<_>) =
        tried.into_iter().partition(|tried| matches!(tried.recipe, Recipe::Splines(_)));
    let loss = |tried: &Tried| loss_on(splits, outcomes, &tried.log_odds);
    let best = curves.into_iter().min_by(|a, b| loss(a).total_cmp(&loss(b)));
    others.splice(0..0, best);
    others
}

/// Log-odds of left-out rows after each stage, and the model of all stages.
struct Stages {
    log_odds: Vec<Vec<f64>>,
    model: Member,
}

impl Recipe {
    fn stages(
        self,
        train: &Design,
        outcomes: &[bool],
        test: &Design,
        test_outcomes: &[bool],
        seed: u64,
    ) -> Stages {
        match self {
            Self::Splines(splines) => {
                let fitted = splines.fit(train, outcomes);
                Stages { log_odds: vec![fitted.log_odds(test)], model: Member::Additive(fitted) }
            }
            Self::Trees(trees) => {
                let staged = trees.fit_watching(train, outcomes, test, test_outcomes, seed);
                Stages { log_odds: staged.log_odds, model: Member::Boosted(staged.model) }
            }
        }
    }

    /// The number of stages that does best over all splits together; none if nothing was learnt.
    fn judged(self, stages: &[Stages], splits: &[Split], outcomes: &[bool]) -> Option<Tried> {
        let reached = stages.iter().map(|stages| stages.log_odds.len()).min()?;
        let at = |stage: usize| {
            let mut log_odds = vec![0.0; outcomes.len()];
            for (stages, split) in stages.iter().zip(splits) {
                for (&row, value) in split.test.iter().zip(&stages.log_odds[stage]) {
                    log_odds[row] = *value;
                }
            }
            log_odds
        };
        let judge = |stage| (loss_on(splits, outcomes, &at(stage)), stage);
        let (_, stage) = (0..reached).map(judge).min_by(|a, b| a.0.total_cmp(&b.0))?;
        let (recipe, model) = match (self, &stages.first()?.model) {
            (Self::Splines(_), model) => (self, model.clone()),
            (Self::Trees(trees), Member::Boosted(model)) => {
                let rounds = (stage + 1) * trees.stride;
                (Self::Trees(Trees { rounds, ..trees }), Member::Boosted(model.clone().first(rounds)))
            }
            (Self::Trees(_), model) => (self, model.clone()),
        };
        let model = (stages.len() == 1).then_some(model);
        Some(Tried { recipe, log_odds: at(stage), model })
    }

    fn fit(self, design: &Design, outcomes: &[bool], seed: u64) -> Member {
        match self {
            Self::Splines(splines) => Member::Additive(splines.fit(design, outcomes)),
            Self::Trees(trees) => Member::Boosted(trees.fit(design, outcomes, seed)),
        }
    }
}

/// Weights that sum to 1 with the least loss, in tenths.
fn best_weights(said: &[Vec<f64>], outcomes: &[bool]) -> Vec<f64> {
    let mut grid: Vec<Vec<usize>> = vec![Vec::new()];
    for place in 0..said.len() {
        let extend = |weights: &Vec<usize>| {
            let left = STEPS - weights.iter().sum::<usize>();
            let least = if place + 1 == said.len() { left } else { 0 };
            (least..=left).map(|weight| weights.iter().copied().chain([weight]).collect()).collect::<Vec<_>>()
        };
        grid = grid.iter().flat_map(extend).collect();
    }
    let loss = |weights: Vec<usize>| {
        let weights: Vec<f64> = weights.into_iter().map(|weight| weight as f64 / STEPS as f64).collect();
        let mixed: Vec<f64> = (0..outcomes.len())
            .map(|row| probability(weights.iter().zip(said).map(|(weight, said)| weight * said[row]).sum()))
            .collect();
        (log_loss(&mixed, outcomes), weights)
    };
    let tried = parallel::map(grid, loss);
    tried.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, weights)| weights).unwrap_or_default()
}

impl Member {
    fn log_odds(&self, design: &Design) -> Vec<f64> {
        match self {
            Self::Additive(model) => model.log_odds(design),
            Self::Boosted(model) => model.log_odds(design),
        }
    }

    fn explain(&self, design: &Design, row: usize, weight: f64, parts: &mut [f64]) -> f64 {
        match self {
            Self::Additive(model) => model.explain(design, row, weight, parts),
            Self::Boosted(model) => model.explain(design, row, weight, parts),
        }
    }
}

impl Blend {
    /// How cells are read.
    #[must_use]
    pub const fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// The models with their weights.
    #[must_use]
    pub fn members(&self) -> &[(f64, Member)] {
        &self.members
    }

    /// How scores become probabilities.
    #[must_use]
    pub const fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Rows of a frame as it reads them.
    #[must_use]
    pub fn design(&self, frame: &Frame, rows: &[usize]) -> Design {
        self.encoder.design(frame, rows)
    }

    /// Probability of each row.
    #[must_use]
    pub fn probabilities(&self, design: &Design) -> Vec<f64> {
        self.scores(design).into_iter().map(|score| probability(self.calibration.log_odds(score))).collect()
    }

    /// Weighted log-odds of the members before calibration.
    fn scores(&self, design: &Design) -> Vec<f64> {
        let mut scores = vec![0.0; design.rows()];
        for (weight, member) in &self.members {
            for (score, value) in scores.iter_mut().zip(member.log_odds(design)) {
                *score += weight * value;
            }
        }
        scores
    }

    /// Why a row has its probability.
    #[must_use]
    pub fn explain(&self, design: &Design, row: usize) -> Explanation {
        let mut parts = vec![0.0; design.columns().len()];
        let bases =
            self.members.iter().map(|(weight, member)| member.explain(design, row, *weight, &mut parts));
        let base: f64 = bases.sum();
        let score = base + parts.iter().sum::<f64>();
        let log_odds = self.calibration.log_odds(score);
        match self.calibration {
            Calibration::Platt { intercept, slope } => {
                parts.iter_mut().for_each(|part| *part *= slope);
                Explanation { base: intercept + slope * base, parts, calibration: 0.0, log_odds }
            }
            Calibration::Isotonic { .. } => {
                Explanation { base, parts, calibration: log_odds - score, log_odds }
            }
        }
    }
}

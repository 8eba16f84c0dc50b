//! The parameters of the model, and how they are learnt from the base.

use domain::Month;
use domain::rules::Rules;
use serde::{Deserialize, Serialize};

use super::{Judgement, Observation, State};

/// All parameters for one month and one set of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {}

/// What is learnt from the base, month by month, without labels: whole-numbered sums, so that the order of
/// adding and merging does not matter. The default has seen nothing; its model is the prior of the rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Learner {}

/// How far a month's usage lies above what was expected, over the base and by industry: the season.
/// Counts only, so that the order of adding and merging does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tide {}

impl Learner {
    /// The model for the next month under these rules: what the rules expect, moved by what was seen.
    #[must_use]
    pub fn model(&self, _rules: &Rules) -> Model {
        Model {}
    }

    /// Learns from one judged customer-month.
    pub fn add(&mut self, _judgement: &Judgement) {}

    /// Takes over what another has learnt since it was new.
    pub fn merge(&mut self, _other: &Self) {}

    /// Takes in the season of a month, before the month is judged. Again with the same month replaces it.
    pub fn note_tide(&mut self, _month: Month, _tide: &Tide) {}
}

impl Tide {
    /// Counts a customer in, before its month is judged. `model` knows the months before only.
    pub fn add(&mut self, _model: &Model, _state: &State, _observation: &Observation) {}

    /// Counts in what another counted.
    pub fn merge(&mut self, _other: &Self) {}
}

//! Members of a month to learn from: those who answered in it, and the same few of all others every month.

use std::collections::BTreeMap;

use domain::Month;

use super::features::Features;

/// Some members of a month, sorted by member.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemberSample {
    /// Ids.
    pub members: Vec<i64>,
    /// What they answered, 1 to 10; not a number where they did not.
    pub scores: Vec<f32>,
    /// Whether they are among those whose leaving is learnt from.
    pub watched: Vec<bool>,
    /// What was known of them by then.
    pub features: Vec<Features>,
}

impl MemberSample {
    /// How many answered.
    #[must_use]
    pub fn answers(&self) -> usize {
        self.scores.iter().filter(|score| score.is_finite()).count()
    }

    /// Takes the rows of others in.
    pub fn append(&mut self, mut other: Self) {
        self.members.append(&mut other.members);
        self.scores.append(&mut other.scores);
        self.watched.append(&mut other.watched);
        self.features.append(&mut other.features);
    }

    /// Only those who answered.
    #[must_use]
    pub fn only_answers(&self) -> Self {
        let mut answers = Self::default();
        for row in (0..self.members.len()).filter(|&row| self.scores[row].is_finite()) {
            answers.members.push(self.members[row]);
            answers.scores.push(self.scores[row]);
            answers.watched.push(false);
            answers.features.push(self.features[row]);
        }
        answers
    }
}

/// What became of members, as the records tell it at the end of a month.
pub struct Past<'a> {
    /// By month.
    pub samples: &'a BTreeMap<Month, MemberSample>,
    /// The month in which a member left, if it has by then.
    pub left: &'a dyn Fn(i64) -> Option<Month>,
    /// A member's plan, 0 if unknown.
    pub plan: &'a dyn Fn(i64) -> u16,
    /// Names of plans.
    pub plans: &'a [String],
}

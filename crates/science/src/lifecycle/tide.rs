//! What a month did to everyone alike: the season, over the base and by industry.

use domain::Month;
use serde::{Deserialize, Serialize};

use super::{Model, Observation, State};

/// Half the bins: surprises from −2 to 2 (log).
const REACH: i32 = 100;
const BINS: usize = 2 * REACH as usize + 1;
const STEP: f32 = 0.02;
/// Customers that the base's season weighs within an industry, and no season within the base.
const BASE_WEIGHT: f32 = 8.0;
const NONE_WEIGHT: f32 = 12.0;
/// A month in which less than this share of the served has usage was not handed over.
const DELIVERED: f64 = 0.01;

/// How far a month's usage lies above what was expected, by industry. Counts only, so that the order of
/// adding and merging does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tide {
    groups: Vec<Option<Box<[u32; BINS]>>>,
    served: u64,
    active: u64,
}

/// The season of one month, as it is carried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Season {
    /// The month.
    pub month: Month,
    /// Whether usage of this month was handed over at all.
    pub delivered: bool,
    /// For industries not seen (log).
    pub base: f32,
    /// By industry (log).
    pub groups: Vec<(u8, f32)>,
}

impl Tide {
    /// Counts a customer in, before its month is judged. `model` knows the months before only.
    pub fn add(&mut self, model: &Model, state: &State, observation: &Observation) {
        if !observation.served() || !state.belief.is_live() {
            return;
        }
        self.served += 1;
        let Some(usage) = observation.usage.filter(|&usage| usage > 0.0) else {
            return;
        };
        self.active += 1;
        let Some(expected) = model.expected_level(state, observation.month) else {
            return;
        };
        let surprise = usage.ln() as f32 - expected;
        let bin = ((surprise / STEP).round() as i32).clamp(-REACH, REACH) + REACH;
        let group = usize::from(observation.industry);
        if self.groups.len() <= group {
            self.groups.resize(group + 1, None);
        }
        self.groups[group].get_or_insert_with(|| Box::new([0; BINS]))[bin as usize] += 1;
    }

    /// Counts in what another counted.
    pub fn merge(&mut self, other: &Self) {
        self.served += other.served;
        self.active += other.active;
        if self.groups.len() < other.groups.len() {
            self.groups.resize(other.groups.len(), None);
        }
        for (mine, theirs) in self.groups.iter_mut().zip(&other.groups) {
            let Some(theirs) = theirs else { continue };
            let mine = mine.get_or_insert_with(|| Box::new([0; BINS]));
            for (mine, theirs) in mine.iter_mut().zip(theirs.iter()) {
                *mine += theirs;
            }
        }
    }

    pub(super) fn season(&self, month: Month) -> Season {
        let mut all = [0; BINS];
        for group in self.groups.iter().flatten() {
            for (sum, count) in all.iter_mut().zip(group.iter()) {
                *sum += count;
            }
        }
        let shrunk = |counts: &[u32; BINS], toward: f32, weight: f32| {
            let count = counts.iter().sum::<u32>() as f32;
            (count * median(counts) + weight * toward) / (count + weight)
        };
        let base = shrunk(&all, 0.0, NONE_WEIGHT);
        let known =
            self.groups.iter().enumerate().filter_map(|(group, counts)| Some((group, counts.as_ref()?)));
        Season {
            month,
            delivered: self.active as f64 >= DELIVERED * self.served as f64,
            base,
            groups: known.map(|(group, counts)| (group as u8, shrunk(counts, base, BASE_WEIGHT))).collect(),
        }
    }
}

/// The median, linear within its bin.
fn median(counts: &[u32; BINS]) -> f32 {
    let total: u32 = counts.iter().sum();
    let half = total as f32 / 2.0;
    let mut below = 0.0;
    for (bin, &count) in counts.iter().enumerate() {
        let count = count as f32;
        if count > 0.0 && below + count >= half {
            let within = (half - below) / count - 0.5;
            return (bin as f32 - REACH as f32 + within) * STEP;
        }
        below += count;
    }
    0.0
}

//! Lifetime value against what came: models learn from the months up to one, foretell each customer's profit of the
//! months after it, and are compared by customer group. No model sees a month that it foretells.

mod candidates;
mod figures;
mod panel;

use domain::customer::CustomerCategory;
use domain::rules::Value;
use domain::{Arg, Message, Month};
use serde::{Deserialize, Serialize};

use self::candidates::{Known, foretell};
use self::figures::{Told, test};
use self::panel::Cut;
use crate::interval::Interval;
use crate::learn::parallel;

pub use candidates::Candidate;
pub use panel::{Relation, RelationMonth};

/// Months held out, where there are enough.
const MOST_AHEAD: usize = 12;
/// Months held out at least.
const LEAST_AHEAD: usize = 3;
/// Months known at least.
const LEAST_PAST: usize = 6;
/// Months that a back-test looks at: two years known, one held out.
pub const MONTHS: usize = 36;
/// Customers of a group at least.
const FEWEST: usize = 30;
/// Tenths of the foretold.
const PARTS: usize = 10;

/// How lifetime values did on months held out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueTest {
    /// Months there are, and needed at least.
    pub months: [usize; 2],
    /// Which months were foretold; none if there are too few.
    pub held_out: Option<HeldOutMonths>,
    /// Candidates that found too little to learn from, or nothing that they fit.
    pub unfit: Vec<Candidate>,
    /// All customers, then each group.
    pub groups: Vec<GroupTest>,
}

/// The months held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldOutMonths {
    /// The last month known.
    pub known_to: Month,
    /// The last month foretold.
    pub last: Month,
    /// How many were foretold.
    pub months: usize,
}

/// How the candidates did on a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupTest {
    /// Which; none for all customers.
    pub group: Option<CustomerCategory>,
    /// Customers with revenue in the year before.
    pub customers: usize,
    /// What came per customer, yuan.
    pub came: f64,
    /// What is recommended and why.
    pub verdict: Verdict,
    /// Every candidate, the smallest error first; empty without a comparison.
    pub candidates: Vec<CandidateTest>,
}

/// What is recommended for a group, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Verdict {
    /// Too few customers to compare.
    TooFew {
        /// How many are needed.
        needed: usize,
    },
    /// Nobody brought anything.
    NothingCame,
    /// The one in use has the smallest error.
    InUse {
        /// The second.
        second: Candidate,
    },
    /// Another has a smaller error, but within noise: the one in use stays.
    WithinNoise {
        /// The one with the smallest error.
        best: Candidate,
    },
    /// Another is better beyond noise.
    Better {
        /// Which.
        model: Candidate,
    },
    /// Another is better than the one in use beyond noise, though not the best: it is simpler, and the difference
    /// is noise.
    Simpler {
        /// Which.
        model: Candidate,
        /// The one with the smallest error.
        best: Candidate,
    },
}

/// How a candidate did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidateTest {
    /// Which.
    pub model: Candidate,
    /// Root of the summed squared error over the summed squares of what came: 1 for a model that says nothing of
    /// anyone. What is smallest here is recommended.
    pub error: f64,
    /// The error of the one in use less this one's, with its 95 % range; none for the one in use.
    pub better_by: Option<Interval>,
    /// Foretold over came, less 1.
    pub total_error: f64,
    /// Mean distance of foretold from came, over the mean size of what came.
    pub absolute_error: f64,
    /// Spearman's rank correlation of foretold and came.
    pub rank_correlation: Option<f64>,
    /// Share of customers for whom what came lies within the interval.
    pub coverage: Option<f64>,
    /// From the lowest foretold to the highest, in parts of equal count.
    pub calibration: Vec<Tenth>,
}

/// A tenth of the customers by what was foretold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tenth {
    /// Customers.
    pub customers: usize,
    /// Mean foretold, yuan.
    pub foretold: f64,
    /// Mean that came, yuan.
    pub came: f64,
    /// Its 95 % range.
    pub range: Interval,
}

impl ValueTest {
    /// Compares the candidates on the last months of a panel, all of them on the same customers.
    #[must_use]
    pub fn run(relations: &[Relation], rules: &Value) -> Self {
        let months = relations.iter().flat_map(|relation| relation.months.iter().map(|month| month.month));
        let (first, last) = months.fold((None::<Month>, None::<Month>), |(first, last), month| {
            (Some(first.map_or(month, |first| first.min(month))), last.max(Some(month)))
        });
        let (Some(first), Some(last)) = (first, last) else {
            return Self::too_short(0);
        };
        let first = first.max(last - (MONTHS as i32 - 1));
        match Cut::of(first, last, LEAST_AHEAD, MOST_AHEAD) {
            Some(cut) => Self::of(relations, cut, rules),
            None => Self::too_short(usize::try_from(last - first + 1).unwrap_or_default()),
        }
    }

    fn too_short(months: usize) -> Self {
        let months = [months, LEAST_PAST + LEAST_AHEAD];
        Self { months, held_out: None, unfit: Vec::new(), groups: Vec::new() }
    }

    fn of(relations: &[Relation], cut: Cut, rules: &Value) -> Self {
        let tested: Vec<(&Relation, Known<'_>)> = relations
            .iter()
            .filter_map(|relation| Some((relation, Known::of(cut.past(relation))?)))
            .collect();
        let came: Vec<f64> = tested.iter().map(|(relation, _)| cut.came(relation)).collect();
        let categories: Vec<CustomerCategory> =
            tested.iter().map(|(relation, _)| relation.category).collect();
        let known: Vec<Known<'_>> = tested.into_iter().map(|(_, known)| known).collect();
        let mut unfit = Vec::new();
        let mut told: Vec<Told> = Vec::new();
        let foretold = parallel::map(Candidate::ALL.to_vec(), |candidate| {
            (candidate, foretell(candidate, &known, cut.ahead, rules))
        });
        for (candidate, values) in foretold {
            match values {
                Ok(values) if values.iter().all(|one| one.value.is_finite()) => {
                    told.push((candidate, values))
                }
                _ => unfit.push(candidate),
            }
        }
        let group = |group: Option<CustomerCategory>| {
            let rows: Vec<usize> =
                (0..came.len()).filter(|&row| group.is_none_or(|group| categories[row] == group)).collect();
            test(group, &rows, &told, &came)
        };
        let groups = CustomerCategory::ALL.iter().copied().map(Some);
        let groups = parallel::map(std::iter::once(None).chain(groups).collect(), group);
        let months = usize::try_from(cut.last() - cut.first + 1).unwrap_or_default();
        Self {
            months: [months, LEAST_PAST + LEAST_AHEAD],
            held_out: Some(HeldOutMonths { known_to: cut.known_to, last: cut.last(), months: cut.ahead }),
            unfit,
            groups: groups.into_iter().filter(|test| test.group.is_none() || test.customers > 0).collect(),
        }
    }
}

impl GroupTest {
    /// The model recommended; none without a comparison.
    #[must_use]
    pub const fn recommended(&self) -> Option<Candidate> {
        match self.verdict {
            Verdict::TooFew { .. } | Verdict::NothingCame => None,
            Verdict::InUse { .. } | Verdict::WithinNoise { .. } => Some(Candidate::IN_USE),
            Verdict::Better { model } | Verdict::Simpler { model, .. } => Some(model),
        }
    }

    /// How a candidate did.
    #[must_use]
    pub fn candidate(&self, model: Candidate) -> Option<&CandidateTest> {
        self.candidates.iter().find(|test| test.model == model)
    }

    /// Why, in words.
    #[must_use]
    pub fn reason(&self) -> Message {
        let error = |model| Arg::Share(self.candidate(model).map_or(f64::NAN, |test| test.error));
        let range = |message: Message, model| {
            let better_by = self.candidate(model).and_then(|test| test.better_by);
            let Interval { low, high } = better_by.unwrap_or(Interval { low: 0.0, high: 0.0 });
            message.with("low", Arg::Share(low)).with("high", Arg::Share(high))
        };
        match self.verdict {
            Verdict::TooFew { needed } => {
                Message::new("value-test-too-few").with("customers", self.customers).with("needed", needed)
            }
            Verdict::NothingCame => Message::new("value-test-nothing-came").with("customers", self.customers),
            Verdict::InUse { second } => Message::new("value-test-in-use")
                .with("error", error(Candidate::IN_USE))
                .with("second", Arg::Key(second.text_key()))
                .with("second_error", error(second)),
            Verdict::WithinNoise { best } => range(
                Message::new("value-test-within-noise")
                    .with("error", error(Candidate::IN_USE))
                    .with("best", Arg::Key(best.text_key()))
                    .with("best_error", error(best)),
                best,
            ),
            Verdict::Better { model } => range(
                Message::new("value-test-better")
                    .with("model", Arg::Key(model.text_key()))
                    .with("error", error(model))
                    .with("in_use_error", error(Candidate::IN_USE)),
                model,
            ),
            Verdict::Simpler { model, best } => range(
                Message::new("value-test-simpler")
                    .with("model", Arg::Key(model.text_key()))
                    .with("error", error(model))
                    .with("best", Arg::Key(best.text_key()))
                    .with("best_error", error(best))
                    .with("in_use_error", error(Candidate::IN_USE)),
                model,
            ),
        }
    }
}

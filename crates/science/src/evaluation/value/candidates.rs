//! The models that are tried: each learns from the months known alone and foretells each customer's profit of the
//! months ahead, undiscounted.

use std::collections::HashMap;

use domain::rules::Value;
use domain::{LifecycleStage, Money, Problem};
use serde::{Deserialize, Serialize};

use super::panel::RelationMonth;
use crate::clv::Model;
use crate::clv::booking::{Booking, retention_value};
use crate::clv::cohort::{Cohort, Survivors};
use crate::clv::estimate::{Estimate, around_log, by_parameters};
use crate::clv::markov::Learnt;
use crate::clv::purchases::{Customer, GammaGamma, Kind, Process, Purchases, Spender};
use crate::clv::recency::Recency;
use crate::interval::Interval;
use crate::lifecycle::State;
use crate::outlook::ChainLearner;

/// A model that is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Candidate {
    /// Tenure's chain of stages: the model in use.
    #[serde(rename = "stage_chain")]
    StageChain,
    /// The profit of the last year goes on.
    #[serde(rename = "last_year")]
    LastYear,
    /// A constant share stays, a constant margin.
    #[serde(rename = "retention")]
    Retention,
    /// The chance to buy depends on the months since the last purchase.
    #[serde(rename = "pfeifer-carraway")]
    Recency,
    /// Shifted-beta-geometric survival, a constant margin.
    #[serde(rename = "sbg")]
    Sbg,
    /// BG/NBD with Gamma-Gamma, over months with revenue.
    #[serde(rename = "bg-nbd")]
    BgNbd,
}

impl Candidate {
    /// All of them: the one in use, then the simplest first.
    pub const ALL: [Self; 6] =
        [Self::StageChain, Self::LastYear, Self::Retention, Self::Recency, Self::Sbg, Self::BgNbd];
    /// What the product tells values by.
    pub const IN_USE: Self = Self::StageChain;

    /// The key of its name in words.
    #[must_use]
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::StageChain => "value-model-stage_chain",
            Self::LastYear => "value-model-last_year",
            Self::Retention => Model::Retention.text_key(),
            Self::Recency => Model::PfeiferCarraway.text_key(),
            Self::Sbg => Model::Sbg.text_key(),
            Self::BgNbd => Model::BgNbd.text_key(),
        }
    }
}

/// A customer by the end of the months known.
pub(super) struct Known<'a> {
    months: &'a [RelationMonth],
    state: State,
    /// Mean monthly profit of the last year, as far back as the first revenue, yuan.
    profit: f64,
    /// Its standard error.
    profit_error: f64,
}

impl<'a> Known<'a> {
    /// A customer that the product would tell a value of: one with revenue in the year before.
    pub fn of(months: &'a [RelationMonth]) -> Option<Self> {
        let state = months.iter().fold(State::default(), |mut state, month| {
            state.relive(month.month, month.stage, month.revenue, month.cost);
            state
        });
        state.revenue_level()?;
        let since = months.iter().position(RelationMonth::bought)?;
        let year: Vec<f64> =
            months[since..].iter().rev().take(State::YEAR).map(RelationMonth::profit).collect();
        let count = year.len() as f64;
        let mean = year.iter().sum::<f64>() / count;
        let squares: f64 = year.iter().map(|profit| (profit - mean).powi(2)).sum();
        let error = if year.len() > 1 { (squares / (count - 1.0) / count).sqrt() } else { mean.abs() };
        Some(Self { months, state, profit: mean, profit_error: error })
    }

    fn is_served(&self) -> bool {
        self.months.last().is_some_and(|month| month.stage.is_served())
    }

    /// What `months` of its profit are worth: doubt about the months and about the profit, which do not depend on
    /// each other.
    fn worth(&self, months: Estimate) -> Estimate {
        let value = months.value * self.profit;
        let interval = months.interval.map(|range| {
            let of_months = (range.high - range.low) / 2.0 * self.profit.abs();
            let of_profit = 1.96 * self.profit_error * months.value;
            let reach = of_months.hypot(of_profit);
            Interval { low: value - reach, high: value + reach }
        });
        Estimate { value, interval }
    }

    /// Months since the first with revenue, 0 for that one.
    fn age(&self) -> usize {
        self.months.iter().position(RelationMonth::bought).map_or(0, |first| self.months.len() - 1 - first)
    }

    /// Months since the last with revenue, 0 for this one.
    fn recency(&self) -> usize {
        self.months.iter().rev().position(RelationMonth::bought).unwrap_or(self.months.len())
    }
}

/// What each customer will bring in `ahead` months, by a model that learns from all of them.
///
/// # Errors
/// If there is too little, or nothing, to learn from.
pub(super) fn foretell(
    candidate: Candidate,
    known: &[Known<'_>],
    ahead: usize,
    rules: &Value,
) -> Result<Vec<Estimate>, Problem> {
    match candidate {
        Candidate::StageChain => by_stage_chain(known, ahead, rules),
        Candidate::LastYear => {
            Ok(known.iter().map(|one| Estimate::certain(one.profit * ahead as f64)).collect())
        }
        Candidate::Retention => by_retention(known, ahead),
        Candidate::Recency => by_recency(known, ahead, rules),
        Candidate::Sbg => by_survival(known, ahead),
        Candidate::BgNbd => by_purchases(known, ahead),
    }
}

fn by_stage_chain(known: &[Known<'_>], ahead: usize, rules: &Value) -> Result<Vec<Estimate>, Problem> {
    let mut learner = ChainLearner::default();
    for one in known {
        let mut state = State::default();
        for month in one.months {
            state.relive(month.month, month.stage, month.revenue, month.cost);
            learner.add(&state);
        }
    }
    let rules = Value { horizon_months: ahead as u16, discount: 0.0, ..rules.clone() };
    let chain = learner.chain(&rules).ok_or_else(nothing_to_learn)?;
    let value = |one: &Known<'_>| {
        let value = chain.value(&one.state)?;
        let interval = Interval { low: value.low.yuan(), high: value.high.yuan() };
        Some(Estimate { value: value.amount.yuan(), interval: Some(interval) })
    };
    known.iter().map(|one| value(one).ok_or_else(nothing_to_learn)).collect()
}

fn by_retention(known: &[Known<'_>], ahead: usize) -> Result<Vec<Estimate>, Problem> {
    let (mut there, mut stayed) = (0.0, 0.0);
    for pair in known.iter().flat_map(|one| one.months.windows(2)) {
        if pair[0].stage.is_served() {
            there += 1.0;
            stayed += f64::from(u8::from(pair[1].stage.is_served()));
        }
    }
    if there == 0.0 {
        return Err(nothing_to_learn());
    }
    // Half a month of staying and of leaving before anything is seen, so that nobody stays for sure.
    let share: f64 = (stayed + 0.5) / (there + 1.0);
    let reach = 1.96 * (share * (1.0 - share) / there).sqrt();
    let months =
        |share: f64| retention_value(1.0, share.clamp(0.0, 1.0), 0.0, Some(ahead), Booking::FirstExcluded);
    let interval = Interval { low: months(share - reach), high: months(share + reach) };
    let stay = Estimate { value: months(share), interval: Some(interval) };
    Ok(known.iter().map(|one| if one.is_served() { one.worth(stay) } else { one.worth(LOST) }).collect())
}

/// Nothing more is to come.
const LOST: Estimate = Estimate { value: 0.0, interval: Some(Interval { low: 0.0, high: 0.0 }) };

/// Customers at risk below which a tail of the survival curve says nothing.
const FEWEST_AT_RISK: usize = 20;

fn by_survival(known: &[Known<'_>], ahead: usize) -> Result<Vec<Estimate>, Problem> {
    // Months watched until each left, or so far: Kaplan and Meier's curve of those who may leave at any age.
    let lives: Vec<(usize, bool)> = known.iter().filter_map(|one| life(one.months)).collect();
    let longest = lives.iter().map(|&(months, _)| months).max().unwrap_or_default();
    let mut left_by = vec![0_usize; longest + 1];
    let mut ended_by = vec![0_usize; longest + 1];
    for &(months, left) in &lives {
        ended_by[months] += 1;
        left_by[months] += usize::from(left);
    }
    let mut at_risk = lives.len();
    let mut survivors = vec![lives.len() as f64];
    for age in 1..=longest {
        at_risk -= ended_by[age - 1];
        if at_risk < FEWEST_AT_RISK {
            break;
        }
        let left = left_by[age] as f64 / at_risk as f64;
        survivors.push(survivors[age - 1] * (1.0 - left));
    }
    let cohort = Cohort::fit_sbg(&Survivors::new(survivors)?);
    let mut by_age: HashMap<usize, Estimate> = HashMap::new();
    let mut stay = |age: usize| {
        *by_age.entry(age).or_insert_with(|| {
            let parameters = [cohort.alpha, cohort.beta, cohort.c];
            by_parameters(parameters, cohort.covariance.as_ref(), |&[alpha, beta, c]| {
                let cohort = Cohort { alpha, beta, c, ..cohort };
                let now = cohort.survival(age as f64);
                (1..=ahead).map(|month| cohort.survival((age + month) as f64) / now).sum()
            })
        })
    };
    Ok(known
        .iter()
        .map(|one| match life(one.months) {
            Some((age, false)) => one.worth(stay(age)),
            _ => one.worth(LOST),
        })
        .collect())
}

/// Months served after the first of them, and whether the relation then ended; none if it never began.
fn life(months: &[RelationMonth]) -> Option<(usize, bool)> {
    let from = months.iter().position(|month| month.stage.is_served())?;
    let end = months[from..].iter().position(|month| month.stage == LifecycleStage::Termination);
    Some(end.map_or((months.len() - 1 - from, false), |months| (months, true)))
}

/// Months without a purchase after which a customer is a former one.
const LONGEST_PAUSE: usize = 12;
const DRAWS: usize = 100;
const SEED: u64 = 1;

fn by_recency(known: &[Known<'_>], ahead: usize, rules: &Value) -> Result<Vec<Estimate>, Problem> {
    let former = known.iter().map(|one| one.months.len()).max().unwrap_or_default().min(LONGEST_PAUSE);
    let mut counts = vec![vec![0.0; former + 1]; former + 1];
    for one in known {
        let mut since = None;
        for month in one.months {
            let next = if month.bought() { Some(0) } else { since.map(|since: usize| since + 1) };
            if let (Some(since), Some(next)) = (since, next)
                && since < former
            {
                counts[since][next] += 1.0;
            }
            since = next;
        }
    }
    let may = |from: usize, to: usize| if from == former { to == former } else { to == 0 || to == from + 1 };
    let learnt = Learnt::from_counts(&counts, may, rules.prior_weight);
    let chances = learnt.chances()[..former].iter().map(|row| row[0]).collect();
    let recency = Recency { chances, contribution: 1.0, marketing: 0.0, discount: 0.0 };
    let rewards = recency.rewards();
    let values = learnt.values(&rewards, 0.0, Some(ahead), DRAWS, SEED).ok_or_else(nothing_to_learn)?;
    Ok(known
        .iter()
        .map(|one| {
            let state = one.recency().min(former);
            let (value, Interval { low, high }) = values[state];
            // The purchase just made is not to come.
            let made = rewards[state];
            let to_come = Estimate {
                value: value - made,
                interval: Some(Interval { low: low - made, high: high - made }),
            };
            let bought = f64::from(one.state.frequency_12m().max(1));
            let year = one.months.len().min(State::YEAR).min(one.age() + 1) as f64;
            // What a month with a purchase brings: the year's profit over such months.
            let each = year / bought;
            one.worth(to_come.times(each))
        })
        .collect())
}

fn by_purchases(known: &[Known<'_>], ahead: usize) -> Result<Vec<Estimate>, Problem> {
    let customers: Vec<Customer> = known
        .iter()
        .map(|one| {
            let bought = one.months.iter().filter(|month| month.bought()).count();
            let age = one.age();
            Customer {
                frequency: bought.saturating_sub(1) as f64,
                recency: age.saturating_sub(one.recency()) as f64,
                age: age as f64,
            }
        })
        .collect();
    let spenders: Vec<Spender> =
        known.iter().zip(&customers).map(|(one, customer)| spender(one, customer)).collect();
    let process = Process::fit(Kind::BgNbd, &Purchases::new(&customers)?);
    let spend = GammaGamma::fit(&spenders)?;
    let sum = |of: fn(&State) -> Money| known.iter().map(|one| of(&one.state)).sum::<Money>().yuan();
    // Amounts are revenue: one margin for all, since that of one customer can be anything where revenue is small.
    let margin = sum(State::profit_12m) / sum(State::revenue_12m);
    let ahead = ahead as f64;
    let mut alike: HashMap<[u64; 3], (f64, Option<f64>)> = HashMap::new();
    Ok(customers
        .iter()
        .zip(&spenders)
        .map(|(customer, spender)| {
            let key = [customer.frequency, customer.recency, customer.age].map(f64::to_bits);
            let (to_come, variance) = *alike.entry(key).or_insert_with(|| {
                let expected = |process: &Process| process.expected(customer, ahead);
                (expected(&process), process.log_variance(expected))
            });
            let variance = variance.zip(spend.log_variance(spender)).map(|(a, b)| a + b);
            let revenue = around_log(to_come * spend.expected(spender), variance);
            revenue.times(margin)
        })
        .collect())
}

/// Mean revenue of the months with revenue after the first.
fn spender(one: &Known<'_>, customer: &Customer) -> Spender {
    let repeats = one.months.iter().filter(|month| month.bought()).skip(1);
    let spent: f64 = repeats.map(|month| month.revenue.unwrap_or(Money::ZERO).yuan()).sum();
    Spender {
        frequency: customer.frequency,
        mean: if customer.frequency > 0.0 { spent / customer.frequency } else { 0.0 },
    }
}

fn nothing_to_learn() -> Problem {
    use domain::{Message, ProblemKind};
    Problem::new(ProblemKind::BadInput, Message::new("clv-problem-no-stages"))
}

//! The rules file: every threshold and parameter, with unit and default, overridable per province.
//!
//! The shipped defaults are `rules.toml` beside this crate; an operator's own file names only what differs:
//!
//! ```toml
//! [star]
//! revenue_12m_yuan = [0, 20_000, 100_000, 500_000, 2_000_000]
//!
//! [province.GD.star]
//! revenue_12m_yuan = [0, 50_000, 200_000, 800_000, 3_000_000]
//! ```

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::outlook::{ExitCause, RiskBand};
use crate::satisfaction::MemberBands;
use crate::segment::{BuyingFactor, IctNeed};
use crate::sign_in::SignIn;

/// The shipped defaults.
pub const DEFAULT: &str = include_str!("../rules.toml");

/// All rules that hold for one set of customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The plain threshold rules for stages.
    pub naive: Naive,
    /// The lifecycle model.
    pub lifecycle: Lifecycle,
    /// The star rating.
    pub star: Star,
    /// The worklist.
    pub today: Today,
    /// The pool.
    pub pool: Pool,
    /// Visits.
    pub visits: Visits,
    /// What is computed at all.
    pub components: Components,
    /// Lifetime value.
    pub value: Value,
    /// The risk to leave.
    pub risk: Risk,
    /// Buying factor and ICT need.
    pub segments: Segments,
    /// Satisfaction of members and their risk to leave.
    pub members: Members,
    /// Signing in.
    pub sign_in: SignIn,
}

/// What may be left out of the cycle; the same for all provinces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Components {
    /// Value, risk and segments, and satisfaction and leaving of members.
    pub outlook: bool,
}

/// The plain threshold rules: what the model is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Naive {
    /// Development lasts so many months from the first service.
    pub development_months: u16,
    /// Recent months compared …
    pub recent_months: u16,
    /// … with so many before them.
    pub earlier_months: u16,
    /// Decline below this ratio of monthly revenue, recent to earlier.
    pub decline_below: f64,
    /// Growth above this ratio.
    pub growth_above: f64,
}

/// The lifecycle model: what is expected before anything is seen of an operator's own base. What is learnt
/// moves these numbers, within `learn_at_most`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// How many customer-months the prior weighs against what is learnt.
    pub prior_weight: f64,
    /// How far what is learnt may replace the prior, 0 to 1: learning without labels drifts if it is let go.
    pub learn_at_most: f64,
    /// Months without any usage after which a relation counts as ended though a service runs.
    pub silent_months: u16,
    /// Months without any usage from which such a relation counts as declining.
    pub silent_months_decline: u16,
    /// How much likelier (probability) another stage must be before the stage given changes.
    pub hysteresis: f64,
    /// Noise of a month's usage about its level (log: 0.1 is about 10 %).
    pub noise: f64,
    /// Share of months whose usage is an odd one.
    pub odd_months: f64,
    /// Spread of odd months (log).
    pub odd_spread: f64,
    /// Chances to move on.
    pub moves: Moves,
    /// How usage moves in each regime.
    pub drift: Drifts,
    /// How much each kind of evidence counts: 1 in full, less where months repeat each other, 0 not at all.
    pub weights: Weights,
    /// What else is seen in each stage.
    pub seen: Seen,
}

/// Probabilities to move from one stage to another, per month. Moves into potential, development and
/// termination are decided by services that start and end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each name says it")]
pub struct Moves {
    pub development_to_growth: f64,
    pub development_to_decline: f64,
    pub growth_to_maturity: f64,
    pub growth_to_decline: f64,
    pub maturity_to_growth: f64,
    pub maturity_to_decline: f64,
    pub decline_to_growth: f64,
    pub decline_to_maturity: f64,
    /// How many times as likely development ends while nothing but trials runs.
    pub trials_hold: f64,
    /// How many times as likely development ends in the month in which a trial becomes a paid service.
    pub conversion_moves: f64,
}

/// How usage moves: mean change of the level per month and its spread, both log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drifts {
    /// First steps: small and erratic.
    pub development: [f64; 2],
    /// Slow growth.
    pub growth_slow: [f64; 2],
    /// Fast growth.
    pub growth_fast: [f64; 2],
    /// A plateau with slow waves.
    pub maturity: [f64; 2],
    /// Slow erosion.
    pub decline_slow: [f64; 2],
    /// Sudden loss.
    pub decline_fast: [f64; 2],
    /// A rest on the way down.
    pub decline_rest: [f64; 2],
    /// How much may be regained at once when a decline ends: spread, log.
    pub recovery: f64,
}

/// How much each kind of evidence counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each name says it")]
pub struct Weights {
    pub usage: f64,
    pub slopes: f64,
    pub peak: f64,
    pub revenue: f64,
    pub lines: f64,
    pub products: f64,
    pub services: f64,
    pub margin: f64,
    pub trials: f64,
    pub silence: f64,
}

/// What is seen in a month: probabilities for development, growth, maturity and decline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Services: fewer, as many, more than the month before.
    pub services: [[f64; 3]; 4],
    /// Lines: fewer, as many, more.
    pub lines: [[f64; 3]; 4],
    /// Products with usage: fewer, as many, more.
    pub products: [[f64; 3]; 4],
    /// Margin: below 0, below 0.2, below 0.4, above.
    pub margin: [[f64; 4]; 4],
    /// Nothing but trials, trials beside paid services, no trials.
    pub trials: [[f64; 3]; 4],
    /// Usage against the own peak: below 0.6, below 0.75, below 0.85, below 0.95, above.
    pub peak: [[f64; 5]; 4],
    /// Revenue of three months over the three before: below 0.75, below 0.92, below 1.08, below 1.3, above.
    pub revenue: [[f64; 5]; 4],
    /// How many times as often a month without usage is seen in decline.
    pub silence_in_decline: f64,
}

/// Star rating from value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Star {
    /// Revenue of twelve months, yuan, from which a customer has 1, 2, 3, 4, 5 stars.
    pub revenue_12m_yuan: [i64; 5],
    /// Profit of twelve months, yuan, needed for 4 and 5 stars as well.
    pub profit_12m_yuan_for_4_and_5: [i64; 2],
}

/// What Today shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Today {
    /// Contracts that end within so many days.
    pub contract_ends_within_days: u16,
    /// Warnings of leaving that each manager, and each unit for its pool, can handle in a month.
    pub warnings_per_manager: u16,
}

/// The pool: customers on nobody's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Customers that a manager may take from it in a month.
    pub claims_per_month: u16,
}

/// How often customers are visited, and how long what is known of a relation holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visits {
    /// At least every so many days, of 1 to 5 stars.
    pub star_days: [u16; 5],
    /// Likewise of those without stars; 0 = as it comes.
    pub unrated_days: u16,
    /// Days after which a relation is to be reviewed again.
    pub review_days: u16,
}

/// Lifetime value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// Months ahead that count.
    pub horizon_months: u16,
    /// Discount a year.
    pub discount: f64,
    /// Customers per stage that the prior moves weigh against those seen.
    pub prior_weight: f64,
    /// Months of a customer's own profit that weigh as much as the mean of its stages.
    pub level_months: f64,
    /// Yuan of lifetime value from which a customer is of medium and of high value.
    pub bands_yuan: [i64; 2],
}

/// The risk to leave, and what points to its cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Customers to learn from, at most, in each month.
    pub sample_customers: u32,
    /// Months of the past to learn from, at most.
    pub learn_months: u16,
    /// Months after which is learnt again.
    pub learn_every_months: u16,
    /// Exits seen below which nothing is learnt.
    pub least_exits: u32,
    /// How much worse (log loss, share) a new model may be on the latest months than the one in use.
    pub worse_at_most: f64,
    /// Drift of the scores (population stability index) from which an alarm is given.
    pub drift_alarm: f64,
    /// Probability from which evidence and cause are given.
    pub explain_from: f64,
    /// Probability from which a risk is medium and high.
    pub bands: [f64; 2],
    /// Words that point to a cause, wherever tickets, contacts and opportunities say them.
    pub words: CauseWords,
}

impl Risk {
    /// The band of a probability.
    #[must_use]
    pub fn band(&self, probability: f64) -> RiskBand {
        let [medium, high] = self.bands;
        if probability >= high {
            RiskBand::High
        } else if probability >= medium {
            RiskBand::Medium
        } else {
            RiskBand::Low
        }
    }

    fn check(&self) -> Result<(), RulesError> {
        let [medium, high] = self.bands;
        range(
            0.0 < medium && medium < high && high < 1.0,
            "risk.bands",
            "between 0 and 1 and in rising order",
        )
    }
}

/// Satisfaction of members, and their risk to leave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Members {
    /// Words of which one stands in the question that asks for satisfaction; other questions are never used.
    pub questions: Vec<String>,
    /// Answers below which nothing is said.
    pub least_answers: u32,
    /// Answers to learn from, at most, the latest.
    pub most_answers: u32,
    /// Growth of the answers (share) after which is learnt again.
    pub learn_after_growth: f64,
    /// Members whose leaving is learnt from, at most, in each month.
    pub sample_members: u32,
    /// Months of the past that leaving is learnt from, at most.
    pub learn_months: u16,
    /// Months after which leaving is learnt again.
    pub learn_every_months: u16,
    /// Exits below which the chance by the customer's stage holds.
    pub least_exits: u32,
    /// Yuan of charges in twelve months from which a member is of medium and of high value.
    pub value_yuan: MemberBands,
}

/// Words that point to a cause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseWords {
    /// To service or quality.
    pub service: Vec<String>,
    /// To a competitor.
    pub competition: Vec<String>,
    /// To the price.
    pub price: Vec<String>,
    /// To moving, closing, merging.
    pub special: Vec<String>,
}

impl CauseWords {
    /// The cause that a text points to: the first whose words it holds.
    #[must_use]
    pub fn cause_in(&self, text: &str) -> Option<ExitCause> {
        let lists = [
            (ExitCause::Competition, &self.competition),
            (ExitCause::Price, &self.price),
            (ExitCause::Service, &self.service),
            (ExitCause::Special, &self.special),
        ];
        lists
            .into_iter()
            .find(|(_, words)| words.iter().any(|word| text.contains(word.as_str())))
            .map(|(cause, _)| cause)
    }
}

/// Words that point to a code each.
pub type WordsOf<T> = BTreeMap<T, Vec<String>>;

/// What words tell of what decides whether a customer buys, and of what it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segments {
    /// Words of a question, a purpose or a note that ask or tell what decides whether a customer buys.
    pub factor_asked: Vec<String>,
    /// Words that ask or tell what it needs.
    pub need_asked: Vec<String>,
    /// Words that point to a buying factor, wherever complaints, talks, answers and opportunities say them.
    pub factors: WordsOf<BuyingFactor>,
    /// Words that point to a need.
    pub needs: WordsOf<IctNeed>,
    /// Words of the names of industries that mostly buy for one factor.
    pub industry_factors: WordsOf<BuyingFactor>,
    /// Words of the names of industries that mostly have one need.
    pub industry_needs: WordsOf<IctNeed>,
}

impl Segments {
    /// What decides whether a customer buys, in so many words: the text answers the question, or tells it unasked.
    #[must_use]
    pub fn factor_stated(&self, question: &str, text: &str) -> Option<BuyingFactor> {
        let is_asked = has_any(&self.factor_asked, question) || has_any(&self.factor_asked, text);
        is_asked.then(|| first_named(&self.factors, text)).flatten()
    }

    /// What a customer needs, likewise.
    #[must_use]
    pub fn need_stated(&self, question: &str, text: &str) -> Option<IctNeed> {
        let is_asked = has_any(&self.need_asked, question) || has_any(&self.need_asked, text);
        is_asked.then(|| first_named(&self.needs, text)).flatten()
    }
}

fn has_any(words: &[String], text: &str) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}

/// The code whose words come first in a text: what is named first matters most. The longer of two that begin at the
/// same place.
#[must_use]
pub fn first_named<T: Copy + Ord>(words: &WordsOf<T>, text: &str) -> Option<T> {
    let found = words.iter().flat_map(|(&code, words)| {
        words.iter().filter_map(move |word| Some((text.find(word.as_str())?, Reverse(word.len()), code)))
    });
    found.min().map(|(_, _, code)| code)
}

/// The rules of an operator: its defaults and what provinces changed.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleBook {
    /// For everyone without rules of their own.
    pub default: Rules,
    /// By the province's unit code.
    pub provinces: BTreeMap<String, Rules>,
}

/// A rules file that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// Not TOML, a wrong name or a wrong type; the text says where.
    #[error("{0}")]
    Syntax(String),
    /// A number outside its range.
    #[error("`{name}` must be {expected}")]
    Range {
        /// Path of the entry.
        name: &'static str,
        /// What it may be.
        expected: &'static str,
    },
}

impl RuleBook {
    /// The shipped defaults, with an operator's own file laid over them.
    ///
    /// # Errors
    /// When the text is not TOML, names an unknown rule or a value is out of range.
    pub fn parse(own: Option<&str>) -> Result<Self, RulesError> {
        let mut base = table(DEFAULT)?;
        let mut overrides = toml::Table::new();
        if let Some(own) = own {
            let mut own = table(own)?;
            if let Some(toml::Value::Table(provinces)) = own.remove("province") {
                overrides = provinces;
            }
            lay_over(&mut base, own);
        }
        let default = Rules::from_table(base.clone())?;
        let mut provinces = BTreeMap::new();
        for (code, value) in overrides {
            let toml::Value::Table(own) = value else {
                return Err(RulesError::Syntax(format!("province.{code} is not a table")));
            };
            let mut rules = base.clone();
            lay_over(&mut rules, own);
            provinces.insert(code, Rules::from_table(rules)?);
        }
        Ok(Self { default, provinces })
    }

    /// The rules of a province, by its code.
    #[must_use]
    pub fn of(&self, province: Option<&str>) -> &Rules {
        province.and_then(|code| self.provinces.get(code)).unwrap_or(&self.default)
    }

    /// All rules: the default, then those of each province that has its own.
    pub fn all(&self) -> impl Iterator<Item = &Rules> {
        std::iter::once(&self.default).chain(self.provinces.values())
    }
}

impl Rules {
    fn from_table(table: toml::Table) -> Result<Self, RulesError> {
        let rules: Self =
            table.try_into().map_err(|error: toml::de::Error| RulesError::Syntax(error.to_string()))?;
        rules.check()?;
        Ok(rules)
    }

    fn check(&self) -> Result<(), RulesError> {
        range(self.naive.recent_months > 0, "naive.recent_months", "at least 1")?;
        range(self.naive.earlier_months > 0, "naive.earlier_months", "at least 1")?;
        range(
            self.naive.recent_months + self.naive.earlier_months <= 12,
            "naive.earlier_months",
            "at most 12 together with recent_months",
        )?;
        range(
            0.0 < self.naive.decline_below && self.naive.decline_below <= self.naive.growth_above,
            "naive.decline_below",
            "above 0 and not above growth_above",
        )?;
        self.lifecycle.check()?;
        self.risk.check()?;
        self.sign_in.check()?;
        range(self.visits.star_days.iter().all(|days| *days > 0), "visits.star_days", "at least 1 each")?;
        range(self.star.revenue_12m_yuan.is_sorted(), "star.revenue_12m_yuan", "in rising order")?;
        range(self.members.value_yuan.0.is_sorted(), "members.value_yuan", "in rising order")?;
        range(self.members.learn_after_growth > 0.0, "members.learn_after_growth", "above 0")?;
        Ok(())
    }
}

impl Lifecycle {
    fn check(&self) -> Result<(), RulesError> {
        let share = |value: f64| (0.0..=1.0).contains(&value);
        range(self.prior_weight > 0.0, "lifecycle.prior_weight", "above 0")?;
        range(share(self.learn_at_most), "lifecycle.learn_at_most", "0 to 1")?;
        range(self.silent_months_decline > 0, "lifecycle.silent_months_decline", "at least 1")?;
        range(
            self.silent_months > self.silent_months_decline,
            "lifecycle.silent_months",
            "more than silent_months_decline",
        )?;
        range(share(self.hysteresis), "lifecycle.hysteresis", "0 to 1")?;
        range(self.noise > 0.0, "lifecycle.noise", "above 0")?;
        range((0.0..1.0).contains(&self.odd_months), "lifecycle.odd_months", "0 or more and below 1")?;
        range(self.odd_spread > 0.0, "lifecycle.odd_spread", "above 0")?;
        range(self.moves.check(), "lifecycle.moves", "probabilities that leave room for staying")?;
        range(
            self.drift.spreads().all(|spread| spread > 0.0),
            "lifecycle.drift",
            "[change, spread above 0]",
        )?;
        range(self.seen.check(), "lifecycle.seen", "probabilities above 0, each row summing to 1")?;
        range(self.seen.silence_in_decline >= 1.0, "lifecycle.seen.silence_in_decline", "at least 1")
    }
}

impl Moves {
    fn check(&self) -> bool {
        [
            [self.development_to_growth, self.development_to_decline],
            [self.growth_to_maturity, self.growth_to_decline],
            [self.maturity_to_growth, self.maturity_to_decline],
            [self.decline_to_growth, self.decline_to_maturity],
        ]
        .iter()
        .all(|[one, other]| *one > 0.0 && *other > 0.0 && one + other < 1.0)
    }
}

impl Drifts {
    fn spreads(&self) -> impl Iterator<Item = f64> {
        [
            self.development,
            self.growth_slow,
            self.growth_fast,
            self.maturity,
            self.decline_slow,
            self.decline_fast,
            self.decline_rest,
        ]
        .into_iter()
        .map(|[_, spread]| spread)
    }
}

impl Seen {
    fn check(&self) -> bool {
        fn holds<const N: usize>(table: &[[f64; N]; 4]) -> bool {
            table.iter().all(|row| {
                row.iter().all(|&chance| chance > 0.0) && (row.iter().sum::<f64>() - 1.0).abs() < 1e-6
            })
        }
        [&self.services, &self.lines, &self.products, &self.trials].into_iter().all(holds)
            && holds(&self.margin)
            && [&self.peak, &self.revenue].into_iter().all(holds)
    }
}

pub(crate) fn range(holds: bool, name: &'static str, expected: &'static str) -> Result<(), RulesError> {
    if holds { Ok(()) } else { Err(RulesError::Range { name, expected }) }
}

fn table(text: &str) -> Result<toml::Table, RulesError> {
    text.parse().map_err(|error: toml::de::Error| RulesError::Syntax(error.to_string()))
}

fn lay_over(base: &mut toml::Table, own: toml::Table) {
    for (key, value) in own {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(base)), toml::Value::Table(own)) => lay_over(base, own),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_province_changes_only_what_it_names() {
        let book = RuleBook::parse(Some(
            "[star]\nrevenue_12m_yuan = [0, 1, 2, 3, 4]\n[province.GD.naive]\ndecline_below = 0.8\n",
        ))
        .expect("rules");
        let province = &book.provinces["GD"];
        assert_eq!(province.naive.decline_below, 0.8);
        assert_eq!(book.default.naive.decline_below, 0.85);
        assert_eq!(province.star, book.default.star);
        assert_eq!(province.star.revenue_12m_yuan, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_wrong_name_is_refused() {
        let error = RuleBook::parse(Some("[star]\nrevenu = 1\n")).expect_err("refused");
        assert!(error.to_string().contains("revenu"), "{error}");
    }

    #[test]
    fn a_wrong_range_is_refused() {
        let error = RuleBook::parse(Some("[naive]\nrecent_months = 0\n")).expect_err("refused");
        assert!(matches!(error, RulesError::Range { name: "naive.recent_months", .. }));
    }

    #[test]
    fn probabilities_that_are_none_are_refused() {
        for (own, at) in [
            ("[lifecycle.moves]\ndecline_to_growth = 1.2\n", "lifecycle.moves"),
            ("[lifecycle.seen]\ntrials = [[1,1,1],[1,1,1],[1,1,1],[1,1,1]]\n", "lifecycle.seen"),
            ("[lifecycle.drift]\nmaturity = [0.0, 0.0]\n", "lifecycle.drift"),
            ("[risk]\nbands = [0.3, 0.2]\n", "risk.bands"),
            ("[sign_in]\nattempts = 0\n", "sign_in.attempts"),
            ("[sign_in]\nidle_minutes = 0\n", "sign_in.idle_minutes"),
        ] {
            let error = RuleBook::parse(Some(own)).expect_err("refused");
            assert!(matches!(error, RulesError::Range { name, .. } if name == at), "{error}");
        }
    }
}

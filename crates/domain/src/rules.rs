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

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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

/// The lifecycle model: priors and time scales.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// How many customer-months the prior weighs against what is learnt.
    pub prior_weight: f64,
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
}

impl Rules {
    fn from_table(table: toml::Table) -> Result<Self, RulesError> {
        let rules: Self =
            table.try_into().map_err(|error: toml::de::Error| RulesError::Syntax(error.to_string()))?;
        rules.check()?;
        Ok(rules)
    }

    fn check(&self) -> Result<(), RulesError> {
        let range = |holds: bool, name, expected| {
            if holds { Ok(()) } else { Err(RulesError::Range { name, expected }) }
        };
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
        range(self.lifecycle.prior_weight > 0.0, "lifecycle.prior_weight", "above 0")?;
        range(self.star.revenue_12m_yuan.is_sorted(), "star.revenue_12m_yuan", "in rising order")?;
        Ok(())
    }
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
}

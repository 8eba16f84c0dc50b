//! From a log of purchases to what the purchase models need: one customer per row, as of a day.

use std::collections::HashMap;

use domain::{Message, Money, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use super::purchases::{Customer, Spender};
use crate::frame::{Frame, UNKNOWN, Values};
use crate::rfm::Purchases;

/// The unit that times are told in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Days; 365 a year.
    Day,
    /// Weeks; 52 a year, as the literature counts.
    #[default]
    Week,
}

impl TimeUnit {
    /// Its length in days.
    #[must_use]
    pub const fn days(self) -> f64 {
        match self {
            Self::Day => 1.0,
            Self::Week => 7.0,
        }
    }

    /// How many make a year.
    #[must_use]
    pub const fn per_year(self) -> f64 {
        match self {
            Self::Day => 365.0,
            Self::Week => 52.0,
        }
    }
}

/// Purchases by customer and day; several of one day are one.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    customers: Vec<Buyer>,
}

#[derive(Debug, Clone, PartialEq)]
struct Buyer {
    id: String,
    /// Day and amount, in order.
    days: Vec<(i64, f64)>,
}

/// A customer as of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// As in the log.
    pub id: String,
    /// Its times.
    pub customer: Customer,
    /// Its repeat purchases' mean amount.
    pub spender: Spender,
    /// Purchases after that day.
    pub later: f64,
}

/// Names that the columns of a log may have, in the order of preference.
const NAMES: [&[&str]; 3] = [&["id", "customer_id", "ID"], &["date"], &["amount"]];

impl Log {
    /// Whether a table looks like a log.
    #[must_use]
    pub fn fits(frame: &Frame) -> bool {
        NAMES.iter().all(|names| names.iter().any(|name| frame.column(name).is_some()))
    }

    /// A log from the columns `id` (or `customer_id`), `date` and `amount`.
    ///
    /// # Errors
    /// If a column is missing, or a row has no id, no date, or an amount that is no number or below 0.
    pub fn from_frame(frame: &Frame) -> Result<Self, Problem> {
        let bad = |message| Problem::new(ProblemKind::BadInput, message);
        let column = |names: &[&str]| names.iter().find_map(|name| frame.column(name));
        let [Some(ids), Some(dates), Some(amounts)] = NAMES.map(column) else {
            let missing: Vec<&str> =
                NAMES.iter().filter(|names| column(names).is_none()).map(|names| names[0]).collect();
            return Err(bad(Message::new("clv-problem-columns")
                .with("columns", missing.join(", "))
                .with("model", "transactions")));
        };
        let Values::Dates(days) = &dates.values else {
            return Err(bad(Message::new("clv-problem-dates").with("column", dates.name.as_str())));
        };
        let Some(amounts) = amounts.numbers() else {
            return Err(bad(Message::new("clv-problem-numbers").with("column", amounts.name.as_str())));
        };
        let mut place_of: HashMap<u64, usize> = HashMap::new();
        let mut customers: Vec<Buyer> = Vec::new();
        for row in 0..frame.rows() {
            let key = match &ids.values {
                Values::Numbers(numbers) | Values::Dates(numbers) if numbers[row].is_finite() => {
                    numbers[row].to_bits()
                }
                Values::Categories { codes, .. } if codes[row] != UNKNOWN => u64::from(codes[row]),
                _ => return Err(bad(Message::new("clv-problem-no-id").with("row", row + 1))),
            };
            if !days[row].is_finite() {
                return Err(bad(Message::new("clv-problem-no-date").with("row", row + 1)));
            }
            if !amounts[row].is_finite() || amounts[row] < 0.0 {
                return Err(bad(Message::new("clv-problem-amount").with("row", row + 1)));
            }
            let place = *place_of.entry(key).or_insert_with(|| {
                customers.push(Buyer { id: ids.text(row), days: Vec::new() });
                customers.len() - 1
            });
            customers[place].days.push((days[row] as i64, amounts[row]));
        }
        for buyer in &mut customers {
            buyer.days.sort_unstable_by_key(|&(day, _)| day);
            buyer.days.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    first.1 += later.1;
                }
                same
            });
        }
        Ok(Self { customers })
    }

    /// The days of the first and the last purchase of all, since 1970-01-01; none in an empty log.
    #[must_use]
    pub fn span(&self) -> Option<(i64, i64)> {
        let first =
            self.customers.iter().filter_map(|buyer| buyer.days.first()).map(|&(day, _)| day).min()?;
        let last = self.customers.iter().filter_map(|buyer| buyer.days.last()).map(|&(day, _)| day).max()?;
        Some((first, last))
    }

    /// What each customer who had bought by the end of a day is scored by as of it, recency in days; and whether it
    /// bought again later.
    #[must_use]
    pub fn scored_by(&self, day: i64) -> Vec<(&str, Purchases, bool)> {
        let mut scored = Vec::with_capacity(self.customers.len());
        for buyer in &self.customers {
            let seen = &buyer.days[..buyer.days.partition_point(|&(at, _)| at <= day)];
            let Some((last, _)) = seen.last() else { continue };
            let spent: f64 = seen.iter().map(|(_, amount)| amount).sum();
            let purchases = Purchases {
                recency: day - last,
                frequency: seen.len() as i64,
                monetary: Money::from_fen((spent * 100.0).round() as i64),
            };
            scored.push((buyer.id.as_str(), purchases, seen.len() < buyer.days.len()));
        }
        scored
    }

    /// What each customer spent in all, yuan.
    #[must_use]
    pub fn spent(&self) -> Vec<f64> {
        self.customers.iter().map(|buyer| buyer.days.iter().map(|(_, amount)| amount).sum()).collect()
    }

    /// Each customer who had bought by the end of a day, as of it.
    #[must_use]
    pub fn as_of(&self, day: i64, unit: TimeUnit) -> Vec<Summary> {
        let summary = |buyer: &Buyer| {
            let seen = buyer.days.partition_point(|&(at, _)| at <= day);
            let (first, _) = *buyer.days[..seen].first()?;
            let (last, _) = *buyer.days[..seen].last()?;
            let repeats = &buyer.days[1..seen];
            let frequency = repeats.len() as f64;
            let spent: f64 = repeats.iter().map(|(_, amount)| amount).sum();
            let customer = Customer {
                frequency,
                recency: (last - first) as f64 / unit.days(),
                age: (day - first) as f64 / unit.days(),
            };
            let mean = if repeats.is_empty() { 0.0 } else { spent / frequency };
            Some(Summary {
                id: buyer.id.clone(),
                customer,
                // Whose repeats were all free tells nothing of amounts.
                spender: Spender { frequency: if spent > 0.0 { frequency } else { 0.0 }, mean },
                later: (buyer.days.len() - seen) as f64,
            })
        };
        self.customers.iter().filter_map(summary).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(cells: &[[&str; 3]]) -> Frame {
        let column =
            |at: usize, name: &str| (name.to_owned(), cells.iter().map(|row| row[at].to_owned()).collect());
        Frame::from_text(vec![column(0, "id"), column(1, "date"), column(2, "amount")])
    }

    #[test]
    fn a_day_is_one_purchase_and_the_first_is_no_repeat() {
        let log = Log::from_frame(&frame(&[
            ["b", "2026-01-15", "5"],
            ["a", "2026-01-01", "10"],
            ["a", "2026-01-08", "20"],
            ["a", "2026-01-08", "1"],
            ["a", "2026-02-01", "7"],
        ]))
        .unwrap();
        let (first, _) = log.span().unwrap();
        let seen = log.as_of(first + 14, TimeUnit::Week);
        let ids: Vec<&str> = seen.iter().map(|summary| summary.id.as_str()).collect();
        assert_eq!(ids, ["b", "a"]);
        assert_eq!(seen[1].customer, Customer { frequency: 1.0, recency: 1.0, age: 2.0 });
        assert_eq!((seen[1].spender.mean, seen[1].later), (21.0, 1.0));
        assert_eq!(log.as_of(first, TimeUnit::Week).len(), 1, "who has not bought yet is not there");
    }

    #[test]
    fn free_repeats_are_purchases_but_tell_nothing_of_amounts() {
        let rows = [["a", "2026-01-01", "5"], ["a", "2026-01-08", "0"]];
        let log = Log::from_frame(&frame(&rows)).unwrap();
        let (_, last) = log.span().unwrap();
        let seen = &log.as_of(last, TimeUnit::Week)[0];
        assert_eq!((seen.customer.frequency, seen.spender.frequency), (1.0, 0.0));
    }

    #[test]
    fn bad_rows_are_named() {
        let key =
            |row| Log::from_frame(&frame(&[["a", "2026-01-01", "3"], row])).unwrap_err().cause.to_string();
        assert_eq!(key(["", "2026-01-01", "3"]), "clv-problem-no-id row=2");
        assert_eq!(key(["a", "", "3"]), "clv-problem-no-date row=2");
        assert_eq!(key(["a", "2026-01-01", "-3"]), "clv-problem-amount row=2");
        let none = Log::from_frame(&Frame::default()).unwrap_err();
        assert_eq!(none.cause.to_string(), "clv-problem-columns columns=id, date, amount model=transactions");
    }
}

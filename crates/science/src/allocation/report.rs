//! The question, and the answer with its bound and prices.

use std::collections::HashMap;

use domain::{Message, Money, Problem, ProblemKind};
use serde::Serialize;

use super::{exact, prices};
use crate::frame::Frame;
use crate::table::{column, numbers};

/// One play on one customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Possibility {
    /// Number of the customer: at most one play is chosen for each.
    pub customer: u32,
    /// Number of the person who would do it: one and the same for all plays of a customer.
    pub owner: u32,
    /// Expected value in yuan; one that is not above nothing is never chosen.
    pub value: f64,
    /// Cost, not below nothing.
    pub cost: Money,
}

/// What the choice must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For all together.
    pub budget: Money,
    /// Customers whom one owner can handle; none if that does not matter.
    pub capacity: Option<usize>,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Places of the chosen possibilities (for a table: of its rows, 0 for the first), in order.
    pub chosen: Vec<usize>,
    /// Their expected value in yuan.
    pub value: f64,
    /// Their cost in yuan, at most the budget.
    pub cost: f64,
    /// No choice within the limits is worth more than this (yuan).
    pub bound: f64,
    /// Whether the choice is the best for sure; otherwise it is within `bound` − `value` of the best.
    pub exact: bool,
    /// Expected value of one yuan more of budget.
    pub shadow_price: f64,
    /// Expected value of handling one customer more, in yuan, averaged over the owners whose list is full.
    pub capacity_price: f64,
    /// Owners whose list is full.
    pub full_owners: usize,
    /// Possibilities whose value or cost was not known or not sound: left out.
    pub skipped: usize,
}

/// Customers up to whom the best choice is searched for sure.
const SMALL: usize = 400;

/// Chooses at most one play per customer within the limits so that the expected value is highest. Few customers:
/// for sure; many: within the gap that the bound shows, by Lagrangian prices and filling up.
#[must_use]
pub fn allocate(possibilities: &[Possibility], limits: Limits) -> Report {
    let sound = |one: &Possibility| one.value.is_finite() && one.cost.fen() >= 0;
    let skipped = possibilities.iter().filter(|one| !sound(one)).count();
    let budget = limits.budget.fen().max(0);
    let mut customers: Vec<Vec<usize>> = Vec::new();
    let mut owners: Vec<Vec<usize>> = Vec::new();
    let (mut customer_places, mut owner_places) = (HashMap::new(), HashMap::new());
    for (at, one) in possibilities.iter().enumerate() {
        if !sound(one) || one.value <= 0.0 || one.cost.fen() > budget {
            continue;
        }
        let customer = *customer_places.entry(one.customer).or_insert_with(|| {
            let owner = *owner_places.entry(one.owner).or_insert_with(|| {
                owners.push(Vec::new());
                owners.len() - 1
            });
            owners[owner].push(customers.len());
            customers.push(Vec::new());
            customers.len() - 1
        });
        customers[customer].push(at);
    }
    let capacity = limits.capacity.unwrap_or(customers.len());
    let problem = prices::Problem { all: possibilities, customers, owners, capacity, budget };
    let (price, mut relaxed) = problem.clear();
    let mut is_best = price == 0.0;
    if !is_best {
        problem.fill(&mut relaxed);
    }
    let worth =
        // An empty sum of fractions is −0.
        |chosen: &[Option<usize>]| chosen.iter().flatten().fold(0.0, |sum, &at| sum + possibilities[at].value);
    if !is_best && problem.customers.len() <= SMALL {
        let start = (worth(&relaxed.chosen), relaxed.chosen.clone());
        (relaxed.chosen, is_best) = exact::improve(&problem, price, &relaxed.capacity_prices, start);
    }
    let mut chosen: Vec<usize> = relaxed.chosen.iter().flatten().copied().collect();
    chosen.sort_unstable();
    let value = worth(&relaxed.chosen);
    let full: Vec<f64> = relaxed.capacity_prices.iter().copied().filter(|&price| price > 0.0).collect();
    Report {
        cost: chosen.iter().map(|&at| possibilities[at].cost).sum::<Money>().yuan(),
        chosen,
        value,
        bound: if is_best { value } else { relaxed.bound.max(value) },
        exact: is_best,
        shadow_price: price * 100.0,
        capacity_price: if full.is_empty() { 0.0 } else { full.iter().sum::<f64>() / full.len() as f64 },
        full_owners: full.len(),
        skipped,
    }
}

/// The possibilities of a table with the columns `customer`, `play`, `value`, `cost` and, if there is one,
/// `owner`; yuan. A row without value or cost becomes a possibility that [`allocate`] leaves out and counts.
///
/// # Errors
/// A column that is not there or does not hold numbers, a negative cost, a customer with two owners.
pub fn from_frame(frame: &Frame) -> Result<Vec<Possibility>, Problem> {
    let customers = column(frame, "customer")?;
    column(frame, "play")?;
    let (values, costs) = (numbers(frame, "value")?, numbers(frame, "cost")?);
    let owners = frame.column("owner");
    let mut names: [HashMap<String, u32>; 2] = Default::default();
    let mut owner_of: HashMap<u32, u32> = HashMap::new();
    let mut possibilities = Vec::with_capacity(frame.rows());
    for row in 0..frame.rows() {
        let mut code = |of: usize, name: String| {
            let next = names[of].len() as u32;
            *names[of].entry(name).or_insert(next)
        };
        let customer = code(0, customers.text(row));
        let owner = code(1, owners.map(|column| column.text(row)).unwrap_or_default());
        if *owner_of.entry(customer).or_insert(owner) != owner {
            let cause = Message::new("problem-allocation-two-owners").with("customer", customers.text(row));
            return Err(Problem::new(ProblemKind::BadInput, cause));
        }
        if costs[row] < 0.0 {
            let cause = Message::new("problem-allocation-negative-cost").with("row", row + 1);
            return Err(Problem::new(ProblemKind::BadInput, cause));
        }
        // Rounded up, so that the budget holds; an unknown cost counts as an unknown value.
        let fen = (costs[row] * 100.0 - 1e-6).ceil();
        let value = if fen.is_finite() { values[row] } else { f64::NAN };
        possibilities.push(Possibility { customer, owner, value, cost: Money::from_fen(fen as i64) });
    }
    Ok(possibilities)
}

impl Report {
    /// What was chosen, in words with figures.
    #[must_use]
    pub fn message(&self) -> Message {
        let key = if self.exact { "allocation-exact" } else { "allocation-within" };
        Message::new(key)
            .with("count", self.chosen.len())
            .with("value", domain::Arg::Number(self.value))
            .with("cost", domain::Arg::Number(self.cost))
            .with("bound", domain::Arg::Number(self.bound))
            .with("price", domain::Arg::Number(self.shadow_price))
    }
}

//! Non-contractual: customers who buy when they like and leave unseen. Four numbers per customer are enough.

mod bg;
mod gamma_gamma;
mod pareto;
mod process;

pub use gamma_gamma::{GammaGamma, Spender};
pub use process::{Kind, Process};

use domain::{Message, Problem, ProblemKind};

/// A customer's purchases, times in one unit of one's choice (days, weeks) since the first purchase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Customer {
    /// x: repeat purchases, without the first.
    pub frequency: f64,
    /// tₓ: time of the latest purchase; 0 without repeats.
    pub recency: f64,
    /// T: time watched.
    pub age: f64,
}

/// A base of customers that a model can be fitted to; equal customers are held once.
#[derive(Debug, Clone, PartialEq)]
pub struct Purchases {
    count: usize,
    /// Customers alike with their number, ordered by frequency.
    distinct: Vec<(Customer, f64)>,
}

const FEWEST: usize = 10;

impl Customer {
    /// A customer as given.
    ///
    /// # Errors
    /// What is wrong with it, with its `row`, counted from 1.
    pub fn new(frequency: f64, recency: f64, age: f64, row: usize) -> Result<Self, Problem> {
        let key = if [frequency, recency, age].iter().any(|number| !number.is_finite()) {
            "clv-problem-not-a-number"
        } else if frequency < 0.0 || recency < 0.0 || age < 0.0 {
            "clv-problem-negative"
        } else if frequency.fract() != 0.0 {
            "clv-problem-frequency-whole"
        } else if recency > age {
            "clv-problem-recency-after-end"
        } else if frequency == 0.0 && recency > 0.0 {
            "clv-problem-recency-without-repeat"
        } else if frequency > 0.0 && recency == 0.0 {
            "clv-problem-repeat-without-recency"
        } else {
            return Ok(Self { frequency, recency, age });
        };
        Err(Problem::new(ProblemKind::BadInput, Message::new(key).with("row", row)))
    }
}

impl Purchases {
    /// A base to fit to.
    ///
    /// # Errors
    /// If there are too few customers, no time was watched, or nobody bought again.
    pub fn new(customers: &[Customer]) -> Result<Self, Problem> {
        let bad = |message| Err(Problem::new(ProblemKind::BadInput, message));
        if customers.len() < FEWEST {
            let message = Message::new("clv-problem-few-customers")
                .with("count", customers.len())
                .with("needed", FEWEST);
            return bad(message);
        }
        if customers.iter().all(|customer| customer.age == 0.0) {
            return bad(Message::new("clv-problem-no-time"));
        }
        if customers.iter().all(|customer| customer.frequency == 0.0) {
            return bad(Message::new("clv-problem-no-repeat"));
        }
        let mut ordered = customers.to_vec();
        ordered.sort_unstable_by(|a, b| {
            let by = |f: fn(&Customer) -> f64| f(a).total_cmp(&f(b));
            by(|c| c.frequency).then_with(|| by(|c| c.age)).then_with(|| by(|c| c.recency))
        });
        let mut distinct: Vec<(Customer, f64)> = Vec::new();
        for customer in ordered {
            match distinct.last_mut() {
                Some((last, count)) if *last == customer => *count += 1.0,
                _ => distinct.push((customer, 1.0)),
            }
        }
        Ok(Self { count: customers.len(), distinct })
    }

    /// How many customers.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Never: a base has customers.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Customers alike with their number, in one slice per frequency.
    fn by_frequency(&self) -> impl Iterator<Item = &[(Customer, f64)]> {
        self.distinct.chunk_by(|(a, _), (b, _)| a.frequency == b.frequency)
    }

    /// Repeat purchases per unit of time.
    fn rate(&self) -> f64 {
        let sum = |of: fn(&Customer) -> f64| -> f64 {
            self.distinct.iter().map(|(customer, count)| count * of(customer)).sum()
        };
        sum(|customer| customer.frequency) / sum(|customer| customer.age)
    }

    fn mean_age(&self) -> f64 {
        self.distinct.iter().map(|(customer, count)| count * customer.age).sum::<f64>() / self.count as f64
    }
}

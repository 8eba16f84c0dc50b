//! The operator as a whole: what is asked for, its organisation and its products.

use domain::{Month, Problem};

use crate::rows::{MarketRow, Product, SimulatedCustomer, StaffMember, Unit};

/// What to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// How many customers, 1 to 20 million.
    pub customers: u32,
    /// How many months, 1 to 240.
    pub months: u16,
    /// Same seed, same world.
    pub seed: u64,
    /// The first month.
    pub first: Month,
}

/// A made-up operator. Holds the organisation; customers are drawn when asked for.
#[derive(Debug)]
pub struct World {
    config: Config,
}

impl World {
    /// Makes up the operator.
    ///
    /// # Errors
    /// When a number of the configuration is out of range.
    pub fn new(config: Config) -> Result<Self, Problem> {
        Ok(Self { config })
    }

    /// What was asked for.
    #[must_use]
    pub const fn config(&self) -> Config {
        self.config
    }

    /// All units, headquarters first, each after the one above it.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &[]
    }

    /// Everyone who works for the operator.
    #[must_use]
    pub fn staff(&self) -> &[StaffMember] {
        &[]
    }

    /// The catalogue.
    #[must_use]
    pub fn products(&self) -> &'static [Product] {
        &[]
    }

    /// The market of every city and month.
    pub fn market(&self) -> impl Iterator<Item = MarketRow> {
        std::iter::empty()
    }

    /// Everything about the customer with a number below [`Config::customers`].
    #[must_use]
    pub fn customer(&self, index: u32) -> SimulatedCustomer {
        todo!("{index}")
    }

    /// All customers, in order.
    pub fn customers(&self) -> impl Iterator<Item = SimulatedCustomer> {
        (0..self.config.customers).map(|index| self.customer(index))
    }
}

//! The operator as a whole: what is asked for, its organisation and its products.

use domain::{Message, Money, Month, Problem, ProblemKind};

use crate::calendar;
use crate::catalogue::{PRODUCTS, PriceCuts};
use crate::customer;
use crate::dice::{Dice, Purpose};
use crate::duplicates;
use crate::organisation::Organisation;
use crate::rows::{Contact, Customer, MarketRow, Planted, Product, SimulatedCustomer, StaffMember, Unit};

/// What to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// How many customers, 1 to 20 million.
    pub customers: u32,
    /// How many months, 1 to 240.
    pub months: u16,
    /// Same seed, same world.
    pub seed: u64,
    /// The first month, between 2000 and 2100.
    pub first: Month,
}

impl Config {
    /// Most customers that can be asked for.
    pub const CUSTOMERS: u32 = 20_000_000;
    /// Most months that can be asked for.
    pub const MONTHS: u16 = 240;

    /// So many months that end with `last`.
    #[must_use]
    pub fn until(last: Month, customers: u32, months: u16, seed: u64) -> Self {
        Self { customers, months, seed, first: last - (i32::from(months) - 1) }
    }

    /// The last month.
    #[must_use]
    pub fn last(self) -> Month {
        self.first + (i32::from(self.months) - 1)
    }

    fn check(self) -> Result<(), Problem> {
        let range = |holds: bool, key: &'static str, least: i64, most: i64| {
            if holds {
                return Ok(());
            }
            let cause = Message::new(key).with("least", least).with("most", most);
            Err(Problem::new(ProblemKind::BadInput, cause))
        };
        let (customers, months) = (i64::from(Self::CUSTOMERS), i64::from(Self::MONTHS));
        range((1..=Self::CUSTOMERS).contains(&self.customers), "problem-simulate-customers", 1, customers)?;
        range((1..=Self::MONTHS).contains(&self.months), "problem-simulate-months", 1, months)?;
        range((2000..=2100).contains(&self.first.year()), "problem-simulate-first", 2000, 2100)
    }
}

/// A made-up operator. Holds the organisation; customers are drawn when asked for.
#[derive(Debug)]
pub struct World {
    pub(crate) config: Config,
    /// Share of customers with a second record, and as many again with look-alikes.
    pub(crate) duplicates: f64,
    pub(crate) organisation: Organisation,
    pub(crate) price_cuts: PriceCuts,
    /// What each industry uses in each month against its mean, by industry and month.
    seasons: Vec<Vec<f64>>,
}

impl World {
    /// Makes up the operator.
    ///
    /// # Errors
    /// When a number of the configuration is out of range.
    pub fn new(config: Config) -> Result<Self, Problem> {
        config.check()?;
        let of_year =
            |industry| config.first.to(config.last()).map(move |month| calendar::season(industry, month));
        Ok(Self {
            config,
            duplicates: 0.0,
            organisation: Organisation::new(config.customers),
            price_cuts: PriceCuts::draw(config.seed, config.first, config.months),
            seasons: calendar::INDUSTRIES.iter().map(|industry| of_year(industry).collect()).collect(),
        })
    }

    /// The same operator, with second records of a share of its customers and look-alikes of as many. Credit
    /// codes then hold by their check character, which those of a world without duplicates do not.
    ///
    /// # Errors
    /// When the share does not lie between 0 and 0.5.
    pub fn with_duplicates(mut self, share: f64) -> Result<Self, Problem> {
        if !(0.0..=0.5).contains(&share) {
            return Err(Problem::new(ProblemKind::BadInput, Message::new("problem-simulate-duplicates")));
        }
        self.duplicates = share;
        Ok(self)
    }

    /// What the records know of the customer with a number, without what happened to it.
    #[must_use]
    pub fn registered(&self, index: u32) -> (Customer, Vec<Contact>) {
        customer::register(self, index)
    }

    /// The records planted beside that of the customer with a number: a duplicate, look-alikes, mostly none.
    #[must_use]
    pub fn planted(&self, index: u32) -> Vec<Planted> {
        duplicates::plant(self, index, self.duplicates)
    }

    /// What was asked for.
    #[must_use]
    pub const fn config(&self) -> Config {
        self.config
    }

    /// All units, headquarters first, each after the one above it.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.organisation.units
    }

    /// Everyone who works for the operator.
    #[must_use]
    pub fn staff(&self) -> &[StaffMember] {
        &self.organisation.staff
    }

    /// The catalogue.
    #[must_use]
    pub fn products(&self) -> &'static [Product] {
        &PRODUCTS
    }

    /// The market of every city and month: ours and two competitors.
    pub fn market(&self) -> impl Iterator<Item = MarketRow> {
        let months = self.config.first.to(self.config.last()).enumerate();
        months.flat_map(move |(age, month)| {
            self.organisation.cities.iter().enumerate().flat_map(move |(place, city)| {
                let mut dice = Dice::new(self.config.seed, Purpose::Market, place as u64);
                let population = dice.around(2_600_000.0, 0.4);
                let ours = dice.between(0.12, 0.30);
                let first = dice.between(0.45, 0.6);
                let drift = dice.between(-0.002, 0.003) * age as f64;
                let shares = [
                    ("本网", ours + drift),
                    (COMPETITORS[0], first - drift),
                    (COMPETITORS[1], 1.0 - ours - first),
                ];
                shares.map(|(operator, share)| {
                    let subscribers = population * 0.95 * share;
                    MarketRow {
                        month,
                        org_code: city.code.clone(),
                        operator,
                        subscribers: subscribers as u64,
                        revenue: Money::from_fen((subscribers * 4_200.0) as i64),
                        population: population as u64,
                        households: (population / 2.9) as u64,
                        enterprises: (population / 48.0) as u64,
                    }
                })
            })
        })
    }

    /// Everything about the customer with a number below [`Config::customers`].
    #[must_use]
    pub fn customer(&self, index: u32) -> SimulatedCustomer {
        customer::make(self, index)
    }

    /// All customers, in order.
    pub fn customers(&self) -> impl Iterator<Item = SimulatedCustomer> {
        (0..self.config.customers).map(|index| self.customer(index))
    }

    /// What an industry uses in a month, counted from the first, against its mean.
    pub(crate) fn season(&self, industry: usize, month: i32) -> f64 {
        self.seasons[industry][month as usize]
    }
}

/// Operators that do not exist.
pub(crate) const COMPETITORS: [&str; 2] = ["友商甲", "友商乙"];

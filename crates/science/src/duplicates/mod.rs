//! Which records mean the same customer: candidate pairs by what they share, and for each a probability.
//!
//! The model is that of record linkage (I. P. Fellegi, A. B. Sunter, "A Theory for Record Linkage", Journal of the
//! American Statistical Association 64, 1969): every field agrees or not to some degree, and a degree that is *m*
//! times as likely among duplicates as it is *u* times among others adds log₂ *m*/*u*. What two strangers share by
//! chance depends on how common it is (W. E. Winkler, "Overview of Record Linkage and Current Research
//! Directions", U.S. Census Bureau, 2006), so *u* is counted in the records themselves: a rare name says
//! more than 中心小学, and the telephone of an agent who registers a hundred companies says nothing.

mod batch;
mod blocks;
mod lookup;
mod record;
mod score;

pub use batch::{Alike, Batch, Other};
pub use lookup::{Lookup, Sought};
pub use record::Record;

use blocks::{Blocks, neighbours};
use record::Prepared;
use score::Scale;

/// From this probability on a pair is worth a person's look.
pub const QUEUE: f64 = 0.5;

/// Two records that probably are one customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Index of the record that stands first.
    pub first: usize,
    /// Index of the other.
    pub second: usize,
    /// That they are the same customer, 0 to 1.
    pub probability: f64,
    /// Why.
    pub evidence: Evidence,
}

/// What each field adds for or against, in bits: 1 doubles the odds, −1 halves them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// Name without its branch.
    pub name: f64,
    /// Branches and numbers: 北京分公司, 第2中学. Never for.
    pub branch: f64,
    /// Credit code.
    pub credit_code: f64,
    /// Telephone and address, which go together: who shares an office shares both.
    pub contact: f64,
}

/// The records of a base, ready to be compared.
#[derive(Debug)]
pub struct Base {
    records: Vec<Prepared>,
    blocks: Blocks,
    scale: Scale,
}

impl Base {
    /// Reads the records and counts how common each thing is that two of them share. Grows with n log n.
    #[must_use]
    pub fn new(records: &[Record<'_>]) -> Self {
        let names = record::names(records);
        let mut records: Vec<Prepared> =
            records.iter().zip(names).map(|(record, name)| Prepared::new(record, name)).collect();
        let blocks = Blocks::new(&mut records);
        let scale = Scale::new(records.len());
        Self { records, blocks, scale }
    }

    /// Every pair that shares something and is at least so probable, by place. The same pairs come in whatever
    /// order the records stand, except among more than 64 that share a thing and look alike.
    #[must_use]
    pub fn pairs(&self, least: f64) -> Vec<Pair> {
        let mut found = Vec::new();
        let mut compare = |one: usize, other: usize| {
            let (first, second) = (one.min(other), one.max(other));
            let pair = self.compare(first, second);
            if pair.probability >= least {
                found.push(pair);
            }
        };
        self.blocks.each(&self.records, &mut compare);
        neighbours(&self.records, &mut compare);
        found.sort_unstable_by_key(|pair| (pair.first, pair.second));
        found.dedup_by_key(|pair| (pair.first, pair.second));
        found
    }

    /// How probable it is that two records of the base are one customer.
    ///
    /// # Panics
    /// When an index is not below the number of records.
    #[must_use]
    pub fn compare(&self, first: usize, second: usize) -> Pair {
        let evidence = self.scale.weigh(&self.records[first], &self.records[second]);
        Pair { first, second, probability: self.scale.probability(&evidence), evidence }
    }
}

#[cfg(test)]
mod tests;

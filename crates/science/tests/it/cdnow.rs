//! The CDNOW purchases: `cdnow/cdnow_master.csv` of the data folder.

use std::collections::BTreeMap;

use domain::{Date, Money, Month};
use science::lifecycle::Observation;

use crate::panel::Customer;

/// A day on which a buyer bought.
#[derive(Debug, Clone, Copy)]
pub struct Purchase {
    pub date: Date,
    pub amount: Money,
}

/// Purchases by buyer, both in order, one entry per buyer and day; none, with a word why, without the data.
pub fn buyers() -> Option<Vec<Vec<Purchase>>> {
    let text = crate::table::text("cdnow/cdnow_master.csv")?;
    let mut buyers: BTreeMap<&str, BTreeMap<Date, Money>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let date = fields[1].parse().expect("a date");
        let amount: Money = fields[3].parse().expect("an amount");
        *buyers.entry(fields[0]).or_default().entry(date).or_default() += amount;
    }
    let days = |days: BTreeMap<Date, Money>| {
        days.into_iter().map(|(date, amount)| Purchase { date, amount }).collect()
    };
    Some(buyers.into_values().map(days).collect())
}

/// The buyers as customers: a month's purchases are its usage and revenue, and a service runs from the first
/// purchase on without end.
pub fn panel() -> Option<Vec<Customer>> {
    let last = Month::new(1998, 6)?;
    let customer = |purchases: Vec<Purchase>| {
        let first = Month::of(purchases[0].date);
        let months = first.to(last).map(|month| {
            let amount: Money = purchases
                .iter()
                .filter(|purchase| Month::of(purchase.date) == month)
                .map(|purchase| purchase.amount)
                .sum();
            let bought = purchases.iter().any(|purchase| Month::of(purchase.date) == month);
            Observation {
                usage: bought.then_some(amount.yuan()),
                products: u16::from(bought),
                revenue: bought.then_some(amount),
                services: 1,
                first_service: Some(first),
                ..Observation::none(month)
            }
        });
        Customer { months: months.collect(), truth: Vec::new() }
    };
    Some(buyers()?.into_iter().map(customer).collect())
}

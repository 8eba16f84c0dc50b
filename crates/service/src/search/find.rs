//! Finding by name, pinyin, initials, code or number, within what the actor may see.

use std::sync::Arc;

use domain::Problem;
use domain::id::CustomerId;
use domain::policy::{Action, Scope};
use store::search::Sought;

use super::words::folded_line;
use super::{Few, Fit, Found, RecordHit, Records, Words};
use crate::actor::UnitName;
use crate::customer::index::{CustomerIndex, Part};
use crate::customer::show::mask_phone;
use crate::services::{authorise, off_thread};
use crate::{Actor, Services, units};

/// Rows of the records looked through for those of the actor's own customers.
const LOOKED_THROUGH: u32 = 8_192;
/// Customers whose rows are looked through one by one where that was not enough.
const FEW_CUSTOMERS: usize = 2_000;
/// Digits of a telephone number at least.
const PHONE: std::ops::RangeInclusive<usize> = 7..=15;
/// Before a number that is dialled from abroad.
const COUNTRY: &str = "86";

/// What fits the text typed; nothing if nothing was typed.
///
/// Customers, units and those who answer for customers are found by any part of their name; rows of customers in the
/// records by how their name or code begins, since they are too many to be held in memory. A telephone number finds its
/// contact as a whole only: what is hidden must not be found piece by piece.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, text: &str) -> Result<Found, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let Some(words) = Words::new(text) else {
        return Ok(Found::default());
    };
    let index = services.customers().await?;
    let line = folded_line(text);
    let in_memory = off_thread({
        let (index, scope) = (Arc::clone(&index), actor.scope.clone());
        move || Ok(held(&index, &scope, &words))
    });
    let record = |sought| records(services, &index, &actor.scope, sought, &line);
    let (found, contacts, contracts, owned, tickets, members) = tokio::try_join!(
        in_memory,
        record(Sought::Contacts),
        record(Sought::Contracts),
        record(Sought::Services),
        record(Sought::Tickets),
        record(Sought::Members),
    )?;
    let records = [contacts, contracts, owned, tickets, members].into_iter();
    Ok(Found { records: records.filter(|of| !of.found.rows.is_empty() || of.found.more).collect(), ..found })
}

/// What is found in memory.
fn held(index: &CustomerIndex, scope: &Scope, words: &Words) -> Found {
    let (rows, total) = index.best(scope, words, Found::ROWS);
    let (people, units) = match scope.is_own_only() {
        // Who sees only customers of their own is told of nobody else's.
        true => Default::default(),
        false => (people(index, scope, words), units(index, scope, words)),
    };
    let customers = rows.into_iter().map(|row| index.list_row(row)).collect();
    Found { customers, total, people, units, records: Vec::new() }
}

/// People who answer for a customer in sight.
fn people(index: &CustomerIndex, scope: &Scope, words: &Words) -> Few<(domain::id::StaffId, String)> {
    let parts: Vec<Part> = index.parts(scope);
    let fits = index.staff_spelt.fits(words, 0..index.staff_count());
    let places = in_order(&fits).filter_map(|place| u32::try_from(place).ok());
    let seen = places.filter(|&place| index.answers_within(place, &parts));
    few(seen.filter_map(|place| index.manager(place).cloned()))
}

/// Units whose customers are in sight as a whole.
fn units(index: &CustomerIndex, scope: &Scope, words: &Words) -> Few<UnitName> {
    let tops = index.tops(scope);
    let fits = index.units.fits(words);
    let all = index.units.all();
    let fitting = in_order(&fits).map(|place| &all[place]);
    few(fitting.filter(|unit| tops.iter().any(|&top| index.units.contains(top, unit.id))).map(units::name))
}

/// The places of what fits, the best first.
fn in_order(fits: &[Fit]) -> impl Iterator<Item = usize> {
    let mut places: Vec<usize> = (0..fits.len()).filter(|&place| fits[place] > 0).collect();
    places.sort_by_key(|&place| std::cmp::Reverse(fits[place]));
    places.into_iter()
}

fn few<T>(mut all: impl Iterator<Item = T>) -> Few<T> {
    let rows = all.by_ref().take(Found::ROWS).collect();
    Few { rows, more: all.next().is_some() }
}

async fn records(
    services: &Services,
    index: &CustomerIndex,
    scope: &Scope,
    sought: Sought,
    line: &str,
) -> Result<Records, Problem> {
    let store = services.store();
    let parts = index.parts(scope);
    let is_seen = |customer: CustomerId| {
        index.found_at(customer).is_some_and(|row| parts.iter().any(|part| part.holds(index, row)))
    };
    let mut hits: Vec<i64> = Vec::new();
    let mut more = false;
    if let Some(numbers) = phone_numbers(line).filter(|_| sought == Sought::Contacts) {
        let with_phone = store.contacts_with_phone(&numbers, LOOKED_THROUGH).await?;
        hits.extend(with_phone.into_iter().filter(|(_, customer)| is_seen(*customer)).map(|(id, _)| id));
    }
    let looked = store.rows_beginning(sought, line, LOOKED_THROUGH).await?;
    let is_all = looked.len() < LOOKED_THROUGH as usize;
    let seen = looked.into_iter().filter(|(_, customer)| is_seen(*customer)).map(|(id, _)| id);
    let before = hits.len();
    hits.extend(seen);
    if !is_all && hits.len() <= Found::ROWS {
        match few_customers(index, &parts) {
            Some(customers) => {
                hits.truncate(before);
                let limit = Found::ROWS as u32 + 1;
                let own = store.rows_beginning_of(sought, line, limit, &customers).await?;
                hits.extend(own.into_iter().map(|(id, _)| id));
            }
            None => more = true,
        }
    }
    more |= hits.len() > Found::ROWS;
    hits.truncate(Found::ROWS);
    let rows = store.sought_rows(sought, &hits).await?.into_iter().filter_map(|row| {
        let customer_name = index.name(index.found_at(row.customer)?).to_owned();
        let phone = row.phone.as_deref().map(mask_phone);
        Some(RecordHit { customer: row.customer, customer_name, name: row.name, title: row.title, phone })
    });
    Ok(Records { kind: sought, found: Few { rows: rows.collect(), more } })
}

/// The customers of some parts, unless they are many.
fn few_customers(index: &CustomerIndex, parts: &[Part]) -> Option<Vec<CustomerId>> {
    let rows = parts.iter().flat_map(|part| part.rows.clone().filter(|&row| part.holds(index, row)));
    let customers: Vec<CustomerId> =
        rows.flat_map(|row| index.stands_for(row)).take(FEW_CUSTOMERS + 1).collect();
    (customers.len() <= FEW_CUSTOMERS).then_some(customers)
}

/// A text as a telephone number, with and without the country, if it can be one.
fn phone_numbers(text: &str) -> Option<Vec<String>> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ' '));
    (is_number && PHONE.contains(&digits.len())).then(|| {
        let without = digits.strip_prefix(COUNTRY).map(str::to_owned);
        let with = format!("{COUNTRY}{digits}");
        [digits.clone(), with].into_iter().chain(without).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_a_number_is_looked_up_as_one() {
        assert_eq!(
            phone_numbers("+86 138-0000-1234").expect("a number"),
            ["8613800001234", "868613800001234", "13800001234"]
        );
        for none in ["138000", "138 0000 123x", "", "1380000123412345"] {
            assert_eq!(phone_numbers(none), None, "{none}");
        }
    }
}

//! Looking for duplicates among all customers.

use domain::Problem;
use science::duplicates::{Base, QUEUE, Record};

use super::Suspected;
use super::lookup::{phones, record};
use crate::Services;
use crate::services::off_thread;

/// How many customers there are, and the pairs worth a person's look, the likeliest first.
///
/// # Errors
/// When the records cannot be read.
pub async fn run(services: &Services) -> Result<(usize, Vec<Suspected>), Problem> {
    let customers = services.store().registrations().await?;
    off_thread(move || {
        let phones: Vec<Vec<&str>> = customers.iter().map(phones).collect();
        let records: Vec<Record<'_>> =
            customers.iter().zip(&phones).map(|(one, phones)| record(one, phones)).collect();
        let mut pairs = Base::new(&records).pairs(QUEUE);
        pairs.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let code = |place: usize| customers[place].code.clone();
        let suspected = pairs.into_iter().map(|pair| Suspected {
            first: code(pair.first),
            second: code(pair.second),
            probability: pair.probability,
        });
        Ok((customers.len(), suspected.collect()))
    })
    .await
}

//! Looking for duplicates among all customers.

use std::sync::Arc;

use domain::id::UserId;
use domain::policy::Action;
use domain::{Instant, Problem};
use science::duplicates::{Base, Pair, QUEUE, Record};
use store::Store;
use store::customer::Registration;
use store::duplicate::{FoundPair, compared};

use super::Suspected;
use super::lookup::{phones, record};
use crate::services::{authorise, off_thread};
use crate::{Actor, Services, problem};

/// Seconds after which a run that did not end is taken for killed.
const DEAD_AFTER: i64 = 3_600;

/// How many customers there are, and the pairs worth a person's look, the likeliest first; nothing is kept.
///
/// # Errors
/// When the records cannot be read.
pub async fn run(services: &Services) -> Result<(usize, Vec<Suspected>), Problem> {
    let (customers, pairs) = pairs(services.store()).await?;
    let code = |place: usize| customers[place].code.clone();
    let suspected = pairs.iter().map(|pair| Suspected {
        first: code(pair.first),
        second: code(pair.second),
        probability: pair.probability,
    });
    Ok((customers.len(), suspected.collect()))
}

/// Looks through all customers in the background and keeps what is found for the page. A run takes a core for about half a
/// minute at a million customers, and none of the time of whoever asked.
///
/// # Errors
/// When the role may not merge customers, another run is at work, or the records cannot be written.
pub async fn start(
    services: &Services,
    actor: &Actor,
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
) -> Result<(), Problem> {
    authorise(actor, Action::MergeCustomers)?;
    let store = services.store().clone();
    let run = begin(&store, Some(actor.user), clock()).await?;
    tokio::spawn(async move {
        if let Err(problem) = finish(&store, run, &*clock).await {
            tracing::warn!(%problem, "looking for duplicates failed");
        }
    });
    Ok(())
}

/// Looks through all customers and keeps what is found for the page. Gives how many customers and pairs there are.
///
/// # Errors
/// When another run is at work, or the records cannot be read or written.
pub async fn keep(
    services: &Services,
    clock: &(dyn Fn() -> Instant + Sync),
) -> Result<(usize, usize), Problem> {
    let run = begin(services.store(), None, clock()).await?;
    finish(services.store(), run, clock).await
}

async fn begin(store: &Store, by: Option<UserId>, now: Instant) -> Result<i64, Problem> {
    let run = store.begin_duplicate_run(by, now, now.plus_seconds(-DEAD_AFTER)).await?;
    run.ok_or_else(problem::duplicates_sought)
}

async fn finish(
    store: &Store,
    run: i64,
    clock: &(dyn Fn() -> Instant + Sync),
) -> Result<(usize, usize), Problem> {
    match undecided(store).await {
        Ok((customers, pairs)) => {
            store.end_duplicate_run(run, customers, &pairs, clock()).await?;
            Ok((customers, pairs.len()))
        }
        Err(problem) => {
            store.fail_duplicate_run(run, &problem.to_string(), clock()).await?;
            Err(problem)
        }
    }
}

/// The pairs that were not decided to be two customers, as they are now.
async fn undecided(store: &Store) -> Result<(usize, Vec<FoundPair>), Problem> {
    let decided = store.decided_duplicates().await?;
    let (customers, pairs) = pairs(store).await?;
    let found = pairs.iter().filter_map(|pair| {
        let (first, second) = (&customers[pair.first], &customers[pair.second]);
        let of = (first.id, second.id);
        let still = decided.get(&of).is_some_and(|then| then[..] == compared(first, second)[..]);
        let why = pair.evidence;
        (!still).then_some(FoundPair {
            customers: of,
            probability: pair.probability,
            bits: [why.name, why.branch, why.credit_code, why.contact],
        })
    });
    Ok((customers.len(), found.collect()))
}

async fn pairs(store: &Store) -> Result<(Vec<Registration>, Vec<Pair>), Problem> {
    let survivors = store.survivors().await?;
    let mut customers = store.registrations().await?;
    customers.retain(|customer| !survivors.contains_key(&customer.id));
    off_thread(move || {
        let phones: Vec<Vec<&str>> = customers.iter().map(phones).collect();
        let records: Vec<Record<'_>> =
            customers.iter().zip(&phones).map(|(one, phones)| record(one, phones)).collect();
        let mut pairs = Base::new(&records).pairs(QUEUE);
        pairs.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        drop(records);
        drop(phones);
        Ok((customers, pairs))
    })
    .await
}

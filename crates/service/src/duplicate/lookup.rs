//! What the base can be looked up by, in memory: read once, then kept up with what changes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::Problem;
use domain::id::CustomerId;
use hashbrown::HashMap;
use science::duplicates::{Lookup, Record};
use store::Store;
use store::customer::Registration;
use store::duplicate::Mark;
use tokio::sync::Mutex;

use crate::services::off_thread;

/// So many changes are taken in one by one; after more, such as an import, everything is read again.
const FEW: u32 = 20_000;

/// What is compared of a customer.
pub fn record<'r>(registration: &'r Registration, phones: &'r [&'r str]) -> Record<'r> {
    Record {
        name: &registration.name,
        credit_code: registration.credit_code.as_deref(),
        phones,
        address: registration.address.as_deref(),
    }
}

/// The telephone numbers of a customer as they are compared.
pub fn phones(registration: &Registration) -> Vec<&str> {
    registration.phones.iter().map(String::as_str).collect()
}

/// Every customer, by what it can be found by.
pub struct Known {
    /// The state of the records that it is of.
    records: i64,
    mark: Mark,
    pub lookup: Lookup,
    /// By place; those that were changed stand after the others.
    pub ids: Vec<CustomerId>,
    /// The first of `ids`, as they were read at once, are in order …
    sorted: usize,
    /// … and these come after.
    later: HashMap<CustomerId, usize>,
}

impl Known {
    /// The place of a customer.
    pub fn place(&self, customer: CustomerId) -> Option<usize> {
        let place = || self.ids[..self.sorted].binary_search(&customer).ok();
        self.later.get(&customer).copied().or_else(place)
    }

    fn new(records: i64, mark: Mark, customers: &[Registration]) -> Self {
        let phones: Vec<Vec<&str>> = customers.iter().map(phones).collect();
        let compared: Vec<Record<'_>> =
            customers.iter().zip(&phones).map(|(customer, phones)| record(customer, phones)).collect();
        let ids: Vec<CustomerId> = customers.iter().map(|customer| customer.id).collect();
        let lookup = Lookup::new(&compared);
        Self { records, mark, lookup, sorted: ids.len(), ids, later: HashMap::new() }
    }

    /// Puts a customer as it is now in the place of what it was.
    fn replace(&mut self, customer: &Registration) {
        if let Some(place) = self.place(customer.id) {
            self.lookup.remove(place);
        }
        self.later.insert(customer.id, self.ids.len());
        self.ids.push(customer.id);
        self.lookup.push(&record(customer, &phones(customer)));
    }
}

/// The one in use.
#[derive(Clone, Default)]
pub struct LookupHolder {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    current: RwLock<Option<Known>>,
    /// Held by who brings it up to date.
    refreshing: Mutex<()>,
    /// Everything is being read again.
    is_read_again: AtomicBool,
}

impl LookupHolder {
    /// Asks something of the base as the records are now. While everything is read again, after an import, the base before
    /// it answers; only the very first to ask waits.
    pub async fn ask<T: Send + 'static>(
        &self,
        store: &Store,
        question: impl FnOnce(&Known) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.keep_up(store).await?;
        let shared = Arc::clone(&self.shared);
        off_thread(move || {
            let current = shared.current.read().unwrap_or_else(PoisonError::into_inner);
            current.as_ref().map(question).ok_or_else(|| Problem::internal("the base was not read"))
        })
        .await
    }

    async fn keep_up(&self, store: &Store) -> Result<(), Problem> {
        let records = store.versions().await?.records;
        let is_current = |shared: &Shared| shared.state().map(|(known, _)| known == records);
        let is_settled = |shared: &Shared| match is_current(shared) {
            Some(true) => true,
            Some(false) => shared.is_read_again.load(Ordering::Acquire),
            None => false,
        };
        if is_settled(&self.shared) {
            return Ok(());
        }
        let _refreshing = self.shared.refreshing.lock().await;
        if is_settled(&self.shared) {
            return Ok(());
        }
        let Some((_, mark)) = self.shared.state() else {
            return self.shared.read_all(store).await;
        };
        // What comes in between is met twice, which changes nothing.
        let (records, new_mark) = (store.versions().await?.records, store.duplicate_mark().await?);
        let changed = store.changed_since(mark, FEW + 1).await?;
        if changed.len() > FEW as usize {
            self.shared.is_read_again.store(true, Ordering::Release);
            let (shared, store) = (Arc::clone(&self.shared), store.clone());
            tokio::spawn(async move {
                if let Err(problem) = shared.read_all(&store).await {
                    tracing::warn!(%problem, "the base of duplicates could not be read again");
                }
                shared.is_read_again.store(false, Ordering::Release);
            });
            return Ok(());
        }
        let changed = store.registered(&changed).await?;
        let shared = Arc::clone(&self.shared);
        off_thread(move || {
            let mut current = shared.current.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = current.as_mut() {
                changed.iter().for_each(|customer| known.replace(&customer.registration));
                (known.records, known.mark) = (records, new_mark);
            }
            Ok(())
        })
        .await
    }
}

impl Shared {
    fn state(&self) -> Option<(i64, Mark)> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().map(|known| (known.records, known.mark))
    }

    async fn read_all(self: &Arc<Self>, store: &Store) -> Result<(), Problem> {
        let (records, mark) = (store.versions().await?.records, store.duplicate_mark().await?);
        let customers = store.registrations().await?;
        let shared = Arc::clone(self);
        off_thread(move || {
            let known = Known::new(records, mark, &customers);
            *shared.current.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
            Ok(())
        })
        .await
    }
}

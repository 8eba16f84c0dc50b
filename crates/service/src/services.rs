//! What use cases work with.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::cycle::Base;
use domain::engine::{Engine, Manifest};
use domain::id::{CustomerId, SessionId, StaffId};
use domain::policy::Action;
use domain::rules::RuleBook;
use domain::sign_in::SignIn;
use domain::{Date, Month, Problem, ProblemKind, date};
use store::Store;
use store::customer::CustomerEntry;
use tokio::sync::Semaphore;

use crate::actor::Through;
use crate::customer::index::{CustomerIndex, IndexHolder};
use crate::duplicate::lookup::LookupHolder;
use crate::sheet_import::runs::SheetRuns;
use crate::{Actor, problem};

/// Records, engine and read models.
pub struct Services {
    data_dir: PathBuf,
    store: Store,
    engine: Arc<dyn Engine>,
    rules: Arc<RuleBook>,
    index: IndexHolder,
    pub(crate) lookup: LookupHolder,
    pub(crate) sheets: SheetRuns,
    /// Each hashing of a password takes a core and 19 MiB for a while: few at once.
    pub(crate) hashing: Semaphore,
}

/// Passwords hashed at once.
const HASHING: usize = 2;

impl Services {
    /// Opens the data folder, making it if it is not there.
    ///
    /// # Errors
    /// When the folder or its records cannot be opened.
    pub async fn open(data_dir: &Path, engine: Arc<dyn Engine>, rules: RuleBook) -> Result<Self, Problem> {
        Ok(Self {
            data_dir: data_dir.to_owned(),
            store: Store::open(data_dir).await?,
            engine,
            rules: Arc::new(rules),
            index: IndexHolder::default(),
            lookup: LookupHolder::default(),
            sheets: SheetRuns::default(),
            hashing: Semaphore::new(HASHING),
        })
    }

    /// The data folder.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The analytics engine.
    #[must_use]
    pub fn engine(&self) -> &Arc<dyn Engine> {
        &self.engine
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Arc<RuleBook> {
        &self.rules
    }

    /// The files that hold good now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn manifest(&self) -> Result<Manifest, Problem> {
        Ok(self.store.manifest().await?)
    }

    /// What a cycle from `first` on reads of the records.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn base(&self, first: Month) -> Result<Base, Problem> {
        Ok(self.store.base(first, &self.rules.default).await?)
    }

    /// The operator's code of every customer, sorted by id.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_codes(&self) -> Result<Vec<(CustomerId, String)>, Problem> {
        Ok(self.store.customer_codes().await?)
    }

    /// Whose list each customer is on: its manager's, or its unit's pool; a number for each list.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_lists(&self) -> Result<HashMap<CustomerId, i64>, Problem> {
        let mut lists = HashMap::new();
        let mut take = |customer: CustomerEntry<'_>| {
            // Units below zero, so that no pool has a manager's number.
            let list = customer.manager.map_or(-customer.unit.get(), StaffId::get);
            lists.insert(customer.id, list);
        };
        self.store.scan_customers(&mut take).await?;
        Ok(lists)
    }

    /// The customer with this code.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_by_code(&self, code: &str) -> Result<Option<CustomerId>, Problem> {
        Ok(self.store.customer_by_code(code).await?)
    }

    /// Reads the list of customers into memory ahead of the first request.
    ///
    /// # Errors
    /// When the records or the lake cannot be read.
    pub async fn warm_up(&self) -> Result<(), Problem> {
        self.customers().await.map(drop)
    }

    /// Whether a data folder has records.
    #[must_use]
    pub fn are_in(data_dir: &Path) -> bool {
        Store::is_in(data_dir)
    }

    /// The rules of passwords and sessions.
    #[must_use]
    pub fn sign_in_rules(&self) -> &SignIn {
        &self.rules.default.sign_in
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The list of customers as records and published months are now; see [`IndexHolder::get`].
    pub(crate) async fn customers(&self) -> Result<Arc<CustomerIndex>, Problem> {
        self.index.get(&self.store, &self.engine, &self.rules).await
    }
}

/// Refuses what the actor's role may not do; a refusal looks like something that is not there.
pub(crate) fn authorise(actor: &Actor, action: Action) -> Result<(), Problem> {
    if actor.may(action) { Ok(()) } else { Err(problem::not_found()) }
}

/// The session of an actor who looks after their own account; no program does that for anyone.
pub(crate) fn own_session(actor: &Actor) -> Result<SessionId, Problem> {
    match actor.through {
        Through::Session(session) => Ok(session),
        Through::Token(_) => Err(problem::not_found()),
    }
}

/// Thirty-two bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Text in memory takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Characters of a reason.
pub const LONGEST_REASON: usize = 200;

/// What a person wrote in a line, in a form that can be kept; none if nothing is left of it.
pub(crate) fn words_of(text: &str) -> Option<String> {
    let words: String = text.trim().chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect();
    (!words.is_empty()).then_some(words)
}

/// What something is wanted for.
pub(crate) fn reason_of(text: &str) -> Result<String, Problem> {
    words_of(text).ok_or_else(problem::no_reason)
}

/// Days ahead that something may last which is given for a time.
pub const LONGEST_TERM: i64 = 366;

/// A day, `YYYY-MM-DD`, from today up to [`LONGEST_TERM`] days ahead.
pub(crate) fn day_within(text: &str, today: Date) -> Option<Date> {
    let day: Date = text.trim().parse().ok()?;
    (0..=LONGEST_TERM).contains(&(date::days(day) - date::days(today))).then_some(day)
}

/// The row of a customer that was named by its code and that the actor sees; what is not there is told of beside what was
/// typed.
pub(crate) async fn row_in_sight(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    code: &str,
) -> Result<usize, Problem> {
    let row = services.store().customer_by_code(code).await?.and_then(|customer| index.found_at(customer));
    let row = row.filter(|&row| index.is_in(row, &actor.scope));
    row.ok_or_else(|| Problem { kind: ProblemKind::BadInput, ..problem::no_customer(code) })
}

/// Runs work that computes or reads files, off the threads that serve.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

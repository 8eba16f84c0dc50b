//! Running the cycle: which months, in which order, published one by one.

use std::sync::Arc;

use domain::engine::Explanation;
use domain::id::{CustomerId, CycleId};
use domain::progress::Progress;
use domain::{Instant, Lang, Month, Problem};

use crate::Services;

/// Which months to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleOptions {
    /// This one only.
    pub month: Option<Month>,
    /// All months from the first on, published or not.
    pub all: bool,
    /// The language in which a failure is kept on the record.
    pub lang: Lang,
}

/// What a cycle did.
#[derive(Debug, Clone, PartialEq)]
pub struct CycleReport {
    /// Which run; none when there was nothing to compute.
    pub cycle: Option<CycleId>,
    /// The months published, in order.
    pub months: Vec<MonthReport>,
    /// Published months that are still out of date.
    pub stale: Vec<Month>,
    /// How long it took.
    pub duration_ms: u64,
}

/// One published month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthReport {
    /// The month.
    pub month: Month,
    /// Customers assessed.
    pub customers: u64,
    /// Whether it had been published before.
    pub corrected: bool,
    /// How long it took to compute.
    pub duration_ms: u64,
}

/// Runs the cycle. By default: every month after the last published one up to the last with usage, and before
/// them those that went out of date.
///
/// # Errors
/// When another run is at work, there is no usage, a month before is missing, or something cannot be read or
/// written. Months published before the failure stay good.
pub async fn run(
    _services: &Services,
    _options: CycleOptions,
    _started: Instant,
    _clock: &(dyn Fn() -> Instant + Send + Sync),
    _progress: Arc<dyn Progress>,
) -> Result<CycleReport, Problem> {
    Err(Problem::internal("not written yet"))
}

/// The whole reasoning for the customer with this code, over the published months or those given.
///
/// # Errors
/// When there is no such customer or month, or a file cannot be read.
pub async fn explain(
    _services: &Services,
    _customer_code: &str,
    _months: Option<(Month, Month)>,
) -> Result<(CustomerId, Vec<Explanation>), Problem> {
    Err(Problem::internal("not written yet"))
}

//! Imports and cycles: what came in, what was refused, what was computed.

pub mod show;

use domain::id::{CycleId, ImportId};
use domain::import::RowProblem;
use domain::{Instant, Month};

/// The page: newest first, at most 50 of each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DataView {
    /// Imports.
    pub imports: Vec<ImportRow>,
    /// Cycles.
    pub cycles: Vec<CycleRow>,
    /// Months with facts that changed since they were computed.
    pub stale: Vec<Month>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Still at it.
    Running,
    /// Done.
    Done,
    /// Refused for what came in; nothing was stored.
    Refused,
    /// Broke off; nothing was stored.
    Failed,
}

/// An import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Which.
    pub id: ImportId,
    /// The folder.
    pub folder: String,
    /// Began.
    pub started_at: Instant,
    /// Ended.
    pub ended_at: Option<Instant>,
    /// How.
    pub state: RunState,
    /// Rows read.
    pub rows_read: u64,
    /// New rows.
    pub rows_added: u64,
    /// Changed rows.
    pub rows_changed: u64,
    /// Bad rows.
    pub rows_bad: u64,
    /// Bad rows one by one, at most 20 here.
    pub problems: Vec<RowProblem>,
    /// What failed, if it did: kept in the language of the run.
    pub failure: Option<String>,
}

/// A cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct CycleRow {
    /// Which.
    pub id: CycleId,
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
    /// Began.
    pub started_at: Instant,
    /// Ended.
    pub ended_at: Option<Instant>,
    /// How.
    pub state: RunState,
    /// Months published.
    pub months_done: u32,
    /// Customers assessed in the last month.
    pub customers: u64,
    /// What failed, if it did.
    pub failure: Option<String>,
}

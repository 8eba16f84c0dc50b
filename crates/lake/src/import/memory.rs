//! What an import has to keep in memory until it ends, and how much that may be.

use domain::{Message, Problem, ProblemKind};
use sysinfo::{MemoryRefreshKind, RefreshKind, System};

/// Where the machine does not tell what it has.
const UNKNOWN_MACHINE: u64 = 4 << 30;

/// Half of the memory that this machine, or the container, has to give now: the other half is for the months that
/// are written at the same time and for the records.
pub(super) fn half_of_what_is_there() -> usize {
    let refreshed = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    let there = System::new_with_specifics(refreshed).ok().and_then(|system| {
        let container = system.cgroup_limits().map(|limits| limits.free_memory);
        container.into_iter().chain([system.available_memory()]).filter(|free| *free > 0).min()
    });
    let there = there.unwrap_or(UNKNOWN_MACHINE);
    usize::try_from(there / 2).unwrap_or(usize::MAX)
}

/// A measure of what is kept.
#[derive(Debug)]
pub(super) struct Memory {
    most: usize,
    held: usize,
}

impl Memory {
    /// Nothing is kept yet, and at most so many bytes may be.
    pub(super) fn new(most: usize) -> Self {
        Self { most, held: 0 }
    }

    /// So many more bytes, out of a file, are kept.
    pub(super) fn take(&mut self, file: &str, bytes: usize) -> Result<(), Problem> {
        self.held += bytes;
        if self.held > self.most { Err(self.exhausted(file)) } else { Ok(()) }
    }

    /// So many bytes are kept no longer.
    pub(super) fn give_back(&mut self, bytes: usize) {
        self.held = self.held.saturating_sub(bytes);
    }

    /// Bytes that are kept.
    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// Bytes that may still be kept.
    pub(super) fn left(&self) -> usize {
        self.most.saturating_sub(self.held)
    }

    /// A file is too large.
    pub(super) fn exhausted(&self, file: &str) -> Problem {
        let cause = Message::new("problem-import-memory").with("file", file).with("limit", self.most >> 20);
        Problem::new(ProblemKind::Environment, cause).hint(Message::new("hint-import-memory"))
    }
}

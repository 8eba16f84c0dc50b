//! Facts and the cycle: the only crate that names DataFusion or Arrow.

mod assessments;
mod atomic;
mod cycle;
mod engine;
pub mod export;
pub mod facts;
mod history;
pub mod import;
mod row_groups;
mod state;
mod sweep;

use std::path::{Path, PathBuf};

/// The facts, states and assessments under one data folder.
#[derive(Debug, Clone)]
pub struct Lake {
    root: PathBuf,
    memory: usize,
    footers: history::Footers,
}

/// Memory that the plans of a cycle may take together, in bytes. The carried states come on top: half a gigabyte
/// for a million customers.
const MEMORY: usize = 2 << 30;

impl Lake {
    /// The lake in a data folder, which need not exist yet.
    #[must_use]
    pub fn open(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), memory: MEMORY, footers: history::Footers::default() }
    }

    /// The same with another limit, in bytes, on what the plans of a cycle may take.
    #[must_use]
    pub fn with_memory(self, memory: usize) -> Self {
        Self { memory, ..self }
    }

    /// The data folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

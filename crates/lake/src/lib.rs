//! Facts and the cycle: the only crate that names DataFusion or Arrow.

mod assessments;
mod atomic;
mod cycle;
mod engine;
pub mod export;
pub mod facts;
mod history;
pub mod import;
mod member_sample;
mod members;
mod outdated;
mod parallel;
mod row_groups;
mod sample;
mod state;
mod sweep;
pub mod table;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// The facts, states and assessments under one data folder.
#[derive(Debug, Clone)]
pub struct Lake {
    root: PathBuf,
    limits: Limits,
    footers: history::Footers,
}

/// What a cycle may take. No result depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory of all plans together, in bytes. The carried states come on top: half a gigabyte for a million
    /// customers.
    pub memory: usize,
    /// Most customers computed in one piece: enough that planning does not count, little enough that the pieces
    /// in work stay small and the cores evenly busy.
    pub customers_at_once: usize,
    /// Cores; all there are if none is named.
    pub cores: Option<NonZeroUsize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 2 << 30, customers_at_once: 131_072, cores: None }
    }
}

impl Lake {
    /// The lake in a data folder, which need not exist yet.
    #[must_use]
    pub fn open(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), limits: Limits::default(), footers: history::Footers::default() }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The data folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

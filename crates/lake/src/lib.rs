//! Facts and the cycle: the only crate that names DataFusion or Arrow.

pub mod facts;
pub mod import;

use std::path::{Path, PathBuf};

/// The facts, states and assessments under one data folder.
#[derive(Debug, Clone)]
pub struct Lake {
    root: PathBuf,
}

impl Lake {
    /// The lake in a data folder, which need not exist yet.
    #[must_use]
    pub fn open(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The data folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

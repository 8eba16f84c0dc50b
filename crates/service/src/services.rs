//! What use cases work with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::Problem;
use domain::cycle::Base;
use domain::engine::{Engine, Manifest};
use domain::id::CustomerId;
use domain::rules::RuleBook;

/// Records, engine and read models.
pub struct Services {
    data_dir: PathBuf,
    engine: Arc<dyn Engine>,
    rules: Arc<RuleBook>,
}

impl Services {
    /// Opens the data folder, making it if it is not there.
    ///
    /// # Errors
    /// When the folder or its records cannot be opened.
    pub async fn open(data_dir: &Path, engine: Arc<dyn Engine>, rules: RuleBook) -> Result<Self, Problem> {
        Ok(Self { data_dir: data_dir.to_owned(), engine, rules: Arc::new(rules) })
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
        Err(Problem::internal("not written yet"))
    }

    /// What the cycle reads of the records.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn base(&self) -> Result<Base, Problem> {
        Err(Problem::internal("not written yet"))
    }

    /// The operator's code of every customer, sorted by id.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_codes(&self) -> Result<Vec<(CustomerId, String)>, Problem> {
        Err(Problem::internal("not written yet"))
    }

    /// The customer with this code.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_by_code(&self, _code: &str) -> Result<Option<CustomerId>, Problem> {
        Err(Problem::internal("not written yet"))
    }
}

//! Records: what extracts, users and runs leave behind, in a database. The only SQL text of the house.
//!
//! One file per noun. What is the embedded engine's own stands in [`mod@sqlite`]; the statements elsewhere keep
//! to what PostgreSQL takes as well, as far as there is a common form.

mod base;
mod catalog;
mod error;
mod held;
mod packed;
mod row;
mod schema;
mod sqlite;
mod upsert;

pub mod archive;
pub mod assignment;
pub mod audit;
pub mod collaboration;
pub mod contact;
pub mod contract;
pub mod customer;
pub mod cycle;
pub mod duplicate;
pub mod edit;
pub mod field;
pub mod grant;
pub mod import;
pub mod insight;
pub mod lake_file;
pub mod member;
pub mod merge;
mod message;
pub mod model_card;
pub mod org;
pub mod run;
pub mod search;
pub mod segment;
pub mod service;
pub mod session;
pub mod sheet_import;
pub mod staff;
pub mod tactic;
pub mod ticket;
pub mod timeline;
pub mod token;
pub mod two_factor;
pub mod user;
pub mod version;
pub mod view;
pub mod visit;

use std::path::Path;

pub use error::{Result, StoreError};
pub use upsert::Upserted;

use sqlite::Database;

/// The records of a data folder.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens the records of a data folder, making them if they are not there.
    ///
    /// # Errors
    /// When the folder or the file cannot be made or read, or comes from a newer program.
    pub async fn open(data_dir: &Path) -> Result<Self> {
        Ok(Self { database: Database::open(data_dir).await? })
    }

    /// Whether the records of a data folder are there.
    #[must_use]
    pub fn is_in(data_dir: &Path) -> bool {
        Database::is_in(data_dir)
    }

    /// Records that live as long as this value, for tests.
    ///
    /// # Errors
    /// When there is no memory.
    pub async fn open_in_memory() -> Result<Self> {
        Ok(Self { database: Database::open_in_memory().await? })
    }
}

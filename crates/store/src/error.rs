//! What can go wrong with the records.

use std::path::PathBuf;

use domain::{Message, Problem, ProblemKind};

/// A failure of the records.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The records could not be brought to this program's form.
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value means nothing to this program.
    #[error("`{value}` in {place} of the records")]
    Unreadable {
        /// Table and column.
        place: String,
        /// What stands there.
        value: String,
    },
    /// The data folder could not be made.
    #[error("{path}: {error}")]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
}

/// What the records give.
pub type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    /// A stored value that cannot be read.
    pub(crate) fn unreadable(place: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Unreadable { place: place.into(), value: value.into() }
    }

    /// Whether a row was refused because one with the same key is there.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    fn database_code(&self) -> Option<String> {
        let error = match self {
            Self::Database(error) | Self::Migrate(sqlx::migrate::MigrateError::Execute(error)) => error,
            _ => return None,
        };
        error.as_database_error().and_then(|error| error.code()).map(std::borrow::Cow::into_owned)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if let StoreError::Folder { path, error } = error {
            return Self::io(&path, error);
        }
        let (kind, cause, hint) = match error.database_code().as_deref().map(crate::sqlite::fault) {
            Some(crate::sqlite::Fault::Full) => {
                (ProblemKind::Environment, "problem-records-full", "hint-disk-full")
            }
            Some(crate::sqlite::Fault::Busy) => {
                (ProblemKind::Conflict, "problem-records-busy", "hint-records-busy")
            }
            Some(crate::sqlite::Fault::Denied) => {
                (ProblemKind::Environment, "problem-records-denied", "hint-file-denied")
            }
            Some(crate::sqlite::Fault::Damaged) => {
                (ProblemKind::Environment, "problem-records-damaged", "hint-records-damaged")
            }
            Some(crate::sqlite::Fault::Disk) => {
                (ProblemKind::Environment, "problem-records-disk", "hint-records-disk")
            }
            Some(crate::sqlite::Fault::Other) | None => match &error {
                StoreError::Migrate(_) => {
                    (ProblemKind::Environment, "problem-records-version", "hint-records-version")
                }
                _ => return Self::internal(error),
            },
        };
        Self::new(kind, Message::new(cause)).hint(Message::new(hint)).because(error)
    }
}

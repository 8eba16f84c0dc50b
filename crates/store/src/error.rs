//! What can go wrong with the records.

use std::path::PathBuf;

use domain::{Message, Problem, ProblemKind};

use crate::sqlite::{self, Fault};

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
        let fault = error.database_code().map_or(Fault::Other, |code| sqlite::fault(&code));
        let Some((kind, cause, hint)) = words(fault, matches!(error, StoreError::Migrate(_))) else {
            return Self::internal(error);
        };
        Self::new(kind, Message::new(cause)).hint(Message::new(hint)).because(error)
    }
}

/// Kind, cause and hint of a fault; none for what is our own mistake.
fn words(fault: Fault, migrating: bool) -> Option<(ProblemKind, &'static str, &'static str)> {
    use ProblemKind::{Conflict, Environment};
    match fault {
        Fault::Full => Some((Environment, "problem-records-full", "hint-disk-full")),
        Fault::Busy => Some((Conflict, "problem-records-busy", "hint-records-busy")),
        Fault::Denied => Some((Environment, "problem-records-denied", "hint-file-denied")),
        Fault::Damaged => Some((Environment, "problem-records-damaged", "hint-records-damaged")),
        Fault::Disk => Some((Environment, "problem-records-disk", "hint-records-disk")),
        Fault::Other if migrating => Some((Environment, "problem-records-version", "hint-records-version")),
        Fault::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Lang;

    #[test]
    fn every_fault_has_its_words_in_both_languages() {
        // Codes of SQLite: full, busy, read-only, cannot open, corrupt, not a database, input or output.
        for code in ["13", "5", "8", "14", "11", "26", "10", "778", "4874", "1"] {
            let fault = sqlite::fault(code);
            for migrating in [false, true] {
                let Some((_, cause, hint)) = words(fault, migrating) else {
                    assert_eq!((code, migrating), ("1", false));
                    continue;
                };
                for lang in Lang::ALL {
                    assert!(text::has(lang, cause) && text::has(lang, hint), "{cause} {hint}");
                }
            }
        }
    }
}

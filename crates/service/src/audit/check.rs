//! Checking that what was kept still stands.

use std::path::PathBuf;

use domain::Problem;
use domain::progress::Progress;
use store::session::Hash;

use super::AuditCheck;
use crate::Services;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The entries of the records.
    pub records: AuditCheck,
    /// The entries of sessions.
    pub sessions: AuditCheck,
    /// How many files hold good.
    pub files: usize,
    /// Those of them that are not there, relative to the data folder.
    pub missing: Vec<PathBuf>,
}

/// Checks the seals of the audit, and that every file of the lake that holds good is there; `asked` is the last seal of
/// an earlier check, to be found again.
///
/// # Errors
/// When something cannot be read.
pub async fn run(
    services: &Services,
    asked: Option<Hash>,
    progress: &dyn Progress,
) -> Result<Checked, Problem> {
    let store = services.store();
    let records = store.check_audit(false, asked, progress).await?;
    let sessions = store.check_audit(true, asked, progress).await?;
    let manifest = services.manifest().await?;
    let missing = manifest.files().map(|file| &file.path);
    let missing = missing.filter(|path| !services.data_dir().join(path).exists()).cloned().collect();
    Ok(Checked { records, sessions, files: manifest.files().count(), missing })
}

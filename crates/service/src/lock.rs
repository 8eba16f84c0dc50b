//! One import or cycle at a time, across processes.

use std::fs::{File, TryLockError};
use std::path::Path;

use domain::Problem;

use crate::problem;

/// Held while an import or a cycle works on a data folder; released when dropped or when the process ends.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock of a data folder.
    pub fn take(data_dir: &Path) -> Result<Self, Problem> {
        let path = data_dir.join("tenure.lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| Problem::io(&path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(problem::run_at_work(data_dir.display().to_string())),
            Err(TryLockError::Error(error)) => Err(Problem::io(&path, error)),
        }
    }
}

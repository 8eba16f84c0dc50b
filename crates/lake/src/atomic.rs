//! Files that are whole or not there, and what to say when one is not readable.

use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use domain::{Message, Problem, ProblemKind};

/// What unfinished files are called: such a file is never read, and swept.
const UNFINISHED: &str = "unfinished";

/// Writes a file under another name, makes sure that it is on the disk, and only then gives it its name.
/// A failure leaves nothing behind, a killed process a file that nobody reads.
pub(crate) fn write<T>(path: &Path, fill: impl FnOnce(&File) -> Result<T, Problem>) -> Result<T, Problem> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).map_err(|error| Problem::io(folder, error))?;
    }
    let unfinished = unfinished_name(path);
    let written = fill_and_name(path, &unfinished, fill);
    if written.is_err() {
        // The first failure is the one to tell of.
        let _ = fs::remove_file(&unfinished);
        return written;
    }
    if let Some(folder) = folder {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| Problem::io(folder, error))?;
    }
    written
}

fn fill_and_name<T>(
    path: &Path,
    unfinished: &Path,
    fill: impl FnOnce(&File) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let file = File::create(unfinished).map_err(|error| Problem::io(path, error))?;
    let result = fill(&file)?;
    file.sync_all().map_err(|error| Problem::io(path, error))?;
    fs::rename(unfinished, path).map_err(|error| Problem::io(path, error))?;
    Ok(result)
}

fn unfinished_name(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(UNFINISHED);
    path.with_file_name(name)
}

/// A failure of Arrow, Parquet or DataFusion on a file: the disk's own words if it was the disk, else damage.
pub(crate) fn failed(path: &Path, error: impl Error + Send + Sync + 'static) -> Problem {
    if let Some(io) = io_beneath(&error) {
        return Problem::io(path, io::Error::new(io.kind(), io.to_string()));
    }
    let cause = Message::new("problem-lake-damaged")
        .with("file", path.display().to_string())
        .with("error", error.to_string());
    Problem::new(ProblemKind::Environment, cause).hint(Message::new("hint-lake-damaged")).because(error)
}

fn io_beneath<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    let mut error = Some(error);
    while let Some(one) = error {
        if let Some(io) = one.downcast_ref::<io::Error>() {
            return Some(io);
        }
        error = one.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("2025-01/a.parquet");
        write(&path, |mut file| file.write_all(b"old").map_err(|e| Problem::io(&path, e))).expect("written");
        let failed = write(&path, |mut file| -> Result<(), Problem> {
            file.write_all(b"new").map_err(|e| Problem::io(&path, e))?;
            Err(Problem::internal("no more"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).expect("the file"), b"old");
        assert_eq!(fs::read_dir(folder.path().join("2025-01")).expect("the folder").count(), 1);
    }

    #[test]
    fn a_full_disk_is_said_to_be_one() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let problem =
            failed(Path::new("x"), datafusion::parquet::errors::ParquetError::External(Box::new(full)));
        assert_eq!(problem.cause.key, "problem-disk-full");
    }
}

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
    write_if(path, fill, |_| true)
}

/// [`write`], but the file gets its name only if what `fill` gave is `wanted`; else it goes.
pub(crate) fn write_if<T>(
    path: &Path,
    fill: impl FnOnce(&File) -> Result<T, Problem>,
    wanted: impl FnOnce(&T) -> bool,
) -> Result<T, Problem> {
    let folder = folder_of(path);
    make_folder(folder)?;
    let unfinished = unfinished_name(path);
    let written = fill_and_name(path, &unfinished, fill, wanted);
    match written {
        Ok((result, true)) => {
            sync_folder(folder)?;
            Ok(result)
        }
        Ok((result, false)) => {
            fs::remove_file(&unfinished).map_err(|error| Problem::io(path, error))?;
            Ok(result)
        }
        Err(problem) => {
            // The first failure is the one to tell of.
            let _ = fs::remove_file(&unfinished);
            Err(problem)
        }
    }
}

fn fill_and_name<T>(
    path: &Path,
    unfinished: &Path,
    fill: impl FnOnce(&File) -> Result<T, Problem>,
    wanted: impl FnOnce(&T) -> bool,
) -> Result<(T, bool), Problem> {
    let failed = |error| Problem::io(path, error);
    let file = File::create(unfinished).map_err(failed)?;
    let result = fill(&file)?;
    if !wanted(&result) {
        return Ok((result, false));
    }
    file.sync_all().map_err(failed)?;
    fs::rename(unfinished, path).map_err(failed)?;
    Ok((result, true))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a folder, with those above it, such that a power cut does not take them away again.
fn make_folder(folder: &Path) -> Result<(), Problem> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder_of(folder);
    make_folder(above)?;
    match fs::create_dir(folder) {
        Err(_) if folder.is_dir() => Ok(()),
        Err(error) => Err(Problem::io(folder, error)),
        Ok(()) => sync_folder(above),
    }
}

/// Names are kept in the folder: without this a power cut may take a new one away.
fn sync_folder(folder: &Path) -> Result<(), Problem> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Problem::io(folder, error))
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

/// A failure to write CSV: the disk's own words.
pub(crate) fn csv_failed(path: &Path, error: csv::Error) -> Problem {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Problem::io(path, error),
        other => Problem::io(path, io::Error::other(format!("{other:?}"))),
    }
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
    fn what_is_not_wanted_gets_no_name_and_folders_are_made_on_the_way() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b/c.parquet");
        let rows = write_if(&path, |_| Ok(0), |rows| *rows > 0).expect("nothing to write");
        assert_eq!(rows, 0);
        assert_eq!(fs::read_dir(folder.path().join("a/b")).expect("the folder").count(), 0);
        write_if(&path, |_| Ok(1), |rows| *rows > 0).expect("written");
        assert!(path.is_file());
        let in_the_way = write(&path.join("d"), |_| Ok(())).expect_err("a file is no folder");
        assert!(in_the_way.to_string().contains("c.parquet"), "{in_the_way}");
    }

    #[test]
    fn a_full_disk_is_said_to_be_one() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let problem =
            failed(Path::new("x"), datafusion::parquet::errors::ParquetError::External(Box::new(full)));
        assert_eq!(problem.cause.key, "problem-disk-full");
    }
}

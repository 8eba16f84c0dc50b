//! Deletes what killed runs left: files of the data folder that no manifest names.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::Problem;
use domain::engine::Manifest;

/// The folders that hold nothing but files named in a manifest, and what runs spill while they last.
const FOLDERS: [&str; 7] = ["facts", "state", "samples", "assessments", "members", "member_samples", "spill"];

/// Deletes every file of the lake's folders that the manifest does not name, and folders left empty.
pub(crate) fn run(root: &Path, manifest: &Manifest) -> Result<(), Problem> {
    let named: HashSet<PathBuf> = manifest.files().map(|file| root.join(&file.path)).collect();
    for folder in FOLDERS {
        let folder = root.join(folder);
        if folder.is_dir() {
            sweep(&folder, &named)?;
        }
    }
    Ok(())
}

/// Answers whether the folder is empty now.
fn sweep(folder: &Path, named: &HashSet<PathBuf>) -> Result<bool, Problem> {
    let failed = |error: io::Error| Problem::io(folder, error);
    let mut empty = true;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let gone = if entry.file_type().map_err(failed)?.is_dir() {
            let emptied = sweep(&path, named)?;
            if emptied {
                fs::remove_dir(&path).map_err(|error| Problem::io(&path, error))?;
            }
            emptied
        } else if named.contains(&path) {
            false
        } else {
            fs::remove_file(&path).map_err(|error| Problem::io(&path, error))?;
            true
        };
        empty &= gone;
    }
    Ok(empty)
}

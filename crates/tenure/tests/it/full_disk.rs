//! A disk that is really full: what fails says so by file and with what to do, nothing is half stored, and once there
//! is room the same command does its work.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::world::{EXTRACT, error_text, tenure, text};

/// Megabytes of the disk; an import and a cycle of the sample operator need about 8.
const SIZE: u64 = 32;

/// A small disk of its own, gone with the test.
struct Disk {
    mounted: tempfile::TempDir,
}

impl Disk {
    /// Nothing where it may not be mounted, which takes root and is not given in every container.
    fn mount() -> Option<Self> {
        let mounted = tempfile::tempdir().expect("a folder");
        let size = format!("size={SIZE}m");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tenure-test"]).arg(mounted.path());
        if !mount.output().is_ok_and(|done| done.status.success()) {
            eprintln!("skipped: no disk can be mounted here; run as root to see what a full disk does");
            return None;
        }
        Some(Self { mounted })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.mounted.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Fills the disk up to so many kilobytes.
    fn leave(&self, kilobytes: u64) {
        use std::io::Write;
        self.free();
        let mut ballast = File::create(self.path("ballast")).expect("a file");
        let block = [0; 1024];
        while ballast.write_all(&block).is_ok() {}
        let filled = ballast.metadata().expect("its size").len();
        ballast.set_len(filled.saturating_sub(kilobytes * 1024)).expect("shortened");
    }

    fn free(&self) {
        let _ = fs::remove_file(self.path("ballast"));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.mounted.path()).output();
    }
}

/// Files below a folder, those of the database aside.
fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        let name = path.display().to_string();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if !name.contains(".sqlite") && !name.ends_with("tenure.lock") {
            files.push(name);
        }
    }
    files
}

/// Runs a command that must fail for want of room and say where and what to do.
fn refused(arguments: &[&str], left: u64) {
    let output = tenure(arguments);
    let said = error_text(&output);
    assert_eq!(output.status.code(), Some(1), "{left} KB left: {said}");
    assert!(said.contains("磁盘已满") && said.contains("请清理磁盘"), "{left} KB left: {said}");
    let names_file = ["records.sqlite", ".parquet", ".csv", ".xlsx"].iter().any(|name| said.contains(name));
    assert!(names_file && !said.contains("ZipWriter"), "{left} KB left: {said}");
}

#[test]
fn an_import_stores_nothing_and_goes_through_once_there_is_room() {
    let Some(disk) = Disk::mount() else { return };
    let (data, extract) = (disk.text("data"), EXTRACT.display().to_string());
    let import = ["import", &*extract, "--data", &data, "--json"];
    // No room for the records at all, for the months of facts, and for the rows in the one transaction.
    for left in [0, 100, 500, 1_000, 2_000] {
        let _ = fs::remove_dir_all(disk.path("data"));
        disk.leave(left);
        refused(&import, left);
        assert_eq!(files(&disk.path("data")), Vec::<String>::new(), "{left} KB left");
        disk.free();
        let done = tenure(&import);
        assert!(done.status.success(), "{left} KB left: {}", error_text(&done));
        assert!(text(&done).contains(r#""rows_changed":0,"#), "{}", text(&done));
        assert!(!text(&done).contains(r#""rows_added":0,"#), "{}", text(&done));
    }
}

#[test]
fn a_cycle_keeps_what_it_published_and_goes_on_once_there_is_room() {
    let Some(disk) = Disk::mount() else { return };
    let (data, extract, out) = (disk.text("data"), EXTRACT.display().to_string(), disk.text("out.csv"));
    let export = ["export", "assessments", "-o", &*out, "--data", &data];
    assert!(tenure(&["import", &extract, "--data", &data]).status.success());
    assert!(tenure(&["cycle", "--data", &data]).status.success());
    assert!(tenure(&export).status.success());
    let whole = fs::read_to_string(&out).expect("the export");

    for left in [0, 40, 500] {
        fs::remove_dir_all(disk.path("data")).expect("removed");
        fs::remove_file(&out).expect("removed");
        assert!(tenure(&["import", &extract, "--data", &data]).status.success());
        disk.leave(left);
        refused(&["cycle", "--data", &data], left);
        disk.free();
        if tenure(&export).status.success() {
            let before = fs::read_to_string(&out).expect("the export");
            assert!(whole.starts_with(&before), "{left} KB left: published months changed");
        }
        let done = tenure(&["cycle", "--data", &data]);
        assert!(done.status.success(), "{left} KB left: {}", error_text(&done));
        assert!(tenure(&export).status.success());
        assert_eq!(fs::read_to_string(&out).expect("the export"), whole, "{left} KB left");
    }
}

#[test]
fn an_export_leaves_the_file_before_as_it_was() {
    let Some(disk) = Disk::mount() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (data, extract) = (folder.path().join("data").display().to_string(), EXTRACT.display().to_string());
    assert!(tenure(&["import", &extract, "--data", &data]).status.success());
    assert!(tenure(&["cycle", "--data", &data]).status.success());
    for format in ["csv", "parquet", "xlsx"] {
        let name = format!("out.{format}");
        let out = disk.text(&name);
        let export = ["export", "assessments", "--format", format, "-o", &*out, "--data", &data];
        fs::write(&out, "of last month").expect("written");
        for left in [0, 50] {
            disk.leave(left);
            refused(&export, left);
            disk.free();
            assert_eq!(files(disk.mounted.path()), std::slice::from_ref(&out), "{left} KB left");
            assert_eq!(fs::read_to_string(&out).expect("the file"), "of last month", "{left} KB left");
        }
        let done = tenure(&export);
        assert!(done.status.success(), "{}", error_text(&done));
        fs::remove_file(&out).expect("removed");
    }
}

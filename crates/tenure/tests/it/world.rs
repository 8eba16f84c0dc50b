//! A data folder, the binary, and a sample operator made once for all tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

/// A small operator in the extract format: 300 customers, 24 months.
pub static EXTRACT: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("extract-{}", std::process::id()));
    let out = folder.to_str().expect("a path").to_owned();
    let made = tenure(&["simulate", "--customers", "300", "--months", "24", "--seed", "11", "--out", &out]);
    assert!(made.status.success(), "{}", error_text(&made));
    folder
});

/// Runs the binary in Chinese.
pub fn tenure(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the binary runs")
}

/// The binary, about to run.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenure"));
    command.args(arguments).env("LANG", "C.UTF-8").env_remove("LC_ALL").stdin(Stdio::null());
    command
}

pub fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn error_text(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// A copy of the sample extract that a test may spoil.
pub fn copy_of_extract(to: &Path) {
    copy(&EXTRACT, to);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the extract") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

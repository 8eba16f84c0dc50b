//! A cycle that is killed leaves the last published month untouched and starts again cleanly.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::world::{EXTRACT, command, error_text, tenure, text};

fn export(data: &str, to: &Path) -> String {
    let out = to.display().to_string();
    let exported = tenure(&["export", "assessments", "--month", "all", "-o", &out, "--data", data]);
    assert!(exported.status.success(), "{}", error_text(&exported));
    fs::read_to_string(to).expect("the export")
}

fn months_of(csv: &str) -> usize {
    let mut months: Vec<&str> = csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    months.dedup();
    months.len()
}

#[test]
fn a_killed_cycle_goes_on_where_it_was_and_ends_with_the_same_results() {
    let folder = tempfile::tempdir().expect("a folder");
    let extract = EXTRACT.display().to_string();
    let folders = ["killed", "whole"].map(|name| folder.path().join(name).display().to_string());
    for data in &folders {
        assert!(tenure(&["import", &extract, "--data", data]).status.success());
    }
    let [killed, whole] = &folders;

    // Killed at different depths: whatever is under way then, what was published before stays and nothing else.
    for pause in [300, 500, 700] {
        let mut cycle = command(&["cycle", "--data", killed]).spawn().expect("the cycle starts");
        std::thread::sleep(Duration::from_millis(pause));
        cycle.kill().expect("killed");
        cycle.wait().expect("its end");
    }
    let half_way = folder.path().join("half.csv");
    let published =
        tenure(&["export", "assessments", "-o", &half_way.display().to_string(), "--data", killed]);
    let before =
        if published.status.success() { fs::read_to_string(&half_way).expect("read") } else { String::new() };

    let again = tenure(&["cycle", "--data", killed]);
    assert!(again.status.success(), "{}", error_text(&again));
    let rest = tenure(&["cycle", "--data", whole]);
    assert!(rest.status.success(), "{}", error_text(&rest));
    let results = export(killed, &folder.path().join("killed.csv"));
    assert_eq!(months_of(&results), 24);
    assert!(results.starts_with(&before), "published months changed");
    assert_eq!(results, export(whole, &folder.path().join("whole.csv")));
    assert!(text(&tenure(&["cycle", "--data", killed, "--lang", "en"])).contains("Nothing to compute"));
}

//! Bad input ends in a message that names file, line, column and value and what to do, a non-zero exit code, and
//! nothing half stored.

use std::fs;
use std::path::Path;

use crate::world::{copy_of_extract, error_text, tenure, text};

/// Spoils a copy of the extract, imports it, and gives what was said. Afterwards nothing may be stored.
fn refused(spoil: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let extract = folder.path().join("extract");
    copy_of_extract(&extract);
    spoil(&extract);
    let data = folder.path().join("data");
    let data_text = data.display().to_string();
    let output = tenure(&["import", &extract.display().to_string(), "--data", &data_text]);
    assert_eq!(output.status.code(), Some(1), "{}", error_text(&output));
    let facts = data.join("facts");
    assert!(!facts.exists() || files_below(&facts) == 0, "facts were left behind");
    let cycled = tenure(&["cycle", "--data", &data_text]);
    assert_eq!(cycled.status.code(), Some(1), "a cycle without data must fail");
    error_text(&output)
}

fn files_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| if path.is_dir() { files_below(&path) } else { 1 })
        .sum()
}

fn append(file: &Path, line: &str) {
    let mut text = fs::read(file).expect("a file");
    text.extend_from_slice(line.as_bytes());
    fs::write(file, text).expect("written");
}

/// The second line of a table with one field changed.
fn change(file: &Path, column: &str, value: &str) {
    let text = fs::read_to_string(file).expect("a file");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let index = lines[0].trim_start_matches('\u{feff}').split(',').position(|name| name == column);
    let index = index.expect("the column");
    let mut fields: Vec<String> = lines[1].split(',').map(str::to_owned).collect();
    fields[index] = value.to_owned();
    lines[1] = fields.join(",");
    fs::write(file, lines.join("\n") + "\n").expect("written");
}

#[test]
fn a_day_that_does_not_exist() {
    let said = refused(|extract| change(&extract.join("services.csv"), "started_on", "2026-02-30"));
    for part in ["services.csv:2", "started_on", "2026-02-30"] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
}

#[test]
fn a_negative_quantity() {
    let said = refused(|extract| change(&extract.join("services.csv"), "quantity", "-3"));
    for part in ["services.csv:2", "quantity", "-3"] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
}

#[test]
fn an_unknown_code() {
    let said = refused(|extract| change(&extract.join("customers.csv"), "org_code", "nowhere"));
    for part in ["customers.csv:2", "org_code", "nowhere"] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
}

#[test]
fn a_missing_file() {
    let said = refused(|extract| fs::remove_file(extract.join("services.csv")).expect("removed"));
    assert!(said.contains("services"), "{said}");
}

#[test]
fn a_truncated_parquet_file() {
    let said = refused(|extract| {
        fs::remove_file(extract.join("services.csv")).expect("removed");
        fs::write(extract.join("services.parquet"), b"PAR1 and then nothing").expect("written");
    });
    assert!(said.contains("services.parquet"), "{said}");
}

#[test]
fn an_empty_folder() {
    let said = refused(|extract| {
        fs::remove_dir_all(extract).expect("removed");
        fs::create_dir(extract).expect("made");
    });
    assert!(said.contains("失败") || said.contains("错误"), "{said}");
}

#[test]
fn a_duplicate_key() {
    let said = refused(|extract| {
        let file = extract.join("products.csv");
        let second = fs::read_to_string(&file).expect("a file").lines().nth(1).expect("a row").to_owned();
        append(&file, &format!("{second}\n"));
    });
    assert!(said.contains("products.csv"), "{said}");
}

#[test]
fn skipping_bad_rows_stores_the_good_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let extract = folder.path().join("extract");
    copy_of_extract(&extract);
    append(&extract.join("usage/2025-12.csv"), "2025-12,nobody,nothing,1,1,1.00,1.00\n");
    let data = folder.path().join("data").display().to_string();
    let extract = extract.display().to_string();
    let output = tenure(&["import", &extract, "--data", &data, "--skip-bad", "--json"]);
    assert!(output.status.success(), "{}", error_text(&output));
    assert!(text(&output).contains(r#""rows_bad":1"#), "{}", text(&output));
}

#[test]
fn gb18030_is_read_as_it_was_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let extract = folder.path().join("extract");
    copy_of_extract(&extract);
    let file = extract.join("customers.csv");
    let utf8 = fs::read_to_string(&file).expect("a file");
    let (bytes, _, unmappable) = encoding_rs::GB18030.encode(&utf8);
    assert!(!unmappable);
    fs::write(&file, bytes).expect("written");
    let data = folder.path().join("data").display().to_string();
    let output = tenure(&["import", &extract.display().to_string(), "--data", &data]);
    assert!(output.status.success(), "{}", error_text(&output));
    // The same customers in UTF-8 change nothing: the names came in whole.
    fs::write(&file, utf8).expect("written");
    let again = tenure(&["import", &extract.display().to_string(), "--data", &data, "--json"]);
    assert!(text(&again).contains(r#""rows_added":0,"rows_changed":0"#), "{}", text(&again));
}

#[test]
fn two_imports_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::create_dir_all(&data).expect("a folder");
    let lock = fs::File::create(data.join("tenure.lock")).expect("the lock");
    lock.lock().expect("locked");
    let extract = crate::world::EXTRACT.display().to_string();
    let output = tenure(&["import", &extract, "--data", &data.display().to_string(), "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(error_text(&output).contains("Failed"), "{}", error_text(&output));
}

#[test]
fn a_cycle_without_data_and_a_month_out_of_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let empty = tenure(&["cycle", "--data", &data]);
    assert_eq!(empty.status.code(), Some(1));
    assert!(error_text(&empty).contains("import"), "{}", error_text(&empty));

    let extract = crate::world::EXTRACT.display().to_string();
    assert!(tenure(&["import", &extract, "--data", &data]).status.success());
    let early = tenure(&["cycle", "--month", "2025-06", "--data", &data]);
    assert_eq!(early.status.code(), Some(1));
    assert!(error_text(&early).contains("2025-0"), "{}", error_text(&early));
}

#[test]
fn a_circle_of_parents_through_what_is_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let stored = crate::world::EXTRACT.join("customers.csv");
    assert!(
        tenure(&["import", &crate::world::EXTRACT.display().to_string(), "--data", &data]).status.success()
    );

    // The parent of some customer, handed over again alone, now below its own child.
    let text = fs::read_to_string(stored).expect("a file");
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let place = |name: &str| rows[0].iter().position(|column| *column == name).expect("the column");
    let (code, parent) = (place("code"), place("parent_code"));
    let child = rows[1..].iter().find(|row| !row[parent].is_empty()).expect("a customer with a parent");
    let mut row = rows[1..].iter().find(|row| row[code] == child[parent]).expect("its parent").clone();
    row[parent] = child[code];
    let extract = folder.path().join("extract");
    fs::create_dir(&extract).expect("made");
    fs::write(extract.join("customers.csv"), format!("{}\n{}\n", rows[0].join(","), row.join(",")))
        .expect("written");

    let output = tenure(&["import", &extract.display().to_string(), "--data", &data]);
    assert_eq!(output.status.code(), Some(1), "{}", error_text(&output));
    for part in ["customers.csv:2", "parent_code", child[code]] {
        assert!(error_text(&output).contains(part), "{part} is missing in: {}", error_text(&output));
    }
}

#[test]
fn a_demo_on_top_of_an_operators_own_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let extract = crate::world::EXTRACT.display().to_string();
    assert!(tenure(&["import", &extract, "--data", &data]).status.success());
    let demo = tenure(&["demo", "--port", "0", "--data", &data]);
    assert_eq!(demo.status.code(), Some(1), "{}", error_text(&demo));
    for part in [&*data, "tenure serve"] {
        assert!(error_text(&demo).contains(part), "{part} is missing in: {}", error_text(&demo));
    }
    assert!(!Path::new(&data).join("demo-logins.json").exists());
}

#[test]
fn rules_for_a_province_that_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data_text = data.display().to_string();
    let extract = crate::world::EXTRACT.display().to_string();
    assert!(tenure(&["import", &extract, "--data", &data_text]).status.success());
    fs::write(data.join("rules.toml"), "[province.NOWHERE.naive]\ndecline_below = 0.8\n").expect("written");
    let output = tenure(&["cycle", "--data", &data_text]);
    assert_eq!(output.status.code(), Some(1), "{}", error_text(&output));
    let units = fs::read_to_string(crate::world::EXTRACT.join("org_units.csv")).expect("a file");
    let province = units.lines().find(|line| line.contains(",province,")).expect("a province");
    for part in ["NOWHERE", province.split(',').next().expect("a code")] {
        assert!(error_text(&output).contains(part), "{part} is missing in: {}", error_text(&output));
    }
}

//! The files that are written: exactly the format, whole or not at all.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use domain::extract::{ColumnType, Table};
use domain::progress::Silent;
use domain::{Date, Instant, Money, Month};
use simulate::write;

use crate::world::world;

fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).expect("a file");
            found.insert(path, bytes);
        }
    }
    found
}

fn written(customers: u32, months: u16, seed: u64) -> BTreeMap<String, Vec<u8>> {
    let dir = tempfile::tempdir().expect("a folder");
    write(&world(customers, months, seed), dir.path(), &Silent).expect("written");
    relative(dir.path())
}

/// Files by their path inside a folder.
fn relative(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let inside = |path: PathBuf| path.strip_prefix(dir).expect("inside").display().to_string();
    files(dir).into_iter().map(|(path, bytes)| (inside(path), bytes)).collect()
}

/// Rows of a table from all its files.
fn rows(files: &BTreeMap<String, Vec<u8>>, table: Table) -> Vec<Vec<String>> {
    let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    let mut rows = Vec::new();
    for (file, bytes) in files {
        if file != &format!("{table}.csv") && !file.starts_with(&format!("{table}/")) {
            continue;
        }
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        assert_eq!(reader.headers().expect("a header").iter().collect::<Vec<_>>(), names, "{file}");
        for record in reader.records() {
            let record: Vec<String> = record.expect("a row").iter().map(str::to_owned).collect();
            if file.contains('/') {
                assert_eq!(file, &format!("{table}/{}.csv", record[0]));
            }
            rows.push(record);
        }
    }
    rows
}

fn holds(kind: ColumnType, value: &str, codes: &HashMap<Table, HashSet<String>>) -> bool {
    match kind {
        ColumnType::Code => (1..=domain::extract::CODE_LENGTH).contains(&value.chars().count()),
        ColumnType::Reference(table) => codes[&table].contains(value),
        ColumnType::Text(length) => value.chars().count() <= length,
        ColumnType::Month => value.parse::<Month>().is_ok(),
        ColumnType::Date => value.parse::<Date>().is_ok(),
        ColumnType::Instant => value.parse::<Instant>().is_ok(),
        ColumnType::Money => value.parse::<Money>().is_ok_and(|money| money >= Money::ZERO),
        ColumnType::SignedMoney => value.parse::<Money>().is_ok(),
        ColumnType::Quantity => value.parse::<f64>().is_ok_and(|number| number.is_finite() && number >= 0.0),
        ColumnType::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
        ColumnType::Whole(low, high) => value.parse().is_ok_and(|number| (low..=high).contains(&number)),
        ColumnType::OneOf(list) => list.contains(&value),
        ColumnType::Flag => value == "yes",
        // Only people fill such columns in.
        ColumnType::Row(_) => false,
    }
}

#[test]
fn every_value_is_valid_and_every_key_unique() {
    let files = written(400, 14, 21);
    let tables: HashMap<Table, Vec<Vec<String>>> =
        Table::ALL.iter().map(|&table| (table, rows(&files, table))).collect();
    let codes: HashMap<Table, HashSet<String>> = tables
        .iter()
        .filter(|(table, _)| table.key() == ["code"])
        .map(|(&table, rows)| (table, rows.iter().map(|row| row[0].clone()).collect()))
        .collect();
    for (&table, rows) in &tables {
        assert!(!rows.is_empty(), "{table} is empty");
        let mut keys = HashSet::new();
        for row in rows {
            for (column, value) in table.columns().iter().zip(row) {
                let valid =
                    if value.is_empty() { !column.required } else { holds(column.kind, value, &codes) };
                assert!(valid, "{table}.{}: `{value}`", column.name);
            }
            let place = |name: &&str| table.columns().iter().position(|column| column.name == *name);
            let key: Vec<&str> =
                table.key().iter().filter_map(place).map(|place| row[place].as_str()).collect();
            assert!(keys.insert(key.join("\u{1f}")), "{table}: {key:?} stands twice");
        }
    }
}

#[test]
fn dates_stand_in_order() {
    let files = written(400, 14, 22);
    for row in rows(&files, Table::Services) {
        assert!(row[7].is_empty() || row[6] <= row[7], "{row:?}");
        assert!(row[9].is_empty() || !row[7].is_empty(), "{row:?}");
    }
    for row in rows(&files, Table::Members) {
        assert!(row[5].is_empty() || row[4] <= row[5], "{row:?}");
    }
    for row in rows(&files, Table::Tickets) {
        assert!(row[8].is_empty() || row[5] <= row[8], "{row:?}");
    }
    for row in rows(&files, Table::Opportunities) {
        assert!(row[7].is_empty() || row[6] <= row[7], "{row:?}");
        assert_eq!(row[7].is_empty(), row[8].is_empty(), "{row:?}");
    }
}

#[test]
fn same_seed_same_bytes() {
    let one = written(300, 6, 23);
    assert!(one == written(300, 6, 23), "two runs differ");
    assert!(one["usage/2025-12.csv"] != written(300, 6, 24)["usage/2025-12.csv"], "two seeds agree");
}

#[test]
fn a_customer_does_not_depend_on_how_many_there_are() {
    let (small, large) = (world(2_000, 6, 25), world(2_100, 6, 25));
    assert_eq!(small.customer(7).truth, large.customer(7).truth);
    assert_eq!(small.customer(7).usage, large.customer(7).usage);
}

#[test]
fn an_earlier_one_is_replaced_and_anything_else_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let longer = write(&world(50, 6, 1), dir.path(), &Silent).expect("written");
    let summary = write(&world(50, 2, 1), dir.path(), &Silent).expect("written again");
    assert!(summary.bytes < longer.bytes);
    assert!(!dir.path().join("usage/2025-10.csv").exists());
    let total: usize = files(dir.path()).values().map(Vec::len).sum();
    assert_eq!(summary.bytes, total as u64);

    fs::write(dir.path().join("notes.txt"), "mine").expect("written");
    let before = files(dir.path());
    let problem = write(&world(50, 2, 2), dir.path(), &Silent).expect_err("refused");
    assert_eq!(problem.cause.key, "problem-simulate-folder");
    assert!(files(dir.path()) == before, "something changed");

    // An operator's own extract has no truth.
    let own = tempfile::tempdir().expect("a folder");
    fs::write(own.path().join("usage.csv"), "month\n").expect("written");
    assert!(write(&world(50, 2, 2), own.path(), &Silent).is_err());
}

#[test]
fn a_run_that_was_killed_is_in_nobodys_way() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(dir.path().join(".simulate-draft/usage")).expect("a folder");
    fs::write(dir.path().join(".simulate-draft/usage/2025-12.csv"), "half a li").expect("written");
    write(&world(50, 2, 1), dir.path(), &Silent).expect("written");
    let names: Vec<_> =
        fs::read_dir(dir.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
    // The tables, the truth and what is corrected later.
    assert_eq!(names.len(), Table::ALL.len() + 2, "{names:?}");
}

#[test]
fn counts_what_it_wrote() {
    let dir = tempfile::tempdir().expect("a folder");
    let world = world(120, 3, 5);
    let summary = write(&world, dir.path(), &Silent).expect("written");
    let of = |table| summary.rows.iter().find(|&&(other, _)| other == table).map(|&(_, rows)| rows);
    assert_eq!(of(Table::Customers), Some(120));
    let usage: usize = world.customers().map(|customer| customer.usage.len()).sum();
    assert_eq!(of(Table::Usage), Some(usage as u64));
    let truth: usize = world.customers().map(|customer| customer.truth.len()).sum();
    assert_eq!(summary.truth_rows, truth as u64);
}

#[test]
fn what_billing_told_wrong_at_first_is_corrected_by_a_second_delivery() {
    let files = written(2_000, 8, 31);
    let key = |row: &[String]| [row[0].clone(), row[1].clone(), row[2].clone()];
    let first: HashMap<_, _> =
        rows(&files, Table::Usage).into_iter().map(|row| (key(&row), row[3..].to_vec())).collect();
    let later: BTreeMap<String, Vec<u8>> = files
        .iter()
        .filter_map(|(name, bytes)| Some((name.strip_prefix("corrections/")?.to_owned(), bytes.clone())))
        .collect();
    let corrected = rows(&later, Table::Usage);
    assert!(corrected.len() > 10, "{}", corrected.len());
    let world = world(2_000, 8, 31);
    for row in corrected {
        assert!(first[&key(&row)] != row[3..], "nothing differs: {row:?}");
        assert!("2025-10" <= &*row[0], "{row:?}");
    }
    let told_first =
        world.customers().flat_map(|customer| customer.usage).filter(|row| row.first_told.is_some());
    assert_eq!(told_first.count() as u64, rows(&later, Table::Usage).len() as u64);
}

#[test]
#[ignore = "a measurement: seconds and rows of the demo's size"]
fn measure_writing() {
    let dir = tempfile::tempdir().expect("a folder");
    let started = std::time::Instant::now();
    let summary = write(&world(5_000, 24, 1), dir.path(), &Silent).expect("written");
    println!("{:?} {summary:?}", started.elapsed());
}

#[test]
fn planted_records_are_customers_of_the_extract_and_named_in_a_truth_of_their_own() {
    let dir = tempfile::tempdir().expect("a folder");
    let world = world(2_500, 2, 26).with_duplicates(0.1).expect("a share");
    let summary = write(&world, dir.path(), &Silent).expect("written");
    // What it wrote it also replaces.
    write(&world, dir.path(), &Silent).expect("written again");
    let mut files = relative(dir.path());
    let truth = String::from_utf8(files.remove("duplicates.csv").expect("a truth")).expect("UTF-8");
    let pairs: Vec<Vec<&str>> = truth.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(summary.duplicates, pairs.len() as u64);
    let codes: Vec<String> = rows(&files, Table::Customers).into_iter().map(|row| row[0].clone()).collect();
    let contacts = rows(&files, Table::Contacts);
    let unique: HashSet<&str> = codes.iter().map(String::as_str).collect();
    assert_eq!(unique.len(), 2_500 + pairs.len());
    assert_eq!(contacts.iter().map(|row| &row[0]).collect::<HashSet<_>>().len(), contacts.len());
    for kind in ["yes", "branch", "numbered", "other_city", "shared_office"] {
        assert!(pairs.iter().any(|pair| pair[2] == kind), "no {kind}");
    }
    for pair in &pairs {
        assert!(unique.contains(pair[0]) && unique.contains(pair[1]), "{pair:?}");
        assert!(pair[0] != pair[1] && (pair[2] == "yes") != pair[3].is_empty(), "{pair:?}");
    }
    assert!(!written(100, 2, 26).contains_key("duplicates.csv"));
}

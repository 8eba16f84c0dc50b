//! Rows of an extract as a test writes them down.

use domain::Instant;
use domain::extract::{Cell, ColumnType, Table};
use domain::id::{ImportId, UserId};
use domain::import::RecordRows;
use domain::progress::Silent;
use store::Store;
use store::import::{ImportCommit, ImportOutcome};
use store::session::{Hash, NewSession, Origin, Proof};

pub struct Rows {
    table: Table,
    present: Vec<bool>,
    rows: Vec<(i64, Vec<Cell>)>,
}

impl RecordRows for Rows {
    fn table(&self) -> Table {
        self.table
    }

    fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    fn present(&self) -> &[bool] {
        &self.present
    }

    fn rows(&self, from: u64, count: u64) -> Vec<(i64, Vec<Cell>)> {
        self.rows.iter().skip(from as usize).take(count as usize).cloned().collect()
    }
}

/// Rows with the columns named in `columns`, required ones being filled in as needed; a row is its id and the
/// cells of those columns.
pub fn rows(table: Table, columns: &[&str], rows: Vec<(i64, Vec<Cell>)>) -> Box<dyn RecordRows> {
    let all = table.columns();
    let present = all.iter().map(|column| column.required || columns.contains(&column.name)).collect();
    let rows = rows.into_iter().map(|(id, cells)| {
        let mut full: Vec<Cell> = all
            .iter()
            .map(|column| match column.kind {
                _ if !column.required => Cell::Null,
                ColumnType::Code => Cell::Text(format!("{table}-{id}")),
                ColumnType::Text(_) => Cell::Text(format!("name {id}")),
                ColumnType::OneOf(codes) => Cell::Text(codes[0].to_owned()),
                ColumnType::Quantity | ColumnType::Number => Cell::Real(1.0),
                _ => Cell::Whole(1),
            })
            .collect();
        for (name, cell) in columns.iter().zip(cells) {
            let place = all.iter().position(|column| column.name == *name).expect("a column of the table");
            full[place] = cell;
        }
        (id, full)
    });
    Box::new(Rows { table, present, rows: rows.collect() })
}

/// The shipped rules.
pub fn rules() -> domain::rules::Rules {
    domain::rules::RuleBook::parse(None).expect("rules").default
}

pub fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

pub fn at(second: i64) -> Instant {
    Instant::from_micros(0).plus_seconds(second)
}

/// One unit, one person, one product and so many customers, all with their first columns only.
pub fn small_world(customers: i64) -> Vec<Box<dyn RecordRows>> {
    vec![
        rows(Table::OrgUnits, &[], vec![(1, vec![])]),
        rows(Table::Staff, &[], vec![(1, vec![])]),
        rows(Table::Customers, &[], (1..=customers).map(|id| (id, vec![])).collect()),
        rows(Table::Products, &[], vec![(1, vec![])]),
    ]
}

pub async fn import(store: &Store, records: Vec<Box<dyn RecordRows>>) -> ImportOutcome {
    try_import(store, records).await.expect("an import")
}

pub async fn try_import(store: &Store, records: Vec<Box<dyn RecordRows>>) -> store::Result<ImportOutcome> {
    let import = store.begin_import("folder".as_ref(), None, at(0)).await.expect("a run");
    store.commit_import(commit(import, records), at(1), &Silent).await
}

pub fn commit(import: ImportId, records: Vec<Box<dyn RecordRows>>) -> ImportCommit {
    ImportCommit { import, rows_read: 0, rows_bad: 0, problems: Vec::new(), records, facts: Vec::new() }
}

/// A session begun with a password alone.
pub fn session(token: Hash, user: UserId, expires_at: Instant) -> NewSession {
    NewSession { token, user, username: [2; 32], proof: Proof::None, origin: Origin::default(), expires_at }
}

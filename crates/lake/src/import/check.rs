//! One table's rules, applied row by row.

use std::collections::HashSet;

use domain::Message;
use domain::cell::{self, Value};
use domain::extract::{Column, ColumnType, Table};
use domain::import::{Catalog, RowProblem};

use crate::import::pieces::{Row, Rows};
use crate::import::report::shown_value;

/// More columns than any table has.
pub(super) const MOST_COLUMNS: usize = 16;
/// A row's values in the order of the table's columns.
pub(super) type Values<'a> = [Value<'a>; MOST_COLUMNS];

/// Codes whose rows turned out bad and that are not stored either, by table.
#[derive(Debug, Default)]
pub(super) struct Excluded {
    tables: [HashSet<Box<str>>; Table::ALL.len()],
    unread: [bool; Table::ALL.len()],
}

impl Excluded {
    /// Notes a code.
    pub(super) fn insert(&mut self, table: Table, code: &str) {
        self.tables[table.index()].insert(code.into());
    }

    /// Notes that a file of a table could not be read at all.
    pub(super) fn mark_unread(&mut self, table: Table) {
        self.unread[table.index()] = true;
    }

    /// Why a reference to a table was not found.
    pub(super) fn reason(&self, table: Table, code: &str) -> Message {
        let key = if self.tables[table.index()].contains(code) {
            "import-reference-excluded"
        } else if self.unread[table.index()] {
            "import-reference-unread"
        } else {
            "import-reference-unknown"
        };
        Message::new(key).with("table", domain::Arg::Key(table.text_key()))
    }
}

/// What the rows of a table are checked against.
#[derive(Clone, Copy)]
pub(super) struct Checker<'a> {
    /// The table.
    pub(super) table: Table,
    /// Codes of the tables before it, stored and new.
    pub(super) catalog: &'a Catalog,
    /// Codes of bad rows of the tables before it.
    pub(super) excluded: &'a Excluded,
}

/// What checking some rows found, beside the good rows themselves.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Rows seen.
    pub(super) rows: u64,
    /// Rows that are bad.
    pub(super) bad: u64,
    /// Why, one or more per bad row.
    pub(super) problems: Vec<RowProblem>,
    /// The codes of bad rows.
    pub(super) excluded: Vec<Box<str>>,
}

impl Findings {
    /// About what the codes of bad rows take, kept in a set.
    pub(super) fn excluded_bytes(&self) -> usize {
        self.excluded.iter().map(|code| code.len() + 64).sum()
    }
}

impl Checker<'_> {
    /// Checks rows and hands on the good ones with their lines. References are resolved to ids, but for those to
    /// the table itself, which stay codes.
    pub(super) fn check(&self, rows: &Rows, mut good: impl FnMut(u64, &Values<'_>)) -> Findings {
        let columns = self.table.columns();
        let mut findings = Findings::default();
        let mut last: Vec<LastReference> = vec![LastReference::default(); columns.len()];
        rows.visit(|line, row| {
            findings.rows += 1;
            let before = findings.problems.len();
            let mut values = [Value::Null; MOST_COLUMNS];
            if row.width() == rows.origin.width {
                self.check_cells(rows, line, &row, &mut last, &mut values, &mut findings.problems);
            } else {
                findings.problems.push(wrong_width(rows, line, &row));
            }
            if findings.problems.len() == before {
                good(line, &values);
                return;
            }
            findings.bad += 1;
            if columns[0].kind == ColumnType::Code
                && let Some(place) = rows.origin.places[0]
                && let Ok(code) = std::str::from_utf8(row.cell(place))
            {
                findings.excluded.push(code.into());
            }
        });
        findings
    }

    fn check_cells<'r>(
        &self,
        rows: &Rows,
        line: u64,
        row: &'r Row<'_>,
        last: &mut [LastReference],
        values: &mut Values<'r>,
        problems: &mut Vec<RowProblem>,
    ) {
        let columns = self.table.columns();
        for (index, column) in columns.iter().enumerate() {
            let Some(place) = rows.origin.places[index] else { continue };
            let cell = row.cell(place);
            if cell.is_empty() {
                if column.required {
                    problems.push(problem(rows, line, column, cell, Message::new("import-cell-required")));
                }
                continue;
            }
            match self.read(column, cell, &mut last[index]) {
                Ok(value) => values[index] = value,
                Err(reason) => problems.push(problem(rows, line, column, cell, reason)),
            }
        }
        for &(start, end) in spans(self.table) {
            if let (Value::Whole(from), Value::Whole(to)) = (values[start], values[end])
                && to < from
            {
                let started = rows.origin.places[start].map_or(&[][..], |place| row.cell(place));
                let reason = Message::new("import-ends-before-starts")
                    .with("start_column", columns[start].name)
                    .with("start", shown_value(started));
                let ended = rows.origin.places[end].map_or(&[][..], |place| row.cell(place));
                problems.push(problem(rows, line, &columns[end], ended, reason));
            }
        }
    }

    fn read<'r>(
        &self,
        column: &Column,
        cell: &'r [u8],
        last: &mut LastReference,
    ) -> Result<Value<'r>, Message> {
        let ColumnType::Reference(target) = column.kind else {
            return cell::parse(column.kind, cell);
        };
        if last.code == cell {
            return Ok(Value::Whole(last.id));
        }
        let value = cell::parse(column.kind, cell)?;
        if target == self.table {
            return Ok(value);
        }
        let Value::Text(code) = value else { return Ok(value) };
        let id = self.catalog.codes(target).get(code).ok_or_else(|| self.excluded.reason(target, code))?;
        last.code.clear();
        last.code.extend_from_slice(cell);
        last.id = id;
        Ok(Value::Whole(id))
    }
}

/// Rows of one customer come together, so the last code looked up is the likeliest to come next.
#[derive(Debug, Clone, Default)]
struct LastReference {
    code: Vec<u8>,
    id: i64,
}

/// Pairs of columns of which the second must not lie before the first.
fn spans(table: Table) -> &'static [(usize, usize)] {
    match table {
        // starts_on, ends_on
        Table::Contracts => &[(3, 4)],
        // started_on, ended_on
        Table::Services => &[(6, 7)],
        // joined_on, left_on
        Table::Members => &[(4, 5)],
        // opened_at, closed_at
        Table::Tickets => &[(5, 8)],
        // opened_on, closed_on
        Table::Opportunities => &[(6, 7)],
        _ => &[],
    }
}

/// A problem with one cell.
fn problem(rows: &Rows, line: u64, column: &Column, cell: &[u8], reason: Message) -> RowProblem {
    RowProblem {
        file: rows.origin.name.clone(),
        line,
        column: column.name.to_owned(),
        value: shown_value(cell),
        reason,
    }
}

fn wrong_width(rows: &Rows, line: u64, row: &Row<'_>) -> RowProblem {
    RowProblem {
        file: rows.origin.name.clone(),
        line,
        column: String::new(),
        value: shown_value(row.cell(0)),
        reason: Message::new("import-row-width")
            .with("expected", rows.origin.width)
            .with("found", row.width()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_name_dates_that_belong_together() {
        let named: Vec<_> = Table::ALL
            .iter()
            .flat_map(|&table| {
                spans(table)
                    .iter()
                    .map(move |&(start, end)| (table, table.columns()[start].name, table.columns()[end].name))
            })
            .collect();
        assert_eq!(
            named,
            [
                (Table::Contracts, "starts_on", "ends_on"),
                (Table::Services, "started_on", "ended_on"),
                (Table::Members, "joined_on", "left_on"),
                (Table::Tickets, "opened_at", "closed_at"),
                (Table::Opportunities, "opened_on", "closed_on"),
            ]
        );
    }

    #[test]
    fn every_table_fits() {
        assert!(Table::ALL.iter().all(|table| table.columns().len() <= MOST_COLUMNS));
    }
}

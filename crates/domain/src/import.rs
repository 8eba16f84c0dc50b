//! What passes between import and the records: known codes in, checked rows and fact files out.

use std::path::PathBuf;

use hashbrown::HashMap;

use crate::extract::{Cell, Table};
use crate::org::OrgLevel;
use crate::{Message, Month};

/// The codes of one table with their ids, those stored and those met in this run.
#[derive(Debug, Default, Clone)]
pub struct Codes {
    ids: HashMap<Box<str>, i64>,
    last: i64,
    nodes: HashMap<i64, Node>,
}

/// A stored row's place in the tree of its table (units, customers), so that an extract that holds only some
/// rows of a tree cannot close a circle through the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The id of the row above.
    pub parent: Option<i64>,
    /// The level of a unit.
    pub level: Option<OrgLevel>,
}

impl Codes {
    /// Codes as stored; ids go on after the largest.
    #[must_use]
    pub fn from_stored(stored: impl IntoIterator<Item = (Box<str>, i64)>) -> Self {
        let ids: HashMap<Box<str>, i64> = stored.into_iter().collect();
        let last = ids.values().copied().max().unwrap_or(0);
        Self { ids, last, nodes: HashMap::new() }
    }

    /// Gives out no id up to this one: rows that are gone had them.
    pub fn go_on_after(&mut self, last: i64) {
        self.last = self.last.max(last);
    }

    /// Notes where a stored row stands in the tree of its table.
    pub fn place(&mut self, id: i64, node: Node) {
        self.nodes.insert(id, node);
    }

    /// Where a stored row stands in the tree of its table, if it was noted.
    #[must_use]
    pub fn node(&self, id: i64) -> Option<Node> {
        self.nodes.get(&id).copied()
    }

    /// Every noted place, in no order.
    pub fn nodes(&self) -> impl Iterator<Item = (i64, Node)> {
        self.nodes.iter().map(|(&id, &node)| (id, node))
    }

    /// The id of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<i64> {
        self.ids.get(code).copied()
    }

    /// The id of a code, a new one if it was never seen.
    pub fn assign(&mut self, code: &str) -> i64 {
        if let Some(id) = self.get(code) {
            return id;
        }
        self.last += 1;
        self.ids.insert(code.into(), self.last);
        self.last
    }

    /// The largest id given so far, 0 if none: later ones are greater.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.last
    }

    /// Forgets a code again, when its row turns out bad.
    pub fn forget(&mut self, code: &str) {
        self.ids.remove(code);
    }

    /// How many codes are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Every code with its id, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, i64)> {
        self.ids.iter().map(|(code, &id)| (&**code, id))
    }
}

/// The codes of every table kept in the records.
#[derive(Debug, Default, Clone)]
pub struct Catalog {
    tables: [Codes; Table::ALL.len()],
}

impl Catalog {
    /// The codes of a table.
    #[must_use]
    pub fn codes(&self, table: Table) -> &Codes {
        &self.tables[table.index()]
    }

    /// The codes of a table, to add to.
    pub fn codes_mut(&mut self, table: Table) -> &mut Codes {
        &mut self.tables[table.index()]
    }
}

/// A row, or a whole file, that cannot be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct RowProblem {
    /// The file, relative to the folder handed over.
    pub file: String,
    /// The line in the file, the header being 1; in Parquet the row, from 1. 0 for the file as a whole.
    pub line: u64,
    /// The column, or empty.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why it cannot be taken and what to do.
    pub reason: Message,
}

/// Checked rows of one table, from files with the same columns, on their way into the records.
pub trait RecordRows: Send {
    /// The table.
    fn table(&self) -> Table;
    /// How many rows.
    fn len(&self) -> u64;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// For each column of [`Table::columns`], whether the files had it: absent columns leave what is stored.
    fn present(&self) -> &[bool];
    /// Rows `from..from + count`: the id, then a cell per column of [`Table::columns`].
    fn rows(&self, from: u64, count: u64) -> Vec<(i64, Vec<Cell>)>;
}

/// A month of facts, written and checked, not yet in use.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedFacts {
    /// The table.
    pub table: Table,
    /// The month.
    pub month: Month,
    /// Where it lies, relative to the data folder.
    pub path: PathBuf,
    /// Rows in it.
    pub rows: u64,
    /// Rows that were not there before.
    pub added: u64,
    /// Rows that were there with other values.
    pub changed: u64,
}

/// What reading an extract gave.
pub struct Staged {
    /// Rows read, good and bad.
    pub rows_read: u64,
    /// Files that cannot be taken as a whole: missing, cut off, without a required column. Leaving out bad rows
    /// must not leave out a whole file unseen, so these refuse a run whatever was asked for.
    pub bad_files: u64,
    /// Rows that cannot be taken: all counted, a file that cannot be taken as one …
    pub bad_rows: u64,
    /// … at most [`Staged::SHOWN`] of them here …
    pub problems: Vec<RowProblem>,
    /// … and all of them in this CSV file, if there is any.
    pub problem_file: Option<PathBuf>,
    /// What a person should know that is no mistake: ignored columns, converted encodings.
    pub notes: Vec<Message>,
    /// Rows for the records, tables in the order of [`Table::ALL`]; a table comes in several parts when its files
    /// differ in their columns.
    pub records: Vec<Box<dyn RecordRows>>,
    /// Months of facts that differ from what is stored.
    pub facts: Vec<StagedFacts>,
}

impl Staged {
    /// How many bad rows are shown one by one.
    pub const SHOWN: usize = 1000;
}

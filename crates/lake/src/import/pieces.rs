//! What travels from the reader of files to the threads that check rows.

use std::sync::Arc;

use csv::ByteRecord;
use datafusion::arrow::array::{Array, StringArray, UInt64Array};
use domain::import::RowProblem;
use domain::{Message, Problem};

use crate::import::csv_file;

/// A step in the reading of a table, in the order of files and lines.
pub(super) enum Piece {
    /// A file begins.
    Begin {
        /// Its name for people.
        name: String,
        /// Its size.
        bytes: u64,
    },
    /// These columns of the table are in it.
    Present {
        /// Its place among the files of the table.
        file: u32,
        /// For each column of the table whether it is there.
        columns: Vec<bool>,
    },
    /// Some of its rows.
    Rows(Rows),
    /// A row that could not even be told apart.
    BadRow(RowProblem),
    /// The file cannot be taken as a whole.
    BadFile(RowProblem),
    /// Something that is no mistake.
    Note(Message),
    /// The file is over.
    End,
    /// Reading cannot go on.
    Fail(Problem),
}

/// Which file rows come from.
#[derive(Debug)]
pub(super) struct Origin {
    /// Its name for people.
    pub(super) name: String,
    /// Its place among the files of the table.
    pub(super) number: u32,
    /// For each column of the table, its place in the file.
    pub(super) places: Vec<Option<usize>>,
    /// How many columns the file has.
    pub(super) width: usize,
}

/// Rows of one file as text.
pub(super) struct Rows {
    /// The file.
    pub(super) origin: Arc<Origin>,
    /// How many bytes of the file they took.
    pub(super) bytes: u64,
    /// The rows.
    pub(super) body: Body,
}

/// Rows as text, in one of two forms.
pub(super) enum Body {
    /// Whole lines of CSV and the number of the first.
    Csv {
        /// The lines.
        text: Vec<u8>,
        /// The number of the first line in the file.
        first_line: u64,
    },
    /// Columns of text, null where empty.
    Columns {
        /// In the order of the file.
        columns: Vec<StringArray>,
        /// The line of each row.
        lines: UInt64Array,
    },
}

/// One row as text.
pub(super) enum Row<'a> {
    /// A record of CSV.
    Csv(&'a ByteRecord),
    /// A row of columns.
    Columns(&'a [StringArray], usize),
}

impl Row<'_> {
    /// How many cells it has.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Csv(record) => record.len(),
            Self::Columns(columns, _) => columns.len(),
        }
    }

    /// A cell by its place in the file; empty if there is none.
    pub(super) fn cell(&self, place: usize) -> &[u8] {
        match self {
            Self::Csv(record) => record.get(place).unwrap_or_default(),
            Self::Columns(columns, row) => match columns.get(place) {
                Some(column) if column.is_valid(*row) => column.value(*row).as_bytes(),
                _ => &[],
            },
        }
    }
}

impl Rows {
    /// Visits every row with its line.
    pub(super) fn visit(&self, mut visit: impl FnMut(u64, Row<'_>)) {
        match &self.body {
            Body::Csv { text, first_line } => {
                csv_file::visit_records(text, *first_line, |line, record| visit(line, Row::Csv(record)));
            }
            Body::Columns { columns, lines } => {
                for row in 0..lines.len() {
                    visit(lines.value(row), Row::Columns(columns, row));
                }
            }
        }
    }
}

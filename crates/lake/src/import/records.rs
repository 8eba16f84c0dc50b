//! The rows of one record table: typed columns in memory, an id per row.

use domain::Message;
use domain::cell::Value;
use domain::extract::{Cell, Column, ColumnType, Table};
use domain::import::{Codes, RecordRows, RowProblem};

use crate::import::check::Values;

/// Stands for an unknown whole number.
const NO_WHOLE: i64 = i64::MIN;
/// Stands for an unknown choice.
const NO_CHOICE: u8 = u8::MAX;

/// About what a row takes beside its cells: its id, where it was met, and its code with the id in a map that has
/// just grown.
const ROW_BYTES: usize = 144;

/// Good rows of one piece of a file, in columns.
#[derive(Debug)]
pub(super) struct Block {
    /// The place of the file among those of the table.
    pub(super) file: u32,
    /// The line of each row.
    pub(super) lines: Vec<u64>,
    columns: Vec<Data>,
}

#[derive(Debug)]
enum Data {
    Whole(Vec<i64>),
    Real(Vec<f64>),
    Choice(&'static [&'static str], Vec<u8>),
    /// All texts one after the other, and where each ends.
    Text(String, Vec<u32>),
}

impl Block {
    /// An empty block.
    pub(super) fn new(table: Table, file: u32) -> Self {
        let columns = table.columns().iter().map(|column| Data::new(table, column)).collect();
        Self { file, lines: Vec::new(), columns }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, line: u64, values: &Values<'_>) {
        self.lines.push(line);
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(*value);
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// What the rows take until the run ends.
    pub(super) fn bytes(&self) -> usize {
        self.len() * ROW_BYTES + self.columns.iter().map(Data::bytes).sum::<usize>()
    }

    /// A text; empty if unknown.
    pub(super) fn text(&self, column: usize, row: usize) -> &str {
        match &self.columns[column] {
            Data::Text(text, ends) => slice(text, ends, row),
            Data::Choice(choices, chosen) => choices.get(usize::from(chosen[row])).copied().unwrap_or(""),
            Data::Whole(_) | Data::Real(_) => "",
        }
    }

    /// A place in a closed list, if known.
    pub(super) fn choice(&self, column: usize, row: usize) -> Option<u8> {
        match &self.columns[column] {
            Data::Choice(_, chosen) => Some(chosen[row]).filter(|&choice| choice != NO_CHOICE),
            _ => None,
        }
    }

    /// Puts ids in the place of the codes of a column.
    fn resolve(&mut self, column: usize, ids: Vec<Option<i64>>) {
        let ids = ids.into_iter().map(|id| id.unwrap_or(NO_WHOLE)).collect();
        self.columns[column] = Data::Whole(ids);
    }
}

impl Data {
    fn new(table: Table, column: &Column) -> Self {
        match column.kind {
            ColumnType::Code | ColumnType::Text(_) => Self::Text(String::new(), Vec::new()),
            // References within the table are resolved when all its rows are known.
            ColumnType::Reference(target) if target == table => Self::Text(String::new(), Vec::new()),
            ColumnType::Quantity | ColumnType::Number => Self::Real(Vec::new()),
            ColumnType::OneOf(choices) => Self::Choice(choices, Vec::new()),
            _ => Self::Whole(Vec::new()),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        match self {
            Self::Whole(wholes) => wholes.push(match value {
                Value::Whole(whole) => whole,
                _ => NO_WHOLE,
            }),
            Self::Real(reals) => reals.push(match value {
                Value::Real(real) => real,
                _ => f64::NAN,
            }),
            Self::Choice(_, chosen) => chosen.push(match value {
                Value::Choice(choice) => choice,
                _ => NO_CHOICE,
            }),
            Self::Text(text, ends) => {
                if let Value::Text(value) = value {
                    text.push_str(value);
                }
                ends.push(text.len() as u32);
            }
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Whole(wholes) => wholes.capacity() * size_of::<i64>(),
            Self::Real(reals) => reals.capacity() * size_of::<f64>(),
            Self::Choice(_, chosen) => chosen.capacity(),
            Self::Text(text, ends) => text.capacity() + ends.capacity() * size_of::<u32>(),
        }
    }

    fn cell(&self, row: usize) -> Cell {
        match self {
            Self::Whole(wholes) if wholes[row] == NO_WHOLE => Cell::Null,
            Self::Whole(wholes) => Cell::Whole(wholes[row]),
            Self::Real(reals) if reals[row].is_nan() => Cell::Null,
            Self::Real(reals) => Cell::Real(reals[row]),
            Self::Choice(choices, chosen) => match choices.get(usize::from(chosen[row])) {
                Some(choice) => Cell::Text((*choice).to_owned()),
                None => Cell::Null,
            },
            Self::Text(text, ends) => match slice(text, ends, row) {
                "" => Cell::Null,
                value => Cell::Text(value.to_owned()),
            },
        }
    }
}

fn slice<'a>(text: &'a str, ends: &[u32], row: usize) -> &'a str {
    let start = if row == 0 { 0 } else { ends[row - 1] as usize };
    &text[start..ends[row] as usize]
}

/// A block with the ids of its rows; a row left out has none.
#[derive(Debug)]
pub(super) struct IdentifiedBlock {
    /// The rows.
    pub(super) block: Block,
    /// The id of each, 0 for a row left out.
    pub(super) ids: Vec<i64>,
}

/// The rows of a table as they come in.
#[derive(Debug)]
pub(super) struct RecordTable {
    /// The table.
    pub(super) table: Table,
    /// The rows.
    pub(super) blocks: Vec<IdentifiedBlock>,
    /// The names of the files.
    pub(super) files: Vec<String>,
    /// Ids that are new in this run are greater.
    pub(super) last_stored: i64,
    /// For each file the columns that it has.
    present: Vec<Vec<bool>>,
    /// Where each id was met first: file and line packed, 0 for not yet.
    met: Vec<u64>,
}

impl RecordTable {
    /// An empty table.
    pub(super) fn new(table: Table, files: Vec<String>, codes: &Codes) -> Self {
        let present = vec![vec![false; table.columns().len()]; files.len()];
        let last_stored = codes.last();
        Self { table, blocks: Vec::new(), files, last_stored, present, met: Vec::new() }
    }

    /// These columns are in a file.
    pub(super) fn set_present(&mut self, file: u32, present: Vec<bool>) {
        self.present[file as usize] = present;
    }

    /// The name of a file.
    pub(super) fn file(&self, file: u32) -> &str {
        &self.files[file as usize]
    }

    /// Whether a file has a column.
    pub(super) fn has(&self, file: u32, column: usize) -> bool {
        self.present[file as usize][column]
    }

    /// Gives every row its id; rows whose code was met before are left out and returned as problems.
    pub(super) fn add(&mut self, block: Block, codes: &mut Codes) -> Vec<RowProblem> {
        let mut problems = Vec::new();
        let mut ids = Vec::with_capacity(block.len());
        for (row, &line) in block.lines.iter().enumerate() {
            let code = block.text(0, row);
            let id = codes.assign(code);
            let position = id as usize;
            if self.met.len() <= position {
                self.met.resize(position + 1 + position / 2, 0);
            }
            if self.met[position] == 0 {
                self.met[position] = pack(block.file, line);
                ids.push(id);
                continue;
            }
            ids.push(0);
            let (file, first) = unpack(self.met[position]);
            problems.push(RowProblem {
                file: self.files[block.file as usize].clone(),
                line,
                column: "code".to_owned(),
                value: code.to_owned(),
                reason: Message::new("import-duplicate")
                    .with("file", self.files[file as usize].as_str())
                    .with("line", first),
            });
        }
        self.blocks.push(IdentifiedBlock { block, ids });
        problems
    }

    /// Puts the ids of the rows above in the place of their codes.
    pub(super) fn resolve(&mut self, column: usize, codes: &Codes) {
        for identified in &mut self.blocks {
            let block = &identified.block;
            let ids = (0..block.len()).map(|row| codes.get(block.text(column, row))).collect();
            identified.block.resolve(column, ids);
        }
    }

    /// The rows that are left, ready for the records: together as long as their files have the same columns.
    pub(super) fn finish(self) -> Vec<Staged> {
        let mut parts: Vec<Staged> = Vec::new();
        for identified in self.blocks {
            let present = &self.present[identified.block.file as usize];
            if parts.last().is_none_or(|part| part.present != *present) {
                parts.push(Staged::new(self.table, present.clone()));
            }
            if let Some(part) = parts.last_mut() {
                part.push(identified);
            }
        }
        parts
    }
}

/// File and line in one number that sorts by both; never 0, since lines count from 1.
pub(super) fn pack(file: u32, line: u64) -> u64 {
    u64::from(file) << 40 | line
}

/// What [`pack`] packed.
pub(super) fn unpack(place: u64) -> (u32, u64) {
    ((place >> 40) as u32, place & ((1 << 40) - 1))
}

/// Checked rows of a table, from files with the same columns.
#[derive(Debug)]
pub(super) struct Staged {
    table: Table,
    present: Vec<bool>,
    blocks: Vec<IdentifiedBlock>,
    /// For each block the rows that are left, or nothing if all are.
    live: Vec<Option<Vec<u32>>>,
    /// For each block how many rows come before it.
    starts: Vec<u64>,
    rows: u64,
}

impl Staged {
    fn new(table: Table, present: Vec<bool>) -> Self {
        Self { table, present, blocks: Vec::new(), live: Vec::new(), starts: Vec::new(), rows: 0 }
    }

    fn push(&mut self, mut identified: IdentifiedBlock) {
        identified.block.lines = Vec::new();
        let ids = &identified.ids;
        let all = ids.iter().all(|&id| id != 0);
        let kept: Option<Vec<u32>> =
            (!all).then(|| (0..ids.len() as u32).filter(|&row| ids[row as usize] != 0).collect());
        self.starts.push(self.rows);
        self.rows += kept.as_ref().map_or(ids.len(), Vec::len) as u64;
        self.live.push(kept);
        self.blocks.push(identified);
    }
}

impl RecordRows for Staged {
    fn table(&self) -> Table {
        self.table
    }

    fn len(&self) -> u64 {
        self.rows
    }

    fn present(&self) -> &[bool] {
        &self.present
    }

    fn rows(&self, from: u64, count: u64) -> Vec<(i64, Vec<Cell>)> {
        let end = from.saturating_add(count).min(self.rows);
        let mut rows = Vec::with_capacity(end.saturating_sub(from) as usize);
        let mut block = self.starts.partition_point(|&start| start <= from).saturating_sub(1);
        let mut at = from;
        while at < end {
            let next = self.starts.get(block + 1).copied().unwrap_or(self.rows);
            while at < end.min(next) {
                let offset = (at - self.starts[block]) as usize;
                let row = self.live[block].as_ref().map_or(offset, |live| live[offset] as usize);
                let IdentifiedBlock { block: data, ids } = &self.blocks[block];
                rows.push((ids[row], data.columns.iter().map(|column| column.cell(row)).collect()));
                at += 1;
            }
            block += 1;
        }
        rows
    }
}

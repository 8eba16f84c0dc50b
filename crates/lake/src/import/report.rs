//! What is wrong and what is worth knowing: counted, the first shown, all of it in a file.

use std::fs::File;
use std::path::{Path, PathBuf};

use domain::import::{RowProblem, Staged};
use domain::{Lang, Message, Problem};

use crate::atomic::csv_failed;

/// The longest value that is repeated in a report, in characters.
const VALUE_CHARACTERS: usize = 120;

/// Everything that a run has to say so far.
pub(super) struct Report {
    path: PathBuf,
    lang: Lang,
    list: Option<csv::Writer<File>>,
    shown: Vec<RowProblem>,
    notes: Vec<Message>,
    rows_read: u64,
    bad_rows: u64,
    bad_files: u64,
}

impl Report {
    /// An empty report of a run; its list will be `reports/<run>-problems.csv`, if there is anything to list.
    pub(super) fn new(root: &Path, run: &str, lang: Lang) -> Self {
        Self {
            path: root.join("reports").join(format!("{run}-problems.csv")),
            lang,
            list: None,
            shown: Vec::new(),
            notes: Vec::new(),
            rows_read: 0,
            bad_rows: 0,
            bad_files: 0,
        }
    }

    /// So many rows were read, so many of them are bad for these reasons: one or more per bad row.
    pub(super) fn rows(&mut self, read: u64, bad: u64, problems: Vec<RowProblem>) -> Result<(), Problem> {
        self.rows_read += read;
        self.bad_rows += bad;
        problems.into_iter().try_for_each(|problem| self.list(problem))
    }

    /// A row that had looked good is bad.
    pub(super) fn row(&mut self, problem: RowProblem) -> Result<(), Problem> {
        self.rows(0, 1, vec![problem])
    }

    /// A whole file is bad.
    pub(super) fn file(&mut self, problem: RowProblem) -> Result<(), Problem> {
        self.bad_files += 1;
        self.row(problem)
    }

    /// How many whole files are bad so far.
    pub(super) fn bad_files(&self) -> u64 {
        self.bad_files
    }

    /// Something that is no mistake.
    pub(super) fn note(&mut self, note: Message) {
        self.notes.push(note);
    }

    fn list(&mut self, problem: RowProblem) -> Result<(), Problem> {
        let list = match &mut self.list {
            Some(list) => list,
            None => self.list.insert(open(&self.path)?),
        };
        let record = [
            problem.file.as_str(),
            &problem.line.to_string(),
            &problem.column,
            &problem.value,
            &text::say(self.lang, &problem.reason),
        ];
        list.write_record(record).map_err(|error| csv_failed(&self.path, error))?;
        if self.shown.len() < Staged::SHOWN {
            self.shown.push(problem);
        }
        Ok(())
    }

    /// Closes the list and hands over what there is; the caller adds rows and facts.
    pub(super) fn finish(self) -> Result<Staged, Problem> {
        let problem_file = match self.list {
            Some(mut list) => {
                list.flush().map_err(|error| Problem::io(&self.path, error))?;
                Some(self.path)
            }
            None => None,
        };
        Ok(Staged {
            rows_read: self.rows_read,
            bad_files: self.bad_files,
            bad_rows: self.bad_rows,
            problems: self.shown,
            problem_file,
            notes: self.notes,
            records: Vec::new(),
            facts: Vec::new(),
        })
    }
}

fn open(path: &Path) -> Result<csv::Writer<File>, Problem> {
    super::create_parent(path)?;
    let file = File::create(path).map_err(|error| Problem::io(path, error))?;
    let mut list = csv::Writer::from_writer(file);
    list.write_record(["file", "line", "column", "value", "reason"])
        .map_err(|error| csv_failed(path, error))?;
    Ok(list)
}

/// A value as it is repeated in a report: readable, and not longer than a line.
pub(super) fn shown_value(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    match text.char_indices().nth(VALUE_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

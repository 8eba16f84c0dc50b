//! The list as a file for spreadsheets: the same rows and columns as on the page.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use documents::{Spreadsheet, SpreadsheetError, Value};
use domain::field::Field;
use domain::{Lang, Problem};
use futures::stream::{Stream, try_unfold};
use service::customer::{Columns, CustomerRow};
use tokio::task::{JoinError, spawn_blocking};

use super::cells::FileColumn;
use crate::csv::{cell, header_of};
use crate::ui::{Theme, Ui};

/// Bytes after which a piece is sent.
const PIECE: usize = 64 * 1024;

/// For whom files are written: nobody's page.
const fn reader(lang: Lang) -> Ui<'static> {
    Ui { lang, theme: Theme::System, actor: None, here: "" }
}

/// The file piece by piece, each made off the threads that serve and only when the one before is on its way: a
/// slow reader holds neither a thread nor more than a piece.
pub fn pieces<C: Iterator<Item = CustomerRow> + Send + 'static>(
    lang: Lang,
    columns: &Columns,
    fields: &[Arc<Field>],
    customers: C,
) -> impl Stream<Item = Result<String, JoinError>> + use<C> {
    let columns = FileColumn::all(columns, fields);
    let header = header(lang, &columns);
    try_unfold((header, customers, columns), move |(mut piece, mut customers, columns)| async move {
        spawn_blocking(move || {
            let ui = reader(lang);
            while piece.len() < PIECE {
                let Some(row) = customers.next() else { break };
                piece.push_str(&line(&ui, &columns, &row));
            }
            (!piece.is_empty()).then(|| (piece, (String::new(), customers, columns)))
        })
        .await
    })
}

/// The first line: names of columns in the user's language.
#[must_use]
pub fn header(lang: Lang, columns: &[FileColumn]) -> String {
    header_of(columns.iter().map(|column| column.title(lang)))
}

/// A line; amounts in yuan with two decimals, months `YYYY-MM`, confidence and risk 0 to 1.
#[must_use]
pub fn line(ui: &Ui<'_>, columns: &[FileColumn], row: &CustomerRow) -> String {
    let cells: Vec<String> = columns.iter().map(|column| cell(&column.words(ui, row))).collect();
    format!("{}\r\n", cells.join(","))
}

/// The same rows and columns as a workbook, in a file without a name: rows go to disk as they come, so that however many they
/// are, little of them is in memory. More than a sheet holds go on to the next.
///
/// # Errors
/// When the disk takes no more.
pub async fn workbook(
    lang: Lang,
    columns: &Columns,
    fields: &[Arc<Field>],
    customers: impl Iterator<Item = CustomerRow> + Send + 'static,
) -> Result<File, Problem> {
    let columns = FileColumn::all(columns, fields);
    let written = spawn_blocking(move || {
        let ui = reader(lang);
        let titles = columns.iter().map(|column| column.title(lang).into_owned()).collect();
        let mut sheet = Spreadsheet::new(&ui.t("nav-customers"), titles);
        let mut cells: Vec<Value> = Vec::with_capacity(columns.len());
        for row in customers {
            cells.clear();
            cells.extend(columns.iter().map(|column| column.value(&ui, &row)));
            sheet.push(&cells)?;
        }
        sheet.into_file()
    });
    written.await.map_err(Problem::internal)?.map_err(|error: SpreadsheetError| Problem::internal(error))
}

/// A file piece by piece, each read when the one before is on its way.
pub fn read_pieces(file: File) -> impl Stream<Item = io::Result<Vec<u8>>> {
    try_unfold(file, |mut file| async move {
        let read = spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece)?;
            piece.truncate(read);
            Ok((read > 0).then_some((piece, file)))
        });
        read.await.map_err(io::Error::other)?
    })
}

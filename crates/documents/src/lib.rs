//! Documents that people open elsewhere: spreadsheets, written and read.

pub mod read;

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// A value of a spreadsheet cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing known.
    Empty,
    /// Text, shown as text whatever it begins with: a leading `=` is never a formula.
    Text(String),
    /// A number.
    Number(f64),
    /// An amount in yuan.
    Yuan(f64),
    /// A share, 1.0 = 100 %.
    Share(f64),
}

/// Rows that one sheet can hold below its header; more go on to the next sheet.
pub const ROWS_PER_SHEET: u32 = 1_048_575;

/// A spreadsheet in the making: rows are written as they come, in bounded memory.
pub struct Spreadsheet {
    workbook: Workbook,
    name: String,
    header: Vec<String>,
    sheets: u16,
    row: u32,
    heading: Format,
    yuan: Format,
    share: Format,
}

/// A spreadsheet that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SpreadsheetError {
    /// The file could not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What it should hold does not fit a spreadsheet.
    #[error(transparent)]
    Xlsx(#[from] XlsxError),
}

/// A file that remembers what failed first. What comes after goes nowhere: the library would say a failure twice,
/// once on standard error.
struct Output {
    file: BufWriter<File>,
    failed: Option<io::Error>,
}

impl Output {
    fn to(file: File) -> Self {
        Self { file: BufWriter::new(file), failed: None }
    }

    fn finish(self) -> io::Result<File> {
        match self.failed {
            Some(error) => Err(error),
            None => self.file.into_inner().map_err(io::IntoInnerError::into_error),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.is_none()
            && let Err(error) = self.file.write_all(bytes)
        {
            self.failed = Some(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed.is_none() {
            self.failed = self.file.flush().err();
        }
        Ok(())
    }
}

impl Spreadsheet {
    /// An empty one: the sheet's name (at most 28 characters) and its header.
    #[must_use]
    pub fn new(name: &str, header: Vec<String>) -> Self {
        Self {
            workbook: Workbook::new(),
            name: name.to_owned(),
            header,
            sheets: 0,
            row: ROWS_PER_SHEET + 1,
            heading: Format::new().set_bold(),
            yuan: Format::new().set_num_format("#,##0.00"),
            share: Format::new().set_num_format("0.0%"),
        }
    }

    /// Adds a row, one value per column of the header.
    ///
    /// # Errors
    /// When a text is longer than a cell holds (32,767 characters).
    pub fn push(&mut self, row: &[Value]) -> Result<(), SpreadsheetError> {
        if self.row > ROWS_PER_SHEET {
            self.next_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(usize::from(self.sheets) - 1)?;
        for (column, value) in (0_u16..).zip(row) {
            match value {
                Value::Empty => continue,
                Value::Text(text) => sheet.write_string(self.row, column, text)?,
                Value::Number(number) => sheet.write_number(self.row, column, *number)?,
                Value::Yuan(yuan) => sheet.write_number_with_format(self.row, column, *yuan, &self.yuan)?,
                Value::Share(share) => {
                    sheet.write_number_with_format(self.row, column, *share, &self.share)?
                }
            };
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(self, path: &Path) -> Result<(), SpreadsheetError> {
        Ok(self.write_to(File::create(path)?)?.sync_all()?)
    }

    /// Writes a file without a name, which is gone when it is closed, and gives it from its beginning.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn into_file(self) -> Result<File, SpreadsheetError> {
        let mut file = self.write_to(tempfile::tempfile()?)?;
        file.rewind()?;
        Ok(file)
    }

    fn write_to(mut self, file: File) -> Result<File, SpreadsheetError> {
        if self.sheets == 0 {
            self.next_sheet()?;
        }
        let mut output = Output::to(file);
        let saved = self.workbook.save_to_writer(&mut output);
        let file = output.finish()?;
        saved?;
        Ok(file)
    }

    fn next_sheet(&mut self) -> Result<(), SpreadsheetError> {
        self.sheets += 1;
        let name =
            if self.sheets == 1 { self.name.clone() } else { format!("{} {}", self.name, self.sheets) };
        let sheet = self.workbook.add_worksheet_with_low_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, title) in (0_u16..).zip(&self.header) {
            sheet.write_string_with_format(0, column, title, &self.heading)?;
        }
        self.row = 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook};

    #[test]
    fn what_was_written_is_read_back_and_a_formula_stays_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.xlsx");
        let mut sheet = Spreadsheet::new("评估", vec!["客户".into(), "收入".into()]);
        sheet.push(&[Value::Text("=1+1".into()), Value::Yuan(12.5)]).expect("a row");
        sheet.push(&[Value::Text("示例".into()), Value::Empty]).expect("a row");
        sheet.save(&path).expect("saved");

        let mut workbook: Xlsx<_> = open_workbook(&path).expect("a workbook");
        let range = workbook.worksheet_range("评估").expect("the sheet");
        let rows: Vec<Vec<Data>> = range.rows().map(<[Data]>::to_vec).collect();
        assert_eq!(rows[1], [Data::String("=1+1".into()), Data::Float(12.5)]);
        assert_eq!(rows[2], [Data::String("示例".into()), Data::Empty]);
        assert!(workbook.worksheet_formula("评估").expect("formulas").is_empty());
    }

    #[test]
    fn a_full_disk_is_said_to_be_one() {
        // Linux has a device for it; elsewhere there is nothing to try.
        let full = Path::new("/dev/full");
        if !full.exists() {
            return;
        }
        let error = Spreadsheet::new("a", vec!["b".into()]).save(full).expect_err("no room");
        assert!(
            matches!(&error, SpreadsheetError::Io(error) if error.kind() == io::ErrorKind::StorageFull),
            "{error}"
        );
    }

    #[test]
    fn an_empty_table_has_its_header() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.xlsx");
        Spreadsheet::new("a", vec!["b".into()]).save(&path).expect("saved");
        let mut workbook: Xlsx<_> = open_workbook(&path).expect("a workbook");
        assert_eq!(workbook.worksheet_range("a").expect("the sheet").rows().count(), 1);
    }
}

//! Sheets that people hand over: CSV as spreadsheets save it, and workbooks. What is read is text, as a person would read it;
//! how much of it there may be is limited before it is unpacked, not after.

use std::io::{self, Cursor, Read};

use calamine::{Data, DataRef, Reader, SheetVisible, Xlsx};
use csv::ByteRecord;
use encoding_rs::{Encoding, GB18030};

/// How much of a sheet is read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows below the header.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Bytes of a workbook, once unpacked, and of the text in cells.
    pub unpacked: u64,
}

/// Characters that a cell of a spreadsheet holds.
pub const CELL: usize = 32_767;

/// A sheet: its header and the rows below it that are not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The header.
    pub header: Vec<String>,
    /// The cells of all rows, one after the other.
    text: String,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// The line of each row as spreadsheets count, and where its cells end.
    rows: Vec<(u64, usize)>,
    /// Whether it is a workbook.
    pub is_workbook: bool,
}

/// A sheet that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Nothing in it.
    #[error("nothing in it")]
    Empty,
    /// A header and no rows.
    #[error("no rows")]
    NoRows,
    /// Neither a workbook nor text.
    #[error("neither a workbook nor text")]
    NoSheet,
    /// A workbook of old, or one with a password.
    #[error("a workbook of an old form or with a password")]
    OldWorkbook,
    /// A workbook that is damaged.
    #[error("a damaged workbook: {0}")]
    Damaged(String),
    /// More unpacked than is read.
    #[error("too large once unpacked")]
    Unpacked,
    /// More rows than are read.
    #[error("too many rows")]
    Rows,
    /// More columns than are read.
    #[error("too many columns")]
    Columns,
    /// A quote that opens in this line and is not closed, or a cell longer than any.
    #[error("an open quote in line {0}")]
    OpenQuote(u64),
}

/// A row of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Row<'s> {
    /// Its line as spreadsheets count, the header's being 1 where nothing stands above it.
    pub line: u64,
    sheet: &'s Sheet,
    from: usize,
    until: usize,
}

impl<'s> Row<'s> {
    /// What stands in a column; nothing in one that the row does not reach.
    #[must_use]
    pub fn cell(&self, column: usize) -> &'s str {
        let place = self.from + column;
        if place >= self.until {
            return "";
        }
        let begin = place.checked_sub(1).map_or(0, |before| self.sheet.ends[before]);
        &self.sheet.text[begin..self.sheet.ends[place]]
    }

    /// How many cells it has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.until - self.from
    }
}

impl Sheet {
    /// Reads what was handed over, a workbook or text, by what it is and not by what it is called.
    ///
    /// # Errors
    /// When it is neither, or larger than the limits.
    pub fn read(content: &[u8], limits: Limits) -> Result<Self, ReadError> {
        let sheet = if content.starts_with(b"PK\x03\x04") {
            workbook(content, limits)?
        } else if content.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(ReadError::OldWorkbook);
        } else {
            text(content, limits)?
        };
        match (sheet.header.is_empty(), sheet.rows.is_empty()) {
            (true, _) => Err(ReadError::Empty),
            (_, true) => Err(ReadError::NoRows),
            _ => Ok(sheet),
        }
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row; the place must be below [`Sheet::len`].
    #[must_use]
    pub fn row(&self, place: usize) -> Row<'_> {
        let (line, until) = self.rows[place];
        let from = place.checked_sub(1).map_or(0, |before| self.rows[before].1);
        Row { line, sheet: self, from, until }
    }

    /// All rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.len()).map(|place| self.row(place))
    }

    /// Takes a row in: the first that is not empty is the header.
    fn push<'c>(
        &mut self,
        line: u64,
        cells: impl Iterator<Item = &'c str> + Clone,
        limits: Limits,
    ) -> Result<(), ReadError> {
        // Cells without anything in them at the end of a row are none.
        let width = cells.clone().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).last();
        let Some((last, _)) = width else { return Ok(()) };
        if last >= limits.columns {
            return Err(ReadError::Columns);
        }
        if self.header.is_empty() {
            self.header = cells.take(last + 1).map(|name| name.trim().to_owned()).collect();
            return Ok(());
        }
        if self.rows.len() == limits.rows {
            return Err(ReadError::Rows);
        }
        for cell in cells.take(last + 1) {
            if (self.text.len() + cell.len()) as u64 > limits.unpacked {
                return Err(ReadError::Unpacked);
            }
            self.text.push_str(unguarded(cell));
            self.ends.push(self.text.len());
        }
        self.rows.push((line, self.ends.len()));
        Ok(())
    }
}

/// What stood in a cell before our own files kept spreadsheets from taking it for a formula.
fn unguarded(cell: &str) -> &str {
    let bare = cell.strip_prefix('\'');
    bare.filter(|bare| bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])).unwrap_or(cell)
}

fn text(content: &[u8], limits: Limits) -> Result<Sheet, ReadError> {
    let text = match Encoding::for_bom(content) {
        Some((encoding, _)) => encoding.decode(content).0,
        None => match std::str::from_utf8(content) {
            Ok(text) => text.into(),
            Err(_) => match GB18030.decode_without_bom_handling_and_without_replacement(content) {
                Some(text) => text,
                None => return Err(ReadError::NoSheet),
            },
        },
    };
    if text.contains('\0') {
        return Err(ReadError::NoSheet);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let (mut sheet, mut record, mut last) = (Sheet::default(), ByteRecord::new(), (0, 1));
    while reader.read_byte_record(&mut record).is_ok_and(|more| more) {
        let begin = record.position().map_or((0, 1), |at| (at.byte() as usize, at.line()));
        // The reader's record begins before the line ends that were left over.
        let blank = text[begin.0..].bytes().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let line = begin.1 + blank.filter(|byte| *byte == b'\n').count() as u64;
        last = (begin.0, line);
        if record.iter().any(is_long) {
            return Err(ReadError::OpenQuote(line));
        }
        sheet.push(line, record.iter().map(|cell| std::str::from_utf8(cell).unwrap_or("")), limits)?;
    }
    if text[last.0..].bytes().filter(|byte| *byte == b'"').count() % 2 == 1 && opens(&text[last.0..]) {
        return Err(ReadError::OpenQuote(last.1));
    }
    Ok(sheet)
}

fn is_long(cell: &[u8]) -> bool {
    cell.len() > CELL && std::str::from_utf8(cell).is_ok_and(|text| text.chars().count() > CELL)
}

/// Whether a record has a cell that begins with a quote: one within a cell stands for itself.
fn opens(record: &str) -> bool {
    let mut before = ',';
    record.chars().any(|character| {
        let opens = character == '"' && matches!(before, ',' | ';' | '\t' | '\n' | '\r');
        before = character;
        opens
    })
}

/// What parts cells: what stands most often in the first line, outside quotes.
fn delimiter(text: &str) -> u8 {
    let (mut quoted, mut counts) = (false, [0_usize; 3]);
    let first = text.trim_start_matches(['\n', '\r', '\u{feff}']);
    for character in first.bytes() {
        match character {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            b',' if !quoted => counts[0] += 1,
            b';' if !quoted => counts[1] += 1,
            b'\t' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    let [comma, semicolon, tab] = counts;
    if tab > comma && tab >= semicolon {
        b'\t'
    } else if semicolon > comma {
        b';'
    } else {
        b','
    }
}

fn workbook(content: &[u8], limits: Limits) -> Result<Sheet, ReadError> {
    weigh(content, limits.unpacked)?;
    let mut book = Xlsx::new(Cursor::new(content)).map_err(|error| match error {
        calamine::XlsxError::Password => ReadError::OldWorkbook,
        error => ReadError::Damaged(error.to_string()),
    })?;
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    // The first sheet with something in it: covers and empty sheets come first in what offices send round.
    let mut found = Sheet::default();
    for name in names {
        found = worksheet(&mut book, &name, limits)?;
        if !found.is_empty() {
            break;
        }
    }
    Ok(Sheet { is_workbook: true, ..found })
}

/// Unpacks everything once, keeping nothing: what the file says of its sizes may be wrong.
fn weigh(content: &[u8], most: u64) -> Result<(), ReadError> {
    let damaged = |error: &dyn std::fmt::Display| ReadError::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(content)).map_err(|error| damaged(&error))?;
    let mut left = most;
    for place in 0..archive.len() {
        let entry = archive.by_index(place).map_err(|error| damaged(&error))?;
        let unpacked =
            io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|error| damaged(&error))?;
        left = left.checked_sub(unpacked).ok_or(ReadError::Unpacked)?;
    }
    Ok(())
}

fn worksheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: Limits) -> Result<Sheet, ReadError> {
    let damaged = |error: calamine::XlsxError| ReadError::Damaged(error.to_string());
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet of charts.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(Sheet::default()),
        Err(error) => return Err(damaged(error)),
    };
    let (mut sheet, mut row, mut at) = (Sheet::default(), Vec::<String>::new(), 0_u32);
    let mut bytes = 0_u64;
    loop {
        let cell = cells.next_cell().map_err(damaged)?;
        let position = cell.as_ref().map(calamine::Cell::get_position);
        if position.is_none_or(|(line, _)| line != at) {
            sheet.push(u64::from(at) + 1, row.iter().map(String::as_str), limits)?;
            row.clear();
        }
        let (Some(cell), Some((line, column))) = (cell, position) else { return Ok(sheet) };
        // Rows come in order; one that goes back is of a file that no spreadsheet wrote.
        if line < at {
            return Err(ReadError::Damaged(format!("row {} after row {}", line + 1, at + 1)));
        }
        at = line;
        let column = column as usize;
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if column >= limits.columns {
            return Err(ReadError::Columns);
        }
        // One long text of a workbook may stand in every cell of it.
        if let DataRef::SharedString(text) = cell.get_value() {
            bytes += text.len() as u64;
        }
        if bytes > limits.unpacked {
            return Err(ReadError::Unpacked);
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = said(cell.get_value().clone().into());
    }
}

/// What a person sees in a cell, or would type.
fn said(value: Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Int(whole) => whole.to_string(),
        // Whole numbers of a workbook are floats; beyond 2^53 it has lost digits, which the check of the value tells.
        Data::Float(number) => number.to_string(),
        Data::Bool(is) => if is { "yes" } else { "" }.to_owned(),
        Data::DateTime(moment) if moment.is_duration() => moment.as_f64().to_string(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Spreadsheet, Value};
    use proptest::prelude::*;
    use std::io::Write;

    const LIMITS: Limits = Limits { rows: 100, columns: 20, unpacked: 1 << 20 };

    fn rows(sheet: &Sheet) -> Vec<(u64, Vec<String>)> {
        let cells = |row: Row<'_>| (0..row.width()).map(|column| row.cell(column).to_owned()).collect();
        sheet.rows().map(|row| (row.line, cells(row))).collect()
    }

    fn read(text: impl AsRef<[u8]>) -> Sheet {
        Sheet::read(text.as_ref(), LIMITS).expect("a sheet")
    }

    fn refused(content: impl AsRef<[u8]>) -> ReadError {
        Sheet::read(content.as_ref(), LIMITS).expect_err("refused")
    }

    #[test]
    fn text_comes_in_the_encodings_and_with_the_delimiters_that_spreadsheets_save() {
        let plain = "编码,名称\nC1,\"甲,乙\n丙\"\n\nC2,丁\n";
        let told = read(plain);
        assert_eq!(told.header, ["编码", "名称"]);
        let expected = [(2, vec!["C1".into(), "甲,乙\n丙".into()]), (5, vec!["C2".into(), "丁".into()])];
        assert_eq!(rows(&told), expected);
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(plain.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for content in [
            format!("\u{feff}{plain}").into_bytes(),
            GB18030.encode(plain).0.into_owned(),
            plain.replace('\n', "\r\n").replace("乙\r\n丙", "乙\n丙").into_bytes(),
            utf16,
        ] {
            assert_eq!(rows(&read(&content)), expected);
        }
        for delimiter in [";", "\t"] {
            let other = format!("编码{delimiter}名称\nC1{delimiter}甲, 乙\n");
            assert_eq!(rows(&read(other)), [(2, vec!["C1".to_owned(), "甲, 乙".to_owned()])]);
        }
    }

    #[test]
    fn what_is_no_sheet_is_refused_for_what_it_is() {
        assert!(matches!(refused(""), ReadError::Empty));
        assert!(matches!(refused(" \n,,\n"), ReadError::Empty));
        assert!(matches!(refused("code,name\n"), ReadError::NoRows));
        assert!(matches!(refused(b"GIF89a\0\x01\xff"), ReadError::NoSheet));
        assert!(matches!(refused(b"\xd0\xcf\x11\xe0 and more"), ReadError::OldWorkbook));
        assert!(matches!(refused(b"PK\x03\x04 and no more"), ReadError::Damaged(_)));
        assert!(matches!(refused("a,b\n1,2\n\"3,4\n5,6\n"), ReadError::OpenQuote(3)));
        assert!(matches!(refused("a\n".to_owned() + &"1\n".repeat(101)), ReadError::Rows));
        assert!(matches!(refused(",".repeat(30) + "a\n1"), ReadError::Columns));
        // A quote within a cell stands for itself.
        assert_eq!(rows(&read("a,b\n1,5\" pipe\n"))[0].1[1], "5\" pipe");
    }

    fn book(rows: &[&[Value]]) -> Vec<u8> {
        let mut sheet = Spreadsheet::new("名单", vec!["编码".into(), "名称".into(), "人数".into()]);
        rows.iter().for_each(|row| sheet.push(row).expect("a row"));
        let mut content = Vec::new();
        sheet.into_file().expect("a file").read_to_end(&mut content).expect("read");
        content
    }

    #[test]
    fn a_workbook_is_read_as_it_is_seen() {
        let text = |text: &str| Value::Text(text.to_owned());
        let sheet = read(book(&[
            &[text("007"), text("=1+1"), Value::Number(12.0)],
            &[Value::Empty, Value::Empty, Value::Empty],
            &[text("C2"), Value::Empty, Value::Number(0.5)],
        ]));
        assert!(sheet.is_workbook);
        let of = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        assert_eq!(rows(&sheet), [(2, of(["007", "=1+1", "12"])), (4, of(["C2", "", "0.5"]))]);
    }

    /// A workbook whose only sheet is this text.
    fn packed(sheet: &str, strings: &str) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
        for (name, text) in [
            (
                "_rels/.rels",
                format!(
                    "{head}<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "{head}<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "{head}<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
                ),
            ),
            ("xl/sharedStrings.xml", format!("{head}<sst xmlns=\"{main}\">{strings}</sst>")),
            (
                "xl/worksheets/sheet1.xml",
                format!("{head}<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
            ),
        ] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
            archive.write_all(text.as_bytes()).expect("written");
        }
        archive.finish().expect("a workbook").into_inner()
    }

    #[test]
    fn bombs_do_not_go_off() {
        let header = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
        // Unpacks to far more than it is.
        let spaces = packed(&format!("{header}{}", " ".repeat(8 << 20)), "");
        assert!(spaces.len() < 100_000);
        assert!(matches!(refused(spaces), ReadError::Unpacked));
        // One cell in the last corner of the largest sheet.
        let corner = format!("{header}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
        let wide = refused(packed(&corner, ""));
        assert!(matches!(wide, ReadError::Columns), "{wide}");
        // One long text in every cell.
        let strings = format!("<si><t>{}</t></si>", "x".repeat(30_000));
        let rows: String = (2..90)
            .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"))
            .collect();
        assert!(matches!(refused(packed(&format!("{header}{rows}"), &strings)), ReadError::Unpacked));
        // Rows that go back, and a text that is not there.
        let back = format!(
            "{header}<row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>"
        );
        assert!(matches!(refused(packed(&back, "")), ReadError::Damaged(_)));
        let absent = format!("{header}<row r=\"2\"><c r=\"A2\" t=\"s\"><v>7</v></c></row>");
        assert!(Sheet::read(&packed(&absent, ""), LIMITS).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(content in proptest::collection::vec(any::<u8>(), 0..200), is_book: bool) {
            let content = if is_book { [b"PK\x03\x04".as_slice(), &content].concat() } else { content };
            let _ = Sheet::read(&content, LIMITS);
        }

        /// Text that is written is read back.
        #[test]
        fn what_is_quoted_is_read_back(cells in proptest::collection::vec("[a-c\",;\n甲]{0,6}", 1..30)) {
            let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            writer.write_record(["first", "last"]).expect("written");
            cells.iter().for_each(|cell| writer.write_record([cell, "end"]).expect("written"));
            let sheet = read(writer.into_inner().expect("text"));
            let found: Vec<&str> = sheet.rows().map(|row| row.cell(0)).collect();
            prop_assert_eq!(found, cells);
        }
    }
}

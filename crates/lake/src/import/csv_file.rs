//! CSV files, cut at line ends into pieces that several threads can check, without losing count of lines.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use csv::ByteRecord;
use encoding_rs::GB18030;
use memchr::{memchr, memchr_iter, memrchr};

/// A quote that is still open after so many bytes was never meant to span lines.
const LONGEST_QUOTE: usize = 1 << 20;
/// A line longer than this is no line.
const LONGEST_LINE: usize = 16 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How the text of a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, and rows that are not are bad.
    Utf8,
    /// GB18030 throughout.
    Gb18030,
}

/// Tells how a file is encoded by reading all of it: one byte that is no UTF-8 makes it GB18030, if it is valid
/// as such. A file that is neither counts as UTF-8, so that the rows with the wrong bytes are named.
pub(crate) fn detect_encoding(path: &Path, block: usize) -> io::Result<Encoding> {
    if is_utf8(File::open(path)?, block)? {
        return Ok(Encoding::Utf8);
    }
    Ok(if is_gb18030(File::open(path)?, block)? { Encoding::Gb18030 } else { Encoding::Utf8 })
}

fn is_utf8(mut file: impl Read, block: usize) -> io::Result<bool> {
    let mut buffer = vec![0; block.max(8)];
    let mut held = 0;
    loop {
        let read = read_full(&mut file, &mut buffer[held..])?;
        let filled = held + read;
        match std::str::from_utf8(&buffer[..filled]) {
            Ok(_) => held = 0,
            // The end of the block may cut a character in two.
            Err(error) if error.error_len().is_none() && read > 0 => {
                buffer.copy_within(error.valid_up_to()..filled, 0);
                held = filled - error.valid_up_to();
            }
            Err(_) => return Ok(false),
        }
        if read == 0 {
            return Ok(held == 0);
        }
    }
}

fn is_gb18030(mut file: impl Read, block: usize) -> io::Result<bool> {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut buffer = vec![0; block.max(8)];
    let mut text =
        String::with_capacity(decoder.max_utf8_buffer_length(buffer.len()).unwrap_or(buffer.len() * 3));
    loop {
        let read = read_full(&mut file, &mut buffer)?;
        text.clear();
        let (result, _) = decoder.decode_to_string_without_replacement(&buffer[..read], &mut text, read == 0);
        if result != encoding_rs::DecoderResult::InputEmpty {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// What a [`Cutter`] yields.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Whole lines, and the number of the first.
    Lines {
        /// The lines.
        text: Vec<u8>,
        /// The number of the first.
        first_line: u64,
    },
    /// In this line a quote opens that is never closed; the line is left out.
    OpenQuote {
        /// The number of the line.
        line: u64,
        /// The line.
        text: Vec<u8>,
    },
    /// From this line on there are no line ends: not a text file.
    Endless {
        /// The number of the line.
        line: u64,
    },
}

/// Cuts a file into pieces that end where a record ends: a line end inside quotes does not count.
pub(crate) struct Cutter<R> {
    input: R,
    ended: bool,
    /// What was read and not yielded; begins where a record begins.
    buffer: Vec<u8>,
    /// How far the buffer was searched.
    searched: usize,
    /// Where the record after the last complete one begins.
    complete: usize,
    /// Where the quote opened that `searched` is in.
    quote: Option<usize>,
    piece: usize,
    line: u64,
}

impl<R: Read> Cutter<R> {
    /// Cuts `input` into pieces of about `piece` bytes.
    pub(crate) fn new(input: R, piece: usize) -> Self {
        Self {
            input,
            ended: false,
            buffer: Vec::new(),
            searched: 0,
            complete: 0,
            quote: None,
            piece: piece.max(BYTE_ORDER_MARK.len()),
            line: 1,
        }
    }

    /// The next piece, or nothing at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Cut>> {
        loop {
            self.fill()?;
            self.search();
            if self.complete > 0 {
                return Ok(Some(self.yield_lines()));
            }
            if self.buffer.is_empty() {
                return Ok(None);
            }
            if let Some(quote) = self.quote
                && (self.ended || self.buffer.len() - quote > LONGEST_QUOTE)
            {
                return Ok(Some(self.skip_open_quote(quote)));
            }
            if self.ended {
                self.complete = self.buffer.len();
                return Ok(Some(self.yield_lines()));
            }
            if self.quote.is_none() && self.buffer.len() > LONGEST_LINE {
                self.ended = true;
                self.buffer.clear();
                return Ok(Some(Cut::Endless { line: self.line }));
            }
        }
    }

    /// Reads another piece's worth when all but the last byte was searched.
    fn fill(&mut self) -> io::Result<()> {
        if self.ended || self.searched + 1 < self.buffer.len() {
            return Ok(());
        }
        let (first, held) = (self.line == 1 && self.buffer.is_empty(), self.buffer.len());
        self.buffer.resize(held + self.piece, 0);
        let read = read_full(&mut self.input, &mut self.buffer[held..])?;
        self.buffer.truncate(held + read);
        self.ended = read < self.piece;
        if first && self.buffer.starts_with(BYTE_ORDER_MARK) {
            self.buffer.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(())
    }

    /// Looks for the last record end in what was not searched yet.
    fn search(&mut self) {
        while self.searched < self.buffer.len() {
            let rest = &self.buffer[self.searched..];
            let next_quote = memchr(b'"', rest);
            if self.quote.is_some() {
                match next_quote {
                    None => self.searched = self.buffer.len(),
                    Some(at) if rest.get(at + 1) == Some(&b'"') => self.searched += at + 2,
                    // Whether it closes or stands for itself, the byte after it will tell.
                    Some(at) if at + 1 == rest.len() && !self.ended => {
                        self.searched += at;
                        return;
                    }
                    Some(at) => {
                        self.quote = None;
                        self.searched += at + 1;
                    }
                }
                continue;
            }
            let plain = next_quote.unwrap_or(rest.len());
            if let Some(end) = memrchr(b'\n', &rest[..plain]) {
                self.complete = self.searched + end + 1;
            }
            self.searched += plain;
            if next_quote.is_some() {
                let opens =
                    self.searched == 0 || matches!(self.buffer[self.searched - 1], b',' | b'\n' | b'\r');
                self.quote = opens.then_some(self.searched);
                self.searched += 1;
            }
        }
    }

    fn yield_lines(&mut self) -> Cut {
        let text = self.take(self.complete);
        let first_line = self.line;
        self.line += memchr_iter(b'\n', &text).count() as u64;
        Cut::Lines { text, first_line }
    }

    fn skip_open_quote(&mut self, quote: usize) -> Cut {
        let end = memchr(b'\n', &self.buffer[quote..]).map_or(self.buffer.len(), |end| quote + end + 1);
        let text = self.take(end);
        let line = self.line;
        self.line += memchr_iter(b'\n', &text).count() as u64;
        self.quote = None;
        self.searched = 0;
        Cut::OpenQuote { line, text }
    }

    /// Takes the first bytes out of the buffer and moves every position with it.
    fn take(&mut self, end: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(end);
        let text = std::mem::replace(&mut self.buffer, rest);
        self.searched = self.searched.saturating_sub(end);
        self.quote = self.quote.and_then(|quote| quote.checked_sub(end));
        self.complete = 0;
        text
    }
}

/// Turns a piece into UTF-8. Pieces are cut at line ends, which are never part of a character of GB18030.
pub(crate) fn to_utf8(text: Vec<u8>, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text,
        Encoding::Gb18030 => match GB18030.decode_without_bom_handling(&text).0 {
            Cow::Owned(text) => text.into_bytes(),
            Cow::Borrowed(_) => text,
        },
    }
}

/// Takes the first record, the header, off a piece; returns it with the number of the line after it.
pub(crate) fn take_header(text: &mut Vec<u8>, first_line: u64) -> (Vec<String>, u64) {
    let mut reader = reader(text);
    let mut record = ByteRecord::new();
    // A slice gives no IO error, and lengths may differ, so nothing can fail.
    let _ = reader.read_byte_record(&mut record);
    let names = record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    let end = reader.position().byte() as usize;
    let rest = text.split_off(end.min(text.len()));
    let line = first_line + memchr_iter(b'\n', text).count() as u64;
    *text = rest;
    (names, line)
}

/// Visits every record with the line it begins in.
pub(crate) fn visit_records(text: &[u8], first_line: u64, mut visit: impl FnMut(u64, &ByteRecord)) {
    let mut reader = reader(text);
    let mut record = ByteRecord::new();
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let Some(start) = record.position() else { continue };
        // The reader's record begins before the rest of the last line end and empty lines.
        let skipped = text[start.byte() as usize..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let line = first_line + start.line() - 1 + skipped.filter(|&&byte| byte == b'\n').count() as u64;
        visit(line, &record);
    }
}

fn reader(text: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(text)
}

fn read_full(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cuts(text: &[u8], piece: usize) -> Vec<Cut> {
        let mut cutter = Cutter::new(text, piece);
        let mut cuts = Vec::new();
        while let Some(cut) = cutter.next().expect("a slice can be read") {
            cuts.push(cut);
        }
        cuts
    }

    fn records(text: &[u8], piece: usize) -> Vec<(u64, Vec<Vec<u8>>)> {
        let mut records = Vec::new();
        for cut in cuts(text, piece) {
            let Cut::Lines { text, first_line } = cut else { panic!("{cut:?}") };
            visit_records(&text, first_line, |line, record| {
                records.push((line, record.iter().map(<[u8]>::to_vec).collect()));
            });
        }
        records
    }

    #[test]
    fn lines_are_counted_through_every_kind_of_line_end() {
        for text in ["a,b\n\"c\nd\",e\n\nf,g\n", "a,b\r\n\"c\nd\",e\r\n\r\nf,g"] {
            for piece in [3, 4, 5, 7, 100] {
                let lines: Vec<u64> = records(text.as_bytes(), piece).iter().map(|(line, _)| *line).collect();
                assert_eq!(lines, [1, 2, 5], "{text:?} cut at {piece}");
            }
        }
    }

    #[test]
    fn a_quote_that_never_closes_costs_its_line_only() {
        let text = b"a,b\n\"c,d\ne,f\n";
        assert_eq!(
            cuts(text, 100),
            [
                Cut::Lines { text: b"a,b\n".to_vec(), first_line: 1 },
                Cut::OpenQuote { line: 2, text: b"\"c,d\n".to_vec() },
                Cut::Lines { text: b"e,f\n".to_vec(), first_line: 3 },
            ]
        );
    }

    #[test]
    fn a_mark_at_the_beginning_is_no_text() {
        let mut text = b"\xef\xbb\xbfcode,name\n1,a\n".to_vec();
        let Some(Cut::Lines { text: mut piece, first_line }) = cuts(&text, 100).into_iter().next() else {
            panic!("lines")
        };
        assert_eq!(take_header(&mut piece, first_line), (vec!["code".to_owned(), "name".to_owned()], 2));
        assert_eq!(piece, b"1,a\n");
        text.clear();
        assert_eq!(cuts(&text, 100), []);
    }

    #[test]
    fn a_character_cut_by_a_block_is_still_whole() {
        let text = "编码,名称\n一,二三四五六七八九十\n";
        assert!(is_utf8(text.as_bytes(), 8).expect("read"));
        let (gb, _, _) = GB18030.encode(text);
        assert!(!is_utf8(&*gb, 8).expect("read"));
        assert!(is_gb18030(&*gb, 9).expect("read"));
        assert!(!is_gb18030(&b"a,\xff\xff\n"[..], 9).expect("read"));
        assert!(!is_utf8(&b"a\xe4\xb8"[..], 8).expect("read"));
    }

    proptest! {
        /// Where a file is cut makes no difference to what is read.
        #[test]
        fn cutting_changes_nothing(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a\",\n \r]{0,5}", 2..4), 1..20),
            piece in 3_usize..40,
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            let mut writer_rows = Vec::new();
            for row in rows {
                let row: Vec<String> = row.into_iter().take(2).collect();
                if writer.write_record(&row).is_ok() { writer_rows.push(row); }
            }
            let text = writer.into_inner().expect("a vector can be written");
            let read: Vec<Vec<String>> = records(&text, piece).into_iter()
                .map(|(_, record)| record.into_iter().map(|f| String::from_utf8(f).expect("text")).collect())
                .collect();
            prop_assert_eq!(read, writer_rows);
            let whole: Vec<u64> = records(&text, 10_000).iter().map(|(line, _)| *line).collect();
            let cut: Vec<u64> = records(&text, piece).iter().map(|(line, _)| *line).collect();
            prop_assert_eq!(cut, whole);
        }
    }
}

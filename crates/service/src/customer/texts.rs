//! Many short texts in one long one, and a search over all of them at once.

use std::ops::Range;

use memchr::memmem;

/// Texts by row, one after the other in memory.
#[derive(Debug, Default)]
pub struct Texts {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Texts {
    /// No texts yet, with room for some.
    pub fn with_capacity(rows: usize, bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), ends: Vec::with_capacity(rows) }
    }

    /// Adds one at the end.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> &str {
        &self.text[self.start(row)..self.ends[row]]
    }

    /// Bytes of all texts.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    fn start(&self, row: usize) -> usize {
        row.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// For each of the rows, 1 when its text contains `needle`, else 0. The texts must keep needles from
    /// reaching over two of them, by ending in a character that no needle holds.
    pub fn containing(&self, needle: &str, rows: Range<usize>) -> Vec<u8> {
        let mut found = vec![0; rows.len()];
        if rows.is_empty() {
            return found;
        }
        let finder = memmem::Finder::new(needle);
        let end = self.ends[rows.end - 1];
        let mut at = self.start(rows.start);
        let mut row = rows.start;
        while let Some(offset) = finder.find(&self.text.as_bytes()[at..end]) {
            let hit = at + offset;
            while self.ends[row] <= hit {
                row += 1;
            }
            found[row - rows.start] = 1;
            at = self.ends[row];
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_row_once() {
        let mut texts = Texts::default();
        for text in ["abc\n", "\n", "xabab\n", "b\n"] {
            texts.push(text);
        }
        assert_eq!(texts.get(2), "xabab\n");
        assert_eq!(texts.containing("ab", 0..4), [1, 0, 1, 0]);
        assert_eq!(texts.containing("b", 1..4), [0, 1, 1]);
        assert_eq!(texts.containing("b", 2..2), [0; 0]);
    }
}

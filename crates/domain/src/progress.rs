//! How far long work has come, told to whoever watches: a bar on a terminal, a row on a page, nobody.

/// Hears of the steps of long work. Calls come from any thread.
pub trait Progress: Send + Sync {
    /// A step begins: its name (a key of the locale files), what it works on, and how many bytes or rows it has.
    fn begin(&self, key: &'static str, subject: &str, total: u64);
    /// So many more of the total are done, holding so many rows.
    fn advance(&self, amount: u64, rows: u64);
    /// The step is over.
    fn end(&self);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _key: &'static str, _subject: &str, _total: u64) {}
    fn advance(&self, _amount: u64, _rows: u64) {}
    fn end(&self) {}
}

//! What is said to a person: a key of the locale files with its arguments, so that the same thing can be
//! said in either language, later, by someone else.

use crate::{Date, Money, Month};

/// A sentence to be said: a key and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The key in the locale files.
    pub key: &'static str,
    /// The arguments by name.
    pub args: Vec<(&'static str, Arg)>,
}

/// An argument of a message, with what is needed to write it as a person would.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// Text as it is: a name, a code, a file.
    Text(String),
    /// A count.
    Count(i64),
    /// A plain number.
    Number(f64),
    /// A share, 1.0 = 100 %.
    Share(f64),
    /// An amount.
    Money(Money),
    /// A month.
    Month(Month),
    /// A date.
    Date(Date),
    /// Another message's key, said in the same language.
    Key(&'static str),
    /// What a column is called that people fill in, by its name in extracts.
    Field(&'static str),
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.push((name, arg.into()));
        self
    }
}

/// For logs and tests: the key and the arguments.
impl std::fmt::Display for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key)?;
        for (name, arg) in &self.args {
            write!(f, " {name}=")?;
            match arg {
                Arg::Text(text) => write!(f, "{text}")?,
                Arg::Count(count) => write!(f, "{count}")?,
                Arg::Number(number) | Arg::Share(number) => write!(f, "{number}")?,
                Arg::Money(money) => write!(f, "{money}")?,
                Arg::Month(month) => write!(f, "{month}")?,
                Arg::Date(date) => write!(f, "{date}")?,
                Arg::Key(name) | Arg::Field(name) => f.write_str(name)?,
            }
        }
        Ok(())
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Arg {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Arg {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

impl From<u64> for Arg {
    fn from(count: u64) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<Money> for Arg {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<Month> for Arg {
    fn from(month: Month) -> Self {
        Self::Month(month)
    }
}

impl From<Date> for Arg {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

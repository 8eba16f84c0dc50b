//! Calendar months.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar month, `YYYY-MM`; counts months since year 0, so that subtraction gives months.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// A text that is not a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month, YYYY-MM")]
pub struct MonthError;

impl Month {
    /// The month `month` (1 to 12) of a year between 1900 and 9999.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let in_range = (1900..=9999).contains(&year) && (1..=12).contains(&month);
        in_range.then(|| Self(i32::from(year) * 12 + i32::from(month) - 1))
    }

    /// The month that a date falls in.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// Months since year 0: the form kept in records and facts.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The month behind a number that [`Self::number`] gave.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, 1 to 12.
    #[must_use]
    pub const fn month_of_year(self) -> u8 {
        self.0.rem_euclid(12) as u8 + 1
    }

    /// The next month.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0 - 1)
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::constant(self.year() as i16, self.month_of_year() as i8, 1)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// The months from this one to `last`, both included.
    pub fn to(self, last: Self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        let count = (last.0 - self.0 + 1).max(0);
        (0..count).map(move |offset| Self(self.0 + offset))
    }

    /// Reads `YYYY-MM` from bytes, without allocating.
    ///
    /// # Errors
    /// When the text has another form or names no month.
    pub fn parse(text: &[u8]) -> Result<Self, MonthError> {
        let &[y1, y2, y3, y4, b'-', m1, m2] = text else {
            return Err(MonthError);
        };
        let mut digits = [0_i16; 6];
        for (digit, byte) in digits.iter_mut().zip([y1, y2, y3, y4, m1, m2]) {
            if !byte.is_ascii_digit() {
                return Err(MonthError);
            }
            *digit = i16::from(byte - b'0');
        }
        let [y1, y2, y3, y4, m1, m2] = digits;
        let year = y1 * 1000 + y2 * 100 + y3 * 10 + y4;
        Self::new(year, (m1 * 10 + m2) as i8).ok_or(MonthError)
    }
}

impl Add<i32> for Month {
    type Output = Self;
    fn add(self, months: i32) -> Self {
        Self(self.0 + months)
    }
}

impl Sub<i32> for Month {
    type Output = Self;
    fn sub(self, months: i32) -> Self {
        Self(self.0 - months)
    }
}

/// Months between.
impl Sub for Month {
    type Output = i32;
    fn sub(self, other: Self) -> i32 {
        self.0 - other.0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month_of_year())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Month {
    type Err = MonthError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text.as_bytes())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_over_the_turn_of_the_year() {
        let december = Month::new(2025, 12).expect("a month");
        assert_eq!(december.next().to_string(), "2026-01");
        assert_eq!(december.next() - december, 1);
        assert_eq!(december.last_day().to_string(), "2025-12-31");
        assert_eq!(december.to(december + 2).len(), 3);
    }

    #[test]
    fn refuses_other_forms() {
        for text in ["2026-13", "2026-00", "2026-1", "26-01", "2026/01", "２０２６-01", "2026-01-01", ""]
        {
            assert_eq!(text.parse::<Month>(), Err(MonthError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn prints_and_reads_back(number in 1900 * 12..9999 * 12) {
            let month = Month::from_number(number);
            prop_assert_eq!(month.to_string().parse::<Month>(), Ok(month));
            prop_assert_eq!(Month::of(month.first_day()), month);
            prop_assert_eq!(Month::of(month.last_day()), month);
        }
    }
}

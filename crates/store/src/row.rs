//! Reading values out of rows, with the types of the domain.

use std::str::FromStr;

use domain::{Date, Instant, Money, Month};
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};

use crate::error::{Result, StoreError};

/// Columns of a row by name.
pub trait RowExt {
    /// A column as the driver gives it.
    fn value<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(&'r self, column: &str) -> Result<T>;

    /// A code of a closed list.
    fn code<T: FromStr>(&self, column: &str) -> Result<T>;

    /// A code of a closed list, or nothing.
    fn optional_code<T: FromStr>(&self, column: &str) -> Result<Option<T>>;

    /// Days since 1970.
    fn date(&self, column: &str) -> Result<Date>;

    /// Days since 1970, or nothing.
    fn optional_date(&self, column: &str) -> Result<Option<Date>>;

    /// Microseconds since 1970 UTC.
    fn instant(&self, column: &str) -> Result<Instant> {
        Ok(Instant::from_micros(self.value(column)?))
    }

    /// Microseconds since 1970 UTC, or nothing.
    fn optional_instant(&self, column: &str) -> Result<Option<Instant>> {
        Ok(self.value::<Option<i64>>(column)?.map(Instant::from_micros))
    }

    /// [`Month::number`].
    fn month(&self, column: &str) -> Result<Month> {
        Ok(Month::from_number(self.value(column)?))
    }

    /// Fen, or nothing.
    fn optional_money(&self, column: &str) -> Result<Option<Money>> {
        Ok(self.value::<Option<i64>>(column)?.map(Money::from_fen))
    }

    /// A count, zero or more.
    fn count(&self, column: &str) -> Result<u64> {
        let count = self.value::<i64>(column)?;
        u64::try_from(count).map_err(|_| StoreError::unreadable(column, count.to_string()))
    }
}

impl RowExt for SqliteRow {
    fn value<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(&'r self, column: &str) -> Result<T> {
        Ok(self.try_get(column)?)
    }

    fn code<T: FromStr>(&self, column: &str) -> Result<T> {
        parse_code(column, self.value(column)?)
    }

    fn optional_code<T: FromStr>(&self, column: &str) -> Result<Option<T>> {
        self.value::<Option<&str>>(column)?.map(|text| parse_code(column, text)).transpose()
    }

    fn date(&self, column: &str) -> Result<Date> {
        date_from_days(column, self.value(column)?)
    }

    fn optional_date(&self, column: &str) -> Result<Option<Date>> {
        self.value::<Option<i64>>(column)?.map(|days| date_from_days(column, days)).transpose()
    }
}

/// The value behind a stored code.
pub fn parse_code<T: FromStr>(place: &str, text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::unreadable(place, text))
}

/// The date so many days after 1970-01-01.
pub fn date_from_days(place: &str, days: i64) -> Result<Date> {
    domain::date::from_days(days).ok_or_else(|| StoreError::unreadable(place, days.to_string()))
}

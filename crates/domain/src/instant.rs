//! Instants: UTC microseconds.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

/// A moment, in microseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

/// A text that is not an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an instant, RFC 3339 with offset")]
pub struct InstantError;

/// Operators write and read the clock of Beijing, everywhere in the country.
const BEIJING: Offset = Offset::constant(8);

impl Instant {
    /// An instant from microseconds since 1970 in UTC.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970 in UTC.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This instant moved by seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1_000_000)
    }

    /// The date on the wall in Beijing.
    #[must_use]
    pub fn date(self) -> Date {
        self.timestamp().to_zoned(TimeZone::fixed(BEIJING)).date()
    }

    /// The moment at which a date begins on the wall in Beijing.
    #[must_use]
    pub fn at_start_of(date: Date) -> Self {
        Self(crate::date::days(date) * 86_400_000_000).plus_seconds(-i64::from(BEIJING.seconds()))
    }

    /// The moment at which a date is over on the wall in Beijing.
    #[must_use]
    pub fn at_end_of(date: Date) -> Self {
        Self::at_start_of(date).plus_seconds(86_400)
    }

    /// Date and time to the minute on the wall in Beijing, `2026-11-22 09:30`.
    #[must_use]
    pub fn to_minute(self) -> String {
        let at = self.timestamp().to_zoned(TimeZone::fixed(BEIJING));
        at.strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or_default()
    }
}

/// RFC 3339 in Beijing's offset.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp().display_with_offset(BEIJING))
    }
}

impl FromStr for Instant {
    type Err = InstantError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let timestamp: jiff::Timestamp = text.parse().map_err(|_| InstantError)?;
        Ok(Self(timestamp.as_microsecond()))
    }
}

impl From<jiff::Timestamp> for Instant {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_offsets_and_prints_beijing() {
        let instant: Instant = "2026-01-01T00:30:00+08:00".parse().expect("an instant");
        assert_eq!(instant, "2025-12-31T16:30:00Z".parse().expect("an instant"));
        assert_eq!(instant.to_string(), "2026-01-01T00:30:00+08:00");
        assert_eq!(instant.date().to_string(), "2026-01-01");
        assert_eq!(instant.to_minute(), "2026-01-01 00:30");
    }

    #[test]
    fn refuses_local_times() {
        assert_eq!("2026-01-01T00:30:00".parse::<Instant>(), Err(InstantError));
    }
}

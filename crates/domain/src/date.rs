//! Dates as records and facts keep them: days since 1970-01-01.

use jiff::SignedDuration;
use jiff::civil::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days from 1970-01-01 to a date.
#[must_use]
pub fn days(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

/// The date so many days after 1970-01-01, if there is one.
#[must_use]
pub fn from_days(days: i64) -> Option<Date> {
    let hours = days.checked_mul(24)?;
    EPOCH.checked_add(SignedDuration::try_from_hours(hours)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_date_is_none() {
        assert_eq!(from_days(i64::MAX), None);
        assert_eq!(from_days(10_000_000), None);
    }

    proptest! {
        #[test]
        fn days_and_back(count in -100_000_i64..1_000_000) {
            let date = from_days(count).expect("a date");
            prop_assert_eq!(days(date), count);
            prop_assert_eq!(from_days(count + 1), date.tomorrow().ok());
        }
    }
}

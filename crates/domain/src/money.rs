//! Money: whole fen inside, yuan with two decimals in files.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount in fen (1 yuan = 100 fen). Sums are exact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Why a text is not an amount in yuan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits with at most one point and a leading sign.
    #[error("not an amount in yuan")]
    NotANumber,
    /// More than two decimals that are not zero.
    #[error("more than two decimals")]
    TooPrecise,
    /// Beyond what fits.
    #[error("amount too large")]
    TooLarge,
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount from fen.
    #[must_use]
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The amount in yuan, for drawing and models only: sums stay in fen.
    #[must_use]
    pub fn yuan(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Reads yuan with at most two decimals from bytes, without allocating.
    ///
    /// # Errors
    /// When the text is not a plain decimal number or does not fit.
    pub fn parse_yuan(text: &[u8]) -> Result<Self, MoneyError> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let mut fen: i64 = 0;
        let mut decimals: Option<u8> = None;
        let mut seen = false;
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    match &mut decimals {
                        Some(n) if *n == 2 => {
                            if byte != b'0' {
                                return Err(MoneyError::TooPrecise);
                            }
                            continue;
                        }
                        Some(n) => *n += 1,
                        None => {}
                    }
                    fen = fen
                        .checked_mul(10)
                        .and_then(|f| f.checked_add(i64::from(byte - b'0')))
                        .ok_or(MoneyError::TooLarge)?;
                }
                b'.' if decimals.is_none() => decimals = Some(0),
                _ => return Err(MoneyError::NotANumber),
            }
        }
        if !seen {
            return Err(MoneyError::NotANumber);
        }
        let scale = match decimals {
            Some(2) => 1,
            Some(1) => 10,
            _ => 100,
        };
        let fen = fen.checked_mul(scale).ok_or(MoneyError::TooLarge)?;
        Ok(Self(if negative { -fen } else { fen }))
    }
}

/// Yuan with two decimals, as in files: `-12.30`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_yuan(text.as_bytes())
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_files_hold() {
        for (text, fen) in [("0", 0), ("12.3", 1230), ("-0.05", -5), ("7.", 700), (".5", 50), ("1.2000", 120)]
        {
            assert_eq!(text.parse(), Ok(Money::from_fen(fen)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for (text, error) in [
            ("", MoneyError::NotANumber),
            ("-", MoneyError::NotANumber),
            ("1,000", MoneyError::NotANumber),
            ("1.2.3", MoneyError::NotANumber),
            ("1.234", MoneyError::TooPrecise),
            ("99999999999999999999", MoneyError::TooLarge),
        ] {
            assert_eq!(text.parse::<Money>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn prints_and_reads_back(fen in -1_000_000_000_000_i64..1_000_000_000_000) {
            let money = Money::from_fen(fen);
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        }
    }
}

//! One cell: from what stands in a file or was typed to a checked value, or the reason why not.

use crate::extract::{CODE_LENGTH, Cell, ColumnType};
use crate::money::MoneyError;
use crate::{Date, Instant, Message, Money, Month};

/// A checked value. References stay text until they are looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Unknown.
    Null,
    /// A whole number: an id, fen, a day, microseconds, a month, a flag.
    Whole(i64),
    /// A finite float, zero without sign.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// A place in the closed list of the column.
    Choice(u8),
}

/// Beyond a hundred billion yuan an amount is a mistake; nine hundred thousand of the largest sum without overflow.
const LARGEST_FEN: i64 = 10_000_000_000_000;
const EPOCH: Date = Date::constant(1970, 1, 1);

impl Value<'_> {
    /// The value as it goes into the records; a choice by its code, a reference must be looked up first.
    #[must_use]
    pub fn kept(self, kind: ColumnType) -> Cell {
        match (self, kind) {
            (Self::Null, _) => Cell::Null,
            (Self::Whole(whole), _) => Cell::Whole(whole),
            (Self::Real(real), _) => Cell::Real(real),
            (Self::Text(text), _) => Cell::Text(text.to_owned()),
            (Self::Choice(place), ColumnType::OneOf(choices)) => {
                choices.get(usize::from(place)).map_or(Cell::Null, |code| Cell::Text((*code).to_owned()))
            }
            (Self::Choice(_), _) => Cell::Null,
        }
    }
}

/// What a person would type to get this value; a reference as the number of its row.
#[must_use]
pub fn written(kind: ColumnType, cell: &Cell) -> String {
    match (cell, kind) {
        (Cell::Null, _) => String::new(),
        (Cell::Whole(days), ColumnType::Date) => {
            crate::date::from_days(*days).map(|day| day.to_string()).unwrap_or_default()
        }
        (Cell::Whole(micros), ColumnType::Instant) => Instant::from_micros(*micros).to_string(),
        (Cell::Whole(fen), ColumnType::Money | ColumnType::SignedMoney) => Money::from_fen(*fen).to_string(),
        (Cell::Whole(number), ColumnType::Month) => {
            i32::try_from(*number).map(|number| Month::from_number(number).to_string()).unwrap_or_default()
        }
        (Cell::Whole(_), ColumnType::Flag) => "yes".to_owned(),
        (Cell::Whole(whole), _) => whole.to_string(),
        (Cell::Real(real), _) => real.to_string(),
        (Cell::Text(text), _) => text.clone(),
    }
}

/// Reads a cell that is not empty.
///
/// # Errors
/// With what is wrong with it, in words.
pub fn parse(kind: ColumnType, cell: &[u8]) -> Result<Value<'_>, Message> {
    match kind {
        ColumnType::Code | ColumnType::Reference(_) | ColumnType::Row(_) => code(cell),
        ColumnType::Text(limit) => free_text(cell, limit),
        ColumnType::Month => match Month::parse(cell) {
            Ok(month) => Ok(Value::Whole(i64::from(month.number()))),
            Err(_) => Err(Message::new("import-cell-month")),
        },
        ColumnType::Date => date(cell),
        ColumnType::Instant => instant(cell),
        ColumnType::Money => match money(cell)? {
            fen if fen < 0 => Err(Message::new("import-cell-money-negative")),
            fen => Ok(Value::Whole(fen)),
        },
        ColumnType::SignedMoney => Ok(Value::Whole(money(cell)?)),
        ColumnType::Quantity => match number(cell)? {
            quantity if quantity < 0.0 => Err(Message::new("import-cell-quantity-negative")),
            quantity => Ok(Value::Real(quantity)),
        },
        ColumnType::Number => Ok(Value::Real(number(cell)?)),
        ColumnType::Whole(low, high) => whole(cell, low, high),
        ColumnType::OneOf(choices) => choice(cell, choices),
        ColumnType::Flag => match cell {
            b"yes" => Ok(Value::Whole(1)),
            _ => Err(Message::new("import-cell-flag")),
        },
    }
}

fn utf8(cell: &[u8]) -> Result<&str, Message> {
    std::str::from_utf8(cell).map_err(|_| Message::new("import-cell-encoding"))
}

fn code(cell: &[u8]) -> Result<Value<'_>, Message> {
    let code = utf8(cell)?;
    if cell.len() > CODE_LENGTH && code.chars().count() > CODE_LENGTH {
        return Err(Message::new("import-cell-code-long").with("limit", CODE_LENGTH));
    }
    let plain = if code.is_ascii() {
        !cell.iter().any(u8::is_ascii_control)
    } else {
        !code.chars().any(char::is_control)
    };
    if !plain {
        return Err(Message::new("import-cell-code-control"));
    }
    Ok(Value::Text(code))
}

fn free_text(cell: &[u8], limit: usize) -> Result<Value<'_>, Message> {
    let text = utf8(cell)?;
    if cell.len() > limit && text.chars().count() > limit {
        return Err(Message::new("import-cell-text-long").with("limit", limit));
    }
    if cell.iter().any(|&byte| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t')) {
        return Err(Message::new("import-cell-text-control"));
    }
    Ok(Value::Text(text))
}

fn date(cell: &[u8]) -> Result<Value<'_>, Message> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = cell else {
        return Err(Message::new("import-cell-date"));
    };
    let mut digits = [y1, y2, y3, y4, m1, m2, d1, d2];
    for digit in &mut digits {
        if !digit.is_ascii_digit() {
            return Err(Message::new("import-cell-date"));
        }
        *digit -= b'0';
    }
    let [y1, y2, y3, y4, m1, m2, d1, d2] = digits;
    let year = i16::from(y1) * 1000 + i16::from(y2) * 100 + i16::from(y3) * 10 + i16::from(y4);
    let (month, day) = ((m1 * 10 + m2) as i8, (d1 * 10 + d2) as i8);
    if year < 1900 {
        return Err(Message::new("import-cell-date-missing"));
    }
    let date = Date::new(year, month, day).map_err(|_| Message::new("import-cell-date-missing"))?;
    Ok(Value::Whole(date.duration_since(EPOCH).as_hours() / 24))
}

fn instant(cell: &[u8]) -> Result<Value<'_>, Message> {
    let instant: Instant = utf8(cell)?.parse().map_err(|_| Message::new("import-cell-instant"))?;
    Ok(Value::Whole(instant.micros()))
}

fn money(cell: &[u8]) -> Result<i64, Message> {
    let money = Money::parse_yuan(cell).map_err(|error| {
        Message::new(match error {
            MoneyError::NotANumber => "import-cell-money",
            MoneyError::TooPrecise => "import-cell-money-precise",
            MoneyError::TooLarge => "import-cell-money-large",
        })
    })?;
    if money.fen().abs() > LARGEST_FEN {
        return Err(Message::new("import-cell-money-large"));
    }
    Ok(money.fen())
}

fn number(cell: &[u8]) -> Result<f64, Message> {
    let wrong = || Message::new("import-cell-number");
    let number: f64 = utf8(cell)?.parse().map_err(|_| wrong())?;
    if !number.is_finite() {
        return Err(wrong());
    }
    // Takes the sign off zero.
    Ok(number + 0.0)
}

fn whole(cell: &[u8], low: i64, high: i64) -> Result<Value<'_>, Message> {
    let wrong = || Message::new("import-cell-whole").with("low", low).with("high", high);
    // Tools that know no missing whole numbers write `12.0`.
    let digits = match cell.iter().position(|&byte| byte == b'.') {
        Some(point) if cell[point + 1..].iter().all(|&byte| byte == b'0') => &cell[..point],
        _ => cell,
    };
    let number: i64 = utf8(digits)?.parse().map_err(|_| wrong())?;
    if !(low..=high).contains(&number) {
        return Err(wrong());
    }
    Ok(Value::Whole(number))
}

fn choice(cell: &[u8], choices: &'static [&'static str]) -> Result<Value<'static>, Message> {
    match choices.iter().position(|choice| choice.as_bytes() == cell) {
        Some(position) => Ok(Value::Choice(position as u8)),
        None => Err(Message::new("import-cell-choice").with("choices", choices.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason(kind: ColumnType, cell: &str) -> &'static str {
        parse(kind, cell.as_bytes()).expect_err("a cell that cannot be taken").key
    }

    #[test]
    fn refuses_with_the_reason() {
        use ColumnType as T;
        assert_eq!(reason(T::Date, "2026-02-30"), "import-cell-date-missing");
        assert_eq!(reason(T::Date, "2025-02-29"), "import-cell-date-missing");
        assert_eq!(reason(T::Date, "2026/02/03"), "import-cell-date");
        assert_eq!(reason(T::Date, "2026-2-3"), "import-cell-date");
        assert_eq!(reason(T::Month, "2026-13"), "import-cell-month");
        assert_eq!(reason(T::Instant, "2026-01-01 08:00:00"), "import-cell-instant");
        assert_eq!(reason(T::Quantity, "-1"), "import-cell-quantity-negative");
        for number in ["NaN", "inf", "-infinity", "1,000", "1e999", "", "12 "] {
            assert_eq!(reason(T::Number, number), "import-cell-number", "{number}");
        }
        assert_eq!(reason(T::Money, "-0.01"), "import-cell-money-negative");
        assert_eq!(reason(T::SignedMoney, "1.234"), "import-cell-money-precise");
        assert_eq!(reason(T::SignedMoney, "-99999999999999.00"), "import-cell-money-large");
        assert_eq!(reason(T::Whole(1, 10), "11"), "import-cell-whole");
        assert_eq!(reason(T::Whole(1, 10), "1.5"), "import-cell-whole");
        assert_eq!(reason(T::OneOf(&["a", "b"]), "c"), "import-cell-choice");
        assert_eq!(reason(T::Flag, "no"), "import-cell-flag");
        assert_eq!(reason(T::Code, &"x".repeat(65)), "import-cell-code-long");
        assert_eq!(reason(T::Code, "a\tb"), "import-cell-code-control");
        assert_eq!(reason(T::Code, "甲\u{85}"), "import-cell-code-control");
        assert_eq!(reason(T::Text(3), "四个汉字"), "import-cell-text-long");
        assert_eq!(reason(T::Text(9), "a\0"), "import-cell-text-control");
        assert_eq!(parse(T::Code, b"\xff").map_err(|m| m.key), Err("import-cell-encoding"));
    }

    #[test]
    fn takes_what_the_format_allows() {
        use ColumnType as T;
        assert_eq!(parse(T::Date, b"1970-01-02"), Ok(Value::Whole(1)));
        assert_eq!(parse(T::Date, b"1969-12-31"), Ok(Value::Whole(-1)));
        assert_eq!(parse(T::Date, b"2024-02-29"), Ok(Value::Whole(19_782)));
        assert_eq!(parse(T::Money, b"12.3"), Ok(Value::Whole(1230)));
        assert_eq!(parse(T::SignedMoney, b"-12.34"), Ok(Value::Whole(-1234)));
        assert_eq!(parse(T::Whole(0, 100), b"12.0"), Ok(Value::Whole(12)));
        assert_eq!(parse(T::Code, "汉".repeat(64).as_bytes()), Ok(Value::Text(&"汉".repeat(64))));
        assert_eq!(parse(T::Text(4), "两行\n字".as_bytes()), Ok(Value::Text("两行\n字")));
        let Ok(Value::Real(zero)) = parse(T::Quantity, b"-0") else { panic!("a number") };
        assert!(zero.is_sign_positive());
    }

    proptest! {
        #[test]
        fn days_count_from_1970(days in -25_000_i64..100_000) {
            let date = EPOCH.checked_add(jiff::Span::new().days(days)).expect("a date");
            let date = date.to_string();
            prop_assert_eq!(parse(ColumnType::Date, date.as_bytes()), Ok(Value::Whole(days)));
        }

        #[test]
        fn no_cell_panics(cell in proptest::collection::vec(any::<u8>(), 0..40)) {
            for kind in [ColumnType::Code, ColumnType::Text(9), ColumnType::Month, ColumnType::Date,
                ColumnType::Instant, ColumnType::Money, ColumnType::Number, ColumnType::Whole(0, 9), ColumnType::Flag] {
                let _ = parse(kind, &cell);
            }
        }
    }
}

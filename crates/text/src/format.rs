//! Numbers as people write them: 万 and 亿 in Chinese, K and M in English.

use domain::{Lang, Money, Month};

/// An amount: `¥1,234.50` below ten thousand, `¥12.3 万`, `¥4.56 亿`, `¥12.3K`, `¥4.56M` above.
#[must_use]
pub fn money(lang: Lang, amount: Money) -> String {
    let sign = if amount.fen() < 0 { "-" } else { "" };
    let yuan = amount.yuan().abs();
    if yuan < 10_000.0 {
        let fen = amount.fen().unsigned_abs();
        return format!("{sign}¥{}.{:02}", grouped(fen / 100), fen % 100);
    }
    format!("{sign}¥{}", scaled(lang, yuan))
}

/// A number to three figures with its unit: `12.3 万`, `4.56M`.
#[must_use]
pub fn compact(lang: Lang, value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let magnitude = value.abs();
    if magnitude < 10_000.0 {
        return format!("{sign}{}", number(magnitude));
    }
    format!("{sign}{}", scaled(lang, magnitude))
}

/// A count with groups of three digits.
#[must_use]
pub fn count(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(value.unsigned_abs()))
}

/// A plain number with as many decimals as it needs, at most two.
#[must_use]
pub fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A share as per cent: `62 %`, and `6.2 %` where whole per cents would hide it.
#[must_use]
pub fn share(part: f64) -> String {
    let percent = part * 100.0;
    if percent.abs() < 10.0 && percent.fract().abs() > 0.05 {
        format!("{percent:.1}%")
    } else {
        format!("{percent:.0}%")
    }
}

/// A month, `2026-11`.
#[must_use]
pub fn month(month: Month) -> String {
    month.to_string()
}

fn scaled(lang: Lang, magnitude: f64) -> String {
    let (units, gap): (&[(f64, &str)], &str) = match lang {
        Lang::ZhCn => (&[(1e8, "亿"), (1e4, "万")], "\u{a0}"),
        Lang::En => (&[(1e9, "B"), (1e6, "M"), (1e3, "K")], ""),
    };
    for (size, unit) in units {
        // Rounds up into the next unit rather than to `1000K`.
        if magnitude >= size * 0.9995 {
            let scaled = magnitude / size;
            let decimals = if scaled < 9.995 {
                2
            } else if scaled < 99.95 {
                1
            } else {
                0
            };
            return format!("{scaled:.decimals$}{gap}{unit}");
        }
    }
    number(magnitude)
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        let yuan = |yuan: i64| Money::from_fen(yuan * 100);
        assert_eq!(money(Lang::ZhCn, Money::from_fen(123_450)), "¥1,234.50");
        assert_eq!(money(Lang::ZhCn, yuan(123_456)), "¥12.3\u{a0}万");
        assert_eq!(money(Lang::ZhCn, yuan(456_000_000)), "¥4.56\u{a0}亿");
        assert_eq!(money(Lang::ZhCn, yuan(99_999_999)), "¥1.00\u{a0}亿");
        assert_eq!(money(Lang::En, yuan(12_345)), "¥12.3K");
        assert_eq!(money(Lang::En, yuan(-4_560_000)), "-¥4.56M");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(share(0.62), "62%");
        assert_eq!(share(0.062), "6.2%");
    }
}

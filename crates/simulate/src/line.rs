//! Lines of CSV, formatted straight into bytes: a million customers write some ten gigabytes.

use domain::{Date, Instant, Money, Month};

/// A line being written; fields come in the order of the columns.
pub struct Line<'a> {
    out: &'a mut Vec<u8>,
    begun: bool,
}

impl<'a> Line<'a> {
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, begun: false }
    }

    pub fn end(self) {
        self.out.push(b'\n');
    }

    fn field(&mut self) -> &mut Vec<u8> {
        if self.begun {
            self.out.push(b',');
        }
        self.begun = true;
        self.out
    }

    /// Nothing: unknown.
    pub fn empty(mut self) -> Self {
        self.field();
        self
    }

    /// A code: never in need of quotes.
    pub fn code(mut self, code: &str) -> Self {
        self.field().extend_from_slice(code.as_bytes());
        self
    }

    pub fn code_or_empty(self, code: Option<&str>) -> Self {
        self.code(code.unwrap_or_default())
    }

    /// Text, quoted where it must be.
    pub fn text(mut self, text: &str) -> Self {
        let out = self.field();
        if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            out.push(b'"');
            for byte in text.bytes() {
                if byte == b'"' {
                    out.push(b'"');
                }
                out.push(byte);
            }
            out.push(b'"');
        } else {
            out.extend_from_slice(text.as_bytes());
        }
        self
    }

    pub fn text_or_empty(self, text: Option<&str>) -> Self {
        self.text(text.unwrap_or_default())
    }

    pub fn whole(mut self, number: impl Into<u64>) -> Self {
        digits(self.field(), number.into());
        self
    }

    pub fn whole_or_empty(self, number: Option<impl Into<u64>>) -> Self {
        match number {
            Some(number) => self.whole(number),
            None => self.empty(),
        }
    }

    /// Two decimals.
    pub fn hundredths(mut self, number: f64) -> Self {
        hundredths(self.field(), (number * 100.0).round() as i64);
        self
    }

    pub fn hundredths_or_empty(self, number: Option<f64>) -> Self {
        match number {
            Some(number) => self.hundredths(number),
            None => self.empty(),
        }
    }

    pub fn money(mut self, money: Money) -> Self {
        hundredths(self.field(), money.fen());
        self
    }

    pub fn money_or_empty(self, money: Option<Money>) -> Self {
        match money {
            Some(money) => self.money(money),
            None => self.empty(),
        }
    }

    pub fn month(mut self, month: Month) -> Self {
        let out = self.field();
        digits(out, month.year() as u64);
        out.push(b'-');
        two(out, u64::from(month.month_of_year()));
        self
    }

    pub fn date(mut self, date: Date) -> Self {
        civil(self.field(), i64::from(date.year()), date.month() as u64, date.day() as u64);
        self
    }

    pub fn date_or_empty(self, date: Option<Date>) -> Self {
        match date {
            Some(date) => self.date(date),
            None => self.empty(),
        }
    }

    /// To the second, on the clock of Beijing.
    pub fn instant(mut self, instant: Instant) -> Self {
        const EIGHT_HOURS: i64 = 8 * 3_600;
        let seconds = instant.micros().div_euclid(1_000_000) + EIGHT_HOURS;
        let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
        let of_day = seconds.rem_euclid(86_400) as u64;
        let out = self.field();
        civil(out, year, month, day);
        out.push(b'T');
        two(out, of_day / 3_600);
        out.push(b':');
        two(out, of_day / 60 % 60);
        out.push(b':');
        two(out, of_day % 60);
        out.extend_from_slice(b"+08:00");
        self
    }

    pub fn instant_or_empty(self, instant: Option<Instant>) -> Self {
        match instant {
            Some(instant) => self.instant(instant),
            None => self.empty(),
        }
    }
}

fn digits(out: &mut Vec<u8>, mut number: u64) {
    let mut text = [0; 20];
    let mut place = text.len();
    loop {
        place -= 1;
        text[place] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&text[place..]);
}

fn two(out: &mut Vec<u8>, number: u64) {
    out.push(b'0' + (number / 10 % 10) as u8);
    out.push(b'0' + (number % 10) as u8);
}

fn hundredths(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    let number = number.unsigned_abs();
    digits(out, number / 100);
    out.push(b'.');
    two(out, number % 100);
}

fn civil(out: &mut Vec<u8>, year: i64, month: u64, day: u64) {
    digits(out, year.unsigned_abs());
    out.push(b'-');
    two(out, month);
    out.push(b'-');
    two(out, day);
}

/// Year, month and day of a number of days since 1970, in the Gregorian calendar counted from March.
fn civil_from_days(days: i64) -> (i64, u64, u64) {
    const DAYS_OF_400_YEARS: i64 = 146_097;
    /// From 0000-03-01 to 1970-01-01.
    const DAYS_BEFORE_1970: i64 = 719_468;
    let days = days + DAYS_BEFORE_1970;
    let era = days.div_euclid(DAYS_OF_400_YEARS);
    let of_era = days.rem_euclid(DAYS_OF_400_YEARS);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u64, day as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(write: impl FnOnce(Line<'_>) -> Line<'_>) -> String {
        let mut out = Vec::new();
        write(Line::new(&mut out)).end();
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn numbers_and_texts() {
        let written = line(|line| {
            line.code("K1")
                .text("a \"b\", c")
                .empty()
                .whole(0_u32)
                .money(Money::from_fen(-5))
                .hundredths(12.345)
        });
        assert_eq!(written, "K1,\"a \"\"b\"\", c\",,0,-0.05,12.35\n");
    }

    #[test]
    fn instants_read_back() {
        for text in ["2024-02-29T23:59:59+08:00", "2025-01-01T00:00:00+08:00", "1999-12-31T12:30:00+08:00"] {
            let instant: Instant = text.parse().expect("an instant");
            assert_eq!(line(|line| line.instant(instant)), format!("{text}\n"));
        }
    }

    #[test]
    fn months_and_dates_read_back() {
        let month: Month = "2024-02".parse().expect("a month");
        assert_eq!(line(|line| line.month(month).date(month.last_day())), "2024-02,2024-02-29\n");
    }
}

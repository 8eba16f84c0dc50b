//! The segment builder's engine: conditions on named columns, and what the customers who meet them amount to.

use domain::{Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use super::Bitmap;

/// A column as it lies in memory. Unknown: NaN, or a code without a name.
#[derive(Debug, Clone, Copy)]
pub enum Data<'a> {
    /// Numbers.
    Numbers(&'a [f64]),
    /// Amounts in fen; conditions speak of yuan.
    Fen(&'a [i64]),
    /// Small whole numbers: stars, counts.
    Small(&'a [u8]),
    /// Codes of up to 255 words with the words.
    Codes(&'a [u8], &'a [&'a str]),
    /// Codes of many words with the words.
    WideCodes(&'a [u16], &'a [&'a str]),
}

/// Columns by name, all of the same length.
pub trait Table {
    /// How many rows.
    fn rows(&self) -> usize;
    /// The column of a name.
    fn column(&self, name: &str) -> Option<Data<'_>>;
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Equal to the value, or to one of several.
    Is,
    /// Known and none of them.
    IsNot,
    /// Less than a number.
    Below,
    /// At most a number.
    AtMost,
    /// At least a number.
    AtLeast,
    /// More than a number.
    Above,
    /// Known at all; the value does not matter.
    Known,
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number; yuan for amounts.
    Number(f64),
    /// A word.
    Word(String),
    /// Any of several words.
    Words(Vec<String>),
}

/// Who belongs to a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// All of them hold; everyone if there are none.
    All(Vec<Condition>),
    /// At least one of them holds; nobody if there are none.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A field against a value. A field that is not known meets no condition.
    Field {
        /// The column.
        field: String,
        /// How.
        operator: Operator,
        /// With what.
        value: Value,
    },
}

/// The customers who meet a condition.
///
/// # Errors
/// A field that is not there, or a value that does not fit it.
pub fn evaluate(table: &dyn Table, condition: &Condition) -> Result<Bitmap, Problem> {
    let rows = table.rows();
    match condition {
        Condition::All(parts) => parts.iter().try_fold(Bitmap::of(rows, |_| true), |mut all, part| {
            all.and(&evaluate(table, part)?);
            Ok(all)
        }),
        Condition::Any(parts) => parts.iter().try_fold(Bitmap::of(rows, |_| false), |mut any, part| {
            any.or(&evaluate(table, part)?);
            Ok(any)
        }),
        Condition::Not(part) => {
            let mut others = evaluate(table, part)?;
            others.not();
            Ok(others)
        }
        Condition::Field { field, operator, value } => {
            let data = table.column(field).ok_or_else(|| {
                let cause = Message::new("problem-segments-field").with("field", field.as_str());
                Problem::new(ProblemKind::BadInput, cause)
            })?;
            compare(rows, data, *operator, value).ok_or_else(|| {
                let cause = Message::new("problem-segments-value").with("field", field.as_str());
                Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-segments-value"))
            })
        }
    }
}

/// None if operator or value do not fit the column.
fn compare(rows: usize, data: Data<'_>, operator: Operator, value: &Value) -> Option<Bitmap> {
    match data {
        Data::Numbers(numbers) => {
            numeric(rows, operator, value, 1.0, |row| numbers[row], |row| !numbers[row].is_nan())
        }
        Data::Fen(fen) => numeric(rows, operator, value, 100.0, |row| fen[row] as f64, |_| true),
        Data::Small(small) => numeric(rows, operator, value, 1.0, |row| f64::from(small[row]), |_| true),
        Data::Codes(codes, words) => wordy(rows, operator, value, words, |row| usize::from(codes[row])),
        Data::WideCodes(codes, words) => wordy(rows, operator, value, words, |row| usize::from(codes[row])),
    }
}

fn numeric(
    rows: usize,
    operator: Operator,
    value: &Value,
    scale: f64,
    at: impl Fn(usize) -> f64,
    known: impl Fn(usize) -> bool,
) -> Option<Bitmap> {
    if operator == Operator::Known {
        return Some(Bitmap::of(rows, known));
    }
    let &Value::Number(number) = value else { return None };
    let limit = number * scale;
    // Comparisons with NaN are false, which is what an unknown field is to be.
    Some(match operator {
        Operator::Is => Bitmap::of(rows, |row| at(row) == limit),
        Operator::IsNot => Bitmap::of(rows, |row| known(row) && at(row) != limit),
        Operator::Below => Bitmap::of(rows, |row| at(row) < limit),
        Operator::AtMost => Bitmap::of(rows, |row| at(row) <= limit),
        Operator::AtLeast => Bitmap::of(rows, |row| at(row) >= limit),
        Operator::Above | Operator::Known => Bitmap::of(rows, |row| at(row) > limit),
    })
}

fn wordy(
    rows: usize,
    operator: Operator,
    value: &Value,
    words: &[&str],
    at: impl Fn(usize) -> usize,
) -> Option<Bitmap> {
    let wanted: Vec<bool> = match value {
        Value::Word(word) => words.iter().map(|found| found == word).collect(),
        Value::Words(several) => words.iter().map(|found| several.iter().any(|word| word == found)).collect(),
        Value::Number(_) => vec![false; words.len()],
    };
    match (operator, value) {
        (Operator::Known, _) => Some(Bitmap::of(rows, |row| at(row) < words.len())),
        (_, Value::Number(_)) => None,
        (Operator::Is, _) => Some(Bitmap::of(rows, |row| wanted.get(at(row)) == Some(&true))),
        (Operator::IsNot, _) => Some(Bitmap::of(rows, |row| wanted.get(at(row)) == Some(&false))),
        _ => None,
    }
}

/// What a segment amounts to.
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// Customers.
    pub customers: usize,
    /// Their revenue in fen.
    pub revenue: i64,
    /// Customers by code of the stage column; the last place counts those without one.
    pub stages: Vec<usize>,
    /// Overlap with each of the other segments, 0 to 1.
    pub overlaps: Vec<f64>,
}

/// Measures a segment: revenue (fen) and stage (a code below `stage_count`) by row, and the live segments.
#[must_use]
pub fn measure(segment: &Bitmap, revenue: &[i64], stage: &[u8], stage_count: usize, live: &[Bitmap]) -> Size {
    let mut size = Size { customers: 0, revenue: 0, stages: vec![0; stage_count + 1], overlaps: Vec::new() };
    for row in segment.rows() {
        size.customers += 1;
        size.revenue += revenue[row];
        size.stages[usize::from(stage[row]).min(stage_count)] += 1;
    }
    size.overlaps = live.iter().map(|other| segment.overlap(other)).collect();
    size
}

//! Recency, frequency, monetary: quintiles over the operator's base (Bob Stone).

use domain::assessment::Rfm;
use domain::{Money, Problem};
use serde::Serialize;

use crate::clv::transactions::Log;
use crate::frame::Frame;
use crate::learn::metrics;
use crate::table::numbers;

/// What a customer is scored by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchases {
    /// Time since the latest revenue, in any unit; less is better.
    pub recency: i64,
    /// How often there was revenue; more is better.
    pub frequency: i64,
    /// How much in all; more is better.
    pub monetary: Money,
}

/// Scores each customer of a base, which holds only those who ever brought revenue. Among equals, those that
/// stand first get the lower points.
#[must_use]
pub fn score(base: &[Purchases]) -> Vec<Rfm> {
    score_with(base, FIFTHS)
}

/// The same with points 1 to `most` (1 to 255) in place of 1 to 5.
#[must_use]
pub fn score_with(base: &[Purchases], most: u8) -> Vec<Rfm> {
    let by = |key: fn(&Purchases) -> i64| points(&base.iter().map(key).collect::<Vec<_>>(), most);
    let recency = by(|customer| -customer.recency);
    let frequency = by(|customer| customer.frequency);
    let monetary = by(|customer| customer.monetary.fen());
    recency
        .into_iter()
        .zip(frequency)
        .zip(monetary)
        .map(|((recency, frequency), monetary)| Rfm { recency, frequency, monetary })
        .collect()
}

/// Points 1 to 5, 5 for the largest fifth; equal values by first order. Linear in the number of values.
#[must_use]
pub fn quintiles(values: &[i64]) -> Vec<u8> {
    points(values, FIFTHS)
}

const FIFTHS: u8 = 5;

/// Points 1 to `most` (1 to 255), that for the largest part; equal values by first order. Linear in the number of
/// values.
#[must_use]
pub fn points(values: &[i64], most: u8) -> Vec<u8> {
    let parts = usize::from(most.max(1));
    let count = values.len();
    let first_of = |part: usize| (part * count).div_ceil(parts);
    let mut cuts: Vec<i64> = Vec::with_capacity(parts - 1);
    let mut ordered = values.to_vec();
    let mut from = 0;
    for part in 1..parts {
        let at = first_of(part);
        if at >= count {
            break;
        }
        let (_, &mut cut, _) = ordered[from..].select_nth_unstable(at - from);
        cuts.push(cut);
        from = at;
    }
    // A value on a cut may fall on either side: its place decides, counted from the first value like it.
    let mut places: Vec<(i64, usize)> = Vec::with_capacity(parts - 1);
    for &cut in &cuts {
        if places.last().is_none_or(|&(last, _)| last != cut) {
            places.push((cut, 0));
        }
    }
    for &value in values {
        for place in &mut places {
            place.1 += usize::from(value < place.0);
        }
    }
    values
        .iter()
        .map(|&value| {
            if let Some((_, place)) = places.iter_mut().find(|(cut, _)| *cut == value) {
                *place += 1;
                return ((*place - 1) * parts / count) as u8 + 1;
            }
            cuts.iter().filter(|&&cut| cut < value).count() as u8 + 1
        })
        .collect()
}

/// A table of customers or a log of purchases, scored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Customers.
    pub n: usize,
    /// Most points.
    pub points: u8,
    /// Customers of whom something is not known: left out.
    pub left_out: usize,
    /// Who bought after the day as of which a log was read; none where it ends there.
    pub response: Option<Response>,
    /// One per customer.
    pub customers: Vec<Scored>,
}

/// A customer's points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// Its id, or the number of its row where the table has none.
    pub id: String,
    /// 1 to most, most best.
    #[serde(flatten)]
    pub points: Rfm,
}

/// Shares of customers who bought later.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Response {
    /// Of all.
    pub base: f64,
    /// By points of recency, 1 first; none where nobody has them.
    pub recency: Vec<Option<f64>>,
    /// By points of frequency.
    pub frequency: Vec<Option<f64>>,
    /// By points of money.
    pub monetary: Vec<Option<f64>>,
    /// Of those with most points in all three.
    pub best_cell: Option<f64>,
    /// Of those with one point in all three.
    pub worst_cell: Option<f64>,
    /// How well the sum of the points orders them: area under the ROC curve.
    pub auc: Option<f64>,
}

/// What a table of customers is scored by.
const COLUMNS: [&[&str]; 3] = [&["recency"], &["frequency"], &["monetary", "monetary_value"]];
const IDS: [&str; 3] = ["id", "customer_id", "ID"];

/// Scores a log of purchases `id, date, amount` as of a day (days since 1970-01-01; its last without), or a table of
/// customers with `recency` (less is better), `frequency` and `monetary`.
///
/// # Errors
/// If it is neither, or a row of the log is wrong.
pub fn evaluate(frame: &Frame, most: u8, as_of: Option<i64>) -> Result<Report, Problem> {
    if Log::fits(frame) {
        let log = Log::from_frame(frame)?;
        let day = as_of.or_else(|| log.span().map(|(_, last)| last)).unwrap_or_default();
        let base = log.scored_by(day);
        let points = score_with(&base.iter().map(|(_, purchases, _)| *purchases).collect::<Vec<_>>(), most);
        let later: Vec<bool> = base.iter().map(|(.., later)| *later).collect();
        let response = later.contains(&true).then(|| Response::of(&points, &later, most));
        let scored = base.iter().zip(points);
        let customers = scored.map(|((id, ..), points)| Scored { id: (*id).to_owned(), points }).collect();
        return Ok(Report { n: base.len(), points: most, left_out: 0, response, customers });
    }
    let mut columns = Vec::with_capacity(COLUMNS.len());
    for names in COLUMNS {
        let name = names.iter().find(|name| frame.column(name).is_some()).unwrap_or(&names[0]);
        columns.push(numbers(frame, name)?);
    }
    let rows: Vec<usize> =
        (0..frame.rows()).filter(|&row| columns.iter().all(|values| values[row].is_finite())).collect();
    let by = |column: usize, sign: f64| {
        points(&rows.iter().map(|&row| place(sign * columns[column][row])).collect::<Vec<_>>(), most)
    };
    let (recency, frequency, monetary) = (by(0, -1.0), by(1, 1.0), by(2, 1.0));
    let ids = IDS.iter().find_map(|name| frame.column(name));
    let scored = |(at, &row): (usize, &usize)| Scored {
        id: ids.map_or_else(|| (row + 1).to_string(), |ids| ids.text(row)),
        points: Rfm { recency: recency[at], frequency: frequency[at], monetary: monetary[at] },
    };
    Ok(Report {
        n: rows.len(),
        points: most,
        left_out: frame.rows() - rows.len(),
        response: None,
        customers: rows.iter().enumerate().map(scored).collect(),
    })
}

/// A whole number in the order of the fractions.
fn place(value: f64) -> i64 {
    // 0 and −0 are the same.
    let bits = (value + 0.0).to_bits() as i64;
    if bits < 0 { i64::MIN - bits } else { bits }
}

impl Response {
    fn of(points: &[Rfm], later: &[bool], most: u8) -> Self {
        let share = |belongs: &dyn Fn(&Rfm) -> bool| {
            let of = points.iter().zip(later).filter(|(points, _)| belongs(points));
            let (count, bought) = of
                .fold((0_u32, 0_u32), |(count, bought), (_, &later)| (count + 1, bought + u32::from(later)));
            (count > 0).then(|| f64::from(bought) / f64::from(count))
        };
        let by = |of: fn(&Rfm) -> u8| (1..=most).map(|points| share(&|rfm| of(rfm) == points)).collect();
        let all = |points: u8| {
            share(&|rfm| [rfm.recency, rfm.frequency, rfm.monetary].iter().all(|&found| found == points))
        };
        let sums: Vec<f64> = points
            .iter()
            .map(|rfm| f64::from(rfm.recency) + f64::from(rfm.frequency) + f64::from(rfm.monetary))
            .collect();
        Self {
            base: share(&|_| true).unwrap_or_default(),
            recency: by(|rfm| rfm.recency),
            frequency: by(|rfm| rfm.frequency),
            monetary: by(|rfm| rfm.monetary),
            best_cell: all(most),
            worst_cell: all(1),
            auc: metrics::auc(&sums, later),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_sorting(values: &[i64], parts: usize) -> Vec<u8> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by_key(|&index| (values[index], index));
        let mut points = vec![0; values.len()];
        for (place, index) in order.into_iter().enumerate() {
            points[index] = (place * parts / values.len()) as u8 + 1;
        }
        points
    }

    proptest! {
        #[test]
        fn quintiles_are_those_of_sorting(values in prop::collection::vec(-6..6_i64, 0..60)) {
            prop_assert_eq!(quintiles(&values), by_sorting(&values, 5));
        }

        #[test]
        fn so_are_points_of_any_number(values in prop::collection::vec(-9..9_i64, 0..60), most in 1..12_u8) {
            prop_assert_eq!(points(&values, most), by_sorting(&values, usize::from(most)));
        }

        #[test]
        fn quintiles_of_spread_values_too(values in prop::collection::vec(any::<i64>(), 0..60)) {
            prop_assert_eq!(quintiles(&values), by_sorting(&values, 5));
        }
    }
}

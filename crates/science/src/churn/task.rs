//! A table looked at before anything is learnt from it.

use std::collections::{HashMap, HashSet};

use domain::{Message, Month, Problem, ProblemKind};

use super::warning::{FEW_POSITIVES, Warning, WarningKind};
use super::{Options, TimeOrder};
use crate::frame::{Column, Frame, UNKNOWN, Values, names_an_id};
use crate::learn::blend::Lesson;
use crate::learn::folds::{Split, forward, splits, stratified};
use crate::learn::metrics;
use crate::random::Random;
use crate::written;

/// Rows that the search for leaks looks at.
const ROWS_FOR_LEAKS: usize = 20_000;
/// Rows from which a column without repetition may be an identifier.
const ROWS_FOR_IDENTIFIERS: usize = 20;
/// Share of the known cells that differ from all others in an identifier of words.
const SHARE_OF_IDENTIFIERS: f64 = 0.95;
/// Rows that one identifier may name: more often, it groups rather than names.
const ROWS_OF_AN_IDENTIFIER: usize = 3;
/// Words above which a column is worth a word.
const MANY_CATEGORIES: usize = 1_000;
/// Words named in a problem.
const NAMED: usize = 8;

/// What can be learnt from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Rows that say whether they left.
    pub rows: Vec<usize>,
    /// Whether they did; one per row of the frame.
    pub outcomes: Vec<bool>,
    /// Columns to learn from.
    pub features: Vec<String>,
    /// One per row of the frame; equal rows are of one group.
    pub groups: Vec<usize>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

fn refuse(key: &'static str, hint: &'static str) -> impl Fn(&[(&'static str, String)]) -> Problem {
    move |args| {
        let say = |key| {
            args.iter().fold(Message::new(key), |message, (name, text)| message.with(name, text.clone()))
        };
        Problem::new(ProblemKind::BadInput, say(key)).hint(Message::new(hint))
    }
}

fn some<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.take(NAMED + 1).collect();
    if names.len() > NAMED { format!("{}, …", names[..NAMED].join(", ")) } else { names.join(", ") }
}

impl Task {
    /// Finds the target, leaves out what cannot be learnt from, and says so.
    ///
    /// # Errors
    /// Without rows, without the target or its positive value, with one class only, with nothing to learn from, or
    /// with a column that gives the answer away and was not allowed.
    pub fn new(frame: &Frame, options: &Options) -> Result<Self, Problem> {
        if frame.rows() == 0 {
            return Err(refuse("problem-churn-empty", "hint-churn-empty")(&[]));
        }
        let mut warnings = Vec::new();
        let (outcomes, rows) = target(frame, options, &mut warnings)?;
        let features = features(frame, options, &rows, &mut warnings)?;
        let mut task = Self { rows, outcomes, features, groups: Vec::new(), warnings };
        task.look_for_leaks(frame, options)?;
        task.group_equal_rows(frame);
        Ok(task)
    }

    /// How many left.
    #[must_use]
    pub fn positives(&self) -> usize {
        self.rows.iter().filter(|&&row| self.outcomes[row]).count()
    }

    /// What a learner takes, on some rows of the frame.
    #[must_use]
    pub fn lesson<'a>(&'a self, frame: &'a Frame, rows: &'a [usize]) -> Lesson<'a> {
        Lesson { frame, names: &self.features, rows, outcomes: &self.outcomes, groups: &self.groups }
    }

    /// Rows of the frame to learn from and to judge by.
    ///
    /// # Errors
    /// With fewer than two folds or fewer rows of either class than folds, without the column of dates, or with too
    /// few months.
    pub fn splits(&self, frame: &Frame, options: &Options) -> Result<Vec<Split>, Problem> {
        let splits = match &options.time {
            Some(time) => {
                forward(&self.months(frame, time)?, usize::from(options.folds), time.horizon_months)
            }
            None => {
                let positives = self.positives();
                let fewest = positives.min(self.rows.len() - positives);
                if options.folds < 2 || fewest < usize::from(options.folds) {
                    let args = [
                        ("folds", options.folds.to_string()),
                        ("rows", self.rows.len().to_string()),
                        ("positives", positives.to_string()),
                    ];
                    return Err(refuse("problem-churn-folds", "hint-churn-folds")(&args));
                }
                let outcomes: Vec<bool> = self.rows.iter().map(|&row| self.outcomes[row]).collect();
                let groups: Vec<usize> = self.rows.iter().map(|&row| self.groups[row]).collect();
                splits(&stratified(&outcomes, &groups, options.folds, options.seed))
            }
        };
        let of_frame = |places: Vec<usize>| places.into_iter().map(|place| self.rows[place]).collect();
        Ok(splits
            .into_iter()
            .map(|split| Split { train: of_frame(split.train), test: of_frame(split.test) })
            .collect())
    }

    /// Month numbers of the task's rows.
    fn months(&self, frame: &Frame, time: &TimeOrder) -> Result<Vec<i32>, Problem> {
        let refuse =
            || refuse("problem-churn-no-dates", "hint-churn-no-dates")(&[("column", time.column.clone())]);
        let Some(Values::Dates(days)) = frame.column(&time.column).map(|column| &column.values) else {
            return Err(refuse());
        };
        let month = |&row: &usize| {
            let date = domain::date::from_days(days[row] as i64).filter(|_| days[row].is_finite())?;
            Some(Month::of(date).number())
        };
        self.rows.iter().map(month).collect::<Option<_>>().ok_or_else(refuse)
    }

    fn look_for_leaks(&mut self, frame: &Frame, options: &Options) -> Result<(), Problem> {
        let step = self.rows.len().div_ceil(ROWS_FOR_LEAKS);
        let rows: Vec<usize> = self.rows.iter().copied().step_by(step).collect();
        let outcomes: Vec<bool> = rows.iter().map(|&row| self.outcomes[row]).collect();
        let leaks: Vec<String> = self
            .features
            .iter()
            .filter(|name| {
                let auc =
                    frame.column(name).and_then(|column| auc_alone(column, &rows, &outcomes, options.seed));
                auc.is_some_and(|auc| auc > options.leak_above)
            })
            .cloned()
            .collect();
        if leaks.is_empty() {
            return Ok(());
        }
        if !options.allow_leaks {
            let args = [("columns", leaks.join(", "))];
            return Err(refuse("problem-churn-leak", "hint-churn-leak")(&args));
        }
        let count = leaks.len();
        self.warnings.push(Warning::about(WarningKind::Leak, leaks, count));
        Ok(())
    }

    fn group_equal_rows(&mut self, frame: &Frame) {
        let mut prints = vec![0_u64; frame.rows()];
        let mut mix = |row: usize, bits: u64| {
            prints[row] = (prints[row].rotate_left(5) ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        };
        for column in self.features.iter().filter_map(|name| frame.column(name)) {
            match &column.values {
                Values::Numbers(values) | Values::Dates(values) => {
                    values.iter().enumerate().for_each(|(row, value)| mix(row, value.to_bits()));
                }
                Values::Categories { codes, .. } => {
                    codes.iter().enumerate().for_each(|(row, &code)| mix(row, u64::from(code)));
                }
            }
        }
        let mut first_by_print = HashMap::with_capacity(frame.rows());
        self.groups = prints
            .into_iter()
            .enumerate()
            .map(|(row, print)| *first_by_print.entry(print).or_insert(row))
            .collect();
        let mut seen = HashSet::with_capacity(self.rows.len());
        let repeated = self.rows.iter().filter(|&&row| !seen.insert(self.groups[row])).count();
        if repeated > 0 {
            self.warnings.push(Warning::about(WarningKind::Duplicates, Vec::new(), repeated));
        }
    }
}

/// Who left, and the rows that say so.
fn target(
    frame: &Frame,
    options: &Options,
    warnings: &mut Vec<Warning>,
) -> Result<(Vec<bool>, Vec<usize>), Problem> {
    let Some(column) = frame.column(&options.target) else {
        let columns = some(frame.columns().iter().map(|column| column.name.as_str()));
        let args = [("target", options.target.clone()), ("columns", columns)];
        return Err(refuse("problem-churn-no-target", "hint-churn-no-target")(&args));
    };
    let positive = &*column.as_said(&options.positive);
    let (known, outcomes): (Vec<bool>, Vec<bool>) = match &column.values {
        Values::Numbers(values) => {
            let wanted: f64 = positive.parse().unwrap_or(f64::NAN);
            values.iter().map(|value| (value.is_finite(), (value - wanted).abs() < 1e-9)).unzip()
        }
        Values::Dates(values) => {
            let known = values.iter().enumerate();
            known.map(|(row, value)| (value.is_finite(), column.text(row) == positive)).unzip()
        }
        Values::Categories { codes, names } => {
            let wanted = names.iter().position(|name| name == positive);
            codes.iter().map(|&code| (code != UNKNOWN, Some(code as usize) == wanted)).unzip()
        }
    };
    let rows: Vec<usize> = (0..frame.rows()).filter(|&row| known[row]).collect();
    if rows.len() < frame.rows() {
        let unknown = frame.rows() - rows.len();
        warnings.push(Warning::about(WarningKind::UnknownTarget, vec![options.target.clone()], unknown));
    }
    let positives = rows.iter().filter(|&&row| outcomes[row]).count();
    let target = || ("target", options.target.clone());
    if positives == 0 {
        let mut values: Vec<String> = rows.iter().take(10_000).map(|&row| column.text(row)).collect();
        values.sort_unstable();
        values.dedup();
        let args =
            [target(), ("value", positive.to_owned()), ("values", some(values.iter().map(String::as_str)))];
        return Err(refuse("problem-churn-no-positive", "hint-churn-no-positive")(&args));
    }
    if positives == rows.len() {
        let args = [target(), ("value", positive.to_owned())];
        return Err(refuse("problem-churn-one-class", "hint-churn-one-class")(&args));
    }
    if positives < FEW_POSITIVES {
        warnings.push(Warning::about(WarningKind::FewPositives, Vec::new(), positives));
    }
    Ok((outcomes, rows))
}

/// The columns to learn from.
fn features(
    frame: &Frame,
    options: &Options,
    rows: &[usize],
    warnings: &mut Vec<Warning>,
) -> Result<Vec<String>, Problem> {
    let mut noticed: Vec<(WarningKind, Vec<String>, usize)> = Vec::new();
    let mut notice = |kind: WarningKind, name: &str, cells: usize| match noticed
        .iter_mut()
        .find(|(known, ..)| *known == kind)
    {
        Some((_, columns, count)) => {
            columns.push(name.to_owned());
            *count += cells;
        }
        None => noticed.push((kind, vec![name.to_owned()], cells)),
    };
    let time = options.time.as_ref().map(|time| &time.column);
    let mut features = Vec::new();
    for name in options.drop.iter().filter(|name| frame.column(name).is_none()) {
        notice(WarningKind::NothingToDrop, name, 1);
    }
    for column in frame.columns() {
        let name = &column.name;
        if *name == options.target || options.drop.contains(name) || time == Some(name) {
            continue;
        }
        let (known, distinct) = known_and_distinct(column, rows);
        if known == 0 {
            notice(WarningKind::AllMissing, name, 1);
        } else if distinct == 1 && known == rows.len() {
            notice(WarningKind::Constant, name, 1);
        } else if !options.keep.contains(name) && is_identifier(column, rows, known, distinct) {
            notice(WarningKind::Identifier, name, 1);
        } else {
            features.push(name.clone());
            match &column.values {
                Values::Numbers(_) | Values::Dates(_) if column.misfits > 0 => {
                    notice(WarningKind::Misfits, name, column.misfits);
                }
                Values::Categories { names, .. } if mostly_numbers(names) => {
                    notice(WarningKind::Mixed, name, 1)
                }
                Values::Categories { .. } if distinct > MANY_CATEGORIES => {
                    notice(WarningKind::ManyCategories, name, 1);
                }
                _ => {}
            }
            if matches!(column.values, Values::Dates(_)) {
                notice(WarningKind::Dates, name, 1);
            }
        }
    }
    warnings.extend(noticed.into_iter().map(|(kind, columns, count)| Warning::about(kind, columns, count)));
    if features.is_empty() {
        return Err(refuse("problem-churn-no-features", "hint-churn-no-features")(&[]));
    }
    Ok(features)
}

fn known_and_distinct(column: &Column, rows: &[usize]) -> (usize, usize) {
    let bits: Vec<u64> = match &column.values {
        Values::Numbers(values) | Values::Dates(values) => {
            rows.iter().map(|&row| values[row]).filter(|value| value.is_finite()).map(f64::to_bits).collect()
        }
        Values::Categories { codes, .. } => {
            rows.iter().map(|&row| codes[row]).filter(|&code| code != UNKNOWN).map(u64::from).collect()
        }
    };
    (bits.len(), bits.iter().collect::<HashSet<_>>().len())
}

/// Words that hardly repeat, or codes that do so but a few times, as for the lines of one customer; whole numbers
/// that never repeat and either rise through the file or are called identifiers, or that do so but a few times and
/// are called so.
fn is_identifier(column: &Column, rows: &[usize], known: usize, distinct: usize) -> bool {
    if known < ROWS_FOR_IDENTIFIERS {
        return false;
    }
    let repeats_little = distinct * ROWS_OF_AN_IDENTIFIER >= known;
    let values = match &column.values {
        Values::Numbers(values) => values,
        Values::Dates(_) => return false,
        Values::Categories { names, .. } => {
            let are_codes = || names_an_id(&column.name) || names.iter().all(|name| is_code(name));
            return distinct as f64 >= SHARE_OF_IDENTIFIERS * known as f64 || (repeats_little && are_codes());
        }
    };
    let known_values = || rows.iter().map(|&row| values[row]).filter(|value| value.is_finite());
    if !repeats_little || known_values().any(|value| value.fract() != 0.0) {
        return false;
    }
    names_an_id(&column.name) || (distinct == known && known_values().is_sorted())
}

/// Whether a word is a code such as `K0001`: letters, digits and signs that join them, at least half of it digits.
fn is_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let joins = |letter: u8| letter.is_ascii_alphanumeric() || b"-_./".contains(&letter);
    digits >= 2 && 2 * digits >= word.len() && word.bytes().all(joins)
}

fn mostly_numbers(names: &[String]) -> bool {
    let numbers = names.iter().filter(|name| written::number(name).is_some()).count();
    numbers > 0 && numbers < names.len() && numbers * 2 > names.len()
}

/// How well a column alone orders the rows, either way round; of words by their share in the other half of the
/// rows.
fn auc_alone(column: &Column, rows: &[usize], outcomes: &[bool], seed: u64) -> Option<f64> {
    let turned = |auc: f64| auc.max(1.0 - auc);
    if let Some(values) = column.numbers() {
        let with = |unknown: f64| {
            let value = |&row: &usize| if values[row].is_nan() { unknown } else { values[row] };
            metrics::auc(&rows.iter().map(value).collect::<Vec<_>>(), outcomes).map(turned)
        };
        return Some(with(f64::NEG_INFINITY)?.max(with(f64::INFINITY)?));
    }
    let Values::Categories { codes, names } = &column.values else { return None };
    let mut random = Random::new(seed);
    let halves: Vec<usize> = rows.iter().map(|_| random.below(2)).collect();
    let mut sums = vec![[(0.0, 0.0); 2]; names.len() + 1];
    let place = |row: usize| names.len().min(codes[row] as usize);
    for ((&row, &half), &outcome) in rows.iter().zip(&halves).zip(outcomes) {
        let sum: &mut (f64, f64) = &mut sums[place(row)][half];
        sum.0 += 1.0;
        sum.1 += f64::from(u8::from(outcome));
    }
    let base = outcomes.iter().filter(|&&outcome| outcome).count() as f64 / outcomes.len() as f64;
    let share = |(&row, &half): (&usize, &usize)| {
        let (count, positives) = sums[place(row)][1 - half];
        (positives + base) / (count + 1.0)
    };
    metrics::auc(&rows.iter().zip(&halves).map(share).collect::<Vec<_>>(), outcomes)
}

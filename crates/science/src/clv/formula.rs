//! The models that are a formula of given rates: one customer per row, one symbol per column.

use domain::{Message, Problem, ProblemKind};

use super::berger_nasr::{Growing, Steady};
use super::booking::{Booking, retention_value};
use super::flow::{Dynamic, Loyal};
use super::loss::Loss;
use super::model::Model;
use super::numeric::draws;
use super::recency::Recency;
use super::report::{Options, Score};
use crate::frame::Frame;
use crate::random::Random;

/// A symbol as the name of its column.
type Symbol = &'static str;

/// What a formula takes.
pub(super) struct Formula {
    pub symbols: &'static [Symbol],
    /// Symbols that may be missing, with what holds then.
    pub optional: &'static [(Symbol, f64)],
    /// The stem of numbered columns: `P` for P1, P2, ….
    pub series: Option<&'static str>,
}

/// One row's numbers by symbol, and those of its series.
struct Inputs {
    values: Vec<(Symbol, f64)>,
    series: Vec<f64>,
}

impl Inputs {
    fn get(&self, symbol: Symbol) -> f64 {
        self.values.iter().find(|(name, _)| *name == symbol).map_or(f64::NAN, |(_, value)| *value)
    }

    fn count(&self, symbol: Symbol) -> usize {
        self.get(symbol) as usize
    }

    /// Periods; none if they have no end.
    fn horizon(&self) -> Option<usize> {
        Some(self.get("n")).filter(|n| n.is_finite()).map(|n| n as usize)
    }
}

/// Longest horizon and largest count.
const MOST: f64 = 10_000.0;
const FOR_EVER: f64 = f64::INFINITY;
const LOYAL: &[(Symbol, f64)] = &[("growth", 0.0)];

/// The formula of a model; none if it is fitted.
pub(super) const fn formula(model: Model) -> Option<Formula> {
    let (symbols, optional, series): (&'static [Symbol], &'static [(Symbol, f64)], _) = match model {
        Model::Retention => (&["m", "r", "d"], &[("n", FOR_EVER)], None),
        Model::BergerNasr1 | Model::DwyerRetention => (&["GC", "M", "r", "d", "n"], &[], None),
        Model::BergerNasr2a => (&["GC", "M", "r", "d", "n", "p"], &[], None),
        Model::BergerNasr2b => (&["GC", "M", "r", "d", "n", "q"], &[], None),
        Model::BergerNasr3 | Model::BergerNasr4 => (&["h", "v", "g", "N", "r", "d", "n"], &[], None),
        Model::BergerNasr5 | Model::DwyerMigration => (&["GC", "M", "d", "n"], &[], Some("P")),
        Model::PfeiferCarraway => (&["NC", "M", "d"], &[("n", FOR_EVER), ("recency", 1.0)], Some("p")),
        Model::LoyalRevenue => (&["spend", "r", "d", "n"], LOYAL, None),
        Model::LoyalProfit => (&["spend", "margin", "cost", "overhead", "r", "d", "n"], LOYAL, None),
        Model::LoyalContribution => (&["spend", "margin", "cost", "r", "d", "n"], LOYAL, None),
        Model::LoyalContributionWallet | Model::ShareOfWallet => (
            &["spend", "share", "margin", "cost", "r", "d", "n"],
            &[("growth", 0.0), ("share_growth", 0.0)],
            None,
        ),
        Model::Reichheld => (&["m", "acquisition", "r", "d", "n"], LOYAL, None),
        Model::DynamicRetention => (&["m", "eta", "k", "d", "n"], &[], None),
        Model::IntermittentLoss => (&["m", "r", "lambda", "d"], &[("n", FOR_EVER)], Some("rho")),
        _ => return None,
    };
    Some(Formula { symbols, optional, series })
}

/// The value of each row.
///
/// # Errors
/// If a column is missing, or a number is out of its range.
pub(super) fn scores(
    model: Model,
    formula: &Formula,
    frame: &Frame,
    options: &Options,
) -> Result<Vec<Score>, Problem> {
    let columns = columns(model, formula, frame)?;
    let observed = frame.column("observed").and_then(|column| column.numbers());
    let booking = options.booking.unwrap_or_default();
    let is_drawn = draws_chances(formula);
    let mut random = Random::new(options.seed);
    (0..frame.rows())
        .map(|row| {
            let mut inputs = Inputs { values: Vec::new(), series: Vec::new() };
            for &(symbol, column, default) in &columns.named {
                let given = column.map_or(f64::NAN, |numbers| numbers[row]);
                let value = if given.is_nan() { default.unwrap_or(f64::NAN) } else { given };
                inputs.values.push((symbol, checked(symbol, value, row)?));
            }
            for numbers in &columns.series {
                inputs.series.push(checked("P", numbers[row], row)?);
            }
            let figures = |inputs: &Inputs| value(model, inputs, booking);
            let endless = || {
                Problem::new(ProblemKind::BadInput, Message::new("clv-problem-endless").with("row", row + 1))
            };
            let (value, extra) =
                figures(&inputs).filter(|(value, _)| value.is_finite()).ok_or_else(endless)?;
            let mut score = Score { value, interval: None, figures: extra };
            let seen = observed.map(|numbers| numbers[row]).filter(|seen| is_drawn && *seen > 0.0);
            if let Some(seen) = seen {
                let drawn = (0..options.draws).filter_map(|_| figures(&drawn(&inputs, seen, &mut random)));
                let drawn: Vec<f64> =
                    drawn.map(|(value, _)| value).filter(|value| value.is_finite()).collect();
                score.interval = Some(draws::interval(drawn, value));
            }
            Ok(score)
        })
        .collect()
}

/// Whether a formula rests on chances that a number of customer-periods leaves open.
fn draws_chances(formula: &Formula) -> bool {
    formula.symbols.contains(&"r") || formula.series.is_some()
}

/// Why rows have no interval; none if all have one.
pub(super) fn note(formula: &Formula, scores: &[Score]) -> Option<&'static str> {
    let lacks = scores.iter().any(|score| score.interval.is_none());
    let key = if draws_chances(formula) { "clv-note-no-observed" } else { "clv-note-nothing-left-open" };
    lacks.then_some(key)
}

/// The same row with each chance drawn anew, as `seen` customer-periods leave it open.
fn drawn(inputs: &Inputs, seen: f64, random: &mut Random) -> Inputs {
    let mut draw = |chance: f64| draws::share(random, chance * seen + 0.5, (1.0 - chance) * seen + 0.5);
    let values = inputs.values.iter();
    let values =
        values.map(|&(symbol, value)| (symbol, if symbol == "r" { draw(value) } else { value })).collect();
    Inputs { values, series: inputs.series.iter().map(|&chance| draw(chance)).collect() }
}

/// A symbol, its column if there is one, and what holds without.
type Named<'a> = (Symbol, Option<&'a [f64]>, Option<f64>);

struct Columns<'a> {
    named: Vec<Named<'a>>,
    series: Vec<&'a [f64]>,
}

fn columns<'a>(model: Model, formula: &Formula, frame: &'a Frame) -> Result<Columns<'a>, Problem> {
    let numbers = |name: &str| -> Result<Option<&'a [f64]>, Problem> {
        let Some(column) = frame.column(name) else { return Ok(None) };
        let wrong =
            || Problem::new(ProblemKind::BadInput, Message::new("clv-problem-numbers").with("column", name));
        column.numbers().map(Some).ok_or_else(wrong)
    };
    let mut missing = Vec::new();
    let mut named = Vec::new();
    for &symbol in formula.symbols {
        let column = numbers(symbol)?;
        if column.is_none() {
            missing.push(symbol.to_owned());
        }
        named.push((symbol, column, None));
    }
    for &(symbol, default) in formula.optional {
        named.push((symbol, numbers(symbol)?, Some(default)));
    }
    let mut series = Vec::new();
    if let Some(stem) = formula.series {
        while let Some(column) = numbers(&format!("{stem}{}", series.len() + 1))? {
            series.push(column);
        }
        if series.is_empty() {
            missing.push(format!("{stem}1"));
        }
    }
    if !missing.is_empty() {
        return Err(super::report::missing_columns(model, &missing.join(", ")));
    }
    Ok(Columns { named, series })
}

/// A number within the range of its symbol.
fn checked(symbol: Symbol, value: f64, row: usize) -> Result<f64, Problem> {
    let fits = match symbol {
        "r" | "P" | "lambda" | "share" | "margin" => (0.0..=1.0).contains(&value),
        "d" => (0.0..=MOST).contains(&value),
        "n" => (0.0..=MOST).contains(&value) || value == FOR_EVER,
        "p" | "q" | "recency" => (1.0..=MOST).contains(&value) && value.fract() == 0.0,
        "eta" | "k" => value > 0.0 && value.is_finite(),
        "growth" | "share_growth" => value > -1.0 && value <= 10.0,
        _ => value.is_finite(),
    };
    if fits {
        return Ok(value);
    }
    let message = Message::new("clv-problem-range").with("row", row + 1).with("column", symbol);
    let shown = if value.is_nan() { String::from("–") } else { value.to_string() };
    Err(Problem::new(ProblemKind::BadInput, message.with("value", shown)))
}

/// The value and what else there is to say.
fn value(model: Model, inputs: &Inputs, booking: Booking) -> Option<(f64, Vec<(&'static str, f64)>)> {
    let get = |symbol| inputs.get(symbol);
    let steady = || Steady {
        contribution: get("GC"),
        promotion: get("M"),
        retention: get("r"),
        discount: get("d"),
        horizon: get("n"),
    };
    let growing = || Growing {
        growth: get("h"),
        start: get("v"),
        turn: get("g"),
        further: get("N"),
        retention: get("r"),
        discount: get("d"),
        horizon: get("n"),
    };
    let recency = |contribution| Recency {
        chances: inputs.series.clone(),
        contribution: get(contribution),
        marketing: get("M"),
        discount: get("d"),
    };
    let or = |symbol, other: f64| Some(get(symbol)).filter(|value| !value.is_nan()).unwrap_or(other);
    let loyal = || Loyal {
        spend: or("spend", or("m", 0.0)),
        growth: get("growth"),
        share: or("share", 1.0),
        share_growth: or("share_growth", 0.0),
        margin: or("margin", 1.0),
        cost: or("cost", 0.0),
        overhead: or("overhead", 0.0),
        acquisition: or("acquisition", 0.0),
        retention: get("r"),
        discount: get("d"),
        horizon: inputs.count("n"),
    };
    let value = match model {
        Model::Retention => retention_value(get("m"), get("r"), get("d"), inputs.horizon(), booking),
        Model::BergerNasr1 | Model::DwyerRetention => steady().case_1(),
        Model::BergerNasr2a => steady().case_2a(get("p")),
        Model::BergerNasr2b => steady().case_2b(get("q")),
        Model::BergerNasr3 => growing().case_3(),
        Model::BergerNasr4 => growing().case_4(),
        Model::BergerNasr5 | Model::DwyerMigration => recency("GC").migration_value(inputs.count("n")),
        Model::PfeiferCarraway => {
            let recency = recency("NC");
            let value = *recency.values(inputs.horizon())?.get(inputs.count("recency") - 1)?;
            let (stop, best) = recency.best_stop()?;
            return Some((value, vec![("stop_after", stop as f64), ("value_with_best_stop", best[0])]));
        }
        Model::LoyalRevenue
        | Model::LoyalProfit
        | Model::LoyalContribution
        | Model::LoyalContributionWallet
        | Model::ShareOfWallet
        | Model::Reichheld => loyal().value(booking),
        Model::DynamicRetention => {
            let dynamic = Dynamic { scale: get("eta"), shape: get("k") };
            dynamic.value(get("m"), get("d"), inputs.count("n"), booking)
        }
        Model::IntermittentLoss => {
            let loss = Loss {
                margin: get("m"),
                retention: get("r"),
                lost: get("lambda"),
                returns: inputs.series.clone(),
                discount: get("d"),
            };
            loss.values(inputs.horizon(), booking)?[0]
        }
        _ => return None,
    };
    Some((value, Vec::new()))
}

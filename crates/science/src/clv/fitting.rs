//! Every model on a table of one's own.

use domain::Problem;

use super::cohort::{Cohort, Survivors};
use super::curve::{Bass, RelationAge};
use super::estimate::{Estimate, around_log};
use super::formula::{self, formula, scores};
use super::model::Model;
use super::purchases::{Customer, GammaGamma, Kind, Process, Purchases, Spender};
use super::report::{FitReport, Options, Score, ScoreReport, carried, missing_columns, numbers};
use super::stage_table::Lives;
use super::transactions::{Log, Summary};
use crate::frame::{Column, Frame};

/// Fits a model to a table: `frequency, recency, T` (and `monetary_value`) or a log `id, date, amount` for
/// purchases; `year, survivors` for cohorts; `age, profit`; `period, newcomers`; customer-months `id, month, stage`
/// with `profit` or `revenue` and perhaps `cost` for the chain of stages. A formula has nothing to fit: its
/// columns are its symbols, and it reports the mean value.
///
/// # Errors
/// If a column is missing, a row is wrong, or the table cannot settle the model.
pub fn fit(model: Model, frame: &Frame, options: &Options) -> Result<FitReport, Problem> {
    let booking = model.convention(options.booking)?;
    let mut report = FitReport {
        model,
        n: frame.rows(),
        params: Vec::new(),
        log_errors: Vec::new(),
        log_likelihood: None,
        converged: true,
        figures: Vec::new(),
        stages: Vec::new(),
        booking,
        card: model.card(),
        notes: Vec::new(),
    };
    if let Some(formula) = formula(model) {
        let scores = scores(model, &formula, frame, options)?;
        let sum: f64 = scores.iter().map(|score| score.value).sum();
        report.figures.push(("mean_value", sum / scores.len().max(1) as f64));
        report.notes.extend(formula::note(&formula, &scores));
        return Ok(report);
    }
    match model {
        Model::Sbg | Model::Bdw => {
            let survivors = survivors(model, frame)?;
            let cohort = fit_cohort(model, &survivors);
            report.n = survivors.counts()[0] as usize;
            let count = if model == Model::Sbg { 2 } else { 3 };
            let named = [("alpha", cohort.alpha), ("beta", cohort.beta), ("c", cohort.c)];
            report.params = named[..count].to_vec();
            report.log_errors = errors(&["alpha", "beta", "c"][..count], cohort.covariance.as_ref());
            report.log_likelihood = Some(cohort.log_likelihood);
            report.converged = cohort.converged;
        }
        Model::RelationAge => {
            let curve = RelationAge::fit(&points(model, frame)?)?;
            report.params = RelationAge::SYMBOLS.into_iter().zip(curve.parameters).collect();
            report.figures = with_interval(["turning_point", "low", "high"], curve.turning_point);
            report.figures.push(("r_squared", curve.r_squared));
        }
        Model::Bass => {
            let bass = Bass::fit(numbers(model, frame, "newcomers")?)?;
            report.params = Bass::SYMBOLS.into_iter().zip(bass.parameters).collect();
            report.figures = with_interval(["market", "low", "high"], bass.market);
            report.figures.push(("r_squared", bass.r_squared));
        }
        Model::StageChain => {
            let lives = Lives::read(model, frame, options)?;
            let chain = lives.learn(options)?;
            report.n = lives.customers();
            report.stages = lives.rows(&chain);
            report.figures.push(("mean_value", lives.mean_value(&chain)));
        }
        Model::GammaGamma => {
            let base = base(model, frame, options)?;
            let spend = GammaGamma::fit(base.spenders(model)?)?;
            report.n = spend.customers;
            add_spend(&mut report, &spend);
            report.log_likelihood = Some(spend.log_likelihood);
        }
        _ => {
            let base = base(model, frame, options)?;
            let process = fit_process(model, &base)?;
            report.n = base.customers.len();
            report.params = process.kind.symbols().into_iter().zip(process.parameters).collect();
            report.log_errors = errors(&process.kind.symbols(), process.covariance.as_ref());
            report.log_likelihood = Some(process.log_likelihood);
            report.converged = process.converged;
            let rate = options.discount.ln_1p() / options.unit.per_year();
            let horizon = options.horizon_years.map(|years| years * options.unit.per_year());
            report.figures.push(("discounted_purchases_of_new", process.discounted_of_new(rate, horizon)));
        }
    }
    if !report.converged {
        report.notes.push("clv-note-not-converged");
    }
    if report.log_errors.is_empty() && report.log_likelihood.is_some() {
        report.notes.push("clv-note-not-settled");
    }
    Ok(report)
}

/// Fits a model to a table and values each of its rows; the rows of a log are its customers.
///
/// # Errors
/// As [`fit`].
pub fn score(model: Model, frame: &Frame, options: &Options) -> Result<ScoreReport, Problem> {
    let booking = model.convention(options.booking)?;
    let mut notes = Vec::new();
    let (carried, scores) = if let Some(formula) = formula(model) {
        let mut used: Vec<&str> = formula.symbols.to_vec();
        used.extend(formula.optional.iter().map(|(symbol, _)| *symbol));
        used.push("observed");
        let scores = scores(model, &formula, frame, options)?;
        notes.extend(formula::note(&formula, &scores));
        (carried(frame, &used), scores)
    } else {
        match model {
            Model::Sbg | Model::Bdw => {
                let survivors = survivors(model, frame)?;
                let cohort = fit_cohort(model, &survivors);
                let row = |period: usize| {
                    let due = period as f64 + 1.0;
                    let worth = cohort.residual_estimate(due, options.discount).times(options.margin);
                    let figures = vec![
                        ("survival", cohort.survival(period as f64)),
                        ("next_retention", cohort.retention(due)),
                    ];
                    Score { value: worth.value, interval: worth.interval, figures }
                };
                (frame.columns().to_vec(), (0..=survivors.periods()).map(row).collect())
            }
            Model::RelationAge => {
                let points = points(model, frame)?;
                let curve = RelationAge::fit(&points)?;
                notes.push("clv-note-point-of-curve");
                let plain = |value| Score { value, interval: None, figures: Vec::new() };
                let scores = points.iter().map(|&(age, _)| plain(curve.profit(age))).collect();
                (frame.columns().to_vec(), scores)
            }
            Model::Bass => {
                let bass = Bass::fit(numbers(model, frame, "newcomers")?)?;
                notes.push("clv-note-point-of-curve");
                let plain = |value| Score { value, interval: None, figures: Vec::new() };
                let scores = (1..=frame.rows()).map(|period| plain(bass.came(period as f64))).collect();
                (frame.columns().to_vec(), scores)
            }
            Model::StageChain => {
                let lives = Lives::read(model, frame, options)?;
                lives.score(&lives.learn(options)?)
            }
            _ => score_purchases(model, frame, options)?,
        }
    };
    if notes.is_empty() && scores.iter().any(|score| score.interval.is_none()) {
        notes.push("clv-note-not-settled");
    }
    Ok(ScoreReport { model, booking, notes, carried, scores })
}

fn score_purchases(
    model: Model,
    frame: &Frame,
    options: &Options,
) -> Result<(Vec<Column>, Vec<Score>), Problem> {
    let base = base(model, frame, options)?;
    if model == Model::GammaGamma {
        let spenders = base.spenders(model)?;
        let spend = GammaGamma::fit(spenders)?;
        let scores = spenders.iter().map(|spender| {
            let Estimate { value, interval } = spend.estimate(spender).times(options.margin);
            Score { value, interval, figures: Vec::new() }
        });
        return Ok((base.carried.clone(), scores.collect()));
    }
    let process = fit_process(model, &base)?;
    let spend = base.spenders.as_deref().map(GammaGamma::fit).transpose()?;
    let rate = options.discount.ln_1p() / options.unit.per_year();
    let horizon = options.horizon_years.map(|years| years * options.unit.per_year());
    let scores = base.customers.iter().enumerate().map(|(row, customer)| {
        let to_come = process.discounted(customer, rate, horizon);
        let mut variance = process.log_variance(|process| process.discounted(customer, rate, horizon));
        let mut figures = vec![
            ("p_alive", process.p_alive(customer)),
            ("expected_purchases", process.expected(customer, options.ahead)),
            ("discounted_purchases", to_come),
        ];
        let mut value = to_come;
        if let (Some(spend), Some(spenders)) = (&spend, &base.spenders) {
            let each = spend.expected(&spenders[row]);
            figures.push(("expected_spend", each));
            value *= each * options.margin;
            variance = variance.zip(spend.log_variance(&spenders[row])).map(|(a, b)| a + b);
        }
        let Estimate { value, interval } = around_log(value, variance);
        Score { value, interval, figures }
    });
    Ok((base.carried.clone(), scores.collect()))
}

/// Customers with what else the table says of them.
struct Base {
    customers: Vec<Customer>,
    spenders: Option<Vec<Spender>>,
    carried: Vec<Column>,
}

impl Base {
    fn spenders(&self, model: Model) -> Result<&[Spender], Problem> {
        self.spenders.as_deref().ok_or_else(|| missing_columns(model, "monetary_value"))
    }
}

/// What the columns of a table of customers are called, the second as in Fader, Hardie & Lee's own file.
const FREQUENCY: [&str; 2] = ["frequency", "x"];
const RECENCY: [&str; 2] = ["recency", "t_x"];
const SPEND: [&str; 2] = ["monetary_value", "zbar"];

fn base(model: Model, frame: &Frame, options: &Options) -> Result<Base, Problem> {
    let called = |names: [&'static str; 2]| {
        let there = names.into_iter().find(|name| frame.column(name).is_some());
        there.unwrap_or(names[0])
    };
    let needed = [called(FREQUENCY), called(RECENCY), "T"];
    if options.transactions || (frame.column(needed[0]).is_none() && Log::fits(frame)) {
        let log = Log::from_frame(frame)?;
        let last = log.span().map_or(0, |(_, last)| last);
        return Ok(Base::of_log(log.as_of(options.as_of.unwrap_or(last), options.unit)));
    }
    let missing: Vec<&str> = needed.into_iter().filter(|name| frame.column(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(missing_columns(model, &missing.join(", ")));
    }
    let [frequency, recency, age] = needed.map(|name| numbers(model, frame, name));
    let (frequency, recency, age) = (frequency?, recency?, age?);
    let customers = (0..frame.rows())
        .map(|row| Customer::new(frequency[row], recency[row], age[row], row + 1))
        .collect::<Result<Vec<Customer>, Problem>>()?;
    let spend = called(SPEND);
    let spenders = match frame.column(spend) {
        None => None,
        Some(_) => {
            let spent = numbers(model, frame, spend)?;
            let pairs = frequency.iter().zip(spent);
            Some(pairs.map(|(&frequency, &mean)| Spender { frequency, mean }).collect())
        }
    };
    let [frequency, recency, age] = needed;
    Ok(Base { customers, spenders, carried: carried(frame, &[frequency, recency, age, spend]) })
}

impl Base {
    fn of_log(seen: Vec<Summary>) -> Self {
        let ids: Vec<String> = seen.iter().map(|summary| summary.id.clone()).collect();
        Self {
            customers: seen.iter().map(|summary| summary.customer).collect(),
            spenders: Some(seen.iter().map(|summary| summary.spender).collect()),
            carried: vec![Column::infer("id".to_owned(), &ids)],
        }
    }
}

pub(super) fn kind(model: Model) -> Kind {
    match model {
        Model::MbgNbd => Kind::MbgNbd,
        Model::ParetoNbd => Kind::ParetoNbd,
        _ => Kind::BgNbd,
    }
}

fn fit_process(model: Model, base: &Base) -> Result<Process, Problem> {
    Ok(Process::fit(kind(model), &Purchases::new(&base.customers)?))
}

fn fit_cohort(model: Model, survivors: &Survivors) -> Cohort {
    if model == Model::Sbg { Cohort::fit_sbg(survivors) } else { Cohort::fit_bdw(survivors) }
}

pub(super) fn survivors(model: Model, frame: &Frame) -> Result<Survivors, Problem> {
    let years = numbers(model, frame, "year")?;
    let counts = numbers(model, frame, "survivors")?;
    let apart = years.windows(2).position(|pair| pair[1] - pair[0] != 1.0);
    if let Some(row) = apart {
        let message = domain::Message::new("clv-problem-years").with("row", row + 2);
        return Err(Problem::new(domain::ProblemKind::BadInput, message));
    }
    Survivors::new(counts.to_vec())
}

fn points(model: Model, frame: &Frame) -> Result<Vec<(f64, f64)>, Problem> {
    let (ages, profits) = (numbers(model, frame, "age")?, numbers(model, frame, "profit")?);
    Ok(ages.iter().copied().zip(profits.iter().copied()).collect())
}

fn add_spend(report: &mut FitReport, spend: &GammaGamma) {
    report.params.extend(GammaGamma::SYMBOLS.into_iter().zip(spend.parameters));
    report.log_errors.extend(errors(&GammaGamma::SYMBOLS, spend.covariance.as_ref()));
    report.converged &= spend.converged;
}

fn errors<const N: usize>(
    symbols: &[&'static str],
    covariance: Option<&[[f64; N]; N]>,
) -> Vec<(&'static str, f64)> {
    let Some(covariance) = covariance else { return Vec::new() };
    symbols.iter().enumerate().map(|(place, symbol)| (*symbol, covariance[place][place].sqrt())).collect()
}

fn with_interval(names: [&'static str; 3], figure: Estimate) -> Vec<(&'static str, f64)> {
    let mut figures = vec![(names[0], figure.value)];
    if let Some(interval) = figure.interval {
        figures.extend([(names[1], interval.low), (names[2], interval.high)]);
    }
    figures
}

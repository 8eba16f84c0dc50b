//! What `tenure lab` takes.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use domain::{Date, Money};
use science::clv::Model;
use science::clv::booking::Booking;
use science::clv::transactions::TimeUnit;
use science::learn::blend::Learner;

/// The models on a table of one's own.
#[derive(Subcommand)]
pub enum Lab {
    #[command(subcommand)]
    Clv(Clv),
    #[command(subcommand)]
    Churn(Churn),
    #[command(subcommand)]
    Satisfaction(Satisfaction),
    #[command(subcommand)]
    Segments(Segments),
    #[command(subcommand)]
    Uplift(Uplift),
    Allocate(Allocate),
    Rfm(Rfm),
    Concentration(Concentration),
}

/// The table.
#[derive(Args)]
pub struct Input {
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
}

#[derive(Subcommand)]
pub enum Clv {
    Fit(ClvOptions),
    Score(ClvOptions),
    Recommend(ClvRecommend),
}

#[derive(Args)]
pub struct ClvRecommend {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_parser = one_of(UNITS), default_value = "week")]
    pub unit: TimeUnit,
}

#[derive(Args)]
pub struct ClvOptions {
    #[arg(long, value_name = "NAME", value_parser = one_of(Model::ALL.iter().map(|model| (model.name(), *model))))]
    pub model: Model,
    #[command(flatten)]
    pub input: Input,
    #[arg(long)]
    pub transactions: bool,
    #[arg(long, value_parser = one_of(UNITS), default_value = "week")]
    pub unit: TimeUnit,
    #[arg(long, value_parser = one_of(BOOKINGS))]
    pub booking: Option<Booking>,
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = from_zero, default_value_t = 0.1)]
    pub discount: f64,
    #[arg(long, value_name = "YEARS", allow_negative_numbers = true, value_parser = from_zero, default_value_t = 5.0)]
    pub horizon: f64,
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = from_zero, default_value_t = 1.0)]
    pub margin: f64,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true, value_parser = from_zero, default_value_t = 52.0)]
    pub ahead: f64,
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Churn {
    Evaluate(ChurnEvaluate),
    Train(ChurnTrain),
    Score(ChurnScore),
}

/// What is to be told in advance, and from what.
#[derive(Args)]
pub struct Lesson {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_name = "COLUMN")]
    pub target: String,
    #[arg(long, value_name = "VALUE")]
    pub positive: String,
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub drop: Vec<String>,
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub keep: Vec<String>,
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    #[arg(long, value_parser = one_of(LEARNERS), default_value = "blend")]
    pub learner: Learner,
    #[arg(long)]
    pub allow_leaks: bool,
}

#[derive(Args)]
pub struct ChurnEvaluate {
    #[command(flatten)]
    pub lesson: Lesson,
    #[arg(long, default_value_t = 5)]
    pub folds: u8,
    #[arg(long, value_name = "N")]
    pub capacity: Option<usize>,
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    #[arg(long, value_name = "MONTHS", default_value_t = 3, requires = "time")]
    pub months_ahead: i32,
}

#[derive(Args)]
pub struct ChurnTrain {
    #[command(flatten)]
    pub lesson: Lesson,
    #[arg(long, value_name = "N")]
    pub folds: Option<u8>,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args)]
pub struct ChurnScore {
    #[arg(long, value_name = "FILE")]
    pub model_file: PathBuf,
    #[command(flatten)]
    pub input: Input,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Satisfaction {
    Evaluate(SatisfactionEvaluate),
}

#[derive(Args)]
pub struct SatisfactionEvaluate {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_name = "COLUMN")]
    pub score: String,
    #[arg(long, value_name = "5|10")]
    pub scale: Option<u8>,
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub drop: Vec<String>,
    #[arg(long, default_value_t = 5)]
    pub folds: u8,
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    #[arg(long)]
    pub allow_leaks: bool,
}

#[derive(Subcommand)]
pub enum Segments {
    Certify(Certify),
    Choose(Choose),
}

#[derive(Args)]
pub struct Choose {
    #[command(flatten)]
    pub input: Input,
    #[arg(long = "alike", value_name = "COLUMNS", value_delimiter = ',', required = true)]
    pub alike: Vec<String>,
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub most: usize,
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args)]
pub struct Certify {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_name = "COLUMN")]
    pub outcome: String,
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', required = true)]
    pub by: Vec<String>,
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub smallest: usize,
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
}

#[derive(Subcommand)]
pub enum Uplift {
    Evaluate(UpliftEvaluate),
    HoldOut(HoldOutOptions),
    Offer(Offers),
    WinBack(Offers),
}

#[derive(Args)]
pub struct HoldOutOptions {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_name = "NAME")]
    pub play: String,
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = share, default_value_t = 0.1)]
    pub held_out: f64,
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = share, required_unless_present = "past")]
    pub base_rate: Option<f64>,
    #[arg(long, value_name = "COLUMN", conflicts_with = "base_rate")]
    pub past: Option<String>,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Offers, one per row.
#[derive(Args)]
pub struct Offers {
    #[command(flatten)]
    pub input: Input,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args)]
pub struct UpliftEvaluate {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_name = "COLUMN=VALUE")]
    pub treatment: ColumnValue,
    #[arg(long, value_name = "COLUMN=VALUE")]
    pub control: ColumnValue,
    #[arg(long, value_name = "COLUMN")]
    pub outcome: String,
    #[arg(long, value_name = "VALUE")]
    pub positive: Option<String>,
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub drop: Vec<String>,
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub keep: Vec<String>,
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args)]
pub struct Allocate {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_name = "YUAN", allow_negative_numbers = true, value_parser = yuan)]
    pub budget: Money,
    #[arg(long, value_name = "N")]
    pub capacity: Option<usize>,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args)]
pub struct Rfm {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..))]
    pub points: u8,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args)]
pub struct Concentration {
    #[command(flatten)]
    pub input: Input,
    #[arg(long, value_name = "COLUMN")]
    pub value: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub drawings: usize,
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
}

/// A column and what stands in it: `segment=No E-Mail`.
#[derive(Clone)]
pub struct ColumnValue {
    pub column: String,
    pub value: String,
}

impl std::str::FromStr for ColumnValue {
    type Err = NotAccepted;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((column, value)) if !column.trim().is_empty() => {
                Ok(Self { column: column.trim().to_owned(), value: value.to_owned() })
            }
            _ => Err(NotAccepted),
        }
    }
}

const UNITS: [(&str, TimeUnit); 2] = [("week", TimeUnit::Week), ("day", TimeUnit::Day)];
const BOOKINGS: [(&str, Booking); 3] = [
    ("first-excluded", Booking::FirstExcluded),
    ("first-included", Booking::FirstIncluded),
    ("at-period-end", Booking::AtPeriodEnd),
];
const LEARNERS: [(&str, Learner); 3] =
    [("blend", Learner::Blend), ("logistic", Learner::Logistic), ("boosting", Learner::Boosting)];

/// One of some names, each of which stands for a value.
fn one_of<T: Copy + Send + Sync + 'static>(
    choices: impl IntoIterator<Item = (&'static str, T)>,
) -> impl TypedValueParser<Value = T> {
    let (names, values): (Vec<&str>, Vec<T>) = choices.into_iter().unzip();
    PossibleValuesParser::new(names.clone()).try_map(move |name| {
        names
            .iter()
            .zip(&values)
            .find(|(known, _)| **known == name)
            .map(|(_, value)| *value)
            .ok_or(NotAccepted)
    })
}

/// A number from 0 on; `inf` is one.
fn from_zero(text: &str) -> Result<f64, NotAccepted> {
    text.parse().ok().filter(|number| *number >= 0.0).ok_or(NotAccepted)
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, NotAccepted> {
    text.parse().ok().filter(|number| (0.0..=1.0).contains(number)).ok_or(NotAccepted)
}

/// An amount from 0 on.
fn yuan(text: &str) -> Result<Money, NotAccepted> {
    text.parse().ok().filter(|amount: &Money| amount.fen() >= 0).ok_or(NotAccepted)
}

/// What a value that an argument does not take is told to be; the command line says it in words.
#[derive(Debug)]
pub struct NotAccepted;

impl std::fmt::Display for NotAccepted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not accepted")
    }
}

impl std::error::Error for NotAccepted {}

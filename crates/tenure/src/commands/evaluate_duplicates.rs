//! `tenure evaluate duplicates`: customers entered twice, and how well they are found where the truth is known.

use std::collections::HashSet;
use std::path::Path;

use domain::{Arg, Lang, Message, Problem, ProblemKind};
use serde::Serialize;
use service::Services;
use service::duplicate::{Suspected, find};

use crate::arguments::{Common, Evaluate};
use crate::report;

/// What stands in the truth of a pair that is one customer.
const SAME: &str = "yes";
/// Pairs shown where nobody asked for all of them.
const SHOWN: usize = 20;

#[derive(Serialize)]
struct Document<'a> {
    customers: usize,
    pairs: Vec<(&'a str, &'a str, f64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    judged: Option<Judged>,
}

/// Pairs found against those that are true.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Judged {
    /// Pairs that are one customer.
    truth: usize,
    /// Share of the pairs found that are.
    precision: f64,
    /// Share of those that are that were found.
    recall: f64,
}

/// Looks for customers entered twice.
pub async fn run(services: &Services, options: &Evaluate, common: &Common) -> Result<(), Problem> {
    let truth = options.truth.as_deref().map(truth).transpose()?;
    let (customers, pairs) = find::run(services).await?;
    let judged = truth.map(|truth| judge(&pairs, &truth));
    if common.json {
        let pairs = pairs.iter().map(|pair| (&*pair.first, &*pair.second, pair.probability)).collect();
        return report::json(&Document { customers, pairs, judged });
    }
    print(customers, &pairs, judged, common.lang);
    Ok(())
}

/// Both codes in one order, whichever stood first.
fn ordered<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    if one <= other { (one, other) } else { (other, one) }
}

fn judge(found: &[Suspected], truth: &HashSet<(String, String)>) -> Judged {
    let is_true = |pair: &&Suspected| {
        let (one, other) = ordered(&pair.first, &pair.second);
        truth.contains(&(one.to_owned(), other.to_owned()))
    };
    let right = found.iter().filter(is_true).count() as f64;
    let share = |whole: usize| if whole > 0 { right / whole as f64 } else { 0.0 };
    Judged { truth: truth.len(), precision: share(found.len()), recall: share(truth.len()) }
}

/// The pairs of `customer_code,other_code,same,…` of which `same` says that they are one.
fn truth(file: &Path) -> Result<HashSet<(String, String)>, Problem> {
    let text = std::fs::read_to_string(file).map_err(|error| Problem::io(file, error))?;
    let wrong = |line: usize, value: &str| {
        let cause = Message::new("problem-truth")
            .with("file", file.display().to_string())
            .with("line", line)
            .with("value", value);
        Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-truth-duplicates"))
    };
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default().trim_start_matches('\u{feff}');
    if !header.starts_with("customer_code,other_code,same") {
        return Err(wrong(1, header));
    }
    let mut pairs = HashSet::new();
    for (index, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let mut fields = line.split(',');
        let (Some(one), Some(other), Some(same)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(wrong(index + 2, line));
        };
        if same == SAME {
            let (one, other) = ordered(one, other);
            pairs.insert((one.to_owned(), other.to_owned()));
        }
    }
    Ok(pairs)
}

fn print(customers: usize, pairs: &[Suspected], judged: Option<Judged>, lang: Lang) {
    let title = Message::new("cli-duplicates-found")
        .with("customers", Arg::Count(i64::try_from(customers).unwrap_or(i64::MAX)))
        .with("pairs", pairs.len());
    report::line(lang, &title);
    let row = |pair: &Suspected| vec![pair.first.clone(), pair.second.clone(), text::share(pair.probability)];
    report::table(&pairs.iter().take(SHOWN).map(row).collect::<Vec<_>>());
    if let Some(judged) = judged {
        let told = Message::new("cli-duplicates-judged")
            .with("truth", judged.truth)
            .with("precision", Arg::Share(judged.precision))
            .with("recall", Arg::Share(judged.recall));
        report::line(lang, &told);
    }
}

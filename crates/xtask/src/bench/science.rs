//! Fits beside lifetimes, learning beside LightGBM, two threads each; reading a table.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::{at_least, measure, note, report, tenure};
use crate::system;

const LIFETIMES: &str = r#"
import sys, time, warnings
warnings.simplefilter("ignore")
import numpy, pandas
from lifetimes import BetaGeoFitter, ParetoNBDFitter
table = pandas.read_csv(sys.argv[1])
columns = [table.frequency.values, table.recency.values, table["T"].values]
def likelihood(model):
    # Of the data as they are: what a fitter reports is of data scaled for its search.
    at = model.params_.values
    if isinstance(model, ParetoNBDFitter):
        return model._conditional_log_likelihood(at, *columns).sum()
    return -model._negative_log_likelihood(numpy.log(at), *columns, numpy.ones(len(table)), 0.0) * len(table)
for fitter in [BetaGeoFitter, ParetoNBDFitter]:
    took = []
    for _ in range(5):
        began = time.perf_counter()
        model = fitter(penalizer_coef=0.0).fit(table.frequency, table.recency, table["T"])
        took.append(time.perf_counter() - began)
    print(min(took), likelihood(model))
"#;

/// Makes the tables as well: 32 numbers and 8 words, of which some matter. Prints seconds and AUC on rows not seen,
/// then the AUC of probabilities in another file.
const LIGHTGBM: &str = r#"
import os, sys, time
import lightgbm, numpy, pandas
folder = sys.argv[1]
random = numpy.random.default_rng(7)
def table(rows):
    numbers = random.normal(size=(rows, 32))
    words = random.integers(0, [3 + 4 * place for place in range(8)], size=(rows, 8))
    odds = numbers[:, 0] + numbers[:, 1] * numbers[:, 2] / 2 - 0.7 * abs(numbers[:, 3])
    odds += 0.5 * numpy.sin(2 * numbers[:, 4]) + 0.6 * (words[:, 0] - 1) + 0.3 * (words[:, 3] % 4) - 1.5
    columns = {f"n{place}": numbers[:, place].round(4) for place in range(32)}
    columns |= {f"w{place}": pandas.Categorical([f"w{word}" for word in words[:, place]]) for place in range(8)}
    left = random.random(rows) < 1 / (1 + numpy.exp(-odds))
    return pandas.DataFrame(columns).assign(left=numpy.where(left, "yes", "no"))
def auc(scores):
    order = pandas.Series(scores).rank()
    positive = (test.left == "yes").values
    count = positive.sum()
    return (order[positive].sum() - count * (count + 1) / 2) / count / (len(test) - count)
train, test = table(100_000), table(200_000)
if os.path.exists(f"{folder}/scores.csv"):
    print(auc(pandas.read_csv(f"{folder}/scores.csv").probability))
    sys.exit()
train.to_csv(f"{folder}/train.csv", index=False)
test.to_csv(f"{folder}/test.csv", index=False)
features, left = train.drop(columns="left"), train.left == "yes"
began = time.perf_counter()
settings = {"objective": "binary", "num_threads": 2, "seed": 42, "verbose": -1}
model = lightgbm.train(settings, lightgbm.Dataset(features, left), 100)
print(time.perf_counter() - began, auc(model.predict(test.drop(columns="left"))))
"#;

/// Rows of the table that is scored.
const SCORED: f64 = 200_000.0;
const ROUNDS: usize = 5;

pub fn run() -> Result<()> {
    let folder = system::root().join("target/bench/science");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let python = system::python(&["lifetimes==0.11.3", "lightgbm", "pandas"])?;
    fits(&python)?;
    learning(&python, &folder)
}

fn fits(python: &Path) -> Result<()> {
    let data =
        std::env::var_os("TENURE_DATA").map_or_else(|| system::root().join("../shared/data"), PathBuf::from);
    let table = data.join("cdnow/cdnow_customers_summary.csv");
    ensure!(table.exists(), "{} is not there: set TENURE_DATA", table.display());
    let peer = numbers(measure(Command::new(python).args(["-c", LIFETIMES]).arg(&table))?.output.as_str())?;
    for (place, model) in ["bg-nbd", "pareto-nbd"].into_iter().enumerate() {
        let [theirs, their_likelihood] = [0, 1].map(|column| peer[2 * place + column]);
        let mut ours = f64::INFINITY;
        let mut document = String::new();
        for _ in 0..ROUNDS {
            let mut fit = tenure();
            fit.args(["lab", "clv", "fit", "--json", "--model", model, "--input"]).arg(&table);
            let (steps, output) = steps(&mut fit)?;
            ours = ours.min(step(&steps, "fit")?);
            document = output;
        }
        note(&format!("{model} on CDNOW, tenure"), ours * 1000.0, "ms");
        note(&format!("{model} on CDNOW, lifetimes 0.11.3"), theirs * 1000.0, "ms");
        at_least(&format!("{model}, lifetimes / tenure"), theirs / ours, "x", 10.0);
        let likelihood = after(&document, "\"log_likelihood\":")?;
        let apart = (likelihood / their_likelihood - 1.0).abs() * 1e6;
        report(&format!("{model}, log-likelihoods apart, 1e-6"), apart, "", 1.0);
    }
    Ok(())
}

fn learning(python: &Path, folder: &Path) -> Result<()> {
    let lightgbm = || -> Result<Vec<f64>> {
        numbers(&measure(Command::new(python).args(["-c", LIGHTGBM]).arg(folder))?.output)
    };
    let [theirs, their_auc] = lightgbm()?[..] else { anyhow::bail!("LightGBM's seconds and AUC") };
    let model = folder.join("model.json");
    let mut train = tenure();
    train.args(["lab", "churn", "train", "--target", "left", "--positive", "yes", "--input"]);
    let (trained, _) = steps(train.arg(folder.join("train.csv")).arg("-o").arg(&model))?;
    let ours = step(&trained, "train")?;
    report("reading 100,000 rows x 41 columns", step(&trained, "read")?, "s", 1.0);
    note("training on 100,000 x 40, tenure", ours, "s");
    note("training on 100,000 x 40, LightGBM", theirs, "s");
    report("training, tenure / LightGBM", ours / theirs, "x", 2.0);

    // On one core.
    let mut score = Command::new("taskset");
    score.args(["-c", "0"]).arg(tenure().get_program());
    score.args(["lab", "churn", "score", "--model-file"]).arg(&model).arg("--input");
    score.arg(folder.join("test.csv")).arg("-o").arg(folder.join("scores.csv"));
    let (scored, _) = steps(&mut score)?;
    at_least("scoring on one core", SCORED / step(&scored, "score")?, "rows/s", 500_000.0);
    let [auc] = lightgbm()?[..] else { anyhow::bail!("the AUC of tenure") };
    note("AUC on 200,000 rows not seen, LightGBM", their_auc * 100.0, "%");
    at_least("AUC on 200,000 rows not seen, tenure", auc * 100.0, "%", their_auc * 100.0);
    Ok(())
}

/// Seconds that each step of a command took, by its log, and what it printed.
fn steps(command: &mut Command) -> Result<(HashMap<String, f64>, String)> {
    command.env("TENURE_LOG", "info").env("NO_COLOR", "1");
    let output =
        command.stderr(Stdio::piped()).output().with_context(|| format!("{command:?} did not start"))?;
    let log = String::from_utf8(output.stderr)?;
    ensure!(output.status.success(), "{command:?} failed: {log}");
    Ok((log.lines().filter_map(closed).collect(), String::from_utf8(output.stdout)?))
}

fn step(steps: &HashMap<String, f64>, name: &str) -> Result<f64> {
    steps.get(name).copied().with_context(|| format!("no step {name} in the log"))
}

/// Name and seconds of a step that ended: `… INFO fit: tenure::…: close time.busy=3.21ms time.idle=1µs`.
fn closed(line: &str) -> Option<(String, f64)> {
    let (before, after) = line.split_once("close time.busy=")?;
    let name = before.split("INFO ").nth(1)?.split(':').next()?;
    let text = after.split(' ').next()?;
    let digits = text.find(|c: char| c != '.' && !c.is_ascii_digit())?;
    let in_a_second = match &text[digits..] {
        "s" => 1.0,
        "ms" => 1e3,
        "µs" => 1e6,
        _ => 1e9,
    };
    Some((name.to_owned(), text[..digits].parse::<f64>().ok()? / in_a_second))
}

fn numbers(text: &str) -> Result<Vec<f64>> {
    text.split_whitespace().map(|word| word.parse().with_context(|| format!("{word} is no number"))).collect()
}

/// The number behind a key of a JSON document.
fn after(document: &str, key: &str) -> Result<f64> {
    let rest = document.split_once(key).with_context(|| format!("no {key} in {document}"))?.1;
    Ok(rest.split([',', '}']).next().unwrap_or_default().parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_read_from_its_line_of_the_log() {
        let line = "2026-01-31T08:00:00.1Z  INFO fit: tenure::commands::lab::clv: close time.busy=3.25ms time.idle=980ns";
        assert_eq!(closed(line), Some(("fit".to_owned(), 0.00325)));
        assert_eq!(closed("2026-01-31T08:00:00.1Z  INFO something else"), None);
    }
}

//! Experiments with the rules: `cargo run -p science --example quality -- SEED… [key=value …]`.

#[path = "../tests/it/other_world.rs"]
mod other_world;
#[path = "../tests/it/panel.rs"]
mod panel;

use domain::rules::RuleBook;
use panel::Customer;
use science::evaluation::{Quality, QualityReport};
use science::lifecycle::Judgement;

fn main() {
    let mut seeds: Vec<u64> = Vec::new();
    let mut changes = Vec::new();
    let mut customers = 2000;
    let mut rounds = 0;
    for argument in std::env::args().skip(1) {
        if let Some(n) = argument.strip_prefix("n=") {
            customers = n.parse().expect("n");
        } else if let Some(n) = argument.strip_prefix("tune=") {
            rounds = n.parse().expect("rounds");
        } else if let Some((key, value)) = argument.split_once('=') {
            changes.push((key.to_owned(), value.to_owned()));
        } else {
            seeds.push(argument.parse().expect("a seed"));
        }
    }
    let worlds: [Vec<Vec<Customer>>; 2] = [
        seeds.iter().map(|&seed| panel::simulated(customers, 24, seed)).collect(),
        seeds.iter().map(|&seed| other_world::customers(customers as usize, 24, seed)).collect(),
    ];
    let own = toml_text(&changes);
    if rounds > 0 {
        tune(&worlds, own, rounds);
        return;
    }
    let rules = RuleBook::parse(Some(&own)).expect("rules").default;
    for (name, panels) in ["simulated", "other"].iter().zip(&worlds) {
        let mut total = [Quality::default(), Quality::default()];
        for panel in panels {
            let judged = panel::run(panel, &rules);
            if std::env::var_os("V").is_some() {
                by_month(panel, &judged);
                show(panel, &judged);
            }
            let [model, naive] = panel::quality(panel, &judged);
            total[0].merge(model);
            total[1].merge(naive);
        }
        for (kind, quality) in ["model", "naive"].iter().zip(&total) {
            let report = quality.report();
            println!("{name} {kind} {}", line(&report));
            if std::env::var_os("V").is_some() {
                for row in report.confusion {
                    println!("   {row:?}");
                }
                for bin in report.calibration {
                    println!("   {:.1} {:6} {:.3} {:.3}", bin.from, bin.months, bin.confidence, bin.right);
                }
            }
        }
    }
}

fn line(report: &QualityReport) -> String {
    let f1: Vec<String> = report.stages.iter().map(|s| format!("{:.3}", s.f1.unwrap_or(f64::NAN))).collect();
    let delay = report.stages[4].delay;
    format!(
        "F1 {:.4} [{}] acc {:.4} flips {:.2} delay {:?} ({}/{}) ECE {:.3}",
        report.macro_f1,
        f1.join(" "),
        report.accuracy,
        report.flip_ratio.unwrap_or(0.0),
        delay.median_months,
        delay.noticed,
        delay.changes,
        report.calibration_error
    )
}

fn score(worlds: &[Vec<Vec<Customer>>; 2], own: &str) -> Option<(f64, [QualityReport; 2])> {
    let rules = RuleBook::parse(Some(own)).ok()?.default;
    let reports = worlds.each_ref().map(|panels| {
        let mut total = Quality::default();
        for panel in panels {
            let [model, _] = panel::quality(panel, &panel::run(panel, &rules));
            total.merge(model);
        }
        total.report()
    });
    let of = |r: &QualityReport| {
        r.macro_f1
            - 0.5 * (r.flip_ratio.unwrap_or(0.0) - 1.12).max(0.0)
            - 0.3 * r.calibration_error
            - 0.01 * f64::from(r.stages[4].delay.median_months.unwrap_or(9).saturating_sub(2))
    };
    Some((0.65 * of(&reports[0]) + 0.35 * of(&reports[1]), reports))
}

const KNOBS: &[(&str, f64)] = &[
    ("hysteresis", 0.10),
    ("noise", 0.12),
    ("odd_months", 0.05),
    ("odd_spread", 0.8),
    ("learn_at_most", 0.5),
    ("moves.development_to_growth", 0.16),
    ("moves.growth_to_maturity", 0.08),
    ("moves.growth_to_decline", 0.015),
    ("moves.maturity_to_growth", 0.01),
    ("moves.maturity_to_decline", 0.02),
    ("moves.decline_to_growth", 0.015),
    ("moves.decline_to_maturity", 0.03),
    ("moves.trials_hold", 0.2),
    ("moves.conversion_moves", 3.0),
    ("drift.recovery", 0.25),
    ("drift.development.0", 0.05),
    ("drift.development.1", 0.25),
    ("drift.growth_slow.0", 0.03),
    ("drift.growth_slow.1", 0.02),
    ("drift.growth_fast.0", 0.10),
    ("drift.growth_fast.1", 0.06),
    ("drift.maturity.1", 0.02),
    ("drift.decline_slow.0", -0.045),
    ("drift.decline_slow.1", 0.02),
    ("drift.decline_fast.0", -0.20),
    ("drift.decline_fast.1", 0.15),
    ("drift.decline_rest.1", 0.02),
    ("weights.slopes", 0.1),
    ("weights.peak", 0.2),
    ("weights.revenue", 0.1),
    ("weights.lines", 0.5),
    ("weights.products", 0.3),
    ("T.services_growth_up", 0.15),
    ("T.services_decline_down", 0.13),
    ("T.services_other", 0.012),
    ("T.lines_growth_up", 0.35),
    ("T.lines_decline_down", 0.30),
    ("T.lines_other", 0.08),
    ("weights.margin", 0.2),
    ("weights.trials", 0.5),
];

/// Coordinate search from the shipped rules: a step up or down of each number, kept where it helps.
fn tune(worlds: &[Vec<Vec<Customer>>; 2], own: String, rounds: usize) {
    let mut values: Vec<f64> =
        KNOBS.iter().map(|&(key, start)| if key.starts_with("T.") { start } else { shipped(key) }).collect();
    let text = |values: &[f64]| {
        let of = |name: &str| values[KNOBS.iter().position(|&(key, _)| key == name).expect("a knob")];
        let table = |name: &str| {
            let (up, down, other) = (
                of(&format!("T.{name}_growth_up")),
                of(&format!("T.{name}_decline_down")),
                of(&format!("T.{name}_other")),
            );
            let row = |down: f64, up: f64| [down, 1.0 - down - up, up];
            let rows = [row(other, 0.8 * up), row(other, up), row(other, 1.2 * other), row(down, other)];
            format!("lifecycle.seen.{name} = {rows:?}\n")
        };
        let own = format!("{own}{}{}", table("services"), table("lines"));
        let mut table: toml_like::Table = toml_like::Table::default();
        for (&(key, _), &value) in KNOBS.iter().zip(values).filter(|((key, _), _)| !key.starts_with("T.")) {
            table.set(key, value);
        }
        format!("{own}{}", table.text())
    };
    let (mut best, reports) = score(worlds, &text(&values)).expect("rules");
    println!("start {best:.5} {}", line(&reports[0]));
    let mut steps = vec![1.35_f64; KNOBS.len()];
    for round in 0..rounds {
        for at in 0..KNOBS.len() {
            let mut improved = false;
            for factor in [steps[at], 1.0 / steps[at]] {
                let mut tried = values.clone();
                tried[at] *= factor;
                let Some((score, _)) = score(worlds, &text(&tried)) else { continue };
                if score > best + 1e-5 {
                    best = score;
                    values = tried;
                    improved = true;
                    break;
                }
            }
            if !improved {
                steps[at] = steps[at].sqrt().max(1.05);
            }
        }
        let (_, reports) = score(worlds, &text(&values)).expect("rules");
        println!("round {round} {best:.5}\n  {}\n  {}", line(&reports[0]), line(&reports[1]));
    }
    for (&(key, _), value) in KNOBS.iter().zip(&values) {
        println!("{key}={value:.4}");
    }
}

fn shipped(key: &str) -> f64 {
    let text = serde_json::to_value(&RuleBook::parse(None).expect("rules").default.lifecycle).expect("json");
    let mut at = &text;
    for part in key.split('.') {
        at = match part.parse::<usize>() {
            Ok(index) => &at[index],
            Err(_) => &at[part],
        };
    }
    at.as_f64().expect("a number")
}

mod toml_like {
    use std::collections::BTreeMap;

    /// Numbers by name, two of them as a pair.
    #[derive(Default)]
    pub struct Table(BTreeMap<String, [Option<f64>; 2]>);

    impl Table {
        pub fn set(&mut self, key: &str, value: f64) {
            let (name, index) = match key.rsplit_once('.') {
                Some((name, "0")) => (name, 0),
                Some((name, "1")) => (name, 1),
                _ => {
                    self.0.insert(key.to_owned(), [Some(value), None]);
                    return;
                }
            };
            let pair = self.0.entry(format!("{name}!")).or_default();
            pair[index] = Some(value);
        }

        pub fn text(&self) -> String {
            let mut text = String::new();
            for (key, [one, other]) in &self.0 {
                let one = one.unwrap_or(0.0);
                match key.strip_suffix('!') {
                    Some(name) => {
                        let other = other.unwrap_or(0.0);
                        text += &format!("lifecycle.{name} = [{one:?}, {other:?}]\n");
                    }
                    None => text += &format!("lifecycle.{key} = {one:?}\n"),
                }
            }
            text
        }
    }
}

fn by_month(panel: &[Customer], judged: &[Vec<Judgement>]) {
    let mut right = [[0_u32; 2]; 24];
    for (customer, judged) in panel.iter().zip(judged) {
        for (at, (truth, judgement)) in customer.truth.iter().zip(judged).enumerate() {
            if (1..5).contains(&truth.index()) {
                right[at][0] += 1;
                right[at][1] += u32::from(*truth == judgement.stage);
            }
        }
    }
    let shares: Vec<String> =
        right.iter().map(|[n, r]| format!("{:.2}", f64::from(*r) / f64::from(*n))).collect();
    println!("live accuracy by month: {}", shares.join(" "));
}

fn show(panel: &[Customer], judged: &[Vec<Judgement>]) {
    let variable = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<usize>().ok());
    let (count, from) = (variable("SHOW").unwrap_or(0), variable("FROM").unwrap_or(0));
    let live = panel
        .iter()
        .zip(judged)
        .filter(|(customer, _)| customer.truth.iter().any(|truth| (2..5).contains(&truth.index())));
    for (customer, judged) in live.skip(from).take(count) {
        let letter = |stage: domain::LifecycleStage| ["P", "d", "G", "M", "v", "T"][stage.index()];
        let number = |value: Option<f64>| value.map_or("     -".to_owned(), |v| format!("{:>6.2}", v.ln()));
        let row = |name: &str, text: String| println!("{name} {text}");
        row("truth", customer.truth.iter().map(|&s| format!("{:>6}", letter(s))).collect());
        row("given", judged.iter().map(|j| format!("{:>6}", letter(j.stage))).collect());
        row("sure ", judged.iter().map(|j| format!("{:>6.2}", j.confidence)).collect());
        row("usage", customer.months.iter().map(|o| number(o.usage)).collect());
        row("reven", customer.months.iter().map(|o| number(o.revenue.map(|r| r.yuan()))).collect());
        row("lines", customer.months.iter().map(|o| format!("{:>6}", o.lines.unwrap_or(-1.0))).collect());
        row("servs", customer.months.iter().map(|o| format!(" {:>2}+{:<2}", o.services, o.trials)).collect());
        println!();
    }
}

fn toml_text(changes: &[(String, String)]) -> String {
    changes.iter().map(|(key, value)| format!("lifecycle.{key} = {value}\n")).collect()
}

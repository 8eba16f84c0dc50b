//! Experiments with the rules: `cargo run -p science --example quality -- SEED… [key=value …]`.

#[path = "../tests/it/panel.rs"]
mod panel;

use domain::rules::RuleBook;

fn main() {
    let mut seeds = Vec::new();
    let mut own = toml_text(&[]);
    let mut changes = Vec::new();
    let mut customers = 2000;
    for argument in std::env::args().skip(1) {
        if let Some(n) = argument.strip_prefix("n=") {
            customers = n.parse().expect("n");
        } else if let Some((key, value)) = argument.split_once('=') {
            changes.push((key.to_owned(), value.to_owned()));
        } else {
            seeds.push(argument.parse().expect("a seed"));
        }
    }
    if !changes.is_empty() {
        own = toml_text(&changes);
    }
    let rules = RuleBook::parse(Some(&own)).expect("rules").default;
    let verbose = std::env::var_os("V").is_some();
    let mut total = [science::evaluation::Quality::default(), science::evaluation::Quality::default()];
    for seed in seeds {
        let panel = panel::simulated(customers, 24, seed);
        let judged = panel::run(&panel, &rules);
        let [model, naive] = panel::quality(&panel, &judged);
        total[0].merge(model);
        total[1].merge(naive);
    }
    for (name, quality) in ["model", "naive"].iter().zip(&total) {
        let report = quality.report();
        let f1: Vec<String> =
            report.stages.iter().map(|s| format!("{:.3}", s.f1.unwrap_or(f64::NAN))).collect();
        let delay = report.stages[4].delay;
        println!(
            "{name} F1 {:.4} [{}] acc {:.4} flips {:.2} delay {:?} ({}/{}) ECE {:.3}",
            report.macro_f1,
            f1.join(" "),
            report.accuracy,
            report.flip_ratio.unwrap_or(0.0),
            delay.median_months,
            delay.noticed,
            delay.changes,
            report.calibration_error
        );
        if verbose {
            for row in report.confusion {
                println!("   {row:?}");
            }
            for bin in report.calibration {
                println!("   {:.1} {:6} {:.3} {:.3}", bin.from, bin.months, bin.confidence, bin.right);
            }
        }
    }
}

fn toml_text(changes: &[(String, String)]) -> String {
    changes.iter().map(|(key, value)| format!("lifecycle.{key} = {value}\n")).collect()
}

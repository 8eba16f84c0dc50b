//! The full cycle with all that is told of customers and members, beside the cycle with stages alone.

use anyhow::Result;

use super::{Measured, NEEDED, Operator, measure, note, report, tenure};

/// What members, risk and segments are told from beyond that.
const OF_MODELS: [&str; 7] = [
    "members.csv",
    "member_usage",
    "tickets.csv",
    "interactions.csv",
    "opportunities.csv",
    "surveys.csv",
    "readings",
];

pub fn run(operator: &Operator) -> Result<()> {
    let data = operator.data.with_file_name("data-models");
    operator.import_to(&data, &[&NEEDED[..], &OF_MODELS].concat())?;
    let rules = data.with_extension("rules.toml");
    std::fs::write(&rules, "[components]\noutlook = false\n")?;
    let cycle = |rules: Option<&std::path::Path>| -> Result<Measured> {
        let mut cycle = tenure();
        cycle.args(["cycle", "--all", "--data"]).arg(&data);
        rules.map(|rules| cycle.arg("--rules").arg(rules));
        measure(&mut cycle)
    };
    // Alone first: months that were published before take a little longer, which is to be no advantage.
    let alone = cycle(Some(&rules))?;
    let all = cycle(None)?;
    note("full cycle, stages alone", alone.elapsed.as_secs_f64(), "s");
    note("full cycle, all models, members too", all.elapsed.as_secs_f64(), "s");
    report("all models / stages alone", all.elapsed.as_secs_f64() / alone.elapsed.as_secs_f64(), "x", 3.0);
    note("all models, peak memory", all.peak_mib as f64 / 1024.0, "GiB");
    Ok(())
}

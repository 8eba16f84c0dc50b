//! Usage CSV with all checks against DuckDB's copy from CSV to Parquet, two threads each.

use anyhow::{Context, Result};

use super::{Operator, measure, note, report, tenure};
use crate::system;

const DUCKDB: &str = r#"
import duckdb, sys, time, os
source, target = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET threads = 2")
began = time.time()
for name in sorted(os.listdir(source)):
    connection.execute(f"COPY (SELECT * FROM read_csv('{source}/{name}')) TO '{target}/{name}.parquet' (FORMAT parquet)")
print(time.time() - began)
"#;

pub fn run(operator: &Operator) -> Result<()> {
    let python = system::python(&["duckdb"])?;
    let scratch = operator.data.with_file_name("import-scratch");
    let copied = operator.data.with_file_name("import-duckdb");
    for folder in [&scratch, &copied] {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
    }

    // The base first, so that the second run reads usage and nothing else.
    let base = operator.data.with_file_name("import-base");
    let usage = operator.data.with_file_name("import-usage");
    split(operator, &base, &usage)?;
    let records = measure(tenure().arg("import").arg(&base).arg("--data").arg(&scratch))?;
    let ours = measure(tenure().arg("import").arg(&usage).arg("--data").arg(&scratch))?;

    let mut peer = std::process::Command::new(python);
    peer.args(["-c", DUCKDB]).arg(usage.join("usage")).arg(&copied);
    let peer = measure(&mut peer)?;
    let peer_s: f64 = peer.output.trim().parse().context("DuckDB's time")?;

    note("records and one month of usage", records.elapsed.as_secs_f64(), "s");
    note("usage CSV, tenure", ours.elapsed.as_secs_f64(), "s");
    note("usage CSV, DuckDB copy", peer_s, "s");
    report("usage CSV, tenure / DuckDB", ours.elapsed.as_secs_f64() / peer_s, "x", 3.0);
    note("import, peak memory", ours.peak_mib as f64, "MiB");
    Ok(())
}

/// One folder with the records and the first month of usage, one with the other months.
fn split(operator: &Operator, base: &std::path::Path, usage: &std::path::Path) -> Result<()> {
    for folder in [base, usage] {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder.join("usage"))?;
    }
    for name in ["org_units", "staff", "customers", "products", "contracts", "services"] {
        let file = format!("{name}.csv");
        std::os::unix::fs::symlink(operator.extract.join(&file), base.join(&file))?;
    }
    let mut months: Vec<_> =
        std::fs::read_dir(operator.extract.join("usage"))?.collect::<std::io::Result<Vec<_>>>()?;
    months.sort_by_key(std::fs::DirEntry::file_name);
    for (index, month) in months.iter().enumerate() {
        let folder = if index == 0 { base } else { usage };
        std::os::unix::fs::symlink(month.path(), folder.join("usage").join(month.file_name()))?;
    }
    Ok(())
}

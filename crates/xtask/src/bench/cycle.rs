//! The full cycle and a new month, beside DuckDB computing the same monthly features alone.

use anyhow::{Context, Result};

use super::{Operator, measure, note, report, tenure};
use crate::system;

/// Per customer and month: usage at list price, revenue, cost, lines, products; twelve-month revenue and profit,
/// the running peak, and usage and revenue over two, three and six months. Reads the same Parquet facts.
const DUCKDB: &str = r#"
import duckdb, sys, time
usage, costs, prices = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET threads = 2")
connection.execute("SET enable_progress_bar = false")
began = time.time()
connection.execute(f"""
CREATE TABLE features AS
WITH u AS (
  SELECT regexp_extract(facts.filename, '(\d{{4}}-\d{{2}})', 1) AS month, customer_id,
         sum(volume * coalesce(list_price, 1)) AS usage, sum(revenue) AS revenue, sum(cost) AS cost,
         sum(lines) AS lines, count(DISTINCT product_id) AS products
  FROM read_parquet('{usage}', filename = true) AS facts JOIN read_csv('{prices}') USING (product_id)
  GROUP BY ALL),
c AS (
  SELECT regexp_extract(filename, '(\d{{4}}-\d{{2}})', 1) AS month, customer_id, sum(amount) AS amount
  FROM read_parquet('{costs}', filename = true) GROUP BY ALL)
SELECT month, customer_id, usage, u.revenue, u.cost + coalesce(amount, 0) AS cost, lines, products,
       sum(u.revenue) OVER year AS revenue_12m,
       sum(u.revenue - u.cost - coalesce(amount, 0)) OVER year AS profit_12m,
       max(usage) OVER (PARTITION BY customer_id ORDER BY month) AS peak,
       avg(usage) OVER (PARTITION BY customer_id ORDER BY month ROWS 1 PRECEDING) AS usage_2,
       avg(usage) OVER (PARTITION BY customer_id ORDER BY month ROWS 2 PRECEDING) AS usage_3,
       avg(usage) OVER (PARTITION BY customer_id ORDER BY month ROWS 5 PRECEDING) AS usage_6
FROM u LEFT JOIN c USING (month, customer_id)
WINDOW year AS (PARTITION BY customer_id ORDER BY month ROWS 11 PRECEDING)
""")
print(time.time() - began)
"#;

/// How often a new month is computed: it takes a tenth of the full cycle, and what disturbs a machine as long as ever.
const TIMES: usize = 3;

pub fn run(operator: &Operator) -> Result<()> {
    let python = system::python(&["duckdb"])?;
    operator.import()?;
    let last = operator.months;

    let full = measure(tenure().args(["cycle", "--all", "--data"]).arg(&operator.data))?;
    let month = last_month(operator)?;
    let mut months = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let mut again = tenure();
        again.args(["cycle", "--month"]).arg(&month).arg("--data").arg(&operator.data);
        months.push(measure(&mut again)?.elapsed.as_secs_f64());
    }
    months.sort_by(f64::total_cmp);
    let month_s = months[TIMES / 2];

    let prices = operator.data.with_file_name("prices.csv");
    write_prices(operator, &prices)?;
    let mut peer = std::process::Command::new(python);
    peer.args(["-c", DUCKDB])
        .arg(operator.data.join("facts/usage/*/*.parquet"))
        .arg(operator.data.join("facts/costs/*/*.parquet"))
        .arg(&prices);
    let peer = measure(&mut peer)?;
    let peer_s: f64 = peer.output.trim().parse().context("DuckDB's time")?;

    note(&format!("full cycle, {last} months"), full.elapsed.as_secs_f64(), "s");
    note("the same features in DuckDB", peer_s, "s");
    report("full cycle / DuckDB's features", full.elapsed.as_secs_f64() / peer_s, "x", 1.5);
    note("a new month, the middle one of three", month_s, "s");
    report("a new month / full cycle", 100.0 * month_s / full.elapsed.as_secs_f64(), "%", 10.0);
    report("full cycle, peak memory", full.peak_mib as f64 / 1024.0, "GiB", 6.0);
    Ok(())
}

fn last_month(operator: &Operator) -> Result<String> {
    let folder = operator.data.join("facts/usage");
    let mut months: Vec<String> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    months.sort();
    months.pop().context("no month of usage")
}

/// List prices by product id: ids follow the order of the file.
fn write_prices(operator: &Operator, target: &std::path::Path) -> Result<()> {
    let text = std::fs::read_to_string(operator.extract.join("products.csv"))?;
    let mut out = String::from("product_id,list_price\n");
    for (index, line) in text.lines().skip(1).enumerate() {
        let price = line.rsplit(',').nth(1).unwrap_or_default();
        out.push_str(&format!("{},{price}\n", index + 1));
    }
    std::fs::write(target, out)?;
    Ok(())
}

//! Reading back: one customer's months, and exports for others.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::Decimal128Type;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use domain::assessment::Reason;
use domain::engine::{CustomerMonth, Engine, MoneyMonth, RelationMonth};
use domain::id::CustomerId;
use domain::{LifecycleStage, Money, Month, Problem};
use lake::export::{self, Cell, Words};

use crate::cycle_operator::Operator;

#[test]
fn history_is_every_month_of_the_customer_as_published() {
    // More customers than a page of the file holds.
    let mut operator = Operator::simulated(2_200, 3, 21);
    operator.full_cycle();
    let mut published: BTreeMap<CustomerId, Vec<CustomerMonth>> = BTreeMap::new();
    for file in operator.manifest.assessments.values() {
        let mut add = |one: CustomerMonth| {
            published.entry(one.assessment.customer).or_default().push(one);
        };
        operator.lake.customer_months(file, &mut add).expect("assessments");
    }
    for customer in operator.base.customers.iter().map(|customer| customer.id).step_by(53) {
        let history = operator.lake.history(&operator.manifest, customer).expect("history");
        let published = published.remove(&customer).unwrap_or_default();
        for of_month in &published {
            let file = &operator.manifest.assessments[&of_month.month];
            let read = operator.lake.customer_month(file, customer).expect("a month");
            assert_eq!(read.as_ref(), Some(of_month));
        }
        assert_eq!(history, published.into_iter().map(RelationMonth::from).collect::<Vec<_>>());
        for month in history {
            let rows = operator.usage[&month.month].iter().filter(|row| row.customer == customer);
            let served = rows.clone().next().is_some();
            let revenue: Money = rows.clone().filter_map(|row| row.revenue).sum();
            let usage: Money = rows.filter_map(|row| row.cost).sum();
            let costs = operator.costs[&month.month].iter().filter(|row| row.customer == customer);
            let cost: Money = costs.map(|row| row.amount).sum::<Money>() + usage;
            assert_eq!(month.cost, cost);
            // No row is unknown where a service runs, and nothing where none does.
            let unserved = [LifecycleStage::Potential, LifecycleStage::Termination];
            let expected = (served || unserved.contains(&month.stage)).then_some(revenue);
            assert_eq!(month.revenue, expected);
        }
    }
}

#[test]
fn stage_and_money_of_those_learnt_from_are_those_of_their_months() {
    let mut operator = Operator::simulated(500, 3, 22);
    operator.full_cycle();
    for (month, file) in &operator.manifest.assessments {
        let mut expected = BTreeMap::new();
        let mut add = |one: CustomerMonth| {
            let revenue = one.revenue.filter(|_| one.assessment.stage.is_served());
            expected.insert(one.assessment.customer, (one.assessment.stage, revenue, one.cost));
        };
        operator.lake.customer_months(file, &mut add).expect("months");
        let mut found = BTreeMap::new();
        let mut visit = |of: MoneyMonth| {
            let revenue = of.revenue.filter(|_| of.stage.is_served());
            found.insert(of.customer, (of.stage, revenue, of.cost));
        };
        operator.lake.sampled_months(&operator.manifest.samples[month], &mut visit).expect("months");
        // So few customers are all learnt from.
        assert_eq!(found, expected);
    }
}

#[test]
fn nobody_else_has_no_history() {
    let mut operator = Operator::simulated(30, 2, 22);
    operator.full_cycle();
    for stranger in [0, 31, i64::MAX] {
        let history = operator.lake.history(&operator.manifest, CustomerId::new(stranger));
        assert_eq!(history.expect("history"), []);
        let file = &operator.manifest.assessments[&operator.last()];
        let month = operator.lake.customer_month(file, CustomerId::new(stranger));
        assert_eq!(month.expect("a month"), None);
    }
}

#[test]
fn months_of_another_version_are_found_and_what_to_do_is_said() {
    let mut operator = Operator::simulated(30, 3, 23);
    operator.full_cycle();
    assert_eq!(operator.lake.outdated(&operator.manifest).expect("a look"), []);
    let month = operator.first() + 1;
    for kept in [12, 36] {
        let file = operator.manifest.assessments[&month].clone();
        let path = operator.folder.path().join(&file.path);
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(File::open(&path).expect("a file")).expect("rows");
        let batches: Vec<_> = reader.build().expect("rows").map(|batch| batch.expect("rows")).collect();
        let columns: Vec<usize> = (0..batches[0].num_columns()).filter(|&column| column < kept).collect();
        let columns = if kept == 36 { columns[1..].to_vec() } else { columns };
        let earlier: Vec<_> = batches.iter().map(|batch| batch.project(&columns).expect("columns")).collect();
        let mut out = ArrowWriter::try_new(File::create(&path).expect("a file"), earlier[0].schema(), None)
            .expect("a writer");
        earlier.iter().for_each(|batch| out.write(batch).expect("written"));
        out.close().expect("written");
        assert_eq!(operator.lake.outdated(&operator.manifest).expect("a look"), [month]);
        let problem = operator.lake.customer_months(&file, &mut |_| {}).expect_err("other columns");
        assert_eq!(problem.cause.key, "problem-lake-version", "{problem}");
        assert_eq!(problem.hint.expect("what to do").key, "hint-lake-version");
    }
    operator.full_cycle();
    assert_eq!(operator.lake.outdated(&operator.manifest).expect("a look"), []);
}

fn code(customer: CustomerId) -> Option<String> {
    Some(format!("K-{customer}"))
}

fn reasons(reasons: &[Reason]) -> String {
    reasons.iter().map(|reason| format!("\"{reason}\"")).collect::<Vec<_>>().join(", ")
}

const WORDS: Words<'_> = Words { code: &code, reasons: &reasons };

fn exported(operator: &Operator, month: Option<Month>) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let count = export::rows(&operator.lake, &operator.manifest, month, &WORDS, &mut |cells| {
        rows.push(cells.to_vec());
        Ok(())
    });
    assert_eq!(count.expect("exported"), rows.len() as u64);
    rows
}

#[test]
fn exports_have_the_columns_of_the_format_and_invent_nothing() {
    let names: Vec<&str> = export::COLUMNS.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names.join(", "),
        "month, customer_code, stage, stage_since, stage_confidence, stage_reason, star, revenue_12m, \
         profit_12m, rfm_r, rfm_f, rfm_m, clv, clv_model, churn_risk, churn_cause, expected_loss, \
         satisfaction, satisfaction_label, segment_value, segment_kbf, segment_ict, next_action, \
         next_action_value"
    );
    let mut operator = Operator::simulated(80, 3, 23);
    operator.full_cycle();
    let rows = exported(&operator, None);
    let mut expected = 0;
    for file in operator.manifest.assessments.values() {
        expected += file.rows;
    }
    assert_eq!(rows.len() as u64, expected);
    assert!(rows.iter().all(|row| row[17..19].iter().chain(&row[22..]).all(|cell| *cell == Cell::Empty)));
    // Before anything was learnt there is no value; from then on it comes with its model.
    assert!(rows.iter().filter(|row| row[0] == rows[0][0]).all(|row| row[12] == Cell::Empty));
    assert!(rows.iter().any(|row| row[12] != Cell::Empty));
    assert!(rows.iter().all(|row| (row[12] == Cell::Empty) == (row[13] == Cell::Empty)));
    assert!(rows.is_sorted_by_key(|row| match &row[0] {
        Cell::Text(month) => month.clone(),
        other => panic!("a month: {other:?}"),
    }));
    let last = operator.last();
    assert!(exported(&operator, Some(last)).iter().all(|row| row[0] == Cell::Text(last.to_string())));
}

#[test]
fn csv_and_parquet_say_the_same() {
    let mut operator = Operator::simulated(80, 3, 24);
    operator.full_cycle();
    let folder = tempfile::tempdir().expect("a folder");
    let [csv, parquet] = ["a.csv", "a.parquet"].map(|name| folder.path().join(name));
    let (lake, manifest) = (&operator.lake, &operator.manifest);
    let rows = exported(&operator, None);
    let written = export::write_csv(lake, manifest, None, &WORDS, &csv).expect("written");
    assert_eq!(written, rows.len() as u64);
    export::write_parquet(lake, manifest, None, &WORDS, &parquet).expect("written");

    let mut reader = csv::Reader::from_path(&csv).expect("a CSV file");
    let texts: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(texts.len(), rows.len());
    for (text, row) in texts.iter().zip(&rows) {
        for (text, cell) in text.iter().zip(row) {
            let expected = match cell {
                Cell::Empty => String::new(),
                Cell::Text(text) => text.clone(),
                Cell::Whole(number) => number.to_string(),
                Cell::Number(number) => number.to_string(),
                Cell::Money(money) => money.to_string(),
            };
            assert_eq!(text, expected);
        }
    }

    let file = File::open(&parquet).expect("a file");
    let batches = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build().expect("a reader");
    let mut revenue = Vec::new();
    for batch in batches {
        let batch = batch.expect("rows");
        let column =
            batch.column_by_name("revenue_12m").expect("the column").as_primitive::<Decimal128Type>();
        assert_eq!(column.scale(), 2);
        revenue.extend(column.values().iter().map(|&fen| Money::from_fen(fen as i64)));
        let empty = batch.column_by_name("satisfaction").expect("the column");
        assert_eq!(empty.null_count(), batch.num_rows());
    }
    let expected: Vec<Money> = rows
        .iter()
        .map(|row| match row[7] {
            Cell::Money(money) => money,
            ref other => panic!("an amount: {other:?}"),
        })
        .collect();
    assert_eq!(revenue, expected);
}

#[test]
fn an_export_that_fails_leaves_the_file_of_before() {
    let mut operator = Operator::simulated(20, 2, 25);
    operator.full_cycle();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    fs::write(&path, "before").expect("written");
    let unknown = Words { code: &|_| None, reasons: &reasons };
    let failed = export::write_csv(&operator.lake, &operator.manifest, None, &unknown, &path);
    assert!(failed.is_err());
    assert_eq!(fs::read_to_string(&path).expect("the file"), "before");
    let files: Vec<PathBuf> =
        fs::read_dir(folder.path()).expect("a folder").map(|e| e.expect("one").path()).collect();
    assert_eq!(files, [path]);
}

#[test]
fn what_is_not_published_is_not_exported() {
    let mut operator = Operator::simulated(20, 2, 26);
    let export = |operator: &Operator, month| -> Result<u64, Problem> {
        export::rows(&operator.lake, &operator.manifest, month, &WORDS, &mut |_| Ok(()))
    };
    assert_eq!(export(&operator, None).expect_err("nothing").cause.key, "problem-nothing-published");
    operator.full_cycle();
    let next = operator.last().next();
    assert_eq!(export(&operator, Some(next)).expect_err("not yet").cause.key, "problem-month-unpublished");
}

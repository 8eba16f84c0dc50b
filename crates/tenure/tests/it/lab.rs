//! The models on tables of one's own: figures of the public files, keys of the documents, and tables that are wrong.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use crate::public_data::public;
use crate::world::{error_text, tenure, text};

/// The one document on standard output.
fn document(arguments: &[&str]) -> Value {
    let output = tenure(&[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{}", error_text(&output));
    serde_json::from_str(&text(&output)).expect("one JSON document")
}

/// A command that must fail with code 1: what it says in English.
fn failure(arguments: &[&str]) -> String {
    let output = tenure(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert_eq!(text(&output), "", "nothing on standard output");
    let said = error_text(&output);
    assert!(said.starts_with("Failed: ") && !said.contains("problem-"), "{said}");
    said
}

fn number(document: &Value, path: &str) -> f64 {
    let value = document.pointer(path).and_then(Value::as_f64);
    value.unwrap_or_else(|| panic!("no number {path} in {document}"))
}

fn near(document: &Value, path: &str, expected: f64, within: f64) {
    let found = number(document, path);
    assert!((found - expected).abs() <= within, "{path}: {found}, expected {expected}");
}

/// A folder with a table, and the table's path.
fn table(name: &str, content: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a table");
    let path = path.display().to_string();
    (folder, path)
}

#[test]
fn purchases_of_cdnow_give_the_published_parameters() {
    let Some(folder) = public("cdnow") else { return };
    let input = format!("{folder}/cdnow_customers_summary.csv");
    let fit = |model| document(&["lab", "clv", "fit", "--model", model, "--input", &input]);
    let bg = fit("bg-nbd");
    assert_eq!((bg["model"].as_str(), bg["n"].as_u64()), (Some("bg-nbd"), Some(2357)));
    assert_eq!((bg["mark"].as_str(), bg["converged"].as_bool()), (Some("S"), Some(true)));
    for (symbol, expected) in [("r", 0.2426), ("alpha", 4.4135), ("a", 0.7929), ("b", 2.4258)] {
        near(&bg, &format!("/params/{symbol}"), expected, 0.000_05);
    }
    near(&bg, "/log_likelihood", -9582.4256, 0.000_05);
    assert!(bg["assumptions"].as_array().is_some_and(|assumptions| !assumptions.is_empty()));
    near(&fit("mbg-nbd"), "/log_likelihood", -9582.1327, 0.000_05);
    near(&fit("pareto-nbd"), "/log_likelihood", -9594.9739, 0.000_05);
    let spend = format!("{folder}/cdnow_customers_summary_with_transactions.csv");
    let spend = document(&["lab", "clv", "fit", "--model", "gamma-gamma", "--input", &spend]);
    for (symbol, expected) in [("p", 6.2488), ("q", 3.7446), ("gamma", 15.4477)] {
        near(&spend, &format!("/params/{symbol}"), expected, 0.000_05);
    }
}

#[test]
fn a_customer_of_cdnow_is_scored_as_published() {
    let Some(folder) = public("cdnow") else { return };
    let input = format!("{folder}/cdnow_customers_summary.csv");
    let scored = document(&["lab", "clv", "score", "--model", "bg-nbd", "--input", &input, "--ahead", "39"]);
    near(&scored, "/n", 2357.0, 0.0);
    let first = &scored["rows"][0];
    assert_eq!(first["ID"], "1");
    near(first, "/p_alive", 0.7266, 0.000_05);
    near(first, "/expected_purchases", 1.2259, 0.000_05);
    assert!(
        number(first, "/low") < number(first, "/value") && number(first, "/value") < number(first, "/high")
    );
}

#[test]
fn a_log_of_purchases_becomes_customers_with_values_in_a_file() {
    let Some(folder) = public("cdnow") else { return };
    let kept = tempfile::tempdir().expect("a folder");
    let input = format!("{folder}/cdnow_master.csv");
    let out = kept.path().join("values.csv");
    let output = tenure(&[
        "lab",
        "clv",
        "score",
        "--model",
        "bg-nbd",
        "--input",
        &input,
        "--transactions",
        "--as-of",
        "1997-09-30",
        "-o",
        &out.display().to_string(),
    ]);
    assert!(output.status.success(), "{}", error_text(&output));
    let values = std::fs::read_to_string(&out).expect("the file");
    let mut lines = values.lines();
    assert_eq!(
        lines.next(),
        Some("id,value,low,high,p_alive,expected_purchases,discounted_purchases,expected_spend")
    );
    assert!(lines.next().is_some_and(|line| line.starts_with("00001,")), "codes stay whole");
    assert_eq!(lines.count(), 23_569);
    assert!(text(&output).contains("23,570"), "{}", text(&output));
}

#[test]
fn a_model_is_recommended_for_cohorts_and_for_purchases() {
    // The high-end cohort of Fader & Hardie 2007.
    let (_kept, cohort) =
        table("cohort.csv", "year,survivors\n0,1000\n1,869\n2,743\n3,653\n4,593\n5,551\n6,517\n7,491\n");
    let told = document(&["lab", "clv", "recommend", "--input", &cohort]);
    assert_eq!(told["model"], "bdw");
    assert_eq!(told["reasons"][0], "clv-because-contractual");
    let errors = [number(&told, "/back_tests/0/error"), number(&told, "/back_tests/1/error")];
    assert!(errors[0] < errors[1], "{told}");
    let said = tenure(&["lab", "clv", "recommend", "--input", &cohort]);
    assert!(text(&said).contains("推荐"), "{}", text(&said));
    let (_kept, neither) = table("neither.csv", "a,b\n1,2\n");
    assert!(failure(&["lab", "clv", "recommend", "--input", &neither]).contains("survivors"));

    let Some(folder) = public("cdnow") else { return };
    let log = document(&["lab", "clv", "recommend", "--input", &format!("{folder}/cdnow_master.csv")]);
    assert_eq!(log["reasons"][0], "clv-because-non-contractual");
    assert_eq!(log["back_tests"].as_array().map(Vec::len), Some(3));
}

#[test]
fn cohorts_and_formulas_are_tables_too() {
    let survivors = [1000, 869, 743, 653, 593, 551, 517, 491];
    let mut text = String::from("year,survivors\n");
    for (year, count) in survivors.iter().enumerate() {
        writeln!(text, "{year},{count}").expect("text");
    }
    let (_kept, cohort) = table("cohort.csv", &text);
    let fit = document(&["lab", "clv", "fit", "--model", "sbg", "--input", &cohort]);
    near(&fit, "/params/alpha", 0.6681, 0.000_1);
    near(&fit, "/params/beta", 3.8061, 0.000_5);
    near(&fit, "/log_likelihood", -1611.1581, 0.000_5);
    let (_kept, rates) = table("rates.csv", "客户,m,r,d\n甲,100,0.8,0.1\n");
    for (booking, value) in
        [("first-included", 366.6667), ("first-excluded", 266.6667), ("at-period-end", 333.3333)]
    {
        let arguments =
            ["lab", "clv", "score", "--model", "retention", "--input", &rates, "--booking", booking];
        let scored = document(&arguments);
        near(&scored, "/rows/0/value", value, 0.000_05);
        assert_eq!(scored["rows"][0]["客户"], "甲");
    }
}

#[test]
fn churn_of_the_public_telco_file_is_told_in_advance() {
    let Some(folder) = public("ibm_telco") else { return };
    let input = format!("{folder}/Telco-Customer-Churn.csv");
    let told =
        document(&["lab", "churn", "evaluate", "--input", &input, "--target", "Churn", "--positive", "Yes"]);
    near(&told, "/n", 7043.0, 0.0);
    near(&told, "/positives", 1869.0, 0.0);
    assert!(number(&told, "/auc/mean") >= 0.847 && number(&told, "/auc/sd") > 0.0, "{told}");
    assert!(number(&told, "/calibration_error") <= 0.02, "{told}");
    for key in ["pr_auc", "brier", "log_loss", "top_decile_lift", "precision_at_capacity", "seed"] {
        assert!(told[key].is_number(), "{key} in {told}");
    }
    assert_eq!(told["folds"].as_array().map(Vec::len), Some(5));
    assert_eq!(told["learner"], "blend");
    let identifier = told["warnings"].as_array().and_then(|warnings| {
        warnings.iter().find(|warning| warning["kind"] == "identifier").map(|warning| &warning["columns"][0])
    });
    assert_eq!(identifier.and_then(Value::as_str), Some("customerID"));
}

/// Customers of whom the loud and the young leave more often.
fn customers(count: u32) -> String {
    let mut text = String::from("客户编码,投诉,在网月数,套餐,常数,离网\n");
    for row in 0..count {
        let draw = |by: u32| row.wrapping_add(by).wrapping_mul(2_654_435_761).rotate_left(15) % 97;
        let (complaints, months) = (draw(7) % 5, draw(31) % 48);
        let leaves = draw(1) < 10 + 12 * complaints + (48 - months) / 2;
        let plan = ["畅享", "商务", "专线"][draw(3) as usize % 3];
        let left = if leaves { "是" } else { "否" };
        writeln!(text, "K{row:06},{complaints},{months},{plan},1,{left}").expect("text");
    }
    text
}

#[test]
fn a_model_is_kept_in_a_file_and_scores_another_table() {
    let (kept, input) = table("客户.csv", &customers(600));
    let model = kept.path().join("model.json").display().to_string();
    let target = ["--target", "离网", "--positive", "是"];
    let trained =
        document(&[&["lab", "churn", "train", "--input", &input, "-o", &model], &target[..]].concat());
    assert_eq!((trained["n"].as_u64(), trained["file"].as_str()), (Some(600), Some(&*model)));
    assert!(trained["members"].as_array().is_some_and(|members| !members.is_empty()), "{trained}");

    let new = kept.path().join("new.csv").display().to_string();
    std::fs::write(&new, "客户编码,投诉,在网月数,套餐\n007,4,1,畅享\n008,0,47,新套餐\n").expect("a table");
    let out = kept.path().join("scores.csv").display().to_string();
    let score = ["lab", "churn", "score", "--model-file", &model, "--input", &new];
    let scored = document(&[&score, &["-o", &out][..]].concat());
    near(&scored, "/n", 2.0, 0.0);
    assert!(number(&scored, "/probabilities/0") > number(&scored, "/probabilities/1"), "{scored}");
    assert_eq!(scored["warnings"][0]["kind"], "unseen_categories", "{scored}");
    let written = std::fs::read_to_string(&out).expect("the file");
    assert!(written.starts_with("客户编码,投诉,在网月数,套餐,probability\n007,4,1,畅享,0."), "{written}");
    let in_words = tenure(&score);
    assert!(text(&in_words).contains("投诉 4 (+"), "{}", text(&in_words));
    assert!(error_text(&in_words).contains("从未见过"), "{}", error_text(&in_words));

    let wrong = ["lab", "churn", "score", "--model-file", &input, "--input", &new];
    let said = failure(&wrong);
    assert!(said.contains("not a churn model"), "{said}");
}

#[test]
fn what_cannot_be_learnt_from_is_named() {
    let good = customers(400);
    let churn = |text: &str, more: &[&str]| {
        let (kept, input) = table("t.csv", text);
        let arguments =
            ["lab", "churn", "evaluate", "--input", &input, "--target", "离网", "--positive", "是"];
        (kept, arguments.iter().chain(more).map(|&part| part.to_owned()).collect::<Vec<String>>())
    };
    let refused = |text: &str, more: &[&str]| {
        let (_kept, arguments) = churn(text, more);
        failure(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let kinds = |text: &str, more: &[&str]| -> Vec<String> {
        let (_kept, arguments) = churn(text, more);
        let told = document(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(number(&told, "/auc/mean").is_finite());
        let warnings = told["warnings"].as_array().cloned().unwrap_or_default();
        warnings.iter().filter_map(|warning| warning["kind"].as_str().map(str::to_owned)).collect()
    };
    let with = |name: &str, cell: &dyn Fn(usize) -> String| -> String {
        let mut lines = good.lines();
        let mut text = format!("{},{name}\n", lines.next().unwrap_or_default());
        for (row, line) in lines.enumerate() {
            writeln!(text, "{line},{}", cell(row)).expect("text");
        }
        text
    };
    let told = kinds(&good, &["--drop", "套餐,没有的列"]);
    for kind in ["constant", "identifier", "nothing_to_drop"] {
        assert!(told.iter().any(|found| found == kind), "{kind} in {told:?}");
    }
    let leak = with("离网原因", &|row| {
        let left = good.lines().nth(row + 1).is_some_and(|line| line.ends_with('是'));
        if left { "资费" } else { "" }.to_owned()
    });
    assert!(refused(&leak, &[]).contains("离网原因"));
    assert!(kinds(&leak, &["--allow-leaks"]).contains(&"leak".to_owned()));
    let odd = with("用量", &|row| match row % 40 {
        0 => "inf".to_owned(),
        1 => "NaN".to_owned(),
        _ => (row % 17).to_string(),
    });
    assert!(kinds(&odd, &[]).contains(&"misfits".to_owned()));
    let mixed =
        with("混合", &|row| if row % 3 == 0 { "未知".to_owned() } else { (row % 50).to_string() });
    assert!(kinds(&mixed, &[]).contains(&"mixed".to_owned()), "{:?}", kinds(&mixed, &[]));
    assert!(kinds(&with("空", &|_| String::new()), &[]).contains(&"all_missing".to_owned()));
    assert!(
        kinds(&with("日期", &|row| format!("2026-01-{:02}", row % 28 + 1)), &[])
            .contains(&"dates".to_owned())
    );
    let twice = good.clone() + good.split_once('\n').map_or("", |(_, rows)| rows);
    assert!(kinds(&twice, &[]).contains(&"duplicates".to_owned()));

    assert!(refused(&good.replace('是', "否"), &[]).contains("离网"));
    assert!(refused(&good.replace('否', "是"), &[]).contains("离网"));
    let (_kept, arguments) = churn(&good, &["--folds", "1"]);
    assert!(failure(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).contains("folds"));
}

#[test]
fn who_was_never_asked_is_learnt_from_who_answered() {
    let mut text = String::from("member,calls,delay,score\n");
    for row in 0..900_u32 {
        let draw = |by: u32| row.wrapping_add(by).wrapping_mul(2_654_435_761).rotate_left(15) % 97;
        let (calls, delay) = (draw(5) % 6, draw(11) % 50);
        let score = 10_u32.saturating_sub(calls + delay / 12 + draw(2) % 4).max(1);
        let score = if row % 3 == 0 { String::new() } else { score.to_string() };
        writeln!(text, "M{row},{calls},{delay},{score}").expect("text");
    }
    let (_kept, input) = table("answers.csv", &text);
    let told = document(&["lab", "satisfaction", "evaluate", "--input", &input, "--score", "score"]);
    near(&told, "/n", 600.0, 0.0);
    near(&told, "/scale", 10.0, 0.0);
    assert!(number(&told, "/auc/mean") > 0.8, "{told}");
    for key in ["dissatisfied", "pr_auc", "brier", "calibration_error", "top_decile_lift"] {
        assert!(told[key].is_number(), "{key} in {told}");
    }
    assert!(number(&told, "/auc_without_missing/mean") > 0.8, "{told}");
    let said = failure(&["lab", "satisfaction", "evaluate", "--input", &input, "--score", "member"]);
    assert!(said.contains("member"), "{said}");
}

#[test]
fn a_division_gets_its_certificate_or_is_told_its_faults() {
    let mut rows = String::from("行业,门店,收入\n");
    for row in 0..600_u32 {
        let draw = |by: u32| row.wrapping_add(by).wrapping_mul(2_654_435_761).rotate_left(15) % 97;
        let (trade, shop) = (draw(3) % 3, draw(8) % 4);
        writeln!(rows, "行业{trade},门店{shop},{}", 100 * trade + draw(21)).expect("text");
    }
    let (_kept, input) = table("t.csv", &rows);
    let certify =
        |by| document(&["lab", "segments", "certify", "--input", &input, "--outcome", "收入", "--by", by]);
    let useful = certify("行业");
    assert_eq!(useful["certified"], true, "{useful}");
    assert_eq!((useful["n"].as_u64(), useful["segments"].as_array().map(Vec::len)), (Some(600), Some(3)));
    assert!(number(&useful, "/explained") > 0.5 && number(&useful, "/tests/0/effect") > 0.5, "{useful}");
    let useless = certify("门店");
    assert_eq!(useless["certified"], false);
    let has = |fault: &str| {
        let findings = useless["findings"].as_array().expect("findings");
        findings.iter().any(|finding| finding["fault"] == fault && finding["found"] == true)
    };
    assert!(has("too_coarse") && has("arbitrary"), "{useless}");
    let said =
        tenure(&["lab", "segments", "certify", "--input", &input, "--outcome", "收入", "--by", "门店"]);
    assert!(said.status.success(), "a refusal is a result");
    assert!(!text_has_keys(&text(&said)), "{}", text(&said));
    let circular =
        ["lab", "segments", "certify", "--input", &input, "--outcome", "收入", "--by", "行业,收入"];
    assert!(failure(&circular).contains("both divides the customers and is the outcome"));
}

#[test]
fn tables_are_read_as_people_write_them_and_say_so() {
    let mut rows = String::from("行业,签约,折扣,收入\n");
    for row in 0..300_u32 {
        let draw = |by: u32| row.wrapping_add(by).wrapping_mul(2_654_435_761).rotate_left(15) % 97;
        let trade = draw(3) % 3;
        let day = format!("2024年{}月{}日", draw(4) % 12 + 1, draw(5) % 28 + 1);
        let earned = 1000 + 400 * trade + draw(21);
        let earned = if row % 10 == 0 {
            "暂无".to_owned()
        } else {
            format!("\"¥{},{:03}.50\"", earned / 1000, earned % 1000)
        };
        writeln!(rows, "行业{trade},{day},{}%,{earned}", draw(6)).expect("text");
    }
    let (_kept, input) = table("t.csv", &rows);
    let told = tenure(&[
        "lab",
        "segments",
        "certify",
        "--input",
        &input,
        "--outcome",
        "收入",
        "--by",
        "行业",
        "--json",
        "--lang",
        "en",
    ]);
    let certificate: Value = serde_json::from_str(&text(&told)).expect("one JSON document");
    assert_eq!((certificate["n"].as_u64(), certificate["left_out"].as_u64()), (Some(270), Some(30)));
    assert!(number(&certificate, "/segments/0/mean") > 1000.0, "{certificate}");
    let notes = |column: &str| -> Vec<(&str, u64)> {
        let notes = certificate["table_notes"].as_array().expect("notes").iter();
        let of_column = notes.filter(|note| note["column"] == column);
        of_column.filter_map(|note| Some((note["kind"].as_str()?, note["count"].as_u64()?))).collect()
    };
    assert_eq!(notes("签约"), [("chinese_dates", 300)]);
    assert_eq!(notes("折扣"), [("percent", 300)]);
    assert_eq!(notes("收入"), [("thousands", 270), ("yuan", 270), ("left_out", 30)]);
    assert_eq!(notes("行业"), []);
    let said = error_text(&told);
    assert!(
        said.contains("收入 (30)") && said.contains("Amounts in yuan") && said.contains("签约"),
        "{said}"
    );
    assert!(!said.contains("table-note"), "{said}");
}

#[test]
fn an_outcome_of_infinities_is_not_a_yes_or_no() {
    let mut rows = String::from("segment,usage\n");
    for row in 0..400_u32 {
        let draw = row.wrapping_mul(2_654_435_761).rotate_left(15) % 97;
        let usage = if row % 8 == 0 { "Inf".to_owned() } else { (50 * (row % 3) + draw).to_string() };
        writeln!(rows, "s{},{usage}", row % 3).expect("text");
    }
    let (_kept, input) = table("t.csv", &rows);
    let certify = ["lab", "segments", "certify", "--input", &input, "--outcome", "usage", "--by", "segment"];
    let told = document(&certify);
    assert_eq!((told["n"].as_u64(), told["left_out"].as_u64()), (Some(350), Some(50)), "{told}");
    assert_eq!(told["tests"][0]["method"], "anova", "{told}");
    assert!(number(&told, "/segments/2/mean") > 100.0, "{told}");
    let said = error_text(&tenure(&[&certify[..], &["--lang", "en"]].concat()));
    assert!(said.contains("50 rows left out") && said.contains("usage (50)"), "{said}");
}

/// Whether a key of the locale files was said instead of its text.
fn text_has_keys(said: &str) -> bool {
    ["segments-", "lab-", "allocation-", "clv-"].iter().any(|key| said.contains(key))
}

#[test]
fn the_best_plays_within_the_budget_are_chosen() {
    let rows = "customer,play,value,cost,owner\n001,call,100,50,甲\n001,gift,150,120,甲\n002,call,80,50,甲\n\
                003,call,60,50,乙\n004,call,-10,50,乙\n005,call,,50,乙\n";
    let (kept, input) = table("plays.csv", rows);
    let told = document(&["lab", "allocate", "--input", &input, "--budget", "150"]);
    near(&told, "/value", 240.0, 1e-9);
    near(&told, "/cost", 150.0, 1e-9);
    assert_eq!((told["chosen"].to_string().as_str(), told["exact"].as_bool()), ("[0,2,3]", Some(true)));
    for key in ["bound", "shadow_price", "capacity_price", "full_owners"] {
        assert!(told[key].is_number(), "{key} in {told}");
    }
    near(&told, "/skipped", 1.0, 0.0);
    let out = kept.path().join("chosen.csv").display().to_string();
    let allocate = ["lab", "allocate", "--input", &input, "--budget", "1000", "--capacity", "1", "-o", &out];
    let said = tenure(&allocate);
    assert!(said.status.success() && !text_has_keys(&text(&said)), "{}", text(&said));
    let chosen = std::fs::read_to_string(&out).expect("the file");
    assert!(
        chosen.contains("001,gift,150,120,甲,yes") && chosen.contains("002,call,80,50,甲,no"),
        "{chosen}"
    );
    let (_kept, input) = table("t.csv", "customer,play,value,cost\n1,call,5,-1\n");
    let said = failure(&["lab", "allocate", "--input", &input, "--budget", "1"]);
    assert!(said.contains("below nothing"), "{said}");
}

#[test]
fn a_large_value_is_a_number_and_an_empty_choice_is_worth_nothing() {
    let (_kept, input) = table("t.csv", "customer,play,value,cost\n1,call,1000000000000000,5\n");
    let told = document(&["lab", "allocate", "--input", &input, "--budget", "10"]);
    near(&told, "/value", 1e15, 0.0);
    let said = text(&tenure(&["lab", "allocate", "--input", &input, "--budget", "1", "--json"]));
    assert!(said.contains("\"value\":0.0") && !said.contains("-0.0"), "{said}");
}

#[test]
fn churn_is_trained_by_the_line_of_the_manual_and_judged_with_folds() {
    let (_kept, input) = table("客户.csv", &customers(400));
    let train = [
        "lab",
        "churn",
        "train",
        "--input",
        &input,
        "--target",
        "离网",
        "--positive",
        "是",
        "--drop",
        "常数",
    ];
    let plain = document(&train);
    assert!(plain["file"].is_null() && plain["evaluation"].is_null(), "{plain}");
    let judged = document(&[&train[..], &["--folds", "4", "--seed", "7"]].concat());
    assert_eq!(judged["evaluation"]["folds"].as_array().map(Vec::len), Some(4), "{judged}");
    assert!(number(&judged, "/evaluation/auc/mean") > 0.6, "{judged}");
    let said = error_text(&tenure(&[&train[..], &["--lang", "en"]].concat()));
    assert!(said.contains("not kept"), "{said}");
}

#[test]
fn the_stages_of_customer_months_are_a_chain() {
    let mut rows = String::from("id,month,stage,revenue,cost\n");
    let stages = ["growth", "growth", "maturity", "maturity", "decline", "termination"];
    for row in 0..40 {
        for (month, stage) in stages.iter().enumerate() {
            writeln!(rows, "K{row:03},2024-{:02},{stage},{},10", month + 1, 60 + 20 * month).expect("text");
        }
    }
    let (_kept, input) = table("t.csv", &rows);
    let fit = ["lab", "clv", "fit", "--model", "stage-chain", "--input", &input];
    let told = document(&fit);
    assert_eq!((told["n"].as_u64(), told["booking"].as_str()), (Some(40), Some("first_excluded")));
    assert_eq!(told["stages"].as_array().map(Vec::len), Some(6));
    assert!(
        number(&told, "/stages/2/months") == 80.0 && number(&told, "/stages/2/interval/low").is_finite(),
        "{told}"
    );
    assert_eq!(told["table_notes"][0]["kind"], "months");
    let scored = document(&["lab", "clv", "score", "--model", "stage-chain", "--input", &input]);
    assert_eq!((scored["n"].as_u64(), scored["rows"][0]["stage"].as_str()), (Some(40), Some("termination")));
    let said = text(&tenure(&fit));
    assert!(said.contains("成熟期") && !said.contains("lab-") && !said.contains("clv-"), "{said}");
    let (_kept, input) = table("t.csv", "GC,M,r,d,n\n260,50,.75,.2,10\n");
    let fixed = ["lab", "clv", "fit", "--model", "berger-nasr-1", "--input", &input];
    assert_eq!(document(&fixed)["booking"], "first_included");
    let refused = failure(&[&fixed[..], &["--booking", "at-period-end"]].concat());
    assert!(refused.contains("in one way only") && refused.contains("--booking"), "{refused}");
}

#[test]
fn points_and_concentration_come_from_a_log() {
    let mut rows = String::from("id,date,amount\n");
    for row in 0..60_u32 {
        for day in 0..=row % 4 {
            writeln!(rows, "K{row:03},2024-0{}-{:02},{}", day + 1, row % 27 + 1, 10 + row * row)
                .expect("text");
        }
    }
    let (kept, input) = table("log.csv", &rows);
    let out = kept.path().join("points.csv").display().to_string();
    let told =
        document(&["lab", "rfm", "--input", &input, "--as-of", "2024-02-28", "--points", "4", "-o", &out]);
    assert_eq!((told["n"].as_u64(), told["points"].as_u64()), (Some(60), Some(4)));
    assert_eq!(told["response"]["frequency"].as_array().map(Vec::len), Some(4));
    near(&told, "/response/base", 0.5, 1e-9);
    assert!(number(&told, "/response/auc") > 0.5, "{told}");
    let written = std::fs::read_to_string(&out).expect("the file");
    assert!(written.starts_with("id,recency,frequency,monetary\nK000,"), "{written}");
    let told = document(&["lab", "concentration", "--input", &input]);
    assert!(number(&told, "/gini/low") < number(&told, "/gini/value"), "{told}");
    assert!(number(&told, "/top_fifth/value") > 0.4 && number(&told, "/customers_for_80") < 0.6, "{told}");
    for arguments in [&["lab", "rfm", "--input", &input][..], &["lab", "concentration", "--input", &input]] {
        let said = tenure(arguments);
        assert!(said.status.success() && !text_has_keys(&text(&said)), "{}", text(&said));
    }
    let worth = ["lab", "concentration", "--input", &input, "--value", "worth"];
    assert!(failure(&worth).contains("no column worth"));
}

#[test]
fn before_launch_a_play_knows_whom_it_leaves_alone_and_what_it_could_show() {
    let rows: String = (0..2_000).map(|row| format!("K{row:04},{},{}\n", row % 5 + 1, row % 8 / 7)).collect();
    let (kept, input) = table("t.csv", &format!("id,star,bought\n{rows}"));
    let out = kept.path().join("plan.csv").display().to_string();
    let plan = ["lab", "uplift", "hold-out", "--input", &input, "--play", "care call", "--held-out", "0.2"];
    let told = document(&[&plan[..], &["--past", "bought", "-o", &out]].concat());
    assert_eq!((told["n"].as_u64(), told["by_star"].as_array().map(Vec::len)), (Some(2_000), Some(5)));
    near(&told, "/alone", 400.0, 5.0);
    near(&told, "/base_rate", 0.125, 1e-9);
    // (1.96 + .84) · √(.125 · .875 · (1/1600 + 1/400))
    near(&told, "/smallest_detectable", 0.0518, 0.0005);
    let written = std::fs::read_to_string(&out).expect("the file");
    assert_eq!(written.matches(",yes").count() as u64, told["alone"].as_u64().expect("a count"));
    let again = document(&[&plan[..], &["--base-rate", "0.5"]].concat());
    assert_eq!(again["alone"], told["alone"], "stable");
    assert!(number(&again, "/smallest_detectable") > number(&told, "/smallest_detectable"));
    let said = tenure(&[&plan[..], &["--base-rate", "0.5"]].concat());
    assert!(said.status.success() && !text_has_keys(&text(&said)), "{}", text(&said));
}

#[test]
fn offers_are_worth_what_they_add_less_what_they_cost() {
    let rows = "甲,5%,2000,60,10\n乙,0,2000,60,10\n丙,,2000,60,10\n";
    let (kept, input) =
        table("t.csv", &format!("customer,uplift,lifetime_value,expected_incentive,contact\n{rows}"));
    let out = kept.path().join("worth.csv").display().to_string();
    let told = document(&["lab", "uplift", "offer", "--input", &input, "-o", &out]);
    let counts = ["n", "left_out", "worth_while"].map(|key| told[key].as_u64());
    assert_eq!(counts, [Some(2), Some(1), Some(1)], "{told}");
    near(&told, "/rows/0/expected_value", 30.0, 1e-9);
    near(&told, "/rows/1/expected_value", -70.0, 1e-9);
    let written = std::fs::read_to_string(&out).expect("the file");
    assert!(
        written.contains("乙,0,2000,60,10,-70,no") && written.contains("丙,,2000,60,10,,\n"),
        "{written}"
    );
    let back = |by_itself: &str| {
        let head = "with_offer,by_itself,second_lifetime_value,offer,contact";
        let (_kept, input) = table("t.csv", &format!("{head}\n0.3,{by_itself},5000,800,50\n"));
        document(&["lab", "uplift", "win-back", "--input", &input])
    };
    near(&back("0.1"), "/rows/0/expected_value", 710.0, 1e-9);
    assert_eq!(back("0.3")["worth_while"], 0, "whoever comes back anyway");
    let (_kept, wrong) = table("t.csv", "uplift,lifetime_value,expected_incentive,contact\n2,1,1,1\n");
    assert!(failure(&["lab", "uplift", "offer", "--input", &wrong]).contains("uplift"));
}

#[test]
fn how_many_segments_there_are_is_found() {
    let mut rows = String::from("usage,revenue\n");
    for row in 0..150_u32 {
        let draw =
            |by: u32| f64::from(row.wrapping_add(by).wrapping_mul(2_654_435_761).rotate_left(15) % 97) / 97.0;
        let group = f64::from(row % 3);
        writeln!(rows, "{},{}", 10.0 * group + draw(3), 7.0 * (group - 1.0).abs() + draw(9)).expect("text");
    }
    let (_kept, input) = table("t.csv", &rows);
    let choose = ["lab", "segments", "choose", "--input", &input, "--alike", "usage,revenue", "--most", "5"];
    let told = document(&choose);
    let counts = (told["segments"].as_u64(), told["choices"].as_array().map(Vec::len));
    assert_eq!(counts, (Some(3), Some(4)), "{told}");
    let said = tenure(&choose);
    assert!(said.status.success() && !text_has_keys(&text(&said)), "{}", text(&said));
}

#[test]
fn answers_that_are_all_alike_are_said_to_be() {
    let rows: String = (0..80).map(|row| format!("{},9\n", row % 7)).collect();
    let (_kept, input) = table("t.csv", &format!("calls,score\n{rows}"));
    let said = failure(&["lab", "satisfaction", "evaluate", "--input", &input, "--score", "score"]);
    assert!(said.contains("80 who answered") && !said.contains("--positive"), "{said}");
    let rows: String = (0..200).map(|row| format!("{0},{1},{1}\n", row % 7, row % 10 + 1)).collect();
    let (_kept, input) = table("t.csv", &format!("calls,recommends,score\n{rows}"));
    let evaluate = ["lab", "satisfaction", "evaluate", "--input", &input, "--score", "score"];
    assert!(failure(&evaluate).contains("--allow-leaks"));
    assert!(number(&document(&[&evaluate[..], &["--allow-leaks"]].concat()), "/auc/mean") > 0.9);
}

#[test]
fn the_mails_of_hillstrom_get_their_verdicts() {
    let Some(folder) = public("hillstrom") else { return };
    let input = format!("{folder}/hillstrom.csv");
    let told = |arm: &str, outcome: &str| {
        document(&[
            "lab",
            "uplift",
            "evaluate",
            "--input",
            &input,
            "--treatment",
            &format!("segment={arm} E-Mail"),
            "--control",
            "segment=No E-Mail",
            "--outcome",
            outcome,
        ])
    };
    let womens = told("Womens", "visit");
    near(&womens, "/ate/value", 0.04523, 0.000_005);
    assert!(number(&womens, "/ate/low") > 0.0 && number(&womens, "/ate/high") < 0.06, "{womens}");
    for learner in ["s_learner", "t_learner", "class_transformation", "response"] {
        let figure = |key: &str| number(&womens, &format!("/qini/{learner}/{key}"));
        assert!(figure("low") < figure("value") && figure("value") < figure("high"), "{womens}");
    }
    assert!(number(&womens, "/qini/s_learner/value") >= 0.064, "{womens}");
    assert_eq!(womens["verdict"], "works");
    for (arm, outcome) in [("Mens", "visit"), ("Womens", "conversion"), ("Mens", "conversion")] {
        let other = told(arm, outcome);
        let verdict = other["verdict"].as_str().expect("a verdict");
        assert!(
            ["inconclusive", "not_better_than_response"].contains(&verdict),
            "{arm} {outcome}: {verdict}"
        );
    }
}

#[test]
fn a_table_that_is_none_is_said_with_its_line() {
    let fit = |path: &str| failure(&["lab", "clv", "fit", "--model", "bg-nbd", "--input", path]);
    let said = |text: &str| {
        let (_kept, path) = table("t.csv", text);
        fit(&path)
    };
    assert!(fit("no such file.csv").contains("no such file.csv is not there"));
    assert!(said("").contains("is empty"));
    assert!(said("frequency,recency,T\n").contains("has no rows"));
    assert!(said("frequency,recency,T\n1,2,3\n1,2\n").contains("line 3: 2 cells, but there are 3 columns"));
    assert!(said("T,recency,T\n1,2,3\n").contains("two columns named T"));
    assert!(said("a,b\n1,2\n").contains("frequency, recency, T"));
    assert!(said("frequency,recency,T\n0,0,9\n0,0,9\n").contains("2 customers are too few"));
    let nobody = format!("frequency,recency,T\n{}", "0,0,9\n".repeat(20));
    assert!(said(&nobody).contains("nobody bought again"));
    assert!(said("frequency,recency,T\n1,2,3\n2,9,3\n").contains("row 2: recency is later than T"));
    let (_kept, path) = table("t.parquet", "PAR1 and no more");
    assert!(fit(&path).contains("no whole Parquet file"));
}

#[test]
fn the_lab_needs_and_makes_no_data_folder() {
    let (kept, input) = table("t.csv", "m,r,d\n100,0.8,0.1\n");
    let data = kept.path().join("data");
    let data_text = data.display().to_string();
    let output =
        tenure(&["lab", "clv", "fit", "--model", "retention", "--input", &input, "--data", &data_text]);
    assert!(output.status.success(), "{}", error_text(&output));
    assert!(text(&output).contains("每期保持的比例相同"), "{}", text(&output));
    assert!(!data.exists() && !PathBuf::from("tenure-data").exists());
}

#[test]
fn a_mistake_in_the_command_ends_with_two() {
    for arguments in [
        &["lab"][..],
        &["lab", "clv", "fit", "--model", "bg-nbd"],
        &["lab", "clv", "fit", "--model", "none", "--input", "x"],
        &["lab", "churn", "evaluate", "--input", "x", "--target", "y"],
        &["lab", "uplift", "evaluate", "--input", "x", "--treatment", "arm"],
    ] {
        let output = tenure(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", error_text(&output));
        assert_eq!(text(&output), "");
    }
}

//! From simulate to export, as the README says it.

use std::io::Write;
use std::process::Stdio;

use crate::world::{EXTRACT, command, error_text, tenure, text};

#[test]
fn from_extract_to_assessments_and_again_for_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let extract = EXTRACT.display().to_string();

    let imported = tenure(&["import", &extract, "--data", &data, "--json"]);
    assert!(imported.status.success(), "{}", error_text(&imported));
    assert!(text(&imported).contains(r#""state":"done""#), "{}", text(&imported));

    let again = tenure(&["import", &extract, "--data", &data, "--json"]);
    assert!(again.status.success(), "{}", error_text(&again));
    assert!(text(&again).contains(r#""rows_added":0,"rows_changed":0"#), "{}", text(&again));

    let cycled = tenure(&["cycle", "--data", &data]);
    assert!(cycled.status.success(), "{}", error_text(&cycled));
    assert!(text(&cycled).contains("24"), "{}", text(&cycled));
    let nothing = tenure(&["cycle", "--data", &data, "--lang", "en"]);
    assert_eq!(text(&nothing).trim(), "Nothing to compute: every month is published.");

    let out = folder.path().join("out.csv").display().to_string();
    let exported = tenure(&["export", "assessments", "--month", "all", "-o", &out, "--data", &data]);
    assert!(exported.status.success(), "{}", error_text(&exported));
    let csv = std::fs::read_to_string(&out).expect("the export");
    assert_eq!(
        csv.lines().next(),
        Some(
            "month,customer_code,stage,stage_since,stage_confidence,stage_reason,star,revenue_12m,profit_12m,\
             rfm_r,rfm_f,rfm_m,clv,clv_model,churn_risk,churn_cause,expected_loss,satisfaction,satisfaction_label,\
             segment_value,segment_kbf,segment_ict,next_action,next_action_value"
        )
    );

    let truth = EXTRACT.join("truth.csv").display().to_string();
    let judged = tenure(&["evaluate", "stages", "--truth", &truth, "--data", &data, "--json"]);
    assert!(judged.status.success(), "{}", error_text(&judged));
    let backtest = tenure(&["evaluate", "stages", "--data", &data]);
    assert!(backtest.status.success(), "{}", error_text(&backtest));
    assert!(text(&backtest).contains("衰退期"), "{}", text(&backtest));
    for truth in [&["--truth", &truth][..], &[]] {
        let warned =
            [&["evaluate", "warnings", "--capacity", "3", "--data", &data, "--json"], truth].concat();
        let warned = tenure(&warned);
        assert!(warned.status.success(), "{}", error_text(&warned));
        let report: serde_json::Value = serde_json::from_str(&text(&warned)).expect("a document");
        assert_eq!(report["capacity"], 3);
        assert!(report["value_saved"].as_f64().is_some_and(|share| share > 0.2), "{report}");
    }

    let tested = tenure(&["evaluate", "value", "--data", &data, "--json"]);
    assert!(tested.status.success(), "{}", error_text(&tested));
    let report: serde_json::Value = serde_json::from_str(&text(&tested)).expect("a document");
    assert_eq!(report["held_out"]["months"], 12);
    assert!(report["groups"][0]["customers"].as_u64().is_some_and(|count| count > 0), "{report}");
    let tested = tenure(&["evaluate", "value", "--data", &data]);
    assert!(text(&tested).contains("全部客户"), "{}", text(&tested));

    // What billing corrects later is computed again, and nothing before it.
    let late = EXTRACT.join("corrections").display().to_string();
    let corrected = tenure(&["import", &late, "--data", &data, "--json"]);
    assert!(corrected.status.success(), "{}", error_text(&corrected));
    let again = tenure(&["cycle", "--data", &data, "--json"]);
    assert!(again.status.success(), "{}", error_text(&again));
    let report: serde_json::Value = serde_json::from_str(&text(&again)).expect("a document");
    let months = report["months"].as_array().expect("months");
    assert!(
        (1..=3).contains(&months.len()) && months.iter().all(|month| month["corrected"] == true),
        "{report}"
    );

    // What was corrected left entries whose seals fit, until a file is gone.
    let checked = tenure(&["check", "--data", &data, "--json"]);
    assert!(checked.status.success(), "{}", error_text(&checked));
    let report: serde_json::Value = serde_json::from_str(&text(&checked)).expect("a document");
    assert!(report["whole"] == true && report["records"]["entries"].as_u64() > Some(0), "{report}");
    let seal = report["records"]["seal"].as_str().expect("a seal");
    let checked = tenure(&["check", "--data", &data, "--seal", seal]);
    assert!(checked.status.success() && text(&checked).contains(seal), "{}", error_text(&checked));
    for (wrong, said) in [("ab", "不是校验值"), (&"0".repeat(64), "找不到校验值")] {
        let refused = tenure(&["check", "--data", &data, "--seal", wrong]);
        assert!(refused.status.code() == Some(1) && error_text(&refused).contains(said), "{wrong}");
    }
    std::fs::remove_dir_all(std::path::Path::new(&data).join("samples")).expect("removed");
    let missing = tenure(&["check", "--data", &data, "--json"]);
    let report: serde_json::Value = serde_json::from_str(&text(&missing)).expect("a document");
    assert!(report["whole"] == false && missing.status.code() == Some(1), "{report}");
    assert!(error_text(&missing).contains("samples"), "{}", error_text(&missing));
    let nowhere = tenure(&["check", "--data", &format!("{data}-nowhere")]);
    assert!(nowhere.status.code() == Some(1) && error_text(&nowhere).contains("nowhere"));
}

#[test]
fn the_three_formats_hold_the_same_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let extract = EXTRACT.display().to_string();
    assert!(tenure(&["import", &extract, "--data", &data]).status.success());
    assert!(tenure(&["cycle", "--data", &data]).status.success());
    let mut rows = Vec::new();
    for format in ["csv", "parquet", "xlsx"] {
        let out = folder.path().join(format!("out.{format}")).display().to_string();
        let exported = tenure(&[
            "export",
            "assessments",
            "--month",
            "2025-12",
            "--format",
            format,
            "-o",
            &out,
            "--data",
            &data,
            "--json",
        ]);
        assert!(exported.status.success(), "{}", error_text(&exported));
        let document = text(&exported);
        rows.push(
            document
                .split(r#""rows":"#)
                .nth(1)
                .expect("rows")
                .split([',', '}'])
                .next()
                .expect("a number")
                .to_owned(),
        );
    }
    assert_ne!(rows[0], "0");
    assert_eq!(rows[0], rows[1]);
    assert_eq!(rows[0], rows[2]);
}

#[test]
fn help_speaks_both_languages() {
    assert!(text(&tenure(&["--help"])).contains("生命周期"));
    assert!(text(&tenure(&["--lang", "en", "--help"])).contains("lifecycle"));
}

#[test]
fn wrong_usage_ends_with_two() {
    let wrong = tenure(&["cycle", "--month", "2026-13"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(error_text(&wrong).starts_with("用法有误"), "{}", error_text(&wrong));
    let wrong = tenure(&["--lang", "en", "cylce"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(error_text(&wrong).contains("Did you mean cycle?"), "{}", error_text(&wrong));
}

#[test]
fn customers_entered_twice_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (extract, data, truth) = (path("extract"), path("data"), path("extract/duplicates.csv"));
    for step in [
        &[
            "simulate",
            "--customers",
            "8000",
            "--months",
            "2",
            "--seed",
            "12",
            "--duplicates",
            "0.05",
            "--out",
            &extract,
        ][..],
        &["import", &extract, "--data", &data],
    ] {
        let done = tenure(step);
        assert!(done.status.success(), "{}", error_text(&done));
    }
    let found = tenure(&["evaluate", "duplicates", "--truth", &truth, "--data", &data, "--json"]);
    assert!(found.status.success(), "{}", error_text(&found));
    let report: serde_json::Value = serde_json::from_str(&text(&found)).expect("a document");
    let judged = &report["judged"];
    assert!(judged["truth"].as_u64().is_some_and(|pairs| pairs > 300), "{judged}");
    for (share, least) in [("precision", 0.98), ("recall", 0.95)] {
        assert!(judged[share].as_f64().is_some_and(|reached| reached >= least), "{judged}");
    }
    let wrong = tenure(&["simulate", "--duplicates", "0.9", "--out", &path("none")]);
    assert!(!wrong.status.success() && error_text(&wrong).contains("0.5"), "{}", error_text(&wrong));
}

#[test]
fn who_has_the_machine_gets_people_in_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let extract = EXTRACT.display().to_string();
    let imported = tenure(&["import", &extract, "--data", &data]);
    assert!(imported.status.success(), "{}", error_text(&imported));
    let mut make = command(&["user", "li.lei", "--staff-role", "admin", "--data", &data]);
    let mut made = make.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the binary runs");
    made.stdin.take().expect("an input").write_all(b"a long password\n").expect("written");
    assert!(made.wait().expect("an end").success());

    let handed = tenure(&["admin", "password", "li.lei", "--data", &data, "--json"]);
    assert!(handed.status.success(), "{}", error_text(&handed));
    let handed: serde_json::Value = serde_json::from_str(&text(&handed)).expect("a document");
    assert_eq!(handed["username"], "li.lei");
    assert!(handed["password"].as_str().is_some_and(|password| password.len() == 12), "{handed}");
    let users = tenure(&["admin", "users", "--data", &data, "--json"]);
    let users: serde_json::Value = serde_json::from_str(&text(&users)).expect("a document");
    assert_eq!((&users[0]["role"], &users[0]["standing"]), (&"admin".into(), &"fresh".into()), "{users}");
    let listed = tenure(&["admin", "users", "--data", &data]);
    assert!(text(&listed).contains("待改初始密码"), "{}", text(&listed));
    for refused in [["admin", "password", "nobody"], ["admin", "two-factor-off", "li.lei"]] {
        let refused = tenure(&[&refused[..], &["--data", &data]].concat());
        assert!(
            !refused.status.success() && error_text(&refused).contains("失败"),
            "{}",
            error_text(&refused)
        );
    }
}

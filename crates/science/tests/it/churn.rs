//! Churn on the public files and on tables as people send them.

use domain::Problem;
use proptest::prelude::*;
use science::churn::{Model, Options, TimeOrder, WarningKind, evaluate, train};
use science::frame::Frame;
use science::learn::blend::Learner;
use science::learn::calibration::probability;

use crate::table::{parse, table};

/// Draws that are the same every time.
fn draws(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    }
}

/// Customers with a tariff, a usage and a tenure that matter, and a height that does not.
fn customers(count: usize, seed: u64) -> String {
    let mut draw = draws(seed);
    let mut text = String::from("tariff,usage,tenure,height,left\n");
    for _ in 0..count {
        let (tariff, usage, tenure, height) = (draw(4), draw(1000), draw(60), draw(50));
        let log_odds =
            [0.0, -1.0, 1.0, 0.5][tariff as usize] + (usage as f64 - 500.0) / 250.0 - tenure as f64 / 20.0;
        let left = (draw(1_000_000) as f64) < probability(log_odds) * 1e6;
        let left = if left { "yes" } else { "no" };
        text += &format!("t{tariff},{usage}.5,{tenure},{height},{left}\n");
    }
    text
}

fn cause(result: Result<impl std::fmt::Debug, Problem>) -> String {
    let problem = result.expect_err("a problem");
    assert!(problem.hint.is_some(), "{problem} without a hint");
    problem.cause.to_string()
}

fn warned(frame: &Frame, options: &Options, kind: WarningKind) -> Option<(Vec<String>, usize)> {
    let warnings = train(frame, options).expect("a model").warnings;
    warnings.into_iter().find(|warning| warning.kind == kind).map(|warning| (warning.columns, warning.count))
}

#[test]
fn the_public_telco_file_is_told_as_well_as_the_best_known() {
    let Some(frame) = table("ibm_telco/Telco-Customer-Churn.csv") else { return };
    let report = evaluate(&frame, &Options::new("Churn", "Yes")).expect("a report");
    println!("{:?} calibration error {:.4}", report.auc, report.calibration_error);
    assert_eq!((report.n, report.positives, report.folds.len()), (7043, 1869, 5));
    assert!(report.auc.mean >= 0.8485 && report.auc.mean < 0.86, "{:?}", report.auc);
    assert!(report.calibration_error <= 0.02, "{}", report.calibration_error);
    assert!(report.features.iter().all(|name| name != "customerID"));
    assert!(report.warnings.iter().any(|warning| warning.kind == WarningKind::Identifier));
    assert!(report.duplicated_rows > 0 && report.top_decile_lift > 2.5);
}

#[test]
fn the_public_file_of_five_thousand_is_told_as_well_as_the_best_known() {
    let Some(frame) = table("mlc_churn_5000/mlc_churn.csv") else { return };
    let report = evaluate(&frame, &Options::new("churn", "yes")).expect("a report");
    println!("{:?} calibration error {:.4}", report.auc, report.calibration_error);
    assert_eq!((report.n, report.positives), (5000, 707));
    assert!(report.auc.mean >= 0.922, "{:?}", report.auc);
    assert!(report.calibration_error <= 0.02, "{}", report.calibration_error);
}

#[test]
fn the_same_seed_gives_the_same_report_and_a_report_is_plain_json() {
    let frame = parse(&customers(400, 1));
    let report = evaluate(&frame, &Options::new("left", "yes")).expect("a report");
    assert_eq!(report, evaluate(&frame, &Options::new("left", "yes")).expect("a report"));
    let json = serde_json::to_value(&report).expect("json");
    for field in
        ["n", "positives", "pr_auc", "brier", "calibration_error", "top_decile_lift", "precision_at_capacity"]
    {
        assert!(json[field].is_number(), "{field} in {json}");
    }
    assert!(json["auc"]["mean"].as_f64() > Some(0.7) && json["auc"]["sd"].is_number(), "{json}");
    assert_eq!(json["learner"], "blend");
}

#[test]
fn chance_is_told_as_chance() {
    let mut draw = draws(9);
    let mut text = String::from("a,b,word,left\n");
    for _ in 0..1500 {
        text += &format!("{},{},w{},{}\n", draw(1000), draw(7), draw(200), draw(4) / 3);
    }
    let report = evaluate(&parse(&text), &Options::new("left", "1")).expect("a report");
    assert!((report.auc.mean - 0.5).abs() < 0.05, "{:?}", report.auc);
    assert!(report.calibration_error < 0.04, "{}", report.calibration_error);
}

#[test]
fn every_learner_learns_alone() {
    let frame = parse(&customers(1200, 2));
    for learner in [Learner::Logistic, Learner::Boosting] {
        let report = evaluate(&frame, &Options { learner, ..Options::new("left", "yes") }).expect("a report");
        assert!(report.auc.mean > 0.75, "{learner:?} {:?}", report.auc);
    }
}

#[test]
fn later_months_are_judged_by_what_had_been_seen_by_then() {
    let mut text = customers(1200, 3).replacen("tariff", "month,tariff", 1);
    text = text
        .lines()
        .enumerate()
        .map(
            |(row, line)| {
                if row == 0 { format!("{line}\n") } else { format!("2026-{:02}-28,{line}\n", 1 + row % 8) }
            },
        )
        .collect();
    let time = Some(TimeOrder { column: "month".into(), horizon_months: 3 });
    let options = Options { time, folds: 3, ..Options::new("left", "yes") };
    let report = evaluate(&parse(&text), &options).expect("a report");
    let sizes: Vec<_> = report.folds.iter().map(|fold| (fold.trained, fold.judged)).collect();
    assert_eq!(sizes, [(450, 150), (600, 150), (750, 150)]);
    let none = Options { time: Some(TimeOrder { column: "usage".into(), horizon_months: 3 }), ..options };
    assert_eq!(cause(evaluate(&parse(&text), &none)), "problem-churn-no-dates column=usage");
}

#[test]
fn reasons_sum_to_the_log_odds_of_the_probability() {
    for (seed, learner) in [(1, Learner::Logistic), (2, Learner::Boosting), (3, Learner::Blend)] {
        let frame = parse(&customers(800, seed));
        let model = train(&frame, &Options { learner, ..Options::new("left", "yes") }).expect("a model");
        let scored = model.score(&frame);
        let rows: Vec<usize> = (0..50).collect();
        for (&row, reasons) in rows.iter().zip(model.explain(&frame, &rows)) {
            let sum =
                reasons.base + reasons.parts.iter().map(|part| part.1).sum::<f64>() + reasons.calibration;
            assert!((sum - reasons.log_odds).abs() < 1e-6, "{reasons:?}");
            assert!((probability(sum) - scored.probabilities[row]).abs() < 1e-6);
        }
    }
}

#[test]
fn a_model_is_written_and_read_and_says_the_same() {
    let frame = parse(&customers(600, 4));
    let model = train(&frame, &Options::new("left", "yes")).expect("a model");
    let text = model.to_json().expect("json");
    let read = Model::from_json(&text).expect("the model");
    let pairs = model.score(&frame).probabilities.into_iter().zip(read.score(&frame).probabilities);
    assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-9));
    assert!(cause(Model::from_json("{}")).starts_with("problem-churn-model error="));
    let older = text.replacen("\"version\":1", "\"version\":0", 1);
    assert_eq!(cause(Model::from_json(&older)), "problem-churn-model-version found=0 wanted=1");
}

#[test]
fn another_table_may_lack_columns_and_hold_new_words() {
    let model = train(&parse(&customers(600, 5)), &Options::new("left", "yes")).expect("a model");
    let other = parse("usage,tariff\n900.5,t2\n100,t9\ninf,\nNaN,t1\n");
    let scored = model.score(&other);
    assert!(scored.probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
    assert!(scored.probabilities[0] > scored.probabilities[1]);
    let said: Vec<_> = scored
        .warnings
        .iter()
        .map(|warning| (warning.kind, warning.columns.join(","), warning.count))
        .collect();
    assert_eq!(
        said,
        [
            (WarningKind::LackingColumns, "tenure,height".to_owned(), 2),
            (WarningKind::UnseenCategories, "tariff".to_owned(), 1)
        ]
    );
    assert!(model.score(&parse("usage\n")).probabilities.is_empty());
}

#[test]
fn what_cannot_be_learnt_is_refused_with_a_cause_and_a_hint() {
    let frame = parse("a,left\n1,yes\n2,no\n3,no\n4,yes\n");
    let ask =
        |frame: &Frame, target: &str, positive: &str| cause(evaluate(frame, &Options::new(target, positive)));
    assert_eq!(ask(&parse("a,left\n"), "left", "yes"), "problem-churn-empty");
    assert_eq!(ask(&frame, "gone", "yes"), "problem-churn-no-target target=gone columns=a, left");
    assert_eq!(ask(&frame, "left", "ja"), "problem-churn-no-positive target=left value=ja values=no, yes");
    assert_eq!(ask(&frame, "left", "yes"), "problem-churn-folds folds=5 rows=4 positives=2");
    assert_eq!(
        ask(&parse("a,left\n1,yes\n2,yes\n"), "left", "yes"),
        "problem-churn-one-class target=left value=yes"
    );
    assert_eq!(ask(&parse("a,b,left\n1,,yes\n1,,no\n"), "left", "yes"), "problem-churn-no-features");
}

#[test]
fn a_column_that_gives_the_answer_away_is_named_and_refused_unless_allowed() {
    let with_leak = |text: String| -> String {
        text.lines()
            .enumerate()
            .map(|(row, line)| match (row, line.ends_with("yes")) {
                (0, _) => format!("离网原因,离网日期,{line}\n"),
                (_, true) => format!("r{},2026-01-{:02},{line}\n", row % 5, row % 28 + 1),
                (_, false) => format!(",,{line}\n"),
            })
            .collect()
    };
    let frame = parse(&with_leak(customers(400, 6)));
    let options = Options::new("left", "yes");
    assert_eq!(cause(evaluate(&frame, &options)), "problem-churn-leak columns=离网原因, 离网日期");
    let allowed = Options { allow_leaks: true, ..options.clone() };
    assert_eq!(warned(&frame, &allowed, WarningKind::Leak).map(|leak| leak.1), Some(2));
    let dropped = Options { drop: vec!["离网原因".into(), "离网日期".into()], ..options };
    assert!(evaluate(&frame, &dropped).is_ok());
}

#[test]
fn columns_that_say_nothing_or_name_rows_are_left_out_and_named() {
    let text: String = customers(300, 7)
        .lines()
        .enumerate()
        .map(|(row, line)| match row {
            0 => format!("客户编号,row,token,same,empty,{line}\n"),
            _ => format!("{},{row},x{row}y,7,NA,{line}\n", 1_000 + row * 7_919 % 1_009),
        })
        .collect();
    let frame = parse(&text);
    let options = Options { drop: vec!["nothing".into()], ..Options::new("left", "yes") };
    let names = |kind| warned(&frame, &options, kind).map(|(columns, _)| columns.join(","));
    assert_eq!(names(WarningKind::Identifier).as_deref(), Some("客户编号,row,token"));
    assert_eq!(names(WarningKind::Constant).as_deref(), Some("same"));
    assert_eq!(names(WarningKind::AllMissing).as_deref(), Some("empty"));
    assert_eq!(names(WarningKind::NothingToDrop).as_deref(), Some("nothing"));
}

#[test]
fn ids_that_stand_twice_or_thrice_are_ids_and_kept_only_if_asked() {
    for repeats in [2, 3] {
        let text: String = customers(600, 9)
            .lines()
            .enumerate()
            .map(|(row, line)| match row {
                0 => format!("code,account_id,street,{line}\n"),
                _ => format!("K{:04},{},street {},{line}\n", row / repeats, 9_000 - row / repeats, row % 40),
            })
            .collect();
        let frame = parse(&text);
        let options = Options::new("left", "yes");
        let found = warned(&frame, &options, WarningKind::Identifier).map(|(columns, _)| columns.join(","));
        assert_eq!(found.as_deref(), Some("code,account_id"), "{repeats}");
        let kept = Options { keep: vec!["code".into(), "account_id".into()], ..options };
        assert!(warned(&frame, &kept, WarningKind::Identifier).is_none());
        assert!(evaluate(&frame, &kept).is_ok_and(|report| report.features.contains(&"code".to_owned())));
    }
}

#[test]
fn cells_that_do_not_fit_are_unknown_and_counted() {
    let text: String = customers(300, 8)
        .lines()
        .enumerate()
        .map(|(row, line)| match row {
            0 => format!("amount,mixed,opened,{line}\n"),
            _ => {
                let amount = ["12.5", "inf", "NaN", "-3"][if row % 50 == 0 { row / 50 % 3 } else { 3 }];
                let mixed = if row % 4 == 0 { "n/k".to_owned() } else { format!("{}", row % 9) };
                format!("{amount},{mixed},2026/{}/1,{line}\n", row % 12 + 1)
            }
        })
        .collect();
    let frame = parse(&text);
    let options = Options::new("left", "yes");
    assert_eq!(warned(&frame, &options, WarningKind::Misfits), Some((vec!["amount".into()], 2)));
    assert_eq!(warned(&frame, &options, WarningKind::Mixed), Some((vec!["mixed".into()], 1)));
    assert_eq!(warned(&frame, &options, WarningKind::Dates), Some((vec!["opened".into()], 1)));
}

#[test]
fn ten_thousand_words_are_learnt_without_learning_them_by_heart() {
    let mut draw = draws(10);
    let mut text = String::from("town,noise,left\n");
    for _ in 0..40_000 {
        let town = draw(10_000);
        let odds = if town < 5_000 { 40 } else { 10 };
        text += &format!("town{town},{},{}\n", draw(1_000_000), if draw(100) < odds { "yes" } else { "no" });
    }
    let options = Options { folds: 2, ..Options::new("left", "yes") };
    let frame = parse(&text);
    let report = evaluate(&frame, &options).expect("a report");
    assert!((0.58..0.71).contains(&report.auc.mean), "{:?}", report.auc);
    assert!(report.calibration_error < 0.02, "{}", report.calibration_error);
    assert!(report.warnings.iter().any(|warning| warning.kind == WarningKind::ManyCategories));
}

#[test]
fn repeated_rows_are_counted_and_teach_nothing_about_each_other() {
    let mut draw = draws(11);
    let mut text = String::from("a,b,c,left\n");
    for _ in 0..300 {
        let line = format!("{},{},{},{}\n", draw(1000), draw(1000), draw(1000), draw(3) / 2);
        text += &line.repeat(4);
    }
    let report = evaluate(&parse(&text), &Options::new("left", "1")).expect("a report");
    assert_eq!(report.duplicated_rows, 900);
    assert!((report.auc.mean - 0.5).abs() < 0.1, "{:?}", report.auc);
}

#[test]
fn rows_without_an_answer_are_left_out() {
    let text = customers(300, 12) + "t1,3.5,4,5,\nt2,3.5,4,5,NA\n";
    let options = Options::new("left", "yes");
    assert_eq!(warned(&parse(&text), &options, WarningKind::UnknownTarget), Some((vec!["left".into()], 2)));
    assert_eq!(train(&parse(&text), &options).expect("a model").rows, 300);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_small_table_ends_in_a_report_or_a_problem(
        rows in prop::collection::vec(
            (prop_oneof!["[甲乙丙]", "-?[0-9]{1,3}", "inf|NaN|1e400|", "2026-0[0-9]-1[0-9]"], 0_u8..3, any::<bool>()),
            0..40,
        ),
        folds in 0_u8..6,
    ) {
        let mut text = String::from("列,b,left\n");
        for (cell, small, left) in rows {
            text += &format!("{cell},{small},{}\n", u8::from(left));
        }
        match evaluate(&parse(&text), &Options { folds, ..Options::new("left", "1") }) {
            Ok(report) => prop_assert!(report.brier.is_finite() && report.log_loss.is_finite()),
            Err(problem) => prop_assert!(problem.hint.is_some()),
        }
    }
}

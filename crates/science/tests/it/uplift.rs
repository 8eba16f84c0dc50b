//! Uplift on the randomised e-mail test of Hillstrom (`hillstrom/hillstrom.csv`), and on tables that are wrong.

use std::fmt::Write as _;

use science::uplift::{LeftOutReason, Options, Report, Verdict, evaluate};

use crate::table::{parse, table};

fn options(treated: &str, control: &str, outcome: &str) -> Options {
    Options {
        treatment: ("segment".into(), treated.into()),
        control: ("segment".into(), control.into()),
        outcome: outcome.into(),
        positive: None,
        drop: Vec::new(),
        keep: Vec::new(),
        seed: 42,
    }
}

fn hillstrom(arm: &str, outcome: &str) -> Option<Report> {
    let frame = table("hillstrom/hillstrom.csv")?;
    let report = evaluate(&frame, &options(arm, "No E-Mail", outcome)).expect("a report");
    println!("{arm} {outcome}: {}", serde_json::to_string(&report).expect("json"));
    let mut left_out: Vec<&str> = report.left_out.iter().map(|left_out| left_out.column.as_str()).collect();
    left_out.sort_unstable();
    let later = if outcome == "visit" { ["conversion", "spend"] } else { ["spend", "visit"] };
    assert_eq!(left_out, later, "what came after the e-mail is left out, and nothing else");
    Some(report)
}

#[test]
fn the_womens_mail_is_worth_aiming_at_visits() {
    let Some(report) = hillstrom("Womens E-Mail", "visit") else { return };
    assert_eq!((report.n, report.treated, report.control), (42_693, 21_387, 21_306));
    assert!((report.ate.value - 0.04523).abs() < 0.000_005, "{:?}", report.ate);
    assert!(report.ate.value > report.smallest_detectable);
    let best = report.qini[report.best.code()];
    assert!(best.value >= 0.064 && best.low > 0.0 && best.high < 0.12, "{best:?}");
    assert!((report.qini["response"].value - 0.017).abs() < 0.001, "{:?}", report.qini["response"]);
    assert_eq!(report.verdict, Verdict::Works);
    assert_eq!(report.scores.len(), report.n);
}

#[test]
fn the_mens_mail_works_alike_on_all_and_says_so() {
    let Some(report) = hillstrom("Mens E-Mail", "visit") else { return };
    assert!((report.ate.value - 0.07659).abs() < 0.000_005, "{:?}", report.ate);
    assert!(
        matches!(report.verdict, Verdict::Inconclusive | Verdict::NotBetterThanResponse),
        "{:?}",
        report.verdict
    );
    assert!(report.never_contact.is_empty());
}

#[test]
fn orders_are_too_few_to_aim_at() {
    for arm in ["Womens E-Mail", "Mens E-Mail"] {
        let Some(report) = hillstrom(arm, "conversion") else { return };
        assert!(
            matches!(report.verdict, Verdict::Inconclusive | Verdict::NotBetterThanResponse),
            "{:?}",
            report.verdict
        );
    }
}

/// Customers of whom every second is treated: `answers` says who responds from arm, trait and a number below 100.
fn made_up(rows: u32, answers: impl Fn(bool, bool, u32) -> bool) -> String {
    let mut text = String::from("id,arm,big,dice,answer,answer_text,paid\n");
    for row in 0..rows {
        let dice = row.wrapping_mul(2_654_435_761).rotate_left(13) % 100;
        let (treated, big) = (row % 2 == 0, row % 4 < 2);
        let answer = answers(treated, big, dice);
        let paid = if answer { row % 7 + 1 } else { 0 };
        let word = if answer { "是" } else { "否" };
        let arm = if treated { "call" } else { "none" };
        let other = row.wrapping_mul(40_503) % 89;
        writeln!(text, "K{row},{arm},{},{other},{},{word},{paid}", u8::from(big), u8::from(answer))
            .expect("text");
    }
    text
}

fn call(outcome: &str) -> Options {
    let arm = |value: &str| ("arm".to_owned(), value.to_owned());
    Options { treatment: arm("call"), control: arm("none"), ..options("", "", outcome) }
}

#[test]
fn an_effect_on_some_is_found_and_those_it_drives_away_are_listed() {
    let text = made_up(4_000, |treated, big, dice| {
        dice < match (treated, big) {
            (false, true) => 30,
            (true, true) => 50,
            (false, false) => 60,
            (true, false) => 45,
        }
    });
    let report = evaluate(&parse(&text), &call("answer_text")).expect("a report");
    assert_eq!(report.verdict, Verdict::Works, "{report:?}");
    assert!(report.never_contact.iter().all(|row| row % 4 >= 2), "only those that the call drives away");
    assert!(report.never_contact_count > 900, "{}", report.never_contact_count);
    let reasons: Vec<_> = report.left_out.iter().map(|out| (out.column.as_str(), out.reason)).collect();
    assert!(reasons.contains(&("id", LeftOutReason::Identifier)), "{reasons:?}");
    assert!(reasons.contains(&("answer", LeftOutReason::DecidesOutcome)), "{reasons:?}");
    assert!(reasons.contains(&("paid", LeftOutReason::DecidesOutcome)), "{reasons:?}");
}

#[test]
fn harm_is_called_harm_and_noise_is_not_called_an_effect() {
    let harm = made_up(4_000, |treated, _, dice| dice < if treated { 20 } else { 30 });
    let report = evaluate(&parse(&harm), &call("answer")).expect("a report");
    assert_eq!(report.verdict, Verdict::Harmful);
    let noise = made_up(4_000, |_, _, dice| dice < 30);
    let report = evaluate(&parse(&noise), &call("answer")).expect("a report");
    assert!(matches!(report.verdict, Verdict::Inconclusive | Verdict::NotBetterThanResponse), "{report:?}");
    assert!(report.never_contact.is_empty());
}

#[test]
fn what_is_wrong_with_a_table_is_said() {
    let good = made_up(1_000, |_, _, dice| dice < 30);
    let problem = |text: &str, options: &Options| match evaluate(&parse(text), options) {
        Ok(report) => panic!("{report:?}"),
        Err(problem) => problem.to_string(),
    };
    assert_eq!(problem(&good, &call("sold")), "problem-table-column column=sold");
    let nobody = Options { treatment: ("arm".into(), "visit".into()), ..call("answer") };
    assert_eq!(problem(&good, &nobody), "problem-uplift-value column=arm value=visit");
    let same = Options { treatment: ("arm".into(), "none".into()), ..call("answer") };
    assert_eq!(problem(&good, &same), "problem-uplift-arms-overlap count=500");
    assert_eq!(problem(&good, &call("dice")), "problem-uplift-outcome column=dice");
    let never = made_up(1_000, |_, _, _| false);
    assert_eq!(problem(&never, &call("answer")), "problem-uplift-one-class column=answer");
    let few = made_up(150, |_, _, dice| dice < 30);
    assert_eq!(
        problem(&few, &call("answer")),
        "problem-uplift-arm-small column=arm value=call count=75 least=100"
    );
    let rare = made_up(1_000, |_, _, dice| dice < 1);
    assert!(problem(&rare, &call("answer")).starts_with("problem-uplift-rare column=arm"));
    let bare = Options { drop: vec!["big".into(), "dice".into()], ..call("answer") };
    assert_eq!(problem(&good, &bare), "problem-uplift-no-columns");
}

#[test]
fn holes_infinities_and_constant_columns_do_no_harm() {
    let mut text = String::from("arm,x,constant,empty,answer\n");
    for row in 0..2_000_u32 {
        let x = match row % 50 {
            0 => "inf".to_owned(),
            1 => String::new(),
            _ => (row % 13).to_string(),
        };
        let answer = if row % 100 == 7 { String::new() } else { u8::from(row % 3 == 0).to_string() };
        writeln!(text, "{},{x},1,,{answer}", if row % 2 == 0 { "call" } else { "none" }).expect("text");
    }
    let report = evaluate(&parse(&text), &call("answer")).expect("a report");
    assert_eq!((report.n, report.unknown_outcome), (1_980, 20));
    assert!(report.qini.values().all(|qini| qini.low.is_finite() && qini.high.is_finite()), "{report:?}");
    let constant = report.left_out.iter().filter(|out| out.reason == LeftOutReason::Constant).count();
    assert_eq!(constant, 2);
}

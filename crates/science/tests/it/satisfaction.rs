//! Satisfaction on made-up members whose truth is known.

use science::frame::Frame;
use science::satisfaction::{Label, Options, evaluate, train};

use crate::table::parse;

/// Members whose score falls with faults and rises with speed; every third was not asked. `gap` decides which
/// speeds are lost.
fn members(scale: u64, gap: impl Fn(u64, u64) -> bool) -> Frame {
    let mut state = 5_u64;
    let mut draw = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut columns: Vec<(String, Vec<String>)> =
        ["faults", "speed", "score"].map(|name| (name.to_owned(), Vec::new())).into();
    for row in 0..900 {
        let (faults, speed) = (draw(6), draw(100));
        let of_ten = (6 + speed * 5 / 100 + draw(5)).saturating_sub(faults + 1).clamp(1, 10);
        let score = if scale == 5 { of_ten.div_ceil(2) } else { of_ten };
        let cells = [
            faults.to_string(),
            if gap(row, of_ten) { String::new() } else { format!("{speed}.5") },
            if row % 3 == 0 { String::new() } else { score.to_string() },
        ];
        columns.iter_mut().zip(cells).for_each(|((_, column), cell)| column.push(cell));
    }
    Frame::from_text(columns)
}

#[test]
fn members_never_asked_get_a_label_with_reasons() {
    for scale in [5, 10] {
        let frame = members(scale, |_, _| false);
        let report = evaluate(&frame, &Options::new("score")).expect("a report");
        assert_eq!((report.n, u64::from(report.scale)), (600, scale));
        assert!(report.auc.mean > 0.8, "{report:?}");
        let told = train(&frame, &Options::new("score")).expect("a model").score(&frame);
        assert_eq!(told.len(), 900);
        for member in &told {
            assert!((member.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{member:?}");
            assert!(
                member.probabilities.iter().all(|&probability| probability >= 0.0)
                    && member.reasons.len() == 2
            );
        }
        let text = |row: usize, name: &str| {
            frame.column(name).expect("it").text(row).parse::<f64>().expect("a number")
        };
        let worst =
            (0..900).find(|&row| text(row, "faults") > 4.5 && text(row, "speed") < 20.0).expect("one");
        let best = (0..900).find(|&row| text(row, "faults") < 0.5 && text(row, "speed") > 90.0).expect("one");
        assert_eq!(told[worst].label, Label::Dissatisfied);
        assert_eq!(told[best].label, Label::VerySatisfied);
        assert!(told[worst].score + 2.0 < told[best].score && told[worst].reasons[0].1 > 0.0);
    }
}

#[test]
fn gaps_that_tell_the_answer_show_in_the_difference() {
    let honest = evaluate(&members(10, |row, _| row % 4 == 0), &Options::new("score")).expect("a report");
    assert!((honest.auc.mean - honest.auc_without_missing.mean).abs() < 0.03, "{honest:?}");
    let telling = members(10, |row, score| score <= 6 && row % 4 < 2);
    let telling = evaluate(&telling, &Options::new("score")).expect("a report");
    assert!(telling.auc.mean > telling.auc_without_missing.mean + 0.02, "{telling:?}");
}

#[test]
fn what_is_no_scale_is_refused() {
    let cause = |score: &str, scale| {
        let options = Options { scale, ..Options::new(score) };
        evaluate(&members(10, |_, _| false), &options).expect_err("a problem").cause.to_string()
    };
    assert_eq!(cause("mood", None), "problem-satisfaction-no-score column=mood");
    assert_eq!(cause("speed", None), "problem-satisfaction-scale column=speed");
    assert_eq!(cause("score", Some(5)), "problem-satisfaction-scale column=score");
}

#[test]
fn answers_that_are_all_alike_and_leaks_are_said_of_answers() {
    let problem = |frame: &Frame, options: &Options| evaluate(frame, options).expect_err("a problem");
    let alike = |score: &str| {
        let rows: String = (0..60).map(|row| format!("{},{score}\n", row % 7)).collect();
        parse(&format!("calls,score\n{rows}"))
    };
    let cause = |frame: &Frame| problem(frame, &Options::new("score")).cause.to_string();
    assert_eq!(cause(&alike("9")), "problem-satisfaction-none column=score count=60");
    assert_eq!(cause(&alike("2")), "problem-satisfaction-all column=score count=60");
    let few: String = (0..60).map(|row| format!("{},{}\n", row % 7, if row == 0 { 2 } else { 9 })).collect();
    assert!(cause(&parse(&format!("calls,score\n{few}"))).starts_with("problem-satisfaction-folds"));
    let rows: String =
        (0..200).map(|row| format!("{},{},{}\n", row % 7, row % 10 + 1, row % 10 + 1)).collect();
    let leak = parse(&format!("calls,recommends,score\n{rows}"));
    let refused = problem(&leak, &Options::new("score"));
    assert_eq!(refused.cause.to_string(), "problem-churn-leak columns=recommends");
    assert_eq!(refused.hint.map(|hint| hint.key), Some("hint-satisfaction-leak"));
    assert!(evaluate(&leak, &Options { allow_leaks: true, ..Options::new("score") }).is_ok());
}

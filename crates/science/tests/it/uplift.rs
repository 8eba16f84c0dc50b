//! Uplift on the randomised e-mail test of Hillstrom (`hillstrom/hillstrom.csv`), and on tables that are wrong.

use std::fmt::Write as _;

use science::uplift::{LeftOutReason, Options, Outcome, Report, Verdict, evaluate, qini};

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

/// Plain logistic regression by Newton's method with a ridge of one on standardised columns, the constant last and
/// free: nothing of the library's learners, so that it can stand beside them.
fn logistic(rows: &[(Vec<f64>, bool)]) -> Vec<f64> {
    let width = rows[0].0.len();
    let mut weights = vec![0.0; width];
    for _ in 0..8 {
        let mut gradient: Vec<f64> = weights.iter().map(|weight| -weight).collect();
        let mut curvature = vec![vec![0.0; width]; width];
        (0..width).for_each(|at| curvature[at][at] = 1.0);
        gradient[width - 1] = 0.0;
        curvature[width - 1][width - 1] = 1e-9;
        for (numbers, positive) in rows {
            let chance = chance(&weights, numbers);
            let miss = f64::from(u8::from(*positive)) - chance;
            let spread = chance * (1.0 - chance);
            for at in 0..width {
                gradient[at] += miss * numbers[at];
                for other in 0..width {
                    curvature[at][other] += spread * numbers[at] * numbers[other];
                }
            }
        }
        for (weight, step) in weights.iter_mut().zip(solved(curvature, gradient)) {
            *weight += step;
        }
    }
    weights
}

fn chance(weights: &[f64], numbers: &[f64]) -> f64 {
    1.0 / (1.0 + (-weights.iter().zip(numbers).map(|(weight, number)| weight * number).sum::<f64>()).exp())
}

/// Gauss–Jordan; the matrix is positive definite.
fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    for at in 0..right.len() {
        let pivot = matrix[at].clone();
        for row in (0..right.len()).filter(|&row| row != at) {
            let factor = matrix[row][at] / pivot[at];
            for (cell, above) in matrix[row].iter_mut().zip(&pivot).skip(at) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[at];
        }
    }
    (0..right.len()).map(|at| right[at] / matrix[at][at]).collect()
}

/// Treated and visited, and the numbers of a customer: five columns as they are, a column per word of the two others,
/// all standardised, and a one.
fn women_or_none() -> Option<(Vec<Outcome>, Vec<Vec<f64>>)> {
    let frame = table("hillstrom/hillstrom.csv")?;
    let column = |name: &str| frame.column(name).expect("a column");
    let arm = column("segment");
    let rows: Vec<usize> = (0..frame.rows()).filter(|&row| arm.text(row) != "Mens E-Mail").collect();
    let outcomes = rows.iter().map(|&row| Outcome {
        treated: arm.text(row) == "Womens E-Mail",
        positive: column("visit").text(row) == "1",
    });
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for name in ["recency", "history", "mens", "womens", "newbie"] {
        columns.push(rows.iter().map(|&row| column(name).text(row).parse().expect("a number")).collect());
    }
    for (name, words) in
        [("zip_code", ["Surburban", "Urban", "Rural"]), ("channel", ["Web", "Phone", "Multichannel"])]
    {
        for word in words {
            columns
                .push(rows.iter().map(|&row| f64::from(u8::from(column(name).text(row) == word))).collect());
        }
    }
    let count = rows.len() as f64;
    for values in &mut columns {
        let mean = values.iter().sum::<f64>() / count;
        let spread = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        values.iter_mut().for_each(|value| *value = (*value - mean) / spread);
    }
    columns.push(vec![1.0; rows.len()]);
    let numbers = (0..rows.len()).map(|row| columns.iter().map(|values| values[row]).collect()).collect();
    Some((outcomes.collect(), numbers))
}

/// Coefficients of the T-learner, class transformation and a ranking by response, out of five folds drawn by a seed.
fn textbook(outcomes: &[Outcome], numbers: &[Vec<f64>], seed: u64) -> [f64; 3] {
    let mut order: Vec<usize> = (0..outcomes.len()).collect();
    // Drawn by a multiplicative hash: any drawing that does not look at the rows will do.
    order.sort_by_key(|&row| {
        (row as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15 ^ (seed << 17 | 1)).rotate_left(29)
    });
    order.sort_by_key(|&row| (outcomes[row].treated, outcomes[row].positive));
    let mut fold_of = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, &row)| fold_of[row] = place % 5);
    let mut scores = [(); 3].map(|()| vec![0.0; outcomes.len()]);
    for fold in 0..5 {
        let taught = |keep: &dyn Fn(Outcome) -> bool, answer: &dyn Fn(Outcome) -> bool| {
            let rows = (0..outcomes.len()).filter(|&row| fold_of[row] != fold && keep(outcomes[row]));
            logistic(&rows.map(|row| (numbers[row].clone(), answer(outcomes[row]))).collect::<Vec<_>>())
        };
        let positive = |outcome: Outcome| outcome.positive;
        let treated = taught(&|outcome| outcome.treated, &positive);
        let control = taught(&|outcome| !outcome.treated, &positive);
        let same = taught(&|_| true, &|outcome| outcome.positive == outcome.treated);
        let response = taught(&|_| true, &positive);
        for row in (0..outcomes.len()).filter(|&row| fold_of[row] == fold) {
            let said = |weights: &[f64]| chance(weights, &numbers[row]);
            scores[0][row] = said(&treated) - said(&control);
            scores[1][row] = said(&same);
            scores[2][row] = said(&response);
        }
    }
    scores.map(|scores| qini(&scores, outcomes).expect("a coefficient"))
}

/// The figures known for Womens/visit: S- or T-learners .065 to .066, class transformation .0661, response .017. Plain
/// logistic learners out of five folds come nearest to them; which drawing of the folds they are of is not known, and
/// that alone moves the third digit: over eight drawings of another implementation .064 ± .003 for either learner
/// (.0650, .0652 and .0670 with one of them), .0169 ± .0003 for the ranking by response. Tried with the same columns,
/// and no nearer: fitted and ranked on all rows (T .078, class transformation .072), ranked on the 30 % or half left
/// out (.065 to .082), ten folds (.062), an S-learner without interactions (.017: it can only rank by response), the
/// bands of `history` beside it (±.001), a ridge from none to a hundred times as strong (±.001), coefficients averaged
/// over folds rather than of all scores together (+.001). So the ranking by response is reproduced to its digits, as
/// the mean of drawings; the others are not, and lie within what drawings give. `evaluate` has ten folds, drawn three
/// times, and shrinks differences: hence its .0645 to .0652.
#[test]
fn the_textbook_learners_give_the_figures_that_are_known() {
    let Some((outcomes, numbers)) = women_or_none() else { return };
    let drawn: Vec<[f64; 3]> = (42..46).map(|seed| textbook(&outcomes, &numbers, seed)).collect();
    println!("T-learner, class transformation, response: {drawn:.4?}");
    let mean = |learner: usize| drawn.iter().map(|drawn| drawn[learner]).sum::<f64>() / drawn.len() as f64;
    assert_eq!(format!("{:.3}", mean(2)), "0.017");
    for (learner, known) in [(0, 0.0655), (1, 0.0661)] {
        assert!((mean(learner) - known).abs() < 2.0 * 0.003, "{learner}: {:.4}", mean(learner));
    }
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

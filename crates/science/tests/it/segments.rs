//! Certificates over many made-up divisions, and the choice of how many.

use science::frame::Frame;
use science::segments::{Certificate, Declared, Fault, Options, certify, certify_single, choose, migration};

/// Numbers from a seed: even, and about normal.
struct Dice(u64);

impl Dice {
    fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.even()).ln()).sqrt() * (std::f64::consts::TAU * self.even()).cos()
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.even() * bound as f64) as usize
    }
}

fn frame(columns: Vec<(&str, Vec<String>)>) -> Frame {
    Frame::from_text(columns.into_iter().map(|(name, cells)| (name.to_owned(), cells)).collect())
}

fn options(by: &[&str]) -> Options {
    Options {
        outcome: "usage".into(),
        by: by.iter().map(|&name| name.to_owned()).collect(),
        smallest: 30,
        overlap: 0.0,
        declared: Declared::NotAsked,
        seed: 42,
    }
}

/// 300 customers in groups, chance deciding who is in which; the outcome of `shape` from group and noise.
fn division(seed: u64, groups: usize, shape: impl Fn(usize, f64) -> f64) -> Frame {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
    let (mut by, mut usage) = (Vec::new(), Vec::new());
    for _ in 0..300 {
        let group = dice.below(groups);
        by.push(format!("组{group}"));
        usage.push(shape(group, dice.normal()).to_string());
    }
    frame(vec![("region", by), ("usage", usage)])
}

fn certified(frame: &Frame) -> Certificate {
    certify(frame, &options(&["region"])).expect("a certificate")
}

#[test]
fn useless_divisions_are_refused() {
    for groups in 2..=6 {
        for (name, shape) in [
            ("normal", (|_, noise| noise) as fn(usize, f64) -> f64),
            ("skewed", |_, noise| (1.5 * noise).exp()),
            ("yes or no", |_, noise| f64::from(u8::from(noise > 0.5))),
        ] {
            let refused =
                (0..400).filter(|&seed| !certified(&division(seed, groups, shape)).certified).count();
            println!("{groups} groups, {name}: {refused} of 400 refused");
            assert!(refused >= 380, "{groups} groups, {name}: {refused}");
        }
    }
}

#[test]
fn real_divisions_are_accepted() {
    // Means at even steps whose variance is .06 of the whole: η² = .06.
    let shift = |group: usize, groups: usize| {
        let middle = (groups as f64 - 1.0) / 2.0;
        let spread = (0..groups).map(|at| (at as f64 - middle).powi(2)).sum::<f64>() / groups as f64;
        (group as f64 - middle) / spread.sqrt() * (0.06_f64 / 0.94).sqrt()
    };
    // Six groups of fifty are at the limit of what 300 customers can show: .95 of them differ at the level of .05.
    for groups in 2..=5 {
        let shape = |group, noise| shift(group, groups) + noise;
        let accepted = (0..400).filter(|&seed| certified(&division(seed, groups, shape)).certified).count();
        println!("{groups} groups, eta squared .06: {accepted} of 400 accepted");
        assert!(accepted >= 360, "{groups} groups: {accepted}");
    }
}

#[test]
fn slicing_finer_than_the_data_support_is_too_many() {
    let mut dice = Dice(5);
    let (mut by, mut usage) = (Vec::new(), Vec::new());
    for _ in 0..600 {
        let slice = dice.below(15);
        by.push(format!("s{slice:02}"));
        usage.push((f64::from(u8::from(slice < 7)) * 2.0 + dice.normal()).to_string());
    }
    let found = certify(&frame(vec![("slice", by), ("usage", usage)]), &options(&["slice"])).expect("one");
    let too_many = found.findings.iter().find(|finding| finding.fault == Fault::TooMany).expect("a finding");
    assert!(too_many.found && !found.certified, "{found:?}");
    assert!(found.supported < 6, "{}", found.supported);
}

#[test]
fn each_dividing_column_must_have_an_effect_of_its_own() {
    let mut dice = Dice(9);
    let (mut size, mut colour, mut usage) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..800 {
        let employees = dice.below(1_000);
        size.push(employees.to_string());
        colour.push(["红", "蓝"][dice.below(2)].to_owned());
        usage.push((employees as f64 / 300.0 + dice.normal()).to_string());
    }
    let frame = frame(vec![("employees", size), ("colour", colour), ("usage", usage)]);
    let good = certify(&frame, &options(&["employees"])).expect("a certificate");
    assert!(good.certified && good.segments.len() == 5, "numbers are divided in fifths: {good:?}");
    let both = certify(&frame, &options(&["employees", "colour"])).expect("a certificate");
    assert!(!both.certified);
    let holds: Vec<bool> = both.tests.iter().map(|test| test.holds).collect();
    assert_eq!(holds, [true, false]);
}

#[test]
fn a_segment_for_use_needs_goal_and_play_and_little_overlap() {
    let frame = division(1, 2, |group, noise| group as f64 * 2.0 + noise);
    let asked = |goal: Option<&str>, play: Option<&str>| Declared::Asked {
        goal: goal.map(str::to_owned),
        play: play.map(str::to_owned),
    };
    let judge = |declared: Declared, overlap: f64| {
        certify(&frame, &Options { declared, overlap, ..options(&["region"]) }).expect("a certificate")
    };
    assert!(judge(asked(Some("留住"), Some("关怀")), 0.2).certified);
    assert!(!judge(asked(Some("留住"), None), 0.0).certified);
    assert!(!judge(asked(Some(" "), Some("关怀")), 0.0).certified);
    let mixed = judge(asked(Some("留住"), Some("关怀")), 0.21);
    let faults: Vec<Fault> = mixed.findings.iter().filter(|f| f.found).map(|f| f.fault).collect();
    assert_eq!(faults, [Fault::Mixed]);
    assert!(!certify_single(&asked(Some("留住"), Some("关怀"))).found);
    assert!(certify_single(&asked(None, Some("关怀"))).found);
}

#[test]
fn what_is_wrong_with_a_table_is_said() {
    let good = division(1, 2, |group, noise| group as f64 + noise);
    let error = |frame: &Frame, options: &Options| match certify(frame, options) {
        Ok(found) => panic!("{found:?}"),
        Err(problem) => problem.to_string(),
    };
    assert_eq!(error(&good, &options(&["city"])), "problem-table-column column=city");
    assert_eq!(error(&good, &options(&[])), "problem-segments-no-columns");
    assert_eq!(error(&good, &options(&["usage"])), "problem-segments-circular column=usage");
    let flat = division(1, 2, |_, _| 3.0);
    assert_eq!(error(&flat, &options(&["region"])), "problem-segments-outcome-constant column=usage");
    let empty = division(1, 2, |_, _| f64::NAN);
    assert_eq!(error(&empty, &options(&["region"])), "problem-segments-outcome-unknown column=usage");
    let few =
        frame(vec![("region", vec!["a".into(); 5]), ("usage", (0..5).map(|x| x.to_string()).collect())]);
    assert_eq!(error(&few, &options(&["region"])), "problem-segments-few count=5 least=20");
}

#[test]
fn constant_unique_and_broken_columns_are_refused_and_not_fatal() {
    let ids: Vec<String> = (0..300).map(|row| format!("K{row}")).collect();
    let usage =
        (0..300).map(|row| if row % 9 == 0 { "inf".into() } else { (row % 17).to_string() }).collect();
    let frame = frame(vec![("id", ids), ("same", vec!["x".into(); 300]), ("usage", usage)]);
    for by in ["id", "same"] {
        let found = certify(&frame, &options(&[by])).expect("a certificate");
        assert!(!found.certified, "{found:?}");
    }
}

#[test]
fn moves_between_months_are_counted() {
    let found = migration(&[0, 0, 1, 9, 1], &[0, 1, 1, 0, 9], 2);
    assert_eq!(found.counts, [[1, 1, 0], [0, 1, 1], [1, 0, 0]]);
    assert_eq!(found.stayed, Some(0.5));
    assert_eq!(migration(&[], &[], 2).stayed, None);
}

#[test]
fn clusters_that_are_there_are_found_and_none_is_made_of_an_even_cloud() {
    let mut dice = Dice(11);
    let three: Vec<Vec<f64>> = (0..300)
        .map(|row| {
            let centre = [[0.0, 0.0], [6.0, 0.0], [0.0, 6.0]][row % 3];
            vec![centre[0] + dice.normal(), centre[1] + dice.normal()]
        })
        .collect();
    let (choices, best) = choose(&three, 5, 1);
    assert_eq!(best, Some(3), "{choices:?}");
    let cloud: Vec<Vec<f64>> = (0..300).map(|_| vec![dice.even(), dice.even()]).collect();
    let (choices, best) = choose(&cloud, 5, 1);
    assert_eq!(best, None, "{choices:?}");
    assert_eq!(choose(&vec![vec![1.0]; 3], 5, 1).1, None);
}

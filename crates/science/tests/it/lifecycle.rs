//! The lifecycle model: what always holds, and how good it is.

use domain::LifecycleStage::{Decline, Development, Growth, Maturity, Potential, Termination};
use domain::assessment::ReasonKind;
use domain::{LifecycleStage, Money, Month};
use proptest::prelude::*;
use science::evaluation::{Backtest, LivedMonth, QualityReport};
use science::lifecycle::{Judgement, Learner, Observation, State, explain, step};

use crate::panel::{Customer, default_rules, quality, run, simulated};
use crate::{cdnow, other_world};

const FIRST: i32 = 2024 * 12;

/// A customer whose month gives each usage; one paid service from the start.
fn using(usage: &[f64]) -> Customer {
    let first = Month::from_number(FIRST);
    let months = usage.iter().enumerate().map(|(at, &usage)| Observation {
        usage: Some(usage),
        lines: Some(10.0),
        products: 1,
        revenue: Some(Money::from_fen((usage * 100.0) as i64)),
        services: 1,
        first_service: Some(first - 36),
        ..Observation::none(first + at as i32)
    });
    Customer { months: months.collect(), truth: Vec::new() }
}

fn stages(judged: &[Judgement]) -> Vec<LifecycleStage> {
    judged.iter().map(|judgement| judgement.stage).collect()
}

fn judge_one(customer: Customer) -> Vec<Judgement> {
    run(&[customer], &default_rules()).remove(0)
}

#[test]
fn services_that_start_and_end_decide_at_once() {
    let mut customer = using(&[100.0; 12]);
    for (at, observation) in customer.months.iter_mut().enumerate() {
        let served = (2..5).contains(&at) || at >= 9;
        observation.first_service = (at >= 2).then(|| Month::from_number(FIRST + 2));
        observation.services = u16::from(served);
        observation.last_end = (at >= 5).then(|| Month::from_number(FIRST + 5));
        if !served {
            observation.usage = None;
            observation.revenue = None;
        }
    }
    let judged = judge_one(customer);
    let stages = stages(&judged);
    assert_eq!(stages[..3], [Potential, Potential, Development]);
    assert_eq!(stages[5..10], [Termination, Termination, Termination, Termination, Development]);
    assert_eq!(judged[7].since, Month::from_number(FIRST + 5));
    let reason = |at: usize| judged[at].reasons[0].expect("a reason");
    assert_eq!(reason(0).kind, ReasonKind::NeverServed);
    assert_eq!((reason(7).kind, reason(7).months), (ReasonKind::AllEnded, 2));
    assert_eq!(reason(9).kind, ReasonKind::Returned);
}

#[test]
fn long_silence_ends_a_relation_though_a_service_runs() {
    let mut customer = using(&[100.0; 14]);
    for observation in &mut customer.months[6..] {
        observation.usage = None;
        observation.revenue = None;
    }
    // Others go on, so that the month itself was handed over.
    let mut panel = vec![customer];
    panel.extend((0..30).map(|_| using(&[100.0; 14])));
    let judged = run(&panel, &default_rules()).remove(0);
    let silent = usize::from(default_rules().lifecycle.silent_months);
    assert_eq!(judged[6].stage, Maturity, "one month without a row is unknown");
    assert_eq!(judged[6 + silent - 1].stage, Termination);
    assert_eq!(judged[13].reasons[0].expect("a reason").kind, ReasonKind::Silent);
}

#[test]
fn a_month_without_any_usage_at_all_is_nobodys_silence() {
    let mut panel: Vec<Customer> = (0..40).map(|_| using(&[100.0; 16])).collect();
    for customer in &mut panel {
        for observation in &mut customer.months[8..] {
            observation.usage = None;
            observation.revenue = None;
        }
    }
    for judged in run(&panel, &default_rules()) {
        assert_eq!(judged[15].stage, Maturity);
    }
}

#[test]
fn one_odd_month_does_not_flip_a_stage() {
    for odd in [20.0, 400.0] {
        let mut usage =
            [100.0, 104.0, 97.0, 101.0, 99.0, 103.0, 98.0, 100.0, 102.0, 97.0, 101.0, 99.0, 100.0, 101.0];
        usage[9] = odd;
        let mut panel = vec![using(&usage)];
        usage[9] = 100.0;
        panel.extend((0..30).map(|_| using(&usage)));
        let judged = run(&panel, &default_rules()).remove(0);
        assert!(judged[3..].iter().all(|judgement| judgement.stage == Maturity), "{:?}", stages(&judged));
    }
}

#[test]
fn a_lasting_loss_is_a_decline_and_says_why() {
    let mut usage = vec![100.0, 104.0, 97.0, 101.0, 99.0, 103.0, 98.0, 100.0];
    let steady = [usage.clone(), usage.clone()].concat();
    usage.extend((1..=8).map(|months| 100.0 * 0.88_f64.powi(months)));
    let mut panel = vec![using(&usage)];
    panel.extend((0..30).map(|_| using(&steady)));
    let judged = run(&panel, &default_rules()).remove(0);
    assert_eq!(judged[7].stage, Maturity);
    assert_eq!(judged[10].stage, Decline, "{:?}", stages(&judged));
    let kinds: Vec<_> = judged[12].reasons.iter().flatten().map(|reason| reason.kind).collect();
    let says_loss = [ReasonKind::UsageBelowPeak, ReasonKind::UsageFalling, ReasonKind::RevenueFalling];
    assert!(kinds.iter().all(|kind| says_loss.contains(kind)) && !kinds.is_empty(), "{kinds:?}");
}

#[test]
fn a_lasting_rise_is_growth() {
    let usage: Vec<f64> = (0..16).map(|month| 100.0 * 1.08_f64.powi((month - 6).clamp(0, 20))).collect();
    let mut panel = vec![using(&usage)];
    panel.extend((0..30).map(|_| using(&[100.0; 16])));
    let judged = run(&panel, &default_rules()).remove(0);
    assert_eq!(judged[5].stage, Maturity);
    assert!(judged[11..].iter().all(|judgement| judgement.stage == Growth), "{:?}", stages(&judged));
}

#[test]
fn a_season_shared_by_the_industry_is_no_decline() {
    let season = [1.0, 0.7, 1.05, 1.1, 1.0, 0.95, 0.5, 0.45, 1.1, 1.1, 1.0, 0.95];
    let usage: Vec<f64> = (0..24).map(|month| 100.0 * season[month % 12]).collect();
    let seasonal = |industry| {
        let mut customer = using(&usage);
        customer.months.iter_mut().for_each(|observation| observation.industry = industry);
        customer
    };
    let mut panel: Vec<Customer> = (0..40).map(|_| seasonal(7)).collect();
    panel.extend((0..40).map(|_| using(&[100.0; 24])));
    for judged in run(&panel, &default_rules()) {
        assert!(judged[2..].iter().all(|judgement| judgement.stage == Maturity), "{:?}", stages(&judged));
    }
}

/// Any month of any customer.
fn any_month() -> impl Strategy<Value = (Option<f64>, u16, u16, Option<f64>, i64)> {
    let usage = prop_oneof![1 => Just(None), 1 => Just(Some(0.0)), 8 => (-2.0..12.0).prop_map(|x: f64| Some(x.exp()))];
    let lines = prop_oneof![1 => Just(None), 4 => (0..50_u32).prop_map(|lines| Some(f64::from(lines)))];
    (usage, 0..3_u16, 0..2_u16, lines, -100..100_000_i64)
}

fn any_customer() -> impl Strategy<Value = Customer> {
    prop::collection::vec(any_month(), 1..30).prop_map(|months| {
        let mut first_service = None;
        let mut last_end = None;
        let mut was_served = false;
        let months = months.into_iter().enumerate().map(|(at, (usage, services, trials, lines, cost))| {
            let month = Month::from_number(FIRST + at as i32);
            let served = services + trials > 0;
            if served {
                first_service.get_or_insert(month);
            } else if was_served {
                last_end = Some(month);
            }
            was_served = served;
            let usage = usage.filter(|_| served);
            Observation {
                month,
                usage,
                lines: usage.and(lines),
                products: services,
                revenue: usage.map(|usage| Money::from_fen(usage as i64)),
                cost: Money::from_fen(cost),
                services,
                trials,
                first_service,
                last_end,
                industry: 3,
            }
        });
        Customer { months: months.collect(), truth: Vec::new() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn stages_only_move_where_they_may(panel in prop::collection::vec(any_customer(), 1..4)) {
        for judged in run(&panel, &default_rules()) {
            for pair in judged.windows(2) {
                prop_assert!(pair[0].stage.may_become(pair[1].stage), "{:?}", stages(&judged));
                prop_assert_eq!(pair[0].stage == pair[1].stage, pair[0].since == pair[1].since);
            }
        }
    }

    #[test]
    fn probabilities_are_probabilities(customer in any_customer()) {
        for judgement in judge_one(customer) {
            prop_assert!((judgement.posterior.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{judgement:?}");
            prop_assert!(judgement.posterior.iter().all(|chance| (0.0..=1.0).contains(chance)));
            prop_assert_eq!(judgement.confidence, judgement.posterior[judgement.stage.index()]);
            prop_assert!(judgement.reasons.iter().flatten().all(|reason| reason.value.is_finite()));
            prop_assert!(judgement.reasons[0].is_some());
        }
    }

    #[test]
    fn a_state_survives_being_kept(customer in any_customer()) {
        let rules = default_rules();
        let model = Learner::default().model(&rules);
        let mut state = State::default();
        for observation in &customer.months {
            let mut read = State::from_bytes(&state.to_bytes()).expect("a state");
            let again = step(&model, &rules, &mut read, observation);
            prop_assert_eq!(step(&model, &rules, &mut state, observation), again);
        }
    }

    #[test]
    fn what_comes_later_changes_nothing(panel in prop::collection::vec(any_customer(), 2..5), cut in 1..29_i32) {
        let rules = default_rules();
        let until = Month::from_number(FIRST + cut);
        let whole = run(&panel, &rules);
        let cut: Vec<Customer> = panel
            .iter()
            .map(|customer| Customer {
                months: customer.months.iter().copied().filter(|o| o.month < until).collect(),
                truth: Vec::new(),
            })
            .collect();
        for (short, long) in run(&cut, &rules).iter().zip(&whole) {
            prop_assert_eq!(short, &long[..short.len()]);
        }
    }

    #[test]
    fn learning_does_not_depend_on_the_order(panel in prop::collection::vec(any_customer(), 2..5)) {
        let judged = run(&panel, &default_rules());
        let learn = |customers: &mut dyn Iterator<Item = &Vec<Judgement>>| {
            let mut learner = Learner::default();
            customers.flatten().for_each(|judgement| learner.add(judgement));
            learner
        };
        let whole = learn(&mut judged.iter());
        let mut parts = learn(&mut judged.iter().skip(1));
        parts.merge(&learn(&mut judged.iter().take(1)));
        prop_assert_eq!(&parts, &whole);
        let kept = serde_json::to_string(&whole).expect("json");
        prop_assert_eq!(serde_json::from_str::<Learner>(&kept).expect("a learner"), whole);
    }

    #[test]
    fn the_plain_rule_is_the_one_that_is_published(
        revenue in prop::collection::vec(0..100_000_i64, 6..12),
        age in 0..10_i32,
    ) {
        let mut customer = using(&vec![1.0; revenue.len()]);
        let last = customer.months.len() - 1;
        for (observation, &fen) in customer.months.iter_mut().zip(&revenue) {
            observation.revenue = Some(Money::from_fen(fen));
        }
        customer.months[last].first_service = Some(customer.months[last].month - age);
        let mean = |fen: &[i64]| fen.iter().sum::<i64>() as f64 / fen.len() as f64;
        let ratio = mean(&revenue[last - 1..]) / mean(&revenue[last - 5..last - 1]);
        let expected = match ratio {
            _ if age < 4 => Development,
            ratio if ratio < 0.85 => Decline,
            ratio if ratio > 1.15 => Growth,
            _ => Maturity,
        };
        prop_assert_eq!(judge_one(customer)[last].naive, expected);
    }
}

#[test]
fn bytes_of_something_else_are_no_state() {
    assert_eq!(State::from_bytes(&[]), None);
    assert_eq!(State::from_bytes(&vec![0xff; State::SIZE]), None);
    const { assert!(State::SIZE <= 600) };
}

#[test]
fn explaining_says_what_stepping_says() {
    let rules = default_rules();
    let model = Learner::default().model(&rules);
    let (mut state, mut again) = (State::default(), State::default());
    let customer = using(&[100.0, 90.0, 110.0, 100.0, 50.0, 40.0, 30.0]);
    for observation in &customer.months {
        let judgement = step(&model, &rules, &mut state, observation);
        let (explained, features) = explain(&model, &rules, &mut again, observation);
        assert_eq!(judgement, explained);
        let usage = features.iter().find(|(name, ..)| *name == "feature-usage").expect("usage");
        assert!(usage.2[Maturity.index()].is_finite() && usage.2[Potential.index()] == f64::NEG_INFINITY);
    }
}

fn report_on(panels: impl Iterator<Item = Vec<Customer>>) -> [QualityReport; 2] {
    let mut totals = [science::evaluation::Quality::default(), science::evaluation::Quality::default()];
    for panel in panels {
        let parts = quality(&panel, &run(&panel, &default_rules()));
        totals.iter_mut().zip(parts).for_each(|(total, part)| total.merge(part));
    }
    totals.map(|total| total.report())
}

fn lived(customer: &Customer, judged: &[Judgement]) -> Vec<LivedMonth> {
    let months = customer.months.iter().zip(judged);
    months
        .map(|(observation, judgement)| LivedMonth {
            month: observation.month,
            given: judgement.stage,
            active: observation.usage.is_some_and(|usage| usage > 0.0),
            usage: observation.usage.unwrap_or(0.0),
            revenue: observation.revenue.map_or(0.0, Money::yuan),
        })
        .collect()
}

#[test]
fn stages_are_told_on_seeds_never_tuned_on() {
    let [model, naive] = report_on((501..505).map(|seed| simulated(1_500, 24, seed)));
    assert!((0.65..0.75).contains(&naive.macro_f1), "the world is no longer as hard: {}", naive.macro_f1);
    assert_good(&model, &naive);
}

#[test]
fn stages_are_told_in_a_world_of_another_make() {
    let [model, naive] = report_on((601..605).map(|seed| other_world::customers(1_500, 24, seed)));
    assert_good(&model, &naive);
}

#[test]
fn a_few_hundred_customers_are_enough() {
    let [model, naive] = report_on((701..713).map(|seed| simulated(300, 24, seed)));
    assert!(model.macro_f1 >= naive.macro_f1 + 0.10, "{} against {}", model.macro_f1, naive.macro_f1);
}

/// The goals of the issue, with a margin where one can be had.
fn assert_good(model: &QualityReport, naive: &QualityReport) {
    let delay = model.stages[Decline.index()].delay;
    let figures = format!(
        "macro-F1 {:.3} (plain rules {:.3}), delay {delay:?}, flips {:?}, calibration {:.3}",
        model.macro_f1, naive.macro_f1, model.flip_ratio, model.calibration_error
    );
    println!("{figures}");
    assert!(model.macro_f1 >= 0.85, "{figures}");
    assert!(model.macro_f1 >= naive.macro_f1 + 0.10, "{figures}");
    assert!(delay.median_months.is_some_and(|months| months <= 2), "{figures}");
    assert!(model.flip_ratio.is_some_and(|ratio| ratio <= 1.2), "{figures}");
    assert!(model.calibration_error <= 0.05, "{figures}");
}

#[test]
fn what_happens_next_to_buyers_stands_in_the_order_of_their_stages() {
    let Some(panel) = cdnow::panel() else { return };
    let judged = run(&panel, &default_rules());
    let mut backtest = Backtest::default();
    for (customer, judged) in panel.iter().zip(&judged) {
        // Growth and maturity are one group here.
        let mut months = lived(customer, judged);
        months.iter_mut().filter(|month| month.given == Growth).for_each(|month| month.given = Maturity);
        backtest.add_customer(&months);
    }
    let reports = backtest.report();
    for month in Month::new(1997, 6).expect("a month").to(Month::new(1997, 12).expect("a month")) {
        let report =
            reports.iter().find(|r| r.month == Some(month) && r.horizon_months == 6).expect("a month");
        let of = |stage| report.stages.iter().find(|s| s.stage == stage).expect("a stage");
        let (kept, falling, ended) = (of(Maturity), of(Decline), of(Termination));
        let say = |s: &science::evaluation::StageOutcome| {
            let interval = s.revenue_after_interval;
            format!(
                "{} ({}): {:.1} [{:.1}, {:.1}]",
                s.stage, s.customers, s.revenue_after, interval.low, interval.high
            )
        };
        let figures: Vec<String> = report.stages.iter().map(say).collect();
        println!("{month} {}", figures.join("; "));
        let stands_above = |one: &science::evaluation::StageOutcome,
                            other: &science::evaluation::StageOutcome| {
            one.revenue_after_interval.low > other.revenue_after_interval.high
        };
        assert!(stands_above(kept, falling) && stands_above(falling, ended), "{month} {figures:?}");
    }
}

//! Lifetime values against what came, on made-up operators and on CDNOW.

use domain::customer::CustomerCategory;
use domain::{LifecycleStage, Money, Month};
use proptest::prelude::*;
use science::evaluation::value::{Candidate, GroupTest, Relation, RelationMonth, ValueTest, Verdict};

use crate::cdnow;
use crate::panel::{Customer, default_rules, run, simulated};

fn tested(relations: &[Relation]) -> ValueTest {
    ValueTest::run(relations, &default_rules().value)
}

fn all(test: &ValueTest) -> &GroupTest {
    test.groups.first().expect("all customers")
}

/// The customers with the stages that are given month by month.
fn relations(panel: &[Customer]) -> Vec<Relation> {
    let judged = run(panel, &default_rules());
    let months = panel.iter().zip(judged).map(|(customer, judged)| {
        let months = customer.months.iter().zip(judged).map(|(observed, judged)| RelationMonth {
            month: observed.month,
            stage: judged.stage,
            revenue: observed.revenue,
            cost: observed.cost,
        });
        months.collect()
    });
    let ids = 1..;
    ids.zip(months)
        .map(|(customer, months)| Relation { customer, category: CustomerCategory::Sme, months })
        .collect()
}

/// Customers in maturity who bring these amounts of yuan month by month.
fn steady(customers: i64, months: i32, yuan: impl Fn(i64, i32) -> i64) -> Vec<Relation> {
    let first = Month::new(2024, 1).expect("a month");
    let month = |customer, at| RelationMonth {
        month: first + at,
        stage: LifecycleStage::Maturity,
        revenue: Some(Money::from_fen(100 * yuan(customer, at))),
        cost: Money::ZERO,
    };
    (0..customers)
        .map(|customer| Relation {
            customer,
            category: CustomerCategory::Public,
            months: (0..months).map(|at| month(customer, at)).collect(),
        })
        .collect()
}

#[test]
fn of_an_operator_of_services_the_chain_of_stages_stays() {
    for seed in [1, 7] {
        let test = tested(&relations(&simulated(3_000, 24, seed)));
        let group = all(&test);
        assert_eq!(group.recommended(), Some(Candidate::StageChain), "{:?}", group.verdict);
        let chain = group.candidate(Candidate::StageChain).expect("the one in use");
        assert!(chain.total_error.abs() < 0.2 && chain.rank_correlation > Some(0.7), "{chain:?}");
        assert!(chain.error < 0.6, "{chain:?}");
    }
}

#[test]
fn of_a_shop_a_model_of_purchases_is_better_than_the_chain_of_stages() {
    let Some(panel) = cdnow::panel() else { return };
    let test = tested(&relations(&panel));
    let held_out = test.held_out.expect("enough months");
    assert_eq!((held_out.known_to.to_string().as_str(), held_out.months), ("1997-06", 12));
    let group = all(&test);
    assert_eq!(group.verdict, Verdict::Better { model: Candidate::BgNbd });
    let [bought, staged] =
        [Candidate::BgNbd, Candidate::StageChain].map(|model| group.candidate(model).expect("told").error);
    println!("CDNOW: BG/NBD {bought:.3}, stage chain {staged:.3}");
    assert!(bought < 0.8 && staged > 1.5);
}

#[test]
fn what_came_later_changes_nothing_that_was_foretold() {
    let relations = relations(&simulated(800, 18, 3));
    let test = tested(&relations);
    let known_to = test.held_out.expect("enough months").known_to;
    let mut otherwise = relations.clone();
    for month in otherwise.iter_mut().flat_map(|relation| &mut relation.months) {
        if month.month > known_to {
            month.stage = LifecycleStage::Termination;
            month.revenue = month.revenue.map(|revenue| Money::from_fen(7 * revenue.fen()));
            month.cost = Money::from_fen(123);
        }
    }
    let foretold = |test: &ValueTest, model| -> Vec<f64> {
        let told = all(test).candidate(model).expect("told");
        told.calibration.iter().map(|tenth| tenth.foretold).collect()
    };
    let later = tested(&otherwise);
    for model in Candidate::ALL {
        assert_eq!(foretold(&test, model), foretold(&later, model), "{model:?}");
    }
    assert_ne!(all(&test).came, all(&later).came);
}

#[test]
fn what_is_the_same_every_month_is_foretold_by_the_simplest() {
    let test = tested(&steady(200, 24, |customer, _| 100 + customer));
    let simplest = all(&test).candidate(Candidate::LastYear).expect("told");
    assert!(simplest.error < 1e-9 && simplest.total_error.abs() < 1e-9, "{simplest:?}");
    for tenth in &simplest.calibration {
        assert!((tenth.foretold - tenth.came).abs() < 1e-6 && tenth.customers == 20);
        assert!(tenth.range.holds(tenth.came));
    }
    assert!((simplest.rank_correlation.expect("ranks") - 1.0).abs() < 1e-9);
}

#[test]
fn the_longest_time_is_held_out_that_leaves_half_a_year_of_past() {
    let held_out = |months| tested(&steady(50, months, |_, _| 10)).held_out.map(|held_out| held_out.months);
    assert_eq!([8, 9, 14, 18, 24, 60].map(held_out), [None, Some(3), Some(8), Some(12), Some(12), Some(12)]);
    let short = tested(&steady(50, 8, |_, _| 10));
    assert_eq!((short.months, short.groups.len()), ([8, 9], 0));
}

#[test]
fn groups_with_nothing_to_compare_say_so() {
    let few = tested(&steady(29, 24, |_, _| 10));
    assert_eq!(all(&few).verdict, Verdict::TooFew { needed: 30 });
    assert_eq!(all(&few).reason().to_string(), "value-test-too-few customers=29 needed=30");
    let ended = tested(&steady(40, 24, |_, month| if month < 12 { 10 } else { 0 }));
    assert_eq!(all(&ended).verdict, Verdict::NothingCame);
    let free = tested(&steady(40, 24, |_, _| 0));
    assert_eq!((all(&free).customers, all(&free).recommended()), (0, None));
    assert!(tested(&[]).held_out.is_none());
}

#[test]
fn a_group_is_judged_by_its_own_customers() {
    let mut panel = relations(&simulated(1_000, 20, 5));
    for relation in panel.iter_mut().step_by(3) {
        relation.category = CustomerCategory::KeyAccount;
    }
    let test = tested(&panel);
    let customers: Vec<usize> = test.groups.iter().map(|group| group.customers).collect();
    assert_eq!(customers.len(), 3);
    assert_eq!(customers[0], customers[1] + customers[2]);
    let kept = serde_json::to_string(&test).expect("JSON");
    let read: ValueTest = serde_json::from_str(&kept).expect("a report");
    let verdicts = |test: &ValueTest| test.groups.iter().map(|group| group.verdict).collect::<Vec<_>>();
    assert_eq!((verdicts(&read), read.held_out), (verdicts(&test), test.held_out));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn whatever_customers_bring_there_is_a_verdict_with_numbers(
        yuan in prop::collection::vec(prop::collection::vec(prop_oneof![Just(0_i64), -50..5_000_i64], 15), 0..60),
        stages in prop::collection::vec(0..6_usize, 15),
    ) {
        let mut panel = steady(yuan.len() as i64, 15, |customer, month| yuan[customer as usize][month as usize]);
        for relation in &mut panel {
            for (month, &stage) in relation.months.iter_mut().zip(&stages) {
                month.stage = LifecycleStage::ALL[stage];
            }
        }
        for group in tested(&panel).groups {
            prop_assert!(!group.reason().to_string().contains("NaN"), "{}", group.reason());
            prop_assert!(group.candidates.iter().all(|test| test.error.is_finite()));
        }
    }
}

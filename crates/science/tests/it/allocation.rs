//! Allocation against trying everything, and at size.

use domain::Money;
use proptest::prelude::*;
use science::allocation::{Limits, Possibility, Report, allocate, from_frame};

use crate::table::parse;

/// Customers of two owners with up to three plays each: value and cost in whole yuan.
fn worlds() -> impl Strategy<Value = Vec<Possibility>> {
    let plays = prop::collection::vec((-2..30_i32, 0..12_i64), 0..4);
    prop::collection::vec((0..2_u32, plays), 0..7).prop_map(|customers| {
        let numbered = customers.into_iter().zip(0..);
        let of_customer = |((owner, plays), customer): ((u32, Vec<(i32, i64)>), u32)| {
            plays.into_iter().map(move |(value, yuan)| Possibility {
                customer,
                owner,
                value: f64::from(value),
                cost: Money::from_fen(yuan * 100),
            })
        };
        numbered.flat_map(of_customer).collect()
    })
}

/// The highest value of any choice within the limits, by trying all.
fn highest(all: &[Possibility], limits: Limits) -> f64 {
    let within = |chosen: &[Possibility]| {
        let handled = |owner: u32| chosen.iter().filter(|one| one.owner == owner).count();
        chosen.iter().map(|one| one.cost).sum::<Money>() <= limits.budget
            && limits.capacity.is_none_or(|capacity| (0..2).all(|owner| handled(owner) <= capacity))
    };
    fn choose(
        all: &[Possibility],
        chosen: &mut Vec<Possibility>,
        within: &dyn Fn(&[Possibility]) -> bool,
    ) -> f64 {
        let Some((first, rest)) = all.split_first() else { return chosen.iter().map(|one| one.value).sum() };
        let mut best = choose(rest, chosen, within);
        if chosen.iter().all(|one| one.customer != first.customer) {
            chosen.push(*first);
            if within(chosen) {
                best = best.max(choose(rest, chosen, within));
            }
            chosen.pop();
        }
        best
    }
    choose(all, &mut Vec::new(), &within)
}

fn keeps(report: &Report, all: &[Possibility], limits: Limits) -> bool {
    let chosen: Vec<&Possibility> = report.chosen.iter().map(|&at| &all[at]).collect();
    let mut customers: Vec<u32> = chosen.iter().map(|one| one.customer).collect();
    customers.sort_unstable();
    let mut owners: Vec<u32> = chosen.iter().map(|one| one.owner).collect();
    owners.sort_unstable();
    let handled = owners.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
    customers.windows(2).all(|two| two[0] != two[1])
        && chosen.iter().map(|one| one.cost).sum::<Money>() <= limits.budget
        && limits.capacity.is_none_or(|capacity| handled <= capacity)
}

proptest! {
    #[test]
    fn no_other_choice_is_worth_more(all in worlds(), budget in 0..40_i64, capacity in prop::option::of(0..4_usize)) {
        let limits = Limits { budget: Money::from_fen(budget * 100), capacity };
        let report = allocate(&all, limits);
        prop_assert!(keeps(&report, &all, limits), "{:?}", report);
        prop_assert!(report.exact);
        prop_assert!((report.value - highest(&all, limits)).abs() < 1e-9, "{:?}", report);
    }

    #[test]
    fn more_budget_or_room_never_costs_value(all in worlds(), budget in 0..30_i64, more in 0..20_i64) {
        let value = |yuan: i64, capacity: usize| {
            allocate(&all, Limits { budget: Money::from_fen(yuan * 100), capacity: Some(capacity) }).value
        };
        prop_assert!(value(budget + more, 1) >= value(budget, 1));
        prop_assert!(value(budget, 2) >= value(budget, 1));
    }
}

#[test]
fn a_hundred_thousand_customers_come_within_a_hair_of_the_bound() {
    let mut number = 7_u64;
    let mut draw = |below: u64| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % below
    };
    let all: Vec<Possibility> = (0..300_000_u32)
        .map(|at| Possibility {
            customer: at / 3,
            owner: at / 300,
            value: draw(100_000) as f64 / 100.0 - 100.0,
            cost: Money::from_fen(100 + draw(20_000) as i64),
        })
        .collect();
    let limits = Limits { budget: Money::from_fen(200_000_000), capacity: Some(40) };
    let report = allocate(&all, limits);
    assert!(keeps(&report, &all, limits));
    println!("value {} bound {} price {}", report.value, report.bound, report.shadow_price);
    assert!(report.value > 0.9999 * report.bound && report.value <= report.bound);
    let more = allocate(&all, Limits { budget: Money::from_fen(200_100_000), ..limits });
    let per_yuan = (more.value - report.value) / 1_000.0;
    assert!((per_yuan / report.shadow_price - 1.0).abs() < 0.1, "{per_yuan} {}", report.shadow_price);
}

#[test]
fn a_table_is_read_with_or_without_owners_and_what_is_wrong_is_said() {
    let limits = Limits { budget: Money::from_fen(1_000), capacity: Some(1) };
    let choose =
        |text: &str| from_frame(&parse(text)).map(|all| allocate(&all, limits)).map_err(|p| p.to_string());
    let table = "customer,play,value,cost\n甲,call,50,6\n甲,visit,70,9\n乙,call,30,4\n丙,call,,1\n";
    let report = choose(table).expect("a report");
    assert_eq!((report.chosen, report.value, report.skipped), (vec![1], 70.0, 1));
    let owned = "customer,play,value,cost,owner\n甲,call,50,6,a\n乙,call,30,4,b\n";
    assert_eq!(choose(owned).expect("a report").chosen, [0, 1]);
    let error = |text: &str| choose(text).expect_err("a problem");
    assert_eq!(error("customer,value,cost\nA,1,1\n"), "problem-table-column column=play");
    assert_eq!(error("customer,play,value,cost\nA,x,much,1\n"), "problem-table-numbers column=value");
    assert_eq!(error("customer,play,value,cost\nA,x,1,-1\n"), "problem-allocation-negative-cost row=1");
    let two = "customer,play,value,cost,owner\nA,x,1,1,a\nA,y,1,1,b\n";
    assert_eq!(error(two), "problem-allocation-two-owners customer=A");
}

#[test]
fn nothing_to_choose_is_no_trouble() {
    let report = allocate(&[], Limits { budget: Money::from_fen(-5), capacity: Some(0) });
    assert_eq!((report.chosen.len(), report.value, report.exact), (0, 0.0, true));
}

//! The world as a whole: what is true, what it is worth, and how hard it is to see.

use domain::{LifecycleStage, Money, Month};
use simulate::{Config, SimulatedCustomer, World};

use crate::naive;

pub fn world(customers: u32, months: u16, seed: u64) -> World {
    let last = Month::new(2025, 12).expect("a month");
    World::new(Config::until(last, customers, months, seed)).expect("a world")
}

/// What one seed comes to.
struct Figures {
    /// Share of customer-months by stage.
    shares: [f64; LifecycleStage::COUNT],
    /// Mean monthly profit by stage, yuan.
    profits: [f64; LifecycleStage::COUNT],
    naive_macro_f1: f64,
    /// Share of revenue of the best fifth of customers.
    top_fifth: f64,
    members_per_customer: f64,
    usage_rows_per_customer: f64,
}

fn figures(seed: u64) -> Figures {
    const CUSTOMERS: u32 = 2_000;
    let mut confusion = naive::Confusion::default();
    let mut profits = [0.0; LifecycleStage::COUNT];
    let mut revenues = Vec::new();
    let (mut members, mut usage_rows) = (0, 0);
    for customer in world(CUSTOMERS, 24, seed).customers() {
        for (truth, said) in customer.truth.iter().zip(naive::judge(&customer)) {
            confusion[truth.stage.index()][said.index()] += 1.0;
            profits[truth.stage.index()] += profit(&customer, truth.month).yuan();
        }
        revenues.push(customer.usage.iter().map(|row| row.revenue.yuan()).sum::<f64>());
        members += customer.members.len();
        usage_rows += customer.usage.len();
    }
    revenues.sort_by(|left, right| right.total_cmp(left));
    let months = confusion.map(|row| row.iter().sum::<f64>());
    let per_customer = |count: usize| count as f64 / f64::from(CUSTOMERS);
    Figures {
        shares: months.map(|count| count / months.iter().sum::<f64>()),
        profits: std::array::from_fn(|stage| profits[stage] / months[stage]),
        naive_macro_f1: naive::f1(&confusion).iter().sum::<f64>() / LifecycleStage::COUNT as f64,
        top_fifth: revenues[..revenues.len() / 5].iter().sum::<f64>() / revenues.iter().sum::<f64>(),
        members_per_customer: per_customer(members),
        usage_rows_per_customer: per_customer(usage_rows),
    }
}

fn profit(customer: &SimulatedCustomer, month: Month) -> Money {
    let usage = customer.usage.iter().filter(|row| row.month == month);
    let costs = customer.costs.iter().filter(|row| row.month == month);
    usage.map(|row| row.revenue - row.cost).sum::<Money>() - costs.map(|row| row.amount).sum::<Money>()
}

#[test]
fn the_naive_rule_sees_some_of_it() {
    for seed in [1, 2, 3, 404, 50_005] {
        let figures = figures(seed);
        println!(
            "seed {seed}: naive {:.3} shares {:.3?} profits {:.0?} top fifth {:.3} members {:.1} usage {:.1}",
            figures.naive_macro_f1,
            figures.shares,
            figures.profits,
            figures.top_fifth,
            figures.members_per_customer,
            figures.usage_rows_per_customer,
        );
        assert!((0.65..=0.75).contains(&figures.naive_macro_f1), "seed {seed}: {}", figures.naive_macro_f1);
        let [potential, development, growth, maturity, decline, termination] = figures.shares;
        assert!((0.06..0.13).contains(&potential), "{potential}");
        assert!((0.04..0.09).contains(&development), "{development}");
        assert!((0.14..0.22).contains(&growth), "{growth}");
        assert!((0.34..0.47).contains(&maturity), "{maturity}");
        assert!((0.09..0.16).contains(&decline), "{decline}");
        assert!((0.08..0.15).contains(&termination), "{termination}");
        assert!((0.66..0.86).contains(&figures.top_fifth), "{}", figures.top_fifth);
        let [potential, development, growth, maturity, _, _] = figures.profits;
        assert!(potential < 0.0 && development < 0.0 && growth > 0.0 && maturity > growth);
        assert!((4.0..10.0).contains(&figures.members_per_customer), "{}", figures.members_per_customer);
        assert!(
            (45.0..75.0).contains(&figures.usage_rows_per_customer),
            "{}",
            figures.usage_rows_per_customer
        );
    }
}

#[test]
fn the_truth_covers_each_month_and_moves_as_the_field_allows() {
    let world = world(600, 24, 11);
    for customer in world.customers() {
        let known = Month::of(customer.row.created_on).max(world.config().first);
        let months: Vec<Month> = customer.truth.iter().map(|truth| truth.month).collect();
        assert_eq!(months, known.to(world.config().last()).collect::<Vec<_>>(), "{}", customer.row.code);
        for pair in customer.truth.windows(2) {
            assert!(pair[0].stage.may_become(pair[1].stage), "{}: {pair:?}", customer.row.code);
        }
    }
}

#[test]
fn stages_agree_with_the_services_that_run() {
    for customer in world(600, 24, 12).customers() {
        for truth in &customer.truth {
            let end = truth.month.last_day();
            let running = customer
                .services
                .iter()
                .any(|service| service.started_on <= end && service.ended_on.is_none_or(|ended| ended > end));
            let known = customer.services.iter().any(|service| service.started_on <= end);
            let said = match (known, running) {
                (false, _) => Some(LifecycleStage::Potential),
                (true, false) => Some(LifecycleStage::Termination),
                (true, true) => None,
            };
            let unserved = [LifecycleStage::Potential, LifecycleStage::Termination];
            match said {
                Some(stage) => assert_eq!(truth.stage, stage, "{} {truth:?}", customer.row.code),
                None => assert!(!unserved.contains(&truth.stage), "{} {truth:?}", customer.row.code),
            }
        }
    }
}

#[test]
fn coming_exits_are_marked() {
    let mut marked = 0;
    for customer in world(600, 24, 13).customers() {
        for (place, truth) in customer.truth.iter().enumerate() {
            let coming = customer.truth[place + 1..].iter().take(3);
            let gone = |stage| stage == LifecycleStage::Termination;
            let leaves = coming.clone().any(|later| gone(later.stage));
            let served = !gone(truth.stage) && truth.stage != LifecycleStage::Potential;
            if coming.len() == 3 {
                assert_eq!(truth.exit_within_3m, served && leaves, "{} {truth:?}", customer.row.code);
            }
            assert!(!truth.exit_within_3m || truth.cause.is_some());
            marked += usize::from(truth.exit_within_3m);
        }
    }
    assert!(marked > 100, "{marked}");
}

#[test]
fn trouble_leaves_traces() {
    let mut complaints = [(0.0, 0.0); 2];
    for customer in world(2_000, 24, 14).customers() {
        for truth in &customer.truth {
            let place = match truth.stage {
                LifecycleStage::Maturity => 0,
                LifecycleStage::Decline => 1,
                _ => continue,
            };
            let complains = customer.tickets.iter().filter(|ticket| {
                ticket.kind == domain::ticket::TicketKind::Complaint
                    && Month::of(ticket.opened_at.date()) == truth.month
            });
            complaints[place].0 += complains.count() as f64;
            complaints[place].1 += 1.0;
        }
    }
    let [calm, trouble] = complaints.map(|(count, months)| count / months);
    assert!(trouble > 1.4 * calm, "{calm} {trouble}");
}

#[test]
fn some_usage_is_missing() {
    let (mut rows, mut unknown, mut served, mut absent) = (0.0, 0.0, 0.0, 0.0);
    for customer in world(1_000, 24, 15).customers() {
        rows += customer.usage.len() as f64;
        unknown += customer.usage.iter().filter(|row| row.volume.is_none()).count() as f64;
        for truth in &customer.truth {
            if matches!(truth.stage, LifecycleStage::Growth | LifecycleStage::Maturity) {
                served += 1.0;
                let seen = customer.usage.iter().any(|row| row.month == truth.month);
                absent += f64::from(u8::from(!seen));
            }
        }
    }
    assert!((0.015..0.025).contains(&(unknown / rows)), "{}", unknown / rows);
    assert!((0.005..0.016).contains(&(absent / served)), "{}", absent / served);
}

#[test]
fn trees_cross_regions() {
    let world = world(6_000, 1, 16);
    let customers: Vec<_> = world.customers().map(|customer| customer.row).collect();
    let of_code = |code: &str| customers.iter().find(|row| row.code == code);
    let province = |code: &str| code[..3].to_owned();
    let (mut nodes, mut crossing, mut deepest) = (0, 0, 0);
    for row in &customers {
        let mut depth = 0;
        let mut above = row.parent_code.as_deref();
        while let Some(parent) = above.and_then(of_code) {
            depth += 1;
            assert!(depth < 10, "a cycle of parents at {}", row.code);
            nodes += usize::from(depth == 1);
            crossing += usize::from(depth == 1 && province(&parent.org_code) != province(&row.org_code));
            above = parent.parent_code.as_deref();
        }
        deepest = deepest.max(depth);
    }
    assert!((350..800).contains(&nodes), "{nodes}");
    assert!(crossing > 20 && deepest >= 3, "{crossing} {deepest}");
}

#[test]
fn numbers_out_of_range_are_refused() {
    let config = world(1, 1, 1).config();
    for (config, key) in [
        (Config { customers: 0, ..config }, "problem-simulate-customers"),
        (Config { months: 0, ..config }, "problem-simulate-months"),
        (Config { months: 241, ..config }, "problem-simulate-months"),
        (Config { first: Month::from_number(0), ..config }, "problem-simulate-first"),
    ] {
        assert_eq!(World::new(config).expect_err("refused").cause.key, key);
    }
}

use domain::cycle::{
    CohortSum, CycleMonth, LakeFile, ModelCard, UnitCohorts, UnitConcentration, UnitFlow, UnitMonth,
};
use domain::extract::{Cell, Table};
use domain::id::OrgUnitId;
use domain::import::StagedFacts;
use domain::progress::Silent;
use domain::{LifecycleStage, Money, Month, date};
use store::Store;
use store::run::RunState;

use crate::rows::{at, commit, import, rows, small_world, text};

fn january() -> Month {
    Month::new(2026, 1).expect("a month")
}

fn cycle_month(month: Month, customers: i64) -> CycleMonth {
    let file =
        |kind: &str| LakeFile { month, path: format!("{kind}/{month}").into(), rows: customers as u64 };
    let unit = OrgUnitId::new(1);
    CycleMonth {
        month,
        assessments: file("assessments"),
        state: file("state"),
        units: vec![UnitMonth {
            unit,
            stage: LifecycleStage::Growth,
            customers,
            revenue: Money::from_fen(7),
            cost: Money::from_fen(3),
            revenue_12m: Money::from_fen(70),
            profit_12m: Money::from_fen(-30),
        }],
        flows: vec![UnitFlow {
            unit,
            from: LifecycleStage::Growth,
            to: LifecycleStage::Maturity,
            customers,
            revenue_12m: Money::from_fen(5),
        }],
        concentrations: vec![UnitConcentration {
            unit,
            customers,
            top_fifth: 0.8,
            gini: 0.5,
            curve: vec![0.0, 1.0],
        }],
        cohorts: vec![UnitCohorts {
            unit,
            sums: vec![CohortSum {
                year: 2021,
                stage: LifecycleStage::Maturity,
                customers,
                usage: Money::from_fen(900),
                revenue: Money::from_fen(800),
                cost: Money::from_fen(-3),
            }],
        }],
        models: vec![ModelCard { model: "risk", figures: "{}".to_owned() }],
        sample: file("samples"),
        members: None,
        duration_ms: 1,
    }
}

async fn publish(store: &Store, months: &[Month]) {
    let cycle = store.begin_cycle(months[0], months[months.len() - 1], at(10)).await.expect("a run");
    for &month in months {
        store.publish(cycle, &cycle_month(month, 4), at(11)).await.expect("published");
    }
    store.end_cycle(cycle, RunState::Done, None, at(12)).await.expect("ended");
}

async fn stale(store: &Store) -> Vec<i32> {
    store.stale_months().await.expect("months").iter().map(|&month| month - january()).collect()
}

#[tokio::test]
async fn a_published_month_can_be_read_back() {
    let store = Store::open_in_memory().await.expect("records");
    publish(&store, &[january(), january().next()]).await;
    let (unit, month) = (OrgUnitId::new(1), january().next());
    let expected = cycle_month(month, 4);
    let sums = store.unit_months(&[unit], &[month, month.next()]).await.expect("sums");
    assert_eq!(sums, [(month, expected.units[0])]);
    assert_eq!(store.unit_flows(unit, month).await.expect("flows"), expected.flows);
    let concentration = store.unit_concentration(unit, month).await.expect("concentration");
    assert_eq!(concentration.as_ref(), expected.concentrations.first());
    let cohorts = store.unit_cohorts(unit, &[month]).await.expect("cohorts");
    assert_eq!(cohorts, [(month, expected.cohorts[0].sums.clone())]);
    assert_eq!(store.manifest().await.expect("manifest").states[&month], expected.state);
    let cycle = &store.cycles(1).await.expect("cycles")[0];
    assert_eq!((cycle.months_done, cycle.customers, cycle.state), (2, 4, RunState::Done));
}

#[tokio::test]
async fn a_month_published_again_replaces_and_is_recorded() {
    let store = Store::open_in_memory().await.expect("records");
    let months: Vec<Month> = january().to(january() + 2).collect();
    publish(&store, &months).await;
    assert_eq!(store.audit("months", None, 9).await.expect("audit"), []);
    let before = store.versions().await.expect("versions").manifest;
    let cycle = store.begin_cycle(months[1], months[1], at(20)).await.expect("a run");
    let corrected = store.publish(cycle, &cycle_month(months[1], 9), at(21)).await.expect("published");
    assert!(corrected);
    let sums = store.unit_months(&[OrgUnitId::new(1)], &months).await.expect("sums");
    assert_eq!(sums.iter().map(|(_, sum)| sum.customers).collect::<Vec<_>>(), [4, 9, 4]);
    let audit = store.audit("months", None, 9).await.expect("audit");
    assert_eq!((audit.len(), audit[0].details["month"].as_str()), (1, Some("2026-02")));
    // What was computed from the month as it was is out of date.
    assert_eq!(stale(&store).await, [2]);
    assert!(store.versions().await.expect("versions").manifest > before);
    publish(&store, &months[2..]).await;
    assert_eq!(stale(&store).await, [0; 0]);
}

#[tokio::test]
async fn a_month_that_cannot_be_published_leaves_the_one_before() {
    let store = Store::open_in_memory().await.expect("records");
    publish(&store, &[january()]).await;
    let cycle = store.begin_cycle(january(), january(), at(20)).await.expect("a run");
    let mut broken = cycle_month(january(), 9);
    // The same sums twice: the second is refused.
    broken.concentrations.extend(broken.concentrations.clone());
    store.publish(cycle, &broken, at(21)).await.expect_err("refused");
    let sums = store.unit_months(&[OrgUnitId::new(1)], &[january()]).await.expect("sums");
    assert_eq!(sums[0].1.customers, 4);
    assert_eq!(store.manifest().await.expect("manifest").assessments[&january()].rows, 4);
}

#[tokio::test]
async fn corrections_put_months_out_of_date() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    publish(&store, &january().to(january() + 3).collect::<Vec<_>>()).await;
    let facts =
        |table, month| StagedFacts { table, month, path: "file".into(), rows: 1, added: 0, changed: 1 };

    let mut later = commit(store.begin_import("f".as_ref(), None, at(1)).await.expect("a run"), vec![]);
    later.facts = vec![facts(Table::Usage, january() + 4), facts(Table::Bills, january())];
    assert_eq!(store.commit_import(later, at(2), &Silent).await.expect("an import").stale, []);

    // An end in the third month that becomes known now changes that month and those after.
    let day = |month: Month| Cell::Whole(date::days(month.first_day()));
    let service = |ended: Cell| {
        rows(Table::Services, &["started_on", "ended_on"], vec![(1, vec![day(january() + 4), ended])])
    };
    import(&store, vec![service(Cell::Null)]).await;
    assert_eq!(stale(&store).await, [0; 0]);
    import(&store, vec![service(day(january() + 2))]).await;
    assert_eq!(stale(&store).await, [2, 3]);

    let mut correction = commit(store.begin_import("f".as_ref(), None, at(3)).await.expect("a run"), vec![]);
    correction.facts = vec![facts(Table::Usage, january() + 1)];
    store.commit_import(correction, at(4), &Silent).await.expect("an import");
    assert_eq!(stale(&store).await, [1, 2, 3]);
}

#[tokio::test]
async fn a_customer_who_moves_puts_the_last_sums_out_of_date() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(2)).await;
    import(&store, vec![rows(Table::OrgUnits, &["parent_code"], vec![(2, vec![Cell::Whole(1)])])]).await;
    publish(&store, &[january(), january().next()]).await;
    import(&store, vec![rows(Table::Customers, &["org_code"], vec![(1, vec![Cell::Whole(2)])])]).await;
    assert_eq!(stale(&store).await, [1]);
}

#[tokio::test]
async fn a_list_price_that_changes_puts_every_published_month_out_of_date() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(2)).await;
    let price = |fen| vec![rows(Table::Products, &["list_price"], vec![(1, vec![Cell::Whole(fen)])])];
    import(&store, price(100)).await;
    publish(&store, &[january(), january().next()]).await;
    assert_eq!(stale(&store).await, [0; 0]);
    import(&store, price(100)).await;
    assert_eq!(stale(&store).await, [0; 0]);
    import(&store, price(120)).await;
    assert_eq!(stale(&store).await, [0, 1]);
}

#[tokio::test]
async fn an_industry_that_changes_puts_the_customers_months_out_of_date() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(2)).await;
    let industry = |name| vec![rows(Table::Customers, &["industry"], vec![(1, vec![text(name)])])];
    import(&store, industry("one")).await;
    publish(&store, &[january(), january().next()]).await;
    import(&store, industry("another")).await;
    assert_eq!(stale(&store).await, [0, 1]);
}

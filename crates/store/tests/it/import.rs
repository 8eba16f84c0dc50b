use std::collections::BTreeMap;

use domain::extract::{Cell, Table};
use domain::id::OrgUnitId;
use domain::import::{RowProblem, StagedFacts};
use domain::progress::Silent;
use domain::{Message, Month, date};
use proptest::prelude::*;
use store::Store;
use store::run::RunState;

use crate::rows::{at, commit, import, rows, rules, small_world, text, try_import};

fn counts(outcome: &store::import::ImportOutcome, table: Table) -> (u64, u64, u64) {
    let (_, rows) = outcome.tables.iter().find(|(of, _)| *of == table).expect("the table");
    (rows.added, rows.changed, rows.unchanged)
}

#[tokio::test]
async fn the_same_rows_twice_change_nothing() {
    let store = Store::open_in_memory().await.expect("records");
    let first = import(&store, small_world(3)).await;
    assert_eq!(counts(&first, Table::Customers), (3, 0, 0));
    let versions = store.versions().await.expect("versions");
    let second = import(&store, small_world(3)).await;
    assert_eq!(counts(&second, Table::Customers), (0, 0, 3));
    assert_eq!(store.versions().await.expect("versions"), versions);
    assert_eq!(store.audit("customers", None, 10).await.expect("audit"), []);
}

#[tokio::test]
async fn a_changed_row_leaves_its_old_value_and_absent_columns_stay() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let with_address = |address| rows(Table::Customers, &["address"], vec![(1, vec![text(address)])]);
    import(&store, vec![with_address("old street")]).await;
    let changed = import(&store, vec![with_address("new street")]).await;
    assert_eq!(counts(&changed, Table::Customers), (0, 1, 0));
    let audit = store.audit("customers", Some(1), 1).await.expect("audit");
    assert_eq!(audit[0].action, "record.change");
    assert_eq!(audit[0].details["address"], "old street");
    assert_eq!(audit[0].import.map(|import| import.get()), Some(3));

    // An extract without the column says nothing of it; one with an empty cell says that it is unknown.
    let id = domain::id::CustomerId::new(1);
    import(&store, vec![rows(Table::Customers, &["name"], vec![(1, vec![text("renamed")])])]).await;
    let customer = store.customer(id).await.expect("records").expect("the customer");
    assert_eq!((customer.name.as_str(), customer.address.as_deref()), ("renamed", Some("new street")));
    import(&store, vec![rows(Table::Customers, &["address"], vec![(1, vec![Cell::Null])])]).await;
    assert_eq!(store.customer(id).await.expect("records").expect("the customer").address, None);
}

#[tokio::test]
async fn a_table_comes_in_parts_that_differ_in_their_columns() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(2)).await;
    let address = |id| (id, vec![text("old street")]);
    import(&store, vec![rows(Table::Customers, &["address"], vec![address(1), address(2)])]).await;
    let with_address = rows(Table::Customers, &["address"], vec![(1, vec![text("new street")])]);
    let without = rows(Table::Customers, &["name"], vec![(2, vec![text("renamed")]), (3, vec![text("new")])]);
    let outcome = import(&store, vec![with_address, without]).await;
    assert_eq!((outcome.tables.len(), counts(&outcome, Table::Customers)), (1, (1, 2, 0)));
    let customer = store.customer(domain::id::CustomerId::new(2)).await.expect("records");
    let customer = customer.expect("the customer");
    assert_eq!((customer.name.as_str(), customer.address.as_deref()), ("renamed", Some("old street")));
}

#[tokio::test]
async fn an_import_that_fails_leaves_nothing() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let (versions, catalog) =
        (store.versions().await.expect("versions"), store.catalog().await.expect("codes"));
    let orphan = rows(Table::Contacts, &["customer_code"], vec![(1, vec![Cell::Whole(99)])]);
    try_import(&store, vec![rows(Table::Customers, &[], vec![(2, vec![])]), orphan])
        .await
        .expect_err("refused");
    assert_eq!(store.versions().await.expect("versions"), versions);
    let after = store.catalog().await.expect("codes");
    assert_eq!(after.codes(Table::Customers).len(), catalog.codes(Table::Customers).len());
    assert_eq!(store.imports(1, 1).await.expect("imports")[0].state, RunState::Running);
}

#[tokio::test]
async fn bad_rows_and_files_are_kept_with_the_import() {
    let store = Store::open_in_memory().await.expect("records");
    let import = store.begin_import("folder".as_ref(), None, at(5)).await.expect("a run");
    let month = Month::new(2026, 1).expect("a month");
    let mut bring = commit(import, small_world(1));
    bring.problems = vec![RowProblem {
        file: "usage.csv".to_owned(),
        line: 7,
        column: "month".to_owned(),
        value: "2026-13".to_owned(),
        reason: Message::new("some-reason").with("value", "2026-13"),
    }];
    (bring.rows_read, bring.rows_bad) = (9, 1);
    bring.facts = vec![StagedFacts {
        table: Table::Usage,
        month,
        path: "facts/usage.parquet".into(),
        rows: 4,
        added: 4,
        changed: 0,
    }];
    let problems = bring.problems.clone();
    store.commit_import(bring, at(6), &Silent).await.expect("an import");
    let kept = &store.imports(1, 20).await.expect("imports")[0];
    assert_eq!((kept.state, kept.rows_read, kept.rows_added, kept.rows_bad), (RunState::Done, 9, 8, 1));
    assert_eq!((kept.started_at, kept.ended_at), (at(5), Some(at(6))));
    assert_eq!(kept.problems, problems);
    let manifest = store.manifest().await.expect("manifest");
    assert_eq!(manifest.facts[&Table::Usage][&month].rows, 4);
}

#[tokio::test]
async fn killed_runs_are_closed() {
    let store = Store::open_in_memory().await.expect("records");
    store.begin_import("folder".as_ref(), None, at(0)).await.expect("a run");
    store.close_killed_runs("interrupted", at(9)).await.expect("closed");
    let kept = &store.imports(1, 0).await.expect("imports")[0];
    assert_eq!((kept.state, kept.failure.as_deref()), (RunState::Failed, Some("interrupted")));
}

#[tokio::test]
async fn a_subtree_of_units_is_a_range() {
    let store = Store::open_in_memory().await.expect("records");
    let unit = |id: i64, parent: Option<i64>| (id, vec![parent.map_or(Cell::Null, Cell::Whole)]);
    let units = vec![unit(1, Some(4)), unit(2, Some(4)), unit(3, Some(1)), unit(4, None)];
    import(&store, vec![rows(Table::OrgUnits, &["parent_code"], units)]).await;
    let places = |units: Vec<store::org::UnitRecord>| -> BTreeMap<i64, (u32, u32)> {
        units.iter().map(|unit| (unit.id.get(), (unit.position, unit.last_position))).collect()
    };
    let placed = places(store.units().await.expect("units"));
    assert_eq!(placed, BTreeMap::from([(4, (0, 3)), (1, (1, 2)), (3, (2, 2)), (2, (3, 3))]));
    import(&store, vec![rows(Table::OrgUnits, &["parent_code"], vec![unit(3, Some(2))])]).await;
    let units = store.units().await.expect("units");
    assert_eq!(units.last().map(|unit| unit.id), Some(OrgUnitId::new(3)));
    assert_eq!(places(units)[&2], (2, 3));
}

/// A service as a test varies it: quantity, day it started, day it ended.
type Service = (u8, i64, Option<i64>);

fn services(services: &BTreeMap<i64, Service>) -> Vec<Box<dyn domain::import::RecordRows>> {
    let cells = services.iter().map(|(&id, &(quantity, started, ended))| {
        let ended = ended.map_or(Cell::Null, Cell::Whole);
        (id, vec![Cell::Real(f64::from(quantity)), Cell::Whole(started), ended])
    });
    vec![rows(Table::Services, &["quantity", "started_on", "ended_on"], cells.collect())]
}

fn some_services() -> impl Strategy<Value = BTreeMap<i64, Service>> {
    // What ends before it starts is refused before it gets here.
    let service = (0_u8..3, 20_000_i64..20_300, proptest::option::of(0_i64..300))
        .prop_map(|(quantity, started, days)| (quantity, started, days.map(|days| started + days)));
    proptest::collection::btree_map(1_i64..12, service, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn upserts_count_and_keep_what_a_model_says(before in some_services(), after in some_services()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let store = Store::open_in_memory().await.expect("records");
            import(&store, small_world(1)).await;
            import(&store, services(&before)).await;
            let outcome = import(&store, services(&after)).await;
            let added = after.keys().filter(|id| !before.contains_key(id)).count() as u64;
            let same = after.iter().filter(|(id, row)| before.get(id) == Some(row)).count() as u64;
            let changed = after.len() as u64 - added - same;
            prop_assert_eq!(counts(&outcome, Table::Services), (added, changed, same));
            prop_assert_eq!(store.audit("services", None, 100).await.expect("audit").len() as u64, changed);

            // The first month that would come out otherwise, found by comparing every month.
            let effect = outcome.tables.iter().find(|(of, _)| *of == Table::Services).expect("services").1.effect;
            let mut union = before.clone();
            union.extend(after.clone());
            let running = |services: &BTreeMap<i64, Service>, month: Month| -> Vec<(i64, u8, i64, Option<i64>)> {
                let last = date::days(month.last_day());
                let known = services.iter().filter(|(_, row)| row.1 <= last);
                known.map(|(&id, row)| (id, row.0, row.1, row.2.filter(|&end| end <= last))).collect()
            };
            let months = Month::of(date::from_days(20_000).expect("a date"));
            let first = months.to(months + 21).find(|&month| running(&before, month) != running(&union, month));
            prop_assert_eq!(effect.from, first);

            let base = store.base(Month::from_number(24_000), &rules()).await.expect("the base");
            let mut stored: Vec<(i64, Option<i64>)> = base.services.iter().map(|service| {
                (date::days(service.started_on), service.ended_on.map(date::days))
            }).collect();
            let mut expected: Vec<(i64, Option<i64>)> = union.values().map(|row| (row.1, row.2)).collect();
            stored.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(stored, expected);
            Ok(())
        })?;
    }
}

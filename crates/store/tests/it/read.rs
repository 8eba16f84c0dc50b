use domain::extract::{Cell, Keeping, Table};
use domain::id::CustomerId;
use domain::timeline::TimelineKind;
use domain::{Instant, Money, date};
use store::Store;
use store::timeline::{TimelineAsked, TimelinePlace};

use crate::rows::{import, rows, rules, small_world, text};

#[tokio::test]
async fn every_table_of_the_format_takes_every_column() {
    let store = Store::open_in_memory().await.expect("records");
    // One row per table with every column filled: a column that the records lack would fail.
    for &table in Table::ALL.iter().filter(|table| table.keeping() == Keeping::Records) {
        use domain::extract::ColumnType::{Code, Number, OneOf, Quantity, Text};
        let columns: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        let cells = table.columns().iter().map(|column| match column.kind {
            Code | Text(_) => text("x"),
            OneOf(codes) => text(codes[0]),
            Quantity | Number => Cell::Real(0.5),
            _ => Cell::Whole(1),
        });
        import(&store, vec![rows(table, &columns, vec![(1, cells.collect())])]).await;
    }
    let catalog = store.catalog().await.expect("codes");
    for &table in Table::ALL.iter().filter(|table| table.keeping() == Keeping::Records) {
        assert_eq!(catalog.codes(table).get("x"), Some(1), "{table}");
    }
    let id = CustomerId::new(1);
    assert_eq!(store.contacts(id).await.expect("contacts").len(), 1);
    assert_eq!(store.contracts(id).await.expect("contracts")[0].prepaid, Some(Money::from_fen(1)));
    assert_eq!(store.services(id).await.expect("services")[0].quantity, 0.5);
    assert_eq!(store.members(id, 5).await.expect("members").0, 1);
    assert_eq!(store.tickets(id, 5).await.expect("tickets")[0].first_responder.as_deref(), Some("x"));
    assert!(store.last_contact(id).await.expect("a moment").is_some());
}

#[tokio::test]
async fn many_rows_come_back_as_they_went_in() {
    let store = Store::open_in_memory().await.expect("records");
    let count = 70_000;
    import(&store, small_world(3)).await;
    let service = |id: i64| {
        let ended = if id % 3 == 0 { Cell::Whole(20_500 + id % 7) } else { Cell::Null };
        let trial = if id % 5 == 0 { Cell::Whole(1) } else { Cell::Null };
        (
            id,
            vec![
                Cell::Whole(3 - id % 3),
                Cell::Real(id as f64 / 3.0),
                Cell::Whole(20_000 + id % 400),
                ended,
                trial,
            ],
        )
    };
    let columns = ["customer_code", "quantity", "started_on", "ended_on", "trial"];
    import(&store, vec![rows(Table::Services, &columns, (1..=count).map(service).collect())]).await;
    let base = store.base(domain::Month::from_number(24_000), &rules()).await.expect("the base");
    assert_eq!(base.services.len() as i64, count);
    assert!(base.services.is_sorted_by_key(|service| service.customer));
    for id in [1, 2, 3, 65_535, 65_536, count] {
        let expected = (
            CustomerId::new(3 - id % 3),
            date::from_days(20_000 + id % 400).expect("a date"),
            (id % 3 == 0).then(|| date::from_days(20_500 + id % 7).expect("a date")),
            id % 5 == 0,
        );
        let found = base.services.iter().any(|service| {
            (service.customer, service.started_on, service.ended_on, service.trial) == expected
        });
        assert!(found, "service {id}");
    }
}

#[tokio::test]
async fn names_keep_the_list_readable_whatever_they_hold() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let hostile = "株洲\u{1f}同创\u{1e}\n\"'";
    let named = rows(Table::Customers, &["name", "industry"], vec![(1, vec![text(hostile), Cell::Null])]);
    import(&store, vec![named]).await;
    let mut names = Vec::new();
    store
        .scan_customers(&mut |customer| {
            names.push((customer.name.to_owned(), customer.industry.map(str::to_owned)))
        })
        .await
        .expect("customers");
    assert_eq!(names, [(hostile.to_owned(), None)]);
}

#[tokio::test]
async fn a_tree_is_found_from_any_of_its_nodes() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(5)).await;
    let parent = |id: i64, parent: i64| (id, vec![Cell::Whole(parent)]);
    let parents = vec![parent(1, 3), parent(2, 3), parent(5, 2)];
    import(&store, vec![rows(Table::Customers, &["parent_code"], parents)]).await;
    let ids = |nodes: Vec<store::customer::CustomerNode>| -> Vec<i64> {
        nodes.iter().map(|node| node.id.get()).collect()
    };
    for from in [1, 2, 3, 5] {
        let mut tree = ids(store.customer_tree(CustomerId::new(from), 10).await.expect("a tree"));
        tree.sort_unstable();
        assert_eq!(tree, [1, 2, 3, 5], "from {from}");
    }
    assert_eq!(ids(store.customer_tree(CustomerId::new(4), 10).await.expect("a tree")), [4]);
    // Cut short, the way to the node itself stays.
    assert_eq!(ids(store.customer_tree(CustomerId::new(5), 3).await.expect("a tree")), [3, 2, 5]);
}

#[tokio::test]
async fn what_is_no_database_is_told_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "these are not the records that you are looking for".repeat(200);
    std::fs::write(folder.path().join("records.sqlite"), text).expect("a file");
    let problem = domain::Problem::from(Store::open(folder.path()).await.expect_err("refused"));
    assert_eq!(problem.cause.key, "problem-records-damaged");
}

#[tokio::test]
async fn what_was_stored_is_there_when_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("new")).await.expect("records");
    import(&store, small_world(2)).await;
    let again = Store::open(&folder.path().join("new")).await.expect("records");
    assert_eq!(again.customer_codes().await.expect("codes"), store.customer_codes().await.expect("codes"));
    assert_eq!(
        again.base(domain::Month::from_number(24_000), &rules()).await.expect("base").customers.len(),
        2
    );
}

/// Of each table a timeline reads a page by an index, and nothing else: no table is looked through.
#[tokio::test]
async fn a_timeline_looks_through_no_table() {
    let store = Store::open_in_memory().await.expect("a store");
    let customers = [CustomerId::new(1)];
    let place = TimelinePlace { at: Instant::from_micros(0), rank: 3, id: 7 };
    for (kinds, after) in [(&[][..], None), (&[][..], Some(place)), (&[TimelineKind::Visit][..], None)] {
        let asked = TimelineAsked { customers: &customers, kinds, from: None, until: None, after, limit: 51 };
        let plan = store.timeline_plan(&asked).await.expect("a plan");
        let looked_up = plan.iter().filter(|line| line.starts_with("SEARCH i USING")).count();
        assert_eq!(looked_up, if kinds.is_empty() { 12 } else { 1 }, "{plan:#?}");
        for line in plan.iter().filter(|line| line.starts_with("SCAN")) {
            assert!(line.contains("VIRTUAL TABLE") || line.contains("subquery"), "{line}");
        }
    }
}

//! Merging customers and taking them apart: nothing is lost, and nobody sees more by it.

use std::sync::Arc;

use domain::ProblemKind;
use domain::extract::{Cell, Table};
use domain::id::{CustomerId, MergeId};
use domain::policy::{Granted, Scope};
use domain::staff::Role;
use service::customer::CustomerQuery;
use service::duplicate::{RELATIONS, dismiss, end, find, list, merge};
use service::{Actor, customer, search};

use crate::world::{Operator, World, at, rows, simple, staged, text};

fn id(place: usize) -> CustomerId {
    CustomerId::new(place as i64 + 1)
}

/// Numbers that look drawn, the same for the same seed.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

/// A head of all, two provinces and a county, with customers in trees, and what belongs to them.
async fn drawn(seed: u64) -> (World, Operator) {
    let mut drawn = Drawn(seed);
    let count = 4 + drawn.below(7);
    let customers: Vec<_> = (0..count)
        .map(|_| (drawn.below(4), Some(drawn.below(3)).filter(|_| !seed.is_multiple_of(3))))
        .collect();
    let mut operator = simple(vec![None, Some(0), Some(0), Some(1)], vec![0, 1, 2], &customers, 2);
    for place in 1..count {
        operator.customers[place].above = Some(drawn.below(place)).filter(|_| drawn.below(2) == 0);
        operator.customers[place].contract_ends =
            Some(drawn.below(60) as i64).filter(|_| drawn.below(2) == 0);
        operator.customers[place].name =
            format!("示例{}公司 {place}", ["恒辰", "安达", "华信"][drawn.below(3)]);
    }
    let world = World::published(operator.clone()).await;
    let mut whose =
        |most: usize| -> Vec<i64> { (0..drawn.below(most)).map(|_| drawn.below(count) as i64 + 1).collect() };
    let (contacts, tickets, talks) = (whose(20), whose(20), whose(20));
    let of = |customers: Vec<i64>, code: &str, more: &[Cell]| {
        let row = |(place, customer): (usize, i64)| {
            [vec![text(format!("{code}{place}")), Cell::Whole(customer)], more.to_vec()].concat()
        };
        customers.into_iter().enumerate().map(row).collect::<Vec<_>>()
    };
    let records = vec![
        rows(Table::Contacts, &["code", "customer_code", "name"], of(contacts, "T", &[text("person")])),
        rows(
            Table::Tickets,
            &["code", "customer_code", "kind", "channel", "opened_at"],
            of(tickets, "K", &[text("fault"), text("phone"), Cell::Whole(7)]),
        ),
        rows(
            Table::Interactions,
            &["code", "customer_code", "at", "channel", "direction"],
            of(talks, "I", &[Cell::Whole(9), text("phone"), text("in")]),
        ),
    ];
    world.stage(Ok(staged(records, Vec::new())));
    world.import(false).await.expect("an import");
    (world, operator)
}

async fn records(world: &World) -> store::Store {
    store::Store::open(world.folder.path()).await.expect("records")
}

/// All that the read paths say, to each of some actors.
async fn seen(world: &World, operator: &Operator) -> Vec<String> {
    let mut told = Vec::new();
    let query = CustomerQuery::parse(&[("sort".to_owned(), "code".to_owned())]);
    for (role, staff) in
        [(Role::Admin, 0), (Role::UnitHead, 1), (Role::UnitHead, 2), (Role::AccountManager, 1)]
    {
        let actor = operator.actor(role, staff);
        let services = &world.services;
        told.push(format!("{:?}", customer::list::run(services, &actor, &query).await));
        for place in 0..operator.customers.len() {
            let view =
                customer::show::run(services, &actor, id(place), at(1_800_000_000)).await.expect("a view");
            told.push(format!("{place} {view:?}"));
            told.push(format!("{:?}", search::find::run(services, &actor, &format!("C{place}")).await));
        }
        told.push(format!("{:?}", search::find::run(services, &actor, "示例").await));
        told.push(format!("{:?}", search::find::run(services, &actor, "person").await));
        told.push(format!("{:?}", service::today::show::run(services, &actor, None, at(5)).await));
    }
    let records = records(world).await;
    let ids: Vec<CustomerId> = (0..operator.customers.len()).map(id).collect();
    let counts = records.relation_counts(&ids).await.expect("counts");
    told.extend(ids.iter().map(|id| format!("{id} {:?}", counts.get(id))));
    told
}

#[tokio::test]
async fn what_is_merged_and_taken_apart_is_as_it_was_and_adds_up_in_between() {
    for seed in 0..14 {
        let (world, operator) = drawn(seed).await;
        let admin = operator.actor(Role::Admin, 0);
        let before = seen(&world, &operator).await;
        let records = records(&world).await;
        let ids: Vec<CustomerId> = (0..operator.customers.len()).map(id).collect();
        let counts_before = records.relation_counts(&ids).await.expect("counts");
        let mut drawn = Drawn(seed + 100);
        let merged = drawn.below(ids.len());
        let into = (merged + 1 + drawn.below(ids.len() - 1)) % ids.len();
        let done = merge::run(&world.services, &admin, id(merged), id(into), "one company", at(9)).await;
        let done = match done {
            Ok(done) => done,
            Err(problem) => {
                // Only what would hang below itself is refused.
                assert!(operator.path(into).contains(&merged), "{problem}");
                assert_eq!(seen(&world, &operator).await, before);
                continue;
            }
        };
        let counts = records.relation_counts(&[id(into)]).await.expect("counts")[&id(into)].counts;
        let (own, other) = (counts_before[&id(into)].counts, counts_before[&id(merged)].counts);
        let was_below = i64::from(operator.customers[merged].above == Some(into));
        for (place, relation) in RELATIONS.iter().enumerate() {
            let gone = if *relation == "children" { was_below } else { 0 };
            assert_eq!(counts[place], own[place] + other[place] - gone, "{relation} of seed {seed}");
        }
        let query = CustomerQuery::parse(&[("sort".to_owned(), "code".to_owned())]);
        let page = customer::list::run(&world.services, &admin, &query).await.expect("a page");
        let listed: Vec<CustomerId> = page.rows.iter().map(|row| row.id).collect();
        assert!(!listed.contains(&id(merged)) && listed.len() == ids.len() - 1, "{listed:?}");
        // The old address and the old code lead to the one that stays, with all that belongs to both.
        let view = customer::show::run(&world.services, &admin, id(merged), at(1_800_000_000))
            .await
            .expect("a view")
            .expect("it");
        assert_eq!(view.row.id, id(into));
        assert_eq!(view.merged.iter().map(|merge| merge.merged).collect::<Vec<_>>(), [id(merged)]);
        let shown = [view.contacts.len(), view.contracts.len(), view.services.len(), view.members.0 as usize];
        assert_eq!(shown.map(|count| count as i64), [counts[0], counts[1], counts[2], counts[3]]);
        let found = search::find::run(&world.services, &admin, &format!("C{merged}")).await.expect("found");
        assert!(found.customers.iter().any(|row| row.id == id(into)), "seed {seed}");
        // Its months are computed again.
        assert!(!records.stale_months().await.expect("months").is_empty());
        end::run(&world.services, &admin, done, at(10)).await.expect("taken apart");
        assert_eq!(seen(&world, &operator).await, before, "seed {seed}");
    }
}

fn three() -> Operator {
    simple(vec![None, Some(0), Some(0)], vec![0, 1, 2], &[(1, None), (1, None), (1, None), (2, None)], 1)
}

#[tokio::test]
async fn chains_lead_to_the_last_and_circles_are_refused() {
    let operator = three();
    let world = World::published(operator.clone()).await;
    let admin = operator.actor(Role::Admin, 0);
    let merge = async |merged, into| {
        merge::run(&world.services, &admin, id(merged), id(into), "one company", at(9)).await
    };
    let leads_to = async |place: usize| records(&world).await.survivor(id(place)).await.expect("records");
    let first = merge(0, 1).await.expect("merged");
    let again = merge(0, 2).await.expect_err("it is merged");
    assert_eq!(again.kind, ProblemKind::Conflict);
    assert_eq!(merge(1, 0).await.expect_err("a circle").kind, ProblemKind::BadInput);
    assert_eq!(merge(1, 1).await.expect_err("itself").kind, ProblemKind::BadInput);
    let second = merge(1, 2).await.expect("merged");
    assert_eq!((leads_to(0).await, leads_to(1).await), (id(2), id(2)));
    assert_eq!(merge(2, 0).await.expect_err("a longer circle").kind, ProblemKind::BadInput);
    end::run(&world.services, &admin, second, at(10)).await.expect("taken apart");
    assert_eq!((leads_to(0).await, leads_to(1).await), (id(1), id(1)));
    end::run(&world.services, &admin, first, at(11)).await.expect("taken apart");
    assert_eq!(leads_to(0).await, id(0));
    let gone = end::run(&world.services, &admin, first, at(12)).await.expect_err("it is over");
    assert_eq!(gone.kind, ProblemKind::NotFound);
    let audit = records(&world).await.audit("merges", None, 20).await.expect("entries");
    let actions: Vec<&str> = audit.iter().rev().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["customer.merge", "customer.merge", "customer.unmerge", "customer.unmerge"]);
}

#[tokio::test]
async fn of_two_that_merge_the_same_at_once_one_is_told_so() {
    let operator = three();
    let world = World::published(operator.clone()).await;
    let admin = operator.actor(Role::Admin, 0);
    let merge = || merge::run(&world.services, &admin, id(0), id(1), "one company", at(9));
    let (one, other) = tokio::join!(merge(), merge());
    assert_eq!([&one, &other].iter().filter(|done| done.is_ok()).count(), 1, "{one:?} {other:?}");
    let refused = one.err().or(other.err()).expect("one of them");
    assert_eq!(refused.kind, ProblemKind::Conflict);
}

#[tokio::test]
async fn who_answers_for_both_decides_and_sight_of_the_merged_one_shows_nothing_new() {
    let mut operator = three();
    operator.customers[1].above = Some(0);
    let world = World::published(operator.clone()).await;
    let (head, other, admin) = (
        operator.actor(Role::UnitHead, 1),
        operator.actor(Role::UnitHead, 2),
        operator.actor(Role::Admin, 0),
    );
    let merge = async |actor: &Actor, merged, into| {
        merge::run(&world.services, actor, id(merged), id(into), "one company", at(9)).await
    };
    // The third customer is another province's.
    assert_eq!(merge(&head, 0, 3).await.expect_err("not own").cause.key, "problem-pair-not-own");
    assert_eq!(merge(&other, 0, 1).await.expect_err("not seen").kind, ProblemKind::NotFound);
    let manager = operator.actor(Role::AccountManager, 1);
    assert_eq!(merge(&manager, 0, 1).await.expect_err("not the role").kind, ProblemKind::NotFound);
    let no_reason =
        merge::run(&world.services, &head, id(0), id(2), "  ", at(9)).await.expect_err("no reason");
    assert_eq!(no_reason.cause.key, "problem-no-reason");
    // A grant on the merged one goes on to show who hung below it, and nothing of the other.
    let grant = service::grant::give::Draft {
        person: "S1".to_owned(),
        customer: "C0".to_owned(),
        until: at(86_400).date().to_string(),
        reason: "leased line".to_owned(),
        ..service::grant::give::Draft::default()
    };
    service::grant::give::run(&world.services, &admin, &grant, at(0)).await.expect("given");
    let sees = async || {
        let granted = records(&world).await.granted(manager.staff, at(0).date()).await.expect("grants");
        let actor = Actor { scope: Scope::new(manager.scope.home(), granted), ..manager.clone() };
        crate::grants::seen(&world, &actor).await
    };
    assert_eq!(sees().await, [1, 2]);
    let done = merge(&admin, 0, 3).await.expect("merged");
    assert_eq!(sees().await, [2]);
    let granted = records(&world).await.granted(manager.staff, at(0).date()).await.expect("grants");
    assert_eq!(granted, [Granted::Tree(id(1))]);
    // The head of one of the two can neither see nor end it.
    let foreign = end::run(&world.services, &head, done, at(10)).await.expect_err("not own");
    assert_eq!(foreign.kind, ProblemKind::NotFound);
    end::run(&world.services, &admin, done, at(10)).await.expect("taken apart");
    assert_eq!(sees().await, [1, 2]);
    assert!(end::run(&world.services, &admin, MergeId::new(99), at(10)).await.is_err());
}

/// Two companies entered twice, the second across two provinces.
fn entered_twice() -> Operator {
    let names = [
        "甲一市恒辰商贸有限公司",
        "恒辰商贸（甲一市）有限公司",
        "甲二市安达物流有限公司",
        "甲二市安达物流公司",
    ];
    let mut operator = simple(
        vec![None, Some(0), Some(0)],
        vec![0, 1, 2],
        &[(1, None), (1, None), (1, None), (2, Some(2))],
        1,
    );
    for (customer, name) in operator.customers.iter_mut().zip(names) {
        name.clone_into(&mut customer.name);
    }
    operator
}

#[tokio::test]
async fn the_queue_shows_what_may_be_shown_and_what_was_decided_does_not_come_back() {
    let operator = entered_twice();
    let world = World::published(operator.clone()).await;
    let clock = || at(20);
    let found = find::keep(&world.services, &clock).await.expect("a run");
    assert_eq!(found, (4, 2));
    let (head, far, admin) = (
        operator.actor(Role::UnitHead, 1),
        operator.actor(Role::UnitHead, 2),
        operator.actor(Role::Admin, 0),
    );
    let queue = async |actor: &Actor| list::run(&world.services, actor, 0).await.expect("the queue");
    let view = queue(&head).await;
    assert_eq!(view.total, 2);
    let across = view.pairs.iter().find(|pair| pair.sides[1].id == id(3)).expect("the pair");
    assert!(across.evidence.is_none() && !across.is_own);
    assert!(across.sides[0].shown.is_some() && across.sides[1].shown.is_none());
    assert_eq!(across.sides[1].manager.as_deref(), Some("person 2"));
    assert_eq!(across.decides.as_ref().map(|unit| unit.name.as_str()), Some("unit 0"));
    let own = view.pairs.iter().find(|pair| pair.sides[1].id == id(1)).expect("the pair");
    assert!(own.is_own && own.evidence.is_some_and(|why| why.name > 0.0));
    assert_eq!(queue(&far).await.total, 1);
    assert!(queue(&admin).await.pairs.iter().all(|pair| pair.is_own));
    let refused =
        list::run(&world.services, &operator.actor(Role::Analyst, 0), 0).await.expect_err("not the role");
    assert_eq!(refused.kind, ProblemKind::NotFound);

    let dismiss = async |actor: &Actor, one, other| {
        dismiss::run(&world.services, actor, (id(one), id(other)), "two shops", at(30)).await
    };
    assert_eq!(dismiss(&head, 2, 3).await.expect_err("not own").cause.key, "problem-pair-not-own");
    dismiss(&head, 1, 0).await.expect("decided");
    assert_eq!(dismiss(&head, 0, 1).await.expect_err("decided").kind, ProblemKind::Conflict);
    assert_eq!(find::keep(&world.services, &clock).await.expect("a run"), (4, 1));
    let later = || at(35);
    // What is compared changed: it is asked again.
    let row =
        vec![text("C1"), text("恒辰商贸（甲一市）有限责任公司"), Cell::Whole(2), text("sme"), Cell::Whole(0)];
    let columns = ["code", "name", "org_code", "category", "created_on"];
    let renamed = rows(
        Table::Customers,
        &columns,
        vec![
            vec![text("C0"), text("甲一市恒辰商贸有限公司"), Cell::Whole(2), text("sme"), Cell::Whole(0)],
            row,
        ],
    );
    world.stage(Ok(staged(vec![renamed], Vec::new())));
    world.import(false).await.expect("an import");
    assert_eq!(find::keep(&world.services, &later).await.expect("a run"), (4, 2));
    // Merged, it is no question any more; nor is it one to whoever enters it once more.
    merge::run(&world.services, &admin, id(3), id(2), "one company", at(40)).await.expect("merged");
    assert_eq!(queue(&admin).await.total, 1);
    assert_eq!(find::keep(&world.services, &later).await.expect("a run"), (3, 1));
    let draft = service::duplicate::like::Draft {
        name: "甲二市安达物流".to_owned(),
        ..service::duplicate::like::Draft::default()
    };
    let alike = service::duplicate::like::run(&world.services, &admin, &draft).await.expect("an answer");
    assert_eq!(
        alike.iter().map(|one| one.open.as_ref().map(|open| open.0)).collect::<Vec<_>>(),
        [Some(id(2))]
    );
}

#[tokio::test]
async fn one_run_is_at_work_at_a_time_and_ends_in_the_background() {
    let operator = entered_twice();
    let world = World::published(operator.clone()).await;
    let admin = operator.actor(Role::Admin, 0);
    let start = async |second: i64| find::start(&world.services, &admin, Arc::new(move || at(second))).await;
    start(20).await.expect("begun");
    let ended = async || loop {
        let view = list::run(&world.services, &admin, 0).await.expect("the queue");
        let run = view.run.expect("a run");
        if run.ended_at.is_some() {
            return (run.customers, run.pairs, view.total);
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert_eq!(ended().await, (Some(4), Some(2), 2));
    // One that was killed is in nobody's way after an hour.
    let records = records(&world).await;
    assert!(records.begin_duplicate_run(None, at(30), at(0)).await.expect("records").is_some());
    assert_eq!(start(31).await.expect_err("one is at work").kind, ProblemKind::Conflict);
    start(30 + 3_601).await.expect("begun");
    assert_eq!(ended().await, (Some(4), Some(2), 2));
}

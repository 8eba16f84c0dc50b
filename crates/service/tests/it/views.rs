//! Views of the list that people keep: who sees them, who changes them, and that they show nobody more than they may see.

use domain::id::{OrgUnitId, ViewId};
use domain::staff::Role;
use domain::{LifecycleStage, ProblemKind};
use service::customer::{self, Column, Columns, CustomerQuery, CustomerSort};
use service::view::{SavedView, change, delete, keep, list, pin};
use service::{Actor, view};

use crate::world::{Operator, World, at, simple};

/// Headquarters, two provinces, and a city in the first; a head in each, and one more in the city's.
fn operator() -> Operator {
    let customers = [(3, Some(3)), (3, Some(4)), (1, None), (2, None)];
    simple(vec![None, Some(0), Some(0), Some(1)], vec![0, 1, 2, 3, 3], &customers, 1)
}

/// The world, with a user for each of five people.
async fn world() -> (World, [Actor; 5]) {
    let operator = operator();
    let world = World::published(operator.clone()).await;
    let actors = world.heads(&operator).await;
    (world, actors)
}

fn query() -> CustomerQuery {
    CustomerQuery {
        stages: vec![LifecycleStage::Growth],
        unit: Some(OrgUnitId::new(4)),
        sort: CustomerSort::Risk,
        descending: true,
        columns: Columns::new([Column::Risk, Column::Code]),
        ..CustomerQuery::first()
    }
}

async fn seen(world: &World, actor: &Actor) -> Vec<SavedView> {
    list::run(&world.services, actor).await.expect("views")
}

async fn names(world: &World, actor: &Actor) -> Vec<String> {
    seen(world, actor).await.into_iter().map(|view| view.name).collect()
}

async fn kept(world: &World, actor: &Actor, name: &str, shared: bool) -> ViewId {
    keep::run(&world.services, actor, name, &query(), shared, at(5)).await.expect("kept")
}

#[tokio::test]
async fn a_view_is_its_owners_or_that_of_a_unit_and_those_below() {
    let (world, [hq, province, other, city, manager]) = world().await;
    let id = kept(&world, &province, " growing ", true).await;
    kept(&world, &city, "mine", false).await;
    for (actor, expected) in
        [(&hq, vec![]), (&province, vec!["growing"]), (&other, vec![]), (&city, vec!["growing", "mine"])]
    {
        assert_eq!(names(&world, actor).await, expected);
    }
    // It is read as it was kept, whatever the page was, and knows itself.
    let opened = seen(&world, &manager).await.remove(0);
    assert_eq!(opened.query, CustomerQuery { view: Some(id), ..query() });
    // Opened with less sight it shows less.
    let own = Actor { role: Role::AccountManager, ..manager.clone() };
    let own = Actor { scope: domain::policy::Scope::new(own.role.home(own.staff, own.unit.id), None), ..own };
    let all = CustomerQuery { stages: Vec::new(), ..opened.query };
    let of_head = customer::list::run(&world.services, &province, &all).await.expect("a list");
    let of_manager = customer::list::run(&world.services, &own, &all).await.expect("a list");
    assert_eq!((of_head.total, of_manager.total), (2, 1));
    // Who does not build segments keeps views, but shares none.
    let refused = keep::run(&world.services, &own, "x", &query(), true, at(5)).await.expect_err("refused");
    assert_eq!(refused.kind, ProblemKind::NotFound);
    keep::run(&world.services, &own, "x", &query(), false, at(5)).await.expect("kept");
}

#[tokio::test]
async fn who_is_second_is_shown_what_the_first_made_of_it() {
    let (world, [hq, province, other, city, _]) = world().await;
    let id = kept(&world, &province, "growing", true).await;
    let revision = seen(&world, &province).await[0].revision;
    let wider = CustomerQuery::first();
    let change = async |actor: &Actor, name: Option<&str>, query: Option<&CustomerQuery>, seen: i64| {
        change::run(&world.services, actor, id, (name, query), seen, at(9)).await
    };
    let kept = change(&province, Some("all"), None, revision).await.expect("an outcome");
    assert_eq!(kept, change::Outcome::Kept);
    match change(&province, None, Some(&wider), revision).await.expect("an outcome") {
        change::Outcome::Again(by_now) => {
            assert_eq!((by_now.name.as_str(), by_now.revision), ("all", revision + 1));
            let kept = change(&province, None, Some(&wider), by_now.revision).await.expect("an outcome");
            assert_eq!(kept, change::Outcome::Kept);
        }
        change::Outcome::Kept => unreachable!("it was changed since"),
    }
    assert_eq!(seen(&world, &city).await[0].query.itself(), wider);
    // The city sees it and does not change it; others do not know of it.
    for actor in [&hq, &other, &city] {
        let refused = change(actor, Some("theirs"), None, revision + 2).await.expect_err("refused");
        assert_eq!(refused.kind, ProblemKind::NotFound);
        assert!(delete::run(&world.services, actor, id, at(9)).await.is_err());
    }
    delete::run(&world.services, &province, id, at(9)).await.expect("deleted");
    assert_eq!(names(&world, &city).await, Vec::<String>::new());
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let entries = records.audit("views", Some(id.get()), 10).await.expect("entries");
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["view.delete", "view.change", "view.change", "view.keep"]);
    assert_eq!(entries[2].details["name"], "growing", "what it was stays with the audit");
}

#[tokio::test]
async fn pins_are_ones_own_and_come_first() {
    let (world, [_, province, _, city, _]) = world().await;
    let shared = kept(&world, &province, "shared", true).await;
    let mine = kept(&world, &city, "mine", false).await;
    let pin = async |actor: &Actor, id: ViewId, wanted: bool| {
        pin::run(&world.services, actor, id, wanted, at(9)).await
    };
    assert_eq!(names(&world, &city).await, ["mine", "shared"]);
    pin(&city, shared, true).await.expect("pinned");
    pin(&city, shared, true).await.expect("pinned already");
    assert_eq!(names(&world, &city).await, ["shared", "mine"]);
    assert!(!seen(&world, &province).await[0].is_pinned, "nobody else's");
    assert_eq!(pin(&province, mine, true).await.expect_err("another's").kind, ProblemKind::NotFound);
    pin(&city, shared, false).await.expect("taken out");
    assert_eq!(names(&world, &city).await, ["mine", "shared"]);
    for place in 0..view::MOST_PINS {
        let id = kept(&world, &city, &format!("view {place}"), false).await;
        pin(&city, id, true).await.expect("pinned");
    }
    assert_eq!(pin(&city, mine, true).await.expect_err("too many").cause.key, "problem-pins-most");
}

#[tokio::test]
async fn a_name_is_given_once_and_is_one() {
    let (world, [_, province, _, city, other_of_city]) = world().await;
    kept(&world, &city, "mine", false).await;
    kept(&world, &other_of_city, "mine", false).await;
    kept(&world, &city, "ours", true).await;
    kept(&world, &province, "ours", true).await;
    let refused = async |actor: &Actor, name: &str, shared: bool| {
        keep::run(&world.services, actor, name, &query(), shared, at(5)).await.expect_err("refused").cause.key
    };
    assert_eq!(refused(&city, "mine", false).await, "problem-view-taken");
    assert_eq!(refused(&other_of_city, "ours", true).await, "problem-view-taken");
    for name in ["", "  ", "a\u{7}b", &"x".repeat(view::LONGEST_NAME + 1)] {
        assert_eq!(refused(&city, name, false).await, "problem-view-name");
    }
    let long = CustomerQuery { text: Some("长".repeat(2000)), ..query() };
    let refused = keep::run(&world.services, &city, "long", &long, false, at(5)).await;
    assert_eq!(refused.expect_err("too long").cause.key, "problem-view-long");
}

//! What is done about members who may be dissatisfied: what the nearest unit says, and nobody overwrites another unseen.

use domain::LifecycleStage;
use domain::archive::PROSE;
use domain::id::OrgUnitId;
use domain::satisfaction::MemberConcern;
use domain::segment::SegmentValue;
use domain::staff::Role;
use domain::tactic::TacticCell;
use service::tactic::{save, show};
use service::{Actor, member};

use crate::world::{CustomerState, World, at, simple};

fn cell(stars: u8, value: SegmentValue) -> TacticCell {
    TacticCell::new(stars.try_into().ok(), value)
}

/// Headquarters, a province and a county in it, a head in each, and one dissatisfied member of high value at a customer of four stars of the
/// county.
async fn world() -> (World, [Actor; 3]) {
    let mut operator = simple(vec![None, Some(0), Some(1)], vec![0, 1, 2], &[(2, Some(2))], 1);
    let state = CustomerState { stage: LifecycleStage::Maturity, revenue: 900_000, stars: 4 };
    operator.customers[0].months = vec![Some(state)];
    let world = World::published(operator.clone()).await;
    let actors = world.heads(&operator).await;
    (world, actors)
}

async fn said(world: &World, actor: &Actor, cell: TacticCell) -> (Option<String>, i64) {
    let view = show::run(&world.services, actor).await.expect("a page");
    let line = view.lines.into_iter().nth(cell.index()).expect("a line");
    (line.tactic.said.map(|said| said.text), line.revision)
}

#[tokio::test]
async fn the_nearest_unit_that_says_something_is_followed() {
    let (world, [hq, province, county]) = world().await;
    let waiting = async |actor: &Actor| {
        let queue = member::queue::run(&world.services, actor, None).await.expect("a page");
        let line = queue.lines.into_iter().next().expect("a line");
        (line.tactic.cell, line.tactic.said.map(|said| (said.text, said.unit)))
    };
    let (of, nothing) = waiting(&county).await;
    assert_eq!((of.stars(), nothing), (4, None), "the default holds");
    let say = async |actor: &Actor, text: &str, seen: i64| {
        save::run(&world.services, actor, of, text, seen, at(5)).await.expect("an outcome")
    };
    assert_eq!(say(&hq, " call\r\ntwice ", 0).await, save::Outcome::Kept);
    for actor in [&hq, &province, &county] {
        assert_eq!(said(&world, actor, of).await.0.as_deref(), Some("call\ntwice"));
        let (_, line) = waiting(actor).await;
        assert_eq!(line, Some(("call\ntwice".to_owned(), OrgUnitId::new(1))));
    }
    assert_eq!(say(&province, "visit", 0).await, save::Outcome::Kept);
    assert_eq!(said(&world, &hq, of).await.0.as_deref(), Some("call\ntwice"));
    assert_eq!(said(&world, &county, of).await.0.as_deref(), Some("visit"));
    // The member is the county's, whoever looks.
    assert_eq!(waiting(&hq).await.1, Some(("visit".to_owned(), OrgUnitId::new(2))));
    assert_eq!(say(&province, "", 1).await, save::Outcome::Kept);
    assert_eq!(said(&world, &province, of).await, (Some("call\ntwice".to_owned()), 2));
    assert_eq!(said(&world, &county, cell(1, SegmentValue::Low)).await, (None, 0), "other cells stay");
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let (world, [hq, province, _]) = world().await;
    let of = cell(0, SegmentValue::Medium);
    let say = async |actor: &Actor, text: &str, seen: i64| {
        save::run(&world.services, actor, of, text, seen, at(5)).await
    };
    assert_eq!(say(&hq, "first", 0).await.expect("kept"), save::Outcome::Kept);
    assert_eq!(say(&hq, "second", 0).await.expect("an outcome"), save::Outcome::Changed);
    assert_eq!(said(&world, &hq, of).await, (Some("first".to_owned()), 1));
    assert_eq!(say(&hq, "second", 1).await.expect("kept"), save::Outcome::Kept);
    // Another unit's cell is another.
    assert_eq!(say(&province, "theirs", 0).await.expect("kept"), save::Outcome::Kept);
    for text in ["x".repeat(PROSE + 1), "a\u{7}b".to_owned()] {
        assert!(say(&hq, &text, 2).await.is_err());
    }
    let manager = Actor { role: Role::AccountManager, ..hq.clone() };
    assert!(say(&manager, "mine", 2).await.is_err() && show::run(&world.services, &manager).await.is_err());
    assert_eq!(said(&world, &hq, of).await, (Some("second".to_owned()), 2));
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let entries = records.audit("org_units", Some(hq.unit.id.get()), 10).await.expect("entries");
    let told: Vec<_> =
        entries.iter().map(|entry| (entry.action.as_str(), &entry.details["before"])).collect();
    assert_eq!(told.len(), 2);
    assert_eq!((told[0].0, told[0].1.as_str()), ("tactic.change", Some("first")));
}

#[tokio::test]
async fn who_may_leave_waits_beside_who_is_dissatisfied() {
    let owned = [(0, Some(0)), (0, Some(0)), (0, Some(0)), (0, Some(0))];
    let mut operator = simple(vec![None], vec![0], &owned, 1);
    for (customer, (stars, revenue)) in
        operator.customers.iter_mut().zip([(0, 500), (0, 500), (2, 500), (3, 10_000)])
    {
        customer.months = vec![Some(CustomerState { stage: LifecycleStage::Maturity, revenue, stars })];
    }
    let world = World::published(operator.clone()).await;
    let head = operator.actor(Role::UnitHead, 0);
    let waiting = async |only| {
        let queue = member::queue::run(&world.services, &head, only).await.expect("a page");
        assert_eq!(queue.by_concern, [1, 1, 1], "counts stay, whatever is asked for");
        let lines: Vec<_> = queue.lines.iter().map(|line| (line.customer.get(), line.concern)).collect();
        assert_eq!(lines.len() as u64, queue.total());
        lines
    };
    let (dissatisfied, leaving, both) =
        ((3, MemberConcern::Dissatisfied), (1, MemberConcern::Leaving), (4, MemberConcern::Both));
    assert_eq!(waiting(None).await, [both, dissatisfied, leaving]);
    for one in [dissatisfied, leaving, both] {
        assert_eq!(waiting(Some(one.1)).await, [one]);
    }
}

//! To whom customers are given: hand-over with all open work, reassignment of a list, the pool, and the way back.

use domain::extract::{Cell, Table};
use domain::id::{AssignmentId, CustomerId, StaffId};
use domain::policy::{Granted, Scope};
use domain::staff::Role;
use domain::{Instant, ProblemKind};
use service::Actor;
use service::assignment::{Draft, claim, list, plan, pool, reassign, undo};
use service::customer::{CustomerQuery, Pairs};

use crate::grants::seen;
use crate::world::{Operator, World, at, rows, simple, staged, text};

const NOW: i64 = 1_800_000_000;

/// Two counties of a province; two managers in the first, one in the second. The fourth customer is on nobody's list.
async fn world() -> (World, Operator) {
    let customers = [(1, Some(0)), (1, Some(0)), (2, Some(2)), (1, None), (1, Some(1))];
    let operator = simple(vec![None, Some(0), Some(0)], vec![1, 1, 2, 0], &customers, 1);
    let world = World::published(operator.clone()).await;
    let opportunities = [(0, Cell::Null), (1, Cell::Whole(20_000))].map(|(customer, closed)| {
        let (code, customer) = (text(format!("O{customer}")), Cell::Whole(customer + 1));
        vec![code, customer, Cell::Whole(1), text("attention"), Cell::Whole(19_000), closed]
    });
    let columns = ["code", "customer_code", "manager_code", "stage", "opened_on", "closed_on"];
    let ticket =
        vec![text("T0"), Cell::Whole(2), text("fault"), text("phone"), Cell::Whole(0), Cell::Whole(1)];
    let of_ticket = ["code", "customer_code", "kind", "channel", "opened_at", "first_responder"];
    let more = vec![
        rows(Table::Tickets, &of_ticket, vec![ticket]),
        rows(Table::Opportunities, &columns, opportunities.to_vec()),
    ];
    world.stage(Ok(staged(more, Vec::new())));
    world.import(false).await.expect("imported");
    (world, operator)
}

fn hand_over(from: &str, to: &str) -> Draft {
    let text = str::to_owned;
    Draft { from: text(from), to: text(to), reason: text("换岗"), ..Draft::default() }
}

async fn done(world: &World, actor: &Actor, draft: Draft) -> AssignmentId {
    let planned = plan::run(&world.services, actor, &draft).await.expect("a plan");
    let draft = Draft { seen: planned.seen, ..draft };
    match reassign::run(&world.services, actor, &draft, at(NOW)).await.expect("an outcome") {
        reassign::Outcome::Done(id) => id,
        reassign::Outcome::Again(_) => unreachable!("nothing changed meanwhile"),
    }
}

async fn work(world: &World, staff: i64) -> (u64, u64) {
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let work = records.work_of(StaffId::new(staff)).await.expect("work");
    (work.opportunities, work.tickets)
}

#[tokio::test]
async fn a_whole_list_is_handed_over_with_its_open_work_and_given_back() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let (leaver, receiver) =
        (operator.actor(Role::AccountManager, 0), operator.actor(Role::AccountManager, 1));
    let draft = hand_over("S0", "S1");
    let planned = plan::run(&world.services, &head, &draft).await.expect("a plan");
    assert_eq!((planned.count, planned.work.opportunities, planned.work.tickets), (2, 1, 1));
    assert_eq!(planned.from, [(Some("person 0".to_owned()), 2)]);
    assert_eq!(planned.to, Some(("person 1".to_owned(), 1)));
    assert_eq!(seen(&world, &leaver).await, [1, 2], "a preview changes nothing");

    let id = done(&world, &head, draft).await;
    assert_eq!((seen(&world, &leaver).await, seen(&world, &receiver).await), (vec![], vec![1, 2, 5]));
    assert_eq!((work(&world, 1).await, work(&world, 2).await), ((0, 0), (1, 1)));
    let (rows, _) = list::run(&world.services, &head).await.expect("assignments");
    assert_eq!((rows[0].customers, rows[0].work, rows[0].from.as_deref()), (2, 2, Some("person 0")));
    let today =
        service::today::show::run(&world.services, &receiver, None, at(NOW + 60)).await.expect("today");
    assert_eq!(today.handed.len(), 1);

    // What came to someone else since stays there.
    done(&world, &head, Draft { query: vec![("q".to_owned(), "C1".to_owned())], ..hand_over("", "S2") })
        .await;
    assert_eq!(seen(&world, &receiver).await, [1, 5]);
    assert_eq!(undo::run(&world.services, &head, id, at(NOW)).await.expect("undone"), (3, 1));
    assert_eq!((seen(&world, &leaver).await, seen(&world, &receiver).await), (vec![1], vec![5]));
    assert_eq!(work(&world, 1).await, (1, 1));
    let again = undo::run(&world.services, &head, id, at(NOW)).await.expect_err("undone already");
    assert_eq!(again.kind, ProblemKind::NotFound);
}

#[tokio::test]
async fn what_changed_since_the_preview_is_shown_again() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let planned = plan::run(&world.services, &head, &hand_over("S0", "S1")).await.expect("a plan");
    let one = Draft { query: vec![("q".to_owned(), "C1".to_owned())], ..hand_over("", "S2") };
    done(&world, &head, one).await;
    let late = Draft { seen: planned.seen, ..hand_over("S0", "S1") };
    let outcome = reassign::run(&world.services, &head, &late, at(NOW)).await.expect("an outcome");
    assert!(matches!(outcome, reassign::Outcome::Again(plan) if plan.count == 1));
}

#[tokio::test]
async fn only_those_who_assign_and_only_what_is_their_own() {
    let (world, operator) = world().await;
    let (manager, head) = (operator.actor(Role::AccountManager, 0), operator.actor(Role::UnitHead, 0));
    let refused = plan::run(&world.services, &manager, &hand_over("S0", "S1")).await.expect_err("refused");
    assert_eq!(refused.kind, ProblemKind::NotFound);
    // The head of a county names nobody of another.
    let refused = plan::run(&world.services, &head, &hand_over("S2", "S1")).await.expect_err("refused");
    assert_eq!(refused.cause.key, "problem-grant-no-person");
    // Nor assigns what was granted to them.
    let everything: Pairs = Vec::new();
    let scope = Scope::new(head.scope.home(), [Granted::Tree(CustomerId::new(3))]);
    let granted = Actor { scope, ..head.clone() };
    let draft = Draft { query: everything, ..hand_over("", "S1") };
    let planned = plan::run(&world.services, &granted, &draft).await.expect("a plan");
    assert_eq!(planned.count, 3, "two of the other manager's and one of the pool");
    let id = done(&world, &operator.actor(Role::UnitHead, 3), hand_over("S2", "S1")).await;
    let refused = undo::run(&world.services, &operator.actor(Role::UnitHead, 2), id, at(NOW)).await;
    assert!(refused.is_ok(), "the county of the customer may put it back");
    let id = done(&world, &operator.actor(Role::UnitHead, 3), hand_over("S0", "S1")).await;
    let refused = undo::run(&world.services, &operator.actor(Role::UnitHead, 2), id, at(NOW)).await;
    assert_eq!(refused.expect_err("another county's").kind, ProblemKind::NotFound);
}

#[tokio::test]
async fn an_import_leaves_an_assignment_alone() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    done(&world, &head, hand_over("S0", "S1")).await;
    world.stage(Ok(staged(operator.records(), Vec::new())));
    world.import(false).await.expect("imported");
    assert_eq!(seen(&world, &operator.actor(Role::AccountManager, 1)).await, [1, 2, 5]);
}

#[tokio::test]
async fn a_customer_of_the_pool_is_claimed_once_and_within_the_quota() {
    let (_, operator) = world().await;
    let world = World::with_rules(operator.clone(), Some("[pool]\nclaims_per_month = 1\n")).await;
    world.import(false).await.expect("imported");
    world.add_user().await;
    let (one, other) = (operator.actor(Role::AccountManager, 0), operator.actor(Role::AccountManager, 1));
    let pool_of = async |actor: &Actor, now: Instant| {
        let pool = pool::run(&world.services, actor, now).await.expect("the pool");
        (pool.rows.iter().map(|row| row.id.get()).collect::<Vec<_>>(), pool.left)
    };
    assert_eq!(pool_of(&one, at(NOW)).await, (vec![4], 1));
    // Another county has a pool of its own.
    assert_eq!(pool_of(&operator.actor(Role::AccountManager, 2), at(NOW)).await, (vec![], 1));
    let id = CustomerId::new(4);
    claim::run(&world.services, &one, id, at(NOW)).await.expect("claimed");
    assert_eq!(seen(&world, &one).await, [1, 2, 4]);
    assert_eq!(pool_of(&one, at(NOW)).await, (vec![], 0));
    let late = claim::run(&world.services, &other, id, at(NOW)).await.expect_err("someone was faster");
    assert_eq!(late.cause.key, "problem-pool-gone");
    // Back in the pool, it is beyond the quota of the first until next month.
    let head = operator.actor(Role::UnitHead, 3);
    let (rows, _) = list::run(&world.services, &head).await.expect("assignments");
    assert_eq!(rows[0].customers, 1);
    done(&world, &head, Draft { query: vec![("q".to_owned(), "C3".to_owned())], ..hand_over("", "") }).await;
    let refused = claim::run(&world.services, &one, id, at(NOW)).await.expect_err("enough");
    assert_eq!(refused.cause.key, "problem-pool-enough");
    claim::run(&world.services, &one, id, at(NOW + 31 * 86_400)).await.expect("claimed next month");
}

#[tokio::test]
async fn both_who_claim_at_once_do_not_get_it() {
    let (world, operator) = world().await;
    let (one, other) = (operator.actor(Role::AccountManager, 0), operator.actor(Role::AccountManager, 1));
    let id = CustomerId::new(4);
    let (first, second) = tokio::join!(
        claim::run(&world.services, &one, id, at(NOW)),
        claim::run(&world.services, &other, id, at(NOW)),
    );
    assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|claimed| **claimed).count(), 1);
}

#[tokio::test]
async fn the_list_tells_the_pool_at_once_and_chosen_customers_move_alone() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let pool = async || {
        let query = CustomerQuery::parse(&[("managed".to_owned(), "nobody".to_owned())]);
        let page = service::customer::list::run(&world.services, &head, &query).await.expect("a list");
        let mut ids: Vec<i64> = page.rows.iter().map(|row| row.id.get()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(pool().await, [4]);
    let only = |id: &str| ("only".to_owned(), id.to_owned());
    let id = done(&world, &head, Draft { query: vec![only("2"), only("5")], ..hand_over("", "") }).await;
    assert_eq!(pool().await, [2, 4, 5]);
    undo::run(&world.services, &head, id, at(NOW)).await.expect("undone");
    assert_eq!(pool().await, [4]);
}

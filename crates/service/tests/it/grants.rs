//! Sight that is granted for a time: who may give what, when it is over, and why someone sees a customer.

use domain::id::{CustomerId, GrantId, StaffId};
use domain::policy::Scope;
use domain::staff::Role;
use domain::{Instant, ProblemKind};
use service::customer::CustomerQuery;
use service::grant::give::Draft;
use service::{Actor, collaboration, customer, grant, user};

use crate::world::{Operator, World, at, simple};

pub const DAY_S: i64 = 86_400;

/// Headquarters, two provinces, a county in the first. A customer of the county has one below it in the county and one
/// in the other province.
fn operator() -> Operator {
    let customers = [(3, None), (2, Some(1)), (3, Some(0)), (1, None)];
    let mut operator = simple(vec![None, Some(0), Some(0), Some(1)], vec![1, 2, 0], &customers, 1);
    operator.customers[1].above = Some(0);
    operator.customers[2].above = Some(0);
    operator
}

pub async fn world() -> (World, Operator) {
    let operator = operator();
    let world = World::published(operator.clone()).await;
    let head = StaffId::new(1);
    user::create::run(&world.services, "head", "a long password", head, [5; 16], at(0))
        .await
        .expect("a user");
    (world, operator)
}

fn draft(unit: &str, customer: &str) -> Draft {
    Draft {
        person: "S1".to_owned(),
        unit: unit.to_owned(),
        customer: customer.to_owned(),
        until: at(10 * DAY_S).date().to_string(),
        reason: " leased line between two provinces ".to_owned(),
    }
}

/// A person as a session would find them at a moment.
pub async fn actor(world: &World, operator: &Operator, role: Role, staff: usize, now: Instant) -> Actor {
    let actor = operator.actor(role, staff);
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let granted = records.granted(actor.staff, now.date()).await.expect("grants");
    Actor { scope: Scope::new(actor.scope.home(), granted), ..actor }
}

pub async fn seen(world: &World, actor: &Actor) -> Vec<i64> {
    let query = CustomerQuery::parse(&[("sort".to_owned(), "code".to_owned())]);
    let page = customer::list::run(&world.services, actor, &query).await.expect("a page");
    page.rows.iter().map(|row| row.id.get()).collect()
}

#[tokio::test]
async fn sight_is_granted_for_a_time_and_taken_back_at_once() {
    let (world, operator) = world().await;
    let manager =
        async |now| seen(&world, &actor(&world, &operator, Role::AccountManager, 1, now).await).await;
    assert_eq!(manager(at(0)).await, [2]);
    let head = operator.actor(Role::UnitHead, 0);
    let id = grant::give::run(&world.services, &head, &draft("U3", ""), at(0)).await.expect("given");
    assert_eq!(manager(at(0)).await, [1, 2, 3]);
    assert_eq!(manager(at(10 * DAY_S)).await, [1, 2, 3]);
    assert_eq!(manager(at(11 * DAY_S)).await, [2]);

    let listed = grant::list::run(&world.services, &head, at(0)).await.expect("a page").rows;
    let [(row, true)] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!(
        (row.id, row.reason.as_str(), row.code.as_str()),
        (id, "leased line between two provinces", "U3")
    );
    // Who holds it sees it, and cannot end it; who has nothing to do with it does not.
    let holder = operator.actor(Role::UnitHead, 1);
    let held = grant::list::run(&world.services, &holder, at(0)).await.expect("a page").rows;
    assert_eq!(held.iter().map(|(row, may_end)| (row.id, *may_end)).collect::<Vec<_>>(), [(id, false)]);
    for (who, which) in [(&holder, id), (&head, GrantId::new(9))] {
        let refused = grant::end::run(&world.services, who, which, at(0)).await.expect_err("not theirs");
        assert_eq!(refused.kind, ProblemKind::NotFound);
    }

    grant::end::run(&world.services, &head, id, at(DAY_S)).await.expect("ended");
    assert_eq!(manager(at(DAY_S)).await, [2]);
    assert!(grant::end::run(&world.services, &head, id, at(DAY_S)).await.is_err(), "it is over");
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let audit = records.audit("grants", Some(id.get()), 9).await.expect("entries");
    let actions: Vec<&str> = audit.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["grant.end", "grant.give"]);
}

#[tokio::test]
async fn a_branch_of_a_tree_is_shown_across_units_by_the_unit_above_them() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 0);
    let refused =
        grant::give::run(&world.services, &head, &draft("", "C0"), at(0)).await.expect_err("not own");
    assert_eq!(refused.cause.key, "problem-grant-not-own");
    let own = grant::give::run(&world.services, &head, &draft("", "C2"), at(0)).await;
    assert!(own.is_ok(), "a branch that lies in the unit");
    let admin = operator.actor(Role::Admin, 2);
    grant::give::run(&world.services, &admin, &draft("", "C0"), at(0)).await.expect("given");
    let manager = actor(&world, &operator, Role::AccountManager, 1, at(0)).await;
    assert_eq!(seen(&world, &manager).await, [1, 2, 3]);
    let view = customer::show::run(&world.services, &manager, CustomerId::new(1), at(1_800_000_000))
        .await
        .expect("an answer");
    assert!(view.expect("the customer").tree.iter().all(|node| node.open.is_some()));
}

#[tokio::test]
async fn nobody_gives_what_is_not_theirs_and_bad_terms_give_nothing() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 0);
    let term = |until: &str| Draft { until: until.to_owned(), ..draft("U3", "") };
    let cases = [
        (Draft { person: "S9".to_owned(), ..draft("U3", "") }, "problem-grant-no-person"),
        (draft("", ""), "problem-grant-nothing"),
        (draft("U3", "C0"), "problem-grant-nothing"),
        // What the head does not see is not there.
        (draft("U2", ""), "problem-grant-no-unit"),
        (draft("", "C1"), "problem-no-customer"),
        (term(&at(-DAY_S).date().to_string()), "problem-grant-term"),
        (term(&at(367 * DAY_S).date().to_string()), "problem-grant-term"),
        (term("tomorrow"), "problem-grant-term"),
        (Draft { reason: " \u{7} ".to_owned(), ..draft("U3", "") }, "problem-no-reason"),
    ];
    for (draft, key) in cases {
        let refused = grant::give::run(&world.services, &head, &draft, at(0)).await.expect_err(key);
        assert_eq!(refused.cause.key, key, "{draft:?}");
    }
    for role in [Role::AccountManager, Role::Analyst] {
        let actor = operator.actor(role, 2);
        let refused =
            grant::give::run(&world.services, &actor, &draft("U3", ""), at(0)).await.expect_err("role");
        assert_eq!(refused.kind, ProblemKind::NotFound);
    }
    assert_eq!(grant::list::run(&world.services, &head, at(0)).await.expect("a page").rows, []);
    // What one was granted oneself is not one's own to pass on.
    grant::give::run(&world.services, &head, &draft("U3", ""), at(0)).await.expect("given");
    let holder = actor(&world, &operator, Role::UnitHead, 1, at(0)).await;
    let refused =
        grant::give::run(&world.services, &holder, &draft("U3", ""), at(0)).await.expect_err("not own");
    assert_eq!(refused.cause.key, "problem-grant-not-own");
}

#[tokio::test]
async fn the_explanation_agrees_with_what_the_list_shows() {
    let (world, operator) = world().await;
    let (admin, head) = (operator.actor(Role::Admin, 2), operator.actor(Role::UnitHead, 0));
    grant::give::run(&world.services, &admin, &draft("", "C0"), at(0)).await.expect("given");
    grant::give::run(&world.services, &admin, &draft("U1", ""), at(0)).await.expect("given");
    let work = collaboration::open::Draft {
        customer: "C0".to_owned(),
        subject: "leased line".to_owned(),
        lead: ("U1".to_owned(), at(10 * DAY_S).date().to_string()),
        assisting: vec![("U2".to_owned(), at(5 * DAY_S).date().to_string())],
    };
    collaboration::open::run(&world.services, &head, &work, at(0)).await.expect("opened");
    // In this world everyone answers for customers of their own.
    for staff in 0..operator.staff.len() {
        for now in [at(0), at(11 * DAY_S)] {
            let seen = seen(&world, &actor(&world, &operator, Role::AccountManager, staff, now).await).await;
            for place in 0..operator.customers.len() {
                let (person, code) = (format!("S{staff}"), format!("C{place}"));
                let access = grant::explain::run(&world.services, &admin, &person, &code, now).await;
                let access = access.expect("an explanation");
                assert_eq!(access.sees, seen.contains(&access.customer.get()), "{person} {code}");
                let granted = access.grants.iter().any(|(_, holds)| *holds);
                let grounds = access.home.1 || granted || access.work.iter().any(|(_, holds)| *holds);
                assert_eq!(access.sees, grounds);
            }
        }
    }
    let foreign =
        grant::explain::run(&world.services, &head, "S1", "C1", at(0)).await.expect_err("not in sight");
    assert_eq!(foreign.cause.key, "problem-no-customer");
}

#[tokio::test]
async fn a_grant_of_what_one_sees_anyway_changes_nothing() {
    let (world, operator) = world().await;
    let admin = operator.actor(Role::Admin, 2);
    let page = async || {
        let head = actor(&world, &operator, Role::UnitHead, 0, at(0)).await;
        customer::list::run(&world.services, &head, &CustomerQuery::first()).await.expect("a page")
    };
    let before = page().await;
    for unit in ["U1", "U3"] {
        let draft = Draft { person: "S0".to_owned(), ..draft(unit, "") };
        grant::give::run(&world.services, &admin, &draft, at(0)).await.expect("given");
    }
    assert_eq!(page().await, before);
}

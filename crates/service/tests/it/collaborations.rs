//! Work on a customer tree by units that do not see each other's customers: who opens what, and for how long.

use domain::id::{CollaborationId, OrgUnitId};
use domain::staff::Role;
use domain::{Problem, ProblemKind};
use service::collaboration::open::Draft;
use service::collaboration::turn::Asked;
use service::{Actor, collaboration, today};

use crate::grants::{DAY_S, actor, seen, world};
use crate::world::{World, at};

/// Units of [`world`]: the province that leads, and the other one.
const LEAD: i64 = 2;
const OTHER: i64 = 3;

fn day(days: i64) -> String {
    at(days * DAY_S).date().to_string()
}

fn draft() -> Draft {
    Draft {
        customer: "C0".to_owned(),
        subject: " leased line between two provinces ".to_owned(),
        lead: ("U1".to_owned(), day(10)),
        assisting: vec![("unit 2".to_owned(), day(5)), (String::new(), day(5))],
    }
}

async fn open(world: &World, actor: &Actor, draft: &Draft) -> Result<CollaborationId, Problem> {
    collaboration::open::run(&world.services, actor, draft, at(0)).await
}

async fn turn(world: &World, actor: &Actor, unit: i64, asked: Asked) -> Result<(), Problem> {
    let (id, unit) = (CollaborationId::new(1), OrgUnitId::new(unit));
    collaboration::turn::run(&world.services, actor, id, unit, &asked, at(0)).await
}

#[tokio::test]
async fn each_unit_opens_its_own_of_the_tree_and_nobody_that_of_another() {
    let (world, operator) = world().await;
    let sees = async |role, staff, days| {
        seen(&world, &actor(&world, &operator, role, staff, at(days * DAY_S)).await).await
    };
    let (head, other) = (operator.actor(Role::UnitHead, 0), operator.actor(Role::UnitHead, 1));
    assert_eq!(sees(Role::AccountManager, 1, 0).await, [2]);
    open(&world, &head, &draft()).await.expect("opened");
    // Who is asked sees at once what the others opened, and they see nothing of it until it joins.
    assert_eq!(sees(Role::AccountManager, 1, 0).await, [1, 2, 3]);
    assert_eq!(sees(Role::UnitHead, 0, 0).await, [1, 3, 4]);
    turn(&world, &other, OTHER, Asked::Join).await.expect("joined");
    assert_eq!(sees(Role::UnitHead, 0, 0).await, [1, 2, 3, 4]);
    // A manager below the unit that leads sees the whole tree, and of other trees only what is theirs.
    assert_eq!(sees(Role::AccountManager, 0, 0).await, [1, 2, 3]);
    // Until the last day of all as it was then: who leads moves days, and keeps nothing of another's open with it.
    assert_eq!(sees(Role::UnitHead, 0, 10).await, [1, 2, 3, 4]);
    assert_eq!(sees(Role::UnitHead, 0, 11).await, [1, 3, 4]);
    turn(&world, &head, LEAD, Asked::Due(day(12))).await.expect("moved");
    assert_eq!(sees(Role::UnitHead, 0, 11).await, [1, 3, 4]);
    turn(&world, &other, OTHER, Asked::Join).await.expect("stays open");
    assert_eq!(sees(Role::UnitHead, 0, 11).await, [1, 2, 3, 4]);
    assert!(turn(&world, &other, OTHER, Asked::Join).await.is_err(), "it is open up to the last day");
    // It leaves when it likes, and sees on what the others show.
    turn(&world, &other, OTHER, Asked::Leave).await.expect("left");
    assert_eq!(sees(Role::UnitHead, 0, 1).await, [1, 3, 4]);
    assert_eq!(sees(Role::AccountManager, 1, 1).await, [1, 2, 3]);
    assert!(turn(&world, &other, OTHER, Asked::Leave).await.is_err(), "it has left");
    turn(&world, &other, OTHER, Asked::Join).await.expect("joined again");
    turn(&world, &other, OTHER, Asked::Finish).await.expect("done");
    assert!(turn(&world, &head, OTHER, Asked::Due(day(20))).await.is_err(), "what is done has no other day");
    collaboration::close::run(&world.services, &head, CollaborationId::new(1), "line is up", at(DAY_S))
        .await
        .expect("closed");
    assert_eq!(sees(Role::UnitHead, 0, 1).await, [1, 3, 4]);
    assert_eq!(sees(Role::AccountManager, 1, 1).await, [2]);

    let records = store::Store::open(world.folder.path()).await.expect("records");
    let audit = records.audit("collaborations", Some(1), 20).await.expect("entries");
    let actions: Vec<&str> = audit.iter().rev().map(|entry| entry.action.as_str()).collect();
    let all = ["open", "join", "due", "join", "leave", "join", "finish", "close"]
        .map(|act| format!("collaboration.{act}"));
    assert_eq!(actions, all);
}

#[tokio::test]
async fn what_concerns_someone_is_listed_and_waits_for_who_answers_for_it() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 0);
    open(&world, &head, &draft()).await.expect("opened");
    let listed = async |actor: &Actor, days: i64| {
        let now = at(days * DAY_S);
        let rows = collaboration::list::run(&world.services, actor, now).await.expect("a page").rows;
        let waiting =
            today::show::run(&world.services, actor, None, now).await.map_or(0, |today| today.collaborations);
        (rows.len(), rows.iter().filter(|one| one.is_own()).count(), waiting)
    };
    // The part that leads is due in ten days; the other has not joined.
    assert_eq!(listed(&head, 0).await, (1, 1, 0));
    assert_eq!(listed(&head, 3).await, (1, 1, 1));
    assert_eq!(listed(&operator.actor(Role::UnitHead, 1), 0).await, (1, 0, 1));
    assert_eq!(listed(&operator.actor(Role::Admin, 2), 0).await, (1, 1, 1));
    // Who works on it answers for nothing; who sees a unit far from it sees nothing.
    assert_eq!(listed(&operator.actor(Role::AccountManager, 1), 0).await, (1, 0, 0));
    let elsewhere =
        Actor { unit: operator.actor(Role::Admin, 2).unit, ..operator.actor(Role::AccountManager, 1) };
    assert_eq!(listed(&elsewhere, 0).await, (0, 0, 0));
}

#[tokio::test]
async fn what_is_anothers_or_badly_said_opens_nothing() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 0);
    let assisting =
        |units: &[&str]| units.iter().map(|unit| ((*unit).to_owned(), day(5))).collect::<Vec<_>>();
    let cases = [
        // What the head does not see is not there.
        (Draft { customer: "C1".to_owned(), ..draft() }, "problem-no-customer"),
        (Draft { lead: ("U2".to_owned(), day(10)), ..draft() }, "problem-collaboration-lead"),
        (Draft { lead: ("U1".to_owned(), day(-1)), ..draft() }, "problem-grant-term"),
        (Draft { lead: ("U1".to_owned(), String::new()), ..draft() }, "problem-grant-term"),
        (Draft { assisting: assisting(&["nowhere"]), ..draft() }, "problem-unit-unknown"),
        (Draft { assisting: assisting(&[""]), ..draft() }, "problem-collaboration-parties"),
        (Draft { assisting: assisting(&["U2", "unit 2"]), ..draft() }, "problem-collaboration-parties"),
        (Draft { assisting: assisting(&["U1"]), ..draft() }, "problem-collaboration-parties"),
        (Draft { subject: " \u{7} ".to_owned(), ..draft() }, "problem-collaboration-subject"),
    ];
    for (draft, key) in cases {
        let refused = open(&world, &head, &draft).await.expect_err(key);
        assert_eq!((refused.cause.key, refused.kind), (key, ProblemKind::BadInput), "{draft:?}");
    }
    let manager = operator.actor(Role::AccountManager, 2);
    assert_eq!(open(&world, &manager, &draft()).await.expect_err("role").kind, ProblemKind::NotFound);
    assert_eq!(collaboration::list::run(&world.services, &head, at(0)).await.expect("a page").rows, []);

    open(&world, &head, &draft()).await.expect("opened");
    let other = operator.actor(Role::UnitHead, 1);
    // What the other unit was shown is not its own to open to third ones.
    let shown = actor(&world, &operator, Role::UnitHead, 1, at(0)).await;
    let refused = open(&world, &shown, &Draft { lead: ("U2".to_owned(), day(10)), ..draft() }).await;
    assert_eq!(refused.expect_err("not own").cause.key, "problem-collaboration-not-own");
    for (who, unit, asked) in [
        (&head, OTHER, Asked::Join),
        (&head, LEAD, Asked::Join),
        (&other, OTHER, Asked::Finish),
        (&other, OTHER, Asked::Due(day(9))),
        (&manager, OTHER, Asked::Join),
        (&head, 9, Asked::Join),
    ] {
        let refused = turn(&world, who, unit, asked.clone()).await.expect_err("not theirs");
        assert_eq!(refused.kind, ProblemKind::NotFound, "{asked:?} {unit}");
    }
    let id = CollaborationId::new(1);
    let closed = collaboration::close::run(&world.services, &other, id, "done", at(0)).await;
    assert_eq!(closed.expect_err("not the lead").kind, ProblemKind::NotFound);
}

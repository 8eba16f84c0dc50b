use domain::id::StaffId;
use domain::policy::{Action, Home, Scope};
use domain::staff::Role;
use domain::{Lang, Problem, ProblemKind};
use service::customer::CustomerQuery;
use service::session::sign_in::Entered;
use service::session::{Origin, authenticate, sign_in, sign_out};
use service::{customer, data, insight, models, today, user};

use crate::world::{World, at, simple};

async fn world_with_user() -> World {
    let world = World::new(simple(vec![None], vec![0], &[(0, Some(0))], 1)).await;
    world.import(false).await.expect("an import");
    let staff = StaffId::new(1);
    user::create::run(&world.services, "li.lei", "a long password", staff, [5; 16], at(0))
        .await
        .expect("a user");
    world
}

#[tokio::test]
async fn a_session_begins_with_the_password_and_ends() {
    let world = world_with_user().await;
    let services = &world.services;
    let enter = async |password: &str| {
        let outcome = sign_in::run(services, "li.lei", password, [7; 32], &Origin::default(), at(10)).await;
        outcome.expect("an answer")
    };
    assert_eq!(enter("a wrong password").await, Entered::Wrong);
    let Entered::In(token) = enter("a long password").await else { panic!("not in") };
    let actor = authenticate::run(services, &token, at(11)).await.expect("an answer").expect("the actor");
    assert_eq!((actor.name.as_str(), actor.role), ("person 0", Role::AccountManager));
    assert_eq!(actor.scope, Scope::new(Home::Own(StaffId::new(1)), None));
    let tomorrow = at(10 + 24 * 3600);
    assert_eq!(authenticate::run(services, &token, tomorrow).await.expect("an answer"), None);
    assert_eq!(authenticate::run(services, "07", at(11)).await.expect("an answer"), None);
    sign_out::run(services, &token, at(12)).await.expect("signed out");
    assert_eq!(authenticate::run(services, &token, at(13)).await.expect("an answer"), None);
    // Whoever reads the files finds no token in them.
    for name in ["sessions.sqlite", "sessions.sqlite-wal", "records.sqlite", "records.sqlite-wal"] {
        let kept = std::fs::read(world.folder.path().join(name)).expect("the file");
        assert!(!kept.windows(token.len()).any(|window| window == token.as_bytes()), "{name}");
    }
}

#[tokio::test]
async fn after_many_failures_a_name_is_locked_whether_it_exists_or_not() {
    let world = world_with_user().await;
    let services = &world.services;
    for name in ["li.lei", "nobody"] {
        for _ in 0..10 {
            let outcome = sign_in::run(services, name, "guess", [7; 32], &Origin::default(), at(10)).await;
            assert_eq!(outcome.expect("an answer"), Entered::Wrong);
        }
        let locked =
            sign_in::run(services, name, "a long password", [7; 32], &Origin::default(), at(11)).await;
        let locked = locked.expect_err("locked");
        assert_eq!((locked.kind, locked.cause.key), (ProblemKind::Conflict, "problem-locked-out"));
    }
    let later = at(10 + 15 * 60);
    let entered =
        sign_in::run(services, "li.lei", "a long password", [7; 32], &Origin::default(), later).await;
    assert!(matches!(entered, Ok(Entered::In(_))), "{entered:?}");
}

#[tokio::test]
async fn users_are_made_with_sound_names_and_passwords_only() {
    let world = world_with_user().await;
    let make = |name: &'static str, password: &'static str, staff| {
        user::create::run(&world.services, name, password, StaffId::new(staff), [5; 16], at(0))
    };
    for (name, password, staff, key) in [
        ("li.lei", "another password", 1, "problem-username-taken"),
        ("", "another password", 1, "problem-username"),
        ("han mei", "another password", 1, "problem-username"),
        ("han", "short", 1, "problem-password-short"),
        ("han", "password123", 1, "problem-password-common"),
        ("li.mei", "I am LI.MEI", 1, "problem-password-username"),
        ("han", "another password", 9, "problem-no-staff"),
    ] {
        assert_eq!(make(name, password, staff).await.expect_err("refused").cause.key, key, "{name}");
    }
}

#[tokio::test]
async fn samples_stand_for_each_role_and_level() {
    let operator = simple(vec![None, Some(0)], vec![0, 1, 1], &[(1, Some(2)), (1, Some(2)), (1, Some(1))], 1);
    let world = World::published(operator).await;
    let samples = user::sample_staff(&world.services).await.expect("samples");
    let found: Vec<(i64, &str)> = samples.iter().map(|s| (s.staff.get(), s.level.code())).collect();
    assert_eq!(found, [(1, "hq"), (3, "province")]);
}

#[tokio::test]
async fn what_a_role_may_not_do_looks_like_nothing() {
    let world = World::published(simple(vec![None], vec![0], &[(0, Some(0))], 1)).await;
    let operator = simple(vec![None], vec![0], &[], 1);
    let refused =
        |outcome: Result<(), Problem>| outcome.err().map(|problem| (problem.kind, problem.cause.key));
    for &role in Role::ALL {
        let actor = operator.actor(role, 0);
        let (services, query) = (&world.services, CustomerQuery::default());
        let asked = [
            (Action::ViewToday, today::show::run(services, &actor, None, at(0)).await.map(drop)),
            (Action::ViewCustomers, customer::list::run(services, &actor, &query).await.map(drop)),
            (
                Action::ViewCustomers,
                customer::show::run(services, &actor, domain::id::CustomerId::new(1), at(1_800_000_000))
                    .await
                    .map(drop),
            ),
            (Action::ExportCustomers, customer::export::run(services, &actor, &query, at(5)).await.map(drop)),
            (Action::ViewInsight, insight::show::run(services, &actor, None).await.map(drop)),
            (Action::ViewInsight, models::show::run(services, &actor).await.map(drop)),
            (Action::ViewData, data::show::run(services, &actor).await.map(drop)),
        ];
        for (action, outcome) in asked {
            let expected = (!role.may(action)).then_some((ProblemKind::NotFound, "problem-not-found"));
            assert_eq!(refused(outcome), expected, "{role} {action}");
        }
    }
    for lang in Lang::ALL {
        assert!(text::has(lang, "problem-not-found"));
    }
}

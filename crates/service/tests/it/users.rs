//! Who may sign in: users that administrators look after, one's own account, the second step, tokens.

use std::sync::Arc;

use domain::id::{SessionId, StaffId, UserId};
use domain::policy::Action;
use domain::sign_in::Duty;
use domain::staff::Role;
use domain::{Instant, Problem, ProblemKind};
use service::account::password::Typed;
use service::account::show::SecondStep;
use service::actor::Through;
use service::customer::CustomerQuery;
use service::session::confirm::Confirmed;
use service::session::sign_in::Entered;
use service::session::{Origin, authenticate, confirm, end, sign_in};
use service::token::make::Draft as TokenDraft;
use service::user::Standing;
use service::user::list::{UserKind, UserQuery};
use service::user::make::{Draft, HandedOut};
use service::{Actor, account, customer, token, two_factor, user};
use totp_rs::{Builder, Secret};

use crate::grants::DAY_S;
use crate::world::{Operator, World, at, simple};

const PASSWORD: &str = "a long password";

/// Headquarters and two provinces, a person in each; the user of headquarters is `li.lei`.
fn operator() -> Operator {
    simple(vec![None, Some(0), Some(0)], vec![0, 1, 2], &[(1, Some(1)), (2, Some(2))], 1)
}

async fn world() -> (World, Operator) {
    world_with(None).await
}

async fn world_with(rules: Option<&str>) -> (World, Operator) {
    let operator = operator();
    let world = World::with_rules(operator.clone(), rules).await;
    world.import(false).await.expect("an import");
    world.cycle().await.expect("a cycle");
    world.add_user().await;
    (world, operator)
}

fn random(of: u8) -> [[u8; 32]; 2] {
    [[of; 32], [of + 1; 32]]
}

fn codes_random(of: u8) -> [[u8; 32]; two_factor::RECOVERY_CODES] {
    std::array::from_fn(|place| [of + place as u8; 32])
}

/// Lets a person sign in, as an administrator of headquarters does.
async fn made(world: &World, operator: &Operator, person: &str) -> HandedOut {
    let admin = operator.actor(Role::Admin, 0);
    let draft = Draft { person: person.to_owned(), username: String::new() };
    user::make::run(&world.services, &admin, &draft, random(1), at(0)).await.expect("made")
}

async fn enter(world: &World, username: &str, password: &str, token: u8, now: Instant) -> Entered {
    let origin = Origin { address: Some("192.0.2.7".to_owned()), agent: None };
    let outcome = sign_in::run(&world.services, username, password, [token; 32], &origin, now).await;
    outcome.expect("an answer")
}

async fn actor_of(world: &World, entered: Entered, now: Instant) -> Actor {
    let Entered::In(token) = entered else { panic!("not in: {entered:?}") };
    authenticate::run(&world.services, &token, now).await.expect("an answer").expect("the actor")
}

async fn is_in(world: &World, token: u8, now: Instant) -> bool {
    let token = service::hex(&[token; 32]);
    authenticate::run(&world.services, &token, now).await.expect("an answer").is_some()
}

fn key<T>(outcome: Result<T, Problem>) -> &'static str {
    outcome.err().map_or("nothing was refused", |problem| problem.cause.key)
}

async fn acts(world: &World, noun: &str) -> Vec<String> {
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let entries = records.audit(noun, None, 20).await.expect("entries");
    entries.into_iter().map(|entry| entry.action).collect()
}

#[tokio::test]
async fn a_handed_out_password_opens_nothing_before_it_is_changed() {
    let (world, operator) = world().await;
    let handed = made(&world, &operator, "S1").await;
    assert_eq!((handed.username.as_str(), handed.password.len()), ("S1", 12));
    let entered = enter(&world, "S1", &handed.password, 1, at(10)).await;
    let actor = actor_of(&world, entered, at(10)).await;
    assert_eq!(actor.duty, Some(Duty::Password));
    let list = customer::list::run(&world.services, &actor, &CustomerQuery::first()).await;
    assert_eq!(key(list), "problem-not-found");

    let change = async |old: &str, new: &str, again: &str| {
        let typed = Typed { old: old.to_owned(), new: new.to_owned(), again: again.to_owned() };
        account::password::run(&world.services, &actor, &typed, [9; 16], at(11)).await
    };
    let old = handed.password.as_str();
    for (old, new, again, refusal) in [
        ("not the old one", "a new password", "a new password", "problem-password-wrong"),
        (old, "a new password", "another one", "problem-password-twice"),
        (old, old, old, "problem-password-same"),
        (old, "short", "short", "problem-password-short"),
        (old, "password123", "password123", "problem-password-common"),
    ] {
        assert_eq!(key(change(old, new, again).await), refusal, "{new}");
    }
    change(old, "a new password", "a new password").await.expect("changed");
    let actor = actor_of(&world, Entered::In(service::hex(&[1; 32])), at(12)).await;
    assert_eq!(actor.duty, None);
    assert_eq!(enter(&world, "S1", old, 2, at(12)).await, Entered::Wrong);
    assert!(matches!(enter(&world, "S1", "a new password", 3, at(12)).await, Entered::In(_)));
    assert_eq!(acts(&world, "users").await, ["user.password", "user.create", "user.create"]);
}

#[tokio::test]
async fn a_handed_out_password_that_nobody_used_lapses() {
    let (world, operator) = world().await;
    let handed = made(&world, &operator, "S1").await;
    assert!(matches!(enter(&world, "S1", &handed.password, 1, at(7 * DAY_S - 1)).await, Entered::In(_)));
    assert_eq!(enter(&world, "S1", &handed.password, 2, at(7 * DAY_S)).await, Entered::Wrong);
}

#[tokio::test]
async fn users_are_made_for_people_in_sight_who_have_none() {
    let (world, operator) = world().await;
    let make = async |actor: &Actor, person: &str, username: &str| {
        let draft = Draft { person: person.to_owned(), username: username.to_owned() };
        user::make::run(&world.services, actor, &draft, random(1), at(0)).await
    };
    let (admin, province) = (operator.actor(Role::Admin, 0), operator.actor(Role::Admin, 1));
    for (actor, person, username, refusal) in [
        (&admin, "S9", "", "problem-user-no-person"),
        (&province, "S2", "", "problem-user-no-person"),
        (&admin, "S0", "", "problem-user-has-one"),
        (&admin, "S1", "li.lei", "problem-username-taken"),
        (&admin, "S1", "two words", "problem-username"),
    ] {
        assert_eq!(key(make(actor, person, username).await), refusal, "{person}");
    }
    // By the name as well, which nobody else has.
    let handed = make(&province, "person 1", "han").await.expect("made");
    assert_eq!(handed.username, "han");
}

#[tokio::test]
async fn an_administrator_sees_and_manages_people_of_the_own_unit_and_below_only() {
    let (world, operator) = world().await;
    made(&world, &operator, "S1").await;
    made(&world, &operator, "S2").await;
    let (admin, province) = (operator.actor(Role::Admin, 0), operator.actor(Role::Admin, 1));
    let names = async |actor: &Actor, query: &UserQuery| {
        let page = user::list::run(&world.services, actor, query, at(5)).await.expect("a page");
        page.rows.into_iter().map(|user| user.row.username).collect::<Vec<_>>()
    };
    assert_eq!(names(&admin, &UserQuery::default()).await, ["S1", "S2", "li.lei"]);
    assert_eq!(names(&province, &UserQuery::default()).await, ["S1"]);
    let find = |text: &str, kind| UserQuery { text: text.to_owned(), kind };
    assert_eq!(names(&admin, &find("PERSON 2", None)).await, ["S2"]);
    enter(&world, "S1", &made_password(), 1, at(4)).await;
    assert_eq!(names(&admin, &find("", Some(UserKind::SignedIn))).await, ["S1"]);
    assert_eq!(names(&admin, &find("", Some(UserKind::Never))).await, ["S2", "li.lei"]);

    // What is another's looks like what is not there.
    let foreign = UserId::new(3);
    assert_eq!(user::show::run(&world.services, &province, foreign, at(5)).await.expect("an answer"), None);
    let services = &world.services;
    for refused in [
        key(user::reset::run(services, &province, foreign, random(3), at(5)).await),
        key(user::suspend::run(services, &province, foreign, "x", at(5)).await),
        key(user::resume::run(services, &province, foreign, at(5)).await),
        key(two_factor::off::run(services, &province, foreign, "x", at(5)).await),
        key(user::end_session::run(services, &province, foreign, SessionId::new(1), at(5)).await),
    ] {
        assert_eq!(refused, "problem-not-found");
    }
    for &role in Role::ALL {
        let listed = user::list::run(services, &operator.actor(role, 0), &UserQuery::default(), at(5)).await;
        assert_eq!(listed.is_ok(), role == Role::Admin, "{role}");
    }
}

/// What [`made`] hands out.
fn made_password() -> String {
    user::one_time_password([1; 32])
}

#[tokio::test]
async fn who_is_suspended_is_out_at_once_and_let_in_again_begins_anew() {
    let (world, operator) = world().await;
    let handed = made(&world, &operator, "S1").await;
    let (services, admin, id) = (&world.services, operator.actor(Role::Admin, 0), UserId::new(2));
    enter(&world, "S1", &handed.password, 1, at(10)).await;
    assert!(is_in(&world, 1, at(10)).await);
    let suspend = async |id: i64, reason: &str| {
        key(user::suspend::run(services, &admin, UserId::new(id), reason, at(11)).await)
    };
    assert_eq!(suspend(1, "x").await, "problem-user-self");
    assert_eq!(suspend(2, " ").await, "problem-no-reason");
    assert_eq!(suspend(2, "left the company").await, "nothing was refused");
    assert_eq!(suspend(2, "again").await, "problem-not-found");
    assert!(!is_in(&world, 1, at(11)).await);
    assert_eq!(enter(&world, "S1", &handed.password, 2, at(11)).await, Entered::Wrong);
    user::resume::run(services, &admin, id, at(12)).await.expect("let in again");
    assert!(!is_in(&world, 1, at(12)).await, "sessions of before stay over");
    assert!(matches!(enter(&world, "S1", &handed.password, 3, at(12)).await, Entered::In(_)));
    let view = user::show::run(services, &admin, id, at(13)).await.expect("an answer").expect("the user");
    let outcomes: Vec<&str> = view.history.iter().map(|attempt| attempt.outcome.code()).collect();
    assert_eq!(outcomes, ["password", "suspended", "password"]);
    assert_eq!(view.history[0].origin.address.as_deref(), Some("192.0.2.7"));
    let [session] = view.sessions.as_slice() else { panic!("{:?}", view.sessions) };
    user::end_session::run(services, &admin, id, session.id, at(13)).await.expect("ended");
    assert!(!is_in(&world, 3, at(13)).await);
    assert_eq!(acts(&world, "users").await[..2], ["user.resume", "user.suspend"]);
}

#[tokio::test]
async fn a_reset_ends_sessions_and_lifts_a_lock_out() {
    let (world, operator) = world().await;
    let handed = made(&world, &operator, "S1").await;
    let (services, admin, id) = (&world.services, operator.actor(Role::Admin, 0), UserId::new(2));
    enter(&world, "S1", &handed.password, 1, at(10)).await;
    for _ in 0..10 {
        enter(&world, "S1", "guess", 2, at(11)).await;
    }
    let standing = async || {
        let view = user::show::run(services, &admin, id, at(12)).await.expect("an answer");
        view.expect("the user").standing
    };
    assert_eq!(standing().await, Standing::Locked);
    let own = user::reset::run(services, &admin, UserId::new(1), random(5), at(12)).await;
    assert_eq!(key(own), "problem-user-self");
    let new = user::reset::run(services, &admin, id, random(5), at(12)).await.expect("reset");
    assert_eq!(standing().await, Standing::Fresh);
    assert!(!is_in(&world, 1, at(12)).await);
    assert!(matches!(enter(&world, "S1", &new.password, 3, at(12)).await, Entered::In(_)));
    // From the machine itself, where nobody is signed in.
    let again = user::reset::on_machine(services, "S1", random(7), at(13)).await.expect("reset");
    assert!(matches!(enter(&world, "S1", &again.password, 4, at(13)).await, Entered::In(_)));
    assert_eq!(
        key(user::reset::on_machine(services, "nobody", random(7), at(13)).await),
        "problem-user-unknown"
    );
}

#[tokio::test]
async fn ones_own_sessions_end_one_by_one_or_all_others_at_once() {
    let (world, _) = world().await;
    let services = &world.services;
    let entered = enter(&world, "li.lei", PASSWORD, 1, at(10)).await;
    let actor = actor_of(&world, entered, at(10)).await;
    for token in 2..5 {
        enter(&world, "li.lei", PASSWORD, token, at(10)).await;
    }
    let view = account::show::run(services, &actor, at(11)).await.expect("the account");
    assert_eq!(view.sessions.len(), 4);
    let second = view.sessions.iter().map(|session| session.id.get()).find(|&id| id == 2).expect("a session");
    end::run(services, &actor, SessionId::new(second), at(11)).await.expect("ended");
    assert!(!is_in(&world, 2, at(11)).await && is_in(&world, 3, at(11)).await);
    assert_eq!(key(end::run(services, &actor, SessionId::new(99), at(11)).await), "problem-not-found");
    end::others(services, &actor, at(12)).await.expect("ended");
    assert!(is_in(&world, 1, at(12)).await && !is_in(&world, 3, at(12)).await);
}

#[tokio::test]
async fn the_rules_file_decides_length_lock_out_and_what_is_owed() {
    let rules = "[sign_in]\nsession_hours = 1\nidle_minutes = 10\nattempts = 3\nlocked_minutes = 2\n\
                 password_days = 30\npassword_shortest = 12\ntwo_factor_roles = [\"account_manager\"]\n";
    let (world, _) = world_with(Some(rules)).await;
    let entered = enter(&world, "li.lei", PASSWORD, 1, at(0)).await;
    // Everyone of this world is an account manager.
    assert_eq!(actor_of(&world, entered, at(1)).await.duty, Some(Duty::TwoFactor));
    assert!(is_in(&world, 1, at(599)).await, "each request counts");
    assert!(is_in(&world, 1, at(599 + 590)).await);
    assert!(!is_in(&world, 1, at(599 + 590 + 601)).await);
    enter(&world, "li.lei", PASSWORD, 2, at(0)).await;
    for minute in (0..60).step_by(5) {
        assert!(is_in(&world, 2, at(60 * minute)).await, "{minute}");
    }
    assert!(!is_in(&world, 2, at(3_600)).await);
    let entered = enter(&world, "li.lei", PASSWORD, 3, at(30 * DAY_S)).await;
    assert_eq!(actor_of(&world, entered, at(30 * DAY_S)).await.duty, Some(Duty::Password));
    let short =
        user::create::run(&world.services, "han", "eleven char", StaffId::new(2), [5; 16], at(0)).await;
    assert_eq!(key(short), "problem-password-short");
    for _ in 0..3 {
        enter(&world, "li.lei", "guess", 4, at(0)).await;
    }
    let locked = async |now| {
        let origin = Origin::default();
        sign_in::run(&world.services, "li.lei", PASSWORD, [5; 32], &origin, now).await.is_err()
    };
    assert!(locked(at(119)).await && !locked(at(120)).await);
}

/// Sets the second step up for `li.lei` at a moment; gives what makes codes, and the recovery codes.
async fn with_second_step(world: &World, actor: &Actor, now: Instant) -> (totp_rs::Totp, Vec<String>) {
    let services = &world.services;
    two_factor::begin::run(services, actor, random(30), now).await.expect("begun");
    let view = account::show::run(services, actor, now).await.expect("the account");
    let SecondStep::Begun { address, secret } = view.second_step else { panic!("{:?}", view.second_step) };
    assert!(address.contains(&secret), "{address}");
    let secret = Secret::try_from_base32(&secret).expect("a secret");
    let codes = Builder::new().with_secret(secret).build().expect("codes");
    let code = codes.generate(seconds(now)).to_string();
    let wrong = two_factor::confirm::run(services, actor, "000000", codes_random(40), now).await;
    assert_eq!(key(wrong), "problem-code-wrong");
    let recovery = two_factor::confirm::run(services, actor, &code, codes_random(40), now).await;
    (codes, recovery.expect("on"))
}

fn seconds(now: Instant) -> u64 {
    now.micros().unsigned_abs() / 1_000_000
}

async fn half(world: &World, token: u8, now: Instant) -> String {
    match enter(world, "li.lei", PASSWORD, token, now).await {
        Entered::Half(half) => half,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_second_step_asks_for_a_code_that_is_good_once() {
    let (world, _) = world().await;
    let services = &world.services;
    let entered = enter(&world, "li.lei", PASSWORD, 1, at(0)).await;
    let actor = actor_of(&world, entered, at(0)).await;
    enter(&world, "li.lei", PASSWORD, 2, at(0)).await;
    let (codes, recovery) = with_second_step(&world, &actor, at(0)).await;
    assert!(is_in(&world, 1, at(1)).await && !is_in(&world, 2, at(1)).await, "others began with less");

    let begun = half(&world, 3, at(60)).await;
    // Half signed in is worth nothing but a code.
    assert_eq!(authenticate::run(services, &begun, at(60)).await.expect("an answer"), None);
    let origin = Origin::default();
    let try_code = async |half: &str, code: &str, token: u8, now| {
        confirm::run(services, half, code, [token; 32], &origin, now).await.expect("an answer")
    };
    let code = codes.generate(seconds(at(60))).to_string();
    assert_eq!(try_code(&begun, "12345", 4, at(60)).await, Confirmed::Wrong);
    assert_eq!(try_code("nothing", &code, 4, at(60)).await, Confirmed::NotBegun);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert!(matches!(try_code(&begun, &spaced, 4, at(60)).await, Confirmed::In(_)));
    assert!(is_in(&world, 4, at(61)).await);
    assert_eq!(try_code(&begun, &code, 5, at(61)).await, Confirmed::NotBegun, "it was used up");
    let again = half(&world, 6, at(62)).await;
    assert_eq!(try_code(&again, &code, 7, at(62)).await, Confirmed::Wrong, "a code is good once");
    // Neither the one that set it up nor one of before.
    let before = codes.generate(seconds(at(30))).to_string();
    assert_eq!(try_code(&again, &before, 7, at(62)).await, Confirmed::Wrong);
    assert!(matches!(try_code(&again, &recovery[0].to_uppercase(), 7, at(62)).await, Confirmed::In(_)));
    let third = half(&world, 8, at(63)).await;
    assert_eq!(try_code(&third, &recovery[0], 9, at(63)).await, Confirmed::Wrong);
    let late = codes.generate(seconds(at(400))).to_string();
    assert_eq!(try_code(&third, &late, 9, at(400)).await, Confirmed::NotBegun, "minutes passed");
    let view = account::show::run(services, &actor, at(401)).await.expect("the account");
    assert_eq!(view.second_step, SecondStep::On { codes_left: two_factor::RECOVERY_CODES - 1 });

    // Neither secret nor codes stand in the records.
    let secret = codes.secret().as_bytes();
    for name in ["records.sqlite", "records.sqlite-wal", "sessions.sqlite", "sessions.sqlite-wal"] {
        let kept = std::fs::read(world.folder.path().join(name)).expect("the file");
        for hidden in [secret, recovery[1].as_bytes(), recovery[1].replace('-', "").as_bytes()] {
            assert!(!kept.windows(hidden.len()).any(|window| window == hidden), "{name}");
        }
    }
}

#[tokio::test]
async fn wrong_codes_lock_the_name_and_a_right_password_does_not_unlock_it() {
    let (world, _) = world().await;
    let entered = enter(&world, "li.lei", PASSWORD, 1, at(0)).await;
    let actor = actor_of(&world, entered, at(0)).await;
    let (codes, _) = with_second_step(&world, &actor, at(0)).await;
    let origin = Origin::default();
    for attempt in 0..10_u8 {
        let begun = half(&world, 10 + attempt, at(60)).await;
        let outcome = confirm::run(&world.services, &begun, "000000", [50; 32], &origin, at(60)).await;
        assert_eq!(outcome.expect("an answer"), Confirmed::Wrong);
    }
    let locked = sign_in::run(&world.services, "li.lei", PASSWORD, [51; 32], &origin, at(61)).await;
    assert_eq!(key(locked), "problem-locked-out");
    // Who was half in before is held up as well.
    let before = service::hex(&[19; 32]);
    let code = codes.generate(seconds(at(61))).to_string();
    let locked = confirm::run(&world.services, &before, &code, [52; 32], &origin, at(61)).await;
    assert_eq!(key(locked), "problem-locked-out");
}

#[tokio::test]
async fn the_second_step_is_turned_off_with_the_password_by_an_administrator_or_on_the_machine() {
    let (world, operator) = world().await;
    let (services, handed) = (&world.services, made(&world, &operator, "S1").await);
    let entered = enter(&world, "li.lei", PASSWORD, 1, at(0)).await;
    let actor = actor_of(&world, entered, at(0)).await;
    assert_eq!(key(two_factor::off::own(services, &actor, PASSWORD, at(0)).await), "problem-two-factor-off");
    with_second_step(&world, &actor, at(0)).await;
    assert_eq!(key(two_factor::begin::run(services, &actor, random(60), at(1)).await), "problem-not-found");
    assert_eq!(key(two_factor::off::own(services, &actor, "guess", at(1)).await), "problem-password-wrong");
    let renewed = two_factor::renew::run(services, &actor, PASSWORD, codes_random(70), at(1)).await;
    assert_eq!(renewed.expect("codes").len(), two_factor::RECOVERY_CODES);
    two_factor::off::own(services, &actor, PASSWORD, at(1)).await.expect("off");
    assert!(matches!(enter(&world, "li.lei", PASSWORD, 2, at(2)).await, Entered::In(_)));

    // Of another: the administrator is a user of their own.
    with_second_step(&world, &actor, at(90)).await;
    enter(&world, "S1", &handed.password, 3, at(91)).await;
    let admin = Actor { user: UserId::new(2), ..operator.actor(Role::Admin, 0) };
    let off = async |reason: &str| {
        key(two_factor::off::run(services, &admin, UserId::new(1), reason, at(92)).await)
    };
    assert_eq!(off("").await, "problem-no-reason");
    assert_eq!(off("telephone lost").await, "nothing was refused");
    assert_eq!(off("again").await, "problem-two-factor-off");
    assert_eq!(key(two_factor::off::on_machine(services, "li.lei", at(93)).await), "problem-two-factor-off");
    let acts = acts(&world, "users").await;
    assert_eq!(acts[..3], ["two_factor.off", "two_factor.on", "two_factor.begin"]);
    assert!(acts.contains(&"two_factor.codes".to_owned()));
}

fn token_draft(actions: &[Action], until: Instant) -> TokenDraft {
    TokenDraft { name: "reports".to_owned(), actions: actions.to_vec(), until: until.date().to_string() }
}

#[tokio::test]
async fn a_token_does_what_it_names_and_its_user_may_until_it_ends() {
    let (world, _) = world().await;
    let services = &world.services;
    let entered = enter(&world, "li.lei", PASSWORD, 1, at(0)).await;
    let actor = actor_of(&world, entered, at(0)).await;
    let make = async |draft: TokenDraft, now| token::make::run(services, &actor, &draft, [80; 32], now).await;
    let year = at(366 * DAY_S);
    for (draft, refusal) in [
        (
            TokenDraft { name: " ".to_owned(), ..token_draft(&[Action::ViewCustomers], year) },
            "problem-token-name",
        ),
        (token_draft(&[], year), "problem-token-actions"),
        // An account manager sees no insight, and no program changes anything for anyone.
        (token_draft(&[Action::ViewCustomers, Action::ViewInsight], year), "problem-token-actions"),
        (token_draft(&[Action::RevealContact], year), "problem-token-actions"),
        (token_draft(&[Action::ViewCustomers], at(367 * DAY_S)), "problem-grant-term"),
        (token_draft(&[Action::ViewCustomers], at(-DAY_S)), "problem-grant-term"),
    ] {
        assert_eq!(key(make(draft, at(0)).await), refusal);
    }
    let token = make(token_draft(&[Action::ViewCustomers], at(10 * DAY_S)), at(0)).await.expect("a token");
    let program = async |now| token::authenticate::run(services, &token, now).await.expect("an answer");
    let asks = program(at(100)).await.expect("an actor");
    assert_eq!(asks.through, Through::Token(Arc::from([Action::ViewCustomers])));
    assert_eq!(asks.scope, actor.scope);
    let query = CustomerQuery::first();
    let own = customer::list::run(services, &actor, &query).await.expect("a page");
    assert_eq!(customer::list::run(services, &asks, &query).await.expect("a page"), own);
    assert_eq!(key(customer::export::run(services, &asks, &query, at(100)).await), "problem-not-found");
    // No program looks after an account.
    assert_eq!(key(account::show::run(services, &asks, at(100)).await), "problem-not-found");
    let more = token_draft(&[Action::ViewCustomers], year);
    assert_eq!(key(token::make::run(services, &asks, &more, [81; 32], at(100)).await), "problem-not-found");
    let view = account::show::run(services, &actor, at(101)).await.expect("the account");
    assert_eq!(view.tokens[0].used, Some(at(100)));

    assert!(program(at(10 * DAY_S)).await.is_some(), "the last day is included");
    assert!(program(at(11 * DAY_S)).await.is_none());
    token::revoke::run(services, &actor, view.tokens[0].row.id, at(200)).await.expect("revoked");
    assert!(program(at(201)).await.is_none());
    let again = token::revoke::run(services, &actor, view.tokens[0].row.id, at(202)).await;
    assert_eq!(again.expect_err("it is over").kind, ProblemKind::NotFound);
    assert_eq!(acts(&world, "tokens").await, ["token.revoke", "token.make"]);
    let kept = std::fs::read(world.folder.path().join("records.sqlite-wal")).expect("the file");
    assert!(!kept.windows(token.len()).any(|window| window == token.as_bytes()));
}

#[tokio::test]
async fn a_token_is_worth_nothing_while_its_user_is_suspended_or_owes_a_password() {
    let (world, operator) = world().await;
    let services = &world.services;
    let handed = made(&world, &operator, "S1").await;
    let entered = enter(&world, "li.lei", PASSWORD, 1, at(0)).await;
    let actor = actor_of(&world, entered, at(0)).await;
    let draft = token_draft(&[Action::ViewCustomers], at(DAY_S));
    let token = token::make::run(services, &actor, &draft, [80; 32], at(0)).await.expect("a token");
    let is_good =
        async || token::authenticate::run(services, &token, at(1)).await.expect("an answer").is_some();
    enter(&world, "S1", &handed.password, 2, at(0)).await;
    let admin = Actor { user: UserId::new(2), ..operator.actor(Role::Admin, 0) };
    let id = UserId::new(1);
    assert!(is_good().await);
    user::suspend::run(services, &admin, id, "x", at(1)).await.expect("suspended");
    assert!(!is_good().await);
    user::resume::run(services, &admin, id, at(1)).await.expect("let in again");
    assert!(is_good().await);
    user::reset::run(services, &admin, id, random(90), at(1)).await.expect("reset");
    assert!(!is_good().await);
    let view = user::show::run(services, &admin, id, at(1)).await.expect("an answer").expect("the user");
    let token_id = view.tokens[0].row.id;
    token::revoke::of_another(services, &admin, id, token_id, at(1)).await.expect("revoked");
}

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use domain::extract::Table;
use domain::id::StaffId;
use domain::progress::Progress;
use store::Store;
use store::session::{NewSession, Proof};
use store::user::Suspended;

use crate::rows::{at, commit, import, rows, session, small_world, text};

#[tokio::test]
async fn a_session_is_there_until_it_ends() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let user = store.create_user("li.lei", "hash", StaffId::new(1), at(0)).await.expect("a user");
    let token = [1; 32];
    assert!(store.begin_session(&session(token, user, at(100)), at(0)).await.expect("a session"));
    let (_, found) = store.session(&token, at(99), at(-1)).await.expect("records").expect("the session");
    assert_eq!((found.user, found.name.as_str()), (user, "name 1"));
    assert_eq!(store.session(&token, at(100), at(-1)).await.expect("records"), None);
    assert_eq!(store.session(&[9; 32], at(1), at(-1)).await.expect("records"), None);
    store.end_session(&token, at(50)).await.expect("ended");
    assert_eq!(store.session(&token, at(51), at(-1)).await.expect("records"), None);
    let acts: Vec<String> = store
        .audit("sessions", None, 9)
        .await
        .expect("audit")
        .into_iter()
        .map(|entry| entry.action)
        .collect();
    assert_eq!(acts, ["session.end", "session.begin"]);
}

#[tokio::test]
async fn a_name_is_given_once() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    store.create_user("li.lei", "hash", StaffId::new(1), at(0)).await.expect("a user");
    let again = store.create_user("li.lei", "other", StaffId::new(1), at(0)).await.expect_err("taken");
    assert!(again.is_duplicate());
    let nobody = store.create_user("han", "hash", StaffId::new(7), at(0)).await.expect_err("nobody");
    assert!(!nobody.is_duplicate());
}

#[tokio::test]
async fn failures_are_forgotten_after_a_while() {
    let store = Store::open_in_memory().await.expect("records");
    let name = [3; 32];
    for second in 0..3 {
        store.count_sign_in_failure(&name, at(second - 60), at(second)).await.expect("counted");
    }
    assert_eq!(store.sign_in_failures(&name, at(0)).await.expect("records"), 3);
    assert_eq!(store.sign_in_failures(&name, at(2)).await.expect("records"), 0);
    store.count_sign_in_failure(&name, at(40), at(100)).await.expect("counted");
    assert_eq!(store.sign_in_failures(&name, at(40)).await.expect("records"), 1);
}

/// A run that stops in the middle of storing until it is told to go on.
struct Paused {
    begun: mpsc::Sender<()>,
    go_on: Mutex<mpsc::Receiver<()>>,
}

impl Progress for Paused {
    fn begin(&self, _: &'static str, _: &str, _: u64) {}
    fn advance(&self, _: u64, _: u64) {
        // The writer of the records is taken: rows are in, nothing is committed.
        self.begun.send(()).expect("someone waits");
        let go_on = self.go_on.lock().expect("a lock");
        go_on.recv_timeout(Duration::from_secs(60)).expect("told to go on");
    }
    fn end(&self) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_an_import_to_sign_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).await.expect("records");
    import(&store, small_world(1)).await;
    let user = store.create_user("li.lei", "hash", StaffId::new(1), at(0)).await.expect("a user");
    let run = store.begin_import("folder".as_ref(), None, at(0)).await.expect("a run");
    let ((begun, is_storing), (go, go_on)) = (mpsc::channel(), mpsc::channel());
    let storing = tokio::spawn({
        let (store, rows) = (store.clone(), rows(Table::Customers, &[], vec![(2, vec![])]));
        let progress = Paused { begun, go_on: Mutex::new(go_on) };
        async move { store.commit_import(commit(run, vec![rows]), at(1), &progress).await }
    });
    tokio::task::block_in_place(|| is_storing.recv()).expect("the import is storing");

    let (token, name) = ([1; 32], [2; 32]);
    let signed_in = async {
        store.count_sign_in_failure(&name, at(0), at(1)).await.expect("counted");
        assert!(store.begin_session(&session(token, user, at(100)), at(0)).await.expect("a session"));
        let found = store.session(&token, at(1), at(-1)).await.expect("records");
        assert_eq!(found.map(|(_, found)| found.user), Some(user));
        store.end_session(&token, at(2)).await.expect("ended");
    };
    tokio::time::timeout(Duration::from_secs(5), signed_in).await.expect("no waiting");
    go.send(()).expect("the import waits");
    storing.await.expect("the import").expect("stored");
}

#[tokio::test]
async fn what_a_session_is_begun_with_is_used_up() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let user = store.create_user("li.lei", "hash", StaffId::new(1), at(0)).await.expect("a user");
    let mut token = 0;
    let mut begins = async |proof| {
        token += 1;
        let new = NewSession { proof, ..session([token; 32], user, at(100)) };
        store.begin_session(&new, at(0)).await.expect("records")
    };
    assert!(begins(Proof::Step(7)).await);
    for proof in [Proof::Step(7), Proof::Step(6)] {
        assert!(!begins(proof).await, "{proof:?}");
    }
    assert!(begins(Proof::Step(8)).await && begins(Proof::Recovery([5; 32])).await);
    assert!(!begins(Proof::Recovery([5; 32])).await);
    let outcomes = store.sign_ins_of(user, 9).await.expect("attempts");
    let outcomes: Vec<&str> = outcomes.iter().map(|attempt| attempt.outcome.code()).collect();
    assert_eq!(outcomes, ["recovery", "code", "code"]);
}

#[tokio::test]
async fn a_session_without_requests_is_over() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let user = store.create_user("li.lei", "hash", StaffId::new(1), at(0)).await.expect("a user");
    let token = [1; 32];
    assert!(store.begin_session(&session(token, user, at(9_000)), at(0)).await.expect("a session"));
    let is_there =
        async |now: i64| store.session(&token, at(now), at(now - 600)).await.expect("records").is_some();
    assert!(is_there(500).await && is_there(1_000).await, "each request counts");
    assert!(!is_there(1_700).await);
}

#[tokio::test]
async fn the_last_who_may_let_others_in_is_not_suspended() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let role = rows(Table::Staff, &["role"], vec![(1, vec![text("admin")])]);
    import(&store, vec![role]).await;
    let one = store.create_user("li.lei", "hash", StaffId::new(1), at(0)).await.expect("a user");
    let suspend = async |user| store.suspend_user(user, "x", user, at(1)).await.expect("records");
    assert_eq!(suspend(one).await, Suspended::LastAdmin);
    let other = store.create_user("han", "hash", StaffId::new(1), at(0)).await.expect("a user");
    assert_eq!(suspend(one).await, Suspended::Done);
    assert_eq!(suspend(one).await, Suspended::NotThere);
    assert_eq!(suspend(other).await, Suspended::LastAdmin);
}

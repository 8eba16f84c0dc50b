use domain::id::StaffId;
use store::Store;

use crate::rows::{at, import, small_world};

#[tokio::test]
async fn a_session_is_there_until_it_ends() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let user = store.create_user("li.lei", "hash", StaffId::new(1), at(0)).await.expect("a user");
    let (token, name) = ([1; 32], [2; 32]);
    store.begin_session(&token, user, &name, at(0), at(100)).await.expect("a session");
    let found = store.session(&token, at(99)).await.expect("records").expect("the session");
    assert_eq!((found.user, found.name.as_str()), (user, "name 1"));
    assert_eq!(store.session(&token, at(100)).await.expect("records"), None);
    assert_eq!(store.session(&[9; 32], at(1)).await.expect("records"), None);
    store.end_session(&token, at(50)).await.expect("ended");
    assert_eq!(store.session(&token, at(51)).await.expect("records"), None);
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

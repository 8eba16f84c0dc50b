//! Entries of the audit: found again, and sealed so that changing or taking one away shows.

use domain::Money;
use domain::extract::{Cell, Table};
use domain::id::{CustomerId, OrgUnitId, StaffId, UserId};
use domain::progress::Silent;
use sqlx::{Connection, SqliteConnection};
use store::Store;
use store::audit::{AuditCheck, AuditQuery, RECORD_CHANGE};

use crate::rows::{at, commit, import, rows, session, small_world, text};

/// Records of some imports with changed rows, and of what a user did.
async fn records() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).await.expect("records");
    import(&store, small_world(3)).await;
    for name in ["第一", "第二"] {
        let row = |id: i64| (id, vec![text(&format!("{name} {id}"))]);
        import(&store, vec![rows(Table::Customers, &["name"], vec![row(1), row(2)])]).await;
    }
    store.create_user("li.lei", "hash", StaffId::new(1), at(7)).await.expect("a user");
    store.begin_session(&session([1; 32], UserId::new(1), at(9)), at(8)).await.expect("a session");
    (folder, store)
}

async fn check(store: &Store, sessions: bool) -> AuditCheck {
    store.check_audit(sessions, None, &Silent).await.expect("a check")
}

async fn tamper(folder: &tempfile::TempDir, file: &str, sql: &'static str) {
    let address = format!("sqlite:{}", folder.path().join(file).display());
    let mut connection = SqliteConnection::connect(&address).await.expect("the file");
    sqlx::query(sql).execute(&mut connection).await.expect(sql);
    connection.close().await.expect("closed");
}

#[tokio::test]
async fn every_entry_is_sealed_and_a_seal_is_found_again_later() {
    let (_folder, store) = records().await;
    let (before, sessions) = (check(&store, false).await, check(&store, true).await);
    assert_eq!((before.broken, before.unsealed, before.entries), (None, 0, 5));
    assert_eq!((sessions.broken, sessions.unsealed, sessions.entries), (None, 0, 1));
    assert_ne!(before.head, sessions.head);
    import(&store, vec![rows(Table::Customers, &["name"], vec![(1, vec![text("第三")])])]).await;
    let after = store.check_audit(false, before.head, &Silent).await.expect("a check");
    assert!(after.holds && after.head != before.head);
    assert_eq!((after.broken, after.unsealed, after.entries), (None, 0, 6));
    assert!(!store.check_audit(false, sessions.head, &Silent).await.expect("a check").holds);
}

#[tokio::test]
async fn what_is_changed_or_taken_away_no_longer_fits() {
    let cases = [
        ("UPDATE audit SET details = replace(details, '1', '2') WHERE id = 1", Some((0, 2)), 0),
        ("UPDATE audit SET at = at + 1 WHERE id = 3", Some((2, 4)), 0),
        ("UPDATE audit SET noun = 'x' WHERE id = 5", Some((4, 5)), 0),
        ("DELETE FROM audit WHERE id = 2", Some((0, 2)), 0),
        ("UPDATE audit SET id = 20 WHERE id = 2", Some((0, 2)), 0),
        ("INSERT INTO audit (id, at, action, noun) VALUES (0, 0, 'x', 'x')", Some((0, 2)), 0),
        ("INSERT INTO audit (at, action, noun) VALUES (0, 'x', 'x')", None, 1),
        ("DELETE FROM audit_seals WHERE last_entry = 2", Some((0, 4)), 0),
        ("DELETE FROM audit_seals WHERE last_entry = 5", None, 1),
        ("UPDATE audit_seals SET hash = zeroblob(32) WHERE last_entry = 4", Some((2, 4)), 0),
    ];
    for (sql, broken, unsealed) in cases {
        let (folder, store) = records().await;
        drop(store);
        tamper(&folder, "records.sqlite", sql).await;
        let store = Store::open(folder.path()).await.expect("records");
        let found = check(&store, false).await;
        assert_eq!((found.broken, found.unsealed), (broken, unsealed), "{sql}");
        assert_eq!(check(&store, true).await.broken, None, "{sql}");
    }
    let (folder, store) = records().await;
    let kept = check(&store, false).await.head;
    drop(store);
    // The newest entries gone with their seals: whoever kept the last one notices.
    tamper(&folder, "records.sqlite", "DELETE FROM audit WHERE id > 2").await;
    tamper(&folder, "records.sqlite", "DELETE FROM audit_seals WHERE last_entry > 2").await;
    tamper(&folder, "sessions.sqlite", "UPDATE audit SET at = 0").await;
    let store = Store::open(folder.path()).await.expect("records");
    let found = store.check_audit(false, kept, &Silent).await.expect("a check");
    assert_eq!((found.broken, found.unsealed, found.holds), (None, 0, false));
    assert_eq!(check(&store, true).await.broken, Some((0, 1)));
}

#[tokio::test]
async fn entries_from_before_there_were_seals_are_sealed_once_and_seals_that_are_gone_are_not_made_anew() {
    let (folder, store) = records().await;
    drop(store);
    for sql in
        ["DROP TABLE audit_seals", "DROP INDEX audit_at", "DROP INDEX audit_action", "DROP INDEX audit_user"]
    {
        tamper(&folder, "records.sqlite", sql).await;
    }
    tamper(&folder, "records.sqlite", "DELETE FROM _sqlx_migrations WHERE version = 12").await;
    let store = Store::open(folder.path()).await.expect("records");
    let first = check(&store, false).await;
    assert_eq!((first.broken, first.unsealed, first.entries), (None, 0, 5));
    drop(store);
    tamper(&folder, "records.sqlite", "DELETE FROM audit_seals").await;
    let store = Store::open(folder.path()).await.expect("records");
    assert_eq!(check(&store, false).await.unsealed, 5);
    // Nor does what is left later cover it up.
    import(&store, vec![rows(Table::Customers, &["name"], vec![(1, vec![text("第三")])])]).await;
    assert_eq!(check(&store, false).await.unsealed, 6);
}

#[tokio::test]
async fn entries_are_found_by_who_what_and_when_with_what_stood_there_before_and_after() {
    let (_folder, store) = records().await;
    let found =
        async |query: AuditQuery, within| store.search_audit(&query, within, 9).await.expect("entries");
    let all = found(AuditQuery::default(), None).await;
    assert_eq!(all.iter().map(|line| line.id).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
    assert_eq!(found(AuditQuery { before: Some(3), ..AuditQuery::default() }, None).await, all[3..]);
    let changed = AuditQuery { action: Some(RECORD_CHANGE.to_owned()), ..AuditQuery::default() };
    let changed = found(changed, None).await;
    assert_eq!(changed, all[1..]);
    let names: Vec<(&str, &str)> = changed
        .iter()
        .filter(|line| line.entry.record == Some(1))
        .map(|line| match line.changes.as_slice() {
            [(column, was, is)] if column == "name" => {
                (was.as_str().expect("a name"), is.as_str().expect("a name"))
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names[0], ("第一 1", "第二 1"));
    assert_eq!(names[1].1, "第一 1");
    // By whom: a person, a unit that the person belongs to, one that they do not.
    let by = |name: &str| AuditQuery { by: Some(name.to_owned()), ..AuditQuery::default() };
    let users = found(AuditQuery { sessions: true, ..AuditQuery::default() }, None).await;
    assert_eq!(users[0].entry.action, "session.begin");
    assert_eq!(found(AuditQuery { sessions: true, ..by("li.lei") }, None).await, users);
    assert_eq!(found(AuditQuery { sessions: true, ..by("nobody") }, None).await, []);
    let sessions = AuditQuery { sessions: true, ..AuditQuery::default() };
    assert_eq!(found(sessions.clone(), Some(OrgUnitId::new(1))).await, users);
    assert_eq!(found(sessions, Some(OrgUnitId::new(99))).await, []);
    // When, and with which words.
    let late = AuditQuery { from: Some(at(7)), until: Some(at(8)), ..AuditQuery::default() };
    assert_eq!(found(late, None).await.iter().map(|line| line.id).collect::<Vec<_>>(), [5]);
    let words = AuditQuery { text: Some("第一".to_owned()), ..AuditQuery::default() };
    assert_eq!(found(words, None).await.len(), 2);
    // Of three changes the one in the middle had fewer columns: the first is told by what the last found.
    let industry = |name: &str| vec![rows(Table::Customers, &["industry"], vec![(1, vec![text(name)])])];
    import(&store, industry("教育")).await;
    import(&store, vec![rows(Table::Customers, &["name"], vec![(1, vec![text("第四")])])]).await;
    import(&store, industry("金融")).await;
    let told = found(AuditQuery::default(), None).await;
    let told: Vec<(&str, &str)> = told
        .iter()
        .flat_map(|line| &line.changes)
        .filter(|(column, ..)| column == "industry")
        .map(|(_, was, is)| (was.as_str().unwrap_or_default(), is.as_str().unwrap_or_default()))
        .collect();
    assert_eq!(told, [("教育", "金融"), ("", "教育")]);
}

#[tokio::test]
async fn a_customer_is_known_as_it_stood_before_later_changes() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let columns = &["name", "industry", "employees", "wallet_yuan"];
    let versions = [
        (10, vec![text("旧名"), Cell::Null, Cell::Whole(5), Cell::Whole(700)]),
        (20, vec![text("新名"), text("金融"), Cell::Null, Cell::Whole(900)]),
    ];
    for (second, cells) in versions {
        let run = store.begin_import("folder".as_ref(), None, at(0)).await.expect("a run");
        let rows = vec![rows(Table::Customers, columns, vec![(1, cells)])];
        store.commit_import(commit(run, rows), at(second), &Silent).await.expect("an import");
    }
    // An extract without the column leaves it, and says nothing of what stood there.
    let run = store.begin_import("folder".as_ref(), None, at(0)).await.expect("a run");
    let fewer = vec![rows(Table::Customers, &["name"], vec![(1, vec![text("今名")])])];
    store.commit_import(commit(run, fewer), at(30), &Silent).await.expect("an import");

    let known = async |second| {
        let known = store.customer_as_known(CustomerId::new(1), at(second)).await.expect("records");
        let known = known.expect("the customer");
        (known.name, known.industry, known.employees, known.wallet.map(Money::fen))
    };
    assert_eq!(known(5).await, ("name 1".to_owned(), None, None, None));
    assert_eq!(known(15).await, ("旧名".to_owned(), None, Some(5), Some(700)));
    assert_eq!(known(25).await, ("新名".to_owned(), Some("金融".to_owned()), None, Some(900)));
    assert_eq!(known(35).await, ("今名".to_owned(), Some("金融".to_owned()), None, Some(900)));
    assert_eq!(store.customer_as_known(CustomerId::new(2), at(5)).await.expect("records"), None);
}

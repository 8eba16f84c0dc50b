use domain::extract::{Cell, Table};
use domain::id::CustomerId;
use sqlx::Row;
use store::Store;
use store::search::Sought;

use crate::rows::{import, rows, small_world, text};

async fn records() -> Store {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(3)).await;
    let person = |id: i64, customer: i64, name: &str, phone: &str| {
        (id, vec![Cell::Whole(customer), text(name), text(phone)])
    };
    let people = vec![
        person(1, 1, "Li Lei", "010-5550-0142"),
        person(2, 2, "李雷", "+86 138 0000 1234"),
        person(3, 3, "李_雷%", "5550"),
        person(4, 1, "李雷", "13800001235"),
    ];
    import(&store, vec![rows(Table::Contacts, &["customer_code", "name", "phone"], people)]).await;
    store
}

#[tokio::test]
async fn rows_are_found_by_how_they_begin() {
    let store = records().await;
    let found = async |text: &str| -> Vec<i64> {
        let rows = store.rows_beginning(Sought::Contacts, text, 9).await.expect("rows");
        rows.into_iter().map(|(id, _)| id).collect()
    };
    assert_eq!(found("李").await, [3, 4, 2]);
    assert_eq!(found("李雷").await, [4, 2]);
    assert_eq!(found("li L").await, [1]);
    // What means something in SQL is a plain character; nothing is found from its middle.
    for nothing in ["雷", "%", "_", "李%", "'", "李雷x"] {
        assert_eq!(found(nothing).await, [0; 0], "{nothing}");
    }
    assert_eq!(store.rows_beginning(Sought::Contacts, "李", 2).await.expect("rows").len(), 2);
    let of = |ids: &[i64]| ids.iter().map(|id| CustomerId::new(*id)).collect::<Vec<_>>();
    let own = store.rows_beginning_of(Sought::Contacts, "李", 9, &of(&[1, 3])).await.expect("rows");
    assert_eq!(own, [(3, CustomerId::new(3)), (4, CustomerId::new(1))]);
    for sought in Sought::ALL {
        assert!(store.rows_beginning(sought, "zzz", 9).await.expect("rows").is_empty());
        assert!(store.rows_beginning_of(sought, "zzz", 9, &of(&[1])).await.expect("rows").is_empty());
        assert!(store.sought_rows(sought, &[99]).await.expect("rows").is_empty());
    }
    let rows = store.sought_rows(Sought::Contacts, &[2, 1]).await.expect("rows");
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["李雷", "Li Lei"]);
}

#[tokio::test]
async fn a_phone_is_found_by_the_whole_number_only() {
    let store = records().await;
    let found = async |digits: &str| -> Vec<i64> {
        let rows = store.contacts_with_phone(&[digits.to_owned()], 9).await.expect("rows");
        rows.into_iter().map(|(id, _)| id).collect()
    };
    assert_eq!(found("01055500142").await, [1]);
    assert_eq!(found("8613800001234").await, [2]);
    for part in ["0105550014", "1055500142", "13800001234", "", "%"] {
        assert_eq!(found(part).await, [0; 0], "{part}");
    }
}

/// An index that the database does not use costs room and finds nothing faster.
#[tokio::test]
async fn look_ups_go_through_their_index() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(Store::open(folder.path()).await.expect("records"));
    let file = std::fs::read_dir(folder.path()).expect("files").filter_map(|file| Some(file.ok()?.path()));
    let file = file.filter(|path| path.extension().is_some_and(|end| end == "db" || end == "sqlite"));
    let mut used = 0;
    for file in file {
        let pool =
            sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(file)).await;
        let pool = pool.expect("the file");
        for (table, column) in [("contacts", "name"), ("members", "code")] {
            let plan = format!(
                "EXPLAIN QUERY PLAN SELECT id, customer_id FROM {table} WHERE lower({column}) >= 'a' \
                 AND lower({column}) < 'b' ORDER BY lower({column}), customer_id, id LIMIT 9"
            );
            let Ok(plan) = sqlx::query(sqlx::AssertSqlSafe(plan)).fetch_all(&pool).await else { continue };
            let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
            assert_eq!(plan.len(), 1, "{plan:?}");
            assert!(plan[0].contains(&format!("USING COVERING INDEX {table}_by_{column}")), "{plan:?}");
            used += 1;
        }
    }
    assert_eq!(used, 2);
}

use domain::extract::{Cell, Table};
use domain::id::{ContactId, CustomerId, StaffId};
use store::Store;

use crate::rows::{at, import, rows, small_world, text};

#[tokio::test]
async fn a_contact_in_full_leaves_an_entry_and_one_that_is_not_there_none() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(2)).await;
    let cells = vec![Cell::Whole(1), text("010-5550-0142")];
    import(&store, vec![rows(Table::Contacts, &["customer_code", "phone"], vec![(1, cells)])]).await;
    let user = store.create_user("li.lei", "hash", StaffId::new(1), at(0)).await.expect("a user");
    let reveal = async |customer, contact| {
        let (customer, contact) = (CustomerId::new(customer), ContactId::new(contact));
        store.reveal_contact(customer, contact, user, "line is down", at(5)).await.expect("records")
    };
    assert_eq!(reveal(2, 1).await, None);
    assert_eq!(reveal(1, 2).await, None);
    assert_eq!(reveal(1, 1).await.expect("the contact").phone.as_deref(), Some("010-5550-0142"));
    let kept = store.audit("contacts", None, 9).await.expect("entries");
    let [entry] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((entry.action.as_str(), entry.record, entry.user), ("contact.reveal", Some(1), Some(user)));
    assert_eq!((&entry.details["customer"], &entry.details["reason"]), (&1.into(), &"line is down".into()));
}

//! Companies that stand in the records more than once: who is told of them, and of what.

use domain::extract::{Cell, Table};
use domain::id::CustomerId;
use domain::staff::Role;
use service::Actor;
use service::duplicate::like::{self, Draft, Likeness};

use crate::world::{Operator, World, rows, simple, staged, text};

/// Headquarters and two provinces, a manager in each; the names are those of C0, C1 ….
fn operator(names: &[(&str, usize)]) -> Operator {
    let customers: Vec<_> = names.iter().map(|&(_, unit)| (unit, Some(unit - 1))).collect();
    let mut operator = simple(vec![None, Some(0), Some(0)], vec![1, 2, 0], &customers, 1);
    for (customer, (name, _)) in operator.customers.iter_mut().zip(names) {
        (*name).clone_into(&mut customer.name);
    }
    operator
}

async fn alike(world: &World, actor: &Actor, draft: &Draft) -> Vec<Likeness> {
    like::run(&world.services, actor, draft).await.expect("an answer")
}

fn named(name: &str) -> Draft {
    Draft { name: name.to_owned(), ..Draft::default() }
}

fn names(alike: &[Likeness]) -> Vec<&str> {
    alike.iter().map(|one| one.name.as_str()).collect()
}

#[tokio::test]
async fn who_is_anothers_is_told_of_by_name_unit_and_owner_only() {
    let operator = operator(&[("甲一市恒辰商贸有限公司", 1), ("甲二市安达物流有限公司", 2)]);
    let world = World::published(operator.clone()).await;
    let manager = operator.actor(Role::ChannelAgent, 0);
    let own = alike(&world, &manager, &named("恒辰商贸（甲一市）有限责任公司")).await;
    assert_eq!(own[0].open, Some((CustomerId::new(1), "C0".to_owned())));
    let others = alike(&world, &manager, &named("甲二市安达物流公司")).await;
    let [other] = others.as_slice() else { panic!("{others:?}") };
    assert_eq!((other.open.as_ref(), other.name.as_str()), (None, "甲二市安达物流有限公司"));
    let unit = other.unit.as_ref().map(|unit| (unit.name.as_str(), unit.level.code()));
    assert_eq!(unit, Some(("unit 2", "province")));
    assert_eq!(other.manager.as_deref(), Some("person 1"));
    assert!(other.probability > 0.5 && other.evidence.is_none(), "{other:?}");
    // Nothing typed, or somebody else: nobody.
    assert_eq!(alike(&world, &manager, &Draft::default()).await, []);
    assert_eq!(alike(&world, &manager, &named("甲一市华信软件有限公司")).await, []);
    // What is edited is like itself.
    let itself = Draft { itself: Some(CustomerId::new(2)), ..named("甲二市安达物流有限公司") };
    assert_eq!(alike(&world, &manager, &itself).await, []);
}

#[tokio::test]
async fn what_changed_is_looked_up_as_it_is_now() {
    let operator = operator(&[("甲一市恒辰商贸有限公司", 1), ("甲二市安达物流有限公司", 2)]);
    let world = World::published(operator.clone()).await;
    let admin = operator.actor(Role::Admin, 2);
    let coded = Draft { credit_code: "91000000madeup001m".to_owned(), ..Draft::default() };
    assert_eq!(alike(&world, &admin, &coded).await, []);
    let customers = vec![
        vec![text("C0"), text("甲一市恒辰商贸有限公司"), Cell::Whole(2), text("sme"), Cell::Whole(0)],
        vec![text("C1"), text("甲二市万通物流有限公司"), Cell::Whole(3), text("sme"), Cell::Whole(0)],
        vec![text("C2"), text("甲一市华信软件有限公司"), Cell::Whole(2), text("sme"), Cell::Whole(0)],
    ];
    let customers: Vec<Vec<Cell>> = customers
        .into_iter()
        .zip([Cell::Null, Cell::Null, text("91000000MADEUP001M")])
        .map(|(mut row, code)| {
            row.push(code);
            row
        })
        .collect();
    let columns = ["code", "name", "org_code", "category", "created_on", "credit_code"];
    let contacts = vec![vec![text("T0"), Cell::Whole(1), text("person"), text("010-5550-0142")]];
    let records = vec![
        rows(Table::Customers, &columns, customers),
        rows(Table::Contacts, &["code", "customer_code", "name", "phone"], contacts),
    ];
    world.stage(Ok(staged(records, Vec::new())));
    world.import(false).await.expect("an import");
    assert_eq!(names(&alike(&world, &admin, &coded).await), ["甲一市华信软件有限公司"]);
    // A company renamed keeps its code.
    let renamed = Draft { name: "甲二市新名实业有限公司".to_owned(), ..coded };
    assert_eq!(names(&alike(&world, &admin, &renamed).await), ["甲一市华信软件有限公司"]);
    // It is the new name that is found, and the old one no more.
    assert_eq!(names(&alike(&world, &admin, &named("万通物流")).await), ["甲二市万通物流有限公司"]);
    assert_eq!(alike(&world, &admin, &named("甲二市安达物流有限公司")).await, []);
    // A telephone number alone says something, however it is written.
    let phone = Draft { phones: vec!["+86 010 5550 0142".to_owned()], ..named("恒辰商贸") };
    let found = alike(&world, &admin, &phone).await;
    assert!(found[0].evidence.is_some_and(|why| why.contact > 0.0), "{found:?}");
}

#[tokio::test]
async fn what_is_looked_through_is_read_ahead_of_the_first_question() {
    let operator = operator(&[("甲一市恒辰商贸有限公司", 1)]);
    let world = World::published(operator.clone()).await;
    like::prepare(&world.services);
    let found = alike(&world, &operator.actor(Role::Admin, 2), &named("甲一市恒辰商贸公司")).await;
    assert_eq!(names(&found), ["甲一市恒辰商贸有限公司"]);
}

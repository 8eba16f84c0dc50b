//! Many customers edited together: previewed, done as previewed, held against imports, undone but for what changed since.

use domain::id::{CustomerId, EditId};
use domain::policy::{Granted, Scope};
use domain::staff::Role;
use domain::{ProblemKind, customer::CustomerCategory};
use service::Actor;
use service::archive::{Target, save};
use service::customer::{self, CustomerQuery, Pairs};
use service::edit::{Draft, apply, list, plan, undo};

use crate::world::{Operator, World, at, simple, staged};

const NOW: i64 = 1_800_000_000;

async fn world() -> (World, Operator) {
    let customers = [(1, Some(0)), (1, Some(0)), (2, Some(2)), (1, None), (1, Some(1))];
    let operator = simple(vec![None, Some(0), Some(0)], vec![1, 1, 2, 0], &customers, 1);
    (World::published(operator.clone()).await, operator)
}

fn draft(column: &str, value: &str, query: &[(&str, &str)]) -> Draft {
    let query: Pairs = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Draft { column: column.to_owned(), value: value.to_owned(), query, seen: String::new() }
}

async fn done(world: &World, actor: &Actor, draft: Draft) -> EditId {
    let planned = plan::run(&world.services, actor, &draft).await.expect("a plan");
    let draft = Draft { seen: planned.seen, ..draft };
    match apply::run(&world.services, actor, &draft, at(NOW)).await.expect("an outcome") {
        apply::Outcome::Done(id) => id,
        apply::Outcome::Again(_) => unreachable!("nothing changed meanwhile"),
    }
}

/// Category and industry of the customers that a head of everything sees, by id.
async fn told(world: &World, operator: &Operator) -> Vec<(CustomerCategory, Option<String>)> {
    let head = operator.actor(Role::UnitHead, 3);
    let page = customer::list::run(&world.services, &head, &CustomerQuery::default()).await.expect("a list");
    let mut rows = page.rows;
    rows.sort_by_key(|row| row.id);
    rows.into_iter().map(|row| (row.category, row.industry)).collect()
}

#[tokio::test]
async fn what_was_previewed_is_done_to_each_and_undone_but_for_what_changed_since() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let before = told(&world, &operator).await;
    let to_all = draft("category", "sme", &[]);
    let planned = plan::run(&world.services, &head, &to_all).await.expect("a plan");
    assert_eq!((planned.customers.len(), planned.same, planned.foreign), (5, 0, 0));
    assert_eq!(planned.before, [(Some("key_account".to_owned()), 5)]);
    assert_eq!(told(&world, &operator).await, before, "a preview changes nothing");

    let id = done(&world, &head, to_all.clone()).await;
    assert!(told(&world, &operator).await.iter().all(|(category, _)| *category == CustomerCategory::Sme));
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let of_one = records.audit("customers", Some(1), 5).await.expect("entries");
    assert_eq!(of_one[0].action, "record.change");
    assert_eq!(of_one[0].details["category"], "key_account", "{:?}", of_one[0].details);
    // An import leaves it alone.
    world.stage(Ok(staged(operator.records(), Vec::new())));
    world.import(false).await.expect("imported");
    assert!(told(&world, &operator).await.iter().all(|(category, _)| *category == CustomerCategory::Sme));

    done(&world, &head, draft("category", "public", &[("only", "2")])).await;
    assert_eq!(undo::run(&world.services, &head, id, at(NOW)).await.expect("undone"), (4, 1));
    let now: Vec<CustomerCategory> = told(&world, &operator).await.into_iter().map(|told| told.0).collect();
    let (key, public) = (CustomerCategory::KeyAccount, CustomerCategory::Public);
    assert_eq!(now, [key, public, key, key, key]);
    let (listed, _) = list::run(&world.services, &head).await.expect("edits");
    assert_eq!(listed[1].left, [(CustomerId::new(2), "Customer 1".to_owned())], "it says which stays");
    let again = undo::run(&world.services, &head, id, at(NOW)).await.expect_err("undone already");
    assert_eq!(again.kind, ProblemKind::NotFound);
    // What was given back is as the extract has it and held no more.
    assert!(records.held(domain::archive::Sheet::Customer, 1).await.expect("held").is_empty());
}

#[tokio::test]
async fn what_changed_since_the_preview_is_shown_again_and_who_has_a_form_open_is_told() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let to_all = draft("industry", "教育", &[]);
    let planned = plan::run(&world.services, &head, &to_all).await.expect("a plan");
    done(&world, &head, draft("industry", "教育", &[("only", "1")])).await;
    let late = Draft { seen: planned.seen, ..to_all };
    let outcome = apply::run(&world.services, &head, &late, at(NOW)).await.expect("an outcome");
    match outcome {
        apply::Outcome::Again(plan) => assert_eq!((plan.customers.len(), plan.same), (4, 1)),
        apply::Outcome::Done(_) => unreachable!("it was another plan"),
    }
    // The form was drawn before the edit.
    let typed: Pairs =
        [("seen", "0"), ("industry", "金融")].map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
    let target = Target::Customer(CustomerId::new(1));
    let kept = save::run(&world.services, &head, target, &typed, at(NOW)).await.expect("an outcome");
    assert!(matches!(kept, save::Outcome::Again(form) if form.changed.is_some()));
    assert_eq!(told(&world, &operator).await[0].1.as_deref(), Some("教育"));
}

#[tokio::test]
async fn only_those_who_edit_only_their_own_and_only_what_a_column_takes() {
    let (world, operator) = world().await;
    let (manager, head) = (operator.actor(Role::AccountManager, 0), operator.actor(Role::UnitHead, 0));
    let refused = async |actor: &Actor, draft: Draft| {
        plan::run(&world.services, actor, &draft).await.expect_err("refused")
    };
    let analyst = operator.actor(Role::Analyst, 3);
    assert_eq!(refused(&analyst, draft("category", "sme", &[])).await.kind, ProblemKind::NotFound);
    for column in ["org_code", "manager_code", "code", "name", "nonsense"] {
        assert_eq!(refused(&head, draft(column, "x", &[])).await.kind, ProblemKind::NotFound, "{column}");
    }
    for (column, value) in [("category", "largest"), ("category", ""), ("industry", &*"长".repeat(300))] {
        assert_eq!(refused(&head, draft(column, value, &[])).await.kind, ProblemKind::BadInput, "{column}");
    }
    assert_eq!(refused(&head, draft("industry", "", &[])).await.cause.key, "problem-edit-nothing");
    // A manager edits the own list; what was granted is told of and left alone.
    let scope = Scope::new(manager.scope.home(), [Granted::Tree(CustomerId::new(3))]);
    let granted = Actor { scope, ..manager.clone() };
    let planned = plan::run(&world.services, &granted, &draft("category", "sme", &[])).await.expect("a plan");
    assert_eq!((planned.customers.len(), planned.foreign), (2, 1));
    let id = done(&world, &granted, draft("category", "sme", &[])).await;
    let other = operator.actor(Role::UnitHead, 2);
    let foreign = undo::run(&world.services, &other, id, at(NOW)).await.expect_err("another county's");
    assert_eq!(foreign.kind, ProblemKind::NotFound);
    assert_eq!(undo::run(&world.services, &head, id, at(NOW)).await.expect("undone"), (2, 0));
}

//! What people fill in: who may, what is refused and why, what imports leave alone, and that nobody overwrites another unseen.

use domain::archive::Sheet;
use domain::extract::{Cell, Table};
use domain::id::CustomerId;
use domain::policy::{Granted, Scope};
use domain::staff::Role;
use domain::{Instant, ProblemKind};
use service::archive::{Form, Target, form, remove, save};
use service::customer::{CustomerQuery, Pairs};
use service::{Actor, audit, customer, programme};
use store::audit::AuditQuery;

use crate::grants::{seen, world};
use crate::world::{Operator, World, at, rows_from, staged, text};

const NOW: i64 = 1_800_000_000;

fn pairs(fields: &[(&str, &str)]) -> Pairs {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn begun(world: &World, actor: &Actor, target: Target) -> Form {
    form::run(&world.services, actor, target, at(NOW), None).await.expect("a form")
}

async fn kept(world: &World, actor: &Actor, target: Target, fields: &[(&str, &str)]) -> Target {
    let state = begun(world, actor, target).await.seen;
    let sent = [pairs(fields), pairs(&[("seen", &state.to_string())])].concat();
    match save::run(&world.services, actor, target, &sent, at(NOW)).await.expect("an outcome") {
        save::Outcome::Kept(target) => target,
        save::Outcome::Again(form) => {
            assert_eq!(wrong(&form), Vec::<String>::new());
            target
        }
    }
}

async fn refused(world: &World, actor: &Actor, target: Target, fields: &[(&str, &str)]) -> Vec<String> {
    let state = match target.row() {
        Some(_) => begun(world, actor, target).await.seen,
        None => 0,
    };
    let sent = [pairs(fields), pairs(&[("seen", &state.to_string())])].concat();
    match save::run(&world.services, actor, target, &sent, at(NOW)).await.expect("an outcome") {
        save::Outcome::Kept(_) => Vec::new(),
        save::Outcome::Again(form) => wrong(&form),
    }
}

fn wrong(form: &Form) -> Vec<String> {
    let wrong = form.fields.iter().filter_map(|field| Some((field.column.name, field.wrong.as_ref()?.key)));
    wrong.map(|(name, key)| format!("{name}: {key}")).collect()
}

fn field<'a>(form: &'a Form, name: &str) -> &'a service::archive::Field {
    form.fields.iter().find(|field| field.column.name == name).expect("a field")
}

async fn name_of(world: &World, customer: CustomerId) -> String {
    let records = store::Store::open(world.folder.path()).await.expect("records");
    records.customer(customer).await.expect("read").expect("a customer").name
}

fn customer(number: i64) -> Target {
    Target::Customer(CustomerId::new(number))
}

/// Customers as an extract brings them, some with other names than before.
async fn import(world: &World, operator: &Operator, names: &[(usize, &str)]) {
    let mut operator = operator.clone();
    for &(place, name) in names {
        operator.customers[place].name = name.to_owned();
    }
    world.stage(Ok(staged(operator.records(), Vec::new())));
    world.import(false).await.expect("imported");
}

#[tokio::test]
async fn a_customer_is_edited_by_those_whose_own_it_is() {
    let (world, operator) = world().await;
    let manager = operator.actor(Role::AccountManager, 1);
    assert_eq!(seen(&world, &manager).await, [2]);
    kept(&world, &manager, customer(2), &[("name", "同创\u{200b}生物 "), ("employees", "８０")]).await;
    assert_eq!(name_of(&world, CustomerId::new(2)).await, "同创生物");

    // What was granted is seen and not edited; what is another's is not there.
    let scope = Scope::new(manager.scope.home(), [Granted::Tree(CustomerId::new(1))]);
    let granted = Actor { scope, ..manager.clone() };
    assert!(seen(&world, &granted).await.contains(&1));
    for actor in [&granted, &manager] {
        let refused =
            form::run(&world.services, actor, customer(1), at(NOW), None).await.expect_err("refused");
        assert_eq!(refused.kind, ProblemKind::NotFound);
        let sent = pairs(&[("name", "其他"), ("seen", "0")]);
        let refused =
            save::run(&world.services, actor, customer(1), &sent, at(NOW)).await.expect_err("refused");
        assert_eq!(refused.kind, ProblemKind::NotFound);
    }
    // An analyst sees and does not edit.
    let analyst = operator.actor(Role::Analyst, 2);
    let refused =
        form::run(&world.services, &analyst, customer(2), at(NOW), None).await.expect_err("refused");
    assert_eq!(refused.kind, ProblemKind::NotFound);
}

#[tokio::test]
async fn to_whom_a_customer_belongs_is_for_those_who_assign() {
    let (world, operator) = world().await;
    let (head, manager) = (operator.actor(Role::UnitHead, 0), operator.actor(Role::AccountManager, 1));
    // What a manager sends of it is no field of theirs.
    kept(&world, &manager, customer(2), &[("org_code", "U1"), ("manager_code", "S0")]).await;
    assert_eq!(seen(&world, &manager).await, [2]);
    // The head of a province names units and people of it, and no others.
    let wrong = refused(&world, &head, customer(1), &[("org_code", "U2"), ("manager_code", "S1")]).await;
    assert_eq!(wrong, ["org_code: field-not-found", "manager_code: field-not-found"]);
    kept(&world, &head, customer(1), &[("org_code", "U1"), ("manager_code", "S0")]).await;
    let form = begun(&world, &head, customer(1)).await;
    assert_eq!(
        (field(&form, "org_code").text.as_str(), field(&form, "manager_code").text.as_str()),
        ("U1", "S0")
    );
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_the_field_and_nothing_is_kept() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let fields = [
        ("name", ""),
        ("employees", "many"),
        ("credit_code", "91430200MA4L123456"),
        ("created_on", "2199-01-01"),
        ("wallet_yuan", "1.234"),
        ("parent_code", "C404"),
    ];
    let told = refused(&world, &head, customer(2), &fields).await;
    let names: Vec<&str> = told.iter().filter_map(|told| told.split(':').next()).collect();
    assert_eq!(names, ["name", "parent_code", "employees", "credit_code", "created_on", "wallet_yuan"]);
    assert_eq!(name_of(&world, CustomerId::new(2)).await, operator.customers[1].name);
    // The second customer lies below the first.
    let told = refused(&world, &head, customer(1), &[("parent_code", "C1")]).await;
    assert_eq!(told, ["parent_code: field-parent-circle"]);
    let told = refused(&world, &head, customer(1), &[("parent_code", "C0")]).await;
    assert_eq!(told, ["parent_code: field-parent-circle"]);
}

#[tokio::test]
async fn the_second_to_save_is_shown_both_versions() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let first = begun(&world, &head, customer(2)).await;
    kept(&world, &head, customer(2), &[("name", "先保存的名称")]).await;
    let late =
        pairs(&[("name", "后保存的名称"), ("address", "长沙路 1 号"), ("seen", &first.seen.to_string())]);
    let save::Outcome::Again(both) =
        save::run(&world.services, &head, customer(2), &late, at(NOW)).await.expect("an outcome")
    else {
        panic!("the first version was overwritten unseen");
    };
    assert!(both.changed.is_some());
    let name = field(&both, "name");
    assert_eq!((name.text.as_str(), name.other.as_deref()), ("后保存的名称", Some("先保存的名称")));
    assert_eq!(name_of(&world, CustomerId::new(2)).await, "先保存的名称");
    let again = pairs(&[("name", "后保存的名称"), ("seen", &both.seen.to_string())]);
    let outcome = save::run(&world.services, &head, customer(2), &again, at(NOW)).await.expect("an outcome");
    assert!(matches!(outcome, save::Outcome::Kept(_)));
    assert_eq!(name_of(&world, CustomerId::new(2)).await, "后保存的名称");
}

#[tokio::test]
async fn an_import_leaves_alone_what_a_person_said_and_keeps_its_own_beside() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let before = operator.customers[1].name.clone();
    kept(&world, &head, customer(2), &[("name", "现场核实的名称")]).await;
    assert_eq!(field(&begun(&world, &head, customer(2)).await, "name").extract, Some(before));

    import(&world, &operator, &[(1, "账务系统的新名称"), (0, "另一客户的新名称")]).await;
    assert_eq!(name_of(&world, CustomerId::new(2)).await, "现场核实的名称");
    assert_eq!(name_of(&world, CustomerId::new(1)).await, "另一客户的新名称");
    let form = begun(&world, &head, customer(2)).await;
    assert_eq!(field(&form, "name").extract.as_deref(), Some("账务系统的新名称"));

    // Taken over, the next import decides again.
    kept(&world, &head, customer(2), &[("take", "name")]).await;
    assert_eq!(name_of(&world, CustomerId::new(2)).await, "账务系统的新名称");
    import(&world, &operator, &[(1, "账务系统的最新名称"), (0, "另一客户的新名称")]).await;
    assert_eq!(name_of(&world, CustomerId::new(2)).await, "账务系统的最新名称");
}

#[tokio::test]
async fn an_import_that_says_the_same_ends_the_hold() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    kept(&world, &head, customer(2), &[("name", "两边一致的名称")]).await;
    import(&world, &operator, &[(1, "两边一致的名称")]).await;
    assert_eq!(field(&begun(&world, &head, customer(2)).await, "name").extract, None);
}

#[tokio::test]
async fn a_new_customer_is_found_and_an_extract_that_brings_it_later_is_the_same() {
    let (world, operator) = world().await;
    let manager = operator.actor(Role::AccountManager, 1);
    let fields = [("name", "新建客户"), ("category", "sme"), ("created_on", "2027-01-01"), ("code", "C4")];
    let Target::Customer(id) = kept(&world, &manager, Target::NewCustomer, &fields).await else {
        panic!("a customer");
    };
    assert_eq!(seen(&world, &manager).await, [2, id.get()]);
    let fields = [&fields[..], &[("another", "yes")]].concat();
    assert_eq!(
        refused(&world, &manager, Target::NewCustomer, &fields).await,
        ["code: problem-customer-code-taken"]
    );
    let without_code = [("name", "无编码客户"), ("category", "sme"), ("created_on", "2027-01-01")];
    kept(&world, &manager, Target::NewCustomer, &without_code).await;
    assert_eq!(seen(&world, &manager).await.len(), 3);

    // Its row takes the number that the code has.
    let brought = rows_from(
        id.get(),
        Table::Customers,
        &["code", "name", "org_code", "category", "created_on", "address"],
        vec![vec![
            text("C4"),
            text("抽取中的名称"),
            Cell::Whole(1),
            text("sme"),
            Cell::Whole(0),
            text("长沙路 1 号"),
        ]],
    );
    world.stage(Ok(staged(vec![brought], Vec::new())));
    world.import(false).await.expect("imported");
    assert_eq!(name_of(&world, id).await, "新建客户");
    let form = begun(&world, &manager, Target::Customer(id)).await;
    assert_eq!(field(&form, "name").extract.as_deref(), Some("抽取中的名称"));
    assert_eq!(field(&form, "address").text, "长沙路 1 号");
}

#[tokio::test]
async fn a_company_that_is_there_already_is_told_of_before_it_is_kept_again() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let named = [("name", "乙二市诚江建设工程有限公司"), ("address", "长沙路 1 号")];
    kept(&world, &head, customer(2), &named).await;
    // Another province's manager, who does not see it.
    let manager = operator.actor(Role::AccountManager, 0);
    let again = [
        ("name", "诚江建设工程(乙二市)有限公司"),
        ("address", "长沙路1号"),
        ("category", "sme"),
        ("created_on", "2027-01-01"),
    ];
    let sent = pairs(&again);
    let outcome = save::run(&world.services, &manager, Target::NewCustomer, &sent, at(NOW)).await;
    let save::Outcome::Again(form) = outcome.expect("an outcome") else { unreachable!("entered twice") };
    assert_eq!(form.likes.len(), 1);
    assert_eq!((form.likes[0].name.as_str(), &form.likes[0].open), ("乙二市诚江建设工程有限公司", &None));
    let before = seen(&world, &manager).await.len();
    let another = [sent, pairs(&[("another", "yes")])].concat();
    let outcome = save::run(&world.services, &manager, Target::NewCustomer, &another, at(NOW)).await;
    assert!(matches!(outcome.expect("an outcome"), save::Outcome::Kept(_)));
    assert_eq!(seen(&world, &manager).await.len(), before + 1);
}

#[tokio::test]
async fn people_and_what_is_around_a_customer_are_kept_taken_out_and_put_back() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let id = CustomerId::new(2);
    let contact = Target::Row(id, Sheet::Contact, None);
    let fields =
        [("name", "示例联系人"), ("phone", "138 0000 1234"), ("cute_role", "economic"), ("closeness", "60")];
    let contact = kept(&world, &head, contact, &fields).await;
    let Some(contact_row) = contact.row() else { panic!("a row") };

    // The number is hidden in the form, and stays what it is when the form is sent as it was shown.
    let form = begun(&world, &head, contact).await;
    let phone = field(&form, "phone").text.clone();
    assert_eq!(phone, "*** **** 1234");
    kept(&world, &head, contact, &[("phone", &phone), ("title", "主任")]).await;
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let stored = records.contacts(id).await.expect("contacts");
    assert_eq!(
        (stored[0].phone.as_deref(), stored[0].title.as_deref()),
        (Some("138 0000 1234"), Some("主任"))
    );

    let with = contact_row.to_string();
    let done =
        [("done_on", "2026-11-01"), ("step", "build"), ("contact_code", with.as_str()), ("what", "拜访")];
    kept(&world, &head, Target::Row(id, Sheet::Move, None), &done).await;
    let bought = [("item", "食堂肉类"), ("yearly_yuan", "¥120,000")];
    let bought = kept(&world, &head, Target::Row(id, Sheet::Purchase, None), &bought).await;
    let view = async || {
        let view = customer::show::run(&world.services, &head, id, at(1_800_000_000))
            .await
            .expect("read")
            .expect("a customer");
        view.sheets.into_iter().take(4).map(|sheet| (sheet.sheet, sheet.rows.len())).collect::<Vec<_>>()
    };
    assert_eq!(
        view().await,
        [(Sheet::Review, 0), (Sheet::Move, 1), (Sheet::Presence, 0), (Sheet::Purchase, 1)]
    );
    let which = (id, Sheet::Purchase, bought.row().expect("a row"));
    let turn = async |removed| remove::run(&world.services, &head, which, removed, at(NOW)).await;
    turn(true).await.expect("taken out");
    assert_eq!(turn(true).await.expect_err("done already").kind, ProblemKind::NotFound);
    assert_eq!(view().await[3], (Sheet::Purchase, 0));
    turn(false).await.expect("put back");
    assert_eq!(view().await[3], (Sheet::Purchase, 1));

    // Who did what, in words that do not tell the number.
    let admin = operator.actor(Role::Admin, 2);
    let page = audit::list::run(&world.services, &admin, &AuditQuery::default()).await.expect("the audit");
    let actions: Vec<&str> = page.lines.iter().map(|line| line.entry.action.as_str()).collect();
    let expected =
        ["record.restore", "record.remove", "record.add", "record.add", "record.change", "record.add"];
    assert_eq!(actions[..expected.len()], expected);
    let told: Vec<_> = page.lines.iter().map(|line| &line.changes).collect();
    assert!(!format!("{told:?}").contains("0000 1234"));
}

#[tokio::test]
async fn a_row_of_another_customer_is_not_there() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let bought =
        kept(&world, &head, Target::Row(CustomerId::new(2), Sheet::Purchase, None), &[("item", "肉")]).await;
    let elsewhere = Target::Row(CustomerId::new(1), Sheet::Purchase, bought.row());
    let refused = form::run(&world.services, &head, elsewhere, at(NOW), None).await.expect_err("refused");
    assert_eq!(refused.kind, ProblemKind::NotFound);
    let which = (CustomerId::new(1), Sheet::Purchase, bought.row().expect("a row"));
    assert!(remove::run(&world.services, &head, which, true, at(NOW)).await.is_err());
}

#[tokio::test]
async fn what_a_month_rests_on_puts_it_out_of_date() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let stale = async || world.data().await.stale;
    assert!(stale().await.is_empty());
    kept(&world, &head, customer(2), &[("address", "长沙路 1 号")]).await;
    assert!(stale().await.is_empty());
    kept(&world, &head, customer(2), &[("industry", "食品")]).await;
    assert_eq!(stale().await, [operator.last_month()]);
}

#[tokio::test]
async fn what_was_known_before_an_edit_stays_known() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let before = operator.customers[1].name.clone();
    kept(&world, &head, customer(2), &[("name", "改过的名称")]).await;
    let day = |at: Instant| at.date();
    let known = customer::known::run(&world.services, &head, CustomerId::new(2), day(at(NOW - 86_400)))
        .await
        .expect("read")
        .expect("a customer");
    assert_eq!((known.then.0.name, known.now.0.name), (before, "改过的名称".to_owned()));
    let listed =
        customer::list::run(&world.services, &head, &CustomerQuery::default()).await.expect("a page");
    assert!(listed.rows.iter().any(|row| row.name == "改过的名称"));
}

#[tokio::test]
async fn what_is_patched_shows_what_is_built_anew() {
    let (world, operator) = world().await;
    let (head, manager) = (operator.actor(Role::UnitHead, 2), operator.actor(Role::AccountManager, 1));
    let scope = Scope::new(manager.scope.home(), [Granted::Tree(CustomerId::new(3))]);
    let actors =
        [head.clone(), operator.actor(Role::UnitHead, 0), manager.clone(), Actor { scope, ..manager }];
    let shown = async |services: &service::Services| {
        let mut shown = Vec::new();
        for actor in &actors {
            for sort in ["code", "name", "revenue"] {
                let query = CustomerQuery::parse(&pairs(&[("sort", sort)]));
                shown.push(format!(
                    "{:?}",
                    customer::list::run(services, actor, &query).await.expect("a page")
                ));
            }
            let today = service::today::show::run(services, actor, None, at(NOW)).await.expect("today");
            shown.push(format!("{today:?}"));
        }
        shown
    };
    shown(&world.services).await;
    let edits: [(i64, &str, &str); 14] = [
        (2, "manager_code", "S0"),
        (2, "manager_code", ""),
        (4, "parent_code", "C2"),
        (3, "parent_code", ""),
        (2, "parent_code", "C2"),
        (1, "industry", "食品"),
        (1, "industry", "教育"),
        (1, "category", "public"),
        (3, "created_on", "2025-01-15"),
        (3, "address", "长沙路 1 号"),
        (3, "manager_code", "S1"),
        (2, "name", "A 改过的名称"),
        (1, "org_code", "U2"),
        (1, "credit_code", "91430200MA4L0000XB"),
    ];
    for (number, name, value) in edits {
        let target = customer(number);
        let state = begun(&world, &head, target).await.seen;
        let sent = pairs(&[(name, value), ("seen", &state.to_string())]);
        save::run(&world.services, &head, target, &sent, at(NOW)).await.expect("an outcome");
        let anew = world.opened_again().await;
        assert_eq!(shown(&world.services).await, shown(&anew).await, "{name} {value}");
    }
}

#[tokio::test]
async fn a_programme_has_its_people_and_activities_and_is_listed_to_those_who_see_its_customer() {
    let (world, operator) = world().await;
    let (head, manager) = (operator.actor(Role::UnitHead, 2), operator.actor(Role::AccountManager, 1));
    let id = CustomerId::new(2);
    let programme = [
        ("name", "同创专班"),
        ("programme_state", "running"),
        ("sponsor", "示例副总"),
        ("begins_on", "2026-10-01"),
        ("goal", "全业务合作"),
    ];
    let programme = kept(&world, &head, Target::Row(id, Sheet::Programme, None), &programme).await;
    let number = programme.row().expect("a row").to_string();
    let member = [("person", "示例甲"), ("programme", number.as_str()), ("duty", "方案")];
    kept(&world, &head, Target::Row(id, Sheet::ProgrammeMember, None), &member).await;
    let activity = |day: &'static str, next: &'static str| {
        [
            ("done_on", day),
            ("programme", number.as_str()),
            ("activity", "match"),
            ("what", "篮球赛"),
            ("next_on", next),
            ("next_step", "会谈"),
        ]
    };
    for (day, next) in [("2026-11-01", "2026-11-20"), ("2026-10-10", "2026-10-15")] {
        kept(&world, &head, Target::Row(id, Sheet::ProgrammeActivity, None), &activity(day, next)).await;
    }
    // A programme of another customer is not one that can be chosen.
    let elsewhere = Target::Row(CustomerId::new(1), Sheet::ProgrammeMember, None);
    assert_eq!(refused(&world, &head, elsewhere, &member).await, ["programme: field-not-found"]);

    let listed = async |actor: &Actor| {
        programme::list::run(&world.services, actor, at(NOW)).await.expect("a list").rows
    };
    let rows = listed(&manager).await;
    let [one] = rows.as_slice() else { panic!("one: {rows:?}") };
    assert_eq!((one.customer, one.members.as_slice()), (id, ["示例甲".to_owned()].as_slice()));
    assert_eq!(one.activities.0, 2);
    // What was agreed on before the last activity is done with it.
    assert_eq!(one.next.as_ref().map(|(day, _)| day.to_string()).as_deref(), Some("2026-11-20"));
    // What was done stands in the timeline too.
    let view =
        customer::show::run(&world.services, &head, id, at(NOW)).await.expect("read").expect("a customer");
    let told = format!("{:?}", view.timeline);
    assert_eq!(told.matches("篮球赛").count(), 2, "{told}");
    let other = operator.actor(Role::AccountManager, 0);
    assert!(!seen(&world, &other).await.contains(&2));
    assert_eq!(listed(&other).await, []);
}

#[tokio::test]
async fn a_relation_is_reviewed_again_a_quarter_after_its_last_review() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    let id = CustomerId::new(2);
    let due = async || {
        let view = customer::show::run(&world.services, &head, id, at(NOW)).await;
        view.expect("read").expect("a customer").review_due_on.map(|day| day.to_string())
    };
    assert_eq!(due().await, None);
    for day in ["2026-11-01", "2026-08-01"] {
        let review = [("reviewed_on", day), ("closeness", "60"), ("trust", "50"), ("favour", "40")];
        kept(&world, &head, Target::Row(id, Sheet::Review, None), &review).await;
    }
    assert_eq!(due().await.as_deref(), Some("2027-02-01"));
}

//! Sheets that people import: tried, brought in as tried, reverted to what was there, all of it within one's own.

use std::collections::BTreeMap;

use domain::archive::Sheet;
use domain::extract::{Cell, Table};
use domain::id::{CustomerId, SheetImportId};
use domain::policy::{Granted, Scope};
use domain::staff::Role;
use domain::{Lang, Problem, ProblemKind};
use proptest::prelude::*;
use service::Actor;
use service::archive::{Target, save};
use service::customer::Pairs;
use service::sheet_import::{Found, LeftFor, apply, check, discard, list, refused, revert, show, upload};
use store::Store;

use crate::world::{Operator, World, at, rows, simple, staged, text};

const NOW: i64 = 1_800_000_000;

/// Two counties below a head office: two customers of manager 0 in the one, one of manager 2 in the other, one in the pool.
async fn world() -> (World, Operator) {
    let customers = [(1, Some(0)), (1, Some(0)), (2, Some(2)), (1, None)];
    let operator = simple(vec![None, Some(0), Some(0)], vec![1, 1, 2, 0], &customers, 1);
    (World::published(operator.clone()).await, operator)
}

const CODED: [&str; 6] = ["code", "name", "category", "industry", "employees", "parent_code"];

fn form(columns: &[&str], mode: &str, more: &[(&str, &str)]) -> Pairs {
    let mut pairs: Pairs =
        columns.iter().enumerate().map(|(at, name)| (format!("column-{at}"), (*name).to_owned())).collect();
    pairs.push(("mode".to_owned(), mode.to_owned()));
    pairs.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    pairs
}

async fn uploaded(world: &World, actor: &Actor, text: &str) -> SheetImportId {
    upload::run(&world.services, actor, "名单.csv", text.as_bytes().to_vec(), at(NOW)).await.expect("kept")
}

async fn tried(world: &World, actor: &Actor, text: &str, form: &Pairs) -> (SheetImportId, Found) {
    let id = uploaded(world, actor, text).await;
    (id, check::run(&world.services, actor, id, form, at(NOW)).await.expect("tried"))
}

async fn done(world: &World, actor: &Actor, id: SheetImportId, found: &Found) {
    let outcome = apply::run(&world.services, actor, id, &found.seen, at(NOW)).await.expect("an outcome");
    assert_eq!(outcome, apply::Outcome::Done);
}

async fn reverted(world: &World, actor: &Actor, id: SheetImportId) -> service::sheet_import::Reverted {
    let preview = revert::preview(&world.services, actor, id, at(NOW)).await.expect("a preview");
    match revert::run(&world.services, actor, id, &preview.seen, at(NOW)).await.expect("an outcome") {
        revert::Outcome::Done(report) => {
            assert_eq!(report, preview.report, "it does what it said");
            report
        }
        revert::Outcome::Again(_) => unreachable!("nothing changed meanwhile"),
    }
}

async fn why(world: &World, actor: &Actor, id: SheetImportId) -> Vec<(u64, &'static str)> {
    let view = show::run(&world.services, actor, id).await.expect("the page");
    view.refused.iter().map(|refusal| (refusal.line, refusal.reason.key)).collect()
}

/// Every customer with its cells and what is held of it.
type Dump = BTreeMap<i64, (Vec<Cell>, Vec<(usize, Option<Cell>)>)>;

async fn dump(world: &World) -> Dump {
    let store = Store::open(world.folder.path()).await.expect("records");
    let codes = store.customer_codes().await.expect("codes");
    let codes: Vec<&str> = codes.iter().map(|(_, code)| code.as_str()).collect();
    let (_, known) = store.customers_coded(&codes, &[]).await.expect("customers");
    let mut dump = Dump::new();
    for customer in known {
        let held = store.held(Sheet::Customer, customer.id.get()).await.expect("held");
        let held = held.into_iter().map(|held| (held.place, held.extract)).collect();
        dump.insert(customer.id.get(), (customer.cells, held));
    }
    dump
}

#[tokio::test]
async fn what_was_tried_is_brought_in_audited_held_and_reverted() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let before = dump(&world).await;
    let sheet = "code,name,category,industry,employees,parent\n\
                 C0,Customer 0,中小商业客户,教育,\"1,200\",\n\
                 C1,Customer 1,大客户,,,\n\
                 N1,湘潭示例钢铁,Key account,,12,C0\n\
                 N2,岳阳样本水泥,sme,,,N1\n\
                 N3,,sme,,,\n\
                 N4,长沙示意纺织,largest,,many,\n\
                 N2,株洲示例陶瓷,sme,,,\n";
    let (id, found) = tried(&world, &head, sheet, &form(&CODED, "both", &[])).await;
    assert_eq!(found.counts, [2, 1, 1, 3]);
    assert_eq!(dump(&world).await, before, "a trial changes nothing");
    let refused_for = why(&world, &head, id).await;
    let expected = [
        (6, "import-cell-required"),
        (7, "sheet-category-wrong"),
        (7, "import-cell-whole"),
        (8, "sheet-row-twice"),
    ];
    assert_eq!(refused_for, expected);
    assert_eq!(
        found.columns,
        [("category", 1), ("employees", 1), ("industry", 1)].map(|(n, c)| (n.to_owned(), c))
    );

    done(&world, &head, id, &found).await;
    let after = dump(&world).await;
    let of =
        |code: &str| after.values().find(|(cells, _)| cells[0] == text(code)).expect("a customer").clone();
    let ids: Vec<i64> = after.keys().copied().collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
    assert_eq!(of("C0").0[6..8], [text("教育"), Cell::Whole(1200)]);
    assert_eq!(
        (&of("N1").0[2], &of("N2").0[2]),
        (&Cell::Whole(1), &Cell::Whole(5)),
        "each below the one named"
    );
    let records = Store::open(world.folder.path()).await.expect("records");
    let of_one = records.audit("customers", Some(1), 5).await.expect("entries");
    assert_eq!(
        (of_one[0].action.as_str(), &of_one[0].details["category"]),
        ("record.change", &"key_account".into())
    );
    let of_new = records.audit("customers", Some(5), 5).await.expect("entries");
    assert_eq!(of_new[0].action, "record.add");
    assert_eq!(
        records.audit("sheet_imports", Some(id.get()), 5).await.expect("entries")[0].action,
        "sheet_import.do"
    );
    // Extracts leave alone what the sheet said.
    world.stage(Ok(staged(operator.records(), Vec::new())));
    world.import(false).await.expect("imported");
    assert_eq!(dump(&world).await, after);

    let report = reverted(&world, &head, id).await;
    assert_eq!((report.removed, report.restored, report.values), (2, 1, 3));
    assert_eq!(dump(&world).await, before);
    let listed = list::run(&world.services, &head, at(NOW)).await.expect("a list");
    assert!(listed[0].reverted_at.is_some() && listed[0].reverted_by.is_some());
    let again = revert::preview(&world.services, &head, id, at(NOW)).await.expect_err("reverted already");
    assert_eq!(again.kind, ProblemKind::NotFound);
    // What left audit and lake a number leaves it to nobody else.
    let (id, found) =
        tried(&world, &head, "code,name,category\nN1,湘潭示例钢铁,sme\n", &form(&CODED[..3], "create", &[]))
            .await;
    done(&world, &head, id, &found).await;
    assert_eq!(dump(&world).await.keys().last(), Some(&7));
}

#[tokio::test]
async fn what_changed_or_came_to_hang_on_it_since_stays_and_is_named() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let before = dump(&world).await;
    let sheet = "code,name,category,industry,employees,parent\nC0,,sme,金融,5,\nC1,,sme,,,N1\nN1,湘潭示例钢铁,sme,,,\n\
                 N2,岳阳样本水泥,sme,,,\nN3,长沙示意纺织,sme,,,\nN4,株洲示例陶瓷,sme,,,\nN5,衡阳样本药业,sme,,,N4\nN6,常德示意食品,sme,,,\n";
    let (id, found) = tried(&world, &head, sheet, &form(&CODED, "both", &[])).await;
    assert_eq!(found.counts, [6, 2, 0, 0]);
    done(&world, &head, id, &found).await;
    let of = |code: &'static str| {
        let services = &world.services;
        async move { services.customer_by_code(code).await.expect("records").expect("a customer") }
    };
    let (n2, n3, n4, n5) = (of("N2").await, of("N3").await, of("N4").await, of("N5").await);
    let typed = |pairs: &[(&str, &str)]| -> Pairs {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let keep = async |target: Target, pairs: &[(&str, &str)]| {
        let view =
            service::archive::form::run(&world.services, &head, target, at(NOW), None).await.expect("a form");
        let mut pairs = typed(pairs);
        pairs.push(("seen".to_owned(), view.seen.to_string()));
        let outcome = save::run(&world.services, &head, target, &pairs, at(NOW)).await.expect("an outcome");
        assert!(matches!(outcome, save::Outcome::Kept(_)), "{outcome:?}");
    };
    keep(Target::Customer(CustomerId::new(1)), &[("industry", "教育")]).await;
    keep(Target::Customer(n2), &[("employees", "7")]).await;
    keep(Target::Row(n3, Sheet::Purchase, None), &[("item", "示例")]).await;
    keep(Target::Row(n5, Sheet::Purchase, None), &[("item", "示例")]).await;
    // The systems bring N6, and another industry for nobody.
    let mut extract = operator.records();
    let columns = ["code", "name", "org_code", "category", "created_on"];
    let mut customer: Vec<Vec<Cell>> =
        vec![vec![text("N6"), text("常德示意食品"), Cell::Whole(1), text("sme"), Cell::Whole(0)]];
    extract.push(crate::world::rows_from(
        of("N6").await.get(),
        Table::Customers,
        &columns,
        std::mem::take(&mut customer),
    ));
    world.stage(Ok(staged(extract, Vec::new())));
    world.import(false).await.expect("imported");

    let report = reverted(&world, &head, id).await;
    assert_eq!(report.removed, 1, "N1 alone");
    let left: BTreeMap<CustomerId, LeftFor> = report.left.iter().copied().collect();
    let expected = [
        (n2, LeftFor::Changed),
        (n3, LeftFor::Attached),
        (n4, LeftFor::Above),
        (n5, LeftFor::Attached),
        (of("N6").await, LeftFor::Extract),
    ];
    assert_eq!(left, BTreeMap::from(expected));
    assert_eq!(report.kept, [(CustomerId::new(1), "industry".to_owned())]);
    let mut after = dump(&world).await;
    let (cells, held) = after.remove(&1).expect("C0");
    assert_eq!((&cells[6], &cells[7], &cells[5]), (&text("教育"), &Cell::Null, &text("key_account")));
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(after.get(&2), before.get(&2), "it lies where it lay");
    let view = show::run(&world.services, &head, id).await.expect("the page");
    assert_eq!(view.left.expect("what was left").0.left.len(), 5);
}

#[tokio::test]
async fn who_was_changed_and_changed_back_since_is_taken_away() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let before = dump(&world).await;
    let mut imports = Vec::new();
    for employees in ["", "7"] {
        let sheet =
            format!("code,name,category,industry,employees,parent\nN2,岳阳样本水泥,sme,,{employees},\n");
        let (id, found) = tried(&world, &head, &sheet, &form(&CODED, "both", &[])).await;
        done(&world, &head, id, &found).await;
        imports.push(id);
    }
    for id in imports.into_iter().rev() {
        let report = reverted(&world, &head, id).await;
        assert_eq!((report.left_count, report.kept_count), (0, 0));
    }
    assert_eq!(dump(&world).await, before);
}

#[tokio::test]
async fn a_hold_comes_back_as_it_was_and_what_the_systems_said_since_counts() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let import = async |industry: [&str; 2]| {
        let customers = [0_usize, 1].map(|place| {
            vec![
                text(format!("C{place}")),
                text(format!("Customer {place}")),
                Cell::Whole(2),
                text("key_account"),
                text(industry[place]),
                Cell::Whole(0),
            ]
        });
        let columns = ["code", "name", "org_code", "category", "industry", "created_on"];
        world.stage(Ok(staged(vec![rows(Table::Customers, &columns, customers.into())], Vec::new())));
        world.import(false).await.expect("imported");
    };
    import(["教育", "教育"]).await;
    // A person's word holds at C0 against what the systems say; the sheet says the same as the systems.
    let typed: Pairs =
        [("seen", "0"), ("industry", "金融")].map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
    let form_of = service::archive::form::run(
        &world.services,
        &head,
        Target::Customer(CustomerId::new(1)),
        at(NOW),
        None,
    );
    let seen = form_of.await.expect("a form").seen.to_string();
    let typed: Pairs =
        typed.into_iter().map(|(n, v)| if n == "seen" { (n, seen.clone()) } else { (n, v) }).collect();
    save::run(&world.services, &head, Target::Customer(CustomerId::new(1)), &typed, at(NOW))
        .await
        .expect("kept");
    let before = dump(&world).await;
    let sheet = "code,industry\nC0,教育\nC1,Logistics\n";
    let (id, found) = tried(&world, &head, sheet, &form(&["code", "industry"], "update", &[])).await;
    done(&world, &head, id, &found).await;
    assert!(dump(&world).await[&1].1.is_empty(), "the systems say so too");
    reverted(&world, &head, id).await;
    assert_eq!(dump(&world).await, before);
    // What the systems say of C1 since the sheet overwrote it is what it has without the sheet.
    let (id, found) = tried(&world, &head, sheet, &form(&["code", "industry"], "update", &[])).await;
    done(&world, &head, id, &found).await;
    import(["教育", "金融"]).await;
    reverted(&world, &head, id).await;
    let after = dump(&world).await;
    assert_eq!((&after[&2].0[6], after[&2].1.len()), (&text("金融"), 0));
}

#[tokio::test]
async fn nobody_creates_changes_or_learns_of_what_is_not_theirs() {
    let (world, operator) = world().await;
    let manager = operator.actor(Role::AccountManager, 0);
    let before = dump(&world).await;
    // C2 and C3 are others'; C9 is nobody's.
    let sheet = "code,name,category,industry,employees,parent\nC0,,sme,,,\nC2,Any name,sme,,,\nC3,Another,sme,,,\nN1,衡阳样本药业,sme,,,C2\nN2,常德示意食品,sme,,,C9\nN3,邵阳示例机械,sme,,,C1\nC1,,,,,C0\n";
    let (id, found) = tried(&world, &manager, sheet, &form(&CODED, "both", &[])).await;
    assert_eq!(found.counts, [1, 1, 0, 5]);
    let expected = [
        (3, "problem-customer-code-taken"),
        (4, "problem-customer-code-taken"),
        (5, "problem-no-customer"),
        (6, "problem-no-customer"),
        (8, "sheet-parent-stays"),
    ];
    assert_eq!(why(&world, &manager, id).await, expected);
    // Where nothing is created, one out of sight looks like one that is not there.
    let (other, _) = tried(
        &world,
        &manager,
        "code,industry\nC2,金融\nC9,金融\n",
        &form(&["code", "industry"], "update", &[]),
    )
    .await;
    assert_eq!(why(&world, &manager, other).await, [(2, "field-not-found"), (3, "field-not-found")]);
    // What was granted is seen, not changed.
    let granted = Actor {
        scope: Scope::new(manager.scope.home(), [Granted::Tree(CustomerId::new(3))]),
        ..manager.clone()
    };
    let (other, _) =
        tried(&world, &granted, "code,industry\nC2,金融\n", &form(&["code", "industry"], "update", &[]))
            .await;
    assert_eq!(why(&world, &granted, other).await, [(2, "field-not-found")]);

    done(&world, &manager, id, &found).await;
    let after = dump(&world).await;
    for other in [2, 3, 4] {
        assert_eq!(after.get(&other), before.get(&other));
    }
    let new = &after[&5].0;
    assert_eq!(
        (&new[3], &new[4]),
        (&Cell::Whole(2), &Cell::Whole(1)),
        "the manager's own, in the manager's unit"
    );
    // Unit and manager are for heads: a manager's form does not offer them.
    let twice = form(&["code", "org_code"], "update", &[]);
    let found = tried(&world, &manager, "code,unit\nC0,U2\n", &twice).await.1;
    assert_eq!(found.counts, [0, 0, 1, 0]);
    // The sheet is its owner's; heads above see that it was brought in, and nobody else.
    let (colleague, head, other) = (
        operator.actor(Role::UnitHead, 2),
        operator.actor(Role::UnitHead, 3),
        operator.actor(Role::Analyst, 3),
    );
    for (name, staff) in [("han.mei", 3), ("lin.tao", 4)] {
        let staff = domain::id::StaffId::new(staff);
        let made =
            service::user::create::run(&world.services, name, "a long password", staff, [5; 16], at(0));
        made.await.expect("a user");
    }
    let colleague = Actor { user: domain::id::UserId::new(2), ..colleague };
    let head = Actor { user: domain::id::UserId::new(3), ..head };
    let refusal = |outcome: Result<show::ImportView, Problem>| outcome.expect_err("refused").kind;
    for stranger in [&colleague, &other] {
        assert_eq!(refusal(show::run(&world.services, stranger, id).await), ProblemKind::NotFound);
        let denied = revert::preview(&world.services, stranger, id, at(NOW)).await.expect_err("refused");
        assert_eq!(denied.kind, ProblemKind::NotFound);
    }
    let seen = show::run(&world.services, &head, id).await.expect("the page");
    assert!(!seen.is_own && seen.columns.is_empty() && seen.found.is_none() && seen.refused.is_empty());
    let (open, _) = tried(&world, &manager, sheet, &form(&CODED, "both", &[])).await;
    assert_eq!(refusal(show::run(&world.services, &head, open).await), ProblemKind::NotFound);
    let theirs = refused::run(&world.services, &head, id, Lang::En).await.expect_err("another's rows");
    assert_eq!(theirs.kind, ProblemKind::NotFound);
    assert_eq!(reverted(&world, &head, id).await.removed, 1);
    discard::run(&world.services, &manager, open, at(NOW)).await.expect("given up");
    assert_eq!(refusal(show::run(&world.services, &manager, open).await), ProblemKind::NotFound);
}

#[tokio::test]
async fn a_trial_gone_stale_is_shown_again_and_sending_twice_does_it_once() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let sheet = "code,industry\nC0,金融\nC1,金融\n";
    let (id, found) = tried(&world, &head, sheet, &form(&["code", "industry"], "update", &[])).await;
    let (other, theirs) =
        tried(&world, &head, "code,industry\nC0,金融\n", &form(&["code", "industry"], "update", &[])).await;
    done(&world, &head, other, &theirs).await;
    let again = match apply::run(&world.services, &head, id, &found.seen, at(NOW)).await.expect("an outcome")
    {
        apply::Outcome::Again(found) => found,
        apply::Outcome::Done => unreachable!("it was another plan"),
    };
    assert_eq!(again.counts, [0, 1, 1, 0]);
    let entries = async || {
        Store::open(world.folder.path())
            .await
            .expect("records")
            .audit("sheet_imports", None, 50)
            .await
            .expect("entries")
            .len()
    };
    done(&world, &head, id, &again).await;
    let (count, rows) = (entries().await, dump(&world).await);
    done(&world, &head, id, &again).await;
    assert_eq!((entries().await, dump(&world).await), (count, rows));
    let late =
        check::run(&world.services, &head, id, &form(&["code", "industry"], "update", &[]), at(NOW)).await;
    assert_eq!(late.expect_err("done already").kind, ProblemKind::Conflict);
}

#[tokio::test]
async fn who_is_probably_known_is_not_created_twice_unless_one_says_so() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let create = form(&["code", "name", "category"], "create", &[]);
    let first = "code,name,category\nN1,湖南湘潭钢铁集团有限公司,sme\nN2,湖南湘潭钢铁集团有限责任公司,sme\n";
    let (id, found) = tried(&world, &head, first, &create).await;
    assert_eq!((found.counts, found.likes), ([1, 0, 0, 1], 1));
    assert_eq!(why(&world, &head, id).await, [(3, "sheet-like-row")]);
    done(&world, &head, id, &found).await;
    let second = "code,name,category\nN3,湖南湘潭钢铁集团有限公司,sme\n";
    let (id, _) = tried(&world, &head, second, &create).await;
    assert_eq!(why(&world, &head, id).await, [(2, "sheet-like-known")]);
    // Of one out of sight the unit is told and nothing else.
    let other = operator.actor(Role::UnitHead, 2);
    let (id, _) = tried(&world, &other, second, &create).await;
    let view = show::run(&world.services, &other, id).await.expect("the page");
    assert_eq!(view.refused[0].reason.to_string(), "sheet-like-foreign unit=unit 0");
    let (id, found) =
        tried(&world, &head, second, &form(&["code", "name", "category"], "create", &[("likes", "yes")]))
            .await;
    assert_eq!((found.counts, found.likes_taken), ([1, 0, 0, 0], 1));
    done(&world, &head, id, &found).await;
}

#[tokio::test]
async fn circles_wrong_codes_and_writing_that_deceives_are_refused_row_by_row() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let sheet = format!(
        "code,name,category,credit,parent,since\nC0,,,,C1,\nC1,,,,C0,\nN1,\u{39d}uawei 示例,sme,,,\nN2,{},sme,,,\n\
         N3,湘潭示例钢铁,sme,91430000MA4L000000,,\nN4,株洲示例陶瓷,sme,,N5,\nN5,岳阳样本水泥,sme,,N4,\n\
         N6,\"长沙\u{200b}\u{202e}示意\n纺织\",sme,,,\nN7,衡阳样本药业,sme,,,2199-01-01\nN8,<script>alert(1)</script>,sme,,,2026/3/4\n",
        "长".repeat(10_000)
    );
    let columns = ["code", "name", "category", "credit_code", "parent_code", "created_on"];
    let (id, found) = tried(&world, &head, &sheet, &form(&columns, "both", &[])).await;
    let refused_for = why(&world, &head, id).await;
    let credit = refused_for.iter().find(|(line, _)| *line == 6).expect("the code").1;
    assert!(credit.starts_with("credit-code"), "{credit}");
    let expected = [
        (2, "field-parent-circle"),
        (3, "field-parent-circle"),
        (4, "field-scripts-mixed"),
        (5, "import-cell-text-long"),
        (6, credit),
        (7, "field-parent-circle"),
        (8, "field-parent-circle"),
        (11, "field-in-future"),
    ];
    assert_eq!(refused_for, expected);
    assert_eq!(found.counts, [2, 0, 0, 8]);
    done(&world, &head, id, &found).await;
    let after = dump(&world).await;
    assert_eq!(
        (&after[&5].0[1], &after[&6].0[1]),
        (&text("长沙示意纺织"), &text("<script>alert(1)</script>"))
    );
    // Refused rows come back as they were, with why.
    let file = refused::run(&world.services, &head, id, Lang::ZhCn).await.expect("a file");
    assert_eq!((file.header.len(), file.rows.len()), (7, 8));
    assert!(file.rows[2][6].contains("名称") && file.rows[2][1].starts_with('\u{39d}'), "{:?}", file.rows[2]);
    // Two customers with one credit code cannot be told apart by it; and what is no sheet is none.
    let refused = upload::run(&world.services, &head, "x.xlsx", b"PK\x03\x04 no".to_vec(), at(NOW))
        .await
        .expect_err("none");
    assert_eq!(refused.cause.key, "problem-sheet-damaged");
    for (columns, key) in [(["name", "name"], "problem-sheet-twice"), (["name", ""], "problem-sheet-missing")]
    {
        let id = uploaded(&world, &head, "a,b\n1,2\n").await;
        let wrong = check::run(&world.services, &head, id, &form(&columns, "both", &[]), at(NOW)).await;
        assert_eq!(wrong.expect_err("refused").cause.key, key);
    }
}

#[tokio::test]
async fn columns_are_known_by_their_names_and_how_they_were_taken_last_and_what_is_old_is_swept() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let sheet = "客户编号,单位名称（必填）,Category,信用代码,备注\nN1,湘潭示例钢铁,大客户,,x\n";
    let id = uploaded(&world, &head, sheet).await;
    let view = show::run(&world.services, &head, id).await.expect("the page");
    let taken: Vec<Option<&str>> = view.mapping.columns.iter().map(Option::as_deref).collect();
    assert_eq!(taken, [Some("code"), Some("name"), Some("category"), Some("credit_code"), None]);
    assert_eq!(view.columns[1].1, ["湘潭示例钢铁"]);
    let other = form(&["code", "name", "category", "", "industry"], "create", &[]);
    check::run(&world.services, &head, id, &other, at(NOW)).await.expect("tried");
    let id = uploaded(&world, &head, sheet).await;
    let view = show::run(&world.services, &head, id).await.expect("the page");
    assert_eq!(view.mapping.columns[4].as_deref(), Some("industry"));
    list::run(&world.services, &head, at(NOW + 24 * 60 * 60 + 1)).await.expect("a list");
    let gone = show::run(&world.services, &head, id).await.expect_err("swept");
    assert_eq!(gone.kind, ProblemKind::NotFound);
}

/// A sheet of so many made-up customers, each called otherwise.
fn many(count: usize) -> String {
    let places =
        ["长沙", "株洲", "湘潭", "衡阳", "邵阳", "岳阳", "常德", "益阳", "郴州", "永州", "怀化", "娄底"];
    let trades = ["机械", "纺织", "食品", "建材", "化工", "电子科技", "物流", "药业", "印刷", "农业开发"];
    let character = |n: usize| char::from_u32(0x4e00 + (n * 37 % 6_000) as u32).unwrap_or('示');
    let mut sheet = String::from("code,name,category,industry,employees,address\n");
    for n in 0..count {
        let mixed = n.wrapping_mul(2_654_435_761) % 4_294_967_296;
        let core: String =
            [mixed, mixed >> 9, mixed >> 18].map(|part| character(part % 6_000)).iter().collect();
        let (place, trade) = (places[n % places.len()], trades[mixed % trades.len()]);
        sheet += &format!("N{n},{place}{core}{trade}有限公司,sme,{trade},{},{place}市示例路{n}号\n", n % 500);
    }
    sheet
}

#[tokio::test]
#[ignore = "a measurement: 100,000 customers brought in, and reverted"]
async fn measure() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 3);
    let columns = ["code", "name", "category", "industry", "employees", "address"];
    let (rows, form) = (100_000, form(&columns, "both", &[]));
    let sheet = many(rows).into_bytes();
    let started = std::time::Instant::now();
    let id = upload::run(&world.services, &head, "x", sheet, at(NOW)).await.expect("kept");
    let uploaded = started.elapsed();
    let found = check::run(&world.services, &head, id, &form, at(NOW)).await.expect("tried");
    let tried = started.elapsed();
    done(&world, &head, id, &found).await;
    let took = started.elapsed();
    println!(
        "{rows} rows: {uploaded:?} to upload, {tried:?} tried, {took:?} brought in, {:.0} rows/s; {:?}",
        rows as f64 / took.as_secs_f64(),
        found.counts,
    );
    let started = std::time::Instant::now();
    let report = reverted(&world, &head, id).await;
    println!("{} taken away in {:?}, preview and all", report.removed, started.elapsed());
}

/// A row of a random sheet: code, name, category, industry, employees, parent.
fn row() -> impl Strategy<Value = [String; 6]> {
    let code = prop_oneof![
        (0..5_u8).prop_map(|n| format!("C{n}")),
        (0..6_u8).prop_map(|n| format!("N{n}")),
        Just(String::new())
    ];
    let name = prop_oneof![Just(String::new()), "[甲乙丙丁戊己庚辛]{3,6}", Just("bad\u{1}".to_owned())];
    let category = prop_oneof![
        Just("sme".to_owned()),
        Just("大客户".to_owned()),
        Just(String::new()),
        Just("x".to_owned())
    ];
    let industry = prop_oneof![Just(String::new()), Just("教育".to_owned()), Just("金融".to_owned())];
    let employees =
        prop_oneof![Just(String::new()), (0..50_u8).prop_map(|n| n.to_string()), Just("-1".to_owned())];
    let parent = prop_oneof![3 => Just(String::new()), 1 => (0..5_u8).prop_map(|n| format!("C{n}")), 1 => (0..6_u8).prop_map(|n| format!("N{n}"))];
    (code, name, category, industry, employees, parent).prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever a sheet says, by whomever: what is done is what was tried, nobody else's customers are touched, and reverted
    /// all is as it was.
    #[test]
    fn imported_and_reverted_all_is_as_it_was(
        sheets in proptest::collection::vec((proptest::collection::vec(row(), 1..12), 0..3_usize, 0..2_usize), 1..3),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (world, operator) = world().await;
            let people = [operator.actor(Role::UnitHead, 3), operator.actor(Role::AccountManager, 0)];
            let mut states = vec![dump(&world).await];
            let mut imports = Vec::new();
            for (rows, mode, who) in &sheets {
                let actor = &people[*who];
                let mode = ["both", "create", "update"][*mode];
                let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
                let sheet = format!("code,name,category,industry,employees,parent\n{}\n", lines.join("\n"));
                let Ok(id) = upload::run(&world.services, actor, "x", sheet.into_bytes(), at(NOW)).await else { continue };
                let taken = form(&CODED, mode, &[("likes", "yes")]);
                let found = check::run(&world.services, actor, id, &taken, at(NOW)).await.expect("tried");
                let before = dump(&world).await;
                prop_assert_eq!(&before, states.last().expect("a state"));
                if found.counts[0] + found.counts[1] == 0 {
                    continue;
                }
                done(&world, actor, id, &found).await;
                let after = dump(&world).await;
                let changed = before.iter().filter(|(id, was)| after.get(*id).map(|is| &is.0) != Some(&was.0)).count();
                prop_assert_eq!((after.len() - before.len()) as u64, found.counts[0]);
                prop_assert_eq!(changed as u64, found.counts[1]);
                if *who == 1 {
                    for foreign in [3, 4] {
                        prop_assert_eq!(after.get(&foreign), before.get(&foreign));
                    }
                    for (_, (cells, _)) in after.iter().filter(|(id, _)| !before.contains_key(id)) {
                        prop_assert_eq!((&cells[3], &cells[4]), (&Cell::Whole(2), &Cell::Whole(1)));
                    }
                }
                imports.push((id, *who));
                states.push(after);
            }
            while let Some((id, who)) = imports.pop() {
                states.pop();
                let report = reverted(&world, &people[who], id).await;
                prop_assert_eq!((report.left_count, report.kept_count), (0, 0));
                prop_assert_eq!(&dump(&world).await, states.last().expect("a state"));
            }
            Ok(())
        })?;
    }
}

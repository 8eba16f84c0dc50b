//! Fields that the operator defines: who may, what is refused, and that what is filled in is found wherever customers are
//! asked for, at once and by those who see the customer.

use domain::field::FieldValue;
use domain::id::{CustomerId, FieldId};
use domain::policy::Scope;
use domain::staff::Role;
use domain::{Instant, ProblemKind};
use proptest::prelude::*;
use service::archive::{Target, form as archive_form, save as archive_save};
use service::customer::{CustomerQuery, Pairs};
use service::field::arrange::{self, Turn};
use service::field::save::{self, Outcome};
use service::field::{Draft, OptionDraft, form, headed, list};
use service::{Actor, audit, customer, duplicate, segment};
use store::audit::AuditQuery;

use crate::grants::{seen, world};
use crate::world::{Operator, World, at};

const NOW: i64 = 1_800_000_000;

fn now() -> Instant {
    at(NOW)
}

fn draft(code: &str, kind: &str) -> Draft {
    Draft {
        code: code.to_owned(),
        name: (format!("示例{code}"), format!("Sample {code}")),
        kind: kind.to_owned(),
        longest: "20".to_owned(),
        ..Draft::default()
    }
}

fn option(code: &str) -> OptionDraft {
    OptionDraft {
        code: code.to_owned(),
        name: (format!("选项{code}"), format!("Option {code}")),
        ..OptionDraft::default()
    }
}

fn grades() -> Draft {
    Draft { options: vec![option("a"), option("b")], ..draft("grade", "choice") }
}

async fn sent(world: &World, admin: &Actor, id: Option<FieldId>, draft: Draft, seen: i64) -> Outcome {
    save::run(&world.services, admin, id, draft, seen, now()).await.expect("an outcome")
}

async fn defined(world: &World, admin: &Actor, draft: Draft) -> FieldId {
    match sent(world, admin, None, draft, 0).await {
        Outcome::Kept(id) => id,
        Outcome::Again(form) => panic!("{:?}", form.wrong),
    }
}

async fn changed(world: &World, admin: &Actor, id: FieldId, change: impl FnOnce(&mut Draft)) -> Vec<String> {
    let mut form = form::run(&world.services, admin, Some(id)).await.expect("a form");
    change(&mut form.draft);
    told(sent(world, admin, Some(id), form.draft, form.seen).await)
}

async fn refused(world: &World, admin: &Actor, draft: Draft) -> Vec<String> {
    told(sent(world, admin, None, draft, 0).await)
}

fn told(outcome: Outcome) -> Vec<String> {
    match outcome {
        Outcome::Kept(_) => Vec::new(),
        Outcome::Again(form) => {
            form.wrong.iter().map(|(name, wrong)| format!("{name}: {}", wrong.key)).collect()
        }
    }
}

/// Fills in fields of a customer; gives what was refused.
async fn filled(world: &World, actor: &Actor, customer: i64, values: &[(&str, &str)]) -> Vec<String> {
    let target = Target::Customer(CustomerId::new(customer));
    let begun = archive_form::run(&world.services, actor, target, now(), None).await.expect("a form");
    let mut typed: Pairs =
        values.iter().map(|(code, value)| (format!("field.{code}"), (*value).to_owned())).collect();
    typed.push(("seen".to_owned(), begun.seen.to_string()));
    match archive_save::run(&world.services, actor, target, &typed, now()).await.expect("an outcome") {
        archive_save::Outcome::Kept(_) => Vec::new(),
        archive_save::Outcome::Again(form) => {
            let wrong = form.own.iter().filter_map(|own| Some((&own.field.code, own.wrong.as_ref()?.key)));
            wrong.map(|(code, key)| format!("{code}: {key}")).collect()
        }
    }
}

async fn set_category(world: &World, actor: &Actor, customer: i64, category: &str, industry: &str) {
    let target = Target::Customer(CustomerId::new(customer));
    let begun = archive_form::run(&world.services, actor, target, now(), None).await.expect("a form");
    let typed = [("category", category), ("industry", industry), ("seen", &begun.seen.to_string())]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let outcome = archive_save::run(&world.services, actor, target, &typed, now()).await.expect("an outcome");
    assert!(matches!(outcome, archive_save::Outcome::Kept(_)));
}

/// The codes of the fields that a customer has, with what stands in them.
async fn shown(world: &World, actor: &Actor, customer: i64) -> Vec<(String, String)> {
    let view = customer::show::run(&world.services, actor, CustomerId::new(customer), now()).await;
    let own = view.expect("read").expect("a customer").own;
    let written = own.iter().map(|(field, value)| {
        let value = value.as_ref().map(|value| field.kind.written(value)).unwrap_or_default();
        (field.code.clone(), value)
    });
    written.collect()
}

fn query(pairs: &[(&str, &str)]) -> CustomerQuery {
    let pairs: Pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    CustomerQuery::parse(&pairs)
}

async fn listed(world: &World, actor: &Actor, pairs: &[(&str, &str)]) -> Vec<i64> {
    let page = customer::list::run(&world.services, actor, &query(pairs)).await.expect("a page");
    let mut ids: Vec<i64> = page.rows.iter().map(|row| row.id.get()).collect();
    ids.sort_unstable();
    assert_eq!(ids.len() as u64, page.total);
    ids
}

#[tokio::test]
async fn only_administrators_define_fields() {
    let (world, operator) = world().await;
    let head = operator.actor(Role::UnitHead, 2);
    assert_eq!(list::run(&world.services, &head).await.expect_err("refused").kind, ProblemKind::NotFound);
    let refused = save::run(&world.services, &head, None, draft("area", "whole"), 0, now()).await;
    assert_eq!(refused.expect_err("refused").kind, ProblemKind::NotFound);
    let id = defined(&world, &operator.actor(Role::Admin, 2), draft("area", "whole")).await;
    let refused = arrange::run(&world.services, &head, id, Turn::Retire, now()).await;
    assert_eq!(refused.expect_err("refused").kind, ProblemKind::NotFound);
}

#[tokio::test]
async fn codes_and_names_stand_for_one_field_and_what_is_wrong_is_told_beside_the_input() {
    let (world, operator) = world().await;
    let admin = operator.actor(Role::Admin, 2);
    defined(&world, &admin, draft("area", "whole")).await;
    let twice =
        Draft { name: ("示例 ＡＲＥＡ".to_owned(), "other".to_owned()), ..draft("area", "whole") };
    assert_eq!(refused(&world, &admin, twice).await, ["code: own-code-taken", "name-zh: own-name-taken"]);
    // Columns that every customer has are taken too.
    let column = Draft { name: ("地址".to_owned(), "Place".to_owned()), ..draft("address", "whole") };
    assert_eq!(refused(&world, &admin, column).await, ["code: own-code-taken", "name-zh: own-name-taken"]);
    let bad = Draft {
        code: "Ａrea".to_owned(),
        name: ("\u{0397}uawei".to_owned(), "长".repeat(10_000)),
        hint: ("x".repeat(10_000), String::new()),
        kind: "blob".to_owned(),
        industry: "教育".to_owned(),
        ..Draft::default()
    };
    assert_eq!(
        refused(&world, &admin, bad).await,
        [
            "name-zh: field-scripts-mixed",
            "name-en: import-cell-text-long",
            "hint-zh: import-cell-text-long",
            "code: own-code-wrong",
            "category: own-industry-alone",
            "kind: import-cell-required",
        ]
    );
    let none = Draft { options: Vec::new(), ..grades() };
    assert_eq!(refused(&world, &admin, none).await, ["option: own-option-none"]);
    let twice = Draft { options: vec![option("a"), option("a")], ..grades() };
    assert_eq!(refused(&world, &admin, twice).await, ["option: own-option-twice"]);
    assert_eq!(list::run(&world.services, &admin).await.expect("fields").fields.len(), 1);
}

#[tokio::test]
async fn a_field_with_values_keeps_its_kind_and_the_options_that_are_chosen() {
    let (world, operator) = world().await;
    let (admin, head) = (operator.actor(Role::Admin, 2), operator.actor(Role::UnitHead, 2));
    let id = defined(&world, &admin, grades()).await;
    assert_eq!(filled(&world, &head, 2, &[("grade", "a")]).await, Vec::<String>::new());
    assert_eq!(
        changed(&world, &admin, id, |draft| draft.kind = "date".to_owned()).await,
        ["kind: own-kind-fixed"]
    );
    let without = |place: usize| move |draft: &mut Draft| draft.options[place].name = Default::default();
    assert_eq!(changed(&world, &admin, id, without(0)).await, ["option: own-option-used"]);
    assert_eq!(changed(&world, &admin, id, without(1)).await, Vec::<String>::new());
    // Retired it stays where it is, and is chosen nowhere else.
    let retire = |draft: &mut Draft| {
        draft.options[0].retired = true;
        draft.options.push(option("c"));
    };
    assert_eq!(changed(&world, &admin, id, retire).await, Vec::<String>::new());
    assert_eq!(filled(&world, &head, 2, &[("grade", "a")]).await, Vec::<String>::new());
    assert_eq!(filled(&world, &head, 1, &[("grade", "a")]).await, ["grade: own-option-retired"]);
    assert_eq!(filled(&world, &head, 1, &[("grade", "c")]).await, Vec::<String>::new());
    assert_eq!(listed(&world, &head, &[("field.grade.is", "a")]).await, [2]);
}

#[tokio::test]
async fn the_second_to_change_a_field_is_shown_both_versions() {
    let (world, operator) = world().await;
    let admin = operator.actor(Role::Admin, 2);
    let id = defined(&world, &admin, draft("area", "whole")).await;
    let late = form::run(&world.services, &admin, Some(id)).await.expect("a form");
    changed(&world, &admin, id, |draft| draft.name.0 = "先改的名称".to_owned()).await;
    let typed = Draft { name: ("后改的名称".to_owned(), "Later".to_owned()), ..late.draft };
    let Outcome::Again(both) = sent(&world, &admin, Some(id), typed.clone(), late.seen).await else {
        panic!("the first was overwritten unseen");
    };
    assert_eq!(both.draft.name.0, "后改的名称");
    assert_eq!(both.other.as_ref().map(|other| other.name.0.as_str()), Some("先改的名称"));
    assert!(matches!(sent(&world, &admin, Some(id), typed, both.seen).await, Outcome::Kept(_)));
}

#[tokio::test]
async fn a_customer_has_the_fields_of_all_of_its_category_and_of_its_industry() {
    let (world, operator) = world().await;
    let (admin, head) = (operator.actor(Role::Admin, 2), operator.actor(Role::UnitHead, 2));
    let of = |code: &str, category: &str, industry: &str| Draft {
        category: category.to_owned(),
        industry: industry.to_owned(),
        ..draft(code, "text")
    };
    defined(&world, &admin, of("deep", "sme", "示例行业")).await;
    defined(&world, &admin, of("wide", "sme", "")).await;
    defined(&world, &admin, of("all", "", "")).await;
    defined(&world, &admin, of("other", "key_account", "")).await;
    let codes = async |customer: i64| {
        let shown = shown(&world, &head, customer).await;
        shown.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    set_category(&world, &head, 2, "sme", "示例行业").await;
    assert_eq!(codes(2).await, ["all", "wide", "deep"]);
    filled(&world, &head, 2, &[("deep", "值"), ("wide", "值")]).await;
    assert_eq!(listed(&world, &head, &[("field.deep.has", "值")]).await, [2]);
    // In another industry the value is kept and not shown, nor found.
    set_category(&world, &head, 2, "sme", "另一行业").await;
    assert_eq!(codes(2).await, ["all", "wide"]);
    assert_eq!(listed(&world, &head, &[("field.deep.filled", "1")]).await, Vec::<i64>::new());
    set_category(&world, &head, 2, "sme", "示例行业").await;
    assert_eq!(shown(&world, &head, 2).await[2], ("deep".to_owned(), "值".to_owned()));
    // Who does not have it is not among those in whom it is empty.
    assert_eq!(listed(&world, &head, &[("field.deep.filled", "0")]).await, Vec::<i64>::new());
}

#[tokio::test]
async fn what_was_defined_is_asked_for_at_once_in_lists_segments_and_files() {
    let (world, operator) = world().await;
    let (admin, head) = (operator.actor(Role::Admin, 2), operator.actor(Role::UnitHead, 2));
    let before = listed(&world, &head, &[]).await;
    defined(&world, &admin, draft("area", "money")).await;
    let builder = async |pairs: &[(&str, &str)]| {
        segment::show::run(&world.services, &head, vec![query(pairs)]).await.expect("a builder")
    };
    assert!(builder(&[]).await.fields.named("area").is_some());
    assert_eq!(listed(&world, &head, &[("field.area.filled", "0")]).await, before);
    assert_eq!(filled(&world, &head, 2, &[("area", "¥1,200.50")]).await, Vec::<String>::new());
    let narrowed = [("field.area.from", "1200"), ("field.area.to", "1200.50")];
    assert_eq!(listed(&world, &head, &narrowed).await, [2]);
    assert_eq!(listed(&world, &head, &[("field.area.from", "1200.51")]).await, Vec::<i64>::new());
    assert_eq!(builder(&narrowed).await.figures.customers, 1);
    // Kept as a segment it goes on asking.
    let kept = segment::save::Draft {
        name: "示例细分".to_owned(),
        groups: vec![query(&narrowed)],
        ..segment::save::Draft::default()
    };
    let kept = segment::save::run(&world.services, &head, kept, now()).await.expect("kept");
    assert_eq!(listed(&world, &head, &[("segment", &kept.to_string())]).await, [2]);
    assert_eq!(builder(&[]).await.saved[0].figures.customers, 1);
    let export =
        customer::export::run(&world.services, &head, &query(&narrowed), now()).await.expect("a file");
    assert_eq!(export.fields()[0].code, "area");
    assert_eq!(
        export.map(|row| (row.id.get(), row.own[0].1.clone())).collect::<Vec<_>>(),
        [(2, Some(FieldValue::Whole(120_050)))]
    );
    // Where columns were chosen, those among them; on the page as in files.
    let columns = [&narrowed[..], &[("cols", "code,field.area")]].concat();
    let page = customer::list::run(&world.services, &head, &query(&columns)).await.expect("a page");
    assert_eq!(page.rows[0].own[0].1, Some(FieldValue::Whole(120_050)));
    let others = query(&[("cols", "code,risk")]);
    let export = customer::export::run(&world.services, &head, &others, now()).await.expect("a file");
    assert!(export.fields().is_empty());
    // No field, no customers: a condition is never silently none.
    assert_eq!(listed(&world, &head, &[("field.gone.filled", "0")]).await, Vec::<i64>::new());
    // Hidden, it still holds in what is kept.
    let id = list::run(&world.services, &admin).await.expect("fields").fields[0].id;
    arrange::run(&world.services, &admin, id, Turn::Retire, now()).await.expect("retired");
    assert_eq!(shown(&world, &head, 2).await, []);
    assert_eq!(listed(&world, &head, &[("segment", &kept.to_string())]).await, [2]);
    arrange::run(&world.services, &admin, id, Turn::Restore, now()).await.expect("restored");
    assert_eq!(shown(&world, &head, 2).await, [("area".to_owned(), "1200.50".to_owned())]);
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_the_field_and_nothing_is_kept() {
    let (world, operator) = world().await;
    let (admin, head) = (operator.actor(Role::Admin, 2), operator.actor(Role::UnitHead, 2));
    for kind in ["text", "whole", "money", "date", "yes_no"] {
        defined(&world, &admin, draft(kind, kind)).await;
    }
    defined(&world, &admin, grades()).await;
    defined(&world, &admin, Draft { required: true, ..draft("must", "text") }).await;
    let long = "长".repeat(10_000);
    let values = [
        ("text", long.as_str()),
        ("whole", "1.5"),
        ("money", "-1"),
        ("date", "2026-02-30"),
        ("yes_no", "maybe"),
        ("grade", "<script>"),
        ("must", " \u{200b} "),
    ];
    assert_eq!(
        filled(&world, &head, 2, &values).await,
        [
            "text: import-cell-text-long",
            "whole: import-cell-whole",
            "money: import-cell-money-negative",
            "date: import-cell-date-missing",
            "yes_no: own-not-yes-no",
            "grade: own-not-in-list",
            "must: import-cell-required",
        ]
    );
    assert!(shown(&world, &head, 2).await.iter().all(|(_, value)| value.is_empty()));
}

#[tokio::test]
async fn a_change_leaves_what_stood_there_before_and_is_seen_by_whoever_was_slower() {
    let (world, operator) = world().await;
    let (admin, head) = (operator.actor(Role::Admin, 2), operator.actor(Role::UnitHead, 2));
    defined(&world, &admin, draft("note", "text")).await;
    filled(&world, &head, 2, &[("note", "起初")]).await;
    let target = Target::Customer(CustomerId::new(2));
    let late = archive_form::run(&world.services, &head, target, now(), None).await.expect("a form");
    filled(&world, &head, 2, &[("note", "后来")]).await;
    let typed: Pairs = [("field.note", "再改"), ("seen", &late.seen.to_string())]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let archive_save::Outcome::Again(both) =
        archive_save::run(&world.services, &head, target, &typed, now()).await.expect("an outcome")
    else {
        panic!("overwritten unseen");
    };
    assert_eq!((both.own[0].text.as_str(), both.own[0].other.as_deref()), ("再改", Some("后来")));
    let page = audit::list::run(&world.services, &admin, &AuditQuery::default()).await.expect("the audit");
    let told: Vec<String> = page
        .lines
        .iter()
        .flat_map(|line| &line.changes)
        .map(|(name, was, is)| format!("{name} {was} {is}"))
        .collect();
    assert_eq!(told, ["field.note \"起初\" \"后来\"", "field.note null \"起初\""]);
    let known = customer::known::run(&world.services, &head, CustomerId::new(2), now().date()).await;
    let own = known.expect("read").expect("a customer").own;
    assert_eq!(own[0].2, Some(FieldValue::Text("后来".into())));
    let day_before = at(NOW - 86_400).date();
    let known = customer::known::run(&world.services, &head, CustomerId::new(2), day_before).await;
    assert_eq!(known.expect("read").expect("a customer").own[0].1, None);
}

#[tokio::test]
async fn of_merged_customers_the_one_that_stands_shows_what_it_has_not_from_the_other() {
    let (world, operator) = world().await;
    let admin = operator.actor(Role::Admin, 2);
    defined(&world, &admin, draft("one", "text")).await;
    defined(&world, &admin, draft("two", "text")).await;
    filled(&world, &admin, 4, &[("one", "甲"), ("two", "乙")]).await;
    filled(&world, &admin, 2, &[("one", "丙")]).await;
    let (merged, into) = (CustomerId::new(4), CustomerId::new(2));
    duplicate::merge::run(&world.services, &admin, merged, into, "示例", now()).await.expect("merged");
    let both = [("one".to_owned(), "丙".to_owned()), ("two".to_owned(), "乙".to_owned())];
    assert_eq!(shown(&world, &admin, 2).await, both);
    assert_eq!(listed(&world, &admin, &[("field.two.has", "乙")]).await, [2]);
    // Emptied by a person, it is empty.
    filled(&world, &admin, 2, &[("two", "")]).await;
    assert_eq!(shown(&world, &admin, 2).await[1].1, "");
    assert_eq!(listed(&world, &admin, &[("field.two.filled", "1")]).await, Vec::<i64>::new());
}

#[tokio::test]
async fn fields_change_places_within_their_group() {
    let (world, operator) = world().await;
    let admin = operator.actor(Role::Admin, 2);
    let first = defined(&world, &admin, draft("first", "text")).await;
    defined(&world, &admin, draft("second", "text")).await;
    let order = async || {
        let fields = list::run(&world.services, &admin).await.expect("fields").fields;
        fields.into_iter().map(|field| field.code).collect::<Vec<_>>()
    };
    arrange::run(&world.services, &admin, first, Turn::Up, now()).await.expect("stays");
    assert_eq!(order().await, ["first", "second"]);
    arrange::run(&world.services, &admin, first, Turn::Down, now()).await.expect("moved");
    assert_eq!(order().await, ["second", "first"]);
}

#[tokio::test]
async fn a_column_of_a_sheet_is_found_by_code_or_name() {
    let (world, operator) = world().await;
    let admin = operator.actor(Role::Admin, 2);
    defined(&world, &admin, draft("area", "whole")).await;
    let fields = list::run(&world.services, &admin).await.expect("fields").fields;
    for header in ["area", " ＡＲＥＡ", "示例 area", "sample AREA"] {
        assert_eq!(headed(&fields, header).map(|field| field.code.as_str()), Some("area"), "{header}");
    }
    assert_eq!(headed(&fields, "areas"), None);
}

/// What is asked of fields in the property below.
const ASKED: [&[(&str, &str)]; 8] = [
    &[("field.n.from", "3")],
    &[("field.n.to", "5"), ("field.n.filled", "1")],
    &[("field.n.filled", "0")],
    &[("field.t.has", "A")],
    &[("field.t.filled", "0"), ("field.n.from", "2")],
    &[("field.g.is", "a"), ("field.g.is", "b")],
    &[("field.g.is", "b")],
    &[("field.k.filled", "0")],
];

/// Whether a customer fits, told from what stands in its fields as its page shows them.
fn fits(own: &[(String, String)], asked: &[(&str, &str)]) -> bool {
    let among: Vec<&str> =
        asked.iter().filter(|(name, _)| name.ends_with(".is")).map(|(_, value)| *value).collect();
    asked.iter().all(|(name, value)| {
        let mut parts = name.split('.').skip(1);
        let (code, ask) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let Some((_, text)) = own.iter().find(|(known, _)| known == code) else { return false };
        let number = || text.parse::<i64>().ok();
        match ask {
            "filled" => (*value == "1") != text.is_empty(),
            "from" => number().is_some_and(|number| number >= value.parse().unwrap_or(i64::MAX)),
            "to" => number().is_some_and(|number| number <= value.parse().unwrap_or(i64::MIN)),
            "has" => text.to_lowercase().contains(&value.to_lowercase()),
            _ => among.contains(&text.as_str()),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_list_agrees_with_a_look_at_every_customer_in_sight(
        values in proptest::collection::vec(
            (1_i64..=3, prop::sample::select(vec![
                ("n", "1"), ("n", "3"), ("n", "7"), ("n", ""), ("t", "Ab"), ("t", "c"), ("t", ""),
                ("g", "a"), ("g", "b"), ("g", ""), ("k", "x"), ("k", ""),
            ])),
            0..14,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(agrees(&values));
    }
}

async fn agrees(values: &[(i64, (&str, &str))]) {
    let (world, operator) = world().await;
    let admin = operator.actor(Role::Admin, 2);
    defined(&world, &admin, draft("n", "whole")).await;
    defined(&world, &admin, draft("t", "text")).await;
    defined(&world, &admin, Draft { code: "g".to_owned(), ..grades() }).await;
    set_category(&world, &admin, 3, "sme", "教育").await;
    defined(&world, &admin, Draft { category: "sme".to_owned(), ..draft("k", "text") }).await;
    let customers = seen(&world, &admin).await;
    for (customer, value) in values {
        if customers.contains(customer) {
            filled(&world, &admin, *customer, &[*value]).await;
        }
    }
    let again = world.opened_again().await;
    let people = people(&operator);
    for actor in &people {
        let mut own = Vec::new();
        for id in seen(&world, actor).await {
            own.push((id, shown(&world, actor, id).await));
        }
        for asked in ASKED {
            let mut expected: Vec<i64> =
                own.iter().filter(|(_, own)| fits(own, asked)).map(|(id, _)| *id).collect();
            expected.sort_unstable();
            assert_eq!(listed(&world, actor, asked).await, expected, "{asked:?}");
            // Patched step by step or built anew, the index is the same.
            let page = customer::list::run(&again, actor, &query(asked)).await.expect("a page");
            assert_eq!(page.total, expected.len() as u64, "{asked:?}");
        }
    }
}

fn people(operator: &Operator) -> [Actor; 3] {
    let manager = operator.actor(Role::AccountManager, 1);
    let none =
        Actor { scope: Scope::new(manager.scope.home(), []), ..operator.actor(Role::AccountManager, 0) };
    [operator.actor(Role::UnitHead, 0), manager, none]
}

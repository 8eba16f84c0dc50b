//! Every page, in both languages.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::archive::Sheet;
use domain::field::FieldValue;
use domain::id::{CollaborationId, ContactId, CustomerId, MemberId};
use domain::segment::SegmentValue;
use domain::sign_in::Duty;
use domain::staff::Role;
use domain::tactic::TacticCell;
use domain::{Lang, Message, Problem, ProblemKind};
use futures::StreamExt;
use service::Actor;
use service::account::show::SecondStep;
use service::audit::{AuditPage, AuditQuery};
use service::collaboration::Collaborations;
use service::customer::{Column, Columns, CustomerQuery};
use service::data::DataView;
use service::duplicate::list::Duplicates;
use service::grant::Grants;
use service::member::MemberQueue;
use service::models::ModelsView;
use service::programme::Programmes;
use service::search::Found;
use service::segment::save::Draft;
use service::sheet_import::{At, revert};
use service::timeline::{TimelinePage, TimelineQuery};
use service::today::Today;
use service::user::list::{UserKind, UserPage, UserQuery};
use service::user::make::HandedOut;
use web::pages::customer::cells::FileColumn;
use web::pages::{
    access, account, archive, assignment, audit, collaboration, contact, customer, data, duplicates, edit,
    fields, insight, members, models, problem, programme, search, segment, session, sheet_import, tactics,
    timeline, today, users, view, visits,
};
use web::ui::{Theme, Ui, document};

use crate::fixtures::{self, HOSTILE};

/// Every page with its name, as a user of a role sees it.
pub fn all(lang: Lang, theme: Theme) -> Vec<(&'static str, String)> {
    let head = fixtures::actor(Role::UnitHead);
    let admin = fixtures::actor(Role::Admin);
    let manager = fixtures::actor(Role::AccountManager);
    let owing = Actor { duty: Some(Duty::Password), ..fixtures::actor(Role::UnitHead) };
    let ui = |actor, here| Ui { lang, theme, actor, here };
    let as_head = |here| ui(Some(&head), here);
    let as_admin = |here| ui(Some(&admin), here);
    let nobody = ui(None, "/login");
    let plain = CustomerQuery::first();
    let filtered = CustomerQuery::parse(&pairs(&[
        ("q", "示例"),
        ("stage", "decline"),
        ("stage", "growth"),
        ("star", "5"),
        ("category", "sme"),
        ("risk", "high"),
        ("cause", "price"),
        ("need", "office"),
        ("revenue-from", "20000"),
        ("risk-to", "12.5"),
        ("segment", "4"),
        ("industry", "制造"),
        ("field.own_1.from", "20"),
        ("field.own_3.to", "2026-01-01"),
        ("field.own_4.is", "yes"),
        ("field.own_5.is", "first"),
        ("field.own_0.has", HOSTILE),
        ("field.own_2.filled", "0"),
        ("field.gone.filled", "1"),
        ("unit", "8"),
        ("manager", "3"),
        ("changed", "1"),
        ("sort", "since"),
        ("after", "9"),
    ]));
    let nothing =
        service::customer::CustomerPage { rows: Vec::new(), total: 0, next: None, ..fixtures::customers() };
    let empty_today = Today {
        month: None,
        customers: 0,
        revenue: Default::default(),
        declining: (0, 0),
        changed: 0,
        ending: 0,
        uneasy_members: 0,
        collaborations: 0,
        handed: Vec::new(),
        day: domain::Date::MIN,
        tasks: Vec::new(),
        visits: Vec::new(),
        by_kind: [0; 7],
        lines: Vec::new(),
    };
    let none = segment::Examined::default();
    let asked = |text: &str| search::Asked { text: text.to_owned(), from: None };
    let chosen_columns = CustomerQuery {
        columns: Columns::new([Column::Lines, Column::LastVisit, Column::Code, Column::Risk, Column::Cause]),
        view: fixtures::views()[1].query.view,
        ..CustomerQuery::first()
    };
    let sheets = [
        fixtures::sheet(false, None),
        fixtures::sheet(true, None),
        fixtures::sheet_done(false),
        fixtures::sheet_done(true),
    ];
    let sheets = sheets.map(|view| view.row);
    let refused_sheet = Problem::new(ProblemKind::BadInput, Message::new("problem-sheet-kind"))
        .hint(Message::new("hint-sheet-kind"));
    let mapped = sheet_import::Asked {
        refused: Some(Problem::new(ProblemKind::BadInput, Message::new("problem-sheet-untried"))),
        ..sheet_import::Asked::default()
    };
    let at_work = fixtures::sheet(true, Some(At::Step("sheet-step-likes")));
    let failed = fixtures::sheet(
        true,
        Some(At::Failed(Message::new("problem-sheet-changed"), Some(Message::new("hint-sheet-changed")))),
    );
    let preview = revert::Preview {
        report: fixtures::sheet_report(),
        names: vec![(CustomerId::new(1), HOSTILE.to_owned())],
        seen: "0".to_owned(),
    };
    let reverting =
        sheet_import::Asked { preview: Some(preview), changed: true, ..sheet_import::Asked::default() };
    let (edits, plan) = fixtures::edits();
    let edit_draft = service::edit::Draft {
        column: "industry".to_owned(),
        value: HOSTILE.to_owned(),
        query: vec![("only".to_owned(), "1".to_owned())],
        seen: String::new(),
    };
    let refused_edit = edit::Asked {
        draft: edit_draft.clone(),
        changed: true,
        refused: Some(Problem::new(ProblemKind::BadInput, Message::new("problem-edit-nothing"))),
        ..edit::Asked::default()
    };
    let asked_edit = edit::Asked { draft: edit_draft, plan: Some(plan), ..edit::Asked::default() };
    let refused_view = view::Asked {
        name: HOSTILE.to_owned(),
        query: Some(CustomerQuery::first()),
        refused: Some(Message::new("problem-view-name").with("longest", 40_i64)),
        ..view::Asked::default()
    };
    let changed_view = view::Asked {
        name: HOSTILE.to_owned(),
        by_now: fixtures::views().into_iter().next(),
        ..view::Asked::default()
    };
    let cell = TacticCell::all().next().expect("a cell");
    let tactic_asked = tactics::Asked { cell, text: HOSTILE.to_owned(), refused: None };
    let tactic_refused =
        tactics::Asked { refused: Some(Message::new("import-cell-text-control")), ..tactic_asked.clone() };
    let draft = Draft { name: HOSTILE.to_owned(), goal: HOSTILE.to_owned(), ..Draft::default() };
    let grant_draft = service::grant::give::Draft { person: HOSTILE.to_owned(), ..Default::default() };
    let broken = Problem::new(ProblemKind::Internal, Message::new("problem-internal").with("error", HOSTILE))
        .hint(Message::new("hint-internal"));
    vec![
        ("fields", fields::render(&as_admin("/fields"), &fixtures::field_list())),
        ("fields-none", fields::render(&as_admin("/fields"), &Default::default())),
        ("field", fields::render_form(&as_admin("/fields/6"), &fixtures::field_form())),
        ("login", session::render(&nobody, None, None)),
        ("login-failed", session::render(&nobody, Some("/customers"), Some((HOSTILE, HOSTILE)))),
        (
            "timeline",
            timeline::render(
                &as_head("/customers/1/timeline"),
                &TimelineQuery::parse(&pairs(&[("kind", "visit"), ("from", "2026-01-01"), ("tree", "1")])),
                &fixtures::timeline(),
            ),
        ),
        ("visits", visits::render(&as_head("/visits"), &fixtures::visits())),
        ("today", today::render(&as_head("/"), &fixtures::today(), None)),
        ("today-manager", today::render(&ui(Some(&manager), "/"), &fixtures::today(), None)),
        (
            "today-narrowed",
            today::render(
                &as_head("/?only=exited"),
                &fixtures::today(),
                Some(service::today::OccasionKind::Exited),
            ),
        ),
        ("today-empty", today::render(&as_head("/"), &empty_today, None)),
        (
            "customers",
            customer::list::render(
                &as_head("/customers"),
                &plain,
                &fixtures::customers(),
                &fixtures::views(),
            ),
        ),
        (
            "customers-filtered",
            customer::list::render(
                &as_head("/customers?x"),
                &filtered,
                &fixtures::customers(),
                &fixtures::views(),
            ),
        ),
        (
            "customers-columns",
            customer::list::render(
                &as_head("/customers?cols=x"),
                &chosen_columns,
                &fixtures::customers(),
                &fixtures::views(),
            ),
        ),
        ("imports", sheet_import::render_all(&as_head("/imports"), &sheets, None)),
        ("imports-none", sheet_import::render_all(&as_head("/imports"), &[], Some(&refused_sheet))),
        ("import-map", sheet_import::render(&as_head("/imports/4"), &fixtures::sheet(false, None), &mapped)),
        (
            "import-work",
            sheet_import::render(&as_head("/imports/4"), &at_work, &sheet_import::Asked::default()),
        ),
        (
            "import-tried",
            sheet_import::render(&as_head("/imports/4"), &failed, &sheet_import::Asked::default()),
        ),
        (
            "import-done",
            sheet_import::render(&as_head("/imports/4"), &fixtures::sheet_done(false), &reverting),
        ),
        (
            "import-reverted",
            sheet_import::render(
                &as_head("/imports/4"),
                &fixtures::sheet_done(true),
                &sheet_import::Asked::default(),
            ),
        ),
        ("edits", edit::render(&as_head("/edits"), &edits, &["示例制造".to_owned()], &asked_edit)),
        ("edits-none", edit::render(&as_head("/edits"), &[], &[], &refused_edit)),
        ("tactics", tactics::render(&as_head("/members/tactics"), &fixtures::tactics(), None)),
        (
            "tactics-both",
            tactics::render(&as_head("/members/tactics"), &fixtures::tactics(), Some(&tactic_asked)),
        ),
        (
            "tactics-refused",
            tactics::render(&as_head("/members/tactics"), &fixtures::tactics(), Some(&tactic_refused)),
        ),
        ("views", view::render(&as_head("/views"), &fixtures::views(), &view::Asked::default())),
        ("views-none", view::render(&as_head("/views"), &[], &refused_view)),
        ("views-both", view::render(&as_head("/views"), &fixtures::views(), &changed_view)),
        ("customers-none", customer::list::render(&as_head("/customers"), &plain, &nothing, &[])),
        ("customers-no-match", customer::list::render(&as_head("/customers"), &filtered, &nothing, &[])),
        (
            "customers-before-cycle",
            customer::list::render(&as_head("/customers"), &plain, &fixtures::customers_before_cycle(), &[]),
        ),
        ("customer", customer::show::render(&as_head("/customers/1"), &fixtures::customer(), None)),
        (
            "customer-before-cycle",
            customer::show::render(&as_head("/customers/1"), &fixtures::customer_before_cycle(), None),
        ),
        ("assignments", fixtures::assignments(&as_head("/assignments"))),
        ("pool", assignment::render_pool(&as_head("/pool"), &fixtures::pool(), None)),
        (
            "archive-customer",
            archive::render(&as_head("/customers/1/edit"), &fixtures::form(Sheet::Customer)),
        ),
        (
            "archive-contact",
            archive::render(&as_head("/customers/1/archive/contacts/7"), &fixtures::form(Sheet::Contact)),
        ),
        (
            "archive-presence",
            archive::render(
                &as_head("/customers/1/archive/competitor_presences/7"),
                &fixtures::form(Sheet::Presence),
            ),
        ),
        (
            "archive-purchase",
            archive::render(&as_head("/customers/1/archive/purchases/7"), &fixtures::form(Sheet::Purchase)),
        ),
        (
            "archive-move",
            archive::render(
                &as_head("/customers/1/archive/relationship_moves/7"),
                &fixtures::form(Sheet::Move),
            ),
        ),
        (
            "archive-review",
            archive::render(
                &as_head("/customers/1/archive/relationship_reviews/7"),
                &fixtures::form(Sheet::Review),
            ),
        ),
        (
            "archive-programme",
            archive::render(
                &as_head("/customers/1/archive/engagement_programmes/7"),
                &fixtures::form(Sheet::Programme),
            ),
        ),
        (
            "archive-programme-activity",
            archive::render(
                &as_head("/customers/1/archive/programme_activities/7"),
                &fixtures::form(Sheet::ProgrammeActivity),
            ),
        ),
        (
            "archive-programme-member",
            archive::render(
                &as_head("/customers/1/archive/programme_members/7"),
                &fixtures::form(Sheet::ProgrammeMember),
            ),
        ),
        ("programmes", programme::render(&as_head("/programmes"), &fixtures::programmes())),
        (
            "programmes-empty",
            programme::render(
                &as_head("/programmes"),
                &Programmes { rows: Vec::new(), ..fixtures::programmes() },
            ),
        ),
        ("insight", insight::render(&as_head("/insight?unit=7"), &fixtures::insight())),
        ("members", members::render(&as_head("/members"), &fixtures::members(), None)),
        ("members-empty", members::render(&as_head("/members"), &MemberQueue::default(), None)),
        (
            "members-untold",
            members::render(
                &as_head("/members"),
                &MemberQueue { is_told: false, ..fixtures::members() },
                None,
            ),
        ),
        ("insight-empty", insight::render_empty(&as_head("/insight"))),
        (
            "segments",
            segment::build::render(
                &as_head("/segments"),
                std::slice::from_ref(&plain),
                &fixtures::segments(),
                &none,
                None,
            ),
        ),
        (
            "segments-refused",
            segment::build::render(
                &as_head("/segments?x"),
                &[filtered.clone(), filtered.clone()],
                &fixtures::segments(),
                &none,
                Some((&draft, &Message::new("problem-segment-taken").with("name", HOSTILE))),
            ),
        ),
        (
            "segments-examined",
            segment::build::render(
                &as_head("/segments?by=saved"),
                std::slice::from_ref(&filtered),
                &fixtures::segments(),
                &fixtures::examined(),
                None,
            ),
        ),
        (
            "segments-empty",
            segment::build::render(
                &as_head("/segments"),
                std::slice::from_ref(&plain),
                &fixtures::segments_empty(),
                &none,
                None,
            ),
        ),
        ("models", models::render(&as_head("/models"), &fixtures::models())),
        ("models-empty", models::render(&as_head("/models"), &ModelsView::default())),
        ("data", data::render(&as_admin("/data"), &fixtures::data())),
        ("data-empty", data::render(&as_admin("/data"), &DataView::default())),
        (
            "collaborations",
            collaboration::render(
                &as_head("/collaborations"),
                &fixtures::collaborations(),
                &collaboration::Asked::default(),
            ),
        ),
        (
            "collaborations-empty",
            collaboration::render(
                &as_head("/collaborations"),
                &Collaborations { rows: Vec::new(), ..fixtures::collaborations() },
                &collaboration::Asked {
                    refused: Some(Message::new("problem-collaboration-parties")),
                    ..Default::default()
                },
            ),
        ),
        (
            "collaborations-refused",
            collaboration::render(
                &as_head("/collaborations"),
                &fixtures::collaborations(),
                &collaboration::Asked {
                    of: Some(CollaborationId::new(1)),
                    refused: Some(Message::new("problem-no-reason")),
                    ..Default::default()
                },
            ),
        ),
        (
            "audit",
            audit::render(
                &as_admin("/audit"),
                &fixtures::audit(),
                &audit::Typed { by: HOSTILE.to_owned(), ..Default::default() },
                &AuditQuery { before: Some(9), ..AuditQuery::default() },
            ),
        ),
        (
            "audit-empty",
            audit::render(
                &as_admin("/audit"),
                &AuditPage { lines: Vec::new(), next: None },
                &audit::Typed::default(),
                &AuditQuery::default(),
            ),
        ),
        ("access", access::render(&as_head("/access"), &fixtures::grants(), &fixtures::explained(), None)),
        (
            "access-refused",
            access::render(
                &as_head("/access"),
                &Grants { rows: Vec::new(), ..fixtures::grants() },
                &access::Asked {
                    answer: Some(Err(Message::new("problem-grant-nothing"))),
                    ..Default::default()
                },
                Some((&grant_draft, &Message::new("problem-grant-not-own").with("customers", 3_i64))),
            ),
        ),
        ("duplicates", duplicates::render(&as_head("/duplicates"), &fixtures::duplicates(), None)),
        (
            "duplicates-refused",
            duplicates::render(
                &as_head("/duplicates"),
                &Duplicates {
                    run: None,
                    pairs: Vec::new(),
                    merges: Vec::new(),
                    total: 0,
                    ..fixtures::duplicates()
                },
                Some(&Message::new("problem-pair-decided")),
            ),
        ),
        ("search", search::render(&as_head("/search?q=s"), &asked("示例"), &fixtures::found())),
        ("search-actions", search::render(&as_admin("/search"), &asked(""), &Found::default())),
        ("search-nothing", search::render(&as_head("/search?q=x"), &asked(HOSTILE), &Found::default())),
        ("known", customer::known::render(&as_head("/customers/5/known"), &fixtures::known())),
        (
            "contact",
            contact::render(&as_head("/customers/1"), CustomerId::new(1), &fixtures::customer().contacts[0]),
        ),
        (
            "contact-refused",
            contact::render_refused(
                &as_head("/customers/1"),
                CustomerId::new(1),
                ContactId::new(2),
                &Message::new("problem-no-reason"),
            ),
        ),
        ("login-code", session::render_code(&nobody, None, None)),
        ("login-code-wrong", session::render_code(&nobody, Some("/customers"), Some(HOSTILE))),
        ("users", users::render(&as_admin("/users"), &fixtures::users(), &UserQuery::default(), None)),
        (
            "users-refused",
            users::render(
                &as_admin("/users"),
                &UserPage::default(),
                &UserQuery { text: HOSTILE.to_owned(), kind: Some(UserKind::Locked) },
                Some((
                    &service::user::make::Draft { person: HOSTILE.to_owned(), username: HOSTILE.to_owned() },
                    &Message::new("problem-user-no-person").with("person", HOSTILE),
                )),
            ),
        ),
        ("user", users::render_one(&as_admin("/users/4"), &fixtures::user(false), None)),
        (
            "user-self",
            users::render_one(
                &as_admin("/users/4"),
                &fixtures::user(true),
                Some(&Message::new("problem-no-reason")),
            ),
        ),
        (
            "handed-out",
            users::render_handed_out(
                &as_admin("/users"),
                &HandedOut { username: HOSTILE.to_owned(), password: "abcd2345".to_owned() },
            ),
        ),
        (
            "account",
            account::render(
                &as_head("/account"),
                &fixtures::account(SecondStep::Off),
                &account::Shown { is_changed: true, ..Default::default() },
            ),
        ),
        (
            "account-begun",
            account::render(
                &as_head("/account"),
                &fixtures::account(SecondStep::Begun {
                    address: "otpauth://totp/Tenure:li?secret=ABCD&issuer=Tenure".to_owned(),
                    secret: "ABCDEFGH".to_owned(),
                }),
                &account::Shown {
                    refused: Some((account::Part::SecondStep, Message::new("problem-code-wrong"))),
                    ..Default::default()
                },
            ),
        ),
        (
            "account-on",
            account::render(
                &as_head("/account"),
                &fixtures::account(SecondStep::On { codes_left: 9 }),
                &account::Shown { token: Some("tenure_00".to_owned()), ..Default::default() },
            ),
        ),
        (
            "account-owing",
            account::render(
                &ui(Some(&owing), "/account"),
                &fixtures::account(SecondStep::Off),
                &account::Shown::default(),
            ),
        ),
        ("recovery-codes", account::render_codes(&as_head("/account"), &["2bcd-efgh".to_owned()])),
        ("not-found", problem::render_not_found(&as_head("/customers/9"))),
        ("not-found-nobody", problem::render_not_found(&ui(None, "/nothing"))),
        ("problem", problem::render(&as_head("/data"), &broken)),
        ("foreign-form", problem::render_foreign_form(&nobody)),
    ]
    .into_iter()
    .map(|(name, markup)| (name, document(markup)))
    .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> service::customer::Pairs {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What a person reads on a page: text between tags, and the attributes that are spoken or shown.
fn read_aloud(page: &str) -> Vec<String> {
    let mut said = Vec::new();
    for part in page.split('<').skip(1) {
        let Some((tag, text)) = part.split_once('>') else { continue };
        said.push(text.trim().to_owned());
        for attribute in ["title=\"", "aria-label=\"", "placeholder=\""] {
            if let Some((_, rest)) = tag.split_once(attribute) {
                said.push(rest.split('"').next().unwrap_or_default().to_owned());
            }
        }
    }
    said.retain(|text| !text.is_empty());
    said
}

/// The values of an attribute.
fn attributes(page: &str, name: &str) -> BTreeSet<String> {
    let needle = format!(" {name}=\"");
    page.split(&needle)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|value| value.replace("&amp;", "&"))
        .collect()
}

#[test]
fn no_page_shows_a_key_instead_of_a_text() {
    for lang in Lang::ALL {
        for (name, page) in all(lang, Theme::System) {
            for text in read_aloud(&page) {
                let first = text.split([' ', '=']).next().unwrap_or_default();
                let like_a_key = first.contains('-')
                    && first.starts_with(|c: char| c.is_ascii_lowercase())
                    && first
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
                assert!(!like_a_key, "{name} in {lang} says `{text}`");
                assert!(!text.contains("{ $") && !text.contains("{$"), "{name} in {lang} says `{text}`");
            }
        }
    }
}

#[test]
fn english_pages_hold_no_chinese_but_names() {
    let names =
        ["示例", "样本", "总部", "对手", "在网", "中文", "互联网专线", "集团短信", "云主机", "商务总机"];
    let data = ["信息中心主任", "畅享", "商务", "线路中断", "续约沟通", "希望降价", "磁盘已满"];
    let kinds =
        ["制造", "银行", "物流", "学校", "医院", "酒店", "软件", "建筑", "保险", "零售", "能源", "传媒"];
    let known: Vec<&str> = names.into_iter().chain(data).chain(kinds).collect();
    for (name, page) in all(Lang::En, Theme::System) {
        for text in read_aloud(&page) {
            let chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(!chinese || known.iter().any(|known| text.contains(known)), "{name} says `{text}`");
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    for lang in Lang::ALL {
        for (name, page) in all(lang, Theme::System) {
            assert!(!page.contains("<script>"), "{name}");
            assert!(!page.contains("alert(\"x\")"), "{name}");
        }
    }
}

#[test]
fn every_link_and_form_leads_somewhere() {
    let known = |address: &str| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let asset = path.strip_prefix("/assets/").is_some_and(|name| web::assets::find(name).is_some());
        let is_number = |text: &str| text.parse::<u64>().is_ok();
        let is_sheet = |text: &str| text.parse::<Sheet>().is_ok();
        let of_customer = |rest: &str| match rest.split('/').collect::<Vec<_>>().as_slice() {
            ["new"] => true,
            [id] | [id, "known" | "edit"] => is_number(id),
            [id, "contacts", contact] => is_number(id) && is_number(contact),
            [id, "archive", sheet] => is_number(id) && is_sheet(sheet),
            [id, "archive", sheet, row] | [id, "archive", sheet, row, "remove"] => {
                is_number(id) && is_sheet(sheet) && is_number(row)
            }
            _ => false,
        };
        let customer = path.strip_prefix("/customers/").is_some_and(of_customer);
        let rooms = [
            "/",
            "/login",
            "/logout",
            "/search",
            "/customers",
            "/customers/export.csv",
            "/customers/export.xlsx",
            "/views",
            "/edits",
            "/imports",
            "/insight",
            "/members",
            "/members/tactics",
            "/models",
            "/segments",
            "/data",
            "/collaborations",
            "/programmes",
            "/assignments",
            "/pool",
            "/duplicates",
            "/duplicates/find",
            "/access",
            "/audit",
            "/audit/export.csv",
            "/login/code",
            "/account",
            "/account/password",
            "/account/sessions/end-others",
            "/account/two-factor",
            "/account/two-factor/confirm",
            "/account/two-factor/codes",
            "/account/two-factor/off",
            "/account/tokens",
            "/users",
            "/nothing",
            "/visits",
            "/fields",
            "/fields/new",
        ];
        let path_of_visits = match path.split('/').skip(1).collect::<Vec<_>>().as_slice() {
            ["customers", id, "timeline"] => is_number(id),
            ["customers", id, "tasks", task, "done" | "reopen"] => is_number(id) && is_number(task),
            _ => false,
        };
        let grant = path.strip_prefix("/access/").and_then(|rest| rest.strip_suffix("/end"));
        let grant = grant.is_some_and(|id| id.parse::<u64>().is_ok());
        let segment = path.strip_prefix("/segments/").and_then(|rest| rest.strip_suffix("/delete"));
        let segment = segment.is_some_and(|id| id.parse::<u64>().is_ok());
        let work = path.strip_prefix("/collaborations/").is_some_and(|rest| {
            match rest.split('/').collect::<Vec<_>>().as_slice() {
                [id, "close"] => id.parse::<u64>().is_ok(),
                [id, "units", unit] => id.parse::<u64>().is_ok() && unit.parse::<u64>().is_ok(),
                _ => false,
            }
        });
        let assignment = path.strip_prefix("/assignments/").and_then(|rest| rest.strip_suffix("/undo"));
        let assignment = assignment.is_some_and(is_number);
        let claim = path.strip_prefix("/pool/").is_some_and(is_number);
        let user = match path.split('/').skip(1).collect::<Vec<_>>().as_slice() {
            ["fields", id] | ["fields", id, "up" | "down" | "retire" | "restore"] => is_number(id),
            ["users", id] => is_number(id),
            ["users", id, "password" | "suspend" | "resume" | "two-factor-off"] => is_number(id),
            ["users", id, "sessions", session, "end"] => is_number(id) && is_number(session),
            ["users", id, "tokens", token, "revoke"] => is_number(id) && is_number(token),
            ["account", "sessions", id, "end"] | ["account", "tokens", id, "revoke"] => is_number(id),
            _ => false,
        };
        let view = match path.split('/').skip(1).collect::<Vec<_>>().as_slice() {
            ["edits", id, "undo"] => is_number(id),
            ["members", "tactics", stars, value] => is_number(stars) && value.parse::<SegmentValue>().is_ok(),
            ["imports", id] | ["imports", id, "try" | "do" | "discard" | "revert" | "refused"] => {
                is_number(id)
            }
            ["views", id] | ["views", id, "pin" | "delete"] => is_number(id),
            _ => false,
        };
        let pair = path.strip_prefix("/duplicates/").is_some_and(|rest| {
            match rest.split('/').collect::<Vec<_>>().as_slice() {
                ["merges", id, "end"] => id.parse::<u64>().is_ok(),
                [one, other, "merge" | "dismiss"] => {
                    one.parse::<u64>().is_ok() && other.parse::<u64>().is_ok()
                }
                _ => false,
            }
        });
        asset
            || customer
            || path_of_visits
            || assignment
            || claim
            || segment
            || view
            || grant
            || work
            || user
            || pair
            || rooms.contains(&path)
    };
    for lang in Lang::ALL {
        for (name, page) in all(lang, Theme::System) {
            let ids = attributes(&page, "id");
            for address in ["href", "src", "action", "formaction"]
                .iter()
                .flat_map(|attribute| attributes(&page, attribute))
            {
                match address.strip_prefix('#') {
                    Some(id) => assert!(ids.contains(id), "{name} jumps to {address}"),
                    None => assert!(known(&address), "{name} leads to {address}"),
                }
            }
        }
    }
}

#[test]
fn nothing_comes_from_another_origin_or_is_styled_inline() {
    let assets = [web::assets::stylesheet(), web::assets::script(), web::assets::icon()];
    for asset in assets {
        let content = asset.content.replace("http://www.w3.org/2000/svg", "");
        for foreign in ["http:", "https:", "//cdn", "@import", "url("] {
            assert!(!content.contains(foreign), "{} has {foreign}", asset.address());
        }
    }
    for (name, page) in all(Lang::ZhCn, Theme::Dark) {
        for foreign in ["http:", "https:", " style=", " onclick=", "<style", "javascript:"] {
            assert!(!page.contains(foreign), "{name} has {foreign}");
        }
    }
}

#[test]
fn no_tag_has_an_attribute_twice() {
    for (name, page) in all(Lang::ZhCn, Theme::System) {
        for tag in page.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
            assert!(tag.matches(" class=\"").count() <= 1, "{name}: <{tag}>");
        }
    }
}

#[test]
fn ids_stand_once_on_a_page() {
    for (name, page) in all(Lang::ZhCn, Theme::System) {
        let count = page.split(" id=\"").count() - 1;
        assert_eq!(count, attributes(&page, "id").len(), "{name}");
    }
}

#[test]
fn navigation_shows_only_what_the_role_may() {
    let ways = |role: Role| {
        let actor: Actor = fixtures::actor(role);
        let ui = Ui { lang: Lang::ZhCn, theme: Theme::System, actor: Some(&actor), here: "/" };
        let page = document(problem::render_not_found(&ui));
        let nav = page.split("<nav class=\"side\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        let nav = nav.expect("a navigation").split("<ul>").nth(1).expect("a list").to_owned();
        attributes(&nav, "href").into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ways(Role::AccountManager), "/ /collaborations /customers /pool /programmes /visits");
    assert_eq!(
        ways(Role::UnitHead),
        "/ /access /assignments /collaborations /customers /duplicates /insight /programmes /segments /visits"
    );
    assert_eq!(ways(Role::Analyst), "/collaborations /customers /data /insight /programmes /segments");
    assert_eq!(ways(Role::ServiceAgent), "/collaborations /customers /programmes /visits");
    assert_eq!(ways(Role::ChannelAgent), "/collaborations /customers /programmes /visits");
    assert_eq!(
        ways(Role::Admin),
        "/ /access /assignments /audit /collaborations /customers /data /duplicates /fields /insight /pool /programmes /segments /users /visits"
    );
}

#[test]
fn only_those_who_may_export_are_offered_it() {
    let query = CustomerQuery::first();
    let offered = |role| {
        let actor = fixtures::actor(role);
        let ui = Ui { lang: Lang::En, theme: Theme::System, actor: Some(&actor), here: "/customers" };
        document(customer::list::render(&ui, &query, &fixtures::customers(), &[])).contains("export.csv")
    };
    assert!(offered(Role::AccountManager));
    assert!(!offered(Role::ServiceAgent));
}

#[test]
fn every_model_in_use_has_a_card_with_its_standing_and_what_came_of_what_it_said() {
    let actor = fixtures::actor(Role::UnitHead);
    for lang in Lang::ALL {
        let ui = Ui { lang, theme: Theme::System, actor: Some(&actor), here: "/models" };
        let page = document(models::render(&ui, &fixtures::models()));
        let named = ["stages", "risk", "value", "segments", "satisfaction", "member-risk"];
        let of = |card: &str| {
            let rest = page.split(&format!("id=\"{card}\"")).nth(1).expect("a card");
            rest.split("<section").next().expect("its text").to_owned()
        };
        for card in named {
            let shown = of(card);
            let holds = |key: &str| shown.contains(&*text::get(lang, key));
            assert!(holds("model-source") && holds("model-assumes"), "{card}");
            let is_charted = matches!(card, "stages" | "risk" | "satisfaction" | "member-risk");
            assert_eq!(shown.contains("class=\"plot\""), is_charted, "{card}");
            let drifts = matches!(card, "risk" | "satisfaction" | "member-risk");
            assert_eq!(holds("model-drift"), drifts, "{card}");
        }
        assert!(of("satisfaction").contains(&*text::get(lang, "model-trial-refused")));
        assert!(of("member-risk").contains(&*text::get(lang, "model-trial-taken")));
    }
}

#[test]
fn a_member_likely_to_leave_is_shown_with_the_loss_and_the_reasons() {
    let actor = fixtures::actor(Role::UnitHead);
    let ui = Ui { lang: Lang::En, theme: Theme::System, actor: Some(&actor), here: "/members" };
    let queue = fixtures::members();
    let page = document(members::render(&ui, &queue, None));
    let line = page.split("<li>").find(|line| line.contains(&queue.lines[1].code)).expect("a line");
    let reasons = members::why(&ui, &queue.lines[1].risk_reasons);
    assert!(!reasons.is_empty() && line.contains(&format!("May leave: {reasons}")), "{line}");
    assert!(line.contains("7%") && line.contains("Expected loss ¥168"), "{line}");
    let customer = fixtures::customer();
    let page = document(customer::show::render(&ui, &customer, None));
    let told = &customer.members_told[&MemberId::new(2)];
    assert!(page.contains(&ui.say(&told.risk_reasons[0].message())));
    assert!(page.contains(&ui.money(told.expected_loss().expect("a loss"))));
}

#[test]
fn the_row_of_totals_is_the_unit_itself() {
    let view = fixtures::insight();
    let actor = fixtures::actor(Role::UnitHead);
    let ui = Ui { lang: Lang::ZhCn, theme: Theme::System, actor: Some(&actor), here: "/insight" };
    let page = document(insight::render(&ui, &view));
    let units = page.split("id=\"units\"").nth(1).expect("the table of units");
    let total = units.split("<tfoot>").nth(1).expect("a row of totals");
    let rows: i64 = view.below.iter().map(|line| line.now.total_revenue().fen()).sum();
    assert!(total.contains(&format!("¥{}", domain::Money::from_fen(rows))), "exact to the fen");
}

#[test]
fn a_csv_has_the_rows_of_the_page_and_no_formula() {
    let actor = fixtures::actor(Role::UnitHead);
    let ui = Ui { lang: Lang::ZhCn, theme: Theme::System, actor: Some(&actor), here: "/customers" };
    let mut row = fixtures::customers().rows.remove(0);
    row.name = "=cmd|' /C calc'!A0".to_owned();
    let fields: Vec<_> = fixtures::fields().into_iter().take(2).map(Arc::new).collect();
    row.own = fields.iter().cloned().zip([Some(FieldValue::Text("=1+1, 示例".into())), None]).collect();
    let chosen = FileColumn::all(&Columns::default(), &fields);
    let line = customer::export::line(&ui, &chosen, &row);
    assert!(line.contains(",'=cmd"), "{line}");
    assert!(line.ends_with(",\"'=1+1, 示例\",\r\n"), "{line}");
    let header = customer::export::header(Lang::ZhCn, &chosen);
    assert!(header.ends_with(",own_0,own_1\r\n"), "{header}");
    (row.name, row.own) = ("示例".to_owned(), Vec::new());
    assert_eq!(customer::export::line(&ui, &chosen, &row).matches(',').count(), header.matches(',').count());
}

#[tokio::test]
async fn a_file_is_made_as_it_is_read() {
    let row = fixtures::customers().rows.remove(0);
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let rows = std::iter::repeat_n(row, 100_000).inspect(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let mut pieces = std::pin::pin!(customer::export::pieces(Lang::ZhCn, &Columns::default(), &[], rows));
    let first = pieces.next().await.expect("a piece").expect("text");
    assert!(first.len() < 70_000, "{} bytes at once", first.len());
    assert!(told.load(Ordering::Relaxed) < 1000, "rows are asked for when there is room for them");
    let mut lines = first.matches("\r\n").count();
    while let Some(piece) = pieces.next().await {
        lines += piece.expect("text").matches("\r\n").count();
    }
    assert_eq!(lines, 100_001);
}

/// Writes every page to the folder that `TENURE_PAGES` names, to be looked at.
#[test]
#[ignore = "writes files to look at"]
fn write_pages() {
    let folder =
        std::path::PathBuf::from(std::env::var("TENURE_PAGES").expect("TENURE_PAGES names a folder"));
    let assets = [web::assets::stylesheet(), web::assets::script(), web::assets::icon()];
    for lang in Lang::ALL {
        for (theme, theme_name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            for (name, mut page) in all(lang, theme) {
                for asset in assets {
                    let file = format!("app.{}", asset.address().rsplit('.').next().unwrap_or_default());
                    std::fs::write(folder.join(&file), &asset.content).expect("written");
                    page = page.replace(&asset.address(), &file);
                }
                std::fs::write(folder.join(format!("{name}.{lang}.{theme_name}.html")), page)
                    .expect("written");
            }
        }
    }
}

#[test]
fn only_moments_are_shown_as_a_clock_on_the_wall() {
    let actor = fixtures::actor(Role::UnitHead);
    let ui = Ui { lang: Lang::ZhCn, theme: Theme::System, actor: Some(&actor), here: "/" };
    let mut form = fixtures::form(Sheet::Interaction);
    for field in &mut form.fields {
        if matches!(field.column.name, "at" | "purpose") {
            field.text = "2026-11-24T09:30:00+08:00".to_owned();
        }
    }
    let page = document(archive::render(&ui, &form));
    assert!(page.contains("value=\"2026-11-24T09:30\""), "{page}");
    // What people wrote is theirs.
    assert!(page.contains("value=\"2026-11-24T09:30:00+08:00\""), "{page}");
}

#[test]
fn of_a_tree_only_contacts_with_the_own_customer_lead_to_a_form() {
    let actor = fixtures::actor(Role::UnitHead);
    let ui = Ui { lang: Lang::ZhCn, theme: Theme::System, actor: Some(&actor), here: "/" };
    let query = TimelineQuery { tree: true, ..TimelineQuery::default() };
    let mut page = fixtures::timeline();
    let forms = |page: &TimelinePage| {
        let page = document(timeline::render(&ui, &query, page));
        page.matches("/archive/interactions/").count()
    };
    assert!(forms(&page) > 0);
    page.entries.iter_mut().for_each(|entry| entry.customer.0 = CustomerId::new(2));
    assert_eq!(forms(&page), 0);
}

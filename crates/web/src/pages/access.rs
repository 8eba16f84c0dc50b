//! 权限: who sees a customer and why, and what is granted to whom for a time.

use domain::Message;
use domain::policy::{Granted, Home};
use maud::{Markup, html};
use service::collaboration::CollaborationRow;
use service::grant::explain::Access;
use service::grant::give::Draft;
use service::grant::{GrantRow, Grants};
use service::{LONGEST_REASON, LONGEST_TERM};

use crate::address;
use crate::ui::{Room, Ui, after, badge, empty, page, section, table};

/// Days that a grant lasts unless another day is chosen.
const USUAL: i64 = 30;

/// What was asked, and the answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// Who, by code or name to sign in with.
    pub person: String,
    /// Which customer, by code.
    pub customer: String,
    /// The answer, or why there is none; none before anything is asked.
    pub answer: Option<Result<Access, Message>>,
}

/// Draws the page; `refused` is a grant that was not given, and why.
#[must_use]
pub fn render(ui: &Ui<'_>, grants: &Grants, asked: &Asked, refused: Option<(&Draft, &Message)>) -> Markup {
    let title = ui.t("nav-access");
    let body = html! {
        header.head { h1 { (title) } }
        (why(ui, asked))
        (running(ui, grants))
        (give(ui, grants, refused))
    };
    page(ui, Some(Room::Access), &title, body)
}

fn why(ui: &Ui<'_>, asked: &Asked) -> Markup {
    section(
        "why",
        &ui.t("access-question"),
        None,
        html! {
            p.note { (ui.t("access-caption")) }
            form.filters.keep action="/access" method="get" {
                label { span { (ui.t("access-person")) } input name="person" required maxlength="64" value=(asked.person); }
                label { span { (ui.t("access-customer")) } input name="customer" required maxlength="64" value=(asked.customer); }
                button type="submit" { (ui.t("access-explain")) }
            }
            @match &asked.answer {
                None => {},
                Some(Err(why)) => p.error role="alert" { (ui.say(why)) },
                Some(Ok(access)) => (explained(ui, access)),
            }
        },
    )
}

fn explained(ui: &Ui<'_>, access: &Access) -> Markup {
    let verdict = if access.sees { "access-sees" } else { "access-sees-not" };
    let (person, customer) = (access.person.name.as_str().into(), access.name.as_str().into());
    html! {
        div.verdict role="status" {
            p {
                strong { (ui.with(verdict, [("person", person), ("customer", customer)])) }
                " " a href=(address::customer(access.customer)) { span.code { (access.code) } }
            }
            ul.grounds {
                (ground(ui, access.role_may, &role(ui, access)))
                (ground(ui, access.home.1, &home(ui, access)))
                @for (grant, holds) in &access.grants { (ground(ui, *holds, &granted(ui, grant, *holds))) }
                @for (row, holds) in &access.work { (ground(ui, *holds, &worked_on(ui, row, *holds))) }
                @if access.grants.is_empty() { (ground(ui, false, &ui.t("access-grant-none"))) }
            }
        }
    }
}

fn ground(ui: &Ui<'_>, holds: bool, said: &str) -> Markup {
    let (tone, word) = if holds { ("good", "ground-holds") } else { ("calm", "ground-holds-not") };
    html! { li { (badge(tone, &ui.t(word))) " " (said) } }
}

fn role(ui: &Ui<'_>, access: &Access) -> String {
    let key = if access.role_may { "access-role" } else { "access-role-not" };
    ui.with(key, [("role", ui.t(access.person.role.text_key()).as_ref().into())])
}

fn home(ui: &Ui<'_>, access: &Access) -> String {
    let path: Vec<&str> = access.path.iter().map(|unit| unit.name.as_str()).collect();
    match (access.home, &access.manager) {
        ((Home::Subtree(_), holds), _) => {
            let key = if holds { "access-unit" } else { "access-unit-not" };
            ui.with(key, [("path", path.join(" › ").into()), ("unit", access.unit.as_str().into())])
        }
        ((Home::Own(_), true), _) => ui.t("access-own").into_owned(),
        ((Home::Own(_), false), Some(manager)) => {
            ui.with("access-own-not", [("manager", manager.as_str().into())])
        }
        ((Home::Own(_), false), None) => ui.t("access-own-nobody").into_owned(),
    }
}

fn granted(ui: &Ui<'_>, grant: &GrantRow, holds: bool) -> String {
    let giver = ("giver", grant.given_by.as_str().into());
    let (until, seen) = (("until", grant.until.into()), ("what", what(ui, grant).into()));
    match holds {
        true => ui.with("access-grant", [giver, until, seen, ("reason", grant.reason.as_str().into())]),
        false => ui.with("access-grant-not", [giver, until, seen]),
    }
}

fn worked_on(ui: &Ui<'_>, row: &CollaborationRow, holds: bool) -> String {
    let key = if holds { "access-work" } else { "access-work-not" };
    ui.with(key, [("subject", row.subject.as_str().into()), ("name", row.name.as_str().into())])
}

/// What a grant shows.
fn what(ui: &Ui<'_>, grant: &GrantRow) -> String {
    let key = match grant.granted {
        Granted::Subtree(_) => "grant-unit-below",
        Granted::Tree(_) | Granted::Part(..) => "grant-tree",
    };
    ui.with(key, [("name", grant.name.as_str().into())])
}

fn running(ui: &Ui<'_>, grants: &Grants) -> Markup {
    let columns = [
        ("grant-person", ""),
        ("grant-what", "told"),
        ("grant-until", ""),
        ("grant-reason", "told"),
        ("grant-by", ""),
        ("", ""),
    ];
    let row = |(grant, may_end): &(GrantRow, bool)| {
        [
            html! { (grant.staff_name) " " span.code { (grant.staff_code) } },
            html! { (what(ui, grant)) " " span.code { (grant.code) } },
            html! { (grant.until) },
            html! { (grant.reason) },
            html! { (grant.given_by) },
            html! {
                @if *may_end {
                    form method="post" action={ "/access/" (grant.id) "/end" } {
                        button.quiet type="submit" aria-label=(ui.with("grant-end-named", [("name", grant.staff_name.as_str().into())])) {
                            (ui.t("grant-end"))
                        }
                    }
                }
            },
        ]
    };
    section(
        "grants",
        &ui.t("grants-question"),
        Some(grants.rows.len() as u64),
        html! {
            @if grants.rows.is_empty() {
                (empty(&ui.t("grants-none"), Some(&ui.t("grants-none-next")), None))
            } @else {
                p.note { (ui.t("grants-caption")) }
                (table(ui, columns, grants.rows.iter().map(row), None))
            }
        },
    )
}

fn give(ui: &Ui<'_>, grants: &Grants, refused: Option<(&Draft, &Message)>) -> Markup {
    let typed = |of: fn(&Draft) -> &String| refused.map(|(draft, _)| of(draft).as_str());
    let (last, usual) = (after(grants.today, LONGEST_TERM), after(grants.today, USUAL).to_string());
    section(
        "give",
        &ui.t("grant-question"),
        None,
        html! {
            p.note { (ui.t("grant-caption")) }
            form.filters.keep method="post" action="/access" {
                @if let Some((_, why)) = refused { p.error role="alert" #refused { (ui.say(why)) } }
                label { span { (ui.t("access-person")) } input name="person" required maxlength="64" value=[typed(|draft| &draft.person)]; }
                label { span { (ui.t("grant-unit")) } input name="unit" maxlength="64" value=[typed(|draft| &draft.unit)]; }
                label { span { (ui.t("grant-customer")) } input name="customer" maxlength="64" value=[typed(|draft| &draft.customer)]; }
                label { span { (ui.t("grant-until")) }
                    input type="date" name="until" required min=(grants.today) max=(last)
                        value=(typed(|draft| &draft.until).unwrap_or(&usual)); }
                label { span { (ui.t("grant-reason")) }
                    input name="reason" required maxlength=(LONGEST_REASON) value=[typed(|draft| &draft.reason)]; }
                button type="submit" { (ui.t("grant-give")) }
            }
        },
    )
}

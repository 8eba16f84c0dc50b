//! 专班: the programmes of executive engagement in sight.

use domain::Date;
use domain::archive::{ProgrammeState, Sheet};
use maud::{Markup, html};
use service::programme::{Programme, Programmes};

use crate::address;
use crate::ui::{Room, Ui, badge, empty, page, table};

/// Names of members that a row shows; the customer's page has them all.
const NAMES: usize = 4;

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, programmes: &Programmes) -> Markup {
    let title = ui.t("nav-programmes");
    let columns = [
        ("programme-name", ""),
        ("customer", "told"),
        ("programme-sponsor", ""),
        ("programme-state", ""),
        ("programme-term", ""),
        ("programme-members", ""),
        ("programme-done", ""),
        ("programme-next", ""),
    ];
    let today = programmes.today;
    let rows = programmes.rows.iter().map(|one| cells(ui, one, today));
    let body = html! {
        header.head { h1 { (title) } }
        section.panel {
            h2 { (ui.t("programmes-question")) span.count { (programmes.rows.len()) } }
            p.note { (ui.t("programmes-caption")) }
            @if programmes.rows.is_empty() {
                (empty(&ui.t("programmes-none"), Some(&ui.t("programmes-none-next")), None))
            } @else {
                div.scroll { (table(ui, columns, rows, None)) }
            }
        }
    };
    page(ui, Some(Room::Programmes), &title, body)
}

fn cells(ui: &Ui<'_>, one: &Programme, today: Date) -> [Markup; 8] {
    let place = format!("{}#{}", address::customer(one.customer), Sheet::Programme);
    let tone = match one.state {
        ProgrammeState::Planned => "calm",
        ProgrammeState::Running => "warn",
        ProgrammeState::Agreed | ProgrammeState::Closed => "good",
    };
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let (count, last) = one.activities;
    [
        html! { a href=(place) { (one.name) } br; small { (one.goal) } },
        html! {
            a href=(address::customer(one.customer)) { (one.customer_name) }
            @if let Some(manager) = &one.manager { br; small { (manager) } }
        },
        html! { (one.sponsor) },
        html! {
            (badge(tone, &ui.t(one.state.text_key())))
            @if let Some(signed) = one.signed { br; small { (ui.with("programme-signed", [("day", signed.into())])) } }
        },
        html! { (day(one.begins)) @if one.ends.is_some() { "–" (day(one.ends)) } },
        html! {
            (one.members.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(&ui.t("list-joint")))
            @if one.members.len() > NAMES { " " small { (ui.with("programme-more", [("count", (one.members.len() - NAMES).into())])) } }
        },
        html! {
            @if count > 0 { (ui.with("programme-activities", [("count", count.into())])) }
            @if let Some(last) = last { br; small { (last) } }
        },
        html! {
            @if one.is_late(today) { (badge("bad", &ui.t("programme-late"))) " " }
            @if let Some((due, what)) = &one.next { (what) br; small { (due) } }
            @else if !one.result.is_empty() { (one.result) }
        },
    ]
}

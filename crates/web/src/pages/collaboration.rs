//! 协同: what units that do not see each other's customers do together on a customer tree.

use domain::id::CollaborationId;
use domain::{Date, Message};
use maud::{Markup, html};
use service::actor::UnitName;
use service::collaboration::open::Draft;
use service::collaboration::{Collaboration, Collaborations, MOST_ASSISTING, Party};
use service::{LONGEST_REASON, LONGEST_TERM};

use crate::address;
use crate::ui::{Room, Ui, after, badge, empty, page, section, table};

/// Days that a unit has unless another day is chosen.
const USUAL: i64 = 30;

/// What was asked, and why it was not done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// The collaboration that a form was about; none for the one that opens another.
    pub of: Option<CollaborationId>,
    /// What is known of the one to be opened.
    pub draft: Draft,
    /// Why the form was refused.
    pub refused: Option<Message>,
}

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, collaborations: &Collaborations, asked: &Asked) -> Markup {
    let title = ui.t("nav-collaborations");
    let today = collaborations.today;
    let body = html! {
        header.head { h1 { (title) } }
        section.panel {
            h2 { (ui.t("collaborations-question")) span.count { (collaborations.rows.len()) } }
            p.note { (ui.t("collaborations-caption")) }
            @if collaborations.rows.is_empty() {
                (empty(&ui.t("collaborations-none"), Some(&ui.t("collaborations-none-next")), None))
            }
        }
        @for one in &collaborations.rows { (shown(ui, one, today, asked)) }
        @if collaborations.may_open { (open(ui, collaborations, asked)) }
    };
    page(ui, Some(Room::Collaborations), &title, body)
}

fn shown(ui: &Ui<'_>, one: &Collaboration, today: Date, asked: &Asked) -> Markup {
    let row = &one.row;
    let id = format!("c{}", row.id);
    let columns = [
        ("collaboration-unit", "told"),
        ("collaboration-part", ""),
        ("collaboration-due", ""),
        ("collaboration-state", ""),
        ("", ""),
    ];
    let parties = row.parties.iter().zip(&one.units).enumerate().map(|(place, (party, (unit, is_own)))| {
        [
            html! { (unit.name) },
            html! { (ui.t(if place == 0 { "collaboration-lead" } else { "collaboration-assist" })) },
            html! { (party.due) @if one.is_own() { (due_form(ui, one, party, unit, today)) } },
            state(ui, party, today),
            html! { @if *is_own { (turn_forms(ui, one, party, unit)) } },
        ]
    });
    let body = html! {
        p.note {
            @if one.sees_customer { a href=(address::customer(row.customer)) { (row.name) } } @else { (row.name) }
            " " span.code { (row.code) } " · "
            (ui.with("collaboration-opened", [("name", row.opened_by.as_str().into()), ("day", row.opened_at.date().into())]))
            @if one.waits(today) { " " (badge("warn", &ui.t("collaboration-waits"))) }
        }
        @if asked.of == Some(row.id) { (refused(ui, asked)) }
        (table(ui, columns, parties, None))
        @if one.is_own() {
            form.filters.keep method="post" action={ "/collaborations/" (row.id) "/close" } {
                label { span { (ui.t("collaboration-outcome")) } input name="outcome" required maxlength=(LONGEST_REASON); }
                button type="submit" { (ui.t("collaboration-close")) }
            }
        }
    };
    section(&id, &row.subject, None, body)
}

fn refused(ui: &Ui<'_>, asked: &Asked) -> Markup {
    html! { @if let Some(why) = &asked.refused { p.error role="alert" { (ui.say(why)) } } }
}

fn state(ui: &Ui<'_>, party: &Party, today: Date) -> Markup {
    let (tone, key) = match (party.open_until, party.done_at) {
        (_, Some(_)) => ("good", "collaboration-done"),
        (_, None) if party.due < today => ("bad", "collaboration-late"),
        (Some(_), None) => ("calm", "collaboration-joined"),
        (None, None) => ("warn", "collaboration-asked"),
    };
    html! {
        (badge(tone, &ui.t(key)))
        @if let Some(until) = party.open_until { " " small { (ui.with("collaboration-open-until", [("day", until.into())])) } }
    }
}

fn part_address(one: &Collaboration, unit: &UnitName) -> String {
    format!("/collaborations/{}/units/{}", one.row.id, unit.id)
}

/// What a unit can do with its part.
fn turn_forms(ui: &Ui<'_>, one: &Collaboration, party: &Party, unit: &UnitName) -> Markup {
    let last = one.row.last_due();
    let turns = [
        ("join", "collaboration-join", party.open_until.is_none()),
        ("join", "collaboration-stay", party.open_until.is_some() && party.open_until < last),
        ("finish", "collaboration-finish", party.open_until.is_some() && party.done_at.is_none()),
        ("leave", "collaboration-leave", party.open_until.is_some()),
    ];
    html! {
        @for (turn, key, _) in turns.into_iter().filter(|(.., may)| *may) {
            form method="post" action=(part_address(one, unit)) {
                input type="hidden" name="turn" value=(turn);
                button.quiet type="submit" aria-label={ (ui.t(key)) " " (unit.name) } { (ui.t(key)) }
            }
        }
    }
}

/// Another last day for a unit that has not done its part.
fn due_form(ui: &Ui<'_>, one: &Collaboration, party: &Party, unit: &UnitName, today: Date) -> Markup {
    if party.done_at.is_some() {
        return html! {};
    }
    html! {
        details.due {
            summary { (ui.t("collaboration-move")) }
            form method="post" action=(part_address(one, unit)) {
                input type="hidden" name="turn" value="due";
                input type="date" name="day" required min=(today) max=(after(today, LONGEST_TERM)) value=(party.due.max(today))
                    aria-label=(ui.t("collaboration-due"));
                button.quiet type="submit" { (ui.t("collaboration-move-do")) }
            }
        }
    }
}

fn open(ui: &Ui<'_>, collaborations: &Collaborations, asked: &Asked) -> Markup {
    let (draft, today) = (&asked.draft, collaborations.today);
    let (last, usual) = (after(today, LONGEST_TERM), after(today, USUAL).to_string());
    let no_one = (String::new(), String::new());
    // Before anything is typed, the unit of who asks leads.
    let own = (collaborations.unit_code.clone(), String::new());
    let lead = if draft.lead.0.is_empty() { &own } else { &draft.lead };
    let unit = |key: &str, name: &str, (unit, due): &(String, String), required: bool| {
        let due = if due.is_empty() { &usual } else { due };
        html! {
            div.part {
                label { span { (ui.t(key)) } input name=(name) maxlength="64" required[required] value=(unit); }
                label { span { (ui.t("collaboration-due")) }
                    input type="date" name={ (name) "-due" } min=(today) max=(last) value=(due); }
            }
        }
    };
    section(
        "open",
        &ui.t("collaboration-question"),
        None,
        html! {
            p.note { (ui.t("collaboration-caption")) }
            form.filters.keep method="post" action="/collaborations" {
                @if asked.of.is_none() { (refused(ui, asked)) }
                label { span { (ui.t("collaboration-customer")) } input name="customer" required maxlength="64" value=(draft.customer); }
                label.grow { span { (ui.t("collaboration-subject")) } input name="subject" required maxlength=(LONGEST_REASON) value=(draft.subject); }
                div.parts {
                    (unit("collaboration-lead-unit", "lead", lead, true))
                    @for place in 0..MOST_ASSISTING {
                        (unit("collaboration-assisting", "assisting", draft.assisting.get(place).unwrap_or(&no_one), place == 0))
                    }
                }
                button type="submit" { (ui.t("collaboration-open")) }
            }
        },
    )
}

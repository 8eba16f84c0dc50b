//! Search across everything, and what a person may do: as a page, and as what the palette shows while one types.

use domain::policy::Action;
use domain::{Arg, Message};
use maud::{Markup, html};
use service::customer::{CustomerQuery, Pairs};
use service::search::{Found, RecordHit, RecordKind, Records, Spelt, Words};

use crate::address;
use crate::ui::{Room, Theme, Ui, empty, figure, frame, page};

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What was typed.
    pub text: String,
    /// The page the palette stands on, if it does.
    pub from: Option<String>,
}

impl Asked {
    /// Reads pairs.
    #[must_use]
    pub fn parse(pairs: &Pairs) -> Self {
        let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        Self {
            text: value("q").unwrap_or_default().to_owned(),
            from: value("from").and_then(address::local).map(str::to_owned),
        }
    }
}

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, asked: &Asked, found: &Found) -> Markup {
    let title = ui.t("search");
    let body = html! {
        header.head { h1 { (title) } }
        form.filters action="/search" method="get" role="search" {
            label.grow {
                span { (ui.t("search-label")) }
                input type="search" name="q" value=(asked.text) maxlength="100" autocomplete="off"
                    placeholder=(ui.t("search-placeholder"));
            }
            button type="submit" { (ui.t("search")) }
        }
        div.found { (hits(ui, asked, found)) }
    };
    page(ui, None, &title, body)
}

/// What was found and what can be done, in groups: all that the palette shows.
#[must_use]
pub fn hits(ui: &Ui<'_>, asked: &Asked, found: &Found) -> Markup {
    let actions = actions(ui, asked);
    html! {
        (customers(ui, asked, found))
        @for records in &found.records { (of_kind(ui, records)) }
        @if !found.people.rows.is_empty() {
            (group(ui, "managers", &ui.t("found-managers"), None, html! {
                @for (id, name) in &found.people.rows {
                    li { a href=(address::customers(&CustomerQuery { manager: Some(*id), ..CustomerQuery::first() })) { span.name { (name) } } }
                }
                @if found.people.more { (type_more(ui)) }
            }))
        }
        @if !found.units.rows.is_empty() {
            (group(ui, "units", &ui.t("found-units"), None, html! {
                @for unit in &found.units.rows {
                    li { a href=(address::customers(&CustomerQuery { unit: Some(unit.id), ..CustomerQuery::first() })) {
                        span.name { (unit.name) } small { (ui.t(unit.level.text_key())) }
                    } }
                }
                @if found.units.more { (type_more(ui)) }
            }))
        }
        @if !actions.is_empty() {
            (group(ui, "actions", &ui.t("found-actions"), None, html! {
                @for action in &actions { li { (action.markup) } }
            }))
        }
        @if found.is_empty() && actions.is_empty() {
            (empty(&ui.t("found-nothing"), Some(&ui.t("found-nothing-next")), None))
        }
    }
}

fn group(ui: &Ui<'_>, id: &str, title: &str, count: Option<u64>, rows: Markup) -> Markup {
    let heading = format!("found-{id}");
    html! {
        section.panel aria-labelledby=(heading) {
            h2 id=(heading) { (title) @if let Some(count) = count { span.count { (ui.with("found-count", [("count", Arg::Text(figure(count)))])) } } }
            ul { (rows) }
        }
    }
}

fn type_more(ui: &Ui<'_>) -> Markup {
    html! { li.note { (ui.t("found-more")) } }
}

fn customers(ui: &Ui<'_>, asked: &Asked, found: &Found) -> Markup {
    if found.customers.is_empty() {
        return html! {};
    }
    let all = CustomerQuery { text: Some(asked.text.clone()), ..CustomerQuery::first() };
    group(
        ui,
        "customers",
        &ui.t("nav-customers"),
        Some(found.total),
        html! {
            @for row in &found.customers {
                li { a href=(address::customer(row.id)) {
                    span.name { (row.name) } small.code { (row.code) }
                    small { (row.unit) @if let Some(manager) = &row.manager { " · " (manager) } }
                } }
            }
            @if found.total > found.customers.len() as u64 {
                li { a href=(address::customers(&all)) { (ui.with("found-all-customers", [("count", Arg::Text(figure(found.total)))])) } }
            }
        },
    )
}

fn of_kind(ui: &Ui<'_>, records: &Records) -> Markup {
    let (id, title) = match records.kind {
        RecordKind::Contacts => ("contacts", ui.t("found-contacts")),
        RecordKind::Contracts => ("contracts", ui.t("found-contracts")),
        RecordKind::Services => ("services", ui.t("found-services")),
        RecordKind::Tickets => ("tickets", ui.t("found-tickets")),
        RecordKind::Members => ("members", ui.t("found-members")),
    };
    group(
        ui,
        id,
        &title,
        None,
        html! {
            @for hit in &records.found.rows { li { (of_customer(hit)) } }
            @if records.found.more { (type_more(ui)) }
        },
    )
}

fn of_customer(hit: &RecordHit) -> Markup {
    html! {
        a href=(address::customer(hit.customer)) {
            span.name { (hit.name) }
            @if let Some(title) = &hit.title { small { (title) } }
            @if let Some(phone) = &hit.phone { small.code { (phone) } }
            small { (hit.customer_name) }
        }
    }
}

/// Something a person may do, by the name it is found by.
struct Deed {
    name: String,
    markup: Markup,
}

/// What the person may do, as far as it fits what was typed; all of it where nothing was.
fn actions(ui: &Ui<'_>, asked: &Asked) -> Vec<Deed> {
    let Some(actor) = ui.actor else { return Vec::new() };
    let may = |action| actor.may(action);
    let mut deeds = Vec::new();
    let mut lead = |name: String, href: String| {
        let markup = html! { a href=(href) { span.name { (name) } } };
        deeds.push(Deed { name, markup });
    };
    for room in Room::open_to(actor) {
        let name = ui.with("deed-go", [("room", Arg::Key(room.name_key()))]);
        lead(name, room.address().to_owned());
    }
    if may(Action::ViewInsight) {
        lead(ui.with("deed-go", [("room", Arg::Key("models"))]), "/models".to_owned());
    }
    lead(ui.with("deed-go", [("room", Arg::Key("uneasy-members"))]), "/members".to_owned());
    if may(Action::Collaborate) {
        lead(ui.t("deed-teamwork").into_owned(), "/collaborations#open".to_owned());
    }
    if may(Action::ExportCustomers)
        && let Some(query) = asked.from.as_deref().and_then(list_at)
    {
        lead(ui.t("deed-export").into_owned(), address::customers_csv(&query));
    }
    // Language and theme change where one is, which is not where the palette's answer comes from.
    let here = match &asked.from {
        Some(from) => Ui { here: from, ..*ui },
        None => *ui,
    };
    let (tag, language) = frame::other_language(ui);
    lead(
        ui.with("deed-language", [("language", Arg::Text(language.to_owned()))]),
        here.here_with("lang", tag),
    );
    for (theme, name) in Theme::ALL.into_iter().filter(|(theme, _)| *theme != ui.theme) {
        let key = match theme {
            Theme::System => "deed-theme-system",
            Theme::Light => "deed-theme-light",
            Theme::Dark => "deed-theme-dark",
        };
        lead(text::say(ui.lang, &Message::new(key)), here.here_with("theme", name));
    }
    let name = ui.t("sign-out").into_owned();
    let markup = html! {
        form method="post" action="/logout" { button type="submit" { span.name { (name) } } }
    };
    deeds.push(Deed { name, markup });
    let Some(words) = Words::new(&asked.text) else { return deeds };
    let mut names = Spelt::default();
    deeds.iter().for_each(|deed| names.push(&deed.name, "", ""));
    let fits = names.fits(&words, 0..deeds.len());
    deeds.into_iter().zip(fits).filter(|(_, fit)| *fit > 0).map(|(deed, _)| deed).collect()
}

/// The query of a list of customers by its address.
fn list_at(address: &str) -> Option<CustomerQuery> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    (path == "/customers").then(|| CustomerQuery::parse(&address::decode(query)))
}

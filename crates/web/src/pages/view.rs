//! 视图: the views of the customer list at hand, and what is done with them.

use domain::Message;
use maud::{Markup, html};
use service::customer::CustomerQuery;
use service::view::{LONGEST_NAME, SavedView};

use crate::address;
use crate::pages::customer::views::keep_form;
use crate::ui::{Room, Ui, Versions, both_versions, empty, page, section, table};

/// What could not be kept at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// The name that was typed.
    pub name: String,
    /// What was to be kept.
    pub query: Option<CustomerQuery>,
    /// Whether the unit was to see it.
    pub shared: bool,
    /// Why it was not.
    pub refused: Option<Message>,
    /// The view that someone else changed meanwhile, as it is by now.
    pub by_now: Option<SavedView>,
}

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, views: &[SavedView], asked: &Asked) -> Markup {
    let title = ui.t("views");
    let columns = [
        ("view-name", "told"),
        ("view-seen-by", ""),
        ("view-owner", ""),
        ("view-changed-at", ""),
        ("", ""),
        ("", "told"),
    ];
    let rows = views.iter().map(|view| {
        [
            html! { a href=(address::customers(&view.query)) { (view.name) } },
            html! { (seen_by(ui, view)) },
            html! { (view.owner) },
            html! { (view.changed_at.to_minute()) " " small { (view.changed_by) } },
            pin(ui, view),
            change(ui, view),
        ]
    });
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/customers" { (ui.t("nav-customers")) } }
            h1 { (title) }
        }
        @if let Some(why) = &asked.refused { p.error role="alert" { (ui.say(why)) } }
        @match (&asked.by_now, &asked.query) {
            (Some(by_now), _) => (both(ui, by_now, asked)),
            (None, Some(query)) => (section("keep", &ui.t("view-keep"), None, keep_form(ui, query, &asked.name, asked.shared))),
            (None, None) => {},
        }
        (section("views", &ui.t("views-question"), Some(views.len() as u64), html! {
            p.note { (ui.t("views-caption")) }
            @if views.is_empty() { (empty(&ui.t("views-none"), Some(&ui.t("views-none-next")), None)) }
            @else { (table(ui, columns, rows, None)) }
        }))
    };
    page(ui, Some(Room::Customers), &title, body)
}

fn seen_by(ui: &Ui<'_>, view: &SavedView) -> String {
    view.unit.clone().unwrap_or_else(|| ui.t("view-mine").into_owned())
}

fn pin(ui: &Ui<'_>, view: &SavedView) -> Markup {
    let (key, pin) = if view.is_pinned { ("view-unpin", "0") } else { ("view-pin", "1") };
    let named = format!("{} {}", ui.t(key), view.name);
    html! {
        form method="post" action={ "/views/" (view.id) "/pin" } {
            input type="hidden" name="pin" value=(pin);
            button.quiet type="submit" aria-label=(named) { (ui.t(key)) }
        }
    }
}

fn change(ui: &Ui<'_>, view: &SavedView) -> Markup {
    html! {
        @if view.may_change {
            details.due {
                summary { (ui.t("view-edit")) }
                form method="post" action={ "/views/" (view.id) } {
                    input type="hidden" name="seen" value=(view.revision);
                    input name="name" required maxlength=(LONGEST_NAME) value=(view.name) aria-label=(ui.t("view-name"));
                    button type="submit" { (ui.t("view-rename")) }
                }
                form method="post" action={ "/views/" (view.id) "/delete" } {
                    button.quiet type="submit" aria-label={ (ui.t("view-delete")) " " (view.name) } { (ui.t("view-delete")) }
                }
            }
        }
    }
}

fn both(ui: &Ui<'_>, by_now: &SavedView, asked: &Asked) -> Markup {
    let who = [("name", by_now.changed_by.as_str().into()), ("at", by_now.changed_at.to_minute().into())];
    let name = if asked.name.is_empty() { &by_now.name } else { &asked.name };
    let query = asked.query.as_ref().unwrap_or(&by_now.query);
    let versions = Versions {
        said: ui.with("view-changed-by", who),
        now: html! { a href=(address::customers(&by_now.query)) { (by_now.name) } },
        yours: html! { a href=(address::customers(&query.itself())) { (name) } },
        action: &format!("/views/{}", by_now.id),
        fields: &[
            ("seen", by_now.revision.to_string()),
            ("name", name.clone()),
            ("query", address::encode(&query.itself().pairs())),
        ],
        leave: "/views",
    };
    both_versions(ui, &versions)
}

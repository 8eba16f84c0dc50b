//! Views at the list: those at hand as tabs, and the form that keeps what is shown.

use domain::policy::Action;
use maud::{Markup, html};
use service::customer::CustomerQuery;
use service::view::{LONGEST_NAME, SavedView};

use crate::address;
use crate::ui::Ui;

/// The view that the list was opened from.
fn opened<'a>(query: &CustomerQuery, views: &'a [SavedView]) -> Option<&'a SavedView> {
    views.iter().find(|view| Some(view.id) == query.view)
}

/// Whether the list shows something else than the view that it was opened from.
fn is_other(query: &CustomerQuery, view: &SavedView) -> bool {
    query.itself() != view.query.itself()
}

/// Pinned views and the one that is open.
pub(super) fn tabs(ui: &Ui<'_>, query: &CustomerQuery, views: &[SavedView]) -> Markup {
    let open = opened(query, views);
    let shown: Vec<&SavedView> =
        views.iter().filter(|view| view.is_pinned || Some(view.id) == open.map(|open| open.id)).collect();
    if shown.is_empty() {
        return html! {};
    }
    html! {
        nav.tabs.views aria-label=(ui.t("views")) {
            a href="/customers" aria-current=[open.is_none().then_some("true")] { (ui.t("views-none-open")) }
            @for view in shown {
                @let is_open = Some(view.id) == query.view;
                a href=(address::customers(&view.query)) aria-current=[is_open.then_some("true")] title=[view.unit.as_deref()] {
                    (view.name) @if is_open && is_other(query, view) { small { (ui.t("view-changed")) } }
                }
            }
        }
    }
}

/// Keeping what is shown: as another view or, where one is open and may be changed, as that one.
pub(super) fn keep(ui: &Ui<'_>, query: &CustomerQuery, views: &[SavedView]) -> Markup {
    let open = opened(query, views);
    let changed = open.filter(|view| is_other(query, view));
    html! {
        details.tool {
            summary { (ui.t("views")) span.count { (views.len()) } }
            div.picks {
                @if let Some(view) = changed.filter(|view| view.may_change) {
                    form.filters.keep method="post" action={ "/views/" (view.id) } {
                        input type="hidden" name="query" value=(address::encode(&query.itself().pairs()));
                        input type="hidden" name="seen" value=(view.revision);
                        button type="submit" { (ui.with("view-overwrite", [("name", view.name.as_str().into())])) }
                        a.button href=(address::customers(&view.query)) { (ui.t("view-back")) }
                    }
                }
                (keep_form(ui, query, "", false))
                @if !views.is_empty() {
                    ul {
                        @for view in views {
                            li { a href=(address::customers(&view.query)) { (view.name) } @if let Some(unit) = &view.unit { small { (unit) } } }
                        }
                    }
                }
                p.note { a href="/views" { (ui.t("views-all")) } }
            }
        }
    }
}

/// The form that keeps a query under a name.
pub(crate) fn keep_form(ui: &Ui<'_>, query: &CustomerQuery, name: &str, shared: bool) -> Markup {
    let may_share = ui.actor.is_some_and(|actor| actor.may(Action::BuildSegments));
    html! {
        form.filters.keep method="post" action="/views" {
            input type="hidden" name="query" value=(address::encode(&query.itself().pairs()));
            label { span { (ui.t("view-name")) } input name="name" required maxlength=(LONGEST_NAME) value=(name); }
            @if may_share {
                label { span { (ui.t("view-seen-by")) }
                    select name="shared" {
                        option value="" { (ui.t("view-mine")) }
                        option value="1" selected[shared] { (ui.t("view-team")) }
                    }
                }
            }
            button type="submit" { (ui.t("view-keep")) }
        }
    }
}

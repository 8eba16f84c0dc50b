//! What a person sees when something is not there or went wrong.

use domain::Problem;
use maud::{Markup, html};

use crate::ui::{Ui, bare, page};

/// Not there, or not for this user: the two look alike.
#[must_use]
pub fn render_not_found(ui: &Ui<'_>) -> Markup {
    frame(
        ui,
        &ui.t("not-found"),
        html! {
            p { (ui.t("not-found-why")) }
            p { a.button href="/" { (ui.t("not-found-home")) } }
        },
    )
}

/// Something went wrong: what, and what to do.
#[must_use]
pub fn render(ui: &Ui<'_>, problem: &Problem) -> Markup {
    frame(
        ui,
        &ui.t("went-wrong"),
        html! {
            p { (ui.say(&problem.cause)) }
            @if let Some(hint) = &problem.hint { p { (ui.say(hint)) } }
            p { a.button href=(ui.here) { (ui.t("try-again")) } }
        },
    )
}

/// A form that was sent from somewhere else.
#[must_use]
pub fn render_foreign_form(ui: &Ui<'_>) -> Markup {
    frame(
        ui,
        &ui.t("foreign-form"),
        html! {
            p { (ui.t("foreign-form-why")) }
            p { a.button href="/" { (ui.t("not-found-home")) } }
        },
    )
}

fn frame(ui: &Ui<'_>, title: &str, body: Markup) -> Markup {
    let body = html! { div.problem { h1 { (title) } (body) } };
    if ui.actor.is_some() { page(ui, None, title, body) } else { bare(ui, title, body) }
}

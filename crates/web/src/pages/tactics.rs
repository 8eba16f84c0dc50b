//! 服务策略: what the unit does in each cell of stars and value, and the form that changes it.

use domain::archive::PROSE;
use domain::tactic::TacticCell;
use domain::{Instant, Message};
use maud::{Markup, html};
use service::tactic::Tactic;
use service::tactic::show::{TacticLine, TacticsView};

use crate::ui::{Room, Ui, Versions, both_versions, page, section, stars, table};

/// What could not be kept at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// For which cell.
    pub cell: TacticCell,
    /// What was typed.
    pub text: String,
    /// Why it was not; none when someone else changed the cell meanwhile.
    pub refused: Option<Message>,
}

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, view: &TacticsView, asked: Option<&Asked>) -> Markup {
    let title = ui.t("tactics");
    let columns =
        [("star", ""), ("member-band", ""), ("member-tactic", "told"), ("tactic-holds", ""), ("", "told")];
    let rows = view.lines.iter().map(|line| {
        let cell = line.tactic.cell;
        [
            html! { @if cell.star().is_some() { (stars(ui, cell.star())) } @else { (ui.t("tactic-no-star")) } },
            html! { (ui.t(cell.value().text_key())) },
            html! { span.prose { (said(ui, &line.tactic)) } },
            html! { (from(ui, line)) },
            form(ui, view, line, asked.filter(|asked| asked.cell == cell && asked.refused.is_some())),
        ]
    });
    let faster = asked.filter(|asked| asked.refused.is_none());
    let faster = faster.and_then(|asked| {
        let line = view.lines.iter().find(|line| line.tactic.cell == asked.cell)?;
        Some((asked, line, line.changed.as_ref()?))
    });
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) {
                a href="/" { (ui.t("nav-today")) }
                a href="/members" { (ui.t("uneasy-members")) }
            }
            h1 { (title) }
        }
        @if let Some((asked, line, changed)) = faster { (both(ui, view, line, changed, asked)) }
        (section("tactics", &ui.t("tactics-question"), None, html! {
            p.note { (ui.with("tactics-caption", [("unit", view.unit.name.as_str().into())])) }
            (table(ui, columns, rows, None))
        }))
    };
    page(ui, Some(Room::Today), &title, body)
}

/// What is done, in the words of the unit that says so or in those of the product.
#[must_use]
pub fn said(ui: &Ui<'_>, tactic: &Tactic) -> String {
    match &tactic.said {
        Some(said) => said.text.clone(),
        None => ui.t(tactic.cell.text_key()).into_owned(),
    }
}

fn from(ui: &Ui<'_>, line: &TacticLine) -> Markup {
    html! {
        @match &line.tactic.said {
            Some(said) => { (said.unit_name) br; small { (said.by) " " (said.at.to_minute()) } },
            None => { span.faint { (ui.t("tactic-default")) } },
        }
    }
}

fn form(ui: &Ui<'_>, view: &TacticsView, line: &TacticLine, refused: Option<&Asked>) -> Markup {
    let named = format!(
        "{} {} {}",
        ui.t("tactic-write"),
        line.tactic.cell.stars(),
        ui.t(line.tactic.cell.value().text_key())
    );
    let typed = refused.map(|asked| asked.text.clone()).or_else(|| view.own(line));
    html! {
        details.due open[refused.is_some()] {
            summary aria-label=(named) { (ui.t("tactic-write")) }
            form.stacked method="post" action=(address(line.tactic.cell)) {
                input type="hidden" name="seen" value=(line.revision);
                textarea name="text" rows="4" maxlength=(PROSE) aria-label=(ui.t("member-tactic")) { (typed.unwrap_or_else(|| said(ui, &line.tactic))) }
                @if let Some(why) = refused.and_then(|asked| asked.refused.as_ref()) { p.error role="alert" { (ui.say(why)) } }
                small { (ui.t("tactic-empty-note")) }
                button type="submit" { (ui.t("tactic-save")) }
            }
        }
    }
}

fn both(
    ui: &Ui<'_>,
    view: &TacticsView,
    line: &TacticLine,
    (by, at): &(String, Instant),
    asked: &Asked,
) -> Markup {
    let own = view.own(line).unwrap_or_else(|| ui.t("tactic-as-above").into_owned());
    let who = [("name", by.as_str().into()), ("at", at.to_minute().into())];
    let versions = Versions {
        said: ui.with("tactic-changed-by", who),
        now: html! { (own) },
        yours: html! { (asked.text) },
        action: &address(asked.cell),
        fields: &[("seen", line.revision.to_string()), ("text", asked.text.clone())],
        leave: "/members/tactics",
    };
    both_versions(ui, &versions)
}

fn address(cell: TacticCell) -> String {
    format!("/members/tactics/{}/{}", cell.stars(), cell.value())
}

//! 待关怀的成员, who may be dissatisfied or leave: whom to see to first, by the customer's star and the member's value.

use domain::assessment::Reason;
use domain::policy::Action;
use domain::satisfaction::{MemberConcern, Satisfaction, SatisfactionLabel};
use domain::segment::SegmentValue;
use maud::{Markup, html};
use service::member::{MemberQueue, QueueLine};

use crate::address;
use crate::pages::tactics::said;
use crate::pages::today::{data_through, no_cycle_yet};
use crate::ui::{Room, Ui, badge, empty, figure, page, section, stars};

/// Draws the page; `only` says to which concern it was narrowed.
#[must_use]
pub fn render(ui: &Ui<'_>, queue: &MemberQueue, only: Option<MemberConcern>) -> Markup {
    let title = ui.t("uneasy-members");
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/" { (ui.t("nav-today")) } }
            h1 { (title) }
            @if let Some(month) = queue.month { (data_through(ui, month)) }
            @if ui.actor.is_some_and(|actor| actor.may(Action::EditTactics)) {
                a.button href="/members/tactics" { (ui.t("tactics-edit")) }
            }
        }
        @match queue.month {
            None => (no_cycle_yet(ui)),
            Some(_) if !queue.is_told => (empty(&ui.t("satisfaction-untold"), Some(&ui.t("satisfaction-untold-next")), None)),
            Some(_) if queue.by_concern == [0; 3] => (empty(&ui.t("uneasy-none"), None, None)),
            Some(_) => { (narrowing(ui, queue, only)) (grid(ui, queue)) (lines(ui, queue)) },
        }
    };
    page(ui, Some(Room::Today), &title, body)
}

/// How satisfied, in words, with the expected score on hover.
#[must_use]
pub fn label(ui: &Ui<'_>, told: &Satisfaction) -> Markup {
    let tone = match told.label {
        SatisfactionLabel::Dissatisfied => "bad",
        SatisfactionLabel::Neutral => "warn",
        SatisfactionLabel::Satisfied => "calm",
        SatisfactionLabel::VerySatisfied => "good",
    };
    html! { span title=(text::share(f64::from(told.score))) { (badge(tone, &ui.t(told.label.text_key()))) } }
}

/// Reasons as a sentence list.
#[must_use]
pub fn why(ui: &Ui<'_>, reasons: &[Reason]) -> String {
    let said: Vec<String> = reasons.iter().map(|reason| ui.say(&reason.message())).collect();
    said.join(&ui.t("list-joint"))
}

fn narrowing(ui: &Ui<'_>, queue: &MemberQueue, only: Option<MemberConcern>) -> Markup {
    html! {
        nav.tabs aria-label=(ui.t("worklist-narrow")) {
            a href="/members" aria-current=[only.is_none().then_some("true")] {
                (ui.t("all")) span.count { (figure(queue.by_concern.iter().sum())) }
            }
            @for (&concern, &count) in MemberConcern::ALL.iter().zip(&queue.by_concern) {
                @if count > 0 || only == Some(concern) {
                    a href={ "/members?only=" (concern) } aria-current=[(only == Some(concern)).then_some("true")] {
                        (ui.t(concern.text_key())) span.count { (figure(count)) }
                    }
                }
            }
        }
    }
}

/// How many wait in each cell, and what is done about them there.
fn grid(ui: &Ui<'_>, queue: &MemberQueue) -> Markup {
    section(
        "grid",
        &ui.t("uneasy-grid"),
        Some(queue.total()),
        html! {
            p.note { (ui.t("uneasy-grid-caption")) }
            div.scroll {
                table.list.cards.pairs {
                    thead {
                        tr {
                            th scope="col" { (ui.t("star")) }
                            @for &band in SegmentValue::ALL {
                                th.number scope="col" { (ui.t(band.text_key())) }
                                th scope="col" { (ui.t("member-tactic")) }
                            }
                        }
                    }
                    tbody {
                        @for (place, bands) in queue.grid.iter().enumerate() {
                            @let stars_held = u8::try_from(5 - place).unwrap_or_default();
                            tr {
                                th scope="row" { (stars(ui, stars_held.try_into().ok())) }
                                @for ((&band, &count), tactic) in SegmentValue::ALL.iter().zip(bands).zip(queue.tactics.iter().skip(place * bands.len())) {
                                    td.number data-label=(ui.t(band.text_key())) { @if count > 0 { (figure(count)) } @else { span.faint { "–" } } }
                                    td.faint data-label=(ui.t("member-tactic")) { (said(ui, tactic)) }
                                }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn lines(ui: &Ui<'_>, queue: &MemberQueue) -> Markup {
    section(
        "queue",
        &ui.t("uneasy-queue"),
        None,
        html! {
            p.note { (ui.t("uneasy-queue-caption")) }
            ol.lines { @for line in &queue.lines { (draw_line(ui, line)) } }
            @if (queue.lines.len() as u64) < queue.total() {
                p.note { (ui.with("uneasy-cut", [("count", queue.lines.len().into())])) }
            }
        },
    )
}

fn draw_line(ui: &Ui<'_>, line: &QueueLine) -> Markup {
    let href = address::customer(line.customer);
    html! {
        li {
            div.what {
                @if let Some(told) = &line.satisfaction { (label(ui, told)) }
                @if line.concern != MemberConcern::Dissatisfied { (badge("warn", &ui.t(MemberConcern::Leaving.text_key()))) }
            }
            div.who {
                a.name href=(href) { (line.name) }
                span.meta {
                    span.code { (line.code) }
                    (stars(ui, line.tactic.cell.star()))
                    @if let Some(manager) = &line.manager { span.manager { (manager) } }
                    @if let Some(risk) = line.risk {
                        span {
                            (ui.t("member-risk")) " " (text::share(f64::from(risk)))
                            @if let Some(loss) = line.expected_loss { " · " (ui.t("expected-loss")) " " (ui.money(loss)) }
                        }
                    }
                }
            }
            p.why {
                strong { (said(ui, &line.tactic)) }
                @if let Some(told) = line.satisfaction.as_ref().filter(|told| !told.reasons.is_empty()) {
                    br; span { (why(ui, &told.reasons)) }
                }
                @if !line.risk_reasons.is_empty() {
                    br;
                    span.faint { (ui.with("member-risk-why", [("reasons", why(ui, &line.risk_reasons).into())])) }
                }
            }
            div.stake {
                span.figure { (ui.money(line.value)) }
                small { (ui.t("member-value")) }
            }
            a.button href=(href) aria-label=(ui.with("open-customer", [("name", line.name.as_str().into())])) {
                (ui.t("open"))
            }
        }
    }
}

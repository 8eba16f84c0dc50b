//! 工作台: what to do now, in order of what is at stake.

use domain::outlook::ExitRisk;
use domain::policy::Action;
use domain::{Arg, Date, Month};
use maud::{Markup, html};
use service::assignment::AssignmentRow;
use service::customer::CustomerQuery;
use service::today::{Occasion, OccasionKind, Stake, Today, TodayLine};

use crate::address;
use crate::pages::visits;
use crate::ui::{
    Room, Ui, badge, change_in_count, empty, figure, money_change, page, reasons, stage, stars, tile,
};

/// Every kind of occasion with its name in addresses and its text key.
const KINDS: [(OccasionKind, &str, &str); OccasionKind::ALL.len()] = [
    (OccasionKind::DeclineBegan, "decline-began", "occasion-decline-began"),
    (OccasionKind::Exited, "exited", "occasion-exited"),
    (OccasionKind::Warned, "warned", "occasion-warned"),
    (OccasionKind::ContractEnds, "contract-ends", "occasion-contract-ends"),
    (OccasionKind::StillDeclining, "still-declining", "occasion-still-declining"),
    (OccasionKind::Improved, "improved", "occasion-improved"),
    (OccasionKind::VisitOverdue, "visit-overdue", "occasion-visit-overdue"),
];

/// The kind of a name in addresses.
#[must_use]
pub fn parse_kind(name: &str) -> Option<OccasionKind> {
    KINDS.into_iter().find(|&(_, known, _)| known == name).map(|(kind, ..)| kind)
}

const fn tone(kind: OccasionKind) -> &'static str {
    match kind {
        OccasionKind::DeclineBegan | OccasionKind::Exited => "bad",
        OccasionKind::Warned
        | OccasionKind::ContractEnds
        | OccasionKind::StillDeclining
        | OccasionKind::VisitOverdue => "warn",
        OccasionKind::Improved => "",
    }
}

fn text_key(kind: OccasionKind) -> &'static str {
    KINDS.into_iter().find(|&(known, ..)| known == kind).map_or("", |(.., key)| key)
}

/// Draws the page; `only` says which kind of occasion its lines were narrowed to.
#[must_use]
pub fn render(ui: &Ui<'_>, today: &Today, only: Option<OccasionKind>) -> Markup {
    let title = ui.t("nav-today");
    let body = html! {
        header.head {
            h1 { (title) }
            @if let Some(month) = today.month { (data_through(ui, month)) }
        }
        @match today.month {
            None => (no_cycle_yet(ui)),
            Some(_) => {
                @for handed in &today.handed { p.notice { (handed_over(ui, handed)) } }
                (tiles(ui, today))
                (own_work(ui, today))
                (worklist(ui, today, only))
            },
        }
    };
    page(ui, Some(Room::Today), &title, body)
}

/// That customers were given to the user.
fn handed_over(ui: &Ui<'_>, handed: &AssignmentRow) -> String {
    let count = Arg::Count(i64::try_from(handed.customers).unwrap_or(i64::MAX));
    let (day, by) = (handed.at.date().into(), handed.by_name.as_str().into());
    let reason = handed.reason.as_str().into();
    match &handed.from {
        Some(from) => {
            let from = from.as_str().into();
            ui.with(
                "today-handed",
                [("from", from), ("count", count), ("day", day), ("by", by), ("reason", reason)],
            )
        }
        None => {
            ui.with("today-handed-several", [("count", count), ("day", day), ("by", by), ("reason", reason)])
        }
    }
}

/// Up to which month the data go.
pub(super) fn data_through(ui: &Ui<'_>, month: Month) -> Markup {
    html! { span.through { (ui.with("data-through", [("month", month.into())])) } }
}

/// What to do before the first cycle.
pub(super) fn no_cycle_yet(ui: &Ui<'_>) -> Markup {
    empty(&ui.t("no-cycle-yet"), Some(&ui.t("no-cycle-yet-next")), Some("tenure cycle"))
}

fn tiles(ui: &Ui<'_>, today: &Today) -> Markup {
    let declining = CustomerQuery { stages: vec![domain::LifecycleStage::Decline], ..CustomerQuery::first() };
    let changed = CustomerQuery { changed: true, ..CustomerQuery::first() };
    let (now, before) = today.revenue;
    let (declining_now, declining_before) = today.declining;
    html! {
        div.tiles {
            (tile(&ui.t("today-customers"), figure(today.customers), html! { (ui.t("today-customers-below")) }, Some("/customers")))
            (tile(&ui.t("today-revenue"), ui.money(now), against_last_month(ui, money_change(now, Some(before))), None))
            (tile(
                &ui.t("today-declining"),
                figure(declining_now),
                against_last_month(ui, change_in_count(declining_now as i64, Some(declining_before as i64), false)),
                Some(&address::customers(&declining)),
            ))
            (tile(&ui.t("today-changed"), figure(today.changed), html! { (ui.t("today-changed-below")) }, Some(&address::customers(&changed))))
            @if today.uneasy_members > 0 {
                (tile(&ui.t("uneasy-members"), figure(today.uneasy_members), html! { (ui.t("uneasy-below")) }, Some("/members")))
            }
            @if today.collaborations > 0 {
                (tile(&ui.t("today-collaborations"), figure(today.collaborations), html! { (ui.t("today-collaborations-below")) }, Some("/collaborations")))
            }
            (tile(&ui.t("today-ending"), figure(today.ending), html! { (ui.t("today-ending-below")) }, Some("/?only=contract-ends")))
        }
    }
}

/// The user's own tasks and visits.
fn own_work(ui: &Ui<'_>, today: &Today) -> Markup {
    let (day, may_log) = (today.day, ui.actor.is_some_and(|actor| actor.may(Action::LogContacts)));
    let tasks = today.tasks.iter().map(|of| visits::task(ui, &of.task, Some(&of.name), day, may_log));
    let waiting = today.visits.iter().map(|of| visits::visit(ui, &of.visit, Some(&of.name), day, may_log));
    let (tasks, waiting): (Vec<Markup>, Vec<Markup>) = (tasks.collect(), waiting.collect());
    html! {
        @if !waiting.is_empty() { (visits::lines(ui, "visits", "today-visits", &waiting, html! {})) }
        @if !tasks.is_empty() { (visits::lines(ui, "tasks", "today-tasks", &tasks, html! {})) }
    }
}

fn against_last_month(ui: &Ui<'_>, change: Markup) -> Markup {
    html! { (change) " " (ui.t("against-last-month")) }
}

fn worklist(ui: &Ui<'_>, today: &Today, only: Option<OccasionKind>) -> Markup {
    html! {
        section.panel.worklist aria-labelledby="worklist-heading" {
            h2 #worklist-heading { (ui.t("worklist")) small { (ui.t("worklist-order")) } }
            (narrowing(ui, today, only))
            @if today.lines.is_empty() {
                (empty(&ui.t("worklist-empty"), Some(&ui.t("worklist-empty-next")), None))
            } @else {
                ol.lines { @for line in &today.lines { (draw_line(ui, line)) } }
                @if today.lines.len() >= Today::LINES {
                    p.note { (ui.with("worklist-cut", [("count", Today::LINES.into())])) }
                }
            }
        }
    }
}

fn narrowing(ui: &Ui<'_>, today: &Today, only: Option<OccasionKind>) -> Markup {
    let count = |kind: OccasionKind| today.by_kind[kind as usize];
    html! {
        nav.tabs aria-label=(ui.t("worklist-narrow")) {
            a href="/" aria-current=[only.is_none().then_some("true")] {
                (ui.t("all")) span.count { (figure(today.by_kind.iter().sum())) }
            }
            @for (kind, name, key) in KINDS {
                @if count(kind) > 0 || only == Some(kind) {
                    a href={ "/?only=" (name) } aria-current=[(only == Some(kind)).then_some("true")] {
                        (ui.t(key)) span.count { (figure(count(kind))) }
                    }
                }
            }
        }
    }
}

fn draw_line(ui: &Ui<'_>, line: &TodayLine) -> Markup {
    let kind = OccasionKind::of(&line.occasion);
    let href = address::customer(line.customer);
    html! {
        li {
            div.what { (badge(tone(kind), &ui.t(text_key(kind)))) }
            div.who {
                a.name href=(href) { (line.name) }
                span.meta {
                    (stage(ui, line.assessment.stage))
                    span { (ui.with("stage-since-month", [("month", line.assessment.stage_since.into())])) }
                    (stars(ui, line.assessment.star))
                    @if let Some(risk) = &line.assessment.risk { span.risk { (risk_in_words(ui, risk)) } }
                    @if let Some(manager) = &line.manager { span.manager { (manager) } }
                }
            }
            p.why { (why(ui, line)) }
            div.stake {
                span.figure { (ui.money(line.at_stake.amount())) }
                small { (ui.t(stake_key(line.at_stake))) }
            }
            a.button href=(href) aria-label=(ui.with("open-customer", [("name", line.name.as_str().into())])) {
                (ui.t("open"))
            }
        }
    }
}

/// What is at stake, by the key of its name.
pub const fn stake_key(stake: Stake) -> &'static str {
    match stake {
        Stake::Expected(_) => "expected-loss",
        Stake::Lost(_) => "at-stake-lost",
        Stake::Revenue(_) => "revenue-12m",
    }
}

/// How likely it leaves, and why.
fn risk_in_words(ui: &Ui<'_>, risk: &ExitRisk) -> Markup {
    html! {
        (ui.t("exit-risk")) " " strong { (text::share(f64::from(risk.probability))) }
        @if let Some(cause) = risk.cause { " · " (ui.t(cause.text_key())) }
    }
}

/// The occasion in words, then the reasons for the stage.
fn why(ui: &Ui<'_>, line: &TodayLine) -> Markup {
    let lead = match &line.occasion {
        Occasion::DeclineBegan { from } | Occasion::Exited { from } | Occasion::Improved { from } => ui.with(
            "why-moved",
            [("from", Arg::Key(from.text_key())), ("to", Arg::Key(line.assessment.stage.text_key()))],
        ),
        Occasion::Warned => return warned(ui, line),
        Occasion::ContractEnds { code, ends_on, days_left, .. } => {
            contract_ends(ui, code, *ends_on, *days_left)
        }
        Occasion::VisitOverdue { due_on, last: Some(last) } => {
            ui.with("why-visit-overdue", [("due", (*due_on).into()), ("last", (*last).into())])
        }
        Occasion::VisitOverdue { due_on, last: None } => {
            ui.with("why-never-visited", [("due", (*due_on).into())])
        }
        Occasion::StillDeclining => {
            let months = line.assessment.month - line.assessment.stage_since + 1;
            ui.with("why-still-declining", [("months", Arg::Count(i64::from(months)))])
        }
    };
    let reasons = reasons(ui, &line.assessment.stage_reasons, 2);
    html! { strong { (lead) } @if !reasons.is_empty() { (ui.t("list-joint")) span { (reasons) } } }
}

/// What the warning rests on; where nothing was learnt yet, the reasons for the stage.
fn warned(ui: &Ui<'_>, line: &TodayLine) -> Markup {
    let evidence = line.assessment.risk.as_ref().map_or(&[][..], |risk| &risk.evidence);
    let rests_on = if evidence.is_empty() { &line.assessment.stage_reasons } else { evidence };
    let reasons = reasons(ui, rests_on, 3);
    html! {
        strong { (ui.t("why-warned")) }
        @if !reasons.is_empty() { (ui.t("list-joint")) span { (reasons) } }
    }
}

fn contract_ends(ui: &Ui<'_>, code: &str, ends_on: Date, days_left: i32) -> String {
    ui.with(
        "why-contract-ends",
        [("code", code.into()), ("date", ends_on.into()), ("days", Arg::Count(i64::from(days_left)))],
    )
}

//! 工作台: what to do now, in order of what is at stake.

use domain::{Arg, Date, Month};
use maud::{Markup, html};
use service::customer::CustomerQuery;
use service::today::{Occasion, Today, TodayLine};

use crate::address;
use crate::ui::{
    Room, Ui, badge, change_in_count, empty, figure, money_change, page, reasons, stage, stars, tile,
};

/// A kind of occasion: what the lines can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OccasionKind {
    /// Began to decline.
    DeclineBegan,
    /// All services ended.
    Exited,
    /// A contract ends soon.
    ContractEnds,
    /// In decline for some months.
    StillDeclining,
    /// Changed for the better.
    Improved,
}

impl OccasionKind {
    /// Every kind with its name in addresses and its text key.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::DeclineBegan, "decline-began", "occasion-decline-began"),
        (Self::Exited, "exited", "occasion-exited"),
        (Self::ContractEnds, "contract-ends", "occasion-contract-ends"),
        (Self::StillDeclining, "still-declining", "occasion-still-declining"),
        (Self::Improved, "improved", "occasion-improved"),
    ];

    /// The kind of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|&(_, known, _)| known == name).map(|(kind, ..)| kind)
    }

    const fn of(occasion: &Occasion) -> Self {
        match occasion {
            Occasion::DeclineBegan { .. } => Self::DeclineBegan,
            Occasion::Exited { .. } => Self::Exited,
            Occasion::ContractEnds { .. } => Self::ContractEnds,
            Occasion::StillDeclining => Self::StillDeclining,
            Occasion::Improved { .. } => Self::Improved,
        }
    }

    const fn tone(self) -> &'static str {
        match self {
            Self::DeclineBegan | Self::Exited => "bad",
            Self::ContractEnds | Self::StillDeclining => "warn",
            Self::Improved => "good",
        }
    }

    fn text_key(self) -> &'static str {
        Self::ALL.into_iter().find(|&(kind, ..)| kind == self).map_or("", |(.., key)| key)
    }
}

/// Draws the page; `only` narrows the lines to one kind of occasion.
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
                (tiles(ui, today))
                (worklist(ui, today, only))
            },
        }
    };
    page(ui, Some(Room::Today), &title, body)
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
    let declining =
        CustomerQuery { stages: vec![domain::LifecycleStage::Decline], ..address::default_customer_query() };
    let changed = CustomerQuery { changed: true, ..address::default_customer_query() };
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
            (tile(&ui.t("today-ending"), figure(today.ending), html! { (ui.t("today-ending-below")) }, Some("/?only=contract-ends")))
        }
    }
}

fn against_last_month(ui: &Ui<'_>, change: Markup) -> Markup {
    html! { (change) " " (ui.t("against-last-month")) }
}

fn worklist(ui: &Ui<'_>, today: &Today, only: Option<OccasionKind>) -> Markup {
    let shown: Vec<&TodayLine> = today
        .lines
        .iter()
        .filter(|line| only.is_none_or(|kind| OccasionKind::of(&line.occasion) == kind))
        .collect();
    html! {
        section.panel.worklist aria-labelledby="worklist-heading" {
            h2 #worklist-heading { (ui.t("worklist")) small { (ui.t("worklist-order")) } }
            (narrowing(ui, today, only))
            @if shown.is_empty() {
                (empty(&ui.t("worklist-empty"), Some(&ui.t("worklist-empty-next")), None))
            } @else {
                ol.lines { @for line in &shown { (draw_line(ui, line)) } }
                @if today.lines.len() >= Today::LINES {
                    p.note { (ui.with("worklist-cut", [("count", Today::LINES.into())])) }
                }
            }
        }
    }
}

fn narrowing(ui: &Ui<'_>, today: &Today, only: Option<OccasionKind>) -> Markup {
    let count = |kind| today.lines.iter().filter(|line| OccasionKind::of(&line.occasion) == kind).count();
    html! {
        nav.tabs aria-label=(ui.t("worklist-narrow")) {
            a href="/" aria-current=[only.is_none().then_some("true")] {
                (ui.t("all")) span.count { (today.lines.len()) }
            }
            @for (kind, name, key) in OccasionKind::ALL {
                @if count(kind) > 0 || only == Some(kind) {
                    a href={ "/?only=" (name) } aria-current=[(only == Some(kind)).then_some("true")] {
                        (ui.t(key)) span.count { (count(kind)) }
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
            div.what { (badge(kind.tone(), &ui.t(kind.text_key()))) }
            div.who {
                a.name href=(href) { (line.name) }
                span.meta {
                    (stage(ui, line.assessment.stage))
                    span { (ui.with("stage-since-month", [("month", line.assessment.stage_since.into())])) }
                    (stars(ui, line.assessment.star))
                    @if let Some(manager) = &line.manager { span.manager { (manager) } }
                }
            }
            p.why { (why(ui, line)) }
            div.stake {
                span.figure { (ui.money(line.at_stake)) }
                small { (ui.t("at-stake")) }
            }
            a.button href=(href) aria-label=(ui.with("open-customer", [("name", line.name.as_str().into())])) {
                (ui.t("open"))
            }
        }
    }
}

/// The occasion in words, then the reasons for the stage.
fn why(ui: &Ui<'_>, line: &TodayLine) -> Markup {
    let lead = match &line.occasion {
        Occasion::DeclineBegan { from } | Occasion::Exited { from } | Occasion::Improved { from } => ui.with(
            "why-moved",
            [("from", Arg::Key(from.text_key())), ("to", Arg::Key(line.assessment.stage.text_key()))],
        ),
        Occasion::ContractEnds { code, ends_on, days_left, .. } => {
            contract_ends(ui, code, *ends_on, *days_left)
        }
        Occasion::StillDeclining => {
            let months = line.assessment.month - line.assessment.stage_since + 1;
            ui.with("why-still-declining", [("months", Arg::Count(i64::from(months)))])
        }
    };
    let reasons = reasons(ui, &line.assessment, 2);
    html! { strong { (lead) } @if !reasons.is_empty() { (ui.t("list-joint")) span { (reasons) } } }
}

fn contract_ends(ui: &Ui<'_>, code: &str, ends_on: Date, days_left: i32) -> String {
    ui.with(
        "why-contract-ends",
        [("code", code.into()), ("date", ends_on.into()), ("days", Arg::Count(i64::from(days_left)))],
    )
}

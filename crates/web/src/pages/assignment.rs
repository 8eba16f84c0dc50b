//! 名单: whose customers go to whom; and the pool of those that are nobody's.

use domain::{LifecycleStage, Message, Problem};
use maud::{Markup, html};
use service::LONGEST_REASON;
use service::assignment::pool::Pool;
use service::assignment::{AssignmentRow, Draft, Plan, Work};

use crate::address;
use crate::ui::{Room, Ui, alert, empty, field, figure, page, section, stage, stage_mix, table};

/// What was asked, and what came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// What was typed.
    pub draft: Draft,
    /// What it would do.
    pub plan: Option<Plan>,
    /// Whether that is something else than what was shown before.
    pub changed: bool,
    /// Why it was refused.
    pub refused: Option<Message>,
    /// How many rows were just put back, and how many were not.
    pub undone: Option<(u64, u64)>,
}

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, rows: &[AssignmentRow], people: &[(String, String)], asked: &Asked) -> Markup {
    let title = ui.t("nav-assignments");
    let body = html! {
        header.head { h1 { (title) } }
        @if let Some((back, left)) = asked.undone { p.notice role="status" { (undone(ui, back, left)) } }
        (form(ui, people, asked))
        (done(ui, rows))
    };
    page(ui, Some(Room::Assignments), &title, body)
}

fn undone(ui: &Ui<'_>, back: u64, left: u64) -> String {
    match left {
        0 => ui.with("assignment-undo-note", [("back", back.into())]),
        _ => ui.with("assignment-undo-left", [("back", back.into()), ("left", left.into())]),
    }
}

fn form(ui: &Ui<'_>, people: &[(String, String)], asked: &Asked) -> Markup {
    let draft = &asked.draft;
    let person = |name: &str, key: &str, value: &str| {
        html! {
            label { span { (ui.t(key)) } input name=(name) maxlength="64" value=(value) list="people" autocomplete="off"; }
        }
    };
    section(
        "assign",
        &ui.t("assignments-question"),
        None,
        html! {
            p.note { (ui.t("assignments-caption")) }
            form.filters.keep method="post" action="/assignments" {
                @if let Some(why) = &asked.refused { p.error role="alert" { (ui.say(why)) } }
                @if asked.changed { p.error role="alert" { (ui.t("assignment-plan-changed")) } }
                @if draft.query.is_empty() { (person("from", "assignment-from", &draft.from)) }
                @else {
                    input type="hidden" name="query" value=(address::encode(&draft.query));
                    p.note {
                        a href=(address::with_pairs("/customers", &draft.query)) { (ui.t("assignment-chosen")) }
                    }
                }
                (person("to", "assignment-to", &draft.to))
                label.grow { span { (ui.t("assignment-reason")) } input name="reason" required maxlength=(LONGEST_REASON) value=(draft.reason); }
                datalist #people { @for (code, name) in people { option value=(code) { (name) } } }
                button type="submit" { (ui.t("assignment-preview")) }
            }
            @if let Some(plan) = &asked.plan { (planned(ui, plan, draft)) }
        },
    )
}

/// What would be done, and the button that does it.
fn planned(ui: &Ui<'_>, plan: &Plan, draft: &Draft) -> Markup {
    let work = [
        ("opportunities", plan.work.opportunities.into()),
        ("tickets", plan.work.tickets.into()),
        ("tasks", plan.work.tasks.into()),
        ("visits", plan.work.visits.into()),
    ];
    let moves_work = plan.work != Work::default();
    html! {
        div.plan #plan {
            h3 { (ui.t("assignment-plan")) }
            dl.facts {
                (field(&ui.t("assignment-count"), Some(figure(plan.count))))
                (field(&ui.t("assignment-revenue"), Some(ui.money(plan.revenue_12m))))
                (field(&ui.t("assignment-work"), moves_work.then(|| ui.with("assignment-work-is", work))))
                (field(&ui.t("assignment-from-lists"), Some(html! {
                    @for (place, (name, count)) in plan.from.iter().take(8).enumerate() {
                        @if place > 0 { (ui.t("list-joint")) }
                        (name.clone().unwrap_or_else(|| ui.t("assignment-pool").into_owned())) " " (figure(*count))
                    }
                    @if plan.from.len() > 8 { " …" }
                })))
                (field(&ui.t("assignment-receiver"), Some(match &plan.to {
                    Some((name, count)) => format!("{name} {}", figure(*count)),
                    None => ui.t("assignment-pool").into_owned(),
                })))
                (field(&ui.t("assignment-stages"), Some(html! {
                    (stage_mix(ui, &plan.by_stage))
                    @for (of, count) in LifecycleStage::ALL.iter().zip(plan.by_stage).filter(|(_, count)| *count > 0) {
                        " " (stage(ui, *of)) " " (figure(count))
                    }
                })))
            }
            p.note { (ui.t("assignment-plan-caption")) }
            // Without a reason, or before anyone was named, it is there to be looked at only.
            @if !draft.reason.trim().is_empty() { form method="post" action="/assignments" {
                input type="hidden" name="from" value=(draft.from);
                input type="hidden" name="to" value=(draft.to);
                input type="hidden" name="reason" value=(draft.reason);
                input type="hidden" name="query" value=(address::encode(&draft.query));
                input type="hidden" name="seen" value=(plan.seen);
                button.primary type="submit" { (ui.t("assignment-do")) }
            } }
        }
    }
}

fn done(ui: &Ui<'_>, rows: &[AssignmentRow]) -> Markup {
    let columns = [
        ("assignment-when", ""),
        ("assignment-kind", ""),
        ("assignment-moved", "told"),
        ("assignment-count", "number"),
        ("assignment-reason", "told"),
        ("assignment-by", ""),
        ("", ""),
    ];
    let pool = || ui.t("assignment-pool").into_owned();
    let cells = rows.iter().map(|row| {
        let from = row.from.clone().unwrap_or_else(|| {
            if row.kind == domain::assignment::AssignmentKind::Claim { pool() } else { ui.t("assignment-several").into_owned() }
        });
        [
            html! { (row.at.to_minute()) },
            html! { (ui.t(row.kind.text_key())) },
            html! { (from) " → " (row.to.clone().unwrap_or_else(pool)) },
            html! { (figure(row.customers)) @if row.work > 0 { small { "+" (figure(row.work)) } } },
            html! { (row.reason) },
            html! { (row.by_name) },
            html! {
                @match row.undone_at {
                    Some(at) => small.faint { (ui.with("assignment-undone", [("at", at.to_minute().into())])) },
                    None => form method="post" action={ "/assignments/" (row.id) "/undo" } {
                        button.quiet type="submit" { (ui.t("assignment-undo")) }
                    },
                }
            },
        ]
    });
    let body = html! {
        @if rows.is_empty() { (empty(&ui.t("assignments-none"), Some(&ui.t("assignments-none-next")), None)) }
        @else { (table(ui, columns, cells, None)) }
    };
    section("done", &ui.t("assignments-done"), Some(rows.len() as u64), body)
}

/// Draws the pool; `why` says why a customer could not be claimed.
#[must_use]
pub fn render_pool(ui: &Ui<'_>, pool: &Pool, why: Option<&Problem>) -> Markup {
    let title = ui.t("nav-pool");
    let columns = [
        ("customer", "told"),
        ("category", ""),
        ("unit", ""),
        ("stage", ""),
        ("assignment-revenue", "number"),
        ("", ""),
    ];
    let rows = pool.rows.iter().map(|row| {
        [
            html! { (row.name) " " small { (row.code) } },
            html! { (ui.t(row.category.text_key())) @if let Some(industry) = &row.industry { " " small { (industry) } } },
            html! { (row.unit) },
            html! { @match &row.assessment { Some(a) => (stage(ui, a.stage)), None => span.faint { "–" } } },
            html! { @match &row.assessment { Some(a) => (ui.money(a.revenue_12m)), None => span.faint { "–" } } },
            html! {
                form method="post" action={ "/pool/" (row.id) } {
                    button type="submit" disabled[pool.left == 0] aria-label={ (ui.t("pool-claim")) " " (row.name) } { (ui.t("pool-claim")) }
                }
            },
        ]
    });
    let body = html! {
        header.head { h1 { (title) span.count { (figure(pool.total)) } } }
        @if let Some(why) = why { (alert(ui, why)) }
        section.panel {
            h2 { (ui.t("pool-question")) }
            p.note { (ui.t("pool-caption")) " " (ui.with("pool-left", [("count", pool.left.into())])) }
            @if pool.rows.is_empty() { (empty(&ui.t("pool-none"), Some(&ui.t("pool-none-next")), None)) }
            @else { (table(ui, columns, rows, None)) }
            @if (pool.rows.len() as u64) < pool.total { p.note { (ui.with("pool-shown", [("count", pool.rows.len().into())])) } }
        }
    };
    page(ui, Some(Room::Pool), &title, body)
}

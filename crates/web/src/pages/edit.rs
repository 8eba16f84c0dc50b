//! 批量修改: one value for a column of many customers, previewed and undone.

use domain::Problem;
use domain::archive::{choice_key, field_key};
use domain::extract::{Column, ColumnType};
use maud::{Markup, html};
use service::edit::list::Done;
use service::edit::{COLUMNS, Draft, Plan, column};

use crate::address;
use crate::ui::{Room, Ui, alert, empty, field, figure, page, section, table};

/// What was asked, and what came of it.
#[derive(Debug, Default)]
pub struct Asked {
    /// What was typed.
    pub draft: Draft,
    /// What it would do.
    pub plan: Option<Plan>,
    /// Whether that is something else than what was shown before.
    pub changed: bool,
    /// Why it was refused.
    pub refused: Option<Problem>,
}

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, done: &[Done], industries: &[String], asked: &Asked) -> Markup {
    let title = ui.t("customers-edit");
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/customers" { (ui.t("nav-customers")) } }
            h1 { (title) }
        }
        (forms(ui, industries, asked))
        (latest(ui, done))
    };
    page(ui, Some(Room::Customers), &title, body)
}

/// What stands in a column, in words.
fn words(ui: &Ui<'_>, column: &Column, value: Option<&str>) -> String {
    match (value, column.kind) {
        (None, _) => ui.t("edit-empty").into_owned(),
        (Some(code), ColumnType::OneOf(_)) => ui.t(&choice_key(column, code)).into_owned(),
        (Some(text), _) => text.to_owned(),
    }
}

fn forms(ui: &Ui<'_>, industries: &[String], asked: &Asked) -> Markup {
    let draft = &asked.draft;
    section(
        "edit",
        &ui.t("edits-question"),
        None,
        html! {
            p.note { (ui.t("edits-caption")) }
            @if let Some(problem) = &asked.refused { (alert(ui, problem)) }
            @if asked.changed { p.error role="alert" { (ui.t("edit-plan-changed")) } }
            @if draft.query.is_empty() { p.note { (ui.t("edits-from-list")) } }
            @else {
                p.note { a href=(address::with_pairs("/customers", &draft.query)) { (ui.t("edits-chosen")) } }
                @for column in COLUMNS.into_iter().filter_map(column) { (value_form(ui, column, industries, draft)) }
            }
            @if let Some(plan) = &asked.plan { (planned(ui, plan, draft)) }
        },
    )
}

/// The form of one column.
fn value_form(ui: &Ui<'_>, column: &Column, industries: &[String], draft: &Draft) -> Markup {
    let typed = (draft.column == column.name).then_some(draft.value.as_str());
    let list = (column.name == "industry").then_some("industries");
    html! {
        form.filters.keep method="get" action="/edits" {
            input type="hidden" name="query" value=(address::encode(&draft.query));
            input type="hidden" name="column" value=(column.name);
            label {
                span { (ui.t(&field_key(column))) }
                @match column.kind {
                    ColumnType::OneOf(codes) => select name="value" {
                        @for code in codes { option value=(code) selected[typed == Some(code)] { (ui.t(&choice_key(column, code))) } }
                    },
                    _ => input name="value" maxlength="200" value=[typed] list=[list] placeholder=(ui.t("edit-empty"));,
                }
            }
            @if list.is_some() { datalist #industries { @for industry in industries { option value=(industry) {} } } }
            button type="submit" { (ui.t("edit-preview")) }
        }
    }
}

/// What would be done, and the button that does it.
fn planned(ui: &Ui<'_>, plan: &Plan, draft: &Draft) -> Markup {
    let said = |value: &Option<String>| words(ui, plan.column, value.as_deref());
    let some = |count: u64| (count > 0).then(|| figure(count));
    html! {
        div.plan #plan {
            h3 { (ui.t("edit-plan")) }
            dl.facts {
                (field(&ui.t("edit-column"), Some(ui.t(&field_key(plan.column)))))
                (field(&ui.t("edit-value"), Some(said(&plan.value))))
                (field(&ui.t("edit-count"), Some(figure(plan.customers.len() as u64))))
                (field(&ui.t("edit-same"), some(plan.same)))
                (field(&ui.t("edit-foreign"), some(plan.foreign)))
                (field(&ui.t("edit-before"), Some(html! {
                    @for (place, (value, count)) in plan.before.iter().take(8).enumerate() {
                        @if place > 0 { (ui.t("list-joint")) }
                        (said(value)) " " (figure(*count))
                    }
                    @if plan.before.len() > 8 { " …" }
                })))
                (field(&ui.t("edit-examples"), Some(html! {
                    @for (place, (customer, name, before)) in plan.examples.iter().enumerate() {
                        @if place > 0 { (ui.t("list-joint")) }
                        a href=(address::customer(*customer)) { (name) } " (" (said(before)) ")"
                    }
                })))
            }
            p.note { (ui.t("edit-plan-caption")) }
            form method="post" action="/edits" {
                input type="hidden" name="query" value=(address::encode(&draft.query));
                input type="hidden" name="column" value=(draft.column);
                input type="hidden" name="value" value=(draft.value);
                input type="hidden" name="seen" value=(plan.seen);
                button.primary type="submit" { (ui.t("edit-do")) }
            }
        }
    }
}

fn latest(ui: &Ui<'_>, done: &[Done]) -> Markup {
    let columns = [
        ("edit-when", ""),
        ("edit-column", ""),
        ("edit-value", "told"),
        ("customers", "number"),
        ("edit-by", ""),
        ("", "told"),
    ];
    let cells = done.iter().map(|done| {
        let row = &done.row;
        [
            html! { (row.at.to_minute()) },
            html! { (ui.t(&field_key(done.column))) },
            html! { (words(ui, done.column, done.value.as_deref())) },
            html! { (figure(row.customers)) },
            html! { (row.by_name) },
            html! {
                @match row.undone_at {
                    None => form method="post" action={ "/edits/" (row.id) "/undo" } {
                        button.quiet type="submit" { (ui.t("edit-undo")) }
                    },
                    Some(at) if row.left == 0 => small.faint { (ui.with("edit-undone", [("at", at.to_minute().into())])) },
                    Some(at) => small {
                        (ui.with("edit-undone-left", [("at", at.to_minute().into()), ("count", row.left.into())]))
                        @for (customer, name) in &done.left { " " a href=(address::customer(*customer)) { (name) } }
                        @if (done.left.len() as u64) < row.left { " …" }
                    },
                }
            },
        ]
    });
    let body = html! {
        @if done.is_empty() { (empty(&ui.t("edits-none"), Some(&ui.t("edits-none-next")), None)) }
        @else { (table(ui, columns, cells, None)) }
    };
    section("done", &ui.t("edits-done"), Some(done.len() as u64), body)
}

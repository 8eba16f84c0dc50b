//! 表格导入: a sheet of customers, step by step, and what was imported.

use std::fs::File;

use documents::{Spreadsheet, SpreadsheetError, Value};
use domain::Problem;
use domain::archive::{Sheet, choice_key, field_key};
use domain::extract::{Column, ColumnType};
use domain::id::CustomerId;
use domain::sheet_import::{SheetKey, SheetMode};
use maud::{Markup, html};
use service::customer::Pairs;
use service::sheet_import::refused::RefusedRows;
use service::sheet_import::revert::Preview;
use service::sheet_import::show::ImportView;
use service::sheet_import::{
    At, Change, Found, LARGEST, LeftFor, MOST_ROWS, Refusal, Reverted, SheetImportRow,
};
use tokio::task::spawn_blocking;

use crate::ui::{Icon, Room, Ui, alert, badge, empty, field, figure, icon, page, section, table, tile};
use crate::{address, csv};

/// What was asked, and what came of it.
#[derive(Debug, Default)]
pub struct Asked {
    /// The columns are to be seen again.
    pub map: bool,
    /// What was typed of them.
    pub typed: Option<Pairs>,
    /// Why that was refused.
    pub refused: Option<Problem>,
    /// What a revert would do.
    pub preview: Option<Preview>,
    /// Whether that is something else than what was shown before.
    pub changed: bool,
}

/// Draws what was imported, and where a sheet is handed over.
#[must_use]
pub fn render_all(ui: &Ui<'_>, imports: &[SheetImportRow], refused: Option<&Problem>) -> Markup {
    let title = ui.t("sheets-title");
    let limits = [("most", (LARGEST >> 20).into()), ("rows", figure(MOST_ROWS as u64).into())];
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/customers" { (ui.t("nav-customers")) } }
            h1 { (title) }
        }
        (section("upload", &ui.t("sheets-question"), None, html! {
            p.note { (ui.t("sheets-caption")) }
            @if let Some(problem) = refused { (alert(ui, problem)) }
            form.upload method="post" action="/imports" enctype="multipart/form-data" {
                label {
                    span { (ui.t("sheet-file")) }
                    input type="file" name="sheet" required accept=".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                }
                button.primary type="submit" { (ui.t("sheet-upload")) }
            }
            p.note { (ui.with("sheet-limits", limits)) }
        }))
        (section("imports", &ui.t("sheets-history"), Some(imports.len() as u64), history(ui, imports)))
    };
    page(ui, Some(Room::Customers), &title, body)
}

fn history(ui: &Ui<'_>, imports: &[SheetImportRow]) -> Markup {
    if imports.is_empty() {
        return empty(&ui.t("sheets-none"), Some(&ui.t("sheets-none-next")), None);
    }
    let columns = [
        ("sheet-name", "name"),
        ("sheet-when", ""),
        ("sheet-by", ""),
        ("sheet-rows", "number"),
        ("sheet-created", "number"),
        ("sheet-changed", "number"),
        ("sheet-refused", "number"),
        ("sheet-state", ""),
    ];
    let cells = imports.iter().map(|import| {
        let tried = import.found.is_some() || import.done_at.is_some();
        let count = |place: usize| if tried { figure(import.counts[place]) } else { "–".to_owned() };
        [
            html! { a href={ "/imports/" (import.id) } { (import.file_name) } },
            html! { (import.done_at.unwrap_or(import.uploaded_at).to_minute()) },
            html! { (import.owner_name) },
            html! { (figure(import.rows_read)) },
            html! { (count(0)) },
            html! { (count(1)) },
            html! { (count(3)) },
            state(ui, import),
        ]
    });
    table(ui, columns, cells, None)
}

fn state(ui: &Ui<'_>, import: &SheetImportRow) -> Markup {
    match (import.reverted_at, import.done_at, &import.found) {
        (Some(at), ..) => {
            let by = import.reverted_by.clone().unwrap_or_default();
            let args = [("at", at.to_minute().into()), ("by", by.into())];
            html! { span title=(ui.with("sheet-reverted-by", args)) { (badge("calm", &ui.t("sheet-reverted"))) } }
        }
        (None, Some(_), _) => badge("good", &ui.t("sheet-done")),
        (None, None, Some(_)) => badge("warn", &ui.t("sheet-tried")),
        (None, None, None) => badge("calm", &ui.t("sheet-open")),
    }
}

/// Draws an import.
#[must_use]
pub fn render(ui: &Ui<'_>, view: &ImportView, asked: &Asked) -> Markup {
    let title = &view.row.file_name;
    let step = match (&view.row.done_at, &view.found) {
        (Some(_), _) => 3,
        (None, Some(_)) if !asked.map => 2,
        _ => 1,
    };
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) {
                a href="/customers" { (ui.t("nav-customers")) }
                a href="/imports" { (ui.t("sheets-title")) }
            }
            h1 { (title) span.count { (figure(view.row.rows_read)) } }
        }
        ol.stepper aria-label=(ui.t("sheet-steps")) {
            @for (place, key) in ["sheet-step-one", "sheet-step-two", "sheet-step-three", "sheet-step-four"].iter().enumerate() {
                li.past[place < step] aria-current=[(place == step).then_some("step")] { (ui.t(key)) }
            }
        }
        @match &view.at {
            Some(At::Step(key)) => (at_work(ui, key)),
            failed => {
                @if let Some(At::Failed(cause, hint)) = failed {
                    p.error role="alert" {
                        (ui.with("sheet-failed", [("why", ui.say(cause).into())]))
                        @if let Some(hint) = hint { " " (ui.say(hint)) }
                    }
                }
                @match (&view.found, step) {
                    (_, 3) => (done(ui, view, asked)),
                    (Some(found), 2) => (tried(ui, view, found)),
                    _ => (map(ui, view, asked)),
                }
            }
        }
    };
    page(ui, Some(Room::Customers), title, body)
}

fn at_work(ui: &Ui<'_>, step: &'static str) -> Markup {
    section(
        "work",
        &ui.t("sheet-at"),
        None,
        html! {
            p role="status" { (ui.t(step)) " …" }
            p.note { (ui.t("sheet-at-note")) " " a href=(ui.here) { (ui.t("sheet-at-again")) } }
        },
    )
}

fn map(ui: &Ui<'_>, view: &ImportView, asked: &Asked) -> Markup {
    if view.columns.is_empty() {
        return empty(&ui.t("sheet-swept"), Some(&ui.t("sheets-none-next")), None);
    }
    let columns = [("sheet-map-column", "name"), ("sheet-map-samples", "told"), ("sheet-map-target", "")];
    let cells = view.columns.iter().zip(&view.mapping.columns).enumerate().map(|(place, ((name, samples), taken))| {
        let name = match name.as_str() {
            "" => ui.with("sheet-map-unnamed", [("place", (place + 1).into())]),
            name => name.to_owned(),
        };
        [
            html! { (name) },
            html! { @for (at, sample) in samples.iter().enumerate() { @if at > 0 { (ui.t("list-joint")) } (sample) } },
            html! {
                select name={ "column-" (place) } aria-label=(name) {
                    option value="" { (ui.t("sheet-map-leave")) }
                    @for column in &view.offered {
                        option value=(column.name) selected[taken.as_deref() == Some(column.name)] { (ui.t(&field_key(column))) }
                    }
                }
            },
        ]
    });
    let mapping = &view.mapping;
    section(
        "map",
        &ui.t("sheet-map"),
        None,
        html! {
            p.note { (ui.t("sheet-map-caption")) }
            @if let Some(problem) = &asked.refused { (alert(ui, problem)) }
            form.mapping method="post" action={ "/imports/" (view.row.id) "/try" } {
                (table(ui, columns, cells, None))
                div.filters {
                    label {
                        span { (ui.t("sheet-mode")) }
                        select name="mode" {
                            @for mode in SheetMode::ALL { option value=(mode) selected[*mode == mapping.mode] { (ui.t(mode.text_key())) } }
                        }
                    }
                    label {
                        span { (ui.t("sheet-key")) }
                        select name="key" {
                            @for key in SheetKey::ALL { option value=(key) selected[*key == mapping.key] { (ui.t(key.text_key())) } }
                        }
                    }
                }
                label.check { input type="checkbox" name="likes" value="yes" checked[mapping.likes]; span { (ui.t("sheet-likes")) } }
                p.note { (ui.t("sheet-likes-note")) }
                div.actions {
                    button.primary type="submit" { (ui.t("sheet-try")) }
                    button.quiet type="submit" formaction={ "/imports/" (view.row.id) "/discard" } formnovalidate { (ui.t("sheet-discard")) }
                }
                p.note { (ui.t("sheet-try-note")) }
            }
        },
    )
}

fn tiles(ui: &Ui<'_>, counts: [u64; 4], below: [Option<String>; 4]) -> Markup {
    let names = ["sheet-created", "sheet-changed", "sheet-unchanged", "sheet-refused"];
    html! {
        div.tiles {
            @for ((name, count), below) in names.into_iter().zip(counts).zip(below) {
                (tile(&ui.t(name), figure(count), html! { @if let Some(below) = below { (below) } }, None))
            }
        }
    }
}

/// A value of a column, in words.
fn words(ui: &Ui<'_>, column: &Column, value: &str) -> String {
    match (value, column.kind) {
        ("", _) => ui.t("sheet-empty").into_owned(),
        (code, ColumnType::OneOf(_)) => ui.t(&choice_key(column, code)).into_owned(),
        (text, _) => text.to_owned(),
    }
}

fn column(name: &str) -> Option<&'static Column> {
    Sheet::Customer.place(name).and_then(|place| Sheet::Customer.columns().get(place))
}

/// What a column is called.
fn column_title(ui: &Ui<'_>, name: &str) -> String {
    column(name).map_or_else(|| name.to_owned(), |column| ui.t(&field_key(column)).into_owned())
}

fn tried(ui: &Ui<'_>, view: &ImportView, found: &Found) -> Markup {
    let count = |key: &'static str, count: u64| (count > 0).then(|| ui.with(key, [("count", count.into())]));
    let below = [
        count("sheet-found-likes-taken", found.likes_taken),
        None,
        None,
        count("sheet-found-likes", found.likes),
    ];
    let rows = found.counts[0] + found.counts[1];
    let address = format!("/imports/{}", view.row.id);
    html! {
        (tiles(ui, found.counts, below))
        section.panel #confirm {
            p.note {
                (ui.t("sheet-found-caption"))
                @if !found.columns.is_empty() {
                    " " (ui.t("sheet-found-columns")) (ui.t("sheet-why-joint"))
                    @for (place, (name, count)) in found.columns.iter().enumerate() {
                        @if place > 0 { (ui.t("list-joint")) }
                        (column_title(ui, name)) " " (figure(*count))
                    }
                }
            }
            @if rows == 0 { p.notice { (ui.t("sheet-nothing")) } }
            div.actions {
                @if rows > 0 {
                    form method="post" action={ (address) "/do" } {
                        input type="hidden" name="seen" value=(found.seen);
                        button.primary type="submit" { (ui.with("sheet-do-count", [("count", rows.into())])) }
                    }
                }
                @if view.row.has_file { a.button href={ (address) "?step=map" } { (ui.t("sheet-again")) } }
                form method="post" action={ (address) "/discard" } { button.quiet type="submit" { (ui.t("sheet-discard")) } }
            }
        }
        @if found.counts[3] > 0 { (refusals(ui, view, found.counts[3])) }
        @if !found.changes.is_empty() { (changes(ui, &found.changes)) }
        @if !found.created.is_empty() { (created(ui, found)) }
    }
}

fn refusals(ui: &Ui<'_>, view: &ImportView, count: u64) -> Markup {
    let columns = [("sheet-change-line", "line"), ("sheet-change-column", ""), ("sheet-refusal-why", "told")];
    let cells = view.refused.iter().map(|Refusal { line, column, reason }| {
        [
            html! { (figure(*line)) },
            html! { @if let Some(name) = column { (column_title(ui, name)) } @else { "–" } },
            html! { (ui.say(reason)) },
        ]
    });
    section(
        "refused",
        &ui.t("sheet-refusals"),
        Some(count),
        html! {
            @if view.row.has_file {
                p { a.button href={ "/imports/" (view.row.id) "/refused" } download { (icon(Icon::Export)) (ui.t("sheet-refused-file")) } }
                p.note { (ui.t("sheet-refused-note")) }
            }
            (table(ui, columns, cells, None))
            (first(ui, view.refused.len(), count))
        },
    )
}

/// That not all are listed.
fn first(ui: &Ui<'_>, shown: usize, of: u64) -> Markup {
    html! {
        @if (shown as u64) < of { p.note { (ui.with("sheet-first", [("count", shown.into())])) } }
    }
}

fn changes(ui: &Ui<'_>, changes: &[Change]) -> Markup {
    let columns = [
        ("sheet-change-customer", "name"),
        ("sheet-change-line", "number"),
        ("sheet-change-column", ""),
        ("sheet-change-before", "told"),
        ("sheet-change-after", "told"),
    ];
    let cells = changes.iter().map(|change| {
        let said = |value: &str| {
            column(&change.column).map_or_else(|| value.to_owned(), |column| words(ui, column, value))
        };
        [
            html! { a href=(address::customer(change.customer)) { (change.name) } },
            html! { (figure(change.line)) },
            html! { (column_title(ui, &change.column)) },
            html! { del { (said(&change.before)) } },
            html! { ins { (said(&change.after)) } },
        ]
    });
    section(
        "changes",
        &ui.t("sheet-changes"),
        None,
        html! {
            (table(ui, columns, cells, None))
            @if changes.len() >= 50 { (first(ui, changes.len(), u64::MAX)) }
        },
    )
}

fn created(ui: &Ui<'_>, found: &Found) -> Markup {
    let columns = [("field-name", "name"), ("sheet-change-line", "number"), ("field-code", "")];
    let cells = found.created.iter().map(|(line, code, name)| {
        [
            html! { (name) },
            html! { (figure(*line)) },
            html! { @if code.is_empty() { span.faint { (ui.t("sheet-new-code")) } } @else { (code) } },
        ]
    });
    section(
        "new",
        &ui.t("sheet-new"),
        Some(found.counts[0]),
        html! {
            (table(ui, columns, cells, None))
            (first(ui, found.created.len(), found.counts[0]))
        },
    )
}

fn done(ui: &Ui<'_>, view: &ImportView, asked: &Asked) -> Markup {
    let row = &view.row;
    let at = row.done_at.map(|at| at.to_minute()).unwrap_or_default();
    html! {
        (tiles(ui, row.counts, [const { None }; 4]))
        section.panel #result {
            p.note { (ui.with("sheet-result-caption", [("by", row.owner_name.as_str().into()), ("at", at.into())])) }
            @match (row.reverted_at, &asked.preview) {
                (Some(at), _) => p.notice {
                    (ui.with("sheet-reverted-by", [
                        ("at", at.to_minute().into()),
                        ("by", row.reverted_by.clone().unwrap_or_default().into()),
                    ]))
                },
                (None, None) => p { a.button href={ "/imports/" (row.id) "?step=revert" } { (ui.t("sheet-revert-look")) } },
                (None, Some(_)) => {}
            }
        }
        @if let Some(preview) = &asked.preview { (previewed(ui, view, preview, asked.changed)) }
        @if let Some((left, names)) = &view.left { (was_left(ui, left, names)) }
        @if view.is_own && row.counts[3] > 0 { (refusals(ui, view, row.counts[3])) }
    }
}

fn previewed(ui: &Ui<'_>, view: &ImportView, preview: &Preview, changed: bool) -> Markup {
    let report = &preview.report;
    section(
        "revert",
        &ui.t("sheet-revert-question"),
        None,
        html! {
            @if changed { p.error role="alert" { (ui.t("sheet-revert-changed")) } }
            p.note { (ui.t("sheet-revert-caption")) }
            dl.facts.plan {
                (field(&ui.t("sheet-revert-removed"), Some(figure(report.removed))))
                (field(&ui.t("sheet-revert-restored"), Some(figure(report.restored))))
                (field(&ui.t("sheet-revert-values"), Some(figure(report.values))))
                (field(&ui.t("sheet-revert-left"), Some(figure(report.left_count))))
                (field(&ui.t("sheet-revert-kept"), Some(figure(report.kept_count))))
            }
            (stays(ui, report, &preview.names))
            form method="post" action={ "/imports/" (view.row.id) "/revert" } {
                input type="hidden" name="seen" value=(preview.seen);
                div.actions {
                    button.primary type="submit" { (ui.t("sheet-revert-do")) }
                    a.button.quiet href={ "/imports/" (view.row.id) } { (ui.t("archive-cancel")) }
                }
            }
        },
    )
}

fn was_left(ui: &Ui<'_>, left: &Reverted, names: &[(CustomerId, String)]) -> Markup {
    section(
        "left",
        &ui.t("sheet-revert"),
        None,
        html! {
            dl.facts.plan {
                (field(&ui.t("sheet-reverted-removed"), Some(figure(left.removed))))
                (field(&ui.t("sheet-reverted-values"), Some(figure(left.values))))
                (field(&ui.t("sheet-revert-left"), Some(figure(left.left_count))))
                (field(&ui.t("sheet-revert-kept"), Some(figure(left.kept_count))))
            }
            (stays(ui, left, names))
        },
    )
}

/// What a revert leaves, by name as far as one may see it.
fn stays(ui: &Ui<'_>, report: &Reverted, names: &[(CustomerId, String)]) -> Markup {
    let name = |id: CustomerId| match names.iter().find(|(known, _)| *known == id) {
        Some((id, name)) => html! { a href=(address::customer(*id)) { (name) } },
        None => html! { span.faint { (ui.t("sheet-hidden")) } },
    };
    let why = |why: LeftFor| match why {
        LeftFor::Attached => "sheet-left-attached",
        LeftFor::Changed => "sheet-left-changed",
        LeftFor::Extract => "sheet-left-extract",
        LeftFor::Foreign => "sheet-left-foreign",
        LeftFor::Above => "sheet-left-above",
    };
    let left =
        report.left.iter().map(|(id, for_what)| [name(*id), html! { "–" }, html! { (ui.t(why(*for_what))) }]);
    let kept = report.kept.iter().map(|(id, column)| {
        [name(*id), html! { (column_title(ui, column)) }, html! { (ui.t("sheet-kept-why")) }]
    });
    let columns =
        [("sheet-change-customer", "name"), ("sheet-change-column", ""), ("sheet-left-why", "told")];
    html! {
        @if report.left_count + report.kept_count > 0 {
            (table(ui, columns, left.chain(kept), None))
            (first(ui, report.left.len() + report.kept.len(), report.left_count + report.kept_count))
        }
    }
}

/// Refused rows for spreadsheets.
#[must_use]
pub fn refused_csv(rows: &RefusedRows) -> String {
    let mut file = csv::header_of(rows.header.iter());
    for row in &rows.rows {
        let cells: Vec<String> = row.iter().map(|cell| csv::cell(cell)).collect();
        file.push_str(&cells.join(","));
        file.push_str("\r\n");
    }
    file
}

/// The same as a workbook.
///
/// # Errors
/// When the disk takes no more.
pub async fn refused_workbook(rows: RefusedRows, name: String) -> Result<File, Problem> {
    let written = spawn_blocking(move || {
        let mut sheet = Spreadsheet::new(&name, rows.header);
        for row in rows.rows {
            let cells: Vec<Value> = row.into_iter().map(Value::Text).collect();
            sheet.push(&cells)?;
        }
        sheet.into_file()
    });
    written.await.map_err(Problem::internal)?.map_err(|error: SpreadsheetError| Problem::internal(error))
}

//! 数据: what came in, what was refused, what was computed.

use domain::import::RowProblem;
use domain::{Arg, Instant};
use maud::{Markup, html};
use service::data::{CycleRow, DataView, ImportRow, RunState};

use crate::ui::{Column, Room, Ui, badge, empty, figure, page, section, table};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, data: &DataView) -> Markup {
    let title = ui.t("nav-data");
    let body = html! {
        header.head { h1 { (title) } }
        @if !data.stale.is_empty() { (stale(ui, data)) }
        (section("imports", &ui.t("imports"), None, imports(ui, &data.imports)))
        (section("cycles", &ui.t("cycles"), None, cycles(ui, &data.cycles)))
    };
    page(ui, Some(Room::Data), &title, body)
}

fn stale(ui: &Ui<'_>, data: &DataView) -> Markup {
    let months: Vec<String> = data.stale.iter().map(ToString::to_string).collect();
    html! {
        div.notice role="status" {
            p { strong { (ui.with("stale", [("count", data.stale.len().into())])) } " " (months.join(" · ")) }
            p { (ui.t("stale-next")) " " code { "tenure cycle" } }
        }
    }
}

fn state(ui: &Ui<'_>, state: RunState) -> Markup {
    let (tone, key) = match state {
        RunState::Running => ("calm", "run-running"),
        RunState::Done => ("good", "run-done"),
        RunState::Refused => ("bad", "run-refused"),
        RunState::Failed => ("bad", "run-failed"),
    };
    badge(tone, &ui.t(key))
}

fn duration(ui: &Ui<'_>, started: Instant, ended: Option<Instant>) -> String {
    let Some(ended) = ended else { return "–".to_owned() };
    let seconds = (ended.micros() - started.micros()) as f64 / 1e6;
    if seconds < 60.0 {
        return ui.with("duration-seconds", [("seconds", Arg::Text(format!("{seconds:.1}")))]);
    }
    let whole = seconds.round() as i64;
    ui.with("duration-minutes", [("minutes", (whole / 60).into()), ("seconds", (whole % 60).into())])
}

fn imports(ui: &Ui<'_>, imports: &[ImportRow]) -> Markup {
    if imports.is_empty() {
        return empty(&ui.t("imports-none"), Some(&ui.t("imports-none-next")), Some("tenure import DIR"));
    }
    html! {
        div.scroll {
            table.list.runs.cards {
                thead {
                    tr {
                        th scope="col" { (ui.t("import")) }
                        th scope="col" { (ui.t("state")) }
                        th scope="col" { (ui.t("run-started")) }
                        th.number scope="col" { (ui.t("run-duration")) }
                        @for key in ["rows-read", "rows-added", "rows-changed", "rows-bad"] {
                            th.number scope="col" { (ui.t(key)) }
                        }
                    }
                }
                @for import in imports {
                    tbody {
                        tr {
                            th scope="row" { span.code { "#" (import.id) } " " (import.folder) }
                            td data-label=(ui.t("state")) { (state(ui, import.state)) }
                            td.month data-label=(ui.t("run-started")) { (import.started_at.to_minute()) }
                            td.number data-label=(ui.t("run-duration")) { (duration(ui, import.started_at, import.ended_at)) }
                            td.number data-label=(ui.t("rows-read")) { (figure(import.rows_read)) }
                            td.number data-label=(ui.t("rows-added")) { (figure(import.rows_added)) }
                            td.number data-label=(ui.t("rows-changed")) { (figure(import.rows_changed)) }
                            td.number data-label=(ui.t("rows-bad")) { @if import.rows_bad > 0 { span.bad { (figure(import.rows_bad)) } } @else { "0" } }
                        }
                        @if import.failure.is_some() || !import.problems.is_empty() {
                            tr.more { td colspan="8" { (problems(ui, import)) } }
                        }
                    }
                }
            }
        }
    }
}

fn problems(ui: &Ui<'_>, import: &ImportRow) -> Markup {
    html! {
        @if let Some(failure) = &import.failure { p.bad { (failure) } }
        @if !import.problems.is_empty() {
            details open[import.state == RunState::Refused] {
                summary { (ui.with("problems-shown", [
                    ("shown", import.problems.len().into()),
                    ("total", import.rows_bad.into()),
                ])) }
                div.scroll { (table(ui, PROBLEM, import.problems.iter().map(|problem| problem_line(ui, problem)), None)) }
            }
        }
    }
}

const PROBLEM: [Column; 5] =
    [("file", "code"), ("line", "number"), ("column", "code"), ("found", "code"), ("reason", "")];

fn problem_line(ui: &Ui<'_>, problem: &RowProblem) -> [Markup; 5] {
    [
        html! { (problem.file) },
        html! { @if problem.line > 0 { (problem.line) } @else { "–" } },
        html! { (problem.column) },
        html! { (problem.value) },
        html! { (ui.say(&problem.reason)) },
    ]
}

fn cycles(ui: &Ui<'_>, cycles: &[CycleRow]) -> Markup {
    if cycles.is_empty() {
        return empty(&ui.t("no-cycle-yet"), Some(&ui.t("no-cycle-yet-next")), Some("tenure cycle"));
    }
    html! {
        div.scroll {
            table.list.runs.cards {
                thead {
                    tr {
                        th scope="col" { (ui.t("cycle")) }
                        th scope="col" { (ui.t("state")) }
                        th scope="col" { (ui.t("run-started")) }
                        th.number scope="col" { (ui.t("run-duration")) }
                        th scope="col" { (ui.t("cycle-months")) }
                        th.number scope="col" { (ui.t("cycle-months-done")) }
                        th.number scope="col" { (ui.t("customers")) }
                    }
                }
                @for cycle in cycles {
                    tbody {
                        tr {
                            th scope="row" { span.code { "#" (cycle.id) } }
                            td data-label=(ui.t("state")) { (state(ui, cycle.state)) }
                            td.month data-label=(ui.t("run-started")) { (cycle.started_at.to_minute()) }
                            td.number data-label=(ui.t("run-duration")) { (duration(ui, cycle.started_at, cycle.ended_at)) }
                            td.month data-label=(ui.t("cycle-months")) { (cycle.first) @if cycle.last != cycle.first { "–" (cycle.last) } }
                            td.number data-label=(ui.t("cycle-months-done")) { (cycle.months_done) }
                            td.number data-label=(ui.t("customers")) { (figure(cycle.customers)) }
                        }
                        @if let Some(failure) = &cycle.failure {
                            tr.more { td colspan="7" { p.bad { (failure) } } }
                        }
                    }
                }
            }
        }
    }
}

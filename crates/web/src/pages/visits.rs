//! 拜访: a month of visits, and whom nobody visited for too long. Tasks, as other pages show them.

use domain::archive::Sheet;
use domain::id::CustomerId;
use domain::{Date, Month, date};
use maud::{Markup, html};
use service::archive::Target;
use service::visit::{DueVisit, TaskRow, VisitOf, VisitRow, Visits};

use crate::address;
use crate::pages::archive;
use crate::pages::today::stake_key;
use crate::ui::{Room, Ui, badge, empty, page, section, stars, table};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, visits: &Visits) -> Markup {
    let title = ui.t("nav-visits");
    let body = html! {
        header.head { h1 { (title) } p.meta { span { (ui.t("visits-rhythm")) } } }
        section.panel {
            h2 { (Month::of(visits.month)) }
            (turning(ui, visits))
            (calendar(ui, visits))
        }
        (overdue(ui, visits))
    };
    page(ui, Some(Room::Visits), &title, body)
}

fn turning(ui: &Ui<'_>, visits: &Visits) -> Markup {
    let month = Month::of(visits.month);
    let at = |month: Month| {
        let mut pairs = vec![("month".to_owned(), month.to_string())];
        pairs.extend(visits.whose.iter().map(|(code, _)| ("staff".to_owned(), code.clone())));
        address::with_pairs("/visits", &pairs)
    };
    html! {
        nav.tabs aria-label=(ui.t("visits-months")) {
            a href=(at(month.previous())) { "← " (month.previous()) }
            a href=(at(Month::of(visits.today))) aria-current=[(month == Month::of(visits.today)).then_some("true")] { (ui.t("visits-this-month")) }
            a href=(at(month.next())) { (month.next()) " →" }
        }
        @if !visits.people.is_empty() {
            form.filters action="/visits" method="get" data-auto-submit {
                input type="hidden" name="month" value=(month);
                label {
                    span { (ui.t("manager")) }
                    select name="staff" {
                        option value="" { (ui.t("any")) }
                        @for (code, name) in &visits.people {
                            option value=(code) selected[visits.whose.as_ref().is_some_and(|(chosen, _)| chosen == code)] { (name) }
                        }
                    }
                }
                button type="submit" { (ui.t("filter-apply")) }
            }
        }
    }
}

/// Weeks begin on Monday; days of other months stay empty.
fn calendar(ui: &Ui<'_>, visits: &Visits) -> Markup {
    let before = i64::from(visits.month.weekday().to_monday_zero_offset());
    let first = date::days(visits.month) - before;
    let last = date::days(visits.month.last_of_month());
    let weeks = (last - first) / 7 + 1;
    let day = |week: i64, weekday: i64| {
        date::from_days(first + week * 7 + weekday).filter(|day| day.first_of_month() == visits.month)
    };
    html! {
        table.calendar {
            thead { tr {
                @for key in ["weekday-1", "weekday-2", "weekday-3", "weekday-4", "weekday-5", "weekday-6", "weekday-7"] {
                    th scope="col" { (ui.t(key)) }
                }
            } }
            tbody {
                @for week in 0..weeks {
                    tr { @for weekday in 0..7 { @match day(week, weekday) { Some(day) => (of_day(ui, visits, day)), None => td.other {} } } }
                }
            }
        }
    }
}

fn of_day(ui: &Ui<'_>, visits: &Visits, day: Date) -> Markup {
    let planned: Vec<&VisitOf> =
        visits.planned.iter().filter(|visit| visit.visit.planned_on == day).collect();
    let due = visits.due.get(&day);
    let is_empty = planned.is_empty() && due.is_none();
    html! {
        td.none[is_empty] aria-current=[(day == visits.today).then_some("date")] {
            span.day { (day.day()) }
            @for visit in planned {
                a.visit.over[visit.visit.is_done] href=(address::customer(visit.visit.customer)) title=[visit.visit.goal.as_deref()] {
                    @if let Some(time) = &visit.visit.planned_at { (time) " " }
                    (visit.name)
                    @if visit.visit.is_done { " ✓" }
                }
            }
            @if let Some((count, names)) = due {
                span.due { (ui.with("visits-due", [("count", i64::try_from(*count).unwrap_or(i64::MAX).into())])) }
                @for (id, name) in names { a.due href=(address::customer(*id)) { (name) } }
            }
        }
    }
}

fn overdue(ui: &Ui<'_>, visits: &Visits) -> Markup {
    let columns = [
        ("customer", ""),
        ("star", ""),
        ("visit-last", "month"),
        ("visit-due-on", "month"),
        ("visit-planned", "month"),
        ("visit-stake", "number"),
        ("", ""),
    ];
    let body = html! {
        @if visits.lines.is_empty() { (empty(&ui.t("visits-none-overdue"), None, None)) }
        @else {
            p.note { (ui.t("visits-order")) }
            div.scroll { (table(ui, columns, visits.lines.iter().map(|line| row(ui, visits.today, line)), None)) }
            @if visits.overdue > visits.lines.len() as u64 { p.note { (ui.with("worklist-cut", [("count", visits.lines.len().into())])) } }
        }
    };
    section("overdue", &ui.t("visits-overdue"), Some(visits.overdue), body)
}

fn row(ui: &Ui<'_>, today: Date, line: &DueVisit) -> [Markup; 7] {
    let late = date::days(today) - date::days(line.due_on);
    [
        html! { a href=(address::customer(line.customer)) { (line.name) } @if let Some(manager) = &line.manager { br; small { (manager) } } },
        stars(ui, line.assessment.as_ref().and_then(|a| a.star)),
        html! { @match line.last { Some(day) => (day), None => span.faint { (ui.t("visit-never")) } } },
        html! { (line.due_on) " " small { (ui.with("visit-late", [("days", late.into())])) } },
        html! { @match line.planned_on { Some(day) => (badge("good", &day.to_string())), None => span.faint { "–" } } },
        html! { (ui.money(line.at_stake.amount())) br; small { (ui.t(stake_key(line.at_stake))) } },
        html! {
            a.button.quiet href=(archive::address_of(Target::Row(line.customer, Sheet::Visit, None))) { (ui.t("visit-plan")) } " "
            a.button.quiet href=(archive::address_of(Target::Row(line.customer, Sheet::Interaction, None))) { (ui.t("visit-check-in")) }
        },
    ]
}

/// Where a planned visit is made.
fn check_in(customer: CustomerId, visit: &VisitRow) -> String {
    format!("{}?visit={}", archive::address_of(Target::Row(customer, Sheet::Interaction, None)), visit.id)
}

/// A planned visit as a line.
#[must_use]
pub fn visit(ui: &Ui<'_>, visit: &VisitRow, name: Option<&str>, today: Date, may_log: bool) -> Markup {
    let customer = visit.customer;
    html! {
        li {
            div {
                @if let Some(name) = name { a href=(address::customer(customer)) { (name) } " " }
                strong { (visit.planned_on) @if let Some(time) = &visit.planned_at { " " (time) } }
                @if visit.planned_on < today { " " (badge("bad", &ui.t("visit-missed"))) }
                @if let Some(goal) = &visit.goal { " " (goal) }
                @for person in visit.contact.iter().chain(&visit.staff_name) { " " small { (person) } }
            }
            @if may_log {
                span.actions {
                    a.button.quiet href=(check_in(customer, visit)) { (ui.t("visit-check-in")) } " "
                    a.quiet.edit href=(archive::address_of(Target::Row(customer, Sheet::Visit, Some(visit.id.get())))) { (ui.t("archive-change")) }
                }
            }
        }
    }
}

/// A task as a line.
#[must_use]
pub fn task(ui: &Ui<'_>, task: &TaskRow, name: Option<&str>, today: Date, may_log: bool) -> Markup {
    let customer = task.customer;
    let turn = if task.done_at.is_some() { "reopen" } else { "done" };
    html! {
        li.over[task.done_at.is_some()] {
            div {
                strong { (task.title) }
                @if let Some(name) = name { " " a href=(address::customer(customer)) { (name) } }
                " " small { (ui.with("task-due", [("day", task.due_on.into())])) @if let Some(staff) = &task.staff_name { " · " (staff) } }
                @if let Some(done) = task.done_at { " " small { (ui.with("task-done-on", [("day", done.date().into())])) } }
                @else if task.due_on < today { " " (badge("bad", &ui.t("task-overdue"))) }
                @if let Some(note) = &task.note { p.note { (note) } }
            }
            @if may_log {
                form.inline method="post" action={ (address::customer(customer)) "/tasks/" (task.id) "/" (turn) } {
                    button.quiet type="submit" { (ui.t(if task.done_at.is_some() { "task-reopen" } else { "task-finish" })) } " "
                    a.quiet.edit href=(archive::address_of(Target::Row(customer, Sheet::Task, Some(task.id.get())))) { (ui.t("archive-change")) }
                }
            }
        }
    }
}

/// How many of some lines there are, and the lines.
#[must_use]
pub fn lines(ui: &Ui<'_>, id: &str, key: &str, lines: &[Markup], add: Markup) -> Markup {
    let body = html! {
        @if lines.is_empty() { p.none { (ui.t("none-planned")) } }
        @else { ul.entries { @for line in lines { (line) } } }
        (add)
    };
    section(id, &ui.t(key), Some(lines.len() as u64), body)
}

//! Forms of the archive, and the sheets as the customer's page shows them.

use domain::archive::{PROSE, Sheet, choice_key, field_key};
use domain::extract::{Column, ColumnType, Table};
use domain::id::CustomerId;
use maud::{Markup, html};
use service::archive::list::SheetView;
use service::archive::{Field, Form, Target};
use service::duplicate::like::Likeness;

use crate::address;
use crate::pages::fields;
use crate::ui::{Room, Ui, badge, page, section};

/// Draws a form.
#[must_use]
pub fn render(ui: &Ui<'_>, form: &Form) -> Markup {
    let title = title(ui, form);
    let action = address_of(form.target);
    let back = form.target.customer().map_or_else(|| "/customers".to_owned(), address::customer);
    let wrong = form.wrong();
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) {
                a href="/customers" { (ui.t("nav-customers")) }
                @if !form.name.is_empty() { a href=(back) { (form.name) } }
            }
            h1 { (title) }
        }
        section.panel {
            @if let Some(change) = &form.changed {
                p.error role="alert" {
                    @match &change.by {
                        Some(by) => (ui.with("archive-changed-by", [("name", by.as_str().into()), ("at", change.at.to_minute().into())])),
                        None => (ui.with("archive-changed-by-import", [("at", change.at.to_minute().into())])),
                    }
                }
            }
            @if wrong > 0 { p.error role="alert" { (ui.with("archive-wrong", [("count", wrong.into())])) } }
            form.sheet method="post" action=(action) data-draft=[form.target.row().is_none().then_some(action.as_str())] {
                input type="hidden" name="seen" value=(form.seen);
                @if let Some(visit) = form.visit { input type="hidden" name="visit" value=(visit); }
                // Enter in a field keeps the form, whatever buttons stand in it.
                button.default type="submit" tabindex="-1" aria-hidden="true" { (ui.t("archive-keep")) }
                @for field in &form.fields { (drawn(ui, field)) }
                @for own in &form.own { (fields::drawn(ui, own)) }
                @if !form.likes.is_empty() { (likes(ui, &form.likes)) }
                div.actions {
                    button.primary type="submit" { (ui.t("archive-keep")) }
                    @if matches!(form.target, Target::Row(_, Sheet::Interaction, None)) {
                        button type="submit" name="then-task" value="1" { (ui.t("archive-keep-task")) }
                    }
                    a.button.quiet href=(back) { (ui.t("archive-cancel")) }
                }
            }
        }
        @if let Target::Row(_, _, Some(_)) = form.target {
            form.remove method="post" action={ (action) "/remove" } {
                button.quiet type="submit" { (ui.t("archive-remove")) }
                span.note { (ui.t("archive-remove-note")) }
            }
        }
    };
    page(ui, Some(Room::Customers), &title, body)
}

/// Customers that are probably the one being entered; of those out of sight no more than whose they are.
fn likes(ui: &Ui<'_>, likes: &[Likeness]) -> Markup {
    html! {
        div.likes role="alert" {
            p { strong { (ui.with("archive-likes", [("count", likes.len().into())])) } }
            ul.entries {
                @for like in likes {
                    li {
                        div {
                            @match &like.open {
                                Some((id, code)) => { a href=(address::customer(*id)) target="_blank" { (like.name) } " " small.code { (code) } },
                                None => (like.name),
                            }
                            small {
                                @if let Some(unit) = &like.unit { " " (unit.name) }
                                " · " (like.manager.clone().unwrap_or_else(|| ui.t("assignment-pool").into_owned()))
                            }
                        }
                        (badge("warn", &text::share(like.probability)))
                    }
                }
            }
            label.check { input type="checkbox" name="another" value="yes"; span { (ui.t("archive-another")) } }
        }
    }
}

fn title(ui: &Ui<'_>, form: &Form) -> String {
    let sheet = ui.t(form.target.sheet().text_key()).into_owned();
    let key = if form.target.row().is_some() { "archive-edit" } else { "archive-add" };
    ui.with(key, [("sheet", sheet.into())])
}

/// Where a form is shown and sent.
#[must_use]
pub fn address_of(target: Target) -> String {
    match target {
        Target::NewCustomer => "/customers/new".to_owned(),
        Target::Customer(customer) => format!("{}/edit", address::customer(customer)),
        Target::Row(customer, sheet, None) => format!("{}/archive/{sheet}", address::customer(customer)),
        Target::Row(customer, sheet, Some(row)) => {
            format!("{}/archive/{sheet}/{row}", address::customer(customer))
        }
    }
}

fn drawn(ui: &Ui<'_>, field: &Field) -> Markup {
    let column = field.column;
    let id = format!("field-{}", column.name);
    let notes = format!("{id}-notes");
    let is_long = matches!(column.kind, ColumnType::Text(limit) if limit >= PROSE);
    let has_notes = field.wrong.is_some() || field.other.is_some() || field.extract.is_some();
    html! {
        div.field.wide[is_long].wrong[field.wrong.is_some()] {
            label for=(id) {
                (ui.t(&field_key(column)))
                @if column.required { span.must title=(ui.t("field-must")) { "*" } }
            }
            (input(ui, field, &id, has_notes.then_some(notes.as_str())))
            @if has_notes {
                div.notes id=(notes) {
                    @if let Some(wrong) = &field.wrong { p.problem { (ui.say(wrong)) } }
                    @if let Some(other) = &field.other {
                        p.other { (ui.with("archive-other", [("text", said(ui, column, other).into())])) }
                    }
                    @if let Some(extract) = &field.extract {
                        p.extract {
                            (ui.with("archive-extract", [("text", said(ui, column, extract).into())]))
                            " " button.quiet type="submit" name="take" value=(column.name) { (ui.t("archive-take")) }
                        }
                    }
                }
            }
        }
    }
}

/// What stands in a field, in words.
fn said(ui: &Ui<'_>, column: &Column, text: &str) -> String {
    match column.kind {
        _ if text.is_empty() => ui.t("archive-nothing").into_owned(),
        ColumnType::OneOf(_) => ui.t(&choice_key(column, text)).into_owned(),
        _ => text.to_owned(),
    }
}

fn input(ui: &Ui<'_>, field: &Field, id: &str, notes: Option<&str>) -> Markup {
    let column = field.column;
    let invalid = field.wrong.is_some().then_some("true");
    let must = column.required && column.name != "code";
    let text = &field.text;
    match column.kind {
        ColumnType::OneOf(codes) => html! {
            select id=(id) name=(column.name) required[must] aria-invalid=[invalid] aria-describedby=[notes] {
                @if !must || text.is_empty() { option value="" { (ui.t("archive-unset")) } }
                @for &code in codes {
                    option value=(code) selected[code == text] { (ui.t(&choice_key(column, code))) }
                }
            }
        },
        ColumnType::Reference(Table::Contacts) | ColumnType::Row(_) => html! {
            select id=(id) name=(column.name) aria-invalid=[invalid] aria-describedby=[notes] {
                option value="" { (ui.t("archive-unset")) }
                @for (value, name) in &field.choices { option value=(value) selected[value == text] { (name) } }
            }
        },
        ColumnType::Text(limit) if limit >= PROSE => html! {
            textarea id=(id) name=(column.name) rows="3" maxlength=(limit) aria-invalid=[invalid] aria-describedby=[notes] { (text) }
        },
        _ => {
            let (kind, mode) = match column.kind {
                ColumnType::Date => ("date", None),
                ColumnType::Instant => ("datetime-local", None),
                _ if column.name == "planned_at" => ("time", None),
                ColumnType::Whole(..) => ("text", Some("numeric")),
                ColumnType::Money | ColumnType::SignedMoney | ColumnType::Quantity | ColumnType::Number => {
                    ("text", Some("decimal"))
                }
                _ => ("text", None),
            };
            // What a clock on the wall shows.
            let text = match text.strip_suffix("+08:00") {
                Some(at) if column.kind == ColumnType::Instant => at.strip_suffix(":00").unwrap_or(at),
                _ => text,
            };
            let list = (!field.choices.is_empty()).then(|| format!("{id}-choices"));
            html! {
                input id=(id) name=(column.name) type=(kind) step=[(kind == "datetime-local").then_some("any")] inputmode=[mode] value=(text) required[must] autocomplete="off"
                    maxlength=[longest(column)] list=[list.as_deref()] aria-invalid=[invalid] aria-describedby=[notes];
                @if let Some(list) = &list {
                    datalist id=(list) { @for (value, name) in &field.choices { option value=(value) { (name) } } }
                }
            }
        }
    }
}

const fn longest(column: &Column) -> Option<usize> {
    match column.kind {
        ColumnType::Text(limit) => Some(limit),
        ColumnType::Code | ColumnType::Reference(_) => Some(64),
        _ => None,
    }
}

/// A sheet on the customer's page, below what is to be said of it.
#[must_use]
pub fn sheet(
    ui: &Ui<'_>,
    customer: CustomerId,
    view: &SheetView,
    may_edit: bool,
    note: Option<Markup>,
) -> Markup {
    let sheet = view.sheet;
    let body = html! {
        @if let Some(note) = note { p.note { (note) } }
        @if view.rows.is_empty() { p.none { (ui.t("none-known")) } }
        @else {
            ul.entries {
                @for (row, fields) in &view.rows {
                    li {
                        (entry(ui, fields))
                        @if may_edit {
                            a.quiet.edit href=(address_of(Target::Row(customer, sheet, Some(*row)))) { (ui.t("archive-change")) }
                        }
                    }
                }
            }
        }
        @if may_edit { (add(ui, customer, sheet)) }
    };
    section(sheet.code(), &ui.t(sheet.text_key()), Some(view.rows.len() as u64), body)
}

/// The way to a new row of a sheet.
#[must_use]
pub fn add(ui: &Ui<'_>, customer: CustomerId, sheet: Sheet) -> Markup {
    let name = ui.t(sheet.text_key()).into_owned();
    html! {
        p.add { a.button.quiet href=(address_of(Target::Row(customer, sheet, None))) { (ui.with("archive-add", [("sheet", name.into())])) } }
    }
}

/// A row of a sheet: what is asked for first as its heading, the rest with its names.
fn entry(ui: &Ui<'_>, fields: &[(&'static Column, String)]) -> Markup {
    let mut known = fields.iter().filter(|(_, text)| !text.is_empty());
    let head = known.next();
    html! {
        div {
            @if let Some((column, text)) = head { strong { (said(ui, column, text)) } }
            dl.inline {
                @for (column, text) in known {
                    div { dt { (ui.t(&field_key(column))) } dd { (said(ui, column, text)) } }
                }
            }
        }
    }
}

/// That a row was taken out, with the way back.
#[must_use]
pub fn taken_out(ui: &Ui<'_>, customer: CustomerId, (sheet, row): (Sheet, i64)) -> Markup {
    let name = ui.t(sheet.text_key()).into_owned();
    html! {
        form.notice role="status" method="post" action={ (address_of(Target::Row(customer, sheet, Some(row)))) "/restore" } {
            (ui.with("archive-removed", [("sheet", name.into())])) " "
            button.quiet type="submit" { (ui.t("archive-restore")) }
        }
    }
}

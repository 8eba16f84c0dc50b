//! 审计: who did what, when and why, and what stood there before.

use domain::archive::{Sheet, columns_of};
use domain::extract::{Column, ColumnType, Table};
use domain::id::CustomerId;
use domain::{Instant, Money, date};
use maud::{Markup, html};
use serde_json::Value;
use service::audit::export::MOST;
use service::audit::{ACTIONS, AuditLine, AuditPage, AuditQuery, RECORD_CHANGE};
use service::customer::Pairs;

use crate::address;
use crate::csv::{self, cell};
use crate::ui::{Room, Ui, empty, page, section, table};

/// What was typed: people write days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// `sessions` for what was done to sessions.
    pub of: String,
    /// A person.
    pub by: String,
    /// An action.
    pub action: String,
    /// The first day …
    pub from: String,
    /// … and the last one.
    pub until: String,
    /// Words.
    pub text: String,
}

impl Typed {
    /// What of it is not empty, as it stands in an address.
    fn pairs(&self) -> Pairs {
        let all = [
            ("of", &self.of),
            ("by", &self.by),
            ("action", &self.action),
            ("from", &self.from),
            ("until", &self.until),
            ("text", &self.text),
        ];
        let typed = all.into_iter().filter(|(_, value)| !value.is_empty());
        typed.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }
}

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, audit: &AuditPage, typed: &Typed, query: &AuditQuery) -> Markup {
    let title = ui.t("nav-audit");
    let body = html! {
        header.head {
            h1 { (title) }
            a.button href=(address::with_pairs("/audit/export.csv", &typed.pairs())) { (ui.t("audit-export")) }
        }
        (asked(ui, typed))
        @if audit.lines.is_empty() {
            section.panel { (empty(&ui.t("audit-none"), Some(&ui.t("audit-none-next")), None)) }
        } @else {
            (section("entries", &ui.t("audit-question"), None, lines(ui, audit, typed, query)))
        }
    };
    page(ui, Some(Room::Audit), &title, body)
}

fn asked(ui: &Ui<'_>, typed: &Typed) -> Markup {
    let option = |value: &str, chosen: &str, label: &str| {
        html! { option value=(value) selected[value == chosen] { (label) } }
    };
    html! {
        form.filters action="/audit" method="get" {
            label { span { (ui.t("audit-of")) }
                select name="of" {
                    (option("", &typed.of, &ui.t("audit-of-records")))
                    (option("sessions", &typed.of, &ui.t("audit-of-sessions")))
                }
            }
            label { span { (ui.t("audit-action")) }
                select name="action" {
                    (option("", &typed.action, &ui.t("audit-any")))
                    @for action in ACTIONS { (option(action, &typed.action, &ui.t(&action_key(action)))) }
                }
            }
            label { span { (ui.t("access-person")) } input name="by" maxlength="64" value=(typed.by); }
            label { span { (ui.t("audit-from")) } input type="date" name="from" value=(typed.from); }
            label { span { (ui.t("audit-until")) } input type="date" name="until" value=(typed.until); }
            label { span { (ui.t("audit-text")) } input name="text" maxlength="100" value=(typed.text); }
            button type="submit" { (ui.t("audit-show")) }
        }
    }
}

fn lines(ui: &Ui<'_>, audit: &AuditPage, typed: &Typed, query: &AuditQuery) -> Markup {
    let columns = [
        ("audit-at", "month"),
        ("audit-by", ""),
        ("audit-action", ""),
        ("audit-on", ""),
        ("audit-what", "told"),
    ];
    let rows = audit.lines.iter().map(|line| {
        [
            html! { (line.entry.at.to_minute()) },
            html! { (by(ui, line)) },
            html! { (ui.t(&action_key(&line.entry.action))) },
            on(ui, line),
            details(ui, line),
        ]
    });
    let older =
        audit.next.map(|next| [typed.pairs(), vec![("before".to_owned(), next.to_string())]].concat());
    html! {
        p.note {
            (ui.t("audit-caption")) " "
            (ui.with("audit-most", [("rows", text::count(i64::from(MOST)).into())]))
        }
        (table(ui, columns, rows, None))
        nav.paging {
            @if query.before.is_some() { a.button href=(address::with_pairs("/audit", &typed.pairs())) { (ui.t("audit-newest")) } }
            @if let Some(older) = older {
                a.button rel="next" href=(address::with_pairs("/audit", &older)) { (ui.t("audit-older")) }
            }
        }
    }
}

fn action_key(action: &str) -> String {
    format!("act-{}", action.replace('.', "-"))
}

fn by(ui: &Ui<'_>, line: &AuditLine) -> String {
    match (&line.by, line.entry.import, line.entry.cycle) {
        (Some(name), ..) => name.clone(),
        (None, Some(import), _) => ui.with("audit-import", [("id", import.get().into())]),
        (None, None, Some(cycle)) => ui.with("audit-cycle", [("id", cycle.get().into())]),
        (None, None, None) => line.entry.user.map(|user| format!("#{user}")).unwrap_or_default(),
    }
}

/// What it was done to; a customer leads to its page.
fn on(ui: &Ui<'_>, line: &AuditLine) -> Markup {
    let noun = &line.entry.noun;
    // What is done to a month says which one.
    let record = line.entry.record.filter(|_| line.entry.details.get("month").is_none());
    let name = noun_in_words(ui, noun);
    let customer = record.filter(|_| noun == Table::Customers.code()).map(CustomerId::new);
    html! {
        (name) " "
        @match (customer, record) {
            (Some(id), _) => a.code href=(address::customer(id)) { "#" (id) },
            (None, Some(record)) => span.code { "#" (record) },
            (None, None) => {},
        }
    }
}

fn noun_in_words(ui: &Ui<'_>, noun: &str) -> String {
    match noun.parse::<Table>() {
        Ok(table) => ui.t(table.text_key()).into_owned(),
        Err(_) => match noun.parse::<Sheet>() {
            Ok(sheet) => ui.t(sheet.text_key()).into_owned(),
            Err(_) => ui.t(&format!("audit-noun-{noun}")).into_owned(),
        },
    }
}

/// Column by column what stood there and stands there now, or what describes the act.
fn told(ui: &Ui<'_>, line: &AuditLine) -> Vec<(String, String)> {
    if line.entry.action == RECORD_CHANGE {
        let columns = columns_of(&line.entry.noun).unwrap_or_default();
        let change = |(name, was, is): &(String, Value, Value)| {
            let column = column(columns, name);
            let value = |value: &Value| in_words(ui, column, value);
            let name = column.map_or(name.as_str(), |column| column.name);
            (name.to_owned(), format!("{} → {}", value(was), value(is)))
        };
        return line.changes.iter().map(change).collect();
    }
    match &line.entry.details {
        Value::Object(details) => details.iter().map(|(key, value)| fact(ui, key, value)).collect(),
        _ => Vec::new(),
    }
}

/// A fact of an act: its name in words, where there are words for it, and what it is.
fn fact(ui: &Ui<'_>, name: &str, value: &Value) -> (String, String) {
    let key = format!("audit-key-{name}");
    let is_number_of = matches!(name, "staff" | "unit" | "customer") && value.is_i64();
    let value = if is_number_of { format!("#{value}") } else { plain(ui, value) };
    let name = if text::has(ui.lang, &key) { ui.t(&key).into_owned() } else { name.to_owned() };
    (name, value)
}

/// The column of the format that the records keep under this name.
fn column(columns: &'static [Column], kept: &str) -> Option<&'static Column> {
    let stem = |name: &str, ending: &str| name.strip_suffix(ending).map(str::to_owned);
    columns.iter().find(|column| match column.kind {
        ColumnType::Reference(_) => stem(kept, "_id") == stem(column.name, "_code"),
        ColumnType::Row(_) => stem(kept, "_id").as_deref() == Some(column.name),
        ColumnType::Money | ColumnType::SignedMoney => {
            stem(kept, "_fen").as_deref() == Some(column.name.strip_suffix("_yuan").unwrap_or(column.name))
        }
        _ => column.name == kept,
    })
}

/// A value as people write it, not as it is kept.
fn in_words(ui: &Ui<'_>, column: Option<&Column>, value: &Value) -> String {
    let (Some(column), Some(number)) = (column, value.as_i64()) else {
        return plain(ui, value);
    };
    match column.kind {
        ColumnType::Date => date::from_days(number).map_or_else(|| plain(ui, value), |date| date.to_string()),
        ColumnType::Instant => Instant::from_micros(number).to_minute(),
        ColumnType::Money | ColumnType::SignedMoney => ui.money(Money::from_fen(number)),
        ColumnType::Reference(_) | ColumnType::Row(_) => format!("#{number}"),
        _ => plain(ui, value),
    }
}

fn plain(ui: &Ui<'_>, value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(is) => ui.t(if *is { "audit-yes" } else { "audit-no" }).into_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(|item| plain(ui, item)).collect::<Vec<_>>().join("; "),
        Value::Object(facts) => {
            let facts = facts.iter().map(|(name, value)| fact(ui, name, value));
            facts.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(" ")
        }
    }
}

fn details(ui: &Ui<'_>, line: &AuditLine) -> Markup {
    html! { @for (key, value) in told(ui, line) { span.fact { small { (key) } " " (value) } " " } }
}

/// The entries as a file for spreadsheets.
#[must_use]
pub fn export(ui: &Ui<'_>, lines: &[AuditLine]) -> String {
    let keys = ["audit-at", "audit-by", "audit-action", "audit-on", "audit-record", "audit-what"];
    let mut file = csv::header(ui.lang, &keys);
    for line in lines {
        let told =
            told(ui, line).into_iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>();
        let cells = [
            line.entry.at.to_string(),
            cell(&by(ui, line)),
            cell(&ui.t(&action_key(&line.entry.action))),
            cell(&noun_in_words(ui, &line.entry.noun)),
            line.entry.record.map(|record| record.to_string()).unwrap_or_default(),
            cell(&told.join("; ")),
        ];
        file.push_str(&cells.join(","));
        file.push_str("\r\n");
    }
    file
}

//! A customer as it was known on a day, beside what is known now.

use domain::field::FieldValue;
use maud::{Markup, html};
use service::customer::CustomerRecord;
use service::customer::known::Known;

use crate::address;
use crate::pages::fields;
use crate::ui::{Room, Ui, page, table};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, known: &Known) -> Markup {
    let (then, now) = (facts(ui, &known.then), facts(ui, &known.now));
    let id = known.now.0.id;
    let columns = [("known-what", ""), ("known-then", "told"), ("known-now", "told")];
    let rows = then.into_iter().zip(now).map(|((key, then), (_, now))| {
        let changed = then != now;
        [html! { (ui.t(key)) }, value(&then, changed), value(&now, changed)]
    });
    let own = known.own.iter().map(|(field, then, now)| {
        let said = |value: &Option<FieldValue>| {
            value.as_ref().map(|value| fields::in_words(ui, field, value)).unwrap_or_default()
        };
        let changed = then != now;
        [html! { (field.name.of(ui.lang)) }, value(&said(then), changed), value(&said(now), changed)]
    });
    let rows = rows.chain(own);
    let title = ui.with("known-on", [("name", known.now.0.name.as_str().into()), ("day", known.on.into())]);
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) {
                a href="/customers" { (ui.t("nav-customers")) }
                a href=(address::customer(id)) { (known.now.0.name) }
            }
            h1 { (title) }
        }
        section.panel {
            p.note { (ui.t("known-caption")) }
            form.filters action={ (address::customer(id)) "/known" } method="get" {
                label { span { (ui.t("known-day")) } input type="date" name="on" required value=(known.on); }
                button type="submit" { (ui.t("known-show")) }
            }
            (table(ui, columns, rows, None))
        }
    };
    page(ui, Some(Room::Customers), &title, body)
}

fn value(text: &str, changed: bool) -> Markup {
    html! {
        @if text.is_empty() { span.faint { "–" } }
        @else if changed { strong { (text) } }
        @else { (text) }
    }
}

/// What the archive says, in words, in one order.
fn facts(ui: &Ui<'_>, (record, unit): &(CustomerRecord, String)) -> [(&'static str, String); 11] {
    let known = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        ("customer", record.name.clone()),
        ("category", ui.t(record.category.text_key()).into_owned()),
        ("industry", known(&record.industry)),
        ("unit", unit.clone()),
        ("manager", known(&record.manager_name)),
        ("credit-code", known(&record.credit_code)),
        ("employees", record.employees.map(text::count).unwrap_or_default()),
        ("address", known(&record.address)),
        ("created-on", record.created_on.to_string()),
        ("competitor", known(&record.competitor)),
        ("wallet", record.wallet.map(|wallet| ui.money(wallet)).unwrap_or_default()),
    ]
}

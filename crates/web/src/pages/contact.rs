//! A contact in full, and what must be said before it is shown.

use domain::Message;
use domain::id::{ContactId, CustomerId};
use maud::{Markup, html};
use service::LONGEST_REASON;
use service::contact::ContactRow;

use crate::address;
use crate::ui::{Room, Ui, field, page};

/// Draws the contact with nothing hidden.
#[must_use]
pub fn render(ui: &Ui<'_>, customer: CustomerId, contact: &ContactRow) -> Markup {
    let body = html! {
        (head(ui, customer, &contact.name))
        section.panel.contact {
            dl.facts {
                (field(&ui.t("contact-title"), contact.title.as_deref()))
                (field(&ui.t("contact-phone"), contact.phone.as_deref()))
                (field(&ui.t("contact-email"), contact.email.as_deref()))
            }
            p.note { (ui.t("contact-revealed")) }
        }
    };
    page(ui, Some(Room::Customers), &contact.name, body)
}

/// Draws what is wrong with a request, and the request once more.
#[must_use]
pub fn render_refused(ui: &Ui<'_>, customer: CustomerId, contact: ContactId, why: &Message) -> Markup {
    let title = ui.t("contact-reveal");
    let body = html! {
        (head(ui, customer, &title))
        section.panel { (ask(ui, customer, contact, Some(why))) }
    };
    page(ui, Some(Room::Customers), &title, body)
}

/// The form that asks for a contact in full.
pub(super) fn ask(
    ui: &Ui<'_>,
    customer: CustomerId,
    contact: ContactId,
    refused: Option<&Message>,
) -> Markup {
    html! {
        form.filters.keep method="post" action={ (address::customer(customer)) "/contacts/" (contact) } {
            @if let Some(why) = refused { p.error role="alert" { (ui.say(why)) } }
            label { span { (ui.t("contact-reveal-reason")) } input name="reason" required maxlength=(LONGEST_REASON); }
            button type="submit" { (ui.t("contact-reveal-show")) }
        }
    }
}

fn head(ui: &Ui<'_>, customer: CustomerId, title: &str) -> Markup {
    html! {
        header.head {
            nav.path aria-label=(ui.t("path")) {
                a href="/customers" { (ui.t("nav-customers")) }
                a href={ (address::customer(customer)) "#contacts" } { (ui.t("contacts")) }
            }
            h1 { (title) }
        }
    }
}

//! Sessions and attempts to sign in, as the pages of users and of one's own account list them.

use domain::Instant;
use domain::id::SessionId;
use maud::{Markup, html};
use service::session::{Origin, SessionRow, SignInRow};

use crate::ui::{Ui, badge, table};

/// Sessions with a button to end each but `own`; `address` is what the address for that begins with, if one may.
pub(super) fn sessions(
    ui: &Ui<'_>,
    rows: &[SessionRow],
    own: Option<SessionId>,
    address: Option<&str>,
) -> Markup {
    if rows.is_empty() {
        return html! { p.none { (ui.t("sessions-none")) } };
    }
    let columns = [
        ("session-agent", ""),
        ("session-address", ""),
        ("session-since", "month"),
        ("session-seen", "month"),
        ("", ""),
    ];
    let row = |row: &SessionRow| {
        [
            html! { (agent(ui, &row.origin)) },
            html! { (place(ui, &row.origin)) },
            html! { (row.since.to_minute()) },
            html! { (row.seen.to_minute()) },
            html! {
                @if own == Some(row.id) { (badge("good", &ui.t("session-own"))) }
                @else if let Some(address) = address {
                    form method="post" action={ (address) "/" (row.id) "/end" } {
                        button.quiet type="submit" { (ui.t("session-end")) }
                    }
                }
            },
        ]
    };
    table(ui, columns, rows.iter().map(row), None)
}

/// Attempts to sign in.
pub(super) fn history(ui: &Ui<'_>, rows: &[SignInRow]) -> Markup {
    if rows.is_empty() {
        return html! { p.none { (ui.t("sign-ins-none")) } };
    }
    let columns =
        [("sign-in-at", "month"), ("sign-in-outcome", ""), ("session-agent", ""), ("session-address", "")];
    let row = |row: &SignInRow| {
        let tone = if row.outcome.is_in() { "good" } else { "bad" };
        [
            html! { (row.at.to_minute()) },
            badge(tone, &ui.t(row.outcome.text_key())),
            html! { (agent(ui, &row.origin)) },
            html! { (place(ui, &row.origin)) },
        ]
    };
    html! { div.tall { (table(ui, columns, rows.iter().map(row), None)) } }
}

/// A moment, or that there was none.
pub(super) fn moment(ui: &Ui<'_>, at: Option<Instant>) -> Markup {
    html! {
        @match at {
            Some(at) => span.month { (at.to_minute()) },
            None => span.faint { (ui.t("never")) },
        }
    }
}

fn place(ui: &Ui<'_>, origin: &Origin) -> String {
    origin.address.clone().unwrap_or_else(|| ui.t("session-here").into_owned())
}

/// Browser and system in two words; the rest of what a browser says of itself is history.
fn agent(ui: &Ui<'_>, origin: &Origin) -> Markup {
    let Some(said) = origin.agent.as_deref() else {
        return html! { span.faint { (ui.t("session-agent-unknown")) } };
    };
    // Each of these also names those after it.
    let browsers = [
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let systems = [
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name)
    };
    let words: Vec<&str> = [named(&browsers), named(&systems)].into_iter().flatten().collect();
    html! {
        span title=(said) {
            @if words.is_empty() { (said.chars().take(40).collect::<String>()) } @else { (words.join(" · ")) }
        }
    }
}

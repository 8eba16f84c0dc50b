//! 我的账号: password, second step, sessions and tokens of one's own.

use domain::Message;
use domain::sign_in::Duty;
use maud::{Markup, PreEscaped, html};
use qrcodegen::{QrCode, QrCodeEcc};
use service::LONGEST_TERM;
use service::account::show::{Account, SecondStep};
use service::token::make::{Draft, LONGEST_NAME};

use super::{sign_ins, users};
use crate::ui::{Ui, after, badge, page, section, table};

/// Characters of a password that forms take, as many as at signing in.
const LONGEST_PASSWORD: usize = 200;
/// Days that a token lasts unless another day is chosen.
const USUAL: i64 = 90;

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The password.
    Password,
    /// The second step.
    SecondStep,
    /// Sessions.
    Sessions,
    /// Tokens.
    Tokens,
}

impl Part {
    /// Where it is.
    #[must_use]
    pub const fn address(self) -> &'static str {
        match self {
            Self::Password => "/account#password",
            Self::SecondStep => "/account#two-factor",
            Self::Sessions => "/account#sessions",
            Self::Tokens => "/account#tokens",
        }
    }
}

/// What the page shows beside the account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shown {
    /// Why nothing was done, and to what.
    pub refused: Option<(Part, Message)>,
    /// Whether the password was changed just now.
    pub is_changed: bool,
    /// A token, this once.
    pub token: Option<String>,
    /// What was typed to make one.
    pub draft: Draft,
}

impl Shown {
    fn why(&self, ui: &Ui<'_>, of: Part) -> Markup {
        let why = self.refused.as_ref().filter(|(part, _)| *part == of);
        html! { @if let Some((_, why)) = why { p.error role="alert" { (ui.say(why)) } } }
    }
}

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, account: &Account, shown: &Shown) -> Markup {
    let title = ui.t("account-title");
    let duty = ui.actor.and_then(|actor| actor.duty);
    let body = html! {
        header.head { h1 { (title) small.code { (account.user.username) } } }
        @match duty {
            Some(Duty::Password) => p.notice role="status" { (ui.t("duty-password")) },
            Some(Duty::TwoFactor) => p.notice role="status" { (ui.t("duty-two-factor")) },
            None => {},
        }
        div.pair {
            (section("password", &ui.t("password-question"), None, password(ui, account, shown)))
            @if duty != Some(Duty::Password) {
                (section("two-factor", &ui.t("two-factor-question"), None, second_step(ui, account, shown)))
            }
        }
        @if duty.is_none() {
            (section("sessions", &ui.t("sessions-question"), Some(account.sessions.len() as u64), sessions(ui, account, shown)))
            (section("tokens", &ui.t("tokens-question"), Some(account.tokens.len() as u64), tokens(ui, account, shown)))
            (section("history", &ui.t("history-question"), None, sign_ins::history(ui, &account.history)))
        }
    };
    page(ui, None, &title, body)
}

fn password(ui: &Ui<'_>, account: &Account, shown: &Shown) -> Markup {
    let rules = &account.rules;
    let typed = |name: &str, label: &str, complete: &str| {
        html! {
            label { (ui.t(label)) input type="password" name=(name) autocomplete=(complete) required maxlength=(LONGEST_PASSWORD); }
        }
    };
    html! {
        (shown.why(ui, Part::Password))
        @if shown.is_changed { p role="status" { (badge("good", &ui.t("password-changed"))) } }
        form.stacked method="post" action="/account/password" {
            // For password managers: whose password it is.
            input.hidden type="text" name="username" autocomplete="username" value=(account.user.username) readonly tabindex="-1" aria-hidden="true";
            (typed("old", "password-old", "current-password"))
            (typed("new", "password-new", "new-password"))
            (typed("again", "password-again", "new-password"))
            button type="submit" { (ui.t("password-change")) }
        }
        ul.note {
            li { (ui.with("password-rule-shortest", [("shortest", i64::from(rules.password_shortest).into())])) }
            @if rules.password_not_username { li { (ui.t("password-rule-username")) } }
            @if rules.password_not_common { li { (ui.t("password-rule-common")) } }
            @if rules.password_days > 0 { li { (ui.with("password-rule-days", [("days", i64::from(rules.password_days).into())])) } }
            li { (ui.t("password-rule-sessions")) }
        }
    }
}

fn second_step(ui: &Ui<'_>, account: &Account, shown: &Shown) -> Markup {
    html! {
        (shown.why(ui, Part::SecondStep))
        @match &account.second_step {
            SecondStep::Off => {
                p { (badge("warn", &ui.t("two-factor-is-off"))) }
                p.note { (ui.t("two-factor-caption")) }
                form.filters.keep method="post" action="/account/two-factor" {
                    button type="submit" { (ui.t("two-factor-begin")) }
                }
            },
            SecondStep::Begun { address, secret } => {
                ol.steps {
                    li { (ui.t("two-factor-scan")) (qr(ui, address)) }
                    li { (ui.t("two-factor-type")) " " code.once { (in_fours(secret)) } }
                    li { (ui.t("two-factor-then"))
                        form.filters.keep method="post" action="/account/two-factor/confirm" {
                            label { span { (ui.t("code-label")) }
                                input name="code" required inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,8}" maxlength="8"; }
                            button type="submit" { (ui.t("two-factor-confirm")) }
                        }
                    }
                }
                form.filters.keep method="post" action="/account/two-factor/off" {
                    button.quiet type="submit" { (ui.t("two-factor-cancel")) }
                }
            },
            SecondStep::On { codes_left } => {
                p { (badge("good", &ui.t("two-factor-is-on"))) " " (ui.with("recovery-left", [("count", (*codes_left).into())])) }
                (with_password(ui, "codes", "recovery-renew-caption", "recovery-renew"))
                (with_password(ui, "off", "two-factor-off-caption", "two-factor-off"))
            },
        }
    }
}

/// What is done to the second step with the password at hand.
fn with_password(ui: &Ui<'_>, what: &str, caption: &str, act: &str) -> Markup {
    html! {
        form.filters.keep method="post" action={ "/account/two-factor/" (what) } {
            p.note { (ui.t(caption)) }
            label { span { (ui.t("login-password")) } input type="password" name="password" autocomplete="current-password" required maxlength=(LONGEST_PASSWORD); }
            button type="submit" { (ui.t(act)) }
        }
    }
}

/// A square to be scanned; dark on light in both themes, as cameras want it. Nothing when there is too much to draw: the letters
/// stand below.
fn qr(ui: &Ui<'_>, address: &str) -> Markup {
    const EDGE: i32 = 4;
    let Ok(code) = QrCode::encode_text(address, QrCodeEcc::Medium) else { return html! {} };
    let (size, mut path) = (code.size(), String::new());
    for y in 0..size {
        for x in (0..size).filter(|&x| code.get_module(x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + EDGE, y + EDGE));
        }
    }
    let whole = size + 2 * EDGE;
    html! {
        svg.qr viewBox=(format!("0 0 {whole} {whole}")) role="img" aria-label=(ui.t("two-factor-square")) {
            rect width=(whole) height=(whole) {}
            path d=(PreEscaped(path)) {}
        }
    }
}

fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Draws recovery codes, this once.
#[must_use]
pub fn render_codes(ui: &Ui<'_>, codes: &[String]) -> Markup {
    let title = ui.t("recovery-title");
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/account" { (ui.t("account-title")) } }
            h1 { (title) }
        }
        section.panel.contact {
            p { (ui.t("recovery-caption")) }
            ol.codes { @for code in codes { li { code.once { (code) } } } }
            p.note { (ui.t("recovery-keep")) }
            p.note { a.button href="/account#two-factor" { (ui.t("recovery-kept")) } }
        }
    };
    page(ui, None, &title, body)
}

fn sessions(ui: &Ui<'_>, account: &Account, shown: &Shown) -> Markup {
    html! {
        (shown.why(ui, Part::Sessions))
        (sign_ins::sessions(ui, &account.sessions, Some(account.own), Some("/account/sessions")))
        @if account.sessions.len() > 1 {
            form.filters.keep method="post" action="/account/sessions/end-others" {
                button type="submit" { (ui.t("sessions-end-others")) }
            }
        }
        p.note {
            (ui.with("sessions-rule", [
                ("hours", i64::from(account.rules.session_hours).into()),
                ("minutes", i64::from(account.rules.idle_minutes).into()),
            ]))
        }
    }
}

fn tokens(ui: &Ui<'_>, account: &Account, shown: &Shown) -> Markup {
    let columns = [
        ("token-name", ""),
        ("token-actions", "told"),
        ("token-until", "month"),
        ("token-used", "month"),
        ("", ""),
    ];
    let rows = account.tokens.iter().map(|token| {
        let row = &token.row;
        [
            html! { (row.name) },
            html! { (users::token_actions(ui, row)) },
            html! { (row.until) },
            sign_ins::moment(ui, token.used),
            html! {
                form method="post" action={ "/account/tokens/" (row.id) "/revoke" } {
                    button.quiet type="submit" { (ui.t("token-revoke")) }
                }
            },
        ]
    });
    html! {
        p.note { (ui.t("tokens-caption")) }
        @if let Some(token) = &shown.token {
            div.notice role="status" {
                p { (ui.t("token-shown")) }
                p { code.once { (token) } }
                p.note { (ui.t("token-how")) }
                p { code { "curl -H \"Authorization: Bearer $TOKEN\" …/customers/export.csv" } }
            }
        }
        @if account.tokens.is_empty() { p.none { (ui.t("tokens-none")) } }
        @else { (table(ui, columns, rows, None)) }
        (make_token(ui, account, shown))
    }
}

fn make_token(ui: &Ui<'_>, account: &Account, shown: &Shown) -> Markup {
    let (draft, usual) = (&shown.draft, after(account.today, USUAL).to_string());
    let until = if draft.until.is_empty() { &usual } else { &draft.until };
    html! {
        form.conditions.token method="post" action="/account/tokens" {
            h3 { (ui.t("token-make-question")) }
            (shown.why(ui, Part::Tokens))
            div.filters {
                label.grow { span { (ui.t("token-name")) } input name="name" required maxlength=(LONGEST_NAME) value=(draft.name); }
                label { span { (ui.t("token-until")) }
                    input type="date" name="until" required min=(account.today) max=(after(account.today, LONGEST_TERM)) value=(until); }
            }
            fieldset {
                legend { (ui.t("token-actions")) }
                @for action in &account.open {
                    label { input type="checkbox" name="action" value=(action.code()) checked[draft.actions.contains(action)]; (ui.t(action.text_key())) }
                }
            }
            p { button type="submit" { (ui.t("token-make")) } }
        }
    }
}

//! 用户: who may sign in, and as whom.

use domain::Message;
use maud::{Markup, html};
use service::LONGEST_REASON;
use service::token::TokenRow;
use service::user::Standing;
use service::user::list::{ListedUser, UserKind, UserPage, UserQuery};
use service::user::make::{Draft, HandedOut};
use service::user::show::UserView;

use super::sign_ins;
use crate::ui::{Room, Ui, badge, empty, field, page, section, table};

/// Draws the list; `refused` is a user that was not made, and why.
#[must_use]
pub fn render(
    ui: &Ui<'_>,
    users: &UserPage,
    query: &UserQuery,
    refused: Option<(&Draft, &Message)>,
) -> Markup {
    let title = ui.t("nav-users");
    let body = html! {
        header.head { h1 { (title) } }
        (asked(ui, query))
        (section("users", &ui.t("users-question"), Some(users.total as u64), list(ui, users)))
        (make(ui, refused))
    };
    page(ui, Some(Room::Users), &title, body)
}

fn asked(ui: &Ui<'_>, query: &UserQuery) -> Markup {
    html! {
        form.filters action="/users" method="get" {
            label.grow { span { (ui.t("users-find")) } input type="search" name="q" maxlength="64" value=(query.text); }
            label { span { (ui.t("users-kind")) }
                select name="kind" {
                    option value="" { (ui.t("users-all")) }
                    @for (kind, code) in UserKind::ALL {
                        option value=(code) selected[query.kind == Some(kind)] { (ui.t(kind_key(kind))) }
                    }
                }
            }
            button type="submit" { (ui.t("users-show")) }
        }
    }
}

const fn kind_key(kind: UserKind) -> &'static str {
    match kind {
        UserKind::SignedIn => "users-signed-in",
        UserKind::Suspended => "users-suspended",
        UserKind::Locked => "users-locked",
        UserKind::Never => "users-never",
        UserKind::OneStep => "users-one-step",
    }
}

fn list(ui: &Ui<'_>, users: &UserPage) -> Markup {
    if users.rows.is_empty() {
        return empty(&ui.t("users-none"), Some(&ui.t("users-none-next")), None);
    }
    let columns = [
        ("user-person", ""),
        ("user-name", ""),
        ("user-role", ""),
        ("user-unit", ""),
        ("user-last", "month"),
        ("user-two-factor", ""),
        ("user-standing", ""),
    ];
    let row = |user: &ListedUser| {
        let row = &user.row;
        [
            html! { a href={ "/users/" (row.id) } { (row.name) } " " span.code.faint { (row.staff_code) } },
            html! { span.code { (row.username) } },
            html! { (ui.t(row.role.text_key())) },
            html! { (row.unit_name) },
            sign_ins::moment(ui, user.last),
            html! { @if row.two_factor { (badge("good", &ui.t("two-factor-is-on"))) } @else { span.faint { (ui.t("two-factor-is-off")) } } },
            html! {
                (standing(ui, user.standing))
                @if user.sessions > 0 { " " (badge("good", &ui.t("users-signed-in"))) }
            },
        ]
    };
    html! {
        (table(ui, columns, users.rows.iter().map(row), None))
        @if users.total > users.rows.len() {
            p.note { (ui.with("users-more", [("shown", users.rows.len().into())])) }
        }
    }
}

fn standing(ui: &Ui<'_>, standing: Standing) -> Markup {
    match standing {
        Standing::Open => badge("calm", &ui.t("standing-open")),
        Standing::Fresh => badge("warn", &ui.t("standing-fresh")),
        Standing::Locked => badge("bad", &ui.t("standing-locked")),
        Standing::Suspended => badge("bad", &ui.t("standing-suspended")),
    }
}

fn make(ui: &Ui<'_>, refused: Option<(&Draft, &Message)>) -> Markup {
    let typed = |of: fn(&Draft) -> &String| refused.map(|(draft, _)| of(draft).as_str());
    section(
        "make",
        &ui.t("user-make-question"),
        None,
        html! {
            p.note { (ui.t("user-make-caption")) }
            form.filters.keep method="post" action="/users" autocomplete="off" {
                @if let Some((_, why)) = refused { p.error role="alert" #refused { (ui.say(why)) } }
                label { span { (ui.t("user-make-person")) } input name="person" required maxlength="64" value=[typed(|draft| &draft.person)]; }
                label { span { (ui.t("user-make-name")) } input name="username" maxlength="64" autocapitalize="none" spellcheck="false" value=[typed(|draft| &draft.username)]; }
                button type="submit" { (ui.t("user-make")) }
            }
        },
    )
}

/// Draws a password that is handed out, this once.
#[must_use]
pub fn render_handed_out(ui: &Ui<'_>, handed: &HandedOut) -> Markup {
    let title = ui.t("handed-out-title");
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/users" { (ui.t("nav-users")) } }
            h1 { (title) }
        }
        section.panel.contact {
            dl.facts {
                (field(&ui.t("user-name"), Some(html! { code { (handed.username) } })))
                (field(&ui.t("handed-out-password"), Some(html! { code.once { (handed.password) } })))
            }
            p.note { (ui.t("handed-out-caption")) }
            p.note { a.button href="/users" { (ui.t("handed-out-done")) } }
        }
    };
    page(ui, Some(Room::Users), &title, body)
}

/// Draws a user; `refused` is why nothing was done.
#[must_use]
pub fn render_one(ui: &Ui<'_>, view: &UserView, refused: Option<&Message>) -> Markup {
    let row = &view.row;
    let address = format!("/users/{}", row.id);
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/users" { (ui.t("nav-users")) } }
            h1 { (row.name) small.code { (row.username) } }
            (standing(ui, view.standing))
        }
        @if let Some(why) = refused { p.error role="alert" { (ui.say(why)) } }
        div.pair {
            (section("user", &ui.t("user-question"), None, facts(ui, view)))
            (section("do", &ui.t("user-do-question"), None, actions(ui, view, &address)))
        }
        (section("sessions", &ui.t("sessions-question"), Some(view.sessions.len() as u64),
            sign_ins::sessions(ui, &view.sessions, None, (!view.is_self).then(|| format!("{address}/sessions")).as_deref())))
        @if !view.tokens.is_empty() {
            (section("tokens", &ui.t("tokens-question"), Some(view.tokens.len() as u64), tokens(ui, view, &address)))
        }
        (section("history", &ui.t("history-question"), None, sign_ins::history(ui, &view.history)))
    };
    page(ui, Some(Room::Users), &row.name, body)
}

fn facts(ui: &Ui<'_>, view: &UserView) -> Markup {
    let row = &view.row;
    html! {
        dl.facts {
            (field(&ui.t("user-code"), Some(html! { span.code { (row.staff_code) } })))
            (field(&ui.t("user-role"), Some(ui.t(row.role.text_key()))))
            (field(&ui.t("user-unit"), Some(&row.unit_name)))
            (field(&ui.t("user-made"), Some(row.made_at.to_minute())))
            (field(&ui.t("user-password-set"), Some(row.password_set_at.to_minute())))
            (field(&ui.t("user-two-factor"), Some(ui.t(if row.two_factor { "two-factor-is-on" } else { "two-factor-is-off" }))))
            (field(&ui.t("user-suspended"), row.suspended_at.map(|at| at.to_minute())))
        }
        p.note { (ui.t("user-from-extract")) }
    }
}

fn actions(ui: &Ui<'_>, view: &UserView, address: &str) -> Markup {
    if view.is_self {
        return html! { p { (ui.t("user-is-self")) " " a href="/account" { (ui.t("account-title")) } } };
    }
    let reason = || {
        html! {
            label { span { (ui.t("user-reason")) } input name="reason" required maxlength=(LONGEST_REASON); }
        }
    };
    html! {
        form.filters.keep method="post" action={ (address) "/password" } {
            p.note { (ui.t("user-reset-caption")) }
            button type="submit" { (ui.t("user-reset")) }
        }
        @if view.row.two_factor {
            form.filters.keep method="post" action={ (address) "/two-factor-off" } {
                p.note { (ui.t("user-two-factor-off-caption")) }
                (reason())
                button type="submit" { (ui.t("user-two-factor-off")) }
            }
        }
        @if view.row.suspended_at.is_some() {
            form.filters.keep method="post" action={ (address) "/resume" } {
                p.note { (ui.t("user-resume-caption")) }
                button type="submit" { (ui.t("user-resume")) }
            }
        } @else {
            form.filters.keep method="post" action={ (address) "/suspend" } {
                p.note { (ui.t("user-suspend-caption")) }
                (reason())
                button type="submit" { (ui.t("user-suspend")) }
            }
        }
    }
}

fn tokens(ui: &Ui<'_>, view: &UserView, address: &str) -> Markup {
    let columns = [
        ("token-name", ""),
        ("token-actions", "told"),
        ("token-until", "month"),
        ("token-used", "month"),
        ("", ""),
    ];
    let rows = view.tokens.iter().map(|token| {
        let row = &token.row;
        [
            html! { (row.name) },
            html! { (token_actions(ui, row)) },
            html! { (row.until) },
            sign_ins::moment(ui, token.used),
            html! {
                @if !view.is_self {
                    form method="post" action={ (address) "/tokens/" (row.id) "/revoke" } {
                        button.quiet type="submit" { (ui.t("token-revoke")) }
                    }
                }
            },
        ]
    });
    table(ui, columns, rows, None)
}

/// What a program may do with a token, in words.
pub(super) fn token_actions(ui: &Ui<'_>, token: &TokenRow) -> String {
    let words: Vec<_> = token.actions.iter().map(|action| ui.t(action.text_key())).collect();
    words.join(&ui.t("list-joint"))
}

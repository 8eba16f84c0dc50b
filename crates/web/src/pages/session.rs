//! Signing in.

use maud::{Markup, html};

use crate::ui::{Ui, bare};

/// The form; `failed` holds the name typed and why it did not work.
#[must_use]
pub fn render(ui: &Ui<'_>, next: Option<&str>, failed: Option<(&str, &str)>) -> Markup {
    let typed = failed.map(|(name, _)| name);
    let body = html! {
        div.login {
            h1 { (ui.t("product")) small { (ui.t("product-claim")) } }
            form method="post" action="/login" {
                @if let Some((_, why)) = failed { p.error role="alert" #why { (why) } }
                @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                label {
                    (ui.t("login-username"))
                    input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required
                        maxlength="100" value=[typed] autofocus[typed.is_none()]
                        aria-describedby=[failed.map(|_| "why")];
                }
                label {
                    (ui.t("login-password"))
                    input type="password" name="password" autocomplete="current-password" required maxlength="200"
                        autofocus[typed.is_some()] aria-describedby=[failed.map(|_| "why")];
                }
                button.primary type="submit" { (ui.t("login-submit")) }
            }
        }
    };
    bare(ui, &ui.t("login-title"), body)
}

/// The form of the second step; `failed` says why the code before did not work.
#[must_use]
pub fn render_code(ui: &Ui<'_>, next: Option<&str>, failed: Option<&str>) -> Markup {
    let body = html! {
        div.login {
            h1 { (ui.t("product")) small { (ui.t("code-title")) } }
            form method="post" action="/login/code" {
                @if let Some(why) = failed { p.error role="alert" #why { (why) } }
                @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                label {
                    (ui.t("code-label"))
                    input name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" required
                        maxlength="24" autofocus aria-describedby=(if failed.is_some() { "why hint" } else { "hint" });
                }
                p.note #hint { (ui.t("code-hint")) }
                button.primary type="submit" { (ui.t("login-submit")) }
                a.quiet href="/login" { (ui.t("code-back")) }
            }
        }
    };
    bare(ui, &ui.t("code-title"), body)
}

//! Signing in, in one step or two, and out.

use axum::extract::{Form, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use domain::ProblemKind;
use serde::Deserialize;
use service::customer::Pairs;
use service::session::confirm::{self, Confirmed};
use service::session::sign_in::{self, Entered};

use super::{Sent, field};
use crate::pages::session;
use crate::visit::{SESSION_COOKIE, Visit, cookie, current_actor, html, origin, refused, see_other};
use crate::{App, address};

/// The cookie of who has yet to give a code.
const HALF_COOKIE: &str = "tenure_half";

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Query(pairs): Query<Pairs>,
) -> Response {
    let next = pairs.iter().find(|(name, _)| name == "next").and_then(|(_, value)| address::local(value));
    match current_actor(&headers, &app).await {
        Ok(Some(_)) => see_other(next.unwrap_or("/")),
        Ok(None) => html(StatusCode::OK, session::render(&visit.ui(None), next, None)),
        Err(problem) => refused(&visit.ui(None), &problem),
    }
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    username: String,
    password: String,
    next: Option<String>,
}

pub(super) async fn enter(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    form: Sent<Credentials>,
) -> Response {
    let ui = visit.ui(None);
    let Ok(Form(form)) = form else {
        let why = ui.t("login-incomplete");
        return html(StatusCode::BAD_REQUEST, session::render(&ui, None, Some(("", &why))));
    };
    let next = form.next.as_deref().and_then(address::local);
    let (token, now) = ((app.settings.random)(), (app.settings.clock)());
    let (username, from) = (form.username.trim(), origin(&headers));
    let outcome = sign_in::run(&app.services, username, &form.password, token, &from, now).await;
    let (status, why) = match outcome {
        Ok(Entered::In(token)) => return signed_in(&app, &token, next.unwrap_or("/")),
        Ok(Entered::Half(token)) => {
            let next = next.map(|next| vec![("next".to_owned(), next.to_owned())]).unwrap_or_default();
            let mut response = see_other(&address::with_pairs("/login/code", &next));
            put(&app, &mut response, HALF_COOKIE, &token, "/login");
            return response;
        }
        Ok(Entered::Wrong) => (StatusCode::UNAUTHORIZED, ui.t("login-wrong").into_owned()),
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            (StatusCode::TOO_MANY_REQUESTS, ui.say(&problem.cause))
        }
        Err(problem) => return refused(&ui, &problem),
    };
    html(status, session::render(&ui, next, Some((&form.username, &why))))
}

pub(super) async fn show_code(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Query(pairs): Query<Pairs>,
) -> Response {
    let (ui, next) = (visit.ui(None), field(&pairs, "next"));
    let half = cookie(&headers, HALF_COOKIE).unwrap_or_default();
    match confirm::is_begun(&app.services, half, (app.settings.clock)()).await {
        Ok(true) => html(StatusCode::OK, session::render_code(&ui, address::local(&next), None)),
        Ok(false) => see_other("/login"),
        Err(problem) => refused(&ui, &problem),
    }
}

pub(super) async fn confirm(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(None);
    let Ok(Form(pairs)) = form else { return see_other("/login") };
    let (code, next) = (field(&pairs, "code"), field(&pairs, "next"));
    let next = address::local(&next);
    let (token, now) = ((app.settings.random)(), (app.settings.clock)());
    let half = cookie(&headers, HALF_COOKIE).unwrap_or_default();
    let outcome = confirm::run(&app.services, half, &code, token, &origin(&headers), now).await;
    let (status, why) = match outcome {
        Ok(Confirmed::In(token)) => {
            let mut response = signed_in(&app, &token, next.unwrap_or("/"));
            take(&mut response, HALF_COOKIE, "/login");
            return response;
        }
        Ok(Confirmed::NotBegun) => return see_other("/login"),
        Ok(Confirmed::Wrong) => (StatusCode::UNAUTHORIZED, ui.t("code-wrong").into_owned()),
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            (StatusCode::TOO_MANY_REQUESTS, ui.say(&problem.cause))
        }
        Err(problem) => return refused(&ui, &problem),
    };
    html(status, session::render_code(&ui, next, Some(&why)))
}

fn signed_in(app: &App, token: &str, next: &str) -> Response {
    let mut response = see_other(next);
    put(app, &mut response, SESSION_COOKIE, token, "/");
    response
}

fn put(app: &App, response: &mut Response, name: &str, value: &str, path: &str) {
    let secure = if app.settings.secure_cookies { "; Secure" } else { "" };
    append(response, &format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}"));
}

fn take(response: &mut Response, name: &str, path: &str) {
    append(response, &format!("{name}=; Path={path}; Max-Age=0; HttpOnly; SameSite=Lax"));
}

fn append(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

pub(super) async fn leave(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Response {
    if let Some(token) = cookie(&headers, SESSION_COOKIE) {
        let now = (app.settings.clock)();
        if let Err(problem) = service::session::sign_out::run(&app.services, token, now).await {
            return refused(&visit.ui(None), &problem);
        }
    }
    let mut response = see_other("/login");
    take(&mut response, SESSION_COOKIE, "/");
    response
}

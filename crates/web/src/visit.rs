//! A visit: in which language and theme, where, and as whom; how answers leave the house.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST,
    LOCATION, ORIGIN, REFERRER_POLICY, SET_COOKIE, USER_AGENT, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Lang, Problem, ProblemKind};
use maud::Markup;
use service::Actor;
use service::session::Origin;

use crate::pages::problem;
use crate::ui::{Theme, Ui, document};
use crate::{App, address};

/// The cookie that holds the session's token.
pub const SESSION_COOKIE: &str = "tenure_session";
const LANG_COOKIE: &str = "tenure_lang";
const THEME_COOKIE: &str = "tenure_theme";
const YEAR_S: u32 = 365 * 24 * 60 * 60;

/// Language, theme and address of a request.
#[derive(Debug, Clone)]
pub struct Visit {
    lang: Lang,
    theme: Theme,
    here: String,
}

impl Visit {
    fn of(uri: &Uri, headers: &HeaderMap) -> (Self, Vec<HeaderValue>) {
        let asked = |name: &str| query_value(uri, name);
        let asked_lang = asked("lang").and_then(|tag| tag.parse::<Lang>().ok());
        let asked_theme = asked("theme").and_then(|name| Theme::parse(&name));
        let lang = asked_lang
            .or_else(|| cookie(headers, LANG_COOKIE)?.parse().ok())
            .unwrap_or_else(|| preferred(headers));
        let theme = asked_theme.or_else(|| Theme::parse(cookie(headers, THEME_COOKIE)?)).unwrap_or_default();
        let keep = |name: &str, value: &str| {
            HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Lax")).ok()
        };
        let kept = asked_lang
            .and_then(|lang| keep(LANG_COOKIE, lang.tag()))
            .into_iter()
            .chain(asked_theme.and_then(|theme| keep(THEME_COOKIE, theme.name())))
            .collect();
        (Self { lang, theme, here: here(uri) }, kept)
    }

    /// For drawing a page.
    #[must_use]
    pub fn ui<'a>(&'a self, actor: Option<&'a Actor>) -> Ui<'a> {
        Ui { lang: self.lang, theme: self.theme, actor, here: &self.here }
    }
}

/// A page or, where the use case refused, what a person sees instead.
pub fn answer<T>(
    ui: &Ui<'_>,
    outcome: Result<Option<T>, Problem>,
    render: impl FnOnce(T) -> Markup,
) -> Response {
    match outcome {
        Ok(Some(view)) => html(StatusCode::OK, render(view)),
        Ok(None) => not_found(ui),
        Err(problem) => refused(ui, &problem),
    }
}

/// A page with its status.
pub fn html(status: StatusCode, page: Markup) -> Response {
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], document(page)).into_response()
}

/// Not there, or not for this user.
pub fn not_found(ui: &Ui<'_>) -> Response {
    html(StatusCode::NOT_FOUND, problem::render_not_found(ui))
}

/// What a problem looks like; a refusal looks like "not found".
pub fn refused(ui: &Ui<'_>, problem: &Problem) -> Response {
    let status = match problem.kind {
        ProblemKind::NotFound => return not_found(ui),
        ProblemKind::BadInput => StatusCode::BAD_REQUEST,
        ProblemKind::Conflict => StatusCode::CONFLICT,
        ProblemKind::Environment | ProblemKind::Internal => {
            tracing::error!(address = ui.here, %problem, "request to {} failed: {problem}", ui.here);
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    html(status, problem::render(ui, problem))
}

/// Goes on elsewhere with GET.
pub fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// Who is signed in and owes nothing, or the program that asks for a user; anyone else is asked to sign in.
pub struct SignedIn(pub Actor);

/// Who is signed in, whatever they owe; no program.
pub struct AtHome(pub Actor);

impl FromRequestParts<App> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await?;
        // A program says so by this header, whatever else it sends; it reads and never changes anything.
        if let Some(sent) = parts.headers.get(AUTHORIZATION) {
            let token = sent.to_str().ok().and_then(|sent| sent.strip_prefix("Bearer "));
            let reads = matches!(parts.method, Method::GET | Method::HEAD);
            return match token.filter(|_| reads) {
                Some(token) => of_program(token, app, &visit).await.map(Self),
                None => Err(unknown_program()),
            };
        }
        let AtHome(actor) = AtHome::from_request_parts(parts, app).await?;
        if actor.duty.is_some() { Err(see_other("/account")) } else { Ok(Self(actor)) }
    }
}

async fn of_program(token: &str, app: &App, visit: &Visit) -> Result<Actor, Response> {
    match service::token::authenticate::run(&app.services, token.trim(), (app.settings.clock)()).await {
        Ok(Some(actor)) => Ok(actor),
        Ok(None) => Err(unknown_program()),
        Err(problem) => Err(refused(&visit.ui(None), &problem)),
    }
}

/// What a program is told whose token is good for nothing.
fn unknown_program() -> Response {
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], "").into_response()
}

impl FromRequestParts<App> for AtHome {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await?;
        if parts.headers.contains_key(AUTHORIZATION) {
            return Err(unknown_program());
        }
        match current_actor(&parts.headers, app).await {
            Ok(Some(actor)) => Ok(Self(actor)),
            Ok(None) => Err(see_other(&login_address(&visit.here))),
            Err(problem) => Err(refused(&visit.ui(None), &problem)),
        }
    }
}

/// From where someone signs in, as far as one can tell. Browsers reach us through a proxy beside us, which adds the address
/// that it sees behind all that it was told; without a proxy there is nobody but this machine.
pub fn origin(headers: &HeaderMap) -> Origin {
    let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let address = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
    Origin {
        address: address.map(|address| short(address.trim())).filter(|address| !address.is_empty()),
        agent: text(headers, USER_AGENT).map(short).filter(|agent| !agent.is_empty()),
    }
}

/// Who is signed in, if anyone is.
pub async fn current_actor(headers: &HeaderMap, app: &App) -> Result<Option<Actor>, Problem> {
    let Some(token) = cookie(headers, SESSION_COOKIE) else { return Ok(None) };
    service::session::authenticate::run(&app.services, token, (app.settings.clock)()).await
}

fn login_address(next: &str) -> String {
    if next == "/" {
        return "/login".to_owned();
    }
    format!("/login?{}", address::encode(&vec![("next".to_owned(), next.to_owned())]))
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Response> {
        match parts.extensions.get::<Self>() {
            Some(visit) => Ok(visit.clone()),
            None => Ok(Self::of(&parts.uri, &parts.headers).0),
        }
    }
}

/// Around every request: where it comes from, language and theme, headers that protect.
pub async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (visit, kept) = Visit::of(request.uri(), request.headers());
    if *request.method() == Method::POST && !same_origin(request.headers()) {
        let actor = current_actor(request.headers(), &app).await.ok().flatten();
        let page = problem::render_foreign_form(&visit.ui(actor.as_ref()));
        return protect(html(StatusCode::FORBIDDEN, page));
    }
    request.extensions_mut().insert(visit);
    let mut response = protect(next.run(request).await);
    for value in kept {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

fn protect(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                          connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Without `same-origin` browsers send no origin with forms, and forms could not be told apart.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=()"),
    );
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether a form was sent from one of our own pages. Programs that are no browsers send neither header; they
/// carry nobody's cookies either.
fn same_origin(headers: &HeaderMap) -> bool {
    if let Some(origin) = text(headers, ORIGIN) {
        let host = origin.split_once("://").map(|(_, host)| host);
        return host.is_some() && host == text(headers, HOST);
    }
    match text(headers, HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => true,
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// The language a browser asks for; Chinese unless English stands before it.
fn preferred(headers: &HeaderMap) -> Lang {
    let asked = text(headers, ACCEPT_LANGUAGE).unwrap_or_default();
    let first = asked.split(',').map(str::trim).find_map(|tag| match tag.get(..2) {
        Some("zh") => Some(Lang::ZhCn),
        Some("en") => Some(Lang::En),
        _ => None,
    });
    first.unwrap_or_default()
}

fn query_value(uri: &Uri, name: &str) -> Option<String> {
    let mut pairs = uri.query()?.split('&').rev().filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// The address without language and theme.
fn here(uri: &Uri) -> String {
    // `//host` in a link would lead to another site.
    let path = if uri.path().starts_with("//") { "/" } else { uri.path() };
    let kept: Vec<&str> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("lang=") && !pair.starts_with("theme="))
        .collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

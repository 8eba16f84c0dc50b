//! Views of the customer list.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use domain::{Problem, ProblemKind};
use service::Actor;
use service::customer::{CustomerQuery, Pairs};
use service::view::{change, delete, keep, list, pin};

use super::{Sent, field};
use crate::pages::view::{self, Asked};
use crate::ui::Ui;
use crate::visit::{SignedIn, Visit, html, not_found, refused, see_other};
use crate::{App, address};

/// The addresses of views.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/views", get(show).post(keep_one))
        .route("/views/{id}", post(change_one))
        .route("/views/{id}/delete", post(delete_one))
        .route("/views/{id}/pin", post(pin_one))
}

/// What a form asks to be kept; the list stands in one field, as in its address.
fn asked(pairs: &Pairs) -> Asked {
    let query = pairs.iter().find(|(name, _)| name == "query");
    let query = query.map(|(_, query)| CustomerQuery::parse(&address::decode(query)));
    Asked { name: field(pairs, "name"), query, shared: field(pairs, "shared") == "1", ..Asked::default() }
}

async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let ui = visit.ui(Some(&actor));
    draw(&app, &ui, &actor, StatusCode::OK, &Asked::default()).await
}

async fn draw(app: &App, ui: &Ui<'_>, actor: &Actor, status: StatusCode, asked: &Asked) -> Response {
    let ui = Ui { here: "/views", ..*ui };
    match list::run(&app.services, actor).await {
        Ok(views) => html(status, view::render(&ui, &views, asked)),
        Err(problem) => refused(&ui, &problem),
    }
}

/// Says on the page why something was not done.
async fn answer(app: &App, ui: &Ui<'_>, actor: &Actor, problem: Problem, asked: Asked) -> Response {
    match problem.kind {
        ProblemKind::BadInput | ProblemKind::Conflict => {
            let asked = Asked { refused: Some(problem.cause), ..asked };
            draw(app, ui, actor, StatusCode::BAD_REQUEST, &asked).await
        }
        _ => refused(ui, &problem),
    }
}

async fn keep_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(Form(pairs)) = sent else { return not_found(&ui) };
    let asked = asked(&pairs);
    let query = asked.query.clone().unwrap_or_else(CustomerQuery::first);
    let now = (app.settings.clock)();
    match keep::run(&app.services, &actor, &asked.name, &query, asked.shared, now).await {
        Ok(id) => see_other(&address::customers(&CustomerQuery { view: Some(id), ..query.itself() })),
        Err(problem) => answer(&app, &ui, &actor, problem, Asked { query: Some(query), ..asked }).await,
    }
}

async fn change_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(id), Ok(Form(pairs))) = (id.parse(), sent) else { return not_found(&ui) };
    let asked = asked(&pairs);
    let seen = field(&pairs, "seen").parse().unwrap_or_default();
    let name = pairs.iter().any(|(name, _)| name == "name").then_some(asked.name.as_str());
    let now = (app.settings.clock)();
    match change::run(&app.services, &actor, id, (name, asked.query.as_ref()), seen, now).await {
        Ok(change::Outcome::Kept) => match &asked.query {
            Some(query) => {
                see_other(&address::customers(&CustomerQuery { view: Some(id), ..query.itself() }))
            }
            None => see_other("/views"),
        },
        Ok(change::Outcome::Again(by_now)) => {
            let asked = Asked { by_now: Some(*by_now), ..asked };
            draw(&app, &ui, &actor, StatusCode::CONFLICT, &asked).await
        }
        Err(problem) => answer(&app, &ui, &actor, problem, Asked::default()).await,
    }
}

async fn delete_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    match delete::run(&app.services, &actor, id, (app.settings.clock)()).await {
        Ok(()) => see_other("/views"),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn pin_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(id), Ok(Form(pairs))) = (id.parse(), sent) else { return not_found(&ui) };
    let is_wanted = field(&pairs, "pin") == "1";
    match pin::run(&app.services, &actor, id, is_wanted, (app.settings.clock)()).await {
        Ok(()) => see_other("/views"),
        Err(problem) => answer(&app, &ui, &actor, problem, Asked::default()).await,
    }
}

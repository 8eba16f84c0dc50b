//! What happened with customers, visits and tasks.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use domain::{Date, Month};
use service::customer::Pairs;
use service::timeline::TimelineQuery;
use service::visit;

use super::field;
use crate::pages::{timeline, visits};
use crate::visit::{SignedIn, Visit, answer, not_found, refused, see_other};
use crate::{App, address};

/// The addresses of timelines, visits and tasks.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/customers/{id}/timeline", get(show_timeline))
        .route("/customers/{id}/tasks/{task}/done", post(finish_task))
        .route("/customers/{id}/tasks/{task}/reopen", post(reopen_task))
        .route("/visits", get(show_visits))
}

async fn show_timeline(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    let query = TimelineQuery::parse(&pairs);
    let outcome = service::timeline::list::run(&app.services, &actor, id, &query).await;
    answer(&ui, outcome, |page| timeline::render(&ui, &query, &page))
}

async fn show_visits(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let month: Option<Date> = Month::parse(field(&pairs, "month").as_bytes()).ok().map(Month::first_day);
    let now = (app.settings.clock)();
    let outcome = visit::show::run(&app.services, &actor, month, &field(&pairs, "staff"), now).await;
    answer(&ui, outcome.map(Some), |view| visits::render(&ui, &view))
}

async fn finish_task(
    app: State<App>,
    visit: Visit,
    actor: SignedIn,
    path: Path<(String, String)>,
) -> Response {
    turn_task(app, visit, actor, path, true).await
}

async fn reopen_task(
    app: State<App>,
    visit: Visit,
    actor: SignedIn,
    path: Path<(String, String)>,
) -> Response {
    turn_task(app, visit, actor, path, false).await
}

async fn turn_task(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((customer, task)): Path<(String, String)>,
    done: bool,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(customer), Ok(task)) = (customer.parse(), task.parse()) else { return not_found(&ui) };
    let now = (app.settings.clock)();
    match visit::task::run(&app.services, &actor, (customer, task), done, now).await {
        Ok(()) => see_other(&format!("{}#tasks", address::customer(customer))),
        Err(problem) => refused(&ui, &problem),
    }
}

//! Many customers edited together.

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use domain::{Problem, ProblemKind};
use service::Actor;
use service::customer::Pairs;
use service::edit::{Draft, Plan, apply, list, plan, undo};

use super::{Sent, field};
use crate::pages::edit::{self, Asked};
use crate::ui::Ui;
use crate::visit::{SignedIn, Visit, html, not_found, refused, see_other};
use crate::{App, address};

/// The addresses of edits.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/edits", get(show).post(apply_one)).route("/edits/{id}/undo", post(put_back))
}

/// What a form says; the filters of a list stand in one field, as in its address.
fn draft(pairs: &Pairs) -> Draft {
    Draft {
        column: field(pairs, "column"),
        value: field(pairs, "value"),
        query: address::decode(&field(pairs, "query")),
        seen: field(pairs, "seen"),
    }
}

async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let asked = Asked { draft: draft(&pairs), ..Asked::default() };
    match asked.draft.column.is_empty() {
        true => draw(&app, &ui, &actor, StatusCode::OK, asked).await,
        false => {
            let outcome = plan::run(&app.services, &actor, &asked.draft).await;
            draw_plan(&app, &ui, &actor, outcome, asked).await
        }
    }
}

async fn draw(app: &App, ui: &Ui<'_>, actor: &Actor, status: StatusCode, asked: Asked) -> Response {
    match list::run(&app.services, actor).await {
        Ok((done, industries)) => html(status, edit::render(ui, &done, &industries, &asked)),
        Err(problem) => refused(ui, &problem),
    }
}

async fn draw_plan(
    app: &App,
    ui: &Ui<'_>,
    actor: &Actor,
    outcome: Result<Plan, Problem>,
    asked: Asked,
) -> Response {
    match outcome {
        Ok(plan) => draw(app, ui, actor, StatusCode::OK, Asked { plan: Some(plan), ..asked }).await,
        Err(problem) if problem.kind == ProblemKind::BadInput => {
            draw(app, ui, actor, StatusCode::BAD_REQUEST, Asked { refused: Some(problem), ..asked }).await
        }
        Err(problem) => refused(ui, &problem),
    }
}

async fn apply_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(Form(pairs)) = sent else { return not_found(&ui) };
    let ui = Ui { here: "/edits", ..ui };
    let asked = Asked { draft: draft(&pairs), ..Asked::default() };
    match apply::run(&app.services, &actor, &asked.draft, (app.settings.clock)()).await {
        Ok(apply::Outcome::Done(_)) => see_other("/edits#done"),
        Ok(apply::Outcome::Again(plan)) => {
            let asked = Asked { plan: Some(*plan), changed: true, ..asked };
            draw(&app, &ui, &actor, StatusCode::CONFLICT, asked).await
        }
        Err(problem) => draw_plan(&app, &ui, &actor, Err(problem), asked).await,
    }
}

async fn put_back(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    match undo::run(&app.services, &actor, id, (app.settings.clock)()).await {
        Ok(_) => see_other("/edits#done"),
        Err(problem) => refused(&ui, &problem),
    }
}

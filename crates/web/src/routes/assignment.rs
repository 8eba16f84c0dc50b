//! To whom customers are given.

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use domain::{Problem, ProblemKind};
use service::Actor;
use service::assignment::{Draft, Plan, claim, list, plan, pool, reassign, undo};
use service::customer::Pairs;

use super::{Sent, field};
use crate::pages::assignment::{self, Asked};
use crate::ui::Ui;
use crate::visit::{SignedIn, Visit, html, not_found, refused, see_other};
use crate::{App, address};

/// The addresses of assignments.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/assignments", get(show).post(assign))
        .route("/assignments/{id}/undo", post(put_back))
        .route("/pool", get(show_pool))
        .route("/pool/{id}", post(claim_one))
}

/// What a form says; the filters of a list stand in one field, as in its address.
fn draft(pairs: &Pairs) -> Draft {
    let query = address::decode(&field(pairs, "query"));
    let (from, to) = (field(pairs, "from"), field(pairs, "to"));
    Draft { from, query, to, reason: field(pairs, "reason"), seen: field(pairs, "seen") }
}

async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let count = |name: &str| field(&pairs, name).parse().ok();
    let asked = Asked { draft: draft(&pairs), undone: count("back").zip(count("left")), ..Asked::default() };
    // Whoever comes from a list of customers is shown it at once.
    match asked.draft.query.is_empty() && asked.draft.from.is_empty() {
        true => draw(&app, &ui, &actor, StatusCode::OK, asked).await,
        false => {
            let outcome = plan::run(&app.services, &actor, &asked.draft).await;
            draw_plan(&app, &ui, &actor, outcome, asked).await
        }
    }
}

async fn draw(app: &App, ui: &Ui<'_>, actor: &Actor, status: StatusCode, asked: Asked) -> Response {
    match list::run(&app.services, actor).await {
        Ok((rows, people)) => html(status, assignment::render(ui, &rows, &people, &asked)),
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
            draw(app, ui, actor, StatusCode::BAD_REQUEST, Asked { refused: Some(problem.cause), ..asked })
                .await
        }
        Err(problem) => refused(ui, &problem),
    }
}

async fn assign(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(Form(pairs)) = sent else { return not_found(&ui) };
    let asked = Asked { draft: draft(&pairs), ..Asked::default() };
    if asked.draft.seen.is_empty() {
        let outcome = plan::run(&app.services, &actor, &asked.draft).await;
        return draw_plan(&app, &ui, &actor, outcome, asked).await;
    }
    match reassign::run(&app.services, &actor, &asked.draft, (app.settings.clock)()).await {
        Ok(reassign::Outcome::Done(_)) => see_other("/assignments#done"),
        Ok(reassign::Outcome::Again(plan)) => {
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
        Ok((back, left)) => see_other(&format!("/assignments?back={back}&left={left}")),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn show_pool(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let ui = visit.ui(Some(&actor));
    draw_pool(&app, &ui, &actor, StatusCode::OK, None).await
}

async fn draw_pool(
    app: &App,
    ui: &Ui<'_>,
    actor: &Actor,
    status: StatusCode,
    why: Option<&Problem>,
) -> Response {
    match pool::run(&app.services, actor, (app.settings.clock)()).await {
        Ok(pool) => html(status, assignment::render_pool(ui, &pool, why)),
        Err(problem) => refused(ui, &problem),
    }
}

async fn claim_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    match claim::run(&app.services, &actor, id, (app.settings.clock)()).await {
        Ok(()) => see_other(&address::customer(id)),
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            let ui = Ui { here: "/pool", ..ui };
            draw_pool(&app, &ui, &actor, StatusCode::CONFLICT, Some(&problem)).await
        }
        Err(problem) => refused(&ui, &problem),
    }
}

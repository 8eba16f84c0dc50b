//! Service tactics.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use domain::ProblemKind;
use domain::segment::SegmentValue;
use domain::tactic::TacticCell;
use service::Actor;
use service::customer::Pairs;
use service::tactic::{save, show};

use super::{Sent, field};
use crate::App;
use crate::pages::tactics::{self, Asked};
use crate::ui::Ui;
use crate::visit::{SignedIn, Visit, html, not_found, refused, see_other};

/// The addresses of tactics.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/members/tactics", get(show_all))
        .route("/members/tactics/{stars}/{value}", post(save_one))
}

async fn show_all(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    draw(&app, &visit.ui(Some(&actor)), &actor, StatusCode::OK, None).await
}

async fn draw(app: &App, ui: &Ui<'_>, actor: &Actor, status: StatusCode, asked: Option<&Asked>) -> Response {
    let ui = Ui { here: "/members/tactics", ..*ui };
    match show::run(&app.services, actor).await {
        Ok(view) => html(status, tactics::render(&ui, &view, asked)),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn save_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((stars, value)): Path<(u8, String)>,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(Form(pairs)), Ok(value)) = (sent, value.parse::<SegmentValue>()) else { return not_found(&ui) };
    let cell = TacticCell::new(stars.try_into().ok(), value);
    if cell.stars() != stars {
        return not_found(&ui);
    }
    let (text, seen) = (field(&pairs, "text"), field(&pairs, "seen").parse().unwrap_or_default());
    match save::run(&app.services, &actor, cell, &text, seen, (app.settings.clock)()).await {
        Ok(save::Outcome::Kept) => see_other("/members/tactics"),
        Ok(save::Outcome::Changed) => {
            let asked = Asked { cell, text, refused: None };
            draw(&app, &ui, &actor, StatusCode::CONFLICT, Some(&asked)).await
        }
        Err(problem) if problem.kind == ProblemKind::BadInput => {
            let asked = Asked { cell, text, refused: Some(problem.cause) };
            draw(&app, &ui, &actor, StatusCode::BAD_REQUEST, Some(&asked)).await
        }
        Err(problem) => refused(&ui, &problem),
    }
}

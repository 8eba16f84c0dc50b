//! Sheets of customers that people bring in.

use axum::Router;
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::id::SheetImportId;
use domain::policy::Action;
use domain::{Problem, ProblemKind};
use service::Actor;
use service::customer::Pairs;
use service::sheet_import::{
    At, LARGEST, Mapping, apply, check, discard, list, refused as refused_rows, revert, show, upload,
};

use super::{Sent, WORKBOOK, csv_file, field, file_headers};
use crate::App;
use crate::pages::customer::export::read_pieces;
use crate::pages::sheet_import::{self, Asked};
use crate::ui::Ui;
use crate::visit::{SignedIn, Visit, html, not_found, refused, see_other};

/// What a form is beside the file in it.
const AROUND: usize = 64 << 10;

/// The addresses of imports.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/imports", get(show_all).post(take_in))
        .layer(DefaultBodyLimit::max(LARGEST + AROUND))
        .route("/imports/{id}", get(show_one))
        .route("/imports/{id}/try", post(try_one))
        .route("/imports/{id}/do", post(bring))
        .route("/imports/{id}/discard", post(give_up))
        .route("/imports/{id}/revert", post(take_back))
        .route("/imports/{id}/refused", get(hand_back))
}

async fn show_all(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let ui = visit.ui(Some(&actor));
    draw_all(&app, &ui, &actor, None).await
}

async fn draw_all(app: &App, ui: &Ui<'_>, actor: &Actor, problem: Option<Problem>) -> Response {
    let status = if problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    match list::run(&app.services, actor, (app.settings.clock)()).await {
        Ok(imports) => html(status, sheet_import::render_all(ui, &imports, problem.as_ref())),
        Err(problem) => refused(ui, &problem),
    }
}

async fn take_in(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    sent: Result<Multipart, MultipartRejection>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    if !actor.may(Action::ImportCustomers) {
        return not_found(&ui);
    }
    let outcome = match sent {
        Ok(form) => match file_of(form).await {
            Ok((name, content)) => {
                upload::run(&app.services, &actor, &name, content, (app.settings.clock)()).await
            }
            Err(problem) => Err(problem),
        },
        // No form with a file in it: as one without.
        Err(_) => upload::run(&app.services, &actor, "", Vec::new(), (app.settings.clock)()).await,
    };
    match outcome {
        Ok(id) => see_other(&format!("/imports/{id}")),
        Err(problem) if problem.kind == ProblemKind::BadInput => {
            draw_all(&app, &ui, &actor, Some(problem)).await
        }
        Err(problem) => refused(&ui, &problem),
    }
}

/// The file of a form with its name; nothing where none was chosen.
async fn file_of(mut form: Multipart) -> Result<(String, Vec<u8>), Problem> {
    let cut_off = |_| upload::too_large();
    while let Some(part) = form.next_field().await.map_err(cut_off)? {
        if part.name() != Some("sheet") {
            continue;
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        return Ok((name, part.bytes().await.map_err(cut_off)?.to_vec()));
    }
    Ok((String::new(), Vec::new()))
}

async fn show_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    let mut asked = Asked { map: field(&pairs, "step") == "map", ..Asked::default() };
    if field(&pairs, "step") == "revert" {
        match revert::preview(&app.services, &actor, id, (app.settings.clock)()).await {
            Ok(preview) => asked.preview = Some(preview),
            // It was reverted meanwhile: the page says so.
            Err(problem) if problem.kind == ProblemKind::NotFound => {}
            Err(problem) => return refused(&ui, &problem),
        }
    }
    draw(&app, &ui, &actor, id, StatusCode::OK, asked).await
}

async fn draw(
    app: &App,
    ui: &Ui<'_>,
    actor: &Actor,
    id: SheetImportId,
    status: StatusCode,
    asked: Asked,
) -> Response {
    let mut view = match show::run(&app.services, actor, id).await {
        Ok(view) => view,
        Err(problem) => return refused(ui, &problem),
    };
    if let Some(typed) = &asked.typed {
        view.mapping = Mapping::typed(typed, view.columns.len(), &view.offered);
    }
    let address = format!("/imports/{id}");
    let ui = Ui { here: &address, ..*ui };
    let mut answer = html(status, sheet_import::render(&ui, &view, &asked));
    if matches!(view.at, Some(At::Step(_))) {
        // Works without a script.
        answer.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("2"));
    }
    answer
}

async fn try_one(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(id), Ok(Form(pairs))) = (id.parse(), sent) else { return not_found(&ui) };
    match check::start(&app.services, &actor, id, &pairs, (app.settings.clock)()).await {
        Ok(()) => see_other(&format!("/imports/{id}")),
        Err(problem) if problem.kind == ProblemKind::BadInput => {
            let asked = Asked { map: true, typed: Some(pairs), refused: Some(problem), ..Asked::default() };
            draw(&app, &ui, &actor, id, StatusCode::BAD_REQUEST, asked).await
        }
        Err(problem) => refused(&ui, &problem),
    }
}

async fn bring(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(id), Ok(Form(pairs))) = (id.parse(), sent) else { return not_found(&ui) };
    let now = (app.settings.clock)();
    match apply::start(&app.services, &actor, id, &field(&pairs, "seen"), now).await {
        Ok(()) => see_other(&format!("/imports/{id}")),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn give_up(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    match discard::run(&app.services, &actor, id, (app.settings.clock)()).await {
        Ok(()) => see_other("/imports"),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn take_back(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(id), Ok(Form(pairs))) = (id.parse(), sent) else { return not_found(&ui) };
    let now = (app.settings.clock)();
    match revert::run(&app.services, &actor, id, &field(&pairs, "seen"), now).await {
        Ok(revert::Outcome::Done(_)) => see_other(&format!("/imports/{id}")),
        Ok(revert::Outcome::Again(preview)) => {
            let asked = Asked { preview: Some(*preview), changed: true, ..Asked::default() };
            draw(&app, &ui, &actor, id, StatusCode::CONFLICT, asked).await
        }
        Err(problem) => refused(&ui, &problem),
    }
}

async fn hand_back(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    let rows = match refused_rows::run(&app.services, &actor, id, ui.lang).await {
        Ok(rows) => rows,
        Err(problem) => return refused(&ui, &problem),
    };
    if !rows.is_workbook {
        return (csv_file("refused.csv"), sheet_import::refused_csv(&rows)).into_response();
    }
    match sheet_import::refused_workbook(rows, ui.t("sheet-refusals").into_owned()).await {
        Ok(file) => {
            (file_headers("refused.xlsx", WORKBOOK), Body::from_stream(read_pieces(file))).into_response()
        }
        Err(problem) => refused(&ui, &problem),
    }
}

//! Who may sign in: for administrators.

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::id::UserId;
use domain::{Message, Problem, ProblemKind};
use service::customer::Pairs;
use service::user::list::{UserKind, UserQuery};
use service::user::make::{Draft, HandedOut};
use service::{Actor, token, two_factor, user};

use super::{Sent, field};
use crate::App;
use crate::pages::users;
use crate::ui::Ui;
use crate::visit::{SignedIn, Visit, answer, html, not_found, refused, see_other};

pub(super) async fn list(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let wanted = field(&pairs, "kind");
    let kind = UserKind::ALL.into_iter().find(|(_, code)| *code == wanted).map(|(kind, _)| kind);
    let query = UserQuery { text: field(&pairs, "q"), kind };
    let outcome = user::list::run(&app.services, &actor, &query, (app.settings.clock)()).await;
    answer(&ui, outcome.map(Some), |page| users::render(&ui, &page, &query, None))
}

pub(super) async fn make(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(Form(pairs)) = form else { return not_found(&ui) };
    let draft = Draft { person: field(&pairs, "person"), username: field(&pairs, "username") };
    let (random, now) = (random(&app), (app.settings.clock)());
    let problem = match user::make::run(&app.services, &actor, &draft, random, now).await {
        Ok(handed) => return handed_out(&ui, &handed),
        Err(problem) => problem,
    };
    let query = UserQuery::default();
    match user::list::run(&app.services, &actor, &query, now).await {
        Ok(page) if matches!(problem.kind, ProblemKind::BadInput | ProblemKind::Conflict) => {
            let page = users::render(&ui, &page, &query, Some((&draft, &problem.cause)));
            html(StatusCode::BAD_REQUEST, page)
        }
        Ok(_) | Err(_) => refused(&ui, &problem),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    draw(&app, &ui, &actor, id, StatusCode::OK, None).await
}

async fn draw(
    app: &App,
    ui: &Ui<'_>,
    actor: &Actor,
    id: UserId,
    status: StatusCode,
    why: Option<&Message>,
) -> Response {
    match user::show::run(&app.services, actor, id, (app.settings.clock)()).await {
        Ok(Some(view)) => html(status, users::render_one(ui, &view, why)),
        Ok(None) => not_found(ui),
        Err(problem) => refused(ui, &problem),
    }
}

/// Goes back to the user with whom something was done, or says there why it was not.
async fn done(app: &App, visit: &Visit, actor: &Actor, id: UserId, outcome: Result<(), Problem>) -> Response {
    let (ui, address) = (visit.ui(Some(actor)), format!("/users/{id}"));
    match outcome {
        Ok(()) => see_other(&address),
        Err(problem) if problem.kind == ProblemKind::BadInput => {
            let ui = Ui { here: &address, ..ui };
            draw(app, &ui, actor, id, StatusCode::BAD_REQUEST, Some(&problem.cause)).await
        }
        Err(problem) => refused(&ui, &problem),
    }
}

/// What is shown once answers a form: language and theme are switched where it came from.
fn handed_out(ui: &Ui<'_>, handed: &HandedOut) -> Response {
    html(StatusCode::OK, users::render_handed_out(&Ui { here: "/users", ..*ui }, handed))
}

/// For a password and its salt.
fn random(app: &App) -> [[u8; 32]; 2] {
    std::array::from_fn(|_| (app.settings.random)())
}

pub(super) async fn reset(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    match user::reset::run(&app.services, &actor, id, random(&app), (app.settings.clock)()).await {
        Ok(handed) => handed_out(&ui, &handed),
        Err(problem) => done(&app, &visit, &actor, id, Err(problem)).await,
    }
}

pub(super) async fn suspend(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    form: Sent<Pairs>,
) -> Response {
    let (Ok(id), Ok(Form(pairs))) = (id.parse(), form) else { return not_found(&visit.ui(Some(&actor))) };
    let (reason, now) = (field(&pairs, "reason"), (app.settings.clock)());
    let outcome = user::suspend::run(&app.services, &actor, id, &reason, now).await;
    done(&app, &visit, &actor, id, outcome).await
}

pub(super) async fn resume(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse() else { return not_found(&visit.ui(Some(&actor))) };
    let outcome = user::resume::run(&app.services, &actor, id, (app.settings.clock)()).await;
    done(&app, &visit, &actor, id, outcome).await
}

pub(super) async fn end_two_factor(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    form: Sent<Pairs>,
) -> Response {
    let (Ok(id), Ok(Form(pairs))) = (id.parse(), form) else { return not_found(&visit.ui(Some(&actor))) };
    let (reason, now) = (field(&pairs, "reason"), (app.settings.clock)());
    let outcome = two_factor::off::run(&app.services, &actor, id, &reason, now).await;
    done(&app, &visit, &actor, id, outcome).await
}

pub(super) async fn end_session(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((id, session)): Path<(String, String)>,
) -> Response {
    let (Ok(id), Ok(session)) = (id.parse(), session.parse()) else {
        return not_found(&visit.ui(Some(&actor)));
    };
    let now = (app.settings.clock)();
    let outcome = user::end_session::run(&app.services, &actor, id, session, now).await;
    done(&app, &visit, &actor, id, outcome).await
}

pub(super) async fn revoke_token(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((id, token)): Path<(String, String)>,
) -> Response {
    let (Ok(id), Ok(token)) = (id.parse(), token.parse()) else {
        return not_found(&visit.ui(Some(&actor)));
    };
    let now = (app.settings.clock)();
    let outcome = token::revoke::of_another(&app.services, &actor, id, token, now).await;
    done(&app, &visit, &actor, id, outcome).await
}

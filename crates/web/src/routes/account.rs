//! One's own account.

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Problem, ProblemKind};
use service::account::password::{self, Typed};
use service::customer::Pairs;
use service::two_factor::RECOVERY_CODES;
use service::{Actor, session, token, two_factor};

use super::{Sent, field};
use crate::App;
use crate::pages::account::{self, Part, Shown};
use crate::ui::Ui;
use crate::visit::{AtHome, Visit, html, not_found, refused, see_other};

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
    Query(pairs): Query<Pairs>,
) -> Response {
    let shown = Shown { is_changed: field(&pairs, "done") == "password", ..Shown::default() };
    draw(&app, &visit, &actor, StatusCode::OK, &shown).await
}

async fn draw(app: &App, visit: &Visit, actor: &Actor, status: StatusCode, shown: &Shown) -> Response {
    let ui = Ui { here: "/account", ..visit.ui(Some(actor)) };
    match service::account::show::run(&app.services, actor, (app.settings.clock)()).await {
        Ok(view) => html(status, account::render(&ui, &view, shown)),
        Err(problem) => refused(&ui, &problem),
    }
}

/// Goes back to a part of the page, or says there why nothing was done.
async fn done(app: &App, visit: &Visit, actor: &Actor, part: Part, outcome: Result<(), Problem>) -> Response {
    match outcome {
        Ok(()) => see_other(part.address()),
        Err(problem) if matches!(problem.kind, ProblemKind::BadInput | ProblemKind::Conflict) => {
            let shown = Shown { refused: Some((part, problem.cause)), ..Shown::default() };
            draw(app, visit, actor, StatusCode::BAD_REQUEST, &shown).await
        }
        Err(problem) => refused(&visit.ui(Some(actor)), &problem),
    }
}

/// Random bytes for recovery codes.
fn random(app: &App) -> [[u8; 32]; RECOVERY_CODES] {
    std::array::from_fn(|_| (app.settings.random)())
}

pub(super) async fn change_password(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
    form: Sent<Pairs>,
) -> Response {
    let Ok(Form(pairs)) = form else { return not_found(&visit.ui(Some(&actor))) };
    let typed = Typed { old: field(&pairs, "old"), new: field(&pairs, "new"), again: field(&pairs, "again") };
    let random = (app.settings.random)();
    let salt = std::array::from_fn(|place| random[place]);
    match password::run(&app.services, &actor, &typed, salt, (app.settings.clock)()).await {
        // Whoever had to choose one goes on to work.
        Ok(()) if actor.duty.is_some() => see_other("/"),
        Ok(()) => see_other("/account?done=password#password"),
        Err(problem) => done(&app, &visit, &actor, Part::Password, Err(problem)).await,
    }
}

pub(super) async fn end_session(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse() else { return not_found(&visit.ui(Some(&actor))) };
    let outcome = session::end::run(&app.services, &actor, id, (app.settings.clock)()).await;
    done(&app, &visit, &actor, Part::Sessions, outcome).await
}

pub(super) async fn end_others(State(app): State<App>, visit: Visit, AtHome(actor): AtHome) -> Response {
    let outcome = session::end::others(&app.services, &actor, (app.settings.clock)()).await;
    done(&app, &visit, &actor, Part::Sessions, outcome).await
}

pub(super) async fn begin_two_factor(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
) -> Response {
    let random = [(app.settings.random)(), (app.settings.random)()];
    let outcome = two_factor::begin::run(&app.services, &actor, random, (app.settings.clock)()).await;
    done(&app, &visit, &actor, Part::SecondStep, outcome).await
}

pub(super) async fn confirm_two_factor(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
    form: Sent<Pairs>,
) -> Response {
    let Ok(Form(pairs)) = form else { return not_found(&visit.ui(Some(&actor))) };
    let (code, now) = (field(&pairs, "code"), (app.settings.clock)());
    let outcome = two_factor::confirm::run(&app.services, &actor, &code, random(&app), now).await;
    codes(&app, &visit, &actor, outcome).await
}

pub(super) async fn renew_codes(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
    form: Sent<Pairs>,
) -> Response {
    let Ok(Form(pairs)) = form else { return not_found(&visit.ui(Some(&actor))) };
    let (password, now) = (field(&pairs, "password"), (app.settings.clock)());
    let outcome = two_factor::renew::run(&app.services, &actor, &password, random(&app), now).await;
    codes(&app, &visit, &actor, outcome).await
}

/// Shows recovery codes, or says why there are none.
async fn codes(app: &App, visit: &Visit, actor: &Actor, outcome: Result<Vec<String>, Problem>) -> Response {
    match outcome {
        Ok(codes) => {
            let ui = Ui { here: "/account", ..visit.ui(Some(actor)) };
            html(StatusCode::OK, account::render_codes(&ui, &codes))
        }
        Err(problem) => done(app, visit, actor, Part::SecondStep, Err(problem)).await,
    }
}

pub(super) async fn end_two_factor(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
    form: Sent<Pairs>,
) -> Response {
    let Ok(Form(pairs)) = form else { return not_found(&visit.ui(Some(&actor))) };
    let (password, now) = (field(&pairs, "password"), (app.settings.clock)());
    let outcome = two_factor::off::own(&app.services, &actor, &password, now).await;
    done(&app, &visit, &actor, Part::SecondStep, outcome).await
}

pub(super) async fn make_token(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
    form: Sent<Pairs>,
) -> Response {
    let Ok(Form(pairs)) = form else { return not_found(&visit.ui(Some(&actor))) };
    let actions = pairs.iter().filter(|(name, _)| name == "action");
    let draft = token::make::Draft {
        name: field(&pairs, "name"),
        actions: actions.filter_map(|(_, code)| code.parse().ok()).collect(),
        until: field(&pairs, "until"),
    };
    let (random, now) = ((app.settings.random)(), (app.settings.clock)());
    let (status, shown) = match token::make::run(&app.services, &actor, &draft, random, now).await {
        Ok(token) => (StatusCode::OK, Shown { token: Some(token), ..Shown::default() }),
        Err(problem) if problem.kind == ProblemKind::BadInput => {
            let refused = Some((Part::Tokens, problem.cause));
            (StatusCode::BAD_REQUEST, Shown { refused, draft, ..Shown::default() })
        }
        Err(problem) => return refused(&visit.ui(Some(&actor)), &problem),
    };
    draw(&app, &visit, &actor, status, &shown).await
}

pub(super) async fn revoke_token(
    State(app): State<App>,
    visit: Visit,
    AtHome(actor): AtHome,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse() else { return not_found(&visit.ui(Some(&actor))) };
    let outcome = token::revoke::run(&app.services, &actor, id, (app.settings.clock)()).await;
    done(&app, &visit, &actor, Part::Tokens, outcome).await
}

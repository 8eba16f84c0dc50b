//! The operator's own fields of customers: for administrators.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use domain::id::FieldId;
use service::customer::Pairs;
use service::field::arrange::{self, Turn};
use service::field::save::{self, Outcome};
use service::field::{Draft, OptionDraft, form, list};

use super::{Sent, field};
use crate::App;
use crate::pages::fields;
use crate::visit::{SignedIn, Visit, answer, html, not_found, refused, see_other};

/// The addresses of the fields.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/fields", get(show))
        .route("/fields/new", get(begin).post(keep))
        .route("/fields/{id}", get(begin).post(keep))
        .route("/fields/{id}/{turn}", post(turn))
}

async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let ui = visit.ui(Some(&actor));
    let outcome = list::run(&app.services, &actor).await;
    answer(&ui, outcome.map(Some), |list| fields::render(&ui, &list))
}

/// The field that an address is about; none for a new one.
fn which(path: &[(String, String)]) -> Result<Option<FieldId>, domain::id::IdError> {
    path.iter().find(|(name, _)| name == "id").map(|(_, id)| id.parse()).transpose()
}

async fn begin(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(path): Path<Vec<(String, String)>>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = which(&path) else { return not_found(&ui) };
    let outcome = form::run(&app.services, &actor, id).await;
    answer(&ui, outcome.map(Some), |form| fields::render_form(&ui, &form))
}

async fn keep(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(path): Path<Vec<(String, String)>>,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(id), Ok(Form(pairs))) = (which(&path), sent) else { return not_found(&ui) };
    let seen = field(&pairs, "seen").parse().unwrap_or_default();
    let now = (app.settings.clock)();
    match save::run(&app.services, &actor, id, draft(&pairs), seen, now).await {
        Ok(Outcome::Kept(_)) => see_other("/fields"),
        Ok(Outcome::Again(form)) => {
            let status = if form.other.is_some() { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
            html(status, fields::render_form(&ui, &form))
        }
        Err(problem) => refused(&ui, &problem),
    }
}

fn draft(pairs: &Pairs) -> Draft {
    let all =
        |name: &'static str| pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value);
    let both = |name: &str| (field(pairs, &format!("{name}-zh")), field(pairs, &format!("{name}-en")));
    let options =
        all("option-code").zip(all("option-zh")).zip(all("option-en")).map(|((code, zh), en)| OptionDraft {
            code: code.clone(),
            name: (zh.clone(), en.clone()),
            retired: all("option-retired").any(|retired| retired == code),
            ..OptionDraft::default()
        });
    Draft {
        code: field(pairs, "code"),
        name: both("name"),
        hint: both("hint"),
        unit: both("unit"),
        kind: field(pairs, "kind"),
        longest: field(pairs, "longest"),
        category: field(pairs, "category"),
        industry: field(pairs, "industry"),
        required: !field(pairs, "required").is_empty(),
        options: options.collect(),
    }
}

async fn turn(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((id, turn)): Path<(String, String)>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let turn = match turn.as_str() {
        "retire" => Turn::Retire,
        "restore" => Turn::Restore,
        "up" => Turn::Up,
        "down" => Turn::Down,
        _ => return not_found(&ui),
    };
    let Ok(id) = id.parse() else { return not_found(&ui) };
    match arrange::run(&app.services, &actor, id, turn, (app.settings.clock)()).await {
        Ok(()) => see_other("/fields"),
        Err(problem) => refused(&ui, &problem),
    }
}

//! Every address of the product and the use case behind it.

mod account;
mod archive;
mod assignment;
mod edits;
mod fields;
mod sheet_imports;
mod sign_in;
mod tactics;
mod users;
mod views;
mod visits;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::id::{CollaborationId, CustomerId};
use domain::policy::Action;
use domain::{Date, Instant, Problem, ProblemKind};
use service::audit::AuditQuery;
use service::collaboration::{close, open, turn};
use service::customer::{CustomerQuery, Pairs};
use service::segment::save::Draft;
use service::{Actor, duplicate, grant};
use tower_http::compression::CompressionLayer;

use crate::address;
use crate::pages::{
    access, audit, collaboration, contact, customer, data, duplicates, insight, members, models, programme,
    search as search_page, segment, today,
};
use crate::ui::{Room, Ui};
use crate::visit::{SignedIn, Visit, answer, around, current_actor, html, not_found, refused, see_other};
use crate::{App, assets};

/// A form, unless what was sent is none.
type Sent<T> = Result<Form<T>, FormRejection>;

/// Every address with what answers it.
pub fn all(app: App) -> Router {
    Router::new()
        .route("/", get(show_today))
        .route("/login", get(sign_in::show).post(sign_in::enter))
        .route("/login/code", get(sign_in::show_code).post(sign_in::confirm))
        .route("/logout", post(sign_in::leave))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/{id}/end", post(account::end_session))
        .route("/account/sessions/end-others", post(account::end_others))
        .route("/account/two-factor", post(account::begin_two_factor))
        .route("/account/two-factor/confirm", post(account::confirm_two_factor))
        .route("/account/two-factor/codes", post(account::renew_codes))
        .route("/account/two-factor/off", post(account::end_two_factor))
        .route("/account/tokens", post(account::make_token))
        .route("/account/tokens/{id}/revoke", post(account::revoke_token))
        .route("/users", get(users::list).post(users::make))
        .route("/users/{id}", get(users::show))
        .route("/users/{id}/password", post(users::reset))
        .route("/users/{id}/suspend", post(users::suspend))
        .route("/users/{id}/resume", post(users::resume))
        .route("/users/{id}/two-factor-off", post(users::end_two_factor))
        .route("/users/{id}/sessions/{session}/end", post(users::end_session))
        .route("/users/{id}/tokens/{token}/revoke", post(users::revoke_token))
        .route("/search", get(search))
        .route("/customers", get(list_customers))
        .route("/customers/export.csv", get(export_customers))
        .route("/customers/{id}", get(show_customer))
        .route("/customers/{id}/known", get(show_known))
        .route("/customers/{id}/contacts/{contact}", post(reveal_contact))
        .route("/customers/export.xlsx", get(export_workbook))
        .merge(archive::routes())
        .merge(edits::routes())
        .merge(sheet_imports::routes())
        .merge(views::routes())
        .merge(visits::routes())
        .merge(assignment::routes())
        .merge(fields::routes())
        .route("/members", get(list_members))
        .merge(tactics::routes())
        .route("/insight", get(show_insight))
        .route("/models", get(show_models))
        .route("/segments", get(show_segments).post(save_segment))
        .route("/segments/{id}/delete", post(delete_segment))
        .route("/data", get(show_data))
        .route("/duplicates", get(show_duplicates))
        .route("/duplicates/find", post(find_duplicates))
        .route("/duplicates/{one}/{other}/merge", post(merge_customers))
        .route("/duplicates/{one}/{other}/dismiss", post(dismiss_duplicate))
        .route("/duplicates/merges/{id}/end", post(end_merge))
        .route("/collaborations", get(show_collaborations).post(open_collaboration))
        .route("/collaborations/{id}/units/{unit}", post(turn_collaboration))
        .route("/collaborations/{id}/close", post(close_collaboration))
        .route("/programmes", get(show_programmes))
        .route("/access", get(show_access).post(give_grant))
        .route("/access/{id}/end", post(end_grant))
        .route("/audit", get(show_audit))
        .route("/audit/export.csv", get(export_audit))
        .route("/assets/{name}", get(send_asset))
        .route("/healthz", get(|| async { "ok" }))
        .fallback(nothing_there)
        .method_not_allowed_fallback(nothing_there)
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .layer(CompressionLayer::new().gzip(true))
        .with_state(app)
}

async fn show_today(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    pairs: Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    if !actor.may(Action::ViewToday) {
        // Everyone may see customers, so that some room is open to every role.
        return see_other(Room::open_to(&actor).next().unwrap_or(Room::Customers).address());
    }
    let only = pairs.iter().find(|(name, _)| name == "only");
    let only = only.and_then(|(_, kind)| today::parse_kind(kind));
    let now = (app.settings.clock)();
    let outcome = service::today::show::run(&app.services, &actor, only, now).await;
    answer(&ui, outcome.map(Some), |view| today::render(&ui, &view, only))
}

async fn search(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let asked = search_page::Asked::parse(&pairs);
    let outcome = service::search::find::run(&app.services, &actor, &asked.text).await;
    answer(&ui, outcome.map(Some), |found| match asked.from {
        Some(_) => search_page::hits(&ui, &asked, &found),
        None => search_page::render(&ui, &asked, &found),
    })
}

async fn list_customers(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let query = CustomerQuery::parse(&pairs);
    // What is to be done with the customers that were ticked.
    match field(&pairs, "then").as_str() {
        "edit" if !query.only.is_empty() => return see_other(&address::edits(&query)),
        "reassign" if !query.only.is_empty() => return see_other(&address::reassign(&query)),
        _ => {}
    }
    let outcome = service::customer::list::run(&app.services, &actor, &query).await;
    let views = match service::view::list::run(&app.services, &actor).await {
        Ok(views) => views,
        Err(problem) => return refused(&ui, &problem),
    };
    answer(&ui, outcome.map(Some), |page| customer::list::render(&ui, &query, &page, &views))
}

async fn export_customers(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let query = CustomerQuery::parse(&pairs);
    let now = (app.settings.clock)();
    match service::customer::export::run(&app.services, &actor, &query, now).await {
        Ok(customers) => {
            let fields = customers.fields().to_vec();
            let pieces = customer::export::pieces(ui.lang, &query.columns, &fields, customers);
            (csv_file("customers.csv"), Body::from_stream(pieces)).into_response()
        }
        Err(problem) => refused(&ui, &problem),
    }
}

async fn export_workbook(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let query = CustomerQuery::parse(&pairs);
    let now = (app.settings.clock)();
    let customers = match service::customer::export::run(&app.services, &actor, &query, now).await {
        Ok(customers) => customers,
        Err(problem) => return refused(&ui, &problem),
    };
    let fields = customers.fields().to_vec();
    match customer::export::workbook(ui.lang, &query.columns, &fields, customers).await {
        Ok(file) => {
            let pieces = Body::from_stream(customer::export::read_pieces(file));
            (file_headers("customers.xlsx", WORKBOOK), pieces).into_response()
        }
        Err(problem) => refused(&ui, &problem),
    }
}

async fn show_customer(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    let outcome = service::customer::show::run(&app.services, &actor, id, (app.settings.clock)()).await;
    if let Ok(Some(view)) = &outcome
        && view.row.id != id
    {
        return see_other(&address::customer(view.row.id));
    }
    answer(&ui, outcome, |view| customer::show::render(&ui, &view, archive::removed(&pairs)))
}

async fn show_known(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    // Without a day, or with one that is none, what is known today.
    let on = field(&pairs, "on").trim().parse().unwrap_or_else(|_| (app.settings.clock)().date());
    let outcome = service::customer::known::run(&app.services, &actor, id, on).await;
    answer(&ui, outcome, |known| customer::known::render(&ui, &known))
}

async fn reveal_contact(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((customer, id)): Path<(String, String)>,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(customer), Ok(id), Ok(Form(pairs))) = (customer.parse(), id.parse(), form) else {
        return not_found(&ui);
    };
    // What is shown answers a form: language and theme are switched where it came from.
    let back = address::customer(customer);
    let ui = Ui { here: &back, ..ui };
    let (reason, now) = (field(&pairs, "reason"), (app.settings.clock)());
    match service::contact::reveal::run(&app.services, &actor, customer, id, &reason, now).await {
        Ok(row) => html(StatusCode::OK, contact::render(&ui, customer, &row)),
        Err(problem) if problem.kind == ProblemKind::BadInput => {
            html(StatusCode::BAD_REQUEST, contact::render_refused(&ui, customer, id, &problem.cause))
        }
        Err(problem) => refused(&ui, &problem),
    }
}

async fn list_members(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let only = field(&pairs, "only").parse().ok();
    let outcome = service::member::queue::run(&app.services, &actor, only).await;
    answer(&ui, outcome.map(Some), |view| members::render(&ui, &view, only))
}

async fn show_insight(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let unit = pairs.iter().find(|(name, _)| name == "unit").map(|(_, value)| value.parse());
    let Ok(unit) = unit.transpose() else { return not_found(&ui) };
    let outcome = service::insight::show::run(&app.services, &actor, unit).await;
    // Without a unit asked for there is always the user's own: nothing there means nothing computed yet.
    if unit.is_none() && matches!(outcome, Ok(None)) {
        return html(StatusCode::OK, insight::render_empty(&ui));
    }
    answer(&ui, outcome, |view| insight::render(&ui, &view))
}

async fn show_segments(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let groups = address::parse_groups(&pairs);
    let mut examined = segment::parse(&pairs);
    let outcome = service::segment::show::run(&app.services, &actor, groups.clone()).await;
    if outcome.is_ok() && !examined.by.is_empty() {
        let (by, of) = (examined.by.clone(), examined.outcome);
        let certificate = service::segment::certify::run(&app.services, &actor, by, of, ui.lang).await;
        examined.certificate = match certificate {
            Err(problem) if problem.kind != ProblemKind::BadInput => return refused(&ui, &problem),
            other => Some(other.map_err(|problem| problem.cause)),
        };
    }
    answer(&ui, outcome.map(Some), |builder| segment::build::render(&ui, &groups, &builder, &examined, None))
}

async fn save_segment(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(Form(pairs)) = form else { return not_found(&ui) };
    let groups = address::parse_groups(&pairs);
    let draft = Draft {
        name: field(&pairs, "segment-name"),
        goal: field(&pairs, "segment-goal"),
        play: field(&pairs, "segment-play"),
        groups: groups.clone(),
    };
    let now = (app.settings.clock)();
    let problem = match service::segment::save::run(&app.services, &actor, draft.clone(), now).await {
        Ok(_) => return see_other(&format!("{}#kept", address::segments(&groups))),
        Err(problem) if matches!(problem.kind, ProblemKind::BadInput | ProblemKind::Conflict) => problem,
        Err(problem) => return refused(&ui, &problem),
    };
    match service::segment::show::run(&app.services, &actor, groups.clone()).await {
        Ok(builder) => {
            let why = Some((&draft, &problem.cause));
            let page = segment::build::render(&ui, &groups, &builder, &segment::Examined::default(), why);
            html(StatusCode::BAD_REQUEST, page)
        }
        Err(problem) => refused(&ui, &problem),
    }
}

async fn delete_segment(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    match service::segment::delete::run(&app.services, &actor, id, (app.settings.clock)()).await {
        Ok(()) => see_other("/segments#kept"),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn show_models(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let ui = visit.ui(Some(&actor));
    let outcome = service::models::show::run(&app.services, &actor).await;
    answer(&ui, outcome.map(Some), |view| models::render(&ui, &view))
}

async fn show_data(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let ui = visit.ui(Some(&actor));
    let outcome = service::data::show::run(&app.services, &actor).await;
    answer(&ui, outcome.map(Some), |view| data::render(&ui, &view))
}

async fn show_duplicates(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let from = field(&pairs, "from").parse().unwrap_or(0);
    let outcome = duplicate::list::run(&app.services, &actor, from).await;
    answer(&ui, outcome.map(Some), |view| duplicates::render(&ui, &view, None))
}

async fn find_duplicates(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let ui = visit.ui(Some(&actor));
    let outcome = duplicate::find::start(&app.services, &actor, app.settings.clock.clone()).await;
    answer_duplicates(&app, &ui, &actor, outcome).await
}

/// Goes back to the queue, or says there why what was asked was not done.
async fn answer_duplicates(app: &App, ui: &Ui<'_>, actor: &Actor, outcome: Result<(), Problem>) -> Response {
    let problem = match outcome {
        Ok(()) => return see_other("/duplicates"),
        Err(problem) if matches!(problem.kind, ProblemKind::BadInput | ProblemKind::Conflict) => problem,
        Err(problem) => return refused(ui, &problem),
    };
    let ui = Ui { here: "/duplicates", ..*ui };
    match duplicate::list::run(&app.services, actor, 0).await {
        Ok(view) => html(StatusCode::BAD_REQUEST, duplicates::render(&ui, &view, Some(&problem.cause))),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn merge_customers(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((one, other)): Path<(String, String)>,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(one), Ok(other), Ok(Form(pairs))) = (one.parse::<CustomerId>(), other.parse(), form) else {
        return not_found(&ui);
    };
    // Whichever of the two is named stays.
    let (merged, into) = match field(&pairs, "into").parse::<CustomerId>() {
        Ok(into) if into == one => (other, one),
        Ok(into) if into == other => (one, other),
        _ => return not_found(&ui),
    };
    let (reason, now) = (field(&pairs, "reason"), (app.settings.clock)());
    let outcome = duplicate::merge::run(&app.services, &actor, merged, into, &reason, now).await;
    answer_duplicates(&app, &ui, &actor, outcome.map(drop)).await
}

async fn dismiss_duplicate(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((one, other)): Path<(String, String)>,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(one), Ok(other), Ok(Form(pairs))) = (one.parse(), other.parse(), form) else {
        return not_found(&ui);
    };
    let (reason, now) = (field(&pairs, "reason"), (app.settings.clock)());
    let outcome = duplicate::dismiss::run(&app.services, &actor, (one, other), &reason, now).await;
    answer_duplicates(&app, &ui, &actor, outcome).await
}

async fn end_merge(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    let outcome = duplicate::end::run(&app.services, &actor, id, (app.settings.clock)()).await;
    answer_duplicates(&app, &ui, &actor, outcome).await
}

async fn show_collaborations(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let draft = open::Draft { customer: field(&pairs, "customer"), ..open::Draft::default() };
    let asked = collaboration::Asked { draft, ..collaboration::Asked::default() };
    draw_collaborations(&app, &ui, &actor, StatusCode::OK, &asked).await
}

async fn draw_collaborations(
    app: &App,
    ui: &Ui<'_>,
    actor: &Actor,
    status: StatusCode,
    asked: &collaboration::Asked,
) -> Response {
    match service::collaboration::list::run(&app.services, actor, (app.settings.clock)()).await {
        Ok(view) => html(status, collaboration::render(ui, &view, asked)),
        Err(problem) => refused(ui, &problem),
    }
}

/// Goes on to a collaboration with which something was done, or says beside the form why it was not.
async fn answer_collaboration(
    app: &App,
    ui: &Ui<'_>,
    actor: &Actor,
    outcome: Result<CollaborationId, Problem>,
    mut asked: collaboration::Asked,
) -> Response {
    match outcome {
        Ok(id) => see_other(&format!("/collaborations#c{id}")),
        Err(problem) if problem.kind == ProblemKind::BadInput => {
            asked.refused = Some(problem.cause);
            let ui = Ui { here: "/collaborations", ..*ui };
            draw_collaborations(app, &ui, actor, StatusCode::BAD_REQUEST, &asked).await
        }
        Err(problem) => refused(ui, &problem),
    }
}

async fn show_programmes(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let ui = visit.ui(Some(&actor));
    let outcome = service::programme::list::run(&app.services, &actor, (app.settings.clock)()).await;
    answer(&ui, outcome.map(Some), |shown| programme::render(&ui, &shown))
}

async fn open_collaboration(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(Form(pairs)) = form else { return not_found(&ui) };
    let all = |name: &'static str| {
        pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let draft = open::Draft {
        customer: field(&pairs, "customer"),
        subject: field(&pairs, "subject"),
        lead: (field(&pairs, "lead"), field(&pairs, "lead-due")),
        assisting: all("assisting").zip(all("assisting-due")).collect(),
    };
    let outcome = open::run(&app.services, &actor, &draft, (app.settings.clock)()).await;
    let asked = collaboration::Asked { draft, ..collaboration::Asked::default() };
    answer_collaboration(&app, &ui, &actor, outcome, asked).await
}

async fn turn_collaboration(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((id, unit)): Path<(String, String)>,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(id), Ok(unit), Ok(Form(pairs))) = (id.parse(), unit.parse(), form) else {
        return not_found(&ui);
    };
    let asked = match field(&pairs, "turn").as_str() {
        "join" => turn::Asked::Join,
        "leave" => turn::Asked::Leave,
        "finish" => turn::Asked::Finish,
        _ => turn::Asked::Due(field(&pairs, "day")),
    };
    let now = (app.settings.clock)();
    let outcome = turn::run(&app.services, &actor, id, unit, &asked, now).await.map(|()| id);
    let asked = collaboration::Asked { of: Some(id), ..collaboration::Asked::default() };
    answer_collaboration(&app, &ui, &actor, outcome, asked).await
}

async fn close_collaboration(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Ok(id), Ok(Form(pairs))) = (id.parse(), form) else { return not_found(&ui) };
    let (outcome, now) = (field(&pairs, "outcome"), (app.settings.clock)());
    let outcome = close::run(&app.services, &actor, id, &outcome, now).await.map(|()| id);
    let asked = collaboration::Asked { of: Some(id), ..collaboration::Asked::default() };
    answer_collaboration(&app, &ui, &actor, outcome, asked).await
}

async fn show_access(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let now = (app.settings.clock)();
    let mut asked =
        access::Asked { person: field(&pairs, "person"), customer: field(&pairs, "customer"), answer: None };
    let outcome = grant::list::run(&app.services, &actor, now).await;
    if outcome.is_ok() && !asked.person.is_empty() && !asked.customer.is_empty() {
        let answer = grant::explain::run(&app.services, &actor, &asked.person, &asked.customer, now).await;
        asked.answer = match answer {
            Err(problem) if !is_answer(problem.kind) => return refused(&ui, &problem),
            other => Some(other.map_err(|problem| problem.cause)),
        };
    }
    answer(&ui, outcome.map(Some), |grants| access::render(&ui, &grants, &asked, None))
}

/// Whether a refusal answers what was asked for by name.
const fn is_answer(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::BadInput | ProblemKind::NotFound)
}

fn field(pairs: &Pairs, name: &str) -> String {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

async fn give_grant(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    form: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(Form(pairs)) = form else { return not_found(&ui) };
    let draft = grant::give::Draft {
        person: field(&pairs, "person"),
        unit: field(&pairs, "unit"),
        customer: field(&pairs, "customer"),
        until: field(&pairs, "until"),
        reason: field(&pairs, "reason"),
    };
    let now = (app.settings.clock)();
    let problem = match grant::give::run(&app.services, &actor, &draft, now).await {
        Ok(_) => return see_other("/access#grants"),
        Err(problem) => problem,
    };
    match grant::list::run(&app.services, &actor, now).await {
        Ok(grants) if is_answer(problem.kind) => {
            let page =
                access::render(&ui, &grants, &access::Asked::default(), Some((&draft, &problem.cause)));
            html(StatusCode::BAD_REQUEST, page)
        }
        Ok(_) => refused(&ui, &problem),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn end_grant(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Ok(id) = id.parse() else { return not_found(&ui) };
    match grant::end::run(&app.services, &actor, id, (app.settings.clock)()).await {
        Ok(()) => see_other("/access#grants"),
        Err(problem) => refused(&ui, &problem),
    }
}

/// What was typed to find entries, and the query that it makes; a day that is none narrows nothing.
fn audit_query(pairs: &Pairs) -> (audit::Typed, AuditQuery) {
    let typed = audit::Typed {
        of: field(pairs, "of"),
        by: field(pairs, "by"),
        action: field(pairs, "action"),
        from: field(pairs, "from"),
        until: field(pairs, "until"),
        text: field(pairs, "text"),
    };
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let query = AuditQuery {
        sessions: typed.of == "sessions",
        by: given(&typed.by),
        action: given(&typed.action),
        from: day(&typed.from).map(Instant::at_start_of),
        until: day(&typed.until).map(Instant::at_end_of),
        text: given(&typed.text),
        before: field(pairs, "before").parse().ok(),
    };
    (typed, query)
}

async fn show_audit(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (typed, query) = audit_query(&pairs);
    let outcome = service::audit::list::run(&app.services, &actor, &query).await;
    answer(&ui, outcome.map(Some), |page| audit::render(&ui, &page, &typed, &query))
}

async fn export_audit(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (_, query) = audit_query(&pairs);
    match service::audit::export::run(&app.services, &actor, &query, (app.settings.clock)()).await {
        Ok(lines) => (csv_file("audit.csv"), audit::export(&ui, &lines)).into_response(),
        Err(problem) => refused(&ui, &problem),
    }
}

/// The headers of a file for spreadsheets.
fn csv_file(name: &str) -> [(HeaderName, String); 2] {
    file_headers(name, "text/csv; charset=utf-8")
}

/// The media type of a workbook.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The headers of a file to be kept.
fn file_headers(name: &str, media_type: &str) -> [(HeaderName, String); 2] {
    [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))]
}

async fn send_asset(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Response {
    let Some(asset) = assets::find(&name) else {
        return nothing_there(State(app), visit, headers).await;
    };
    // The name changes with the content, so that what was loaded once stays good.
    let headers = [(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.content.as_str()).into_response()
}

async fn nothing_there(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Response {
    match current_actor(&headers, &app).await {
        Ok(actor) => not_found(&visit.ui(actor.as_ref())),
        Err(problem) => refused(&visit.ui(None), &problem),
    }
}

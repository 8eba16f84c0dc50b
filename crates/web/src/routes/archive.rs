//! What people fill in of customers.

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use domain::archive::Sheet;
use domain::id::CustomerId;
use service::archive::{Target, form, remove, save};
use service::customer::Pairs;

use super::{Sent, field};
use crate::pages::archive;
use crate::visit::{SignedIn, Visit, answer, html, not_found, refused, see_other};
use crate::{App, address};

/// The addresses of the archive.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/customers/new", get(show).post(keep))
        .route("/customers/{id}/edit", get(show).post(keep))
        .route("/customers/{id}/archive/{sheet}", get(show).post(keep))
        .route("/customers/{id}/archive/{sheet}/{row}", get(show).post(keep))
        .route("/customers/{id}/archive/{sheet}/{row}/remove", post(take_out))
        .route("/customers/{id}/archive/{sheet}/{row}/restore", post(put_back))
}

/// What an address is about.
fn target(path: &[(String, String)]) -> Option<Target> {
    let part = |name: &str| path.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let Some(customer) = part("id") else { return Some(Target::NewCustomer) };
    let customer = customer.parse().ok()?;
    let Some(sheet) = part("sheet") else { return Some(Target::Customer(customer)) };
    let sheet: Sheet = sheet.parse().ok().filter(|sheet| *sheet != Sheet::Customer)?;
    let row = part("row").map(str::parse).transpose().ok()?;
    Some(Target::Row(customer, sheet, row))
}

async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(path): Path<Vec<(String, String)>>,
    Query(pairs): Query<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Some(target) = target(&path) else { return not_found(&ui) };
    // The visit that a contact is to be.
    let planned = field(&pairs, "visit").parse().ok();
    let outcome = form::run(&app.services, &actor, target, (app.settings.clock)(), planned).await;
    answer(&ui, outcome.map(Some), |form| archive::render(&ui, &form))
}

async fn keep(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(path): Path<Vec<(String, String)>>,
    sent: Sent<Pairs>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let (Some(target), Ok(Form(typed))) = (target(&path), sent) else { return not_found(&ui) };
    match save::run(&app.services, &actor, target, &typed, (app.settings.clock)()).await {
        Ok(save::Outcome::Kept(Target::Row(customer, Sheet::Interaction, _)))
            if typed.iter().any(|(name, _)| name == "then-task") =>
        {
            see_other(&archive::address_of(Target::Row(customer, Sheet::Task, None)))
        }
        Ok(save::Outcome::Kept(kept)) => see_other(&back_to(kept)),
        Ok(save::Outcome::Again(form)) => {
            let status = if form.changed.is_some() { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
            html(status, archive::render(&ui, &form))
        }
        Err(problem) => refused(&ui, &problem),
    }
}

/// The part of the customer's page that a row stands in.
fn back_to(target: Target) -> String {
    match target {
        Target::NewCustomer => "/customers".to_owned(),
        Target::Customer(customer) => address::customer(customer),
        Target::Row(customer, Sheet::Interaction, _) => format!("{}#timeline", address::customer(customer)),
        Target::Row(customer, sheet, _) => format!("{}#{sheet}", address::customer(customer)),
    }
}

async fn take_out(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((customer, sheet, row)): Path<(String, String, String)>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Some(which) = row_of(&customer, &sheet, &row) else { return not_found(&ui) };
    match remove::run(&app.services, &actor, which, true, (app.settings.clock)()).await {
        // The page then offers to put it back.
        Ok(()) => see_other(&format!("{}?removed={sheet}.{row}", address::customer(which.0))),
        Err(problem) => refused(&ui, &problem),
    }
}

async fn put_back(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path((customer, sheet, row)): Path<(String, String, String)>,
) -> Response {
    let ui = visit.ui(Some(&actor));
    let Some(which) = row_of(&customer, &sheet, &row) else { return not_found(&ui) };
    match remove::run(&app.services, &actor, which, false, (app.settings.clock)()).await {
        Ok(()) => see_other(&back_to(Target::Row(which.0, which.1, Some(which.2)))),
        Err(problem) => refused(&ui, &problem),
    }
}

fn row_of(customer: &str, sheet: &str, row: &str) -> Option<(CustomerId, Sheet, i64)> {
    Some((customer.parse().ok()?, sheet.parse().ok()?, row.parse().ok()?))
}

/// The row that was just taken out, from the address of the customer's page.
pub(super) fn removed(pairs: &Pairs) -> Option<(Sheet, i64)> {
    let (_, removed) = pairs.iter().find(|(name, _)| name == "removed")?;
    let (sheet, row) = removed.split_once('.')?;
    Some((sheet.parse().ok()?, row.parse().ok()?))
}

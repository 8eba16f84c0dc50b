//! What a form shows.

use domain::archive::{Sheet, tidied};
use domain::cell::written;
use domain::extract::{Cell, Column, ColumnType, Table};
use domain::id::{ContactId, CustomerId, OrgUnitId, StaffId, VisitId};
use domain::interaction::{Channel, Direction};
use domain::policy::{Action, Home};
use domain::{Instant, Problem};
use store::archive::{HeldColumn, SheetRow};
use store::visit::VisitRow;

use super::{Field, Form, Target, customer_to_edit, own};
use crate::customer::index::CustomerIndex;
use crate::customer::show::{mask_email, mask_phone};
use crate::duplicate::like;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Choices offered of units and of people.
const CHOICES: u32 = 500;

/// A form as it begins: empty, with what is kept, or with what was planned of the visit that the contact is.
///
/// # Errors
/// When the role may not edit customers, the customer or the row is not there or not the actor's own, or the records cannot be
/// read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    target: Target,
    now: Instant,
    visit: Option<VisitId>,
) -> Result<Form, Problem> {
    authorise(actor, target.sheet().action())?;
    if target == Target::NewCustomer {
        // What it will be compared with is read while the form is filled in.
        like::prepare(services);
    }
    let index = services.customers().await?;
    let (name, row) = subject(services, actor, &index, target).await?;
    let mut form = draw(services, actor, &index, target, name, row.as_ref(), now).await?;
    let Some(visit) = visit else { return Ok(form) };
    let Some(planned) = planned(services, &index, target, visit).await? else { return Ok(form) };
    form.visit = Some(visit);
    for field in &mut form.fields {
        match field.column.name {
            "purpose" => field.text = planned.goal.clone().unwrap_or_default(),
            "contact_code" => {
                let met = field.choices.iter().find(|(_, name)| Some(name) == planned.contact.as_ref());
                field.text = met.map(|(id, _)| id.clone()).unwrap_or_default();
            }
            _ => {}
        }
    }
    Ok(form)
}

/// The planned visit of the customer that a contact is to be, unless it was made meanwhile.
pub(super) async fn planned(
    services: &Services,
    index: &CustomerIndex,
    target: Target,
    visit: VisitId,
) -> Result<Option<VisitRow>, Problem> {
    let (Sheet::Interaction, Some(customer)) = (target.sheet(), target.customer()) else { return Ok(None) };
    let planned = services.store().open_visit(visit).await?;
    Ok(planned
        .filter(|planned| planned.customer == customer || index.stands_for_both(customer, planned.customer)))
}

/// The name of the customer that a form is at, and the row that it is about if there is one.
pub(super) async fn subject(
    services: &Services,
    actor: &Actor,
    index: &CustomerIndex,
    target: Target,
) -> Result<(String, Option<SheetRow>), Problem> {
    let Some(customer) = target.customer() else {
        return Ok((String::new(), None));
    };
    let name = customer_to_edit(services, actor, index, customer, target.sheet().action()).await?.name;
    let Some(id) = target.row() else {
        return Ok((name, None));
    };
    let sheet = target.sheet();
    let row = services.store().sheet_row(sheet, id).await?.ok_or_else(problem::not_found)?;
    let is_its = match sheet.place("customer_code") {
        Some(place) => match row.cells[place] {
            // Rows of those that it stands for are its own.
            Cell::Whole(of) => of == customer.get() || index.stands_for_both(customer, CustomerId::new(of)),
            _ => false,
        },
        None => true,
    };
    if !is_its || row.removed_at.is_some() {
        return Err(problem::not_found());
    }
    Ok((name, Some(row)))
}

/// A form with what is kept in its fields.
pub(super) async fn draw(
    services: &Services,
    actor: &Actor,
    index: &CustomerIndex,
    target: Target,
    name: String,
    row: Option<&SheetRow>,
    now: Instant,
) -> Result<Form, Problem> {
    let sheet = target.sheet();
    let held: Vec<HeldColumn> = match row {
        Some(row) if sheet.table().is_some() => services.store().held(sheet, row.id).await?,
        _ => Vec::new(),
    };
    let mut fields = Vec::new();
    for (place, column) in shown(actor, target) {
        let text = match row {
            Some(row) => text_of(services, index, column, &row.cells[place]).await?,
            None => at_first(services, actor, index, target, column, now).await?,
        };
        let extract = held.iter().find(|held| held.place == place).and_then(|held| held.extract.as_ref());
        let extract = match extract {
            Some(cell) => Some(text_of(services, index, column, cell).await?),
            None => None,
        };
        let choices = choices(services, actor, index, target, column).await?;
        fields.push(Field { column, text, wrong: None, other: None, extract, choices });
    }
    let seen = row.map_or(0, |row| row.last_entry);
    let own = own::begun(services, index, target, row).await?;
    Ok(Form { target, name, seen, fields, own, likes: Vec::new(), changed: None, visit: None })
}

/// The fields that this person fills in. To whom a customer belongs is for those who assign customers; its code stays what
/// it was first.
pub(crate) fn shown(actor: &Actor, target: Target) -> impl Iterator<Item = (usize, &'static Column)> {
    let may_assign = actor.may(Action::AssignCustomers);
    target.sheet().fields().filter(move |(_, column)| match (target, column.name) {
        (Target::NewCustomer, "org_code" | "manager_code") => may_assign,
        (Target::Customer(_), "org_code" | "manager_code" | "parent_code") => may_assign,
        (Target::Customer(_), "code") => false,
        (Target::Row(..), "code") => false,
        // Whoever writes a contact down had it.
        (Target::Row(_, Sheet::Interaction, _), "staff_code") => false,
        (Target::Row(..), "staff_code") => may_assign,
        _ => true,
    })
}

/// What a field of a new row begins with.
async fn at_first(
    services: &Services,
    actor: &Actor,
    index: &CustomerIndex,
    target: Target,
    column: &Column,
    now: Instant,
) -> Result<String, Problem> {
    Ok(match column.name {
        "created_on" | "done_on" | "reviewed_on" => now.date().to_string(),
        "at" => tidied(column, &now.to_minute().replace(' ', "T")),
        "channel" => Channel::Visit.to_string(),
        "direction" => Direction::Out.to_string(),
        "staff_code" => {
            let keeper = services.store().person_by_id(keeper(actor, index, target)).await?;
            keeper.map(|person| person.code).unwrap_or_default()
        }
        "org_code" => index.units.get(actor.unit.id).map(|unit| unit.code.clone()).unwrap_or_default(),
        _ => String::new(),
    })
}

/// Whose it is, unless someone else is named, what is to be done around a customer: its manager's, or of whoever says so where
/// it has none.
pub(super) fn keeper(actor: &Actor, index: &CustomerIndex, target: Target) -> StaffId {
    let row = target.customer().and_then(|customer| index.row(customer));
    let manager = row.and_then(|row| index.manager(index.managers[row]));
    manager.map_or(actor.staff, |(staff, _)| *staff)
}

/// A kept value as a person would type it; what is hidden stays hidden.
pub(super) async fn text_of(
    services: &Services,
    index: &CustomerIndex,
    column: &Column,
    cell: &Cell,
) -> Result<String, Problem> {
    // A row beside it is chosen by its number.
    let (Cell::Whole(id), ColumnType::Reference(table)) = (cell, column.kind) else {
        let text = written(column.kind, cell);
        return Ok(match column.name {
            "phone" => mask_phone(&text),
            "email" if !text.is_empty() => mask_email(&text),
            _ => text,
        });
    };
    let store = services.store();
    Ok(match table {
        Table::OrgUnits => index.units.get(OrgUnitId::new(*id)).map(|unit| unit.code.clone()),
        Table::Staff => store.person_by_id(StaffId::new(*id)).await?.map(|person| person.code),
        Table::Customers => store.customer(CustomerId::new(*id)).await?.map(|customer| customer.code),
        _ => Some(id.to_string()),
    }
    .unwrap_or_default())
}

async fn choices(
    services: &Services,
    actor: &Actor,
    index: &CustomerIndex,
    target: Target,
    column: &Column,
) -> Result<Vec<(String, String)>, Problem> {
    let store = services.store();
    Ok(match column.kind {
        ColumnType::Reference(Table::OrgUnits) => match actor.scope.home() {
            Home::Subtree(top) => {
                let below = index.units.all().iter().filter(|unit| index.units.contains(top, unit.id));
                below.take(CHOICES as usize).map(|unit| (unit.code.clone(), unit.name.clone())).collect()
            }
            Home::Own(_) => Vec::new(),
        },
        ColumnType::Reference(Table::Staff) => match actor.scope.home() {
            Home::Subtree(top) => {
                let people = store.keepers_below(top, CHOICES).await?;
                people.into_iter().map(|person| (person.code, person.name)).collect()
            }
            Home::Own(_) => Vec::new(),
        },
        ColumnType::Reference(Table::Contacts) => match target.customer() {
            Some(customer) => {
                let contacts = store.contacts(customer).await?;
                contacts.into_iter().map(|contact| (contact.id.to_string(), contact.name)).collect()
            }
            None => Vec::new(),
        },
        ColumnType::Row(_) => rows_beside(services, target, column).await?,
        _ if target.sheet() == Sheet::Customer && column.name == "industry" => {
            let named = index.industry_names().iter().skip(1).take(CHOICES as usize);
            named.map(|name| (name.clone(), String::new())).collect()
        }
        _ => Vec::new(),
    })
}

/// The rows of the sheet that a column points into, by number and by what is asked for first.
pub(super) async fn rows_beside(
    services: &Services,
    target: Target,
    column: &Column,
) -> Result<Vec<(String, String)>, Problem> {
    let (Some(customer), ColumnType::Row(sheet)) = (target.customer(), column.kind) else {
        return Ok(Vec::new());
    };
    let Ok(sheet) = sheet.parse::<Sheet>() else { return Ok(Vec::new()) };
    let Some((place, first)) = sheet.fields().next() else { return Ok(Vec::new()) };
    let rows = services.store().sheet_rows(sheet, customer).await?;
    // The newest first: that is the one a new row is most often for.
    Ok(rows.iter().rev().map(|row| (row.id.to_string(), written(first.kind, &row.cells[place]))).collect())
}

/// The contact of a customer with this number.
pub(super) async fn contact_of(
    services: &Services,
    customer: CustomerId,
    typed: &str,
) -> Result<Option<ContactId>, Problem> {
    let Ok(id) = typed.parse::<ContactId>() else { return Ok(None) };
    let contacts = services.store().contacts(customer).await?;
    Ok(contacts.iter().any(|contact| contact.id == id).then_some(id))
}

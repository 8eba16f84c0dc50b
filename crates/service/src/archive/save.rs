//! Keeping what was filled in.

use domain::archive::{Sheet, doubt, tidied};
use domain::cell;
use domain::extract::{Cell, Column, ColumnType, Table};
use domain::id::CustomerId;
use domain::policy::{Action, Home};
use domain::{Instant, Message, Problem, ProblemKind, date};
use store::archive::{Entered, NewSheetRow, SheetRow};

use super::form::{contact_of, draw, keeper, planned, rows_beside, shown, subject, text_of};
use super::{Form, Target, own};
use crate::customer::Pairs;
use crate::customer::index::CustomerIndex;
use crate::duplicate::like::{self, Draft, Likeness};
use crate::lock::RunLock;
use crate::services::{authorise, row_in_sight};
use crate::{Actor, Services, problem};

/// What became of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is kept, as this.
    Kept(Target),
    /// Something is wrong with it, or someone was faster: the form with what was typed, to be sent again.
    Again(Box<Form>),
}

/// Keeps a form: `typed` are its fields by the names of their columns, `seen`, the state it began with, `take`, a field that is
/// to be as the last import had it, and `another`, that a new customer is none of those that it is like. A field that was not sent stays as it is, or
/// empty in a new row.
///
/// # Errors
/// When the role may not edit customers, the customer or the row is not there or not the actor's own, an import is giving out
/// numbers, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    target: Target,
    typed: &Pairs,
    now: Instant,
) -> Result<Outcome, Problem> {
    authorise(actor, target.sheet().action())?;
    let index = services.customers().await?;
    let (name, row) = subject(services, actor, &index, target).await?;
    let mut form = draw(services, actor, &index, target, name, row.as_ref(), now).await?;
    let of_field =
        |name: &str| typed.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let mut cells = match &row {
        Some(row) => row.cells.clone(),
        None => empty(actor, &index, target),
    };
    if let Some(visit) = of_field("visit").and_then(|visit| visit.parse().ok()) {
        form.visit = planned(services, &index, target, visit).await?.map(|planned| planned.id);
    }
    let held = match &row {
        Some(row) if of_field("take").is_some() => services.store().held(target.sheet(), row.id).await?,
        _ => Vec::new(),
    };
    for (field, (place, column)) in form.fields.iter_mut().zip(shown(actor, target)) {
        if of_field("take") == Some(column.name) {
            let held = held.iter().find(|held| held.place == place).and_then(|held| held.extract.clone());
            cells[place] = held.unwrap_or_else(|| cells[place].clone());
            continue;
        }
        let Some(sent) = of_field(column.name).or(row.is_none().then_some("")) else { continue };
        let sent = tidied(column, sent);
        // What is hidden and was left as it is shown stays what it is.
        if sent == field.text && row.is_some() {
            continue;
        }
        match read(services, actor, &index, target, column, &sent).await? {
            Ok(cell) => cells[place] = cell,
            Err(wrong) => field.wrong = Some(wrong),
        }
        field.text = sent;
    }
    let own = own::read(&mut form.own, row.is_none(), of_field);
    let seen = of_field("seen").and_then(|seen| seen.parse().ok()).unwrap_or_default();
    if let Some(row) = row.as_ref().filter(|row| row.last_entry != seen) {
        return Ok(Outcome::Again(Box::new(both_versions(services, actor, &index, form, row).await?)));
    }
    check_together(&mut form, &cells, now);
    if form.wrong() > 0 {
        return Ok(Outcome::Again(Box::new(form)));
    }
    if target == Target::NewCustomer && of_field("another") != Some("yes") {
        form.likes = likes(services, actor, &form).await?;
        if !form.likes.is_empty() {
            return Ok(Outcome::Again(Box::new(form)));
        }
    }
    let new = NewSheetRow {
        sheet: target.sheet(),
        of: row.as_ref().map(|row| (row.id, seen)),
        customer: if target.sheet() == Sheet::Customer { None } else { target.customer() },
        cells,
        visit: form.visit,
        own,
    };
    match enter(services, actor, new, now).await {
        Ok(Entered::Kept(id)) => Ok(Outcome::Kept(match target {
            Target::NewCustomer | Target::Customer(_) => Target::Customer(CustomerId::new(id)),
            Target::Row(customer, sheet, _) => Target::Row(customer, sheet, Some(id)),
        })),
        Ok(Entered::Changed) => {
            let (_, row) = subject(services, actor, &index, target).await?;
            let row = row.ok_or_else(problem::not_found)?;
            Ok(Outcome::Again(Box::new(both_versions(services, actor, &index, form, &row).await?)))
        }
        Ok(Entered::Circle) => Ok(again_with(form, "parent_code", Message::new("field-parent-circle"))),
        Ok(Entered::Gone) => Err(problem::not_found()),
        Ok(Entered::ImportAtWork) => Err(problem::import_at_work()),
        Err(error) if error.kind == ProblemKind::Conflict && form.has("code") => {
            Ok(again_with(form, "code", error.cause))
        }
        Err(error) => Err(error),
    }
}

/// Who in the whole operator is probably the customer that is being entered (撞单).
async fn likes(services: &Services, actor: &Actor, form: &Form) -> Result<Vec<Likeness>, Problem> {
    let text = |name: &str| {
        let field = form.fields.iter().find(|field| field.column.name == name);
        field.map(|field| field.text.clone()).unwrap_or_default()
    };
    let draft = Draft {
        name: text("name"),
        credit_code: text("credit_code"),
        address: text("address"),
        ..Draft::default()
    };
    like::run(services, actor, &draft).await
}

/// Enters a row. Where an import stands as running that was killed, its book is closed first.
async fn enter(
    services: &Services,
    actor: &Actor,
    new: NewSheetRow,
    now: Instant,
) -> Result<Entered, Problem> {
    let store = services.store();
    let code = new.cells.first().cloned();
    let taken = |error: store::StoreError| match (error.is_duplicate(), code) {
        (true, Some(Cell::Text(code))) => problem::customer_code_taken(&code),
        _ => error.into(),
    };
    match store.enter(new.clone(), actor.user, now).await {
        Ok(Entered::ImportAtWork) => match RunLock::take(services.data_dir()) {
            Ok(_lock) => {
                store.close_killed_runs("killed", now).await?;
                store.enter(new, actor.user, now).await.map_err(taken)
            }
            Err(_) => Ok(Entered::ImportAtWork),
        },
        other => other.map_err(taken),
    }
}

/// The cells of a new row before anything is typed.
fn empty(actor: &Actor, index: &CustomerIndex, target: Target) -> Vec<Cell> {
    let columns = target.sheet().columns().iter().map(|column| match (target, column.name) {
        (Target::Row(customer, ..), "customer_code") => Cell::Whole(customer.get()),
        (Target::Row(_, Sheet::Interaction, _), "staff_code") => Cell::Whole(actor.staff.get()),
        (Target::Row(..), "staff_code") if actor.may(Action::AssignCustomers) => {
            Cell::Whole(keeper(actor, index, target).get())
        }
        (Target::Row(..), "staff_code") => Cell::Whole(actor.staff.get()),
        (Target::NewCustomer, "org_code") => Cell::Whole(actor.unit.id.get()),
        (Target::NewCustomer, "manager_code") => match actor.scope.home() {
            Home::Own(staff) => Cell::Whole(staff.get()),
            Home::Subtree(_) => Cell::Null,
        },
        _ => Cell::Null,
    });
    columns.collect()
}

/// A value that was typed, or what is wrong with it.
async fn read(
    services: &Services,
    actor: &Actor,
    index: &CustomerIndex,
    target: Target,
    column: &Column,
    typed: &str,
) -> Result<Result<Cell, Message>, Problem> {
    if typed.is_empty() {
        let may_be_empty = !column.required || (target, column.name) == (Target::NewCustomer, "code");
        return Ok(if may_be_empty { Ok(Cell::Null) } else { Err(Message::new("import-cell-required")) });
    }
    let value = match cell::parse(column.kind, typed.as_bytes()) {
        Ok(value) => value,
        Err(wrong) => return Ok(Err(wrong)),
    };
    if let Some(wrong) = doubt(column, typed) {
        return Ok(Err(wrong));
    }
    let not_found = || Message::new("field-not-found").with("text", typed);
    let table = match column.kind {
        ColumnType::Reference(table) => table,
        ColumnType::Row(_) => {
            let beside = rows_beside(services, target, column).await?;
            let row =
                beside.iter().find(|(number, _)| number == typed).and_then(|(number, _)| number.parse().ok());
            return Ok(row.map(Cell::Whole).ok_or_else(not_found));
        }
        _ => return Ok(Ok(value.kept(column.kind))),
    };
    let found = match table {
        Table::OrgUnits => {
            let unit =
                index.units.named(typed).filter(|unit| index.units.is_home(actor.scope.home(), unit.id));
            unit.map(|unit| unit.id.get())
        }
        Table::Staff => {
            let person = services.store().person(typed).await?;
            let is_below = |unit| index.units.is_home(actor.scope.home(), unit);
            person.filter(|person| is_below(person.unit)).map(|person| person.id.get())
        }
        Table::Customers => match row_in_sight(services, index, actor, typed).await {
            Ok(row) => Some(index.ids[row].get()),
            Err(wrong) => return Ok(Err(wrong.cause)),
        },
        _ => match target.customer() {
            Some(customer) => contact_of(services, customer, typed).await?.map(|contact| contact.get()),
            None => None,
        },
    };
    Ok(found.map(Cell::Whole).ok_or_else(not_found))
}

/// What fields say together, or say of today.
fn check_together(form: &mut Form, cells: &[Cell], now: Instant) {
    let sheet = form.target.sheet();
    let day = |name: &str| match sheet.place(name).map(|place| &cells[place]) {
        Some(Cell::Whole(days)) => Some(*days),
        _ => None,
    };
    let today = date::days(now.date());
    // Clocks of telephones are some minutes off.
    if let Some(Cell::Whole(at)) = sheet.place("at").map(|place| &cells[place])
        && *at > now.plus_seconds(600).micros()
    {
        form.set_wrong("at", Message::new("field-in-future"));
    }
    for past in ["created_on", "done_on", "reviewed_on", "signed_on"] {
        if day(past).is_some_and(|day| day > today) {
            form.set_wrong(past, Message::new("field-in-future"));
        }
    }
    let spans = [
        ("since_on", "contract_ends_on"),
        ("since_on", "until_on"),
        ("done_on", "next_on"),
        ("begins_on", "ends_on"),
    ];
    for (first, last) in spans {
        if day(first).zip(day(last)).is_some_and(|(first, last)| last < first) {
            form.set_wrong(last, Message::new("field-before-begin"));
        }
    }
}

/// The form with what someone else made of the row meanwhile beside what was typed.
async fn both_versions(
    services: &Services,
    actor: &Actor,
    index: &CustomerIndex,
    mut form: Form,
    row: &SheetRow,
) -> Result<Form, Problem> {
    let places = shown(actor, form.target);
    for (field, (place, column)) in form.fields.iter_mut().zip(places) {
        let now = text_of(services, index, column, &row.cells[place]).await?;
        field.wrong = None;
        field.other = (now != field.text).then_some(now);
    }
    for (field, now) in form.own.iter_mut().zip(own::begun(services, index, form.target, Some(row)).await?) {
        field.wrong = None;
        field.other = (now.text != field.text).then_some(now.text);
    }
    form.seen = row.last_entry;
    form.changed = services.store().last_change(row.last_entry).await?;
    Ok(form)
}

fn again_with(mut form: Form, field: &str, wrong: Message) -> Outcome {
    form.set_wrong(field, wrong);
    Outcome::Again(Box::new(form))
}

impl Form {
    /// How many fields are wrong.
    #[must_use]
    pub fn wrong(&self) -> usize {
        let own = self.own.iter().filter(|field| field.wrong.is_some());
        self.fields.iter().filter(|field| field.wrong.is_some()).count() + own.count()
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.column.name == name)
    }

    fn set_wrong(&mut self, name: &str, wrong: Message) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.column.name == name) {
            field.wrong.get_or_insert(wrong);
        }
    }
}

//! Listing programmes.

use domain::archive::{ProgrammeState, Sheet};
use domain::extract::Cell;
use domain::id::CustomerId;
use domain::policy::Action;
use domain::{Date, Instant, Problem, date};
use store::archive::SheetRow;

use super::{Programme, Programmes};
use crate::services::authorise;
use crate::{Actor, Services};

/// The programmes at customers that the actor sees.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, now: Instant) -> Result<Programmes, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let index = services.customers().await?;
    let store = services.store();
    let members = store.all_sheet_rows(Sheet::ProgrammeMember).await?;
    let activities = store.all_sheet_rows(Sheet::ProgrammeActivity).await?;
    let mut rows = Vec::new();
    for row in store.all_sheet_rows(Sheet::Programme).await? {
        let row = Fields(Sheet::Programme, &row);
        let at =
            row.number("customer_code").map(CustomerId::new).and_then(|customer| index.found_at(customer));
        let Some(at) = at.filter(|&at| index.is_in(at, &actor.scope)) else { continue };
        let done = of(Sheet::ProgrammeActivity, &activities, row.1.id);
        let last = done.iter().filter_map(|activity| activity.day("done_on")).max();
        // What was agreed on before the last activity is done with it.
        let next = done
            .iter()
            .filter(|activity| activity.day("done_on") == last)
            .filter_map(|activity| Some((activity.day("next_on")?, activity.text("next_step"))));
        let here = of(Sheet::ProgrammeMember, &members, row.1.id);
        rows.push(Programme {
            id: row.1.id,
            customer: index.ids[at],
            customer_name: index.name(at).to_owned(),
            manager: index
                .manager(index.managers[at])
                .filter(|_| !actor.scope.is_own_only())
                .map(|(_, name)| name.clone()),
            name: row.text("name"),
            state: row.text("programme_state").parse().unwrap_or(ProgrammeState::Planned),
            sponsor: row.text("sponsor"),
            goal: row.text("goal"),
            begins: row.day("begins_on"),
            ends: row.day("ends_on"),
            signed: row.day("signed_on"),
            result: row.text("result"),
            members: here
                .iter()
                .filter(|of| of.day("left_on").is_none())
                .map(|of| of.text("person"))
                .collect(),
            activities: (done.len(), last),
            next: next.min(),
        });
    }
    rows.sort_by_key(|row| {
        let due = row.next.as_ref().map(|(day, _)| *day).or(row.ends);
        (row.state == ProgrammeState::Closed, due.is_none(), due, std::cmp::Reverse(row.begins), row.id)
    });
    Ok(Programmes { rows, today: now.date() })
}

/// The rows of a sheet that belong to a programme.
fn of(sheet: Sheet, rows: &[SheetRow], programme: i64) -> Vec<Fields<'_>> {
    let rows = rows.iter().map(|row| Fields(sheet, row));
    rows.filter(|row| row.number("programme") == Some(programme)).collect()
}

/// The cells of a row by name.
struct Fields<'a>(Sheet, &'a SheetRow);

impl Fields<'_> {
    fn cell(&self, name: &str) -> Option<&Cell> {
        self.0.place(name).map(|place| &self.1.cells[place])
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.cell(name) {
            Some(Cell::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    fn day(&self, name: &str) -> Option<Date> {
        self.number(name).and_then(date::from_days)
    }

    fn text(&self, name: &str) -> String {
        match self.cell(name) {
            Some(Cell::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }
}

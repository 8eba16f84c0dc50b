//! The sheets of a customer.

use domain::Problem;
use domain::archive::Sheet;
use domain::cell::written;
use domain::extract::Column;
use domain::id::CustomerId;

use crate::Services;

/// The rows of one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetView {
    /// Which.
    pub sheet: Sheet,
    /// Its rows, the newest first: each with its number and what stands in its fields.
    pub rows: Vec<(i64, Vec<(&'static Column, String)>)>,
}

/// The sheets beside the contacts, each after those that its rows point to.
const SHOWN: [Sheet; 7] = [
    Sheet::Review,
    Sheet::Move,
    Sheet::Presence,
    Sheet::Purchase,
    Sheet::Programme,
    Sheet::ProgrammeMember,
    Sheet::ProgrammeActivity,
];

/// The sheets beside the contacts, of a customer that the caller has found to be in sight.
pub(crate) async fn of_customer(
    services: &Services,
    customer: CustomerId,
) -> Result<Vec<SheetView>, Problem> {
    let store = services.store();
    let contacts = store.contacts(customer).await?;
    let mut views = Vec::new();
    let mut programmes: Vec<(i64, String)> = Vec::new();
    for sheet in SHOWN {
        let mut rows = Vec::new();
        for row in store.sheet_rows(sheet, customer).await?.into_iter().rev() {
            let fields = sheet.fields().map(|(place, column)| {
                let text = written(column.kind, &row.cells[place]);
                let name = match column.name {
                    "contact_code" => contacts
                        .iter()
                        .find(|contact| contact.id.to_string() == text)
                        .map_or(String::new(), |contact| contact.name.clone()),
                    "programme" => programmes
                        .iter()
                        .find(|(id, _)| id.to_string() == text)
                        .map_or(String::new(), |(_, name)| name.clone()),
                    _ => text,
                };
                (column, name)
            });
            rows.push((row.id, fields.collect()));
        }
        if sheet == Sheet::Programme {
            programmes = named(&rows);
        }
        views.push(SheetView { sheet, rows });
    }
    Ok(views)
}

/// Rows by number and by what is asked for first.
fn named(rows: &[(i64, Vec<(&'static Column, String)>)]) -> Vec<(i64, String)> {
    rows.iter()
        .map(|(id, fields)| (*id, fields.first().map_or(String::new(), |(_, name)| name.clone())))
        .collect()
}

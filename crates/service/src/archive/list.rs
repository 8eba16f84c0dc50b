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

/// The sheets beside the contacts, of a customer that the caller has found to be in sight.
pub(crate) async fn of_customer(
    services: &Services,
    customer: CustomerId,
) -> Result<Vec<SheetView>, Problem> {
    let store = services.store();
    let contacts = store.contacts(customer).await?;
    let mut views = Vec::new();
    for sheet in [Sheet::Review, Sheet::Move, Sheet::Presence, Sheet::Purchase] {
        let mut rows = Vec::new();
        for row in store.sheet_rows(sheet, customer).await?.into_iter().rev() {
            let fields = sheet.fields().map(|(place, column)| {
                let text = written(column.kind, &row.cells[place]);
                let name = match column.name {
                    "contact_code" => contacts
                        .iter()
                        .find(|contact| contact.id.to_string() == text)
                        .map_or(String::new(), |contact| contact.name.clone()),
                    _ => text,
                };
                (column, name)
            });
            rows.push((row.id, fields.collect()));
        }
        views.push(SheetView { sheet, rows });
    }
    Ok(views)
}

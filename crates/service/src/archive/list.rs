//! The sheets of a customer.

use domain::Problem;
use domain::archive::Sheet;
use domain::cell::written;
use domain::extract::{Cell, Column, ColumnType, Table};
use domain::id::CustomerId;
use store::archive::SheetRow;
use store::contact::ContactRow;

use crate::Services;

/// The rows of one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetView {
    /// Which.
    pub sheet: Sheet,
    /// Its rows, the newest first: each with its number and what stands in its fields.
    pub rows: Vec<(i64, Vec<(&'static Column, String)>)>,
}

/// The sheets beside the contacts, each after the one that its rows point to.
const SHOWN: [Sheet; 7] = [
    Sheet::Review,
    Sheet::Move,
    Sheet::Presence,
    Sheet::Purchase,
    Sheet::Programme,
    Sheet::ProgrammeActivity,
    Sheet::ProgrammeMember,
];

/// The sheets beside the contacts, of a customer that the caller has found to be in sight; those whose rows would point to a row
/// that is not there are left out.
pub(crate) async fn of_customer(
    services: &Services,
    customer: CustomerId,
    contacts: &[ContactRow],
) -> Result<Vec<SheetView>, Problem> {
    let mut views: Vec<SheetView> = Vec::new();
    for sheet in SHOWN {
        let has_above =
            |above: &str| views.iter().any(|view| view.sheet.code() == above && !view.rows.is_empty());
        if sheet
            .columns()
            .iter()
            .any(|column| matches!(column.kind, ColumnType::Row(above) if !has_above(above)))
        {
            continue;
        }
        let name = |column: &Column, cell: &Cell| match (column.kind, cell) {
            (ColumnType::Reference(Table::Contacts), Cell::Whole(id)) => {
                let contact = contacts.iter().find(|contact| contact.id.get() == *id);
                contact.map(|contact| contact.name.clone()).unwrap_or_default()
            }
            (ColumnType::Row(above), Cell::Whole(id)) => first_field(&views, above, *id).unwrap_or_default(),
            _ => written(column.kind, cell),
        };
        let rows = services.store().sheet_rows(sheet, customer).await?;
        let told = |row: &SheetRow| {
            let fields = sheet.fields().map(|(place, column)| (column, name(column, &row.cells[place])));
            (row.id, fields.collect())
        };
        let rows = rows.iter().rev().map(told).collect();
        views.push(SheetView { sheet, rows });
    }
    Ok(views)
}

/// What is asked for first of a row of a sheet.
fn first_field(views: &[SheetView], sheet: &str, row: i64) -> Option<String> {
    let view = views.iter().find(|view| view.sheet.code() == sheet)?;
    let (_, fields) = view.rows.iter().find(|(id, _)| *id == row)?;
    fields.first().map(|(_, text)| text.clone())
}

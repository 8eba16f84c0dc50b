//! The rows that were refused, as they were given, with why.

use domain::archive::Sheet;
use domain::archive::field_key;
use domain::id::SheetImportId;
use domain::{Lang, Problem};

use super::{own, sheet_of};
use crate::services::off_thread;
use crate::{Actor, Services, problem};

/// Refused rows as a file: header and rows, the last column saying why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRows {
    /// The header.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Whether a workbook was uploaded, so that one is handed back.
    pub is_workbook: bool,
}

/// One's own refused rows.
///
/// # Errors
/// When there is no such sheet of the actor's any more, none of it was refused, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    lang: Lang,
) -> Result<RefusedRows, Problem> {
    own(services, actor, id).await?;
    let refused = services.store().sheet_refused(id, u32::MAX).await?;
    if refused.is_empty() {
        return Err(problem::not_found());
    }
    let sheet = sheet_of(services, id).await?;
    off_thread(move || {
        let mut header = sheet.header.clone();
        header.push(text::get(lang, "sheet-why").into_owned());
        let mut refused = refused.into_iter().peekable();
        let mut rows = Vec::new();
        for row in sheet.rows() {
            let mut why = Vec::new();
            while let Some(refusal) = refused.next_if(|refusal| refusal.line == row.line) {
                let column = refusal.column.as_deref().and_then(|name| Sheet::Customer.place(name));
                let said = text::say(lang, &refusal.reason);
                why.push(match column {
                    Some(place) => {
                        let name = text::get(lang, &field_key(&Sheet::Customer.columns()[place]));
                        format!("{name}{}{said}", text::get(lang, "sheet-why-joint"))
                    }
                    None => said,
                });
            }
            if why.is_empty() {
                continue;
            }
            let width = sheet.header.len().max(row.width());
            let mut cells: Vec<String> = (0..width).map(|column| row.cell(column).to_owned()).collect();
            // Beside the header's last column, where the row itself is no wider.
            cells.push(why.join("; "));
            rows.push(cells);
        }
        Ok(RefusedRows { header, rows, is_workbook: sheet.is_workbook })
    })
    .await
}

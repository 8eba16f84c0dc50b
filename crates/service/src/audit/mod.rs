//! The audit: who did what, when and why, what stood there before; and the proof that nothing of it was changed.

pub mod check;
pub mod export;
pub mod list;

pub use store::audit::{ACTIONS, AuditCheck, AuditEntry, AuditLine, AuditQuery, RECORD_CHANGE};

use domain::Problem;
use domain::id::OrgUnitId;
use serde_json::Value;

use crate::customer::show::{mask_email, mask_phone};
use crate::{Actor, Services};

/// Entries of a page.
pub const PAGE: u32 = 100;

/// A page of the audit.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditPage {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// The entry that the next page is older than, if there is one.
    pub next: Option<i64>,
}

/// The unit whose people's acts someone sees; none for all, runs included, if no unit lies above it.
async fn within(services: &Services, actor: &Actor) -> Result<Option<OrgUnitId>, Problem> {
    let index = services.customers().await?;
    let unit = actor.unit.id;
    Ok(index.units.get(unit).is_none_or(|unit| unit.parent.is_some()).then_some(unit))
}

/// Hides in what was changed what is hidden where it is shown: it is seen in full contact by contact and for a reason.
fn masked(mut line: AuditLine) -> AuditLine {
    let hide = |column: &str, value: &mut Value| match (column, &*value) {
        ("phone", Value::String(phone)) => *value = mask_phone(phone).into(),
        ("email", Value::String(email)) => *value = mask_email(email).into(),
        _ => {}
    };
    for (column, was, is) in &mut line.changes {
        hide(column, was);
        hide(column, is);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Instant;
    use serde_json::json;

    #[test]
    fn phone_and_email_of_a_changed_contact_are_hidden() {
        let user = domain::id::UserId::new(1);
        let entry =
            AuditEntry::by(user, Instant::from_micros(0), RECORD_CHANGE, "contacts", Some(1), Value::Null);
        let changes = vec![
            ("phone".to_owned(), json!("010-5550-0142"), Value::Null),
            ("email".to_owned(), json!("li@customer.example"), json!("lei@customer.example")),
            ("name".to_owned(), json!("示例"), json!("样本")),
        ];
        let line = masked(AuditLine { id: 1, entry, by: None, changes });
        let told: Vec<(&Value, &Value)> = line.changes.iter().map(|(_, was, is)| (was, is)).collect();
        assert_eq!(told[0], (&json!("***-****-0142"), &Value::Null));
        assert_eq!(told[1], (&json!("l***@customer.example"), &json!("l***@customer.example")));
        assert_eq!(told[2], (&json!("示例"), &json!("样本")));
    }
}

//! 专班: programmes of executive engagement across customers.

pub mod list;

use domain::Date;
use domain::archive::ProgrammeState;
use domain::id::CustomerId;

/// A programme with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme {
    /// Its row on the sheet.
    pub id: i64,
    /// At which customer.
    pub customer: CustomerId,
    /// That customer's name.
    pub customer_name: String,
    /// Who answers for that customer; none if nobody does.
    pub manager: Option<String>,
    /// What it is called.
    pub name: String,
    /// How far it has come.
    pub state: ProgrammeState,
    /// The executive who leads it.
    pub sponsor: String,
    /// What it is to reach.
    pub goal: String,
    /// From when …
    pub begins: Option<Date>,
    /// … until when.
    pub ends: Option<Date>,
    /// When the framework agreement was signed.
    pub signed: Option<Date>,
    /// What came of it.
    pub result: String,
    /// Who works in it.
    pub members: Vec<String>,
    /// What was done: how often, and the last time.
    pub activities: (usize, Option<Date>),
    /// What is agreed to be done next, and by when.
    pub next: Option<(Date, String)>,
}

/// The programmes in sight.
#[derive(Debug, Clone, PartialEq)]
pub struct Programmes {
    /// Those that are not over before those that are, what is due first before what is due later.
    pub rows: Vec<Programme>,
    /// Today.
    pub today: Date,
}

impl Programme {
    /// Whether what is agreed to be done next should have been done, or it should have ended.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        let is_past = |day: Option<Date>| day.is_some_and(|day| day < today);
        self.state != ProgrammeState::Closed
            && (is_past(self.ends) || is_past(self.next.as_ref().map(|(day, _)| *day)))
    }
}

//! Views of the customer list that people keep: conditions, order and columns under a name, for themselves or for a unit.
//! A view says what to ask; what it shows is what whoever opens it may see.

pub mod change;
pub mod delete;
pub mod keep;
pub mod list;
pub mod pin;

use domain::id::ViewId;
use domain::policy::Action;
use domain::{Instant, Problem};
use store::view::ViewRow;

use crate::customer::{CustomerQuery, Pairs};
use crate::units::Units;
use crate::{Actor, Services, problem};

/// A view that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    /// Which.
    pub id: ViewId,
    /// Its name.
    pub name: String,
    /// What it asks for; it names the view as where it was opened from.
    pub query: CustomerQuery,
    /// The unit that sees it with those below; none if it is its owner's alone.
    pub unit: Option<String>,
    /// Whose it is.
    pub owner: String,
    /// Whether the user may change and delete it.
    pub may_change: bool,
    /// Whether the user pinned it.
    pub is_pinned: bool,
    /// What tells one state of it from another.
    pub revision: i64,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Instant,
}

/// Characters of a name.
pub const LONGEST_NAME: usize = 40;
/// Bytes of what a view asks for, as it is kept.
const LONGEST_QUERY: usize = 4_000;
/// Views of one person, and views that one unit shares.
const MOST: u32 = 50;
/// Views that one user sees.
const MOST_SEEN: u32 = 500;
/// Views that one user can pin: as many as stand side by side.
pub const MOST_PINS: u32 = 8;

/// The views that a user sees, those pinned first.
async fn seen(services: &Services, actor: &Actor) -> Result<Vec<SavedView>, Problem> {
    let rows = services.store().views(actor.user, actor.unit.id, MOST_SEEN).await?;
    let index = services.customers().await?;
    rows.into_iter().map(|row| read(&index.units, actor, row)).collect()
}

/// A view that the user sees; one outside looks like one that is not there.
async fn find(services: &Services, actor: &Actor, id: ViewId) -> Result<SavedView, Problem> {
    seen(services, actor).await?.into_iter().find(|view| view.id == id).ok_or_else(problem::not_found)
}

fn read(units: &Units, actor: &Actor, row: ViewRow) -> Result<SavedView, Problem> {
    let pairs: Pairs = serde_json::from_str(&row.query).map_err(Problem::internal)?;
    // What a unit shares belongs to whoever shares things there, not only to who happened to begin.
    let of_unit = row
        .unit
        .is_some_and(|unit| actor.may(Action::BuildSegments) && units.is_home(actor.scope.home(), unit));
    Ok(SavedView {
        id: row.id,
        name: row.name,
        query: CustomerQuery { view: Some(row.id), ..CustomerQuery::parse(&pairs) },
        unit: row.unit_name,
        owner: row.owner_name,
        may_change: row.owner == actor.user || of_unit,
        is_pinned: row.is_pinned,
        revision: row.revision,
        changed_by: row.changed_by,
        changed_at: row.changed_at,
    })
}

/// A name that can be kept.
fn name_of(typed: &str) -> Result<&str, Problem> {
    let name = typed.trim();
    let is_bad = name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control);
    if is_bad { Err(problem::bad_view_name(LONGEST_NAME)) } else { Ok(name) }
}

/// What a view asks for, as it is kept.
fn write(query: &CustomerQuery) -> Result<String, Problem> {
    let written = serde_json::to_string(&query.itself().pairs()).map_err(Problem::internal)?;
    if written.len() > LONGEST_QUERY { Err(problem::view_too_long()) } else { Ok(written) }
}

fn name_taken(name: &str) -> impl Fn(store::StoreError) -> Problem {
    move |error| if error.is_duplicate() { problem::view_name_taken(name) } else { error.into() }
}

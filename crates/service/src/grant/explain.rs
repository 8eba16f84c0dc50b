//! Why a person sees a customer, or does not.

use domain::id::CustomerId;
use domain::policy::{Action, Granted, Home, Scope};
use domain::{Instant, Problem};
use store::collaboration::CollaborationRow;
use store::grant::GrantRow;

pub use store::staff::Person;

use super::is_own;
use crate::actor::UnitName;
use crate::services::{authorise, row_in_sight};
use crate::{Actor, Services, collaboration, problem, units};

/// Why a person sees a customer, or does not: any ground that holds suffices, if the role may see customers at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// Who.
    pub person: Person,
    /// The name of the person's unit.
    pub unit: String,
    /// Which customer.
    pub customer: CustomerId,
    /// Its code …
    pub code: String,
    /// … and name.
    pub name: String,
    /// The units that it belongs to, from the top down.
    pub path: Vec<UnitName>,
    /// The name of its manager.
    pub manager: Option<String>,
    /// Whether the role may see customers.
    pub role_may: bool,
    /// What the role gives, and whether the customer is among it.
    pub home: (Home, bool),
    /// What was granted to the person and is not over, and whether it shows the customer today.
    pub grants: Vec<(GrantRow, bool)>,
    /// The work that the person's unit does with others, and whether it shows the customer today.
    pub work: Vec<(CollaborationRow, bool)>,
    /// Whether the person sees the customer.
    pub sees: bool,
}

/// Explains it, of a customer that the actor sees.
///
/// # Errors
/// When the role may not grant sight, there is no such person, no such customer within the actor's scope, or something
/// cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    person: &str,
    customer: &str,
    now: Instant,
) -> Result<Access, Problem> {
    authorise(actor, Action::GrantSight)?;
    let (named, code, today) = (person.trim(), customer.trim(), now.date());
    let store = services.store();
    let Some(person) = store.person(named).await? else {
        return Err(problem::no_person(named));
    };
    let index = services.customers().await?;
    let row = row_in_sight(services, &index, actor, code).await?;
    let home = person.role.home(person.id, person.unit);
    let by_home = index.is_in(row, &Scope::new(home, None));
    let shows = |granted: Granted| index.rows_of(granted).iter().any(|rows| rows.contains(&row));
    let grants = store.grants(today).await?.into_iter().filter(|grant| grant.staff == person.id);
    let grants: Vec<(GrantRow, bool)> = grants
        .map(|grant| {
            let holds = grant.from <= today && shows(grant.granted);
            (grant, holds)
        })
        // What shows the person other customers is no business of whoever asks, unless it is theirs to give.
        .filter(|(grant, holds)| *holds || is_own(&index, actor, grant.granted))
        .collect();
    let work = store.collaborations().await?.into_iter();
    let work = work.filter(|row| collaboration::is_of(&index.units, person.unit, row));
    let concern = collaboration::of(services, &index, actor).await?;
    let work: Vec<(CollaborationRow, bool)> = work
        .map(|row| {
            let mut open =
                row.parties.iter().filter(|party| party.open_until.is_some_and(|until| until >= today));
            let holds = open.any(|party| shows(Granted::Part(row.customer, party.unit)));
            (row, holds)
        })
        .filter(|(row, holds)| *holds || concern.iter().any(|own| own.row.id == row.id))
        .collect();
    let role_may = person.role.may(Action::ViewCustomers);
    let granted = grants.iter().any(|(_, holds)| *holds) || work.iter().any(|(_, holds)| *holds);
    let unit = index.units.at(index.positions[row]);
    let listed = index.list_row(row);
    Ok(Access {
        unit: index.units.get(person.unit).map(|unit| units::name(unit).name).unwrap_or_default(),
        customer: listed.id,
        code: listed.code,
        name: listed.name,
        path: unit.map(|unit| index.units.path(None, unit.id)).unwrap_or_default(),
        manager: listed.manager,
        role_may,
        home: (home, by_home),
        sees: role_may && (by_home || granted),
        grants,
        work,
        person,
    })
}

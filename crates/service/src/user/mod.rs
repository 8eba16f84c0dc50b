//! Users: who may sign in.

pub mod create;
pub mod end_session;
pub mod list;
pub mod make;
pub mod reset;
pub mod resume;
pub mod show;
pub mod suspend;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::id::{StaffId, UserId};
use domain::org::OrgLevel;
use domain::staff::Role;
use domain::{Instant, Problem};
use store::staff::StaffLoad;
use store::user::KeptPassword;

pub use store::user::UserRow;

use crate::services::off_thread;
use crate::{Actor, Services, password, problem, two_factor};

/// How a user stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// May sign in.
    Open,
    /// May sign in, with a password that was handed out and is still to be changed.
    Fresh,
    /// Locked for a while after too many failures.
    Locked,
    /// Suspended.
    Suspended,
}

fn standing(user: &UserRow, locked: &[Vec<u8>]) -> Standing {
    let is_locked = || {
        let name = password::digest(user.username.as_bytes());
        locked.iter().any(|known| known[..] == name[..])
    };
    if user.suspended_at.is_some() {
        Standing::Suspended
    } else if is_locked() {
        Standing::Locked
    } else if user.must_change {
        Standing::Fresh
    } else {
        Standing::Open
    }
}

/// A password to be handed out: sixty bits that can be read out.
#[must_use]
pub fn one_time_password(random: [u8; 32]) -> String {
    two_factor::readable(&random[..12])
}

/// A user within the actor's sight who is not the actor.
pub(crate) async fn another(services: &Services, actor: &Actor, id: UserId) -> Result<UserRow, Problem> {
    let user = services.store().user(id, Some(actor.unit.id)).await?.ok_or_else(problem::not_found)?;
    if user.id == actor.user { Err(problem::not_to_oneself()) } else { Ok(user) }
}

/// What is kept of the actor, who gave the right password. Wrong ones count as failures to sign in, so that a session that was
/// left open is no place to try them.
pub(crate) async fn own_password(
    services: &Services,
    actor: &Actor,
    typed: &str,
    now: Instant,
) -> Result<KeptPassword, Problem> {
    let (store, rules) = (services.store(), services.sign_in_rules());
    let kept = store.kept_password_of(actor.user).await?.ok_or_else(problem::not_found)?;
    let (name, since) = (password::digest(kept.username.as_bytes()), rules.failures_since(now));
    let _permit = services.hashing.acquire().await.map_err(Problem::internal)?;
    if store.sign_in_failures(&name, since).await? >= rules.attempts {
        return Err(problem::locked_out(i64::from(rules.locked_minutes)));
    }
    let (typed, hash) = (typed.to_owned(), kept.hash.clone());
    if off_thread(move || Ok(password::verify(&typed, Some(&hash)))).await? {
        return Ok(kept);
    }
    store.count_sign_in_failure(&name, since, now).await?;
    Err(problem::wrong_password())
}

/// The hash of a password that the rules allow.
pub(crate) async fn hashed(
    services: &Services,
    password: &str,
    username: &str,
    salt: [u8; 16],
) -> Result<String, Problem> {
    let rules = services.sign_in_rules();
    if let Some(fault) = rules.fault(password, username) {
        return Err(problem::password_fault(fault, rules.password_shortest));
    }
    hash_of(services, password, salt).await
}

/// The hash of a password.
pub(crate) async fn hash_of(services: &Services, password: &str, salt: [u8; 16]) -> Result<String, Problem> {
    let _permit = services.hashing.acquire().await.map_err(Problem::internal)?;
    let password = password.to_owned();
    off_thread(move || password::hash(&password, &salt)).await
}

/// A person who stands for a role at a level, for sample logins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleStaff {
    /// Who.
    pub staff: StaffId,
    /// The operator's code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The level of the unit.
    pub level: OrgLevel,
    /// The unit's name.
    pub unit: String,
    /// The name to sign in with, if there is a user already.
    pub username: Option<String>,
}

/// One person per role and level that there are, in the order of roles and levels; among several, the one who
/// answers for most customers, then the one whose unit has most.
///
/// # Errors
/// When the records cannot be read.
pub async fn sample_staff(services: &Services) -> Result<Vec<SampleStaff>, Problem> {
    let (index, loads) =
        tokio::try_join!(services.customers(), async { Ok(services.store().staff_loads().await?) })?;
    let mut best: BTreeMap<(Role, OrgLevel), (u64, usize, StaffLoad)> = BTreeMap::new();
    for load in loads {
        let rank = (load.customers, index.rows_below(load.unit).len());
        match best.entry((load.role, load.level)) {
            Entry::Vacant(entry) => {
                entry.insert((rank.0, rank.1, load));
            }
            Entry::Occupied(mut entry) => {
                if rank > (entry.get().0, entry.get().1) {
                    entry.insert((rank.0, rank.1, load));
                }
            }
        }
    }
    let samples = best.into_values().map(|(_, _, load)| SampleStaff {
        staff: load.id,
        code: load.code,
        name: load.name,
        role: load.role,
        level: load.level,
        unit: load.unit_name,
        username: load.username,
    });
    Ok(samples.collect())
}

/// The person with this code.
///
/// # Errors
/// When the records cannot be read.
pub async fn staff_by_code(services: &Services, code: &str) -> Result<Option<StaffId>, Problem> {
    let everyone = services.store().staff_loads().await?;
    Ok(everyone.into_iter().find(|person| person.code == code).map(|person| person.id))
}

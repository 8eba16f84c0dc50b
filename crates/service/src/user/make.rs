//! Letting a member of staff sign in.

use domain::policy::Action;
use domain::{Instant, Problem};
use store::user::NewUser;

use super::create::check_username;
use super::{hash_of, one_time_password};
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// A user as an administrator describes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// For whom: the code of a member of staff, or the name if nobody else has it.
    pub person: String,
    /// The name to sign in with; empty for the person's code.
    pub username: String,
}

/// What an administrator hands over, and nobody is shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOut {
    /// The name to sign in with.
    pub username: String,
    /// The password, to be changed at the first sign-in.
    pub password: String,
}

/// Makes a user for a member of staff of the actor's unit or one below it, with a password to be changed at the first
/// sign-in. `random` makes the password and its salt.
///
/// # Errors
/// When the role may not, there is no such person in sight or several, the person has a user, the name is taken or no name,
/// or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    draft: &Draft,
    random: [[u8; 32]; 2],
    now: Instant,
) -> Result<HandedOut, Problem> {
    authorise(actor, Action::Administer)?;
    let named = draft.person.trim();
    let people = services.store().candidates(named, actor.unit.id, MOST_NAMED).await?;
    let by_code = people.first().filter(|person| person.code == named);
    let person = match (by_code, people.as_slice()) {
        (Some(person), _) | (None, [person]) => person,
        (None, []) => return Err(problem::no_such_person(named)),
        (None, several) => {
            let codes: Vec<&str> = several.iter().map(|person| person.code.as_str()).collect();
            return Err(problem::several_people(named, &codes));
        }
    };
    if let Some(username) = &person.username {
        return Err(problem::has_user(username));
    }
    let typed = draft.username.trim();
    let username = if typed.is_empty() { person.code.as_str() } else { typed };
    check_username(username)?;
    let password = one_time_password(random[0]);
    let hash = hash_of(services, &password, salt(random[1])).await?;
    let new = NewUser { username, password_hash: &hash, staff: person.id, must_change: true };
    match services.store().make_user(&new, Some(actor.user), now).await {
        Err(error) if error.is_duplicate() => Err(problem::username_taken(username)),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(HandedOut { username: username.to_owned(), password }),
    }
}

/// People of one name that are told apart.
const MOST_NAMED: u32 = 9;

/// A salt of random bytes.
pub(super) fn salt(random: [u8; 32]) -> [u8; 16] {
    std::array::from_fn(|place| random[place])
}

//! One user.

use domain::id::UserId;
use domain::policy::Action;
use domain::{Instant, Problem};
use store::session::{SessionRow, SignInRow};

use super::{Standing, UserRow, standing};
use crate::services::authorise;
use crate::token::{self, ListedToken};
use crate::{Actor, Services};

/// What an administrator sees of a user.
#[derive(Debug, Clone, PartialEq)]
pub struct UserView {
    /// The user.
    pub row: UserRow,
    /// How the user stands.
    pub standing: Standing,
    /// Whether it is the administrator, to whom nothing can be done here.
    pub is_self: bool,
    /// Sessions that are open.
    pub sessions: Vec<SessionRow>,
    /// The latest attempts to sign in.
    pub history: Vec<SignInRow>,
    /// Tokens that are good.
    pub tokens: Vec<ListedToken>,
}

/// Attempts to sign in on a page.
pub(crate) const HISTORY: u32 = 50;

/// A user whose person works in the actor's unit or below it; none if there is none.
///
/// # Errors
/// When the role may not, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: UserId,
    now: Instant,
) -> Result<Option<UserView>, Problem> {
    authorise(actor, Action::Administer)?;
    let (store, rules) = (services.store(), services.sign_in_rules());
    let Some(row) = store.user(id, Some(actor.unit.id)).await? else { return Ok(None) };
    let locked = store.locked_names(rules.attempts, rules.failures_since(now)).await?;
    let sessions = match row.suspended_at {
        Some(_) => Vec::new(),
        None => store.sessions_of(id, now, rules.idle_since(now)).await?,
    };
    Ok(Some(UserView {
        standing: standing(&row, &locked),
        is_self: row.id == actor.user,
        sessions,
        history: store.sign_ins_of(id, HISTORY).await?,
        tokens: token::good(services, id, now).await?,
        row,
    }))
}

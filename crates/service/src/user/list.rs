//! Listing users.

use domain::policy::Action;
use domain::{Instant, Problem};

use super::{Standing, UserRow, standing};
use crate::services::authorise;
use crate::{Actor, Services};

/// Which users are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserQuery {
    /// With this in name, code, name to sign in with or unit.
    pub text: String,
    /// Of this kind.
    pub kind: Option<UserKind>,
}

/// Users that are looked for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    /// Signed in now.
    SignedIn,
    /// Suspended.
    Suspended,
    /// Locked after too many failures.
    Locked,
    /// Who never signed in.
    Never,
    /// Without the second step.
    OneStep,
}

impl UserKind {
    /// Every kind with its code in addresses.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::SignedIn, "signed-in"),
        (Self::Suspended, "suspended"),
        (Self::Locked, "locked"),
        (Self::Never, "never"),
        (Self::OneStep, "one-step"),
    ];
}

/// A user of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedUser {
    /// The user.
    pub row: UserRow,
    /// How the user stands.
    pub standing: Standing,
    /// The last time the user signed in.
    pub last: Option<Instant>,
    /// Sessions that are open.
    pub sessions: u64,
}

/// A list of users.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserPage {
    /// The first of them, by name to sign in with.
    pub rows: Vec<ListedUser>,
    /// How many there are.
    pub total: usize,
}

/// Users on a page; who looks for one of more types a few letters.
const PAGE: usize = 200;

/// The users of people of the actor's unit and those below it.
///
/// # Errors
/// When the role may not, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    query: &UserQuery,
    now: Instant,
) -> Result<UserPage, Problem> {
    authorise(actor, Action::Administer)?;
    let rows = services.store().users(Some(actor.unit.id)).await?;
    let wanted = query.text.trim().to_lowercase();
    let says = |text: &str| text.to_lowercase().contains(&wanted);
    let mut rows = with_standing(services, rows, now).await?;
    rows.retain(|user| {
        let row = &user.row;
        [&row.name, &row.staff_code, &row.username, &row.unit_name].into_iter().any(|text| says(text))
            && query.kind.is_none_or(|kind| match kind {
                UserKind::SignedIn => user.sessions > 0,
                UserKind::Suspended => user.standing == Standing::Suspended,
                UserKind::Locked => user.standing == Standing::Locked,
                UserKind::Never => user.last.is_none(),
                UserKind::OneStep => !row.two_factor,
            })
    });
    let total = rows.len();
    rows.truncate(PAGE);
    Ok(UserPage { rows, total })
}

/// Everyone, for who sits at the machine itself.
///
/// # Errors
/// When something cannot be read.
pub async fn everyone(services: &Services, now: Instant) -> Result<Vec<ListedUser>, Problem> {
    let rows = services.store().users(None).await?;
    with_standing(services, rows, now).await
}

async fn with_standing(
    services: &Services,
    rows: Vec<UserRow>,
    now: Instant,
) -> Result<Vec<ListedUser>, Problem> {
    let (store, rules) = (services.store(), services.sign_in_rules());
    let locked = store.locked_names(rules.attempts, rules.failures_since(now)).await?;
    let last = store.last_sign_ins().await?;
    let sessions = store.session_counts(now, rules.idle_since(now)).await?;
    let listed = rows.into_iter().map(|row| ListedUser {
        standing: standing(&row, &locked),
        last: last.get(&row.id).copied(),
        // Those of a suspended user are worth nothing.
        sessions: sessions.get(&row.id).copied().filter(|_| row.suspended_at.is_none()).unwrap_or(0),
        row,
    });
    Ok(listed.collect())
}

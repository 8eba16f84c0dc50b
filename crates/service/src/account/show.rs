//! What one sees of one's own account.

use domain::id::SessionId;
use domain::policy::Action;
use domain::sign_in::SignIn;
use domain::{Date, Instant, Problem};
use store::session::{SessionRow, SignInRow};

use crate::services::own_session;
use crate::token::{self, ListedToken};
use crate::user::UserRow;
use crate::user::show::HISTORY;
use crate::{Actor, Services, problem, two_factor};

/// One's own account.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The user.
    pub user: UserRow,
    /// The second step.
    pub second_step: SecondStep,
    /// Sessions that are open.
    pub sessions: Vec<SessionRow>,
    /// The one through which this is asked.
    pub own: SessionId,
    /// The latest attempts to sign in.
    pub history: Vec<SignInRow>,
    /// Tokens that are good.
    pub tokens: Vec<ListedToken>,
    /// What a program may be let do.
    pub open: Vec<Action>,
    /// What holds of passwords and sessions.
    pub rules: SignIn,
    /// Today, from which on a token may last [`LONGEST_TERM`](crate::LONGEST_TERM) days.
    pub today: Date,
}

/// How far the second step is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondStep {
    /// Not at all.
    Off,
    /// Begun: what a telephone scans, and the same as letters.
    Begun {
        /// The address to be scanned.
        address: String,
        /// The secret to be typed.
        secret: String,
    },
    /// On, with so many recovery codes left.
    On {
        /// How many.
        codes_left: usize,
    },
}

/// The actor's own account.
///
/// # Errors
/// When a program asks, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, now: Instant) -> Result<Account, Problem> {
    let own = own_session(actor)?;
    let (store, rules) = (services.store(), services.sign_in_rules());
    let user = store.user(actor.user, None).await?.ok_or_else(problem::not_found)?;
    let begun = two_factor::begun(services, user.id, &user.username).await?;
    let second_step = match (user.two_factor, begun) {
        (true, _) => SecondStep::On { codes_left: two_factor::codes_left(services, user.id).await? },
        (false, Some((address, secret))) => SecondStep::Begun { address, secret },
        (false, None) => SecondStep::Off,
    };
    Ok(Account {
        second_step,
        sessions: store.sessions_of(user.id, now, rules.idle_since(now)).await?,
        own,
        history: store.sign_ins_of(user.id, HISTORY).await?,
        tokens: token::good(services, user.id, now).await?,
        open: token::make::open_to(actor).collect(),
        rules: rules.clone(),
        today: now.date(),
        user,
    })
}

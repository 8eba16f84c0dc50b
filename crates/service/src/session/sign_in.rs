//! Signing in with name and password.

use domain::sign_in::SignInOutcome;
use domain::{Instant, Problem};
use store::session::{HalfSession, NewSession, Origin, Proof};

use crate::services::off_thread;
use crate::{Services, hex, password, problem};

/// How far one got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// In: the token of the session, for the cookie.
    In(String),
    /// The password was right and a code is asked for: the token for [`super::confirm`], good for nothing else.
    Half(String),
    /// Name or password is wrong.
    Wrong,
}

/// Minutes within which a code must follow the password.
const CODE_MINUTES: i64 = 5;

/// Starts a session, or the second step where a code is asked for. A wrong name takes as long as a wrong password.
/// `token` is random and is kept only as a hash.
///
/// # Errors
/// When too many attempts failed with this name, whether there is such a user or not, or the records cannot be
/// read.
pub async fn run(
    services: &Services,
    username: &str,
    password: &str,
    token: [u8; 32],
    origin: &Origin,
    now: Instant,
) -> Result<Entered, Problem> {
    let (store, rules) = (services.store(), services.sign_in_rules());
    let username_hash = password::digest(username.as_bytes());
    let since = rules.failures_since(now);
    // Held over the count of failures too, so that attempts at once do not slip past it.
    let _permit = services.hashing.acquire().await.map_err(Problem::internal)?;
    if store.sign_in_failures(&username_hash, since).await? >= rules.attempts {
        return Err(problem::locked_out(i64::from(rules.locked_minutes)));
    }
    let kept = store.kept_password(username).await?;
    let (password, hash) = (password.to_owned(), kept.as_ref().map(|kept| kept.hash.clone()));
    let fits = off_thread(move || Ok(password::verify(&password, hash.as_deref()))).await?;
    let refusal = kept.as_ref().and_then(|kept| match fits {
        false => Some(SignInOutcome::WrongPassword),
        true if kept.is_suspended => Some(SignInOutcome::Suspended),
        true if kept.must_change && rules.is_lapsed(kept.set_at, now) => Some(SignInOutcome::Lapsed),
        true => None,
    });
    if let (Some(kept), Some(outcome)) = (&kept, refusal) {
        store.note_sign_in(kept.user, outcome, origin, now).await?;
    }
    let Some(kept) = kept.filter(|_| refusal.is_none()) else {
        store.count_sign_in_failure(&username_hash, since, now).await?;
        return Ok(Entered::Wrong);
    };
    let token = hex(&token);
    if kept.two_factor {
        let half = HalfSession { user: kept.user, username: username_hash };
        let ends = now.plus_seconds(60 * CODE_MINUTES);
        store.begin_half_session(&super::kept(&token), &half, ends).await?;
        return Ok(Entered::Half(token));
    }
    let new = NewSession {
        token: super::kept(&token),
        user: kept.user,
        username: username_hash,
        proof: Proof::None,
        origin: origin.clone(),
        expires_at: rules.session_ends(now),
    };
    store.begin_session(&new, now).await?;
    Ok(Entered::In(token))
}

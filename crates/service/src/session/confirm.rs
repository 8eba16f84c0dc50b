//! The second step of signing in: a code, or a recovery code.

use domain::sign_in::SignInOutcome;
use domain::{Instant, Problem};
use store::session::{NewSession, Origin};

use crate::{Services, hex, problem, two_factor};

/// How far one got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// In: the token of the session, for the cookie.
    In(String),
    /// The code does not fit, or was used.
    Wrong,
    /// Nobody gave a password, or too long ago.
    NotBegun,
}

/// Whether a password was given and a code is awaited.
///
/// # Errors
/// When the records cannot be read.
pub async fn is_begun(services: &Services, half: &str, now: Instant) -> Result<bool, Problem> {
    Ok(services.store().half_session(&super::kept(half), now).await?.is_some())
}

/// Starts the session of who gave the password that `half` stands for, with a code that was not used before. Wrong codes
/// count as failures to sign in. `token` is random and is kept only as a hash.
///
/// # Errors
/// When too many attempts failed with the name, or the records cannot be read or written.
pub async fn run(
    services: &Services,
    half: &str,
    code: &str,
    token: [u8; 32],
    origin: &Origin,
    now: Instant,
) -> Result<Confirmed, Problem> {
    let (store, rules) = (services.store(), services.sign_in_rules());
    // One code after the other, so that attempts at once do not slip past the count of failures.
    let _permit = services.hashing.acquire().await.map_err(Problem::internal)?;
    let Some(begun) = store.half_session(&super::kept(half), now).await? else {
        return Ok(Confirmed::NotBegun);
    };
    let since = rules.failures_since(now);
    if store.sign_in_failures(&begun.username, since).await? >= rules.attempts {
        store.end_half_session(&super::kept(half)).await?;
        return Err(problem::locked_out(i64::from(rules.locked_minutes)));
    }
    // Suspended since the password was given, or the second step turned off: to be begun again.
    let kept = store.kept_password_of(begun.user).await?;
    if !kept.is_some_and(|kept| kept.two_factor && !kept.is_suspended) {
        store.end_half_session(&super::kept(half)).await?;
        return Ok(Confirmed::NotBegun);
    }
    let token = hex(&token);
    if let Some(proof) = two_factor::proof(services, begun.user, code, now).await? {
        let new = NewSession {
            token: super::kept(&token),
            user: begun.user,
            username: begun.username,
            proof,
            origin: origin.clone(),
            expires_at: rules.session_ends(now),
        };
        if store.begin_session(&new, now).await? {
            store.end_half_session(&super::kept(half)).await?;
            return Ok(Confirmed::In(token));
        }
    }
    store.note_sign_in(begun.user, SignInOutcome::WrongCode, origin, now).await?;
    store.count_sign_in_failure(&begun.username, since, now).await?;
    Ok(Confirmed::Wrong)
}

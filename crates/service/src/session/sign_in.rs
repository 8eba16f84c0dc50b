//! Signing in with name and password.

use domain::{Instant, Problem};

use crate::services::off_thread;
use crate::{Services, hex, password, problem};

/// After so many failed attempts with a name …
const ATTEMPTS: u32 = 10;
/// … it is locked until so many minutes have passed since the last.
const LOCKED_MINUTES: i64 = 15;

/// Starts a session and gives its token for the cookie; none when name or password is wrong, which takes the
/// same time either way. `token` is random and is kept only as a hash.
///
/// # Errors
/// When too many attempts failed with this name, whether there is such a user or not, or the records cannot be
/// read.
pub async fn run(
    services: &Services,
    username: &str,
    password: &str,
    token: [u8; 32],
    now: Instant,
) -> Result<Option<String>, Problem> {
    let store = services.store();
    let username_hash = password::digest(username.as_bytes());
    let since = now.plus_seconds(-60 * LOCKED_MINUTES);
    // Held over the count of failures too, so that attempts at once do not slip past it.
    let _permit = services.hashing.acquire().await.map_err(Problem::internal)?;
    if store.sign_in_failures(&username_hash, since).await? >= ATTEMPTS {
        return Err(problem::locked_out(LOCKED_MINUTES));
    }
    let user = store.user_with_password(username).await?;
    let (id, hash) = user.unzip();
    let password = password.to_owned();
    let fits = off_thread(move || Ok(password::verify(&password, hash.as_deref()))).await?;
    let Some(user) = id.filter(|_| fits) else {
        store.count_sign_in_failure(&username_hash, since, now).await?;
        return Ok(None);
    };
    let token = hex(&token);
    let ends = now.plus_seconds(super::LASTS_SECONDS);
    store.begin_session(&super::kept(&token), user, &username_hash, now, ends).await?;
    Ok(Some(token))
}

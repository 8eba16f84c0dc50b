//! Tokens: what programs sign in with for a user, for a time and a part of what the user may do.

pub mod authenticate;
pub mod make;
pub mod revoke;

use domain::id::UserId;
use domain::{Instant, Problem};

pub use store::token::TokenRow;

use crate::Services;

/// A token with when a program last came with it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedToken {
    /// The token.
    pub row: TokenRow,
    /// The last time, to the minute.
    pub used: Option<Instant>,
}

/// The tokens of a user that are good now.
pub(crate) async fn good(
    services: &Services,
    user: UserId,
    now: Instant,
) -> Result<Vec<ListedToken>, Problem> {
    let rows = services.store().tokens_of(user, now.date()).await?;
    let uses = services.store().token_uses().await?;
    Ok(rows.into_iter().map(|row| ListedToken { used: uses.get(&row.id).copied(), row }).collect())
}

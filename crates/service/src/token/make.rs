//! Making a token.

use domain::policy::Action;
use domain::{Instant, Problem};
use store::token::NewToken;

use crate::services::{LONGEST_TERM, day_within, own_session};
use crate::{Actor, Services, hex, problem, session};

/// Characters of a token's name.
pub const LONGEST_NAME: usize = 60;
/// Tokens of a user at once.
const MOST: usize = 20;
/// What every token begins with, so that one that got lost is known for what it is.
const PREFIX: &str = "tenure_";

/// A token as a person describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What for.
    pub name: String,
    /// What a program may do with it.
    pub actions: Vec<Action>,
    /// The last day, `YYYY-MM-DD`.
    pub until: String,
}

/// The actions that someone may let a program take.
pub fn open_to(actor: &Actor) -> impl Iterator<Item = Action> {
    Action::ALL.iter().copied().filter(|&action| action.is_for_programs() && actor.may(action))
}

/// Makes a token of the actor's and gives it; nobody is shown it again. `random` is kept only as a hash.
///
/// # Errors
/// When the name is empty or too long, an action is not the actor's or none is given, the last day lies behind or more than
/// [`LONGEST_TERM`] days ahead, there are too many tokens, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    draft: &Draft,
    random: [u8; 32],
    now: Instant,
) -> Result<String, Problem> {
    own_session(actor)?;
    let name: String = draft.name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(problem::bad_token_name(LONGEST_NAME));
    }
    let open: Vec<Action> = open_to(actor).collect();
    if draft.actions.is_empty() || draft.actions.iter().any(|action| !open.contains(action)) {
        return Err(problem::bad_token_actions());
    }
    let today = now.date();
    let until =
        day_within(&draft.until, today).ok_or_else(|| problem::bad_token_term(today, LONGEST_TERM))?;
    if services.store().tokens_of(actor.user, today).await?.len() >= MOST {
        return Err(problem::too_many_tokens(MOST));
    }
    let token = format!("{PREFIX}{}", hex(&random));
    let actions = open.into_iter().filter(|action| draft.actions.contains(action)).collect();
    let new = NewToken { name, hash: session::kept(&token), actions, until };
    services.store().make_token(actor.user, &new, now).await?;
    Ok(token)
}

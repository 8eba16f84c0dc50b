//! Taking a list out.

use domain::{Instant, Problem};

use super::{CustomerQuery, CustomerRow};
use crate::{Actor, Services};

/// Hands over every customer that the list with this query shows, in its order, whatever page; leaves an audit
/// entry before the first row. Gives the number of rows.
///
/// # Errors
/// When the role may not export, or something cannot be read.
pub async fn run(
    _services: &Services,
    _actor: &Actor,
    _query: &CustomerQuery,
    _now: Instant,
    _each: &mut (dyn FnMut(&CustomerRow) + Send),
) -> Result<u64, Problem> {
    Err(Problem::internal("not written yet"))
}

//! 公海: customers of a unit that are on nobody's list.

use domain::policy::Action;
use domain::{Instant, Month, Problem};

use crate::customer::CustomerRow;
use crate::customer::index::CustomerIndex;
use crate::services::authorise;
use crate::{Actor, Services};

/// Customers shown.
const SHOWN: usize = 200;

/// The pool of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// How many customers are in it.
    pub total: u64,
    /// Those with the largest revenue, and then those known longest.
    pub rows: Vec<CustomerRow>,
    /// How many this person may still claim this month.
    pub left: u64,
    /// The published month.
    pub month: Option<Month>,
}

/// The pool of the actor's unit and those below it.
///
/// # Errors
/// When the role may not claim customers, or the records cannot be read.
pub async fn run(services: &Services, actor: &Actor, now: Instant) -> Result<Pool, Problem> {
    authorise(actor, Action::ClaimCustomers)?;
    let index = services.customers().await?;
    let mut rows: Vec<usize> = in_pool(&index, actor).collect();
    rows.sort_by_key(|&row| (std::cmp::Reverse(index.revenue_12m[row]), index.ids[row]));
    let total = rows.len() as u64;
    let rows = rows.into_iter().take(SHOWN).map(|row| index.list_row(row)).collect();
    let left = left(services, &index, actor, now).await?;
    Ok(Pool { total, rows, left, month: index.month })
}

/// The rows of the pool that a person claims from.
pub(super) fn in_pool<'a>(index: &'a CustomerIndex, actor: &Actor) -> impl Iterator<Item = usize> + 'a {
    index.rows_below(actor.unit.id).filter(|&row| index.managers[row] == 0)
}

/// How many a person may still claim this month.
pub(super) async fn left(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    now: Instant,
) -> Result<u64, Problem> {
    let rules = services.rules().of(index.units.province(actor.unit.id));
    let since = Instant::at_end_of(Month::of(now.date()).previous().last_day());
    let claimed = services.store().claimed_since(actor.staff, since).await?;
    Ok(u64::from(rules.pool.claims_per_month).saturating_sub(claimed))
}

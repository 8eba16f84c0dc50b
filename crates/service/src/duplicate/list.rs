//! The queue of pairs that may be one customer, and the merges that hold.

use std::collections::HashMap;

use domain::customer::CustomerCategory;
use domain::id::CustomerId;
use domain::policy::Action;
use domain::{Money, Problem};
use store::duplicate::{DuplicateRun, FoundPair, Registered};
use store::merge::{MergeRow, RelationCounts};

use super::{Evidence, above_both, unit_name};
use crate::actor::UnitName;
use crate::customer::index::CustomerIndex;
use crate::customer::show::mask_phone;
use crate::services::authorise;
use crate::{Actor, Services};

/// Pairs on a page.
pub const PAGE: usize = 10;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicates {
    /// The last run, if there was one.
    pub run: Option<DuplicateRun>,
    /// Pairs of which the actor sees one customer, in all.
    pub total: usize,
    /// From which of them on they are shown.
    pub from: usize,
    /// The likeliest first.
    pub pairs: Vec<SuspectedPair>,
    /// The merges that the actor may end.
    pub merges: Vec<MergeRow>,
}

/// Two customers that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct SuspectedPair {
    /// That they are, 0 to 1.
    pub probability: f64,
    /// Why, unless one of them lies outside the actor's sight.
    pub evidence: Option<Evidence>,
    /// The one known first, and the other.
    pub sides: [Side; 2],
    /// Whether the actor is to decide.
    pub is_own: bool,
    /// The lowest unit above both, which is.
    pub decides: Option<UnitName>,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// Which.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: Option<UnitName>,
    /// The name of who answers for it.
    pub manager: Option<String>,
    /// The rest, if the actor may see it.
    pub shown: Option<Shown>,
}

/// What is shown of a customer in sight.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The operator's code.
    pub code: String,
    /// Its category.
    pub category: Option<CustomerCategory>,
    /// Unified social credit code.
    pub credit_code: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Telephone numbers, hidden but for their ends, and whether the other has them too.
    pub phones: Vec<(String, bool)>,
    /// Revenue of twelve months in the published month.
    pub revenue: Option<Money>,
    /// Rows of each relation.
    pub counts: RelationCounts,
}

/// Pairs from one place of the queue on.
///
/// # Errors
/// When the role may not merge customers, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, from: usize) -> Result<Duplicates, Problem> {
    authorise(actor, Action::MergeCustomers)?;
    let store = services.store();
    let (index, run, found, merges) = tokio::try_join!(
        services.customers(),
        async { Ok(store.duplicate_run().await?) },
        async { Ok(store.duplicate_pairs().await?) },
        async { Ok(store.merges().await?) },
    )?;
    let parts = index.parts(&actor.scope);
    let sees = |id| index.row(id).is_some_and(|row| parts.iter().any(|part| part.holds(&index, row)));
    let seen: Vec<FoundPair> =
        found.into_iter().filter(|pair| sees(pair.customers.0) || sees(pair.customers.1)).collect();
    let total = seen.len();
    // Past the end, after the last ones were decided, the last page.
    let from = if from < total { from } else { total.saturating_sub(1) / PAGE * PAGE };
    let page: Vec<FoundPair> = seen.into_iter().skip(from).take(PAGE).collect();
    let ids: Vec<CustomerId> = page.iter().flat_map(|pair| [pair.customers.0, pair.customers.1]).collect();
    let registered = store.registered(&ids).await?;
    let registered: HashMap<CustomerId, &Registered> =
        registered.iter().map(|one| (one.registration.id, one)).collect();
    let counts = store.relation_counts(&ids).await?;
    let pairs = page.iter().filter_map(|pair| {
        let (first, second) = (registered.get(&pair.customers.0)?, registered.get(&pair.customers.1)?);
        let shown = [sees(pair.customers.0), sees(pair.customers.1)];
        let side = |one: &Registered, other: &Registered, is_shown: bool| {
            let mut side = side(&index, &counts, one, other);
            side.shown = side.shown.filter(|_| is_shown);
            if shown != [true, true] {
                // What the other has as well is told of the other.
                side.shown.iter_mut().flat_map(|shown| &mut shown.phones).for_each(|phone| phone.1 = false);
            }
            side
        };
        let is_own = |one: &Registered| index.units.is_home(actor.scope.home(), one.unit);
        let [name, branch, credit_code, contact] = pair.bits;
        Some(SuspectedPair {
            probability: pair.probability,
            evidence: (shown == [true, true]).then_some(Evidence { name, branch, credit_code, contact }),
            sides: [side(first, second, shown[0]), side(second, first, shown[1])],
            is_own: is_own(first) && is_own(second),
            decides: above_both(&index.units, first.unit, second.unit),
        })
    });
    let own = |merge: &MergeRow| {
        let is_home = |unit| index.units.is_home(actor.scope.home(), unit);
        is_home(merge.merged_unit) && is_home(merge.into_unit)
    };
    Ok(Duplicates {
        run,
        total,
        from,
        pairs: pairs.collect(),
        merges: merges.into_iter().filter(own).collect(),
    })
}

fn side(
    index: &CustomerIndex,
    counts: &HashMap<CustomerId, RelationCounts>,
    one: &Registered,
    other: &Registered,
) -> Side {
    let known = &one.registration;
    let row = index.row(known.id).map(|row| index.list_row(row));
    let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
    let theirs: Vec<String> = other.registration.phones.iter().map(|phone| digits(phone)).collect();
    let phones = known.phones.iter().map(|phone| (mask_phone(phone), theirs.contains(&digits(phone))));
    Side {
        id: known.id,
        name: known.name.clone(),
        unit: unit_name(&index.units, one.unit),
        manager: one.manager.clone(),
        shown: Some(Shown {
            code: known.code.clone(),
            category: row.as_ref().map(|row| row.category),
            credit_code: known.credit_code.clone(),
            address: known.address.clone(),
            phones: phones.collect(),
            revenue: row.and_then(|row| row.assessment).map(|told| told.revenue_12m),
            counts: counts.get(&known.id).copied().unwrap_or_default(),
        }),
    }
}

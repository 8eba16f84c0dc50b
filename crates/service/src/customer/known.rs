//! A customer as it was known on a day.

use std::sync::Arc;

use domain::field::{Field, FieldValue};
use domain::id::CustomerId;
use domain::policy::Action;
use domain::{Date, Instant, Problem};
use store::customer::CustomerRecord;

use super::show::sees;
use crate::archive::own;
use crate::services::authorise;
use crate::{Actor, Services};

/// The archive of a customer as the records had it on a day, beside what they have now.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Up to the end of which day.
    pub on: Date,
    /// As it was known then, with the name of its unit.
    pub then: (CustomerRecord, String),
    /// As it is known now, likewise.
    pub now: (CustomerRecord, String),
    /// The operator's own fields, as they were filled in then and as they are now.
    pub own: Vec<(Arc<Field>, Option<FieldValue>, Option<FieldValue>)>,
}

/// What was known of a customer at the end of a day; none when there is no such customer or it is outside the actor's scope
/// today: who sees a customer now sees its past.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    customer: CustomerId,
    on: Date,
) -> Result<Option<Known>, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let store = services.store();
    let customer = store.survivor(customer).await?;
    let index = services.customers().await?;
    let Some(now) = store.customer(customer).await? else {
        return Ok(None);
    };
    if !sees(services, &index, &actor.scope, &now).await? {
        return Ok(None);
    }
    let Some(then) = store.customer_as_known(customer, Instant::at_end_of(on)).await? else {
        return Ok(None);
    };
    let unit = |record: &CustomerRecord| {
        index.units.get(record.unit).map(|unit| unit.name.clone()).unwrap_or_default()
    };
    let (unit_then, unit_now) = (unit(&then), unit(&now));
    let own = own::of_customer(services, &index, customer, now.category, now.industry.as_deref()).await?;
    let changed = store.field_values_changed_since(customer, Instant::at_end_of(on)).await?;
    let both = |(field, now): (Arc<Field>, Option<FieldValue>)| {
        let then = match changed.get(&field.code) {
            None => now.clone(),
            Some(written) => written.as_deref().and_then(|written| field.kind.read(written).ok().flatten()),
        };
        (field, then, now)
    };
    let own = own.into_iter().map(both).collect();
    Ok(Some(Known { on, then: (then, unit_then), now: (now, unit_now), own }))
}

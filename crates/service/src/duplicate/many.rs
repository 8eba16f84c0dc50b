//! Who many companies that are entered together probably are: of those known, or of each other.

use domain::Problem;
use domain::id::{CustomerId, OrgUnitId};
use hashbrown::HashMap;
use science::duplicates::{Alike, Record};
use store::duplicate::Registered;

use super::like::is_told;
use super::lookup::{Known, phones, record};
use crate::Services;
use crate::services::off_thread;

/// A company as it stands in a sheet.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Unified social credit code; may be empty.
    pub credit_code: String,
    /// Address; may be empty.
    pub address: String,
}

/// A customer that one is like.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which; the one that stands for it, where another does.
    pub customer: CustomerId,
    /// Its code.
    pub code: String,
    /// Its unit.
    pub unit: OrgUnitId,
}

/// Who each of many drafts is probably the same company as, the likeliest one; and the customers among them, by place.
pub(crate) async fn run(
    services: &Services,
    drafts: Vec<Draft>,
) -> Result<(Vec<Alike>, HashMap<usize, Found>), Problem> {
    let store = services.store();
    let seek = move |known: &Known| {
        let records: Vec<Record<'_>> = drafts
            .iter()
            .map(|draft| Record {
                name: &draft.name,
                credit_code: Some(draft.credit_code.as_str()),
                phones: &[],
                address: Some(draft.address.as_str()),
            })
            .collect();
        let batch = known.lookup.seek_many(&records);
        let places = batch.places();
        let ids: Vec<CustomerId> = places.iter().map(|&place| known.ids[place]).collect();
        (batch, places, ids)
    };
    let (batch, places, ids) = services.lookup.ask(store, seek).await?;
    let survivors = store.survivors().await?;
    let registered: HashMap<CustomerId, Registered> =
        store.registered(&ids).await?.into_iter().map(|one| (one.registration.id, one)).collect();
    off_thread(move || {
        let there: Vec<(usize, CustomerId, &Registered)> = places
            .iter()
            .zip(&ids)
            .filter_map(|(&place, id)| Some((place, *id, registered.get(id)?)))
            .collect();
        let phones: Vec<Vec<&str>> = there.iter().map(|(_, _, one)| phones(&one.registration)).collect();
        let base: Vec<(usize, Record<'_>)> = there
            .iter()
            .zip(&phones)
            .map(|((place, _, one), phones)| (*place, record(&one.registration, phones)))
            .collect();
        let alike = batch.alike(&base, is_told);
        let found = there.iter().map(|(place, id, one)| {
            let customer = survivors.get(id).copied().unwrap_or(*id);
            let found = Found { customer, code: one.registration.code.clone(), unit: one.unit };
            (*place, found)
        });
        Ok((alike, found.collect()))
    })
    .await
}

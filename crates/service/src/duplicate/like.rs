//! Who is probably the same company as one that is being entered.

use domain::Problem;
use domain::id::CustomerId;
use domain::policy::Action;
use science::duplicates::{Evidence, Record};
use store::duplicate::Registered;

use super::lookup::{Known, phones, record};
use crate::actor::UnitName;
use crate::services::authorise;
use crate::{Actor, Services, units};

/// Told of one company, at most: more help nobody.
pub const MOST: usize = 8;
/// From this probability on someone is told: a form can be asked a needless question, a queue should not be.
pub const TELL: f64 = 0.2;
/// Bits from which on a credit code is the same one: that is told whatever else differs, as of a company renamed.
const SAME_CODE: f64 = 10.0;
/// Telephone numbers looked for.
const PHONES: usize = 8;
/// Characters of a field that are compared.
const LONGEST: usize = 256;

/// A company as it stands in a form, saved or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Unified social credit code, as it was typed; may be empty.
    pub credit_code: String,
    /// Address; may be empty.
    pub address: String,
    /// Telephone numbers of it and its people.
    pub phones: Vec<String>,
    /// The customer that is being edited, which is like itself and not told of.
    pub itself: Option<CustomerId>,
}

/// A customer that is probably the same company. Of one that the actor may not see, no more is told than stands here.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// That they are one, 0 to 1.
    pub probability: f64,
    /// Why, in bits; of one that the actor may not see, that would tell its number.
    pub evidence: Option<Evidence>,
    /// The customer to open and its code, if the actor may see it.
    pub open: Option<(CustomerId, String)>,
    /// Its name.
    pub name: String,
    /// Its unit, with the level; nothing if the tree of units has just changed.
    pub unit: Option<UnitName>,
    /// The name of who answers for it.
    pub manager: Option<String>,
}

/// Reads what [`run`] looks through, in the background, unless it is there: half a minute at a million customers, which
/// nobody should wait for who only begins to fill in a form.
pub fn prepare(services: &Services) {
    let (lookup, store) = (services.lookup.clone(), services.store().clone());
    tokio::spawn(async move {
        if let Err(problem) = lookup.ask(&store, |_| ()).await {
            tracing::warn!(%problem, "what duplicates are looked up by could not be read");
        }
    });
}

/// Who in the whole operator is probably the same company as a draft, the likeliest first, at most [`MOST`]. It is not
/// limited to what the actor sees, since whoever enters a company held by another channel is to know before it is saved.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, draft: &Draft) -> Result<Vec<Likeness>, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let cut = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let draft = Draft {
        name: cut(&draft.name),
        credit_code: cut(&draft.credit_code),
        address: cut(&draft.address),
        phones: draft.phones.iter().take(PHONES).map(|phone| cut(phone)).collect(),
        itself: draft.itself,
    };
    if draft.name.trim().is_empty() && draft.credit_code.trim().is_empty() && draft.phones.is_empty() {
        return Ok(Vec::new());
    }
    let (store, itself) = (services.store(), draft.itself);
    let seek = move |known: &Known| {
        let phones: Vec<&str> = draft.phones.iter().map(String::as_str).collect();
        let record = Record {
            name: &draft.name,
            credit_code: Some(draft.credit_code.as_str()),
            phones: &phones,
            address: Some(draft.address.as_str()),
        };
        let sought = known.lookup.seek(&record, draft.itself.and_then(|itself| known.place(itself)));
        let ids: Vec<CustomerId> = sought.candidates.iter().map(|&place| known.ids[place]).collect();
        (sought, ids)
    };
    let (index, (sought, ids)) = tokio::try_join!(services.customers(), services.lookup.ask(store, seek))?;
    let survivors = store.survivors().await?;
    let candidates = store.registered(&ids).await?.into_iter();
    let compared = candidates.map(|one| {
        let (probability, evidence) = sought.compare(&record(&one.registration, &phones(&one.registration)));
        (probability, evidence, one)
    });
    let mut alike: Vec<(f64, Evidence, Registered)> =
        compared.filter(|(probability, evidence, _)| is_told(*probability, evidence)).collect();
    alike.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut told: Vec<(CustomerId, Likeness)> = Vec::new();
    for (probability, evidence, mut one) in alike {
        // Whoever is like one that another stands for is told of the other.
        let found = one.registration.id;
        let shown = survivors.get(&found).copied().unwrap_or(found);
        if Some(shown) == itself || told.iter().any(|(known, _)| *known == shown) || told.len() == MOST {
            continue;
        }
        if shown != found {
            let Some(survivor) = store.registered(&[shown]).await?.pop() else { continue };
            one = survivor;
        }
        let sees = index.row(shown).is_some_and(|row| index.is_in(row, &actor.scope));
        let likeness = Likeness {
            probability,
            evidence: sees.then_some(evidence),
            open: sees.then_some((shown, one.registration.code)),
            name: one.registration.name,
            unit: index.units.get(one.unit).map(units::name),
            manager: one.manager,
        };
        told.push((shown, likeness));
    }
    Ok(told.into_iter().map(|(_, likeness)| likeness).collect())
}

/// Whether someone is told of a customer that is so alike.
pub(super) fn is_told(probability: f64, evidence: &Evidence) -> bool {
    probability >= TELL || evidence.credit_code > SAME_CODE
}

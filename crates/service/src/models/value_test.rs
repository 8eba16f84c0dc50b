//! The back-test of lifetime value on the operator's own months.
//!
//! It is run at the end of the cycle, on the last month, and kept with the month's other cards: whoever opens the page
//! waits for nothing, what was said of a month stays on record, and it is published with the month or not at all.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use domain::customer::CustomerCategory;
use domain::cycle::{LakeFile, ModelCard};
use domain::engine::Engine;
use domain::id::CustomerId;
use domain::rules::Value;
use domain::{Month, Problem};
use science::evaluation::value::{MONTHS, Relation, RelationMonth, ValueTest};
use science::outlook::is_sampled;

use crate::services::off_thread;
use crate::{Services, problem};

/// Customers looked at, of more those of the samples that the risk is learnt from: some tens of megabytes with their
/// months.
const CUSTOMERS: u32 = 20_000;

/// Who is looked at, with the months that were taken in.
#[derive(Debug, Default)]
pub(crate) struct Tested {
    /// Sorted; each has its place in `relations`.
    ids: Vec<CustomerId>,
    relations: Vec<Relation>,
}

impl Tested {
    /// A bounded part of these customers, with the group each is judged in.
    pub fn of(mut customers: Vec<(CustomerId, CustomerCategory)>) -> Self {
        let all = customers.len();
        customers.retain(|(customer, _)| is_sampled(customer.get(), all, CUSTOMERS));
        customers.sort_unstable_by_key(|&(customer, _)| customer);
        let relation = |&(customer, category): &(CustomerId, CustomerCategory)| Relation {
            customer: customer.get(),
            category,
            months: Vec::new(),
        };
        Self {
            ids: customers.iter().map(|&(customer, _)| customer).collect(),
            relations: customers.iter().map(relation).collect(),
        }
    }

    /// The first month that a test on the months up to `last` looks at.
    pub fn first_month(last: Month) -> Month {
        last - (MONTHS as i32 - 1)
    }

    /// Takes in the samples of published months, which follow those taken in before.
    pub async fn with(mut self, engine: Arc<dyn Engine>, months: Vec<LakeFile>) -> Result<Self, Problem> {
        off_thread(move || {
            let parts = self.read(engine.as_ref(), &months)?;
            for (place, month) in parts.into_iter().flatten() {
                self.relations[place].months.push(month);
            }
            Ok(self)
        })
        .await
    }

    /// By month, on every core some of them: someone may wait for this.
    fn read(
        &self,
        engine: &dyn Engine,
        months: &[LakeFile],
    ) -> Result<Vec<Vec<(usize, RelationMonth)>>, Problem> {
        let read = |file: &LakeFile| -> Result<Vec<(usize, RelationMonth)>, Problem> {
            let mut rows = Vec::with_capacity(self.ids.len());
            engine.sampled_months(file, &mut |of| {
                if let Ok(place) = self.ids.binary_search(&of.customer) {
                    let (month, stage) = (file.month, of.stage);
                    rows.push((place, RelationMonth { month, stage, revenue: of.revenue, cost: of.cost }));
                }
            })?;
            Ok(rows)
        };
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let parts: Vec<Result<Vec<_>, Problem>> = thread::scope(|scope| {
            let read = &read;
            let threads: Vec<_> = months
                .chunks(months.len().div_ceil(cores).max(1))
                .map(|months| scope.spawn(move || months.iter().map(read).collect()))
                .collect();
            let stopped = |_| Err(Problem::internal("reading the months stopped"));
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(stopped)).collect()
        });
        Ok(parts.into_iter().collect::<Result<Vec<Vec<_>>, _>>()?.into_iter().flatten().collect())
    }

    /// Tests lifetime values on the months taken in.
    pub async fn run(self, rules: Value) -> Result<ValueTest, Problem> {
        off_thread(move || Ok(ValueTest::run(&self.relations, &rules))).await
    }
}

/// The name of the card.
pub(crate) const CARD: &str = "value_test";

/// The test as it is kept.
pub(crate) fn card(test: &ValueTest) -> Result<ModelCard, Problem> {
    let figures = serde_json::to_string(test).map_err(Problem::internal)?;
    Ok(ModelCard { model: CARD, figures })
}

/// Tests lifetime values on the published months, as the cycle did.
///
/// # Errors
/// When no month is published, or something cannot be read.
pub async fn run(services: &Services) -> Result<ValueTest, Problem> {
    let manifest = services.manifest().await?;
    if manifest.assessments.is_empty() {
        return Err(problem::not_published());
    }
    let mut customers = Vec::new();
    services.store().scan_customers(&mut |customer| customers.push((customer.id, customer.category))).await?;
    let rules = services.rules().default.value.clone();
    let months = manifest.samples.values();
    let first = manifest.samples.keys().next_back().map(|&last| Tested::first_month(last));
    let months = months.filter(|file| first.is_some_and(|first| file.month >= first)).cloned().collect();
    Tested::of(customers).with(Arc::clone(services.engine()), months).await?.run(rules).await
}

//! The back-test of lifetime value on the operator's own months.
//!
//! It is run at the end of the cycle, on the last month, and kept with the month's other cards: whoever opens the page
//! waits for nothing, what was said of a month stays on record, and it is published with the month or not at all.

use std::collections::BTreeMap;
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

/// Customers looked at, of more the same ones every month: some tens of megabytes with their months.
const CUSTOMERS: u32 = 20_000;

/// Who is looked at, sorted, with the group each is judged in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tested(Vec<(CustomerId, CustomerCategory)>);

impl Tested {
    /// A bounded part of these customers.
    pub fn of(mut customers: Vec<(CustomerId, CustomerCategory)>) -> Self {
        let all = customers.len();
        customers.retain(|(customer, _)| is_sampled(customer.get(), all, CUSTOMERS));
        customers.sort_unstable_by_key(|&(customer, _)| customer);
        Self(customers)
    }

    /// Tests lifetime values on the last of these published months.
    pub async fn run(
        self,
        engine: Arc<dyn Engine>,
        months: &BTreeMap<Month, LakeFile>,
        rules: Value,
    ) -> Result<ValueTest, Problem> {
        let last = months.keys().next_back().copied();
        let from = last.map(|last| last - (MONTHS as i32 - 1));
        let files: Vec<LakeFile> =
            from.map(|from| months.range(from..).map(|(_, file)| file.clone()).collect()).unwrap_or_default();
        off_thread(move || {
            let relations = self.relations(engine.as_ref(), &files)?;
            Ok(ValueTest::run(&relations, &rules))
        })
        .await
    }

    fn relations(&self, engine: &dyn Engine, files: &[LakeFile]) -> Result<Vec<Relation>, Problem> {
        let ids: Vec<CustomerId> = self.0.iter().map(|&(customer, _)| customer).collect();
        let relation = |&(customer, category): &(CustomerId, CustomerCategory)| Relation {
            customer: customer.get(),
            category,
            months: Vec::new(),
        };
        let mut relations: Vec<Relation> = self.0.iter().map(relation).collect();
        let read = |file: &LakeFile| -> Result<Vec<(usize, RelationMonth)>, Problem> {
            let mut rows = Vec::with_capacity(ids.len());
            engine.money_months(file, &ids, &mut |of| {
                if let Ok(place) = ids.binary_search(&of.customer) {
                    let (month, stage) = (file.month, of.stage);
                    rows.push((place, RelationMonth { month, stage, revenue: of.revenue, cost: of.cost }));
                }
            })?;
            Ok(rows)
        };
        // The last month waits for this: every core reads some of the months.
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let parts: Vec<Result<Vec<_>, Problem>> = thread::scope(|scope| {
            let read = &read;
            let threads: Vec<_> = files
                .chunks(files.len().div_ceil(cores).max(1))
                .map(|files| scope.spawn(move || files.iter().map(read).collect()))
                .collect();
            let stopped = |_| Err(Problem::internal("reading the months stopped"));
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(stopped)).collect()
        });
        for months in parts {
            for (place, month) in months?.into_iter().flatten() {
                relations[place].months.push(month);
            }
        }
        Ok(relations)
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
    Tested::of(customers).run(Arc::clone(services.engine()), &manifest.assessments, rules).await
}

//! Running the cycle: which months, in which order, published one by one.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::cycle::{Base, CycleMonth, LakeFile, ModelCard};
use domain::engine::{CycleRequest, Explanation, Manifest};
use domain::extract::Table;
use domain::id::{CustomerId, CycleId};
use domain::org::OrgLevel;
use domain::progress::Progress;
use domain::rules::RuleBook;
use domain::{Instant, Lang, Month, Problem};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::data::RunState;
use crate::models::value_test::{self, Tested};
use crate::services::off_thread;
use crate::{Services, problem, run};

/// Which months to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleOptions {
    /// This one only.
    pub month: Option<Month>,
    /// All months from the first on, published or not.
    pub all: bool,
    /// The language in which a failure is kept on the record.
    pub lang: Lang,
}

/// What a cycle did.
#[derive(Debug, Clone, PartialEq)]
pub struct CycleReport {
    /// Which run; none when there was nothing to compute.
    pub cycle: Option<CycleId>,
    /// The months published, in order.
    pub months: Vec<MonthReport>,
    /// Published months that are still out of date.
    pub stale: Vec<Month>,
    /// How long it took.
    pub duration_ms: u64,
}

/// One published month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthReport {
    /// The month.
    pub month: Month,
    /// Customers assessed.
    pub customers: u64,
    /// Whether it had been published before.
    pub corrected: bool,
    /// How long it took to compute.
    pub duration_ms: u64,
}

/// Runs the cycle. By default: every month after the last published one up to the last with usage, and before
/// them those that went out of date.
///
/// # Errors
/// When another run is at work, there is no usage, a month before is missing, or something cannot be read or
/// written. Months published before the failure stay good.
pub async fn run(
    services: &Services,
    options: CycleOptions,
    started: Instant,
    clock: &(dyn Fn() -> Instant + Send + Sync),
    progress: Arc<dyn Progress>,
) -> Result<CycleReport, Problem> {
    let (_lock, manifest) = run::begin(services, options.lang, started).await?;
    let store = services.store();
    let stale = run::stale_months(services, &manifest).await?;
    let mut report = CycleReport { cycle: None, months: Vec::new(), stale, duration_ms: 0 };
    let Some((first, last)) = plan(&manifest, &report.stale, options)? else {
        report.duration_ms = run::milliseconds(started, clock());
        return Ok(report);
    };
    let base = store.base(first, &services.rules().default).await?;
    tracing::debug!(base_ms = run::milliseconds(started, clock()), "read what the records say");
    check_provinces(services.rules(), &base)?;
    let cycle = store.begin_cycle(first, last, clock()).await?;
    report.cycle = Some(cycle);
    let work = Work { first, last, manifest, base, run: format!("cycle-{cycle}") };
    let outcome = compute(services, cycle, work, clock, progress, &mut report.months).await;
    let (state, failure) = match &outcome {
        Ok(()) => (RunState::Done, None),
        Err(problem) => (RunState::Failed, Some(text::say(options.lang, &problem.cause))),
    };
    let ended = store.end_cycle(cycle, state, failure, clock()).await;
    // Files that were replaced stay until the next run: a server may still be reading them.
    if outcome.is_err() {
        run::left_to_the_next(ended);
        run::left_to_the_next(run::sweep(services).await);
        return outcome.map(|()| report);
    }
    ended?;
    report.stale = run::stale_months(services, &store.manifest().await?).await?;
    report.duration_ms = run::milliseconds(started, clock());
    Ok(report)
}

/// What the engine is to compute.
struct Work {
    first: Month,
    last: Month,
    manifest: Manifest,
    base: Base,
    run: String,
}

impl Work {
    fn request<'a>(&'a self, rules: &'a RuleBook) -> CycleRequest<'a> {
        CycleRequest {
            first: self.first,
            last: self.last,
            manifest: &self.manifest,
            base: &self.base,
            rules,
            run: &self.run,
        }
    }
}

/// Computes months on a thread of their own and publishes each as it comes, while the engine computes the next; it
/// is never more than that ahead of what is published.
async fn compute(
    services: &Services,
    cycle: CycleId,
    work: Work,
    clock: &(dyn Fn() -> Instant + Send + Sync),
    progress: Arc<dyn Progress>,
    published: &mut Vec<MonthReport>,
) -> Result<(), Problem> {
    type Answer = oneshot::Receiver<Result<(), Problem>>;
    fn settle(waiting: Option<Answer>) -> Result<(), Problem> {
        waiting.map_or(Ok(()), |answer| answer.blocking_recv().map_err(Problem::internal)?)
    }
    let (hand_over, mut months) = mpsc::channel::<(CycleMonth, oneshot::Sender<Result<(), Problem>>)>(1);
    let (engine, rules) = (Arc::clone(services.engine()), Arc::clone(services.rules()));
    let replaced = work.manifest.assessments.clone();
    let (last, told) = (work.last, services.rules().default.components.outlook);
    // Lifetime values are tested on the months up to the last: each is taken in as soon as it stands.
    let tested = Tested::of(work.base.customers.iter().map(|one| (one.id, one.category)).collect());
    let from = Tested::first_month(last).min(work.first);
    let earlier = work.manifest.samples.range(from..work.first).map(|(_, file)| file.clone()).collect();
    let mut testing = Some(tokio::spawn(tested.with(Arc::clone(services.engine()), earlier)));
    let computing = tokio::spawn(off_thread(move || {
        let mut waiting = None;
        let mut publish = |month: CycleMonth| {
            settle(waiting.take())?;
            let (done, answer) = oneshot::channel();
            hand_over.blocking_send((month, done)).map_err(Problem::internal)?;
            waiting = Some(answer);
            Ok(())
        };
        engine.run_cycle(work.request(&rules), progress.as_ref(), &mut publish)?;
        settle(waiting)
    }));
    while let Some((mut month, done)) = months.recv().await {
        if month.month >= Tested::first_month(last) {
            let (engine, file) = (Arc::clone(services.engine()), month.sample.clone());
            testing = testing.map(|before| {
                tokio::spawn(async move { joined(before).await?.with(engine, vec![file]).await })
            });
        }
        if let Some(testing) = testing.take_if(|_| month.month == last && told) {
            let began = clock();
            match test_card(testing, services.rules()).await {
                Ok(card) => month.models.push(card),
                Err(problem) => {
                    let _ = done.send(Err(problem));
                    continue;
                }
            }
            tracing::debug!(test_ms = run::milliseconds(began, clock()), "tested lifetime values");
        }
        let began = clock();
        let answer = publish(services, cycle, &replaced, &month, began).await.map(|corrected| {
            tracing::debug!(publish_ms = run::milliseconds(began, clock()), "published {}", month.month);
            published.push(MonthReport {
                month: month.month,
                customers: month.assessments.rows,
                corrected,
                duration_ms: month.duration_ms,
            });
        });
        // The engine hears of a failure and gives it back as its own.
        let _ = done.send(answer);
    }
    joined(computing).await
}

async fn joined<T>(task: JoinHandle<Result<T, Problem>>) -> Result<T, Problem> {
    task.await.map_err(Problem::internal)?
}

async fn test_card(
    months: JoinHandle<Result<Tested, Problem>>,
    rules: &RuleBook,
) -> Result<ModelCard, Problem> {
    value_test::card(&joined(months).await?.run(rules.default.value.clone()).await?)
}

/// Publishes a month; what it replaces is kept where the audit says.
async fn publish(
    services: &Services,
    cycle: CycleId,
    replaced: &BTreeMap<Month, LakeFile>,
    month: &CycleMonth,
    at: Instant,
) -> Result<bool, Problem> {
    if let Some(file) = replaced.get(&month.month) {
        run::keep(services, &file.path).await?;
    }
    Ok(services.store().publish(cycle, month, at).await?)
}

/// Refuses rules for a province that is none: nobody would notice that they hold for no one.
fn check_provinces(rules: &RuleBook, base: &Base) -> Result<(), Problem> {
    let provinces = base.units.iter().filter(|unit| unit.level == OrgLevel::Province);
    let known: Vec<&str> = provinces.map(|unit| unit.code.as_str()).collect();
    let unknown: Vec<&str> =
        rules.provinces.keys().map(String::as_str).filter(|code| !known.contains(code)).collect();
    if unknown.is_empty() { Ok(()) } else { Err(problem::unknown_provinces(&unknown, &known)) }
}

/// The first and the last month to compute; none when everything is published and up to date.
fn plan(
    manifest: &Manifest,
    stale: &[Month],
    options: CycleOptions,
) -> Result<Option<(Month, Month)>, Problem> {
    let usage = manifest.facts.get(&Table::Usage).ok_or_else(problem::no_usage)?;
    let (Some(&first), Some(&last)) = (usage.keys().next(), usage.keys().next_back()) else {
        return Err(problem::no_usage());
    };
    let is_current = |month: Month| manifest.assessments.contains_key(&month) && !stale.contains(&month);
    let (from, to) = match options.month {
        Some(month) if month < first || month > last => {
            return Err(problem::month_outside(month, first, last));
        }
        Some(month) if month > first && !is_current(month.previous()) => {
            return Err(problem::month_out_of_order(month, month.previous()));
        }
        Some(month) => (month, month),
        None if options.all => (first, last),
        None => match first.to(last).find(|&month| !is_current(month)) {
            Some(month) => (month, last),
            None => return Ok(None),
        },
    };
    // Usage that was not handed over would look like usage that stopped.
    match from.to(to).find(|month| !usage.contains_key(month)) {
        Some(missing) => Err(problem::month_missing(missing)),
        None => Ok(Some((from, to))),
    }
}

/// The whole reasoning for the customer with this code, over the published months or those of them given.
///
/// # Errors
/// When there is no such customer or month, or a file cannot be read.
pub async fn explain(
    services: &Services,
    customer_code: &str,
    months: Option<(Month, Month)>,
) -> Result<(CustomerId, Vec<Explanation>), Problem> {
    let store = services.store();
    let customer = store.customer_by_code(customer_code).await?;
    let customer = customer.ok_or_else(|| problem::no_customer(customer_code))?;
    let manifest = store.manifest().await?;
    let is_asked = |month: &&Month| months.is_none_or(|(first, last)| (first..=last).contains(month));
    let mut asked = manifest.assessments.keys().filter(is_asked).copied();
    let Some(first) = asked.next() else {
        return Err(problem::not_published());
    };
    let last = asked.next_back().unwrap_or(first);
    let base = store.base(first, &services.rules().default).await?;
    check_provinces(services.rules(), &base)?;
    let work = Work { first, last, manifest, base, run: "explain".to_owned() };
    let (engine, rules) = (Arc::clone(services.engine()), Arc::clone(services.rules()));
    let reasoning = off_thread(move || engine.explain(work.request(&rules), customer)).await?;
    Ok((customer, reasoning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::cycle::BaseUnit;
    use domain::id::OrgUnitId;

    fn month(number: i32) -> Month {
        Month::new(2026, 1).expect("a month") + (number - 1)
    }

    fn manifest(usage: &[i32], published: &[i32]) -> Manifest {
        let file = |month| LakeFile { month, path: "file".into(), rows: 1 };
        let files = |months: &[i32]| months.iter().map(|&at| (month(at), file(month(at)))).collect();
        let mut manifest = Manifest { assessments: files(published), ..Manifest::default() };
        manifest.facts.insert(Table::Usage, files(usage));
        manifest
    }

    fn planned(usage: &[i32], published: &[i32], stale: &[i32], asked: Option<i32>, all: bool) -> String {
        let stale: Vec<Month> = stale.iter().map(|&at| month(at)).collect();
        let options = CycleOptions { month: asked.map(month), all, lang: Lang::En };
        match plan(&manifest(usage, published), &stale, options) {
            Ok(None) => "nothing".to_owned(),
            Ok(Some((first, last))) => format!("{first}..{last}"),
            Err(problem) => problem.cause.to_string(),
        }
    }

    #[test]
    fn by_default_everything_from_the_first_month_that_is_not_current() {
        assert_eq!(planned(&[1, 2, 3], &[], &[], None, false), "2026-01..2026-03");
        assert_eq!(planned(&[1, 2, 3], &[1, 2], &[], None, false), "2026-03..2026-03");
        assert_eq!(planned(&[1, 2, 3], &[1, 2, 3], &[2, 3], None, false), "2026-02..2026-03");
        assert_eq!(planned(&[1, 2, 3], &[2, 3], &[2, 3], None, false), "2026-01..2026-03");
        assert_eq!(planned(&[1, 2, 3], &[1, 2, 3], &[], None, false), "nothing");
        assert_eq!(planned(&[1, 2, 3], &[1, 2, 3], &[], None, true), "2026-01..2026-03");
    }

    #[test]
    fn rules_are_for_provinces_that_exist() {
        let unit = |id, code: &str, level| BaseUnit {
            id: OrgUnitId::new(id),
            code: code.to_owned(),
            level,
            parent: None,
        };
        let units = vec![unit(1, "P1", OrgLevel::Province), unit(2, "C1", OrgLevel::City)];
        let base = Base { units, ..Base::default() };
        let book = |code: &str| {
            let own = format!("[province.{code}.naive]\ndecline_below = 0.8\n");
            RuleBook::parse(Some(&own)).expect("rules")
        };
        assert!(check_provinces(&book("P1"), &base).is_ok());
        for code in ["P2", "C1"] {
            let problem = check_provinces(&book(code), &base).expect_err("refused");
            assert_eq!(problem.cause.to_string(), format!("problem-rules-province codes={code} known=P1"));
        }
    }

    #[test]
    fn one_month_follows_the_one_before_it() {
        assert_eq!(planned(&[1, 2, 3], &[1], &[], Some(2), false), "2026-02..2026-02");
        assert_eq!(planned(&[1, 2, 3], &[], &[], Some(1), false), "2026-01..2026-01");
        let refused = "problem-cycle-out-of-order month=2026-03 before=2026-02";
        assert_eq!(planned(&[1, 2, 3], &[1], &[], Some(3), false), refused);
        assert_eq!(planned(&[1, 2, 3], &[1, 2], &[2], Some(3), false), refused);
        let refused = "problem-cycle-month-outside month=2026-04 first=2026-01 last=2026-03";
        assert_eq!(planned(&[1, 2, 3], &[1], &[], Some(4), false), refused);
    }

    #[test]
    fn a_month_without_usage_between_others_is_no_silence() {
        assert_eq!(planned(&[1, 3], &[1], &[], None, false), "problem-cycle-month-missing month=2026-02");
        assert_eq!(planned(&[], &[], &[], None, false), "problem-cycle-no-usage");
    }
}

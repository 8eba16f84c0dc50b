//! The monthly cycle: one step from the carried state and a month's rows to assessments and the state to carry on,
//! repeated. A full run is the step from the first month on, a new month is the step once.
//!
//! A month has two passes over the base, since the season shows only when everyone's month is seen: first what is
//! seen of each customer ([`observe`]), then the judgement ([`assess`]). Both are plans of the analytics engine
//! over a range of customers; ranges are disjoint, in order, and as many in work as there are cores. What ranges
//! add up (seasons, what is learnt, money) are whole numbers, so that neither cores nor order show in any result.

mod assess;
mod base;
mod members;
mod observe;
mod readings;
mod session;
mod sums;

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};
use std::time::Instant;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StructArray, UInt8Array};
use datafusion::arrow::datatypes::{
    Field, Float32Type, Float64Type, Int32Type, Int64Type, Schema, UInt8Type, UInt16Type,
};
use datafusion::arrow::error::ArrowError;
use datafusion::common::DataFusionError;
use datafusion::datasource::MemTable;
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{SessionContext, col};
use domain::assessment::{Assessment, Rfm};
use domain::cycle::{Base, BaseMembers, CycleMonth, LakeFile, ModelCard};
use domain::engine::{CustomerMonth, CycleRequest, Explanation, Manifest};
use domain::extract::Table;
use domain::id::CustomerId;
use domain::outlook::{ExitCause, ExitRisk, RiskModel, ValueModel};
use domain::progress::Progress;
use domain::rules::Rules;
use domain::segment::{BuyingFactor, IctNeed, SegmentReason, SegmentValue};
use domain::{LifecycleStage, Message, Money, Month, Problem, ProblemKind};
use science::lifecycle::{Feature, Judgement, Observation, State, Tide};
use science::members::MemberSample;
use science::outlook::{ChainLearner, Sample, SegmentCard, StageCard};
use science::rfm::{self, Purchases};

use self::assess::{Assess, Judges, Lessons, Observations, Outlook, Prospect, Spare, field};
use self::base::{BaseColumns, Range};
use self::members::{CarriedMembers, Members, Standing};
use self::observe::MonthFacts;
use self::sums::{Part, Sums, UnitSums};
use crate::row_groups::Cut;
use crate::state::{self, CHUNK, Learnt, OutlookLearnt, States};
use crate::{Limits, assessments, atomic, parallel, sample};

/// Months at the end of a run whose states are kept, besides each December.
const LATEST_KEPT: i32 = 2;

/// Computes the months of a request in order; each is handed to `publish` when its files are whole and on disk.
pub(crate) fn run(
    root: &Path,
    limits: Limits,
    request: CycleRequest<'_>,
    progress: &dyn Progress,
    publish: &mut dyn FnMut(CycleMonth) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let began = Instant::now();
    let base = BaseColumns::new(request.base, request.rules)?;
    let members = match request.rules.default.components.outlook {
        true => Members::new(root, &request.base.members, &base, request.manifest)?,
        false => None,
    };
    let cycle = Cycle::new(root, limits, &base, request.manifest, members)?;
    let (start, mut carried) = cycle.carried_in(request.first)?;
    tracing::debug!(carry_ms = milliseconds_since(began), "carried in what was known before {start}");
    // A month is written while the next is computed, and is published before it.
    let mut settle = |writing: Option<ScopedJoinHandle<'_, Result<CycleMonth, Problem>>>| {
        let stopped = |_| Err(Problem::internal("writing a month stopped"));
        writing.map_or(Ok(()), |writing| publish(writing.join().unwrap_or_else(stopped)?))
    };
    thread::scope(|scope| {
        let (cycle, mut writing) = (&cycle, None);
        for month in start.to(request.last) {
            let began = Instant::now();
            let again = month < request.first;
            if month == request.first {
                cycle.take_up_outlook(month, &mut carried)?;
                tracing::debug!(
                    samples_ms = milliseconds_since(began),
                    "took up what was learnt before {month}"
                );
            }
            let key = if again { "progress-cycle-carry" } else { "progress-cycle" };
            progress.begin(key, &month.to_string(), base.len() as u64);
            let computed = cycle.month(month, again, &mut carried, progress);
            progress.end();
            // The month before stands, whatever became of this one.
            settle(writing.take())?;
            let computed = computed?;
            if !again {
                let kept = month > request.last - LATEST_KEPT || month.month_of_year() == 12;
                let finished = cycle.finish(computed, &carried, kept, month == request.last)?;
                writing = Some(scope.spawn(move || cycle.write(request.run, finished, began)));
            }
        }
        settle(writing)
    })
}

/// The whole reasoning for one customer in the months of a request, from its own facts since the first month and
/// from what was learnt when each month was judged.
pub(crate) fn explain(
    root: &Path,
    limits: Limits,
    request: CycleRequest<'_>,
    customer: CustomerId,
) -> Result<Vec<Explanation>, Problem> {
    let base = request.base;
    let alone = Base {
        version: base.version,
        units: base.units.clone(),
        products: base.products.clone(),
        customers: base.customers.iter().filter(|one| one.id == customer).copied().collect(),
        services: base.services.iter().filter(|service| service.customer == customer).copied().collect(),
        contracts: base.contracts.iter().filter(|contract| contract.customer == customer).copied().collect(),
        events: base.events.iter().filter(|event| event.customer == customer).copied().collect(),
        opportunities: base.opportunities.iter().filter(|one| one.customer == customer).copied().collect(),
        sayings: base.sayings.iter().filter(|saying| saying.customer == customer).copied().collect(),
        knows_competitors: base.knows_competitors,
        members: BaseMembers::default(),
        merged: base.merged.iter().filter(|(_, survivor)| *survivor == customer).copied().collect(),
    };
    let base = BaseColumns::new(&alone, request.rules)?;
    let cycle = Cycle::new(root, limits, &base, request.manifest, None)?;
    cycle.explain(request.first, request.last)
}

/// What goes from month to month.
#[derive(Default)]
struct Carried {
    learnt: Learnt,
    /// Customers of earlier months to learn from.
    samples: BTreeMap<Month, Sample>,
    members: CarriedMembers,
    /// By range of the base.
    states: Vec<States>,
}

/// What is said of a month.
struct Computed {
    month: Month,
    assessments: Vec<Vec<Cut>>,
    sums: UnitSums,
    segments: SegmentCard,
    members: Option<members::Judged>,
}

/// A computed month with all that is kept of it, not yet written; the next month changes nothing of it.
struct Finished {
    computed: Computed,
    learnt: Learnt,
    /// By range of the base; none if they are not kept.
    states: Vec<States>,
    sample: Sample,
    member_sample: Option<MemberSample>,
    models: Vec<ModelCard>,
}

/// A core's own session.
struct Worker {
    session: SessionContext,
    runtime: tokio::runtime::Runtime,
}

struct Cycle<'a> {
    root: &'a Path,
    base: &'a BaseColumns<'a>,
    manifest: &'a Manifest,
    members: Option<Members<'a>>,
    ranges: Vec<Range>,
    workers: Vec<Worker>,
    spare: Arc<Spare>,
}

impl<'a> Cycle<'a> {
    fn new(
        root: &'a Path,
        limits: Limits,
        base: &'a BaseColumns<'a>,
        manifest: &'a Manifest,
        members: Option<Members<'a>>,
    ) -> Result<Self, Problem> {
        let ranges = base.ranges(limits.customers_at_once);
        let cores =
            limits.cores.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let shared = session::runtime(root, limits.memory).map_err(|error| failed(root, error))?;
        let workers = (0..cores.min(ranges.len()).max(1))
            .map(|_| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                Ok(Worker {
                    session: session::session(shared.clone(), CHUNK),
                    runtime: runtime.map_err(|error| Problem::io(root, error))?,
                })
            })
            .collect::<Result<_, Problem>>()?;
        Ok(Self { root, base, manifest, members, ranges, workers, spare: Arc::default() })
    }

    /// What is carried into `first`, and the month to start at: `first` itself, or an earlier one if the month
    /// before it kept no states.
    fn carried_in(&self, first: Month) -> Result<(Month, Carried), Problem> {
        for (&month, file) in self.manifest.states.range(..first).rev() {
            let path = self.root.join(&file.path);
            if state::holds_states(&path)? {
                let learnt = state::learnt(&path)?;
                let states =
                    self.in_parallel(|_, range| state::read(&path, self.base.ids(self.ranges[range])))?;
                return Ok((month.next(), Carried { learnt, states, ..Carried::default() }));
            }
        }
        let states = self.ranges.iter().map(|range| state::none(range.len())).collect();
        let start = self.manifest.states.keys().next().map_or(first, |&earliest| earliest.min(first));
        Ok((start, Carried { states, ..Carried::default() }))
    }

    /// What value and risk were told by before `first`, and the samples that it may be learnt from; months that are
    /// computed again to get there teach nothing twice.
    fn take_up_outlook(&self, first: Month, carried: &mut Carried) -> Result<(), Problem> {
        let before = match self.manifest.states.get(&first.previous()) {
            Some(file) => state::learnt(&self.root.join(&file.path))?,
            None => Learnt::default(),
        };
        carried.learnt.outlook = before.outlook;
        if let Some(members) = &self.members {
            let samples = members.samples(first)?;
            carried.members = CarriedMembers::new(before.members, samples);
        }
        let files: Vec<_> = self.manifest.samples.range(first - self.sample_months()..first).collect();
        let samples =
            parallel::map(&self.workers, files.len(), |_, place| sample::read(self.root, files[place].1))?;
        carried.samples = files.into_iter().map(|(&month, _)| month).zip(samples).collect();
        Ok(())
    }

    /// Months of samples that may still be learnt from or judged on.
    fn sample_months(&self) -> i32 {
        i32::from(self.base.rules[0].risk.learn_months) + 2 * ExitRisk::MONTHS + 1
    }

    /// The facts of a month; the engine would take a file that is missing for an empty one.
    fn facts(&self, month: Month) -> Result<MonthFacts<'a>, Problem> {
        let file = |table: Table| -> Result<Option<&'a LakeFile>, Problem> {
            let Some(file) = self.manifest.facts.get(&table).and_then(|months| months.get(&month)) else {
                return Ok(None);
            };
            let path = self.root.join(&file.path);
            fs::metadata(&path).map_err(|error| Problem::io(&path, error))?;
            Ok(Some(file))
        };
        Ok(MonthFacts { usage: file(Table::Usage)?, costs: file(Table::Costs)? })
    }

    fn month(
        &self,
        month: Month,
        again: bool,
        carried: &mut Carried,
        progress: &dyn Progress,
    ) -> Result<Computed, Problem> {
        let mut learner = carried.learnt.after.clone();
        let rules = &self.base.rules;
        let began = Instant::now();
        let model = learner.model(&rules[0]);
        let facts = self.facts(month)?;
        let (risk, samples, states) = (&mut carried.learnt.outlook.risk, &carried.samples, &carried.states);
        // What is learnt of the months before needs nothing of this one, and one core.
        let seen = thread::scope(|scope| {
            let told = rules[0].components.outlook;
            let learning = scope.spawn(move || told.then(|| risk.note(month, samples, &rules[0].risk)));
            let seen = self.in_parallel(|worker, range| {
                let observed = self.observe(worker, facts, self.ranges[range], month)?;
                let tide = assess::tide(month, &model, &observed, &states[range])
                    .map_err(|error| self.failed_in(facts, error))?;
                Ok((observed, tide))
            });
            learning.join().map_err(|_| Problem::internal("learning the risk stopped"))?;
            seen
        })?;
        let mut tide = Tide::default();
        for (_, of_range) in &seen {
            tide.merge(of_range);
        }
        learner.note_tide(month, &tide);
        tracing::debug!(observe_ms = milliseconds_since(began), "learnt before and observed {month}");

        let outlook = Outlook::new(rules, &carried.learnt.outlook, self.base.len());
        let judges = Arc::new(Judges::new(month, rules, &learner, outlook));
        carried.learnt.before = learner.clone();
        let learnt = Arc::new(Mutex::new(Lessons::default()));
        let began = Instant::now();
        let assess = ScalarUDF::from(Assess::new(judges, learnt.clone(), self.spare.clone()));
        // A range's old states go as soon as its new ones are there: no month holds all of both.
        let states: Vec<Mutex<States>> = carried.states.drain(..).map(Mutex::new).collect();
        let judged = self.in_parallel(|worker, range| {
            let observed = &seen[range].0;
            let states = std::mem::take(&mut *states[range].lock().unwrap_or_else(PoisonError::into_inner));
            let judged = worker
                .runtime
                .block_on(judge(&worker.session, &assess, observed, &states))
                .map_err(|error| self.failed_in(facts, error))?;
            self.spare.keep(states);
            let rows = observed.num_rows() as u64;
            progress.advance(rows, rows);
            Ok(judged)
        })?;
        tracing::debug!(judge_ms = milliseconds_since(began), "judged {month}");
        let mut lessons = std::mem::take(&mut *learnt.lock().unwrap_or_else(PoisonError::into_inner));
        learner.merge(&lessons.stages);
        carried.learnt.after = learner;
        carried.learnt.outlook.chain.merge(&lessons.chain);
        carried.samples.insert(month, lessons.sample());
        carried.samples = carried.samples.split_off(&(month.next() - self.sample_months()));
        carried.states = judged
            .iter()
            .map(|range| {
                range.iter().map(|rows| rows.column(field::STATE).as_fixed_size_binary().clone()).collect()
            })
            .collect();
        let members = match &self.members {
            Some(members) if !again => {
                let began = Instant::now();
                let standings = self.standings(month, &judged);
                let told = members.month(month, &standings, &mut carried.members, self.workers.len())?;
                tracing::debug!(members_ms = milliseconds_since(began), "told of members of {month}");
                told
            }
            _ => None,
        };
        let pieces: Vec<Piece> = self
            .ranges
            .iter()
            .zip(seen)
            .zip(judged)
            .map(|((&range, (observed, _)), judged)| Piece { range, observed, judged })
            .collect();
        self.gather(month, &pieces, members)
    }

    /// Where each customer of the base stands.
    fn standings(&self, month: Month, judged: &[Vec<StructArray>]) -> Vec<Standing> {
        let mut standings = Vec::with_capacity(self.base.len());
        for rows in judged.iter().flatten() {
            let assessed = rows.column(field::ASSESSED).as_boolean();
            let stage = rows.column(field::STAGE).as_primitive::<UInt8Type>();
            let since = rows.column(field::SINCE).as_primitive::<Int32Type>();
            standings.extend((0..rows.len()).map(|row| {
                if !assessed.value(row) {
                    return Standing::default();
                }
                let months = month.number() - since.value(row) + 1;
                Standing {
                    stage: LifecycleStage::from_index(usize::from(stage.value(row))),
                    months: u16::try_from(months).unwrap_or_default(),
                }
            }));
        }
        standings
    }

    fn observe(
        &self,
        worker: &Worker,
        facts: MonthFacts<'_>,
        range: Range,
        month: Month,
    ) -> Result<RecordBatch, Problem> {
        let observed = observe::observe(&worker.session, facts, self.base, range, month);
        worker.runtime.block_on(observed).map_err(|error| self.failed_in(facts, error))
    }

    /// What only shows when everyone is judged: points within the base, and the sums of units.
    fn gather(
        &self,
        month: Month,
        pieces: &[Piece],
        members: Option<members::Judged>,
    ) -> Result<Computed, Problem> {
        let began = Instant::now();
        let (assessments, sums, segments) = thread::scope(|scope| {
            let sums = scope.spawn(|| {
                let mut sums = Sums::new(&self.base.organisation, self.base.len());
                pieces.iter().for_each(|piece| piece.add_to(&mut sums, self.base));
                sums.finish()
            });
            let segments = scope.spawn(|| {
                let mut card = SegmentCard::default();
                pieces.iter().for_each(|piece| piece.count_segments(&mut card));
                card
            });
            (self.rows(pieces, members.as_ref()), sums.join(), segments.join())
        });
        let assessments = assessments?;
        let sums = sums.map_err(|_| Problem::internal("the sums of a month stopped"))?;
        let segments = segments.map_err(|_| Problem::internal("counting segments stopped"))?;
        tracing::debug!(gather_ms = milliseconds_since(began), "summed up {month}");
        Ok(Computed { month, assessments, sums, segments, members })
    }

    /// The rows of the assessments file by range, with points within the base.
    fn rows(&self, pieces: &[Piece], members: Option<&members::Judged>) -> Result<Vec<Vec<Cut>>, Problem> {
        let mut purchases = Vec::with_capacity(self.base.len());
        let mut firsts = Vec::with_capacity(pieces.len());
        for piece in pieces {
            firsts.push(purchases.len());
            piece.judged.iter().for_each(|rows| purchases.extend(scored(rows).flatten()));
        }
        let points = rfm::score(&purchases);
        self.in_parallel(|_, range| {
            let mut points = points[firsts[range]..].iter().copied();
            pieces[range].rows(self.base, members, &mut points).map_err(Problem::internal)
        })
    }

    /// All that is kept of a month; `is_last`: of those of the run, whose cards the page shows.
    fn finish(
        &self,
        computed: Computed,
        carried: &Carried,
        kept: bool,
        is_last: bool,
    ) -> Result<Finished, Problem> {
        let month = computed.month;
        let mut models = cards(&computed, carried, &self.base.rules[0], self.members.is_some())?;
        if is_last && self.base.rules[0].components.outlook {
            let stages = StageCard::of(month, &carried.samples);
            let figures = serde_json::to_string(&stages).map_err(Problem::internal)?;
            models.push(ModelCard { model: "stages", figures });
        }
        Ok(Finished {
            learnt: Learnt { members: carried.members.learner.clone(), ..carried.learnt.clone() },
            states: if kept { carried.states.clone() } else { Vec::new() },
            sample: carried.samples.get(&month).cloned().unwrap_or_default(),
            member_sample: carried.members.samples.get(&month).cloned(),
            models,
            computed,
        })
    }

    fn write(&self, run: &str, finished: Finished, began: Instant) -> Result<CycleMonth, Problem> {
        let Finished { computed, learnt, states, sample, member_sample, models } = finished;
        let month = computed.month;
        let threads = self.workers.len();
        let begins = Instant::now();
        // Each waits for the disk to have its file: meanwhile the other is encoded.
        let (assessments, state) = thread::scope(|scope| {
            let state = scope.spawn(|| {
                let states = self.ranges.iter().map(|&range| self.base.ids(range)).zip(&states);
                state::write(self.root, month, run, &learnt, states, threads)
            });
            let assessments = assessments::write(self.root, month, run, &computed.assessments, threads);
            let stopped = |_| Err(Problem::internal("writing states stopped"));
            (assessments, state.join().unwrap_or_else(stopped))
        });
        let (assessments, state) = (assessments?, state?);
        let sample = sample::write(self.root, month, run, &sample)?;
        let members = match (&computed.members, &member_sample) {
            (Some(judged), Some(sample)) => {
                Some(members::write(self.root, month, run, judged, sample, threads)?)
            }
            _ => None,
        };
        let duration_ms = milliseconds_since(began);
        tracing::debug!(write_ms = milliseconds_since(begins), "wrote {month}");
        tracing::info!("{} customers of {month} in {duration_ms} ms", assessments.rows);
        Ok(CycleMonth {
            month,
            assessments,
            state,
            sample,
            units: computed.sums.months,
            flows: computed.sums.flows,
            concentrations: computed.sums.concentrations,
            cohorts: computed.sums.cohorts,
            members,
            models,
            duration_ms,
        })
    }

    fn explain(&self, first: Month, last: Month) -> Result<Vec<Explanation>, Problem> {
        let mut explanations = Vec::new();
        let mut carried = State::default();
        let mut seen = false;
        let mut chain_before = ChainLearner::default();
        let Some(&start) = self.manifest.states.keys().next() else {
            return Err(unpublished(first));
        };
        for month in start.to(last) {
            let file = self.manifest.states.get(&month).ok_or_else(|| unpublished(month))?;
            let learnt = state::learnt(&self.root.join(&file.path))?;
            let outlook = OutlookLearnt { chain: chain_before, risk: learnt.outlook.risk };
            chain_before = learnt.outlook.chain;
            let outlook = Outlook::new(&self.base.rules, &outlook, 0);
            let judges = Judges::new(month, &self.base.rules, &learnt.before, outlook);
            let Some(&range) = self.ranges.first() else {
                return Ok(Vec::new());
            };
            let facts = self.facts(month)?;
            let observed = self.observe(&self.workers[0], facts, range, month)?;
            let observations =
                Observations::new(month, observed.columns()).map_err(|error| self.failed_in(facts, error))?;
            if !observations.counts(0, seen) {
                continue;
            }
            seen = true;
            let (rules, model) = &judges.pairs[observations.rules(0)];
            let observation = observations.get(0);
            let (judgement, features) = science::lifecycle::explain(model, rules, &mut carried, &observation);
            if month < first {
                continue;
            }
            let customer = CustomerId::new(self.base.id(range.from));
            let circumstances =
                observations.circumstances(0).map_err(|error| self.failed_in(facts, error))?;
            let leaning = observations.leaning(0).map_err(|error| self.failed_in(facts, error))?;
            let prospect = Prospect {
                rules: observations.rules(0),
                stage: judgement.stage,
                features: science::outlook::features(&carried, judgement.confidence, &circumstances),
                state: carried.clone(),
                circumstances,
                leaning,
            };
            let outlook = assess::look_ahead(&judges, &[Some(prospect)]).pop().unwrap_or_default();
            let mut explained = explanation(customer, rules, &carried, &observation, judgement, features);
            let assessment = &mut explained.month.assessment;
            (assessment.value, assessment.risk, assessment.segment) = outlook;
            explanations.push(explained);
        }
        Ok(explanations)
    }

    /// Does something for each range, on as many cores as there are workers; results in the order of ranges.
    fn in_parallel<T: Send>(
        &self,
        work: impl Fn(&Worker, usize) -> Result<T, Problem> + Sync,
    ) -> Result<Vec<T>, Problem> {
        parallel::map(&self.workers, self.ranges.len(), work)
    }

    /// A failure of the engine while it read these facts.
    fn failed_in(&self, facts: MonthFacts<'_>, error: DataFusionError) -> Problem {
        let file = facts.usage.or(facts.costs);
        failed(&file.map_or_else(|| self.root.to_owned(), |file| self.root.join(&file.path)), error)
    }
}

/// Judges what was seen of a range; a struct per chunk of rows, its fields in the order of [`field`].
async fn judge(
    session: &SessionContext,
    assess: &ScalarUDF,
    observed: &RecordBatch,
    states: &States,
) -> Result<Vec<StructArray>, DataFusionError> {
    let fields = observed.schema().fields().iter().cloned().collect::<Vec<_>>();
    let state = Arc::new(Field::new("state", assess::state_type(), true));
    let schema = Arc::new(Schema::new([vec![state], fields].concat()));
    let mut from = 0;
    let mut chunks = Vec::with_capacity(states.len());
    for states in states {
        let rows = observed.slice(from, states.len());
        let columns = [vec![Arc::new(states.clone()) as ArrayRef], rows.columns().to_vec()].concat();
        chunks.push(RecordBatch::try_new(schema.clone(), columns)?);
        from += states.len();
    }
    let arguments = schema.fields().iter().map(|field| col(field.name())).collect();
    let table = session.read_table(Arc::new(MemTable::try_new(schema, vec![chunks])?))?;
    let judged = table.select(vec![assess.call(arguments).alias("judged")])?.collect().await?;
    if !judged.iter().map(RecordBatch::num_rows).eq(states.iter().map(Array::len)) {
        return Err(DataFusionError::Internal("judged rows do not stand in their chunks".to_owned()));
    }
    Ok(judged.iter().map(|batch| batch.column(0).as_struct().clone()).collect())
}

/// A range of the base, seen and judged.
struct Piece {
    range: Range,
    observed: RecordBatch,
    judged: Vec<StructArray>,
}

impl Piece {
    fn add_to(&self, sums: &mut Sums<'_>, base: &BaseColumns<'_>) {
        let units = base.units(self.range);
        let revenue = self.observed.column(observe::REVENUE).as_primitive::<Int64Type>();
        let cost = self.observed.column(observe::COST).as_primitive::<Int64Type>();
        let usage = self.observed.column(observe::USAGE).as_primitive::<Float64Type>();
        let mut place = 0;
        for rows in &self.judged {
            let assessed = rows.column(field::ASSESSED).as_boolean();
            let stage = rows.column(field::STAGE).as_primitive::<UInt8Type>();
            let quarter_ago = rows.column(field::QUARTER_AGO).as_primitive::<UInt8Type>();
            let started = rows.column(field::STARTED).as_primitive::<Int32Type>();
            let revenue_12m = rows.column(field::REVENUE_12M).as_primitive::<Int64Type>();
            let profit_12m = rows.column(field::PROFIT_12M).as_primitive::<Int64Type>();
            for row in 0..rows.len() {
                if assessed.value(row) {
                    sums.add(Part {
                        unit: units[place],
                        stage: stage.value(row),
                        quarter_ago: quarter_ago.is_valid(row).then(|| quarter_ago.value(row)),
                        started: started.is_valid(row).then(|| Month::from_number(started.value(row))),
                        usage: if usage.is_valid(place) { in_fen(usage.value(place)) } else { 0 },
                        revenue: if revenue.is_valid(place) { revenue.value(place) } else { 0 },
                        cost: cost.value(place),
                        revenue_12m: revenue_12m.value(row),
                        profit_12m: profit_12m.value(row),
                    });
                }
                place += 1;
            }
        }
    }

    /// Counts what its customers were inferred to be, and how surely.
    fn count_segments(&self, card: &mut SegmentCard) {
        for rows in &self.judged {
            let dimensions = [&mut card.value, &mut card.buying_factor, &mut card.ict_need];
            for (dimension, place) in dimensions.into_iter().zip((field::SEGMENT..).step_by(2)) {
                let codes = rows.column(place).as_primitive::<UInt8Type>();
                let sure = rows.column(place + 1).as_primitive::<Float32Type>();
                for (code, sure) in codes.iter().zip(sure).filter_map(|(code, sure)| code.zip(sure)) {
                    dimension.add(usize::from(code), sure);
                }
            }
        }
    }

    /// The rows of the assessments file; takes the points of its customers from `points`.
    fn rows(
        &self,
        base: &BaseColumns<'_>,
        members: Option<&members::Judged>,
        points: &mut impl Iterator<Item = Rfm>,
    ) -> Result<Vec<Cut>, ArrowError> {
        let ids = base.ids(self.range);
        let mut from = 0;
        let mut batches = Vec::with_capacity(self.judged.len());
        for rows in &self.judged {
            let count = rows.len();
            let points: Vec<Option<Rfm>> =
                scored(rows).map(|purchases| purchases.and_then(|_| points.next())).collect();
            let points = |of: fn(&Rfm) -> u8| -> ArrayRef {
                Arc::new(UInt8Array::from_iter(points.iter().map(|points| points.as_ref().map(of))))
            };
            let judged = |place: usize| rows.column(place).clone();
            let seen = |place: usize| self.observed.column(place).slice(from, count);
            let codes = |place: usize, list: &[&'static str]| {
                assessments::codes(rows.column(place).as_primitive::<UInt8Type>(), list)
            };
            let stages = |place: usize| codes(place, LifecycleStage::CODES);
            let [satisfaction, label, reasons] =
                members::columns(members, self.range.from + from..self.range.from + from + count);
            let batch = RecordBatch::try_new(
                assessments::SCHEMA.clone(),
                vec![
                    Arc::new(Int64Array::from(ids[from..from + count].to_vec())),
                    stages(field::STAGE),
                    judged(field::SINCE),
                    judged(field::CONFIDENCE),
                    judged(field::REASONS),
                    stages(field::NAIVE),
                    judged(field::STAR),
                    judged(field::REVENUE_12M),
                    judged(field::PROFIT_12M),
                    points(|points| points.recency),
                    points(|points| points.frequency),
                    points(|points| points.monetary),
                    judged(field::VALUE),
                    judged(field::VALUE_LOW),
                    judged(field::VALUE_HIGH),
                    codes(field::VALUE_MODEL, ValueModel::CODES),
                    judged(field::RISK),
                    codes(field::RISK_CAUSE, ExitCause::CODES),
                    judged(field::RISK_EVIDENCE),
                    judged(field::EXPECTED_LOSS),
                    codes(field::RISK_MODEL, RiskModel::CODES),
                    codes(field::SEGMENT, SegmentValue::CODES),
                    judged(field::SEGMENT + 1),
                    codes(field::SEGMENT + 2, BuyingFactor::CODES),
                    judged(field::SEGMENT + 3),
                    codes(field::SEGMENT + 4, IctNeed::CODES),
                    judged(field::SEGMENT + 5),
                    codes(field::SEGMENT_REASON, SegmentReason::CODES),
                    codes(field::SEGMENT_REASON + 1, SegmentReason::CODES),
                    satisfaction,
                    label,
                    reasons,
                    seen(observe::USAGE),
                    seen(observe::LINES),
                    seen(observe::REVENUE),
                    seen(observe::COST),
                ],
            )?;
            let kept = rows.column(field::ASSESSED).as_boolean().clone();
            batches.push(Cut { rows: batch, kept });
            from += count;
        }
        Ok(batches)
    }
}

/// The nearest fen.
fn in_fen(yuan: f64) -> i64 {
    (yuan * 100.0).round() as i64
}

/// What each row is scored by; nothing before the first revenue.
fn scored(rows: &StructArray) -> impl Iterator<Item = Option<Purchases>> {
    let recency = rows.column(field::RECENCY).as_primitive::<UInt16Type>();
    let frequency = rows.column(field::FREQUENCY).as_primitive::<UInt16Type>();
    let monetary = rows.column(field::REVENUE_12M).as_primitive::<Int64Type>();
    recency.iter().zip(frequency.values()).zip(monetary.values()).map(|((recency, &frequency), &monetary)| {
        Some(Purchases {
            recency: i64::from(recency?),
            frequency: i64::from(frequency),
            monetary: Money::from_fen(monetary),
        })
    })
}

fn explanation(
    customer: CustomerId,
    rules: &Rules,
    state: &State,
    observation: &Observation,
    judgement: Judgement,
    features: Vec<Feature>,
) -> Explanation {
    let (revenue_12m, profit_12m) = (state.revenue_12m(), state.profit_12m());
    let star = state.recency_months().map(|_| science::star::star(&rules.star, revenue_12m, profit_12m));
    Explanation {
        month: CustomerMonth {
            month: observation.month,
            usage: assessments::recorded(judgement.stage, observation.usage),
            lines: assessments::recorded(judgement.stage, observation.lines),
            revenue: assessments::recorded(judgement.stage, observation.revenue),
            cost: observation.cost,
            assessment: Assessment {
                customer,
                month: observation.month,
                stage: judgement.stage,
                stage_since: judgement.since,
                stage_confidence: judgement.confidence,
                stage_reasons: judgement.reasons.into_iter().flatten().collect(),
                naive_stage: judgement.naive,
                star,
                revenue_12m,
                profit_12m,
                // Points compare with everyone else; one customer alone has none.
                rfm: None,
                value: None,
                risk: None,
                segment: None,
                satisfaction: None,
            },
        },
        posterior: judgement.posterior.map(f64::from),
        features,
    }
}

/// What each model in use rests on after a month.
fn cards(
    computed: &Computed,
    carried: &Carried,
    rules: &Rules,
    members: bool,
) -> Result<Vec<ModelCard>, Problem> {
    if !rules.components.outlook {
        return Ok(Vec::new());
    }
    let figures = serde_json::to_string(&computed.segments).map_err(Problem::internal)?;
    let mut cards = vec![ModelCard { model: "segments", figures }];
    let outlook = &carried.learnt.outlook;
    let figures = serde_json::to_string(outlook.risk.card()).map_err(Problem::internal)?;
    cards.push(ModelCard { model: "risk", figures });
    if let Some(chain) = outlook.chain.chain(&rules.value) {
        let figures = serde_json::to_string(chain.in_months_of_revenue()).map_err(Problem::internal)?;
        cards.push(ModelCard { model: "value", figures });
    }
    if members {
        let learner = &carried.members.learner;
        let figures = serde_json::to_string(learner.card()).map_err(Problem::internal)?;
        cards.push(ModelCard { model: "satisfaction", figures });
        let figures = serde_json::to_string(learner.risk_card()).map_err(Problem::internal)?;
        cards.push(ModelCard { model: "member_risk", figures });
    }
    Ok(cards)
}

fn milliseconds_since(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn unpublished(month: Month) -> Problem {
    let say = |key: &'static str| Message::new(key).with("month", month);
    Problem::new(ProblemKind::NotFound, say("problem-month-unpublished")).hint(say("hint-month-unpublished"))
}

/// A failure of the engine: the disk, the memory it may take, or a damaged file.
fn failed(path: &Path, error: DataFusionError) -> Problem {
    if let DataFusionError::ResourcesExhausted(text) = error.find_root() {
        let cause = Message::new("problem-cycle-memory").with("error", text.clone());
        return Problem::new(ProblemKind::Environment, cause)
            .hint(Message::new("hint-cycle-memory"))
            .because(error);
    }
    atomic::failed(path, error)
}

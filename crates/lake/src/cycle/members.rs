//! The members of a month: what their use, their tickets and their customer say of how satisfied they are and
//! whether they leave. Read and judged a range of members at a time. What the facts of the last twelve months say of
//! them is carried along a run and never kept: a run begins by reading those months.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float32Builder, Float64Array, Int64Array, RecordBatch, StringBuilder,
    UInt8Builder,
};
use datafusion::arrow::datatypes::{Float64Type, Int64Type};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use datafusion::parquet::file::statistics::Statistics;
use domain::cycle::{BaseMember, BaseMembers, LakeFile, MemberFiles};
use domain::engine::Manifest;
use domain::extract::Table;
use domain::id::CustomerId;
use domain::outlook::EventKind;
use domain::rules::Rules;
use domain::satisfaction::{MemberMonth, Satisfaction, SatisfactionLabel, share_of_score};
use domain::{LifecycleStage, Money, Month, Problem};
use hashbrown::HashMap;
use science::members::{
    CustomerSituation, CustomerSum, Features, MemberLearner, MemberSample, MemberSituation, Past, Trace, Use,
};
use science::outlook::is_sampled;

use super::base::BaseColumns;
use super::readings::LatelyRead;
use crate::{assessments, atomic, facts, member_sample, members, parallel};

/// Members of the base read together, at most; of two ranges at least, so that a second core helps.
const RANGE: usize = 32_768;
/// Members judged together.
const CHUNK: usize = 8_192;
/// Months whose charges make a member's value.
const YEAR: i32 = 12;
/// Months of a member's own tickets that count.
const HALF_YEAR: i32 = 6;
/// Months of members leaving and of a customer's events that count.
const QUARTER: i32 = 3;

/// Where a customer stands in a month; nothing where it is not assessed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    pub stage: Option<LifecycleStage>,
    pub months: u16,
}

/// What goes from month to month.
#[derive(Debug, Default)]
pub(super) struct CarriedMembers {
    pub learner: MemberLearner,
    pub samples: BTreeMap<Month, MemberSample>,
    /// By range of the members.
    lately: Vec<Mutex<Lately>>,
    readings: LatelyRead,
}

impl CarriedMembers {
    pub fn new(learner: MemberLearner, samples: BTreeMap<Month, MemberSample>) -> Self {
        Self { learner, samples, ..Self::default() }
    }
}

/// What the facts say of the members of a range, up to a month.
#[derive(Debug, Default)]
struct Lately {
    month: Option<Month>,
    traces: Vec<Trace>,
    /// Fen of twelve months.
    charges: Vec<i64>,
}

/// The members of the base, ready for any month.
pub(super) struct Members<'a> {
    root: &'a Path,
    base: &'a BaseMembers,
    columns: &'a BaseColumns<'a>,
    manifest: &'a Manifest,
    rules: &'a Rules,
    /// Place of each member's customer in the base.
    customers: Vec<u32>,
    /// Members of a range.
    range: usize,
    /// Answers by month, each by member.
    answers: BTreeMap<Month, Vec<(i64, f32)>>,
}

/// A month's members, judged and not yet written.
pub(super) struct Judged {
    pub rows: Vec<RecordBatch>,
    /// By place of the customer in the base.
    pub satisfaction: HashMap<u32, Satisfaction>,
}

/// What is counted over a customer's members.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    present: u32,
    left_lately: u32,
}

/// Facts of a month, so many months ago.
struct MonthFile {
    ago: i32,
    path: PathBuf,
    footer: ArrowReaderMetadata,
}

/// What a range of members gives.
#[derive(Default)]
struct OfRange {
    batch: Option<RecordBatch>,
    sample: MemberSample,
    customers: Vec<(u32, CustomerSum)>,
}

impl<'a> Members<'a> {
    /// None where no use of members was ever handed over.
    pub fn new(
        root: &'a Path,
        base: &'a BaseMembers,
        columns: &'a BaseColumns<'a>,
        manifest: &'a Manifest,
    ) -> Result<Option<Self>, Problem> {
        let Some(facts) = manifest.facts.get(&Table::MemberUsage).filter(|_| !base.members.is_empty()) else {
            return Ok(None);
        };
        let in_order = base.members.is_sorted_by(|a, b| a.id < b.id)
            && base.answers.is_sorted_by_key(|answer| (answer.member, answer.month))
            && base.events.is_sorted_by_key(|event| (event.member, event.month));
        if !in_order {
            return Err(Problem::internal("the base is not sorted by member"));
        }
        let mut last = (CustomerId::new(0), 0);
        let mut customers = Vec::with_capacity(base.members.len());
        for member in &base.members {
            if member.customer != last.0 {
                let place = columns.place(member.customer.get());
                last = (
                    member.customer,
                    place.ok_or_else(|| Problem::internal("a member's customer is not in the base"))?,
                );
            }
            customers.push(last.1 as u32);
        }
        let mut answers: BTreeMap<Month, Vec<(i64, f32)>> = BTreeMap::new();
        for answer in base.answers.iter().filter(|answer| facts.contains_key(&answer.month)) {
            let of_month = answers.entry(answer.month).or_default();
            // Of several in a month the last holds.
            of_month.pop_if(|(member, _)| *member == answer.member.get());
            of_month.push((answer.member.get(), answer.score));
        }
        let rules = &columns.rules[0];
        let count = base.members.len();
        let range = count.div_ceil(count.div_ceil(RANGE).max(2)).max(1);
        Ok(Some(Self { root, base, columns, manifest, rules, customers, range, answers }))
    }

    /// The samples of earlier months that may still be learnt from: all of the last ones, answers from further back.
    pub fn samples(&self, before: Month) -> Result<BTreeMap<Month, MemberSample>, Problem> {
        let mut samples = BTreeMap::new();
        let mut answers = 0;
        for (&month, file) in self.manifest.member_samples.range(..before).rev() {
            if !self.is_watched(month, before) && answers >= self.rules.members.most_answers as usize {
                break;
            }
            let sample = member_sample::read(self.root, file)?;
            answers += sample.answers();
            samples.insert(month, sample);
        }
        Ok(samples)
    }

    /// Whether leaving may still be learnt from a month.
    fn is_watched(&self, month: Month, now: Month) -> bool {
        now - month <= i32::from(self.rules.members.learn_months) + QUARTER
    }

    /// Judges the members of a month; none where its use of members is not known.
    pub fn month(
        &self,
        month: Month,
        standings: &[Standing],
        carried: &mut CarriedMembers,
        threads: usize,
    ) -> Result<Option<Judged>, Problem> {
        let files = self.files(month)?;
        if files.first().is_none_or(|file| file.ago > 0) {
            return Ok(None);
        }
        let counted = self.counted(month);
        let present: Vec<u32> = (0..self.base.members.len() as u32)
            .filter(|&place| is_present(&self.base.members[place as usize], month))
            .collect();
        let workers = vec![(); threads.max(1)];
        let lately = self.lately(month, &files, std::mem::take(&mut carried.lately), &workers)?;
        let mut readings = std::mem::take(&mut carried.readings);
        readings.advance(self.root, self.manifest, self.columns, month)?;
        let of_month = OfMonth {
            members: self,
            month,
            standings,
            counted: &counted,
            lately: &lately,
            readings: &readings,
        };
        self.learn(&of_month, &present, carried)?;
        let range = |place: usize| {
            let first =
                |place: usize| present.partition_point(|&member| (member as usize) < place * self.range);
            &present[first(place)..first(place + 1)]
        };
        let judged = parallel::map(&workers, lately.len(), |(), place| {
            of_month.judge(range(place), present.len(), &carried.learner)
        })?;
        (carried.lately, carried.readings) = (lately, readings);
        let mut sums: HashMap<u32, CustomerSum> = HashMap::new();
        let mut sample = MemberSample::default();
        let mut rows = Vec::with_capacity(judged.len());
        for range in judged {
            rows.extend(range.batch);
            sample.append(range.sample);
            for (customer, sum) in range.customers {
                sums.entry(customer).or_default().merge(&sum);
            }
        }
        carried.samples.insert(month, sample);
        let mut satisfaction = HashMap::new();
        if let Some(cuts) = carried.learner.cuts() {
            let told = sums.iter().filter_map(|(&customer, sum)| Some((customer, sum.told(cuts)?)));
            satisfaction.extend(told);
        }
        Ok(Some(Judged { rows, satisfaction }))
    }

    /// What the facts say up to a month, from what they said up to the month before.
    fn lately(
        &self,
        month: Month,
        files: &[MonthFile],
        mut before: Vec<Mutex<Lately>>,
        workers: &[()],
    ) -> Result<Vec<Mutex<Lately>>, Problem> {
        let ranges: Vec<&[BaseMember]> = self.base.members.chunks(self.range).collect();
        before.resize_with(ranges.len(), Mutex::default);
        parallel::map(workers, ranges.len(), |(), place| {
            let ids: Vec<i64> = ranges[place].iter().map(|member| member.id.get()).collect();
            lock(&before[place]).advance(month, files, &ids)
        })?;
        Ok(before)
    }

    /// Learns what is due, from samples up to the month and the answers of the month itself.
    fn learn(
        &self,
        of_month: &OfMonth<'_>,
        present: &[u32],
        carried: &mut CarriedMembers,
    ) -> Result<(), Problem> {
        let month = of_month.month;
        let end = month.last_day();
        let member = |id: i64| {
            let place = self.base.members.binary_search_by_key(&id, |member| member.id.get()).ok()?;
            Some(&self.base.members[place])
        };
        let left = |id: i64| member(id)?.left_on.filter(|&left| left <= end).map(Month::of);
        let plan = |id: i64| member(id).map_or(0, |member| member.plan);
        let past = Past { samples: &carried.samples, left: &left, plan: &plan, plans: &self.base.plans };
        carried.learner.note_drift(month, &past, self.rules);
        let known: usize = self.answers.range(..=month).map(|(_, answers)| answers.len()).sum();
        if carried.learner.is_due(known, &self.rules.members) {
            let answered = self.answered(month, present);
            let (_, _, features) = of_month.features(&answered);
            let sample = of_month.sample(&answered, &features, 0);
            carried.samples.insert(month, sample);
            let past = Past { samples: &carried.samples, left: &left, plan: &plan, plans: &self.base.plans };
            carried.learner.learn(month, &past, self.rules);
        }
        carried.samples = std::mem::take(&mut carried.samples)
            .into_iter()
            .map(|(at, sample)| (at, if self.is_watched(at, month) { sample } else { sample.only_answers() }))
            .collect();
        let past = Past { samples: &carried.samples, left: &left, plan: &plan, plans: &self.base.plans };
        carried.learner.note_exits(month, &past, self.rules);
        Ok(())
    }

    /// Of the members present, those who answered in the month.
    fn answered(&self, month: Month, present: &[u32]) -> Vec<u32> {
        let Some(answers) = self.answers.get(&month) else { return Vec::new() };
        let places = answers.iter().filter_map(|(member, _)| {
            present.binary_search_by_key(member, |&place| self.base.members[place as usize].id.get()).ok()
        });
        places.map(|place| present[place]).collect()
    }

    /// The facts of the last twelve months and of the one before them, the latest first.
    fn files(&self, month: Month) -> Result<Vec<MonthFile>, Problem> {
        let Some(facts) = self.manifest.facts.get(&Table::MemberUsage) else { return Ok(Vec::new()) };
        let months = (0..=YEAR).filter_map(|ago| Some((ago, facts.get(&(month - ago))?)));
        months.map(|(ago, file)| MonthFile::open(self.root, ago, file)).collect()
    }

    /// Members present and lately gone, by customer.
    fn counted(&self, month: Month) -> Vec<Counted> {
        let mut counted = vec![Counted::default(); self.columns.len()];
        let since = month - (QUARTER - 1);
        for (member, &customer) in self.base.members.iter().zip(&self.customers) {
            let of_customer = &mut counted[customer as usize];
            let left = member.left_on.map(Month::of);
            of_customer.present += u32::from(is_present(member, month));
            of_customer.left_lately += u32::from(left.is_some_and(|left| (since..=month).contains(&left)));
        }
        counted
    }
}

/// Whether a member is there at a month's end.
fn is_present(member: &BaseMember, month: Month) -> bool {
    let end = month.last_day();
    member.joined_on <= end && member.left_on.is_none_or(|left| left > end)
}

/// The columns of the assessments for the customers of some places: score, label, reasons.
pub(super) fn columns(judged: Option<&Judged>, places: std::ops::Range<usize>) -> [ArrayRef; 3] {
    let mut scores = Float32Builder::with_capacity(places.len());
    let mut labels = UInt8Builder::with_capacity(places.len());
    let mut reasons = StringBuilder::with_capacity(places.len(), 0);
    for place in places {
        let told = judged.and_then(|judged| judged.satisfaction.get(&(place as u32)));
        scores.append_option(told.map(|told| told.score));
        labels.append_option(told.map(|told| told.label.index() as u8));
        assessments::write_reasons(&mut reasons, told.map_or(&[][..], |told| &told.reasons).iter());
    }
    let labels = assessments::codes(&labels.finish(), SatisfactionLabel::CODES);
    [Arc::new(scores.finish()), labels, Arc::new(reasons.finish())]
}

/// Writes a month.
pub(super) fn write(
    root: &Path,
    month: Month,
    run: &str,
    judged: &Judged,
    sample: &MemberSample,
    threads: usize,
) -> Result<MemberFiles, Problem> {
    Ok(MemberFiles {
        members: members::write(root, month, run, &judged.rows, threads)?,
        sample: member_sample::write(root, month, run, sample)?,
    })
}

/// What judging the members of a month needs.
struct OfMonth<'a> {
    members: &'a Members<'a>,
    month: Month,
    standings: &'a [Standing],
    counted: &'a [Counted],
    lately: &'a [Mutex<Lately>],
    readings: &'a LatelyRead,
}

impl OfMonth<'_> {
    /// Features of some members, with what they rest on.
    fn features(&self, places: &[u32]) -> (Vec<(Trace, i64)>, Vec<MemberSituation>, Vec<Features>) {
        let range = self.members.range;
        let in_one_range = places.chunk_by(|a, b| *a as usize / range == *b as usize / range);
        let mut seen = Vec::with_capacity(places.len());
        for places in in_one_range {
            let lately = lock(&self.lately[places[0] as usize / range]);
            seen.extend(places.iter().map(|&place| {
                let place = place as usize % range;
                (lately.traces[place], lately.charges[place])
            }));
        }
        let situations = self.situations(places);
        let rows = seen.iter().zip(&situations);
        let features = rows.map(|((trace, _), situation)| science::members::features(trace, situation));
        let features = features.collect();
        (seen, situations, features)
    }

    /// Rows to learn from: those who answered, and those of the range whose leaving is watched.
    fn sample(&self, places: &[u32], features: &[Features], present: usize) -> MemberSample {
        let mut sample = MemberSample::default();
        let answers = self.members.answers.get(&self.month).map_or(&[][..], Vec::as_slice);
        for (&place, features) in places.iter().zip(features) {
            let id = self.members.base.members[place as usize].id.get();
            let answer = answers.binary_search_by_key(&id, |(member, _)| *member).ok();
            let score = answer.map_or(f32::NAN, |place| answers[place].1);
            let watched = present > 0 && is_sampled(id, present, self.members.rules.members.sample_members);
            if watched || !score.is_nan() {
                sample.members.push(id);
                sample.scores.push(score);
                sample.watched.push(watched);
                sample.features.push(*features);
            }
        }
        sample
    }

    /// What the records say of members at the month's end.
    fn situations(&self, places: &[u32]) -> Vec<MemberSituation> {
        let mut last: Option<(u32, CustomerSituation)> = None;
        places
            .iter()
            .map(|&place| {
                let member = &self.members.base.members[place as usize];
                let customer = self.members.customers[place as usize];
                let of_customer = match last {
                    Some((known, situation)) if known == customer => situation,
                    _ => self.customer(customer),
                };
                last = Some((customer, of_customer));
                let age = (self.month - Month::of(member.joined_on)).max(0);
                MemberSituation {
                    age_months: u16::try_from(age).unwrap_or(u16::MAX),
                    payer: member.payer,
                    counts: self.own_events(member),
                    customer: of_customer,
                }
            })
            .collect()
    }

    fn own_events(&self, member: &BaseMember) -> [u8; EventKind::COUNT] {
        let events = &self.members.base.events;
        let first = events.partition_point(|event| event.member < member.id);
        let own = events[first..].iter().take_while(|event| event.member == member.id);
        counts(own.map(|event| (event.month, event.kind)), self.month, HALF_YEAR)
    }

    fn customer(&self, place: u32) -> CustomerSituation {
        let place = place as usize;
        let (standing, counted) = (self.standings[place], self.counted[place]);
        let events = self.members.columns.events(place).iter();
        CustomerSituation {
            stage: standing.stage,
            stage_months: standing.months,
            members: counted.present,
            left_lately: counted.left_lately,
            counts: counts(events.map(|event| (event.month, event.kind)), self.month, QUARTER),
            readings: self.readings.of(place),
        }
    }

    /// Judges a range of members present.
    fn judge(&self, range: &[u32], present: usize, learner: &MemberLearner) -> Result<OfRange, Problem> {
        let mut judged = OfRange::default();
        let mut rows = members::Rows::default();
        let mut sums: HashMap<u32, CustomerSum> = HashMap::new();
        let (seen, situations, features) = self.features(range);
        judged.sample = self.sample(range, &features, present);
        let base = self.members.base;
        for (chunk, from) in range.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
            let plans: Vec<u16> = chunk.iter().map(|&place| base.members[place as usize].plan).collect();
            let explain_from = self.members.rules.risk.explain_from;
            let told = learner.tell(&features[from..from + chunk.len()], &plans, &base.plans, explain_from);
            let mut parts = told.parts.into_iter().peekable();
            let mut risk_parts = told.risk_parts.into_iter().peekable();
            for (row, &place) in chunk.iter().enumerate() {
                let ((trace, charges), situation) = (&seen[from + row], &situations[from + row]);
                let satisfaction = told.satisfaction.as_ref().map(|told| told[row]);
                let is_pleased =
                    satisfaction.is_some_and(|(_, label)| label == SatisfactionLabel::VerySatisfied);
                let reasons = match parts.next_if(|(of_row, _)| *of_row == row) {
                    Some((_, parts)) if is_pleased => science::members::delights(&parts, trace, situation),
                    Some((_, parts)) => science::members::reasons(&parts, trace, situation),
                    None => Vec::new(),
                };
                let risk_reasons = match risk_parts.next_if(|(of_row, _)| *of_row == row) {
                    Some((_, parts)) => science::members::reasons(&parts, trace, situation),
                    None => Vec::new(),
                };
                let member = &base.members[place as usize];
                let value = Money::from_fen(*charges);
                if let Some((score, label)) = satisfaction {
                    let customer = self.members.customers[place as usize];
                    sums.entry(customer).or_default().add(value, score, label, &reasons);
                }
                rows.push(&MemberMonth {
                    member: member.id,
                    customer: member.customer,
                    month: self.month,
                    satisfaction: satisfaction.map(|(score, label)| Satisfaction {
                        score: share_of_score(score) as f32,
                        label,
                        reasons,
                    }),
                    risk: told.risk.as_ref().map(|risk| risk[row] as f32),
                    risk_reasons,
                    value,
                });
            }
        }
        judged.batch = Some(rows.finish().map_err(Problem::internal)?);
        judged.customers = sums.into_iter().collect();
        Ok(judged)
    }
}

/// Events by kind in the months up to one.
fn counts(
    events: impl Iterator<Item = (Month, EventKind)>,
    month: Month,
    months: i32,
) -> [u8; EventKind::COUNT] {
    let mut counts = [0_u8; EventKind::COUNT];
    for (_, kind) in events.filter(|(at, _)| (0..months).contains(&(month - *at))) {
        counts[kind.index()] = counts[kind.index()].saturating_add(1);
    }
    counts
}

impl MonthFile {
    fn open(root: &Path, ago: i32, file: &LakeFile) -> Result<Self, Problem> {
        let path = root.join(&file.path);
        let opened = File::open(&path).map_err(|error| Problem::io(&path, error))?;
        let footer = ArrowReaderMetadata::load(&opened, ArrowReaderOptions::new())
            .map_err(|error| atomic::failed(&path, error))?;
        if footer.schema().fields().len() != facts::schema(Table::MemberUsage).fields().len() {
            return Err(assessments::foreign(&path));
        }
        Ok(Self { ago, path, footer })
    }

    /// The row groups that may hold members between two.
    fn groups(&self, first: i64, last: i64) -> Vec<usize> {
        let metadata = self.footer.metadata();
        let may_hold = |group: &usize| match metadata.row_group(*group).column(MEMBER).statistics() {
            Some(Statistics::Int64(range)) => {
                range.min_opt().is_none_or(|&lowest| lowest <= last)
                    && range.max_opt().is_none_or(|&highest| highest >= first)
            }
            _ => true,
        };
        (0..metadata.num_row_groups()).filter(may_hold).collect()
    }

    /// Takes the rows of some members, sorted by id, into what is known of them: of the last months all, of those
    /// before the charges. The month before the last twelve is taken away.
    fn read(&self, ids: &[i64], lately: &mut Lately) -> Result<(), Problem> {
        let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else { return Ok(()) };
        let file = File::open(&self.path).map_err(|error| Problem::io(&self.path, error))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.footer.clone());
        let recent = usize::try_from(self.ago).ok().filter(|&ago| ago < Trace::MONTHS);
        let sign = if self.ago < YEAR { 1 } else { -1 };
        let columns: &[usize] = if recent.is_some() { &ALL } else { &[MEMBER, CHARGE] };
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
        let failed = |error| atomic::failed(&self.path, error);
        let batches = builder
            .with_row_groups(self.groups(first, last))
            .with_batch_size(CHUNK)
            .with_projection(mask)
            .build()
            .map_err(failed)?;
        let mut place = 0;
        for batch in batches {
            let batch = batch.map_err(|error| atomic::failed(&self.path, error))?;
            let foreign = || assessments::foreign(&self.path);
            place = lately.take(ids, place, &batch, recent, sign).ok_or_else(foreign)?;
        }
        Ok(())
    }
}

/// Places of columns in the facts.
const MEMBER: usize = 0;
const CHARGE: usize = 5;
const ALL: [usize; 9] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/// What a range holds; a thread that stopped leaves nothing half done behind, since its failure ends the cycle.
fn lock(lately: &Mutex<Lately>) -> MutexGuard<'_, Lately> {
    lately.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lately {
    /// Takes in what became known up to a month; `files`: of the last months, the latest first.
    fn advance(&mut self, month: Month, files: &[MonthFile], ids: &[i64]) -> Result<(), Problem> {
        let follows = self.month == Some(month.previous());
        if follows {
            self.traces.iter_mut().for_each(Trace::pass_month);
        } else {
            *self =
                Self { month: None, traces: vec![Trace::default(); ids.len()], charges: vec![0; ids.len()] };
        }
        let is_new = |ago: i32| if follows { ago == 0 || ago == YEAR } else { ago < YEAR };
        for file in files.iter().filter(|file| is_new(file.ago)) {
            file.read(ids, self)?;
        }
        self.month = Some(month);
        Ok(())
    }

    /// Takes a batch in; `place`: of the first member not yet passed. Gives that after the batch.
    fn take(
        &mut self,
        ids: &[i64],
        mut place: usize,
        batch: &RecordBatch,
        recent: Option<usize>,
        sign: i64,
    ) -> Option<usize> {
        let whole = |column: usize| batch.columns().get(column)?.as_primitive_opt::<Int64Type>();
        let number = |column: usize| batch.columns().get(column)?.as_primitive_opt::<Float64Type>();
        let members: &Int64Array = whole(MEMBER)?;
        let charges: &Int64Array = whole(if recent.is_some() { CHARGE } else { 1 })?;
        let numbers: Option<[&Float64Array; 7]> = match recent {
            Some(_) => {
                Some([number(1)?, number(2)?, number(3)?, number(4)?, number(6)?, number(7)?, number(8)?])
            }
            None => None,
        };
        for (row, &member) in members.values().iter().enumerate() {
            while ids.get(place).is_some_and(|&id| id < member) {
                place += 1;
            }
            if ids.get(place) != Some(&member) {
                continue;
            }
            let charge = charges.is_valid(row).then(|| charges.value(row));
            self.charges[place] += sign * charge.unwrap_or_default();
            if let (Some(ago), Some(numbers)) = (recent, &numbers) {
                let [voice, data, sms, vas, hotline, complaints, promotions] = numbers
                    .map(|column| if column.is_valid(row) { column.value(row) as f32 } else { f32::NAN });
                let charge = charge.map_or(f32::NAN, |fen| Money::from_fen(fen).yuan() as f32);
                self.traces[place].months[ago] =
                    Some(Use { voice, data, sms, vas, charge, hotline, complaints, promotions });
            }
        }
        Some(place)
    }
}

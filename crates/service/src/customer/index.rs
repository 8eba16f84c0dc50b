//! The read model of the customer list: every customer with its last published assessment, in columns in
//! memory, so that a list of a million answers like a list of ten.
//!
//! Rows lie in the order of the tree of units, so that a subtree is a range of rows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::{Deref, Range};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use domain::assessment::{Assessment, Reason, Rfm};
use domain::customer::{CustomerCategory, Managed, Visited};
use domain::engine::{CustomerMonth, Engine, Manifest};
use domain::field::Field;
use domain::id::{CustomerId, MemberId, OrgUnitId, StaffId};
use domain::outlook::{ExitCause, ExitRisk, LifetimeValue, RiskBand, RiskModel};
use domain::policy::{Granted, Home, Scope};
use domain::rules::{Risk, RuleBook, Rules, Visits};
use domain::satisfaction::{MemberConcern, Satisfaction, SatisfactionLabel};
use domain::segment::Segment;
use domain::star::StarRating;
use domain::{Date, LifecycleStage, Money, Month, Problem, date};
use hashbrown::{HashMap, HashSet};
use store::Store;
use store::contract::ContractEnd;
use store::customer::{CustomerEntry, CustomerNow};
use store::field::KeptValue;
use store::staff::StaffName;
use store::version::Versions;
use tokio::time::Instant;

use super::fields::Fields;
use super::memo::Memo;
use super::texts::Texts;
use super::{CustomerChoices, CustomerRow, Facet, Measure};
use crate::insight::Sight;
use crate::search::{Fit, Spelt, Words};
use crate::services::off_thread;
use crate::today::{OccasionKind, Today};
use crate::units::Units;

/// A customer that the published month does not know.
pub const NO_STAGE: u8 = u8::MAX;

/// A facet of which a customer has no code.
pub const NO_CODE: u8 = u8::MAX;

/// A member who may be dissatisfied, or leave.
#[derive(Debug, Clone, Copy)]
pub struct Uneasy {
    /// The row of its customer.
    pub row: u32,
    /// Which.
    pub member: MemberId,
    /// Charges of twelve months.
    pub value: Money,
    /// Which of both.
    pub concern: MemberConcern,
}

/// A customer that was never visited.
pub const NEVER: i32 = i32::MIN;

/// A figure that a customer does not have.
pub const UNKNOWN: i64 = i64::MIN;

/// A column of figures.
pub enum Figures<'a> {
    /// [`UNKNOWN`] where one is not known.
    Wide(&'a [i64]),
    /// Days or months, [`NEVER`] where there was none.
    Narrow(&'a [i32]),
}

/// All customers as of one state of the records and the lake.
///
/// What a person changes of a customer is patched: a new index shares with the one before whatever stays.
pub struct CustomerIndex {
    /// The state of the lake …
    of_manifest: i64,
    /// … and of the records.
    of_records: AtomicI64,
    laid: Arc<Laid>,
    /// Places in `staff`, 0 for none, by row.
    pub managers: Arc<Vec<u32>>,
    /// The rows of each of `staff`, from the first to the last.
    staff_rows: Arc<Vec<Range<usize>>>,
    /// The place of each facet's code or [`NO_CODE`], by facet and row.
    pub codes_of: [Arc<Vec<u8>>; Facet::COUNT],
    /// Places in `industry_names`, 0 for none, by row.
    pub industries: Arc<Vec<u16>>,
    industry_names: Arc<Vec<String>>,
    /// Months since the customer is known, or [`UNKNOWN`] before the first published month, by row.
    pub ages: Arc<Vec<i64>>,
    /// Since which day each is known, in days since 1970, by row.
    pub(super) known_since: Arc<Vec<i32>>,
    /// On which day each was visited last, likewise, or [`NEVER`], by row.
    pub(super) last_visits: Arc<Vec<i32>>,
    /// The operator's own fields, with what stands in them.
    pub fields: Arc<Fields>,
    /// Rows of the customers directly below others in their trees, by the row above.
    children: Arc<Vec<(u32, u32)>>,
    /// Rows warned of, in order.
    warned: Vec<u32>,
    /// What the filters can be set to, as far as asked for.
    pub(super) choices: Memo<ChoicesKey, CustomerChoices>,
    /// The worklists of those who see many rows.
    pub(crate) worklists: Memo<(Scope, Option<OccasionKind>, Date), Today>,
    /// What Insight counts of a unit's rows.
    pub(crate) sights: Memo<OrgUnitId, Sight>,
    /// How the monthly revenue of customers changed over three months, by row, once it was asked for.
    pub(crate) revenue_changes: OnceLock<Option<Vec<f32>>>,
}

/// What decides the order of rows, and what the lake says of them.
pub struct Laid {
    /// The files of the lake at that state.
    pub manifest: Manifest,
    /// The published month.
    pub month: Option<Month>,
    /// The tree of units.
    pub units: Units,
    /// By row.
    pub ids: Vec<CustomerId>,
    /// Place of the unit in the tree, by row; rising.
    pub positions: Vec<u32>,
    /// [`LifecycleStage::index`] or [`NO_STAGE`], by row.
    pub stages: Vec<u8>,
    /// The stage of the month before, likewise.
    pub stages_before: Vec<u8>,
    /// 1 when the stage changed in the published month, by row.
    pub changed: Vec<u8>,
    /// [`Month::number`] of the month the stage began, by row.
    pub since: Vec<i32>,
    /// Stars, 0 for none, by row.
    pub stars: Vec<u8>,
    /// Fen, by row.
    pub revenue_12m: Vec<i64>,
    /// Fen, by row.
    pub profit_12m: Vec<i64>,
    /// Lifetime value in fen or [`UNKNOWN`], by row.
    pub values: Vec<i64>,
    /// Half the range of that value in fen, by row; 0 without a value.
    pub value_reaches: Vec<i64>,
    /// Risk to leave in millionths or [`UNKNOWN`], by row.
    pub risks: Vec<i64>,
    /// Expected loss in fen or [`UNKNOWN`], by row.
    pub losses: Vec<i64>,
    /// Lines in use in the published month, or [`UNKNOWN`], by row.
    pub lines: Vec<i64>,
    /// Satisfaction in millionths or [`UNKNOWN`], by row.
    pub satisfactions: Vec<i64>,
    /// Members who may be dissatisfied or leave, in order of rows.
    uneasy: Vec<Uneasy>,
    /// Revenue of the published month in fen, by row.
    pub revenue: Vec<i64>,
    /// Revenue of the month before in fen, by row.
    pub revenue_before: Vec<i64>,
    /// Places in the order of codes, by row.
    pub code_ranks: Vec<u32>,
    /// Places in the order of names, equal for equal names, by row.
    pub name_ranks: Vec<u32>,
    /// Name, code and credit code as they are searched, by row.
    spelt: Spelt,
    /// What tells one credit code from another, by row.
    credit_marks: Vec<u64>,
    /// 1 when a contract ends soon after the published month, by row.
    ends_soon: Vec<u8>,
    /// Those contracts, by row, each row's by end.
    ending: Vec<(usize, ContractEnd)>,
    codes: Texts,
    names: Texts,
    details: Vec<Detail>,
    staff: Vec<(StaffId, String)>,
    /// Their names and codes as they are searched.
    pub staff_spelt: Spelt,
    staff_places: HashMap<StaffId, u32>,
    row_of: HashMap<CustomerId, u32>,
    /// Customers that another stands for, with its row; in order of rows.
    merged: Vec<(u32, CustomerId)>,
    /// Name, code and credit code of each of `merged` as they are searched.
    merged_spelt: Spelt,
}

impl Deref for CustomerIndex {
    type Target = Laid;

    fn deref(&self) -> &Laid {
        &self.laid
    }
}

/// For whom choices are, and the unit chosen.
pub(super) type ChoicesKey = (Scope, Option<OrgUnitId>);

/// Rows that a scope shows: those of a range, all of them or a manager's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The range; never empty.
    pub rows: Range<usize>,
    /// Whose rows among them, if not all.
    pub manager: Option<u32>,
}

impl Part {
    /// Whether it shows a row.
    pub fn holds(&self, index: &CustomerIndex, row: usize) -> bool {
        self.rows.contains(&row) && self.manager.is_none_or(|manager| index.managers[row] == manager)
    }
}

/// What only shown rows need.
#[derive(Debug, Clone, Copy)]
struct Detail {
    confidence: f32,
    naive_stage: u8,
    /// 0 for none.
    rfm: [u8; 3],
    reasons: [Option<Reason>; Assessment::REASONS],
    value: Option<LifetimeValue>,
    risk: Option<KeptRisk>,
    segment: Option<Segment>,
    satisfaction: Option<KeptSatisfaction>,
}

/// [`Satisfaction`] without what it allocates.
#[derive(Debug, Clone, Copy)]
struct KeptSatisfaction {
    score: f32,
    label: SatisfactionLabel,
    reasons: [Option<Reason>; Assessment::REASONS],
}

/// [`ExitRisk`] without what it allocates.
#[derive(Debug, Clone, Copy)]
struct KeptRisk {
    probability: f32,
    cause: Option<ExitCause>,
    evidence: [Option<Reason>; Assessment::REASONS],
    expected_loss: Money,
    model: RiskModel,
}

const NO_DETAIL: Detail = Detail {
    confidence: 0.0,
    naive_stage: 0,
    rfm: [0; 3],
    reasons: [None; Assessment::REASONS],
    value: None,
    risk: None,
    segment: None,
    satisfaction: None,
};

impl KeptSatisfaction {
    fn new(told: &Satisfaction) -> Self {
        Self { score: told.score, label: told.label, reasons: kept_reasons(&told.reasons) }
    }

    fn told(self) -> Satisfaction {
        let reasons = self.reasons.into_iter().flatten().collect();
        Satisfaction { score: self.score, label: self.label, reasons }
    }
}

impl KeptRisk {
    fn new(risk: &ExitRisk) -> Self {
        Self {
            probability: risk.probability,
            cause: risk.cause,
            evidence: kept_reasons(&risk.evidence),
            expected_loss: risk.expected_loss,
            model: risk.model,
        }
    }

    fn told(self) -> ExitRisk {
        ExitRisk {
            probability: self.probability,
            cause: self.cause,
            evidence: self.evidence.into_iter().flatten().collect(),
            expected_loss: self.expected_loss,
            model: self.model,
        }
    }
}

fn kept_reasons(reasons: &[Reason]) -> [Option<Reason>; Assessment::REASONS] {
    let mut kept = [None; Assessment::REASONS];
    for (kept, reason) in kept.iter_mut().zip(reasons) {
        *kept = Some(*reason);
    }
    kept
}

impl Laid {
    /// The row of a customer.
    pub fn row(&self, customer: CustomerId) -> Option<usize> {
        self.row_of.get(&customer).map(|&row| row as usize)
    }

    /// The stage of a row.
    pub fn stage(&self, row: usize) -> Option<LifecycleStage> {
        LifecycleStage::from_index(usize::from(self.stages[row]))
    }

    /// The row at which a customer is found: its own, or that of the one that stands for it.
    pub fn found_at(&self, customer: CustomerId) -> Option<usize> {
        let stands_for = || self.merged.iter().find(|(_, merged)| *merged == customer);
        self.row(customer).or_else(|| stands_for().map(|(row, _)| *row as usize))
    }

    /// Whether one row stands for two customers.
    pub fn stands_for_both(&self, one: CustomerId, other: CustomerId) -> bool {
        self.row(one).is_some() && self.row(one) == self.found_at(other)
    }

    /// Some customers with those that they stand for.
    fn all_of(&self, customers: &[CustomerId]) -> Vec<CustomerId> {
        let all = |&customer: &CustomerId| match self.row(customer) {
            Some(row) => self.stands_for(row).collect(),
            None => vec![customer],
        };
        customers.iter().flat_map(all).collect()
    }

    /// The customers that a row stands for, itself first.
    pub fn stands_for(&self, row: usize) -> impl Iterator<Item = CustomerId> {
        let from = self.merged.partition_point(|(of, _)| (*of as usize) < row);
        let merged = self.merged[from..].iter().take_while(move |(of, _)| *of as usize == row);
        std::iter::once(self.ids[row]).chain(merged.map(|(_, merged)| *merged))
    }
}

impl CustomerIndex {
    /// The rows of a scope: parts in order that do not overlap.
    pub fn parts(&self, scope: &Scope) -> Vec<Part> {
        let home = match scope.home() {
            Home::Subtree(unit) => Some(Part { rows: self.rows_below(unit), manager: None }),
            Home::Own(staff) => self
                .manager_place(staff)
                .map(|place| Part { rows: self.staff_rows[place as usize].clone(), manager: Some(place) }),
        };
        let mut whole: Vec<Range<usize>> = Vec::new();
        whole.extend(home.iter().filter(|home| home.manager.is_none()).map(|home| home.rows.clone()));
        whole.extend(scope.granted().iter().flat_map(|&granted| self.rows_of(granted)));
        let whole = joined(whole).into_iter().map(|rows| Part { rows, manager: None });
        let Some(own) = home.filter(|home| home.manager.is_some()) else {
            return whole.collect();
        };
        // The own rows between those that are shown whole.
        let mut parts = Vec::new();
        let mut from = own.rows.start;
        for part in whole {
            parts.push(Part { rows: from..part.rows.start.min(own.rows.end), manager: own.manager });
            from = from.max(part.rows.end);
            parts.push(part);
        }
        parts.push(Part { rows: from..own.rows.end, manager: own.manager });
        parts.retain(|part| !part.rows.is_empty());
        parts
    }

    /// The rows that a grant shows.
    pub fn rows_of(&self, granted: Granted) -> Vec<Range<usize>> {
        match granted {
            Granted::Subtree(unit) => vec![self.rows_below(unit)],
            Granted::Tree(customer) => self.tree(customer).into_iter().map(|row| row..row + 1).collect(),
            Granted::Part(customer, unit) => {
                let below = self.rows_below(unit);
                let rows = self.tree(customer).into_iter().filter(|row| below.contains(row));
                rows.map(|row| row..row + 1).collect()
            }
        }
    }

    /// The rows of a customer and of all below it in its tree.
    fn tree(&self, customer: CustomerId) -> Vec<usize> {
        let mut rows: Vec<usize> = self.row(customer).into_iter().collect();
        // Where another stands for a customer, those above it may come round.
        let mut met: HashSet<usize> = rows.iter().copied().collect();
        let mut at = 0;
        while let Some(&row) = rows.get(at) {
            let first = self.children.partition_point(|(above, _)| (*above as usize) < row);
            let below = self.children[first..].iter().take_while(|(above, _)| *above as usize == row);
            rows.extend(below.map(|(_, row)| *row as usize).filter(|below| !met.contains(below)));
            met.extend(rows[at + 1..].iter().copied());
            at += 1;
        }
        rows
    }

    /// The rows of a unit and all below it.
    pub fn rows_below(&self, unit: OrgUnitId) -> Range<usize> {
        let Some(places) = self.units.range(unit) else {
            return 0..0;
        };
        let start = self.positions.partition_point(|position| position < places.start());
        let end = self.positions.partition_point(|position| position <= places.end());
        start..end.max(start)
    }

    /// Whether a row lies in a scope.
    pub fn is_in(&self, row: usize, scope: &Scope) -> bool {
        self.parts(scope).iter().any(|part| part.holds(self, row))
    }

    /// How well each of some rows fits what was typed.
    pub fn fitting(&self, words: &Words, rows: Range<usize>) -> Vec<Fit> {
        let mut fits = self.spelt.fits(words, rows.clone());
        if !self.merged.is_empty() {
            // Whoever knows a company by what it was entered as the other time finds it too.
            let by_other_name = self.merged_spelt.fits(words, 0..self.merged.len());
            for ((row, _), fit) in self.merged.iter().zip(by_other_name) {
                if let Some(known) = (*row as usize).checked_sub(rows.start).and_then(|at| fits.get_mut(at)) {
                    *known = fit.max(*known);
                }
            }
        }
        fits
    }

    /// Whether the person at a place in the column of managers answers for a row of some parts.
    pub fn answers_within(&self, place: u32, parts: &[Part]) -> bool {
        let own = &self.staff_rows[place as usize];
        parts.iter().filter(|part| part.manager.is_none_or(|manager| manager == place)).any(|part| {
            let (start, end) = (own.start.max(part.rows.start), own.end.min(part.rows.end));
            start < end && self.managers[start..end].contains(&place)
        })
    }

    /// The place of a person in the column of managers.
    pub fn manager_place(&self, staff: StaffId) -> Option<u32> {
        self.staff_places.get(&staff).copied()
    }

    /// The person at a place in the column of managers.
    pub fn manager(&self, place: u32) -> Option<&(StaffId, String)> {
        (place > 0).then(|| &self.staff[place as usize])
    }

    /// On which day a row was visited last.
    pub fn last_visit(&self, row: usize) -> Option<Date> {
        (self.last_visits[row] != NEVER).then(|| date::from_days(i64::from(self.last_visits[row]))).flatten()
    }

    /// By which day a row is to be visited; none if it has no rhythm, or left.
    pub fn visit_due_on(&self, row: usize, visits: &Visits) -> Option<Date> {
        if self.stage(row) == Some(LifecycleStage::Termination) {
            return None;
        }
        let known = date::from_days(i64::from(self.known_since[row]))?;
        visits.due_on(self.stars[row].try_into().ok(), self.last_visit(row), known)
    }

    /// The rules of visits by row; those of a unit are looked up once for all its rows, which lie together.
    pub fn visit_rules<'a>(&'a self, rules: &'a RuleBook) -> impl FnMut(usize) -> &'a Visits {
        let mut known: Option<(u32, &Visits)> = None;
        move |row| {
            let position = self.positions[row];
            match known {
                Some((of, visits)) if of == position => visits,
                _ => {
                    let unit = self.units.at(position).map(|unit| unit.id);
                    let province = unit.and_then(|unit| self.units.province(unit));
                    let visits = &rules.of(province).visits;
                    known = Some((position, visits));
                    visits
                }
            }
        }
    }

    /// How many places the column of managers may hold.
    pub fn staff_count(&self) -> usize {
        self.staff.len()
    }

    /// The place of an industry in its column.
    pub fn industry_place(&self, industry: &str) -> Option<u16> {
        let place = self.industry_names.iter().skip(1).position(|name| name == industry)?;
        u16::try_from(place + 1).ok()
    }

    /// Every industry, by its place in the column, the first one being none.
    pub fn industry_names(&self) -> &[String] {
        &self.industry_names
    }

    /// The name of a row's customer.
    pub fn name(&self, row: usize) -> &str {
        self.names.get(row)
    }

    /// The stage of a row in the month before.
    pub fn stage_before(&self, row: usize) -> Option<LifecycleStage> {
        LifecycleStage::from_index(usize::from(self.stages_before[row]))
    }

    /// Whether a row is among those of its manager's list, or its unit's pool, that leaving would cost most, within what
    /// can be handled.
    pub fn is_warned(&self, row: usize) -> bool {
        self.warned.binary_search(&(row as u32)).is_ok()
    }

    /// The contracts of a row that end soon, the first to end first.
    pub fn ending(&self, row: usize) -> &[(usize, ContractEnd)] {
        if self.ends_soon[row] == 0 {
            return &[];
        }
        let start = self.ending.partition_point(|(of_row, _)| *of_row < row);
        let end = self.ending.partition_point(|(of_row, _)| *of_row <= row);
        &self.ending[start..end]
    }

    /// The place of a facet's code or [`NO_CODE`], by row.
    pub fn codes(&self, facet: Facet) -> &[u8] {
        &self.codes_of[facet as usize]
    }

    /// A figure by row; of customers without a stage it says nothing.
    pub fn figures(&self, measure: Measure) -> Figures<'_> {
        match measure {
            Measure::Revenue => Figures::Wide(&self.revenue_12m),
            Measure::Profit => Figures::Wide(&self.profit_12m),
            Measure::Value => Figures::Wide(&self.values),
            Measure::Risk => Figures::Wide(&self.risks),
            Measure::Loss => Figures::Wide(&self.losses),
            Measure::Age => Figures::Wide(&self.ages),
            Measure::Lines => Figures::Wide(&self.lines),
            Measure::Satisfaction => Figures::Wide(&self.satisfactions),
            Measure::StageSince => Figures::Narrow(&self.since),
            Measure::KnownSince => Figures::Narrow(&self.known_since),
            Measure::LastVisit => Figures::Narrow(&self.last_visits),
        }
    }

    /// Whether the published month tells of anyone's satisfaction.
    pub fn tells_satisfaction(&self) -> bool {
        self.codes(Facet::Satisfaction).iter().any(|&label| label != NO_CODE)
    }

    /// Members in a scope who may be dissatisfied or leave.
    pub fn uneasy_in(&self, scope: &Scope) -> impl Iterator<Item = &Uneasy> {
        self.parts(scope).into_iter().flat_map(move |part| {
            let start = self.uneasy.partition_point(|uneasy| (uneasy.row as usize) < part.rows.start);
            let end = self.uneasy.partition_point(|uneasy| (uneasy.row as usize) < part.rows.end);
            self.uneasy[start..end].iter().filter(move |uneasy| part.holds(self, uneasy.row as usize))
        })
    }

    /// The row of the list.
    pub fn list_row(&self, row: usize) -> CustomerRow {
        CustomerRow {
            id: self.ids[row],
            code: self.codes.get(row).to_owned(),
            name: self.names.get(row).to_owned(),
            category: CustomerCategory::from_index(usize::from(self.codes(Facet::Category)[row]))
                .unwrap_or(CustomerCategory::Public),
            industry: Some(self.industry_names[usize::from(self.industries[row])].clone())
                .filter(|industry| !industry.is_empty()),
            unit: self.units.at(self.positions[row]).map(|unit| unit.name.clone()).unwrap_or_default(),
            manager: self.manager(self.managers[row]).map(|(_, name)| name.clone()),
            lines: Some(self.lines[row]).filter(|&lines| lines != UNKNOWN),
            known_since: date::from_days(i64::from(self.known_since[row])),
            last_visit: self.last_visit(row),
            assessment: self.assessment(row),
            own: Vec::new(),
        }
    }

    /// The same with some of the operator's own fields, as far as the customer has them.
    pub fn list_row_with(&self, row: usize, fields: &[Arc<Field>]) -> CustomerRow {
        let mut told = self.list_row(row);
        let value = |field: &Field| {
            let has_it = field.home.holds(told.category, told.industry.as_deref());
            has_it.then(|| self.fields.value(field.id, row).cloned()).flatten()
        };
        told.own = fields.iter().map(|field| (Arc::clone(field), value(field))).collect();
        told
    }

    /// The published assessment of a row.
    pub fn assessment(&self, row: usize) -> Option<Assessment> {
        let (month, stage) = (self.month?, self.stage(row)?);
        let detail = self.details[row];
        let [recency, frequency, monetary] = detail.rfm;
        Some(Assessment {
            customer: self.ids[row],
            month,
            stage,
            stage_since: Month::from_number(self.since[row]),
            stage_confidence: detail.confidence,
            stage_reasons: detail.reasons.into_iter().flatten().collect(),
            naive_stage: LifecycleStage::from_index(usize::from(detail.naive_stage)).unwrap_or(stage),
            star: StarRating::try_from(self.stars[row]).ok(),
            revenue_12m: Money::from_fen(self.revenue_12m[row]),
            profit_12m: Money::from_fen(self.profit_12m[row]),
            rfm: (recency > 0).then_some(Rfm { recency, frequency, monetary }),
            value: detail.value,
            risk: detail.risk.map(KeptRisk::told),
            segment: detail.segment,
            satisfaction: detail.satisfaction.map(KeptSatisfaction::told),
        })
    }

    fn fits(&self, versions: Versions) -> bool {
        self.of_manifest == versions.manifest && self.of_records.load(Ordering::Acquire) == versions.records
    }

    /// Notes that later changes of the records are none of what it shows.
    fn confirm(&self, versions: Versions) {
        self.of_records.store(versions.records, Ordering::Release);
    }
}

/// The index in use. A new one is built when records or months have changed, and swapped in whole.
#[derive(Default)]
pub struct IndexHolder {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    current: RwLock<Option<Arc<CustomerIndex>>>,
    /// Until when requests wait for the index being built.
    deadline: Mutex<Option<Instant>>,
    building: tokio::sync::Mutex<()>,
}

/// How long requests wait for a new index before they make do with the one at hand. A small operator never sees
/// an old one; a large one may for the seconds it takes to build.
const PATIENCE: Duration = Duration::from_secs(1);

impl IndexHolder {
    /// The index of the present state, or for a short while the one before, while it is being built.
    pub async fn get(
        &self,
        store: &Store,
        engine: &Arc<dyn Engine>,
        rules: &Arc<RuleBook>,
    ) -> Result<Arc<CustomerIndex>, Problem> {
        let versions = store.versions().await?;
        let current = self.shared.current();
        if let Some(index) = current.as_ref().filter(|index| index.fits(versions)) {
            return Ok(Arc::clone(index));
        }
        let (shared, store) = (Arc::clone(&self.shared), store.clone());
        let (engine, rules) = (Arc::clone(engine), Arc::clone(rules));
        let deadline = *lock(&shared.deadline).get_or_insert_with(|| Instant::now() + PATIENCE);
        let building = tokio::spawn(async move { shared.refresh(&store, &engine, &rules).await });
        let Some(current) = current else {
            return building.await.map_err(Problem::internal)?;
        };
        match tokio::time::timeout_at(deadline, building).await {
            Ok(built) => built.map_err(Problem::internal)?,
            Err(_) => Ok(current),
        }
    }
}

impl Shared {
    fn current(&self) -> Option<Arc<CustomerIndex>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn refresh(
        &self,
        store: &Store,
        engine: &Arc<dyn Engine>,
        rules: &Arc<RuleBook>,
    ) -> Result<Arc<CustomerIndex>, Problem> {
        let _building = self.building.lock().await;
        let versions = store.versions().await?;
        if let Some(index) = self.current().filter(|index| index.fits(versions)) {
            *lock(&self.deadline) = None;
            return Ok(index);
        }
        let patched = match self.current() {
            Some(index) => patch(&index, store, rules, versions).await?,
            None => None,
        };
        let built = match patched {
            Some(index) => Ok(index),
            None => build(store, engine, rules).await.map(Arc::new),
        };
        *lock(&self.deadline) = None;
        let index = built?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&index));
        Ok(index)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// More customers than these are not read one by one.
const FEW: usize = 20_000;

/// The index with what few customers changed since; none if it has to be built.
async fn patch(
    index: &Arc<CustomerIndex>,
    store: &Store,
    rules: &Arc<RuleBook>,
    versions: Versions,
) -> Result<Option<Arc<CustomerIndex>>, Problem> {
    if index.of_manifest != versions.manifest {
        return Ok(None);
    }
    let held = index.of_records.load(Ordering::Acquire);
    let touched = store.touched(held, versions.records).await?;
    let Some(touched) = touched.filter(|touched| touched.len() <= FEW) else { return Ok(None) };
    let entries = store.customers_now(&touched).await?;
    let (fields, values) = (store.fields().await?, store.field_values(&index.all_of(&touched)).await?);
    let (index, rules) = (Arc::clone(index), Arc::clone(rules));
    off_thread(move || {
        Ok(match index.patched(versions, &entries, (fields, &values), &rules) {
            // What was worked out from it holds good as well: only the version is another.
            Patched::Same => {
                index.confirm(versions);
                Some(index)
            }
            Patched::New(new) => Some(Arc::from(new)),
            Patched::Reordered => None,
        })
    })
    .await
}

/// Reads records and lake until both are of one state.
async fn build(
    store: &Store,
    engine: &Arc<dyn Engine>,
    rules: &Arc<RuleBook>,
) -> Result<CustomerIndex, Problem> {
    loop {
        let versions = store.versions().await?;
        let manifest = store.manifest().await?;
        let lake = tokio::spawn(off_thread({
            let (engine, manifest, rules) = (Arc::clone(engine), manifest.clone(), Arc::clone(rules));
            move || Published::read(engine.as_ref(), &manifest, &rules.default)
        }));
        let mut records = Records::read(store).await?;
        records.ending = contracts_ending(store, &manifest, rules, &records).await?;
        let published = lake.await.map_err(Problem::internal)??;
        if store.versions().await? == versions {
            let rules = Arc::clone(rules);
            return off_thread(move || Ok(assemble(versions, manifest, records, published, &rules))).await;
        }
    }
}

async fn contracts_ending(
    store: &Store,
    manifest: &Manifest,
    rules: &RuleBook,
    records: &Records,
) -> Result<Vec<ContractEnd>, Problem> {
    let Some(month) = last_month(manifest) else {
        return Ok(Vec::new());
    };
    let within = |rules: &Rules| i64::from(rules.today.contract_ends_within_days);
    let from = month.last_day();
    let furthest = rules.all().map(within).max().unwrap_or_default();
    let until = date::from_days(date::days(from) + furthest).unwrap_or(from);
    let mut ending = store.contracts_ending(from, until).await?;
    for contract in &mut ending {
        contract.customer = records.survivors.get(&contract.customer).copied().unwrap_or(contract.customer);
    }
    ending.retain(|contract| {
        let unit = records.ids.binary_search(&contract.customer).map(|row| records.org[row]);
        let province = unit.ok().and_then(|unit| records.units.province(unit));
        date::days(contract.ends_on) - date::days(from) <= within(rules.of(province))
    });
    Ok(ending)
}

fn last_month(manifest: &Manifest) -> Option<Month> {
    manifest.assessments.keys().next_back().copied()
}

/// Customers as the records give them, by id.
#[derive(Default)]
struct Records {
    units: Units,
    staff: Vec<StaffName>,
    ids: Vec<CustomerId>,
    org: Vec<OrgUnitId>,
    managers: Vec<Option<StaffId>>,
    /// Customers that lie below another, with the one above.
    above: Vec<(CustomerId, CustomerId)>,
    categories: Vec<u8>,
    industries: Vec<u16>,
    industry_names: Vec<String>,
    codes: Texts,
    names: Texts,
    credit_codes: Texts,
    created_on: Vec<Date>,
    ending: Vec<ContractEnd>,
    last_visits: HashMap<CustomerId, i32>,
    /// Who stands for each customer that was merged, …
    survivors: std::collections::HashMap<CustomerId, CustomerId>,
    /// … and those with name, code and credit code.
    merged: Vec<(CustomerId, [String; 3])>,
    fields: Vec<Field>,
    field_values: Vec<KeptValue>,
}

impl Records {
    async fn read(store: &Store) -> Result<Self, Problem> {
        let mut records = Self {
            units: Units::new(store.units().await?),
            staff: store.staff_names().await?,
            industry_names: vec![String::new()],
            ..Self::default()
        };
        let survivors = store.survivors().await?;
        let stands_for = |customer: CustomerId| survivors.get(&customer).copied().unwrap_or(customer);
        let mut industry_places: HashMap<String, u16> = HashMap::new();
        let mut take = |customer: CustomerEntry<'_>| {
            if survivors.contains_key(&customer.id) {
                let spelt = [customer.name, customer.code, customer.credit_code.unwrap_or_default()];
                records.merged.push((customer.id, spelt.map(str::to_owned)));
                return;
            }
            let industry = match customer.industry {
                None => 0,
                Some(industry) => match industry_places.get(industry) {
                    Some(&place) => place,
                    // More industries than fit share the place of none: a list of 65,535 choices helps nobody.
                    None => match u16::try_from(records.industry_names.len()) {
                        Ok(place) => {
                            records.industry_names.push(industry.to_owned());
                            industry_places.insert(industry.to_owned(), place);
                            place
                        }
                        Err(_) => 0,
                    },
                },
            };
            records.ids.push(customer.id);
            records.org.push(customer.unit);
            records.managers.push(customer.manager);
            let parent = customer.parent.map(stands_for).filter(|parent| *parent != customer.id);
            records.above.extend(parent.map(|parent| (customer.id, parent)));
            records.categories.push(customer.category as u8);
            records.industries.push(industry);
            records.created_on.push(customer.created_on);
            records.codes.push(customer.code);
            records.names.push(customer.name);
            records.credit_codes.push(customer.credit_code.unwrap_or_default());
        };
        store.scan_customers(&mut take).await?;
        records.last_visits = last_visits(store.last_visits().await?, &survivors);
        records.survivors = survivors;
        records.fields = store.fields().await?;
        records.field_values = store.all_field_values().await?;
        Ok(records)
    }
}

/// The last day on which each customer or one that it stands for was visited.
fn last_visits(
    visits: Vec<(CustomerId, domain::Instant)>,
    survivors: &std::collections::HashMap<CustomerId, CustomerId>,
) -> HashMap<CustomerId, i32> {
    let mut last: HashMap<CustomerId, i32> = HashMap::with_capacity(visits.len());
    for (customer, at) in visits {
        let known = last.entry(survivors.get(&customer).copied().unwrap_or(customer)).or_insert(NEVER);
        *known = (*known).max(day_number(at.date()));
    }
    last
}

fn day_number(day: Date) -> i32 {
    i32::try_from(date::days(day)).unwrap_or(NEVER)
}

/// What the lake says of the published month and the one before, by customer.
#[derive(Default)]
struct Published {
    month: Option<Month>,
    now: Vec<Assessed>,
    before: Vec<(CustomerId, u8)>,
    revenue: Vec<(CustomerId, i64)>,
    revenue_before: Vec<(CustomerId, i64)>,
    uneasy: Vec<(CustomerId, MemberId, Money, MemberConcern)>,
}

/// An assessment in its compact form.
struct Assessed {
    customer: CustomerId,
    stage: u8,
    since: i32,
    star: u8,
    revenue_12m: i64,
    profit_12m: i64,
    lines: i64,
    detail: Detail,
}

impl Published {
    fn read(engine: &dyn Engine, manifest: &Manifest, rules: &Rules) -> Result<Self, Problem> {
        let Some(month) = last_month(manifest) else {
            return Ok(Self::default());
        };
        let mut published = Self { month: Some(month), ..Self::default() };
        if let Some(file) = manifest.assessments.get(&month) {
            engine.customer_months(file, &mut |of_month| {
                published
                    .revenue
                    .push((of_month.assessment.customer, of_month.revenue.unwrap_or_default().fen()));
                published.now.push(Assessed::new(&of_month));
            })?;
        }
        if let Some(file) = manifest.assessments.get(&month.previous()) {
            engine.customer_months(file, &mut |of_month| {
                let assessment = &of_month.assessment;
                published.before.push((assessment.customer, assessment.stage as u8));
                published
                    .revenue_before
                    .push((assessment.customer, of_month.revenue.unwrap_or_default().fen()));
            })?;
        }
        if let Some(file) = manifest.members.get(&month) {
            engine.each_member(file, &mut |member| {
                let label = member.satisfaction.as_ref().map(|told| told.label);
                // Of a single member hardly any risk is high; from the middle band on the page says why.
                let is_leaving =
                    member.risk.is_some_and(|risk| rules.risk.band(f64::from(risk)) != RiskBand::Low);
                let concern = MemberConcern::of(label == Some(SatisfactionLabel::Dissatisfied), is_leaving);
                if let Some(concern) = concern {
                    published.uneasy.push((member.customer, member.member, member.value, concern));
                }
            })?;
        }
        Ok(published)
    }
}

impl Assessed {
    fn new(of_month: &CustomerMonth) -> Self {
        let assessment = &of_month.assessment;
        Self {
            customer: assessment.customer,
            stage: assessment.stage as u8,
            since: assessment.stage_since.number(),
            star: assessment.star.map_or(0, StarRating::get),
            revenue_12m: assessment.revenue_12m.fen(),
            profit_12m: assessment.profit_12m.fen(),
            lines: of_month.lines.map_or(UNKNOWN, |lines| lines.round() as i64),
            detail: Detail {
                confidence: assessment.stage_confidence,
                naive_stage: assessment.naive_stage as u8,
                rfm: assessment.rfm.map_or([0; 3], |rfm| [rfm.recency, rfm.frequency, rfm.monetary]),
                reasons: kept_reasons(&assessment.stage_reasons),
                value: assessment.value,
                risk: assessment.risk.as_ref().map(KeptRisk::new),
                segment: assessment.segment,
                satisfaction: assessment.satisfaction.as_ref().map(KeptSatisfaction::new),
            },
        }
    }
}

fn assemble(
    versions: Versions,
    manifest: Manifest,
    records: Records,
    published: Published,
    rules: &RuleBook,
) -> CustomerIndex {
    let count = records.ids.len();
    let position = |record: usize| records.units.get(records.org[record]).map_or(0, |unit| unit.position);
    let unsorted: Vec<u32> = (0..count).map(position).collect();
    // By place in the tree; the sort is stable, so that rows of a unit stay in the order of their ids.
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_by_key(|&record| unsorted[record as usize]);
    let by_row = |record: &u32| *record as usize;

    let mut staff = vec![(StaffId::new(0), String::new())];
    let mut staff_spelt = Spelt::default();
    staff_spelt.push("", "", "");
    for person in &records.staff {
        staff_spelt.push(&person.name, &person.code, "");
        staff.push((person.id, person.shown.clone()));
    }
    let staff_places: HashMap<StaffId, u32> =
        staff.iter().enumerate().skip(1).map(|(place, (id, _))| (*id, place as u32)).collect();
    let managers: Vec<u32> = order
        .iter()
        .map(by_row)
        .map(|record| records.managers[record].and_then(|id| staff_places.get(&id).copied()).unwrap_or(0))
        .collect();

    let mut codes_of = Facet::ALL
        .iter()
        .map(|facet| match facet {
            Facet::Category => order.iter().map(by_row).map(|record| records.categories[record]).collect(),
            Facet::Managed => managers.iter().map(|&manager| managed(manager)).collect(),
            Facet::Visited => {
                let ids = order.iter().map(by_row).map(|record| records.ids[record]);
                ids.map(|id| visited(records.last_visits.get(&id).copied().unwrap_or(NEVER))).collect()
            }
            _ => vec![NO_CODE; count],
        })
        .collect::<Vec<Vec<u8>>>();
    let ids: Vec<CustomerId> = order.iter().map(by_row).map(|record| records.ids[record]).collect();
    let mut laid = Laid {
        manifest,
        month: published.month,
        row_of: ids.iter().enumerate().map(|(row, id)| (*id, row as u32)).collect(),
        ids,
        positions: order.iter().map(by_row).map(|record| unsorted[record]).collect(),
        stages: vec![NO_STAGE; count],
        stages_before: vec![NO_STAGE; count],
        changed: vec![0; count],
        since: vec![0; count],
        stars: vec![0; count],
        revenue_12m: vec![0; count],
        profit_12m: vec![0; count],
        values: vec![UNKNOWN; count],
        value_reaches: vec![0; count],
        risks: vec![UNKNOWN; count],
        losses: vec![UNKNOWN; count],
        lines: vec![UNKNOWN; count],
        satisfactions: vec![UNKNOWN; count],
        uneasy: Vec::new(),
        revenue: vec![0; count],
        revenue_before: vec![0; count],
        code_ranks: ranks(&records.codes, &order),
        name_ranks: ranks(&records.names, &order),
        spelt: spelt(&records, &order),
        credit_marks: order.iter().map(by_row).map(|record| mark(records.credit_codes.get(record))).collect(),
        ends_soon: vec![0; count],
        ending: Vec::new(),
        codes: rearranged(&records.codes, &order),
        names: rearranged(&records.names, &order),
        details: vec![NO_DETAIL; count],
        units: records.units,
        staff,
        staff_spelt,
        staff_places,
        merged: Vec::new(),
        merged_spelt: Spelt::default(),
    };
    let survivor = |(id, spelt): &(CustomerId, [String; 3])| {
        let row = laid.row_of.get(records.survivors.get(id)?)?;
        Some((*row, *id, spelt.clone()))
    };
    let mut merged: Vec<(u32, CustomerId, [String; 3])> =
        records.merged.iter().filter_map(survivor).collect();
    merged.sort_unstable();
    for (row, id, [name, code, credit_code]) in merged {
        laid.merged.push((row, id));
        laid.merged_spelt.push(&name, &code, &credit_code);
    }
    laid.lay_in(&mut codes_of, &published, rules);
    laid.ending = records
        .ending
        .into_iter()
        .filter_map(|contract| laid.row(contract.customer).map(|row| (row, contract)))
        .filter(|(row, _)| laid.stage(*row) != Some(LifecycleStage::Termination))
        .collect();
    for place in 0..laid.ending.len() {
        let row = laid.ending[place].0;
        laid.ends_soon[row] = 1;
    }
    laid.ending.sort_by_key(|(row, contract)| (*row, contract.ends_on, contract.id));
    let rows = |&(below, above): &(CustomerId, CustomerId)| {
        Some((*laid.row_of.get(&above)?, *laid.row_of.get(&below)?))
    };
    let mut children: Vec<(u32, u32)> = records.above.iter().filter_map(rows).collect();
    children.sort_unstable();
    let ages =
        order.iter().map(by_row).map(|record| age(published.month, records.created_on[record])).collect();
    let industries = order.iter().map(by_row).map(|record| records.industries[record]).collect();
    let known_since = order.iter().map(by_row).map(|record| day_number(records.created_on[record])).collect();
    let last_visit = |id: &CustomerId| records.last_visits.get(id).copied().unwrap_or(NEVER);
    let last_visits = laid.ids.iter().map(last_visit).collect();
    let codes_of: Vec<Arc<Vec<u8>>> = codes_of.into_iter().map(Arc::new).collect();
    let fields =
        Fields::new(records.fields, &records.field_values, |customer| laid.found_at(customer), &laid.ids);
    let mut index = CustomerIndex {
        of_manifest: versions.manifest,
        of_records: AtomicI64::new(versions.records),
        staff_rows: Arc::new(spans(&managers, laid.staff.len())),
        laid: Arc::new(laid),
        managers: Arc::new(managers),
        codes_of: codes_of.try_into().unwrap_or_default(),
        industries: Arc::new(industries),
        industry_names: Arc::new(records.industry_names),
        ages: Arc::new(ages),
        known_since: Arc::new(known_since),
        last_visits: Arc::new(last_visits),
        fields: Arc::new(fields),
        children: Arc::new(children),
        warned: Vec::new(),
        choices: Memo::default(),
        worklists: Memo::default(),
        sights: Memo::default(),
        revenue_changes: OnceLock::new(),
    };
    index.warned = index.most_at_stake(rules);
    index
}

/// What tells one text from another; equal for equal texts while the program runs.
fn mark(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What a few changed customers make of an index.
enum Patched {
    /// Nothing that it shows.
    Same,
    /// Another one.
    New(Box<CustomerIndex>),
    /// Rows come, go or lie in another order: it has to be built.
    Reordered,
}

impl CustomerIndex {
    /// The index with a few customers as the records have them now.
    fn patched(
        &self,
        versions: Versions,
        entries: &[CustomerNow],
        (fields, values): (Vec<Field>, &[KeptValue]),
        rules: &RuleBook,
    ) -> Patched {
        let mut new = self.shared(versions);
        let mut is_same = true;
        let touched: Vec<usize> = entries.iter().filter_map(|entry| self.row(entry.id)).collect();
        if let Some(fields) = self.fields.patched(fields, &touched, values, self) {
            new.fields = Arc::new(fields);
            is_same = false;
        }
        for entry in entries {
            let Some(row) = self.row(entry.id) else { return Patched::Reordered };
            let position = self.units.get(entry.unit).map(|unit| unit.position);
            let is_in_place = position == Some(self.positions[row])
                && self.names.get(row) == entry.name
                && self.credit_marks[row] == mark(entry.credit_code.as_deref().unwrap_or_default());
            let manager = match entry.manager {
                None => Some(0),
                Some(manager) => self.manager_place(manager),
            };
            let (true, Some(manager)) = (is_in_place, manager) else { return Patched::Reordered };
            let parent = entry.parent.and_then(|parent| self.found_at(parent)).map(|above| above as u32);
            let industry = match entry.industry.as_deref() {
                None => Some(0),
                Some(industry) => new.place_of_industry(industry),
            };
            let Some(industry) = industry else { return Patched::Reordered };
            is_same &= put(&mut new.managers, row, manager);
            is_same &= put(&mut new.codes_of[Facet::Managed as usize], row, managed(manager));
            is_same &= put(&mut new.industries, row, industry);
            is_same &= put(&mut new.codes_of[Facet::Category as usize], row, entry.category as u8);
            is_same &= put(&mut new.ages, row, age(self.month, entry.created_on));
            is_same &= put(&mut new.known_since, row, day_number(entry.created_on));
            let last_visit = entry.last_visit.map_or(NEVER, |at| day_number(at.date()));
            is_same &= put(&mut new.last_visits, row, last_visit);
            is_same &= put(&mut new.codes_of[Facet::Visited as usize], row, visited(last_visit));
            is_same &= new.hang(row as u32, parent);
        }
        if is_same {
            return Patched::Same;
        }
        if !Arc::ptr_eq(&new.managers, &self.managers) {
            new.staff_rows = Arc::new(spans(&new.managers, self.staff.len()));
            new.warned = new.most_at_stake(rules);
        }
        Patched::New(Box::new(new))
    }

    /// An index with the columns of this one and nothing worked out from them yet.
    fn shared(&self, versions: Versions) -> Self {
        Self {
            of_manifest: versions.manifest,
            of_records: AtomicI64::new(versions.records),
            laid: Arc::clone(&self.laid),
            managers: Arc::clone(&self.managers),
            staff_rows: Arc::clone(&self.staff_rows),
            codes_of: self.codes_of.clone(),
            industries: Arc::clone(&self.industries),
            industry_names: Arc::clone(&self.industry_names),
            ages: Arc::clone(&self.ages),
            known_since: Arc::clone(&self.known_since),
            last_visits: Arc::clone(&self.last_visits),
            fields: Arc::clone(&self.fields),
            children: Arc::clone(&self.children),
            warned: self.warned.clone(),
            choices: Memo::default(),
            worklists: Memo::default(),
            sights: Memo::default(),
            revenue_changes: OnceLock::new(),
        }
    }

    /// The place of an industry, a new one if it has none yet; none when there are too many.
    fn place_of_industry(&mut self, industry: &str) -> Option<u16> {
        if let Some(place) = self.industry_place(industry) {
            return Some(place);
        }
        let place = u16::try_from(self.industry_names.len()).ok()?;
        Arc::make_mut(&mut self.industry_names).push(industry.to_owned());
        Some(place)
    }

    /// Hangs a row below another in its tree, or below none. Gives whether it hung there already.
    fn hang(&mut self, row: u32, above: Option<u32>) -> bool {
        let before = self.children.iter().position(|(_, below)| *below == row);
        if before.map(|place| self.children[place].0) == above {
            return true;
        }
        let children = Arc::make_mut(&mut self.children);
        if let Some(place) = before {
            children.remove(place);
        }
        if let Some(above) = above {
            let place = children.partition_point(|pair| *pair < (above, row));
            children.insert(place, (above, row));
        }
        false
    }
}

/// Puts a value into a column that is shared. Gives whether it stood there already.
fn put<T: Clone + PartialEq>(column: &mut Arc<Vec<T>>, row: usize, value: T) -> bool {
    if column[row] == value {
        return true;
    }
    Arc::make_mut(column)[row] = value;
    false
}

/// Rows with their losses, the least on top; of equal losses the customer known later.
type Costliest = BinaryHeap<Reverse<(i64, Reverse<CustomerId>, u32)>>;

impl CustomerIndex {
    /// Of each manager's list, and of each unit's pool, the rows with the largest expected losses, as many as can be
    /// handled in a month; in order.
    fn most_at_stake(&self, rules: &RuleBook) -> Vec<u32> {
        let mut capacities: HashMap<u32, usize> = HashMap::new();
        let mut lists: HashMap<(u32, u32), (usize, Costliest)> = HashMap::new();
        let is_served = |row: usize| self.stage(row).is_some_and(LifecycleStage::is_served);
        for (row, &loss) in self.losses.iter().enumerate().filter(|&(row, loss)| *loss > 0 && is_served(row))
        {
            let (manager, position) = (self.managers[row], self.positions[row]);
            let list = if manager > 0 { (manager, 0) } else { (0, position) };
            let (capacity, most) = lists.entry(list).or_insert_with(|| {
                let capacity = capacities.entry(position).or_insert_with(|| {
                    let unit = self.units.at(position);
                    let rules = rules.of(unit.and_then(|unit| self.units.province(unit.id)));
                    usize::from(rules.today.warnings_per_manager)
                });
                (*capacity, BinaryHeap::new())
            });
            most.push(Reverse((loss, Reverse(self.ids[row]), row as u32)));
            if most.len() > *capacity {
                most.pop();
            }
        }
        let mut rows: Vec<u32> =
            lists.into_values().flat_map(|(_, most)| most).map(|Reverse((.., row))| row).collect();
        rows.sort_unstable();
        rows
    }
}

impl Laid {
    fn lay_in(&mut self, codes_of: &mut [Vec<u8>], published: &Published, rules: &RuleBook) {
        let mut rules_of: HashMap<u32, &Risk> = HashMap::new();
        for assessed in &published.now {
            let Some(row) = self.row(assessed.customer) else {
                continue;
            };
            self.stages[row] = assessed.stage;
            self.since[row] = assessed.since;
            self.stars[row] = assessed.star;
            self.revenue_12m[row] = assessed.revenue_12m;
            self.profit_12m[row] = assessed.profit_12m;
            self.details[row] = assessed.detail;
            self.values[row] = assessed.detail.value.map_or(UNKNOWN, |value| value.amount.fen());
            if let Some(told) = &assessed.detail.satisfaction {
                self.satisfactions[row] = (f64::from(told.score) * 1e6).round() as i64;
            }
            self.value_reaches[row] =
                assessed.detail.value.map_or(0, |value| (value.high - value.low).fen() / 2);
            if let Some(risk) = &assessed.detail.risk {
                self.risks[row] = (f64::from(risk.probability) * 1e6).round() as i64;
                self.losses[row] = risk.expected_loss.fen();
                let position = self.positions[row];
                let rules = rules_of.entry(position).or_insert_with(|| {
                    let unit = self.units.at(position);
                    &rules.of(unit.and_then(|unit| self.units.province(unit.id))).risk
                });
                let band = rules.band(f64::from(risk.probability));
                codes_of[Facet::Risk as usize][row] = band as u8;
            }
            let risk = assessed.detail.risk.and_then(|risk| risk.cause);
            let segment = assessed.detail.segment;
            let mut lay = |facet: Facet, code: Option<u8>| {
                codes_of[facet as usize][row] = code.unwrap_or(NO_CODE);
            };
            lay(Facet::Cause, risk.map(|cause| cause as u8));
            lay(Facet::Value, segment.and_then(|of| of.value).map(|(value, _)| value as u8));
            lay(Facet::BuyingFactor, segment.map(|of| of.buying_factor.0 as u8));
            lay(Facet::Satisfaction, assessed.detail.satisfaction.map(|told| told.label as u8));
            lay(Facet::IctNeed, segment.map(|of| of.ict_need.0 as u8));
            self.lines[row] = assessed.lines;
        }
        for (customer, stage) in &published.before {
            if let Some(row) = self.row(*customer) {
                self.stages_before[row] = *stage;
                self.changed[row] = u8::from(self.stages[row] != NO_STAGE && self.stages[row] != *stage);
            }
        }
        let uneasy = published.uneasy.iter().filter_map(|&(customer, member, value, concern)| {
            Some(Uneasy { row: u32::try_from(self.row(customer)?).ok()?, member, value, concern })
        });
        self.uneasy = uneasy.collect();
        self.uneasy.sort_unstable_by_key(|uneasy| (uneasy.row, uneasy.member));
        for (customer, fen) in &published.revenue {
            if let Some(row) = self.row(*customer) {
                self.revenue[row] = *fen;
            }
        }
        for (customer, fen) in &published.revenue_before {
            if let Some(row) = self.row(*customer) {
                self.revenue_before[row] = *fen;
            }
        }
    }
}

/// The code of whether someone answers for a row.
const fn managed(manager: u32) -> u8 {
    (if manager > 0 { Managed::Someone } else { Managed::Nobody }) as u8
}

/// The code of whether a row was ever visited.
const fn visited(last_visit: i32) -> u8 {
    (if last_visit == NEVER { Visited::Never } else { Visited::Once }) as u8
}

/// Months from the one in which a customer became known to the published one.
fn age(month: Option<Month>, known_since: Date) -> i64 {
    month.map_or(UNKNOWN, |month| i64::from((month - Month::of(known_since)).max(0)))
}

/// For each place that a column may hold, the rows from the first with it to the last.
fn spans(column: &[u32], places: usize) -> Vec<Range<usize>> {
    let mut spans = vec![0..0; places];
    for (row, &place) in column.iter().enumerate() {
        let span = &mut spans[place as usize];
        if span.end == 0 {
            *span = row..row;
        }
        span.end = row + 1;
    }
    spans
}

/// Ranges in order, those that overlap or touch made one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// The place of each row's text in the order of all, equal for equal texts.
fn ranks(texts: &Texts, order: &[u32]) -> Vec<u32> {
    let mut sorted: Vec<u32> = (0..order.len() as u32).collect();
    let text = |row: u32| texts.get(order[row as usize] as usize);
    sorted.sort_unstable_by(|one, other| text(*one).cmp(text(*other)));
    let mut ranks = vec![0; order.len()];
    let mut rank = 0;
    for (place, &row) in sorted.iter().enumerate() {
        if place > 0 && text(sorted[place - 1]) != text(row) {
            rank += 1;
        }
        ranks[row as usize] = rank;
    }
    ranks
}

fn rearranged(texts: &Texts, order: &[u32]) -> Texts {
    let mut rearranged = Texts::with_capacity(order.len(), texts.bytes());
    for &record in order {
        rearranged.push(texts.get(record as usize));
    }
    rearranged
}

/// Name, code and credit code of each row as they are searched.
fn spelt(records: &Records, order: &[u32]) -> Spelt {
    let mut spelt = Spelt::default();
    for record in order.iter().map(|&record| record as usize) {
        let (name, code) = (records.names.get(record), records.codes.get(record));
        spelt.push(name, code, records.credit_codes.get(record));
    }
    spelt
}

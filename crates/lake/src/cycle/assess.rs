//! Second half of a month: the science as a function of the analytics engine, from what was seen of a customer
//! and the carried state to the judgement and the state to carry on.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, BooleanBuilder, FixedSizeBinaryArray, Float32Builder,
    Float64Array, Int32Array, Int32Builder, Int64Array, Int64Builder, RecordBatch, StringBuilder,
    StructArray, UInt8Array, UInt8Builder, UInt16Array, UInt16Builder,
};
use datafusion::arrow::buffer::{Buffer, NullBuffer};
use datafusion::arrow::datatypes::{
    DataType, Field, Fields, Float64Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
};
use datafusion::common::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use domain::outlook::{ExitRisk, LifetimeValue, RiskModel};
use domain::rules::Rules;
use domain::segment::Segment;
use domain::{LifecycleStage, Money, Month};
use science::lifecycle::{Judgement, Learner, Model, Observation, State, Tide, step};
use science::outlook::{
    Chain, ChainLearner, Circumstances, Features, Leaning, RiskLearner, Sample, evidence, features,
    is_sampled,
};

use crate::assessments;
use crate::state::{OutlookLearnt, SIZE, States};

/// The rules and the models of a month: one pair for the operator, one for each province with rules of its own.
#[derive(Debug)]
pub(super) struct Judges {
    pub month: Month,
    pub pairs: Vec<(Rules, Model)>,
    /// None where it is left out.
    pub outlook: Option<Outlook>,
}

/// What the month's value and risk are told by.
#[derive(Debug)]
pub(super) struct Outlook {
    /// By rules.
    chains: Vec<Option<Chain>>,
    risk: RiskLearner,
    /// Customers of the base, of whom some are learnt from.
    customers: usize,
}

impl Outlook {
    /// None where the rules leave it out.
    pub fn new(rules: &[Rules], learnt: &OutlookLearnt, customers: usize) -> Option<Self> {
        if !rules[0].components.outlook {
            return None;
        }
        let chains = rules.iter().map(|rules| learnt.chain.chain(&rules.value)).collect();
        Some(Self { chains, risk: learnt.risk.clone(), customers })
    }
}

impl Judges {
    pub fn new(month: Month, rules: &[Rules], learner: &Learner, outlook: Option<Outlook>) -> Self {
        let pairs = rules.iter().map(|rules| (rules.clone(), learner.model(rules))).collect();
        Self { month, pairs, outlook }
    }
}

/// What a month teaches: sums, and the customers to learn from later. Merging in any order gives the same once
/// the sample is sorted.
#[derive(Debug, Default)]
pub(super) struct Lessons {
    pub stages: Learner,
    pub chain: ChainLearner,
    sample: Vec<Sampled>,
}

/// A customer to learn from.
#[derive(Debug)]
struct Sampled {
    customer: i64,
    stage: LifecycleStage,
    money: (Option<Money>, Money),
    features: Features,
}

impl Lessons {
    fn merge(&mut self, mut other: Self) {
        self.stages.merge(&other.stages);
        self.chain.merge(&other.chain);
        self.sample.append(&mut other.sample);
    }

    /// The customers to learn from.
    pub fn sample(&mut self) -> Sample {
        let mut rows = std::mem::take(&mut self.sample);
        rows.sort_unstable_by_key(|row| row.customer);
        let mut sample = Sample::with_room(rows.len());
        for row in rows {
            sample.customers.push(row.customer);
            sample.stages.push(row.stage.index() as u8);
            sample.money.push(row.money);
            sample.features.push(row.features);
        }
        sample
    }
}

/// What is seen of customers in a month, column by column, in the order of
/// [`super::observe::observation_columns`].
pub(super) struct Observations<'a> {
    month: Month,
    customer: &'a Int64Array,
    rules: &'a UInt16Array,
    industry: &'a UInt8Array,
    known: &'a BooleanArray,
    services: &'a UInt16Array,
    trials: &'a UInt16Array,
    first_service: &'a Int32Array,
    last_end: &'a Int32Array,
    circumstances: &'a FixedSizeBinaryArray,
    leaning: &'a FixedSizeBinaryArray,
    usage: &'a Float64Array,
    lines: &'a Float64Array,
    products: &'a UInt16Array,
    revenue: &'a Int64Array,
    cost: &'a Int64Array,
    has_facts: &'a BooleanArray,
}

/// How many columns [`Observations`] has.
pub(super) const OBSERVED: usize = 16;

impl<'a> Observations<'a> {
    pub fn new(month: Month, columns: &'a [ArrayRef]) -> Result<Self, DataFusionError> {
        let [
            customer,
            rules,
            industry,
            known,
            services,
            trials,
            first_service,
            last_end,
            circumstances,
            leaning,
            usage,
            lines,
            products,
            revenue,
            cost,
            has_facts,
        ] = columns
        else {
            return Err(DataFusionError::Internal("assess takes other columns".to_owned()));
        };
        Ok(Self {
            month,
            customer: customer.as_primitive::<Int64Type>(),
            rules: rules.as_primitive::<UInt16Type>(),
            industry: industry.as_primitive::<UInt8Type>(),
            known: known.as_boolean(),
            services: services.as_primitive::<UInt16Type>(),
            trials: trials.as_primitive::<UInt16Type>(),
            first_service: first_service.as_primitive::<Int32Type>(),
            last_end: last_end.as_primitive::<Int32Type>(),
            circumstances: circumstances.as_fixed_size_binary(),
            leaning: leaning.as_fixed_size_binary(),
            usage: usage.as_primitive::<Float64Type>(),
            lines: lines.as_primitive::<Float64Type>(),
            products: products.as_primitive::<UInt16Type>(),
            revenue: revenue.as_primitive::<Int64Type>(),
            cost: cost.as_primitive::<Int64Type>(),
            has_facts: has_facts.as_boolean(),
        })
    }

    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether the customer is assessed: known by then, or met in the facts, or carried on from before.
    pub fn counts(&self, row: usize, carried: bool) -> bool {
        carried || self.known.value(row) || self.has_facts.value(row)
    }

    /// The place of the customer's rules among the judges.
    pub fn rules(&self, row: usize) -> usize {
        usize::from(self.rules.value(row))
    }

    pub fn circumstances(&self, row: usize) -> Result<Circumstances, DataFusionError> {
        Circumstances::from_bytes(self.circumstances.value(row))
            .ok_or_else(|| DataFusionError::Internal("circumstances are of another version".to_owned()))
    }

    pub fn leaning(&self, row: usize) -> Result<Leaning, DataFusionError> {
        Leaning::from_bytes(self.leaning.value(row))
            .ok_or_else(|| DataFusionError::Internal("a leaning is of another version".to_owned()))
    }

    pub fn get(&self, row: usize) -> Observation {
        let month = |months: &Int32Array| value(months, row).map(Month::from_number);
        Observation {
            month: self.month,
            usage: value(self.usage, row),
            lines: value(self.lines, row),
            products: self.products.value(row),
            revenue: value(self.revenue, row).map(Money::from_fen),
            cost: Money::from_fen(self.cost.value(row)),
            services: self.services.value(row),
            trials: self.trials.value(row),
            first_service: month(self.first_service),
            last_end: month(self.last_end),
            industry: self.industry.value(row),
        }
    }
}

/// A value, or nothing where it is unknown.
fn value<T: datafusion::arrow::datatypes::ArrowPrimitiveType>(
    array: &datafusion::arrow::array::PrimitiveArray<T>,
    row: usize,
) -> Option<T::Native> {
    array.is_valid(row).then(|| array.value(row))
}

/// The state carried for a row; the default for a customer never seen.
pub(super) fn carried(states: &FixedSizeBinaryArray, row: usize) -> Result<Option<State>, DataFusionError> {
    if states.is_null(row) {
        return Ok(None);
    }
    match State::from_bytes(states.value(row)) {
        Some(state) => Ok(Some(state)),
        None => Err(DataFusionError::Internal("a carried state is of another version".to_owned())),
    }
}

/// The season of the customers seen, under the model that knows the months before.
pub(super) fn tide(
    month: Month,
    model: &Model,
    observed: &RecordBatch,
    states: &[FixedSizeBinaryArray],
) -> Result<Tide, DataFusionError> {
    let mut tide = Tide::default();
    let observations = Observations::new(month, observed.columns())?;
    let never_seen = State::default();
    let mut row = 0;
    for states in states {
        for place in 0..states.len() {
            // Whom nothing serves is in no season: there is no need to look at the state.
            let observation = observations.get(row);
            if observation.served() {
                let state = carried(states, place)?;
                if observations.counts(row, state.is_some()) {
                    tide.add(model, state.as_ref().unwrap_or(&never_seen), &observation);
                }
            }
            row += 1;
        }
    }
    Ok(tide)
}

/// Places of the fields of what [`Assess`] gives.
pub(super) mod field {
    pub const ASSESSED: usize = 0;
    pub const STAGE: usize = 1;
    pub const SINCE: usize = 2;
    pub const CONFIDENCE: usize = 3;
    pub const REASONS: usize = 4;
    pub const NAIVE: usize = 5;
    pub const STAR: usize = 6;
    pub const REVENUE_12M: usize = 7;
    pub const PROFIT_12M: usize = 8;
    pub const RECENCY: usize = 9;
    pub const FREQUENCY: usize = 10;
    pub const QUARTER_AGO: usize = 11;
    pub const STATE: usize = 12;
    pub const VALUE: usize = 13;
    pub const VALUE_LOW: usize = 14;
    pub const VALUE_HIGH: usize = 15;
    pub const VALUE_MODEL: usize = 16;
    pub const RISK: usize = 17;
    pub const RISK_CAUSE: usize = 18;
    pub const RISK_EVIDENCE: usize = 19;
    pub const EXPECTED_LOSS: usize = 20;
    pub const RISK_MODEL: usize = 21;
    pub const SEGMENT: usize = 22;
    pub const STARTED: usize = 28;
    pub const SEGMENT_REASON: usize = 29;
}

static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("assessed", DataType::Boolean, false),
        Field::new("stage", DataType::UInt8, false),
        Field::new("since", DataType::Int32, false),
        Field::new("confidence", DataType::Float32, false),
        Field::new("reasons", DataType::Utf8, false),
        Field::new("naive_stage", DataType::UInt8, false),
        Field::new("star", DataType::UInt8, true),
        Field::new("revenue_12m", DataType::Int64, false),
        Field::new("profit_12m", DataType::Int64, false),
        Field::new("recency", DataType::UInt16, true),
        Field::new("frequency", DataType::UInt16, false),
        Field::new("quarter_ago", DataType::UInt8, true),
        Field::new("state", state_type(), true),
        Field::new("value", DataType::Int64, true),
        Field::new("value_low", DataType::Int64, true),
        Field::new("value_high", DataType::Int64, true),
        Field::new("value_model", DataType::UInt8, true),
        Field::new("risk", DataType::Float32, true),
        Field::new("risk_cause", DataType::UInt8, true),
        Field::new("risk_evidence", DataType::Utf8, false),
        Field::new("expected_loss", DataType::Int64, true),
        Field::new("risk_model", DataType::UInt8, true),
        Field::new("segment_value", DataType::UInt8, true),
        Field::new("segment_value_sure", DataType::Float32, true),
        Field::new("segment_kbf", DataType::UInt8, true),
        Field::new("segment_kbf_sure", DataType::Float32, true),
        Field::new("segment_ict", DataType::UInt8, true),
        Field::new("segment_ict_sure", DataType::Float32, true),
        Field::new("started", DataType::Int32, true),
        Field::new("segment_kbf_reason", DataType::UInt8, true),
        Field::new("segment_ict_reason", DataType::UInt8, true),
    ])
});

/// The type of a column of states.
pub(super) fn state_type() -> DataType {
    DataType::FixedSizeBinary(SIZE)
}

/// `assess(state, observation …)`: a row's judgement and the state to carry on, as a struct.
///
/// What it learns on the way it keeps until [`Assess::learnt`] is called: sums that do not depend on the order.
#[derive(Debug)]
pub(super) struct Assess {
    signature: Signature,
    judges: Arc<Judges>,
    learnt: Arc<Mutex<Lessons>>,
    spare: Arc<Spare>,
}

/// Memory of states that were carried in and are judged, for those to carry on: half a gigabyte a month at a million
/// customers, which the system would otherwise have to clear anew.
#[derive(Debug, Default)]
pub(super) struct Spare(Mutex<Vec<Vec<u8>>>);

impl Spare {
    fn take(&self) -> Vec<u8> {
        let mut bytes = self.lock().pop().unwrap_or_default();
        bytes.clear();
        bytes
    }

    /// Keeps the memory of states that nobody else holds.
    pub fn keep(&self, states: States) {
        let own = states.into_iter().filter_map(|states| states.into_parts().1.into_vec().ok());
        self.lock().extend(own);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Customers judged at a time: what is known of them between judgement and outlook stays near the core.
const AT_ONCE: usize = 256;

impl PartialEq for Assess {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.learnt, &other.learnt)
    }
}

impl Eq for Assess {}

impl Hash for Assess {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.learnt).hash(state);
    }
}

impl Assess {
    pub fn new(judges: Arc<Judges>, learnt: Arc<Mutex<Lessons>>, spare: Arc<Spare>) -> Self {
        // Volatile: a plan must not compute it twice.
        Self { signature: Signature::any(1 + OBSERVED, Volatility::Volatile), judges, learnt, spare }
    }

    fn assess(&self, columns: &[ArrayRef]) -> Result<StructArray, DataFusionError> {
        let Some((states, observed)) = columns.split_first() else {
            return Err(DataFusionError::Internal("assess takes other columns".to_owned()));
        };
        let states = states.as_fixed_size_binary();
        let observations = Observations::new(self.judges.month, observed)?;
        let mut out = Output::with_capacity(observations.len(), self.spare.take());
        let mut lessons = Lessons::default();
        let mut prospects = Vec::with_capacity(AT_ONCE);
        for from in (0..observations.len()).step_by(AT_ONCE) {
            for row in from..observations.len().min(from + AT_ONCE) {
                let carried = carried(states, row)?;
                if observations.counts(row, carried.is_some()) {
                    let state = carried.unwrap_or_default();
                    prospects.push(self.judge(&observations, row, state, &mut out, &mut lessons)?);
                } else {
                    out.leave_out();
                    prospects.push(None);
                }
            }
            for prospect in look_ahead(&self.judges, &prospects) {
                out.push_outlook(prospect);
            }
            prospects.clear();
        }
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner).merge(lessons);
        out.finish()
    }

    /// Judges a customer and learns from it; what its outlook is told from, where it is told.
    fn judge(
        &self,
        observations: &Observations<'_>,
        row: usize,
        mut state: State,
        out: &mut Output,
        lessons: &mut Lessons,
    ) -> Result<Option<Prospect>, DataFusionError> {
        let place = observations.rules(row);
        let (rules, model) = &self.judges.pairs[place];
        let observation = observations.get(row);
        let judgement = step(model, rules, &mut state, &observation);
        lessons.stages.add(&judgement);
        out.push(&judgement, &state, rules);
        let Some(outlook) = &self.judges.outlook else { return Ok(None) };
        lessons.chain.add(&state);
        let circumstances = observations.circumstances(row)?;
        let features = features(&state, judgement.confidence, &circumstances);
        let customer = observations.customer.value(row);
        if is_sampled(customer, outlook.customers, rules.risk.sample_customers) {
            let (stage, money) = (judgement.stage, (observation.revenue, observation.cost));
            lessons.sample.push(Sampled { customer, stage, money, features });
        }
        let leaning = observations.leaning(row)?;
        Ok(Some(Prospect { rules: place, stage: judgement.stage, state, circumstances, leaning, features }))
    }
}

/// What a customer's outlook is told from.
pub(super) struct Prospect {
    pub rules: usize,
    pub stage: LifecycleStage,
    pub state: State,
    pub circumstances: Circumstances,
    pub leaning: Leaning,
    pub features: Features,
}

/// Value, risk and segment of a customer.
pub(super) type Prospects = (Option<LifetimeValue>, Option<ExitRisk>, Option<Segment>);

/// What lies ahead of customers, nothing for those left out or where all of it is.
pub(super) fn look_ahead(judges: &Judges, prospects: &[Option<Prospect>]) -> Vec<Prospects> {
    let Some(outlook) = &judges.outlook else {
        return vec![(None, None, None); prospects.len()];
    };
    let served: Vec<&Prospect> =
        prospects.iter().flatten().filter(|prospect| prospect.stage.is_served()).collect();
    let features: Vec<Features> = served.iter().map(|prospect| prospect.features).collect();
    let explain_from = judges.pairs[0].0.risk.explain_from;
    let scores = outlook.risk.score(&features, explain_from);
    let mut place = 0..;
    prospects
        .iter()
        .map(|prospect| {
            let Some(prospect) = prospect else { return (None, None, None) };
            let chain = outlook.chains[prospect.rules].as_ref();
            let value = chain.and_then(|chain| chain.value(&prospect.state));
            let rules = &judges.pairs[prospect.rules].0.value;
            let segment = Some(prospect.leaning.segment(value.as_ref(), rules));
            if !prospect.stage.is_served() {
                return (value, None, segment);
            }
            let (probability, parts, model) = match (&scores, place.next()) {
                (Some(scores), Some(place)) => {
                    let parts = scores.parts.get(&place).map_or(&[][..], Vec::as_slice);
                    (scores.probabilities[place] as f32, parts, RiskModel::Learnt)
                }
                _ => match chain {
                    Some(chain) => (chain.exit(prospect.stage), &[][..], RiskModel::StageChain),
                    None => return (value, None, segment),
                },
            };
            let (evidence, cause) = match f64::from(probability) >= explain_from {
                true => evidence(parts, &prospect.state, &prospect.circumstances),
                false => (Vec::new(), None),
            };
            let at_stake = value.map_or(0, |value| value.amount.fen().max(0));
            let expected_loss = Money::from_fen((f64::from(probability) * at_stake as f64).round() as i64);
            (value, Some(ExitRisk { probability, cause, evidence, expected_loss, model }), segment)
        })
        .collect()
}

impl ScalarUDFImpl for Assess {
    fn name(&self) -> &str {
        "assess"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(DataType::Struct(FIELDS.clone()))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        Ok(ColumnarValue::Array(Arc::new(self.assess(&columns)?)))
    }
}

/// The columns of [`FIELDS`] in the making.
struct Output {
    assessed: BooleanBuilder,
    stage: UInt8Builder,
    since: Int32Builder,
    confidence: Float32Builder,
    reasons: StringBuilder,
    naive: UInt8Builder,
    star: UInt8Builder,
    revenue_12m: Int64Builder,
    profit_12m: Int64Builder,
    recency: UInt16Builder,
    frequency: UInt16Builder,
    quarter_ago: UInt8Builder,
    states: Vec<u8>,
    value: [Int64Builder; 3],
    value_model: UInt8Builder,
    risk: Float32Builder,
    risk_cause: UInt8Builder,
    risk_evidence: StringBuilder,
    expected_loss: Int64Builder,
    risk_model: UInt8Builder,
    segment: [UInt8Builder; 3],
    segment_sure: [Float32Builder; 3],
    segment_reasons: [UInt8Builder; 2],
    started: Int32Builder,
}

/// Flow between stages is counted over so many months.
const QUARTER: usize = 3;

impl Output {
    /// The states to carry on are written to `states`.
    fn with_capacity(rows: usize, mut states: Vec<u8>) -> Self {
        states.reserve_exact(rows * State::SIZE);
        Self {
            assessed: BooleanBuilder::with_capacity(rows),
            stage: UInt8Builder::with_capacity(rows),
            since: Int32Builder::with_capacity(rows),
            confidence: Float32Builder::with_capacity(rows),
            reasons: StringBuilder::with_capacity(rows, rows * 64),
            naive: UInt8Builder::with_capacity(rows),
            star: UInt8Builder::with_capacity(rows),
            revenue_12m: Int64Builder::with_capacity(rows),
            profit_12m: Int64Builder::with_capacity(rows),
            recency: UInt16Builder::with_capacity(rows),
            frequency: UInt16Builder::with_capacity(rows),
            quarter_ago: UInt8Builder::with_capacity(rows),
            states,
            value: std::array::from_fn(|_| Int64Builder::with_capacity(rows)),
            value_model: UInt8Builder::with_capacity(rows),
            risk: Float32Builder::with_capacity(rows),
            risk_cause: UInt8Builder::with_capacity(rows),
            risk_evidence: StringBuilder::with_capacity(rows, rows * 8),
            expected_loss: Int64Builder::with_capacity(rows),
            risk_model: UInt8Builder::with_capacity(rows),
            segment: std::array::from_fn(|_| UInt8Builder::with_capacity(rows)),
            segment_sure: std::array::from_fn(|_| Float32Builder::with_capacity(rows)),
            segment_reasons: std::array::from_fn(|_| UInt8Builder::with_capacity(rows)),
            started: Int32Builder::with_capacity(rows),
        }
    }

    fn push_outlook(&mut self, (value, risk, segment): Prospects) {
        let amounts = value.map(|value| [value.amount, value.low, value.high]);
        for (place, builder) in self.value.iter_mut().enumerate() {
            builder.append_option(amounts.map(|amounts| amounts[place].fen()));
        }
        self.value_model.append_option(value.map(|value| value.model.index() as u8));
        let risk = risk.as_ref();
        self.risk.append_option(risk.map(|risk| risk.probability));
        self.risk_cause.append_option(risk.and_then(|risk| risk.cause).map(|cause| cause.index() as u8));
        let evidence = risk.map_or(&[][..], |risk| &risk.evidence);
        assessments::write_reasons(&mut self.risk_evidence, evidence.iter());
        self.expected_loss.append_option(risk.map(|risk| risk.expected_loss.fen()));
        self.risk_model.append_option(risk.map(|risk| risk.model.index() as u8));
        let dimensions = segment.map_or([None; 3], |segment| {
            let (factor, factor_sure) = segment.buying_factor;
            let (need, need_sure) = segment.ict_need;
            [
                segment.value.map(|(value, sure)| (value.index(), sure)),
                Some((factor.index(), factor_sure)),
                Some((need.index(), need_sure)),
            ]
        });
        for (place, dimension) in dimensions.into_iter().enumerate() {
            self.segment[place].append_option(dimension.map(|(code, _)| code as u8));
            self.segment_sure[place].append_option(dimension.map(|(_, sure)| sure));
        }
        let reasons = segment.map(|segment| [segment.factor_reason, segment.need_reason]);
        for (place, builder) in self.segment_reasons.iter_mut().enumerate() {
            builder.append_option(reasons.map(|reasons| reasons[place].index() as u8));
        }
    }

    fn push(&mut self, judgement: &Judgement, state: &State, rules: &Rules) {
        let stage_code = |stage: LifecycleStage| stage.index() as u8;
        self.assessed.append_value(true);
        self.stage.append_value(stage_code(judgement.stage));
        self.since.append_value(judgement.since.number());
        self.confidence.append_value(judgement.confidence);
        assessments::write_reasons(&mut self.reasons, judgement.reasons.iter().flatten());
        self.naive.append_value(stage_code(judgement.naive));
        let (revenue, profit) = (state.revenue_12m(), state.profit_12m());
        let recency = state.recency_months();
        let star = recency.map(|_| science::star::star(&rules.star, revenue, profit).get());
        self.star.append_option(star);
        self.revenue_12m.append_value(revenue.fen());
        self.profit_12m.append_value(profit.fen());
        self.recency.append_option(recency);
        self.frequency.append_value(state.frequency_12m());
        self.quarter_ago.append_option(state.stage_months_ago(QUARTER).map(stage_code));
        let started = state.started().filter(|_| judgement.stage.is_served());
        self.started.append_option(started.map(Month::number));
        self.states.extend_from_slice(&state.to_bytes());
    }

    /// A customer not yet known: nothing is said, nothing carried.
    fn leave_out(&mut self) {
        self.assessed.append_value(false);
        self.stage.append_value(0);
        self.since.append_value(0);
        self.confidence.append_value(0.0);
        self.reasons.append_value("");
        self.naive.append_value(0);
        self.star.append_null();
        self.revenue_12m.append_value(0);
        self.profit_12m.append_value(0);
        self.recency.append_null();
        self.frequency.append_value(0);
        self.quarter_ago.append_null();
        self.started.append_null();
        self.states.resize(self.states.len() + State::SIZE, 0);
    }

    fn finish(mut self) -> Result<StructArray, DataFusionError> {
        let assessed = self.assessed.finish();
        let carried = NullBuffer::new(assessed.values().clone());
        let states = FixedSizeBinaryArray::try_new(SIZE, Buffer::from_vec(self.states), Some(carried))?;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(assessed),
            Arc::new(self.stage.finish()),
            Arc::new(self.since.finish()),
            Arc::new(self.confidence.finish()),
            Arc::new(self.reasons.finish()),
            Arc::new(self.naive.finish()),
            Arc::new(self.star.finish()),
            Arc::new(self.revenue_12m.finish()),
            Arc::new(self.profit_12m.finish()),
            Arc::new(self.recency.finish()),
            Arc::new(self.frequency.finish()),
            Arc::new(self.quarter_ago.finish()),
            Arc::new(states),
            Arc::new(self.value[0].finish()),
            Arc::new(self.value[1].finish()),
            Arc::new(self.value[2].finish()),
            Arc::new(self.value_model.finish()),
            Arc::new(self.risk.finish()),
            Arc::new(self.risk_cause.finish()),
            Arc::new(self.risk_evidence.finish()),
            Arc::new(self.expected_loss.finish()),
            Arc::new(self.risk_model.finish()),
            Arc::new(self.segment[0].finish()),
            Arc::new(self.segment_sure[0].finish()),
            Arc::new(self.segment[1].finish()),
            Arc::new(self.segment_sure[1].finish()),
            Arc::new(self.segment[2].finish()),
            Arc::new(self.segment_sure[2].finish()),
            Arc::new(self.started.finish()),
            Arc::new(self.segment_reasons[0].finish()),
            Arc::new(self.segment_reasons[1].finish()),
        ];
        Ok(StructArray::try_new(FIELDS.clone(), columns, None)?)
    }
}

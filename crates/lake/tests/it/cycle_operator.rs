//! A made-up operator as the cycle finds it: a base, and facts on disk. What its customers are like comes from
//! `simulate`; the cycle knows nothing of that.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::parquet::arrow::ArrowWriter;
use domain::cycle::{
    Base, BaseAnswer, BaseContract, BaseCustomer, BaseEvent, BaseMember, BaseMembers, BaseOpportunity,
    BaseProduct, BaseService, BaseUnit, CycleMonth, LakeFile, MemberEvent,
};
use domain::engine::{CycleRequest, Engine, Manifest};
use domain::extract::Table;
use domain::id::{CustomerId, MemberId, OrgUnitId, ProductId};
use domain::opportunity::OpportunityOutcome;
use domain::outlook::EventKind;
use domain::progress::Silent;
use domain::rules::RuleBook;
use domain::satisfaction::on_scale_of_ten;
use domain::ticket::TicketKind;
use domain::{Money, Month, Problem};
use lake::Lake;
use simulate::{Config, SimulatedCustomer, World};
use tempfile::TempDir;

/// A row of usage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    pub customer: CustomerId,
    pub product: ProductId,
    pub lines: Option<f64>,
    pub volume: Option<f64>,
    pub revenue: Option<Money>,
    pub cost: Option<Money>,
}

/// A row of costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    pub customer: CustomerId,
    pub kind: &'static str,
    pub amount: Money,
}

/// A row of member usage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemberUsage {
    pub member: MemberId,
    pub voice: f64,
    pub data: f64,
    pub charge: Money,
    pub hotline: f64,
    pub complaints: f64,
}

/// The operator: facts as they would be handed over, the base, and what is published so far.
pub struct Operator {
    pub folder: TempDir,
    pub lake: Lake,
    pub base: Base,
    pub usage: BTreeMap<Month, Vec<Usage>>,
    pub costs: BTreeMap<Month, Vec<Cost>>,
    pub members: BTreeMap<Month, Vec<MemberUsage>>,
    pub manifest: Manifest,
    pub published: BTreeMap<Month, CycleMonth>,
    pub rules: RuleBook,
    runs: u32,
}

impl Operator {
    /// With these facts and nothing computed yet.
    pub fn new(
        base: Base,
        usage: BTreeMap<Month, Vec<Usage>>,
        costs: BTreeMap<Month, Vec<Cost>>,
        members: BTreeMap<Month, Vec<MemberUsage>>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut operator = Self {
            lake: Lake::open(folder.path()),
            folder,
            base,
            usage,
            costs,
            members,
            manifest: Manifest::default(),
            published: BTreeMap::new(),
            rules: RuleBook::parse(None).expect("the shipped rules"),
            runs: 0,
        };
        for month in operator.months() {
            operator.store(month);
        }
        operator
    }

    /// Drawn from the simulator.
    pub fn simulated(customers: u32, months: u16, seed: u64) -> Self {
        let last = Month::new(2025, 12).expect("a month");
        let world = World::new(Config::until(last, customers, months, seed)).expect("a world");
        let mut usage: BTreeMap<Month, Vec<Usage>> = BTreeMap::new();
        let mut costs: BTreeMap<Month, Vec<Cost>> = BTreeMap::new();
        let mut members: BTreeMap<Month, Vec<MemberUsage>> = BTreeMap::new();
        let mut base = Base { version: 1, ..Base::default() };
        base.members.plans.push(String::new());
        let unit_ids: BTreeMap<&str, OrgUnitId> =
            world.units().iter().zip(1..).map(|(unit, id)| (&*unit.code, OrgUnitId::new(id))).collect();
        for unit in world.units() {
            let parent = unit.parent_code.as_deref().map(|code| unit_ids[code]);
            base.units.push(BaseUnit {
                id: unit_ids[&*unit.code],
                code: unit.code.clone(),
                level: unit.level,
                parent,
            });
        }
        let product = |index: usize| ProductId::new(index as i64 + 1);
        for (index, sold) in world.products().iter().enumerate() {
            base.products.push(BaseProduct {
                id: product(index),
                family: sold.family,
                list_price: Some(sold.list_price),
            });
        }
        for (customer, id) in world.customers().zip(1..) {
            let id = CustomerId::new(id);
            base.customers.push(BaseCustomer {
                id,
                unit: unit_ids[&*customer.row.org_code],
                created_on: customer.row.created_on,
                industry: domain::customer::industry_group(Some(customer.row.industry)),
                category: customer.row.category,
                employees: customer.row.employees,
                has_competitor: customer.row.competitor.is_some(),
                industry_factor: None,
                industry_need: None,
            });
            base.services.extend(customer.services.iter().map(|service| BaseService {
                customer: id,
                product: product(service.product),
                started_on: service.started_on,
                ended_on: service.ended_on,
                trial: service.trial,
                discount: None,
            }));
            base.contracts.extend(customer.contracts.iter().map(|contract| BaseContract {
                customer: id,
                starts_on: contract.starts_on,
                ends_on: contract.ends_on,
                sla: Some(contract.sla),
            }));
            base.opportunities.extend(customer.opportunities.iter().map(|opportunity| BaseOpportunity {
                customer: id,
                opened: Month::of(opportunity.opened_on),
                closed: opportunity.closed_on.map(Month::of),
                family: opportunity.product.map(|place| world.products()[place].family),
                won: opportunity.outcome == Some(OpportunityOutcome::Won),
                decided: None,
            }));
            let mut events: Vec<BaseEvent> = Vec::new();
            let mut note =
                |at: domain::Date, kind| events.push(BaseEvent { customer: id, month: Month::of(at), kind });
            for ticket in customer.tickets.iter().filter(|ticket| ticket.kind == TicketKind::Complaint) {
                note(ticket.opened_at.date(), EventKind::Complaint);
            }
            for interaction in &customer.interactions {
                note(interaction.at.date(), EventKind::Contact);
            }
            events.sort_by_key(|event| (event.month, event.kind));
            base.events.extend(events);
            let first_member = base.members.members.len() as i64 + 1;
            let member = |place: usize| MemberId::new(first_member + place as i64);
            add_members(&mut base.members, &customer, id, &member);
            for row in &customer.member_usage {
                members.entry(row.month).or_default().push(MemberUsage {
                    member: member(row.member),
                    voice: f64::from(row.voice_min),
                    data: f64::from(row.data_mb),
                    charge: row.charge,
                    hotline: f64::from(row.hotline_calls),
                    complaints: f64::from(row.complaints),
                });
            }
            for row in &customer.usage {
                usage.entry(row.month).or_default().push(Usage {
                    customer: id,
                    product: product(row.product),
                    lines: row.lines.map(f64::from),
                    volume: row.volume,
                    revenue: Some(row.revenue),
                    cost: Some(row.cost),
                });
            }
            for row in &customer.costs {
                costs.entry(row.month).or_default().push(Cost {
                    customer: id,
                    kind: row.kind,
                    amount: row.amount,
                });
            }
        }
        Self::new(base, usage, costs, members)
    }

    /// The same operator at an earlier time: nothing is known of what came after `last`.
    pub fn cut(&self, last: Month) -> Self {
        let end = last.last_day();
        let mut base = self.base.clone();
        base.customers.retain(|customer| customer.created_on <= end);
        base.services.retain(|service| service.started_on <= end);
        base.contracts.retain(|contract| contract.starts_on <= end);
        base.events.retain(|event| event.month <= last);
        base.sayings.retain(|saying| saying.month <= last);
        base.opportunities.retain(|opportunity| opportunity.opened <= last);
        for opportunity in &mut base.opportunities {
            opportunity.closed = opportunity.closed.filter(|&closed| closed <= last);
        }
        for service in &mut base.services {
            service.ended_on = service.ended_on.filter(|&ended| ended <= end);
        }
        let until = |month: &Month| *month <= last;
        let usage = self.usage.iter().filter(|(month, _)| until(month)).map(|(m, rows)| (*m, rows.clone()));
        let costs = self.costs.iter().filter(|(month, _)| until(month)).map(|(m, rows)| (*m, rows.clone()));
        base.members.members.retain(|member| member.joined_on <= end);
        for member in &mut base.members.members {
            member.left_on = member.left_on.filter(|&left| left <= end);
        }
        base.members.answers.retain(|answer| answer.month <= last);
        base.members.events.retain(|event| event.month <= last);
        let members =
            self.members.iter().filter(|(month, _)| until(month)).map(|(m, rows)| (*m, rows.clone()));
        Self::new(base, usage.collect(), costs.collect(), members.collect())
    }

    pub fn months(&self) -> Vec<Month> {
        self.usage.keys().copied().collect()
    }

    pub fn first(&self) -> Month {
        *self.usage.keys().next().expect("usage")
    }

    pub fn last(&self) -> Month {
        *self.usage.keys().next_back().expect("usage")
    }

    /// Writes the facts of a month anew, as an import does.
    pub fn store(&mut self, month: Month) {
        self.runs += 1;
        let run = format!("import-{}", self.runs);
        if let Some(rows) = self.usage.get_mut(&month) {
            rows.sort_by_key(|row| (row.customer, row.product));
            let columns: Vec<(&str, ArrayRef)> = vec![
                (
                    "customer_id",
                    Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.customer.get()))),
                ),
                (
                    "product_id",
                    Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.product.get()))),
                ),
                ("lines", Arc::new(Float64Array::from_iter(rows.iter().map(|row| row.lines)))),
                ("volume", Arc::new(Float64Array::from_iter(rows.iter().map(|row| row.volume)))),
                (
                    "revenue",
                    Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.revenue.map(Money::fen)))),
                ),
                ("cost", Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.cost.map(Money::fen))))),
            ];
            let file = write(self.folder.path(), Table::Usage, month, &run, columns);
            self.manifest.facts.entry(Table::Usage).or_default().insert(month, file);
        }
        if let Some(rows) = self.costs.get_mut(&month) {
            rows.sort_by_key(|row| (row.customer, row.kind));
            let columns: Vec<(&str, ArrayRef)> = vec![
                (
                    "customer_id",
                    Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.customer.get()))),
                ),
                ("kind", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.kind)))),
                ("amount", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.amount.fen())))),
            ];
            let file = write(self.folder.path(), Table::Costs, month, &run, columns);
            self.manifest.facts.entry(Table::Costs).or_default().insert(month, file);
        }
        self.store_members(month, &run);
    }

    /// Writes the use of members in a month anew.
    fn store_members(&mut self, month: Month, run: &str) {
        let Some(rows) = self.members.get_mut(&month) else { return };
        rows.sort_by_key(|row| row.member);
        let numbers = |of: fn(&MemberUsage) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(rows.iter().map(of)))
        };
        let none = || -> ArrayRef { Arc::new(Float64Array::from_iter(rows.iter().map(|_| None::<f64>))) };
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("member_id", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.member.get())))),
            ("voice_min", numbers(|row| row.voice)),
            ("data_mb", numbers(|row| row.data)),
            ("sms", none()),
            ("vas_count", none()),
            ("charge", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.charge.fen())))),
            ("hotline_calls", numbers(|row| row.hotline)),
            ("complaints", numbers(|row| row.complaints)),
            ("promotions", none()),
        ];
        let file = write(self.folder.path(), Table::MemberUsage, month, run, columns);
        self.manifest.facts.entry(Table::MemberUsage).or_default().insert(month, file);
    }

    /// Hands over what was measured at customers in a month: availability in percent, with what was agreed.
    pub fn measure(&mut self, month: Month, availability: &[(CustomerId, f64)], agreed: f64) {
        self.runs += 1;
        let text = |text: &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(availability.iter().map(|_| text)))
        };
        let columns: Vec<(&str, ArrayRef)> = vec![
            (
                "customer_id",
                Arc::new(Int64Array::from_iter_values(availability.iter().map(|(id, _)| id.get()))),
            ),
            ("site", text("site")),
            ("indicator", text("availability")),
            ("value", Arc::new(Float64Array::from_iter_values(availability.iter().map(|(_, value)| *value)))),
            ("unit", text("%")),
            ("target", Arc::new(Float64Array::from_iter_values(availability.iter().map(|_| agreed)))),
        ];
        let run = format!("import-{}", self.runs);
        let file = write(self.folder.path(), Table::Readings, month, &run, columns);
        self.manifest.facts.entry(Table::Readings).or_default().insert(month, file);
    }

    /// Runs the cycle and publishes as the records do; `publish` may refuse a month.
    pub fn try_cycle(
        &mut self,
        first: Month,
        last: Month,
        mut publish: impl FnMut(Month) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.runs += 1;
        let run = format!("cycle-{}", self.runs);
        let mut manifest = self.manifest.clone();
        let published = &mut self.published;
        let result = self.lake.run_cycle(
            CycleRequest {
                first,
                last,
                manifest: &self.manifest,
                base: &self.base,
                rules: &self.rules,
                run: &run,
            },
            &Silent,
            &mut |done| {
                publish(done.month)?;
                manifest.assessments.insert(done.month, done.assessments.clone());
                manifest.states.insert(done.month, done.state.clone());
                manifest.samples.insert(done.month, done.sample.clone());
                if let Some(files) = &done.members {
                    manifest.members.insert(done.month, files.members.clone());
                    manifest.member_samples.insert(done.month, files.sample.clone());
                }
                published.insert(done.month, done);
                Ok(())
            },
        );
        self.manifest = manifest;
        result
    }

    /// Runs the cycle over these months.
    pub fn cycle(&mut self, first: Month, last: Month) {
        self.try_cycle(first, last, |_| Ok(())).expect("a cycle");
    }

    /// Runs the cycle over everything.
    pub fn full_cycle(&mut self) {
        self.cycle(self.first(), self.last());
    }

    /// The bytes of a month's published assessments.
    pub fn assessments_file(&self, month: Month) -> Vec<u8> {
        self.bytes(&self.manifest.assessments[&month])
    }

    pub fn bytes(&self, file: &LakeFile) -> Vec<u8> {
        std::fs::read(self.folder.path().join(&file.path)).expect("a file of the manifest")
    }

    /// Every file of the data folder, relative to it.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        list(self.folder.path(), &mut files);
        files.iter_mut().for_each(|file| {
            *file = file.strip_prefix(self.folder.path()).expect("below the folder").to_owned();
        });
        files.sort();
        files
    }
}

fn add_members(
    base: &mut BaseMembers,
    customer: &SimulatedCustomer,
    id: CustomerId,
    member: &dyn Fn(usize) -> MemberId,
) {
    for (place, row) in customer.members.iter().enumerate() {
        let plan = base.plans.iter().position(|plan| plan == row.plan).unwrap_or_else(|| {
            base.plans.push(row.plan.to_owned());
            base.plans.len() - 1
        });
        base.members.push(BaseMember {
            id: member(place),
            customer: id,
            plan: plan as u16,
            payer: Some(row.payer),
            joined_on: row.joined_on,
            left_on: row.left_on,
        });
    }
    for answer in customer.surveys.iter().filter(|answer| answer.question.contains("满意")) {
        let (Some(place), Some(score), Some(scale)) = (answer.member, answer.score, answer.scale) else {
            continue;
        };
        let score = on_scale_of_ten(f64::from(score), f64::from(scale)).expect("a score on its scale");
        let month = Month::of(answer.at.date());
        base.answers.push(BaseAnswer { member: member(place), month, score: score as f32 });
    }
    for ticket in &customer.tickets {
        let kind = match ticket.kind {
            TicketKind::Complaint => EventKind::Complaint,
            TicketKind::Fault => EventKind::Fault,
            _ => continue,
        };
        if let Some(place) = ticket.member {
            let month = Month::of(ticket.opened_at.date());
            base.events.push(MemberEvent { member: member(place), month, kind });
        }
    }
    base.answers.sort_by_key(|answer| (answer.member, answer.month));
    base.events.sort_by_key(|event| (event.member, event.month));
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

fn write(root: &Path, table: Table, month: Month, run: &str, columns: Vec<(&str, ArrayRef)>) -> LakeFile {
    let path = Path::new("facts").join(table.code()).join(month.to_string()).join(format!("{run}.parquet"));
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, column)| {
            Field::new(*name, column.data_type().clone(), column.data_type() != &DataType::Utf8)
        })
        .collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns of one length");
    let full = root.join(&path);
    std::fs::create_dir_all(full.parent().expect("a folder")).expect("a folder");
    let file = std::fs::File::create(full).expect("a file");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    LakeFile { month, path, rows: batch.num_rows() as u64 }
}

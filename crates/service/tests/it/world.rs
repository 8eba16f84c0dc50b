//! A small operator: units, people, customers, and an engine that says what the test wants it to say.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use domain::assessment::{Assessment, Reason, ReasonKind};
use domain::customer::CustomerCategory;
use domain::cycle::{CycleMonth, LakeFile, MemberFiles, UnitMonth};
use domain::engine::{
    CustomerMonth, CycleRequest, Engine, Explanation, ImportRequest, Manifest, MoneyMonth, RelationMonth,
};
use domain::extract::{Cell, ColumnType, Table};
use domain::id::{CustomerId, MemberId, OrgUnitId, SessionId, StaffId, UserId};
use domain::import::{Catalog, RecordRows, RowProblem, Staged, StagedFacts};
use domain::org::OrgLevel;
use domain::outlook::{ExitCause, ExitRisk, LifetimeValue, RiskModel, ValueModel};
use domain::policy::{Granted, Home, Scope};
use domain::progress::{Progress, Silent};
use domain::rules::RuleBook;
use domain::satisfaction::{MemberMonth, Satisfaction, SatisfactionLabel};
use domain::segment::{BuyingFactor, IctNeed, Segment, SegmentReason, SegmentValue};
use domain::staff::Role;
use domain::star::StarRating;
use domain::{Instant, Lang, LifecycleStage, Message, Money, Month, Problem, ProblemKind, date};
use service::actor::{Through, UnitName};
use service::cycle::{CycleOptions, CycleReport};
use service::import::{ImportOptions, ImportReport};
use service::{Actor, Services};

/// A unit: the place of the one above, if it is not the top.
pub type Unit = Option<usize>;

/// A customer as a test varies it.
#[derive(Debug, Clone)]
pub struct Customer {
    pub name: String,
    pub unit: usize,
    pub manager: Option<usize>,
    /// The customer above it in its tree; one that comes before it.
    pub above: Option<usize>,
    pub category: usize,
    pub industry: Option<usize>,
    /// Days after the end of the last month on which a contract ends.
    pub contract_ends: Option<i64>,
    /// Month by month; none where the engine does not know the customer.
    pub months: Vec<Option<CustomerState>>,
}

#[derive(Debug, Clone, Copy)]
pub struct CustomerState {
    pub stage: LifecycleStage,
    pub revenue: i64,
    pub stars: u8,
}

/// An operator. Ids are places plus one.
#[derive(Debug, Clone, Default)]
pub struct Operator {
    pub units: Vec<Unit>,
    /// The unit that each person works in.
    pub staff: Vec<usize>,
    pub customers: Vec<Customer>,
    pub months: usize,
}

pub const INDUSTRIES: [&str; 3] = ["教育", "金融", "Logistics"];

pub fn first_month() -> Month {
    Month::new(2025, 11).expect("a month")
}

impl Operator {
    pub fn month(&self, place: usize) -> Month {
        first_month() + place as i32
    }

    pub fn last_month(&self) -> Month {
        self.month(self.months - 1)
    }

    /// Whether a unit is another or lies below it.
    pub fn is_below(&self, top: usize, unit: usize) -> bool {
        unit == top || self.units[unit].is_some_and(|parent| self.is_below(top, parent))
    }

    /// A customer and those above it in its tree.
    pub fn path(&self, customer: usize) -> Vec<usize> {
        std::iter::successors(Some(customer), |&at| self.customers[at].above).collect()
    }

    pub fn sees(&self, scope: &Scope, place: usize) -> bool {
        let customer = &self.customers[place];
        let by_home = match scope.home() {
            Home::Subtree(unit) => self.is_below(unit.get() as usize - 1, customer.unit),
            Home::Own(staff) => customer.manager == Some(staff.get() as usize - 1),
        };
        let by_grant = |granted: &Granted| match *granted {
            Granted::Subtree(unit) => self.is_below(unit.get() as usize - 1, customer.unit),
            Granted::Tree(root) => self.path(place).contains(&(root.get() as usize - 1)),
            Granted::Part(root, unit) => {
                self.path(place).contains(&(root.get() as usize - 1))
                    && self.is_below(unit.get() as usize - 1, customer.unit)
            }
        };
        by_home || scope.granted().iter().any(by_grant)
    }

    fn level(&self, unit: usize) -> OrgLevel {
        let depth = std::iter::successors(self.units[unit], |&above| self.units[above]).count();
        OrgLevel::ALL[depth.min(4)]
    }

    pub fn actor(&self, role: Role, staff: usize) -> Actor {
        let (id, unit) = (StaffId::new(staff as i64 + 1), OrgUnitId::new(self.staff[staff] as i64 + 1));
        Actor {
            user: UserId::new(1),
            staff: id,
            name: format!("person {staff}"),
            role,
            unit: UnitName { id: unit, name: format!("unit {staff}"), level: OrgLevel::Hq },
            scope: Scope::new(role.home(id, unit), None),
            through: Through::Session(SessionId::new(1)),
            duty: None,
        }
    }

    /// The extract, as import would stage it.
    pub fn records(&self) -> Vec<Box<dyn RecordRows>> {
        let id = |place: usize| Cell::Whole(place as i64 + 1);
        let maybe = |place: Option<usize>| place.map_or(Cell::Null, |place| Cell::Whole(place as i64 + 1));
        let units = self.units.iter().enumerate().map(|(place, &parent)| {
            vec![
                text(format!("U{place}")),
                text(format!("unit {place}")),
                text(self.level(place).code()),
                maybe(parent),
            ]
        });
        let staff = self.staff.iter().enumerate().map(|(place, &unit)| {
            vec![
                text(format!("S{place}")),
                text(format!("person {place}")),
                text("account_manager"),
                id(unit),
            ]
        });
        let customers = self.customers.iter().enumerate().map(|(place, customer)| {
            vec![
                text(format!("C{place}")),
                text(&customer.name),
                id(customer.unit),
                maybe(customer.manager),
                text(CustomerCategory::ALL[customer.category].code()),
                customer.industry.map_or(Cell::Null, |industry| text(INDUSTRIES[industry])),
                Cell::Whole(0),
                maybe(customer.above),
            ]
        });
        let ends = |days: i64| Cell::Whole(date::days(self.last_month().last_day()) + days);
        let contracts = self.customers.iter().enumerate().filter_map(|(place, customer)| {
            Some(vec![
                text(format!("K{place}")),
                id(place),
                Cell::Whole(0),
                Cell::Whole(0),
                ends(customer.contract_ends?),
            ])
        });
        vec![
            rows(Table::OrgUnits, &["code", "name", "level", "parent_code"], units.collect()),
            rows(Table::Staff, &["code", "name", "role", "org_code"], staff.collect()),
            rows(
                Table::Customers,
                &[
                    "code",
                    "name",
                    "org_code",
                    "manager_code",
                    "category",
                    "industry",
                    "created_on",
                    "parent_code",
                ],
                customers.collect(),
            ),
            rows(
                Table::Members,
                &["code", "customer_code", "joined_on"],
                (0..self.customers.len())
                    .map(|place| vec![text(format!("M{place}")), id(place), Cell::Whole(0)])
                    .collect(),
            ),
            rows(
                Table::Contracts,
                &["code", "customer_code", "signed_on", "starts_on", "ends_on"],
                contracts.collect(),
            ),
        ]
    }

    pub fn facts(&self, run: &str) -> Vec<StagedFacts> {
        (0..self.months).map(|place| usage(self.month(place), run)).collect()
    }

    fn assessment(&self, customer: usize, place: usize) -> Option<Assessment> {
        let months = &self.customers[customer].months;
        let state = months.get(place).copied().flatten()?;
        let began = (0..=place)
            .rev()
            .take_while(|&at| months[at].is_some_and(|earlier| earlier.stage == state.stage));
        Some(Assessment {
            customer: CustomerId::new(customer as i64 + 1),
            month: self.month(place),
            stage: state.stage,
            stage_since: self.month(began.last().unwrap_or(place)),
            stage_confidence: 0.75,
            stage_reasons: vec![Reason { kind: ReasonKind::UsageFalling, value: 0.5, months: 3 }],
            naive_stage: state.stage,
            star: StarRating::try_from(state.stars).ok(),
            revenue_12m: Money::from_fen(state.revenue),
            profit_12m: Money::from_fen(-state.revenue),
            rfm: None,
            value: (state.stars > 0).then(|| {
                let amount = Money::from_fen(2 * state.revenue);
                LifetimeValue { amount, low: amount, high: amount, model: ValueModel::StageChain }
            }),
            risk: (state.stage != LifecycleStage::Potential).then(|| ExitRisk {
                probability: f32::from(state.stars) / 10.0,
                cause: ExitCause::from_index(usize::from(state.stars)),
                evidence: Vec::new(),
                expected_loss: Money::from_fen(3 * state.revenue),
                model: RiskModel::StageChain,
            }),
            segment: (state.stars != 1).then(|| Segment {
                value: SegmentValue::from_index(usize::from(state.stars)).map(|value| (value, 0.5)),
                buying_factor: (BuyingFactor::ALL[usize::from(state.stars)], 0.5),
                factor_reason: SegmentReason::Category,
                ict_need: (IctNeed::ALL[usize::from(state.stars) % 5], 0.5),
                need_reason: SegmentReason::Held,
            }),
            satisfaction: (state.stars > 0).then(|| Satisfaction {
                score: f32::from(state.stars) / 6.0,
                label: SatisfactionLabel::ALL[usize::from(state.stars) % 4],
                reasons: Vec::new(),
            }),
        })
    }

    /// One member of a customer, its id that of the customer; dissatisfied where the customer has stars.
    fn member(&self, customer: usize, place: usize) -> Option<MemberMonth> {
        let assessment = self.assessment(customer, place)?;
        Some(MemberMonth {
            member: MemberId::new(customer as i64 + 1),
            customer: assessment.customer,
            month: assessment.month,
            satisfaction: Some(Satisfaction {
                score: 0.4,
                label: match assessment.star {
                    Some(_) => SatisfactionLabel::Dissatisfied,
                    None => SatisfactionLabel::Satisfied,
                },
                reasons: Vec::new(),
            }),
            // Every second of those without stars is likely to leave, and one of ten thousand fen is whatever its stars.
            risk: Some(
                if (assessment.star.is_none() && customer.is_multiple_of(2))
                    || assessment.revenue_12m.fen() == 10_000
                {
                    0.06
                } else {
                    0.01
                },
            ),
            risk_reasons: Vec::new(),
            value: assessment.revenue_12m,
        })
    }

    fn cycle_month(&self, place: usize, run: &str) -> CycleMonth {
        let month = self.month(place);
        let mut sums: BTreeMap<(usize, LifecycleStage), UnitMonth> = BTreeMap::new();
        let mut rows = 0;
        for (at, customer) in self.customers.iter().enumerate() {
            let Some(assessment) = self.assessment(at, place) else { continue };
            rows += 1;
            for unit in (0..self.units.len()).filter(|&unit| self.is_below(unit, customer.unit)) {
                let sum = sums.entry((unit, assessment.stage)).or_insert(UnitMonth {
                    unit: OrgUnitId::new(unit as i64 + 1),
                    stage: assessment.stage,
                    customers: 0,
                    revenue: Money::ZERO,
                    cost: Money::ZERO,
                    revenue_12m: Money::ZERO,
                    profit_12m: Money::ZERO,
                });
                sum.customers += 1;
                sum.revenue += monthly(&assessment);
                sum.revenue_12m += assessment.revenue_12m;
                sum.profit_12m += assessment.profit_12m;
            }
        }
        let file = |kind: &str| LakeFile { month, path: format!("{kind}/{month}/{run}").into(), rows };
        CycleMonth {
            month,
            assessments: file("assessments"),
            state: file("state"),
            units: sums.into_values().collect(),
            flows: Vec::new(),
            concentrations: Vec::new(),
            cohorts: Vec::new(),
            models: Vec::new(),
            sample: file("samples"),
            members: Some(MemberFiles { members: file("members"), sample: file("member_samples") }),
            duration_ms: 1,
        }
    }
}

/// The month's revenue that the made-up engine goes by.
fn monthly(assessment: &Assessment) -> Money {
    Money::from_fen(assessment.revenue_12m.fen() / 12)
}

fn customer_month(assessment: Assessment) -> CustomerMonth {
    let (month, revenue) = (assessment.month, monthly(&assessment));
    CustomerMonth {
        month,
        usage: Some(1.0),
        lines: Some(1.0),
        revenue: Some(revenue),
        cost: Money::ZERO,
        assessment,
    }
}

pub fn usage(month: Month, run: &str) -> StagedFacts {
    let path = format!("facts/usage/{month}/{run}").into();
    StagedFacts { table: Table::Usage, month, path, rows: 1, added: 1, changed: 0 }
}

pub fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

struct Rows {
    table: Table,
    present: Vec<bool>,
    rows: Vec<(i64, Vec<Cell>)>,
}

impl RecordRows for Rows {
    fn table(&self) -> Table {
        self.table
    }

    fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    fn present(&self) -> &[bool] {
        &self.present
    }

    fn rows(&self, from: u64, count: u64) -> Vec<(i64, Vec<Cell>)> {
        self.rows.iter().skip(from as usize).take(count as usize).cloned().collect()
    }
}

/// Rows with the columns named, ids in their order.
pub fn rows(table: Table, columns: &[&str], cells: Vec<Vec<Cell>>) -> Box<dyn RecordRows> {
    rows_from(1, table, columns, cells)
}

/// Likewise, ids from the first on.
pub fn rows_from(first: i64, table: Table, columns: &[&str], cells: Vec<Vec<Cell>>) -> Box<dyn RecordRows> {
    let all = table.columns();
    let rows = (first..).zip(cells).map(|(id, cells)| {
        let mut full = vec![Cell::Null; all.len()];
        for (name, cell) in columns.iter().zip(cells) {
            let place = all.iter().position(|column| column.name == *name).expect("a column");
            assert!(!matches!(all[place].kind, ColumnType::Month), "no facts here");
            full[place] = cell;
        }
        (id, full)
    });
    let present = all.iter().map(|column| columns.contains(&column.name)).collect();
    Box::new(Rows { table, present, rows: rows.collect() })
}

/// An engine that hands over what it was given.
#[derive(Default)]
pub struct MadeUp {
    pub operator: Mutex<Operator>,
    /// What the next import reads, in place of the operator's own extract.
    pub staged: Mutex<Option<Result<Staged, Problem>>>,
    /// The cycle fails after so many months.
    pub fails_after: Mutex<Option<usize>>,
    /// How many files there are besides those of the manifest: what runs leave until they are swept.
    pub leftovers: Mutex<u32>,
    /// Published months that another version computed; the cycle makes good those that it computes.
    pub outdated: Mutex<Vec<Month>>,
    /// Runs asked for.
    pub runs: Mutex<Vec<String>>,
}

pub fn staged(records: Vec<Box<dyn RecordRows>>, facts: Vec<StagedFacts>) -> Staged {
    Staged {
        rows_read: records.iter().map(|rows| rows.len()).sum(),
        bad_files: 0,
        bad_rows: 0,
        problems: Vec::new(),
        problem_file: None,
        notes: Vec::new(),
        records,
        facts,
    }
}

pub fn bad_row() -> RowProblem {
    RowProblem {
        file: "usage.csv".to_owned(),
        line: 2,
        column: "month".to_owned(),
        value: "x".to_owned(),
        reason: Message::new("problem-internal").with("error", "x"),
    }
}

pub fn broken() -> Problem {
    Problem::new(ProblemKind::Environment, Message::new("problem-file-missing").with("file", "usage.csv"))
}

impl Engine for MadeUp {
    fn read_extract(
        &self,
        request: ImportRequest<'_>,
        _catalog: &mut Catalog,
        _manifest: &Manifest,
        _progress: &dyn Progress,
    ) -> Result<Staged, Problem> {
        self.runs.lock().expect("lock").push(request.run.to_owned());
        *self.leftovers.lock().expect("lock") += 1;
        if let Some(staged) = self.staged.lock().expect("lock").take() {
            return staged;
        }
        let operator = self.operator.lock().expect("lock");
        Ok(staged(operator.records(), operator.facts(request.run)))
    }

    fn run_cycle(
        &self,
        request: CycleRequest<'_>,
        _progress: &dyn Progress,
        publish: &mut dyn FnMut(CycleMonth) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let operator = self.operator.lock().expect("lock").clone();
        self.runs.lock().expect("lock").push(format!("{} {}..{}", request.run, request.first, request.last));
        let fails_after = *self.fails_after.lock().expect("lock");
        for (done, month) in request.first.to(request.last).enumerate() {
            *self.leftovers.lock().expect("lock") += 1;
            if fails_after == Some(done) {
                return Err(broken());
            }
            self.outdated.lock().expect("lock").retain(|&outdated| outdated != month);
            publish(operator.cycle_month((month - first_month()) as usize, request.run))?;
        }
        Ok(())
    }

    fn customer_months(&self, file: &LakeFile, each: &mut dyn FnMut(CustomerMonth)) -> Result<(), Problem> {
        let operator = self.operator.lock().expect("lock");
        let place = (file.month - first_month()) as usize;
        let assessments = (0..operator.customers.len()).filter_map(|at| operator.assessment(at, place));
        assessments.map(customer_month).for_each(each);
        Ok(())
    }

    fn outdated(&self, _: &Manifest) -> Result<Vec<Month>, Problem> {
        Ok(self.outdated.lock().expect("lock").clone())
    }

    fn sampled_months(&self, file: &LakeFile, each: &mut dyn FnMut(MoneyMonth)) -> Result<(), Problem> {
        self.customer_months(file, &mut |of| {
            each(MoneyMonth {
                customer: of.assessment.customer,
                stage: of.assessment.stage,
                revenue: of.revenue,
                cost: of.cost,
            });
        })
    }

    fn history(&self, manifest: &Manifest, customer: CustomerId) -> Result<Vec<RelationMonth>, Problem> {
        let months = manifest.assessments.values().map(|file| self.customer_month(file, customer));
        Ok(months.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().map(RelationMonth::from).collect())
    }

    fn customer_month(
        &self,
        file: &LakeFile,
        customer: CustomerId,
    ) -> Result<Option<CustomerMonth>, Problem> {
        let operator = self.operator.lock().expect("lock");
        let place = (file.month - first_month()) as usize;
        Ok(operator.assessment(customer.get() as usize - 1, place).map(customer_month))
    }

    fn members(&self, file: &LakeFile, members: &[MemberId]) -> Result<Vec<MemberMonth>, Problem> {
        let mut found = Vec::new();
        self.each_member(file, &mut |member| found.push(member))?;
        found.retain(|member| members.contains(&member.member));
        Ok(found)
    }

    fn each_member(&self, file: &LakeFile, each: &mut dyn FnMut(MemberMonth)) -> Result<(), Problem> {
        let operator = self.operator.lock().expect("lock");
        let place = (file.month - first_month()) as usize;
        (0..operator.customers.len()).filter_map(|at| operator.member(at, place)).for_each(each);
        Ok(())
    }

    fn explain(&self, _: CycleRequest<'_>, _: CustomerId) -> Result<Vec<Explanation>, Problem> {
        Ok(Vec::new())
    }

    fn sweep(&self, _manifest: &Manifest) -> Result<(), Problem> {
        *self.leftovers.lock().expect("lock") = 0;
        Ok(())
    }
}

/// The services over a made-up operator, in a folder of their own.
pub struct World {
    pub services: Services,
    pub engine: Arc<MadeUp>,
    pub folder: tempfile::TempDir,
}

impl World {
    pub async fn new(operator: Operator) -> Self {
        Self::with_rules(operator, None).await
    }

    /// A world whose operator has rules of its own.
    pub async fn with_rules(operator: Operator, own: Option<&str>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Arc::new(MadeUp { operator: Mutex::new(operator), ..MadeUp::default() });
        let rules = RuleBook::parse(own).expect("rules");
        let services = Services::open(folder.path(), engine.clone(), rules).await.expect("services");
        Self { services, engine, folder }
    }

    /// A world with everything imported and published.
    pub async fn published(operator: Operator) -> Self {
        let world = Self::new(operator).await;
        world.import(false).await.expect("an import");
        world.cycle().await.expect("a cycle");
        world.add_user().await;
        world
    }

    /// The same data folder, opened by another process as it were: nothing of it is in memory.
    pub async fn opened_again(&self) -> Services {
        let engine: Arc<dyn Engine> = Arc::clone(&self.engine) as _;
        Services::open(self.folder.path(), engine, RuleBook::parse(None).expect("rules"))
            .await
            .expect("services")
    }

    /// The user that all actors of a test act as: the audit names it.
    pub async fn add_user(&self) {
        self.add_user_of("li.lei", 1).await;
    }

    async fn add_user_of(&self, name: &str, person: i64) {
        let (staff, salt) = (StaffId::new(person), [5; 16]);
        service::user::create::run(&self.services, name, "a long password", staff, salt, at(0))
            .await
            .expect("a user");
    }

    /// Heads as the operator's first people are, each a user of its own; the first is that of [`Self::add_user`].
    pub async fn heads<const N: usize>(&self, operator: &Operator) -> [Actor; N] {
        for person in 2..=N as i64 {
            self.add_user_of(&format!("user.{person}"), person).await;
        }
        std::array::from_fn(|person| Actor {
            user: UserId::new(person as i64 + 1),
            ..operator.actor(Role::UnitHead, person)
        })
    }

    pub fn stage(&self, staged: Result<Staged, Problem>) {
        *self.engine.staged.lock().expect("lock") = Some(staged);
    }

    pub async fn import(&self, skip_bad: bool) -> Result<ImportReport, Problem> {
        self.import_with(ImportOptions { skip_bad, ..options() }).await
    }

    pub async fn import_with(&self, options: ImportOptions) -> Result<ImportReport, Problem> {
        service::import::run(&self.services, &options, at(0), &|| at(1), Arc::new(Silent)).await
    }

    pub async fn cycle(&self) -> Result<CycleReport, Problem> {
        let options = CycleOptions { month: None, all: false, lang: Lang::En };
        service::cycle::run(&self.services, options, at(2), &|| at(3), Arc::new(Silent)).await
    }

    /// What the Data page shows to an administrator.
    pub async fn data(&self) -> service::data::DataView {
        let operator = Operator { units: vec![None], staff: vec![0], ..Operator::default() };
        let admin = operator.actor(Role::Admin, 0);
        service::data::show::run(&self.services, &admin).await.expect("the page")
    }
}

pub fn options() -> ImportOptions {
    ImportOptions {
        folder: PathBuf::from("in"),
        mapping: None,
        dry_run: false,
        skip_bad: false,
        lang: Lang::En,
    }
}

pub fn at(second: i64) -> Instant {
    Instant::from_micros(0).plus_seconds(second)
}

/// Customers that differ in nothing but their unit and manager, all growing in every month.
pub fn simple(
    units: Vec<Unit>,
    staff: Vec<usize>,
    customers: &[(usize, Option<usize>)],
    months: usize,
) -> Operator {
    let state = CustomerState { stage: LifecycleStage::Growth, revenue: 1200, stars: 3 };
    let customers = customers.iter().enumerate().map(|(place, &(unit, manager))| Customer {
        name: format!("Customer {place}"),
        above: None,
        unit,
        manager,
        category: 0,
        industry: None,
        contract_ends: None,
        months: vec![Some(state); months],
    });
    Operator { units, staff, customers: customers.collect(), months }
}

//! What passes between the records and the monthly cycle: the base in, assessments and sums out.

use std::path::PathBuf;

use crate::contract::Sla;
use crate::customer::CustomerCategory;
use crate::id::{CustomerId, MemberId, OrgUnitId, ProductId};
use crate::org::OrgLevel;
use crate::outlook::EventKind;
use crate::product::ProductFamily;
use crate::segment::{BuyingFactor, IctNeed};
use crate::service::Payer;
use crate::{Date, LifecycleStage, Money, Month};

/// A unit as the cycle needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUnit {
    /// Which.
    pub id: OrgUnitId,
    /// The operator's code.
    pub code: String,
    /// Its level.
    pub level: OrgLevel,
    /// The unit above.
    pub parent: Option<OrgUnitId>,
}

/// A customer as the cycle needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseCustomer {
    /// Who.
    pub id: CustomerId,
    /// The unit it belongs to.
    pub unit: OrgUnitId,
    /// Known since.
    pub created_on: Date,
    /// The group of its industry ([`crate::customer::industry_group`]): customers of one group share a season.
    pub industry: u8,
    /// How it is handled.
    pub category: CustomerCategory,
    /// How many work there.
    pub employees: Option<u32>,
    /// Whether it is known to buy from a competitor as well.
    pub has_competitor: bool,
    /// What customers of its industry mostly buy for, where the rules say so.
    pub industry_factor: Option<BuyingFactor>,
    /// What they mostly need.
    pub industry_need: Option<IctNeed>,
}

/// A product as the cycle needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseProduct {
    /// Which.
    pub id: ProductId,
    /// Its family.
    pub family: ProductFamily,
    /// List price of a unit of volume.
    pub list_price: Option<Money>,
}

/// A service as the cycle needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaseService {
    /// Whose.
    pub customer: CustomerId,
    /// Of what.
    pub product: ProductId,
    /// From.
    pub started_on: Date,
    /// To, if it ended.
    pub ended_on: Option<Date>,
    /// Whether it is given to try.
    pub trial: bool,
    /// Percent off the list price; unknown where one of the prices is, or where they are not of one unit.
    pub discount: Option<u8>,
}

/// A contract as the cycle needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseContract {
    /// Whose.
    pub customer: CustomerId,
    /// From.
    pub starts_on: Date,
    /// To, if it ends.
    pub ends_on: Option<Date>,
    /// The service level agreed.
    pub sla: Option<Sla>,
}

/// An opportunity as the cycle needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseOpportunity {
    /// With whom.
    pub customer: CustomerId,
    /// When it was opened.
    pub opened: Month,
    /// When it was closed, if it was.
    pub closed: Option<Month>,
    /// What is wanted.
    pub family: Option<ProductFamily>,
    /// Whether it was won when it was closed.
    pub won: bool,
    /// For what it was won or lost, where the reason written down says it.
    pub decided: Option<BuyingFactor>,
}

/// What the words of a customer, or of those who speak with it, tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// A complaint or a talk was about this.
    Named(BuyingFactor),
    /// This is what decides whether it buys.
    Factor(BuyingFactor),
    /// This is what it needs.
    Need(IctNeed),
}

/// Something said by or of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseSaying {
    /// By whom.
    pub customer: CustomerId,
    /// When.
    pub month: Month,
    /// What.
    pub said: Said,
}

/// Something that happened with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseEvent {
    /// With whom.
    pub customer: CustomerId,
    /// When.
    pub month: Month,
    /// What.
    pub kind: EventKind,
}

/// A member line as the cycle needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseMember {
    /// Which.
    pub id: MemberId,
    /// Whose.
    pub customer: CustomerId,
    /// Its plan, by place in [`BaseMembers::plans`]; the first is none.
    pub plan: u16,
    /// Who pays.
    pub payer: Option<Payer>,
    /// From.
    pub joined_on: Date,
    /// To, if it left.
    pub left_on: Option<Date>,
}

/// How satisfied a member said to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaseAnswer {
    /// Who.
    pub member: MemberId,
    /// When, or if nobody wrote that down, when the operator handed it over.
    pub month: Month,
    /// From 1 to 10.
    pub score: f32,
}

/// Something that happened with a member: a complaint, a fault, a late or poorly rated answer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberEvent {
    /// With whom.
    pub member: MemberId,
    /// When.
    pub month: Month,
    /// What.
    pub kind: EventKind,
}

/// Members as the cycle needs them; empty where no use of theirs was ever handed over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BaseMembers {
    /// Names of plans, each once; the first is empty.
    pub plans: Vec<String>,
    /// All members, also those who left, by id.
    pub members: Vec<BaseMember>,
    /// All answers, by member and month.
    pub answers: Vec<BaseAnswer>,
    /// What happened since half a year before the first month asked for, by member and month.
    pub events: Vec<MemberEvent>,
}

/// Everything of the records that the cycle reads, sorted by customer; events and sayings by month as well.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Base {
    /// Changes whenever any of this changes.
    pub version: i64,
    /// All units.
    pub units: Vec<BaseUnit>,
    /// All products.
    pub products: Vec<BaseProduct>,
    /// All customers.
    pub customers: Vec<BaseCustomer>,
    /// All services, ended ones too.
    pub services: Vec<BaseService>,
    /// All contracts.
    pub contracts: Vec<BaseContract>,
    /// What happened since a year before the first month asked for.
    pub events: Vec<BaseEvent>,
    /// Opportunities that were open at some time since then.
    pub opportunities: Vec<BaseOpportunity>,
    /// What was said since then.
    pub sayings: Vec<BaseSaying>,
    /// Whether the operator writes down at all who buys from a competitor as well.
    pub knows_competitors: bool,
    /// Members.
    pub members: BaseMembers,
    /// Customers that another one stands for, with that one, sorted: facts of them are the other's. All else here is the
    /// other's already.
    pub merged: Vec<(CustomerId, CustomerId)>,
}

impl Base {
    /// Lets the second of each pair stand for the first, which is no customer of its own any more.
    pub fn merge(&mut self, survivors: impl IntoIterator<Item = (CustomerId, CustomerId)>) {
        self.merged = survivors.into_iter().collect();
        self.merged.sort_unstable();
        if self.merged.is_empty() {
            return;
        }
        let merged = &self.merged;
        let found = |id: CustomerId| merged.binary_search_by_key(&id, |(merged, _)| *merged).ok();
        let stand = |id: &mut CustomerId| *id = found(*id).map_or(*id, |place| merged[place].1);
        let gone: Vec<BaseCustomer> =
            self.customers.iter().filter(|one| found(one.id).is_some()).copied().collect();
        self.customers.retain(|one| found(one.id).is_none());
        for mut other in gone {
            stand(&mut other.id);
            // Known since the first of them was, and to buy elsewhere if one of them is.
            if let Ok(place) = self.customers.binary_search_by_key(&other.id, |one| one.id) {
                let one = &mut self.customers[place];
                one.created_on = one.created_on.min(other.created_on);
                one.has_competitor |= other.has_competitor;
            }
        }
        self.services.iter_mut().for_each(|one| stand(&mut one.customer));
        self.services.sort_by_key(|one| one.customer);
        self.contracts.iter_mut().for_each(|one| stand(&mut one.customer));
        self.contracts.sort_by_key(|one| one.customer);
        self.events.iter_mut().for_each(|one| stand(&mut one.customer));
        self.events.sort_by_key(|one| (one.customer, one.month, one.kind));
        self.opportunities.iter_mut().for_each(|one| stand(&mut one.customer));
        self.opportunities.sort_by_key(|one| one.customer);
        self.sayings.iter_mut().for_each(|one| stand(&mut one.customer));
        self.sayings.sort_by_key(|one| (one.customer, one.month, one.said));
        self.members.members.iter_mut().for_each(|one| stand(&mut one.customer));
    }
}

/// A file of the lake that the records know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeFile {
    /// The month it is about.
    pub month: Month,
    /// Where it lies, relative to the data folder.
    pub path: PathBuf,
    /// Rows in it.
    pub rows: u64,
}

/// A unit's customers in one stage and month, everything below the unit counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitMonth {
    /// Whose.
    pub unit: OrgUnitId,
    /// In which stage.
    pub stage: LifecycleStage,
    /// How many customers.
    pub customers: i64,
    /// Revenue of the month.
    pub revenue: Money,
    /// Cost of the month, all kinds.
    pub cost: Money,
    /// Revenue of the last twelve months.
    pub revenue_12m: Money,
    /// Profit of the last twelve months.
    pub profit_12m: Money,
}

/// Customers of a unit that were in one stage three months ago and are in another (or the same) now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitFlow {
    /// Whose.
    pub unit: OrgUnitId,
    /// Then.
    pub from: LifecycleStage,
    /// Now.
    pub to: LifecycleStage,
    /// How many customers.
    pub customers: i64,
    /// Their revenue of the last twelve months.
    pub revenue_12m: Money,
}

/// How far a unit's revenue rests on few customers.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitConcentration {
    /// Whose.
    pub unit: OrgUnitId,
    /// Customers with revenue in the last twelve months.
    pub customers: i64,
    /// Share of revenue from the top fifth of them, 0 to 1.
    pub top_fifth: f64,
    /// Gini coefficient.
    pub gini: f64,
    /// Cumulated share of revenue at 0 %, 5 %, … 100 % of customers, largest first.
    pub curve: Vec<f32>,
}

/// A unit's customers in a month by when the relation began, for what a relation brings as it grows older.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCohorts {
    /// Whose.
    pub unit: OrgUnitId,
    /// By year and stage.
    pub sums: Vec<CohortSum>,
}

/// What the served customers of one year of start and one stage did in a month, in sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CohortSum {
    /// The calendar year in which the relation began.
    pub year: i32,
    /// The stage in the month.
    pub stage: LifecycleStage,
    /// How many customers.
    pub customers: i64,
    /// Usage at list price.
    pub usage: Money,
    /// Revenue.
    pub revenue: Money,
    /// Cost, all kinds.
    pub cost: Money,
}

/// What a model in use rests on, and how well it did on months it had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCard {
    /// Which: `risk`, `value`, `value_test`, `satisfaction`, `member_risk`.
    pub model: &'static str,
    /// Its figures, as a JSON object of numbers, texts and lists.
    pub figures: String,
}

/// What is kept of the members of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFiles {
    /// One row per member present.
    pub members: LakeFile,
    /// Members to learn from.
    pub sample: LakeFile,
}

/// What the cycle made of one month, written and not yet published.
#[derive(Debug, Clone)]
pub struct CycleMonth {
    /// The month.
    pub month: Month,
    /// One row per customer.
    pub assessments: LakeFile,
    /// What is carried into the next month.
    pub state: LakeFile,
    /// Customers to learn from.
    pub sample: LakeFile,
    /// One row per member present, and members to learn from; none where no use of theirs is known.
    pub members: Option<MemberFiles>,
    /// Sums by unit and stage.
    pub units: Vec<UnitMonth>,
    /// Moves over the last quarter, by unit.
    pub flows: Vec<UnitFlow>,
    /// Concentration, by unit.
    pub concentrations: Vec<UnitConcentration>,
    /// Customers by age of the relation, for units with others below them.
    pub cohorts: Vec<UnitCohorts>,
    /// What each model in use rests on.
    pub models: Vec<ModelCard>,
    /// How long it took.
    pub duration_ms: u64,
}

//! What is made up, typed: one struct per table of the extract, in the order of its columns.

use domain::contact::CuteRole;
use domain::contract::Sla;
use domain::customer::CustomerCategory;
use domain::interaction::{Channel, Direction};
use domain::opportunity::{FunnelStage, OpportunityOutcome};
use domain::org::OrgLevel;
use domain::product::ProductFamily;
use domain::service::{EndReason, Payer};
use domain::staff::Role;
use domain::ticket::TicketKind;
use domain::{Date, Instant, LifecycleStage, Money, Month};

/// A row of `org_units`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The operator's code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Level.
    pub level: OrgLevel,
    /// The unit above; none for headquarters.
    pub parent_code: Option<String>,
}

/// A row of `staff`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// The operator's code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// Where.
    pub org_code: String,
    /// Address that leads nowhere.
    pub email: String,
    /// Number that leads nowhere.
    pub phone: String,
}

/// A row of `products`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Product {
    /// The operator's code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Family.
    pub family: ProductFamily,
    /// What volume counts.
    pub unit: &'static str,
    /// For one unit of volume.
    pub list_price: Money,
    /// For one unit of volume.
    pub unit_cost: Money,
}

/// A row of `market`.
#[derive(Debug, Clone, PartialEq)]
pub struct MarketRow {
    /// Month.
    pub month: Month,
    /// Where: a city.
    pub org_code: String,
    /// Whose figures.
    pub operator: &'static str,
    /// Subscribers.
    pub subscribers: u64,
    /// Revenue of the month.
    pub revenue: Money,
    /// People living there.
    pub population: u64,
    /// Households.
    pub households: u64,
    /// Enterprises.
    pub enterprises: u64,
}

/// A row of `customers`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The operator's code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The node above in the customer tree.
    pub parent_code: Option<String>,
    /// The unit it belongs to.
    pub org_code: String,
    /// Who answers for it.
    pub manager_code: Option<String>,
    /// Category.
    pub category: CustomerCategory,
    /// Industry, in Chinese.
    pub industry: &'static str,
    /// How many people work there.
    pub employees: Option<u32>,
    /// A code that visibly is none.
    pub credit_code: Option<String>,
    /// Address.
    pub address: String,
    /// Known since.
    pub created_on: Date,
    /// The competitor seen there.
    pub competitor: Option<&'static str>,
    /// Estimated communications spend of a year.
    pub wallet: Option<Money>,
}

/// A row of `contacts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The operator's code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Title.
    pub title: &'static str,
    /// Number that leads nowhere.
    pub phone: String,
    /// Address that leads nowhere.
    pub email: String,
    /// Part in buying.
    pub cute_role: Option<CuteRole>,
    /// Behavioural style.
    pub style: &'static str,
    /// 0 to 100.
    pub closeness: u8,
    /// 0 to 100.
    pub trust: u8,
    /// 0 to 100.
    pub favour: u8,
}

/// A row of `contracts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The operator's code.
    pub code: String,
    /// Signed.
    pub signed_on: Date,
    /// From.
    pub starts_on: Date,
    /// To.
    pub ends_on: Option<Date>,
    /// Paid in advance.
    pub prepaid: Option<Money>,
    /// Service level.
    pub sla: Sla,
}

/// A row of `services`.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The operator's code.
    pub code: String,
    /// Index into [`crate::World::products`].
    pub product: usize,
    /// The contract it stands in.
    pub contract_code: Option<String>,
    /// Lines at the end of the observed time.
    pub quantity: u32,
    /// Yuan a line and month.
    pub price: Option<Money>,
    /// From.
    pub started_on: Date,
    /// Last day.
    pub ended_on: Option<Date>,
    /// Given to try.
    pub trial: bool,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
}

/// A row of `members`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The operator's code.
    pub code: String,
    /// Plan.
    pub plan: &'static str,
    /// Who pays.
    pub payer: Payer,
    /// Since.
    pub joined_on: Date,
    /// Last day.
    pub left_on: Option<Date>,
    /// 1 to 10: the last answer to the yearly study, if asked.
    pub survey_score: Option<u8>,
}

/// A row of `usage`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// Month.
    pub month: Month,
    /// Index into [`crate::World::products`].
    pub product: usize,
    /// Lines in use; unknown where the operator's systems lost it.
    pub lines: Option<u32>,
    /// In the product's unit, two decimals; unknown where `lines` is.
    pub volume: Option<f64>,
    /// Revenue.
    pub revenue: Money,
    /// Cost.
    pub cost: Money,
    /// What billing said first, where it was corrected later.
    pub first_told: Option<FirstTold>,
}

/// Figures of a month that were handed over before they were right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstTold {
    /// As in [`Usage`].
    pub volume: Option<f64>,
    /// As in [`Usage`].
    pub revenue: Money,
}

/// A row of `costs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Month.
    pub month: Month,
    /// One of [`domain::extract::COST_KINDS`].
    pub kind: &'static str,
    /// Amount.
    pub amount: Money,
}

/// A row of `member_usage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberUsage {
    /// Month.
    pub month: Month,
    /// Index into [`SimulatedCustomer::members`].
    pub member: usize,
    /// Minutes.
    pub voice_min: u32,
    /// Megabytes.
    pub data_mb: u32,
    /// Messages.
    pub sms: u32,
    /// Value-added services held.
    pub vas_count: u32,
    /// Charge.
    pub charge: Money,
    /// Calls to the hotline.
    pub hotline_calls: u32,
    /// Complaints.
    pub complaints: u32,
    /// Campaigns joined.
    pub promotions: u32,
}

/// A row of `tickets`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The operator's code.
    pub code: String,
    /// Index into [`SimulatedCustomer::members`].
    pub member: Option<usize>,
    /// Kind.
    pub kind: TicketKind,
    /// Channel.
    pub channel: Channel,
    /// Opened.
    pub opened_at: Instant,
    /// Staff code of who took it.
    pub first_responder: Option<String>,
    /// Promised.
    pub due_at: Option<Instant>,
    /// Closed; none while it is open.
    pub closed_at: Option<Instant>,
    /// Cause in words.
    pub cause: Option<&'static str>,
    /// 1 to 5, if answered.
    pub score: Option<u8>,
}

/// A row of `interactions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interaction {
    /// The operator's code.
    pub code: String,
    /// When.
    pub at: Instant,
    /// Index into [`SimulatedCustomer::contacts`].
    pub contact: Option<usize>,
    /// Staff code.
    pub staff_code: Option<String>,
    /// Channel.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// What for.
    pub purpose: &'static str,
    /// What came of it.
    pub outcome: Option<&'static str>,
}

/// A row of `opportunities`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opportunity {
    /// The operator's code.
    pub code: String,
    /// Staff code.
    pub manager_code: Option<String>,
    /// Index into [`crate::World::products`].
    pub product: Option<usize>,
    /// Where it stands.
    pub stage: FunnelStage,
    /// Expected amount.
    pub amount: Option<Money>,
    /// Opened.
    pub opened_on: Date,
    /// Closed.
    pub closed_on: Option<Date>,
    /// How it ended.
    pub outcome: Option<OpportunityOutcome>,
    /// Why.
    pub reason: Option<&'static str>,
    /// Against whom.
    pub competitor: Option<&'static str>,
}

/// A row of `bills`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill {
    /// Month billed.
    pub month: Month,
    /// Billed.
    pub billed: Money,
    /// Paid.
    pub paid: Option<Money>,
    /// Due.
    pub due_on: Date,
    /// Paid on.
    pub paid_on: Option<Date>,
    /// What is left of the prepayment.
    pub prepaid_balance: Option<Money>,
}

/// A row of `surveys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyAnswer {
    /// The operator's code.
    pub code: String,
    /// When.
    pub at: Instant,
    /// Which study.
    pub study: &'static str,
    /// Index into [`SimulatedCustomer::members`], if a member was asked.
    pub member: Option<usize>,
    /// Index into [`SimulatedCustomer::contacts`], if a contact was.
    pub contact: Option<usize>,
    /// Question.
    pub question: &'static str,
    /// Answer in words.
    pub answer: Option<&'static str>,
    /// Score.
    pub score: Option<u8>,
    /// Best possible score.
    pub scale: Option<u8>,
}

/// A row of `readings`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Month.
    pub month: Month,
    /// Site.
    pub site: &'static str,
    /// One of the codes of [`domain::indicator::Indicator`].
    pub indicator: &'static str,
    /// Value, two decimals.
    pub value: f64,
    /// Unit.
    pub unit: &'static str,
    /// What was agreed.
    pub target: f64,
}

/// A row of `truth.csv`: what the generator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// Month.
    pub month: Month,
    /// Where the relation stood at the month's end.
    pub stage: LifecycleStage,
    /// Whether it is served now and leaves within the next three months.
    pub exit_within_3m: bool,
    /// Behind a decline, a coming or a past exit.
    pub cause: Option<EndReason>,
}

/// Everything made up about one customer. Facts are ordered by month.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedCustomer {
    /// The customer itself.
    pub row: Customer,
    /// People there.
    pub contacts: Vec<Contact>,
    /// Contracts.
    pub contracts: Vec<Contract>,
    /// Services held, now or once, also from before the observed months.
    pub services: Vec<Service>,
    /// Members.
    pub members: Vec<Member>,
    /// Usage.
    pub usage: Vec<Usage>,
    /// Other costs.
    pub costs: Vec<Cost>,
    /// Usage of members.
    pub member_usage: Vec<MemberUsage>,
    /// Tickets.
    pub tickets: Vec<Ticket>,
    /// Contacts by any channel.
    pub interactions: Vec<Interaction>,
    /// Opportunities.
    pub opportunities: Vec<Opportunity>,
    /// Bills.
    pub bills: Vec<Bill>,
    /// Survey answers.
    pub surveys: Vec<SurveyAnswer>,
    /// Network readings.
    pub readings: Vec<Reading>,
    /// The truth of each month from the one in which the customer became known.
    pub truth: Vec<Truth>,
}

/// A record beside that of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// The code of that customer.
    pub of: String,
    /// Whether it is the same company.
    pub sameness: Sameness,
    /// What is written otherwise in a duplicate.
    pub changes: Vec<Change>,
    /// The record.
    pub row: Customer,
    /// Its people.
    pub contacts: Vec<Contact>,
}

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $code:literal, )+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$variant_meta])* $variant, )+ }

        impl $name {
            /// The code in `duplicates.csv`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

named! {
    /// Whether a planted record is the customer again, or what else it is.
    Sameness {
        /// The same company.
        Same = "yes",
        /// A branch of it, with a sibling.
        Branch = "branch",
        /// One of two schools told apart by their number.
        Numbered = "numbered",
        /// A company of the same name in another city.
        OtherCity = "other_city",
        /// A company that shares the telephone, and perhaps the address.
        SharedOffice = "shared_office",
    }
}

named! {
    /// What is written otherwise in a duplicate.
    Change {
        /// Another legal form, or none.
        Suffix = "suffix",
        /// The place in brackets.
        Bracket = "bracket",
        /// Shortened.
        Abbreviation = "abbreviation",
        /// Two neighbouring characters swapped.
        Transposition = "transposition",
        /// Traditional characters.
        Traditional = "traditional",
        /// Full width, and a space of full width in the name.
        FullWidth = "full_width",
        /// No credit code.
        CodeMissing = "code_missing",
        /// A mistyped credit code.
        CodeMistyped = "code_mistyped",
        /// The address in other words.
        AddressRewritten = "address_rewritten",
        /// Another address.
        AddressMoved = "address_moved",
        /// A mistyped telephone number.
        PhoneMistyped = "phone_mistyped",
        /// Another person's telephone number.
        PhoneOther = "phone_other",
        /// Nobody's telephone number.
        PhoneMissing = "phone_missing",
    }
}

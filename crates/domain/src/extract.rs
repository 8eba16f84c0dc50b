//! The operator extract, format 1: which tables there are, their columns, and what each may hold.
//!
//! This is the only place that knows the format. The simulator writes by it, import checks by it, the
//! records derive their upserts from it.

use crate::code::codes;
use crate::contact::CuteRole;
use crate::contract::Sla;
use crate::customer::CustomerCategory;
use crate::indicator::Indicator;
use crate::interaction::{Channel, Direction};
use crate::opportunity::{FunnelStage, OpportunityOutcome};
use crate::org::OrgLevel;
use crate::product::ProductFamily;
use crate::service::{EndReason, Payer};
use crate::staff::Role;
use crate::ticket::TicketKind;

codes! {
    /// A table of the extract, in an order in which references point backwards.
    pub enum Table ("table") {
        /// Units of the organisation.
        OrgUnits = "org_units",
        /// People who work for the operator.
        Staff = "staff",
        /// Enterprise customers.
        Customers = "customers",
        /// People at customers.
        Contacts = "contacts",
        /// Products.
        Products = "products",
        /// Contracts.
        Contracts = "contracts",
        /// Services held, now or once.
        Services = "services",
        /// Subscriber lines of people at customers.
        Members = "members",
        /// Usage, revenue and cost by customer, product and month.
        Usage = "usage",
        /// Other costs by customer and month.
        Costs = "costs",
        /// Usage by member and month.
        MemberUsage = "member_usage",
        /// Tickets.
        Tickets = "tickets",
        /// Contacts by any channel.
        Interactions = "interactions",
        /// Opportunities.
        Opportunities = "opportunities",
        /// The market by unit, operator and month.
        Market = "market",
        /// Bills by customer and month.
        Bills = "bills",
        /// Survey answers.
        Surveys = "surveys",
        /// Network readings by site and month.
        Readings = "readings",
    }
}

/// Where rows of a table are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// In the records, keyed by the operator's code.
    Records,
    /// In the facts, by month.
    Facts,
}

/// What a column may hold, and how it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// The operator's own key, 1 to 64 characters. Kept as text.
    Code,
    /// A reference to a row of another (or the same) table by its code. Kept as that row's id.
    Reference(Table),
    /// A row of the same customer on the sheet of the archive with this code. Kept as that row's number.
    Row(&'static str),
    /// Free text, at most so many characters. Kept as text.
    Text(usize),
    /// `YYYY-MM`. Kept as [`crate::Month::number`].
    Month,
    /// `YYYY-MM-DD`. Kept as days since 1970-01-01.
    Date,
    /// RFC 3339 with offset. Kept as UTC microseconds.
    Instant,
    /// Yuan with two decimals, zero or more. Kept as fen.
    Money,
    /// Yuan with two decimals, credits allowed. Kept as fen.
    SignedMoney,
    /// A number, zero or more. Kept as a float.
    Quantity,
    /// Any finite number. Kept as a float.
    Number,
    /// A whole number between two bounds. Kept as it is.
    Whole(i64, i64),
    /// One of a closed list of codes. Kept as its text.
    OneOf(&'static [&'static str]),
    /// `yes` or empty. Kept as 1 or nothing.
    Flag,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in files.
    pub name: &'static str,
    /// What it may hold.
    pub kind: ColumnType,
    /// Whether the column must be there and filled.
    pub required: bool,
}

/// How many characters a code may have.
pub const CODE_LENGTH: usize = 64;
const NAME: ColumnType = ColumnType::Text(200);
const LINE: ColumnType = ColumnType::Text(500);
const PROSE: ColumnType = ColumnType::Text(10_000);
const PERCENT: ColumnType = ColumnType::Whole(0, 100);
const COUNT: ColumnType = ColumnType::Whole(0, 1_000_000_000_000);

const fn must(name: &'static str, kind: ColumnType) -> Column {
    Column { name, kind, required: true }
}

const fn may(name: &'static str, kind: ColumnType) -> Column {
    Column { name, kind, required: false }
}

impl Table {
    /// Its columns, in the order of the format.
    #[must_use]
    #[rustfmt::skip]
    pub const fn columns(self) -> &'static [Column] {
        use ColumnType::{Code, Date, Flag, Instant, Money, Month, Number, OneOf, Quantity, Reference, SignedMoney, Text, Whole};
        match self {
            Self::OrgUnits => const { &[
                must("code", Code), must("name", NAME), must("level", OneOf(OrgLevel::CODES)),
                may("parent_code", Reference(Self::OrgUnits)),
            ] },
            Self::Staff => const { &[
                must("code", Code), must("name", NAME), must("role", OneOf(Role::CODES)),
                must("org_code", Reference(Self::OrgUnits)), may("email", NAME), may("phone", NAME),
            ] },
            Self::Customers => const { &[
                must("code", Code), must("name", NAME), may("parent_code", Reference(Self::Customers)),
                must("org_code", Reference(Self::OrgUnits)), may("manager_code", Reference(Self::Staff)),
                must("category", OneOf(CustomerCategory::CODES)), may("industry", NAME), may("employees", COUNT),
                may("credit_code", Text(64)), may("address", LINE), must("created_on", Date),
                may("competitor", NAME), may("wallet_yuan", Money),
            ] },
            Self::Contacts => const { &[
                must("code", Code), must("customer_code", Reference(Self::Customers)), must("name", NAME),
                may("title", NAME), may("phone", NAME), may("email", NAME), may("cute_role", OneOf(CuteRole::CODES)),
                may("style", NAME), may("closeness", PERCENT), may("trust", PERCENT), may("favour", PERCENT),
            ] },
            Self::Products => const { &[
                must("code", Code), must("name", NAME), must("family", OneOf(ProductFamily::CODES)),
                may("unit", NAME), may("list_price", Money), may("unit_cost", Money),
            ] },
            Self::Contracts => const { &[
                must("code", Code), must("customer_code", Reference(Self::Customers)), must("signed_on", Date),
                must("starts_on", Date), may("ends_on", Date), may("prepaid_yuan", Money), may("sla", OneOf(Sla::CODES)),
            ] },
            Self::Services => const { &[
                must("code", Code), must("customer_code", Reference(Self::Customers)),
                must("product_code", Reference(Self::Products)), may("contract_code", Reference(Self::Contracts)),
                must("quantity", Quantity), may("price", Money), must("started_on", Date), may("ended_on", Date),
                may("trial", Flag), may("end_reason", OneOf(EndReason::CODES)),
            ] },
            Self::Members => const { &[
                must("code", Code), must("customer_code", Reference(Self::Customers)), may("plan", NAME),
                may("payer", OneOf(Payer::CODES)), must("joined_on", Date), may("left_on", Date),
                may("survey_score", Whole(1, 10)),
            ] },
            Self::Usage => const { &[
                must("month", Month), must("customer_code", Reference(Self::Customers)),
                must("product_code", Reference(Self::Products)), may("lines", Quantity), may("volume", Quantity),
                may("revenue", SignedMoney), may("cost", SignedMoney),
            ] },
            Self::Costs => const { &[
                must("month", Month), must("customer_code", Reference(Self::Customers)),
                must("kind", OneOf(COST_KINDS)), must("amount", SignedMoney),
            ] },
            Self::MemberUsage => const { &[
                must("month", Month), must("member_code", Reference(Self::Members)), may("voice_min", Quantity),
                may("data_mb", Quantity), may("sms", Quantity), may("vas_count", Quantity), may("charge", SignedMoney),
                may("hotline_calls", Quantity), may("complaints", Quantity), may("promotions", Quantity),
            ] },
            Self::Tickets => const { &[
                must("code", Code), must("customer_code", Reference(Self::Customers)),
                may("member_code", Reference(Self::Members)), must("kind", OneOf(TicketKind::CODES)),
                must("channel", OneOf(Channel::CODES)), must("opened_at", Instant),
                may("first_responder", Reference(Self::Staff)), may("due_at", Instant), may("closed_at", Instant),
                may("cause", LINE), may("score", Whole(1, 5)),
            ] },
            Self::Interactions => const { &[
                must("code", Code), must("at", Instant), must("customer_code", Reference(Self::Customers)),
                may("contact_code", Reference(Self::Contacts)), may("staff_code", Reference(Self::Staff)),
                must("channel", OneOf(Channel::CODES)), must("direction", OneOf(Direction::CODES)),
                may("purpose", LINE), may("outcome", LINE),
            ] },
            Self::Opportunities => const { &[
                must("code", Code), must("customer_code", Reference(Self::Customers)),
                may("manager_code", Reference(Self::Staff)), may("product_code", Reference(Self::Products)),
                must("stage", OneOf(FunnelStage::CODES)), may("amount", Money), must("opened_on", Date),
                may("closed_on", Date), may("outcome", OneOf(OpportunityOutcome::CODES)), may("reason", LINE),
                may("competitor", NAME),
            ] },
            Self::Market => const { &[
                must("month", Month), must("org_code", Reference(Self::OrgUnits)), must("operator", NAME),
                may("subscribers", Quantity), may("revenue", Money), may("population", Quantity),
                may("households", Quantity), may("enterprises", Quantity),
            ] },
            Self::Bills => const { &[
                must("month", Month), must("customer_code", Reference(Self::Customers)), must("billed", SignedMoney),
                may("paid", SignedMoney), may("due_on", Date), may("paid_on", Date), may("prepaid_balance", SignedMoney),
            ] },
            Self::Surveys => const { &[
                must("code", Code), must("at", Instant), must("study", NAME),
                must("customer_code", Reference(Self::Customers)), may("member_code", Reference(Self::Members)),
                may("contact_code", Reference(Self::Contacts)), must("question", PROSE), may("answer", PROSE),
                may("score", Number), may("scale", Number),
            ] },
            Self::Readings => const { &[
                must("month", Month), must("customer_code", Reference(Self::Customers)), may("site", NAME),
                must("indicator", OneOf(Indicator::CODES)), must("value", Number), may("unit", NAME), may("target", Number),
            ] },
        }
    }

    /// The columns that together name a row: a code, or month with references for facts.
    #[must_use]
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Self::Usage => &["month", "customer_code", "product_code"],
            Self::Costs => &["month", "customer_code", "kind"],
            Self::MemberUsage => &["month", "member_code"],
            Self::Market => &["month", "org_code", "operator"],
            Self::Bills => &["month", "customer_code"],
            Self::Readings => &["month", "customer_code", "site", "indicator"],
            _ => &["code"],
        }
    }

    /// Whether rows are kept in the records or in the facts.
    #[must_use]
    pub const fn keeping(self) -> Keeping {
        match self {
            Self::Usage | Self::Costs | Self::MemberUsage | Self::Market | Self::Bills | Self::Readings => {
                Keeping::Facts
            }
            _ => Keeping::Records,
        }
    }

    /// Whether a first import cannot do without this table.
    #[must_use]
    pub const fn required(self) -> bool {
        matches!(
            self,
            Self::OrgUnits | Self::Staff | Self::Customers | Self::Products | Self::Services | Self::Usage
        )
    }

    /// Whether facts of this table go into the monthly cycle, so that a correction puts months out of date.
    #[must_use]
    pub const fn feeds_cycle(self) -> bool {
        matches!(self, Self::Usage | Self::Costs | Self::MemberUsage | Self::Readings)
    }

    /// A column by name.
    #[must_use]
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }
}

/// Kinds of cost.
pub const COST_KINDS: &[&str] = &["promotion", "visit", "access", "service", "other"];

/// A checked value on its way into the records; what each column's value means, [`ColumnType`] says.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Unknown.
    Null,
    /// A whole number: an id, fen, a day, microseconds, a flag.
    Whole(i64),
    /// A float.
    Real(f64),
    /// Text or a code of a closed list.
    Text(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_required_columns() {
        for &table in Table::ALL {
            for key in table.key() {
                let column = table.column(key).unwrap_or_else(|| panic!("{table} has no {key}"));
                assert!(column.required || *key == "site", "{table}.{key}");
            }
        }
    }

    #[test]
    fn references_point_backwards() {
        for &table in Table::ALL {
            for column in table.columns() {
                if let ColumnType::Reference(target) = column.kind {
                    assert!(target <= table, "{table}.{}", column.name);
                }
            }
        }
    }
}

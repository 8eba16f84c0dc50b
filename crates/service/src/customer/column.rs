//! What a list can tell of its customers: the columns, which of them are chosen, and what stands in a cell. Page and files
//! draw the same cells.

use std::fmt::{self, Display};

use domain::assessment::Reason;
use domain::field::{key, read_code};
use domain::star::StarRating;
use domain::{Date, LifecycleStage, Money, Month};

use super::{CustomerRow, CustomerSort};

/// Defines the columns: name in addresses, key of the title, what the list is sorted by under it.
macro_rules! columns {
    ($( $(#[$meta:meta])* $column:ident = $name:literal, $title:literal, $sort:expr; )+) => {
        /// A column of the list beside the customer's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Column {
            $( $(#[$meta])* $column, )+
        }

        impl Column {
            /// Every column, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$column),+];

            /// The key of its title.
            #[must_use]
            pub const fn title_key(self) -> &'static str {
                match self { $(Self::$column => $title),+ }
            }

            /// What the list is sorted by under this column, if by anything.
            #[must_use]
            pub const fn sort(self) -> Option<CustomerSort> {
                match self { $(Self::$column => $sort),+ }
            }

            const fn name(self) -> &'static str {
                match self { $(Self::$column => $name),+ }
            }
        }
    };
}

columns! {
    /// The operator's code.
    Code = "code", "code", Some(CustomerSort::Code);
    /// The stage.
    Stage = "stage", "stage", Some(CustomerSort::Stage);
    /// The month the stage began.
    StageSince = "since", "stage-since", Some(CustomerSort::StageSince);
    /// Why the stage.
    Why = "why", "stage-why", None;
    /// How sure the stage is.
    Confidence = "confidence", "stage-confidence", None;
    /// Stars.
    Star = "star", "star", Some(CustomerSort::Star);
    /// Satisfaction of its members.
    Satisfaction = "satisfaction", "satisfaction", Some(CustomerSort::Satisfaction);
    /// How it is handled.
    Category = "category", "category", None;
    /// Its industry.
    Industry = "industry", "industry", None;
    /// What decides whether it buys.
    BuyingFactor = "factor", "buying-factor", Some(CustomerSort::BuyingFactor);
    /// How far up the ladder of information technology.
    IctNeed = "need", "ict-need", Some(CustomerSort::IctNeed);
    /// Whose it is.
    Manager = "manager", "manager", None;
    /// Its unit.
    Unit = "unit", "unit", None;
    /// Revenue of twelve months.
    Revenue = "revenue", "revenue-12m", Some(CustomerSort::Revenue);
    /// Profit of twelve months.
    Profit = "profit", "profit-12m", Some(CustomerSort::Profit);
    /// Lifetime value.
    Value = "value", "lifetime-value", Some(CustomerSort::Value);
    /// The band of that value.
    Band = "band", "segment-value", Some(CustomerSort::Band);
    /// Risk to leave.
    Risk = "risk", "exit-risk", Some(CustomerSort::Risk);
    /// The likeliest cause.
    Cause = "cause", "exit-cause", None;
    /// What that risk is expected to cost.
    ExpectedLoss = "loss", "expected-loss", Some(CustomerSort::ExpectedLoss);
    /// Lines in use in the published month.
    Lines = "lines", "lines", Some(CustomerSort::Lines);
    /// Since when it is known.
    KnownSince = "known", "created-on", Some(CustomerSort::KnownSince);
    /// When it was visited last.
    LastVisit = "visited", "last-visit", Some(CustomerSort::LastVisit);
}

impl Column {
    /// The column of this name in addresses.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.name() == name)
    }
}

impl Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Told<'a> {
    /// Nothing is known.
    Nothing,
    /// Words of the records.
    Text(&'a str),
    /// A code, by the key of its name.
    Code(&'static str),
    /// A stage.
    Stage(LifecycleStage),
    /// Stars.
    Stars(StarRating),
    /// Why the stage, the weightiest first.
    Reasons(&'a [Reason]),
    /// An amount.
    Money(Money),
    /// A share, 1 is all.
    Share(f64),
    /// How many.
    Count(i64),
    /// A month.
    Month(Month),
    /// A day.
    Day(Date),
}

impl Column {
    /// The column that stands below this one in the same cell where it is chosen next.
    #[must_use]
    pub const fn below(self) -> Option<Self> {
        Some(match self {
            Self::Stage => Self::StageSince,
            Self::Star => Self::Satisfaction,
            Self::Category => Self::Industry,
            Self::BuyingFactor => Self::IctNeed,
            Self::Manager => Self::Unit,
            Self::Revenue => Self::Profit,
            Self::Value => Self::Band,
            Self::Risk => Self::Cause,
            _ => return None,
        })
    }

    /// What it tells of a customer.
    #[must_use]
    pub fn of(self, row: &CustomerRow) -> Told<'_> {
        let assessed = row.assessment.as_ref();
        let risk = assessed.and_then(|a| a.risk.as_ref());
        let segment = assessed.and_then(|a| a.segment.as_ref());
        let told = match self {
            Self::Code => Some(Told::Text(&row.code)),
            Self::Category => Some(Told::Code(row.category.text_key())),
            Self::Industry => row.industry.as_deref().map(Told::Text),
            Self::Manager => row.manager.as_deref().map(Told::Text),
            Self::Unit => Some(Told::Text(&row.unit)),
            Self::Lines => row.lines.map(Told::Count),
            Self::KnownSince => row.known_since.map(Told::Day),
            Self::LastVisit => row.last_visit.map(Told::Day),
            Self::Stage => assessed.map(|a| Told::Stage(a.stage)),
            Self::StageSince => assessed.map(|a| Told::Month(a.stage_since)),
            Self::Why => assessed.map(|a| Told::Reasons(&a.stage_reasons)),
            Self::Confidence => assessed.map(|a| Told::Share(f64::from(a.stage_confidence))),
            Self::Star => assessed.and_then(|a| a.star).map(Told::Stars),
            Self::Satisfaction => {
                assessed.and_then(|a| a.satisfaction.as_ref()).map(|told| Told::Code(told.label.text_key()))
            }
            Self::BuyingFactor => segment.map(|of| Told::Code(of.buying_factor.0.text_key())),
            Self::IctNeed => segment.map(|of| Told::Code(of.ict_need.0.text_key())),
            Self::Revenue => assessed.map(|a| Told::Money(a.revenue_12m)),
            Self::Profit => assessed.map(|a| Told::Money(a.profit_12m)),
            Self::Value => assessed.and_then(|a| a.value).map(|value| Told::Money(value.amount)),
            Self::Band => segment.and_then(|of| of.value).map(|(band, _)| Told::Code(band.text_key())),
            Self::Risk => risk.map(|risk| Told::Share(f64::from(risk.probability))),
            Self::Cause => risk.and_then(|risk| risk.cause).map(|cause| Told::Code(cause.text_key())),
            Self::ExpectedLoss => risk.map(|risk| Told::Money(risk.expected_loss)),
        };
        told.unwrap_or(Told::Nothing)
    }
}

/// The columns chosen, in order, none twice; never none at all. The operator's own fields stand after the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    chosen: Vec<Column>,
    own: Vec<String>,
}

impl Default for Columns {
    fn default() -> Self {
        Self { chosen: Self::FIRST.to_vec(), own: Vec::new() }
    }
}

impl Columns {
    /// Those that are shown before anyone chose.
    const FIRST: [Column; 19] = [
        Column::Code,
        Column::Stage,
        Column::StageSince,
        Column::Why,
        Column::Star,
        Column::Satisfaction,
        Column::Category,
        Column::Industry,
        Column::BuyingFactor,
        Column::IctNeed,
        Column::Manager,
        Column::Unit,
        Column::Revenue,
        Column::Profit,
        Column::Value,
        Column::Band,
        Column::Risk,
        Column::Cause,
        Column::ExpectedLoss,
    ];

    /// These, each once; the first ones if there is none.
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        let mut chosen = Vec::new();
        for column in columns {
            if !chosen.contains(&column) {
                chosen.push(column);
            }
        }
        if chosen.is_empty() { Self::default() } else { Self { chosen, own: Vec::new() } }
    }

    /// With the fields of these codes, each once.
    #[must_use]
    pub fn with_own<'a>(mut self, codes: impl IntoIterator<Item = &'a str>) -> Self {
        for code in codes {
            if read_code(code).is_ok() && !self.own.iter().any(|known| known == code) {
                self.own.push(code.to_owned());
            }
        }
        self
    }

    /// The codes of the operator's own fields among them.
    #[must_use]
    pub fn own(&self) -> &[String] {
        &self.own
    }

    /// Those named in addresses; what names none is left out.
    pub(super) fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.into_iter().flat_map(|names| names.split(',')).map(str::trim).collect();
        let prefix = key("");
        let own = names.iter().filter_map(|name| name.strip_prefix(prefix.as_str()));
        Self::new(names.iter().filter_map(|name| Column::named(name))).with_own(own)
    }

    /// Whether nobody chose.
    #[must_use]
    pub fn are_first(&self) -> bool {
        self.chosen == Self::FIRST && self.own.is_empty()
    }

    /// Whether a column is among them.
    #[must_use]
    pub fn contains(&self, column: Column) -> bool {
        self.chosen.contains(&column)
    }

    /// In order.
    #[must_use]
    pub fn all(&self) -> &[Column] {
        &self.chosen
    }

    /// In order, those that share a cell together. The code stands with the name and is not among them.
    #[must_use]
    pub fn cells(&self) -> Vec<(Column, Option<Column>)> {
        let mut cells: Vec<(Column, Option<Column>)> = Vec::new();
        for &column in self.chosen.iter().filter(|column| **column != Column::Code) {
            match cells.last_mut() {
                Some((above, below @ None)) if above.below() == Some(column) => *below = Some(column),
                _ => cells.push((column, None)),
            }
        }
        cells
    }

    /// With a column one place further to the front or to the back.
    #[must_use]
    pub fn moved(&self, column: Column, to_front: bool) -> Self {
        let mut columns = self.chosen.clone();
        if let Some(place) = columns.iter().position(|known| *known == column) {
            let other = if to_front { place.checked_sub(1) } else { Some(place + 1) };
            if let Some(other) = other.filter(|other| *other < columns.len()) {
                columns.swap(place, other);
            }
        }
        Self { chosen: columns, own: self.own.clone() }
    }
}

impl Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, column) in self.chosen.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            column.fmt(f)?;
        }
        self.own.iter().try_for_each(|code| write!(f, ",{}", key(code)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_are_read_as_they_are_written(places in proptest::collection::vec(0..Column::ALL.len(), 0..40)) {
            let columns = Columns::new(places.iter().map(|&place| Column::ALL[place]));
            prop_assert_eq!(&Columns::parse([columns.to_string().as_str()]), &columns);
            let one_by_one: Vec<String> = columns.all().iter().map(Column::to_string).collect();
            prop_assert_eq!(&Columns::parse(one_by_one.iter().map(String::as_str)), &columns);
            // Every column chosen but the code stands in one cell.
            let shown: Vec<Column> = columns.cells().into_iter().flat_map(|(one, below)| [Some(one), below]).flatten().collect();
            let all: Vec<Column> = columns.all().iter().copied().filter(|column| *column != Column::Code).collect();
            prop_assert_eq!(shown, all);
            for &column in columns.all() {
                let there = columns.moved(column, true);
                prop_assert_eq!(there.all().len(), columns.all().len());
                if columns.all()[0] != column {
                    prop_assert_eq!(there.moved(column, false), columns.clone());
                }
            }
        }
    }

    #[test]
    fn what_names_no_column_is_left_out_and_none_is_the_first_ones() {
        assert_eq!(Columns::parse(["risk,nonsense, code,risk"]).to_string(), "risk,code");
        assert!(Columns::parse([",drop table"]).are_first());
        let own = Columns::parse(["field.area,risk,field.Bad,field.area", "field.grade_2"]);
        assert_eq!(own.to_string(), "risk,field.area,field.grade_2");
        assert_eq!(Columns::parse([own.to_string().as_str()]), own);
        assert!(!Columns::parse(["field.area"]).are_first());
    }
}

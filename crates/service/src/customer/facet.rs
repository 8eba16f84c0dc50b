//! What the list and segments are narrowed by: closed lists of codes, and figures between two bounds.

use domain::customer::{CustomerCategory, Managed, Visited};
use domain::outlook::{ExitCause, RiskBand};
use domain::satisfaction::SatisfactionLabel;
use domain::segment::{BuyingFactor, IctNeed, SegmentValue};
use domain::{Month, date};

/// Defines the facets: name in addresses, key of the title, the list of codes.
macro_rules! facets {
    ($( $(#[$meta:meta])* $facet:ident = $name:literal, $title:literal, $codes:ty; )+) => {
        /// A closed list that customers are narrowed by; what the index holds of it, `CustomerIndex::lay_in` says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Facet {
            $( $(#[$meta])* $facet, )+
        }

        impl Facet {
            /// Every facet.
            pub const ALL: &[Self] = &[$(Self::$facet),+];

            /// Its name in addresses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$facet => $name),+ }
            }

            /// The key of its title.
            #[must_use]
            pub const fn title_key(self) -> &'static str {
                match self { $(Self::$facet => $title),+ }
            }

            /// Its codes.
            #[must_use]
            pub const fn codes(self) -> &'static [&'static str] {
                match self { $(Self::$facet => <$codes>::CODES),+ }
            }

            /// The key of the name of the code at a place.
            #[must_use]
            pub fn text_key(self, place: usize) -> &'static str {
                let key = match self { $(Self::$facet => <$codes>::from_index(place).map(<$codes>::text_key)),+ };
                key.unwrap_or(self.title_key())
            }
        }
    };
}

facets! {
    /// How a customer is handled.
    Category = "category", "category", CustomerCategory;
    /// How likely it leaves.
    Risk = "risk", "exit-risk", RiskBand;
    /// The likeliest cause.
    Cause = "cause", "exit-cause", ExitCause;
    /// How satisfied its members are.
    Satisfaction = "satisfaction", "satisfaction", SatisfactionLabel;
    /// The band of its lifetime value.
    Value = "value", "segment-value", SegmentValue;
    /// What decides whether it buys.
    BuyingFactor = "factor", "buying-factor", BuyingFactor;
    /// How far up the ladder of information technology.
    IctNeed = "need", "ict-need", IctNeed;
    /// Whether someone answers for it.
    Managed = "managed", "managed", Managed;
    /// Whether it was ever visited.
    Visited = "visits", "visited", Visited;
}

impl Facet {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// The place of a code.
    #[must_use]
    pub fn place(self, code: &str) -> Option<usize> {
        self.codes().iter().position(|known| *known == code)
    }
}

/// The codes chosen of each facet; of a facet of which none is chosen, any fits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chosen([u32; Facet::COUNT]);

impl Chosen {
    /// This one more.
    #[must_use]
    pub const fn with(mut self, facet: Facet, place: usize) -> Self {
        self.0[facet as usize] |= 1 << place;
        self
    }

    /// This one too, or not any more.
    pub const fn toggle(&mut self, facet: Facet, place: usize) {
        self.0[facet as usize] ^= 1 << place;
    }

    /// Whether a code is chosen.
    #[must_use]
    pub const fn contains(&self, facet: Facet, place: usize) -> bool {
        self.0[facet as usize] >> place & 1 == 1
    }

    /// The places chosen of a facet.
    pub fn of(&self, facet: Facet) -> impl Iterator<Item = usize> + use<> {
        let chosen = *self;
        (0..facet.codes().len()).filter(move |&place| chosen.contains(facet, place))
    }

    /// Everything chosen.
    pub fn iter(&self) -> impl Iterator<Item = (Facet, usize)> + use<> {
        let chosen = *self;
        Facet::ALL.iter().flat_map(move |&facet| chosen.of(facet).map(move |place| (facet, place)))
    }
}

/// A figure that customers are narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Measure {
    /// Revenue of twelve months, yuan.
    Revenue,
    /// Profit of twelve months, yuan.
    Profit,
    /// Lifetime value, yuan.
    Value,
    /// Risk to leave, per cent.
    Risk,
    /// What that risk is expected to cost, yuan.
    Loss,
    /// Months since the customer is known.
    Age,
    /// Lines in use in the published month.
    Lines,
    /// Satisfaction of its members, per cent.
    Satisfaction,
    /// The month its stage began.
    StageSince,
    /// The day since which it is known.
    KnownSince,
    /// The day on which it was visited last.
    LastVisit,
}

/// How the bounds of a measure are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureKind {
    /// As a number.
    Figure,
    /// As a month, `YYYY-MM`.
    Month,
    /// As a day, `YYYY-MM-DD`.
    Day,
}

impl Measure {
    /// Every measure.
    pub const ALL: &[Self] = &[
        Self::Revenue,
        Self::Profit,
        Self::Value,
        Self::Risk,
        Self::Loss,
        Self::Age,
        Self::Lines,
        Self::Satisfaction,
        Self::StageSince,
        Self::KnownSince,
        Self::LastVisit,
    ];
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Its name in addresses, before `-from` and `-to`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Profit => "profit",
            Self::Value => "worth",
            Self::Risk => "risk",
            Self::Loss => "loss",
            Self::Age => "age",
            Self::Lines => "lines",
            Self::Satisfaction => "satisfaction",
            Self::StageSince => "since",
            Self::KnownSince => "known",
            Self::LastVisit => "visited",
        }
    }

    /// The key of its title, which names the unit as well.
    #[must_use]
    pub const fn title_key(self) -> &'static str {
        match self {
            Self::Revenue => "revenue-12m-yuan",
            Self::Profit => "profit-12m-yuan",
            Self::Value => "lifetime-value-yuan",
            Self::Risk => "exit-risk-per-cent",
            Self::Loss => "expected-loss-yuan",
            Self::Age => "relation-months",
            Self::Lines => "lines",
            Self::Satisfaction => "satisfaction-per-cent",
            Self::StageSince => "stage-began",
            Self::KnownSince => "created-on",
            Self::LastVisit => "last-visit",
        }
    }

    /// How its bounds are written.
    #[must_use]
    pub const fn kind(self) -> MeasureKind {
        match self {
            Self::StageSince => MeasureKind::Month,
            Self::KnownSince | Self::LastVisit => MeasureKind::Day,
            _ => MeasureKind::Figure,
        }
    }

    /// Whether the published month says it, and nothing of customers that it does not know.
    pub(super) const fn is_assessed(self) -> bool {
        !matches!(self, Self::Age | Self::KnownSince | Self::LastVisit)
    }

    /// What one of its unit is in the index: fen of a yuan, millionths of a per cent.
    const fn scale(self) -> f64 {
        match self {
            Self::Revenue | Self::Profit | Self::Value | Self::Loss => 100.0,
            Self::Risk | Self::Satisfaction => 10_000.0,
            Self::Age | Self::Lines | Self::StageSince | Self::KnownSince | Self::LastVisit => 1.0,
        }
    }

    /// A bound as a person writes it, as the index holds the figure; none if it is none.
    pub(super) fn read(self, bound: &str) -> Option<i64> {
        const LARGEST: f64 = 1e14;
        match self.kind() {
            MeasureKind::Figure => {}
            MeasureKind::Month => return bound.parse::<Month>().ok().map(|month| month.number().into()),
            MeasureKind::Day => return bound.parse().ok().map(date::days),
        }
        let bound: f64 = bound.replace(',', "").parse().ok()?;
        let kept = (bound * self.scale()).round();
        (kept.abs() <= LARGEST).then_some(kept as i64)
    }

    /// A bound as it is written.
    #[must_use]
    pub fn write(self, bound: i64) -> String {
        let said = match self.kind() {
            MeasureKind::Figure => None,
            MeasureKind::Month => {
                i32::try_from(bound).ok().map(|number| Month::from_number(number).to_string())
            }
            MeasureKind::Day => date::from_days(bound).map(|day| day.to_string()),
        };
        said.unwrap_or_else(|| (bound as f64 / self.scale()).to_string())
    }
}

/// The bounds of each figure, both included, as the index holds it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ranges([(Option<i64>, Option<i64>); Measure::COUNT]);

impl Ranges {
    /// The bounds of a figure.
    #[must_use]
    pub const fn of(&self, measure: Measure) -> (Option<i64>, Option<i64>) {
        self.0[measure as usize]
    }

    /// Sets the bounds of a figure.
    pub const fn set(&mut self, measure: Measure, bounds: (Option<i64>, Option<i64>)) {
        self.0[measure as usize] = bounds;
    }

    /// The figures that are bounded, with their bounds.
    pub fn iter(&self) -> impl Iterator<Item = (Measure, Option<i64>, Option<i64>)> + use<> {
        let ranges = *self;
        Measure::ALL.iter().filter_map(move |&measure| match ranges.of(measure) {
            (None, None) => None,
            (from, to) => Some((measure, from, to)),
        })
    }
}

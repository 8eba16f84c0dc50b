//! What a list is asked for, and how that is written in addresses and in saved segments.

use std::fmt::Display;

use domain::LifecycleStage;
use domain::id::{CustomerId, OrgUnitId, SegmentId, StaffId, ViewId};
use domain::star::StarRating;

use super::column::Columns;
use super::facet::{Chosen, Facet, Measure, Ranges};
use super::fields::FieldCondition;

/// Name and value pairs.
pub type Pairs = Vec<(String, String)>;

/// Which customers, in which order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerQuery {
    /// What was typed to find it by name, pinyin, initials, code or credit code.
    pub text: Option<String>,
    /// In one of these stages; empty: any.
    pub stages: Vec<LifecycleStage>,
    /// With one of these stars; empty: any.
    pub stars: Vec<StarRating>,
    /// With one of these codes of each facet.
    pub chosen: Chosen,
    /// With figures between these bounds.
    pub ranges: Ranges,
    /// What the operator's own fields must hold.
    pub fields: Vec<FieldCondition>,
    /// Of this industry.
    pub industry: Option<String>,
    /// Of this unit or below it.
    pub unit: Option<OrgUnitId>,
    /// Of this manager.
    pub manager: Option<StaffId>,
    /// Only these, as far as they fit; empty: any. At most [`CustomerQuery::MOST_CHOSEN`].
    pub only: Vec<CustomerId>,
    /// Only those whose stage changed in the published month.
    pub changed: bool,
    /// In this saved segment.
    pub segment: Option<SegmentId>,
    /// The order.
    pub sort: CustomerSort,
    /// Descending.
    pub descending: bool,
    /// What is told of each.
    pub columns: Columns,
    /// The saved view that it was opened from.
    pub view: Option<ViewId>,
    /// Go on after this customer of the page before.
    pub after: Option<CustomerId>,
}

/// What a list can be sorted by; ties by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CustomerSort {
    /// Revenue of twelve months.
    #[default]
    Revenue,
    /// Profit of twelve months.
    Profit,
    /// Lifetime value.
    Value,
    /// Risk to leave.
    Risk,
    /// What that risk is expected to cost.
    ExpectedLoss,
    /// Satisfaction of its members.
    Satisfaction,
    /// The month the stage began.
    StageSince,
    /// The stage, in the order of the lifecycle.
    Stage,
    /// Stars.
    Star,
    /// The band of its lifetime value, in the order of the list.
    Band,
    /// What decides whether it buys, likewise.
    BuyingFactor,
    /// How far up the ladder of information technology.
    IctNeed,
    /// Lines in use.
    Lines,
    /// Since when it is known.
    KnownSince,
    /// When it was visited last.
    LastVisit,
    /// Name.
    Name,
    /// Code.
    Code,
}

impl CustomerSort {
    /// Every order with its name in addresses.
    pub const ALL: [(Self, &'static str); 17] = [
        (Self::Revenue, "revenue"),
        (Self::Profit, "profit"),
        (Self::Value, "value"),
        (Self::Risk, "risk"),
        (Self::ExpectedLoss, "loss"),
        (Self::Satisfaction, "satisfaction"),
        (Self::StageSince, "since"),
        (Self::Stage, "stage"),
        (Self::Star, "star"),
        (Self::Band, "band"),
        (Self::BuyingFactor, "factor"),
        (Self::IctNeed, "need"),
        (Self::Lines, "lines"),
        (Self::KnownSince, "known"),
        (Self::LastVisit, "visited"),
        (Self::Name, "name"),
        (Self::Code, "code"),
    ];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("revenue", |(_, name)| name)
    }

    /// Whether it starts with the largest when a person first asks for it.
    #[must_use]
    pub const fn descends_first(self) -> bool {
        !matches!(
            self,
            Self::Name
                | Self::Code
                | Self::Stage
                | Self::Satisfaction
                | Self::Band
                | Self::BuyingFactor
                | Self::KnownSince
                | Self::LastVisit
        )
    }
}

impl CustomerQuery {
    /// Customers that can be chosen one by one.
    pub const MOST_CHOSEN: usize = 500;

    /// The list nobody has narrowed yet: most revenue first.
    #[must_use]
    pub fn first() -> Self {
        Self { descending: true, ..Self::default() }
    }

    /// Reads pairs; what is not understood is left out.
    #[must_use]
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let mut query = Self::first();
        let mut order = None;
        for (name, value) in pairs {
            let value = value.trim();
            match name.as_str() {
                "q" => query.text = some_text(value),
                "stage" => add(&mut query.stages, value.parse().ok()),
                "star" => add(&mut query.stars, value.parse::<u8>().ok().and_then(|n| n.try_into().ok())),
                "industry" => query.industry = some_text(value),
                "unit" => query.unit = value.parse().ok(),
                "manager" => query.manager = value.parse().ok(),
                "only" if query.only.len() < Self::MOST_CHOSEN => add(&mut query.only, value.parse().ok()),
                "changed" => query.changed = value == "1",
                "segment" => query.segment = value.parse().ok(),
                "sort" => {
                    if let Some(&(sort, _)) = CustomerSort::ALL.iter().find(|(_, name)| *name == value) {
                        query.sort = sort;
                    }
                }
                "order" => order = Some(value == "desc"),
                "view" => query.view = value.parse().ok(),
                "after" => query.after = value.parse().ok(),
                _ => query.parse_choice(name, value),
            }
        }
        let names = pairs.iter().filter(|(name, _)| name == "cols").map(|(_, names)| names.as_str());
        query.columns = Columns::parse(names);
        query.descending = order.unwrap_or_else(|| query.sort.descends_first());
        query
    }

    fn parse_choice(&mut self, name: &str, value: &str) {
        if let Some(asked) = name.strip_prefix(FieldCondition::PREFIX) {
            FieldCondition::parse(&mut self.fields, asked, value);
            return;
        }
        if let Some(facet) = Facet::ALL.iter().find(|facet| facet.name() == name) {
            if let Some(place) = facet.place(value) {
                self.chosen = self.chosen.with(*facet, place);
            }
            return;
        }
        let Some((name, end)) = name.rsplit_once('-') else { return };
        let Some(&measure) = Measure::ALL.iter().find(|measure| measure.name() == name) else { return };
        let (from, to) = self.ranges.of(measure);
        let bound = measure.read(value);
        match end {
            "from" => self.ranges.set(measure, (bound, to)),
            "to" => self.ranges.set(measure, (from, bound)),
            _ => {}
        }
    }

    /// The pairs of a query, without what goes without saying.
    #[must_use]
    pub fn pairs(&self) -> Pairs {
        let mut pairs = self.conditions();
        let mut push = |name: &str, value: &dyn Display| pairs.push((name.to_owned(), value.to_string()));
        if let Some(segment) = self.segment {
            push("segment", &segment);
        }
        if self.sort != CustomerSort::default() {
            push("sort", &self.sort.name());
        }
        if self.descending != self.sort.descends_first() {
            push("order", &if self.descending { "desc" } else { "asc" });
        }
        if !self.columns.are_first() {
            push("cols", &self.columns);
        }
        if let Some(view) = self.view {
            push("view", &view);
        }
        if let Some(after) = self.after {
            push("after", &after);
        }
        pairs
    }

    /// Whether it shows other customers than the whole list does.
    #[must_use]
    pub fn narrows(&self) -> bool {
        self.segment.is_some() || !self.conditions().is_empty()
    }

    /// The same from its first page and of no saved view: what a view is made of.
    #[must_use]
    pub fn itself(&self) -> Self {
        Self { after: None, view: None, ..self.clone() }
    }

    /// Its pairs without order, page and saved segment: what a segment is made of.
    #[must_use]
    pub fn conditions(&self) -> Pairs {
        let mut pairs = Pairs::new();
        let mut push = |name: &str, value: &dyn Display| pairs.push((name.to_owned(), value.to_string()));
        if let Some(text) = &self.text {
            push("q", text);
        }
        self.stages.iter().for_each(|stage| push("stage", stage));
        self.stars.iter().for_each(|star| push("star", &star.get()));
        for (facet, place) in self.chosen.iter() {
            push(facet.name(), &facet.codes()[place]);
        }
        for (measure, from, to) in self.ranges.iter() {
            for (end, bound) in [("from", from), ("to", to)] {
                if let Some(bound) = bound {
                    push(&format!("{}-{end}", measure.name()), &measure.write(bound));
                }
            }
        }
        for (name, value) in self.fields.iter().flat_map(FieldCondition::pairs) {
            push(&name, &value);
        }
        if let Some(industry) = &self.industry {
            push("industry", industry);
        }
        if let Some(unit) = self.unit {
            push("unit", &unit);
        }
        if let Some(manager) = self.manager {
            push("manager", &manager);
        }
        self.only.iter().for_each(|customer| push("only", customer));
        if self.changed {
            push("changed", &1);
        }
        pairs
    }
}

fn some_text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn add<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value.filter(|value| !list.contains(value)) {
        list.push(value);
    }
}

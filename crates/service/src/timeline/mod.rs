//! The timeline of a customer: all that happened, from every system and by hand.

pub mod list;

use std::sync::Arc;

use domain::engine::RelationMonth;
use domain::id::CustomerId;
use domain::timeline::TimelineKind;
use domain::{Date, Instant, LifecycleStage};

use store::timeline::{STAGE_RANK, TimelineAsked};
pub use store::timeline::{TimelineEvent, TimelinePlace};

use crate::customer::Pairs;

/// Entries of a page.
pub const PAGE: usize = 50;

/// What part of a timeline is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimelineQuery {
    /// Of these kinds; all if none is named.
    pub kinds: Vec<TimelineKind>,
    /// From this day …
    pub from: Option<Date>,
    /// … to this one.
    pub until: Option<Date>,
    /// Of the customer and all in sight of its tree.
    pub tree: bool,
    /// Those after this place: the next page.
    pub after: Option<TimelinePlace>,
}

impl TimelineQuery {
    /// Reads what an address says; what is not understood is left out.
    #[must_use]
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "kind" => query.kinds.extend(value.parse::<TimelineKind>().ok()),
                "from" => query.from = value.trim().parse().ok(),
                "until" => query.until = value.trim().parse().ok(),
                "tree" => query.tree = value == "1",
                "after" => query.after = place(value),
                _ => {}
            }
        }
        query.kinds.sort_unstable();
        query.kinds.dedup();
        query
    }

    /// The pairs that [`Self::parse`] reads.
    #[must_use]
    pub fn pairs(&self) -> Pairs {
        let mut pairs = Pairs::new();
        let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
        self.kinds.iter().for_each(|kind| add("kind", kind.to_string()));
        self.from.iter().for_each(|day| add("from", day.to_string()));
        self.until.iter().for_each(|day| add("until", day.to_string()));
        if self.tree {
            add("tree", "1".to_owned());
        }
        if let Some(after) = self.after {
            add("after", format!("{}.{}.{}", after.at.micros(), after.rank, after.id));
        }
        pairs
    }

    fn asks_for(&self, kind: TimelineKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    fn asked<'a>(&'a self, customers: &'a [CustomerId], limit: usize) -> TimelineAsked<'a> {
        TimelineAsked {
            customers,
            kinds: &self.kinds,
            from: self.from,
            until: self.until,
            after: self.after,
            limit: limit as u32,
        }
    }

    fn shows(&self, place: TimelinePlace) -> bool {
        let day = place.at.date();
        self.after.is_none_or(|after| place < after)
            && self.from.is_none_or(|from| day >= from)
            && self.until.is_none_or(|until| day <= until)
    }
}

fn place(text: &str) -> Option<TimelinePlace> {
    let mut parts = text.split('.');
    let mut next = || parts.next();
    let (at, rank, id) = (next()?.parse().ok()?, next()?.parse().ok()?, next()?.parse().ok()?);
    Some(TimelinePlace { at: Instant::from_micros(at), rank, id })
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// Its place.
    pub place: TimelinePlace,
    /// With whom, by id and name.
    pub customer: (CustomerId, Arc<str>),
    /// What.
    pub what: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// As the records have it.
    Event(TimelineEvent),
    /// The customer came into another stage.
    Stage {
        /// From this one, …
        from: LifecycleStage,
        /// … with the first month in the other and why.
        to: Box<RelationMonth>,
    },
}

impl TimelineEntry {
    /// Of which kind.
    #[must_use]
    pub const fn kind(&self) -> TimelineKind {
        match &self.what {
            Happening::Event(event) => event.kind(),
            Happening::Stage { .. } => TimelineKind::Stage,
        }
    }
}

/// A page of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelinePage {
    /// Whose.
    pub customer: (CustomerId, String),
    /// How many customers of the tree are in sight, itself among them.
    pub in_tree: usize,
    /// Newest first.
    pub entries: Vec<TimelineEntry>,
    /// The place after which the next page begins.
    pub next: Option<TimelinePlace>,
    /// Whether the user may write contacts down.
    pub may_log: bool,
}

/// The stage changes of a customer: each stands at the end of the month in which it was seen.
fn stage_changes<'a>(
    customer: &'a (CustomerId, Arc<str>),
    months: &'a [RelationMonth],
) -> impl Iterator<Item = TimelineEntry> + 'a {
    months.windows(2).filter(|pair| pair[0].stage != pair[1].stage).map(|pair| TimelineEntry {
        place: TimelinePlace {
            at: Instant::at_start_of(pair[1].month.last_day()),
            rank: STAGE_RANK,
            id: i64::from(pair[1].month.number()),
        },
        customer: customer.clone(),
        what: Happening::Stage { from: pair[0].stage, to: Box::new(pair[1].clone()) },
    })
}

//! Everything that happened with customers, newest first.
//!
//! Each kind of entry is an arm of one statement. Of each customer an arm takes no more than a page, by an index in the order of
//! time, so that it costs the same whether the customer has ten entries or a hundred thousand.

use domain::archive::{ActivityKind, RelationStep};
use domain::id::{CustomerId, InteractionId};
use domain::interaction::{Channel, Direction};
use domain::opportunity::{FunnelStage, OpportunityOutcome};
use domain::service::EndReason;
use domain::ticket::TicketKind;
use domain::timeline::TimelineKind;
use domain::{Date, Instant, Money, date};
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::error::{Result, StoreError};
use crate::row::RowExt;
use crate::upsert::{BEIJING_MICROS, DAY_MICROS};

/// The place of an entry among all: by time, then by what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimelinePlace {
    /// When.
    pub at: Instant,
    /// Of which arm; stage changes, which the records do not hold, are of [`STAGE_RANK`].
    pub rank: u8,
    /// Its number there.
    pub id: i64,
}

/// The rank of a stage change.
pub const STAGE_RANK: u8 = ARMS.len() as u8;

/// Which entries are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineAsked<'a> {
    /// Of these customers.
    pub customers: &'a [CustomerId],
    /// Of these kinds; all if none is named.
    pub kinds: &'a [TimelineKind],
    /// From the first day to the last.
    pub from: Option<Date>,
    /// Likewise.
    pub until: Option<Date>,
    /// Those after this place: the next page.
    pub after: Option<TimelinePlace>,
    /// At most so many.
    pub limit: u32,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineRow {
    /// Its place.
    pub place: TimelinePlace,
    /// With whom.
    pub customer: CustomerId,
    /// What.
    pub event: TimelineEvent,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum TimelineEvent {
    /// A contact.
    Contact {
        /// Which.
        id: InteractionId,
        /// By.
        channel: Channel,
        /// Who began it.
        direction: Direction,
        /// Why.
        purpose: Option<String>,
        /// What came of it.
        outcome: Option<String>,
        /// By whom.
        staff: Option<String>,
        /// With whom.
        contact: Option<String>,
        /// Where.
        place: Option<String>,
        /// What else was written down.
        note: Option<String>,
    },
    /// A ticket was opened.
    TicketOpened {
        /// Its code.
        code: String,
        /// What about.
        kind: TicketKind,
        /// By.
        channel: Channel,
        /// The cause.
        cause: Option<String>,
        /// Whose it is.
        staff: Option<String>,
    },
    /// A ticket was closed.
    TicketClosed {
        /// Its code.
        code: String,
        /// What about.
        kind: TicketKind,
        /// How it was rated, 1 to 5.
        score: Option<i64>,
    },
    /// A service began.
    ServiceStarted {
        /// Of which product.
        product: String,
        /// How many.
        quantity: f64,
        /// For how much a month each.
        price: Option<Money>,
        /// To try.
        trial: bool,
    },
    /// A service ended.
    ServiceEnded {
        /// Of which product.
        product: String,
        /// Why.
        reason: Option<EndReason>,
    },
    /// A contract was signed.
    ContractSigned {
        /// Its code.
        code: String,
        /// Until when.
        ends_on: Option<Date>,
        /// What was prepaid.
        prepaid: Option<Money>,
    },
    /// Something was done for the relation.
    Move {
        /// Which step.
        step: RelationStep,
        /// What.
        what: String,
        /// With what outcome.
        outcome: Option<String>,
        /// With whom.
        contact: Option<String>,
    },
    /// Something was done in a programme of executive engagement.
    Activity {
        /// What kind of thing.
        kind: ActivityKind,
        /// What.
        what: String,
        /// What came of it.
        outcome: Option<String>,
        /// With whom.
        contact: Option<String>,
        /// In which programme.
        programme: Option<String>,
    },
    /// The relation was reviewed.
    Review {
        /// Closeness, trust and favour.
        scores: [i64; 3],
        /// What next.
        next_step: Option<String>,
    },
    /// An opportunity was opened.
    OpportunityOpened {
        /// Of which product.
        product: Option<String>,
        /// What it is worth.
        amount: Option<Money>,
        /// Where it stands now.
        stage: FunnelStage,
        /// Whose it is.
        staff: Option<String>,
    },
    /// An opportunity was closed.
    OpportunityClosed {
        /// Of which product.
        product: Option<String>,
        /// What it was worth.
        amount: Option<Money>,
        /// How.
        outcome: Option<OpportunityOutcome>,
        /// Why.
        reason: Option<String>,
        /// To whom it was lost.
        competitor: Option<String>,
    },
    /// A question of a study was answered.
    Survey {
        /// Of which study.
        study: String,
        /// The question.
        question: String,
        /// The answer.
        answer: Option<String>,
        /// The score and the highest there is.
        score: (Option<f64>, Option<f64>),
        /// By whom.
        contact: Option<String>,
    },
}

impl TimelineEvent {
    /// Of which kind.
    #[must_use]
    pub const fn kind(&self) -> TimelineKind {
        match self {
            Self::Contact { channel, .. } => TimelineKind::of_channel(*channel),
            Self::TicketOpened { .. } | Self::TicketClosed { .. } => TimelineKind::Ticket,
            Self::ServiceStarted { .. } | Self::ServiceEnded { .. } | Self::ContractSigned { .. } => {
                TimelineKind::Order
            }
            Self::Move { .. } | Self::Activity { .. } | Self::Review { .. } => TimelineKind::Relation,
            Self::OpportunityOpened { .. } | Self::OpportunityClosed { .. } => TimelineKind::Opportunity,
            Self::Survey { .. } => TimelineKind::Survey,
        }
    }
}

/// One kind of rows of one table, in the order of one column.
struct Arm {
    kind: TimelineKind,
    table: &'static str,
    /// When it happened, …
    column: &'static str,
    /// … as a day instead of an instant.
    is_day: bool,
    /// What holds of its rows `i`.
    holds: &'static str,
    /// Tables looked up beside the row `x`.
    joins: &'static str,
    /// What is read, under the names of [`COLUMNS`].
    reads: &'static [(&'static str, &'static str)],
}

/// What an arm may read; what it does not is null.
const COLUMNS: [&str; 14] = [
    "code", "list", "list2", "words", "more", "staff", "contact", "place", "note", "whole", "whole2",
    "whole3", "real", "real2",
];

const PRODUCT: &str = "LEFT JOIN products AS p ON p.id = x.product_id";

const ARMS: [Arm; 12] = [
    Arm {
        kind: TimelineKind::Visit,
        table: "interactions",
        column: "at",
        is_day: false,
        holds: "i.removed_at IS NULL",
        joins: "LEFT JOIN staff AS s ON s.id = x.staff_id LEFT JOIN contacts AS k ON k.id = x.contact_id",
        reads: &[
            ("list", "x.channel"),
            ("list2", "x.direction"),
            ("words", "x.purpose"),
            ("more", "x.outcome"),
            ("staff", "s.name"),
            ("contact", "k.name"),
            ("place", "x.place"),
            ("note", "x.note"),
        ],
    },
    Arm {
        kind: TimelineKind::Ticket,
        table: "tickets",
        column: "opened_at",
        is_day: false,
        holds: "1",
        joins: "LEFT JOIN staff AS s ON s.id = x.first_responder_id",
        reads: &[
            ("code", "x.code"),
            ("list", "x.kind"),
            ("list2", "x.channel"),
            ("words", "x.cause"),
            ("staff", "s.name"),
        ],
    },
    Arm {
        kind: TimelineKind::Ticket,
        table: "tickets",
        column: "closed_at",
        is_day: false,
        holds: "i.closed_at IS NOT NULL",
        joins: "",
        reads: &[("code", "x.code"), ("list", "x.kind"), ("whole", "x.score")],
    },
    Arm {
        kind: TimelineKind::Order,
        table: "services",
        column: "started_on",
        is_day: true,
        holds: "1",
        joins: PRODUCT,
        reads: &[
            ("words", "p.name"),
            ("real", "x.quantity"),
            ("whole", "x.price_fen"),
            ("whole2", "coalesce(x.trial, 0)"),
        ],
    },
    Arm {
        kind: TimelineKind::Order,
        table: "services",
        column: "ended_on",
        is_day: true,
        holds: "i.ended_on IS NOT NULL",
        joins: PRODUCT,
        reads: &[("words", "p.name"), ("list", "x.end_reason")],
    },
    Arm {
        kind: TimelineKind::Order,
        table: "contracts",
        column: "signed_on",
        is_day: true,
        holds: "1",
        joins: "",
        reads: &[("code", "x.code"), ("whole", "x.ends_on"), ("whole2", "x.prepaid_fen")],
    },
    Arm {
        kind: TimelineKind::Relation,
        table: "relationship_moves",
        column: "done_on",
        is_day: true,
        holds: "i.removed_at IS NULL",
        joins: "LEFT JOIN contacts AS k ON k.id = x.contact_id",
        reads: &[("list", "x.step"), ("words", "x.what"), ("more", "x.outcome"), ("contact", "k.name")],
    },
    Arm {
        kind: TimelineKind::Relation,
        table: "relationship_reviews",
        column: "reviewed_on",
        is_day: true,
        holds: "i.removed_at IS NULL",
        joins: "",
        reads: &[
            ("whole", "x.closeness"),
            ("whole2", "x.trust"),
            ("whole3", "x.favour"),
            ("words", "x.next_step"),
        ],
    },
    Arm {
        kind: TimelineKind::Opportunity,
        table: "opportunities",
        column: "opened_on",
        is_day: true,
        holds: "1",
        joins: "LEFT JOIN products AS p ON p.id = x.product_id LEFT JOIN staff AS s ON s.id = x.manager_id",
        reads: &[("list", "x.stage"), ("words", "p.name"), ("whole", "x.amount_fen"), ("staff", "s.name")],
    },
    Arm {
        kind: TimelineKind::Opportunity,
        table: "opportunities",
        column: "closed_on",
        is_day: true,
        holds: "i.closed_on IS NOT NULL",
        joins: PRODUCT,
        reads: &[
            ("list", "x.outcome"),
            ("words", "p.name"),
            ("whole", "x.amount_fen"),
            ("more", "x.reason"),
            ("note", "x.competitor"),
        ],
    },
    Arm {
        kind: TimelineKind::Survey,
        table: "surveys",
        column: "at",
        is_day: false,
        holds: "1",
        joins: "LEFT JOIN contacts AS k ON k.id = x.contact_id",
        reads: &[
            ("words", "x.study"),
            ("more", "x.question"),
            ("note", "x.answer"),
            ("real", "x.score"),
            ("real2", "x.scale"),
            ("contact", "k.name"),
        ],
    },
    Arm {
        kind: TimelineKind::Relation,
        table: "programme_activities",
        column: "done_on",
        is_day: true,
        holds: "i.removed_at IS NULL",
        joins: "LEFT JOIN contacts AS k ON k.id = x.contact_id \
                LEFT JOIN engagement_programmes AS g ON g.id = x.programme_id",
        reads: &[
            ("list", "x.activity"),
            ("words", "x.what"),
            ("more", "x.outcome"),
            ("contact", "k.name"),
            ("note", "g.name"),
        ],
    },
];

impl Arm {
    /// Whether entries of some kinds are asked for that this arm has, and what then holds of them.
    fn asked(&self, kinds: &[TimelineKind]) -> Option<String> {
        if self.table != "interactions" || kinds.is_empty() {
            return (kinds.is_empty() || kinds.contains(&self.kind)).then(|| self.holds.to_owned());
        }
        let channels = kinds.iter().flat_map(|kind| kind.channels());
        let channels: Vec<String> = channels.map(|channel| format!("'{channel}'")).collect();
        (!channels.is_empty()).then(|| format!("{} AND i.channel IN ({})", self.holds, channels.join(", ")))
    }

    /// Before what value of its column, and before what number where that is equal, its entries lie after a place.
    fn bound(&self, rank: u8, after: TimelinePlace) -> (i64, i64) {
        let at = after.at.micros();
        let (value, is_exact) = match self.is_day {
            true => {
                let on_the_wall = at + BEIJING_MICROS;
                (on_the_wall.div_euclid(DAY_MICROS), on_the_wall.rem_euclid(DAY_MICROS) == 0)
            }
            false => (at, true),
        };
        let id = match rank.cmp(&after.rank) {
            _ if !is_exact => i64::MAX,
            std::cmp::Ordering::Less => i64::MAX,
            std::cmp::Ordering::Equal => after.id,
            std::cmp::Ordering::Greater => i64::MIN,
        };
        (value, id)
    }

    fn sql(&self, rank: u8, holds: &str, asked: &TimelineAsked<'_>) -> String {
        let (table, column) = (self.table, self.column);
        let day = |day: Date| if self.is_day { date::days(day) } else { Instant::at_start_of(day).micros() };
        let mut within = holds.to_owned();
        if let Some(after) = asked.after {
            let (value, id) = self.bound(rank, after);
            // The first half is what an index is searched by.
            within.push_str(&format!(" AND i.{column} <= {value} AND (i.{column} < {value} OR i.id < {id})"));
        }
        if let Some(from) = asked.from {
            within.push_str(&format!(" AND i.{column} >= {}", day(from)));
        }
        if let Some(next) = asked.until.and_then(|until| until.tomorrow().ok()) {
            within.push_str(&format!(" AND i.{column} < {}", day(next)));
        }
        let at = match self.is_day {
            true => format!("x.{column} * {DAY_MICROS} - {BEIJING_MICROS}"),
            false => format!("x.{column}"),
        };
        let reads = COLUMNS.iter().map(|name| {
            let read = self.reads.iter().find(|(known, _)| known == name);
            format!("{} AS {name}", read.map_or("NULL", |(_, sql)| sql))
        });
        format!(
            "SELECT {rank} AS rank, {at} AS at, x.id AS id, c.key AS customer_place, {} \
             FROM json_each($1) AS c CROSS JOIN {table} AS x {} WHERE x.id IN \
             (SELECT i.id FROM {table} AS i WHERE i.customer_id = c.value AND {within} \
              ORDER BY i.{column} DESC, i.id DESC LIMIT {})",
            reads.collect::<Vec<_>>().join(", "),
            self.joins,
            asked.limit,
        )
    }
}

/// The statement that answers what is asked for; none if no table holds such entries.
fn statement(asked: &TimelineAsked<'_>) -> Option<String> {
    let arms = ARMS.iter().enumerate().filter_map(|(rank, arm)| {
        let holds = arm.asked(asked.kinds)?;
        Some(arm.sql(rank as u8, &holds, asked))
    });
    let arms: Vec<String> = arms.collect();
    (!arms.is_empty()).then(|| {
        format!(
            "SELECT * FROM ({}) ORDER BY at DESC, rank DESC, id DESC LIMIT {}",
            arms.join(" UNION ALL "),
            asked.limit
        )
    })
}

impl Store {
    /// What the records know to have happened with some customers, newest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn timeline(&self, asked: &TimelineAsked<'_>) -> Result<Vec<TimelineRow>> {
        let Some(sql) = statement(asked) else { return Ok(Vec::new()) };
        let ids: Vec<i64> = asked.customers.iter().map(|customer| customer.get()).collect();
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(json!(ids).to_string())
            .fetch_all(self.database.readers())
            .await?;
        rows.iter().map(|row| read(asked, row)).collect()
    }

    /// How the records go about a timeline: the plan of its statement, line by line.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn timeline_plan(&self, asked: &TimelineAsked<'_>) -> Result<Vec<String>> {
        let Some(sql) = statement(asked) else { return Ok(Vec::new()) };
        let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
            .bind("[1]")
            .fetch_all(self.database.readers())
            .await?;
        rows.iter().map(|row| row.value("detail")).collect()
    }

    /// When someone was last in contact with a customer.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn last_contact(&self, customer: CustomerId) -> Result<Option<Instant>> {
        let row = sqlx::query(
            "SELECT max((SELECT i.at FROM interactions AS i WHERE i.customer_id = c.id AND i.removed_at IS NULL \
             ORDER BY i.at DESC LIMIT 1)) AS at FROM \
             (SELECT $1 AS id UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1) AS c",
        )
        .bind(customer.get())
        .fetch_one(self.database.readers())
        .await?;
        row.optional_instant("at")
    }
}

fn read(asked: &TimelineAsked<'_>, row: &SqliteRow) -> Result<TimelineRow> {
    let rank: i64 = row.value("rank")?;
    let unknown = || StoreError::unreadable("timeline.rank", rank.to_string());
    let place: i64 = row.value("customer_place")?;
    let customer = usize::try_from(place).ok().and_then(|place| asked.customers.get(place));
    let id: i64 = row.value("id")?;
    let event = match rank {
        0 => TimelineEvent::Contact {
            id: InteractionId::new(id),
            channel: row.code("list")?,
            direction: row.code("list2")?,
            purpose: row.value("words")?,
            outcome: row.value("more")?,
            staff: row.value("staff")?,
            contact: row.value("contact")?,
            place: row.value("place")?,
            note: row.value("note")?,
        },
        1 => TimelineEvent::TicketOpened {
            code: row.value("code")?,
            kind: row.code("list")?,
            channel: row.code("list2")?,
            cause: row.value("words")?,
            staff: row.value("staff")?,
        },
        2 => TimelineEvent::TicketClosed {
            code: row.value("code")?,
            kind: row.code("list")?,
            score: row.value("whole")?,
        },
        3 => TimelineEvent::ServiceStarted {
            product: row.value("words")?,
            quantity: row.value("real")?,
            price: row.optional_money("whole")?,
            trial: row.value::<i64>("whole2")? > 0,
        },
        4 => TimelineEvent::ServiceEnded { product: row.value("words")?, reason: row.optional_code("list")? },
        5 => TimelineEvent::ContractSigned {
            code: row.value("code")?,
            ends_on: row.optional_date("whole")?,
            prepaid: row.optional_money("whole2")?,
        },
        6 => TimelineEvent::Move {
            step: row.code("list")?,
            what: row.value("words")?,
            outcome: row.value("more")?,
            contact: row.value("contact")?,
        },
        7 => TimelineEvent::Review {
            scores: [row.value("whole")?, row.value("whole2")?, row.value("whole3")?],
            next_step: row.value("words")?,
        },
        8 => TimelineEvent::OpportunityOpened {
            product: row.value("words")?,
            amount: row.optional_money("whole")?,
            stage: row.code("list")?,
            staff: row.value("staff")?,
        },
        9 => TimelineEvent::OpportunityClosed {
            product: row.value("words")?,
            amount: row.optional_money("whole")?,
            outcome: row.optional_code("list")?,
            reason: row.value("more")?,
            competitor: row.value("note")?,
        },
        10 => TimelineEvent::Survey {
            study: row.value("words")?,
            question: row.value("more")?,
            answer: row.value("note")?,
            score: (row.value("real")?, row.value("real2")?),
            contact: row.value("contact")?,
        },
        11 => TimelineEvent::Activity {
            kind: row.code("list")?,
            what: row.value("words")?,
            outcome: row.value("more")?,
            contact: row.value("contact")?,
            programme: row.value("note")?,
        },
        _ => return Err(unknown()),
    };
    Ok(TimelineRow {
        place: TimelinePlace { at: row.instant("at")?, rank: rank as u8, id },
        customer: *customer.ok_or_else(unknown)?,
        event,
    })
}

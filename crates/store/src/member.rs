//! Subscriber lines of people at customers.

use std::collections::HashMap;

use domain::cycle::{BaseAnswer, BaseMember, BaseMembers, MemberEvent};
use domain::id::{CustomerId, MemberId};
use domain::rules::Members;
use domain::satisfaction::on_scale_of_ten;
use domain::service::Payer;
use domain::{Date, Month};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::base::{Ticket, micros, month_of};
use crate::error::Result;
use crate::row::{RowExt, date_from_days};
use crate::{Store, packed};

/// A member line.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberRow {
    /// Which.
    pub id: MemberId,
    /// Its code.
    pub code: String,
    /// Its plan.
    pub plan: Option<String>,
    /// Who pays.
    pub payer: Option<Payer>,
    /// From.
    pub joined_on: Date,
    /// To.
    pub left_on: Option<Date>,
    /// Survey answer, 1 to 10.
    pub survey_score: Option<i64>,
}

impl Store {
    /// How many members a customer has, and the first of them: those who are still there before those who left,
    /// the latest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn members(&self, customer: CustomerId, limit: u32) -> Result<(u64, Vec<MemberRow>)> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM members WHERE customer_id IN \
             (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1)",
        )
        .bind(customer.get())
        .fetch_one(self.database.readers())
        .await?;
        let rows = sqlx::query(
            "SELECT id, code, plan, payer, joined_on, left_on, survey_score FROM members WHERE customer_id IN \
             (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1) \
             ORDER BY left_on IS NULL DESC, left_on DESC, joined_on DESC, id LIMIT $2",
        )
        .bind(customer.get())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        let members = rows.iter().map(|row| {
            Ok(MemberRow {
                id: MemberId::new(row.value("id")?),
                code: row.value("code")?,
                plan: row.value("plan")?,
                payer: row.optional_code("payer")?,
                joined_on: row.date("joined_on")?,
                left_on: row.optional_date("left_on")?,
                survey_score: row.value("survey_score")?,
            })
        });
        Ok((count.unsigned_abs(), members.collect::<Result<_>>()?))
    }
}

/// Whether any use of members was ever handed over: only then does the cycle tell of them.
pub(crate) async fn is_used(connection: impl sqlx::Executor<'_, Database = Sqlite>) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM lake_files WHERE kind = 'facts' AND table_code = 'member_usage')",
    )
    .fetch_one(connection)
    .await?)
}

/// The last answer on record.
pub(crate) async fn last_answer(connection: &mut SqliteConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM surveys").fetch_one(connection).await?)
}

/// After an import: scores without a date count from the last month of usage known by now. Gives the first month
/// in which an answer counts that did not before, those after `last_answer` among them.
pub(crate) async fn note_answers(
    connection: &mut SqliteConnection,
    last_answer: i64,
) -> Result<Option<Month>> {
    let last_month: Option<i32> =
        sqlx::query_scalar("SELECT max(month) FROM lake_files WHERE kind = 'facts' AND table_code = 'usage'")
            .fetch_one(&mut *connection)
            .await?;
    let Some(last_month) = last_month else { return Ok(None) };
    let scored = sqlx::query(
        "UPDATE members SET survey_since = $1 WHERE survey_score IS NOT NULL AND survey_since IS NULL",
    )
    .bind(last_month)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if !is_used(&mut *connection).await? {
        return Ok(None);
    }
    let answered: Option<i64> =
        sqlx::query_scalar("SELECT min(at) FROM surveys WHERE id > $1 AND member_id IS NOT NULL")
            .bind(last_answer)
            .fetch_one(&mut *connection)
            .await?;
    let scored = (scored > 0).then(|| Month::from_number(last_month));
    Ok([scored, answered.map(month_of)].into_iter().flatten().min())
}

impl Store {
    /// What the cycle reads of members: all of them, what they answered to questions that ask for satisfaction, and
    /// their tickets since a month.
    pub(crate) async fn base_members(&self, since: Month, rules: &Members) -> Result<BaseMembers> {
        let mut base = BaseMembers { plans: vec![String::new()], ..BaseMembers::default() };
        let mut plan_places: HashMap<String, u16> = HashMap::new();
        let columns =
            &["id", "customer_id", "plan", "payer", "joined_on", "left_on", "survey_score", "survey_since"];
        packed::scan(self.database.readers(), "members", columns, &mut |chunk| {
            chunk.make_room(&mut base.members);
            let (ids, customers, joined) = (chunk.wholes(0)?, chunk.wholes(1)?, chunk.wholes(4)?);
            let (plans, payers) = (chunk.texts(2)?, chunk.texts(3)?);
            let left = chunk.optional_wholes(5)?;
            let (scores, scored_in) = (chunk.optional_wholes(6)?, chunk.optional_wholes(7)?);
            for (row, &id) in ids.iter().enumerate() {
                let plan = match plans[row].as_deref() {
                    None => 0,
                    Some(plan) => match plan_places.get(plan) {
                        Some(&place) => place,
                        // More plans than fit share the place of none.
                        None => match u16::try_from(base.plans.len()) {
                            Ok(place) => {
                                base.plans.push(plan.to_owned());
                                plan_places.insert(plan.to_owned(), place);
                                place
                            }
                            Err(_) => 0,
                        },
                    },
                };
                base.members.push(BaseMember {
                    id: MemberId::new(id),
                    customer: CustomerId::new(customers[row]),
                    plan,
                    payer: payers[row].as_deref().and_then(|payer| payer.parse().ok()),
                    joined_on: date_from_days("members.joined_on", joined[row])?,
                    left_on: left[row].map(|days| date_from_days("members.left_on", days)).transpose()?,
                });
                if let (Some(score), Some(month)) = (scores[row], scored_in[row]) {
                    let month = Month::from_number(i32::try_from(month).unwrap_or_default());
                    base.answers.push(BaseAnswer { member: MemberId::new(id), month, score: score as f32 });
                }
            }
            Ok(())
        })
        .await?;
        self.add_answers(&mut base, rules).await?;
        base.events = self.member_events(since).await?;
        Ok(base)
    }

    /// Adds answers that say when. A score without a date that such an answer goes before is that answer once more.
    async fn add_answers(&self, base: &mut BaseMembers, rules: &Members) -> Result<()> {
        let mut dated: Vec<BaseAnswer> = Vec::new();
        let columns = &["member_id", "at", "question", "score", "scale"];
        let of_members = Some(("member_id", 1));
        packed::scan_since(self.database.readers(), "surveys", columns, of_members, &mut |chunk| {
            let (instants, questions) = (chunk.wholes(1)?, chunk.texts(2)?);
            let (scores, scales) = (chunk.optional_reals(3)?, chunk.optional_reals(4)?);
            for (row, member) in chunk.wholes(0)?.into_iter().enumerate() {
                let asks = |word: &String| questions[row].as_deref().is_some_and(|text| text.contains(word));
                let (Some(score), Some(scale)) = (scores[row], scales[row]) else { continue };
                let Some(score) = on_scale_of_ten(score, scale).filter(|_| rules.questions.iter().any(asks))
                else {
                    continue;
                };
                let month = month_of(instants[row]);
                dated.push(BaseAnswer { member: MemberId::new(member), month, score: score as f32 });
            }
            Ok(())
        })
        .await?;
        dated.sort_by_key(|answer| (answer.member, answer.month));
        base.answers.retain(|undated| {
            let first = dated.partition_point(|answer| answer.member < undated.member);
            dated
                .get(first)
                .is_none_or(|answer| answer.member != undated.member || answer.month > undated.month)
        });
        base.answers.append(&mut dated);
        base.answers.sort_by_key(|answer| (answer.member, answer.month));
        Ok(())
    }

    async fn member_events(&self, since: Month) -> Result<Vec<MemberEvent>> {
        let mut events = Vec::new();
        let columns = &["member_id", "kind", "opened_at", "due_at", "closed_at", "score"];
        let since = Some(("coalesce(closed_at, opened_at)", micros(since)));
        packed::scan_since(self.database.readers(), "tickets", columns, since, &mut |chunk| {
            let (members, kinds, opened) = (chunk.optional_wholes(0)?, chunk.texts(1)?, chunk.wholes(2)?);
            let (due, closed) = (chunk.optional_wholes(3)?, chunk.optional_wholes(4)?);
            let scores = chunk.optional_wholes(5)?;
            for (row, member) in members.into_iter().enumerate() {
                let Some(member) = member.map(MemberId::new) else { continue };
                let kind = kinds[row].as_deref().and_then(|kind| kind.parse().ok());
                let ticket = Ticket {
                    kind,
                    opened: opened[row],
                    due: due[row],
                    closed: closed[row],
                    score: scores[row],
                };
                let told = ticket.events();
                events.extend(told.map(|(at, kind)| MemberEvent { member, month: month_of(at), kind }));
            }
            Ok(())
        })
        .await?;
        events.sort_unstable_by_key(|event| (event.member, event.month, event.kind));
        Ok(events)
    }

    /// The codes of some members, by id; those whom the records do not know are left out.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn member_codes(&self, members: &[MemberId]) -> Result<Vec<(MemberId, String)>> {
        let mut codes = Vec::with_capacity(members.len());
        for members in members.chunks(500) {
            let mut query = QueryBuilder::<Sqlite>::new("SELECT id, code FROM members WHERE id IN (");
            let mut ids = query.separated(", ");
            members.iter().for_each(|member| {
                ids.push_bind(member.get());
            });
            query.push(") ORDER BY id");
            for row in query.build().fetch_all(self.database.readers()).await? {
                codes.push((MemberId::new(row.value("id")?), row.value("code")?));
            }
        }
        codes.sort();
        Ok(codes)
    }
}

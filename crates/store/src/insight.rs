//! Sums over customers by unit and month.

use std::borrow::Cow;

use domain::cycle::{CohortSum, CycleMonth, UnitConcentration, UnitFlow, UnitMonth};
use domain::id::OrgUnitId;
use domain::{Money, Month};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::Store;
use crate::error::{Result, StoreError};
use crate::row::RowExt;

impl Store {
    /// The sums of some units in some months, by month, unit and stage.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn unit_months(
        &self,
        units: &[OrgUnitId],
        months: &[Month],
    ) -> Result<Vec<(Month, UnitMonth)>> {
        let mut sums = Vec::new();
        // A statement binds only so many values.
        for units in units.chunks(1000) {
            let mut query =
                QueryBuilder::<Sqlite>::new("SELECT month, unit_id, sums FROM unit_stages WHERE month IN (");
            push_all(&mut query, months.iter().map(|month| i64::from(month.number())));
            query.push(") AND unit_id IN (");
            push_all(&mut query, units.iter().map(|unit| unit.get()));
            query.push(")");
            for row in query.build().fetch_all(self.database.readers()).await? {
                let (unit, month) = (OrgUnitId::new(row.value("unit_id")?), row.month("month")?);
                let kept = read(row.value("sums")?, "unit_stages.sums", |kept| stage_from(unit, kept))?;
                sums.extend(kept.into_iter().map(|sum| (month, sum)));
            }
        }
        Ok(sums)
    }

    /// Moves between stages over the quarter that ends with a month.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn unit_flows(&self, unit: OrgUnitId, month: Month) -> Result<Vec<UnitFlow>> {
        let row = sqlx::query("SELECT sums FROM unit_moves WHERE month = $1 AND unit_id = $2")
            .bind(month.number())
            .bind(unit.get())
            .fetch_optional(self.database.readers())
            .await?;
        row.map_or(Ok(Vec::new()), |row| {
            read(row.value("sums")?, "unit_moves.sums", |kept| flow_from(unit, kept))
        })
    }

    /// How far a unit's revenue rests on few customers.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn unit_concentration(
        &self,
        unit: OrgUnitId,
        month: Month,
    ) -> Result<Option<UnitConcentration>> {
        let row = sqlx::query(
            "SELECT customers, top_fifth, gini, curve FROM unit_concentrations WHERE month = $1 AND unit_id = $2",
        )
        .bind(month.number())
        .bind(unit.get())
        .fetch_optional(self.database.readers())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let curve: &str = row.value("curve")?;
        Ok(Some(UnitConcentration {
            unit,
            customers: row.value("customers")?,
            top_fifth: row.value("top_fifth")?,
            gini: row.value("gini")?,
            curve: serde_json::from_str(curve)
                .map_err(|_| StoreError::unreadable("unit_concentrations.curve", curve))?,
        }))
    }

    /// A unit's customers by year of start and stage in some months; nothing for the lowest units.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn unit_cohorts(
        &self,
        unit: OrgUnitId,
        months: &[Month],
    ) -> Result<Vec<(Month, Vec<CohortSum>)>> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT month, sums FROM unit_cohorts WHERE month IN (");
        push_all(&mut query, months.iter().map(|month| i64::from(month.number())));
        query.push(") AND unit_id = ").push_bind(unit.get()).push(" ORDER BY month");
        let rows = query.build().fetch_all(self.database.readers()).await?;
        rows.iter()
            .map(|row| {
                let sums = read(row.value("sums")?, "unit_cohorts.sums", cohort_from)?;
                Ok((row.month("month")?, sums))
            })
            .collect()
    }
}

/// A stage as it is kept.
type Code<'a> = Cow<'a, str>;
/// Stage, customers, revenue, cost, revenue and profit of twelve months.
type KeptStage<'a> = (Code<'a>, i64, i64, i64, i64, i64);
/// Stage before, stage now, customers, revenue of twelve months.
type KeptFlow<'a> = (Code<'a>, Code<'a>, i64, i64);
/// Year of start, stage, customers, usage, revenue, cost.
type KeptCohort<'a> = (i32, Code<'a>, i64, i64, i64, i64);

fn keep_stage(sum: &UnitMonth) -> KeptStage<'static> {
    (
        Cow::Borrowed(sum.stage.code()),
        sum.customers,
        sum.revenue.fen(),
        sum.cost.fen(),
        sum.revenue_12m.fen(),
        sum.profit_12m.fen(),
    )
}

fn stage_from(unit: OrgUnitId, kept: KeptStage<'_>) -> Option<UnitMonth> {
    let (stage, customers, revenue, cost, revenue_12m, profit_12m) = kept;
    Some(UnitMonth {
        unit,
        stage: stage.parse().ok()?,
        customers,
        revenue: Money::from_fen(revenue),
        cost: Money::from_fen(cost),
        revenue_12m: Money::from_fen(revenue_12m),
        profit_12m: Money::from_fen(profit_12m),
    })
}

fn keep_flow(flow: &UnitFlow) -> KeptFlow<'static> {
    (Cow::Borrowed(flow.from.code()), Cow::Borrowed(flow.to.code()), flow.customers, flow.revenue_12m.fen())
}

fn flow_from(unit: OrgUnitId, kept: KeptFlow<'_>) -> Option<UnitFlow> {
    let (from, to, customers, revenue_12m) = kept;
    Some(UnitFlow {
        unit,
        from: from.parse().ok()?,
        to: to.parse().ok()?,
        customers,
        revenue_12m: Money::from_fen(revenue_12m),
    })
}

fn keep_cohort(sum: &CohortSum) -> KeptCohort<'static> {
    let stage = Cow::Borrowed(sum.stage.code());
    (sum.year, stage, sum.customers, sum.usage.fen(), sum.revenue.fen(), sum.cost.fen())
}

fn cohort_from(kept: KeptCohort<'_>) -> Option<CohortSum> {
    let (year, stage, customers, usage, revenue, cost) = kept;
    Some(CohortSum {
        year,
        stage: stage.parse().ok()?,
        customers,
        usage: Money::from_fen(usage),
        revenue: Money::from_fen(revenue),
        cost: Money::from_fen(cost),
    })
}

/// The sums of a unit as one text.
fn write<T, K: Serialize>(sums: &[T], keep: fn(&T) -> K) -> Result<String> {
    let kept: Vec<K> = sums.iter().map(keep).collect();
    serde_json::to_string(&kept).map_err(|error| StoreError::unreadable("sums", error.to_string()))
}

fn read<'a, K: Deserialize<'a>, T>(
    text: &'a str,
    column: &'static str,
    from: impl Fn(K) -> Option<T>,
) -> Result<Vec<T>> {
    let kept: Option<Vec<K>> = serde_json::from_str(text).ok();
    let sums = kept.and_then(|kept| kept.into_iter().map(from).collect());
    sums.ok_or_else(|| StoreError::unreadable(column, text))
}

fn push_all(query: &mut QueryBuilder<Sqlite>, values: impl Iterator<Item = i64>) {
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
}

/// Puts the sums of a month in the place of those there were.
pub(crate) async fn replace(connection: &mut SqliteConnection, month: &CycleMonth) -> Result<()> {
    for sql in [
        "DELETE FROM unit_stages WHERE month = $1",
        "DELETE FROM unit_moves WHERE month = $1",
        "DELETE FROM unit_concentrations WHERE month = $1",
        "DELETE FROM unit_cohorts WHERE month = $1",
    ] {
        sqlx::query(sql).bind(month.month.number()).execute(&mut *connection).await?;
    }
    let number = month.month.number();
    let stages = month.units.chunk_by(|a, b| a.unit == b.unit);
    let stages = stages.filter_map(|sums| Some((sums.first()?.unit, write(sums, keep_stage))));
    insert(connection, "INSERT INTO unit_stages (month, unit_id, sums) ", number, stages).await?;
    let flows = month.flows.chunk_by(|a, b| a.unit == b.unit);
    let flows = flows.filter_map(|sums| Some((sums.first()?.unit, write(sums, keep_flow))));
    insert(connection, "INSERT INTO unit_moves (month, unit_id, sums) ", number, flows).await?;
    let cohorts = month.cohorts.iter().map(|cohorts| (cohorts.unit, write(&cohorts.sums, keep_cohort)));
    insert(connection, "INSERT INTO unit_cohorts (month, unit_id, sums) ", number, cohorts).await?;
    for concentrations in month.concentrations.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO unit_concentrations (month, unit_id, customers, top_fifth, gini, curve) ",
        );
        query.push_values(concentrations, |mut row, concentration| {
            row.push_bind(number)
                .push_bind(concentration.unit.get())
                .push_bind(concentration.customers)
                .push_bind(concentration.top_fifth)
                .push_bind(concentration.gini)
                .push_bind(serde_json::json!(concentration.curve).to_string());
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Inserts the sums of units in a month.
async fn insert(
    connection: &mut SqliteConnection,
    sql: &'static str,
    month: i32,
    sums: impl Iterator<Item = (OrgUnitId, Result<String>)>,
) -> Result<()> {
    let rows = sums.map(|(unit, sums)| Ok((unit, sums?))).collect::<Result<Vec<_>>>()?;
    for rows in rows.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(sql);
        query.push_values(rows, |mut row, (unit, sums)| {
            row.push_bind(month).push_bind(unit.get()).push_bind(sums);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Rows per statement, so that the values of the widest stay within what it may bind.
const ROWS: usize = 500;

//! Sums over customers by unit and month.

use std::borrow::Cow;

use domain::cycle::{CohortSum, CycleMonth, UnitCohorts, UnitConcentration, UnitFlow, UnitMonth};
use domain::id::OrgUnitId;
use domain::{Money, Month};
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
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT month, unit_id, stage, customers, revenue_fen, cost_fen, revenue_12m_fen, profit_12m_fen \
                 FROM unit_months WHERE month IN (",
            );
            push_all(&mut query, months.iter().map(|month| i64::from(month.number())));
            query.push(") AND unit_id IN (");
            push_all(&mut query, units.iter().map(|unit| unit.get()));
            query.push(")");
            for row in query.build().fetch_all(self.database.readers()).await? {
                let sum = UnitMonth {
                    unit: OrgUnitId::new(row.value("unit_id")?),
                    stage: row.code("stage")?,
                    customers: row.value("customers")?,
                    revenue: row.money("revenue_fen")?,
                    cost: row.money("cost_fen")?,
                    revenue_12m: row.money("revenue_12m_fen")?,
                    profit_12m: row.money("profit_12m_fen")?,
                };
                sums.push((row.month("month")?, sum));
            }
        }
        Ok(sums)
    }

    /// Moves between stages over the quarter that ends with a month.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn unit_flows(&self, unit: OrgUnitId, month: Month) -> Result<Vec<UnitFlow>> {
        let rows = sqlx::query(
            "SELECT from_stage, to_stage, customers, revenue_12m_fen FROM unit_flows \
             WHERE month = $1 AND unit_id = $2",
        )
        .bind(month.number())
        .bind(unit.get())
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(UnitFlow {
                    unit,
                    from: row.code("from_stage")?,
                    to: row.code("to_stage")?,
                    customers: row.value("customers")?,
                    revenue_12m: row.money("revenue_12m_fen")?,
                })
            })
            .collect()
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
                let text: &str = row.value("sums")?;
                let sums =
                    cohorts_from(text).ok_or_else(|| StoreError::unreadable("unit_cohorts.sums", text))?;
                Ok((row.month("month")?, sums))
            })
            .collect()
    }
}

/// A sum as it is kept: year, stage, customers, usage, revenue, cost.
type KeptCohort<'a> = (i32, Cow<'a, str>, i64, i64, i64, i64);

fn kept_cohorts(cohorts: &UnitCohorts) -> Result<String> {
    let kept: Vec<KeptCohort<'_>> = cohorts
        .sums
        .iter()
        .map(|sum| {
            let stage = Cow::Borrowed(sum.stage.code());
            (sum.year, stage, sum.customers, sum.usage.fen(), sum.revenue.fen(), sum.cost.fen())
        })
        .collect();
    serde_json::to_string(&kept)
        .map_err(|error| StoreError::unreadable("unit_cohorts.sums", error.to_string()))
}

fn cohorts_from(text: &str) -> Option<Vec<CohortSum>> {
    let kept: Vec<KeptCohort<'_>> = serde_json::from_str(text).ok()?;
    kept.into_iter()
        .map(|(year, stage, customers, usage, revenue, cost)| {
            Some(CohortSum {
                year,
                stage: stage.parse().ok()?,
                customers,
                usage: Money::from_fen(usage),
                revenue: Money::from_fen(revenue),
                cost: Money::from_fen(cost),
            })
        })
        .collect()
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
        "DELETE FROM unit_months WHERE month = $1",
        "DELETE FROM unit_flows WHERE month = $1",
        "DELETE FROM unit_concentrations WHERE month = $1",
        "DELETE FROM unit_cohorts WHERE month = $1",
    ] {
        sqlx::query(sql).bind(month.month.number()).execute(&mut *connection).await?;
    }
    let number = month.month.number();
    for sums in month.units.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO unit_months (month, unit_id, stage, customers, revenue_fen, cost_fen, revenue_12m_fen, \
             profit_12m_fen) ",
        );
        query.push_values(sums, |mut row, sum| {
            row.push_bind(number)
                .push_bind(sum.unit.get())
                .push_bind(sum.stage.code())
                .push_bind(sum.customers)
                .push_bind(sum.revenue.fen())
                .push_bind(sum.cost.fen())
                .push_bind(sum.revenue_12m.fen())
                .push_bind(sum.profit_12m.fen());
        });
        query.build().execute(&mut *connection).await?;
    }
    for flows in month.flows.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO unit_flows (month, unit_id, from_stage, to_stage, customers, revenue_12m_fen) ",
        );
        query.push_values(flows, |mut row, flow| {
            row.push_bind(number)
                .push_bind(flow.unit.get())
                .push_bind(flow.from.code())
                .push_bind(flow.to.code())
                .push_bind(flow.customers)
                .push_bind(flow.revenue_12m.fen());
        });
        query.build().execute(&mut *connection).await?;
    }
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
    for cohorts in month.cohorts.chunks(ROWS) {
        let kept = cohorts.iter().map(kept_cohorts).collect::<Result<Vec<String>>>()?;
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO unit_cohorts (month, unit_id, sums) ");
        query.push_values(cohorts.iter().zip(kept), |mut row, (cohorts, kept)| {
            row.push_bind(number).push_bind(cohorts.unit.get()).push_bind(kept);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Rows per statement, so that the values of the widest stay within what it may bind.
const ROWS: usize = 500;

//! First half of a month: what is seen of each customer, one row each, in the order of the base.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{AsArray, Float64Array, Int64Array, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{DataType, Int64Type, SchemaRef};
use datafusion::common::{DataFusionError, JoinType};
use datafusion::datasource::MemTable;
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, cast, lit, when,
};
use datafusion::prelude::{DataFrame, SessionContext, col};
use domain::Month;
use domain::cycle::{BaseProduct, LakeFile};
use domain::extract::Table;
use domain::id::CustomerId;
use hashbrown::HashMap;

use super::base::{BaseColumns, Range};
use super::session::sorted_file;
use crate::facts;

/// The facts of a month; `None`: nothing was delivered.
#[derive(Debug, Clone, Copy)]
pub(super) struct MonthFacts<'a> {
    pub usage: Option<&'a LakeFile>,
    pub costs: Option<&'a LakeFile>,
}

/// What is seen of the customers of a range in a month: a row per customer of the base, in its order.
///
/// Customers are grouped from rows sorted by customer, and joined to the base last, so that nothing is sorted or
/// shuffled.
pub(super) async fn observe(
    session: &SessionContext,
    facts: MonthFacts<'_>,
    base: &BaseColumns<'_>,
    range: Range,
    month: Month,
) -> Result<RecordBatch, DataFusionError> {
    let rows = base.month(range, month)?;
    let schema = rows.schema();
    let ids = (base.id(range.from), base.id(range.to - 1));
    let usage = read(session, Table::Usage, facts.usage)?;
    let costs = read(session, Table::Costs, facts.costs)?;
    let of_range = col("customer_id").between(lit(ids.0), lit(ids.1));
    let merged: Vec<Expr> = base.merged_into(range).map(lit).collect();
    // Only where there are any is the order by customer given up for them.
    let of_range = |facts: DataFrame| match merged.is_empty() {
        true => facts.filter(of_range.clone()),
        false => facts
            .filter(of_range.clone().or(col("customer_id").in_list(merged.clone(), false)))?
            .with_column("customer_id", base.survivor.call(vec![col("customer_id")])),
    };
    let usage = usage_by_customer(of_range(usage)?, &base.list_price)?;
    let costs = costs_by_customer(of_range(costs)?)?;
    // A join keeps the order of its second side only if that side says that it has one.
    let sorted = MemTable::try_new(schema, vec![vec![rows]])?
        .with_sort_order(vec![vec![col("customer").sort(true, false)]]);
    let base_rows = session.read_table(Arc::new(sorted))?;
    let joined = costs
        .join(
            usage.join(base_rows, JoinType::Right, &["usage_customer"], &["customer"], None)?,
            JoinType::Right,
            &["costs_customer"],
            &["customer"],
            None,
        )?
        .select(observation_columns())?;
    let schema: SchemaRef = Arc::new(joined.schema().as_arrow().clone());
    let batches = joined.collect().await?;
    let observed = concat_batches(&schema, &batches)?;
    if observed.column(CUSTOMER).as_primitive::<Int64Type>().values() != base.ids(range) {
        return Err(DataFusionError::Internal("customers observed are not those of the base".to_owned()));
    }
    Ok(observed)
}

fn read(
    session: &SessionContext,
    table: Table,
    file: Option<&LakeFile>,
) -> Result<DataFrame, DataFusionError> {
    match file {
        Some(file) => sorted_file(session, &file.path, facts::schema(table), "customer_id"),
        None => session.read_batch(RecordBatch::new_empty(facts::schema(table))),
    }
}

/// Sums per customer. Usage at list price is Σ volume × list price, by revenue where either is unknown; what is
/// unknown in one row is unknown in the sum, except money, which is summed as far as it is known, to the fen.
fn usage_by_customer(usage: DataFrame, list_price: &ScalarUDF) -> Result<DataFrame, DataFusionError> {
    let revenue_yuan = || cast(col("revenue"), DataType::Float64) / lit(100.0);
    let price = list_price.call(vec![col("product_id")]);
    let value = coalesce(vec![col("volume") * price, revenue_yuan()]);
    let amount = coalesce(vec![col("volume"), revenue_yuan(), lit(1.0)]);
    let rows = usage.select(vec![
        col("customer_id"),
        value.alias("value"),
        col("lines"),
        cast(amount.gt(lit(0.0)), DataType::Int64).alias("used"),
        col("revenue"),
        col("cost"),
    ])?;
    let all_known = |name: &str| -> Result<Expr, DataFusionError> {
        when(col(format!("known_{name}")).eq(col("rows")), col(format!("sum_{name}"))).end()
    };
    rows.aggregate(
        vec![col("customer_id")],
        vec![
            count(lit(1_i64)).alias("rows"),
            count(col("value")).alias("known_value"),
            sum(col("value")).alias("sum_value"),
            count(col("lines")).alias("known_lines"),
            sum(col("lines")).alias("sum_lines"),
            sum(col("used")).alias("sum_used"),
            sum(col("revenue")).alias("sum_revenue"),
            sum(col("cost")).alias("sum_cost"),
        ],
    )?
    .select(vec![
        col("customer_id").alias("usage_customer"),
        all_known("value")?.alias("usage"),
        all_known("lines")?.alias("lines"),
        col("sum_used").alias("products"),
        col("sum_revenue").alias("revenue"),
        col("sum_cost").alias("usage_cost"),
    ])
}

fn costs_by_customer(costs: DataFrame) -> Result<DataFrame, DataFusionError> {
    costs
        .aggregate(vec![col("customer_id")], vec![sum(col("amount")).alias("amount")])?
        .select(vec![col("customer_id").alias("costs_customer"), col("amount").alias("other_cost")])
}

/// `list_price(product_id)` in yuan; unknown where a product has none. A join would copy every row of usage for it.
#[derive(Debug)]
pub(super) struct ListPrice {
    signature: Signature,
    prices: Arc<HashMap<i64, f64>>,
}

impl ListPrice {
    pub fn new(products: &[BaseProduct]) -> Self {
        let price = |product: &BaseProduct| Some((product.id.get(), product.list_price?.yuan()));
        Self {
            signature: Signature::exact(vec![DataType::Int64], Volatility::Immutable),
            prices: Arc::new(products.iter().filter_map(price).collect()),
        }
    }
}

impl PartialEq for ListPrice {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.prices, &other.prices)
    }
}

impl Eq for ListPrice {}

impl Hash for ListPrice {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.prices).hash(state);
    }
}

impl ScalarUDFImpl for ListPrice {
    fn name(&self) -> &str {
        "list_price"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let [products] = &ColumnarValue::values_to_arrays(&arguments.args)?[..] else {
            return Err(DataFusionError::Internal("list_price takes a product".to_owned()));
        };
        let price = |product: Option<i64>| self.prices.get(&product?).copied();
        let prices: Float64Array = products.as_primitive::<Int64Type>().iter().map(price).collect();
        Ok(ColumnarValue::Array(Arc::new(prices)))
    }
}

/// `survivor(customer_id)`: the customer that stands for one.
#[derive(Debug)]
pub(super) struct Survivor {
    signature: Signature,
    survivors: Arc<HashMap<i64, i64>>,
}

impl Survivor {
    pub fn new(merged: &[(CustomerId, CustomerId)]) -> Self {
        Self {
            signature: Signature::exact(vec![DataType::Int64], Volatility::Immutable),
            survivors: Arc::new(merged.iter().map(|(merged, into)| (merged.get(), into.get())).collect()),
        }
    }
}

impl PartialEq for Survivor {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.survivors, &other.survivors)
    }
}

impl Eq for Survivor {}

impl Hash for Survivor {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.survivors).hash(state);
    }
}

impl ScalarUDFImpl for Survivor {
    fn name(&self) -> &str {
        "survivor"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let [customers] = &ColumnarValue::values_to_arrays(&arguments.args)?[..] else {
            return Err(DataFusionError::Internal("survivor takes a customer".to_owned()));
        };
        let survivor = |customer: i64| self.survivors.get(&customer).copied().unwrap_or(customer);
        let survivors: Int64Array = customers.as_primitive::<Int64Type>().unary(survivor);
        Ok(ColumnarValue::Array(Arc::new(survivors)))
    }
}

/// Places of columns in [`observation_columns`].
const CUSTOMER: usize = 0;
pub(super) const USAGE: usize = BaseColumns::NAMES.len();
pub(super) const LINES: usize = USAGE + 1;
pub(super) const REVENUE: usize = USAGE + 3;
pub(super) const COST: usize = USAGE + 4;

/// What is seen of a customer, in the order of [`super::assess::Observations`].
fn observation_columns() -> Vec<Expr> {
    let zero = || lit(0_i64);
    let mut columns: Vec<Expr> = BaseColumns::NAMES.iter().map(|&name| col(name)).collect();
    let or_zero = |name: &str| coalesce(vec![col(name), zero()]);
    columns.extend([
        col("usage"),
        col("lines"),
        cast(or_zero("products"), DataType::UInt16).alias("products"),
        col("revenue"),
        (or_zero("usage_cost") + or_zero("other_cost")).alias("cost"),
        (col("usage_customer").is_not_null().or(col("costs_customer").is_not_null())).alias("has_facts"),
    ]);
    columns
}

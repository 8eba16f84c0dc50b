//! One function builds every session, so that whoever computes (this process, later a scheduler or an executor)
//! means the same by the same plan.

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::DataFusionError;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::object_store::local::LocalFileSystem;
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext, col};

/// The data folder as plans see it, so that its own name may hold anything.
const STORE: &str = "lake://data/";

/// What all sessions of a run share: the data folder and the memory they may take together, in bytes.
pub(super) fn runtime(root: &Path, memory: usize) -> Result<Arc<RuntimeEnv>, DataFusionError> {
    let pool = Arc::new(GreedyMemoryPool::new(memory));
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).build_arc()?;
    let store = ObjectStoreUrl::parse(STORE)?;
    runtime.register_object_store(store.as_ref(), Arc::new(LocalFileSystem::new_with_prefix(root)?));
    Ok(runtime)
}

/// A session: one partition, since the cycle itself runs one session per core on disjoint customers, which keeps
/// every plan streaming and in order of customers.
pub(super) fn session(runtime: Arc<RuntimeEnv>, rows_per_batch: usize) -> SessionContext {
    let mut config = SessionConfig::new().with_target_partitions(1).with_batch_size(rows_per_batch);
    let options = config.options_mut();
    // The order of rows rests on the side that a join reads last.
    options.optimizer.join_reordering = false;
    options.optimizer.enable_dynamic_filter_pushdown = false;
    options.execution.collect_statistics = false;
    SessionContext::new_with_config_rt(config, runtime)
}

/// A Parquet file of the data folder, its rows sorted by a column.
pub(super) fn sorted_file(
    session: &SessionContext,
    path: &Path,
    schema: SchemaRef,
    sorted_by: &str,
) -> Result<DataFrame, DataFusionError> {
    let mut url = STORE.to_owned();
    for (place, part) in path.iter().enumerate() {
        if place > 0 {
            url.push('/');
        }
        url.push_str(&part.to_string_lossy());
    }
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()))
        .with_file_sort_order(vec![vec![col(sorted_by).sort(true, false)]]);
    let config = ListingTableConfig::new(ListingTableUrl::parse(url)?)
        .with_listing_options(options)
        .with_schema(schema);
    session.read_table(Arc::new(ListingTable::try_new(config)?))
}

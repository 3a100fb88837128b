//! The one place that opens a DataFusion session: memory pool, spill folder, settings, and the threads that queries run on. A Ballista
//! session can take its place here; nothing else knows how a query is executed.

use crate::error::{Error, Result};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use std::future::Future;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Where sealed files and labels lie, and how much of the machine queries may use.
#[derive(Clone, Debug)]
pub struct WarehouseConfig {
    /// Sealed files, one folder per table.
    pub folder: PathBuf,
    /// Labels of segmentation runs.
    pub runs_folder: PathBuf,
    /// Where sealed files are kept; the folders are its mirror then. Absent: they are kept in the folders.
    pub bucket: Option<crate::bucket::Bucket>,
    pub spill_folder: PathBuf,
    /// Bytes that all queries together may hold before they spill.
    pub memory_bytes: usize,
    /// Bytes that may be spilled at a time.
    pub spill_bytes: u64,
    /// Threads that queries run on.
    pub threads: usize,
}

/// Whether large joins may keep one side in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joins {
    /// One side is known to be small.
    Hash,
    /// Both sides may be large: sort both, spill when needed.
    Sorted,
}

pub(crate) struct Sessions {
    environment: Arc<RuntimeEnv>,
    threads: usize,
    /// Taken only when the last user drops it.
    runtime: Option<Runtime>,
}

impl Sessions {
    pub(crate) fn new(config: &WarehouseConfig) -> Result<Sessions> {
        std::fs::create_dir_all(&config.spill_folder)
            .map_err(Error::io(format!("making {}", config.spill_folder.display())))?;
        let most_shown = NonZeroUsize::new(5).unwrap_or(NonZeroUsize::MIN);
        let pool = TrackConsumersPool::new(FairSpillPool::new(config.memory_bytes), most_shown);
        let environment = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(pool))
            .with_temp_file_path(&config.spill_folder)
            .with_max_temp_directory_size(config.spill_bytes)
            .build_arc()?;
        let threads = config.threads.max(1);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("warehouse")
            // Plans of deep questions are walked by functions that call themselves.
            .thread_stack_size(8 << 20)
            .enable_all()
            .build()
            .map_err(Error::io("starting the threads of the warehouse"))?;
        Ok(Sessions {
            environment,
            threads,
            runtime: Some(runtime),
        })
    }

    /// Memory that queries and columns in memory share.
    pub(crate) fn memory(&self) -> &Arc<dyn datafusion::execution::memory_pool::MemoryPool> {
        &self.environment.memory_pool
    }

    /// A new session over the shared memory pool, without tables.
    pub(crate) fn open(&self, joins: Joins) -> SessionContext {
        let mut config = SessionConfig::new()
            .with_target_partitions(self.threads)
            .with_collect_statistics(true)
            .with_information_schema(false);
        let options = config.options_mut();
        options.execution.parquet.pushdown_filters = true;
        options.execution.parquet.reorder_filters = true;
        options.execution.parquet.schema_force_view_types = false;
        options.sql_parser.map_string_types_to_utf8view = false;
        options.optimizer.repartition_file_min_size = 1 << 20;
        options.optimizer.prefer_hash_join = joins == Joins::Hash;
        SessionContext::new_with_config_rt(config, Arc::clone(&self.environment))
    }

    /// Runs a calculation on the warehouse's own threads. When the caller goes away, so does the calculation.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let runtime = self
            .runtime
            .as_ref()
            .ok_or_else(|| Error::Ended("the warehouse is closed".to_owned()))?;
        let handle = AbortOnDrop(runtime.spawn(work));
        let mut handle = handle;
        match (&mut handle.0).await {
            Ok(Err(Error::Query(error))) => Err(Error::of_query(error)),
            Ok(result) => result,
            Err(ended) => Err(Error::Ended(ended.to_string())),
        }
    }
}

impl Drop for Sessions {
    fn drop(&mut self) {
        // Waiting for threads is not allowed on an asynchronous one, which may be the last user.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

//! One version of the data, opened for questions. Immutable: whoever holds a snapshot gets the same answer every time.

use crate::catalogue::{self, FileRef};
use crate::error::{Error, Result};
use crate::query::rules::{Known, Products};
use crate::read::Rows;
use crate::resident::Resident;
use crate::session::{Joins, Sessions, WarehouseConfig};
use crate::zone::Zone;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::DataType;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::{DataFrame, SQLOptions, SessionContext};
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tokio::sync::OnceCell;
use types::rules::ValueKind;

/// What the engine's catalogue says of a version.
#[derive(Clone, Debug)]
pub struct SnapshotSpec {
    pub version: i64,
    pub files: Vec<FileRef>,
    pub time_zone: Tz,
    /// Currency of the installation, which amounts without a currency have.
    pub currency: String,
    /// Time of the latest fact that is not after the commit; `None` before there is one.
    pub data_as_of: Option<DateTime<Utc>>,
}

/// The sealed files and the threads that read them. Cheap to clone.
#[derive(Clone)]
pub struct Warehouse {
    pub(crate) config: Arc<WarehouseConfig>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) resident: Arc<Resident>,
    pub(crate) known: Arc<Known>,
}

impl Warehouse {
    pub fn new(mut config: WarehouseConfig) -> Result<Warehouse> {
        for folder in [&mut config.folder, &mut config.runs_folder] {
            std::fs::create_dir_all(&folder).map_err(Error::io(format!("making {}", folder.display())))?;
            *folder = folder
                .canonicalize()
                .map_err(Error::io(format!("opening {}", folder.display())))?;
        }
        let sessions = Arc::new(Sessions::new(&config)?);
        // Half is for columns at most, so that a query always finds room.
        let resident = Arc::new(Resident::new(
            sessions.memory(),
            config.memory_bytes / 2,
            config.threads,
        ));
        Ok(Warehouse {
            config: Arc::new(config),
            sessions,
            resident,
            known: Arc::default(),
        })
    }

    /// Where sealed files lie; their paths in the catalogue are relative to it.
    pub fn folder(&self) -> &Path {
        &self.config.folder
    }

    /// Opens a version; refuses it when one of its files is not there as listed.
    pub fn open(&self, spec: SnapshotSpec) -> Result<Snapshot> {
        catalogue::check(&self.config.folder, &spec.files)?;
        let session = self.sessions.open(Joins::Hash);
        catalogue::register(&session, &self.config.folder, &spec.files)?;
        let zone = Zone::new(spec.time_zone);
        Ok(Snapshot {
            inner: Arc::new(Inner {
                warehouse: self.clone(),
                session,
                spec,
                zone,
                foreign: OnceCell::new(),
                attributes: OnceLock::new(),
                identifying: OnceLock::new(),
                products: OnceCell::new(),
            }),
        })
    }
}

/// A version of the data. Cheap to clone.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

struct Inner {
    warehouse: Warehouse,
    session: SessionContext,
    spec: SnapshotSpec,
    zone: Zone,
    foreign: OnceCell<bool>,
    attributes: OnceLock<Arc<BTreeMap<String, ValueKind>>>,
    identifying: OnceLock<Arc<BTreeSet<String>>>,
    products: OnceCell<Arc<Products>>,
}

impl Snapshot {
    pub fn version(&self) -> i64 {
        self.inner.spec.version
    }

    pub fn data_as_of(&self) -> Option<DateTime<Utc>> {
        self.inner.spec.data_as_of
    }

    /// The local date of `data_as_of`: "today" of every analysis that names no day.
    pub fn today(&self) -> Option<chrono::NaiveDate> {
        self.data_as_of().map(|at| self.zone().date(at.timestamp_micros()))
    }

    pub fn currency(&self) -> &str {
        &self.inner.spec.currency
    }

    pub fn zone(&self) -> &Zone {
        &self.inner.zone
    }

    /// Rows of a table in this version, as the catalogue counts them.
    pub fn rows(&self, table: &str) -> u64 {
        self.inner
            .spec
            .files
            .iter()
            .filter(|file| file.table == table)
            .map(|file| file.rows)
            .sum()
    }

    /// All customers of this version.
    pub fn customers(&self) -> u64 {
        self.rows("customers")
    }

    /// The extra attributes that somebody has, as rules name them, and what they hold.
    pub fn attributes(&self) -> Result<Arc<BTreeMap<String, ValueKind>>> {
        if let Some(known) = self.inner.attributes.get() {
            return Ok(known.clone());
        }
        let mut found = BTreeMap::new();
        if let Some(path) = self.path_of(crate::derive::FEATURES) {
            for field in crate::derive::features_schema_of_file(&path)?.fields() {
                let kind = match field.data_type() {
                    DataType::Boolean => ValueKind::YesNo,
                    DataType::Float64 => ValueKind::Number,
                    _ => ValueKind::Text,
                };
                if field.name().starts_with("attributes.") {
                    found.insert(field.name().clone(), kind);
                }
            }
        }
        Ok(self.inner.attributes.get_or_init(|| Arc::new(found)).clone())
    }

    pub(crate) fn identifying_cell(&self) -> &OnceLock<Arc<BTreeSet<String>>> {
        &self.inner.identifying
    }

    pub(crate) fn products_cell(&self) -> &OnceCell<Arc<Products>> {
        &self.inner.products
    }

    pub(crate) fn attribute_kind(&self, name: &str) -> Option<ValueKind> {
        self.attributes().ok()?.get(name).copied()
    }

    /// The files of a table and their parts, in order of the parts.
    pub(crate) fn parts_of(&self, table: &str) -> Vec<(i32, PathBuf)> {
        let mut parts: Vec<(i32, PathBuf)> = self
            .inner
            .spec
            .files
            .iter()
            .filter(|file| file.table == table && file.rows > 0)
            .map(|file| (file.part, self.inner.warehouse.config.folder.join(&file.path)))
            .collect();
        parts.sort();
        parts
    }

    /// Lets go of what is kept in memory for files that this version does not have.
    pub fn forget_others(&self) -> Result<()> {
        let folder = &self.inner.warehouse.config.folder;
        let files: HashSet<PathBuf> = self
            .inner
            .spec
            .files
            .iter()
            .map(|file| folder.join(&file.path))
            .collect();
        self.inner.warehouse.known.forget_others(self.version())?;
        self.inner.warehouse.resident.forget_files(|path| files.contains(path))
    }

    pub(crate) fn warehouse(&self) -> &Warehouse {
        &self.inner.warehouse
    }

    pub(crate) fn path_of(&self, table: &str) -> Option<PathBuf> {
        let file = self.inner.spec.files.iter().find(|file| file.table == table)?;
        Some(self.inner.warehouse.config.folder.join(&file.path))
    }

    /// The labels of a run, by their path relative to the folder of runs.
    pub(crate) fn labels_file(&self, labels: &str) -> PathBuf {
        self.inner.warehouse.config.runs_folder.join(labels)
    }

    /// The instants between which the facts of the sealed months lie, in microseconds, with a margin for rows sealed by another time.
    pub(crate) fn time_range(&self) -> (i64, i64) {
        let months = self.inner.spec.files.iter().filter(|file| {
            crate::schema::Table::of(&file.table).is_some_and(|table| table.time.is_some()) && file.part >= 0
        });
        let (mut first, mut last) = (i32::MAX, i32::MIN);
        for file in months {
            (first, last) = (first.min(file.part), last.max(file.part));
        }
        if first > last {
            return (0, 0);
        }
        // Refunds, costs and deliveries lie outside the month of their order, seldom further than this.
        (
            month_start(first.saturating_sub(24)),
            month_start(last.saturating_add(24)),
        )
    }

    /// Whether an amount occurs in another currency than the installation's.
    pub(crate) async fn has_foreign_amounts(&self) -> Result<bool> {
        let this = self.clone();
        self.inner
            .foreign
            .get_or_try_init(|| async move { crate::query::facts::any_foreign(&this).await })
            .await
            .copied()
    }

    /// Runs a calculation on the warehouse's own threads.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        self.inner.warehouse.sessions.run(work).await
    }

    /// A session over the same files that never keeps a side of a join in memory.
    pub(crate) fn with_sorted_joins(&self) -> Result<SessionContext> {
        let session = self.inner.warehouse.sessions.open(Joins::Sorted);
        catalogue::register(&session, &self.inner.warehouse.config.folder, &self.inner.spec.files)?;
        Ok(session)
    }

    /// Plans a query. Values are parameters `$name`, typed; the text is ours.
    pub(crate) async fn plan(&self, sql: &str, values: Values) -> Result<DataFrame> {
        plan(&self.inner.session, sql, values).await
    }

    /// All rows of a query whose answer is small.
    pub(crate) async fn collect(&self, sql: &str, values: Values) -> Result<Vec<RecordBatch>> {
        Ok(self.plan(sql, values).await?.collect().await?)
    }

    pub(crate) async fn stream(&self, sql: &str, values: Values) -> Result<SendableRecordBatchStream> {
        Ok(self.plan(sql, values).await?.execute_stream().await?)
    }

    /// Calls `take` for each batch of the answer.
    pub(crate) async fn each(
        &self,
        sql: &str,
        values: Values,
        mut take: impl FnMut(Rows<'_>) -> Result<()> + Send,
    ) -> Result<()> {
        let mut stream = self.stream(sql, values).await?;
        while let Some(batch) = stream.try_next().await? {
            take(Rows(&batch))?;
        }
        Ok(())
    }
}

/// Named values of a query.
pub(crate) type Values = Vec<(&'static str, ScalarValue)>;

pub(crate) async fn plan(session: &SessionContext, sql: &str, values: Values) -> Result<DataFrame> {
    let reading = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    let frame = session.sql_with_options(sql, reading).await?;
    Ok(if values.is_empty() {
        frame
    } else {
        frame.with_param_values(values)?
    })
}

/// The first instant of a month counted as year x 12 + month - 1, in microseconds.
fn month_start(month: i32) -> i64 {
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12).unsigned_abs() + 1);
    let start = chrono::NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
    i64::from(crate::zone::day_of_date(start)) * 86_400_000_000
}

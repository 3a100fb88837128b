//! What follows from the sealed tables and is asked for again and again: refunds, orders that do not count, rates of every day, one wide row
//! per customer, which touch took which order, what people did after their first touch. Made once after a commit, sealed, and then read by
//! every query of that version. A pure function of the sealed tables, the zone and the currency.

mod attributes;
mod best;
mod campaigns;
mod features;
mod held;
mod rates;
mod refunds;

use crate::bucket::Shelf;
use crate::catalogue::FileRef;
use crate::error::{Error, Result};
use crate::file::{FileWriter, SealedFile, sync_folder};
use crate::query::facts::COUNTS;
use crate::schema::{Column, Kind, schema_of};
use crate::snapshot::{Snapshot, SnapshotSpec, Warehouse};
use chrono::{DateTime, Utc};
use datafusion::arrow::datatypes::SchemaRef;
use futures::TryStreamExt;
use std::path::Path;

pub(crate) use features::schema as features_schema;

/// One wide row per customer.
pub const FEATURES: &str = "features";
/// What was paid back: refunds of counting orders, and refund documents.
pub const REFUNDS: &str = "refunds";
/// Orders that do not count, whose lines do not count either.
pub const EXCLUDED_ORDERS: &str = "excluded_orders";
/// The rate of each currency on each day.
pub const DAILY_RATES: &str = "daily_rates";
/// Counting orders that a touch of a campaign took.
pub const CAMPAIGN_ORDERS: &str = "campaign_orders";
/// What each person did after the first touch of a campaign that held people out.
pub const CAMPAIGN_ARMS: &str = "campaign_arms";

/// The names under which the catalogue keeps derived files; each has part 0.
pub const DERIVED: [&str; 6] = [
    REFUNDS,
    EXCLUDED_ORDERS,
    DAILY_RATES,
    FEATURES,
    CAMPAIGN_ORDERS,
    CAMPAIGN_ARMS,
];

/// Days after a touch in which an order or an outcome is counted.
pub const WINDOW_DAYS: i64 = 30;

pub(crate) const LARGE: Kind = Kind::Decimal {
    precision: 24,
    scale: 6,
};

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

const REFUND_COLUMNS: &[Column] = &[
    column("customer_no", Kind::Number),
    column("order_id", Kind::Text),
    column("at", Kind::Instant),
    // In the installation's currency; null without a rate.
    column("amount", LARGE),
    // A refund document, and not the refund of an order.
    column("document", Kind::Bool),
    // A document that says the same as the refund of an order.
    column("ignored", Kind::Bool),
];

const EXCLUDED_COLUMNS: &[Column] = &[column("order_id", Kind::Text)];

const RATE_COLUMNS: &[Column] = &[
    column("currency", Kind::Text),
    // Days since 1970.
    column("day", Kind::Int32),
    column(
        "rate",
        Kind::Decimal {
            precision: 18,
            scale: 9,
        },
    ),
];

const CAMPAIGN_ORDER_COLUMNS: &[Column] = &[
    column("customer_no", Kind::Number),
    column("campaign_id", Kind::Text),
    column("channel", Kind::Text),
    column("touched_at", Kind::Instant),
    column("order_id", Kind::Text),
    column("ordered_at", Kind::Instant),
    column("value", LARGE),
    column("refund", LARGE),
    column("refunded_at", Kind::Instant),
    // The customer's first counting order.
    column("first", Kind::Bool),
];

const CAMPAIGN_ARM_COLUMNS: &[Column] = &[
    column("customer_no", Kind::Number),
    column("campaign_id", Kind::Text),
    column("held_out", Kind::Bool),
    // In both arms, and therefore in none.
    column("both", Kind::Bool),
    column("visited", Kind::Bool),
    column("ordered", Kind::Bool),
    column("spend", LARGE),
];

/// Derived tables with fixed columns; the columns of features depend on the attributes that customers have.
pub(crate) fn tables() -> impl Iterator<Item = (&'static str, &'static [Column])> {
    [
        (REFUNDS, REFUND_COLUMNS),
        (EXCLUDED_ORDERS, EXCLUDED_COLUMNS),
        (DAILY_RATES, RATE_COLUMNS),
        (CAMPAIGN_ORDERS, CAMPAIGN_ORDER_COLUMNS),
        (CAMPAIGN_ARMS, CAMPAIGN_ARM_COLUMNS),
    ]
    .into_iter()
}

/// The columns of a sealed features file, with the dictionaries that it was written with.
pub(crate) fn features_schema_of_file(path: &Path) -> Result<SchemaRef> {
    let file = std::fs::File::open(path).map_err(Error::io(format!("opening {}", path.display())))?;
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)?;
    Ok(reader.schema().clone())
}

/// What [`build`] made.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Complete where sealed files are kept, waiting for the catalogue.
    pub files: Vec<SealedFile>,
    /// Time of the latest order, interaction, review or touch that is not after `now`.
    pub data_as_of: Option<DateTime<Utc>>,
    pub customers: u64,
}

/// Derives everything for a version whose tables are sealed. `progress` is told how many of how many steps are done and says whether to go
/// on.
pub async fn build(
    warehouse: &Warehouse,
    spec: &SnapshotSpec,
    now: DateTime<Utc>,
    progress: impl Fn(u64, u64) -> bool + Send + Sync + 'static,
) -> Result<Derived> {
    warehouse.fetch(&spec.files).await?;
    let keeper = warehouse.clone();
    let (warehouse, spec) = (warehouse.clone(), spec.clone());
    let sessions = warehouse.sessions.clone();
    let derived = sessions
        .run(async move { Builder::new(warehouse, spec, &progress).build(now).await })
        .await?;
    keeper.keep(Shelf::Sealed, &derived.files).await?;
    Ok(derived)
}

struct Builder<'a> {
    warehouse: Warehouse,
    spec: SnapshotSpec,
    files: Vec<SealedFile>,
    progress: &'a (dyn Fn(u64, u64) -> bool + Send + Sync),
}

impl<'a> Builder<'a> {
    fn new(
        warehouse: Warehouse,
        mut spec: SnapshotSpec,
        progress: &'a (dyn Fn(u64, u64) -> bool + Send + Sync),
    ) -> Builder<'a> {
        spec.files.retain(|file| !DERIVED.contains(&file.table.as_str()));
        Builder {
            warehouse,
            spec,
            files: Vec::new(),
            progress,
        }
    }

    async fn build(mut self, now: DateTime<Utc>) -> Result<Derived> {
        let base = self.open(0)?;
        let data_as_of = latest_fact(&base, now).await?;
        let customers = base.customers();
        let rates = rates::build(&base, self.writer(DAILY_RATES, RATE_COLUMNS)?).await?;
        self.keep(rates)?;
        // From here on amounts can be converted.
        let converting = self.open(1)?;
        let refunds = refunds::build(&converting, self.writer(REFUNDS, REFUND_COLUMNS)?).await?;
        self.keep(refunds)?;
        let excluded = excluded(&converting, self.writer(EXCLUDED_ORDERS, EXCLUDED_COLUMNS)?).await?;
        self.keep(excluded)?;
        let complete = self.open(2)?;
        let orders = self.writer(CAMPAIGN_ORDERS, CAMPAIGN_ORDER_COLUMNS)?;
        let arms = self.writer(CAMPAIGN_ARMS, CAMPAIGN_ARM_COLUMNS)?;
        let (orders, arms) = campaigns::build(&complete, orders, arms).await?;
        self.keep(orders)?;
        self.keep(arms)?;
        let complete = self.open(3)?;
        let attributes = attributes::kinds(&complete).await?;
        let schema = features::schema(&attributes);
        let writer = FileWriter::create(self.warehouse.folder(), FEATURES, 0, self.spec.version, &schema)?;
        let progress = self.progress;
        let go_on = |done: u64, total: u64| progress(3 * total.max(1) + done * 7, 10 * total.max(1));
        let features = features::build(&complete, writer, schema, &attributes, &go_on).await?;
        self.keep(features)?;
        Ok(Derived {
            files: self.files,
            data_as_of,
            customers,
        })
    }

    /// Opens what is sealed so far; the place where a cancelled job stops.
    fn open(&self, step: u64) -> Result<Snapshot> {
        if !(self.progress)(step, 10) {
            return Err(Error::Ended("cancelled".to_owned()));
        }
        self.warehouse.open(self.spec.clone())
    }

    fn writer(&self, table: &str, columns: &[Column]) -> Result<FileWriter> {
        FileWriter::create(
            self.warehouse.folder(),
            table,
            0,
            self.spec.version,
            &schema_of(columns),
        )
    }

    fn keep(&mut self, file: SealedFile) -> Result<()> {
        sync_folder(&self.warehouse.folder().join(&file.table))?;
        self.spec.files.push(FileRef::from(&file));
        self.files.push(file);
        Ok(())
    }
}

/// Seals the answer of a query as it stands.
async fn write_query(
    snapshot: &Snapshot,
    sql: &str,
    values: crate::snapshot::Values,
    mut writer: FileWriter,
    columns: &[Column],
) -> Result<SealedFile> {
    let schema = schema_of(columns);
    let mut stream = snapshot.stream(sql, values).await?;
    while let Some(batch) = stream.try_next().await? {
        writer.write(&held::shaped(&batch, &schema)?)?;
    }
    writer.finish()
}

async fn excluded(snapshot: &Snapshot, writer: FileWriter) -> Result<SealedFile> {
    let sql = format!("select o.order_id from orders o where not coalesce({COUNTS}, false) order by o.order_id");
    write_query(snapshot, &sql, Vec::new(), writer, EXCLUDED_COLUMNS).await
}

async fn latest_fact(snapshot: &Snapshot, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let now = crate::query::facts::instant(now.timestamp_micros());
    let mut latest = None;
    for (table, time) in [
        ("orders", "ordered_at"),
        ("interactions", "at"),
        ("reviews", "at"),
        ("touches", "at"),
    ] {
        let sql = format!("select max({time}) as latest from {table} where {time} <= {now}");
        snapshot
            .each(&sql, Vec::new(), |rows| {
                let found = rows.instants("latest")?;
                latest = latest.max((0..rows.len()).filter_map(|row| crate::read::at(&found, row)).max());
                Ok(())
            })
            .await?;
    }
    Ok(latest.and_then(DateTime::from_timestamp_micros))
}

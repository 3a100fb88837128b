//! From checked rows to records: keys, contributions, references, and their undo. Knows nothing of files and of sealing.
//!
//! New keys are written once, straight into their tables, while the file is still being read. Contributions to keys that are known already go
//! to a stage and are merged by SQL when the file has ended. All of it is one transaction, under the merge lock.

mod copy;
mod derived;
mod held;
mod ids;
mod intake;
mod lines;
mod named;
mod out;
mod probe;
mod refold;
mod sql;
mod stage;
mod tables;
mod undo;

pub use undo::undo;

use self::copy::Chunk;
use self::derived::Parts;
use self::intake::{Intake, Taken};
use self::out::Out;
use self::probe::Probe;
use self::tables::Table;
use super::mapping::{Parser, Plan, TypedBatch};
use super::reading::{RawBatch, Source};
use crate::db::dynamic;
use crate::error::{Error, Result};
use crate::queue::Progress;
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
use std::path::Path;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use types::uploads::{Groups, RecordCounts, RowCounts, UndoCounts, Upload, UploadKind, UploadOptions};

/// Batches that wait between two threads: enough to keep both busy, few enough to keep memory flat.
const WAITING: usize = 4;

/// What is being merged.
#[derive(Clone, Debug)]
pub struct Import {
    pub upload_id: i64,
    pub kind: UploadKind,
    pub options: UploadOptions,
    pub limits: Limits,
}

/// How much is held in memory at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub batch_rows: usize,
    /// How many orders of a file of lines are held before the older ones are written out; lines that come later to one of these are merged.
    pub orders_in_memory: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            batch_rows: 8192,
            orders_in_memory: 200_000,
        }
    }
}

impl Import {
    pub fn of(upload: &Upload) -> Import {
        Import {
            upload_id: upload.id,
            kind: upload.kind,
            options: upload.options.clone(),
            limits: Limits::default(),
        }
    }

    fn replaces(&self, table: &Table) -> bool {
        self.options.groups == Groups::Replace && table.group.is_some() && table == tables::table_of(self.kind)
    }
}

/// What a merge did.
#[derive(Debug)]
pub struct Outcome {
    pub rows: RowCounts,
    pub records: BTreeMap<String, RecordCounts>,
    /// Parts that rows left or entered, by table.
    pub touched: Parts,
}

/// What an undo did.
#[derive(Debug)]
pub struct Undone {
    pub counts: BTreeMap<String, UndoCounts>,
    pub touched: Parts,
}

/// Merges a file. The upload must have its place in the order of commits already, in this transaction, which holds the merge lock; `pool` is
/// asked what is stored, on another connection. Rejected rows are written to the file `rejects`, for [`store_rejects`].
pub async fn merge(
    tx: &mut PgConnection,
    pool: &PgPool,
    import: &Import,
    (mut source, plan): (Source, Plan),
    rejects: &Path,
    progress: &Progress,
) -> Result<Outcome> {
    let tables = tables::contributes_to(import.kind);
    derived::create_table(tx).await?;
    for table in &tables {
        stage::create_stage(tx, table).await?;
    }
    let next: i64 = sqlx::query_scalar!("select next from counters where name = 'customer_no' for update")
        .fetch_one(&mut *tx)
        .await?;
    let next = i32::try_from(next).map_err(|_| Error::TooLarge("There are no customer numbers left.".into()))?;
    let probe = Probe::new(pool).await?;
    source.rows.limit_batch(import.limits.batch_rows);
    let (sender, chunks) = mpsc::channel(WAITING);
    let out = Out::new(sender, std::fs::File::create(rejects)?, import.upload_id);
    let intake = Intake::new(plan.clone(), import, next, probe, out);
    let taken = read_in(tx, source, plan, intake, chunks, progress).await?;
    let next = i64::from(taken.next_customer_no);
    sqlx::query!("update counters set next = $1 where name = 'customer_no'", next)
        .execute(&mut *tx)
        .await?;

    progress.step("merging", tables.len() as i64);
    let mut rows = taken.counts;
    let mut parts = taken.written.parts;
    for (done, table) in tables.iter().enumerate() {
        if taken.written.staged.contains(table.name) {
            let merged = stage::merge_stage(tx, import, table, taken.repeats).await?;
            if *table == tables::table_of(import.kind) {
                rows.created += merged.created;
                rows.updated += merged.updated;
                rows.unchanged += merged.unchanged;
            }
        } else if import.replaces(table) {
            let own = format!("(select * from {} where upload_id = {})", table.name, import.upload_id);
            stage::declare_groups(tx, import, table, &own).await?;
        }
        derived::add_changed(tx, table, &mut parts).await?;
        progress.advance(done as i64 + 1);
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
    }
    derived::settle(tx, &tables, &mut parts).await?;
    if rows.read != rows.created + rows.updated + rows.unchanged + rows.rejected {
        return Err(Error::internal(format!(
            "upload {}: rows read and rows accounted for differ: {rows:?}",
            import.upload_id
        )));
    }
    let records = count_records(tx, &tables, taken.written.created).await?;
    Ok(Outcome {
        rows,
        records,
        touched: parts,
    })
}

/// Reads, checks and writes the rows: reader, parser and intake each on a thread, PostgreSQL here, all at the same time.
async fn read_in(
    tx: &mut PgConnection,
    source: Source,
    plan: Plan,
    mut intake: Intake,
    mut chunks: mpsc::Receiver<Chunk>,
    progress: &Progress,
) -> Result<Taken> {
    let (raw_sender, raw) = crossbeam_channel::bounded::<RawBatch>(WAITING);
    let (typed_sender, typed) = crossbeam_channel::bounded::<TypedBatch>(WAITING);
    let mut rows = source.rows;
    let reader = spawn_blocking(move || -> Result<()> {
        while let Some(batch) = rows.next_batch()? {
            if raw_sender.send(batch).is_err() {
                break;
            }
        }
        Ok(())
    });
    let mut parser = Parser::new(plan, source.progress.clone());
    let parsing = spawn_blocking(move || {
        for batch in raw {
            if typed_sender.send(parser.parse(batch)).is_err() {
                break;
            }
        }
    });
    let watch = progress.clone();
    let bytes = source.progress;
    let size = source.size;
    let taking = spawn_blocking(move || -> Result<Taken> {
        for batch in typed {
            if watch.is_cancelled() {
                return Err(Error::Cancelled);
            }
            let done = batch.last_row;
            intake.take(batch)?;
            // How many rows there will be is judged from the bytes read so far.
            let share = bytes.bytes_read().max(1) as f64 / size.max(1) as f64;
            watch.report("reading", done, (done as f64 / share.clamp(1e-9, 1.0)) as i64);
        }
        intake.finish()
    });
    let mut sent = Ok(());
    while let Some(chunk) = chunks.recv().await {
        sent = copy::send(tx, chunk).await;
        if sent.is_err() {
            break;
        }
    }
    // Without a receiver the threads end.
    drop(chunks);
    let (read, parsed, taken) = (reader.await?, parsing.await, taking.await?);
    sent?;
    read?;
    parsed?;
    taken
}

async fn count_records(
    tx: &mut PgConnection,
    tables: &[&'static Table],
    direct: BTreeMap<&'static str, i64>,
) -> Result<BTreeMap<String, RecordCounts>> {
    let mut records: BTreeMap<String, RecordCounts> = direct
        .into_iter()
        .map(|(table, created)| (table.to_owned(), RecordCounts { created, updated: 0 }))
        .collect();
    for table in tables {
        let sql = format!(
            "select count(*) filter (where how = 'created'), count(*) filter (where how <> 'created') from changed_{}",
            table.name
        );
        let (created, updated): (i64, i64) = sqlx::query_as(dynamic(sql)).fetch_one(&mut *tx).await?;
        if created + updated > 0 {
            let counts = records.entry(table.name.to_owned()).or_default();
            counts.created += created;
            counts.updated += updated;
        }
    }
    Ok(records)
}

/// Clears the temporary tables of a merge or an undo, so that another one can follow in the same transaction.
pub async fn clear(tx: &mut PgConnection) -> Result<()> {
    let mut names = vec!["touched_orders".to_owned(), "settling".to_owned()];
    for table in tables::ALL {
        names.extend(
            ["stage", "new", "changed", "keys", "one", "folded", "bare", "gone"]
                .map(|what| format!("{what}_{}", table.name)),
        );
    }
    sql::run(
        tx,
        format!(
            "drop table if exists {}",
            names
                .iter()
                .map(|name| format!("pg_temp.{name}"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    )
    .await?;
    Ok(())
}

/// Stores the rejected rows that a merge has written to a file, in place of those of an earlier attempt.
pub async fn store_rejects(tx: &mut PgConnection, upload_id: i64, rejects: &Path) -> Result<()> {
    sqlx::query!("delete from upload_rejects where upload_id = $1", upload_id)
        .execute(&mut *tx)
        .await?;
    let mut file = tokio::fs::File::open(rejects).await?;
    if file.metadata().await?.len() == 0 {
        return Ok(());
    }
    let mut copy = tx
        .copy_in_raw("copy upload_rejects (upload_id, row_no, field, reason, cells) from stdin (format binary)")
        .await?;
    copy.send(self::copy::Rows::default().bytes).await?;
    let sent = copy.read_from(&mut file).await.map(|_| ());
    if let Err(error) = sent {
        copy.abort("the rejects could not be read").await?;
        return Err(error.into());
    }
    copy.send((-1i16).to_be_bytes().to_vec()).await?;
    copy.finish().await?;
    Ok(())
}

/// The tables of records.
#[cfg(test)]
pub fn table_names() -> impl Iterator<Item = &'static str> {
    tables::ALL.into_iter().map(|table| table.name)
}

//! Pipes rows out of PostgreSQL into sealed files: one statement per table, decoded on a thread of its own while the next rows arrive.

use crate::error::{Error, Result};
use crate::queue::Progress;
use futures::TryStreamExt;
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use warehouse::schema::Table;
use warehouse::{SealedFile, Sealer};

/// PostgreSQL sends a message per row; so many bytes are handed over at a time.
const CHUNK_BYTES: usize = 256 << 10;
const CHUNKS_WAITING: usize = 16;

/// Seals these parts of a table as the transaction sees them. Orders need to know which file holds the `lines` of each part.
pub async fn seal_parts(
    tx: &mut PgConnection,
    folder: &Path,
    table: &'static Table,
    parts: &BTreeSet<i32>,
    version: i64,
    lines: BTreeMap<i32, PathBuf>,
    progress: &Progress,
) -> Result<Vec<SealedFile>> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_scalar!("select set_config('work_mem', '256MB', true)")
        .fetch_one(&mut *tx)
        .await?;
    let (send, mut receive) = mpsc::channel::<Vec<u8>>(CHUNKS_WAITING);
    let folder = folder.to_owned();
    let sealing = tokio::task::spawn_blocking(move || -> Result<Vec<SealedFile>> {
        let mut sealer = Sealer::new(&folder, table, version)?;
        if table.name == "orders" {
            sealer = sealer.summing(lines);
        }
        while let Some(chunk) = receive.blocking_recv() {
            sealer.push(&chunk)?;
        }
        Ok(sealer.finish()?)
    });
    let copied = pipe(tx, &statement(table, parts), &send, progress).await;
    drop(send);
    // When the sealer failed its reason matters, not that nobody took the next rows.
    let files = sealing.await?;
    match copied {
        Ok(true) => files,
        Ok(false) => Err(files
            .err()
            .unwrap_or_else(|| Error::internal("sealing ended before its last row"))),
        Err(error) => Err(error),
    }
}

/// False when the receiver has gone away.
async fn pipe(
    tx: &mut PgConnection,
    statement: &str,
    send: &mpsc::Sender<Vec<u8>>,
    progress: &Progress,
) -> Result<bool> {
    let mut rows = tx.copy_out_raw(statement).await?;
    let mut chunk = Vec::with_capacity(CHUNK_BYTES + 4096);
    while let Some(bytes) = rows.try_next().await? {
        chunk.extend_from_slice(&bytes);
        if chunk.len() >= CHUNK_BYTES {
            if progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if send
                .send(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK_BYTES + 4096)))
                .await
                .is_err()
            {
                return Ok(false);
            }
        }
    }
    Ok(send.send(chunk).await.is_ok())
}

/// The parts that a table has now.
pub async fn parts(tx: &mut PgConnection, table: &Table) -> Result<Vec<i32>> {
    let statement = format!("select distinct part from {}", table.name);
    Ok(sqlx::query_scalar(crate::db::dynamic(statement)).fetch_all(tx).await?)
}

/// Rows in the order of the sealed file: part, customer (none last), key. Text is ordered by its bytes, whatever the server's locale.
fn statement(table: &Table, parts: &BTreeSet<i32>) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| expression(table.name, column.name))
        .collect();
    let mut order = vec!["t.part".to_owned()];
    if table.has_customer() {
        order.push(format!("{} nulls last", expression(table.name, "customer_no")));
    }
    order.extend(table.key.iter().map(|key| match *key {
        "order_id" | "product_id" | "campaign_id" | "currency" => format!("t.{key} collate \"C\""),
        _ => format!("t.{key}"),
    }));
    let parts = parts.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
    format!(
        "copy (select t.part, {} from {} t where t.part = any('{{{parts}}}'::integer[]) order by {}) to stdout (format binary)",
        columns.join(", "),
        table.name,
        order.join(", ")
    )
}

/// Where a sealed column comes from, when not from the column of the same name.
fn expression(table: &str, column: &str) -> String {
    match (table, column) {
        ("order_lines", "customer_no") => "t.order_customer_no".to_owned(),
        ("order_lines", "ordered_at") => "t.order_at".to_owned(),
        // The sealer reads them from the sealed lines.
        ("orders", "lines_value" | "line_count") => "null".to_owned(),
        // A person with several ids is shown by the first.
        ("customers", "external_id") => {
            "(select case when i.source = '' then i.external_id else i.source || ':' || i.external_id end \
             from customer_ids i where i.customer_no = t.customer_no \
             order by i.source collate \"C\", i.external_id collate \"C\" limit 1)"
                .to_owned()
        }
        _ => format!("t.{column}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_orders_rows_completely() {
        let table = Table::of("order_lines").unwrap();
        let text = statement(table, &BTreeSet::from([24_000, 24_001]));
        assert!(text.contains("any('{24000,24001}'::integer[])"));
        assert!(text.ends_with(
            "order by t.part, t.order_customer_no nulls last, t.order_id collate \"C\", t.row_key) to stdout (format binary)"
        ));
    }
}

//! Uploads against a real PostgreSQL: small files of each kind, everything that can be wrong with one, and undo compared with never having loaded.

mod bad_input;
mod deciding;
mod kinds;
mod real_files;
mod real_formats;
mod round_trip;
mod speed;
mod templates;
mod undo;

use super::merging::{self, Import, Limits, Outcome};
use super::*;
use crate::Engine;
use crate::sealing;
use crate::testing::TestEngine;
use bytes::Bytes;
use std::collections::BTreeMap;
use types::uploads::{RowCounts, UploadOptions};

pub fn admin() -> Actor {
    Actor::command_line()
}

pub fn options(json: &str) -> UploadOptions {
    serde_json::from_str(json).unwrap()
}

/// Sends a file.
pub async fn send(engine: &Engine, kind: UploadKind, bytes: &[u8], mapping: &str, options: UploadOptions) -> Upload {
    let mapping = if mapping.is_empty() {
        None
    } else {
        Some(serde_json::from_str(mapping).unwrap())
    };
    let mut receiver = receive(engine, &admin(), kind, "test.csv", mapping, options)
        .await
        .unwrap();
    for piece in bytes.chunks(1 << 20) {
        receiver.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    receiver.finish().await.unwrap()
}

/// Commits a file that was sent, without sealing anything.
pub async fn merge_only(engine: &Engine, upload: &Upload) -> Outcome {
    let rejects = engine.config().spill_dir().join(format!("rejects-{}", upload.id));
    let opened = open_file(engine, upload).await.unwrap();
    let mut tx = engine.pool().begin().await.unwrap();
    sealing::lock_merges(&mut tx).await.unwrap();
    store::draw_commit_seq(&mut tx, upload.id).await.unwrap();
    let mut import = Import::of(upload);
    if upload.size_bytes < 100_000 {
        // Small files go through many batches, and their orders are written out early.
        import.limits = Limits {
            batch_rows: 4,
            orders_in_memory: 3,
        };
    }
    let outcome = merging::merge(&mut tx, engine.pool(), &import, opened, &rejects, &Default::default())
        .await
        .unwrap();
    merging::store_rejects(&mut tx, upload.id, &rejects).await.unwrap();
    store::set_outcome(
        &mut tx,
        upload.id,
        UploadState::Committed,
        outcome.rows,
        &outcome.records,
        engine.clock().now(),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    outcome
}

pub async fn load_text(engine: &Engine, kind: UploadKind, text: &str, given: &str) -> (Upload, Outcome) {
    let upload = send(engine, kind, text.as_bytes(), "", options(given)).await;
    let outcome = merge_only(engine, &upload).await;
    (upload, outcome)
}

pub async fn undo_only(engine: &Engine, upload: &Upload) -> merging::Undone {
    let mut tx = engine.pool().begin().await.unwrap();
    sealing::lock_merges(&mut tx).await.unwrap();
    let import = Import::of(upload);
    let undone = merging::undo(&mut tx, &import, &Default::default()).await.unwrap();
    store::set_undone(&mut tx, upload.id, engine.clock().now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    undone
}

pub fn counts(rows: RowCounts) -> [i64; 6] {
    [
        rows.read,
        rows.created,
        rows.updated,
        rows.unchanged,
        rows.rejected,
        rows.duplicates,
    ]
}

/// Everything that analyses see, with the customers' external ids in place of their numbers, which differ between databases.
pub async fn records(engine: &Engine) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in merging::table_names() {
        let customer = "(select string_agg(i.source || ':' || i.external_id, ',' order by 1) from customer_ids i where i.customer_no = ";
        let named = match table {
            "customers" => format!("jsonb_build_object('customer', {customer} t.customer_no))"),
            "order_lines" => format!(
                "jsonb_build_object('part', t.part, 'customer', {customer} t.customer_no), 'order_customer', {customer} t.order_customer_no))"
            ),
            "orders" | "interactions" | "touches" | "reviews" => {
                format!("jsonb_build_object('part', t.part, 'customer', {customer} t.customer_no))")
            }
            _ => "jsonb_build_object('part', t.part)".to_owned(),
        };
        let sql = format!(
            "select (to_jsonb(t) - 'customer_no' - 'order_customer_no' - 'upload_id' - 'mask' - 'part' || {named})::text as row from {table} t order by 1"
        );
        all.insert(
            table,
            sqlx::query_scalar(crate::db::dynamic(sql))
                .fetch_all(engine.pool())
                .await
                .unwrap(),
        );
    }
    let ids = "select source || ':' || external_id from customer_ids order by 1";
    all.insert(
        "customer_ids",
        sqlx::query_scalar(ids).fetch_all(engine.pool()).await.unwrap(),
    );
    all
}

/// Empties the tables of records and uploads; quicker than another database.
pub async fn clear_records(engine: &Engine) {
    let mut names: Vec<String> = vec![
        "customer_ids".into(),
        "group_replacements".into(),
        "mentions".into(),
        "upload_rejects".into(),
        "saved_mappings".into(),
    ];
    for table in merging::table_names() {
        names.push(table.to_owned());
        names.push(format!("{table}_history"));
    }
    for name in names.iter().map(String::as_str).chain(["uploads"]) {
        sqlx::query(crate::db::dynamic(format!("delete from {name}")))
            .execute(engine.pool())
            .await
            .unwrap();
    }
}

pub async fn value<T>(test: &TestEngine, sql: &'static str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    sqlx::query_scalar(sql).fetch_one(test.engine.pool()).await.unwrap()
}

//! How long an import takes, beside `\copy` of the same rows into tables of the same keys. Not part of the usual run: it takes a minute.

use super::*;
use crate::testing;
use std::fmt::Write;
use std::time::Instant;

/// A file of order lines: three lines an order, a tenth as many customers.
fn lines(number: usize) -> String {
    let mut text = String::with_capacity(number * 80);
    text.push_str("order_id,customer_id,ordered_at,product_id,product_name,quantity,unit_price,country\n");
    for n in 0..number {
        let order = n / 3;
        let (customer, product) = (order * 7919 % (number / 10).max(1), n * 104_729 % 5000);
        let (day, hour) = (order % 28 + 1, order % 24);
        writeln!(
            text,
            "{},{},2025-{:02}-{day:02} {hour:02}:{:02}:00,P{product:05},Product number {product},{},{}.{:02},Country {}",
            500_000 + order,
            10_000 + customer,
            order % 12 + 1,
            order % 60,
            n % 9 + 1,
            n % 40,
            n % 100,
            customer % 30
        )
        .unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn import_beside_copy() {
    let number: usize = std::env::var("SILHOUETTE_SPEED_LINES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000);
    let test = testing::engine().await;
    let text = lines(number);
    let upload = send(
        &test.engine,
        UploadKind::OrderLines,
        text.as_bytes(),
        "",
        UploadOptions::default(),
    )
    .await;
    let begun = Instant::now();
    let outcome = merge_only(&test.engine, &upload).await;
    let merged = begun.elapsed();
    assert_eq!(outcome.rows.created, number as i64);
    // The same rows, split already, into tables with the same keys.
    let mut conn = test.engine.pool().acquire().await.unwrap();
    for (table, columns, key) in [
        (
            "customers",
            "customer_no integer not null, external_id text not null",
            "customer_no",
        ),
        ("products", "product_id text not null, name text", "product_id"),
        (
            "orders",
            "order_id text not null, customer_no integer, ordered_at timestamptz, country text",
            "order_id",
        ),
        (
            "order_lines",
            "order_id text not null, line integer not null, product_id text, quantity numeric(18,6), unit_price numeric(18,6)",
            "order_id, line",
        ),
    ] {
        let sql = format!("create table plain_{table} ({columns}, primary key ({key}))");
        sqlx::query(crate::db::dynamic(sql)).execute(&mut *conn).await.unwrap();
    }
    let parts = [
        (
            "plain_customers",
            "select customer_no, external_id from customers join customer_ids using (customer_no)",
        ),
        ("plain_products", "select product_id, name from products"),
        (
            "plain_orders",
            "select order_id, customer_no, ordered_at, country from orders",
        ),
        (
            "plain_order_lines",
            "select order_id, row_number() over (), product_id, quantity, unit_price from order_lines",
        ),
    ];
    let mut copies = Vec::new();
    for (table, sql) in parts {
        let mut bytes = Vec::new();
        let mut stream = conn
            .copy_out_raw(&format!("copy ({sql}) to stdout (format csv)"))
            .await
            .unwrap();
        while let Some(piece) = futures::StreamExt::next(&mut stream).await {
            bytes.extend_from_slice(&piece.unwrap());
        }
        drop(stream);
        copies.push((table, bytes));
    }
    let begun = Instant::now();
    for (table, bytes) in &copies {
        let mut copy = conn
            .copy_in_raw(&format!("copy {table} from stdin (format csv)"))
            .await
            .unwrap();
        for piece in bytes.chunks(1 << 16) {
            copy.send(piece).await.unwrap();
        }
        copy.finish().await.unwrap();
    }
    let copied = begun.elapsed();
    let begun = Instant::now();
    undo_only(&test.engine, &upload).await;
    let undone = begun.elapsed();
    eprintln!(
        "{number} lines: merged in {merged:?}, copied in {copied:?} ({:.2}x), undone in {undone:?}",
        merged.as_secs_f64() / copied.as_secs_f64()
    );
    drop(conn);
    test.close().await;
}

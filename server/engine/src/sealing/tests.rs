//! Sealing against a real PostgreSQL: what is sealed is what is there, and what breaks is noticed.

use super::*;
use crate::queue::{self, NewJob};
use crate::testing::{self, TestEngine};
use serde_json::json;
use types::jobs::{JobKind, JobState};

async fn rebuild(t: &TestEngine) {
    let mut tx = t.engine.pool().begin().await.unwrap();
    let job = NewJob {
        kind: JobKind::RebuildWarehouse,
        args: json!({}),
        subject: "/admin".into(),
        dedup_key: None,
        max_attempts: 1,
    };
    let id = queue::enqueue(&mut tx, &Actor::command_line(), job).await.unwrap();
    tx.commit().await.unwrap();
    let job = queue::run_one(&t.engine, id).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
}

async fn some_orders(t: &TestEngine) {
    for statement in [
        "insert into customer_ids (external_id, customer_no) values ('c1', 1), ('c2', 2)",
        "insert into customers (customer_no, name) values (1, 'Ada'), (2, '李雷')",
        "insert into orders (order_id, customer_no, ordered_at, total) values
            ('o1', 1, '2026-01-31 23:59:59Z', 10.5), ('o2', 2, '2026-02-01 00:00:00Z', 20), ('o3', null, '2026-02-02 00:00:00Z', 1)",
    ] {
        sqlx::query(statement).execute(t.engine.pool()).await.unwrap();
    }
}

#[tokio::test]
async fn an_empty_installation_can_be_asked() {
    let t = testing::engine().await;
    let snapshot = t.engine.snapshot().await.unwrap();
    assert_eq!((snapshot.version(), snapshot.customers()), (0, 0));
    t.close().await;
}

#[tokio::test]
async fn a_rebuild_publishes_what_postgresql_holds() {
    let t = testing::engine().await;
    some_orders(&t).await;
    rebuild(&t).await;
    let snapshot = t.engine.snapshot().await.unwrap();
    assert_eq!(
        (snapshot.version(), snapshot.customers(), snapshot.rows("orders")),
        (1, 2, 3)
    );
    assert_eq!(snapshot.data_as_of().unwrap().to_rfc3339(), "2026-02-02T00:00:00+00:00");
    let cli = Actor::command_line();
    let report = verify(&t.engine, &cli).await.unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    // Customers, and two months of orders.
    assert_eq!(report.files, 3);
    rebuild(&t).await;
    assert_eq!(stamp(&t.engine, &cli).await.unwrap().version, 2);
    t.close().await;
}

#[tokio::test]
async fn verify_notices_every_difference() {
    let t = testing::engine().await;
    some_orders(&t).await;
    rebuild(&t).await;
    sqlx::query("update orders set total = 11 where order_id = 'o1'")
        .execute(t.engine.pool())
        .await
        .unwrap();
    sqlx::query("update orders set ordered_at = '2026-03-01Z' where order_id = 'o3'")
        .execute(t.engine.pool())
        .await
        .unwrap();
    let report = verify(&t.engine, &Actor::command_line()).await.unwrap();
    assert_eq!(report.problems.len(), 3, "{:?}", report.problems);
    rebuild(&t).await;
    assert!(
        verify(&t.engine, &Actor::command_line())
            .await
            .unwrap()
            .problems
            .is_empty()
    );
    t.close().await;
}

#[tokio::test]
async fn a_missing_file_is_an_error_and_not_an_empty_table() {
    let t = testing::engine().await;
    some_orders(&t).await;
    rebuild(&t).await;
    let orders = t.engine.warehouse().folder().join("orders");
    let file = std::fs::read_dir(&orders).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_file(file).unwrap();
    assert!(t.engine.snapshot().await.is_err());
    t.close().await;
}

#[tokio::test]
async fn the_next_start_removes_what_a_crash_left() {
    let t = testing::engine().await;
    some_orders(&t).await;
    rebuild(&t).await;
    let orphan = t.engine.warehouse().folder().join("orders/p1-v9-abc.parquet");
    std::fs::write(&orphan, b"half").unwrap();
    let config = t.engine.config().clone();
    t.engine.clone().close().await;
    let again = Engine::open(config).await.unwrap();
    assert!(!orphan.exists());
    assert_eq!(again.snapshot().await.unwrap().rows("orders"), 3);
    again.close().await;
    t.close().await;
}

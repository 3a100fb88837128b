//! A throw-away database and data folder for one test, on the real server at `DATABASE_URL`.

use crate::clock::FixedClock;
use crate::{Engine, EngineConfig};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

pub struct TestEngine {
    pub engine: Engine,
    pub dir: tempfile::TempDir,
    database: String,
}

/// An engine over an empty database; the clock stands at 2026-11-22 12:00 UTC.
pub async fn engine() -> TestEngine {
    engine_with(|_| {}).await
}

/// As [`engine`], with settings of the test's own.
pub async fn engine_with(change: impl FnOnce(&mut EngineConfig)) -> TestEngine {
    // What the engine logs belongs to the output of the test.
    let _ = tracing_subscriber::fmt()
        .with_test_writer()
        .with_env_filter("engine=info")
        .try_init();
    let server = server_url();
    let database = format!("test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = PgConnection::connect(&server)
        .await
        .expect("the test database server answers");
    sqlx::query(AssertSqlSafe(format!("create database {database}")))
        .execute(&mut connection)
        .await
        .expect("a database");
    connection.close().await.expect("closed");
    let dir = tempfile::tempdir().expect("a folder");
    let mut config = EngineConfig::new(dir.path().to_owned());
    let (base, _) = server.rsplit_once('/').expect("a database in the address");
    config.database_url = Some(format!("{base}/{database}"));
    config.query_memory_bytes = 256 << 20;
    change(&mut config);
    let clock = FixedClock::at("2026-11-22T12:00:00Z".parse().expect("a time"));
    let engine = Engine::open_with_clock(config, Box::new(clock))
        .await
        .expect("an engine");
    TestEngine { engine, dir, database }
}

impl TestEngine {
    /// Drops the database. A failed test leaves it for a look.
    pub async fn close(self) {
        self.engine.clone().close().await;
        let mut connection = PgConnection::connect(&server_url()).await.expect("the server answers");
        sqlx::query(AssertSqlSafe(format!(
            "drop database if exists {} with (force)",
            self.database
        )))
        .execute(&mut connection)
        .await
        .expect("dropped");
    }
}

fn server_url() -> String {
    std::env::var("DATABASE_URL").expect("DATABASE_URL names the server for tests; make test starts one")
}

impl TestEngine {
    /// Runs statements and publishes what they left, as a commit of data would.
    pub async fn publish(&self, statements: &[&str]) {
        use crate::queue::{self, NewJob};
        use types::jobs::{JobKind, JobState};
        for statement in statements {
            sqlx::query(AssertSqlSafe((*statement).to_owned()))
                .execute(self.engine.pool())
                .await
                .expect(statement);
        }
        let mut tx = self.engine.pool().begin().await.expect("a transaction");
        let job = NewJob {
            kind: JobKind::RebuildWarehouse,
            args: serde_json::json!({}),
            subject: "/admin".into(),
            dedup_key: None,
            max_attempts: 1,
        };
        let id = queue::enqueue(&mut tx, &crate::auth::Actor::command_line(), job)
            .await
            .expect("a job");
        tx.commit().await.expect("committed");
        let job = queue::run_one(&self.engine, id).await.expect("a job that ran");
        assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    }
}

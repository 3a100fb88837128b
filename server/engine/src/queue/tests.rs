//! Jobs against a real PostgreSQL: claiming, leases, fences, cancelling.

use super::*;
use crate::testing;
use std::time::Duration;
use types::jobs::JobKind;
use uuid::Uuid;

fn rebuild() -> NewJob {
    NewJob {
        kind: JobKind::RebuildWarehouse,
        args: json!({}),
        subject: "/admin".into(),
        dedup_key: None,
        max_attempts: 2,
    }
}

async fn ask(engine: &Engine, job: NewJob) -> i64 {
    let mut tx = engine.pool().begin().await.unwrap();
    let id = enqueue(&mut tx, &Actor::command_line(), job).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn one_job_goes_to_one_worker() {
    let t = testing::engine().await;
    let id = ask(&t.engine, rebuild()).await;
    let first = store::claim(t.engine.pool(), Uuid::new_v4(), None).await.unwrap();
    assert_eq!(first.map(|row| row.id), Some(id));
    assert!(
        store::claim(t.engine.pool(), Uuid::new_v4(), None)
            .await
            .unwrap()
            .is_none()
    );
    t.close().await;
}

#[tokio::test]
async fn a_lost_lease_cannot_commit() {
    let t = testing::engine().await;
    let id = ask(&t.engine, rebuild()).await;
    let (dead, alive) = (Uuid::new_v4(), Uuid::new_v4());
    store::claim(t.engine.pool(), dead, None).await.unwrap().unwrap();
    sqlx::query("update jobs set lease_until = now() - interval '1 s'")
        .execute(t.engine.pool())
        .await
        .unwrap();
    let taken = store::claim(t.engine.pool(), alive, None).await.unwrap().unwrap();
    assert_eq!((taken.id, taken.attempts), (id, 2));
    let mut tx = t.engine.pool().begin().await.unwrap();
    assert!(store::lock_held(&mut tx, id, dead).await.unwrap().is_none());
    assert!(store::lock_held(&mut tx, id, alive).await.unwrap().is_some());
    drop(tx);
    assert!(
        !store::finish(t.engine.pool(), id, dead, JobState::Succeeded, None)
            .await
            .unwrap()
    );
    t.close().await;
}

#[tokio::test]
async fn a_step_knows_how_long_it_has_taken() {
    let t = testing::engine().await;
    let (cli, token) = (Actor::command_line(), Uuid::new_v4());
    let id = ask(&t.engine, rebuild()).await;
    store::claim(t.engine.pool(), token, None).await.unwrap().unwrap();
    assert_eq!(get(&t.engine, &cli, id).await.unwrap().step_seconds, None);
    let renew = |step: &'static str, done| store::renew(t.engine.pool(), id, token, Some(step), done, 900);
    renew("reading", 0).await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    renew("reading", 300).await.unwrap().unwrap();
    let seconds = get(&t.engine, &cli, id).await.unwrap().step_seconds.unwrap();
    assert!(seconds >= 0.06, "{seconds}");
    renew("merging", 0).await.unwrap().unwrap();
    let anew = get(&t.engine, &cli, id).await.unwrap().step_seconds.unwrap();
    assert!(anew < seconds, "the next step begins anew: {anew}");
    store::finish(t.engine.pool(), id, token, JobState::Succeeded, None)
        .await
        .unwrap();
    assert_eq!(get(&t.engine, &cli, id).await.unwrap().step_seconds, None);
    t.close().await;
}

#[tokio::test]
async fn a_job_whose_workers_die_ends_as_failed() {
    let t = testing::engine().await;
    let id = ask(&t.engine, rebuild()).await;
    for _ in 0..2 {
        store::claim(t.engine.pool(), Uuid::new_v4(), None)
            .await
            .unwrap()
            .unwrap();
        sqlx::query("update jobs set lease_until = now() - interval '1 s'")
            .execute(t.engine.pool())
            .await
            .unwrap();
    }
    assert!(
        store::claim(t.engine.pool(), Uuid::new_v4(), None)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(store::fail_abandoned(t.engine.pool()).await.unwrap(), vec![id]);
    let job = get(&t.engine, &Actor::command_line(), id).await.unwrap();
    assert_eq!(job.state, JobState::Failed);
    assert!(job.error.unwrap().contains("2 times"));
    t.close().await;
}

#[tokio::test]
async fn a_waiting_job_is_cancelled_at_once_and_can_be_tried_again() {
    let t = testing::engine().await;
    let cli = Actor::command_line();
    let id = ask(&t.engine, rebuild()).await;
    assert_eq!(cancel(&t.engine, &cli, id).await.unwrap().state, JobState::Cancelled);
    assert_eq!(cancel(&t.engine, &cli, id).await.unwrap_err().status(), 409);
    assert_eq!(retry(&t.engine, &cli, id).await.unwrap().state, JobState::Queued);
    let job = run_one(&t.engine, id).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    t.close().await;
}

#[tokio::test]
async fn the_same_job_does_not_wait_twice() {
    let t = testing::engine().await;
    let keyed = || NewJob {
        dedup_key: Some("rebuild".into()),
        ..rebuild()
    };
    assert_eq!(ask(&t.engine, keyed()).await, ask(&t.engine, keyed()).await);
    t.close().await;
}

#[tokio::test]
async fn workers_wake_for_a_new_job() {
    let t = testing::engine().await;
    let workers = start_workers(&t.engine, 1);
    let id = ask(&t.engine, rebuild()).await;
    let job = wait(&t.engine, id, Duration::from_secs(10)).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    workers.stop().await;
    t.close().await;
}

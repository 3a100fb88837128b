//! A run from asking to its file of members, over a real database and sealed files.

use super::*;
use crate::testing::{self, TestEngine};
use futures::TryStreamExt;
use types::auth::{Rights, Role};
use types::jobs::JobState;

/// Customer n of 25 ordered n times, the last time n days before 31 March; two more never did.
const DATA: [&str; 3] = [
    "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 27) n",
    "insert into customers (customer_no) select generate_series(1, 27)",
    "insert into orders (order_id, customer_no, ordered_at, total) select n || '-' || k, n, timestamptz '2026-03-31 12:00Z' - (n + k - 1) * interval '1 day', n
     from generate_series(1, 25) n, lateral generate_series(1, n) k",
];

fn manager(export: bool) -> Actor {
    Actor {
        rights: Rights {
            role: Role::Manager,
            export,
            personal_data: false,
        },
        ..Actor::command_line()
    }
}

fn rfm() -> NewRun {
    serde_json::from_str(r#"{"method": "rfm", "as_of": "2026-03-31"}"#).unwrap()
}

async fn run(t: &TestEngine) -> Run {
    let started = start_run(&t.engine, &manager(false), rfm()).await.unwrap();
    assert_eq!(
        get_run(&t.engine, &manager(false), started.run_id).await.unwrap().state,
        RunState::Running
    );
    let job = queue::run_one(&t.engine, started.job_id).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    assert_eq!(job.subject, format!("/segments/runs/{}", started.run_id));
    get_run(&t.engine, &manager(false), started.run_id).await.unwrap()
}

async fn members(t: &TestEngine, actor: &Actor, run: i64, segment: Option<&str>, file: MembersFile) -> Result<String> {
    let pieces: Vec<bytes::Bytes> = members_csv(&t.engine, actor, run, segment, file)
        .await?
        .try_collect()
        .await?;
    Ok(String::from_utf8(pieces.concat()).unwrap())
}

#[tokio::test]
async fn a_run_scores_who_ordered_and_knows_when_it_is_outdated() {
    let t = testing::engine().await;
    let refused = start_run(&t.engine, &manager(false), rfm()).await.unwrap_err();
    assert_eq!(refused.status(), 409, "no data yet");
    t.publish(&DATA).await;
    let run = run(&t).await;
    assert_eq!(
        (run.state, run.covered, run.customers, run.data_version),
        (RunState::Done, 25, 27, 1)
    );
    assert_eq!(run.segments.iter().map(|segment| segment.size).sum::<i64>(), 25);
    assert!((run.segments.iter().map(|segment| segment.share).sum::<f64>() - 1.0).abs() < 1e-12);
    // Recency and frequency rise together here: five customers in each fifth, the diagonal of the grid from (5, 1) to (1, 5).
    let size = |key: &str| run.segments.iter().find(|segment| segment.key == key).unwrap().size;
    assert_eq!(
        [
            size("new"),
            size("potential_loyalist"),
            size("need_attention"),
            size("at_risk"),
            size("cant_lose")
        ],
        [5; 5]
    );
    let new = run.segments.iter().find(|segment| segment.key == "new").unwrap();
    assert_eq!(
        (
            new.profile.recency_mean,
            new.profile.frequency_median,
            new.profile.monetary_total
        ),
        (3.0, 3.0, 55.0)
    );
    assert!(!run.outdated && run.duration_ms.is_some());
    t.publish(&[]).await;
    assert!(get_run(&t.engine, &manager(false), run.id).await.unwrap().outdated);
    assert_eq!(
        list_runs(&t.engine, &manager(false), None, 10)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
    t.close().await;
}

#[tokio::test]
async fn members_leave_only_with_the_right_and_a_row_in_the_log() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    t.publish(&["update customer_ids set external_id = '=1+1' where customer_no = 2"])
        .await;
    let run = run(&t).await;
    let refused = members(&t, &manager(false), run.id, None, MembersFile::Program)
        .await
        .unwrap_err();
    assert_eq!(refused.status(), 403);
    let text = members(&t, &manager(true), run.id, Some("new"), MembersFile::Program)
        .await
        .unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "external_id,segment,r,f,m,recency,frequency,monetary");
    assert_eq!(lines[1..3], ["c1,new,5,1,1,1,1,1", "=1+1,new,5,1,1,2,2,4"]);
    assert_eq!(lines.len(), 6);
    let sheet = members(&t, &manager(true), run.id, None, MembersFile::Spreadsheet)
        .await
        .unwrap();
    assert!(sheet.starts_with('\u{feff}') && sheet.contains("'=1+1,new"));
    assert_eq!(sheet.lines().count(), 26);
    let unknown = members(&t, &manager(true), run.id, Some("nobody"), MembersFile::Program)
        .await
        .unwrap_err();
    assert_eq!(unknown.status(), 422);
    let log = audit::list(&t.engine, &Actor::command_line(), None, 10)
        .await
        .unwrap()
        .items;
    assert_eq!(
        log.iter().filter(|entry| entry.action == "segmentation.export").count(),
        2
    );
    t.close().await;
}

#[tokio::test]
async fn what_cannot_be_run_is_refused_by_field() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    for (body, field) in [
        (
            r#"{"method": "kmeans", "params": {"features": ["shoes", "age"]}}"#,
            "params.features.0",
        ),
        (r#"{"method": "rfm", "params": {"k": 3}}"#, "params.k"),
    ] {
        let refused = start_run(&t.engine, &manager(false), serde_json::from_str(body).unwrap())
            .await
            .unwrap_err();
        assert_eq!(refused.to_problem().errors[0].field, field);
    }
    assert_eq!(get_run(&t.engine, &manager(false), 99).await.unwrap_err().status(), 404);
    t.close().await;
}

#[tokio::test]
async fn a_cancelled_run_ends_as_failed() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let started = start_run(&t.engine, &manager(false), rfm()).await.unwrap();
    queue::cancel(&t.engine, &manager(false), started.job_id).await.unwrap();
    assert_eq!(
        get_run(&t.engine, &manager(false), started.run_id).await.unwrap().state,
        RunState::Failed
    );
    t.close().await;
}

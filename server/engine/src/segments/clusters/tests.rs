//! Runs of clusters over a real database and sealed files.

use crate::Engine;
use crate::auth::Actor;
use crate::queue;
use crate::segments::{MembersFile, get_run, members_csv, start_run};
use crate::testing::{self, TestEngine};
use futures::TryStreamExt;
use serde_json::{Value, json};
use types::jobs::JobState;
use types::segments::{Run, RunState};

/// Forty customers of two plain kinds: the even ones order ten times for 100 and are called women, the odd ones once for 5 long ago.
const DATA: [&str; 3] = [
    "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 40) n",
    "insert into customers (customer_no, gender) select n, case when n % 2 = 0 then 'female' else 'male' end from generate_series(1, 40) n",
    "insert into orders (order_id, customer_no, ordered_at, total)
     select n || '-' || k, n, timestamptz '2026-03-31 12:00Z' - (k * 2 + n % 3) * interval '1 day', 100 + n from generate_series(2, 40, 2) n, generate_series(1, 10) k
     union all
     select n || '-1', n, timestamptz '2025-10-01 12:00Z' - n * interval '1 hour', 5 + n * 0.01 from generate_series(1, 39, 2) n",
];

async fn run_of(engine: &Engine, method: &str, params: Value) -> Run {
    let actor = Actor::command_line();
    let new = json!({ "method": method, "as_of": "2026-03-31", "seed": 7, "params": params });
    let started = start_run(engine, &actor, serde_json::from_value(new).unwrap())
        .await
        .unwrap();
    let job = queue::run_one(engine, started.job_id).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    let run = get_run(engine, &actor, started.run_id).await.unwrap();
    assert_eq!(run.state, RunState::Done);
    run
}

async fn lines(t: &TestEngine, run: i64, segment: &str) -> Vec<String> {
    let pieces: Vec<bytes::Bytes> = members_csv(
        &t.engine,
        &Actor::command_line(),
        run,
        Some(segment),
        MembersFile::Program,
    )
    .await
    .unwrap()
    .try_collect()
    .await
    .unwrap();
    String::from_utf8(pieces.concat())
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn two_kinds_are_found_named_and_given_out() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let run = run_of(
        &t.engine,
        "kmeans",
        json!({ "features": ["recency", "frequency", "monetary", "age"] }),
    )
    .await;
    // Everything that was not said is kept as it was decided.
    assert_eq!(
        Value::Object(run.params.clone()),
        json!({ "features": ["recency", "frequency", "monetary", "age"], "k": "auto", "scale": "standard", "log": "auto", "restarts": 5 })
    );
    assert_eq!((run.covered, run.seed, run.segments.len()), (40, 7, 2));
    assert_eq!(run.segments.iter().map(|of| of.size).collect::<Vec<_>>(), [20, 20]);
    assert!(run.quality.silhouette.unwrap() > 0.7 && run.quality.inertia.unwrap() > 0.0);
    assert_eq!(run.quality.stability, Some(1.0));
    assert_eq!(
        run.details.curve.iter().map(|point| point.k).collect::<Vec<_>>(),
        (2..=12).collect::<Vec<_>>()
    );
    let best = run
        .details
        .curve
        .iter()
        .max_by(|a, b| a.silhouette.unwrap().total_cmp(&b.silhouette.unwrap()));
    assert_eq!(best.unwrap().k, 2);
    assert_eq!(run.details.sample, Some(40));
    // Nobody has an age: it is filled, said, and sets nobody apart.
    let age = run.details.features.iter().find(|used| used.name == "age").unwrap();
    assert_eq!((age.missing, age.scale), (40, 1.0));
    // The first group is that of the highest spend.
    let best = &run.segments[0];
    assert_eq!((best.key.as_str(), best.profile.frequency_mean), ("c1", 10.0));
    assert!(best.profile.monetary_mean > 1_000.0);
    assert_eq!(best.traits.len(), 4);
    assert!(
        best.name.contains("igh") && best.name.contains("low recency"),
        "{}",
        best.name
    );
    let spend = best.traits.iter().find(|of| of.feature == "monetary").unwrap();
    assert!((spend.own - best.profile.monetary_mean).abs() < 1e-6 && (spend.difference - 1.0).abs() < 0.05);
    let members = lines(&t, run.id, "c1").await;
    assert_eq!(members.len(), 21);
    assert!(members[1].starts_with("c2,c1,,,,"), "{}", members[1]);
    t.close().await;
}

#[tokio::test]
async fn categories_join_the_numbers() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let params = json!({ "features": ["recency", "gender", "category_shares"], "k": 2, "gamma": 1.5 });
    let run = run_of(&t.engine, "kprototypes", params).await;
    assert_eq!(run.details.gamma, Some(1.5));
    assert!(run.details.curve.is_empty());
    let best = &run.segments[0];
    let gender = best.traits.iter().find(|of| of.feature == "gender").unwrap();
    assert_eq!(
        (gender.value.as_deref(), gender.own, gender.all),
        (Some("female"), 1.0, 0.5)
    );
    assert!((gender.difference - 1.0).abs() < 1e-9);
    assert!(run.segments[1].name.contains("ender male"), "{}", run.segments[1].name);
    // The same question gives the same answer.
    let again = run_of(
        &t.engine,
        "kprototypes",
        json!({ "features": ["recency", "gender", "category_shares"], "k": 2, "gamma": 1.5 }),
    )
    .await;
    assert_eq!((again.segments, again.quality), (run.segments, run.quality));
    t.close().await;
}

#[tokio::test]
async fn attributes_of_the_company_are_features_too() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    t.publish(&["update customers set attributes = jsonb_build_object('score', customer_no % 2 * 10, 'tier', case when customer_no % 2 = 0 then 'gold' else 'tin' end)"])
        .await;
    let run = run_of(
        &t.engine,
        "kprototypes",
        json!({ "features": ["attributes.score", "attributes.tier"], "k": 2 }),
    )
    .await;
    let low = run.segments[0]
        .traits
        .iter()
        .find(|of| of.feature == "attributes.score")
        .unwrap();
    assert_eq!((low.own, low.all), (0.0, 5.0));
    assert!(run.segments[0].name.contains("ier gold"), "{}", run.segments[0].name);
    t.close().await;
}

#[tokio::test]
async fn what_does_not_differ_cannot_be_grouped() {
    let t = testing::engine().await;
    t.publish(&[
        "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 4) n",
        "insert into customers (customer_no) select generate_series(1, 4)",
        "insert into orders (order_id, customer_no, ordered_at, total) select n, n, timestamptz '2026-03-01 12:00Z', 5 from generate_series(1, 4) n",
    ])
    .await;
    let actor = Actor::command_line();
    let new = serde_json::from_value(json!({ "method": "kmeans" })).unwrap();
    let started = start_run(&t.engine, &actor, new).await.unwrap();
    let job = queue::run_one(&t.engine, started.job_id).await.unwrap();
    assert_eq!(job.state, JobState::Failed);
    assert!(job.error.unwrap().contains("do not differ"));
    t.close().await;
}

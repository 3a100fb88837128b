//! Runs with parameters, lifecycle stages, the run that counts, and moves between runs, over a real database and sealed files.

use super::*;
use crate::testing::{self, TestEngine};
use futures::TryStreamExt;
use serde_json::json;
use types::auth::{Rights, Role};
use types::jobs::JobState;

/// Customer n of 25 ordered n times, the last time n days before 31 March.
const DATA: [&str; 3] = [
    "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 26) n",
    "insert into customers (customer_no) select generate_series(1, 26)",
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

async fn run(t: &TestEngine, asked: serde_json::Value) -> Run {
    let asked = serde_json::from_value(asked).unwrap();
    let started = start_run(&t.engine, &manager(false), asked).await.unwrap();
    let job = queue::run_one(&t.engine, started.job_id).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    get_run(&t.engine, &manager(false), started.run_id).await.unwrap()
}

fn sizes(run: &Run) -> Vec<(&str, i64)> {
    run.segments
        .iter()
        .filter(|of| of.size > 0)
        .map(|of| (of.key.as_str(), of.size))
        .collect()
}

#[tokio::test]
async fn fixed_cuts_and_an_own_grid_make_the_groups() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    // Up to 5 days is 5, up to 10 is 4, …; up to 5 orders is 1, up to 10 is 2, …
    let cutoffs = json!({ "r": [5, 10, 15, 20], "f": [5, 10, 15, 20] });
    let fixed = run(
        &t,
        json!({ "method": "rfm", "as_of": "2026-03-31", "params": { "cutoffs": cutoffs } }),
    )
    .await;
    assert_eq!(
        sizes(&fixed),
        [
            ("potential_loyalist", 5),
            ("new", 5),
            ("need_attention", 5),
            ("at_risk", 5),
            ("cant_lose", 5)
        ]
    );
    assert_eq!(fixed.details.cuts.unwrap().r, Some([5.0, 10.0, 15.0, 20.0]));
    // A week later nobody is as recent: fixed cuts say so, fifths would not.
    let later = run(
        &t,
        json!({ "method": "rfm", "as_of": "2026-04-10", "params": { "cutoffs": cutoffs } }),
    )
    .await;
    assert!(
        !sizes(&later).iter().any(|(key, _)| *key == "new"),
        "{:?}",
        sizes(&later)
    );
    // Only two groups, of which one has a name of its own.
    let (good, other) = (["champions"; 5], ["hibernating"; 5]);
    let grid = json!([other, other, other, good, good]);
    let params = json!({ "grid": grid, "names": { "champions": "VIP" } });
    let own = run(&t, json!({ "method": "rfm", "as_of": "2026-03-31", "params": params })).await;
    assert_eq!(sizes(&own), [("champions", 10), ("hibernating", 15)]);
    assert_eq!((own.segments[0].name.as_str(), own.segments[0].own_name), ("VIP", true));
    assert_eq!(
        (own.segments[1].name.as_str(), own.segments[1].own_name),
        ("Hibernating", false)
    );
    assert_eq!(own.segments.len(), 2);
    t.close().await;
}

#[tokio::test]
async fn stages_follow_each_customers_own_rhythm() {
    let t = testing::engine().await;
    t.publish(&[
        "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 5) n",
        "insert into customers (customer_no) select generate_series(1, 5)",
        // Monthly and on time; weekly and silent for a month; once, yesterday; once, long ago; monthly with a year's pause.
        "insert into orders (order_id, customer_no, ordered_at, total)
         select 'a' || n, 1, timestamptz '2026-03-20 12:00Z' - n * interval '30 days', 10 from generate_series(0, 20) n union all
         select 'b' || n, 2, timestamptz '2026-02-28 12:00Z' - n * interval '7 days', 10 from generate_series(0, 9) n union all
         select 'c1', 3, '2026-03-30 12:00Z', 10 union all
         select 'd1', 4, '2024-03-30 12:00Z', 10 union all
         select 'e0', 5, '2026-03-25 12:00Z', 10 union all
         select 'e' || n, 5, timestamptz '2025-03-25 12:00Z' - n * interval '30 days', 10 from generate_series(1, 9) n",
    ])
    .await;
    let stages = run(&t, json!({ "method": "lifecycle", "as_of": "2026-03-31" })).await;
    assert_eq!(
        sizes(&stages),
        [("new", 1), ("active", 1), ("won_back", 1), ("asleep", 1), ("lost", 1)]
    );
    assert_eq!(stages.details.usual_gap_days, Some(30.0));
    assert_eq!(stages.params["slipping"], json!(1.5));
    let strict = run(
        &t,
        json!({ "method": "lifecycle", "as_of": "2026-03-31", "params": { "asleep": 2, "lost": 3 } }),
    )
    .await;
    assert_eq!(strict.segments.iter().find(|of| of.key == "lost").unwrap().size, 2);
    t.close().await;
}

#[tokio::test]
async fn somebody_chooses_which_run_counts() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let first = run(&t, json!({ "method": "rfm", "as_of": "2026-03-31" })).await;
    assert!(first.current);
    let second = run(&t, json!({ "method": "rfm", "as_of": "2026-03-20" })).await;
    let current = async || newest_rfm_groups(&t.engine).await.unwrap().unwrap().0;
    assert_eq!(current().await, second.id);
    choose_run(&t.engine, &manager(false), first.id).await.unwrap();
    assert_eq!(current().await, first.id);
    let third = run(&t, json!({ "method": "rfm", "as_of": "2026-03-21" })).await;
    assert!(!third.current && get_run(&t.engine, &manager(false), first.id).await.unwrap().current);
    // The newest stands for whatever is newest.
    choose_run(&t.engine, &manager(false), third.id).await.unwrap();
    let fourth = run(&t, json!({ "method": "rfm", "as_of": "2026-03-22" })).await;
    assert!(fourth.current);
    // Another method has a current run of its own.
    assert!(
        run(&t, json!({ "method": "lifecycle", "as_of": "2026-03-31" }))
            .await
            .current
    );
    assert!(get_run(&t.engine, &manager(false), fourth.id).await.unwrap().current);
    assert_eq!(
        choose_run(&t.engine, &manager(false), 99).await.unwrap_err().status(),
        404
    );
    t.close().await;
}

#[tokio::test]
async fn moves_are_counted_listed_and_saved() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let before = run(&t, json!({ "method": "rfm", "as_of": "2026-03-31" })).await;
    // Everybody of 21 to 25 orders once more, today; so does somebody new.
    t.publish(&[
        "insert into orders (order_id, customer_no, ordered_at, total) select 'again' || n, n, timestamptz '2026-04-01 12:00Z', 10 from generate_series(21, 26) n",
    ])
    .await;
    let after = run(&t, json!({ "method": "rfm", "as_of": "2026-04-01" })).await;
    let moves = get_moves(&t.engine, &manager(false), before.id, after.id)
        .await
        .unwrap();
    assert_eq!((moves.from, moves.to, moves.both), (before.id, after.id, 25));
    assert_eq!(moves.cells.iter().map(|cell| cell.size).sum::<i64>(), 26);
    let size = |from: Option<&str>, to: Option<&str>| {
        let found = moves
            .cells
            .iter()
            .find(|cell| cell.from.as_deref() == from && cell.to.as_deref() == to);
        found.map_or(0, |cell| cell.size)
    };
    // The five best customers who slept come back; the new one was in no group before.
    assert_eq!(size(Some("cant_lose"), Some("champions")), 5);
    let newcomer = moves.cells.iter().find(|cell| cell.from.is_none()).unwrap();
    assert_eq!((newcomer.size, newcomer.to.as_deref()), (1, Some("new")));
    let rand = moves.adjusted_rand.unwrap();
    assert!(rand > 0.0 && rand < 1.0, "{rand}");
    let same = moves
        .cells
        .iter()
        .filter(|cell| cell.from == cell.to)
        .map(|cell| cell.size)
        .sum::<i64>();
    assert_eq!(moves.stayed, same);

    let cell = Cell {
        from: Some("cant_lose".into()),
        to: Some("champions".into()),
    };
    let refused = moved_csv(
        &t.engine,
        &manager(false),
        before.id,
        after.id,
        cell.clone(),
        MembersFile::Program,
    )
    .await;
    assert_eq!(refused.err().unwrap().status(), 403);
    let text = |cell: Cell| {
        let engine = t.engine.clone();
        let (before, after) = (before.id, after.id);
        async move {
            let pieces: Vec<bytes::Bytes> =
                moved_csv(&engine, &manager(true), before, after, cell, MembersFile::Program)
                    .await
                    .unwrap()
                    .try_collect()
                    .await
                    .unwrap();
            String::from_utf8(pieces.concat()).unwrap()
        }
    };
    let file = text(cell.clone()).await;
    let ids: Vec<&str> = file
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(ids, ["c21", "c22", "c23", "c24", "c25"]);
    let news = Cell {
        from: None,
        to: Some("new".into()),
    };
    assert_eq!(
        text(news.clone()).await.lines().nth(1).unwrap().split(',').next(),
        Some("c26")
    );

    let saved = save_moved(
        &t.engine,
        &manager(false),
        before.id,
        after.id,
        cell,
        "Back again".into(),
    )
    .await
    .unwrap();
    assert_eq!((saved.size, saved.name.as_str()), (Some(5), "Back again"));
    let newcomers = save_moved(
        &t.engine,
        &manager(false),
        before.id,
        after.id,
        news,
        "Newcomers".into(),
    )
    .await
    .unwrap();
    assert_eq!(newcomers.size, Some(1));

    let odd = get_moves(&t.engine, &manager(false), after.id, after.id)
        .await
        .unwrap_err();
    assert_eq!(odd.to_problem().errors[0].field, "from");
    let unknown = Cell {
        from: Some("vip".into()),
        to: None,
    };
    let odd = save_moved(&t.engine, &manager(false), before.id, after.id, unknown, "x".into()).await;
    assert_eq!(odd.unwrap_err().to_problem().errors[0].field, "from_segment");
    // Backwards, those who were not there yet have no group to go to.
    let back = get_moves(&t.engine, &manager(false), after.id, before.id)
        .await
        .unwrap();
    let gone = back.cells.iter().find(|cell| cell.to.is_none()).unwrap();
    let gone = Cell {
        from: gone.from.clone(),
        to: None,
    };
    let pieces: Vec<bytes::Bytes> = moved_csv(
        &t.engine,
        &manager(true),
        after.id,
        before.id,
        gone,
        MembersFile::Program,
    )
    .await
    .unwrap()
    .try_collect()
    .await
    .unwrap();
    assert!(String::from_utf8(pieces.concat()).unwrap().contains("c26,new"));
    t.close().await;
}

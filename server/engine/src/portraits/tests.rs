//! A portrait against numbers that were counted by hand.

use super::*;
use crate::segments::start_run;
use crate::{queue, testing};
use types::segments::NewRun;

/// 200 customers: 1 to 100 women, 101 to 200 men. Women order once on each of the last days, men once long ago; six live in Tiny.
const DATA: [&str; 3] = [
    "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 200) n",
    "insert into customers (customer_no, gender, age, city)
     select n, case when n <= 100 then 'female' else 'male' end, 20 + n % 40, case when n <= 6 then 'Tiny' when n <= 150 then 'Big' end
     from generate_series(1, 200) n",
    "insert into orders (order_id, customer_no, ordered_at, total)
     select n || '-' || k, n, timestamptz '2026-03-31 12:00Z' - (case when n <= 100 then n % 10 else 200 + n end) * interval '1 day', 10
     from generate_series(1, 200) n, lateral generate_series(1, case when n <= 100 then 2 else 1 end) k",
];

#[tokio::test]
async fn shares_indexes_and_findings_follow_from_the_counts() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let actor = Actor::command_line();
    let new: NewRun = serde_json::from_str(r#"{"method": "rfm"}"#).unwrap();
    let started = start_run(&t.engine, &actor, new).await.unwrap();
    queue::run_one(&t.engine, started.job_id).await.unwrap();
    let run = segments::get_run(&t.engine, &actor, started.run_id).await.unwrap();
    let best = run
        .segments
        .iter()
        .find(|segment| segment.key == "potential_loyalist")
        .unwrap();
    let group = GroupRef::Run {
        run: run.id,
        key: "potential_loyalist".into(),
    };
    let portrait = get_portrait(&t.engine, &actor, &group, &GroupRef::All).await.unwrap();
    assert_eq!((portrait.size, portrait.baseline_size), (best.size, 200));
    assert!(best.size > 0);
    let gender = portrait
        .dimensions
        .iter()
        .find(|dimension| dimension.name == "gender")
        .unwrap();
    let women = gender.values.iter().find(|value| value.value == "female").unwrap();
    assert_eq!((women.share, women.baseline_share, women.tgi), (1.0, 0.5, Some(200.0)));
    let men = gender.values.iter().find(|value| value.value == "male").unwrap();
    assert_eq!((men.count, men.tgi, men.tgi_low), (0, Some(0.0), None));
    let city = portrait
        .dimensions
        .iter()
        .find(|dimension| dimension.name == "city")
        .unwrap();
    assert_eq!(city.baseline_coverage, 0.75);
    assert_eq!(
        city.values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>(),
        ["Big", OTHER_SMALL]
    );
    assert_eq!(city.values[1].baseline_count, 6);
    let first = &portrait.findings[0];
    assert!(
        first.tgi > 100.0 && portrait.comparisons > portrait.findings.len() as i64,
        "{first:?}"
    );
    assert!(
        portrait
            .findings
            .iter()
            .any(|finding| finding.dimension == "gender" && finding.value == "female")
    );
    assert!(portrait.findings.iter().all(|finding| finding.value != OTHER_SMALL));
    let orders = portrait
        .measures
        .iter()
        .find(|measure| measure.name == "orders")
        .unwrap();
    assert_eq!(
        (orders.mean, orders.baseline_mean, orders.median),
        (Some(2.0), Some(1.5), Some(2.0))
    );
    let days = portrait
        .measures
        .iter()
        .find(|measure| measure.name == "days_since_last_order")
        .unwrap();
    assert!(
        days.mean.unwrap() < 10.0
            && days.low.unwrap() <= days.mean.unwrap()
            && days.mean.unwrap() <= days.high.unwrap()
    );
    let whole = get_portrait(&t.engine, &actor, &GroupRef::All, &GroupRef::All)
        .await
        .unwrap();
    assert!(whole.findings.is_empty() && whole.size == 200);
    let other = GroupRef::Run {
        run: run.id,
        key: "hibernating".into(),
    };
    let apart = get_portrait(&t.engine, &actor, &group, &other).await.unwrap();
    assert_eq!(apart.baseline, format!("run:{}:hibernating", run.id));
    t.close().await;
}

#[tokio::test]
async fn groups_that_do_not_exist_are_named() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let actor = Actor::command_line();
    for (group, status) in [("12", 404), ("run:9:champions", 404), ("tag:loyal", 404)] {
        let refused = get_portrait(&t.engine, &actor, &group.parse().unwrap(), &GroupRef::All)
            .await
            .unwrap_err();
        assert_eq!(refused.status(), status, "{group}");
    }
    t.close().await;
}

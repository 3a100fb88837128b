//! The first page over a small company in Shanghai.

use super::*;
use crate::testing;

#[tokio::test]
async fn figures_follow_local_days_and_compare_with_the_days_before() {
    let t = testing::engine_with(|config| config.time_zone = chrono_tz::Asia::Shanghai).await;
    t.publish(&[
        "insert into customer_ids (external_id, customer_no) values ('c1', 1), ('c2', 2), ('c3', 3)",
        "insert into customers (customer_no) values (1), (2), (3)",
        // 00:30 and 23:30 local time on 10 March, and half an hour on either side of them outside.
        "insert into orders (order_id, customer_no, ordered_at, total, refund_amount, refunded_at) values
            ('a', 1, '2026-03-09 15:30Z', 1, null, null), ('b', 1, '2026-03-09 16:30Z', 10, null, null),
            ('c', 2, '2026-03-10 15:30Z', 20, 5, '2026-03-10 15:59:59Z'), ('d', 3, '2026-03-10 16:30Z', 100, null, null)",
        "insert into campaigns (campaign_id) values ('k')",
        "insert into campaign_costs (row_key, campaign_id, day, cost) values (gen_random_uuid(), 'k', '2026-03-10', 5)",
        "insert into touches (row_key, customer_no, at, kind, campaign_id) values (gen_random_uuid(), 2, '2026-03-10 12:00Z', 'sent', 'k')",
    ])
    .await;
    let actor = Actor::command_line();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let period = Period {
        from: day("2026-03-10"),
        to: day("2026-03-11"),
    };
    let found = get_overview(&t.engine, &actor, period, None).await.unwrap();
    assert_eq!(
        (found.orders, found.comparison.from),
        (
            Compared {
                now: Some(2.0),
                before: Some(1.0)
            },
            day("2026-03-09")
        )
    );
    assert_eq!(
        found.net_revenue,
        Compared {
            now: Some(25.0),
            before: Some(1.0)
        }
    );
    assert_eq!(found.refunds.now, Some(5.0));
    assert_eq!(
        found.repeat_rate,
        Compared {
            now: Some(0.5),
            before: Some(0.0)
        }
    );
    assert_eq!(
        found.campaign_roi,
        Compared {
            now: Some(2.0),
            before: None
        }
    );
    assert_eq!(
        (found.by_day.len(), found.by_day[0].orders, found.by_day[0].net_revenue),
        (1, 2, 25.0)
    );
    assert_eq!(found.campaign_roi_by_month.len(), 1);
    assert_eq!(found.campaign_roi_by_month[0].roi, Some(2.0));
    let usual = get_overview(&t.engine, &actor, None, None).await.unwrap();
    assert_eq!(
        (usual.period.days(), usual.period.to),
        (90, day("2026-03-12")),
        "11 March is the local day of the last order"
    );
    let backwards = Period {
        from: day("2026-03-10"),
        to: day("2026-03-10"),
    };
    assert_eq!(
        get_overview(&t.engine, &actor, backwards, None)
            .await
            .unwrap_err()
            .status(),
        422
    );
    t.close().await;
}

#[tokio::test]
async fn an_empty_installation_has_an_overview_of_nothing() {
    let t = testing::engine().await;
    let found = get_overview(&t.engine, &Actor::command_line(), None, None)
        .await
        .unwrap();
    assert_eq!(
        (found.data_version, found.orders.now, found.repeat_rate.now),
        (0, Some(0.0), None)
    );
    t.close().await;
}

//! Return and lift against the numbers of the contract.

use super::*;
use crate::testing::{self, TestEngine};

/// 2000 people written to, 2000 held out; 260 and 161 of them ordered once for 10 within the window.
const TEST: [&str; 6] = [
    "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 4000) n",
    "insert into customers (customer_no) select generate_series(1, 4000)",
    "insert into campaigns (campaign_id, name, channel, starts_at, holdout_share) values ('spring', 'Spring', 'email', '2026-03-01', 0.5), ('quiet', 'Quiet', null, null, null)",
    "insert into campaign_costs (row_key, campaign_id, day, cost) values (gen_random_uuid(), 'spring', '2026-03-01', 1000)",
    "insert into touches (row_key, customer_no, at, kind, campaign_id, cost)
     select gen_random_uuid(), n, '2026-03-01 08:00Z', case when n <= 2000 then 'sent' else 'held_out' end, 'spring', case when n <= 2000 then 0.1 end from generate_series(1, 4000) n",
    "insert into orders (order_id, customer_no, ordered_at, total, refund_amount)
     select 'o' || n, n, '2026-03-05 12:00Z', 10, case when n = 1 then 4 end from generate_series(1, 4000) n where n <= 260 or n between 2001 and 2161",
];

async fn published() -> TestEngine {
    let t = testing::engine().await;
    t.publish(&TEST).await;
    t
}

#[tokio::test]
async fn lift_is_the_number_of_the_contract() {
    let t = published().await;
    let found = get_campaign(&t.engine, &Actor::command_line(), "spring", None)
        .await
        .unwrap();
    let ordered = found.lift.iter().find(|lift| lift.outcome == "ordered").unwrap();
    assert_eq!(
        (ordered.treated.n, ordered.held_out.n, ordered.excluded),
        (2000, 2000, 0)
    );
    let close =
        |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() < 1e-9, "{found:?} {expected}");
    close(ordered.difference, 0.0495);
    close(ordered.low, 0.030_544_597);
    close(ordered.high, 0.068_545_391);
    close(ordered.sample_ratio_p, 1.0);
    assert_eq!((ordered.verdict, found.row.verdict), (Verdict::Proven, Verdict::Proven));
    let spend = found.lift.iter().find(|lift| lift.outcome == "spend").unwrap();
    close(spend.difference, (2600.0 - 4.0) / 2000.0 - 1610.0 / 2000.0);
    // Nobody uploaded a visit: no rate and no difference, rather than 0 % against 0 %.
    let visited = |found: &Campaign| {
        found
            .lift
            .iter()
            .find(|lift| lift.outcome == "visited")
            .cloned()
            .unwrap()
    };
    let without = visited(&found);
    assert_eq!((without.treated.n, without.held_out.n), (2000, 2000));
    assert_eq!((without.treated.mean, without.held_out.mean), (None, None));
    assert_eq!((without.difference, without.low, without.p), (None, None, None));
    assert_eq!(without.verdict, Verdict::NotProven);
    t.publish(&["insert into interactions (row_key, customer_no, at, kind)
         select gen_random_uuid(), n, '2026-03-02 08:00Z', 'view' from generate_series(1, 200) n"])
        .await;
    let found = get_campaign(&t.engine, &Actor::command_line(), "spring", None)
        .await
        .unwrap();
    let with = visited(&found);
    assert_eq!((with.treated.mean, with.held_out.mean), (Some(0.1), Some(0.0)));
    assert_eq!(with.verdict, Verdict::Proven);
    t.close().await;
}

#[tokio::test]
async fn the_return_takes_costs_of_campaign_and_touches() {
    let t = published().await;
    let actor = Actor::command_line();
    let list = list_campaigns(&t.engine, &actor, None).await.unwrap();
    assert_eq!(
        list.items
            .iter()
            .map(|row| row.campaign_id.as_str())
            .collect::<Vec<_>>(),
        ["spring", "quiet"]
    );
    let figures = list.items[0].figures;
    assert_eq!(
        (figures.cost, figures.revenue, figures.refunds, figures.net_revenue),
        (1200.0, 2600.0, 4.0, 2596.0)
    );
    assert_eq!(
        (figures.orders, figures.new_customers, figures.people),
        (260, 260, 2000)
    );
    assert_eq!(
        (figures.roi, figures.payback_days, figures.margin),
        (Some(1396.0 / 1200.0), Some(4), None)
    );
    assert_eq!(
        (list.items[1].verdict, list.items[1].figures.roi),
        (Verdict::NoHoldout, None)
    );
    assert_eq!(list.total.roi, figures.roi);
    let one = get_campaign(&t.engine, &actor, "spring", None).await.unwrap();
    assert_eq!(
        one.by_channel
            .iter()
            .map(|slice| (slice.key.as_str(), slice.people, slice.orders))
            .collect::<Vec<_>>(),
        [("email", 2000, 260)]
    );
    assert_eq!(
        one.by_day.iter().map(|day| (day.cost, day.orders)).collect::<Vec<_>>(),
        [(1200.0, 0), (0.0, 260)]
    );
    assert_eq!(
        one.funnel.iter().map(|step| step.customers).collect::<Vec<_>>(),
        [2000, 0, 0, 0, 260]
    );
    let day = |text: &str| text.parse().unwrap();
    let later = Some(Period {
        from: day("2026-03-02"),
        to: day("2026-04-01"),
    });
    let cut = list_campaigns(&t.engine, &actor, later).await.unwrap();
    assert_eq!(
        (cut.items.len(), cut.items[0].figures.cost, cut.items[0].figures.revenue),
        (1, 0.0, 2600.0)
    );
    assert_eq!(
        get_campaign(&t.engine, &actor, "nobody", None)
            .await
            .unwrap_err()
            .status(),
        404
    );
    t.close().await;
}

#[tokio::test]
async fn the_margin_takes_unit_costs_off() {
    let t = published().await;
    t.publish(&[
        "insert into products (product_id, unit_cost) values ('p', 3)",
        "insert into order_lines (order_id, row_key, order_customer_no, order_at, product_id, quantity, unit_price)
         select order_id, gen_random_uuid(), customer_no, ordered_at, 'p', 1, 10 from orders",
    ])
    .await;
    let list = list_campaigns(&t.engine, &Actor::command_line(), None).await.unwrap();
    assert_eq!(list.items[0].figures.margin, Some(2596.0 - 260.0 * 3.0));
    t.close().await;
}

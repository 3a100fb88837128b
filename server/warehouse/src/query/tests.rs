//! Definitions on small cases computed by hand.

use crate::labels::Group;
use crate::query::campaigns::CampaignQuestion;
use crate::testing::Data;
use chrono::NaiveDate;
use chrono_tz::Tz;
use types::query::Period;

const ORDERS: &str = "order_id|customer_no|ordered_at|total|status|refund_amount|refunded_at";

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(from: &str, to: &str) -> Period {
    Period {
        from: date(from),
        to: date(to),
    }
}

#[tokio::test]
async fn rfm_counts_local_dates_and_takes_refunds_off() {
    let orders = [
        // 00:30 on 3 March in Shanghai is the evening of 2 March in UTC.
        "o1|1|2026-03-02T16:30:00Z|100|||",
        // 23:30 on 3 March.
        "o2|1|2026-03-03T15:30:00Z|50||20|2026-03-05T00:00:00Z",
        // 00:30 on 4 March: after the date that is asked for.
        "o3|1|2026-03-03T16:30:00Z|7|||",
        // Returned without an amount: refunded as a whole.
        "o4|2|2026-03-01T00:00:00Z|80|returned||",
        // These do not count.
        "o5|2|2026-03-01T00:00:00Z|9|cancelled||",
        "o6|3|2026-03-01T00:00:00Z|9|unpaid||",
        "o7|3|2026-03-01T00:00:00Z|0|||",
        "o8||2026-03-01T00:00:00Z|5|||",
    ];
    let (snapshot, _data) = Data::in_zone(Tz::Asia__Shanghai)
        .with_customers(3)
        .with("orders", ORDERS, &orders)
        .publish()
        .await;
    let found = snapshot.rfm(date("2026-03-03")).await.unwrap();
    assert_eq!(found.customer_no, [1, 2]);
    assert_eq!(
        found.recency,
        [0, 2],
        "both orders of customer 1 are on 3 March; 1 March 08:00 is two days before"
    );
    assert_eq!(found.frequency, [2, 1]);
    assert_eq!(
        found.monetary,
        [150.0, 0.0],
        "the refund of 5 March comes later; the returned order brings nothing"
    );
    let later = snapshot.rfm(date("2026-03-05")).await.unwrap();
    assert_eq!((later.recency[0], later.frequency[0], later.monetary[0]), (1, 3, 137.0));
    assert_eq!(snapshot.today(), Some(date("2026-03-04")));
}

#[tokio::test]
async fn a_document_that_repeats_a_refund_is_ignored_once() {
    let orders = [
        "o1|1|2026-01-01T00:00:00Z|100||30|2026-01-10T00:00:00Z",
        // Repeats the refund, 30 days later to the moment.
        "d1|1|2026-02-09T00:00:00Z|-30|||",
        // A second one has no refund left to repeat.
        "d2|1|2026-02-09T00:00:00Z|-30|||",
        "o2|2|2026-01-01T00:00:00Z|100||30|2026-01-10T00:00:00Z",
        // Too late by a second, and of another customer.
        "d3|2|2026-02-09T00:00:01Z|-30|||",
        // Another amount.
        "d4|2|2026-01-10T00:00:00Z|-29|||",
    ];
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with_customers(2)
        .with("orders", ORDERS, &orders)
        .publish()
        .await;
    let found = snapshot.rfm(date("2026-12-31")).await.unwrap();
    assert_eq!(found.monetary, [100.0 - 30.0 - 30.0, 100.0 - 30.0 - 30.0 - 29.0]);
    assert_eq!(
        found.frequency,
        [1, 1],
        "documents change neither recency nor frequency"
    );
    let figures = snapshot
        .period_figures(period("2026-02-01", "2026-03-01"))
        .await
        .unwrap();
    assert_eq!((figures.orders, figures.refunds), (0, 60.0), "d2 and d3");
}

#[tokio::test]
async fn a_period_takes_refunds_on_their_own_date_and_knows_who_came_back() {
    let orders = [
        "o1|1|2026-01-05T00:00:00Z|10|||",
        "o2|1|2026-02-05T00:00:00Z|20|||",
        "o3|2|2026-02-05T23:30:00Z|30|||",
        "o4|3|2026-02-06T00:00:00Z|40|||",
        "o5|3|2026-02-07T00:00:00Z|50|||",
        "o6||2026-02-07T00:00:00Z|60|||",
        "o7|2|2026-01-20T00:00:00Z|5|cancelled||",
        "o8|4|2026-01-20T00:00:00Z|70||70|2026-02-28T23:59:59Z",
        "o9|4|2026-03-01T00:00:00Z|80|||",
    ];
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with_customers(4)
        .with("orders", ORDERS, &orders)
        .publish()
        .await;
    let figures = snapshot
        .period_figures(period("2026-02-01", "2026-03-01"))
        .await
        .unwrap();
    assert_eq!((figures.orders, figures.revenue, figures.refunds), (5, 200.0, 70.0));
    assert_eq!(
        (figures.active_customers, figures.returning_customers),
        (3, 2),
        "1 earlier, 3 twice in the period"
    );
    assert_eq!(figures.orders_without_customer, 1);
    assert_eq!(figures.days.len(), 28);
    let busy: Vec<(u32, u64, f64)> = figures
        .days
        .iter()
        .filter(|day| day.orders > 0)
        .map(|day| (chrono::Datelike::day(&day.day), day.orders, day.revenue))
        .collect();
    assert_eq!(busy, [(5, 2, 50.0), (6, 1, 40.0), (7, 2, 110.0)]);
    assert_eq!(figures.days[27].refunds, 70.0);
}

#[tokio::test]
async fn amounts_take_the_rate_of_their_day_or_the_last_one_before() {
    let orders = [
        "o1|1|2026-01-01T00:00:00Z|10|USD",
        "o2|1|2026-01-03T00:00:00Z|10|USD",
        "o3|1|2026-01-05T00:00:00Z|10|USD",
        "o4|1|2026-01-05T00:00:00Z|10|EUR",
        "o5|1|2026-01-05T00:00:00Z|10|",
        "o6|1|2026-01-05T00:00:00Z|10|CNY",
    ];
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with_customers(1)
        .with("orders", "order_id|customer_no|ordered_at|total|currency", &orders)
        .with(
            "exchange_rates",
            "day|currency|rate",
            &["2026-01-02|USD|0.9", "2026-01-05|USD|0.8"],
        )
        .publish()
        .await;
    let found = snapshot.rfm(date("2026-01-31")).await.unwrap();
    // o1 is before the first rate, o6 has none: they count and bring no money.
    assert_eq!(
        (found.frequency[0], found.monetary[0], found.not_converted),
        (6, 9.0 + 8.0 + 20.0, 2)
    );
    let figures = snapshot
        .period_figures(period("2026-01-01", "2026-02-01"))
        .await
        .unwrap();
    assert_eq!((figures.revenue, figures.not_converted), (37.0, 2));
}

#[tokio::test]
async fn the_last_touch_takes_an_order_for_thirty_days() {
    let touches = [
        "1|2026-01-01T00:00:00Z|sent|a|email",
        "1|2026-01-10T00:00:00Z|sent|b|sms",
        "2|2026-01-01T00:00:00Z|held_out|a|email",
        "3|2026-01-01T00:00:00Z|clicked|a|",
        "4|2026-01-01T00:00:00Z|opened|a|email",
    ];
    let orders = [
        // Taken by a, then by b; the third is too late by a moment for b.
        "o1|1|2026-01-09T23:59:59Z|10|||",
        "o2|1|2026-01-10T00:00:00Z|20||5|2026-03-01T00:00:00Z",
        "o3|1|2026-02-09T00:00:00Z|30|||",
        "o4|2|2026-01-02T00:00:00Z|40|||",
        // Customer 3 is not new: an earlier order counts.
        "o5|3|2025-12-01T00:00:00Z|50|||",
        "o6|3|2026-01-30T23:59:59Z|60|||",
        // A document stands beside the return.
        "d1|4|2026-01-15T00:00:00Z|-9|||",
    ];
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with_customers(4)
        .with(
            "campaigns",
            "campaign_id|name|channel|holdout_share",
            &["a|A|push|0.5", "b|B||"],
        )
        .with(
            "campaign_costs",
            "campaign_id|day|cost|channel",
            &["a|2026-01-01|100|email", "b|2026-01-10|7|"],
        )
        .with("touches", "customer_no|at|kind|campaign_id|channel", &touches)
        .with("orders", ORDERS, &orders)
        .publish()
        .await;
    let figures = snapshot.campaign_figures(CampaignQuestion::default()).await.unwrap();
    let of = |id: &str| {
        let cells: Vec<_> = figures.cells.iter().filter(|cell| cell.campaign_id == id).collect();
        let sum = |value: fn(&crate::query::campaigns::CampaignCell) -> f64| {
            cells.iter().map(|cell| value(cell)).sum::<f64>()
        };
        (
            sum(|cell| cell.cost),
            sum(|cell| cell.orders as f64),
            sum(|cell| cell.revenue),
            sum(|cell| cell.refunds),
            sum(|cell| cell.new_customers as f64),
        )
    };
    assert_eq!(of("a"), (100.0, 2.0, 70.0, 0.0, 1.0));
    assert_eq!(of("b"), (7.0, 1.0, 20.0, 5.0, 0.0));
    assert_eq!((figures.people["a"], figures.people["b"], figures.everybody), (3, 1, 3));
    let months = snapshot.campaign_months().await.unwrap();
    assert_eq!(
        (months.len(), months[0].cost, months[0].revenue, months[0].refunds),
        (1, 107.0, 90.0, 5.0)
    );
    let push: Vec<_> = figures
        .cells
        .iter()
        .filter(|cell| cell.channel.as_deref() == Some("push"))
        .collect();
    assert_eq!(
        push.iter().map(|cell| cell.revenue).sum::<f64>(),
        60.0,
        "a touch without a channel has the campaign's"
    );
    assert!(
        figures
            .cells
            .iter()
            .all(|cell| cell.orders == 0 || cell.unit_costs.is_none()),
        "no product has a unit cost"
    );
    let people = snapshot.campaign_people("a".into(), None, None).await.unwrap();
    assert_eq!(
        (
            people.touched,
            people.delivered,
            people.opened,
            people.clicked,
            people.ordered
        ),
        (3, 2, 2, 1, 2)
    );
    assert_eq!(people.refund_documents, 9.0);
    let january = CampaignQuestion {
        campaign: Some("a".into()),
        period: Some(period("2026-01-15", "2026-02-01")),
    };
    let cut = snapshot.campaign_figures(january).await.unwrap();
    assert_eq!(cut.cells.iter().map(|cell| cell.revenue).sum::<f64>(), 60.0);
    assert_eq!(cut.campaigns.len(), 1);
}

#[tokio::test]
async fn lift_follows_the_first_touch_for_thirty_days_and_leaves_out_who_was_in_both_arms() {
    let touches = [
        "1|2026-01-01T00:00:00Z|sent|a|",
        "2|2026-01-01T00:00:00Z|held_out|a|",
        "3|2026-01-01T00:00:00Z|held_out|a|",
        "3|2026-01-05T00:00:00Z|sent|a|",
        "4|2026-01-10T00:00:00Z|opened|a|",
        "4|2026-01-02T00:00:00Z|sent|a|",
    ];
    let orders = [
        "o1|1|2026-01-01T00:00:00Z|100||40|2026-06-01T00:00:00Z",
        "o2|1|2026-01-31T00:00:00Z|1000|||",
        "o3|2|2026-01-30T23:59:59Z|10|||",
        "o4|3|2026-01-06T00:00:00Z|10|||",
        // Before the first touch of customer 4.
        "o5|4|2026-01-01T23:59:59Z|10|||",
    ];
    let interactions = [
        "4|2026-01-20T00:00:00Z|view",
        "2|2026-01-02T00:00:00Z|service_call",
        "1|2025-12-31T00:00:00Z|view",
    ];
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with_customers(4)
        .with("campaigns", "campaign_id", &["a"])
        .with("touches", "customer_no|at|kind|campaign_id|channel", &touches)
        .with("orders", ORDERS, &orders)
        .with("interactions", "customer_no|at|kind", &interactions)
        .publish()
        .await;
    let lift = &snapshot.lift_figures(None).await.unwrap()["a"];
    assert_eq!(lift.excluded, 1);
    assert_eq!(
        (lift.treated.people, lift.treated.visited, lift.treated.ordered),
        (2, 1, 1)
    );
    assert_eq!((lift.treated.spend_mean, lift.treated.spend_variance), (30.0, 1800.0));
    assert_eq!(
        (lift.held_out.people, lift.held_out.visited, lift.held_out.ordered),
        (1, 0, 1)
    );
    assert_eq!(lift.held_out.spend_mean, 10.0);
}

#[tokio::test]
async fn features_hold_dates_totals_and_favourites() {
    let customers = [
        r#"1|c1|female|2000-03-02||Hangzhou|{"Tier": "gold", "score": "7.5", "vip": true}"#,
        r#"2|c2|male||40|Beijing|{"Tier": "silver", "score": 3}"#,
        "3|c3|||17||",
    ];
    let orders = [
        "o1|1|2026-03-02T16:30:00Z|100||||wechat|web",
        "o2|1|2026-03-09T17:10:00Z|60|||2026-03-09T17:10:00Z|alipay|web",
        "o3|1|2026-03-10T01:10:00Z|60|returned|||alipay|app",
        "o4|2|2026-03-10T01:10:00Z|60|cancelled|||alipay|app",
    ];
    let lines = [
        "o1|1|2026-03-02T16:30:00Z|p1|2|30",
        "o1|1|2026-03-02T16:30:00Z|p2|1|40",
        "o2|1|2026-03-09T17:10:00Z|p2||19",
        "o4|2|2026-03-10T01:10:00Z|p1|9|1",
    ];
    let (snapshot, _data) = Data::in_zone(Tz::Asia__Shanghai)
        .with(
            "customers",
            "customer_no|external_id|gender|birth_date|age|city|attributes",
            &customers,
        )
        .with("orders", &format!("{ORDERS}|payment_method|channel"), &orders)
        .with(
            "order_lines",
            "order_id|customer_no|ordered_at|product_id|quantity|unit_price",
            &lines,
        )
        .with("products", "product_id|category", &["p1|Tea", "p2|Cups"])
        .with(
            "reviews",
            "customer_no|rating|text|at",
            &["1|4|good|2026-03-11T00:00:00Z", "1|5|fine|2026-03-11T00:00:00Z"],
        )
        .publish()
        .await;
    let sql = "select customer_no, orders, gross_value, refunds, units, order_lines, favourite_category, payment_method, \
               order_channel, order_weekday, order_hour, mean_rating, first_order_on, \"attributes.Tier\", \"attributes.score\" \
               from features order by customer_no";
    let this = snapshot.clone();
    let text = snapshot
        .run(async move {
            let batches = this.collect(sql, Vec::new()).await?;
            Ok(datafusion::arrow::util::pretty::pretty_format_batches(&batches)?.to_string())
        })
        .await
        .unwrap();
    let rows: Vec<String> = text
        .lines()
        .skip(3)
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(""))
        .collect();
    // Cups 40 + 19 against tea 60; the hour is 0 and 1 once and 9 once, of equals the smallest; Tuesdays in Shanghai.
    assert_eq!(
        rows[0],
        "|1|3|220.000000|60.000000|4.000000|3|Tea|alipay|web|2|0|4.500000|2026-03-03|gold|7.5|"
    );
    assert_eq!(rows[1], "|2|0|0.000000|0.000000|0.000000|0||||||||silver|3.0|");
    let found = snapshot
        .distributions(date("2026-03-02"), vec![Group::everybody(), Group::of([1, 3])])
        .await
        .unwrap();
    let dimension = |group: usize, name: &str| {
        found[group]
            .dimensions
            .iter()
            .find(|dimension| dimension.name == name)
            .unwrap()
            .clone()
    };
    assert_eq!((found[0].size, found[1].size), (3, 2));
    assert_eq!(
        dimension(0, "gender").values,
        [("female".into(), 1), ("male".into(), 1)]
    );
    assert_eq!((dimension(1, "gender").known, dimension(0, "gender").known), (1, 2));
    assert_eq!(
        dimension(1, "age_band").values,
        [("25-34".into(), 1), ("under_18".into(), 1)]
    );
    assert_eq!(dimension(0, "attributes.Tier").known, 2);
    assert_eq!(dimension(0, "attributes.vip").values, [("true".into(), 1)]);
    assert_eq!(dimension(0, "cohort").values, [("2026-03".into(), 1)]);
    let measure = |name: &str| {
        found[0]
            .measures
            .iter()
            .find(|measure| measure.name == name)
            .unwrap()
            .clone()
    };
    assert_eq!((measure("age").count, measure("age").median), (3, Some(26.0)));
    assert_eq!((measure("spend").count, measure("spend").mean), (3, 160.0 / 3.0));
    assert_eq!(measure("attributes.score").mean, 5.25);
}

#[tokio::test]
async fn a_missing_file_is_an_error_that_names_it() {
    let (_, data) = Data::in_zone(Tz::UTC)
        .with_customers(1)
        .with("orders", ORDERS, &["o1|1|2026-01-01T00:00:00Z|10|||"])
        .publish()
        .await;
    let file = data.spec.files.iter().find(|file| file.table == "orders").unwrap();
    std::fs::remove_file(data.warehouse.folder().join(&file.path)).unwrap();
    let said = data.warehouse.open(data.spec.clone()).err().unwrap().to_string();
    assert!(said.contains(&file.path), "{said}");
}

#[tokio::test]
async fn labels_are_read_back_in_order() {
    use crate::labels::RfmLabels;
    let orders = [
        "o1|1|2026-01-01T00:00:00Z|10|||",
        "o2|3|2026-01-02T00:00:00Z|20|||",
        "o3|2|2026-01-02T00:00:00Z|20|cancelled||",
    ];
    let (snapshot, data) = Data::in_zone(Tz::UTC)
        .with_customers(3)
        .with("orders", ORDERS, &orders)
        .publish()
        .await;
    let columns = snapshot.rfm(date("2026-01-03")).await.unwrap();
    let labels = RfmLabels {
        columns,
        keys: vec!["champions".into(), "new".into()],
        segment: vec![1, 0],
        r: vec![4, 5],
        f: vec![1, 1],
        m: vec![1, 5],
    };
    let file = snapshot.write_labels(7, labels).await.unwrap();
    assert_eq!(file.rows, 2);
    let mut members = data.warehouse.members(&file.path, None).unwrap();
    let mut all = Vec::new();
    while let Some(piece) = members.next().await {
        all.extend(
            piece
                .unwrap()
                .into_iter()
                .map(|member| (member.external_id, member.segment, member.monetary)),
        );
    }
    assert_eq!(
        all,
        [
            ("c1".into(), "new".into(), 10.0),
            ("c3".into(), "champions".to_owned(), 20.0)
        ]
    );
    let group = data.warehouse.group(&file.path, "champions").await.unwrap();
    assert_eq!(
        [0, 1, 2, 3, 99].map(|no| group.contains(no)),
        [false, false, false, true, false]
    );
}

#[tokio::test]
async fn the_payment_method_is_the_orders_own_or_that_of_its_payments() {
    let orders = [
        "o1|1|2026-01-01T00:00:00Z|10||||",
        "o2|1|2026-01-02T00:00:00Z|10||||cash",
        "o3|1|2026-01-03T00:00:00Z|10||||",
        "o4|2|2026-01-03T00:00:00Z|10||||cash",
    ];
    let payments = ["o1|card|10", "o2|voucher|4", "o3|card|10", "o4|card|10"];
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with_customers(2)
        .with("orders", &format!("{ORDERS}|payment_method"), &orders)
        .with("payments", "order_id|method|amount", &payments)
        .publish()
        .await;
    let found = snapshot
        .distributions(date("2026-01-31"), vec![Group::of([1]), Group::of([2])])
        .await
        .unwrap();
    let method = |group: usize| {
        let dimension = found[group]
            .dimensions
            .iter()
            .find(|dimension| dimension.name == "payment_method");
        dimension.unwrap().values.clone()
    };
    assert_eq!(method(0), [("card".to_owned(), 1)]);
    assert_eq!(method(1), [("cash".to_owned(), 1)]);
}

#[tokio::test]
async fn deriving_twice_gives_the_same_files() {
    let orders = [
        "o1|1|2026-01-01T00:00:00Z|10||3||",
        "o2|2|2026-01-02T00:00:00Z|10||||",
        "d1|2|2026-01-05T00:00:00Z|-3||||",
    ];
    let touches = ["1|2025-12-31T00:00:00Z|sent|a", "2|2025-12-31T00:00:00Z|held_out|a"];
    let (_, data) = Data::in_zone(Tz::Europe__Berlin)
        .with_customers(3)
        .with("orders", ORDERS, &orders)
        .with("touches", "customer_no|at|kind|campaign_id", &touches)
        .publish()
        .await;
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    let again = crate::derive::build(&data.warehouse, &data.spec, now, |_, _| true)
        .await
        .unwrap();
    for file in &again.files {
        assert!(
            data.spec.files.iter().any(|known| known.path == file.path),
            "{} changed",
            file.path
        );
    }
    assert_eq!(again.files.len(), crate::derive::DERIVED.len());
    let stopped = crate::derive::build(&data.warehouse, &data.spec, now, |done, _| done < 2).await;
    assert!(stopped.is_err(), "whoever says no stops it");
}

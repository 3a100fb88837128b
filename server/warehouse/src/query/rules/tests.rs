//! The fast evaluation against the slow, obvious one on thousands of random rules, and cases computed by hand.

use super::plain::cut;
use super::random::{self, Dice};
use super::*;
use crate::testing::Data;
use chrono_tz::Tz;
use serde_json::{Value, json};

fn rule(value: Value) -> Rule {
    Rule::of_json(&value).unwrap_or_else(|problems| panic!("{value}: {problems:?}"))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn members(snapshot: &Snapshot, value: Value, as_of: &str) -> Vec<u32> {
    let group = snapshot
        .group_of_rule(rule(value), date(as_of), References::default())
        .await
        .unwrap();
    (0..200_000).filter(|no| group.contains(*no)).collect()
}

/// Rounds and rules per round: three thousand rules in all.
const ROUNDS: u64 = 24;
const RULES: usize = 125;

#[tokio::test]
async fn random_rules_count_what_a_plain_evaluation_counts() {
    let zones = [Tz::Asia__Shanghai, Tz::Europe__Berlin, Tz::UTC, Tz::America__St_Johns];
    let (mut some, mut conditions) = (0, 0);
    for round in 0..ROUNDS {
        let mut dice = Dice(round);
        let zone = zones[round as usize % zones.len()];
        let made = random::world(&mut dice, zone, round % 2 == 1);
        let world = made.world;
        let (snapshot, _data) = made.data.publish().await;
        for _ in 0..RULES {
            let as_of = date(dice.pick(&["2026-03-29", "2026-03-30", "2026-04-03", "2026-01-02", "2026-12-31"]));
            let value = random::rule(&mut dice, 0);
            let asked = rule(value.clone());
            let counts = snapshot
                .count_rule(asked.clone(), as_of, References::default())
                .await
                .unwrap_or_else(|error| panic!("{value}: {error}"));
            let size = |rule: &Rule| {
                let fits = |no: &&u32| world.fits(rule, **no, as_of);
                world.customers.keys().filter(fits).count() as u64
            };
            let place = format!("round {round}, {zone}, {as_of}: {value}");
            assert_eq!(counts.count, size(&asked), "{place}");
            assert_eq!(counts.total, world.customers.len() as u64);
            for (number, condition) in counts.conditions.iter().enumerate() {
                let alone = value.pointer(&condition.path).unwrap();
                assert_eq!(
                    condition.alone,
                    size(&rule(alone.clone())),
                    "alone {} of {place}",
                    condition.path
                );
                let left = cut(&asked, &mut (number + 1)).unwrap();
                assert_eq!(condition.left, size(&left), "left after {} of {place}", condition.path);
            }
            some += u64::from(counts.count > 0 && counts.count < counts.total);
            conditions += counts.conditions.len();
        }
    }
    // Rules that are always empty or always full would prove little.
    assert!(some > ROUNDS * RULES as u64 / 2, "{some}");
    assert!(conditions > 3_000, "{conditions}");
}

fn shop(zone: Tz, times: &[&str]) -> Data {
    let orders: Vec<String> = times
        .iter()
        .enumerate()
        .map(|(place, time)| format!("{}|{time}|o{place}|10", place + 1))
        .collect();
    Data::in_zone(zone).with_customers(times.len() as u32).with_months(
        "orders",
        "customer_no|ordered_at|order_id|total",
        &orders,
    )
}

fn within(days: u32) -> Value {
    json!({ "orders": { "within_days": days } })
}

#[tokio::test]
async fn relative_days_are_local_dates_at_half_past_midnight_and_half_past_eleven() {
    let times = [
        // 00:30 and 23:30 on 3 March in Shanghai.
        "2026-03-02T16:30:00Z",
        "2026-03-03T15:30:00Z",
        // 23:30 on 2 March, 00:30 on 4 March.
        "2026-03-02T15:30:00Z",
        "2026-03-03T16:30:00Z",
    ];
    let (snapshot, _data) = shop(Tz::Asia__Shanghai, &times).publish().await;
    assert_eq!(members(&snapshot, within(1), "2026-03-03").await, [1, 2]);
    assert_eq!(members(&snapshot, within(2), "2026-03-03").await, [1, 2, 3]);
    assert_eq!(members(&snapshot, within(1), "2026-03-04").await, [4]);
    assert_eq!(members(&snapshot, within(2), "2026-03-04").await, [1, 2, 4]);
    let dates = json!({"orders": {"count": {"ge": 1}, "from": "2026-03-02", "to": "2026-03-03"}});
    assert_eq!(members(&snapshot, dates, "2026-03-31").await, [3]);
    let since = json!({"field": "last_order_at", "op": "ge", "value": {"days_ago": 0}});
    assert_eq!(members(&snapshot, since, "2026-03-03").await, [1, 2, 4]);
}

#[tokio::test]
async fn relative_days_are_local_dates_where_clocks_change() {
    let times = [
        // Berlin, 29 March 2026: the day has 23 hours. 00:30, 23:30, and 00:30 of the next day.
        "2026-03-28T23:30:00Z",
        "2026-03-29T21:30:00Z",
        "2026-03-29T22:30:00Z",
        // 25 October 2026: the day has 25 hours. 00:30, both times 02:30, 23:30, and 00:30 of the next day.
        "2026-10-24T22:30:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T22:30:00Z",
        "2026-10-25T23:30:00Z",
    ];
    let (snapshot, _data) = shop(Tz::Europe__Berlin, &times).publish().await;
    assert_eq!(members(&snapshot, within(1), "2026-03-29").await, [1, 2]);
    assert_eq!(members(&snapshot, within(2), "2026-03-30").await, [1, 2, 3]);
    assert_eq!(members(&snapshot, within(1), "2026-10-25").await, [4, 5, 6, 7]);
    assert_eq!(members(&snapshot, within(1), "2026-10-26").await, [8]);
}

#[tokio::test]
async fn counts_after_each_condition_follow_the_reading_order() {
    let customers = ["1|c1|female|Paris", "2|c2|female|Lyon", "3|c3|male|Paris", "4|c4||"];
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with("customers", "customer_no|external_id|gender|city", &customers)
        .publish()
        .await;
    let field = |field: &str, value: &str| json!({"field": field, "op": "eq", "value": value});
    let asked = json!({"all": [
        {"any": [field("city", "Paris"), field("city", "Lyon")]},
        {"not": field("gender", "male")},
        {"all": []},
        field("external_id", "c2"),
    ]});
    let counts = snapshot
        .count_rule(rule(asked), date("2026-01-01"), References::default())
        .await
        .unwrap();
    let lines: Vec<(&str, u64, u64)> = counts
        .conditions
        .iter()
        .map(|condition| (condition.path.as_str(), condition.alone, condition.left))
        .collect();
    assert_eq!(
        lines,
        [
            ("/all/0/any/0", 2, 2),
            ("/all/0/any/1", 1, 3),
            ("/all/1/not", 1, 2),
            ("/all/3", 1, 1),
        ]
    );
    assert_eq!((counts.count, counts.total), (1, 4));
    // The condition on an unknown value is false, its not is true.
    assert_eq!(
        members(&snapshot, json!({"not": field("gender", "male")}), "2026-01-01").await,
        [1, 2, 4]
    );
    assert_eq!(members(&snapshot, json!({"all": []}), "2026-01-01").await, [1, 2, 3, 4]);
    assert!(members(&snapshot, json!({"any": []}), "2026-01-01").await.is_empty());
}

#[tokio::test]
async fn rules_refer_to_segments_runs_and_tags() {
    let (snapshot, _data) = Data::in_zone(Tz::UTC).with_customers(6).publish().await;
    let id = |id: &str| json!({"field": "external_id", "op": "ne", "value": id});
    let references = References {
        segments: HashMap::from([
            (1, Reference::Rule(rule(json!({"all": [id("c1"), {"segment": 2}]})))),
            // A list may hold somebody whom this version does not have.
            (2, Reference::Members(Group::of([1, 2, 3, 70_000]))),
        ]),
        runs: HashMap::from([((7, "best".to_owned()), Group::of([2, 5]))]),
        tags: HashMap::from([
            (("loyal".to_owned(), None), Reference::Members(Group::everybody())),
            (
                ("loyal".to_owned(), Some("Gold".to_owned())),
                Reference::Rule(rule(json!({"all": [id("c1"), {"not": {"segment": 1}}]}))),
            ),
        ]),
    };
    let count = async |value: Value| {
        let found = snapshot
            .count_rule(rule(value), date("2026-01-01"), references.clone())
            .await;
        found.map(|counts| (counts.count, counts.conditions.len()))
    };
    assert_eq!(count(json!({"segment": 1})).await.unwrap(), (2, 1));
    assert_eq!(count(json!({"not": {"segment": 2}})).await.unwrap(), (3, 1));
    let run = json!({"run": {"id": 7, "segment": "best"}});
    assert_eq!(count(json!({"all": [run, {"segment": 1}]})).await.unwrap(), (1, 2));
    assert_eq!(count(json!({"tag": "Loyal"})).await.unwrap(), (6, 1));
    let gold = json!({"tag": "loyal", "value": "Gold"});
    assert_eq!(count(gold).await.unwrap(), (3, 1), "4, 5 and 6");
    for (value, place) in [
        (json!({"all": [{"segment": 9}]}), "/all/0"),
        (json!({"not": {"tag": "new"}}), "/not"),
        (json!({"not": {"tag": "loyal", "value": "gold"}}), "/not"),
        (json!({"field": "attributes.size", "op": "is_set"}), "/field"),
    ] {
        match count(value).await {
            Err(Error::Rule(problems)) => assert_eq!(problems[0].pointer, place),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn spend_takes_refunds_off_and_knows_the_mean_order() {
    let orders = [
        "1|2026-01-01T00:00:00Z|o1|100|30".to_owned(),
        "1|2026-01-02T00:00:00Z|o2|50|".to_owned(),
        "2|2026-01-02T00:00:00Z|o3|80|".to_owned(),
    ];
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with_customers(3)
        .with_months("orders", "customer_no|ordered_at|order_id|total|refund_amount", &orders)
        .publish()
        .await;
    let ask = |field: &str, op: &str, value: Value| json!({"field": field, "op": op, "value": value});
    assert_eq!(
        members(&snapshot, ask("spend", "eq", json!(120)), "2026-02-01").await,
        [1]
    );
    assert_eq!(
        members(&snapshot, ask("spend", "le", json!(80)), "2026-02-01").await,
        [2, 3]
    );
    let mean = ask("average_order_value", "between", json!([75, 79.99]));
    assert_eq!(members(&snapshot, mean, "2026-02-01").await, [1]);
    let refunded = json!({"orders": {"sum": {"field": "refund_amount", "ge": 30}}});
    assert_eq!(members(&snapshot, refunded, "2026-02-01").await, [1]);
}

#[tokio::test]
async fn columns_are_kept_within_their_bounds_and_forgotten_with_their_files() {
    let (snapshot, data) = shop(Tz::UTC, &["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"])
        .publish()
        .await;
    assert_eq!(members(&snapshot, within(60), "2026-02-01").await, [1, 2]);
    let held = snapshot.resident_bytes();
    assert!(held > 0);
    snapshot.forget_others().unwrap();
    assert_eq!(snapshot.resident_bytes(), held, "all files are in use");
    let mut spec = data.spec.clone();
    spec.version = 2;
    spec.files.retain(|file| file.table != "orders");
    let later = data.warehouse.open(spec).unwrap();
    later.forget_others().unwrap();
    assert!(later.resident_bytes() < held);
    // The older version still answers.
    assert_eq!(members(&snapshot, within(1), "2026-02-01").await, [2]);
}

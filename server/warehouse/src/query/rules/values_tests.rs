//! Values of fields, and the reasons of single customers, against the plain evaluation and cases computed by hand.

use super::random::{self, Dice};
use super::*;
use crate::testing::Data;
use chrono_tz::Tz;
use serde_json::{Value as Json, json};
use types::rules::ValueKind;

fn rule(value: Json) -> Rule {
    Rule::of_json(&value).unwrap_or_else(|problems| panic!("{value}: {problems:?}"))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn words(counts: &FieldCounts) -> Vec<(&str, u64)> {
    counts
        .values
        .iter()
        .map(|(word, count)| (word.as_str(), *count))
        .collect()
}

/// Four orders of three customers.
fn orders() -> Data {
    Data::in_zone(Tz::UTC).with_customers(3).with_months(
        "orders",
        "customer_no|ordered_at|order_id|total|channel",
        &[
            "1|2026-03-01T10:00:00Z|o1|10|app".into(),
            "1|2026-03-02T10:00:00Z|o2|30|App store".into(),
            "2|2026-03-03T10:00:00Z|o3|20|web".into(),
            "3|2026-03-04T10:00:00Z|o4|5|app".into(),
        ],
    )
}

#[tokio::test]
async fn values_of_facts_are_counted_by_fact() {
    let (snapshot, _data) = orders().publish().await;
    let ask = |field: &str, like: &str, most: usize| {
        snapshot.field_values(Some(Facts::Orders), field.into(), like.into(), most, date("2026-03-31"))
    };
    let channels = ask("channel", "", 10).await.unwrap();
    assert_eq!(words(&channels), [("app", 2), ("App store", 1), ("web", 1)]);
    assert_eq!((channels.total, channels.known, channels.different), (4, 4, 3));
    let like = ask("channel", "APP", 1).await.unwrap();
    assert_eq!((words(&like), like.different), (vec![("app", 2)], 2));
    let totals = ask("total", "", 10).await.unwrap();
    assert_eq!((totals.range, totals.known), (Some((5.0, 30.0)), 4));
    let days = ask("ordered_at", "", 10).await.unwrap();
    assert_eq!(days.days, Some((date("2026-03-01"), date("2026-03-04"))));
    // An order without a status is paid, for conditions and here.
    assert_eq!(words(&ask("status", "", 10).await.unwrap()), [("paid", 4)]);
    assert!(ask("weather", "", 10).await.is_err());
}

#[tokio::test]
async fn values_of_customers_are_counted_by_customer() {
    let (snapshot, _data) = orders().publish().await;
    let ask = |field: &str| snapshot.field_values(None, field.into(), String::new(), 10, date("2026-03-31"));
    let counts = ask("order_count").await.unwrap();
    assert_eq!(words(&counts), [("1", 2), ("2", 1)]);
    let spend = ask("spend").await.unwrap();
    assert_eq!(
        (spend.range, spend.quartiles),
        (Some((5.0, 40.0)), Some([5.0, 20.0, 40.0]))
    );
    let last = ask("last_order_at").await.unwrap();
    assert_eq!(last.days, Some((date("2026-03-02"), date("2026-03-04"))));
    let city = ask("city").await.unwrap();
    assert_eq!((city.total, city.known, city.different), (3, 0, 0));
}

#[tokio::test]
async fn the_count_of_a_value_is_the_count_of_its_condition() {
    let mut dice = Dice(7);
    let made = random::world(&mut dice, Tz::Asia__Shanghai, true);
    let (snapshot, _data) = made.data.publish().await;
    let as_of = date("2026-04-03");
    for (field, kind) in types::rules::customer_fields() {
        let counts = snapshot
            .field_values(None, (*field).to_owned(), String::new(), 1_000, as_of)
            .await
            .unwrap();
        let count = async |test: Json| {
            snapshot
                .count_rule(rule(test), as_of, References::default())
                .await
                .unwrap()
                .count
        };
        assert_eq!(counts.kind, *kind);
        assert_eq!(
            counts.known,
            count(json!({"field": field, "op": "is_set"})).await,
            "{field}"
        );
        for (word, times) in &counts.values {
            let value = match kind {
                ValueKind::YesNo => json!(word == "true"),
                _ => json!(word),
            };
            assert_eq!(
                *times,
                count(json!({"field": field, "op": "eq", "value": value})).await,
                "{field} {word}"
            );
        }
        if let Some((least, most)) = counts.range {
            let all = json!({"field": field, "op": "between", "value": [least, most]});
            assert_eq!(counts.known, count(all).await, "{field}");
        }
    }
}

#[tokio::test]
async fn reasons_agree_with_a_plain_evaluation() {
    for round in 0..4 {
        let mut dice = Dice(round + 100);
        let made = random::world(&mut dice, Tz::Europe__Berlin, round % 2 == 1);
        let world = made.world;
        let (snapshot, _data) = made.data.publish().await;
        let as_of = date("2026-03-30");
        for _ in 0..25 {
            let value = random::rule(&mut dice, 0);
            let asked = rule(value.clone());
            for customer in world.customers.keys().step_by(7) {
                let reasons = snapshot
                    .reasons(asked.clone(), *customer, as_of, References::default())
                    .await
                    .unwrap();
                for reason in &reasons {
                    let part = rule(value.pointer(&reason.path).unwrap().clone());
                    assert_eq!(
                        reason.passes,
                        world.fits(&part, *customer, as_of),
                        "{customer} {} {value}",
                        reason.path
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_reason_says_the_value() {
    let (snapshot, _data) = orders().publish().await;
    let asked = rule(json!({"all": [
        {"field": "spend", "op": "ge", "value": 30},
        {"orders": {"sum": {"field": "total", "ge": 15}, "where": {"field": "channel", "op": "eq", "value": "app"}}},
        {"not": {"field": "city", "op": "is_set"}},
    ]}));
    let reasons = snapshot
        .reasons(asked.clone(), 1, date("2026-03-31"), References::default())
        .await
        .unwrap();
    let said: Vec<_> = reasons
        .iter()
        .map(|reason| (reason.path.as_str(), reason.passes, reason.value.clone()))
        .collect();
    assert_eq!(
        said,
        [
            ("", false, None),
            ("/all/0", true, Some(Value::Number(40.0))),
            ("/all/1", false, Some(Value::Number(10.0))),
            ("/all/2", true, None),
            ("/all/2/not", false, Some(Value::Unknown)),
        ]
    );
    let nobody = snapshot
        .reasons(asked, 99, date("2026-03-31"), References::default())
        .await
        .unwrap();
    assert!(nobody.iter().all(|reason| !reason.passes && reason.value.is_none()));
}

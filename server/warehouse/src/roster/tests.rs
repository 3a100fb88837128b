use super::*;
use crate::testing::Data;
use chrono_tz::Tz;

async fn all(mut roster: Roster) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    while let Some(piece) = roster.next().await {
        for row in piece.unwrap() {
            lines.push(row.iter().map(said).collect());
        }
    }
    lines
}

fn said(value: &Value) -> String {
    match value {
        Value::Unknown => "-".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Day(day) => day.to_string(),
        Value::YesNo(yes) => yes.to_string(),
    }
}

fn field(name: &str) -> Source {
    Source::Field(name.to_owned())
}

/// Two files of customers, with a number between them that nobody has.
async fn data() -> (Snapshot, Data) {
    let header = "customer_no|external_id|name|email|birth_date|signed_up_at|city|attributes";
    Data::in_zone(Tz::Asia__Shanghai)
        .with_part(
            "customers",
            header,
            &[
                "1|a|Ann|ann@x.example|2000-03-02|2026-01-31T17:00:00Z|Paris|{\"pet\": \"cat\", \"points\": 3}",
                "2|b|||||Rome|{\"pet\": \"=dog\"}",
            ],
            0,
        )
        .with_part("customers", header, &["4|d|Dan||||Oslo|"], 1)
        .with(
            "orders",
            "order_id|customer_no|ordered_at|total|status",
            &[
                "o1|1|2026-02-28T20:00:00Z|10|",
                "o2|1|2026-02-01T10:00:00Z|5.5|",
                "o3|4|2026-01-01T10:00:00Z|7|cancelled",
            ],
        )
        .publish()
        .await
}

#[tokio::test]
async fn columns_come_from_all_files_in_order_of_customers() {
    let (snapshot, _data) = data().await;
    let columns = [
        field("external_id"),
        Source::Contact("name".to_owned()),
        field("city"),
        field("age"),
        field("age_band"),
        field("signed_up_at"),
        field("orders"),
        field("spend"),
        field("average_order_value"),
        field("last_order_at"),
        field("days_since_last_order"),
        field("attributes.pet"),
        field("attributes.points"),
        Source::Tag(0),
    ];
    let ask = Ask {
        who: Who::Group(Group::everybody()),
        columns: columns.to_vec(),
        tags: vec![vec![
            ("gold".to_owned(), Group::of([4])),
            ("tin".to_owned(), Group::of([1, 4])),
        ]],
        as_of: "2026-03-01".parse().unwrap(),
    };
    let lines = all(snapshot.roster(ask).unwrap()).await;
    // The last order of the first customer was on the first of March in Shanghai, a day before the 26th birthday.
    assert_eq!(
        lines,
        [
            [
                "a",
                "Ann",
                "Paris",
                "25",
                "25-34",
                "2026-02-01",
                "2",
                "15.5",
                "7.75",
                "2026-03-01",
                "0",
                "cat",
                "3",
                "tin"
            ],
            [
                "b", "-", "Rome", "-", "-", "-", "0", "0", "-", "-", "-", "=dog", "-", "-"
            ],
            [
                "d", "Dan", "Oslo", "-", "-", "-", "0", "0", "-", "-", "-", "-", "-", "gold"
            ],
        ]
        .map(|line| line.map(str::to_owned).to_vec())
    );
}

#[tokio::test]
async fn a_group_leaves_out_the_others_and_an_unknown_one_nobody() {
    let (snapshot, _data) = data().await;
    let ask = |who| Ask {
        who: Who::Group(who),
        columns: vec![Source::Contact("name".to_owned()), field("external_id")],
        tags: Vec::new(),
        as_of: "2026-03-01".parse().unwrap(),
    };
    let of = async |group| all(snapshot.roster(ask(group)).unwrap()).await;
    assert_eq!(of(Group::of([4, 3])).await, [["Dan", "d"].map(str::to_owned).to_vec()]);
    assert!(of(Group::of([])).await.is_empty());
}

#[tokio::test]
async fn attributes_with_a_value_for_each_person_are_found() {
    let rows: Vec<String> = (1..=40)
        .map(|n| {
            let (pet, card) = (n % 3, 7_000_000 + n);
            format!("{n}|c{n}|{{\"pet\": \"p{pet}\", \"nick\": \"n{n}\", \"card\": {card}, \"points\": {n}}}")
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (snapshot, _data) = Data::in_zone(Tz::UTC)
        .with("customers", "customer_no|external_id|attributes", &rows)
        .publish()
        .await;
    let found = snapshot.identifying_attributes().await.unwrap();
    assert_eq!(found.iter().collect::<Vec<_>>(), ["attributes.card", "attributes.nick"]);
}

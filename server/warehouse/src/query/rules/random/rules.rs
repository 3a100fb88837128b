//! Rules of every form about such a world, most of which somebody fits.

use super::{CATEGORIES, CHANNELS, CITIES, Dice, KINDS, STATUSES};
use serde_json::{Value, json};

fn text_test(dice: &mut Dice, words: &[&str]) -> (&'static str, Option<Value>) {
    let word = dice.pick(words);
    match dice.below(7) {
        0 => ("is_set", None),
        1 => ("is_not_set", None),
        2 => ("ne", Some(json!(word))),
        3 => ("in", Some(json!([word, dice.pick(words)]))),
        4 => ("not_in", Some(json!([word]))),
        5 => (
            "contains",
            Some(json!(word.chars().take(2).collect::<String>().to_uppercase())),
        ),
        _ => ("eq", Some(json!(word))),
    }
}

fn number_test(dice: &mut Dice, numbers: &[f64]) -> (&'static str, Option<Value>) {
    let number = dice.pick(numbers);
    let plain = |number: f64| match number.fract() == 0.0 {
        true => json!(number as i64),
        false => json!(number),
    };
    match dice.below(10) {
        0 => ("is_set", None),
        1 => ("is_not_set", None),
        2 => ("between", Some(json!([plain(number), plain(dice.pick(numbers))]))),
        3 => ("in", Some(json!([plain(number), plain(dice.pick(numbers))]))),
        4 => ("not_in", Some(json!([plain(number)]))),
        _ => (dice.pick(&["eq", "ne", "lt", "le", "gt", "ge"]), Some(plain(number))),
    }
}

fn date_test(dice: &mut Dice) -> (&'static str, Option<Value>) {
    let date = |dice: &mut Dice| match dice.chance(40) {
        true => json!({ "days_ago": dice.below(100) }),
        false => json!(dice.pick(&["2026-01-01", "2026-02-28", "2026-03-29", "2026-03-30"])),
    };
    match dice.below(8) {
        0 => ("is_set", None),
        1 => ("is_not_set", None),
        2 => ("between", Some(json!([date(dice), date(dice)]))),
        _ => (dice.pick(&["eq", "ne", "lt", "le", "gt", "ge"]), Some(date(dice))),
    }
}

fn condition(field: &str, (op, value): (&str, Option<Value>)) -> Value {
    match value {
        Some(value) => json!({ "field": field, "op": op, "value": value }),
        None => json!({ "field": field, "op": op }),
    }
}

fn of_customer(dice: &mut Dice) -> Value {
    let field = dice.pick(&[
        "gender",
        "city",
        "external_id",
        "age",
        "age_band",
        "birth_date",
        "income",
        "signed_up_at",
        "consent_marketing",
        "attributes.size",
        "orders",
        "order_count",
        "first_order_at",
        "last_order_at",
        "cohort",
        "days_since_last_order",
        "interactions",
    ]);
    let test = match field {
        "gender" => text_test(dice, &["female", "male"]),
        "city" => text_test(dice, &CITIES),
        "external_id" => text_test(dice, &["c1", "c2", "c65535"]),
        "age_band" => text_test(dice, &["under_18", "25-34", "55_and_over"]),
        "order_count" => text_test(dice, &["0", "1", "3-5"]),
        "cohort" => text_test(dice, &["2026-01", "2026-03"]),
        "age" => number_test(dice, &[15.0, 17.0, 26.0, 35.0, 55.0]),
        "income" => number_test(dice, &[0.0, 99.99, 1000.0]),
        "attributes.size" => number_test(dice, &[1.5, 38.0, 39.0]),
        "orders" | "interactions" => number_test(dice, &[0.0, 1.0, 3.0]),
        "days_since_last_order" => number_test(dice, &[0.0, 1.0, 30.0]),
        "consent_marketing" => match dice.below(3) {
            0 => ("is_not_set", None),
            1 => ("ne", Some(json!(true))),
            _ => ("eq", Some(json!(dice.chance(50)))),
        },
        _ => date_test(dice),
    };
    condition(field, test)
}

fn of_fact(dice: &mut Dice, facts: &str) -> Value {
    let fields: &[&str] = match facts {
        "orders" => &[
            "total",
            "status",
            "channel",
            "coupon",
            "delivered_at",
            "currency",
            "order_id",
        ],
        "order_lines" => &[
            "product_id",
            "category",
            "product_name",
            "quantity",
            "value",
            "channel",
            "status",
        ],
        "interactions" => &["kind", "channel", "category", "value"],
        "touches" => &["kind", "channel", "campaign_id", "value"],
        _ => &["rating", "text", "category", "order_id"],
    };
    let field = dice.pick(fields);
    let test = match field {
        "total" => number_test(dice, &[9.0, 10.0, 12.5, 20.5]),
        "value" | "quantity" => number_test(dice, &[0.5, 1.0, 2.0, 2.5, 3.33]),
        "rating" => number_test(dice, &[1.0, 3.0, 4.0]),
        "delivered_at" => date_test(dice),
        "status" => text_test(dice, &STATUSES),
        "channel" => text_test(dice, &CHANNELS),
        "coupon" => text_test(dice, &["X10"]),
        "currency" => text_test(dice, &["EUR", "USD"]),
        "order_id" => text_test(dice, &["o0001", "o0040"]),
        "product_id" => text_test(dice, &["p1", "p9"]),
        "product_name" => text_test(dice, &["One", "Three"]),
        "category" => text_test(dice, &CATEGORIES),
        "kind" => text_test(dice, &KINDS),
        "campaign_id" => text_test(dice, &["k1"]),
        _ => text_test(dice, &["物流很快", "Very GOOD"]),
    };
    condition(field, test)
}

fn filter(dice: &mut Dice, facts: &str, depth: usize) -> Value {
    match dice.below(if depth < 2 { 7 } else { 4 }) {
        4 => json!({ "all": [filter(dice, facts, depth + 1), filter(dice, facts, depth + 1)] }),
        5 => json!({ "any": [filter(dice, facts, depth + 1), filter(dice, facts, depth + 1)] }),
        6 => json!({ "not": filter(dice, facts, depth + 1) }),
        _ => of_fact(dice, facts),
    }
}

fn around(dice: &mut Dice, facts: &str) -> serde_json::Map<String, Value> {
    let mut map = serde_json::Map::new();
    match dice.below(5) {
        0 | 1 => {
            map.insert("within_days".into(), json!(dice.pick(&[1, 2, 7, 30, 90])));
        }
        2 => {
            map.insert("from".into(), json!(dice.pick(&["2026-01-01", "2026-03-01"])));
            if dice.chance(50) {
                map.insert("to".into(), json!(dice.pick(&["2026-03-02", "2026-03-30"])));
            }
        }
        3 => {
            map.insert("to".into(), json!(dice.pick(&["2026-01-01", "2026-03-29"])));
        }
        _ => {}
    }
    if dice.chance(60) {
        map.insert("where".into(), filter(dice, facts, 0));
    }
    map
}

fn behaviour(dice: &mut Dice) -> Value {
    let facts = dice.pick(&["orders", "order_lines", "interactions", "touches", "reviews"]);
    let mut map = around(dice, facts);
    let amount = match facts {
        "orders" => "total",
        "reviews" => "rating",
        _ => "value",
    };
    let tested = |field: Option<&str>, (op, value): (&str, Option<Value>)| {
        let mut inner = serde_json::Map::new();
        if let Some(field) = field {
            inner.insert("field".into(), json!(field));
        }
        inner.insert(op.into(), value.unwrap_or(json!(true)));
        Value::Object(inner)
    };
    match dice.below(9) {
        0 | 1 => {
            map.insert("count".into(), tested(None, number_test(dice, &[0.0, 1.0, 2.0, 5.0])));
        }
        2 if matches!(facts, "orders" | "order_lines" | "reviews") => {
            map.insert("orders".into(), tested(None, number_test(dice, &[0.0, 1.0, 2.0])));
        }
        3 => {
            map.insert(
                "sum".into(),
                tested(Some(amount), number_test(dice, &[0.0, 5.0, 30.5, 100.0])),
            );
        }
        4 => {
            map.insert(
                "avg".into(),
                tested(Some(amount), number_test(dice, &[1.0, 10.0, 20.5])),
            );
        }
        5 => {
            let name = dice.pick(&["min", "max"]);
            let (field, test) = match facts {
                "orders" if dice.chance(50) => ("delivered_at", date_test(dice)),
                _ => (amount, number_test(dice, &[1.0, 3.0, 10.0, 20.5])),
            };
            map.insert(name.into(), tested(Some(field), test));
        }
        6 | 7 => {
            let name = dice.pick(&["first", "last"]);
            let made = of_fact(dice, facts);
            let field = made["field"].as_str().unwrap().to_owned();
            let op = made["op"].as_str().unwrap().to_owned();
            map.insert(name.into(), tested(Some(&field), (&op, made.get("value").cloned())));
        }
        _ => {}
    }
    json!({ facts: map })
}

fn sequence(dice: &mut Dice) -> Value {
    let steps: Vec<Value> = (0..2 + dice.below(2))
        .map(|_| {
            let facts = dice.pick(&["orders", "order_lines", "interactions", "touches", "reviews"]);
            json!({ facts: around(dice, facts) })
        })
        .collect();
    match dice.chance(60) {
        true => json!({ "sequence": steps, "within_days": dice.pick(&[0, 1, 2, 14, 60]) }),
        false => json!({ "sequence": steps }),
    }
}

pub(in crate::query::rules) fn rule(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth < 3 { 14 } else { 8 }) {
        0..3 => of_customer(dice),
        3..7 => behaviour(dice),
        7 => sequence(dice),
        8 | 9 => json!({ "not": rule(dice, depth + 1) }),
        word => {
            let rules: Vec<Value> = (0..dice.below(4)).map(|_| rule(dice, depth + 1)).collect();
            let word = if word < 12 { "all" } else { "any" };
            json!({ word: rules })
        }
    }
}

//! The JSON of the contract, what is refused and where, and what is said of a rule.

use super::*;
use serde_json::json;

fn parsed(value: Value) -> Rule {
    Rule::of_json(&value).unwrap_or_else(|problems| panic!("{value}: {problems:?}"))
}

fn refused(value: Value) -> Vec<String> {
    Rule::of_json(&value)
        .expect_err("refused")
        .into_iter()
        .map(|problem| problem.pointer)
        .collect()
}

fn no_attribute(_: &str) -> Option<ValueKind> {
    None
}

fn invalid(value: Value) -> Vec<String> {
    validate(&parsed(value), &no_attribute)
        .into_iter()
        .map(|problem| problem.pointer)
        .collect()
}

fn contract() -> Vec<Value> {
    vec![
        json!({"all": []}),
        json!({"any": [{"all": []}, {"not": {"any": []}}]}),
        json!({"field": "age", "op": "between", "value": [25, 35]}),
        json!({"field": "city", "op": "in", "value": ["上海", "Köln"]}),
        json!({"field": "income", "op": "is_not_set"}),
        json!({"field": "consent_marketing", "op": "eq", "value": true}),
        json!({"field": "signed_up_at", "op": "ge", "value": {"days_ago": 30}}),
        json!({"orders": {"count": {"ge": 2}, "within_days": 90, "where": {"field": "channel", "op": "eq", "value": "app"}}}),
        json!({"orders": {"sum": {"field": "total", "ge": 100}, "from": "2026-01-01", "to": "2026-04-01"}}),
        json!({"order_lines": {"orders": {"ge": 3}, "where": {"field": "category", "op": "eq", "value": "Skin care"}}}),
        json!({"not": {"order_lines": {"count": {"ge": 1}, "where": {"not": {"field": "category", "op": "eq", "value": "Pets"}}}}}),
        json!({"reviews": {"last": {"field": "rating", "le": 2}}}),
        json!({"touches": {"count": {"ge": 1, "lt": 5}, "from": "2026-01-01"}}),
        json!({"sequence": [{"interactions": {}}, {"orders": {"within_days": 90}}], "within_days": 14}),
        json!({"tag": "loyal"}),
        json!({"tag": "Loyalty", "value": "gold"}),
        json!({"segment": 12}),
        json!({"run": {"id": 7, "segment": "champions"}}),
    ]
}

#[test]
fn rules_survive_reading_and_writing() {
    for value in contract() {
        let rule = parsed(value.clone());
        assert_eq!(rule.to_json(), value);
        let text = serde_json::to_string(&rule).expect("text");
        assert_eq!(serde_json::from_str::<Rule>(&text).expect("a rule"), rule);
    }
    let short = parsed(json!({"orders": {"within_days": 90}}));
    assert_eq!(
        short.to_json(),
        json!({"orders": {"count": {"ge": 1}, "within_days": 90}})
    );
}

#[test]
fn every_place_that_cannot_be_understood_is_named() {
    let bad = json!({"all": [
        {"field": "age", "op": "about", "value": 3},
        {"field": "age", "op": "eq", "value": 3, "unit": "years"},
        {"orders": {"count": {"ge": 1, "foo": 2}}},
        {"orders": {"count": {"ge": 1}, "sum": {"field": "total", "ge": 1}}},
        {"order": {"count": {"ge": 1}}},
        {"field": "age", "op": "between", "value": [1]},
        {"interactions": {"orders": {"ge": 1}}},
        {"segment": "twelve"},
        {"orders": {"from": "2026-02-01", "to": "2026-02-01"}},
        {"orders": {"within_days": 0}},
        {"orders": {"where": {"tag": "loyal"}}},
        {"all": [], "any": []},
        {"sequence": [{"orders": {}}]},
        {"orders": {"count": {}}},
        {"a/b": 1},
    ]});
    assert_eq!(
        refused(bad),
        [
            "/all/0/op",
            "/all/1/unit",
            "/all/2/orders/count/foo",
            "/all/3/orders",
            "/all/4/order",
            "/all/5/value",
            "/all/6/interactions/orders",
            "/all/7/segment",
            "/all/8/orders/to",
            "/all/9/orders/within_days",
            "/all/10/orders/where/tag",
            "/all/11",
            "/all/12/sequence",
            "/all/13/orders/count",
            "/all/14/a~1b",
        ]
    );
    assert_eq!(refused(json!(7)), [""]);
}

#[test]
fn size_is_bounded() {
    let mut deep = json!({"all": []});
    for _ in 0..=MOST_DEPTH {
        deep = json!({"not": deep});
    }
    assert_eq!(refused(deep).len(), 1);
    let one = json!({"field": "age", "op": "eq", "value": 1});
    assert!(Rule::of_json(&json!({"all": vec![one.clone(); MOST_CONDITIONS]})).is_ok());
    assert_eq!(
        refused(json!({"all": vec![one; MOST_CONDITIONS + 1]})),
        [format!("/all/{MOST_CONDITIONS}")]
    );
    assert_eq!(
        refused(json!({"field": "city", "op": "in", "value": vec!["x"; MOST_VALUES + 1]})),
        ["/value"]
    );
    assert_eq!(refused(json!({"tag": "x".repeat(MOST_TEXT + 1)})), ["/tag"]);
}

#[test]
fn comparisons_that_cannot_be_meant_are_refused() {
    for value in contract() {
        assert_eq!(invalid(value.clone()), Vec::<String>::new(), "{value}");
    }
    let cases = [
        (json!({"field": "shoe_size", "op": "eq", "value": 3}), "/field"),
        (json!({"field": "city", "op": "gt", "value": "A"}), "/op"),
        (json!({"field": "age", "op": "eq", "value": "3"}), "/value"),
        (json!({"field": "age", "op": "contains", "value": "3"}), "/op"),
        (
            json!({"field": "signed_up_at", "op": "lt", "value": "yesterday"}),
            "/value",
        ),
        (
            json!({"orders": {"sum": {"field": "channel", "ge": 3}}}),
            "/orders/sum/field",
        ),
        (
            json!({"orders": {"max": {"field": "channel", "eq": "x"}}}),
            "/orders/max/field",
        ),
        (
            json!({"orders": {"avg": {"field": "price", "ge": 3}}}),
            "/orders/avg/field",
        ),
        (json!({"orders": {"count": {"ge": "two"}}}), "/orders/count/ge"),
        (
            json!({"orders": {"where": {"any": [{"field": "brand", "op": "eq", "value": "x"}]}}}),
            "/orders/where/any/0/field",
        ),
        (
            json!({"sequence": [{"orders": {}}, {"touches": {"where": {"field": "total", "op": "eq", "value": 1}}}]}),
            "/sequence/1/touches/where/field",
        ),
    ];
    for (value, place) in cases {
        assert_eq!(invalid(value.clone()), [place], "{value}");
    }
    let attribute = |name: &str| (name == "attributes.size").then_some(ValueKind::Number);
    let rule = parsed(json!({"field": "attributes.size", "op": "ge", "value": 3}));
    assert!(validate(&rule, &attribute).is_empty());
}

#[test]
fn a_rule_is_said_line_by_line() {
    let rule = parsed(json!({"all": [
        {"field": "age", "op": "between", "value": [25, 35]},
        {"not": {"orders": {"count": {"ge": 1}, "within_days": 90}}},
    ]}));
    let lines = outline(&rule);
    let said: Vec<(&str, usize, &str)> = lines
        .iter()
        .map(|line| (line.path.as_str(), line.depth, line.saying.key.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("", 0, "rule-all"),
            ("/all/0", 1, "rule-op-between"),
            ("/all/1", 1, "rule-not"),
            ("/all/1/not", 2, "rule-behaviour"),
        ]
    );
    assert_eq!(lines[1].saying.args[0], ("what", Arg::Field("age".into())));
}

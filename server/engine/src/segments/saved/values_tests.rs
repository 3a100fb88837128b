//! Values of fields, reasons and overlaps over a real database and sealed files.

use super::*;
use crate::portraits::rule_findings;
use crate::testing::{self, TestEngine};
use serde_json::{Value, json};
use types::auth::{Rights, Role};
use types::rule_answers::WhyValue;
use types::segments::PreviewAsked;

/// Forty customers; the even ones live in Paris, every fourth is a woman of Paris; customer n ordered n times.
const DATA: [&str; 3] = [
    "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 40) n",
    "insert into customers (customer_no, city, gender) select n, case when n % 2 = 0 then 'Paris' else 'Lyon' end,
        case when n % 4 = 0 then 'female' else 'male' end from generate_series(1, 40) n",
    "insert into orders (order_id, customer_no, ordered_at, total) select n || '-' || k, n, timestamptz '2026-03-31 12:00Z' - k * interval '1 hour', n
     from generate_series(1, 40) n, lateral generate_series(1, n) k",
];

fn manager() -> Actor {
    Actor {
        rights: Rights {
            role: Role::Manager,
            export: false,
            personal_data: false,
        },
        ..Actor::command_line()
    }
}

async fn create(t: &TestEngine, name: &str, rule: Value) -> i64 {
    let new = NewSegment {
        name: name.to_owned(),
        rule: Some(rule),
        ..NewSegment::default()
    };
    create_segment(&t.engine, &manager(), new).await.unwrap().id
}

fn paris() -> Value {
    json!({ "field": "city", "op": "eq", "value": "Paris" })
}

#[tokio::test]
async fn values_reasons_overlap_and_findings() {
    let t = testing::engine().await;
    assert_eq!(
        field_values(&t.engine, &manager(), "customers", "city", "")
            .await
            .unwrap_err()
            .status(),
        409
    );
    t.publish(&DATA).await;
    let city = field_values(&t.engine, &manager(), "customers", "city", "PAR")
        .await
        .unwrap();
    let shown: Vec<(&str, i64)> = city
        .values
        .iter()
        .map(|value| (value.value.as_str(), value.count))
        .collect();
    assert_eq!((shown, city.known, city.different), (vec![("Paris", 20)], 40, 1));
    let total = field_values(&t.engine, &manager(), "orders", "total", "")
        .await
        .unwrap();
    assert_eq!((total.least, total.greatest, total.known), (Some(1.0), Some(40.0), 820));
    for (of, field) in [("customers", "weather"), ("orders", "age"), ("clouds", "age")] {
        let refused = field_values(&t.engine, &manager(), of, field, "").await.unwrap_err();
        assert_eq!(refused.status(), 422, "{of} {field}");
    }

    let often = json!({ "orders": { "count": { "ge": 31 } } });
    let in_paris = create(&t, "Paris", paris()).await;
    let both = create(
        &t,
        "Often in Paris",
        json!({ "all": [{ "segment": in_paris }, often.clone()] }),
    )
    .await;
    let frequent = create(&t, "Often", often).await;
    let list = NewSegment {
        name: "Some".into(),
        members: Some(vec!["c1".into(), "c2".into(), "nobody".into()]),
        ..NewSegment::default()
    };
    let list = create_segment(&t.engine, &manager(), list).await.unwrap().id;
    assert_eq!(
        listed_ids(&t.engine, &manager(), list).await.unwrap(),
        ["c1", "c2", "nobody"]
    );

    let reasons = why(&t.engine, &manager(), both, " c31 ").await.unwrap();
    assert!(!reasons.belongs);
    let said: Vec<_> = reasons
        .reasons
        .iter()
        .map(|reason| (reason.path.as_str(), reason.passes, reason.value.clone()))
        .collect();
    assert_eq!(
        said,
        [
            ("", false, None),
            ("/all/0", false, None),
            ("/all/1", true, Some(WhyValue::Number(31.0))),
        ]
    );
    assert!(why(&t.engine, &manager(), both, "c40").await.unwrap().belongs);
    let listed = why(&t.engine, &manager(), list, "c2").await.unwrap();
    assert!(listed.belongs && listed.reasons.is_empty());
    assert_eq!(why(&t.engine, &manager(), both, "c99").await.unwrap_err().status(), 404);

    let found = overlap(&t.engine, &manager(), &[in_paris, frequent, list, frequent])
        .await
        .unwrap();
    assert_eq!((found.any, found.all, found.customers), (26, 0, 40));
    let parts: Vec<(Vec<i64>, i64)> = found.parts.into_iter().map(|part| (part.inside, part.size)).collect();
    assert_eq!(
        parts,
        [
            (vec![in_paris], 14),
            (vec![frequent], 5),
            (vec![in_paris, frequent], 5),
            (vec![list], 1),
            (vec![in_paris, list], 1),
        ]
    );
    for ids in [&[in_paris][..], &[in_paris, in_paris], &[1, 2, 3, 4, 5, 6]] {
        assert_eq!(overlap(&t.engine, &manager(), ids).await.unwrap_err().status(), 422);
    }
    assert_eq!(
        overlap(&t.engine, &manager(), &[in_paris, 999])
            .await
            .unwrap_err()
            .status(),
        404
    );

    let asked = |rule| PreviewAsked { rule, as_of: None };
    let women = json!({ "field": "gender", "op": "eq", "value": "female" });
    let findings = rule_findings(&t.engine, &manager(), asked(women)).await.unwrap();
    assert_eq!((findings.size, findings.baseline_size), (10, 40));
    assert!(findings.findings.len() <= 5 && findings.comparisons > 0);
    assert!(
        findings
            .findings
            .iter()
            .any(|finding| finding.dimension == "city" && finding.value == "Paris"),
        "{findings:?}"
    );
    let wrong = json!({ "field": "weather", "op": "is_set" });
    assert_eq!(
        rule_findings(&t.engine, &manager(), asked(wrong))
            .await
            .unwrap_err()
            .status(),
        422
    );
    t.close().await;
}

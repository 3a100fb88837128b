//! Segments from a rule to a file: a live count, saving, using one segment in another, and everything that must be refused.

use crate::harness::{Server, Who, order_lines};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Order i of `order_lines` belongs to customer i % 60, lies in month 1 + i % 9, and is of product i % 7 at i % 50 and a half. The last lines
/// give products 1 and 4 the category 1.
fn expected(fits: impl Fn(usize) -> bool) -> usize {
    (0..60).filter(|customer| fits(*customer)).count()
}

fn orders_of(customer: usize) -> impl Iterator<Item = usize> {
    (customer..300).step_by(60)
}

#[tokio::test]
async fn a_rule_is_counted_saved_used_and_taken_out() {
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(300)).await;
    let preview = async |rule: Value| -> Value {
        let answer = server
            .post(Who::Manager, "/api/v1/segments/preview", &json!({ "rule": rule }))
            .await;
        assert_eq!(answer.status(), StatusCode::OK, "{rule}");
        answer.json().await.unwrap()
    };
    // Every order counts, because the least is worth a half.
    let spent = json!({"order_lines": {"sum": {"field": "value", "ge": 30}, "where": {"field": "category", "op": "eq", "value": "Cat1"}}});
    let worth = |customer: usize| -> f64 {
        orders_of(customer)
            .filter(|order| matches!(order % 7, 1 | 4))
            .map(|order| (order % 50) as f64 + 0.5)
            .sum()
    };
    let early = json!({"orders": {"count": {"ge": 1}, "to": "2026-02-01"}});
    let in_january = |customer: usize| orders_of(customer).any(|order| order % 9 == 0);
    let found = preview(json!({"all": [spent, {"not": early}]})).await;
    assert_eq!(found["total"], 60);
    assert_eq!(
        found["count"],
        expected(|customer| worth(customer) >= 30.0 && !in_january(customer))
    );
    assert_eq!(found["conditions"][0]["path"], "/all/0");
    assert_eq!(
        found["conditions"][0]["left"],
        expected(|customer| worth(customer) >= 30.0)
    );
    assert_eq!(found["conditions"][1]["path"], "/all/1/not");
    assert_eq!(found["conditions"][1]["alone"], expected(in_january));
    assert!(found["elapsed_ms"].as_f64().unwrap() > 0.0 && found["data_version"] == 1);

    let saved = server
        .post(
            Who::Manager,
            "/api/v1/segments",
            &json!({"name": "Spenders", "rule": spent}),
        )
        .await;
    assert_eq!(saved.status(), StatusCode::CREATED);
    let place = saved.headers()["location"].to_str().unwrap().to_owned();
    let saved: Value = saved.json().await.unwrap();
    let size = expected(|customer| worth(customer) >= 30.0);
    assert_eq!((&saved["size"], &saved["rule"]), (&json!(size), &spent));
    assert_eq!(saved["share"], size as f64 / 60.0);
    assert_eq!(server.json(&place).await["id"], saved["id"]);
    let outer = json!({"name": "Others", "rule": {"not": {"segment": saved["id"]}}});
    let outer: Value = server
        .post(Who::Lead, "/api/v1/segments", &outer)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(outer["size"], 60 - size);
    assert_eq!(
        server.json("/api/v1/segments").await["items"].as_array().unwrap().len(),
        2
    );

    let circle = json!({"name": "Spenders", "rule": {"any": [spent, {"segment": outer["id"]}]}});
    let refused = server
        .call(Who::Manager, Method::PUT, &place)
        .json(&circle)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["errors"][0]["field"], "rule/any/1/segment");
    assert!(refused["errors"][0]["reason"].as_str().unwrap().contains("Others"));
    let used = server.call(Who::Manager, Method::DELETE, &place).send().await.unwrap();
    assert_eq!(used.status(), StatusCode::CONFLICT);

    // Why somebody is in, how both overlap, what the field holds, what sets the group apart.
    let members = server.text(&format!("{place}/members.csv")).await;
    let one = members.lines().nth(1).unwrap();
    let why = server.json(&format!("{place}/why?customer={one}")).await;
    assert_eq!(
        (&why["belongs"], &why["reasons"][0]["passes"]),
        (&json!(true), &json!(true))
    );
    assert!(why["reasons"][0]["value"].as_f64().unwrap() >= 30.0, "{why}");
    assert_eq!(
        server
            .get(Who::Manager, &format!("{place}/why?customer=nobody"))
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
    let overlap = server
        .json(&format!(
            "/api/v1/segments/overlap?segments={},{}",
            saved["id"], outer["id"]
        ))
        .await;
    assert_eq!((&overlap["any"], &overlap["all"]), (&json!(60), &json!(0)));
    let values = server
        .json("/api/v1/segments/values?of=order_lines&field=category&like=cat")
        .await;
    // A product has the category that its last line told: three of the seven products ended in this one, two in each of the others.
    assert_eq!(
        (&values["values"][0]["value"], &values["total"]),
        (&json!("Cat2"), &json!(300))
    );
    let asked = json!({ "rule": spent });
    let findings: Value = server
        .post(Who::Manager, "/api/v1/segments/findings", &asked)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&findings["size"], &findings["baseline_size"]),
        (&json!(size), &json!(60))
    );
    assert!(members.starts_with("external_id\r\nC"));
    assert_eq!(members.lines().count(), size + 1);
    let portrait = server
        .json(&format!(
            "/api/v1/portraits?segment={}&baseline={}",
            saved["id"], outer["id"]
        ))
        .await;
    assert_eq!(
        (&portrait["size"], &portrait["baseline_size"]),
        (&json!(size), &json!(60 - size))
    );

    let gone = server
        .call(
            Who::Manager,
            Method::DELETE,
            &format!("/api/v1/segments/{}", outer["id"]),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        server
            .call(Who::Manager, Method::DELETE, &place)
            .send()
            .await
            .unwrap()
            .status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(server.get(Who::Manager, &place).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn faults_of_a_rule_are_named_by_place() {
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(20)).await;
    for (body, field) in [
        (
            json!({"rule": {"all": [{"field": "age", "op": "near", "value": 3}]}}),
            "rule/all/0/op",
        ),
        (
            json!({"rule": {"orders": {"count": {"ge": 1}, "days": 3}}}),
            "rule/orders/days",
        ),
        (json!({"rule": {"field": "city", "op": "gt", "value": "A"}}), "rule/op"),
        (json!({"rule": {"segment": 77}}), "rule/segment"),
        (json!({"rule": {"all": []}, "as_off": "2026-01-01"}), "as_off"),
        (json!({"rule": {"all": []}, "as_of": "soon"}), "as_of"),
    ] {
        let answer = server.post(Who::Manager, "/api/v1/segments/preview", &body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
}

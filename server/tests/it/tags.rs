//! Tags over HTTP: made by a program, named in rules and portraits, given ids as JSON and as lines, taken out as a file.

use crate::harness::{Server, Who, order_lines};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn body(answer: reqwest::Response, status: StatusCode) -> Value {
    let found = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(found, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_tag_is_made_named_given_ids_and_taken_out() {
    let server = Server::start().await;
    // Sixty customers with five orders each.
    server.upload("kind=order_lines", order_lines(300)).await;
    let early = json!({"orders": {"count": {"ge": 1}, "to": "2026-02-01"}});
    let new = json!({"name": "When", "kind": "rule", "tiers": [
        {"value": "early", "rule": early}, {"value": "later", "rule": {"orders": {"count": {"ge": 1}}}},
    ]});
    let answer = server.post(Who::Manager, "/api/v1/tags", &new).await;
    let place = answer.headers()["location"].to_str().unwrap().to_owned();
    let tag = body(answer, StatusCode::CREATED).await;
    assert_eq!(place, format!("/api/v1/tags/{}", tag["id"]));
    let sizes: Vec<i64> = tag["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["size"].as_i64().unwrap())
        .collect();
    assert_eq!((sizes.iter().sum::<i64>(), sizes.len()), (60, 2));
    assert!(sizes[0] > 0 && sizes[1] > 0, "{sizes:?}");
    assert_eq!((&tag["coverage"], &tag["expired"]), (&json!(1.0), &json!(false)));
    let rule = json!({"rule": {"tag": "when", "value": "early"}});
    let preview = server.post(Who::Manager, "/api/v1/segments/preview", &rule).await;
    assert_eq!(body(preview, StatusCode::OK).await["count"], sizes[0]);
    let portrait = server
        .get(
            Who::Manager,
            "/api/v1/portraits?segment=tag:When:early&baseline=tag:When:later",
        )
        .await;
    let portrait = body(portrait, StatusCode::OK).await;
    assert_eq!(
        (&portrait["size"], &portrait["baseline_size"]),
        (&json!(sizes[0]), &json!(sizes[1]))
    );
    let same = body(
        server.post(Who::Manager, "/api/v1/tags", &new).await,
        StatusCode::UNPROCESSABLE_ENTITY,
    );
    assert_eq!(same.await["errors"][0]["field"], "name");

    let club = json!({"name": "Club", "kind": "uploaded"});
    let club = body(server.post(Who::Lead, "/api/v1/tags", &club).await, StatusCode::CREATED).await;
    let values = format!("/api/v1/tags/{}/values", club["id"]);
    let members = server
        .get(Who::Admin, &format!("{place}/members.csv?value=early"))
        .await;
    assert_eq!(members.status(), StatusCode::OK);
    let text = members.text().await.unwrap();
    let ids: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap().0)
        .collect();
    assert_eq!(ids.len() as i64, sizes[0]);
    let lines = format!("id,value\n{},gold\n{},silver\n", ids[0], ids[1]);
    let given = server
        .call(Who::Manager, Method::PUT, &values)
        .header("content-type", "text/csv")
        .body(lines)
        .send()
        .await
        .unwrap();
    let given = body(given, StatusCode::OK).await;
    assert_eq!((&given["covered"], &given["listed"]), (&json!(2), &json!(2)));
    let change = json!({"values": [{"id": ids[1], "value": "gold"}, {"id": "nobody yet", "value": "gold"}]});
    let given = body(server.post(Who::Manager, &values, &change).await, StatusCode::OK).await;
    assert_eq!(given["values"], json!([{"value": "gold", "size": 2}]));
    assert_eq!(given["listed"], 3);
    for (bad, field) in [
        (json!({"values": [{"id": "", "value": "a"}]}), "values/0/id"),
        (json!({"value": []}), "value"),
    ] {
        let refused = body(
            server.post(Who::Manager, &values, &bad).await,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
        assert_eq!(refused["errors"][0]["field"], field);
    }

    let segment = json!({"name": "Gold", "rule": {"tag": "CLUB"}});
    let segment = body(
        server.post(Who::Manager, "/api/v1/segments", &segment).await,
        StatusCode::CREATED,
    )
    .await;
    assert_eq!(segment["size"], 2);
    let path = format!("/api/v1/tags/{}", club["id"]);
    let used = body(server.get(Who::Manager, &path).await, StatusCode::OK).await;
    assert_eq!(
        used["used_by"][0],
        json!({"kind": "segment", "id": segment["id"], "name": "Gold"})
    );
    assert!(used["last_used_at"].is_string());
    let delete = async |path: &str| {
        let call = server.call(Who::Manager, Method::DELETE, path);
        call.send().await.unwrap().status()
    };
    assert_eq!(delete(&path).await, StatusCode::CONFLICT);
    assert_eq!(
        delete(&format!("/api/v1/segments/{}", segment["id"])).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(delete(&path).await, StatusCode::NO_CONTENT);
    assert_eq!(delete(&path).await, StatusCode::NOT_FOUND);
    let listed = body(server.get(Who::Manager, "/api/v1/tags?limit=5").await, StatusCode::OK).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

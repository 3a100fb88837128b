//! The manners of the API: refusals that name the field, lists with cursors, keys that make a repeated call safe, a description of it all.

use crate::harness::{Server, Who, order_lines};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn refusals_are_problems_that_name_the_field() {
    let server = Server::start().await;
    let cases: [(Method, &str, &str, u16, &str); 9] = [
        (Method::GET, "/api/v1/jobs?limti=5", "", 422, "limti"),
        (Method::GET, "/api/v1/jobs?limit=0", "", 422, "limit"),
        (
            Method::GET,
            "/api/v1/overview?from=2026-02-01&to=2026-01-01",
            "",
            422,
            "to",
        ),
        (Method::GET, "/api/v1/portraits", "", 422, "segment"),
        (Method::GET, "/api/v1/jobs/77", "", 404, ""),
        (Method::GET, "/api/v1/nothing", "", 404, ""),
        (Method::PUT, "/api/v1/jobs", "", 405, ""),
        (Method::POST, "/api/v1/segmentations", "{\"method\": ", 400, ""),
        (
            Method::POST,
            "/api/v1/segmentations",
            "{\"method\": \"astrology\"}",
            422,
            "method",
        ),
    ];
    for (method, path, body, status, field) in cases {
        let answer = server
            .call(Who::Admin, method.clone(), path)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status, "{method} {path}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{method} {path}"
        );
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["status"], status);
        for key in ["type", "title", "detail"] {
            assert!(problem[key].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        if !field.is_empty() {
            assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        }
    }
    let strange = server
        .call(Who::Nobody, Method::GET, "/api/v1/me")
        .bearer_auth("sil_0000")
        .send()
        .await
        .unwrap();
    assert_eq!(strange.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_repeated_call_is_done_once_also_after_a_restart() {
    let mut server = Server::start().await;
    server.upload("kind=order_lines", order_lines(50)).await;
    let ask = async |server: &Server, key: &str, seed: i64| {
        let call = server
            .call(Who::Manager, Method::POST, "/api/v1/segmentations")
            .header("idempotency-key", key.to_owned());
        let answer = call
            .json(&json!({ "method": "rfm", "seed": seed }))
            .send()
            .await
            .unwrap();
        (
            answer.status(),
            answer.headers().get("location").cloned(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let first = ask(&server, "k-1", 1).await;
    assert_eq!(first.0, StatusCode::ACCEPTED);
    assert_eq!(ask(&server, "k-1", 1).await, first);
    server.kill();
    server.restart().await;
    assert_eq!(ask(&server, "k-1", 1).await, first);
    assert_eq!(
        ask(&server, "k-1", 2).await.0,
        StatusCode::UNPROCESSABLE_ENTITY,
        "another request under the same key"
    );
    assert_ne!(ask(&server, "k-2", 1).await.2["run_id"], first.2["run_id"]);
    assert_eq!(
        server.json("/api/v1/segmentations").await["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // A secret is not kept for a second showing.
    let token = || {
        server
            .call(Who::Manager, Method::POST, "/api/v1/tokens")
            .header("idempotency-key", "k-3")
            .json(&json!({}))
            .send()
    };
    let (one, two): (Value, Value) = (
        token().await.unwrap().json().await.unwrap(),
        token().await.unwrap().json().await.unwrap(),
    );
    assert_ne!(one["secret"], two["secret"]);
    assert_eq!(
        server.sql("select count(*) from idempotency where convert_from(body, 'UTF8') like '%sil_%'"),
        "0"
    );
}

#[tokio::test]
async fn lists_are_read_page_by_page() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.upload("kind=order_lines", order_lines(5)).await;
    }
    for path in ["/api/v1/jobs", "/api/v1/uploads", "/api/v1/audit"] {
        let all = server.json(&format!("{path}?limit=500")).await;
        let mut read = Vec::new();
        let mut address = format!("{path}?limit=2");
        loop {
            let page = server.json(&address).await;
            read.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => address = format!("{path}?limit=2&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(all["items"].as_array().unwrap(), &read, "{path}");
        assert!(read.len() >= 3);
    }
}

#[tokio::test]
async fn a_job_is_followed_to_its_end() {
    let server = Server::start().await;
    let (_, asked) = server.send("kind=order_lines", order_lines(20_000)).await;
    for path in [
        format!("/api/v1/jobs/{}/events", asked["job_id"]),
        format!("/jobs/{}/events", asked["job_id"]),
    ] {
        let answer = server.browse(Who::Manager, Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert!(!answer.headers().contains_key("content-encoding"));
        let text = answer.text().await.unwrap();
        let events: Vec<Value> = text
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .map(|data| serde_json::from_str(data).unwrap())
            .collect();
        assert_eq!(
            events.last().unwrap()["state"],
            "succeeded",
            "the stream ends with the job"
        );
        assert_eq!(text.lines().filter(|line| *line == "event: job").count(), events.len());
    }
}

#[tokio::test]
async fn the_description_lists_every_call() {
    let server = Server::start().await;
    let description: Value = server
        .get(Who::Nobody, "/api/v1/openapi.json")
        .await
        .json()
        .await
        .unwrap();
    let paths = description["paths"].as_object().unwrap();
    for path in [
        "/api/v1/uploads",
        "/api/v1/uploads/{id}",
        "/api/v1/uploads/{id}/commit",
        "/api/v1/uploads/{id}/data",
        "/api/v1/uploads/{id}/undo",
        "/api/v1/uploads/{id}/rejects.csv",
        "/api/v1/jobs",
        "/api/v1/jobs/{id}",
        "/api/v1/jobs/{id}/cancel",
        "/api/v1/jobs/{id}/retry",
        "/api/v1/jobs/{id}/events",
        "/api/v1/segmentations",
        "/api/v1/segmentations/{run}",
        "/api/v1/segmentations/{run}/members.csv",
        "/api/v1/portraits",
        "/api/v1/campaigns",
        "/api/v1/campaigns/{id}",
        "/api/v1/reports/{file}",
        "/api/v1/charts/{file}",
        "/api/v1/me",
        "/api/v1/users",
        "/api/v1/users/{id}",
        "/api/v1/tokens",
        "/api/v1/tokens/{id}",
        "/api/v1/settings",
        "/api/v1/audit",
        "/api/v1/overview",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            assert!(
                operation["description"]
                    .as_str()
                    .is_some_and(|text| text.contains("right") || text.contains("everybody")),
                "{method} {path}"
            );
        }
    }
    // Every reference leads somewhere.
    let text = description.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(description["components"]["schemas"].get(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn charts_leave_as_pictures_and_numbers() {
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(200)).await;
    let svg = server.text("/api/v1/charts/revenue.svg").await;
    assert!(
        svg.starts_with("<svg") && !svg.contains("var(--"),
        "a file has colours of its own"
    );
    let png = server
        .get(Who::Manager, "/api/v1/charts/revenue.png?lang=zh-CN&theme=dark")
        .await;
    assert_eq!(png.headers()["content-type"], "image/png");
    assert_eq!(&png.bytes().await.unwrap()[1..4], b"PNG");
    assert!(server.text("/api/v1/charts/revenue.csv").await.lines().count() > 2);
    assert_eq!(
        server.get(Who::Manager, "/api/v1/charts/nothing.svg").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        server
            .get(Who::Manager, "/api/v1/charts/revenue.svg?colour=red")
            .await
            .status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let pdf = server.get(Who::Admin, "/api/v1/reports/campaigns.pdf").await;
    assert_eq!(pdf.headers()["content-type"], "application/pdf");
    assert!(pdf.bytes().await.unwrap().starts_with(b"%PDF-"));
    let refused = server.get(Who::Manager, "/api/v1/reports/campaigns.pdf").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN, "without the right to export");
    let nobody = server.get(Who::Admin, "/api/v1/reports/portrait.pdf").await;
    assert_eq!(nobody.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

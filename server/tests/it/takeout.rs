//! What leaves the product: members with chosen columns, and word to another system when a segment's size crosses a threshold.

use crate::harness::{Server, Setup, Who, order_lines};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const CUSTOMERS: &str = "external_id,name,email,city,birth_date,club\n\
    C1,=cmd(),ann@shop.example,Paris,1990-05-17,gold\nC2,\"Bo, the second\",bo@shop.example,Rome,,tin\n";

async fn with_data() -> Server {
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(300)).await;
    let mapping = r#"{"external_id":"external_id","name":"name","email":"email","city":"city","birth_date":"birth_date","attributes.club":"club"}"#;
    let query = format!("kind=customers&mapping={}", encode(mapping));
    server.upload(&query, CUSTOMERS).await;
    server
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

async fn saved(server: &Server, rule: Value) -> i64 {
    let made = server
        .post(
            Who::Manager,
            "/api/v1/segments",
            &json!({ "name": "Some", "rule": rule }),
        )
        .await;
    assert_eq!(made.status(), StatusCode::CREATED);
    made.json::<Value>().await.unwrap()["id"].as_i64().unwrap()
}

#[tokio::test]
async fn members_leave_with_the_columns_that_were_chosen() {
    let server = with_data().await;
    let few = json!({ "field": "external_id", "op": "in", "value": ["C1", "C2", "C3"] });
    let id = saved(&server, few).await;
    let place = format!("/api/v1/segments/{id}/members");
    // As it always was.
    let plain = server
        .get(Who::Lead, &format!("{place}.csv"))
        .await
        .text()
        .await
        .unwrap();
    let mut ids: Vec<&str> = plain.lines().skip(1).collect();
    ids.sort_unstable();
    assert!(
        plain.starts_with("external_id\r\n") && ids == ["C1", "C2", "C3"],
        "{plain}"
    );
    let asked = format!("{place}.csv?columns=external_id,city,attributes.club,orders");
    let chosen = server.get(Who::Lead, &asked).await;
    assert_eq!(chosen.headers()["content-type"], "text/csv; charset=utf-8");
    let chosen = chosen.text().await.unwrap();
    let mut lines: Vec<&str> = chosen.lines().collect();
    assert_eq!(lines.remove(0), "external_id,city,attributes.club,orders");
    lines.sort_unstable();
    assert_eq!(lines, ["C1,Paris,gold,5", "C2,Rome,tin,5", "C3,,,5"]);
    // Personal data needs its own right, and the refusal says for which column.
    let asked = format!("{place}.csv?columns=external_id,name");
    for who in [Who::Lead, Who::Admin] {
        let refused = server.get(who, &asked).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let problem: Value = refused.json().await.unwrap();
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("\u{201c}name\u{201d}") && detail.contains("personal-data"),
            "{detail}"
        );
    }
    let users = server.json("/api/v1/users").await;
    let lead = users["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["rights"]["role"] == "lead")
        .unwrap();
    let given = server
        .call(Who::Admin, Method::PATCH, &format!("/api/v1/users/{}", lead["id"]))
        .json(&json!({ "personal_data": true }))
        .send()
        .await
        .unwrap();
    assert_eq!(given.status(), StatusCode::OK);
    let seen = server.get(Who::Lead, &asked).await.text().await.unwrap();
    assert!(
        seen.contains("C1,=cmd()\r\n") && seen.contains("C2,\"Bo, the second\"\r\n"),
        "{seen}"
    );
    let logged = server.json("/api/v1/audit?limit=1").await;
    let entry = &logged["items"][0];
    assert_eq!(
        (&entry["action"], &entry["actor"]),
        (&json!("segment.export"), &json!("lead@shop.example"))
    );
    assert_eq!(entry["detail"]["personal"], json!(["name"]));
    // What is not there is a fault of the field.
    for (query, status) in [
        ("columns=town", StatusCode::UNPROCESSABLE_ENTITY),
        ("columns=city,city", StatusCode::UNPROCESSABLE_ENTITY),
        ("column=city", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let refused = server.get(Who::Lead, &format!("{place}.csv?{query}")).await;
        assert_eq!(refused.status(), status, "{query}");
    }
    let offered = server
        .get(Who::Admin, "/api/v1/segments/columns")
        .await
        .json::<Value>()
        .await
        .unwrap();
    let of = |key: &str| {
        offered["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|of| of["key"] == key)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&of("email")["allowed"], &of("attributes.club")["allowed"]),
        (&json!(false), &json!(true))
    );
}

#[tokio::test]
async fn a_workbook_and_the_forms_of_pages() {
    let server = with_data().await;
    let id = saved(&server, json!({ "all": [] })).await;
    let book = server
        .get(
            Who::Lead,
            &format!("/api/v1/segments/{id}/members.xlsx?columns=external_id,spend"),
        )
        .await;
    assert_eq!(book.status(), StatusCode::OK);
    assert!(
        book.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains("-members.xlsx")
    );
    assert_eq!(&book.bytes().await.unwrap()[..2], b"PK");
    // A form sends a box for each column; people open the file in a spreadsheet.
    let run = server.run_rfm().await;
    let page = server
        .browse(Who::Lead, Method::GET, &format!("/segments/{id}"))
        .send()
        .await
        .unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("value=\"attributes.club\"") && !page.contains("value=\"email\""));
    let form = format!("/segments/{id}/members.csv?column=external_id&column=rfm.segment&column=consent_marketing");
    let file = server
        .browse(Who::Lead, Method::GET, &form)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        file.starts_with("\u{feff}external_id,rfm.segment,consent_marketing\r\n"),
        "{file}"
    );
    assert_eq!(file.lines().count(), 61);
    let group = run["segments"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["size"].as_i64() > Some(0))
        .unwrap();
    let key = group["key"].as_str().unwrap();
    let form = format!(
        "/segments/runs/{}/members.csv?segment={key}&column=segment&column=city&column=external_id",
        run["id"]
    );
    let file = server
        .browse(Who::Lead, Method::GET, &form)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(file.lines().count() as i64, group["size"].as_i64().unwrap() + 1);
    assert!(
        file.lines().skip(1).all(|line| line.starts_with(&format!("{key},"))),
        "{file}"
    );
    let form = format!("/segments/runs/{}/members.xlsx?segment=", run["id"]);
    let book = server.browse(Who::Lead, Method::GET, &form).send().await.unwrap();
    assert_eq!(&book.bytes().await.unwrap()[..2], b"PK");
    let hidden = server
        .browse(
            Who::Lead,
            Method::GET,
            &format!("/segments/{id}/members.csv?column=phone"),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(hidden.status(), StatusCode::FORBIDDEN);
}

/// What was sent to a receiver: its headers and its body.
type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// Answers 500 the first time and 204 from then on.
async fn hear(State(heard): State<Heard>, headers: HeaderMap, body: String) -> StatusCode {
    let mut heard = heard.lock().unwrap();
    heard.push((headers, body));
    if heard.len() == 1 {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::NO_CONTENT
    }
}

async fn receiver() -> (String, Heard) {
    let heard = Heard::default();
    let router = axum::Router::new().route("/hook", post(hear)).with_state(heard.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (format!("http://{address}/hook"), heard)
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn private() -> Setup {
    Setup {
        settings: vec![("SILHOUETTE_WEBHOOK_PRIVATE", "yes".to_owned())],
        ..Setup::default()
    }
}

#[tokio::test]
async fn another_system_hears_once_of_each_crossing_also_over_a_restart() {
    let (url, heard) = receiver().await;
    let mut server = Server::start_with(private()).await;
    server.upload("kind=order_lines", order_lines(60)).await;
    let often = json!({ "orders": { "count": { "ge": 2 } } });
    let segment = saved(&server, often).await;
    let new = json!({ "segment": segment, "url": url, "threshold": 20, "direction": "both" });
    let refused = server.post(Who::Manager, "/api/v1/webhooks", &new).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let made = server.post(Who::Lead, "/api/v1/webhooks", &new).await;
    assert_eq!(
        (made.status(), &made.headers()["cache-control"]),
        (StatusCode::CREATED, &"no-store".parse().unwrap())
    );
    let made: Value = made.json().await.unwrap();
    let (id, secret) = (
        made["id"].as_i64().unwrap(),
        made["secret"].as_str().unwrap().to_owned(),
    );
    assert_eq!((&made["reached"], &made["last_size"]), (&json!(false), &json!(0)));
    // Forty customers order a second time: the crossing is told, the first answer is an error, the second attempt arrives.
    let more = server.upload("kind=order_lines", order_lines(100)).await;
    until("the event arrives", async || heard.lock().unwrap().len() == 2).await;
    let place = format!("/api/v1/webhooks/{id}");
    until("it is known to have arrived", async || {
        server.json(&place).await["last_delivery"]["state"] == "delivered"
    })
    .await;
    {
        let heard = heard.lock().unwrap();
        assert_eq!(heard[0].1, heard[1].1);
        assert_eq!(heard[0].0["silhouette-event-id"], heard[1].0["silhouette-event-id"]);
        let body: Value = serde_json::from_str(&heard[1].1).unwrap();
        assert_eq!(
            (&body["event"], &body["size"], &body["previous_size"]),
            (&json!("segment.rose"), &json!(40), &json!(0))
        );
        let signature = heard[1].0["silhouette-signature"].to_str().unwrap();
        let (seconds, hex) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
        assert_eq!(hex, hmac(&secret, &format!("{seconds}.{}", heard[1].1)));
    }
    // Nothing that is there already is told again by a new start; what is new is.
    server.kill();
    server.restart().await;
    let undone = server
        .call(Who::Admin, Method::DELETE, &format!("/api/v1/uploads/{}", more["id"]))
        .send()
        .await
        .unwrap();
    let undone: Value = undone.json().await.unwrap();
    assert_eq!(server.wait(&undone["job_id"]).await["state"], "succeeded");
    until("the fall arrives", async || heard.lock().unwrap().len() == 3).await;
    let deliveries = server.json(&format!("{place}/deliveries")).await;
    let events: Vec<&str> = deliveries["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["segment.fell", "segment.rose"]);
    // A test, a change, an end.
    let tested: Value = server
        .post(Who::Lead, &format!("{place}/test"), &json!({}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(server.wait(&tested["job_id"]).await["state"], "succeeded");
    assert_eq!(heard.lock().unwrap().last().unwrap().0["silhouette-event"], "test");
    let change = json!({ "url": url, "threshold": 5, "direction": "falls" });
    let changed = server
        .call(Who::Lead, Method::PUT, &place)
        .json(&change)
        .send()
        .await
        .unwrap();
    let changed: Value = changed.json().await.unwrap();
    assert_eq!((&changed["threshold"], &changed["reached"]), (&json!(5), &json!(false)));
    assert!(changed.get("secret").is_none());
    let page = server
        .browse(Who::Lead, Method::GET, &format!("/segments/{segment}"))
        .send()
        .await
        .unwrap();
    assert!(
        page.text()
            .await
            .unwrap()
            .contains(&format!("/segments/webhooks/{id}/test"))
    );
    let gone = server.call(Who::Lead, Method::DELETE, &place).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(server.get(Who::Lead, &place).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(heard.lock().unwrap().len(), 4);
}

/// HMAC-SHA256 after RFC 2104, written out, so that it is not the product's own.
fn hmac(key: &str, text: &str) -> String {
    use sha2::{Digest, Sha256};
    let mut block = [0_u8; 64];
    assert!(key.len() > 64, "a longer key is hashed first");
    block[..32].copy_from_slice(&Sha256::digest(key));
    let inner = Sha256::digest([block.map(|byte| byte ^ 0x36).as_slice(), text.as_bytes()].concat());
    let outer = Sha256::digest([block.map(|byte| byte ^ 0x5c).as_slice(), inner.as_slice()].concat());
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn nothing_is_sent_inside_unless_the_installation_says_so() {
    let (url, heard) = receiver().await;
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(60)).await;
    let segment = saved(&server, json!({ "all": [] })).await;
    let inside = url.replace("http:", "https:");
    for url in [
        url.as_str(),
        inside.as_str(),
        "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.1]/",
    ] {
        let new = json!({ "segment": segment, "url": url, "threshold": 2, "direction": "both" });
        let refused = server.post(Who::Lead, "/api/v1/webhooks", &new).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], "url", "{url}");
    }
    // A name that leads inside is found out when something is sent.
    let named = inside.replace("127.0.0.1", "localhost");
    let new = json!({ "segment": segment, "url": named, "threshold": 2, "direction": "both" });
    let made: Value = server
        .post(Who::Lead, "/api/v1/webhooks", &new)
        .await
        .json()
        .await
        .unwrap();
    let tested: Value = server
        .post(Who::Lead, &format!("/api/v1/webhooks/{}/test", made["id"]), &json!({}))
        .await
        .json()
        .await
        .unwrap();
    let job = server.wait(&tested["job_id"]).await;
    assert!(
        job["state"] == "failed" && job["error"].as_str().unwrap().contains("private network"),
        "{job}"
    );
    assert!(heard.lock().unwrap().is_empty());
}

//! What protects people: headers, the check of where a change comes from, the throttle, sessions that end with the password.

use crate::harness::{PASSWORD, Server, Setup, Who};
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn every_answer_carries_the_headers_that_browsers_obey() {
    let setup = Setup {
        settings: vec![("SILHOUETTE_PUBLIC_URL", "https://shop.example".into())],
        ..Setup::default()
    };
    let server = Server::start_with(setup).await;
    for path in ["/", "/sign-in", "/healthz", "/api/v1/me", "/nothing", "/api/v1/nothing"] {
        let answer = server.browse(Who::Manager, Method::GET, path).send().await.unwrap();
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(header("permissions-policy").contains("camera=()"), "{path}");
        assert!(header("strict-transport-security").contains("max-age"), "{path}");
        let policy = header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("script-src 'unsafe"), "{path}: {policy}");
        assert!(!header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_nonce_of_a_page_is_new_each_time_and_is_that_of_its_scripts() {
    let server = Server::start().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let page = server.browse(Who::Manager, Method::GET, "/").send().await.unwrap();
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        let html = page.text().await.unwrap();
        let scripts = html.matches("<script").count();
        assert!(
            scripts > 0 && html.matches(&format!("nonce=\"{nonce}\"")).count() >= scripts,
            "{policy}"
        );
        assert!(!html.contains(" style=\""), "no style stands inline");
        seen.push(nonce);
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let server = Server::start().await;
    let from = |name: &str, value: &str| {
        server
            .browse(Who::Admin, Method::POST, "/segments/run")
            .header(name.to_owned(), value.to_owned())
            .send()
    };
    assert_eq!(
        from("origin", "https://evil.example").await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        from("sec-fetch-site", "cross-site").await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    assert_ne!(
        from("sec-fetch-site", "same-origin").await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    assert_ne!(
        from("origin", &server.base).await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    // A token is sent by no browser on its own.
    let call = server
        .call(Who::Admin, Method::POST, "/api/v1/segmentations")
        .header("origin", "https://evil.example");
    assert_eq!(
        call.json(&json!({ "method": "rfm" })).send().await.unwrap().status(),
        StatusCode::CONFLICT,
        "there is no data yet"
    );
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down() {
    let server = Server::start().await;
    for _ in 0..8 {
        assert!(server.sign_in("manager@shop.example", "wrong").await.is_none());
    }
    let refused = server
        .browse(Who::Nobody, Method::POST, "/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!(
            "email=manager%40shop.example&password={}",
            PASSWORD.replace(' ', "+")
        ))
        .send()
        .await
        .unwrap();
    assert!(
        refused.headers()["location"]
            .to_str()
            .unwrap()
            .contains("fault=throttled")
    );
}

#[tokio::test]
async fn a_session_ends_with_its_password_and_with_its_person() {
    let server = Server::start().await;
    let people = server.json("/api/v1/users").await;
    let id_of = |role: &str| {
        people["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["rights"]["role"] == role)
            .unwrap()["id"]
            .clone()
    };
    let page = async |who: Who| server.browse(who, Method::GET, "/jobs").send().await.unwrap().status();
    assert_eq!(
        (page(Who::Manager).await, page(Who::Lead).await),
        (StatusCode::OK, StatusCode::OK)
    );
    let change = async |id: &serde_json::Value, change: serde_json::Value| {
        let path = format!("/api/v1/users/{id}");
        let done = server
            .call(Who::Admin, Method::PATCH, &path)
            .json(&change)
            .send()
            .await
            .unwrap();
        assert_eq!(done.status(), StatusCode::OK);
    };
    change(&id_of("manager"), json!({ "password": "another password" })).await;
    change(&id_of("lead"), json!({ "disabled": true })).await;
    assert_eq!(
        (page(Who::Manager).await, page(Who::Lead).await),
        (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER)
    );
    assert_eq!(
        server.get(Who::Lead, "/api/v1/me").await.status(),
        StatusCode::UNAUTHORIZED,
        "so does the token"
    );
    assert!(server.sign_in("manager@shop.example", PASSWORD).await.is_none());
    assert!(
        server
            .sign_in("manager@shop.example", "another password")
            .await
            .is_some()
    );
}

#[tokio::test]
async fn the_first_visitor_with_the_code_becomes_administrator() {
    let server = Server::start_empty(Setup::default()).await;
    let code = server
        .said
        .iter()
        .find_map(|line| line.split("code is ").nth(1))
        .expect("the start prints the code")
        .to_owned();
    let first = async |code: &str, email: &str| {
        let body = format!("code={code}&email={email}&name=First&password=a+long+password");
        let request = server
            .browse(Who::Nobody, Method::POST, "/sign-in/first")
            .header("content-type", "application/x-www-form-urlencoded");
        request.body(body).send().await.unwrap()
    };
    let wrong = first("AAAA-AAAA-AAAA", "first%40shop.example").await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let form = wrong.text().await.unwrap();
    assert!(form.contains(r#"value="first@shop.example""#), "what was typed stays");
    assert!(
        !form.contains("a long password") && !form.contains("AAAA-AAAA"),
        "but no secret"
    );
    let right = first(code.trim(), "first%40shop.example").await;
    assert_eq!(right.headers()["location"], "/");
    assert!(right.headers().contains_key("set-cookie"));
    let second = first(code.trim(), "second%40shop.example").await;
    assert!(
        second.headers()["location"].to_str().unwrap().contains("fault="),
        "the code is worth nothing now"
    );
    assert!(server.sign_in("first@shop.example", "a long password").await.is_some());
    assert!(server.sign_in("second@shop.example", "a long password").await.is_none());
}

#[tokio::test]
async fn figures_are_for_this_machine_or_for_a_token() {
    let server = Server::start().await;
    assert_eq!(server.get(Who::Nobody, "/metrics").await.status(), StatusCode::OK);
    let proxied = server
        .call(Who::Nobody, Method::GET, "/metrics")
        .header("x-forwarded-for", "203.0.113.5")
        .send()
        .await
        .unwrap();
    assert_eq!(proxied.status(), StatusCode::UNAUTHORIZED);
    let with_token = server
        .call(Who::Manager, Method::GET, "/metrics")
        .header("x-forwarded-for", "203.0.113.5")
        .send()
        .await
        .unwrap();
    let text = with_token.text().await.unwrap();
    assert!(
        text.contains("silhouette_requests_total") && !text.contains("shop.example"),
        "{text}"
    );
}

//! Every address as everybody. The table is the one that the router is built from, so a new route is tried without a change here.

use crate::harness::{Server, Who};
use reqwest::{Method, StatusCode};
use server::routes::{Needs, Rule};
use types::auth::{Right, Rights, Role};

/// An address of the route at which nothing is.
fn address(rule: &Rule) -> String {
    let path = rule.path.replace("{name}", "nothing");
    let path = path
        .replace("/reports/{file}", "/reports/campaigns.csv")
        .replace("/charts/{file}", "/charts/revenue.csv")
        .replace("/templates/{file}", "/templates/orders.csv");
    path.replace("{id}", "999999").replace("{run}", "999999")
}

fn may(who: Who, needs: Needs) -> bool {
    let role = match who {
        Who::Nobody => return needs == Needs::Nothing,
        Who::Manager => Role::Manager,
        Who::Lead => Role::Lead,
        Who::Admin => Role::Admin,
    };
    match needs {
        Needs::Nothing | Needs::Person => true,
        Needs::Right(right) => Rights {
            role,
            export: false,
            personal_data: false,
        }
        .has(right),
    }
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should() {
    let server = Server::start().await;
    let rules = server::router::rules();
    assert!(rules.len() > 60, "the table of routes is too short: {}", rules.len());
    for who in Who::ALL {
        for rule in &rules {
            // Ends the session that the next rules are tried with.
            if rule.path == "/sign-out" {
                continue;
            }
            check(&server, who, rule).await;
        }
    }
}

async fn check(server: &Server, who: Who, rule: &Rule) {
    let path = address(rule);
    let method: Method = rule.method.parse().unwrap();
    let is_api = path.starts_with("/api/");
    let request = if is_api {
        server.call(who, method.clone(), &path)
    } else {
        server.browse(who, method.clone(), &path)
    };
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let to_sign_in = answer
        .headers()
        .get("location")
        .is_some_and(|place| place.to_str().unwrap().starts_with("/sign-in"));
    let what = format!("{who:?} {method} {path} needs {:?}: {status}", rule.needs);
    assert!(
        status != StatusCode::INTERNAL_SERVER_ERROR && status != StatusCode::METHOD_NOT_ALLOWED,
        "{what}"
    );
    if may(who, rule.needs) {
        let way_in = rule.path.starts_with("/sign-in");
        assert!(
            !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN),
            "{what}"
        );
        assert!(way_in || !to_sign_in, "{what}");
    } else if who != Who::Nobody {
        assert_eq!(status, StatusCode::FORBIDDEN, "{what}");
    } else if is_api || method != Method::GET {
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}");
    } else {
        assert!(status == StatusCode::SEE_OTHER && to_sign_in, "{what}");
    }
}

/// Functions that islands call have addresses of their own, which no router lists.
#[tokio::test]
async fn the_address_of_a_form_is_no_page_and_says_so() {
    let server = Server::start().await;
    let typed = server
        .browse(Who::Admin, Method::GET, "/admin/people")
        .send()
        .await
        .unwrap();
    assert_eq!(
        typed.status(),
        StatusCode::NOT_FOUND,
        "nobody may see it, and it is not forbidden"
    );
}

#[tokio::test]
async fn no_function_of_an_island_answers_a_stranger() {
    let server = Server::start().await;
    let paths: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert!(!paths.is_empty());
    for (path, method) in paths {
        assert!(path.starts_with("/fn/"), "{path} is outside the guarded addresses");
        let answer = server
            .call(Who::Nobody, method.clone(), path)
            .body("id=1")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        let answer = server
            .browse(Who::Manager, method, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body("id=1")
            .send()
            .await
            .unwrap();
        assert!(
            !matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN),
            "{path}: {}",
            answer.status()
        );
    }
}

/// Right by right, where a person was given one by name.
#[tokio::test]
async fn a_right_given_by_name_opens_what_it_should() {
    let server = Server::start().await;
    let users = server.json("/api/v1/users").await;
    let manager = users["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["rights"]["role"] == "manager")
        .unwrap();
    assert_eq!(
        server.get(Who::Manager, "/api/v1/reports/campaigns.csv").await.status(),
        StatusCode::FORBIDDEN
    );
    let change = serde_json::json!({ "export": true });
    let path = format!("/api/v1/users/{}", manager["id"]);
    let changed = server
        .call(Who::Admin, Method::PATCH, &path)
        .json(&change)
        .send()
        .await
        .unwrap();
    assert_eq!(changed.status(), StatusCode::OK);
    let me: serde_json::Value = server.get(Who::Manager, "/api/v1/me").await.json().await.unwrap();
    assert!(me["may"].as_array().unwrap().contains(&Right::Export.as_str().into()));
    assert!(!matches!(
        server.get(Who::Manager, "/api/v1/reports/campaigns.csv").await.status(),
        StatusCode::FORBIDDEN
    ));
}

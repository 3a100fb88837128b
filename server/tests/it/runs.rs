//! Runs of every method over HTTP: clusters, stages, which run counts, moves; and whether the kinds of customers that the demo data is made from
//! are found again.

use crate::harness::{Server, Who, order_lines};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;

async fn run(server: &Server, asked: Value) -> Value {
    let answer = server.post(Who::Manager, "/api/v1/segmentations", &asked).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED, "{asked}");
    let started: Value = answer.json().await.unwrap();
    let job = server.wait(&started["job_id"]).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let mut run = server
        .json(&format!("/api/v1/segmentations/{}", started["run_id"]))
        .await;
    run["run"] = started["run_id"].clone();
    run
}

#[tokio::test]
async fn clusters_stages_and_moves_over_http() {
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(300)).await;
    let features = server.json("/api/v1/segmentations/features").await;
    let names: Vec<&str> = features["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"recency") && names.contains(&"gender") && names.contains(&"category_shares"),
        "{names:?}"
    );

    let asked = json!({"method": "kmeans", "seed": 3, "params": {"features": ["recency", "monetary", "category_shares"], "k": 4}});
    let clusters = run(&server, asked).await;
    assert_eq!(clusters["segments"].as_array().unwrap().len(), 4);
    let sizes: i64 = clusters["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["size"].as_i64().unwrap())
        .sum();
    assert_eq!((sizes, &clusters["covered"]), (60, &json!(60)));
    assert!(clusters["quality"]["silhouette"].as_f64().unwrap() > -1.0);
    assert!(clusters["quality"]["stability"].is_number() && clusters["quality"]["inertia"].is_number());
    assert_eq!(clusters["current"], true);
    let members = server
        .text(&format!(
            "/api/v1/segmentations/{}/members.csv?segment=c1",
            clusters["run"]
        ))
        .await;
    assert_eq!(
        members.lines().count() as i64,
        clusters["segments"][0]["size"].as_i64().unwrap() + 1
    );
    // A cluster can be looked at and asked for like every other group.
    let address = format!("/api/v1/portraits?segment=run:{}:c1&baseline=all", clusters["run"]);
    assert_eq!(server.json(&address).await["size"], clusters["segments"][0]["size"]);

    let stages = run(&server, json!({"method": "lifecycle"})).await;
    let keys: Vec<&str> = stages["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["new", "active", "won_back", "slipping", "asleep", "lost"]);

    let before = run(&server, json!({"method": "rfm", "as_of": "2026-06-30"})).await;
    let after = run(&server, json!({"method": "rfm"})).await;
    let moves = server
        .json(&format!(
            "/api/v1/segmentations/{}/moves?from={}",
            after["run"], before["run"]
        ))
        .await;
    let cells = moves["cells"].as_array().unwrap();
    assert_eq!(cells.iter().map(|cell| cell["size"].as_i64().unwrap()).sum::<i64>(), 60);
    let cell = cells
        .iter()
        .find(|cell| cell["from"].is_string() && cell["to"].is_string())
        .unwrap();
    let file = server
        .text(&format!(
            "/api/v1/segmentations/{}/moves/members.csv?from={}&from_segment={}&to_segment={}",
            after["run"],
            before["run"],
            cell["from"].as_str().unwrap(),
            cell["to"].as_str().unwrap()
        ))
        .await;
    assert_eq!(file.lines().count() as i64, cell["size"].as_i64().unwrap() + 1);

    let current = format!("/api/v1/segmentations/{}/current", before["run"]);
    let chosen = server.post(Who::Manager, &current, &json!({})).await;
    assert_eq!(chosen.status(), StatusCode::OK);
    assert_eq!(chosen.json::<Value>().await.unwrap()["current"], true);
    assert_eq!(
        server.json(&format!("/api/v1/segmentations/{}", after["run"])).await["current"],
        false
    );

    for (body, field) in [
        (
            json!({"method": "kmeans", "params": {"features": ["gender"]}}),
            "params.features.0",
        ),
        (json!({"method": "kmeans", "params": {"k": 1}}), "params.k"),
        (json!({"method": "lifecycle", "params": {"days": 3}}), "params.days"),
        (json!({"method": "rfm", "params": {"grid": []}}), "params.grid"),
    ] {
        let answer = server.post(Who::Manager, "/api/v1/segmentations", &body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    let alone = server
        .get(Who::Manager, &format!("/api/v1/segmentations/{}/moves", after["run"]))
        .await;
    assert_eq!(alone.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

/// Agreement of two partitions (Hubert and Arabie 1985), from the counts of their cells.
fn adjusted_rand(pairs: &[(String, String)]) -> f64 {
    let two = |n: f64| n * (n - 1.0) / 2.0;
    let (mut both, mut a, mut b) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (left, right) in pairs {
        *both.entry((left, right)).or_insert(0.0) += 1.0;
        *a.entry(left).or_insert(0.0) += 1.0;
        *b.entry(right).or_insert(0.0) += 1.0;
    }
    let together: f64 = both.values().map(|n| two(*n)).sum();
    let of_a: f64 = a.values().map(|n| two(*n)).sum();
    let of_b: f64 = b.values().map(|n| two(*n)).sum();
    let expected = of_a * of_b / two(pairs.len() as f64);
    (together - expected) / ((of_a + of_b) / 2.0 - expected)
}

/// The kinds overlap on purpose: each has its own age, taste and habits, and every customer has a mind of their own. Somebody who is told the
/// kinds of these customers and fits a logistic regression to age, income, order value, orders, coupons and categories finds them with an
/// adjusted Rand index of 0.33 (0.50 of those with eight orders or more); k-means is told nothing.
#[tokio::test]
async fn the_planted_kinds_are_found() {
    let server = Server::start().await;
    let folder = server.dir.path().join("demo");
    let text = folder.to_str().unwrap();
    server.cli(
        &[
            "demo",
            "--customers",
            "4000",
            "--seed",
            "5",
            "--end",
            "2026-10-31",
            "--output",
            text,
        ],
        "",
    );
    for kind in ["products", "customers", "orders", "order_lines"] {
        let file = std::fs::read(folder.join(format!("{kind}.csv"))).unwrap();
        server.upload(&format!("kind={kind}"), file).await;
    }
    let planted: HashMap<String, String> = std::fs::read_to_string(folder.join("planted_customers.csv"))
        .unwrap()
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(id, kind)| (id.to_owned(), kind.to_owned()))
        .collect();
    let asked = json!({"method": "kmeans", "params": {"features": ["age", "order_value", "coupon_share"], "k": 7}});
    let found = run(&server, asked).await;
    let members = server
        .text(&format!("/api/v1/segmentations/{}/members.csv", found["run"]))
        .await;
    let agreement = |least: u32| {
        let pairs: Vec<(String, String)> = members
            .lines()
            .skip(1)
            .filter_map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                let often = cells[6].parse::<u32>().unwrap() >= least;
                often.then(|| (planted[cells[0]].clone(), cells[1].to_owned()))
            })
            .collect();
        adjusted_rand(&pairs)
    };
    let (all, regulars) = (agreement(1), agreement(8));
    assert!(
        all > 0.13 && regulars > 0.25,
        "adjusted Rand index {all}, of those with eight orders or more {regulars}"
    );
}

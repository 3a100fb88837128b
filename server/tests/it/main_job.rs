//! From a file to a portrait and an export, and the numbers that must agree on the way.

use crate::harness::{Server, Who, order_lines};
use reqwest::{Method, StatusCode};
use std::collections::BTreeMap;

#[tokio::test]
async fn a_file_becomes_groups_a_portrait_and_an_export_that_agree() {
    let server = Server::start().await;
    let upload = server.upload("kind=order_lines&name=lines.csv", order_lines(600)).await;
    assert_eq!(
        (&upload["state"], &upload["rows"]["read"], &upload["rows"]["created"]),
        (&"committed".into(), &600.into(), &600.into())
    );
    assert_eq!(upload["records"]["customers"]["created"], 60);

    let run = server.run_rfm().await;
    assert_eq!((&run["covered"], &run["as_of"]), (&60.into(), &"2026-09-19".into()));
    let segments = run["segments"].as_array().unwrap();
    let sizes: BTreeMap<&str, i64> = segments
        .iter()
        .map(|s| (s["key"].as_str().unwrap(), s["size"].as_i64().unwrap()))
        .collect();
    assert_eq!(sizes.values().sum::<i64>(), 60);

    // The file of members holds as many lines of each group as the screen says.
    let path = format!("/api/v1/segmentations/{}/members.csv", run["id"]);
    let members = server.text(&path).await;
    let mut counted: BTreeMap<&str, i64> = BTreeMap::new();
    for line in members.lines().skip(1) {
        *counted.entry(line.split(',').nth(1).unwrap()).or_default() += 1;
    }
    assert_eq!(
        counted,
        sizes
            .iter()
            .filter(|(_, size)| **size > 0)
            .map(|(key, size)| (*key, *size))
            .collect()
    );
    let (largest, size) = sizes.iter().max_by_key(|(_, size)| **size).unwrap();
    let one = server.text(&format!("{path}?segment={largest}")).await;
    assert_eq!(one.lines().count() as i64, size + 1);

    // The same people in the portrait.
    let portrait = server
        .json(&format!("/api/v1/portraits?segment=run:{}:{largest}", run["id"]))
        .await;
    assert_eq!(
        (&portrait["size"], &portrait["baseline_size"]),
        (&(*size).into(), &60.into())
    );

    // The same sizes in the report and on the page.
    let report = server
        .text(&format!("/api/v1/reports/segments.csv?run={}", run["id"]))
        .await;
    assert!(report.starts_with('\u{feff}'), "spreadsheets read it as UTF-8");
    for (key, size) in &sizes {
        assert!(
            report
                .lines()
                .any(|line| line.starts_with(&format!("{key},")) && line.split(',').nth(2) == Some(&size.to_string())),
            "{key}\n{report}"
        );
    }
    let page = server
        .browse(Who::Manager, Method::GET, &format!("/segments/runs/{}", run["id"]))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.unwrap().contains("Champions"));

    // What left is on record.
    let audit = server.json("/api/v1/audit?limit=500").await;
    let actions: Vec<&str> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["action"].as_str().unwrap())
        .collect();
    for action in [
        "segmentation.export",
        "report.export",
        "segmentation.start",
        "upload.start",
        "person.create",
        "token.create",
    ] {
        assert!(actions.contains(&action), "{action} is not in {actions:?}");
    }
}

#[tokio::test]
async fn the_campaign_report_says_what_the_screen_says() {
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(600)).await;
    let campaigns = "campaign_id,name,channel,starts_at,ends_at\nA,=HYPERLINK(\"http://x\"),mail,2026-03-01,2026-03-31\nB,春季,search,2026-06-01,2026-06-30\n";
    server.upload("kind=campaigns", campaigns).await;
    server
        .upload(
            "kind=campaign_costs",
            "campaign_id,day,cost\nA,2026-03-01,120.25\nB,2026-06-02,80\n",
        )
        .await;
    let mut touches = String::from("customer_id,at,kind,campaign_id\n");
    for i in 0..40 {
        let (campaign, month) = if i % 2 == 0 { ("A", 3) } else { ("B", 6) };
        touches.push_str(&format!("C{i},2026-0{month}-05T09:00:00Z,sent,{campaign}\n"));
    }
    server.upload("kind=touches", touches).await;

    for query in [
        "",
        "?from=2026-03-01&to=2026-04-01",
        "?from=2026-01-01&to=2026-12-31",
        "?from=2025-01-01&to=2025-02-01",
    ] {
        let list = server.json(&format!("/api/v1/campaigns{query}")).await;
        let file = server.text(&format!("/api/v1/reports/campaigns.csv{query}")).await;
        let header: Vec<&str> = file
            .trim_start_matches('\u{feff}')
            .lines()
            .next()
            .unwrap()
            .split(',')
            .collect();
        let column = |name: &str| header.iter().position(|known| *known == name).unwrap();
        let items = list["items"].as_array().unwrap();
        let rows: Vec<Vec<String>> = file.lines().skip(1).map(cells).collect();
        assert_eq!(rows.len(), items.len(), "{query}");
        for figure in ["cost", "revenue", "net_revenue", "roi", "roas", "orders", "people"] {
            for (item, row) in items.iter().zip(&rows) {
                let shown = item[figure].as_f64();
                let written = row[column(figure)].parse::<f64>().ok();
                match (shown, written) {
                    (Some(shown), Some(written)) => {
                        assert!((shown - written).abs() < 1e-6, "{figure} {query}")
                    }
                    (shown, written) => assert_eq!(shown, written, "{figure} {query}"),
                }
            }
            if ["cost", "revenue", "net_revenue"].contains(&figure) {
                let sum: f64 = rows
                    .iter()
                    .filter_map(|row| row[column(figure)].parse::<f64>().ok())
                    .sum();
                assert!(
                    (sum - list["total"][figure].as_f64().unwrap()).abs() < 1e-6,
                    "the total of {figure} {query}"
                );
            }
        }
    }
    let file = server.text("/api/v1/reports/campaigns.csv").await;
    assert!(file.contains("\"'=HYPERLINK"), "a formula leaves as text: {file}");
    assert!(file.contains("春季"));
    let workbook = server.get(Who::Lead, "/api/v1/reports/campaigns.xlsx").await;
    assert_eq!(workbook.status(), StatusCode::OK);
    assert!(
        workbook.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains("campaigns.xlsx")
    );
    assert_eq!(&workbook.bytes().await.unwrap()[..2], b"PK");
}

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

#[tokio::test]
async fn an_upload_can_be_tried_committed_and_undone() {
    let server = Server::start().await;
    let tried = server.upload("kind=order_lines&mode=dry_run", order_lines(50)).await;
    assert_eq!(
        (&tried["state"], &tried["rows"]["created"]),
        (&"ready".into(), &50.into())
    );
    assert_eq!(server.rows(), 0, "a dry run writes nothing");
    let id = &tried["id"];
    let asked = server
        .post(
            Who::Admin,
            &format!("/api/v1/uploads/{id}/commit"),
            &serde_json::json!({}),
        )
        .await;
    assert_eq!(asked.status(), StatusCode::ACCEPTED);
    assert!(asked.headers().contains_key("location") && asked.headers().contains_key("retry-after"));
    let asked: serde_json::Value = asked.json().await.unwrap();
    server.wait(&asked["job_id"]).await;
    assert_eq!(server.sql("select count(*) from order_lines"), "50");

    let effect = server.json(&format!("/api/v1/uploads/{id}/undo")).await;
    assert_eq!(effect["order_lines"]["removed"], 50);
    let asked = server
        .call(Who::Admin, Method::DELETE, &format!("/api/v1/uploads/{id}"))
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), StatusCode::ACCEPTED);
    let asked: serde_json::Value = asked.json().await.unwrap();
    assert_eq!(server.wait(&asked["job_id"]).await["state"], "succeeded");
    assert_eq!(server.sql("select count(*) from order_lines"), "0");
    assert_eq!(server.json(&format!("/api/v1/uploads/{id}")).await["state"], "undone");
    let again = server
        .call(Who::Admin, Method::DELETE, &format!("/api/v1/uploads/{id}"))
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_file_can_come_in_parts() {
    let server = Server::start().await;
    let file = order_lines(400);
    let (first, rest) = file.as_bytes().split_at(5_000);
    let (status, begun) = server.send("kind=order_lines&resume=1", "").await;
    assert_eq!(status, StatusCode::CREATED);
    let id = &begun["upload_id"];
    let part = |offset: usize, last: &str, bytes: &[u8]| {
        let path = format!("/api/v1/uploads/{id}/data?offset={offset}{last}");
        server
            .call(Who::Admin, Method::PATCH, &path)
            .body(bytes.to_vec())
            .send()
    };
    let answer: serde_json::Value = part(0, "", first).await.unwrap().json().await.unwrap();
    assert_eq!(answer["received"], 5_000);
    assert_eq!(
        part(6_000, "", rest).await.unwrap().status(),
        StatusCode::CONFLICT,
        "a hole is refused"
    );
    assert_eq!(
        server.json(&format!("/api/v1/uploads/{id}/data")).await["received"],
        5_000
    );
    let answer: serde_json::Value = part(5_000, "&last=1", rest).await.unwrap().json().await.unwrap();
    assert_eq!(server.wait(&answer["job_id"]).await["state"], "succeeded");
    assert_eq!(
        server.json(&format!("/api/v1/uploads/{id}")).await["rows"]["created"],
        400
    );
}

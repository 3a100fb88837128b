//! Files that are not what they should be: each ends in a clear message that names the fault, and nothing is half-loaded.

use crate::harness::{Server, Setup, Who, order_lines};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

/// What the refusal or the failed job says, all in one text.
async fn refusal(server: &Server, query: &str, body: impl Into<reqwest::Body>) -> String {
    let (status, answer) = server.send(query, body).await;
    if status == StatusCode::ACCEPTED {
        let job = server.wait(&answer["job_id"]).await;
        assert_eq!(job["state"], "failed", "{job}");
        let upload = server.json(&format!("/api/v1/uploads/{}", answer["upload_id"])).await;
        assert_eq!(upload["state"], "failed");
        return format!("{} {}", job["error"], upload["error"]);
    }
    assert!(status.is_client_error(), "{status} {answer}");
    format!("{} {}", answer["detail"], answer["errors"])
}

#[tokio::test]
async fn files_that_cannot_be_read_say_why() {
    let server = Server::start().await;
    let picture: Vec<u8> = [0x89u8, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]
        .into_iter()
        .chain((0..2_000).map(|i| (i * 37 % 256) as u8))
        .collect();
    for (what, body) in [
        ("a picture", picture),
        ("an empty file", Vec::new()),
        (
            "a header only",
            b"order_id,customer_id,ordered_at,product_id,quantity,unit_price\n".to_vec(),
        ),
        ("a broken archive", b"PK\x03\x04 this is no spreadsheet".to_vec()),
        ("a broken gzip", b"\x1f\x8b\x08\x00 this is no gzip".to_vec()),
    ] {
        let said = refusal(&server, "kind=order_lines&name=lines.csv", body).await;
        assert!(said.len() > 20, "{what}: {said}");
        assert!(!said.contains("Internal error"), "{what}: {said}");
    }
    assert_eq!(server.rows(), 0);
}

#[tokio::test]
async fn a_mapping_that_does_not_fit_names_the_column() {
    let server = Server::start().await;
    let mapping = json!({ "order_id": "order_id", "product_id": "product_id", "unit_price": "Preis", "ordered_at": "ordered_at" });
    let query = format!("kind=order_lines&mapping={}", encode(&mapping.to_string()));
    let said = refusal(&server, &query, order_lines(5)).await;
    assert!(said.contains("unit_price") && said.contains("Preis"), "{said}");
    let query = format!(
        "kind=order_lines&mapping={}",
        encode(&json!({ "colour": "order_id" }).to_string())
    );
    assert!(refusal(&server, &query, order_lines(5)).await.contains("colour"));
    let said = refusal(&server, "kind=order_lines", "a,b\n1,2\n").await;
    assert!(said.contains("order_id"), "required fields are named: {said}");
    let (status, answer) = server.send("kind=shoes", order_lines(5)).await;
    assert_eq!(
        (status, &answer["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &"kind".into())
    );
    let (status, answer) = server.send("kind=orders&mapping=%7Bbroken", order_lines(5)).await;
    assert_eq!(
        (status, &answer["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &"mapping".into())
    );
    assert_eq!(server.rows(), 0);
}

#[tokio::test]
async fn bad_rows_are_rejected_with_row_field_and_reason() {
    let server = Server::start().await;
    let mut file = order_lines(10);
    file.push_str("O900,C1,the day after tomorrow,P1,Cat1,1,5\n");
    file.push_str("O901,C1,2026-01-01T00:00:00Z,P1,Cat1,many,5\n");
    file.push_str("O902,C1,2026-01-01T00:00:00Z,P1,Cat1,1,-5\n");
    file.push_str("O903,C1,2026-01-01T00:00:00Z,P1,Cat1,1,0\n");
    let upload = server.upload("kind=order_lines", file).await;
    let rows = &upload["rows"];
    assert_eq!(
        (&rows["read"], &rows["created"], &rows["rejected"]),
        (&14.into(), &11.into(), &3.into())
    );
    let file = server
        .text(&format!("/api/v1/uploads/{}/rejects.csv", upload["id"]))
        .await;
    let lines: Vec<&str> = file.lines().collect();
    assert!(lines[0].ends_with(",row,field,reason"), "{file}");
    for (line, row, field) in [
        (1, ",11,", "ordered_at"),
        (2, ",12,", "quantity"),
        (3, ",13,", "unit_price"),
    ] {
        assert!(
            lines[line].contains(row) && lines[line].contains(field),
            "{}",
            lines[line]
        );
    }
}

#[tokio::test]
async fn two_uploads_at_once_both_count_once() {
    let server = Server::start().await;
    let both = async |name: &str| {
        server
            .upload(&format!("kind=order_lines&name={name}"), order_lines(3_000))
            .await
    };
    let (one, two) = tokio::join!(both("one"), both("two"));
    let sum = |field: &str| one["rows"][field].as_i64().unwrap() + two["rows"][field].as_i64().unwrap();
    assert_eq!((sum("created"), sum("unchanged")), (3_000, 3_000));
    assert_eq!(server.sql("select count(*) from order_lines"), "3000");
    assert_eq!(server.json("/api/v1/overview").await["customers"], 60);
}

#[tokio::test]
async fn a_sender_that_goes_away_leaves_nothing() {
    let server = Server::start().await;
    let token = server.call(Who::Admin, Method::GET, "/").build().unwrap().headers()["authorization"]
        .to_str()
        .unwrap()
        .to_owned();
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /api/v1/uploads?kind=order_lines HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 1000000\r\n\r\n{}",
        order_lines(100)
    );
    stream.write_all(head.as_bytes()).unwrap();
    let uploads = async || server.json("/api/v1/uploads").await["items"].as_array().unwrap().len();
    while uploads().await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stream.shutdown(std::net::Shutdown::Both).unwrap();
    let begun = std::time::Instant::now();
    while uploads().await > 0 {
        assert!(begun.elapsed().as_secs() < 10, "the half of a file is still listed");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(server.rows(), 0);
    assert_eq!(
        std::fs::read_dir(server.dir.path().join("data/uploads"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused_before_it_is_kept() {
    let setup = Setup {
        settings: vec![("SILHOUETTE_MAX_UPLOAD_MB", "1".into())],
        ..Setup::default()
    };
    let server = Server::start_with(setup).await;
    let (status, answer) = server.send("kind=order_lines", order_lines(40_000)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{answer}");
    assert!(answer["detail"].as_str().unwrap().contains("1000000"), "{answer}");
    assert_eq!(
        server.json("/api/v1/uploads").await["items"].as_array().unwrap().len(),
        0
    );
    let (status, _) = server.send("kind=order_lines", order_lines(400)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "the next file is taken");
}

#[tokio::test]
async fn the_form_of_the_page_takes_a_file() {
    let server = Server::start().await;
    let form = reqwest::multipart::Form::new().text("kind", "order_lines").part(
        "file",
        reqwest::multipart::Part::text(order_lines(20)).file_name("行.csv"),
    );
    let answer = server
        .browse(Who::Admin, Method::POST, "/uploads")
        .multipart(form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/uploads/1/map");
    assert_eq!(server.json("/api/v1/uploads/1").await["name"], "行.csv");
    let empty = reqwest::multipart::Form::new().text("kind", "order_lines");
    let refused = server
        .browse(Who::Admin, Method::POST, "/uploads")
        .multipart(empty)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(
        page.contains("<h1") && page.contains("file"),
        "people get a page that names the field"
    );
}

#[tokio::test]
async fn a_request_that_is_no_request_does_not_hurt() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.write_all(b"\x16\x03\x01\x02\x00garbage\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let alive: Value = server.json("/api/v1/me").await;
    assert_eq!(alive["email"], "admin@shop.example");
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

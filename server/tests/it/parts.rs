//! A file in parts, as a page sends it: with the session of a person and no token, safe from other sites, one writer at a time, and taken up
//! where a connection broke.

use crate::harness::{Server, Who, order_lines};
use bytes::Bytes;
use futures::channel::mpsc;
use reqwest::{Body, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::time::{Duration, Instant};

const BEGIN: &str = "/api/v1/uploads?resume=1&kind=order_lines&name=parts.csv";

/// A call of the page's script.
fn script(server: &Server, who: Who, method: Method, path: &str) -> RequestBuilder {
    server
        .browse(who, method, path)
        .header("accept", "application/json")
        .header("sec-fetch-site", "same-origin")
        .header("origin", &server.base)
}

async fn begin(server: &Server) -> String {
    let answer = script(server, Who::Admin, Method::POST, BEGIN).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let begun: Value = answer.json().await.unwrap();
    assert_eq!((&begun["received"], &begun["complete"]), (&0.into(), &false.into()));
    format!("/api/v1/uploads/{}", begun["upload_id"])
}

async fn send(server: &Server, upload: &str, query: &str, part: impl Into<Body>) -> Response {
    let path = format!("{upload}/data?{query}");
    script(server, Who::Admin, Method::PATCH, &path)
        .body(part)
        .send()
        .await
        .unwrap()
}

async fn arrived(server: &Server, upload: &str) -> (u64, bool) {
    let said = server.json(&format!("{upload}/data")).await;
    (said["received"].as_u64().unwrap(), said["complete"].as_bool().unwrap())
}

/// Waits until at least so many bytes of the file are there, and says how many.
async fn arrive(server: &Server, upload: &str, bytes: usize) -> u64 {
    let begun = Instant::now();
    loop {
        let (at, _) = arrived(server, upload).await;
        if at >= bytes as u64 {
            return at;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{at} of {bytes}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_page_sends_a_file_in_parts_and_maps_its_columns_then() {
    let server = Server::start().await;
    let file = order_lines(500).into_bytes();
    let upload = begin(&server).await;
    let page = format!("/uploads/{}", upload.rsplit('/').next().unwrap());
    let half = file.len() / 2;
    let answer: Value = send(&server, &upload, "offset=0", file[..half].to_vec())
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&answer["received"], &answer["complete"]),
        (&half.into(), &false.into())
    );
    let partly = server.browse(Who::Admin, Method::GET, &page).send().await.unwrap();
    assert!(partly.text().await.unwrap().contains("of this file have arrived"));

    let last = format!("offset={half}&last=1&start=0");
    let answer = send(&server, &upload, &last, file[half..].to_vec()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(
        (&answer["received"], &answer["complete"]),
        (&file.len().into(), &true.into())
    );
    // The answer may have been lost: the next question says that all is there, and sending on is refused.
    assert_eq!(arrived(&server, &upload).await, (file.len() as u64, true));
    assert_eq!(
        send(&server, &upload, &last, file[half..].to_vec()).await.status(),
        StatusCode::CONFLICT
    );
    let known = server.json(&upload).await;
    assert_eq!((&known["state"], &known["job_id"]), (&"received".into(), &Value::Null));
    let whole = server.upload("kind=order_lines", file).await;
    assert_eq!(known["sha256"], whole["sha256"]);
    let map = server
        .browse(Who::Admin, Method::GET, &format!("{page}/map"))
        .send()
        .await
        .unwrap();
    assert_eq!(map.status(), StatusCode::OK);
}

#[tokio::test]
async fn other_sites_and_people_without_the_right_send_nothing() {
    let server = Server::start().await;
    let upload = begin(&server).await;
    let data = format!("{upload}/data?offset=0");
    for (method, path) in [(Method::POST, BEGIN), (Method::PATCH, data.as_str())] {
        let from = |site: &'static str, origin: &'static str| {
            server
                .browse(Who::Admin, method.clone(), path)
                .header("sec-fetch-site", site)
                .header("origin", origin)
                .body("x")
                .send()
        };
        for site in ["cross-site", "same-site"] {
            let answer = from(site, "https://evil.example").await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} from {site}");
        }
        for who in [Who::Manager, Who::Lead] {
            let answer = script(&server, who, method.clone(), path)
                .body("x")
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} by {who:?}");
        }
        let answer = script(&server, Who::Nobody, method.clone(), path)
            .body("x")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} by nobody");
    }
    assert_eq!(arrived(&server, &upload).await, (0, false));
}

#[tokio::test]
async fn a_part_has_one_writer_and_a_broken_one_is_gone_on_with() {
    let server = Server::start().await;
    // So large that its first third is more than the server keeps in memory before it writes.
    let file = order_lines(40_000).into_bytes();
    let upload = begin(&server).await;
    let (first, rest) = file.split_at(file.len() / 3);
    // A part that does not end: its sender still holds the connection, and some of what it sent has come.
    let (sender, receiver) = mpsc::unbounded::<Result<Bytes, std::io::Error>>();
    sender.unbounded_send(Ok(Bytes::copy_from_slice(first))).unwrap();
    let path = format!("{upload}/data?offset=0");
    let hanging = script(&server, Who::Admin, Method::PATCH, &path).body(Body::wrap_stream(receiver));
    let hanging = tokio::spawn(hanging.send());
    arrive(&server, &upload, 1).await;
    let refused = send(&server, &upload, "offset=0", "x").await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    let refused = refused.text().await.unwrap();
    assert!(refused.contains("still arriving"), "{refused}");
    // The connection breaks in the middle of a part.
    sender
        .unbounded_send(Err(std::io::Error::other("the cable was pulled")))
        .unwrap();
    drop(sender);
    assert!(hanging.await.unwrap().is_err());
    let at = arrive(&server, &upload, first.len()).await;
    assert_eq!(at, first.len() as u64);
    let last = format!("offset={at}&last=1");
    let answer: Value = send(&server, &upload, &last, rest.to_vec()).await.json().await.unwrap();
    assert_eq!(server.wait(&answer["job_id"]).await["state"], "succeeded");
    let known = server.json(&upload).await;
    assert_eq!(
        (&known["rows"]["created"], &known["rows"]["rejected"]),
        (&40_000.into(), &0.into())
    );
}

//! Crossings over a real database, told to a real receiver on this machine.

use super::*;
use crate::queue::Progress;
use crate::segments::{create_segment, update_segment};
use crate::testing::{self, TestEngine};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use types::auth::{Rights, Role};
use types::jobs::{Job, JobState};
use types::webhooks::{DeliveryState, Direction};

/// Hears requests and answers each with the next of its answers, the last of which it repeats.
struct Receiver {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn start(answers: &[&str]) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let (all, mut answers) = (
            heard.clone(),
            answers
                .iter()
                .map(|&text| text.to_owned())
                .collect::<VecDeque<String>>(),
        );
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                let mut piece = [0; 4096];
                while !whole(&request) {
                    match stream.read(&mut piece).await {
                        Ok(0) | Err(_) => break,
                        Ok(read) => request.extend_from_slice(&piece[..read]),
                    }
                }
                all.lock().unwrap().push(String::from_utf8(request).unwrap());
                let answer = if answers.len() > 1 {
                    answers.pop_front()
                } else {
                    answers.front().cloned()
                };
                let _ = stream.write_all(answer.unwrap().as_bytes()).await;
            }
        });
        Receiver { url, heard }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = header(head, "content-length").and_then(|length| length.parse::<usize>().ok());
    length.is_some_and(|length| body.len() >= length)
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })
}

fn lead() -> Actor {
    Actor {
        rights: Rights {
            role: Role::Lead,
            export: false,
            personal_data: false,
        },
        ..Actor::command_line()
    }
}

/// Two customers, and a segment of everybody.
async fn begin(private: bool) -> (TestEngine, i64) {
    let t = testing::engine_with(|config| config.webhook_private = private).await;
    customers(&t, 1, 2).await;
    let everybody = serde_json::from_str(r#"{"name": "Everybody", "rule": {"all": []}}"#).unwrap();
    let segment = create_segment(&t.engine, &lead(), everybody).await.unwrap();
    (t, segment.id)
}

async fn customers(t: &TestEngine, from: i32, to: i32) {
    t.publish(&[
        &format!("insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series({from}, {to}) n"),
        &format!("insert into customers (customer_no, city) select n, case when n = 1 then 'Paris' end from generate_series({from}, {to}) n"),
    ])
    .await;
}

async fn without(t: &TestEngine, from: i32) {
    t.publish(&[
        &format!("delete from customers where customer_no >= {from}"),
        &format!("delete from customer_ids where customer_no >= {from}"),
    ])
    .await;
}

async fn hook(t: &TestEngine, segment: i64, url: &str, threshold: i64, direction: Direction) -> Webhook {
    let new = NewWebhook {
        segment,
        url: url.to_owned(),
        threshold,
        direction,
    };
    create_webhook(&t.engine, &lead(), new).await.unwrap().0
}

async fn look(t: &TestEngine) {
    watch::look(&t.engine, &Progress::default()).await.unwrap();
}

async fn told(t: &TestEngine, id: i64) -> Vec<String> {
    let all = list_deliveries(&t.engine, &lead(), id, None, 100).await.unwrap().items;
    all.into_iter().rev().map(|delivery| delivery.event).collect()
}

async fn waiting(t: &TestEngine, kind: &str) -> Vec<i64> {
    sqlx::query_scalar("select id from jobs where kind = $1 and state = 'queued' order by id")
        .bind(kind)
        .fetch_all(t.engine.pool())
        .await
        .unwrap()
}

async fn deliver(t: &TestEngine, id: i64) -> (Job, Delivery) {
    let delivery = list_deliveries(&t.engine, &lead(), id, None, 1)
        .await
        .unwrap()
        .items
        .remove(0);
    let job = queue::run_one(&t.engine, delivery.job_id.unwrap()).await.unwrap();
    (
        job,
        list_deliveries(&t.engine, &lead(), id, None, 1)
            .await
            .unwrap()
            .items
            .remove(0),
    )
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

#[tokio::test]
async fn each_crossing_is_told_once_however_many_look() {
    let (t, segment) = begin(true).await;
    let both = hook(&t, segment, "http://127.0.0.1:9/", 4, Direction::Both).await;
    let rises = hook(&t, segment, "http://127.0.0.1:9/", 4, Direction::Rises).await;
    assert_eq!((both.reached, both.last_size), (Some(false), Some(2)));
    customers(&t, 3, 4).await;
    assert_eq!(
        waiting(&t, "watch_segments").await.len(),
        1,
        "the version asked for a look"
    );
    let looks = (0..6).map(|_| async { watch::look(&t.engine, &Progress::default()).await });
    futures::future::try_join_all(looks).await.unwrap();
    look(&t).await;
    assert_eq!(told(&t, both.id).await, ["segment.rose"]);
    assert_eq!(told(&t, rises.id).await, ["segment.rose"]);
    let event = get_webhook(&t.engine, &lead(), both.id)
        .await
        .unwrap()
        .last_delivery
        .unwrap();
    assert_eq!(
        (
            &event.body["size"],
            &event.body["previous_size"],
            &event.body["segment"]["name"]
        ),
        (&json!(4), &json!(2), &json!("Everybody"))
    );
    // Above the threshold nothing is crossed; below it only one of them is told.
    customers(&t, 5, 6).await;
    look(&t).await;
    without(&t, 3).await;
    look(&t).await;
    assert_eq!(told(&t, both.id).await, ["segment.rose", "segment.fell"]);
    assert_eq!(told(&t, rises.id).await, ["segment.rose"]);
    // Two versions between two looks: both crossings were seen when their versions were published.
    customers(&t, 3, 6).await;
    without(&t, 2).await;
    look(&t).await;
    assert_eq!(
        told(&t, both.id).await,
        ["segment.rose", "segment.fell", "segment.rose", "segment.fell"]
    );
    assert_eq!(told(&t, rises.id).await, ["segment.rose", "segment.rose"]);
    // Another threshold is no crossing.
    let change = WebhookChange {
        url: both.url.clone(),
        threshold: 1,
        direction: Direction::Both,
    };
    let changed = update_webhook(&t.engine, &lead(), both.id, change).await.unwrap();
    assert_eq!((changed.reached, changed.last_size), (Some(true), Some(1)));
    look(&t).await;
    assert_eq!(told(&t, both.id).await.len(), 4);
    t.close().await;
}

#[tokio::test]
async fn another_meaning_of_a_segment_is_looked_at_too() {
    let (t, segment) = begin(true).await;
    let hook = hook(&t, segment, "http://127.0.0.1:9/", 2, Direction::Falls).await;
    assert_eq!(hook.reached, Some(true));
    let rule = json!({ "field": "city", "op": "eq", "value": "Paris" });
    let change = serde_json::from_value(json!({ "name": "Paris", "rule": rule })).unwrap();
    update_segment(&t.engine, &lead(), segment, change).await.unwrap();
    let asked = waiting(&t, "watch_segments").await;
    assert_eq!(asked.len(), 1);
    assert_eq!(
        queue::run_one(&t.engine, asked[0]).await.unwrap().state,
        JobState::Succeeded
    );
    assert_eq!(told(&t, hook.id).await, ["segment.fell"]);
    // A segment without webhooks asks for nothing.
    delete_webhook(&t.engine, &lead(), hook.id).await.unwrap();
    let change = serde_json::from_value(json!({ "name": "All", "rule": { "all": [] } })).unwrap();
    update_segment(&t.engine, &lead(), segment, change).await.unwrap();
    assert!(waiting(&t, "watch_segments").await.is_empty());
    t.close().await;
}

#[tokio::test]
async fn a_delivery_is_signed_and_tried_again_until_it_arrives() {
    let (t, segment) = begin(true).await;
    let long = format!(
        "HTTP/1.1 503 Busy\r\ncontent-length: 3000\r\nconnection: close\r\n\r\n{}",
        "b\u{7}".repeat(1500)
    );
    let receiver = Receiver::start(&[&long, OK]).await;
    let new = NewWebhook {
        segment,
        url: receiver.url.clone(),
        threshold: 3,
        direction: Direction::Rises,
    };
    let (hook, secret) = create_webhook(&t.engine, &lead(), new).await.unwrap();
    customers(&t, 3, 3).await;
    look(&t).await;
    let (job, delivery) = deliver(&t, hook.id).await;
    assert_eq!((job.state, job.attempts), (JobState::Succeeded, 2));
    assert_eq!(
        (delivery.state, delivery.attempts, delivery.status),
        (DeliveryState::Delivered, 2, Some(200))
    );
    assert_eq!((delivery.answer.as_deref(), &delivery.problem), (Some("ok"), &None));
    let heard = receiver.heard();
    assert_eq!(heard.len(), 2);
    for request in &heard {
        assert!(request.starts_with("POST /hook?key=1 HTTP/1.1\r\n"), "{request}");
        let body = request.split_once("\r\n\r\n").unwrap().1;
        assert_eq!(serde_json::from_str::<Value>(body).unwrap(), delivery.body);
        assert_eq!(header(request, "silhouette-event"), Some("segment.rose"));
        assert_eq!(header(request, "silhouette-event-id"), Some(delivery.event_id.as_str()));
        let at = t.engine.clock().now();
        assert_eq!(
            header(request, "silhouette-signature").unwrap(),
            sending::signature(&secret, at, body).unwrap()
        );
    }
    // What has arrived is not sent again.
    sqlx::query("update jobs set state = 'queued' where id = $1")
        .bind(job.id)
        .execute(t.engine.pool())
        .await
        .unwrap();
    queue::run_one(&t.engine, job.id).await.unwrap();
    assert_eq!(receiver.heard().len(), 2);
    t.close().await;
}

#[tokio::test]
async fn a_test_is_sent_once_and_nobody_is_followed_elsewhere() {
    let (t, segment) = begin(true).await;
    let elsewhere = Receiver::start(&[OK]).await;
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        elsewhere.url
    );
    let receiver = Receiver::start(&[&redirect]).await;
    let hook = hook(&t, segment, &receiver.url, 100, Direction::Both).await;
    let sent = test_webhook(&t.engine, &lead(), hook.id).await.unwrap();
    let (job, delivery) = deliver(&t, hook.id).await;
    assert_eq!((sent.job_id, sent.delivery_id), (job.id, delivery.id));
    assert_eq!(
        (job.state, job.attempts, delivery.state),
        (JobState::Failed, 1, DeliveryState::Failed)
    );
    assert_eq!((delivery.event.as_str(), delivery.status), ("test", Some(302)));
    assert!(job.error.unwrap().contains("redirects are not followed"));
    assert_eq!((receiver.heard().len(), elsewhere.heard().len()), (1, 0));
    // A test changes no side.
    assert_eq!(
        get_webhook(&t.engine, &lead(), hook.id).await.unwrap().reached,
        Some(false)
    );
    t.close().await;
}

#[tokio::test]
async fn an_installation_that_became_stricter_sends_nothing_inside() {
    let (t, segment) = begin(false).await;
    let receiver = Receiver::start(&[OK]).await;
    let refused = |url: &str| NewWebhook {
        segment,
        url: url.to_owned(),
        threshold: 1,
        direction: Direction::Both,
    };
    for url in [
        receiver.url.as_str(),
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/",
    ] {
        let error = create_webhook(&t.engine, &lead(), refused(url)).await.unwrap_err();
        assert_eq!(error.to_problem().errors[0].field, "url", "{error}");
    }
    // A name is looked up when something is sent.
    let inside = receiver.url.replace("http://127.0.0.1", "https://localhost");
    for url in [inside, receiver.url.clone()] {
        let named = hook(&t, segment, "https://receiver.example/", 1, Direction::Both).await;
        sqlx::query("update webhooks set url = $2 where id = $1")
            .bind(named.id)
            .bind(&url)
            .execute(t.engine.pool())
            .await
            .unwrap();
        test_webhook(&t.engine, &lead(), named.id).await.unwrap();
        let (job, delivery) = deliver(&t, named.id).await;
        assert_eq!(
            (job.state, delivery.state),
            (JobState::Failed, DeliveryState::Failed),
            "{url}"
        );
        assert_eq!(delivery.status, None);
    }
    assert!(receiver.heard().is_empty());
    t.close().await;
}

#[tokio::test]
async fn webhooks_belong_to_those_who_may_take_data_out() {
    let (t, segment) = begin(true).await;
    let manager = Actor {
        rights: Rights {
            role: Role::Manager,
            export: false,
            personal_data: true,
        },
        ..Actor::command_line()
    };
    let new = |threshold| NewWebhook {
        segment,
        url: "https://receiver.example/hook?key=hidden".to_owned(),
        threshold,
        direction: Direction::Both,
    };
    let made = create_webhook(&t.engine, &manager, new(5)).await;
    assert_eq!(made.unwrap_err().status(), 403);
    assert_eq!(
        create_webhook(&t.engine, &lead(), new(0)).await.unwrap_err().status(),
        422
    );
    let nowhere = NewWebhook {
        segment: segment + 1,
        ..new(5)
    };
    let refused = create_webhook(&t.engine, &lead(), nowhere).await.unwrap_err();
    assert_eq!(refused.to_problem().errors[0].field, "segment");
    let (hook, secret) = create_webhook(&t.engine, &lead(), new(5)).await.unwrap();
    assert!(secret.len() > 60);
    assert_eq!(
        list_webhooks(&t.engine, &manager, None, None, 10)
            .await
            .unwrap_err()
            .status(),
        403
    );
    let listed = list_webhooks(&t.engine, &lead(), Some(segment), None, 10)
        .await
        .unwrap();
    assert!(listed.items.len() == 1 && listed.items[0] == hook);
    let text = serde_json::to_string(&listed.items).unwrap();
    assert!(!text.contains(&secret));
    let logged: Vec<String> = sqlx::query_scalar("select action || detail from audit where action like 'webhook.%'")
        .fetch_all(t.engine.pool())
        .await
        .unwrap();
    assert!(
        logged.len() == 1 && logged[0].contains("receiver.example") && !logged[0].contains("hidden"),
        "{logged:?}"
    );
    for _ in 1..MOST {
        create_webhook(&t.engine, &lead(), new(5)).await.unwrap();
    }
    assert_eq!(
        create_webhook(&t.engine, &lead(), new(5)).await.unwrap_err().status(),
        409
    );
    crate::segments::delete_segment(&t.engine, &lead(), segment)
        .await
        .unwrap();
    assert_eq!(
        get_webhook(&t.engine, &lead(), hook.id).await.unwrap_err().status(),
        404
    );
    t.close().await;
}

//! The process killed in the middle, the disk full, the database gone: what was promised is done once or not at all, and people are told.

use crate::harness::{Server, Setup, Who, all_at_once, order_lines, signal};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

const MANY: usize = 150_000;

#[tokio::test]
async fn a_killed_server_finishes_the_import_after_the_next_start() {
    let mut server = Server::start().await;
    let (status, asked) = server.send("kind=order_lines", order_lines(MANY)).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    server
        .until(&asked["job_id"], |job| {
            job["state"] == "running" && job["done"].as_i64() > Some(0)
        })
        .await;
    server.kill();
    server.restart().await;
    let job = server.wait(&asked["job_id"]).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let rows = &server.json(&format!("/api/v1/uploads/{}", asked["upload_id"])).await["rows"];
    assert_eq!((&rows["read"], &rows["created"]), (&MANY.into(), &MANY.into()));
    assert_eq!(server.sql("select count(*) from order_lines"), MANY.to_string());
    assert_eq!(
        server.sql("select count(*) from data_versions"),
        "1",
        "it was committed once"
    );
    let verified = server.cli(&["warehouse", "verify"], "");
    assert!(verified.contains("what PostgreSQL holds"), "{verified}");
}

#[tokio::test]
async fn a_running_import_gives_way_when_the_server_is_stopped() {
    let mut server = Server::start().await;
    let (_, asked) = server.send("kind=order_lines", order_lines(MANY)).await;
    server.until(&asked["job_id"], |job| job["state"] == "running").await;
    let took = server.stop();
    assert!(took < Duration::from_secs(25), "{took:?}");
    server.restart().await;
    assert_eq!(server.wait(&asked["job_id"]).await["state"], "succeeded");
    assert_eq!(server.sql("select count(*) from order_lines"), MANY.to_string());
}

#[tokio::test]
async fn a_cancelled_import_leaves_nothing() {
    let server = Server::start().await;
    let (_, asked) = server.send("kind=order_lines", order_lines(MANY)).await;
    let id = &asked["job_id"];
    server.until(id, |job| job["state"] == "running").await;
    let cancelled = server
        .post(Who::Admin, &format!("/api/v1/jobs/{id}/cancel"), &Value::Null)
        .await;
    assert_eq!(cancelled.status(), StatusCode::ACCEPTED);
    let job = server.wait(id).await;
    assert_eq!(job["state"], "cancelled", "{job}");
    assert_eq!(server.rows(), 0);
    assert_eq!(
        server.json(&format!("/api/v1/uploads/{}", asked["upload_id"])).await["state"],
        "cancelled"
    );
    let again = server
        .post(Who::Admin, &format!("/api/v1/jobs/{id}/retry"), &Value::Null)
        .await;
    assert_eq!(again.status(), StatusCode::ACCEPTED);
    assert_eq!(server.wait(id).await["state"], "succeeded");
    assert_eq!(server.sql("select count(*) from order_lines"), MANY.to_string());
}

#[tokio::test]
async fn a_full_disk_refuses_a_file_and_keeps_nothing_of_it() {
    let setup = Setup {
        largest_file: Some(300_000),
        ..Setup::default()
    };
    let server = Server::start_with(setup).await;
    let (status, answer) = server.send("kind=order_lines", order_lines(20_000)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    assert!(answer["detail"].as_str().unwrap().contains("disk is full"), "{answer}");
    assert_eq!(
        server.json("/api/v1/uploads").await["items"].as_array().unwrap().len(),
        0
    );
    assert_eq!(
        std::fs::read_dir(server.dir.path().join("data/uploads"))
            .unwrap()
            .count(),
        0
    );
    server.upload("kind=order_lines", order_lines(200)).await;
}

#[tokio::test]
async fn a_disk_that_fills_up_while_sealing_undoes_the_whole_import() {
    // The file arrives compressed and fits; its sealed parts do not.
    let setup = Setup {
        largest_file: Some(120_000),
        ..Setup::default()
    };
    let server = Server::start_with(setup).await;
    let mut lines = String::from("order_id,customer_id,ordered_at,product_id,unit_price\n");
    let mut state = 1u64;
    for i in 0..20_000 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        lines.push_str(&format!(
            "{i:x}{:x},{:x},2026-01-02T00:00:00Z,P{},{}\n",
            state >> 40,
            state >> 44,
            state >> 60,
            state >> 52
        ));
    }
    let mut pieces = Vec::new();
    let (mut received, mut last) = (0, Value::Null);
    for piece in lines.as_bytes().chunks(100_000) {
        pieces.push(piece.to_vec());
    }
    // Each file is small enough by itself; together their month is not.
    for (at, piece) in pieces.iter().enumerate() {
        let text = String::from_utf8_lossy(piece);
        let body = match at {
            0 => text[..text.rfind('\n').unwrap() + 1].to_owned(),
            _ => format!(
                "order_id,customer_id,ordered_at,product_id,unit_price\n{}",
                &text[text.find('\n').unwrap() + 1..text.rfind('\n').unwrap() + 1]
            ),
        };
        let before = server.rows();
        let (status, asked) = server.send("kind=order_lines", body).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{asked}");
        let job = server
            .until(&asked["job_id"], |job| {
                job["state"] == "succeeded" || job["error"].is_string()
            })
            .await;
        received += 1;
        if job["state"] != "succeeded" {
            assert!(job["error"].as_str().unwrap().contains("disk is full"), "{job}");
            assert_eq!(server.rows(), before, "what did not fit is not there at all");
            last = job;
            break;
        }
    }
    assert!(!last.is_null(), "the disk never filled up in {received} files");
    let me = server.json("/api/v1/me").await;
    assert_eq!(me["email"], "admin@shop.example", "the server lives on");
}

#[test]
fn many_processes_may_make_the_private_cluster_at_once() {
    let anybody_enters = std::fs::Permissions::from_mode(0o755);
    for _ in 0..3 {
        let folder = tempfile::Builder::new()
            .prefix("silhouette-it-")
            .permissions(anybody_enters.clone())
            .tempdir()
            .unwrap();
        let people = [
            "one@shop.example",
            "two@shop.example",
            "three@shop.example",
            "four@shop.example",
        ];
        let commands = people.map(|email| {
            vec![
                "user",
                "create",
                "--email",
                email,
                "--role",
                "admin",
                "--password-stdin",
            ]
        });
        let failed = all_at_once(folder.path(), &commands);
        assert!(failed.is_empty(), "{failed:?}");
    }
}

#[tokio::test]
async fn the_private_cluster_may_be_gone_for_ten_seconds() {
    let server = Server::start_with(Setup {
        private_cluster: true,
        ..Setup::default()
    })
    .await;
    let (_, asked) = server.send("kind=order_lines", order_lines(MANY)).await;
    server
        .until(&asked["job_id"], |job| {
            job["state"] == "running" && job["done"].as_i64() > Some(0)
        })
        .await;
    let cluster = processes_of(&server);
    assert!(
        cluster.len() > 4,
        "the cluster of {:?} was not found",
        server.dir.path()
    );
    let still = Still::hold(cluster);
    let begun = Instant::now();
    let page = server.call(Who::Nobody, Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(begun.elapsed() < Duration::from_secs(5), "it says so at once");
    assert_eq!(server.get(Who::Nobody, "/healthz").await.status(), StatusCode::OK);
    tokio::time::sleep(Duration::from_secs(10)).await;
    drop(still);
    let job = server.wait(&asked["job_id"]).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    assert_eq!(
        server.json(&format!("/api/v1/uploads/{}", asked["upload_id"])).await["rows"]["created"],
        MANY
    );

    // And gone without a word: every connection breaks in the middle of an import.
    let (_, asked) = server
        .send("kind=order_lines&name=again", order_lines(MANY).replace("O", "N"))
        .await;
    server.until(&asked["job_id"], |job| job["state"] == "running").await;
    restart_at_once(&server);
    let job = server.wait(&asked["job_id"]).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let rows = &server.json(&format!("/api/v1/uploads/{}", asked["upload_id"])).await["rows"];
    assert_eq!(
        (&rows["created"], &rows["unchanged"]),
        (&MANY.into(), &0.into()),
        "{rows}"
    );
}

/// The first line of the cluster's own note is its main process.
fn main_process(server: &Server) -> u32 {
    let note = server.dir.path().join("data/postgres/postmaster.pid");
    let note = std::fs::read_to_string(note).unwrap();
    note.lines().next().unwrap().trim().parse().unwrap()
}

/// Processes that stand still until this is dropped, also by a failed assertion.
struct Still(Vec<u32>);

impl Still {
    fn hold(processes: Vec<u32>) -> Still {
        processes.iter().for_each(|pid| signal("STOP", *pid));
        Still(processes)
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        self.0.iter().for_each(|pid| signal("CONT", *pid));
    }
}

fn processes_of(server: &Server) -> Vec<u32> {
    let main = main_process(server);
    let parent = |pid: u32| -> Option<u32> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
    };
    let all = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    all.filter(|pid| *pid == main || parent(*pid) == Some(main)).collect()
}

/// The main process restarts its children when one of them is killed: every connection breaks, and recovery runs.
fn restart_at_once(server: &Server) {
    let main = main_process(server);
    let child = processes_of(server).into_iter().find(|pid| {
        let name = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        *pid != main && name.contains("walwriter")
    });
    signal("KILL", child.unwrap());
}

//! Sealed files in an S3-compatible bucket, spoken to over the real protocol: what is kept there, what happens when it is gone, how an
//! installation moves in, and who may not.

use crate::harness::{Server, Setup, Who, order_lines};
use crate::s3::S3;
use reqwest::{Method, StatusCode};
use serde_json::Value;

const URL: &str = "SILHOUETTE_WAREHOUSE_URL";
const SECRET: &str = "not-to-be-told";

/// Everything a process needs to speak to the bucket, through the gate.
fn settings(s3: &S3, prefix: &str) -> Vec<(&'static str, String)> {
    vec![
        (URL, format!("s3://{}/{prefix}", s3.bucket)),
        ("AWS_ENDPOINT", s3.gate.address()),
        ("AWS_ALLOW_HTTP", "true".into()),
        ("AWS_REGION", "us-east-1".into()),
        ("AWS_ACCESS_KEY_ID", "tests".into()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.into()),
    ]
}

fn setup(s3: &S3, prefix: &str) -> Setup {
    Setup {
        settings: settings(s3, prefix),
        ..Setup::default()
    }
}

/// What the database lists, as keys of the bucket.
fn listed(server: &Server, prefix: &str) -> Vec<String> {
    let keys = server.sql(&format!(
        "select '{prefix}/warehouse/' || path from sealed_files
         union all select '{prefix}/runs/' || labels_path from segmentation_runs where labels_path is not null"
    ));
    let mut keys: Vec<String> = keys.lines().map(str::to_owned).collect();
    keys.push(format!("{prefix}/installation"));
    keys.sort();
    keys
}

/// The numbers of a page, of a segmentation and of an export.
async fn answers(server: &Server, run: &Value) -> (Value, Value, String) {
    let groups = run["segments"].as_array().unwrap();
    let largest = groups.iter().max_by_key(|group| group["size"].as_i64()).unwrap();
    let group = largest["key"].as_str().unwrap();
    (
        server.json("/api/v1/overview").await,
        server
            .json(&format!("/api/v1/portraits?segment=run:{}:{group}", run["id"]))
            .await,
        server
            .text(&format!("/api/v1/segmentations/{}/members.csv", run["id"]))
            .await,
    )
}

fn lose_the_mirror(server: &Server) {
    for folder in ["warehouse", "runs"] {
        std::fs::remove_dir_all(server.dir.path().join("data").join(folder)).unwrap();
    }
}

fn verified(server: &Server) {
    let said = server.cli(&["warehouse", "verify"], "");
    assert!(said.contains("what PostgreSQL holds"), "{said}");
}

#[tokio::test]
async fn the_bucket_holds_everything_and_the_mirror_may_be_lost() {
    let s3 = S3::start().await;
    let mut server = Server::start_with(setup(&s3, "shop/one")).await;
    server.upload("kind=order_lines&name=first", order_lines(600)).await;
    let run = server.run_rfm().await;
    assert_eq!(s3.keys().await, listed(&server, "shop/one"));
    let before = answers(&server, &run).await;

    server.stop();
    lose_the_mirror(&server);
    server.restart().await;
    assert_eq!(answers(&server, &run).await, before);
    verified(&server);

    // Sealing orders again reads sealed lines, which are not here either.
    server.stop();
    lose_the_mirror(&server);
    server.restart().await;
    let second = server.upload("kind=order_lines&name=second", order_lines(900)).await;
    verified(&server);
    assert_eq!(s3.keys().await, listed(&server, "shop/one"));

    // An undo supersedes files; once nobody can read them any more they leave the bucket, too.
    let old = s3.keys().await;
    server.sql("update data_versions set published_at = published_at - interval '2 hours'");
    let path = format!("/api/v1/uploads/{}", second["id"]);
    let undone = server.call(Who::Admin, Method::DELETE, &path).send().await.unwrap();
    let undone: Value = undone.json().await.unwrap();
    assert_eq!(server.wait(&undone["job_id"]).await["state"], "succeeded", "{undone}");
    server.sql("update data_versions set published_at = published_at - interval '2 hours'");
    server.cli(&["warehouse", "rebuild"], "");
    let now = s3.keys().await;
    assert_eq!(now, listed(&server, "shop/one"));
    assert!(
        old.iter().filter(|key| !now.contains(key)).count() > 4,
        "{old:?} {now:?}"
    );
    assert_eq!(answers(&server, &run).await.2, before.2);

    // What a commit without an end left is removed at the next start; what is not ours stays.
    let orphan = "shop/one/warehouse/orders/p1-v99-0123456789ab.parquet";
    let foreign = "shop/one/warehouse/orders/readme.txt";
    let neighbour = "shop/one-more/warehouse/orders/p1-v99-0123456789ab.parquet";
    for key in [orphan, foreign, neighbour] {
        s3.put(key, b"x").await;
    }
    server.stop();
    server.restart().await;
    let keys = s3.keys().await;
    let is_there = |key: &str| keys.iter().any(|other| other == key);
    assert_eq!([orphan, foreign, neighbour].map(is_there), [false, true, true]);
}

#[tokio::test]
async fn damage_in_the_bucket_is_found_and_made_good() {
    let s3 = S3::start().await;
    let server = Server::start_with(setup(&s3, "shop")).await;
    server.upload("kind=order_lines", order_lines(200)).await;
    server.run_rfm().await;
    verified(&server);
    let path = server.sql("select path from sealed_files where table_name = 'orders' and to_version is null limit 1");
    let lost = server.sql("select path from sealed_files where table_name = 'features' order by id desc limit 1");
    let labels = server.sql("select labels_path from segmentation_runs limit 1");
    let key = format!("shop/warehouse/{path}");
    let mut bytes = s3.get(&key).await;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    s3.put(&key, &bytes).await;
    s3.put(&format!("shop/runs/{labels}"), b"short").await;
    s3.remove(&format!("shop/warehouse/{lost}")).await;
    let (well, out, said) = server.try_cli(&["warehouse", "verify"], "");
    assert!(!well && said.contains("3 faults"), "{said}{out}");
    for name in [&path, &lost, &labels] {
        assert!(out.lines().any(|line| line.contains(name.as_str())), "{name}: {out}");
    }
    server.cli(&["warehouse", "rebuild"], "");
    verified(&server);
}

#[tokio::test]
async fn a_bucket_that_is_gone_fails_the_import_whole_and_a_start_in_one_line() {
    let s3 = S3::start().await;
    let server = Server::start_with(setup(&s3, "shop")).await;
    server.upload("kind=order_lines", order_lines(100)).await;
    let before = (
        server.rows(),
        listed(&server, "shop"),
        server.json("/api/v1/overview").await,
    );

    s3.gate.close();
    let (status, asked) = server
        .send("kind=order_lines&name=again", order_lines(300).replace("O", "N"))
        .await;
    assert_eq!(status, StatusCode::ACCEPTED, "{asked}");
    let job = server
        .until(&asked["job_id"], |job| {
            job["state"] == "succeeded" || job["error"].is_string()
        })
        .await;
    let said = job["error"].as_str().unwrap();
    assert!(
        said.contains(&format!("s3://{}/shop cannot be written", s3.bucket)) && said.contains("Nothing was changed"),
        "{said}"
    );
    assert!(!said.contains(SECRET) && !said.contains('\n'), "{said}");
    assert_eq!(
        (
            server.rows(),
            listed(&server, "shop"),
            server.json("/api/v1/overview").await
        ),
        before,
        "nothing half done, and the pages answer"
    );
    let (well, out, said) = server.try_cli(&["warehouse", "verify"], "");
    assert!(!well && out.is_empty(), "{out}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(
        said.contains(URL) && said.contains(&s3.bucket) && !said.contains(SECRET),
        "{said}"
    );

    s3.gate.open();
    let job = server.wait(&asked["job_id"]).await;
    if job["state"] != "succeeded" {
        let path = format!("/api/v1/jobs/{}/retry", asked["job_id"]);
        let again = server.post(Who::Admin, &path, &Value::Null).await;
        assert_eq!(again.status(), StatusCode::ACCEPTED);
        assert_eq!(server.wait(&asked["job_id"]).await["state"], "succeeded");
    }
    assert_eq!(server.sql("select count(*) from order_lines"), "400");
    verified(&server);
}

#[tokio::test]
async fn an_installation_moves_into_a_bucket_and_a_backup_moves_it_on() {
    let s3 = S3::start().await;
    let mut server = Server::start().await;
    server.upload("kind=order_lines", order_lines(600)).await;
    let run = server.run_rfm().await;
    let before = answers(&server, &run).await;
    server.stop();
    for (name, value) in settings(&s3, "old") {
        server.set(name, value);
    }
    server.restart().await;
    assert_eq!(s3.keys().await, listed(&server, "old"));
    server.stop();
    lose_the_mirror(&server);
    server.restart().await;
    assert_eq!(answers(&server, &run).await, before);
    server.stop();
    lose_the_mirror(&server);

    let folder = server.dir.path().join("backup");
    server.cli(&["backup", "--output", folder.to_str().unwrap()], "");
    assert!(
        folder.join("runs/labels").is_dir(),
        "labels of runs have no other source"
    );

    let mut other = Server::start_empty(setup(&s3, "new")).await;
    other.stop();
    // This place was taken by an installation that never was more than empty.
    other.set(URL, format!("s3://{}/restored", s3.bucket));
    other.cli(&["restore", "--input", folder.to_str().unwrap()], "");
    lose_the_mirror(&other);
    verified(&other);
    let file = other.dir.path().join("segments.csv");
    let query = format!("run={}", run["id"]);
    other.cli(
        &[
            "report",
            "segments",
            "--query",
            &query,
            "--output",
            file.to_str().unwrap(),
        ],
        "",
    );
    assert!(std::fs::read_to_string(file).unwrap().contains("champions"));
    other.restart().await;
    assert_eq!(other.sql("select count(*) from order_lines"), "600");
    assert_eq!(
        s3.keys()
            .await
            .iter()
            .filter(|key| key.starts_with("restored/"))
            .count(),
        listed(&other, "restored").len()
    );

    // Two installations never share a place: each would remove what it does not list.
    let mut stranger = Server::start_empty(Setup::default()).await;
    stranger.stop();
    for (name, value) in settings(&s3, "old") {
        stranger.set(name, value);
    }
    let (well, _, said) = stranger.try_cli(&["warehouse", "verify"], "");
    assert!(!well && said.contains("another installation"), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
}

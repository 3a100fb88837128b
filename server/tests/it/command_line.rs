//! The command line: what it does, and how it fails: one line on standard error and a status that is not zero.

use crate::harness::{PASSWORD, Server, Setup, order_lines};
use serde_json::Value;

#[tokio::test]
async fn a_file_is_imported_without_a_server() {
    let mut server = Server::start().await;
    server.stop();
    let file = server.dir.path().join("lines.csv");
    std::fs::write(&file, order_lines(120).replace("order_id", "Invoice")).unwrap();
    let path = file.to_str().unwrap();
    let out = server.cli(
        &[
            "import",
            path,
            "--kind",
            "order_lines",
            "--map",
            "order_id=Invoice",
            "--map",
            "customer_id=customer_id",
            "--map",
            "ordered_at=ordered_at",
            "--map",
            "product_id=product_id",
            "--map",
            "unit_price=unit_price",
            "--json",
        ],
        "",
    );
    let upload: Value = serde_json::from_str(&out).expect("one line of JSON and nothing else");
    assert_eq!(
        (&upload["state"], &upload["rows"]["created"], &upload["uploaded_by"]),
        (&"committed".into(), &120.into(), &"command line".into())
    );

    let out = server.cli(&["segment", "rfm", "--json"], "");
    let run: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(run["covered"], 60);
    let report = server.dir.path().join("segments.csv");
    server.cli(
        &[
            "report",
            "segments",
            "--query",
            &format!("run={}", run["id"]),
            "--output",
            report.to_str().unwrap(),
        ],
        "",
    );
    assert!(std::fs::read_to_string(&report).unwrap().contains("champions"));
    assert!(
        server
            .cli(&["warehouse", "verify"], "")
            .contains("what PostgreSQL holds")
    );
    server.cli(&["warehouse", "rebuild"], "");
    assert!(
        server
            .cli(&["warehouse", "verify"], "")
            .contains("what PostgreSQL holds")
    );
    assert_eq!(
        server.sql("select count(*) from audit where actor = 'command line' and action = 'upload.commit'"),
        "1"
    );
}

#[tokio::test]
async fn a_damaged_sealed_file_is_found_and_made_anew() {
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(50)).await;
    let path = server.sql("select path from sealed_files where table_name = 'orders' and to_version is null limit 1");
    std::fs::write(server.dir.path().join("data/warehouse").join(path), "not parquet").unwrap();
    let (well, _, said) = server.try_cli(&["warehouse", "verify"], "");
    assert!(!well && said.contains("rebuild"), "{said}");
    server.cli(&["warehouse", "rebuild"], "");
    assert!(
        server
            .cli(&["warehouse", "verify"], "")
            .contains("what PostgreSQL holds")
    );
}

#[tokio::test]
async fn failures_are_one_line() {
    let server = Server::start().await;
    let missing = server.dir.path().join("missing.csv");
    let cases: [&[&str]; 8] = [
        &["import", missing.to_str().unwrap(), "--kind", "order_lines"],
        &["import", missing.to_str().unwrap(), "--kind", "shoes"],
        &["token", "create", "--email", "nobody@shop.example"],
        &[
            "user",
            "create",
            "--email",
            "no address",
            "--role",
            "lead",
            "--password-stdin",
        ],
        &["report", "campaigns", "--output", "x.docx"],
        &["report", "horoscope", "--output", "x.csv"],
        &["segment", "astrology"],
        &["dance"],
    ];
    for args in cases {
        let (well, out, said) = server.try_cli(args, PASSWORD);
        assert!(!well && out.is_empty(), "{args:?} printed {out}");
        assert_eq!(said.trim_end().lines().count(), 1, "{args:?}: {said}");
        assert!(said.len() > 20, "{args:?}: {said}");
    }
}

#[tokio::test]
async fn a_bad_setting_stops_the_start_and_is_named() {
    let server = Server::start_empty(Setup::default()).await;
    for (name, value) in [
        ("SILHOUETTE_ADDR", "here"),
        ("SILHOUETTE_ENGINE_URL", "df://far:50050"),
        ("SILHOUETTE_WAREHOUSE_URL", "s3://b/../p"),
        ("SILHOUETTE_TIME_ZONE", "Mars"),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_silhouette"))
            .arg("serve")
            .current_dir(server.dir.path())
            .env(name, value)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(said.trim_end().lines().count() == 1 && said.contains(name), "{said}");
    }
    let help = server.cli(&["serve", "--help"], "");
    for name in [
        "DATABASE_URL",
        "SILHOUETTE_DATA",
        "SILHOUETTE_PUBLIC_URL",
        "SILHOUETTE_CURRENCY",
        "SILHOUETTE_SMTP_URL",
        "127.0.0.1:3000",
    ] {
        assert!(help.contains(name), "{name}");
    }
}

#[tokio::test]
async fn demo_files_are_the_same_for_the_same_seed() {
    let server = Server::start_empty(Setup::default()).await;
    let write = |folder: &str| {
        let output = server.dir.path().join(folder);
        server.cli(
            &[
                "demo",
                "--customers",
                "200",
                "--seed",
                "7",
                "--end",
                "2026-10-31",
                "--output",
                output.to_str().unwrap(),
            ],
            "",
        );
        let mut files: Vec<_> = std::fs::read_dir(output)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        files
            .iter()
            .map(|file| (file.file_name().unwrap().to_owned(), std::fs::read(file).unwrap()))
            .collect::<Vec<_>>()
    };
    let (one, two) = (write("one"), write("two"));
    assert!(one.len() > 8);
    assert!(one == two);
}

#[tokio::test]
async fn demo_data_comes_in_as_ordinary_uploads_once() {
    let server = Server::start().await;
    server.cli(&["demo-load", "--customers", "300", "--when-empty"], "");
    let uploads = server.json("/api/v1/uploads").await;
    let uploads = uploads["items"].as_array().unwrap();
    assert!(
        uploads.len() >= 9
            && uploads
                .iter()
                .all(|upload| upload["state"] == "committed" && upload["rows"]["rejected"] == 0),
        "{uploads:?}"
    );
    assert_eq!(server.json("/api/v1/segmentations").await["items"][0]["state"], "done");
    let versions = server.sql("select count(*) from data_versions");
    server.cli(&["demo-load", "--customers", "300", "--when-empty"], "");
    assert_eq!(server.sql("select count(*) from data_versions"), versions);
}

#[tokio::test]
async fn a_backup_restores_into_an_empty_installation() {
    let server = Server::start().await;
    server.upload("kind=order_lines", order_lines(80)).await;
    let run = server.run_rfm().await;
    let folder = server.dir.path().join("backup");
    server.cli(&["backup", "--output", folder.to_str().unwrap()], "");
    let (well, _, said) = server.try_cli(&["restore", "--input", folder.to_str().unwrap()], "");
    assert!(!well && said.contains("not empty"), "{said}");

    let mut other = Server::start_empty(Setup::default()).await;
    other.stop();
    other.cli(&["restore", "--input", folder.to_str().unwrap()], "");
    other.restart().await;
    assert!(
        other.said.iter().all(|line| !line.contains("code")),
        "the people are there, too"
    );
    assert_eq!(other.sql("select count(*) from order_lines"), "80");
    assert!(
        other
            .cli(&["warehouse", "verify"], "")
            .contains("what PostgreSQL holds")
    );
    let report = other.dir.path().join("again.csv");
    other.cli(
        &[
            "report",
            "segments",
            "--query",
            &format!("run={}", run["id"]),
            "--output",
            report.to_str().unwrap(),
        ],
        "",
    );
    assert!(std::fs::read_to_string(report).unwrap().contains("champions"));
}

//! Files that are not what they should be: each ends in a clear message, with nothing half-loaded.

use super::*;
use crate::testing;
use futures::TryStreamExt;
use std::time::Duration;
use types::jobs::JobState;

const LINES: UploadKind = UploadKind::OrderLines;

async fn refusal(test: &TestEngine, bytes: &[u8], mapping: &str) -> (Error, Upload) {
    let upload = send(&test.engine, LINES, bytes, mapping, UploadOptions::default()).await;
    let error = start(&test.engine, &admin(), upload.id, Mode::Commit)
        .await
        .expect_err("a refusal");
    let upload = get(&test.engine, &admin(), upload.id).await.unwrap();
    (error, upload)
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_read_are_refused_at_once() {
    let test = testing::engine().await;
    for (bytes, said) in [
        (b"".as_slice(), "empty"),
        (b"order_id,product_id,unit_price\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n0000", "picture"),
        (b"PK\x03\x04broken", "zip"),
        (b"\0\x01\x02\x03\0\0\0\0\0\0\0\0\0\0", "not a text file"),
    ] {
        let (error, upload) = refusal(&test, bytes, "").await;
        assert_eq!((error.status(), upload.state), (422, UploadState::Failed));
        assert!(
            error.to_string().contains(said) && upload.error.unwrap().contains(said),
            "{error}"
        );
    }
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_does_not_fit_is_refused_and_can_be_mended() {
    let test = testing::engine().await;
    let text = b"a,b,c\n1,x,2\n";
    let (error, upload) = refusal(&test, text, r#"{"order_id":"a","product_id":"nope","unit_price":"c"}"#).await;
    let Error::Invalid(problems) = &error else {
        panic!("{error}")
    };
    assert_eq!((problems.len(), problems[0].field.as_str()), (1, "product_id"));
    assert_eq!(upload.state, UploadState::Received);
    let (error, _) = refusal(&test, text, r#"{"order_id":"a","unit_price":"c"}"#).await;
    assert!(error.to_string().contains("product_id"));
    let mapping = serde_json::from_str(r#"{"order_id":"a","product_id":"b","unit_price":"c"}"#).unwrap();
    set_mapping(&test.engine, &admin(), upload.id, &mapping, &UploadOptions::default())
        .await
        .unwrap();
    let job = start(&test.engine, &admin(), upload.id, Mode::Commit).await.unwrap();
    assert_eq!(
        queue::run_one(&test.engine, job).await.unwrap().state,
        JobState::Succeeded
    );
    let error = start(&test.engine, &admin(), upload.id, Mode::Commit)
        .await
        .err()
        .unwrap();
    assert_eq!(error.status(), 409);
    // The same header is recognised next time.
    let next = send(&test.engine, LINES, b"a,b,c\n2,x,2\n", "", UploadOptions::default()).await;
    assert_eq!(
        preview(&test.engine, &admin(), next.id).await.unwrap().suggestion,
        mapping
    );
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_are_rejected_and_can_be_sent_again() {
    let test = testing::engine().await;
    let text = "order_id,product_id,unit_price,quantity,ordered_at\n\
        1,x,1,1,2026-01-01\n\
        1,y,1,many,31.02.2026\n\
        2,x,-1,1,2026-01-01\n\
        3,\"x, \"\"y\"\"\",abc,1,2026-01-01\n\
        4,x,1,1,2026-01-01,5,6\n\
        5,\"x,1,1,2026-01-01\n";
    let (upload, outcome) = load_text(&test.engine, LINES, text, "{}").await;
    assert_eq!(counts(outcome.rows), [6, 1, 0, 0, 5, 0]);
    store::set_shape(
        &mut test.engine.pool().acquire().await.unwrap(),
        upload.id,
        "UTF-8",
        ",",
        &["order_id", "product_id", "unit_price", "quantity", "ordered_at"].map(str::to_owned),
    )
    .await
    .unwrap();
    let bytes: Vec<Bytes> = rejects(&test.engine, &admin(), upload.id)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    let csv = String::from_utf8(bytes.concat()).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "order_id,product_id,unit_price,quantity,ordered_at,row,field,reason"
    );
    assert_eq!(
        lines[1],
        "1,y,1,many,31.02.2026,2,ordered_at; quantity,\"\u{201c}31.02.2026\u{201d} is not a date in the order day, month, year; \u{201c}many\u{201d} is not a number\""
    );
    assert_eq!(
        lines[2],
        "2,x,-1,1,2026-01-01,3,unit_price,a negative unit price is not taken (\u{201c}-1\u{201d})"
    );
    // Mended and sent again as it is.
    let mended = csv
        .replace("many", "2")
        .replace("31.02.2026", "28.02.2026")
        .replace("2,x,-1", "2,x,1")
        .replace("abc", "7");
    let mended = mended.lines().take(4).collect::<Vec<_>>().join("\n");
    let (_, outcome) = load_text(&test.engine, LINES, &mended, "{}").await;
    assert_eq!(
        counts(outcome.rows),
        [3, 3, 0, 0, 0, 0],
        "{:?}",
        first_rejects(&test.engine, &admin(), 2, 9).await
    );
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let test = testing::engine().await;
    let mut receiver = receive(
        &test.engine,
        &admin(),
        LINES,
        "part.csv",
        None,
        UploadOptions::default(),
    )
    .await
    .unwrap();
    receiver
        .write(Bytes::from_static(b"order_id,product_id,un"))
        .await
        .unwrap();
    let id = receiver.upload_id();
    let there = receiver.pause().await.unwrap();
    let upload = get(&test.engine, &admin(), id).await.unwrap();
    assert_eq!((upload.state, upload.job_id), (UploadState::Received, None));
    assert_eq!(
        start(&test.engine, &admin(), id, Mode::Commit)
            .await
            .err()
            .unwrap()
            .status(),
        409
    );
    // It can be taken up again where it broke.
    assert_eq!(received_bytes(&test.engine, &admin(), id).await.unwrap(), there);
    assert_eq!(
        resume(&test.engine, &admin(), id, there + 1)
            .await
            .err()
            .unwrap()
            .status(),
        409
    );
    let mut receiver = resume(&test.engine, &admin(), id, there).await.unwrap();
    receiver.write(Bytes::from_static(b"it_price\n1,x,2\n")).await.unwrap();
    let upload = receiver.finish().await.unwrap();
    assert_eq!(
        upload.sha256,
        hex::encode(Sha256::digest(b"order_id,product_id,unit_price\n1,x,2\n"))
    );
    assert_eq!(merge_only(&test.engine, &upload).await.rows.created, 1);
    // Or it is cleared away.
    drop(
        receive(
            &test.engine,
            &admin(),
            LINES,
            "part.csv",
            None,
            UploadOptions::default(),
        )
        .await
        .unwrap(),
    );
    sqlx::query("update uploads set created_at = now() - interval '400 days' where state = 'received'")
        .execute(test.engine.pool())
        .await
        .unwrap();
    assert_eq!(clean_abandoned(&test.engine, TimeDelta::days(300)).await.unwrap(), 1);
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_and_a_person_without_the_right() {
    let test = testing::engine_with(|config| config.max_upload_bytes = 10).await;
    let mut receiver = receive(&test.engine, &admin(), LINES, "big.csv", None, UploadOptions::default())
        .await
        .unwrap();
    assert_eq!(
        receiver
            .write(Bytes::from_static(b"12345678901"))
            .await
            .err()
            .unwrap()
            .status(),
        413
    );
    let mut manager = admin();
    manager.rights.role = types::auth::Role::Manager;
    assert_eq!(
        receive(&test.engine, &manager, LINES, "x.csv", None, UploadOptions::default())
            .await
            .err()
            .unwrap()
            .status(),
        403
    );
    assert_eq!(list(&test.engine, &manager, None, 5).await.err().unwrap().status(), 403);
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_waits_for_its_turn_can_be_cancelled() {
    let test = testing::engine().await;
    let mut other = test.engine.pool().begin().await.unwrap();
    sealing::lock_merges(&mut other).await.unwrap();
    let upload = send(
        &test.engine,
        LINES,
        b"order_id,product_id,unit_price\n1,x,2\n",
        "",
        UploadOptions::default(),
    )
    .await;
    let job = start(&test.engine, &admin(), upload.id, Mode::Commit).await.unwrap();
    let workers = queue::start_workers(&test.engine, 1);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    queue::cancel(&test.engine, &admin(), job).await.unwrap();
    let job = queue::wait(&test.engine, job, Duration::from_secs(20)).await.unwrap();
    assert_eq!(job.state, JobState::Cancelled);
    other.rollback().await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(
        get(&test.engine, &admin(), upload.id).await.unwrap().state,
        UploadState::Cancelled
    );
    workers.stop().await;
    test.close().await;
}

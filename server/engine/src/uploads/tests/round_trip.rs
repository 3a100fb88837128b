//! Texts as people have them, from a file to the record, out with the rejected rows, and in again: not a character is lost, and nothing that
//! looks like a formula or a command is anything but text.

use super::*;
use crate::testing;
use futures::TryStreamExt;

const NAMES: [&str; 14] = [
    "Zoë \"Q\" O'Brien",
    "quote at the end\"",
    "😀 👩‍👩‍👧 🇩🇪",
    "𠮷野家 𝒳",
    "שלום עולם",
    "مرحبا بالعالم",
    "\u{202e}evil\u{202c} order",
    "e\u{301} is not é",
    "two\nlines, and a comma;",
    "back\\slash \\N \\t {} %s $1",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+49 30 1234 @home -1",
    "'; drop table customers; --",
];

fn table(rows: &[[&str; 4]]) -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["external_id", "name", "attributes.笔记", "birth_date"])
        .unwrap();
    rows.iter().for_each(|row| csv.write_record(row).unwrap());
    csv.into_inner().unwrap()
}

const MAPPING: &str =
    r#"{"external_id":"external_id","name":"name","attributes.笔记":"attributes.笔记","birth_date":"birth_date"}"#;

/// Imports as the page does; the upload.
async fn import(test: &TestEngine, bytes: &[u8]) -> Upload {
    let upload = send(
        &test.engine,
        UploadKind::Customers,
        bytes,
        MAPPING,
        UploadOptions::default(),
    )
    .await;
    let job = start(&test.engine, &admin(), upload.id, Mode::Commit).await.unwrap();
    assert_eq!(queue::run_one(&test.engine, job).await.unwrap().error, None);
    get(&test.engine, &admin(), upload.id).await.unwrap()
}

async fn stored(test: &TestEngine) -> Vec<[String; 3]> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select external_id, name, attributes->>'笔记' from customers join customer_ids using (customer_no) order by customer_no",
    )
    .fetch_all(test.engine.pool())
    .await
    .unwrap();
    rows.into_iter().map(|(id, name, note)| [id, name, note]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_of_every_script_survive() {
    let test = testing::engine().await;
    // The same text as an id, as a name and as an extra attribute; ids have no line breaks.
    let ids: Vec<String> = NAMES.iter().map(|name| name.replace('\n', " ")).collect();
    let rows: Vec<[&str; 4]> = NAMES
        .iter()
        .zip(&ids)
        .map(|(name, id)| [id.as_str(), *name, *name, "1990-05-01"])
        .collect();
    let upload = import(&test, &table(&rows)).await;
    assert_eq!(
        counts(upload.rows),
        [NAMES.len() as i64, NAMES.len() as i64, 0, 0, 0, 0],
        "{:?}",
        first_rejects(&test.engine, &admin(), upload.id, 20).await
    );
    let expected: Vec<[String; 3]> = rows
        .iter()
        .map(|row| [row[0], row[1], row[2]].map(str::to_owned))
        .collect();
    assert_eq!(stored(&test).await, expected);
    // The same file again is the same customers.
    assert_eq!(import(&test, &table(&rows)).await.rows.unchanged, NAMES.len() as i64);
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_rows_come_back_as_they_were_and_go_in_once_mended() {
    let test = testing::engine().await;
    let ids: Vec<String> = NAMES.iter().map(|name| name.replace('\n', " ")).collect();
    let rows: Vec<[&str; 4]> = NAMES
        .iter()
        .zip(&ids)
        .map(|(name, id)| [id.as_str(), *name, *name, "nie 🙁"])
        .collect();
    let upload = import(&test, &table(&rows)).await;
    assert_eq!(
        counts(upload.rows),
        [NAMES.len() as i64, 0, 0, 0, NAMES.len() as i64, 0]
    );
    let bytes: Vec<Bytes> = rejects(&test.engine, &admin(), upload.id)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    let bytes = bytes.concat();
    let mut csv = csv::Reader::from_reader(bytes.as_slice());
    let found: Vec<csv::StringRecord> = csv.records().map(|row| row.unwrap()).collect();
    for (number, (row, back)) in rows.iter().zip(&found).enumerate() {
        assert_eq!(back.iter().take(4).collect::<Vec<_>>(), row);
        assert_eq!(
            (back[4].parse::<usize>().unwrap(), &back[5]),
            (number + 1, "birth_date"),
            "{back:?}"
        );
        assert!(back[6].contains("nie 🙁"), "{back:?}");
    }
    let mended = String::from_utf8(bytes).unwrap().replace("nie 🙁", "1990-05-01");
    let upload = import(&test, mended.as_bytes()).await;
    assert_eq!(
        (upload.rows.created, upload.rows.rejected),
        (NAMES.len() as i64, 0),
        "{:?}",
        first_rejects(&test.engine, &admin(), upload.id, 20).await
    );
    let expected: Vec<[String; 3]> = rows
        .iter()
        .map(|row| [row[0], row[1], row[2]].map(str::to_owned))
        .collect();
    assert_eq!(stored(&test).await, expected);
    test.close().await;
}

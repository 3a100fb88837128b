//! Undo leaves what loading everything else into an empty database would: over random sequences of uploads and undos, with every option, over few
//! keys, so that everything meets everything.

use super::*;
use crate::testing;
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

struct File {
    kind: UploadKind,
    text: String,
    options: UploadOptions,
}

fn pick<'a>(rng: &mut ChaCha8Rng, from: &[&'a str]) -> &'a str {
    from.choose(rng).unwrap()
}

/// A column that a random file may have, and what may stand in it.
type Choice = (&'static str, &'static [&'static str]);

fn columns_of(kind: UploadKind) -> (&'static [Choice], &'static [Choice]) {
    const CUSTOMERS: &[&str] = &["c1", "c2", "c3", "c4"];
    const MAYBE_CUSTOMER: &[&str] = &["c1", "c2", "c3", "c5", ""];
    const ORDERS: &[&str] = &["o1", "o2", "o3", "o4", "o5"];
    const PRODUCTS: &[&str] = &["p1", "p2", "p3"];
    const TIMES: &[&str] = &[
        "2026-01-05 10:00:00",
        "2026-02-07 11:00:00",
        "2026-03-01",
        "2025-12-31 23:59:59",
    ];
    const MAYBE_TIME: &[&str] = &["2026-01-05 10:00:00", "2026-02-07 11:00:00", "2026-04-01", ""];
    const WORDS: &[&str] = &["red", "green", "", "blue"];
    const NUMBERS: &[&str] = &["1", "2.5", "10", ""];
    const PRICES: &[&str] = &["1", "2.5", "0", "9.99"];
    const CAMPAIGNS: &[&str] = &["k1", "k2"];
    match kind {
        UploadKind::Customers => (
            &[("external_id", CUSTOMERS)],
            &[
                ("name", WORDS),
                ("city", WORDS),
                ("age", &["30", "", "41"]),
                ("attributes.a", WORDS),
                ("attributes.b", WORDS),
            ],
        ),
        UploadKind::Products => (
            &[("product_id", PRODUCTS)],
            &[("name", WORDS), ("category", WORDS), ("unit_cost", NUMBERS)],
        ),
        UploadKind::Orders => (
            &[("order_id", ORDERS), ("ordered_at", TIMES)],
            &[
                ("customer_id", MAYBE_CUSTOMER),
                ("total", NUMBERS),
                ("city", WORDS),
                ("status", &["paid", "", "returned"]),
            ],
        ),
        UploadKind::OrderLines => (
            &[("order_id", ORDERS), ("product_id", PRODUCTS), ("unit_price", PRICES)],
            &[
                ("customer_id", MAYBE_CUSTOMER),
                ("ordered_at", MAYBE_TIME),
                ("line_id", &["1", "2", ""]),
                ("quantity", NUMBERS),
                ("product_name", WORDS),
                ("city", WORDS),
                ("country", WORDS),
            ],
        ),
        UploadKind::Payments => (&[("order_id", ORDERS), ("amount", PRICES)], &[("method", WORDS)]),
        UploadKind::Interactions => (
            &[("customer_id", CUSTOMERS), ("at", TIMES), ("kind", &["visit", "call"])],
            &[("value", NUMBERS)],
        ),
        UploadKind::Campaigns => (
            &[("campaign_id", CAMPAIGNS), ("name", &["spring", "autumn"])],
            &[("budget", NUMBERS)],
        ),
        UploadKind::CampaignCosts => (
            &[
                ("campaign_id", CAMPAIGNS),
                ("day", &["2026-01-01", "2026-01-02"]),
                ("cost", PRICES),
            ],
            &[("channel", &["mail", ""])],
        ),
        UploadKind::Touches => (
            &[("customer_id", CUSTOMERS), ("at", TIMES), ("kind", &["sent", "opened"])],
            &[("campaign_id", &["k1", "k3", ""])],
        ),
        UploadKind::Reviews => (
            &[("text", &["good", "bad"])],
            &[
                ("customer_id", MAYBE_CUSTOMER),
                ("product_id", &["p1", "p4", ""]),
                ("order_id", &["o1", "o6", ""]),
                ("review_id", &["r1", "r2", ""]),
                ("rating", NUMBERS),
                ("at", MAYBE_TIME),
            ],
        ),
        UploadKind::ExchangeRates => (
            &[
                ("day", &["2026-01-01", "2026-01-02"]),
                ("currency", &["USD", "CNY"]),
                ("rate", &["0.9", "0.13"]),
            ],
            &[],
        ),
    }
}

fn file(rng: &mut ChaCha8Rng) -> File {
    // Lines and orders meet most often.
    let kind = match rng.random_range(0..10) {
        0..4 => UploadKind::OrderLines,
        4..6 => UploadKind::Orders,
        6 => UploadKind::Customers,
        _ => *UploadKind::ALL.choose(rng).unwrap(),
    };
    let (needed, others) = columns_of(kind);
    let mut columns: Vec<Choice> = needed.to_vec();
    columns.extend(others.iter().filter(|_| rng.random_bool(0.6)));
    let mut text = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",") + "\n";
    for _ in 0..rng.random_range(1..14) {
        let cells: Vec<&str> = columns.iter().map(|(_, from)| pick(rng, from)).collect();
        text += &(cells.join(",") + "\n");
    }
    let modes = ["update", "update", "update", "leave", "update_only"];
    let given = format!(
        r#"{{"on_known":"{}","blanks":"{}","groups":"{}","source":"{}"}}"#,
        pick(rng, &modes),
        pick(rng, &["keep", "keep", "overwrite"]),
        pick(rng, &["add", "add", "add", "replace"]),
        pick(rng, &["", "", "", "", "shop"]),
    );
    File {
        kind,
        text,
        options: options(&given),
    }
}

async fn load(engine: &Engine, file: &File) -> Upload {
    let header: Vec<String> = file
        .text
        .lines()
        .next()
        .unwrap()
        .split(',')
        .map(str::to_owned)
        .collect();
    let mapping: BTreeMap<&str, &str> = header.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let upload = send(
        engine,
        file.kind,
        file.text.as_bytes(),
        &serde_json::to_string(&mapping).unwrap(),
        file.options.clone(),
    )
    .await;
    let outcome = merge_only(engine, &upload).await;
    let rows = outcome.rows;
    assert_eq!(rows.read as usize, file.text.lines().count() - 1);
    assert_eq!(rows.read, rows.created + rows.updated + rows.unchanged + rows.rejected);
    upload
}

async fn compare(one: &Engine, other: &Engine, story: &[String]) {
    let (left, right) = (records(one).await, records(other).await);
    for (table, rows) in &left {
        let missing: Vec<&String> = right[table].iter().filter(|row| !rows.contains(row)).collect();
        let extra: Vec<&String> = rows.iter().filter(|row| !right[table].contains(row)).collect();
        assert!(
            missing.is_empty() && extra.is_empty() && rows.len() == right[table].len(),
            "{table} differs after\n{}\nnot there: {missing:#?}\ntoo many: {extra:#?}",
            story.join("\n")
        );
    }
}

/// Sealing orders relies on it.
async fn assert_lines_follow_orders(engine: &Engine, story: &[String]) {
    let stray: Vec<String> = sqlx::query_scalar(
        "select l.order_id from order_lines l left join orders o using (order_id)
         where o.order_id is null or (l.order_customer_no, l.order_at, l.part) is distinct from (o.customer_no, o.ordered_at, o.part)",
    )
    .fetch_all(engine.pool())
    .await
    .unwrap();
    assert!(
        stray.is_empty(),
        "lines of {stray:?} do not follow their orders after\n{}",
        story.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_is_as_if_it_had_never_been_loaded() {
    let cases: u64 = std::env::var("SILHOUETTE_UNDO_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(25);
    let first: u64 = std::env::var("SILHOUETTE_UNDO_FIRST")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let (lived, fresh) = (testing::engine().await, testing::engine().await);
    for case in first..first + cases {
        let mut rng = ChaCha8Rng::seed_from_u64(case);
        let mut story = vec![format!("case {case}")];
        let mut standing: Vec<(Upload, File)> = Vec::new();
        for _ in 0..rng.random_range(3..9) {
            if !standing.is_empty() && rng.random_bool(0.35) {
                let (gone, file) = standing.remove(rng.random_range(0..standing.len()));
                story.push(format!("undo {}: {}", gone.id, file.kind.as_str()));
                undo_only(&lived.engine, &gone).await;
            } else {
                let file = file(&mut rng);
                let upload = load(&lived.engine, &file).await;
                story.push(format!(
                    "upload {} {} {}\n{}",
                    upload.id,
                    file.kind.as_str(),
                    serde_json::to_string(&file.options).unwrap(),
                    file.text
                ));
                standing.push((upload, file));
            }
        }
        for (_, file) in &standing {
            load(&fresh.engine, file).await;
        }
        for engine in [&lived.engine, &fresh.engine] {
            assert_lines_follow_orders(engine, &story).await;
        }
        compare(&lived.engine, &fresh.engine, &story).await;
        while let Some((upload, _)) = standing.pop() {
            undo_only(&lived.engine, &upload).await;
        }
        assert!(
            records(&lived.engine).await.values().all(Vec::is_empty),
            "something is left after\n{}",
            story.join("\n")
        );
        clear_records(&lived.engine).await;
        clear_records(&fresh.engine).await;
    }
    lived.close().await;
    fresh.close().await;
}

#[tokio::test]
async fn lines_follow_an_order_that_does_not_take_what_they_tell() {
    let test = testing::engine().await;
    let order = "order_id,customer_id,ordered_at\n1,,2026-01-01\n2,,2026-01-02\n";
    load_text(&test.engine, UploadKind::Orders, order, r#"{"blanks": "overwrite"}"#).await;
    let lines = "order_id,customer_id,product_id,unit_price,ordered_at\n1,a,x,5,2026-02-01\n";
    load_text(&test.engine, UploadKind::OrderLines, lines, r#"{"on_known": "leave"}"#).await;
    let lines = "order_id,customer_id,product_id,unit_price,ordered_at\n2,b,x,5,2026-02-01\n";
    load_text(&test.engine, UploadKind::OrderLines, lines, "{}").await;
    assert_lines_follow_orders(&test.engine, &[]).await;
    test.close().await;
}

/// The preview of an undo says what the undo then does, and does nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_preview_of_an_undo_is_true() {
    let test = testing::engine().await;
    let lines = "order_id,customer_id,product_id,unit_price,ordered_at\n1,a,x,5,2026-01-01\n2,b,y,6,2026-01-02\n";
    let (first, _) = load_text(&test.engine, UploadKind::OrderLines, lines, "{}").await;
    load_text(&test.engine, UploadKind::Customers, "external_id,name\na,Ann\n", "{}").await;
    let before = records(&test.engine).await;
    let preview = undo_preview(&test.engine, &admin(), first.id).await.unwrap();
    assert_eq!(records(&test.engine).await, before);
    let removed = |table: &str| preview.get(table).map_or(0, |counts| counts.removed);
    assert_eq!(
        (
            removed("order_lines"),
            removed("orders"),
            removed("products"),
            removed("customers")
        ),
        (2, 2, 2, 1)
    );
    let undone = undo_only(&test.engine, &first).await;
    assert_eq!(undone.counts, preview);
    assert_eq!(
        records(&test.engine).await["customers"].len(),
        1,
        "Ann was told by another upload"
    );
    test.close().await;
}

/// What a large upload would leave is found by a job, kept while the data stays as it was, and looked for again when it does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_upload_is_looked_at_by_a_job() {
    let test = testing::engine().await;
    let lines = "order_id,customer_id,product_id,unit_price,ordered_at\n1,a,x,5,2026-01-01\n2,b,y,6,2026-01-02\n";
    let (upload, _) = load_text(&test.engine, UploadKind::OrderLines, lines, "{}").await;
    // As if it had held many rows.
    sqlx::query("update uploads set rows_read = 1000000")
        .execute(test.engine.pool())
        .await
        .unwrap();
    let (engine, who) = (&test.engine, &admin());
    let ask = |begin| undo_effect(engine, who, upload.id, begin);
    assert!(matches!(ask(false).await.unwrap(), Effect::Unknown));
    let Effect::Working(job) = ask(true).await.unwrap() else {
        panic!("it is large");
    };
    assert_eq!(job.subject, format!("/uploads/{}/undo", upload.id));
    let before = records(&test.engine).await;
    assert_eq!(queue::run_one(&test.engine, job.id).await.unwrap().error, None);
    assert_eq!(records(&test.engine).await, before);
    assert_eq!(
        get(&test.engine, &admin(), upload.id).await.unwrap().state,
        UploadState::Committed
    );
    let Effect::Known(known) = ask(true).await.unwrap() else {
        panic!("it was looked at");
    };
    assert_eq!(known, undo_preview(&test.engine, &admin(), upload.id).await.unwrap());
    // Another upload says something of one of its customers: the answer is no longer true.
    let other = send(
        &test.engine,
        UploadKind::Customers,
        b"external_id,name\na,Ann\n",
        "",
        UploadOptions::default(),
    )
    .await;
    let job = start(&test.engine, &admin(), other.id, Mode::Commit).await.unwrap();
    assert_eq!(queue::run_one(&test.engine, job).await.unwrap().error, None);
    let Effect::Working(job) = ask(true).await.unwrap() else {
        panic!("the data is another");
    };
    assert_eq!(queue::run_one(&test.engine, job.id).await.unwrap().error, None);
    let Effect::Known(known) = ask(true).await.unwrap() else {
        panic!("it was looked at again");
    };
    assert_eq!(known["customers"].removed, 1);
    test.close().await;
}

#[tokio::test]
async fn a_customer_whom_a_list_or_a_tag_names_outlasts_the_upload_that_brought_it() {
    let t = crate::testing::engine().await;
    let text = "external_id,city\na,Paris\nb,Lyon\n";
    let (upload, _) = load_text(&t.engine, UploadKind::Customers, text, "{}").await;
    let (till, _) = load_text(&t.engine, UploadKind::Customers, text, r#"{"source": "till"}"#).await;
    sqlx::query("insert into segments (name, owner) values ('Guests', 'somebody')")
        .execute(t.engine.pool())
        .await
        .unwrap();
    sqlx::query(
        "insert into segment_members (segment_id, external_id) select id, unnest(array['a', 'till:b']) from segments",
    )
    .execute(t.engine.pool())
    .await
    .unwrap();
    sqlx::query("insert into tags (key, name, kind, owner) values ('club', 'Club', 'uploaded', 'somebody')")
        .execute(t.engine.pool())
        .await
        .unwrap();
    sqlx::query("insert into tag_members (tag_id, external_id, value) select id, 'b', 'gold' from tags")
        .execute(t.engine.pool())
        .await
        .unwrap();
    undo_only(&t.engine, &upload).await;
    undo_only(&t.engine, &till).await;
    let left: Vec<String> = sqlx::query_scalar(
        "select i.source || ':' || i.external_id || ' ' || coalesce(c.city, '-') from customers c join customer_ids i using (customer_no) order by 1",
    )
    .fetch_all(t.engine.pool())
    .await
    .unwrap();
    assert_eq!(
        left,
        [":a -", ":b -", "till:b -"],
        "they stay, and nothing else is known of them"
    );
    t.close().await;
}

//! What an administrator sees before deciding: values as they would be read, categories, saved mappings, groups that differ, sudden changes; and
//! what can be looked at afterwards: quality, and the removal of demo data.

use super::*;
use crate::testing;
use types::jobs::JobState;
use types::uploads::{DateOrder, Reading, Source};

async fn seen(test: &TestEngine, kind: UploadKind, text: &str) -> (Upload, types::uploads::Preview) {
    let upload = send(&test.engine, kind, text.as_bytes(), "", UploadOptions::default()).await;
    let preview = preview(&test.engine, &admin(), upload.id).await.unwrap();
    (upload, preview)
}

async fn import(test: &TestEngine, upload: &Upload, mode: Mode) -> Upload {
    let job = start(&test.engine, &admin(), upload.id, mode).await.unwrap();
    let job = queue::run_one(&test.engine, job).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    get(&test.engine, &admin(), upload.id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_show_how_they_are_read() {
    let test = testing::engine().await;
    let text = "order_id;ordered_at;total;payment_method\n\
        1;5/2/2010;1.234,50;COD\n2;6/2/2010;2,5;Cash on Delivery\n3;7/2/2010;3,5;COD\n4;8/2/2010;4,5;cash on delivery\n";
    let (upload, preview) = seen(&test, UploadKind::Orders, text).await;
    let column = |name: &str| preview.columns.iter().find(|column| column.name == name).unwrap();
    let Reading::Date { order, sure, first } = &column("ordered_at").reading else {
        panic!("{:?}", column("ordered_at"))
    };
    assert_eq!((*order, *sure), (DateOrder::DayMonthYear, false));
    assert_eq!(first[0].date.unwrap().to_string(), "2010-02-05");
    let Reading::Number { sure, first, .. } = &column("total").reading else {
        panic!("{:?}", column("total"))
    };
    assert_eq!((*sure, first[0].number.as_deref()), (true, Some("1234.5")));
    let values: Vec<_> = column("payment_method")
        .values
        .iter()
        .map(|value| (value.value.as_str(), value.count, value.alike.as_deref()))
        .collect();
    assert_eq!(
        values,
        [
            ("COD", 2, Some("Cash on Delivery")),
            ("Cash on Delivery", 1, None),
            ("cash on delivery", 1, Some("Cash on Delivery")),
        ]
    );
    // The person says otherwise, and merges the words.
    let options = options(r#"{"date_order":"month_day_year"}"#);
    let mut mapping = preview.suggestion.clone();
    let values = [("COD", "Cash on Delivery"), ("cash on delivery", "Cash on Delivery")];
    let source = Source::Column {
        column: "payment_method".into(),
        values: values.map(|(theirs, ours)| (theirs.to_owned(), ours.to_owned())).into(),
    };
    mapping.insert("payment_method".into(), source);
    keep_draft(&test.engine, &admin(), upload.id, &mapping, &options)
        .await
        .unwrap();
    let again = super::super::preview(&test.engine, &admin(), upload.id).await.unwrap();
    assert_eq!(again.suggestion, mapping);
    let Reading::Date { sure, first, .. } = &again.columns[1].reading else {
        panic!("{:?}", again.columns[1])
    };
    assert_eq!(
        (*sure, first[0].date.unwrap().to_string().as_str()),
        (true, "2010-05-02")
    );
    import(&test, &upload, Mode::Commit).await;
    let methods: String = value(&test, "select string_agg(distinct payment_method, '|') from orders").await;
    assert_eq!(methods, "Cash on Delivery");
    let first: String = value(
        &test,
        "select min(ordered_at at time zone 'UTC')::date::text from orders",
    )
    .await;
    assert_eq!(first, "2010-05-02");
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_was_committed_is_recognised_with_its_options() {
    let test = testing::engine().await;
    let text = "No,When,What\n1,5/2/2010,x\n";
    let upload = send(
        &test.engine,
        UploadKind::Orders,
        text.as_bytes(),
        "",
        UploadOptions::default(),
    )
    .await;
    let mapping =
        serde_json::from_str(r#"{"order_id":"No","ordered_at":"When","city":{"constant":"Berlin"}}"#).unwrap();
    let options = options(r#"{"date_order":"month_day_year","on_known":"leave"}"#);
    set_mapping(&test.engine, &admin(), upload.id, &mapping, &options)
        .await
        .unwrap();
    import(&test, &upload, Mode::Commit).await;
    let (next, preview) = seen(&test, UploadKind::Orders, "No,When,What\n2,6/2/2010,x\n").await;
    assert!(preview.saved_at.is_some());
    assert_eq!((&preview.suggestion, &preview.options), (&mapping, &options));
    assert_eq!(next.same_as, None);
    let (same, _) = seen(&test, UploadKind::Orders, text).await;
    assert_eq!(same.same_as, Some(upload.id));
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_differ_from_those_of_a_known_order_are_told() {
    let test = testing::engine().await;
    let first = "order_id,product_id,unit_price\n1,A,1\n2,B,2\n";
    load_text(&test.engine, UploadKind::OrderLines, first, "{}").await;
    let (_, same) = seen(&test, UploadKind::OrderLines, first).await;
    assert_eq!(same.known_groups, None);
    let (_, other) = seen(
        &test,
        UploadKind::OrderLines,
        "order_id,product_id,unit_price\n1,A,1.5\n2,B,2\n3,C,1\n",
    )
    .await;
    let groups = other.known_groups.unwrap();
    assert_eq!((groups.groups, groups.differing), (3, 1));
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_that_differ_from_those_of_a_known_order_are_told() {
    let test = testing::engine().await;
    let first = "order_id,method,amount\n1,card,10\n1,voucher,5\n2,card,7\n";
    load_text(&test.engine, UploadKind::Payments, first, "{}").await;
    let (_, same) = seen(&test, UploadKind::Payments, first).await;
    assert_eq!(same.known_groups, None);
    let corrected = "order_id,method,amount\n1,card,12\n1,voucher,5\n2,card,7\n3,card,1\n";
    let (_, other) = seen(&test, UploadKind::Payments, corrected).await;
    let groups = other.known_groups.unwrap();
    assert_eq!((groups.groups, groups.differing), (3, 1));
    // What is proposed does what it says: the old payment goes, and comes back with the undo.
    let paid = "select string_agg(method || trim_scale(amount)::text, ' ' order by method, amount) from payments where order_id = '1'";
    let (replacing, _) = load_text(&test.engine, UploadKind::Payments, corrected, r#"{"groups":"replace"}"#).await;
    assert_eq!(value::<String>(&test, paid).await, "card12 voucher5");
    undo_only(&test.engine, &replacing).await;
    assert_eq!(value::<String>(&test, paid).await, "card10 voucher5");
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_known_by_what_they_hold() {
    let test = testing::engine().await;
    let text = "a,b,c,d\nX-1,anna@shop.example,F,2020-01-05\nX-2,ben@shop.example,M,2020-02-05\nX-3,eve@shop.example,女,2020-03-05\n";
    let (_, preview) = seen(&test, UploadKind::Customers, text).await;
    let mapped: Vec<_> = preview
        .suggestion
        .iter()
        .map(|(field, source)| format!("{field}={}", serde_json::to_value(source).unwrap().as_str().unwrap()))
        .collect();
    assert_eq!(mapped, ["email=b", "external_id=a", "gender=c"]);
    // Any date may be some other date: only a field that every row needs takes one by its look.
    let text = "order_id,product_id,price,ship_before\n1,A,1.5,2020-01-01\n2,B,2.5,2020-01-02\n";
    let (_, preview) = seen(&test, UploadKind::OrderLines, text).await;
    assert!(
        !preview.suggestion.contains_key("ordered_at"),
        "{:?}",
        preview.suggestion
    );
    // A name that promises a status and holds places is no status.
    let text = "order_id,ordered_at,state\n1,2020-01-01,SP\n2,2020-01-01,RJ\n";
    let (_, preview) = seen(&test, UploadKind::Orders, text).await;
    assert!(!preview.suggestion.contains_key("status"), "{:?}", preview.suggestion);
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_differs_from_earlier_files() {
    let test = testing::engine().await;
    let file = |rows: std::ops::Range<u32>, age: &dyn Fn(u32) -> String| {
        let rows = rows.map(|row| format!("{row},{}\n", age(row))).collect::<String>();
        format!("external_id,age\n{rows}")
    };
    let (full, _) = seen(
        &test,
        UploadKind::Customers,
        &file(0..100, &|row| (20 + row % 40).to_string()),
    )
    .await;
    import(&test, &full, Mode::Commit).await;
    assert_eq!(quality::changes(&test.engine, &admin(), full.id).await.unwrap(), []);
    let empty = |row: u32| {
        if row.is_multiple_of(2) {
            String::new()
        } else {
            "30".into()
        }
    };
    let (half, _) = seen(&test, UploadKind::Customers, &file(100..200, &empty)).await;
    let tried = import(&test, &half, Mode::DryRun).await;
    assert_eq!((tried.state, tried.rows.created), (UploadState::Ready, 100));
    let changes = quality::changes(&test.engine, &admin(), half.id).await.unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(
        (
            changes[0].field.as_str(),
            changes[0].now.filled,
            changes[0].before.filled
        ),
        ("age", 50, 100)
    );
    let customers: i64 = value(&test, "select count(*) from customers").await;
    assert_eq!(customers, 100);
    // With another mapping the check says nothing any more.
    let checked = tried.mapping.clone();
    let other = serde_json::from_str(r#"{"external_id":"external_id"}"#).unwrap();
    keep_draft(&test.engine, &admin(), half.id, &other, &tried.options)
        .await
        .unwrap();
    let forgotten = get(&test.engine, &admin(), half.id).await.unwrap();
    assert_eq!((forgotten.state, forgotten.rows.read), (UploadState::Received, 0));
    assert_eq!(commit(&test.engine, &admin(), half.id).await.unwrap_err().status(), 409);
    keep_draft(&test.engine, &admin(), half.id, &checked, &tried.options)
        .await
        .unwrap();
    import(&test, &half, Mode::DryRun).await;
    let committed = commit(&test.engine, &admin(), half.id).await.unwrap();
    assert_eq!(
        queue::run_one(&test.engine, committed).await.unwrap().state,
        JobState::Succeeded
    );
    let customers: i64 = value(&test, "select count(*) from customers").await;
    assert_eq!(customers, 200);
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_is_taken_as_two_kinds() {
    let test = testing::engine().await;
    let text = "order_id,product_id,unit_price,customer_id,gender\n1,A,1,C1,F\n2,B,2,C2,M\n";
    let (lines, _) = seen(&test, UploadKind::OrderLines, text).await;
    import(&test, &lines, Mode::Commit).await;
    let customers = send_again_as(&test.engine, &admin(), lines.id, UploadKind::Customers)
        .await
        .unwrap();
    assert_eq!(
        (customers.sha256.as_str(), customers.state),
        (lines.sha256.as_str(), UploadState::Received)
    );
    let mapping = serde_json::from_str(r#"{"external_id":"customer_id","gender":"gender"}"#).unwrap();
    set_mapping(
        &test.engine,
        &admin(),
        customers.id,
        &mapping,
        &UploadOptions::default(),
    )
    .await
    .unwrap();
    import(&test, &customers, Mode::Commit).await;
    let genders: String = value(&test, "select string_agg(gender, ',' order by gender) from customers").await;
    assert_eq!(genders, "female,male");
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quality_finds_what_cannot_be() {
    let test = testing::engine().await;
    let orders = "order_id,customer_id,ordered_at,total,currency,shipping,refund_amount,delivered_at\n\
        1,A,2026-01-02,100,EUR,5,,2026-01-01\n\
        2,,2026-01-02,50,EUR,,,\n\
        3,A,2026-01-03,40,XTS,,,\n\
        4,B,2026-01-04,30,EUR,,30,\n\
        5,B,2026-01-10,-30,EUR,,,\n";
    let lines = "order_id,product_id,unit_price,quantity\n1,P,95,1\n2,P,80,1\n6,Q,10,-1\n";
    let customers = "external_id,birth_date,age\nA,2090-01-01,\nC,1890-01-01,\nD,,130\nE,1990-01-01,36\n";
    for (kind, text) in [
        (UploadKind::Orders, orders),
        (UploadKind::OrderLines, lines),
        (UploadKind::Customers, customers),
    ] {
        let (upload, _) = seen(&test, kind, text).await;
        import(&test, &upload, Mode::Commit).await;
    }
    let report = quality::report(&test.engine, &admin()).await.unwrap();
    assert_eq!(report.quality, None);
    let job = quality::start_check(&test.engine, &admin(), false)
        .await
        .unwrap()
        .unwrap();
    let job = queue::run_one(&test.engine, job.id).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    assert!(
        quality::start_check(&test.engine, &admin(), false)
            .await
            .unwrap()
            .is_none()
    );
    let report = quality::report(&test.engine, &admin()).await.unwrap();
    let quality = report.quality.unwrap();
    assert_eq!(quality.data_version, report.published);
    let found: Vec<_> = quality
        .impossible
        .iter()
        .map(|finding| {
            // Which of several comes first is the database's choice.
            let only = finding.examples.first().filter(|_| finding.count == 1);
            (
                finding.check.as_str(),
                finding.count,
                only.map(String::as_str).unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("birth_date_in_future", 1, "A"),
            ("age_over_120", 2, ""),
            ("order_without_time", 1, "6"),
            ("order_without_customer", 2, ""),
            ("delivered_before_order", 1, "1"),
            ("total_differs_from_lines", 1, "2"),
            ("amount_not_converted", 1, "3"),
            ("document_repeats_refund", 1, "5"),
            ("quantity_negative", 1, "6 · Q"),
        ]
    );
    let unmatched: Vec<_> = quality
        .unmatched
        .iter()
        .map(|finding| (finding.check.as_str(), finding.count, finding.of))
        .collect();
    assert_eq!(
        unmatched,
        [
            ("customer_by_reference", 1, 5),
            ("product_by_reference", 2, 2),
            // Its line says nothing but that it exists.
            ("order_by_reference", 1, 6),
        ]
    );
    let gender = quality
        .missing
        .iter()
        .find(|missing| missing.field == "gender")
        .unwrap();
    assert_eq!((gender.missing, gender.of), (5, 5));
    let orders = quality.freshness.iter().find(|fresh| fresh.table == "orders").unwrap();
    assert_eq!(
        (orders.records, orders.latest.unwrap().to_rfc3339().as_str()),
        (6, "2026-01-10T00:00:00+00:00")
    );
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn demo_data_goes_as_one_and_the_rest_stays() {
    let test = testing::engine().await;
    let mut demo_ids = Vec::new();
    for (kind, text, is_demo) in [
        (UploadKind::Products, "product_id,name\nP,Pen\n", true),
        (
            UploadKind::Orders,
            "order_id,customer_id,ordered_at,total\n1,A,2026-01-02,100\n2,B,2026-01-02,100\n",
            true,
        ),
        (
            UploadKind::OrderLines,
            "order_id,product_id,unit_price\n1,P,100\n2,Own,100\n",
            true,
        ),
        (UploadKind::Customers, "external_id,city\nB,Berlin\n", false),
        (
            UploadKind::Orders,
            "order_id,customer_id,ordered_at,total\n2,B,2026-02-02,90\n",
            false,
        ),
    ] {
        let (upload, _) = seen(&test, kind, text).await;
        import(&test, &upload, Mode::Commit).await;
        if is_demo {
            demo::mark(&test.engine, &admin(), upload.id).await.unwrap();
            demo_ids.push(upload.id);
        }
    }
    let listed: Vec<i64> = demo::list(&test.engine, &admin())
        .await
        .unwrap()
        .iter()
        .map(|upload| upload.id)
        .collect();
    demo_ids.reverse();
    assert_eq!(listed, demo_ids);
    let job = demo::start_removal(&test.engine, &admin()).await.unwrap();
    let job = queue::run_one(&test.engine, job).await.unwrap();
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.error);
    let left = records(&test.engine).await;
    assert_eq!(left["customer_ids"], [":B"]);
    assert_eq!(
        (left["orders"].len(), left["order_lines"].len(), left["products"].len()),
        (1, 0, 0)
    );
    assert!(left["orders"][0].contains("90"), "{:?}", left["orders"]);
    for id in demo_ids {
        assert_eq!(
            get(&test.engine, &admin(), id).await.unwrap().state,
            UploadState::Undone
        );
    }
    assert_eq!(
        demo::start_removal(&test.engine, &admin()).await.unwrap_err().status(),
        409
    );
    test.close().await;
}

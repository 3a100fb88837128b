//! The real data beside the checkout, where it is there.

use super::*;
use crate::testing;
use std::path::PathBuf;

pub fn data(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    bytes
}

const RETAIL: &str = r#"{"order_id":"InvoiceNo","product_id":"StockCode","product_name":"Description","quantity":"Quantity","ordered_at":"InvoiceDate","unit_price":"UnitPrice","customer_id":"CustomerID","country":"Country"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn online_retail_goes_in_and_out() {
    let Some(bytes) = data("online-retail/online_retail.csv.gz") else {
        return;
    };
    let test = testing::engine().await;
    let first = send(
        &test.engine,
        UploadKind::OrderLines,
        &bytes,
        RETAIL,
        UploadOptions::default(),
    )
    .await;
    let begun = std::time::Instant::now();
    let outcome = merge_only(&test.engine, &first).await;
    eprintln!("first: {:?} {:?} {:?}", begun.elapsed(), outcome.rows, outcome.records);
    assert_eq!(
        (outcome.rows.read, outcome.rows.created, outcome.rows.rejected),
        (541_909, 541_907, 2)
    );
    assert_eq!(value::<i64>(&test, "select count(*) from customers").await, 4372);
    assert_eq!(
        value::<i64>(&test, "select count(*) from order_lines where customer_no is null").await,
        135_080 - 2
    );
    let counting =
        "select count(distinct customer_no) from orders join order_sums using (order_id) where lines_value > 0";
    assert_eq!(value::<i64>(&test, counting).await, 4338, "customers that RFM covers");
    let sums = "select count(*) from orders join order_sums using (order_id, part)";
    assert_eq!(
        value::<i64>(&test, sums).await,
        value::<i64>(&test, "select count(*) from orders").await
    );
    let settled = "select count(*) from order_lines l join orders o using (order_id)
                   where (l.order_at, l.order_customer_no) is distinct from (o.ordered_at, o.customer_no)";
    assert_eq!(value::<i64>(&test, settled).await, 0);
    let said: Vec<String> = first_rejects(&test.engine, &admin(), first.id, 9)
        .await
        .unwrap()
        .into_iter()
        .map(|reject| format!("{} {}", reject.row, reject.reason))
        .collect();
    assert!(
        said.iter().all(|reason| reason.contains("negative unit price")),
        "{said:?}"
    );
    let fingerprint = "select md5(string_agg(md5(t::text), '' order by row_key)) from (select order_id, row_key, customer_no, quantity, unit_price, order_at, order_customer_no from order_lines) t";
    let before: String = value(&test, fingerprint).await;

    let again = send(
        &test.engine,
        UploadKind::OrderLines,
        &bytes,
        RETAIL,
        UploadOptions::default(),
    )
    .await;
    let begun = std::time::Instant::now();
    let outcome = merge_only(&test.engine, &again).await;
    eprintln!("again: {:?} {:?}", begun.elapsed(), outcome.rows);
    assert_eq!((outcome.rows.unchanged, outcome.rows.rejected), (541_907, 2));
    assert!(outcome.touched.is_empty());
    let begun = std::time::Instant::now();
    undo_only(&test.engine, &again).await;
    eprintln!("undo of the second: {:?}", begun.elapsed());
    assert_eq!(value::<String>(&test, fingerprint).await, before);
    let begun = std::time::Instant::now();
    undo_only(&test.engine, &first).await;
    eprintln!("undo of the first: {:?}", begun.elapsed());
    assert_eq!(value::<i64>(&test, "select (select count(*) from order_lines) + (select count(*) from orders) + (select count(*) from customers) + (select count(*) from products) + (select count(*) from customer_ids)").await, 0);
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_real_files_go_in() {
    let test = testing::engine().await;
    let files: [(&str, UploadKind, &str, &str, i64); 10] = [
        (
            "hillstrom/hillstrom.csv",
            UploadKind::Customers,
            r#"{"external_id":{"row_number":true},"preferred_channel":"channel","attributes.zip":"zip_code"}"#,
            "{}",
            64_000,
        ),
        (
            "facebook-ads/KAG_conversion_data.csv",
            UploadKind::CampaignCosts,
            r#"{"campaign_id":"xyz_campaign_id","day":"Date","cost":"Spent","impressions":"Impressions","clicks":"Clicks","conversions":"Total_Conversion"}"#,
            "{}",
            1143,
        ),
        (
            "attribution-log/attribution_data.csv.gz",
            UploadKind::Touches,
            r#"{"customer_id":"customer_id","at":"time","kind":"interaction","channel":"channel","value":"conversion_value"}"#,
            "{}",
            62_483,
        ),
        (
            "tmall-orders/tmall_order_report.csv",
            UploadKind::Orders,
            r#"{"order_id":"订单编号","total":"总金额","ordered_at":"订单创建时间","city":"收货地址","refund_amount":"退款金额"}"#,
            "{}",
            28_010,
        ),
        (
            "olist/olist_orders.csv.gz",
            UploadKind::Orders,
            r#"{"order_id":"order_id","customer_id":"customer_id","ordered_at":"order_purchase_timestamp","status":"order_status","delivered_at":"order_delivered_customer_date"}"#,
            "{}",
            22_989,
        ),
        (
            "olist/olist_order_items.csv.gz",
            UploadKind::OrderLines,
            r#"{"order_id":"order_id","line_id":"order_item_id","product_id":"product_id","unit_price":"price"}"#,
            "{}",
            25_263,
        ),
        (
            "olist/olist_order_payments.csv.gz",
            UploadKind::Payments,
            r#"{"order_id":"order_id","method":"payment_type","amount":"payment_value"}"#,
            "{}",
            24_437,
        ),
        (
            "olist/olist_products.csv.gz",
            UploadKind::Products,
            r#"{"product_id":"product_id","category":"product_category_name"}"#,
            "{}",
            32_951,
        ),
        (
            "olist/olist_order_reviews.csv.gz",
            UploadKind::Reviews,
            r#"{"review_id":"review_id","order_id":"order_id","rating":"review_score","text":"review_comment_message","at":"review_creation_date"}"#,
            "{}",
            14_538,
        ),
        (
            "chinese-reviews/online_shopping_10_cats.zip",
            UploadKind::Reviews,
            r#"{"text":"review","rating":"label","source":"cat"}"#,
            "{}",
            62_774,
        ),
    ];
    for (name, kind, mapping, given, rows) in files {
        let Some(bytes) = data(name) else { continue };
        let upload = send(&test.engine, kind, &bytes, mapping, options(given)).await;
        let begun = std::time::Instant::now();
        let outcome = merge_only(&test.engine, &upload).await;
        eprintln!("{name}: {:?} {:?}", begun.elapsed(), outcome.rows);
        for reject in first_rejects(&test.engine, &admin(), upload.id, 2).await.unwrap() {
            eprintln!("    row {} {}: {}", reject.row, reject.field, reject.reason);
        }
        assert_eq!(outcome.rows.read, rows, "{name}");
    }
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_encodings_give_the_same_rows() {
    let (Some(one), Some(two)) = (
        data("taobao-beauty/beauty_a.csv"),
        data("taobao-beauty/beauty_b.csv.gz"),
    ) else {
        return;
    };
    let test = testing::engine().await;
    let mapping = r#"{"product_id":"id","name":"title","brand":"店名"}"#;
    let first = send(
        &test.engine,
        UploadKind::Products,
        &one,
        mapping,
        UploadOptions::default(),
    )
    .await;
    let outcome = merge_only(&test.engine, &first).await;
    assert_eq!(
        (outcome.rows.read, outcome.rows.rejected),
        (27_598, 0),
        "{:?}",
        outcome.rows
    );
    let before = records(&test.engine).await;
    let second = send(
        &test.engine,
        UploadKind::Products,
        &two,
        mapping,
        UploadOptions::default(),
    )
    .await;
    let outcome = merge_only(&test.engine, &second).await;
    assert_eq!(outcome.rows.unchanged, 27_598, "{:?}", outcome.rows);
    assert_eq!(records(&test.engine).await, before);
    test.close().await;
}

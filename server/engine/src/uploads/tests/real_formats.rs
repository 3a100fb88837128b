//! Real files in the formats that people send, when they are at hand: what goes in is what is stored and what is explained.

use super::real_files::data;
use super::*;
use crate::testing;

/// Commits a file; its counts, with the reasons of its rejected rows and how often each comes.
async fn taken(
    test: &TestEngine,
    kind: UploadKind,
    bytes: &[u8],
    mapping: &str,
    given: &str,
) -> (Upload, RowCounts, Vec<(String, i64)>) {
    let upload = send(&test.engine, kind, bytes, mapping, options(given)).await;
    let outcome = merge_only(&test.engine, &upload).await;
    let rows = outcome.rows;
    assert_eq!(
        rows.read,
        rows.created + rows.updated + rows.unchanged + rows.rejected,
        "{rows:?}"
    );
    let reasons = "select regexp_replace(reason, '“[^”]*”', '…', 'g'), count(*) from upload_rejects where upload_id = $1 group by 1 order by 2 desc";
    let reasons: Vec<(String, i64)> = sqlx::query_as(reasons)
        .bind(upload.id)
        .fetch_all(test.engine.pool())
        .await
        .unwrap();
    assert_eq!(
        reasons.iter().map(|(_, count)| count).sum::<i64>(),
        rows.rejected,
        "every rejected row has a reason"
    );
    (upload, rows, reasons)
}

#[tokio::test(flavor = "multi_thread")]
async fn churn_from_the_spreadsheet() {
    let Some(bytes) = data("ecommerce-churn/ecommerce_churn.xlsx") else {
        return;
    };
    let test = testing::engine().await;
    let mapping = r#"{"external_id":"CustomerID","gender":"Gender","attributes.city_tier":"CityTier","attributes.tenure":"Tenure","attributes.payment":"PreferredPaymentMode","attributes.churn":"Churn"}"#;
    let (upload, rows, reasons) = taken(&test, UploadKind::Customers, &bytes, mapping, "{}").await;
    assert_eq!((rows.read, rows.created, rows.rejected), (5630, 5630, 0), "{reasons:?}");
    let seen = preview(&test.engine, &admin(), upload.id).await.unwrap();
    assert_eq!(
        (seen.encoding.as_str(), seen.sheets.len(), seen.columns.len()),
        ("XLSX", 1, 20)
    );
    assert_eq!(seen.columns[0].samples[0], "50001", "a number without a point");
    assert_eq!(value::<i64>(&test, "select count(*) from customers").await, 5630);
    let churned = "select count(*) from customers where attributes->>'churn' = '1'";
    assert_eq!(value::<i64>(&test, churned).await, 948);
    // 264 customers have no tenure: a blank cell is no attribute.
    assert_eq!(
        value::<i64>(&test, "select count(*) from customers where attributes ? 'tenure'").await,
        5630 - 264
    );
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn purchases_in_columns_with_blanks_between() {
    let Some(bytes) = data("cdnow/CDNOW_sample.txt") else {
        return;
    };
    let test = testing::engine().await;
    // Customer, number in the sample, day, number of discs, dollars; no header.
    let mapping =
        r#"{"order_id":{"row_number":true},"customer_id":"column 1","ordered_at":"column 3","total":"column 5"}"#;
    let (upload, rows, reasons) = taken(&test, UploadKind::Orders, &bytes, mapping, "{}").await;
    assert_eq!((rows.read, rows.rejected), (6919, 0), "{reasons:?}");
    assert_eq!(
        preview(&test.engine, &admin(), upload.id).await.unwrap().delimiter,
        "blanks"
    );
    assert_eq!(value::<i64>(&test, "select count(*) from customers").await, 2357);
    let sum = "select sum(total)::text from orders";
    let by_blanks: String = value(&test, sum).await;
    clear_records(&test.engine).await;
    let (_, rows, reasons) = taken(&test, UploadKind::Orders, &bytes, mapping, r#"{"widths":[6,5,9,3,9]}"#).await;
    assert_eq!((rows.read, rows.rejected), (6919, 0), "{reasons:?}");
    assert_eq!(value::<String>(&test, sum).await, by_blanks);
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_in_are_counts_stored_and_explained() {
    let test = testing::engine().await;
    let touches = r#"{"customer_id":{"row_number":true},"at":{"constant":"2008-03-01"},"kind":{"column":"segment","values":{"Mens E-Mail":"sent","Womens E-Mail":"sent","No E-Mail":"held_out"}},"campaign_id":{"constant":"spring"}}"#;
    // File, kind, mapping, rows, table, rows stored, rows rejected.
    let files: [(&str, UploadKind, &str, i64, &str, i64, i64); 13] = [
        (
            "hillstrom/hillstrom.csv",
            UploadKind::Customers,
            r#"{"external_id":{"row_number":true},"preferred_channel":"channel"}"#,
            64_000,
            "customers",
            64_000,
            0,
        ),
        (
            "hillstrom/hillstrom.csv",
            UploadKind::Touches,
            touches,
            64_000,
            "touches",
            64_000,
            0,
        ),
        (
            "facebook-ads/KAG_conversion_data.csv",
            UploadKind::CampaignCosts,
            r#"{"campaign_id":"xyz_campaign_id","day":"Date","cost":"Spent","impressions":"Impressions","clicks":"Clicks","conversions":"Total_Conversion"}"#,
            1143,
            "campaign_costs",
            1143,
            0,
        ),
        (
            "attribution-log/attribution_data.csv.gz",
            UploadKind::Touches,
            r#"{"customer_id":"customer_id","at":"time","kind":"interaction","channel":"channel","value":"conversion_value"}"#,
            62_483,
            "touches",
            62_483,
            0,
        ),
        (
            "tmall-orders/tmall_order_report.csv",
            UploadKind::Orders,
            r#"{"order_id":"订单编号","total":"总金额","ordered_at":"订单创建时间","city":"收货地址","refund_amount":"退款金额"}"#,
            28_010,
            "orders",
            28_010,
            0,
        ),
        (
            "olist/olist_customers.csv.gz",
            UploadKind::Customers,
            r#"{"external_id":"customer_id","city":"customer_city","province":"customer_state"}"#,
            22_989,
            "customers",
            22_989,
            0,
        ),
        (
            "olist/olist_orders.csv.gz",
            UploadKind::Orders,
            r#"{"order_id":"order_id","customer_id":"customer_id","ordered_at":"order_purchase_timestamp","status":"order_status","delivered_at":"order_delivered_customer_date"}"#,
            22_989,
            "orders",
            22_989,
            0,
        ),
        (
            "olist/olist_order_items.csv.gz",
            UploadKind::OrderLines,
            r#"{"order_id":"order_id","line_id":"order_item_id","product_id":"product_id","unit_price":"price"}"#,
            25_263,
            "order_lines",
            25_263,
            0,
        ),
        (
            "olist/olist_order_payments.csv.gz",
            UploadKind::Payments,
            r#"{"order_id":"order_id","method":"payment_type","amount":"payment_value"}"#,
            24_437,
            "payments",
            24_437,
            0,
        ),
        (
            "olist/olist_products.csv.gz",
            UploadKind::Products,
            r#"{"product_id":"product_id","category":"product_category_name"}"#,
            32_951,
            "products",
            32_951,
            0,
        ),
        (
            "olist/olist_order_reviews.csv.gz",
            UploadKind::Reviews,
            r#"{"review_id":"review_id","order_id":"order_id","rating":"review_score","text":"review_comment_message","at":"review_creation_date"}"#,
            14_538,
            "reviews",
            6_682,
            7_856,
        ),
        (
            "chinese-reviews/online_shopping_10_cats.zip",
            UploadKind::Reviews,
            r#"{"text":"review","rating":"label","source":"cat"}"#,
            62_774,
            "reviews",
            62_773,
            1,
        ),
        (
            "online-retail/online_retail.csv.gz",
            UploadKind::OrderLines,
            r#"{"order_id":"InvoiceNo","product_id":"StockCode","product_name":"Description","quantity":"Quantity","ordered_at":"InvoiceDate","unit_price":"UnitPrice","customer_id":"CustomerID","country":"Country"}"#,
            541_909,
            "order_lines",
            541_907,
            2,
        ),
    ];
    for (name, kind, mapping, read, table, stored, rejected) in files {
        let Some(bytes) = data(name) else { continue };
        clear_records(&test.engine).await;
        let (_, rows, reasons) = taken(&test, kind, &bytes, mapping, "{}").await;
        let count = sqlx::query_scalar::<_, i64>(crate::db::dynamic(format!("select count(*) from {table}")));
        let found = count.fetch_one(test.engine.pool()).await.unwrap();
        eprintln!("{name} as {}: {rows:?}, {found} stored, {reasons:?}", kind.as_str());
        // Reviews of stars alone have no text, which is all that is wrong with any of them.
        assert!(
            table != "reviews"
                || reasons
                    .iter()
                    .all(|(reason, _)| reason == r#"[{"code":"missing","field":"text"}]"#),
            "{name}: {reasons:?}"
        );
        assert_eq!(
            (rows.read, found, rows.rejected),
            (read, stored, rejected),
            "{name}: {rows:?} {reasons:?}"
        );
    }
    test.close().await;
}

//! Small files of each kind.

use super::*;
use crate::testing;
use UploadKind::{
    CampaignCosts, Campaigns, Customers, ExchangeRates, Interactions, OrderLines, Orders, Payments, Products, Reviews,
    Touches,
};

#[tokio::test(flavor = "multi_thread")]
async fn lines_make_orders_customers_and_products() {
    let test = testing::engine().await;
    let text = "order_id,customer_id,product_id,product_name,quantity,unit_price,ordered_at,country\n\
        1,a,x,Hat,2,1.25,2026-01-02 10:00:00,France\n\
        1,a,y,,1,3,2026-01-02 09:59:00,\n\
        2,,x,Big hat,-1,1.25,2026-02-01,Spain\n\
        1,a,y,,1,3,2026-01-02 09:59:00,\n";
    let (upload, outcome) = load_text(&test.engine, OrderLines, text, "{}").await;
    assert_eq!(counts(outcome.rows), [4, 4, 0, 0, 0, 1]);
    let created = |table: &str| outcome.records[table].created;
    assert_eq!(
        [
            created("order_lines"),
            created("orders"),
            created("products"),
            created("customers")
        ],
        [4, 2, 2, 1]
    );
    assert_eq!(
        outcome.touched["orders"].iter().copied().collect::<Vec<_>>(),
        [2026 * 12, 2026 * 12 + 1]
    );
    let order: (Option<String>, i32, String, String) = sqlx::query_as(
        "select i.external_id, s.line_count, trim_scale(s.lines_value)::text, to_char(o.ordered_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || o.country
         from orders o join customer_ids i using (customer_no) join order_sums s using (order_id) where order_id = '1'",
    )
    .fetch_one(test.engine.pool())
    .await
    .unwrap();
    assert_eq!(
        order,
        (Some("a".into()), 3, "8.5".into(), "2026-01-02 09:59France".into())
    );
    assert_eq!(
        value::<String>(&test, "select name from products where product_id = 'x'").await,
        "Big hat"
    );
    let settled = "select count(*) from order_lines l join orders o using (order_id) where l.order_at = o.ordered_at and l.order_customer_no is not distinct from o.customer_no";
    assert_eq!(value::<i64>(&test, settled).await, 4);
    assert_eq!(
        value::<String>(
            &test,
            "select trim_scale(lines_value)::text from order_sums where order_id = '2'"
        )
        .await,
        "-1.25"
    );
    // The same file again changes nothing; its undo leaves what was.
    let before = records(&test.engine).await;
    let (again, outcome) = load_text(&test.engine, OrderLines, text, "{}").await;
    assert_eq!(counts(outcome.rows), [4, 0, 0, 4, 0, 1]);
    assert!(outcome.touched.is_empty(), "{:?}", outcome.touched);
    assert_eq!(records(&test.engine).await, before);
    undo_only(&test.engine, &again).await;
    assert_eq!(records(&test.engine).await, before);
    undo_only(&test.engine, &upload).await;
    assert!(records(&test.engine).await.values().all(Vec::is_empty));
    assert_eq!(
        value::<i64>(&test, "select next from counters where name = 'customer_no'").await,
        2,
        "numbers are not given twice"
    );
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_goes_in() {
    let test = testing::engine().await;
    let files = [
        (
            Customers,
            "external_id,name,gender,birth_date,income,consent_marketing,signed_up_at\na,Ann,F,1990-05-01,\"1,200.50\",yes,2020-01-01\nb,王芳,女,1985-02-28,,否,\n",
            2,
        ),
        (Products, "product_id,name,category,unit_cost\nx,Hat,Clothes,0.75\n", 1),
        (
            Orders,
            "order_id,customer_id,ordered_at,total,status\n1,a,2026-01-02 10:00:00,10,Delivered\n2,c,2026-01-03,5,canceled\n",
            2,
        ),
        (OrderLines, "order_id,product_id,unit_price\n1,x,4\n9,z,1\n", 2),
        (Payments, "order_id,method,amount\n1,card,6\n1,card,6\n8,cash,1\n", 3),
        (
            Interactions,
            "customer_id,at,kind\na,2026-01-01T10:00:00Z,visit\nd,2026-01-01T10:00:00Z,visit\n",
            2,
        ),
        (
            Campaigns,
            "campaign_id,name,starts_at,holdout_share\nk,Spring,2026-03-01,10%\n",
            1,
        ),
        (
            CampaignCosts,
            "campaign_id,day,cost,clicks\nk,2026-03-01,100,5\nm,2026-03-01,50,\n",
            2,
        ),
        (
            Touches,
            "customer_id,at,kind,campaign_id\na,2026-03-01,sent,k\ne,2026-03-01,control,n\n",
            2,
        ),
        (
            Reviews,
            "review_id,customer_id,product_id,order_id,rating,text,at\nr1,a,x,1,5,Good,2026-02-01\n,f,w,7,1,\"Bad, \"\"very\"\"\nbad 🙁\",\n",
            2,
        ),
        (ExchangeRates, "day,currency,rate\n2026-01-01,usd,0.923456789\n", 1),
    ];
    for (kind, text, rows) in files {
        let (_, outcome) = load_text(&test.engine, kind, text, "{}").await;
        assert_eq!(
            (outcome.rows.read, outcome.rows.rejected),
            (rows, 0),
            "{}",
            kind.as_str()
        );
        let (_, again) = load_text(&test.engine, kind, text, "{}").await;
        assert_eq!(again.rows.unchanged, rows, "{} again: {:?}", kind.as_str(), again.rows);
        assert!(again.touched.is_empty(), "{} again: {:?}", kind.as_str(), again.touched);
    }
    let all = records(&test.engine).await;
    let number = |table: &str| all[table].len();
    assert_eq!(
        [
            number("customers"),
            number("orders"),
            number("products"),
            number("campaigns")
        ],
        [6, 5, 3, 3]
    );
    assert_eq!(
        value::<String>(&test, "select text from reviews where review_id is null").await,
        "Bad, \"very\"\nbad 🙁"
    );
    assert_eq!(
        value::<String>(&test, "select currency || rate::text from exchange_rates").await,
        "USD0.923456789"
    );
    assert_eq!(
        value::<String>(
            &test,
            "select trim_scale(income)::text || gender || consent_marketing from customers where name = 'Ann'"
        )
        .await,
        "1200.5femaletrue"
    );
    assert_eq!(
        value::<String>(&test, "select status from orders where order_id = '2'").await,
        "cancelled"
    );
    assert_eq!(
        value::<String>(
            &test,
            "select trim_scale(lines_value)::text || line_count from order_sums where order_id = '1'"
        )
        .await,
        "41"
    );
    assert_eq!(
        value::<String>(
            &test,
            "select trim_scale(holdout_share)::text from campaigns where campaign_id = 'k'"
        )
        .await,
        "0.1"
    );
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn options_decide_about_known_keys() {
    let test = testing::engine().await;
    let name = |id: &'static str| {
        let pool = test.engine.pool().clone();
        async move {
            let sql = "select concat_ws('/', name, city) from customers join customer_ids using (customer_no) where external_id = $1";
            sqlx::query_scalar::<_, String>(sql)
                .bind(id)
                .fetch_optional(&pool)
                .await
                .unwrap()
        }
    };
    load_text(&test.engine, Customers, "external_id,name,city\na,Ann,Rome\n", "{}").await;
    let (_, outcome) = load_text(
        &test.engine,
        Customers,
        "external_id,name,city\na,Anna,\nb,Bob,\n",
        "{}",
    )
    .await;
    assert_eq!(counts(outcome.rows), [2, 1, 1, 0, 0, 0]);
    assert_eq!(name("a").await.as_deref(), Some("Anna/Rome"));
    let (_, outcome) = load_text(
        &test.engine,
        Customers,
        "external_id,name\na,X\nc,Cid\n",
        r#"{"on_known":"leave"}"#,
    )
    .await;
    assert_eq!(counts(outcome.rows), [2, 1, 0, 1, 0, 0]);
    assert_eq!(
        (name("a").await.as_deref(), name("c").await.as_deref()),
        (Some("Anna/Rome"), Some("Cid"))
    );
    let (_, outcome) = load_text(
        &test.engine,
        Customers,
        "external_id,name\nb,Bo\nd,Dan\n",
        r#"{"on_known":"update_only"}"#,
    )
    .await;
    assert_eq!(counts(outcome.rows), [2, 0, 1, 1, 0, 0]);
    assert_eq!((name("b").await.as_deref(), name("d").await), (Some("Bo"), None));
    load_text(
        &test.engine,
        Customers,
        "external_id,name,city\na,Ann,\n",
        r#"{"blanks":"overwrite"}"#,
    )
    .await;
    assert_eq!(name("a").await.as_deref(), Some("Ann"));
    // A key twice in one file: the later row wins.
    let (_, outcome) = load_text(&test.engine, Customers, "external_id,name\nz,One\nz,Two\nz,Two\n", "{}").await;
    assert_eq!((outcome.rows.created, name("z").await.as_deref()), (1, Some("Two")));
    // The same id of another system is somebody else.
    load_text(
        &test.engine,
        Customers,
        "external_id,name\na,Other\n",
        r#"{"source":"shop"}"#,
    )
    .await;
    assert_eq!(
        value::<i64>(&test, "select count(*) from customer_ids where external_id = 'a'").await,
        2
    );
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_group_replaces_what_was_there() {
    let test = testing::engine().await;
    load_text(
        &test.engine,
        OrderLines,
        "order_id,product_id,unit_price\n1,x,4\n1,y,5\n2,x,4\n",
        "{}",
    )
    .await;
    let (replacing, outcome) = load_text(
        &test.engine,
        OrderLines,
        "order_id,product_id,unit_price\n1,x,4\n1,y,6\n",
        r#"{"groups":"replace"}"#,
    )
    .await;
    assert_eq!(counts(outcome.rows), [2, 1, 0, 1, 0, 0]);
    let value_of = "select trim_scale(lines_value)::text || '/' || line_count from order_sums where order_id = '1'";
    assert_eq!(value::<String>(&test, value_of).await, "10/2");
    undo_only(&test.engine, &replacing).await;
    assert_eq!(value::<String>(&test, value_of).await, "9/2");
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_of_orders_wins_over_lines() {
    let test = testing::engine().await;
    let lines = "order_id,customer_id,product_id,unit_price,ordered_at\n1,a,x,4,2026-01-05\n";
    let earlier = "order_id,customer_id,product_id,unit_price,ordered_at\n1,b,y,4,2026-01-03\n";
    let at = "select to_char(ordered_at at time zone 'UTC', 'DD') || (select external_id from customer_ids i where i.customer_no = o.customer_no) from orders o";
    load_text(&test.engine, OrderLines, lines, "{}").await;
    load_text(&test.engine, OrderLines, earlier, "{}").await;
    assert_eq!(
        value::<String>(&test, at).await,
        "03b",
        "the earliest line, the last customer"
    );
    let (orders, _) = load_text(
        &test.engine,
        Orders,
        "order_id,customer_id,ordered_at\n1,c,2026-01-09\n",
        "{}",
    )
    .await;
    load_text(
        &test.engine,
        OrderLines,
        "order_id,customer_id,product_id,unit_price,ordered_at\n1,d,z,4,2026-01-01\n",
        "{}",
    )
    .await;
    assert_eq!(value::<String>(&test, at).await, "09c");
    let follow = "select count(*) from order_lines l join orders o using (order_id) where l.order_at = o.ordered_at and l.order_customer_no = o.customer_no";
    assert_eq!(value::<i64>(&test, follow).await, 3);
    undo_only(&test.engine, &orders).await;
    assert_eq!(value::<String>(&test, at).await, "01d");
    assert_eq!(value::<i64>(&test, follow).await, 3);
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_counts_and_keeps_nothing() {
    let test = testing::engine().await;
    let text = "order_id,product_id,unit_price\n1,x,4\n1,y,-5\n";
    let upload = send(&test.engine, OrderLines, text.as_bytes(), "", UploadOptions::default()).await;
    let job = start(&test.engine, &admin(), upload.id, Mode::DryRun).await.unwrap();
    let job = queue::run_one(&test.engine, job).await.unwrap();
    assert_eq!(job.error, None);
    let upload = get(&test.engine, &admin(), upload.id).await.unwrap();
    assert_eq!(
        (upload.state, counts(upload.rows)),
        (UploadState::Ready, [2, 1, 0, 0, 1, 0])
    );
    assert!(records(&test.engine).await.values().all(Vec::is_empty));
    assert_eq!(
        first_rejects(&test.engine, &admin(), upload.id, 5).await.unwrap().len(),
        1
    );
    let job = commit(&test.engine, &admin(), upload.id).await.unwrap();
    let job = queue::run_one(&test.engine, job).await.unwrap();
    assert_eq!(job.error, None);
    let upload = get(&test.engine, &admin(), upload.id).await.unwrap();
    assert_eq!(upload.state, UploadState::Committed);
    assert_eq!(records(&test.engine).await["order_lines"].len(), 1);
    let stamp = crate::sealing::stamp(&test.engine, &admin()).await.unwrap();
    assert_eq!(
        stamp.version,
        value::<i64>(&test, "select max(version) from data_versions").await
    );
    let job = undo(&test.engine, &admin(), upload.id).await.unwrap();
    assert_eq!(queue::run_one(&test.engine, job).await.unwrap().error, None);
    assert_eq!(
        get(&test.engine, &admin(), upload.id).await.unwrap().state,
        UploadState::Undone
    );
    assert!(records(&test.engine).await.values().all(Vec::is_empty));
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_upload_of_a_name_can_replace_the_one_before() {
    let test = testing::engine().await;
    for (text, wanted) in [("external_id,name\na,Ann\nb,Bob\n", 2), ("external_id,name\nb,Bo\n", 1)] {
        let upload = send(
            &test.engine,
            Customers,
            text.as_bytes(),
            "",
            options(r#"{"replace_named":true}"#),
        )
        .await;
        let job = start(&test.engine, &admin(), upload.id, Mode::Commit).await.unwrap();
        assert_eq!(queue::run_one(&test.engine, job).await.unwrap().error, None);
        assert_eq!(records(&test.engine).await["customers"].len(), wanted);
    }
    test.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_uploads_at_once_do_not_disturb_each_other() {
    let test = testing::engine().await;
    let text = |from: usize| {
        let rows = (from..from + 300).map(|n| format!("{n},c{},p{},1.5,2026-01-{:02}\n", n % 40, n % 7, n % 28 + 1));
        format!(
            "order_id,customer_id,product_id,unit_price,ordered_at\n{}",
            rows.collect::<String>()
        )
    };
    let (one, two) = (text(0), text(200));
    let (first, second) = tokio::join!(
        load_text(&test.engine, OrderLines, &one, "{}"),
        load_text(&test.engine, OrderLines, &two, "{}")
    );
    assert_eq!(first.1.rows.created + second.1.rows.created, 500);
    assert_eq!(first.1.rows.unchanged + second.1.rows.unchanged, 100);
    let all = records(&test.engine).await;
    assert_eq!(
        (all["order_lines"].len(), all["customers"].len(), all["products"].len()),
        (500, 40, 7)
    );
    test.close().await;
}

/// A mapped column that is blank throughout clears what an earlier file told, where the person asked for that.
#[tokio::test(flavor = "multi_thread")]
async fn blank_product_names_overwrite_when_asked() {
    let test = testing::engine().await;
    let named = "order_id,product_id,product_name,unit_price\n1,x,Hat,4\n";
    let blank = "order_id,product_id,product_name,unit_price\n2,x,,4\n";
    let name = "select coalesce(name, 'unknown') from products where product_id = 'x'";
    load_text(&test.engine, OrderLines, named, "{}").await;
    load_text(&test.engine, OrderLines, blank, "{}").await;
    assert_eq!(value::<String>(&test, name).await, "Hat");
    let again = blank.replace("2,x", "3,x");
    let (clearing, _) = load_text(&test.engine, OrderLines, &again, r#"{"blanks":"overwrite"}"#).await;
    assert_eq!(value::<String>(&test, name).await, "unknown");
    undo_only(&test.engine, &clearing).await;
    assert_eq!(value::<String>(&test, name).await, "Hat");
    test.close().await;
}

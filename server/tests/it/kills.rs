//! The process killed at ten moments of an import and at ten of its undo, spread over the time that each takes: what is found afterwards is what
//! was before or what would have come, in the records and on the pages, and never something between. The moments are drawn with a fixed seed.

use crate::harness::{Server, Who, order_lines};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::time::{Duration, Instant};

const MOMENTS: u32 = 10;
const KNOWN: usize = 4_000;
const LAST: usize = 24_000;

/// Lines of orders that are known and of new ones, other prices, other names of known products, and a row now and then that is rejected.
fn correction() -> String {
    let mut text = String::from("order_id,customer_id,ordered_at,product_id,category,quantity,unit_price\n");
    for i in KNOWN / 2..LAST {
        let price = if i % 1_000 == 7 {
            "viel".to_owned()
        } else {
            format!("{}.25", i % 40)
        };
        let (customer, month, product, category) = (i % 90, 1 + i % 9, i % 11, i % 4);
        text.push_str(&format!(
            "O{i},C{customer},2026-0{month}-20T10:00:00Z,P{product},Other{category},2,{price}\n"
        ));
    }
    text
}

const OF_NOBODY: [&str; 5] = ["products", "payments", "campaigns", "campaign_costs", "exchange_rates"];
const OF_CUSTOMERS: [&str; 5] = ["customers", "orders", "interactions", "touches", "reviews"];

/// What stands in every table that a file can fill, in a few lines. Numbers of customers are never given twice, so they are named by their ids.
fn records(server: &Server) -> String {
    let line = |name: &str, row: &str, from: &str| {
        format!(
            "select '{name}', count(*), md5(string_agg(r, E'\\n' order by r)) from (select ({row})::text as r from {from}) x"
        )
    };
    let own = "to_jsonb(t) - 'upload_id' - 'mask' - 'part' - 'customer_no' - 'order_customer_no'";
    let mut parts: Vec<String> = OF_NOBODY
        .iter()
        .map(|name| line(name, own, &format!("{name} t")))
        .collect();
    let named = format!("{own} || jsonb_build_object('who', i.source || ':' || i.external_id)");
    parts.extend(OF_CUSTOMERS.iter().map(|name| {
        line(
            name,
            &named,
            &format!("{name} t left join customer_ids i using (customer_no)"),
        )
    }));
    parts.push(line(
        "order_lines",
        &format!("{named} || jsonb_build_object('whose', o.source || ':' || o.external_id)"),
        "order_lines t left join customer_ids i using (customer_no) left join customer_ids o on o.customer_no = t.order_customer_no",
    ));
    parts.push(line("ids", "source || ':' || external_id", "customer_ids"));
    server.sql(&format!("{} order by 1", parts.join(" union all ")))
}

/// Rows of uploads that do not count.
fn leftovers(server: &Server) -> String {
    let mut tables: Vec<String> = ["mentions", "group_replacements"].map(str::to_owned).to_vec();
    for name in OF_NOBODY.iter().chain(&OF_CUSTOMERS).chain(&["order_lines"]) {
        tables.push((*name).to_owned());
        tables.push(format!("{name}_history"));
    }
    let counts: Vec<String> = tables
        .iter()
        .map(|name| {
            format!("(select count(*) from {name} r join uploads u on u.id = r.upload_id where u.commit_seq is null)")
        })
        .collect();
    server.sql(&format!("select {}", counts.join(" + ")))
}

/// What the pages say: figures and days of the published version, to the cent.
async fn published(server: &Server) -> String {
    let overview = server.json("/api/v1/overview?from=2026-01-01&to=2027-01-01").await;
    let cents = |value: &Value| (value.as_f64().unwrap_or_default() * 100.0).round();
    let days: Vec<String> = overview["by_day"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|day| day["orders"] != 0)
        .map(|day| format!("{} {} {}", day["day"], day["orders"], cents(&day["net_revenue"])))
        .collect();
    format!(
        "{} customers, {} orders, {}: {}",
        overview["customers"],
        overview["orders"]["now"],
        cents(&overview["net_revenue"]["now"]),
        days.join(", ")
    )
}

#[derive(Clone, Debug, PartialEq)]
struct Found {
    records: String,
    published: String,
}

async fn found(server: &Server) -> Found {
    Found {
        records: records(server),
        published: published(server).await,
    }
}

/// Asks for the import of the correction; its upload and its job.
async fn import(server: &Server) -> (Value, Value) {
    let (status, asked) = server.send("kind=order_lines&name=correction.csv", correction()).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{asked}");
    (asked["upload_id"].clone(), asked["job_id"].clone())
}

async fn undo(server: &Server, upload: &Value) -> Value {
    let path = format!("/api/v1/uploads/{upload}");
    let answer = server.call(Who::Admin, Method::DELETE, &path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    answer.json::<Value>().await.unwrap()["job_id"].clone()
}

/// Waits for a job that must succeed; how long that took.
async fn timed(server: &Server, job: &Value) -> Duration {
    let begun = Instant::now();
    let ended = server.wait(job).await;
    assert_eq!(ended["state"], "succeeded", "{ended}");
    begun.elapsed()
}

/// The moments of one kind of job: one in each tenth of its duration.
struct Moments {
    lasts: Duration,
    state: u64,
}

impl Moments {
    fn at(&mut self, tenth: u32) -> Duration {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let inside = (self.state >> 40) as f64 / f64::from(1 << 24);
        self.lasts.mul_f64((f64::from(tenth) + inside) / f64::from(MOMENTS))
    }
}

/// Kills the process so long after a job was asked for, starts it again, and looks; then lets the job end. Whether it had not ended before.
async fn kill(
    server: &mut Server,
    job: &Value,
    after: Duration,
    [old, new]: [&Found; 2],
    done: (&Value, &str),
) -> bool {
    tokio::time::sleep(after).await;
    server.kill();
    let at = format!("killed after {after:?}");
    // PostgreSQL may still be at work on what a dead process asked for; it must not matter when one looks.
    let between = records(server);
    assert!(between == old.records || between == new.records, "{at}: {between}");
    // Nobody takes the job up again while one looks.
    server.sql(
        "update jobs set run_at = now() + interval '1 h', lease_until = case when state = 'running' then now() + interval '1 h' end
         where state in ('queued', 'running')",
    );
    server.restart().await;
    let was_running = server.json(&format!("/api/v1/jobs/{job}")).await["state"] != "succeeded";
    let now = found(server).await;
    let (upload, state) = done;
    let is_done = server.json(&format!("/api/v1/uploads/{upload}")).await["state"] == state;
    let expected = if is_done { new } else { old };
    assert_eq!(now.records, expected.records, "{at}, done: {is_done}");
    // What is committed may not be published yet; what is published is one or the other.
    assert!(
        now.published == old.published || (is_done && now.published == new.published),
        "{at}: {}",
        now.published
    );
    assert_eq!(leftovers(server), "0", "{at}");
    let verified = server.cli(&["warehouse", "verify"], "");
    assert!(verified.contains("what PostgreSQL holds"), "{at}: {verified}");

    // The lease of the dead worker would run out by itself; nobody wants to wait for that twenty times.
    server.sql(
        "update jobs set run_at = now(), lease_until = case when state = 'running' then now() - interval '1 s' end
         where state in ('queued', 'running')",
    );
    timed(server, job).await;
    assert_eq!(found(server).await, *new, "{at}, when the job had ended");
    assert_eq!(leftovers(server), "0", "{at}, when the job had ended");
    was_running
}

#[tokio::test]
async fn killed_at_any_moment_an_import_and_an_undo_have_happened_or_have_not() {
    let mut server = Server::start().await;
    server
        .upload("kind=order_lines&name=lines.csv", order_lines(KNOWN))
        .await;
    let people: String = (0..70).map(|i| format!("C{i},Name {i},City {}\n", i % 5)).collect();
    server
        .upload("kind=customers", format!("external_id,name,city\n{people}"))
        .await;
    let before = found(&server).await;
    let mut lasts = [Duration::ZERO; 2];
    let mut after = before.clone();
    // The first time everything is cold; the second one says how long it takes.
    for _ in 0..2 {
        let (upload, job) = import(&server).await;
        lasts[0] = timed(&server, &job).await;
        after = found(&server).await;
        assert_ne!(after.records, before.records);
        assert_ne!(after.published, before.published);
        let job = undo(&server, &upload).await;
        lasts[1] = timed(&server, &job).await;
        assert_eq!(found(&server).await, before);
    }
    let versions = |server: &Server| server.sql("select count(*) from data_versions").parse::<u32>().unwrap();
    let begun = versions(&server);
    let mut importing = Moments {
        lasts: lasts[0],
        state: 20_261_122,
    };
    let mut undoing = Moments {
        lasts: lasts[1],
        state: 3,
    };
    let mut inside = [0; 2];
    for tenth in 0..MOMENTS {
        let (upload, job) = import(&server).await;
        let moment = importing.at(tenth);
        let was_running = kill(&mut server, &job, moment, [&before, &after], (&upload, "committed")).await;
        inside[0] += u32::from(was_running);
        let job = undo(&server, &upload).await;
        let moment = undoing.at(tenth);
        let was_running = kill(&mut server, &job, moment, [&after, &before], (&upload, "undone")).await;
        inside[1] += u32::from(was_running);
    }
    assert_eq!(versions(&server), begun + 2 * MOMENTS, "each was committed once");
    // On a machine whose speed varies some come too late; most must not, or this says nothing.
    assert!(
        inside.iter().all(|hits| *hits >= MOMENTS / 2),
        "{inside:?} of {MOMENTS}, {lasts:?}"
    );
}

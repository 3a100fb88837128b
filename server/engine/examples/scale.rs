//! Scratch measurement.
use engine::auth::Actor;
use engine::{Engine, EngineConfig};
use std::time::Instant;
use types::query::GroupRef;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut config = EngineConfig::new("/tmp/scale".into());
    config.database_url = Some("postgres://postgres@127.0.0.1:5499/scale".into());
    config.time_zone = chrono_tz::Asia::Shanghai;
    let engine = Engine::open(config).await?;
    let actor = Actor::command_line();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let step = |name: &str, at: Instant| eprintln!("{name}: {:.3} s", at.elapsed().as_secs_f64());
    if args.iter().any(|a| a == "fill") {
        let at = Instant::now();
        for sql in include_str!("/tmp/scale/fill.sql").split(";\n").filter(|s| !s.trim().is_empty()) {
            sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(engine.pool()).await?;
        }
        step("fill", at);
    }
    if args.iter().any(|a| a == "rebuild") {
        let at = Instant::now();
        let mut tx = engine.pool().begin().await?;
        let id = engine::queue::enqueue(&mut tx, &actor, engine::queue::NewJob { kind: types::jobs::JobKind::RebuildWarehouse, args: serde_json::json!({}), subject: "/".into(), dedup_key: None, max_attempts: 1 }).await?;
        tx.commit().await?;
        let e2 = engine.clone();
        let watch = tokio::spawn(async move {
            let mut last = None;
            loop {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                if let Ok(job) = engine::queue::get(&e2, &Actor::command_line(), id).await {
                    if job.step != last { eprintln!("  {:?} at {:.1} s", job.step, at.elapsed().as_secs_f64()); last = job.step; }
                }
            }
        });
        let job = engine::queue::run_one(&engine, id).await?;
        watch.abort();
        step(&format!("rebuild {:?} {:?}", job.state, job.error), at);
    }
    let at = Instant::now();
    let snapshot = engine.snapshot().await?;
    step("open", at);
    for _ in 0..2 {
        let at = Instant::now();
        let c = snapshot.rfm(snapshot.today().unwrap()).await?;
        step(&format!("rfm columns {}", c.customer_no.len()), at);
    }
    let at = Instant::now();
    let started = engine::segments::start_run(&engine, &actor, serde_json::from_str(r#"{"method":"rfm"}"#)?).await?;
    let job = engine::queue::run_one(&engine, started.job_id).await?;
    step(&format!("run {:?} {:?}", job.state, job.error), at);
    let run = engine::segments::get_run(&engine, &actor, started.run_id).await?;
    eprintln!("{} covered {:?}", run.covered, run.segments.iter().map(|s| (s.key.clone(), s.size)).collect::<Vec<_>>());
    for key in ["champions", "champions", "hibernating"] {
        let at = Instant::now();
        let p = engine::portraits::get_portrait(&engine, &actor, &GroupRef::Run { run: started.run_id, key: key.into() }, &GroupRef::All).await?;
        step(&format!("portrait {key} {} dims {} findings {}", p.size, p.dimensions.len(), p.findings.len()), at);
    }
    let at = Instant::now();
    let o = engine::overview::get_overview(&engine, &actor, None, None).await?;
    step(&format!("overview {:?} {:?} {:?}", o.orders, o.net_revenue, o.repeat_rate), at);
    let at = Instant::now();
    let c = engine::campaigns::list_campaigns(&engine, &actor, None).await?;
    step(&format!("campaigns {} {:?}", c.items.len(), c.total), at);
    if let Some(first) = c.items.first() {
        let at = Instant::now();
        let c = engine::campaigns::get_campaign(&engine, &actor, &first.campaign_id, None).await?;
        step(&format!("campaign {} {:?} {:?}", c.row.campaign_id, c.funnel, c.lift), at);
    }
    let at = Instant::now();
    use futures::StreamExt;
    let mut stream = Box::pin(engine::segments::members_csv(&engine, &actor, started.run_id, None, engine::segments::MembersFile::Program).await?);
    let mut bytes = 0;
    while let Some(piece) = stream.next().await { bytes += piece?.len(); }
    step(&format!("members {bytes} bytes"), at);
    let status = std::fs::read_to_string("/proc/self/status")?;
    eprintln!("{}", status.lines().filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS")).collect::<Vec<_>>().join(" "));
    engine.close().await;
    Ok(())
}

//! `demo` writes the files of a made-up shop; `demo-load`, which `make run` calls, takes them in as ordinary uploads, once.

use super::import::{self, Given};
use super::{explain, follow, with_engine};
use crate::cli::{Failure, say};
use crate::config::Settings;
use chrono::NaiveDate;
use clap::Args;
use demo::{DemoConfig, Summary};
use engine::auth::Actor;
use engine::clock::{Clock, SystemClock};
use engine::{Engine, segments, settings, uploads};
use std::path::{Path, PathBuf};
use types::segments::{Method, NewRun};
use types::uploads::{UploadKind, UploadState};

#[derive(Args)]
pub struct Demo {
    /// At least 1; orders come to about ten times as many.
    #[arg(long)]
    customers: u64,
    /// The same seed gives the same files.
    #[arg(long)]
    seed: u64,
    /// Made if it is not there.
    #[arg(long, default_value = "demo")]
    output: PathBuf,
    /// The last day on which anything happens; yesterday when absent.
    #[arg(long)]
    end: Option<NaiveDate>,
}

#[derive(Args)]
pub struct DemoLoad {
    #[arg(long, default_value_t = 20_000)]
    customers: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave an installation alone that has data of its own.
    #[arg(long)]
    when_empty: bool,
}

pub async fn write(demo: Demo) -> Result<(), Failure> {
    let end = demo.end.map_or_else(yesterday, Ok)?;
    let summary = generate(demo.customers, demo.seed, end, demo.output.clone()).await?;
    say(&format!(
        "{} rows in {} files in {}",
        summary.rows(),
        summary.files.len(),
        demo.output.display()
    ))
}

fn yesterday() -> Result<NaiveDate, Failure> {
    SystemClock
        .now()
        .date_naive()
        .pred_opt()
        .ok_or_else(|| "The clock of this machine is wrong.".into())
}

async fn generate(customers: u64, seed: u64, end: NaiveDate, output: PathBuf) -> Result<Summary, Failure> {
    let bar = follow::bar();
    bar.set_message("customers");
    let shown = bar.clone();
    let summary = tokio::task::spawn_blocking(move || {
        let config = DemoConfig {
            customers,
            seed,
            end,
            output: &output,
        };
        demo::generate(&config, &mut |progress| {
            shown.set_length(progress.of);
            shown.set_position(progress.customers);
        })
    })
    .await??;
    bar.finish_and_clear();
    Ok(summary)
}

/// Loads the demo data once in the life of an installation. An interrupted load is taken up where it stopped.
pub async fn load(settings: Settings, asked: DemoLoad) -> Result<(), Failure> {
    with_engine(settings, async move |engine| {
        if settings::is_demo_loaded(&engine).await.map_err(explain)? {
            return Ok(());
        }
        if asked.when_empty && has_other_data(&engine).await? {
            settings::mark_demo_loaded(&engine).await.map_err(explain)?;
            return say("There is data already; no demo data is loaded.");
        }
        let folder = engine.config().data_dir.join("demo");
        let end = first_end(&folder)?;
        let summary = generate(asked.customers, asked.seed, end, folder.clone()).await?;
        for file in &summary.files {
            take_in(&engine, &folder, &file.kind, &file.name).await?;
        }
        run_rfm(&engine).await?;
        settings::mark_demo_loaded(&engine).await.map_err(explain)?;
        std::fs::remove_dir_all(&folder)?;
        say(&format!(
            "Demo data is loaded: {} rows in {} files.",
            summary.rows(),
            summary.files.len()
        ))
    })
    .await
}

/// The last day of the demo: yesterday, or that of the load that was interrupted, so that its files come out the same.
fn first_end(folder: &Path) -> Result<NaiveDate, Failure> {
    let note = folder.join("end");
    if let Ok(text) = std::fs::read_to_string(&note) {
        return Ok(text.trim().parse()?);
    }
    let end = yesterday()?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(note, end.to_string())?;
    Ok(end)
}

fn upload_name(file: &str) -> String {
    format!("demo-{file}")
}

async fn has_other_data(engine: &Engine) -> Result<bool, Failure> {
    let newest = uploads::list(engine, &Actor::command_line(), None, 100)
        .await
        .map_err(explain)?;
    Ok(newest
        .items
        .iter()
        .any(|upload| upload.state == UploadState::Committed && !upload.name.starts_with("demo-")))
}

async fn take_in(engine: &Engine, folder: &Path, kind: &str, file: &str) -> Result<(), Failure> {
    let name = upload_name(file);
    let known = uploads::list(engine, &Actor::command_line(), None, 100)
        .await
        .map_err(explain)?;
    let earlier = known.items.into_iter().find(|upload| upload.name == name);
    match earlier {
        Some(upload) if upload.state == UploadState::Committed => return mark(engine, upload.id).await,
        Some(upload) if upload.state == UploadState::Running => {
            if let Some(job) = upload.job_id {
                follow::to_the_end(engine, job).await?;
                return mark(engine, upload.id).await;
            }
        }
        _ => {}
    }
    let kind = UploadKind::parse(kind).ok_or_else(|| format!("{kind} is not a kind of upload"))?;
    let given = Given {
        kind,
        name,
        mapping: None,
        options: Default::default(),
        dry_run: false,
    };
    say(&format!("Loading demo data: {file}"))?;
    let upload = import::file(engine, &folder.join(file), given).await?;
    mark(engine, upload.id).await
}

/// Says that it is demo data, so that all of it can be removed at once.
async fn mark(engine: &Engine, upload_id: i64) -> Result<(), Failure> {
    uploads::demo::mark(engine, &Actor::command_line(), upload_id)
        .await
        .map_err(explain)
}

async fn run_rfm(engine: &Engine) -> Result<(), Failure> {
    let new = NewRun {
        method: Method::Rfm,
        as_of: None,
        seed: 1,
        params: Default::default(),
    };
    let started = segments::start_run(engine, &Actor::command_line(), new)
        .await
        .map_err(explain)?;
    follow::to_the_end(engine, started.job_id).await?;
    Ok(())
}

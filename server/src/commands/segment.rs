//! `segment METHOD`: a segmentation run, from asking to its sizes.

use super::{explain, follow, with_engine};
use crate::cli::{Failure, say};
use crate::config::Settings;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use engine::auth::Actor;
use engine::segments;
use types::segments::{Method, NewRun};

#[derive(Args)]
pub struct Segment {
    #[arg(value_enum)]
    method: MethodName,
    /// The local date up to which facts count; absent: that of the latest fact.
    #[arg(long)]
    as_of: Option<NaiveDate>,
    #[arg(long, default_value_t = 1)]
    seed: i64,
    /// Parameters of the method, as a JSON object.
    #[arg(long, default_value = "{}")]
    params: String,
    /// Print the run as one line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum MethodName {
    Rfm,
    Kmeans,
    Kprototypes,
    Lifecycle,
}

impl From<MethodName> for Method {
    fn from(name: MethodName) -> Method {
        match name {
            MethodName::Rfm => Method::Rfm,
            MethodName::Kmeans => Method::Kmeans,
            MethodName::Kprototypes => Method::Kprototypes,
            MethodName::Lifecycle => Method::Lifecycle,
        }
    }
}

pub async fn run(settings: Settings, asked: Segment) -> Result<(), Failure> {
    let params =
        serde_json::from_str(&asked.params).map_err(|error| format!("--params is not a JSON object: {error}"))?;
    let new = NewRun {
        method: asked.method.into(),
        as_of: asked.as_of,
        seed: asked.seed,
        params,
    };
    with_engine(settings, async move |engine| {
        let actor = Actor::command_line();
        let started = segments::start_run(&engine, &actor, new).await.map_err(explain)?;
        follow::to_the_end(&engine, started.job_id).await?;
        let run = segments::get_run(&engine, &actor, started.run_id)
            .await
            .map_err(explain)?;
        if asked.json {
            return say(&serde_json::to_string(&run)?);
        }
        say(&format!(
            "Run {}: {} of {} customers",
            run.id, run.covered, run.customers
        ))?;
        for segment in &run.segments {
            say(&format!(
                "{:<22} {:>10} {:>6.1} %",
                segment.key,
                segment.size,
                segment.share * 100.0
            ))?;
        }
        Ok(())
    })
    .await
}

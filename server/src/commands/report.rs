//! `report NAME --output FILE`: the file that the page offers.

use super::{explain, with_engine};
use crate::cli::{Failure, say};
use crate::config::Settings;
use crate::files::{self, Form};
use app::i18n::Lang;
use clap::Args;
use engine::auth::Actor;
use std::path::PathBuf;

#[derive(Args)]
pub struct Report {
    /// campaigns, campaign, segments, portrait.
    name: String,
    /// Ends with .csv, .xlsx or .pdf, which says what is written.
    #[arg(long)]
    output: PathBuf,
    /// The query of the page, such as from=2026-01-01&to=2026-04-01. A document also reads lang=zh-CN.
    #[arg(long, default_value = "")]
    query: String,
}

pub async fn run(settings: Settings, asked: Report) -> Result<(), Failure> {
    let ending = asked
        .output
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    let form = Form::of(ending).map_err(explain)?;
    with_engine(settings, async move |engine| {
        let bytes = files::report(
            &engine,
            &Actor::command_line(),
            &asked.name,
            form,
            &asked.query,
            Lang::En,
        )
        .await
        .map_err(explain)?;
        tokio::fs::write(&asked.output, bytes).await?;
        say(&format!("Wrote {}", asked.output.display()))
    })
    .await
}

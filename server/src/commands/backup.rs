//! `backup` and `restore`: the database and the data folder as one folder, while nothing is being committed.

use super::{explain, with_engine};
use crate::cli::{Failure, say};
use crate::config::Settings;
use clap::Args;
use engine::auth::Actor;
use std::path::PathBuf;

#[derive(Args)]
pub struct Backup {
    /// A folder that is not there yet.
    #[arg(long)]
    output: PathBuf,
}

#[derive(Args)]
pub struct Restore {
    /// What `backup` wrote.
    #[arg(long)]
    input: PathBuf,
}

pub async fn write(settings: Settings, asked: Backup) -> Result<(), Failure> {
    with_engine(settings, async move |engine| {
        engine::backup::write_backup(&engine, &Actor::command_line(), &asked.output)
            .await
            .map_err(explain)?;
        say(&format!("Wrote {}", asked.output.display()))
    })
    .await
}

pub async fn restore(settings: Settings, asked: Restore) -> Result<(), Failure> {
    engine::backup::restore_backup(settings.engine, &asked.input)
        .await
        .map_err(explain)?;
    say("The installation is as it was when the backup was written.")
}

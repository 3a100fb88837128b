//! `warehouse verify|rebuild`: are the sealed files what PostgreSQL holds, and make them anew.

use super::{explain, follow, with_engine};
use crate::cli::{Failure, say};
use crate::config::Settings;
use clap::Subcommand;
use engine::auth::Actor;
use engine::sealing;

#[derive(Subcommand)]
pub enum Warehouse {
    /// Compare each sealed file with its checksum and with PostgreSQL. Data cannot change meanwhile.
    Verify,
    /// Make every sealed file anew from PostgreSQL and publish them as a new version.
    Rebuild,
}

pub async fn run(settings: Settings, asked: Warehouse) -> Result<(), Failure> {
    with_engine(settings, async move |engine| match asked {
        Warehouse::Verify => {
            let report = sealing::verify(&engine, &Actor::command_line())
                .await
                .map_err(explain)?;
            for problem in &report.problems {
                say(problem)?;
            }
            match report.problems.len() {
                0 => say(&format!("{} sealed files are what PostgreSQL holds.", report.files)),
                faults => Err(format!(
                    "{faults} faults in {} sealed files; run: silhouette warehouse rebuild",
                    report.files
                )
                .into()),
            }
        }
        Warehouse::Rebuild => {
            let job = sealing::jobs::start_rebuild(&engine, &Actor::command_line())
                .await
                .map_err(explain)?;
            follow::to_the_end(&engine, job).await?;
            say("The sealed files are made anew.")
        }
    })
    .await
}

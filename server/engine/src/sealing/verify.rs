//! Are the sealed files what PostgreSQL would seal now? Reads every file and seals every part again beside it.

use super::{all_parts, copy, lock_merges, store};
use crate::Engine;
use crate::auth::Actor;
use crate::error::Result;
use crate::queue::Progress;
use std::collections::BTreeMap;
use types::auth::Right;
use warehouse::schema::Table;

#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct VerifyReport {
    /// Files that were compared.
    pub files: u64,
    /// One sentence for each file that is not as it should be.
    pub problems: Vec<String>,
}

/// Compares each listed file with its checksum and with its select. Data cannot change meanwhile.
pub async fn verify(engine: &Engine, actor: &Actor) -> Result<VerifyReport> {
    actor.require(Right::Administer)?;
    let mut tx = engine.pool().begin().await?;
    lock_merges(&mut tx).await?;
    let mut report = VerifyReport::default();
    let mut listed = BTreeMap::new();
    for file in store::live_files(&mut tx).await? {
        let path = engine.warehouse().folder().join(&file.path);
        let found = tokio::task::spawn_blocking(move || warehouse::checksum(&path)).await?;
        report.files += 1;
        match found {
            Ok(found) if found == file.checksum => {}
            // The folder is a mirror: what is not here is fetched when it is needed.
            Err(_) if engine.warehouse().bucket().is_some() => {}
            Ok(_) => report
                .problems
                .push(format!("{} has other contents than when it was sealed.", file.path)),
            Err(error) => report.problems.push(format!("{} cannot be read: {error}.", file.path)),
        }
        listed.insert((file.table_name, file.part), (file.path, file.checksum));
    }
    report.problems.extend(super::bucket::faults(engine, &mut tx).await?);
    let beside = tempfile::Builder::new()
        .prefix("verify-")
        .tempdir_in(engine.config().spill_dir())?;
    let mut lines = BTreeMap::new();
    // Lines come before the orders that add them up.
    for (name, parts) in all_parts(&mut tx).await?.0 {
        let Some(table) = Table::of(name) else { continue };
        let sealed = copy::seal_parts(
            &mut tx,
            beside.path(),
            table,
            &parts,
            0,
            std::mem::take(&mut lines),
            &Progress::default(),
        )
        .await?;
        if name == "order_lines" {
            lines = sealed
                .iter()
                .map(|file| (file.part, beside.path().join(&file.path)))
                .collect();
        }
        for fresh in sealed {
            match listed.remove(&(fresh.table.clone(), fresh.part)) {
                Some((_, checksum)) if checksum == fresh.checksum => {}
                Some((path, _)) => report.problems.push(format!("{path} is not what PostgreSQL holds.")),
                None => report
                    .problems
                    .push(format!("Part {} of {} is not sealed.", fresh.part, fresh.table)),
            }
        }
    }
    for (path, _) in listed.into_values() {
        report
            .problems
            .push(format!("{path} has no rows in PostgreSQL any more."));
    }
    Ok(report)
}

//! `worker`, which runs jobs beside a server, and `migrate`.

use super::{explain, with_engine};
use crate::cli::{Failure, say};
use crate::config::Settings;
use engine::{Engine, queue};
use tokio::signal::unix::{SignalKind, signal};

pub async fn run(settings: Settings) -> Result<(), Failure> {
    let workers = settings.workers;
    with_engine(settings, async move |engine| {
        let handle = queue::start_workers(&engine, workers);
        say(&format!("Running jobs, {workers} at a time."))?;
        asked_to_stop().await?;
        handle.stop().await;
        Ok(())
    })
    .await
}

/// Opening the engine migrates; there is nothing more to do.
pub async fn migrate(settings: Settings) -> Result<(), Failure> {
    let engine = Engine::open(settings.engine).await.map_err(explain)?;
    engine.close().await;
    say("The tables are up to date.")
}

/// Waits for SIGTERM or SIGINT.
pub async fn asked_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

//! What each command does. A command opens the engine, acts as "command line", and leaves the private cluster again.

pub mod accounts;
pub mod backup;
pub mod demo;
pub mod follow;
pub mod import;
pub mod report;
pub mod segment;
pub mod serve;
pub mod warehouse;
pub mod worker;

use crate::cli::Failure;
use crate::config::Settings;
use engine::Engine;
use std::future::Future;
use tokio::signal::unix::{SignalKind, signal};

/// Does something with the engine and leaves it in order, also when it fails.
pub async fn with_engine<T, F>(settings: Settings, act: impl FnOnce(Engine) -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    outlive_full_disks();
    let engine = Engine::open(settings.engine).await.map_err(explain)?;
    let done = act(engine.clone()).await;
    engine.close().await;
    done
}

/// A file that reaches the size that the process may write sends a signal that ends it, unless somebody listens; then the write fails like
/// any other and is told to whoever waits for it.
fn outlive_full_disks() {
    const SIGXFSZ: i32 = 25;
    if let Err(error) = signal(SignalKind::from_raw(SIGXFSZ)) {
        tracing::warn!(%error, "a limit on file sizes would end this process");
    }
}

/// An engine's error as a line for whoever sits at the machine: they may see the cause.
pub fn explain(error: engine::Error) -> Failure {
    error.causes().into()
}

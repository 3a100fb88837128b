//! What the process says about itself: a log on standard error and figures for Prometheus. Neither carries data of customers: requests are
//! named by their route, never by their address.

use crate::config;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// Upper ends of the time buckets, in seconds: a page should take 50 ms, an analysis 300 ms.
const SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0];

static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts the log. `usual` is the filter when no setting names one: commands are quiet, the server is not.
pub fn start_log(usual: Option<&str>) {
    let chosen = match usual {
        Some(usual) if std::env::var_os("SILHOUETTE_LOG").is_none() => usual.to_owned(),
        _ => config::log_filter(),
    };
    let filter = EnvFilter::try_new(&chosen).unwrap_or_else(|_| EnvFilter::new("info"));
    // The first warns of each bar without length, the second would name who signs in, the third tells at each start that the tables
    // are there already: the notices of "create … if not exists".
    let quiet = ["usvg=error", "axum_login=info", "sqlx::postgres::notice=warn"]
        .iter()
        .filter_map(|directive| directive.parse().ok());
    let filter = quiet.fold(filter, EnvFilter::add_directive);
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second start in one process (tests) keeps the first log.
    let _ = log.try_init();
}

/// Starts counting; once per process.
pub fn start_figures() {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS);
    match builder.and_then(PrometheusBuilder::install_recorder) {
        Ok(handle) => {
            let _ = FIGURES.set(handle);
        }
        Err(error) => tracing::warn!(%error, "figures are not counted"),
    }
}

/// The figures as Prometheus reads them.
pub fn figures() -> String {
    FIGURES.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Folds old observations together, so that memory does not grow; runs as long as the process.
pub async fn keep_figures() {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if let Some(figures) = FIGURES.get() {
            figures.run_upkeep();
        }
    }
}

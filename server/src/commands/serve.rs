//! `serve`: pages, API and jobs in one process, until it is asked to stop.

use super::with_engine;
use super::worker::asked_to_stop;
use crate::cli::{Failure, say};
use crate::config::Settings;
use crate::router;
use crate::state::AppState;
use crate::telemetry;
use app::assets::Site;
use chrono::TimeDelta;
use engine::{Engine, auth, queue, uploads};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long requests may go on after the process was asked to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Files that arrived and that nobody went on with are kept so long.
const ABANDONED_AFTER: TimeDelta = TimeDelta::days(7);

pub async fn run(settings: Settings) -> Result<(), Failure> {
    telemetry::start_figures();
    let given = settings.clone();
    with_engine(settings, async move |engine| serve(engine, given).await).await
}

async fn serve(engine: Engine, settings: Settings) -> Result<(), Failure> {
    let listener = TcpListener::bind(settings.addr)
        .await
        .map_err(|error| format!("SILHOUETTE_ADDR: {} cannot be listened on: {error}", settings.addr))?;
    let address = listener.local_addr()?;
    let (stop, stopping) = watch::channel(false);
    let workers = queue::start_workers(&engine, settings.workers);
    let upkeep = [
        tokio::spawn(telemetry::keep_figures()),
        tokio::spawn(clear_up(engine.clone())),
    ];
    let shown = settings
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let code = auth::issue_setup_code(&engine).await.map_err(super::explain)?;
    let site = Site::read(&settings.site_root);
    let state = AppState {
        engine,
        settings: Arc::new(settings),
        site,
        stopping,
    };
    let service = router::router(state).into_make_service_with_connect_info::<SocketAddr>();
    let mut last = stop.subscribe();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = last.wait_for(|stop| *stop).await;
    });
    let server = tokio::spawn(async move { server.await });
    say(&format!("Silhouette is at {shown}"))?;
    if let Some(code) = code {
        say(&format!("There is no administrator yet. The one-time code is {code}"))?;
    }

    asked_to_stop().await?;
    tracing::info!("stopping: no new requests, jobs give way");
    stop.send_replace(true);
    let abort = server.abort_handle();
    if tokio::time::timeout(LAST_REQUESTS, server).await.is_err() {
        tracing::warn!("some requests were cut off");
        abort.abort();
    }
    workers.stop().await;
    upkeep.iter().for_each(|task| task.abort());
    Ok(())
}

/// At the start and once a day: removes what nobody will come back for.
async fn clear_up(engine: Engine) {
    loop {
        match uploads::clean_abandoned(&engine, ABANDONED_AFTER).await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "abandoned uploads were removed"),
            Err(error) => tracing::warn!(error = %error.causes(), "abandoned uploads could not be removed"),
        }
        tokio::time::sleep(Duration::from_secs(24 * 60 * 60)).await;
    }
}

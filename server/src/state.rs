//! What every handler may reach: the engine, the settings of the process, the built site, and the sign that the process is stopping.

use crate::config::Settings;
use app::assets::Site;
use engine::Engine;
use std::sync::Arc;
use tokio::sync::watch;

#[derive(Clone)]
pub struct AppState {
    pub engine: Engine,
    pub settings: Arc<Settings>,
    pub site: Site,
    /// Turns true once: streams without an end must end then.
    pub stopping: watch::Receiver<bool>,
}

impl axum::extract::FromRef<AppState> for Engine {
    fn from_ref(state: &AppState) -> Engine {
        state.engine.clone()
    }
}

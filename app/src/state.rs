//! What every handler can reach: the engine and the built site.

use crate::assets::Site;
use engine::Engine;

/// Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub engine: Engine,
    pub site: Site,
}

impl AppState {
    pub fn new(engine: Engine, site: Site) -> AppState {
        AppState { engine, site }
    }
}

//! The newest published version, opened once and shared by everybody who asks.

use super::{Stamp, spec, store};
use crate::Engine;
use crate::error::Result;
use std::sync::Arc;
use tokio::sync::Mutex;
use warehouse::Snapshot;

#[derive(Default)]
pub struct SnapshotCache {
    open: Mutex<Option<Arc<Snapshot>>>,
}

impl SnapshotCache {
    /// Asks PostgreSQL which version is the newest, and opens it when it is not the one at hand.
    pub async fn newest(&self, engine: &Engine) -> Result<Arc<Snapshot>> {
        let Stamp {
            version, data_as_of, ..
        } = store::newest(engine.pool()).await?;
        let mut open = self.open.lock().await;
        if let Some(snapshot) = open.as_ref()
            && snapshot.version() >= version
        {
            return Ok(snapshot.clone());
        }
        let spec = spec(engine, version, data_as_of).await?;
        engine.warehouse().fetch(&spec.files).await?;
        let warehouse = engine.warehouse().clone();
        let snapshot = Arc::new(tokio::task::spawn_blocking(move || warehouse.open(spec)).await??);
        snapshot.forget_others()?;
        *open = Some(snapshot.clone());
        Ok(snapshot)
    }
}

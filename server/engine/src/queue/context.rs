//! What a running job holds: its arguments, its progress, its lease.

use super::store;
use crate::Engine;
use crate::auth::Actor;
use crate::error::{Error, Result};
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use types::jobs::Job;
use uuid::Uuid;

/// Says how far a job is. Cheap, and callable from any thread: the lease task writes it to the row twice a second.
#[derive(Clone, Default)]
pub struct Progress {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    step: Mutex<Option<String>>,
    done: AtomicI64,
    total: AtomicI64,
    stop: AtomicBool,
}

impl Progress {
    /// Begins a step; `total` is 0 when it is not known.
    pub fn step(&self, step: &str, total: i64) {
        if let Ok(mut held) = self.shared.step.lock() {
            *held = Some(step.to_owned());
        }
        self.shared.total.store(total, Ordering::Relaxed);
        self.shared.done.store(0, Ordering::Relaxed);
    }

    /// So much of the step is done, from its beginning.
    pub fn advance(&self, done: i64) {
        self.shared.done.store(done, Ordering::Relaxed);
    }

    /// Sets step, done and total at once.
    pub fn report(&self, step: &str, done: i64, total: i64) {
        self.step(step, total);
        self.advance(done);
    }

    /// Somebody asked the job to stop, or its lease is lost: stop between two chunks with `Error::Cancelled`.
    pub fn is_cancelled(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> (Option<String>, i64, i64) {
        let step = self.shared.step.lock().ok().and_then(|held| held.clone());
        (
            step,
            self.shared.done.load(Ordering::Relaxed),
            self.shared.total.load(Ordering::Relaxed),
        )
    }
}

pub struct JobContext {
    pub engine: Engine,
    pub job: Job,
    /// Who asked, with the rights that they have now.
    pub actor: Actor,
    pub(super) args: serde_json::Value,
    pub(super) token: Uuid,
    pub(super) progress: Progress,
}

impl JobContext {
    pub fn args<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(T::deserialize(&self.args)?)
    }

    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    pub fn step(&self, step: &str, total: i64) {
        self.progress.step(step, total);
    }

    pub fn advance(&self, done: i64) {
        self.progress.advance(done);
    }

    pub fn is_cancelled(&self) -> bool {
        self.progress.is_cancelled()
    }

    /// `Err(Cancelled)` once somebody asked the job to stop.
    pub fn check_cancelled(&self) -> Result<()> {
        if self.is_cancelled() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// The last thing before a commit: fails when another worker has taken the job over or somebody cancelled it. The row stays locked until
    /// the transaction ends, so nobody can take the job over in between.
    pub async fn fence(&self, tx: &mut PgConnection) -> Result<()> {
        match store::lock_held(tx, self.job.id, self.token).await? {
            None => Err(Error::Conflict("Another worker has taken this job over.".into())),
            Some(held) if held.cancel_requested => Err(Error::Cancelled),
            Some(_) => Ok(()),
        }
    }
}

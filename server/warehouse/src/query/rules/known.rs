//! Who passes a condition, kept for the next keystroke: one set of customers per version, day and condition. Bounded; the longest unused
//! goes first.

use super::bits::Bits;
use crate::error::{Error, Result};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;

/// Bytes of sets that are kept: some five hundred of a million customers.
const MOST_BYTES: usize = 64 << 20;
/// Conditions that somebody asked for and did not wait for leave an empty place; so many may gather before they are swept.
const MOST_EMPTY: usize = 1_024;

/// A condition of one version of the data at one day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) version: i64,
    pub(super) day: i32,
    pub(super) condition: String,
}

#[derive(Default)]
pub(crate) struct Known {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    entries: HashMap<Key, Entry>,
    looks: u64,
    bytes: usize,
}

struct Entry {
    cell: Arc<OnceCell<Bits>>,
    looked_at: u64,
    /// 0 until it is known.
    bytes: usize,
}

impl Known {
    fn lock(&self) -> Result<std::sync::MutexGuard<'_, Held>> {
        self.held
            .lock()
            .map_err(|_| Error::Ended("the conditions kept in memory are broken".to_owned()))
    }

    /// The set, found out when it is not known. Two who ask the same at the same time wait for one answer; a failure is not kept.
    pub(super) async fn get(&self, key: Key, find: impl Future<Output = Result<Bits>>) -> Result<Bits> {
        let cell = {
            let mut held = self.lock()?;
            held.looks += 1;
            let looks = held.looks;
            if held.entries.len() > MOST_EMPTY + MOST_BYTES / 1_024 {
                held.entries
                    .retain(|_, entry| entry.bytes > 0 || Arc::strong_count(&entry.cell) > 1);
            }
            let entry = held.entries.entry(key.clone()).or_insert_with(|| Entry {
                cell: Arc::default(),
                looked_at: looks,
                bytes: 0,
            });
            entry.looked_at = looks;
            entry.cell.clone()
        };
        if let Some(bits) = cell.get() {
            return Ok(bits.clone());
        }
        let found = cell.get_or_try_init(|| find).await.cloned();
        let mut held = self.lock()?;
        match &found {
            Ok(bits) => held.keep(&key, bits.bytes()),
            // Nobody waits for it any more, so that nothing is left of it.
            Err(_) if Arc::strong_count(&cell) <= 2 => {
                held.entries.remove(&key);
            }
            Err(_) => {}
        }
        found
    }

    pub(crate) fn forget_others(&self, version: i64) -> Result<()> {
        let mut held = self.lock()?;
        held.entries.retain(|key, _| key.version >= version);
        held.bytes = held.entries.values().map(|entry| entry.bytes).sum();
        Ok(())
    }
}

impl Held {
    fn keep(&mut self, key: &Key, bytes: usize) {
        match self.entries.get_mut(key) {
            Some(entry) if entry.bytes == 0 => entry.bytes = bytes,
            _ => return,
        }
        self.bytes += bytes;
        while self.bytes > MOST_BYTES {
            let oldest = self
                .entries
                .iter()
                .filter(|(other, entry)| entry.bytes > 0 && *other != key)
                .min_by_key(|(_, entry)| entry.looked_at)
                .map(|(key, _)| key.clone());
            match oldest.and_then(|oldest| self.entries.remove(&oldest)) {
                Some(entry) => self.bytes -= entry.bytes,
                None => return,
            }
        }
    }
}

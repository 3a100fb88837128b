//! Columns of sealed files that are asked for at every keystroke, kept in memory as plain numbers. A sealed file never changes, so a column
//! of it stays true as long as the file is in use; a new version reads only the files that are new. Memory is taken from the same pool as
//! that of queries; what was not used for longest goes first.

pub(crate) mod column;
mod lines;
mod read;
pub(crate) mod source;

pub(crate) use column::Column;
pub(crate) use source::Source;

use crate::error::{Error, Result};
use crate::snapshot::Snapshot;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::{OnceCell, Semaphore};

/// A column of a file; `beside` names what else its values depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub table: &'static str,
    pub path: PathBuf,
    pub source: Source,
    pub beside: Option<PathBuf>,
}

pub(crate) struct Resident {
    held: Mutex<Held>,
    /// Files that are read at a time.
    reading: Semaphore,
    most_bytes: usize,
    /// The first and the last moment in a file, from its footer.
    spans: Mutex<HashMap<PathBuf, Option<(i64, i64)>>>,
}

struct Held {
    entries: HashMap<Key, Entry>,
    /// Counts look-ups, to know what was not used for longest.
    looks: u64,
    reservation: MemoryReservation,
    bytes: usize,
}

struct Entry {
    cell: Arc<OnceCell<Arc<Column>>>,
    looked_at: u64,
    /// 0 until it is read.
    bytes: usize,
}

impl Resident {
    pub(crate) fn new(pool: &Arc<dyn MemoryPool>, most_bytes: usize, threads: usize) -> Resident {
        Resident {
            held: Mutex::new(Held {
                entries: HashMap::new(),
                looks: 0,
                reservation: MemoryConsumer::new("columns in memory").register(pool),
                bytes: 0,
            }),
            reading: Semaphore::new(threads.max(1)),
            most_bytes,
            spans: Mutex::default(),
        }
    }

    /// The first and the last moment of a column in a file; `None` when the file does not say.
    pub(crate) fn span(&self, path: &PathBuf, column: &str) -> Result<Option<(i64, i64)>> {
        let broken = |_| Error::Ended("the spans of files are broken".to_owned());
        if let Some(span) = self.spans.lock().map_err(broken)?.get(path) {
            return Ok(*span);
        }
        let span = read::span(path, column)?;
        self.spans
            .lock()
            .map_err(|_| Error::Ended("the spans of files are broken".to_owned()))?
            .insert(path.clone(), span);
        Ok(span)
    }

    /// The column, read when it is not at hand. Must be called on the warehouse's threads. Reading goes on when the caller goes away,
    /// so that somebody who types faster than files are read gets an answer in the end.
    pub(crate) async fn get(snapshot: &Snapshot, key: Key) -> Result<Arc<Column>> {
        let this = snapshot.warehouse().resident.clone();
        let cell = this.cell(&key)?;
        if let Some(column) = cell.get() {
            return Ok(column.clone());
        }
        let snapshot = snapshot.clone();
        let reading = tokio::spawn(async move {
            let column = cell
                .get_or_try_init(|| async {
                    // What is needed may itself wait for a turn.
                    let needed = source::prepare(&snapshot, &key).await?;
                    let _turn = this
                        .reading
                        .acquire()
                        .await
                        .map_err(|closed| Error::Ended(closed.to_string()))?;
                    let of = key.clone();
                    let column = tokio::task::spawn_blocking(move || read::column(&of, &needed))
                        .await
                        .map_err(|ended| Error::Ended(ended.to_string()))??;
                    this.keep(&key, column.bytes())?;
                    Ok::<_, Error>(Arc::new(column))
                })
                .await?;
            Ok(column.clone())
        });
        reading.await.map_err(|ended| Error::Ended(ended.to_string()))?
    }

    /// As [`Resident::get`], for what is read on the way to another column.
    fn before<'a>(snapshot: &'a Snapshot, key: Key) -> BoxFuture<'a, Result<Arc<Column>>> {
        Box::pin(Resident::get(snapshot, key))
    }

    fn lock(&self) -> Result<std::sync::MutexGuard<'_, Held>> {
        self.held
            .lock()
            .map_err(|_| Error::Ended("the columns in memory are broken".to_owned()))
    }

    fn cell(&self, key: &Key) -> Result<Arc<OnceCell<Arc<Column>>>> {
        let mut held = self.lock()?;
        held.looks += 1;
        let looks = held.looks;
        if let Some(entry) = held.entries.get_mut(key) {
            entry.looked_at = looks;
            return Ok(entry.cell.clone());
        }
        let cell = Arc::new(OnceCell::new());
        held.entries.insert(
            key.clone(),
            Entry {
                cell: cell.clone(),
                looked_at: looks,
                bytes: 0,
            },
        );
        Ok(cell)
    }

    /// Takes memory for a column that was read; lets others go when there is none.
    fn keep(&self, key: &Key, bytes: usize) -> Result<()> {
        let mut held = self.lock()?;
        loop {
            let fits = held.bytes + bytes <= self.most_bytes;
            let full = match fits.then(|| held.reservation.try_grow(bytes)) {
                Some(Ok(())) => break,
                Some(Err(full)) => full.to_string(),
                None => format!("{} bytes of columns are held already", held.bytes),
            };
            let oldest = held
                .entries
                .iter()
                .filter(|(_, entry)| entry.bytes > 0)
                .min_by_key(|(_, entry)| entry.looked_at)
                .map(|(key, entry)| (key.clone(), entry.bytes));
            let Some((oldest, freed)) = oldest else {
                return Err(Error::TooLarge(full));
            };
            held.entries.remove(&oldest);
            held.bytes -= freed;
            held.reservation.shrink(freed);
        }
        held.bytes += bytes;
        match held.entries.get_mut(key) {
            Some(entry) => entry.bytes = bytes,
            // Forgotten while it was read: the caller still gets it, nobody else will.
            None => {
                held.bytes -= bytes;
                held.reservation.shrink(bytes);
            }
        }
        Ok(())
    }

    /// Lets go of the columns of files that no version in use has.
    pub(crate) fn forget_files(&self, in_use: impl Fn(&PathBuf) -> bool) -> Result<()> {
        let mut held = self.lock()?;
        let gone: Vec<(Key, usize)> = held
            .entries
            .iter()
            .filter(|(key, _)| !in_use(&key.path) || key.beside.as_ref().is_some_and(|beside| !in_use(beside)))
            .map(|(key, entry)| (key.clone(), entry.bytes))
            .collect();
        for (key, bytes) in gone {
            held.entries.remove(&key);
            held.bytes -= bytes;
            held.reservation.shrink(bytes);
        }
        drop(held);
        if let Ok(mut spans) = self.spans.lock() {
            spans.retain(|path, _| in_use(path));
        }
        Ok(())
    }

    /// Bytes that are held.
    pub(crate) fn bytes(&self) -> usize {
        self.held.lock().map_or(0, |held| held.bytes)
    }
}

//! When sealed files are kept in a bucket, the local folder is a mirror: what is sealed here goes there before anybody lists it, and what is
//! listed and not here is fetched. Without a bucket there is nothing to do.

use crate::bucket::{Bucket, Shelf, checksum_of};
use crate::catalogue::FileRef;
use crate::error::{Error, Result};
use crate::file::SealedFile;
use crate::snapshot::Warehouse;
use futures::{StreamExt, TryStreamExt};
use std::path::PathBuf;

/// Files that are under way at a time.
const FILES_AT_ONCE: usize = 4;

impl Warehouse {
    /// Where sealed files are kept when not in the local folder.
    pub fn bucket(&self) -> Option<&Bucket> {
        self.config.bucket.as_ref()
    }

    /// Where a file lies here.
    pub fn place(&self, shelf: Shelf, path: &str) -> PathBuf {
        match shelf {
            Shelf::Sealed => self.config.folder.join(path),
            Shelf::Runs => self.config.runs_folder.join(path),
        }
    }

    /// Brings files that are complete here into the bucket. Only then may they be listed.
    pub async fn keep(&self, shelf: Shelf, files: &[SealedFile]) -> Result<()> {
        let files = files.iter().map(|file| (file.path.clone(), file.checksum.clone()));
        self.put_all(shelf, files.collect()).await
    }

    /// As [`Warehouse::keep`], of pairs of path and checksum.
    pub async fn put_all(&self, shelf: Shelf, files: Vec<(String, String)>) -> Result<()> {
        let Some(bucket) = self.bucket() else {
            return Ok(());
        };
        let sends = files.into_iter().map(|(path, checksum)| {
            let (bucket, file) = (bucket.clone(), self.place(shelf, &path));
            async move { bucket.put(shelf, &path, &file, &checksum).await }
        });
        futures::stream::iter(sends)
            .buffer_unordered(FILES_AT_ONCE)
            .try_collect()
            .await
    }

    /// Fetches those of the listed files that are not here in their full size.
    pub async fn fetch(&self, files: &[FileRef]) -> Result<()> {
        if self.bucket().is_none() {
            return Ok(());
        }
        let wanted = files
            .iter()
            .map(|file| (file.path.clone(), Some(file.bytes), file.checksum.clone()));
        self.fetch_all(Shelf::Sealed, wanted.collect()).await
    }

    /// Fetches the labels of a run when they are not here. Their name holds the beginning of their checksum.
    pub async fn fetch_labels(&self, labels_path: &str) -> Result<()> {
        if self.bucket().is_none() {
            return Ok(());
        }
        let checksum = checksum_of(labels_path).ok_or_else(|| Error::SealedFile {
            path: PathBuf::from(labels_path),
            problem: "has a name that no labels have".to_owned(),
        })?;
        let wanted = (labels_path.to_owned(), None, checksum.to_owned());
        self.fetch_all(Shelf::Runs, vec![wanted]).await
    }

    async fn fetch_all(&self, shelf: Shelf, wanted: Vec<(String, Option<u64>, String)>) -> Result<()> {
        let Some(bucket) = self.bucket() else {
            return Ok(());
        };
        let this = self.clone();
        let missing = tokio::task::spawn_blocking(move || {
            let is_missing = |path: &str, bytes: Option<u64>| match std::fs::metadata(this.place(shelf, path)) {
                Ok(found) => bytes.is_some_and(|bytes| bytes != found.len()),
                Err(_) => true,
            };
            let mut wanted = wanted;
            wanted.retain(|(path, bytes, _)| is_missing(path, *bytes));
            wanted
        })
        .await
        .map_err(|error| Error::Ended(error.to_string()))?;
        if missing.is_empty() {
            return Ok(());
        }
        tracing::info!(files = missing.len(), bucket = %bucket.url(), "fetching sealed files that are not here");
        let fetches = missing.into_iter().map(|(path, _, checksum)| {
            let (bucket, target) = (bucket.clone(), self.place(shelf, &path));
            async move { bucket.fetch(shelf, &path, &target, &checksum).await }
        });
        futures::stream::iter(fetches)
            .buffer_unordered(FILES_AT_ONCE)
            .try_collect()
            .await
    }
}

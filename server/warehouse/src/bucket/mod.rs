//! Sealed files in an S3-compatible bucket: there they are kept, and the local folder is a mirror that may be lost. This module knows keys,
//! sizes and checksums. It must not know what is in a file or which files the catalogue lists. Who may enter the bucket is said by the usual
//! variables (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, …); they are never part of a message.

mod pieces;
mod place;

pub(crate) use place::checksum_of;
pub use place::{BucketUrl, Shelf, is_ours};

use crate::error::{Error, Result};
use futures::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Key;
use object_store::{BackoffConfig, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, WriteMultipart};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// A file of more bytes is sent in parts of so many.
const PART_BYTES: u64 = 8 << 20;
/// The protocol allows 10,000 parts.
const MOST_PARTS: u64 = 9_000;
/// Parts of one file that are under way at a time.
const PARTS_AT_ONCE: usize = 2;
/// Says whose the place is.
const OWNER: &str = "installation";

/// An object as [`Bucket::look`] found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub checksum: String,
}

/// A place in a bucket. Cheap to clone.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    url: BucketUrl,
}

impl fmt::Debug for Bucket {
    // The store knows secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({})", self.url)
    }
}

impl Bucket {
    /// Prepares to speak to the bucket, as the environment says; nothing is sent yet.
    pub fn open(url: BucketUrl) -> Result<Bucket> {
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(2),
                base: 2.0,
            },
            max_retries: 4,
            retry_timeout: Duration::from_secs(60),
        };
        let builder = AmazonS3Builder::from_env()
            .with_bucket_name(url.bucket())
            .with_retry(retry);
        let endpoint = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint];
        if endpoint
            .iter()
            .filter_map(|key| builder.get_config_value(key))
            .any(|endpoint| !is_web_address(&endpoint))
        {
            return Err(Error::Bucket {
                place: url.to_string(),
                problem: "cannot be used: AWS_ENDPOINT is written https://host or http://host:port".to_owned(),
            });
        }
        match builder.build() {
            Ok(store) => Ok(Bucket::over(Arc::new(store), url)),
            Err(error) => Err(refused(&url, "cannot be used", &error)),
        }
    }

    pub(crate) fn over(store: Arc<dyn ObjectStore>, url: BucketUrl) -> Bucket {
        Bucket { store, url }
    }

    pub fn url(&self) -> &BucketUrl {
        &self.url
    }

    /// Takes the place for an installation and leaves a note that says so. Refuses a place that another installation uses, or that holds
    /// anything else, because what nobody lists is removed here.
    pub async fn claim(&self, owner: &str) -> Result<()> {
        let note = self.url.key(OWNER);
        match self.store.get(&note).await {
            Ok(found) => {
                let said = found.bytes().await.map_err(self.failed("cannot be read"))?;
                if said.as_ref() == owner.as_bytes() {
                    return Ok(());
                }
                Err(self.refuse("belongs to another installation; choose another prefix"))
            }
            Err(object_store::Error::NotFound { .. }) => {
                let anything = self.store.list(self.url.prefix().as_ref()).next().await;
                if anything.transpose().map_err(self.failed("cannot be listed"))?.is_some() {
                    return Err(self.refuse("holds other files already; choose an empty prefix"));
                }
                let payload = PutPayload::from(owner.to_owned().into_bytes());
                self.store
                    .put(&note, payload)
                    .await
                    .map_err(self.failed("cannot be written"))?;
                Ok(())
            }
            Err(error) => Err(self.failed("cannot be read")(error)),
        }
    }

    /// Sends a local file. One whose contents are not what the checksum says is refused, and nothing of it can be seen in the bucket.
    pub async fn put(&self, shelf: Shelf, path: &str, file: &Path, checksum: &str) -> Result<()> {
        let key = self.url.key_of(shelf, path)?;
        let bytes = tokio::fs::metadata(file)
            .await
            .map_err(Error::io(format!("reading {}", file.display())))?
            .len();
        let part = PART_BYTES.max(bytes.div_ceil(MOST_PARTS));
        let (send, mut parts) = mpsc::channel(1);
        let source = file.to_owned();
        let reading = tokio::task::spawn_blocking(move || pieces::read(&source, part, &send));
        let first = parts.recv().await.unwrap_or_default();
        let Some(mut next) = parts.recv().await else {
            self.same(file, &reading.await.map_err(ended)??, checksum)?;
            let sent = self.store.put(&key, PutPayload::from(first)).await;
            return sent.map(drop).map_err(self.failed("cannot be written"));
        };
        let upload = self.store.put_multipart(&key).await;
        let upload = upload.map_err(self.failed("cannot be written"))?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, usize::try_from(part).unwrap_or(usize::MAX));
        upload.put(first);
        let sent = loop {
            if let Err(error) = upload.wait_for_capacity(PARTS_AT_ONCE).await {
                break Err(self.failed("cannot be written")(error));
            }
            upload.put(next);
            match parts.recv().await {
                Some(part) => next = part,
                None => break Ok(()),
            }
        };
        drop(parts);
        let read = reading.await.map_err(ended)?;
        match sent.and(read).and_then(|found| self.same(file, &found, checksum)) {
            Ok(()) => {
                let done = upload.finish().await;
                done.map(drop).map_err(self.failed("cannot be written"))
            }
            Err(error) => {
                // When even this fails, the bucket's rules for parts that belong to nothing remove them.
                let _ = upload.abort().await;
                Err(error)
            }
        }
    }

    /// Brings an object here: under a name of its own until it is complete, compared and on disk. `checksum` may be the beginning of one, as
    /// the names of files hold it.
    pub async fn fetch(&self, shelf: Shelf, path: &str, target: &Path, checksum: &str) -> Result<()> {
        let key = self.url.key_of(shelf, path)?;
        let (send, receive) = mpsc::channel(1);
        let (to, expected) = (target.to_owned(), checksum.to_owned());
        let writing = tokio::task::spawn_blocking(move || pieces::write(&to, &expected, receive));
        let sent = self.read(&key, &send).await;
        drop(send);
        let written = writing.await.map_err(ended)?;
        match sent {
            Ok(Some(_)) => written,
            Ok(None) => Err(Error::SealedFile {
                path: target.to_owned(),
                problem: format!(
                    "is neither here nor in {}; run `silhouette warehouse rebuild`",
                    self.url
                ),
            }),
            Err(error) => Err(error),
        }
    }

    /// Reads an object to its end; `None` when it is not there.
    pub async fn look(&self, shelf: Shelf, path: &str) -> Result<Option<Found>> {
        let key = self.url.key_of(shelf, path)?;
        let (send, receive) = mpsc::channel(1);
        let hashing = tokio::task::spawn_blocking(move || pieces::hash(receive));
        let sent = self.read(&key, &send).await;
        drop(send);
        let checksum = hashing.await.map_err(ended)?;
        Ok(sent?.map(|bytes| Found { bytes, checksum }))
    }

    /// Removes an object; one that is not there is removed.
    pub async fn remove(&self, shelf: Shelf, path: &str) -> Result<()> {
        match self.store.delete(&self.url.key_of(shelf, path)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed("cannot be cleared up")(error)),
        }
    }

    /// Sizes of all sealed files that are there. Other objects are not ours and are passed over.
    pub async fn list(&self) -> Result<BTreeMap<(Shelf, String), u64>> {
        let mut found = BTreeMap::new();
        let mut objects = self.store.list(self.url.prefix().as_ref());
        while let Some(object) = objects.try_next().await.map_err(self.failed("cannot be listed"))? {
            if let Some(place) = self.url.place_of(&object.location) {
                found.insert(place, object.size);
            }
        }
        Ok(found)
    }

    /// Hands the object over in pieces; its size, or `None` when it is not there. Each piece is a request of its own, so that none lasts long.
    async fn read(&self, key: &Key, send: &mpsc::Sender<bytes::Bytes>) -> Result<Option<u64>> {
        let size = match self.store.head(key).await {
            Ok(found) => found.size,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(self.failed("cannot be read")(error)),
        };
        let ranges = (0..size.div_ceil(PART_BYTES)).map(|at| at * PART_BYTES..((at + 1) * PART_BYTES).min(size));
        let mut parts = futures::stream::iter(ranges)
            .map(|range| {
                let (store, key) = (self.store.clone(), key.clone());
                async move { store.get_range(&key, range).await }
            })
            .buffered(PARTS_AT_ONCE);
        while let Some(part) = parts.try_next().await.map_err(self.failed("cannot be read"))? {
            // The other side has a reason of its own, which it tells.
            if send.send(part).await.is_err() {
                break;
            }
        }
        Ok(Some(size))
    }

    fn same(&self, file: &Path, found: &str, checksum: &str) -> Result<()> {
        if found == checksum {
            return Ok(());
        }
        Err(Error::SealedFile {
            path: file.to_owned(),
            problem: "has other contents than when it was sealed; run `silhouette warehouse rebuild`".to_owned(),
        })
    }

    fn refuse(&self, problem: &str) -> Error {
        Error::Bucket {
            place: self.url.to_string(),
            problem: problem.to_owned(),
        }
    }

    fn failed(&self, what: &'static str) -> impl FnOnce(object_store::Error) -> Error + use<> {
        let url = self.url.clone();
        move |error| refused(&url, what, &error)
    }
}

fn refused(url: &BucketUrl, what: &str, error: &object_store::Error) -> Error {
    Error::Bucket {
        place: url.to_string(),
        problem: format!("{what}: {}", reason(error)),
    }
}

/// Why, in a few words. An answer of the server may repeat the request, so that only its first words are said.
fn reason(error: &object_store::Error) -> String {
    match error {
        object_store::Error::NotFound { .. } => "it does not exist".to_owned(),
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            "access is denied; look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned()
        }
        other => {
            let mut root: &dyn std::error::Error = other;
            while let Some(cause) = root.source() {
                root = cause;
            }
            let text = root.to_string();
            let first = text.split(['<', '\n']).next().unwrap_or_default();
            if first.contains("status code: 404") {
                return "it does not exist".to_owned();
            }
            if first.contains("scheme is not allowed") {
                return "AWS_ENDPOINT is not https://, which AWS_ALLOW_HTTP=true allows".to_owned();
            }
            first.trim_end_matches([' ', ':']).chars().take(160).collect()
        }
    }
}

/// Scheme and host, without a person or a secret.
fn is_web_address(endpoint: &str) -> bool {
    let rest = endpoint
        .strip_prefix("https://")
        .or_else(|| endpoint.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with(['/', ':', '?'])
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_:/~".contains(&byte))
    })
}

fn ended(error: tokio::task::JoinError) -> Error {
    Error::Ended(error.to_string())
}

#[cfg(test)]
mod tests;

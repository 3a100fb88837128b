//! Names in a bucket: what `s3://bucket/prefix` may say, and the key of each file below it. A name that could lead anywhere else is refused.

use crate::error::{Error, Result};
use object_store::path::Path as Key;
use std::fmt;
use std::path::PathBuf;

/// `s3://bucket/prefix`; the prefix may be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketUrl {
    bucket: String,
    /// Without slashes at its ends.
    prefix: String,
}

/// What a file is for; each kind has a folder of its own, here and in the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Files that the catalogue lists.
    Sealed,
    /// Labels of segmentation runs.
    Runs,
}

impl Shelf {
    fn folder(self) -> &'static str {
        match self {
            Shelf::Sealed => "warehouse",
            Shelf::Runs => "runs",
        }
    }
}

impl fmt::Display for BucketUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        if self.prefix.is_empty() {
            return Ok(());
        }
        write!(f, "/{}", self.prefix)
    }
}

impl BucketUrl {
    /// The reason is a sentence without its subject.
    pub fn parse(url: &str) -> Result<BucketUrl, &'static str> {
        let rest = url.strip_prefix("s3://").ok_or("is written s3://bucket/prefix")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let fits = (3..=63).contains(&bucket.len()) && bucket.starts_with(|first: char| first.is_ascii_alphanumeric());
        if !fits || !is_plain(bucket) {
            return Err("names a bucket with 3 to 63 letters, digits, dots and hyphens: s3://bucket/prefix");
        }
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        if !prefix.is_empty() && !prefix.split('/').all(is_plain) {
            return Err(
                "has a prefix of letters, digits, dots, hyphens and underscores between slashes: s3://bucket/prefix",
            );
        }
        Ok(BucketUrl {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }

    pub(super) fn bucket(&self) -> &str {
        &self.bucket
    }

    pub(super) fn prefix(&self) -> Option<Key> {
        (!self.prefix.is_empty()).then(|| Key::from(self.prefix.as_str()))
    }

    pub(super) fn key(&self, name: &str) -> Key {
        match self.prefix.as_str() {
            "" => Key::from(name),
            prefix => Key::from(format!("{prefix}/{name}")),
        }
    }

    pub(super) fn key_of(&self, shelf: Shelf, path: &str) -> Result<Key> {
        if !is_ours(path) {
            return Err(Error::SealedFile {
                path: PathBuf::from(path),
                problem: "has a name that no sealed file has".to_owned(),
            });
        }
        Ok(self.key(&format!("{}/{path}", shelf.folder())))
    }

    /// Which file an object is; `None` when it is not one of ours.
    pub(super) fn place_of(&self, key: &Key) -> Option<(Shelf, String)> {
        let mut rest = key.as_ref();
        if !self.prefix.is_empty() {
            rest = rest.strip_prefix(self.prefix.as_str())?.strip_prefix('/')?;
        }
        let (folder, path) = rest.split_once('/')?;
        let shelf = [Shelf::Sealed, Shelf::Runs]
            .into_iter()
            .find(|shelf| shelf.folder() == folder)?;
        is_ours(path).then(|| (shelf, path.to_owned()))
    }
}

/// Letters that mean nothing to anybody, and not a step up.
fn is_plain(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Whether a path relative to its folder is one that we give: `table/pPART-vVERSION-CHECKSUM.parquet`.
pub fn is_ours(path: &str) -> bool {
    let Some((table, file)) = path.split_once('/') else {
        return false;
    };
    is_plain(table) && is_plain(file) && checksum_of(path).is_some()
}

/// The beginning of the checksum that the name of a sealed file holds.
pub(crate) fn checksum_of(path: &str) -> Option<&str> {
    let (rest, checksum) = path.strip_suffix(".parquet")?.rsplit_once('-')?;
    let (part, version) = rest.rsplit_once('/')?.1.strip_prefix('p')?.rsplit_once("-v")?;
    let digits = checksum.len() == 12 && checksum.bytes().all(|byte| byte.is_ascii_hexdigit());
    (digits && part.parse::<i32>().is_ok() && version.parse::<i64>().is_ok()).then_some(checksum)
}

//! The blocking side of a transfer: a file becomes pieces, pieces become a file, and what goes by is hashed. Runs on threads that may wait.

use crate::error::{Error, Result};
use crate::file::{sync_folder, unused_name};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use tokio::sync::mpsc;

/// Hands over pieces of exactly `size` bytes, the last may be shorter; the checksum of all.
pub(super) fn read(path: &Path, size: u64, send: &mpsc::Sender<Bytes>) -> Result<String> {
    let failed = || Error::io(format!("reading {}", path.display()));
    let mut file = File::open(path).map_err(failed())?;
    let mut hash = Sha256::new();
    loop {
        let mut piece = Vec::new();
        (&mut file).take(size).read_to_end(&mut piece).map_err(failed())?;
        if piece.is_empty() {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&piece);
        if send.blocking_send(Bytes::from(piece)).is_err() {
            return Err(Error::Ended("nobody takes the next part".to_owned()));
        }
    }
}

/// The checksum of what arrives.
pub(super) fn hash(mut receive: mpsc::Receiver<Bytes>) -> String {
    let mut hash = Sha256::new();
    while let Some(piece) = receive.blocking_recv() {
        hash.update(&piece);
    }
    hex::encode(hash.finalize())
}

/// Writes what arrives beside `target` and gives it that name when its checksum begins as expected; otherwise nothing is left.
pub(super) fn write(target: &Path, expected: &str, receive: mpsc::Receiver<Bytes>) -> Result<()> {
    let folder = target.parent().unwrap_or(target);
    std::fs::create_dir_all(folder).map_err(Error::io(format!("making {}", folder.display())))?;
    let temporary = folder.join(format!(".fetch-{}.tmp", unused_name()));
    let written = fill(&temporary, receive).and_then(|found| {
        if !found.starts_with(expected) {
            return Err(Error::SealedFile {
                path: target.to_owned(),
                problem: "arrived with other contents than when it was sealed; run `silhouette warehouse rebuild`"
                    .to_owned(),
            });
        }
        std::fs::rename(&temporary, target).map_err(Error::io(format!("naming {}", target.display())))?;
        sync_folder(folder)
    });
    if written.is_err() {
        // Never made, or left for the next start when it cannot be removed.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

fn fill(path: &Path, mut receive: mpsc::Receiver<Bytes>) -> Result<String> {
    let failed = || Error::io(format!("writing {}", path.display()));
    let mut file = File::create(path).map_err(failed())?;
    let mut hash = Sha256::new();
    while let Some(piece) = receive.blocking_recv() {
        hash.update(&piece);
        file.write_all(&piece).map_err(failed())?;
    }
    file.sync_all().map_err(failed())?;
    Ok(hex::encode(hash.finalize()))
}

//! A file on its way in: streamed to disk as it arrives, measured and hashed, and taken up again where a connection broke.

use super::{load, store};
use crate::Engine;
use crate::audit;
use crate::auth::Actor;
use crate::error::{Error, Result};
use bytes::Bytes;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs::{File as StdFile, OpenOptions, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt, BufWriter};
use tokio::task::spawn_blocking;
use types::auth::Right;
use types::uploads::{Mapping, Upload, UploadKind, UploadOptions, UploadState};

/// Takes the bytes of one file. Dropped before [`Receiver::finish`], the upload stays incomplete and can be resumed.
pub struct Receiver {
    engine: Engine,
    actor: Actor,
    upload_id: i64,
    path: PathBuf,
    file: BufWriter<File>,
    /// Of all bytes so far; none when earlier parts went by unseen, and the file is read once more at its end.
    hash: Option<Sha256>,
    size: u64,
}

/// Begins an upload. The file may be empty at this point of the mapping: it is fitted when the import starts.
pub async fn receive(
    engine: &Engine,
    actor: &Actor,
    kind: UploadKind,
    name: &str,
    mapping: Option<Mapping>,
    options: UploadOptions,
) -> Result<Receiver> {
    actor.require(Right::Upload)?;
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(300).collect();
    let mut tx = engine.pool().begin().await?;
    let upload_id = store::insert(&mut tx, actor, kind, &name, &mapping.unwrap_or_default(), &options).await?;
    let detail = json!({ "kind": kind.as_str(), "name": name });
    audit::record(&mut tx, actor, "upload.receive", &format!("upload {upload_id}"), detail).await?;
    tx.commit().await?;
    let path = file_path(engine, upload_id);
    let file = open_alone(&path).await?;
    file.set_len(0).await?;
    Ok(Receiver {
        engine: engine.clone(),
        actor: actor.clone(),
        upload_id,
        path,
        file: BufWriter::with_capacity(1 << 18, file),
        hash: Some(Sha256::new()),
        size: 0,
    })
}

/// The same file once more as another kind: one file of lines may hold what customers are, too. Nothing is sent again.
pub async fn send_again_as(engine: &Engine, actor: &Actor, upload_id: i64, kind: UploadKind) -> Result<Upload> {
    actor.require(Right::Upload)?;
    let upload = load(engine, upload_id).await?;
    super::require_complete(&upload)?;
    let shape = UploadOptions {
        encoding: upload.options.encoding.clone(),
        delimiter: upload.options.delimiter.clone(),
        widths: upload.options.widths.clone(),
        sheet: upload.options.sheet.clone(),
        source: upload.options.source.clone(),
        ..UploadOptions::default()
    };
    let mut tx = engine.pool().begin().await?;
    let id = store::insert(&mut tx, actor, kind, &upload.name, &Mapping::new(), &shape).await?;
    let detail = json!({ "kind": kind.as_str(), "name": upload.name, "file_of": upload_id });
    audit::record(&mut tx, actor, "upload.receive", &format!("upload {id}"), detail).await?;
    store::set_received(&mut tx, id, &upload.sha256, upload.size_bytes).await?;
    // Each upload has a file of its own, so that removing one leaves the other. The row comes last: without its file it would be nothing.
    tokio::fs::copy(file_path(engine, upload_id), file_path(engine, id)).await?;
    tx.commit().await?;
    load(engine, id).await
}

/// Goes on with an upload from byte `offset`, which may not lie beyond what has arrived.
pub async fn resume(engine: &Engine, actor: &Actor, upload_id: i64, offset: u64) -> Result<Receiver> {
    actor.require(Right::Upload)?;
    let upload = load(engine, upload_id).await?;
    if upload.state != UploadState::Received || !upload.sha256.is_empty() {
        return Err(Error::Conflict(format!(
            "The file of upload {upload_id} has arrived completely."
        )));
    }
    let path = file_path(engine, upload_id);
    let mut file = open_alone(&path).await?;
    let there = file.metadata().await?.len();
    if offset > there {
        return Err(Error::Conflict(format!(
            "Only {there} bytes have arrived so far; go on from there."
        )));
    }
    file.set_len(offset).await?;
    file.seek(std::io::SeekFrom::Start(offset)).await?;
    Ok(Receiver {
        engine: engine.clone(),
        actor: actor.clone(),
        upload_id,
        path,
        file: BufWriter::with_capacity(1 << 18, file),
        hash: (offset == 0).then(Sha256::new),
        size: offset,
    })
}

/// How many bytes of an incomplete upload have arrived.
pub async fn received_bytes(engine: &Engine, actor: &Actor, upload_id: i64) -> Result<u64> {
    actor.require(Right::Upload)?;
    load(engine, upload_id).await?;
    Ok(tokio::fs::metadata(file_path(engine, upload_id))
        .await
        .map_or(0, |metadata| metadata.len()))
}

/// The file of an upload for one writer. A part whose sender has gone away may still be arriving, as far as this process knows: a second writer
/// beside it would leave holes.
async fn open_alone(path: &Path) -> Result<File> {
    let path = path.to_owned();
    let opened = spawn_blocking(move || -> std::io::Result<Option<StdFile>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    })
    .await??;
    opened.map(File::from_std).ok_or_else(|| {
        Error::Conflict(
            "Another part of this file is still arriving. Ask how much has arrived and go on from there.".into(),
        )
    })
}

fn hash_of(path: &Path) -> std::io::Result<Sha256> {
    let mut file = StdFile::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0u8; 1 << 18];
    loop {
        let got = file.read(&mut buffer)?;
        if got == 0 {
            return Ok(hash);
        }
        hash.update(&buffer[..got]);
    }
}

pub(super) fn file_path(engine: &Engine, upload_id: i64) -> PathBuf {
    engine.config().uploads_dir().join(upload_id.to_string())
}

impl Receiver {
    pub fn upload_id(&self) -> i64 {
        self.upload_id
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        let limit = self.engine.config().max_upload_bytes;
        if self.size + bytes.len() as u64 > limit {
            return Err(Error::TooLarge(format!(
                "The file is larger than {limit} bytes, which is the most that is taken."
            )));
        }
        self.file.write_all(&bytes).await?;
        if let Some(hash) = &mut self.hash {
            hash.update(&bytes);
        }
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Stops here and keeps what has arrived, for [`resume`].
    pub async fn pause(mut self) -> Result<u64> {
        self.file.flush().await?;
        Ok(self.size)
    }

    /// The file is complete: makes it last and says what has arrived.
    pub async fn finish(mut self) -> Result<Upload> {
        self.file.flush().await?;
        self.file.get_ref().sync_all().await?;
        let hash = match self.hash.take() {
            Some(hash) => hash,
            None => {
                let path = self.path.clone();
                spawn_blocking(move || hash_of(&path)).await??
            }
        };
        let sha256 = hex::encode(hash.finalize());
        let mut tx = self.engine.pool().begin().await?;
        store::set_received(&mut tx, self.upload_id, &sha256, self.size as i64).await?;
        tx.commit().await?;
        load(&self.engine, self.upload_id).await
    }

    /// Gives up: nothing is left of the upload.
    pub async fn abandon(self) -> Result<()> {
        let Receiver {
            engine,
            actor,
            upload_id,
            path,
            ..
        } = self;
        tokio::fs::remove_file(&path).await?;
        store::delete(engine.pool(), upload_id).await?;
        let mut conn = engine.pool().acquire().await?;
        audit::record(
            &mut conn,
            &actor,
            "upload.abandon",
            &format!("upload {upload_id}"),
            json!({}),
        )
        .await
    }
}

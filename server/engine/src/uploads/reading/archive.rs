//! Zip archives: what is in them, and the plain bytes of one entry, checked against its checksum and never more than a file may unpack to.
//! The table of contents is not believed: sizes are counted while unpacking.

use super::refused;
use crate::error::Result;
use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{BufReader, Error as IoError, ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A packed file may always unpack to this much.
const ALWAYS_ALLOWED: u64 = 1 << 30;
/// Beyond that, to so many times its size. Text that people send packs ten to a hundred times.
const MAX_RATIO: u64 = 250;
/// More entries than this are no archive of one table.
const MAX_ENTRIES: usize = 10_000;

pub type Plain = Box<dyn Read + Send>;

/// The most that a file of this size may unpack to.
pub fn unpacked_limit(packed: u64) -> u64 {
    ALWAYS_ALLOWED.max(packed.saturating_mul(MAX_RATIO))
}

pub struct Archive {
    file: Arc<File>,
    size: u64,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    /// With `/` between folders and none at the beginning.
    pub name: String,
    pub packed: u64,
    start: Option<u64>,
    method: zip::CompressionMethod,
    crc: u32,
    locked: bool,
}

impl Archive {
    pub fn open(file: File) -> Result<Archive> {
        let broken = |error: zip::result::ZipError| {
            refused(format!(
                "The zip archive cannot be read: {error}. It may have arrived incompletely; pack and send it again."
            ))
        };
        let size = file.metadata()?.len();
        let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(broken)?;
        if archive.len() > MAX_ENTRIES {
            return Err(refused(format!(
                "The zip archive holds {} files. Pack exactly one, because one upload is one table.",
                archive.len()
            )));
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(broken)?;
            let name = entry.name().map_err(broken)?.replace('\\', "/");
            if entry.is_dir() {
                continue;
            }
            entries.push(Entry {
                name: name.trim_start_matches('/').to_owned(),
                packed: entry.compressed_size(),
                start: entry.data_start(),
                method: entry.compression(),
                crc: entry.crc32(),
                locked: entry.encrypted(),
            });
        }
        let file = Arc::new(archive.into_inner().into_inner());
        Ok(Archive { file, size, entries })
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of this name; upper and lower case are the same.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The one file of the archive that is not beside the matter.
    pub fn only(&self) -> Result<&Entry> {
        let files: Vec<&Entry> = self.entries.iter().filter(|entry| !is_beside(&entry.name)).collect();
        match files[..] {
            [only] => Ok(only),
            [] => Err(refused("The zip archive is empty.")),
            _ => {
                let shown: Vec<&str> = files.iter().take(10).map(|entry| entry.name.as_str()).collect();
                let more = if files.len() > shown.len() { ", …" } else { "" };
                Err(refused(format!(
                    "The zip archive holds {} files ({}{more}). Pack exactly one, because one upload is one table.",
                    files.len(),
                    shown.join(", ")
                )))
            }
        }
    }

    /// The bytes of an entry; what is read of the archive is counted.
    pub fn read(&self, entry: &Entry, counter: Arc<AtomicU64>) -> Result<Plain> {
        if entry.locked {
            return Err(refused(
                "The zip archive is locked with a password. Pack the file without one.",
            ));
        }
        let Some(start) = entry.start else {
            return Err(refused(format!(
                "The zip archive cannot be read: its entry {} has no data.",
                entry.name
            )));
        };
        let piece = Piece {
            file: self.file.clone(),
            at: start,
            end: start.saturating_add(entry.packed),
            counter,
        };
        let packed = BufReader::with_capacity(1 << 17, piece);
        match entry.method {
            zip::CompressionMethod::Stored => Ok(Box::new(Checked::new(packed, entry.crc))),
            zip::CompressionMethod::Deflated => {
                let unpacked = Bounded::new(DeflateDecoder::new(packed), self.size, "zip");
                Ok(Box::new(Checked::new(unpacked, entry.crc)))
            }
            other => Err(refused(format!(
                "The zip archive uses the method {other}. Pack it with the usual one (deflate)."
            ))),
        }
    }
}

/// What programs and people put beside a table.
fn is_beside(name: &str) -> bool {
    let lower = name.to_lowercase();
    let file = lower.rsplit('/').next().unwrap_or(&lower);
    lower.starts_with("__macosx/")
        || file.starts_with('.')
        || matches!(file, "thumbs.db" | "desktop.ini")
        || ["readme", "license", "licence"].iter().any(|word| {
            file.strip_prefix(word)
                .is_some_and(|rest| matches!(rest, "" | ".txt" | ".md" | ".pdf" | ".html" | ".rtf"))
        })
}

/// A part of a file, read without moving the file's own position, so that several can be read at once.
struct Piece {
    file: Arc<File>,
    at: u64,
    end: u64,
    counter: Arc<AtomicU64>,
}

impl Read for Piece {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let wanted = buffer
            .len()
            .min(usize::try_from(self.end - self.at).unwrap_or(usize::MAX));
        let got = self.file.read_at(&mut buffer[..wanted], self.at)?;
        self.at += got as u64;
        self.counter.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

/// Stops an archive that would unpack without end, and says where one is damaged.
pub struct Bounded<R> {
    inner: R,
    given: u64,
    limit: u64,
    packed_as: &'static str,
}

impl<R> Bounded<R> {
    pub fn new(inner: R, packed: u64, packed_as: &'static str) -> Bounded<R> {
        Bounded {
            inner,
            given: 0,
            limit: unpacked_limit(packed),
            packed_as,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let (kind, given) = (self.packed_as, self.given);
        let got = self.inner.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => IoError::new(
                ErrorKind::InvalidData,
                format!("The {kind} archive ends in the middle, after {given} unpacked bytes. Pack and send it again."),
            ),
            ErrorKind::InvalidInput | ErrorKind::InvalidData => IoError::new(
                ErrorKind::InvalidData,
                format!(
                    "The {kind} archive is damaged after {given} unpacked bytes ({error}). Pack and send it again."
                ),
            ),
            _ => error,
        })?;
        self.given += got as u64;
        if self.given > self.limit {
            return Err(IoError::new(
                ErrorKind::InvalidData,
                format!(
                    "The {kind} archive unpacks to more than {MAX_RATIO} times its size; it was not read any further. Upload the file itself."
                ),
            ));
        }
        Ok(got)
    }
}

/// Compares the checksum that a zip keeps of its file.
struct Checked<R> {
    inner: R,
    crc: Crc,
    expected: u32,
}

impl<R> Checked<R> {
    fn new(inner: R, expected: u32) -> Checked<R> {
        Checked {
            inner,
            crc: Crc::new(),
            expected,
        }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.crc.update(&buffer[..got]);
        if got == 0 && !buffer.is_empty() && self.crc.sum() != self.expected {
            return Err(IoError::new(
                ErrorKind::InvalidData,
                "The zip archive is damaged: its checksum does not fit. Pack and send it again.",
            ));
        }
        Ok(got)
    }
}

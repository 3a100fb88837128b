//! From the stored file to its plain bytes: as it is, unpacked from gzip, or the one file of a zip. Says what a file is that we cannot read.

use super::refused;
use crate::error::Result;
use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A packed file may always unpack to this much.
const ALWAYS_ALLOWED: u64 = 1 << 30;
/// Beyond that, to so many times its size. Text that people send packs ten to a hundred times.
const MAX_RATIO: u64 = 250;

pub type Plain = Box<dyn Read + Send>;

pub fn open(path: &Path, counter: Arc<AtomicU64>) -> Result<Plain> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    if size == 0 {
        return Err(refused("The file is empty."));
    }
    let mut head = [0u8; 8];
    let got = read_up_to(&mut file, &mut head)?;
    file.seek(SeekFrom::Start(0))?;
    let head = &head[..got];
    if head.starts_with(&[0x1f, 0x8b]) {
        let packed = Counted {
            inner: BufReader::with_capacity(1 << 18, file),
            counter,
        };
        return Ok(Box::new(Bounded::new(MultiGzDecoder::new(packed), size, "gzip")));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return open_zip(file, size, counter);
    }
    if let Some(reason) = foreign(head) {
        return Err(refused(reason));
    }
    Ok(Box::new(Counted { inner: file, counter }))
}

/// Formats that are not text, by their first bytes.
fn foreign(head: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 9] = [
        (
            b"%PDF",
            "This is a PDF document. Export the table as CSV and upload that.",
        ),
        (
            b"PAR1",
            "This is a Parquet file, which is not taken yet. Export it as CSV and upload that.",
        ),
        (
            b"\xd0\xcf\x11\xe0",
            "This is an old Office file (XLS). Save the sheet as CSV (UTF-8) and upload that.",
        ),
        (b"\x89PNG", "This is a picture. Upload a table as CSV."),
        (b"\xff\xd8\xff", "This is a picture. Upload a table as CSV."),
        (
            b"Rar!",
            "This is a RAR archive. Unpack it, or pack the one file as zip or gzip.",
        ),
        (
            b"7z\xbc\xaf",
            "This is a 7z archive. Unpack it, or pack the one file as zip or gzip.",
        ),
        (b"BZh", "This file is packed with bzip2. Unpack it, or pack it as gzip."),
        (
            b"\xfd7zXZ",
            "This file is packed with xz. Unpack it, or pack it as gzip.",
        ),
    ];
    known
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, reason)| *reason)
}

fn open_zip(file: File, size: u64, counter: Arc<AtomicU64>) -> Result<Plain> {
    let broken = |error: zip::result::ZipError| refused(format!("The zip archive cannot be read: {error}."));
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    let mut found = Vec::new();
    for index in 0..archive.len().min(10_000) {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        if name == "[Content_Types].xml" || name == "content.xml" || name == "mimetype" {
            return Err(refused(
                "This is a spreadsheet or document, which is not taken yet. Save the sheet as CSV (UTF-8) and upload that.",
            ));
        }
        let beside = name.starts_with("__MACOSX/") || name.ends_with(".DS_Store");
        if !entry.is_dir() && !beside {
            found.push(index);
        }
    }
    let [index] = found[..] else {
        return Err(refused(format!(
            "The zip archive holds {} files. Pack exactly one, because one upload is one table.",
            found.len()
        )));
    };
    let entry = archive.by_index_raw(index).map_err(broken)?;
    if entry.encrypted() {
        return Err(refused(
            "The zip archive is locked with a password. Pack the file without one.",
        ));
    }
    let (method, packed_size, crc) = (entry.compression(), entry.compressed_size(), entry.crc32());
    let Some(start) = entry.data_start() else {
        return Err(refused("The zip archive cannot be read: its entry has no data."));
    };
    drop(entry);
    let mut file = archive.into_inner().into_inner();
    file.seek(SeekFrom::Start(start))?;
    let packed = BufReader::with_capacity(1 << 18, Counted { inner: file, counter }.take(packed_size));
    match method {
        zip::CompressionMethod::Stored => Ok(Box::new(Checked::new(packed, crc))),
        zip::CompressionMethod::Deflated => {
            let unpacked = Bounded::new(DeflateDecoder::new(packed), size, "zip");
            Ok(Box::new(Checked::new(unpacked, crc)))
        }
        other => Err(refused(format!(
            "The zip archive uses the method {other}. Pack it with the usual one (deflate)."
        ))),
    }
}

fn read_up_to(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        let got = reader.read(&mut buffer[filled..])?;
        if got == 0 {
            break;
        }
        filled += got;
    }
    Ok(filled)
}

/// Counts what has been read of the stored file.
struct Counted<R> {
    inner: R,
    counter: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.counter.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

/// Stops an archive that would unpack without end.
struct Bounded<R> {
    inner: R,
    left: u64,
    packed_as: &'static str,
}

impl<R> Bounded<R> {
    fn new(inner: R, packed: u64, packed_as: &'static str) -> Bounded<R> {
        Bounded {
            inner,
            left: ALWAYS_ALLOWED.max(packed.saturating_mul(MAX_RATIO)),
            packed_as,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.inner.read(buffer).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => {
                std::io::Error::new(
                    std::io::ErrorKind::InvalidData,
                    format!(
                        "The {} archive is damaged or incomplete ({error}). Pack and send it again.",
                        self.packed_as
                    ),
                )
            }
            _ => error,
        })?;
        self.left = self.left.checked_sub(got as u64).ok_or_else(|| {
            std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                format!("The {} archive unpacks to more than {MAX_RATIO} times its size; it was not read any further. Upload the file itself.", self.packed_as),
            )
        })?;
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
            return Err(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "The zip archive is damaged: its checksum does not fit. Pack and send it again.",
            ));
        }
        Ok(got)
    }
}

//! From the stored file to what is in it: plain text, a workbook or Parquet, as it is or as the one file of a zip or gzip. Says what a file is
//! that we cannot read.

use super::archive::{Archive, Bounded, Plain};
use super::encoding::unreadable;
use super::sheets::Workbook;
use super::{ReadProgress, refused};
use crate::error::Result;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const GZIP: &[u8] = b"\x1f\x8b";
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
const PARQUET: &[u8] = b"PAR1";
/// The container of old Office files.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What a file holds.
pub enum Contents {
    Text {
        plain: Plain,
        /// Bytes of the stored file that will be counted while it is read.
        size: u64,
    },
    Workbook(Workbook),
    Parquet(File),
}

pub fn open(path: &Path, progress: &ReadProgress) -> Result<Contents> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    if size == 0 {
        return Err(refused("The file is empty."));
    }
    let head = head_of(&mut file)?;
    if head.starts_with(GZIP) {
        let packed = Counted {
            inner: BufReader::with_capacity(1 << 18, file),
            counter: progress.bytes.clone(),
        };
        let plain = Box::new(Bounded::new(MultiGzDecoder::new(packed), size, "gzip"));
        return unpacked(plain, size, path, progress);
    }
    if ZIP.iter().any(|magic| head.starts_with(magic)) {
        let archive = Archive::open(file)?;
        if let Some(workbook) = Workbook::of_archive(&archive)? {
            return Ok(Contents::Workbook(workbook.open(archive)?));
        }
        let entry = archive.only()?;
        let plain = archive.read(entry, progress.bytes.clone())?;
        return unpacked(plain, entry.packed, path, progress);
    }
    if let Some(contents) = seekable(&head, &file)? {
        return Ok(contents);
    }
    if let Some(reason) = foreign(&head) {
        return Err(refused(reason));
    }
    let counter = progress.bytes.clone();
    let plain = Box::new(Counted { inner: file, counter });
    Ok(Contents::Text { plain, size })
}

/// Formats that are not read from front to back.
fn seekable(head: &[u8], file: &File) -> Result<Option<Contents>> {
    if head.starts_with(COMPOUND) {
        return Ok(Some(Contents::Workbook(Workbook::of_compound(file.try_clone()?)?)));
    }
    if head.starts_with(PARQUET) {
        return Ok(Some(Contents::Parquet(file.try_clone()?)));
    }
    Ok(None)
}

/// What came out of an archive: text is read as it unpacks; a workbook or Parquet is unpacked to disk first, because it is read at several
/// places.
fn unpacked(mut plain: Plain, size: u64, path: &Path, progress: &ReadProgress) -> Result<Contents> {
    let mut head = Vec::with_capacity(8);
    plain.by_ref().take(8).read_to_end(&mut head).map_err(unreadable)?;
    let is_zip = ZIP.iter().any(|magic| head.starts_with(magic));
    if is_zip || head.starts_with(COMPOUND) || head.starts_with(PARQUET) {
        // The file has no name, so that nothing is left of it whatever happens.
        let mut file = tempfile::tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
        std::io::copy(&mut Cursor::new(&head).chain(plain), &mut file).map_err(unreadable)?;
        file.seek(SeekFrom::Start(0))?;
        progress.bytes.store(0, Ordering::Relaxed);
        if let Some(contents) = seekable(&head, &file)? {
            return Ok(contents);
        }
        let archive = Archive::open(file)?;
        return match Workbook::of_archive(&archive)? {
            Some(workbook) => Ok(Contents::Workbook(workbook.open(archive)?)),
            None => Err(refused("This is an archive inside an archive. Unpack the outer one.")),
        };
    }
    if head.starts_with(GZIP) {
        return Err(refused("This is an archive inside an archive. Unpack the outer one."));
    }
    if let Some(reason) = foreign(&head) {
        return Err(refused(reason));
    }
    Ok(Contents::Text {
        plain: Box::new(Cursor::new(head).chain(plain)),
        size,
    })
}

/// Formats that we do not read, by their first bytes.
fn foreign(head: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 10] = [
        (
            b"%PDF",
            "This is a PDF document. Export the table as CSV or XLSX and upload that.",
        ),
        (b"\x89PNG", "This is a picture. Upload a table."),
        (b"\xff\xd8\xff", "This is a picture. Upload a table."),
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
        (
            b"\x28\xb5\x2f\xfd",
            "This file is packed with zstd. Unpack it, or pack it as gzip.",
        ),
        (
            b"ARROW1",
            "This is an Arrow file. Save it as Parquet or CSV and upload that.",
        ),
        (
            b"SQLite f",
            "This is an SQLite database. Export the table as CSV and upload that.",
        ),
    ];
    known
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, reason)| *reason)
}

fn head_of(file: &mut File) -> Result<Vec<u8>> {
    let mut head = Vec::with_capacity(8);
    file.by_ref().take(8).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(head)
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

//! What a Parquet file says of the sizes of its pages, before one is unpacked. The library takes memory for what a page header says, so a
//! small file could ask for any amount. (Apache Parquet format, thrift compact protocol.)

use super::{Unreadable, damaged, guarded};
use parquet::basic::Encoding;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use std::fs::File;
use std::os::unix::fs::FileExt;

/// The largest page that is unpacked. Writers make pages of one megabyte, some make one page of a whole row group.
const LARGEST_PAGE: u64 = 256 << 20;
/// What the pages of all columns that are open at the same time may take.
const OPEN_PAGES: u64 = 1 << 30;
/// What one value repeated over all rows that are decoded at once may take.
const DECODED: u64 = 256 << 20;
const MOST_ROWS: u64 = 1024;
/// A page header with the smallest and largest value in it.
const LARGEST_HEADER: usize = 1 << 20;
const FIRST_LOOK: usize = 512;

/// How many rows can be decoded at once without taking too much memory. Refuses a file with pages that are too large.
pub(super) fn rows_at_once(file: &File) -> Result<usize, Unreadable> {
    let metadata = guarded(|| ParquetMetaDataReader::new().parse_and_finish(file).map_err(damaged))?;
    let length = file.metadata().map_err(Unreadable::Disk)?.len();
    let mut rows = MOST_ROWS;
    for group in metadata.row_groups() {
        let (mut open, mut repeatable) = (0u64, 0u64);
        for column in group.columns() {
            let largest = largest_page(file, length, column)?;
            open += largest;
            if may_repeat(column) {
                repeatable += largest;
            }
        }
        if open > OPEN_PAGES {
            return Err(Unreadable::Refused(format!(
                "The pages of the Parquet file unpack to {} MB at once, which is more than is read. Write it with smaller row groups.",
                open >> 20
            )));
        }
        rows = rows.min(DECODED / repeatable.max(1));
    }
    check_names(&metadata)?;
    Ok(rows.max(1) as usize)
}

/// Encodings in which a value of a page can stand for many rows.
fn may_repeat(column: &ColumnChunkMetaData) -> bool {
    column.column_type() == parquet::basic::Type::BYTE_ARRAY
        && column.encodings().any(|encoding| {
            matches!(
                encoding,
                Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY | Encoding::DELTA_BYTE_ARRAY
            )
        })
}

/// The names of columns are shown and stored.
fn check_names(metadata: &ParquetMetaData) -> Result<(), Unreadable> {
    let fields = metadata.file_metadata().schema_descr().root_schema().get_fields();
    if fields.iter().any(|field| field.name().len() > 10_000) {
        return Err(Unreadable::Refused(
            "A column of the Parquet file has a name that is too long.".to_owned(),
        ));
    }
    Ok(())
}

/// The unpacked size of the largest page of a column.
fn largest_page(file: &File, length: u64, column: &ColumnChunkMetaData) -> Result<u64, Unreadable> {
    let first = match column.dictionary_page_offset() {
        Some(dictionary) if dictionary > 0 => dictionary.min(column.data_page_offset()),
        _ => column.data_page_offset(),
    };
    let (Ok(mut at), Ok(packed)) = (u64::try_from(first), u64::try_from(column.compressed_size())) else {
        return Err(damaged("a column lies nowhere"));
    };
    let end = at.saturating_add(packed);
    if end > length {
        return Err(damaged(
            "it ends before its last page; it may have arrived incompletely",
        ));
    }
    let mut largest = 0;
    while at < end {
        let (header, sizes) = header_at(file, at, end)?;
        if sizes.unpacked > LARGEST_PAGE {
            return Err(Unreadable::Refused(format!(
                "A page of the column {} of the Parquet file unpacks to {} MB, which is more than is read. Write it with smaller pages.",
                column.column_path(),
                sizes.unpacked >> 20
            )));
        }
        largest = largest.max(sizes.unpacked);
        at = at.saturating_add(header).saturating_add(sizes.packed);
    }
    Ok(largest)
}

struct Sizes {
    unpacked: u64,
    packed: u64,
}

/// Length of the page header at a place of the file, and the sizes that it gives.
fn header_at(file: &File, at: u64, end: u64) -> Result<(u64, Sizes), Unreadable> {
    let mut look = FIRST_LOOK;
    loop {
        let wanted = look.min(usize::try_from(end - at).unwrap_or(usize::MAX));
        let mut bytes = vec![0; wanted];
        file.read_exact_at(&mut bytes, at).map_err(Unreadable::Disk)?;
        let mut thrift = Thrift { bytes: &bytes, at: 0 };
        if let Some(sizes) = thrift.page_header() {
            return Ok((thrift.at as u64, sizes));
        }
        if wanted < look || look >= LARGEST_HEADER {
            return Err(damaged(format!("the page header at byte {at} is damaged")));
        }
        look *= 8;
    }
}

/// Reads structures of the compact protocol; `None` where the bytes end or make no sense.
struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Thrift<'_> {
    fn page_header(&mut self) -> Option<Sizes> {
        let (mut unpacked, mut packed, mut field) = (None, None, 0i64);
        loop {
            let (id, kind) = self.field(field)?;
            field = id;
            match (id, kind) {
                (_, 0) => break,
                (2, 5) => unpacked = Some(u64::try_from(self.signed()?).ok()?),
                (3, 5) => packed = Some(u64::try_from(self.signed()?).ok()?),
                (_, kind) => self.pass(kind, 0)?,
            }
        }
        Some(Sizes {
            unpacked: unpacked?,
            packed: packed?,
        })
    }

    /// Number and type of the next field; type 0 ends a structure.
    fn field(&mut self, before: i64) -> Option<(i64, u8)> {
        let byte = self.byte()?;
        let (step, kind) = (byte >> 4, byte & 15);
        match (kind, step) {
            (0, _) => Some((before, 0)),
            (kind, 0) => Some((self.signed()?, kind)),
            (kind, step) => Some((before.checked_add(i64::from(step))?, kind)),
        }
    }

    fn pass(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > 8 {
            return None;
        }
        match kind {
            1 | 2 => {}
            3 => drop(self.byte()?),
            4..=6 => drop(self.unsigned()?),
            7 => self.skip(8)?,
            8 => {
                let length = usize::try_from(self.unsigned()?).ok()?;
                self.skip(length)?;
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => self.unsigned()?,
                    count => u64::from(count),
                };
                for _ in 0..count {
                    // A truth value in a list takes a byte, in a structure none.
                    match head & 15 {
                        1 | 2 => drop(self.byte()?),
                        kind => self.pass(kind, depth + 1)?,
                    }
                }
            }
            12 => {
                let mut field = 0;
                loop {
                    let (id, kind) = self.field(field)?;
                    if kind == 0 {
                        break;
                    }
                    self.pass(kind, depth + 1)?;
                    field = id;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.at = self.at.checked_add(bytes).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }
}

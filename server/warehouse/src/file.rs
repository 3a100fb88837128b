//! Writes one sealed file: under a name of its own until it is complete, hashed while it is written, on disk before it is named.

use crate::error::{Error, Result};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Rows of one row group: small enough to skip, large enough to compress.
const ROW_GROUP_ROWS: usize = 262_144;

/// A file that is complete on disk and waits for its row in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedFile {
    pub table: String,
    pub part: i32,
    /// Relative to the warehouse folder.
    pub path: String,
    pub rows: u64,
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub checksum: String,
    pub schema_version: i32,
}

/// A file being written. Dropped before [`FileWriter::finish`], it removes what it wrote.
pub(crate) struct FileWriter {
    writer: Option<ArrowWriter<Hashing>>,
    folder: PathBuf,
    temporary: PathBuf,
    table: String,
    part: i32,
    version: i64,
    rows: u64,
}

impl FileWriter {
    pub(crate) fn create(
        folder: &Path,
        table: &str,
        part: i32,
        version: i64,
        schema: &SchemaRef,
    ) -> Result<FileWriter> {
        let target = folder.join(table);
        std::fs::create_dir_all(&target).map_err(Error::io(format!("making {}", target.display())))?;
        // A failed attempt may still be writing, so that the name must be new each time.
        let temporary = target.join(format!(".{part}-v{version}-{}.tmp", unused_name()));
        let file = File::create(&temporary).map_err(Error::io(format!("making {}", temporary.display())))?;
        let options = ArrowWriterOptions::new().with_properties(properties(schema));
        let writer = ArrowWriter::try_new_with_options(Hashing::new(file), schema.clone(), options)?;
        let (folder, table) = (folder.to_owned(), table.to_owned());
        Ok(FileWriter {
            writer: Some(writer),
            folder,
            temporary,
            table,
            part,
            version,
            rows: 0,
        })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.write(batch)?;
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Closes the file, forces it to disk and gives it its name. The folder itself is still to be synced.
    pub(crate) fn finish(mut self) -> Result<SealedFile> {
        let writer = self
            .writer
            .take()
            .ok_or_else(|| Error::Ended("a file was closed twice".to_owned()))?;
        let (bytes, checksum) = writer
            .into_inner()?
            .finish()
            .map_err(Error::io("writing a sealed file"))?;
        let name = format!("p{}-v{}-{}.parquet", self.part, self.version, &checksum[..12]);
        let path = format!("{}/{name}", self.table);
        let target = self.folder.join(&path);
        std::fs::rename(&self.temporary, &target).map_err(Error::io(format!("naming {}", target.display())))?;
        Ok(SealedFile {
            table: std::mem::take(&mut self.table),
            part: self.part,
            path,
            rows: self.rows,
            bytes,
            checksum,
            schema_version: crate::schema::SCHEMA_VERSION,
        })
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        // Gone already when the file was finished; left for the next start when it cannot be removed.
        drop(self.writer.take());
        let _ = std::fs::remove_file(&self.temporary);
    }
}

/// A name that no other attempt of this or another process uses.
pub(crate) fn unused_name() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Settings that make the bytes a function of the rows alone.
fn properties(schema: &SchemaRef) -> WriterProperties {
    let sorting = schema.column_with_name("customer_no").map(|(index, _)| {
        let column_idx = i32::try_from(index).unwrap_or(i32::MAX);
        vec![SortingColumn {
            column_idx,
            descending: false,
            nulls_first: false,
        }]
    });
    WriterProperties::builder()
        .set_created_by("silhouette".to_owned())
        .set_compression(Compression::LZ4_RAW)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_sorting_columns(sorting)
        .build()
}

/// Writes through a buffer to a file and hashes what goes by.
struct Hashing {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Hashing {
    fn new(file: File) -> Hashing {
        Hashing {
            file: BufWriter::with_capacity(1 << 20, file),
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn finish(self) -> std::io::Result<(u64, String)> {
        let file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok((self.bytes, hex::encode(self.hash.finalize())))
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Forces new names in a folder to disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::io(format!("syncing {}", folder.display())))
}

/// SHA-256 of a file in hexadecimal.
pub fn checksum(path: &Path) -> Result<String> {
    let failed = || Error::io(format!("reading {}", path.display()));
    let mut file = File::open(path).map_err(failed())?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer).map_err(failed())?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

//! Which files make up a version of the data? The engine's catalogue names them; here they are checked and opened as tables. A file that is
//! missing must be an error: DataFusion would read it as empty.

use crate::derive;
use crate::error::{Error, Result};
use crate::file::SealedFile;
use crate::schema::{self, TABLES};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::prelude::SessionContext;
use std::path::Path;
use std::sync::Arc;

/// One sealed file as the catalogue lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRef {
    pub table: String,
    pub part: i32,
    /// Relative to the warehouse folder.
    pub path: String,
    pub rows: u64,
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub checksum: String,
}

impl From<&SealedFile> for FileRef {
    fn from(file: &SealedFile) -> FileRef {
        FileRef {
            table: file.table.clone(),
            part: file.part,
            path: file.path.clone(),
            rows: file.rows,
            bytes: file.bytes,
            checksum: file.checksum.clone(),
        }
    }
}

/// Refuses a file that is gone or has another size than the catalogue says.
pub(crate) fn check(folder: &Path, files: &[FileRef]) -> Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        let problem = match std::fs::metadata(&path) {
            Ok(found) if found.len() == file.bytes => continue,
            Ok(found) => format!(
                "has {} bytes instead of {}; run `silhouette warehouse rebuild`",
                found.len(),
                file.bytes
            ),
            Err(error) => format!("cannot be read ({error}); run `silhouette warehouse rebuild`"),
        };
        return Err(Error::SealedFile { path, problem });
    }
    Ok(())
}

/// Registers every known table; one without files is empty.
pub(crate) fn register(session: &SessionContext, folder: &Path, files: &[FileRef]) -> Result<()> {
    let sealed = TABLES.iter().map(|table| (table.name, table.arrow_schema()));
    let derived = derive::tables().map(|(name, columns)| (name, schema::schema_of(columns)));
    for (name, schema) in sealed.chain(derived) {
        register_table(session, folder, name, schema, files)?;
    }
    let schema = match files.iter().find(|file| file.table == derive::FEATURES) {
        Some(file) => derive::features_schema_of_file(&folder.join(&file.path))?,
        None => derive::features_schema(&[]),
    };
    register_table(session, folder, derive::FEATURES, schema, files)
}

fn register_table(
    session: &SessionContext,
    folder: &Path,
    name: &str,
    schema: SchemaRef,
    files: &[FileRef],
) -> Result<()> {
    let urls = files
        .iter()
        .filter(|file| file.table == name && file.rows > 0)
        .map(|file| file_url(&folder.join(&file.path)))
        .collect::<Result<Vec<_>>>()?;
    if urls.is_empty() {
        session.register_table(name, Arc::new(EmptyTable::new(schema)))?;
        return Ok(());
    }
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(schema);
    let statistics = session.runtime_env().cache_manager.get_file_statistic_cache();
    session.register_table(name, Arc::new(ListingTable::try_new(config)?.with_cache(statistics)))?;
    Ok(())
}

/// The address of exactly this file: a path may hold characters that a pattern would give a meaning.
fn file_url(path: &Path) -> Result<ListingTableUrl> {
    let not_absolute = || Error::SealedFile {
        path: path.to_owned(),
        problem: "has no absolute path".to_owned(),
    };
    let mut url = String::from("file://");
    let text = path
        .to_str()
        .filter(|text| text.starts_with('/'))
        .ok_or_else(not_absolute)?;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => url.push(char::from(byte)),
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    Ok(ListingTableUrl::parse(url)?)
}

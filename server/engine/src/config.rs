//! The settings of one installation as the engine needs them; reading the environment is the server's work.

use crate::error::{Error, Result};
use chrono_tz::Tz;
use std::path::PathBuf;
pub use warehouse::bucket::BucketUrl;

#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Uploaded files, spill files and the private cluster.
    pub data_dir: PathBuf,
    /// Sealed files, or their mirror when they are kept in a bucket.
    pub warehouse_dir: PathBuf,
    /// Where sealed files are kept when not in a folder.
    pub bucket: Option<BucketUrl>,
    /// Absent: a private cluster under the data folder.
    pub database_url: Option<String>,
    /// Currency of every analysis and of amounts that name none.
    pub currency: String,
    /// Zone of local dates and of times that name none. Fixed by the first commit of data.
    pub time_zone: Tz,
    /// Bytes that analyses may hold in memory together before they spill.
    pub query_memory_bytes: usize,
    /// Largest file that may be uploaded, in bytes.
    pub max_upload_bytes: u64,
    /// Whether webhooks may lead to this machine and into private networks, and without TLS.
    pub webhook_private: bool,
}

impl EngineConfig {
    /// Defaults for a data folder.
    pub fn new(data_dir: PathBuf) -> EngineConfig {
        EngineConfig {
            warehouse_dir: data_dir.join("warehouse"),
            data_dir,
            bucket: None,
            database_url: None,
            currency: "EUR".into(),
            time_zone: Tz::UTC,
            query_memory_bytes: 2 << 30,
            max_upload_bytes: 64 << 30,
            webhook_private: false,
        }
    }

    /// Version of the code, kept with each run so that it can be repeated.
    pub fn code_version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    pub fn uploads_dir(&self) -> PathBuf {
        self.data_dir.join("uploads")
    }

    pub fn spill_dir(&self) -> PathBuf {
        self.data_dir.join("spill")
    }

    /// Labels of segmentation runs.
    pub fn runs_dir(&self) -> PathBuf {
        self.data_dir.join("runs")
    }

    pub(crate) fn warehouse_config(&self, bucket: Option<warehouse::bucket::Bucket>) -> warehouse::WarehouseConfig {
        warehouse::WarehouseConfig {
            folder: self.warehouse_dir.clone(),
            runs_folder: self.runs_dir(),
            bucket,
            spill_folder: self.spill_dir(),
            memory_bytes: self.query_memory_bytes,
            spill_bytes: 64 << 30,
            threads: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        }
    }

    pub(crate) fn make_folders(&self) -> Result<()> {
        for folder in [
            &self.data_dir,
            &self.warehouse_dir,
            &self.uploads_dir(),
            &self.spill_dir(),
        ] {
            std::fs::create_dir_all(folder).map_err(|error| {
                Error::Unavailable(format!("The folder {} cannot be made: {error}.", folder.display()))
            })?;
        }
        Ok(())
    }
}

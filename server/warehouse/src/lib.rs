//! Sealed files and every question that is asked of them. The only ring that knows DataFusion, Arrow and Parquet: COPY bytes and typed
//! parameters come in, plain columns go out. It must not know about PostgreSQL connections, people, rights or the catalogue's own tables.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests"))]

pub mod bucket;
mod catalogue;
mod copy;
pub mod derive;
pub mod error;
mod file;
pub mod ids;
pub mod labels;
mod mirror;
pub mod overlap;
pub mod query;
mod read;
mod resident;
pub mod roster;
pub mod schema;
mod seal;
mod session;
mod snapshot;
mod sums;
#[cfg(test)]
mod testing;
pub mod uploaded;
pub mod zone;

pub use catalogue::FileRef;
pub use error::{Error, Result};
pub use file::{SealedFile, checksum};
pub use seal::Sealer;
pub use session::WarehouseConfig;
pub use snapshot::{Snapshot, SnapshotSpec, Warehouse};

//! Uploads: the kinds of file we take, the fields of each, how their columns map onto ours, and what became of the rows.

mod faults;
mod kinds;
mod mapping;
mod preview;
mod profile;
pub mod quality;

pub use faults::{Fault, FaultCode, RejectedRow};
pub use kinds::{Field, UploadKind, ValueType};
pub use mapping::{Blanks, DateOrder, DecimalMark, Groups, Mapping, OnKnown, Source, UploadOptions};
pub use preview::{KnownGroups, Preview, PreviewColumn, ReadAs, Reading, ValueCount};
pub use profile::{FieldChange, FieldProfile, Profile};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// The file is here; nothing has been read, or the mapping is being made.
    Received,
    Running,
    /// A dry run has ended; a commit would write what it counted.
    Ready,
    Committed,
    Failed,
    Cancelled,
    Undone,
}

impl UploadState {
    pub fn as_str(self) -> &'static str {
        match self {
            UploadState::Received => "received",
            UploadState::Running => "running",
            UploadState::Ready => "ready",
            UploadState::Committed => "committed",
            UploadState::Failed => "failed",
            UploadState::Cancelled => "cancelled",
            UploadState::Undone => "undone",
        }
    }

    pub fn parse(text: &str) -> Option<UploadState> {
        [
            UploadState::Received,
            UploadState::Running,
            UploadState::Ready,
            UploadState::Committed,
            UploadState::Failed,
            UploadState::Cancelled,
            UploadState::Undone,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
    }
}

/// Rows of the file: read = created + updated + unchanged + rejected; duplicates are inside created or unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowCounts {
    pub read: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    pub duplicates: i64,
}

/// Records of one table that an upload made or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordCounts {
    pub created: i64,
    pub updated: i64,
}

/// What an undo would do to one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UndoCounts {
    pub removed: i64,
    pub changed: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    pub id: i64,
    pub kind: UploadKind,
    pub name: String,
    pub state: UploadState,
    pub rows: RowCounts,
    /// Table → records made or changed, also of the tables that the file only refers to.
    pub records: BTreeMap<String, RecordCounts>,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    pub mapping: Mapping,
    pub options: UploadOptions,
    pub sha256: String,
    pub size_bytes: i64,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub uploaded_by: String,
    /// The newest job of this upload.
    pub job_id: Option<i64>,
    /// An earlier upload with the same bytes, when there is one.
    pub same_as: Option<i64>,
}

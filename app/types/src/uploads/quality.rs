//! How good the data is, as far as it can be seen from the data itself.

use super::{FieldChange, UploadKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a check of one version of the data found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quality {
    pub data_version: i64,
    pub checked_at: DateTime<Utc>,
    pub freshness: Vec<Freshness>,
    pub missing: Vec<Missing>,
    pub impossible: Vec<Finding>,
    pub unmatched: Vec<Finding>,
}

/// How new the facts of a table are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Freshness {
    pub table: String,
    pub records: i64,
    /// Time of its latest fact that is not after the check; tables without a time have none.
    pub latest: Option<DateTime<Utc>>,
}

/// A field that some records lack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Missing {
    pub table: String,
    pub field: String,
    pub missing: i64,
    /// Records of the table.
    pub of: i64,
}

/// Records that something is odd about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// What is odd, as a key: `birth_date_in_future`, `total_differs_from_lines` …
    pub check: String,
    pub table: String,
    pub count: i64,
    /// Records that were looked at.
    pub of: i64,
    /// Ids of the first of them.
    pub examples: Vec<String>,
}

/// The newest upload of a kind whose fields differ from those of earlier ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadChanges {
    pub kind: UploadKind,
    pub upload_id: i64,
    pub name: String,
    pub changes: Vec<FieldChange>,
}

/// What the page and the call show: the newest check, whether it is of the newest data, and what differs between uploads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityReport {
    pub quality: Option<Quality>,
    /// Version of the data that is published now.
    pub published: i64,
    /// A check that is asked for and has not ended.
    pub job_id: Option<i64>,
    /// Newest committed upload of each kind: kind, id, when.
    pub uploads: Vec<NewestUpload>,
    pub changes: Vec<UploadChanges>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewestUpload {
    pub kind: UploadKind,
    pub upload_id: i64,
    pub finished_at: Option<DateTime<Utc>>,
}

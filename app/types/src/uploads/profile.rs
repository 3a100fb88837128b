//! What the fields of one file hold, so that the next file of the same kind can be compared with it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Our field → what the taken rows of a file hold of it. Fields that are not mapped are left out.
pub type Profile = BTreeMap<String, FieldProfile>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProfile {
    /// Taken rows.
    pub rows: i64,
    /// Of these with a value.
    pub filled: i64,
    /// Mean of the values of a field of numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
}

impl FieldProfile {
    pub fn share(&self) -> f64 {
        if self.rows == 0 {
            0.0
        } else {
            self.filled as f64 / self.rows as f64
        }
    }
}

/// A field that differs suddenly from earlier uploads of its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    pub field: String,
    /// Rows with a value, now and in the earlier uploads together.
    pub now: FieldProfile,
    pub before: FieldProfile,
    /// Earlier uploads that it is compared with.
    pub uploads: i64,
    /// The means differ, not the shares.
    pub of_means: bool,
}

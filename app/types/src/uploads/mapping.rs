//! Which column is which field, and how the file is to be read and merged.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Our field → where its value comes from. `attributes.KEY` keeps a column of customers as the extra attribute KEY.
pub type Mapping = BTreeMap<String, Source>;

/// Where the value of one field comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Source {
    /// A plain string means the column of that name.
    Name(String),
    Column {
        column: String,
        /// Theirs → ours, for words that mean the same.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, String>,
    },
    Constant {
        constant: String,
    },
    RowNumber {
        row_number: bool,
    },
}

/// What to do with a key that is already known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnKnown {
    #[default]
    Update,
    /// Keep what is there.
    Leave,
    /// Update what is known, pass over what is not.
    UpdateOnly,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Blanks {
    /// A blank cell leaves what is known.
    #[default]
    Keep,
    /// A blank cell makes the value unknown.
    Overwrite,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Groups {
    #[default]
    Add,
    /// The file is the whole truth for each group (order, campaign day) in it.
    Replace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    Point,
    Comma,
}

/// How the file is to be read and merged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct UploadOptions {
    pub on_known: OnKnown,
    pub blanks: Blanks,
    pub groups: Groups,
    /// Undo the earlier upload of the same kind and name in the same step.
    pub replace_named: bool,
    /// Keep every column of customers that is not mapped as an extra attribute.
    pub keep_unmapped: bool,
    /// The system whose ids these are; empty for the usual one.
    pub source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub widths: Option<Vec<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
}

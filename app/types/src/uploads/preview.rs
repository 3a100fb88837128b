//! What the mapping page shows of a file before anything is decided.

use super::{DateOrder, DecimalMark, Mapping, UploadOptions};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The first rows of a file and what we take its columns for: what the mapping page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Of text; otherwise the format: `XLSX`, `XLS`, `ODS` or `Parquet`.
    pub encoding: String,
    /// `,` `;` `|` `tab` `blanks` or `widths`; empty where cells are not divided by characters.
    pub delimiter: String,
    /// The sheets of a workbook, in its order.
    pub sheets: Vec<String>,
    /// The sheet that the columns are of.
    pub sheet: Option<String>,
    pub columns: Vec<PreviewColumn>,
    /// Our field → the column that we suggest.
    pub suggestion: Mapping,
    /// Rows that the samples and counts are of: the first of the file.
    pub rows: i64,
    /// The suggestion is the mapping of an earlier file with the same header, committed at this time.
    pub saved_at: Option<DateTime<Utc>>,
    /// The options to start with: those of that earlier file, unless others were chosen for this one.
    pub options: UploadOptions,
    /// Groups of the first rows that are known already with other rows: then `groups: replace` is likely to be meant.
    pub known_groups: Option<KnownGroups>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewColumn {
    pub name: String,
    /// The first few values that are not blank.
    pub samples: Vec<String>,
    /// Cells of the sample that are not blank.
    pub filled: i64,
    /// What the values look like, with the first of them as they would be read.
    pub reading: Reading,
    /// Its values with how often each comes, most frequent first; empty when there are too many to be categories.
    pub values: Vec<ValueCount>,
}

/// How a column is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Reading {
    #[default]
    Text,
    Number {
        mark: DecimalMark,
        /// The values themselves say so; otherwise it is our guess.
        sure: bool,
        first: Vec<ReadAs>,
    },
    Date {
        order: DateOrder,
        /// The values themselves say so, or every order reads them alike; otherwise it is our guess.
        sure: bool,
        first: Vec<ReadAs>,
    },
}

/// A cell and what it is read as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadAs {
    pub cell: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Without marks of thousands and with a point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// A value of a column of categories.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValueCount {
    pub value: String,
    pub count: i64,
    /// Another value of the column that probably means the same, such as the words of which this is the initials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alike: Option<String>,
    /// In a column of a field that has words of ours: the word that it is taken for, empty when it says that nothing is known; absent when it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownGroups {
    /// Groups in the first rows of the file.
    pub groups: i64,
    /// Those that are known and would get rows beside those that they have.
    pub differing: i64,
}

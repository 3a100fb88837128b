//! What a run keeps beside its groups: which features it saw and how it scaled them, the curve that chose k, what sets each group apart, how
//! customers moved from one run to another, and runs that come back.

use crate::segments::Method;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How a method came to its groups. What a method has not is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct RunDetails {
    /// Features of clusters, in the order in which they were chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<UsedFeature>,
    /// How well groupings of the sample separate, by number of groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub curve: Vec<CurvePoint>,
    /// Customers of the sample on which silhouette, curve and stability were measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<i64>,
    /// Seeds whose groupings of the sample the stability compares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<i64>,
    /// Steps until the groups no longer changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iterations: Option<i64>,
    /// Weight of a category that differs, of k-prototypes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<f64>,
    /// Cut points behind the RFM scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cuts: Option<RunCuts>,
    /// The median gap between order days of everybody, of lifecycle stages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usual_gap_days: Option<f64>,
}

/// The four values that divide each column; a value belongs to the first that it does not exceed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RunCuts {
    /// Days.
    pub r: Option<[f64; 4]>,
    /// Orders.
    pub f: Option<[f64; 4]>,
    /// Currency of the installation.
    pub m: Option<[f64; 4]>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsedFeature {
    pub name: String,
    /// A category; otherwise a number.
    pub category: bool,
    /// The logarithm of one more was taken before scaling.
    #[serde(default)]
    pub log: bool,
    /// What was taken off, after the logarithm, and by what the rest was divided.
    pub shift: f64,
    pub scale: f64,
    /// Customers without a value: they have the median of the others, or a category of their own.
    pub missing: i64,
}

/// One number of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurvePoint {
    pub k: i64,
    pub inertia: f64,
    /// Null when fewer than two groups were found.
    pub silhouette: Option<f64>,
}

/// How a group differs from everybody in one feature.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trait {
    pub feature: String,
    /// Of a category: the value that differs most; empty is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Mean of the group, or its share of those with this value.
    pub own: f64,
    /// The same of all customers that the run covers.
    pub all: f64,
    /// Standard deviations between the two, after logarithm and scaling.
    pub difference: f64,
}

/// How the customers of one run are spread over the groups of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moves {
    pub from: i64,
    pub to: i64,
    /// Pairs of groups with at least one customer, in the order of the groups. A customer whom only one of the runs covers has no group in the
    /// other.
    pub cells: Vec<Move>,
    /// Customers whom both cover.
    pub both: i64,
    /// Of these, those in a group of the same key.
    pub stayed: i64,
    /// Agreement of the two partitions of those whom both cover: 1 the same, about 0 chance; null when nobody is.
    pub adjusted_rand: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Move {
    /// Key of a group of the earlier run; null: it does not cover them.
    pub from: Option<String>,
    /// Key of a group of the later run; null: it does not cover them.
    pub to: Option<String>,
    pub size: i64,
}

/// How often a scheduled run comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Every {
    Day,
    Week,
    Month,
}

impl Every {
    pub const ALL: [Every; 3] = [Every::Day, Every::Week, Every::Month];

    pub fn as_str(self) -> &'static str {
        match self {
            Every::Day => "day",
            Every::Week => "week",
            Every::Month => "month",
        }
    }

    pub fn parse(text: &str) -> Option<Every> {
        Every::ALL.into_iter().find(|every| every.as_str() == text)
    }
}

/// What a program posts to have a run come back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSchedule {
    pub method: Method,
    #[serde(default)]
    pub params: serde_json::Map<String, serde_json::Value>,
    #[serde(default = "first")]
    pub seed: i64,
    pub every: Every,
    /// Of `week`: 1 is Monday, 7 Sunday.
    #[serde(default)]
    pub weekday: Option<u8>,
    /// Of `month`: 1 to 31; in a month without it the last.
    #[serde(default)]
    pub day: Option<u8>,
    /// Local time of the installation, `HH:MM`.
    pub at: String,
}

fn first() -> i64 {
    1
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Schedule {
    pub id: i64,
    pub method: Method,
    pub params: serde_json::Map<String, serde_json::Value>,
    pub seed: i64,
    pub every: Every,
    pub weekday: Option<u8>,
    pub day: Option<u8>,
    pub at: String,
    pub next_at: Option<DateTime<Utc>>,
    /// The run that it started last.
    pub last_run: Option<i64>,
    /// Why the last time brought no run.
    pub problem: Option<String>,
    /// Whose rights its runs have; absent: the command line.
    #[serde(skip)]
    pub person_id: Option<i64>,
    pub created_by: String,
}

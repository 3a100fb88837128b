//! A portrait: how a group differs from a baseline, value by value, with intervals.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Portrait {
    /// The group as the address names it, such as `run:7:champions`.
    pub segment: String,
    pub baseline: String,
    pub size: i64,
    pub baseline_size: i64,
    pub level: f64,
    pub currency: String,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub dimensions: Vec<Dimension>,
    pub measures: Vec<Measure>,
    /// What stands out, strongest evidence first.
    pub findings: Vec<Finding>,
    /// How many values were compared before the findings were chosen.
    pub comparisons: i64,
}

/// One way to divide people: `gender`, `age_band`, `favourite_category` …
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dimension {
    pub name: String,
    /// Fraction of the group whose value is known.
    pub coverage: f64,
    pub baseline_coverage: f64,
    pub values: Vec<DimensionValue>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DimensionValue {
    pub value: String,
    pub count: i64,
    pub baseline_count: i64,
    /// Fraction of the group's people whose value is known.
    pub share: f64,
    pub baseline_share: f64,
    /// Target group index, base 100; absent when the baseline has nobody.
    pub tgi: Option<f64>,
    pub tgi_low: Option<f64>,
    pub tgi_high: Option<f64>,
}

/// A number per person, compared by its mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measure {
    pub name: String,
    /// People of the group who have the number.
    pub count: i64,
    pub mean: Option<f64>,
    pub median: Option<f64>,
    pub baseline_mean: Option<f64>,
    pub baseline_median: Option<f64>,
    /// Interval of the group's mean at the portrait's level.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    pub dimension: String,
    pub value: String,
    /// An observation in words, in the language that was asked for.
    pub sentence: String,
    pub count: i64,
    pub share: f64,
    pub baseline_share: f64,
    pub tgi: f64,
    pub tgi_low: Option<f64>,
    pub tgi_high: Option<f64>,
}

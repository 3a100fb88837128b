//! Segmentation runs: a method, its parameters, the data version it saw, and the groups it found.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Method {
    Rfm,
    Kmeans,
    Kprototypes,
    Lifecycle,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Rfm => "rfm",
            Method::Kmeans => "kmeans",
            Method::Kprototypes => "kprototypes",
            Method::Lifecycle => "lifecycle",
        }
    }

    pub fn parse(text: &str) -> Option<Method> {
        [Method::Rfm, Method::Kmeans, Method::Kprototypes, Method::Lifecycle]
            .into_iter()
            .find(|m| m.as_str() == text)
    }
}

/// What a program posts to start a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    pub method: Method,
    /// Local date up to and including which facts count; absent: the local date of `data_as_of`.
    #[serde(default)]
    pub as_of: Option<NaiveDate>,
    #[serde(default = "default_seed")]
    pub seed: i64,
    #[serde(default)]
    pub params: serde_json::Map<String, serde_json::Value>,
}

fn default_seed() -> i64 {
    1
}

/// One run with its result, as the API and the pages show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Run {
    pub id: i64,
    pub job_id: i64,
    pub method: Method,
    pub params: serde_json::Map<String, serde_json::Value>,
    pub seed: i64,
    pub as_of: Option<NaiveDate>,
    /// `running` while its job has not ended, then `done`, or `failed`.
    pub state: RunState,
    pub quality: Quality,
    pub segments: Vec<RunSegment>,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub currency: String,
    /// A later version of the data has been published since.
    pub outdated: bool,
    /// Customers that the run covers.
    pub covered: i64,
    /// All customers of the data version, covered or not.
    pub customers: i64,
    pub created_at: DateTime<Utc>,
    pub duration_ms: Option<i64>,
    pub requested_by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    Running,
    Done,
    Failed,
}

/// How well a clustering separates; RFM is a rule and has none of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quality {
    pub inertia: Option<f64>,
    pub silhouette: Option<f64>,
    pub stability: Option<f64>,
}

/// One group of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunSegment {
    pub key: String,
    pub name: String,
    pub size: i64,
    /// Fraction of the customers that the run covers.
    pub share: f64,
    pub profile: RfmProfile,
}

/// Means and medians of a group: recency in days, frequency in counting orders, monetary in the installation's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RfmProfile {
    pub recency_mean: f64,
    pub recency_median: f64,
    pub frequency_mean: f64,
    pub frequency_median: f64,
    pub monetary_mean: f64,
    pub monetary_median: f64,
    /// Sum of the monetary value of the group.
    pub monetary_total: f64,
}

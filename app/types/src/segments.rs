//! Segmentation runs: a method, its parameters, the data version it saw, and the groups it found. Saved segments: rules and lists.

use crate::rules::Rule;
use crate::runs::{RunDetails, Trait};
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
    #[serde(default)]
    pub details: RunDetails,
    pub segments: Vec<RunSegment>,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub currency: String,
    /// A later version of the data has been published since.
    pub outdated: bool,
    /// The run of its method that pages and campaigns use: the one that somebody chose, else the newest.
    #[serde(default)]
    pub current: bool,
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
    /// The name is the company's own: it is shown as it is, in every language.
    #[serde(default, skip_serializing_if = "is_false")]
    pub own_name: bool,
    pub size: i64,
    /// Fraction of the customers that the run covers.
    pub share: f64,
    pub profile: RfmProfile,
    /// How a cluster differs from everybody, the largest difference first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<Trait>,
}

fn is_false(value: &bool) -> bool {
    !value
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

/// A saved segment: a rule, or a list of ids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Segment {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub folder: String,
    /// `#rrggbb`, or empty.
    pub colour: String,
    /// Who made it.
    pub owner: String,
    /// Null for a list of ids.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub rule: Option<Rule>,
    /// How many ids were listed; null for a rule.
    pub listed: Option<i64>,
    /// Customers who belong to it in this version of the data; null when its rule cannot be answered any more.
    pub size: Option<i64>,
    /// Fraction of all customers.
    pub share: Option<f64>,
    /// Why there is no size.
    pub problem: Option<String>,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Sizes in the versions of the data since the rule was last changed, oldest first; in lists left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<SegmentSize>,
    /// Segments whose rules name this one; in lists left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<SegmentName>,
    /// Tags whose tiers name this one, with their numbers; in lists left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by_tags: Vec<SegmentName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SegmentSize {
    pub data_version: i64,
    pub size: i64,
    /// All customers of that version.
    pub customers: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SegmentName {
    pub id: i64,
    pub name: String,
}

/// What a program posts or puts to save a segment: a rule or members, not both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSegment {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub folder: String,
    /// `#rrggbb`, or empty.
    #[serde(default)]
    pub colour: String,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub rule: Option<serde_json::Value>,
    /// Ids of customers, `id` or `source:id`.
    #[serde(default)]
    pub members: Option<Vec<String>>,
}

/// A rule that is being written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewAsked {
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub rule: serde_json::Value,
    /// Local date up to and including which facts count; absent: the local date of `data_as_of`.
    #[serde(default)]
    pub as_of: Option<NaiveDate>,
}

/// How many customers fit a rule, exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RulePreview {
    pub count: i64,
    /// All customers.
    pub total: i64,
    /// In reading order; groups have no line of their own.
    pub conditions: Vec<ConditionPreview>,
    pub elapsed_ms: f64,
    pub as_of: NaiveDate,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConditionPreview {
    /// JSON pointer of the condition inside the rule.
    pub path: String,
    /// Customers who fit the condition by itself.
    pub alone: i64,
    /// Customers who fit the rule as it stands up to and including this condition.
    pub left: i64,
}

//! What is answered around a rule while it is written and after it is saved: which values its fields have, what sets its group apart, why one
//! customer fits or does not, and how saved segments overlap.

use crate::portraits::Finding;
use crate::rules::ValueKind;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What a field holds, so that nobody has to guess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldValues {
    /// `customers`, or the facts whose field it is: `orders`, `order_lines`, `interactions`, `touches`, `reviews`.
    pub of: String,
    pub field: String,
    pub kind: ValueKind,
    /// Customers, or facts of customers.
    pub total: i64,
    /// Those whose value is known.
    pub known: i64,
    /// Texts, and yes and no as `true` and `false`: the most frequent first, at most 50.
    pub values: Vec<FieldValue>,
    /// How many different texts there are, shown or not.
    pub different: i64,
    /// Least and greatest number.
    pub least: Option<f64>,
    pub greatest: Option<f64>,
    /// The numbers that a quarter, half and three quarters of the customers do not exceed; null for facts.
    pub quartiles: Option<[f64; 3]>,
    pub first_day: Option<NaiveDate>,
    pub last_day: Option<NaiveDate>,
    pub as_of: NaiveDate,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldValue {
    pub value: String,
    pub count: i64,
}

/// What sets the customers of a rule apart from all customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleFindings {
    pub size: i64,
    /// All customers.
    pub baseline_size: i64,
    /// Level of the intervals.
    pub level: f64,
    /// Strongest evidence first, at most five.
    pub findings: Vec<Finding>,
    /// How many values were compared before the findings were chosen.
    pub comparisons: i64,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
}

/// Why a customer belongs to a segment, or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Why {
    pub segment: i64,
    pub customer: String,
    pub belongs: bool,
    /// The rule and every rule in it, in reading order; of a list nothing.
    pub reasons: Vec<WhyReason>,
    pub as_of: NaiveDate,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhyReason {
    /// JSON pointer inside the rule.
    pub path: String,
    pub passes: bool,
    /// The customer's value; absent for rules that compare none, null when it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "maybe_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub value: Option<WhyValue>,
}

/// One value: a text, a number, a date as `2026-03-01`, true or false, or null when it is not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum WhyValue {
    YesNo(bool),
    Number(f64),
    Day(NaiveDate),
    Text(String),
    Unknown,
}

/// Absent and null are different things here.
mod maybe_null {
    use super::WhyValue;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(value: &Option<WhyValue>, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<WhyValue>, D::Error> {
        let value = Option::<WhyValue>::deserialize(deserializer)?;
        Ok(Some(value.unwrap_or(WhyValue::Unknown)))
    }
}

/// How segments overlap. Every customer of any of them is in exactly one part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overlap {
    pub segments: Vec<OverlapSegment>,
    /// Parts that somebody is in, the largest first.
    pub parts: Vec<OverlapPart>,
    /// Customers of any of the segments.
    pub any: i64,
    /// Customers of all of them.
    pub all: i64,
    /// All customers.
    pub customers: i64,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverlapSegment {
    pub id: i64,
    pub name: String,
    pub size: i64,
}

/// Customers who are in these segments and in none of the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverlapPart {
    pub inside: Vec<i64>,
    pub size: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_that_is_not_known_is_null_and_not_absent() {
        let reason = |value| WhyReason {
            path: "/all/0".into(),
            passes: false,
            value,
        };
        for (value, text) in [
            (None, json!({"path": "/all/0", "passes": false})),
            (
                Some(WhyValue::Unknown),
                json!({"path": "/all/0", "passes": false, "value": null}),
            ),
            (
                Some(WhyValue::Number(2.0)),
                json!({"path": "/all/0", "passes": false, "value": 2.0}),
            ),
            (
                "2026-03-01".parse().ok().map(WhyValue::Day),
                json!({"path": "/all/0", "passes": false, "value": "2026-03-01"}),
            ),
        ] {
            assert_eq!(serde_json::to_value(reason(value.clone())).ok(), Some(text.clone()));
            assert_eq!(serde_json::from_value(text).ok(), Some(reason(value)));
        }
    }
}

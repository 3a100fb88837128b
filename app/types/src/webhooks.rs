//! Webhooks: another system is told when the size of a saved segment crosses a threshold.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Which crossings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The size reaches the threshold from below.
    Rises,
    /// The size falls below the threshold.
    Falls,
    Both,
}

impl Direction {
    pub const ALL: [Direction; 3] = [Direction::Both, Direction::Rises, Direction::Falls];

    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Rises => "rises",
            Direction::Falls => "falls",
            Direction::Both => "both",
        }
    }

    pub fn parse(text: &str) -> Option<Direction> {
        Direction::ALL.into_iter().find(|direction| direction.as_str() == text)
    }
}

/// What a program posts to make one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Number of a saved segment.
    pub segment: i64,
    /// `https://…`; `http://…` where the installation allows private networks.
    pub url: String,
    /// A size of 1 or more; reached means that the segment has at least so many customers.
    pub threshold: i64,
    pub direction: Direction,
}

/// What a program puts to change one. Its segment and its secret stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    pub url: String,
    pub threshold: i64,
    pub direction: Direction,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhook {
    pub id: i64,
    pub segment: i64,
    pub segment_name: String,
    pub url: String,
    pub threshold: i64,
    pub direction: Direction,
    /// Whether the size had reached the threshold when it was last looked at; null before there is data.
    pub reached: Option<bool>,
    /// The size that was last looked at, and in which version of the data.
    pub last_size: Option<i64>,
    pub last_version: Option<i64>,
    /// Who made it.
    pub owner: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The newest delivery, whatever became of it.
    pub last_delivery: Option<Delivery>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Not yet, or to be tried again.
    Waiting,
    /// Answered with a status from 200 to 299.
    Delivered,
    /// Given up.
    Failed,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<DeliveryState> {
        [DeliveryState::Waiting, DeliveryState::Delivered, DeliveryState::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// One event for one webhook, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    pub id: i64,
    /// The same in every attempt, so that a receiver can tell a repeated one.
    pub event_id: String,
    /// `segment.rose`, `segment.fell` or `test`.
    pub event: String,
    pub state: DeliveryState,
    pub attempts: i32,
    /// HTTP status of the last answer; null when there was none.
    pub status: Option<i32>,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    /// At most 200 characters of the last answer.
    pub answer: Option<String>,
    /// What is sent.
    pub body: serde_json::Value,
    pub data_version: Option<i64>,
    pub job_id: Option<i64>,
    pub created_at: DateTime<Utc>,
    pub tried_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

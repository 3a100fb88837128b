//! What a campaign cost, brought and changed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The figures of one campaign, or of all campaigns together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Return {
    pub cost: f64,
    pub revenue: f64,
    pub refunds: f64,
    pub net_revenue: f64,
    /// Net revenue minus unit costs; absent when no unit costs are known.
    pub margin: Option<f64>,
    pub roi: Option<f64>,
    pub roas: Option<f64>,
    pub net_roas: Option<f64>,
    /// Cost per customer whose first counting order it brought.
    pub cac: Option<f64>,
    pub payback_days: Option<i64>,
    pub orders: i64,
    pub new_customers: i64,
    /// People touched, held-out people not among them.
    pub people: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignRow {
    pub campaign_id: String,
    pub name: Option<String>,
    pub channel: Option<String>,
    pub objective: Option<String>,
    pub starts_at: Option<NaiveDate>,
    pub ends_at: Option<NaiveDate>,
    pub budget: Option<f64>,
    #[serde(flatten)]
    pub figures: Return,
    /// Whether the hold-out proves an effect on ordering.
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignList {
    pub currency: String,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    /// Days after the last touch in which an order is counted.
    pub window_days: i64,
    pub items: Vec<CampaignRow>,
    pub next: Option<String>,
    pub total: Return,
    /// Costs and orders that could not be converted for lack of an exchange rate.
    pub not_converted: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Campaign {
    pub currency: String,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub window_days: i64,
    #[serde(flatten)]
    pub row: CampaignRow,
    pub holdout_share: Option<f64>,
    pub funnel: Vec<FunnelStep>,
    /// By group of the current RFM run, when there is one.
    pub by_segment: Vec<ReturnSlice>,
    pub by_channel: Vec<ReturnSlice>,
    pub by_day: Vec<ReturnDay>,
    pub lift: Vec<Lift>,
    pub not_converted: i64,
    /// Refund documents of touched customers in the window; they belong to no order and are shown beside the return.
    pub refund_documents: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunnelStep {
    /// `touched`, `delivered`, `opened`, `clicked`, `ordered`.
    pub step: String,
    pub customers: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnSlice {
    pub key: String,
    pub people: i64,
    pub cost: Option<f64>,
    pub orders: i64,
    pub revenue: f64,
    pub net_revenue: f64,
    pub roi: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnDay {
    pub day: NaiveDate,
    pub cost: f64,
    pub orders: i64,
    pub revenue: f64,
    pub net_revenue: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Proven,
    NotProven,
    NoHoldout,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Arm {
    pub n: i64,
    pub mean: Option<f64>,
}

/// What the treated did beyond the held out, for one outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lift {
    /// `visited`, `ordered` or `spend`.
    pub outcome: String,
    pub treated: Arm,
    pub held_out: Arm,
    /// People who were in both arms.
    pub excluded: i64,
    pub difference: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub level: f64,
    pub z: Option<f64>,
    pub p: Option<f64>,
    pub sample_ratio_p: Option<f64>,
    pub verdict: Verdict,
}

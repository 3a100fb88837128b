//! How the company is doing: the figures of the first page, each against the period before.

use crate::query::Period;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A figure in the period and in the period before; absent when it has no base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Compared {
    pub now: Option<f64>,
    pub before: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    pub currency: String,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub period: Period,
    pub comparison: Period,
    /// Value of counting orders minus refunds, each on its own date.
    pub net_revenue: Compared,
    pub refunds: Compared,
    pub orders: Compared,
    /// Customers with at least one counting order in the period.
    pub active_customers: Compared,
    /// Fraction of them who had ordered before, in the period or earlier.
    pub repeat_rate: Compared,
    /// Return on investment of all campaigns with a touch or a cost in the period.
    pub campaign_roi: Compared,
    pub by_day: Vec<RevenueDay>,
    pub by_day_before: Vec<RevenueDay>,
    /// Campaign ROI by month of touch, oldest first.
    pub campaign_roi_by_month: Vec<RoiMonth>,
    /// All customers of the data version.
    pub customers: i64,
    /// Orders that have no customer, in the period.
    pub orders_without_customer: i64,
    /// Amounts that could not be converted for lack of an exchange rate, in the period.
    pub not_converted: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevenueDay {
    pub day: NaiveDate,
    pub orders: i64,
    pub revenue: f64,
    pub net_revenue: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoiMonth {
    pub month: NaiveDate,
    pub cost: f64,
    pub net_revenue: f64,
    pub roi: Option<f64>,
}

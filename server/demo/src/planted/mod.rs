//! What was put into the data, in words that a check can read: the content of `planted.json`. README.md describes its fields.

use crate::DemoFile;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod describe;

pub(crate) use describe::planted;

/// Raised when a field changes its meaning.
pub const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planted {
    pub format: u32,
    pub seed: u64,
    pub customers: u64,
    /// First local day of orders, and the last day of anything.
    pub first_day: NaiveDate,
    pub end: NaiveDate,
    pub files: Vec<DemoFile>,
    pub kinds: Vec<PlantedKind>,
    pub campaigns: Vec<PlantedCampaign>,
    pub drivers: Vec<PlantedDriver>,
    pub kind_drivers: Vec<PlantedKindDriver>,
    pub associations: Vec<PlantedPair>,
    pub product_lines: Vec<PlantedLine>,
    pub after_sales: AfterSales,
    pub seasonality: Seasonality,
    pub payments: Vec<PlantedPayment>,
    pub contact: ContactHabits,
    pub reviews: PlantedReviews,
}

/// A latent kind of customers; planted_customers.csv says who is which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedKind {
    pub key: String,
    pub share: f64,
    pub customers: u64,
    /// Mean orders a year while active.
    pub orders_per_year: f64,
    /// Shape of the gamma over customers.
    pub spread: f64,
    /// Mean rate of leaving for good, per year.
    pub leaving_per_year: f64,
    pub one_time_share: f64,
    pub never_share: f64,
    pub coupon_share: f64,
    pub refund_factor: f64,
    pub campaign_factor: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedCampaign {
    pub campaign_id: String,
    pub name: String,
    pub channel: String,
    /// True of the channels that always run: no hold-out, and they cause nothing.
    pub always_on: bool,
    /// Every window has ended with the data; otherwise the truth below is cut short.
    pub complete: bool,
    /// `adds_orders`, `nothing`, or `drives_away`.
    pub effect: String,
    pub window_days: i64,
    /// The announced hold-out, and the one that arrives.
    pub holdout_share: Option<f64>,
    pub arriving_holdout_share: Option<f64>,
    /// Days without an order before the start that the audience must have.
    pub lapsed_days: Option<i64>,
    /// Planted probability of one order more within the window, by kind: through the person's best channel, and otherwise; and
    /// the mean over all treated people.
    pub extra_order_probability: BTreeMap<String, (f64, f64)>,
    pub mean_extra_order_probability: f64,
    /// Planted probability that a treated person's orders of the window are lost.
    pub lost_window_probability: f64,
    pub truth: Option<CampaignTruth>,
}

/// What happened to the treated people against what would have happened without this campaign, everything else equal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CampaignTruth {
    pub treated: u64,
    pub held_out: u64,
    pub extra_orders: u64,
    /// Share of treated people with a counting order in their window, with and without the campaign, and the difference.
    pub ordered_with: f64,
    pub ordered_without: f64,
    pub ordered_lift: f64,
    /// Mean order value net of refunds per treated person.
    pub spend_with: f64,
    pub spend_without: f64,
    pub spend_lift: f64,
    /// The difference in ordering by kind.
    pub ordered_lift_by_kind: BTreeMap<String, f64>,
}

/// This audience chooses this category `factor` times as readily.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedDriver {
    pub category: String,
    pub age_bands: Vec<String>,
    /// Absent: everyone.
    pub gender: Option<String>,
    pub factor: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedKindDriver {
    pub category: String,
    pub kind: String,
    pub factor: f64,
}

/// A basket with one of `first` gets one of `second` with this probability on top of chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedPair {
    pub first: Vec<String>,
    pub second: Vec<String>,
    pub first_category: String,
    pub second_category: String,
    pub probability: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedLine {
    pub category: String,
    /// Share of delivered orders whose first line is of this category that are refunded, for a kind with factor 1.
    pub refund_rate: f64,
    /// Factor of each month, January first.
    pub months: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AfterSales {
    pub late_share: f64,
    /// Share of refunds that take 12 to 28 days; the others take 1 to 4.
    pub slow_refund_share: f64,
    /// Probability of never ordering again.
    pub gone_after_slow_refund: f64,
    pub gone_after_fast_refund: f64,
    pub gone_after_late_delivery: f64,
    pub delivered_orders: u64,
    pub refunded_orders: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seasonality {
    /// Growth of each customer's intensity and of sign-ups.
    pub growth_per_year: f64,
    pub sign_up_growth_per_year: f64,
    pub markets: Vec<PlantedMarket>,
}

/// Factors multiply; they are scaled together to a mean of 1 over all days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedMarket {
    pub market: String,
    pub countries: Vec<String>,
    /// January first, Monday first, hour 0 first.
    pub months: Vec<f64>,
    pub weekdays: Vec<f64>,
    pub hours: Vec<f64>,
    pub feasts: Vec<PlantedFeast>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedFeast {
    pub name: String,
    /// Month and day; absent is the Chinese New Year.
    pub month_day: Option<(u32, u32)>,
    /// Days from and to it, both included.
    pub from: i64,
    pub to: i64,
    pub factor: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedPayment {
    pub country: String,
    pub method: String,
    pub share_below_35: f64,
    pub share_from_35: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactHabits {
    pub channels: Vec<String>,
    /// Factor on opening when the message comes through the person's best channel, and otherwise.
    pub opens_best_channel: (f64, f64),
    /// Factor on opening when it comes within two hours of the person's best hour, and otherwise.
    pub opens_best_hour: (f64, f64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedReviews {
    pub lost_stars: BTreeMap<String, f64>,
    /// Share of reviews that name the wish of their category.
    pub wish_share: f64,
    pub wishes: Vec<PlantedWish>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedWish {
    pub category: String,
    pub key: String,
    pub chinese: String,
    pub english: String,
}

//! What did campaigns cost and bring? Cells by campaign, channel and local day, from which every table of campaigns is added up; and the
//! people behind one campaign. Which touch took which order was derived when the version was published.

mod figures;
mod lift;
mod people;

pub use people::{CampaignPeople, SegmentCell};

use crate::error::Result;
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use figures::Reader;
use std::collections::BTreeMap;
use types::query::Period;

/// Which campaigns and which local days. Costs count on their own day, orders on the day of the order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CampaignQuestion {
    pub campaign: Option<String>,
    pub period: Option<Period>,
}

/// A campaign as it was uploaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CampaignDetails {
    pub campaign_id: String,
    pub name: Option<String>,
    pub channel: Option<String>,
    pub objective: Option<String>,
    pub starts_at: Option<NaiveDate>,
    pub ends_at: Option<NaiveDate>,
    pub budget: Option<f64>,
    pub holdout_share: Option<f64>,
}

/// What one campaign cost and brought through one channel on one local day.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignCell {
    pub campaign_id: String,
    /// Of the cost or the touch, else of the campaign.
    pub channel: Option<String>,
    pub day: NaiveDate,
    pub cost: f64,
    pub orders: u64,
    /// Customers whose first counting order is among them.
    pub new_customers: u64,
    pub revenue: f64,
    /// Refunds of the orders in question, on the day on which they were paid back.
    pub refunds: f64,
    /// What the goods of the orders cost; `None` when that is not known for all of their lines.
    pub unit_costs: Option<f64>,
}

/// The people of one campaign that had something to do with a channel; `channel` `None` in `people` is everybody.
#[derive(Clone, Debug, PartialEq)]
pub struct ReachCell {
    pub campaign_id: String,
    pub channel: Option<String>,
    pub people: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CampaignFigures {
    pub campaigns: Vec<CampaignDetails>,
    pub cells: Vec<CampaignCell>,
    /// People touched and not held out, by campaign.
    pub people: BTreeMap<String, u64>,
    /// The same over all campaigns, each person once.
    pub everybody: u64,
    /// Whether any product has a unit cost; without one there is no margin.
    pub unit_costs_known: bool,
    /// The same by campaign and channel. A person touched through two channels is in both.
    pub people_by_channel: Vec<ReachCell>,
    /// Costs and orders without an exchange rate, left out of the amounts.
    pub not_converted: u64,
}

/// What the touches of one local month cost and brought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthFigures {
    /// Its first day.
    pub month: NaiveDate,
    pub cost: f64,
    pub revenue: f64,
    pub refunds: f64,
}

/// What the people of one arm did within 30 days of their first touch. Sums allow for means and variances.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ArmFigures {
    pub people: u64,
    pub visited: u64,
    pub ordered: u64,
    /// Mean spend per person and its variance (divided by n - 1).
    pub spend_mean: f64,
    pub spend_variance: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LiftFigures {
    pub treated: ArmFigures,
    pub held_out: ArmFigures,
    /// People who were in both arms and count in none.
    pub excluded: u64,
}

impl Snapshot {
    pub async fn campaign_figures(&self, question: CampaignQuestion) -> Result<CampaignFigures> {
        let this = self.clone();
        self.run(async move {
            Reader {
                snapshot: &this,
                question: &question,
            }
            .read()
            .await
        })
        .await
    }

    /// Costs by the month of their day, orders by the month of the touch that took them; oldest first.
    pub async fn campaign_months(&self) -> Result<Vec<MonthFigures>> {
        let this = self.clone();
        self.run(async move {
            Reader {
                snapshot: &this,
                question: &CampaignQuestion::default(),
            }
            .months()
            .await
        })
        .await
    }

    /// The arms of every campaign that held people out, by campaign; of one campaign when it is named. A test is not cut by a period.
    pub async fn lift_figures(&self, campaign: Option<String>) -> Result<BTreeMap<String, LiftFigures>> {
        let this = self.clone();
        self.run(async move { lift::lift_figures(&this, campaign).await }).await
    }
}

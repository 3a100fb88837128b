//! The files that do not grow with the customers: products, campaigns, and what the campaigns cost.

use crate::campaigns::Campaign;
use crate::catalogue::PRODUCT_LINES;
use crate::model::Model;
use crate::rows::Rows;
use crate::tally::{Day, Tally};

pub const PRODUCT_HEADER: &str = "product_id,name,category,brand,unit_cost\n";
pub const CAMPAIGN_HEADER: &str = "campaign_id,name,channel,starts_at,ends_at,objective,budget,holdout_share\n";
pub const COST_HEADER: &str = "campaign_id,day,cost,channel,impressions,clicks,conversions\n";

/// Of an always-on channel most contacts are with people who are no customers.
const STRANGERS: u64 = 12;

pub fn products(model: &Model) -> Rows {
    let mut rows = Rows::default();
    for product in &model.products {
        rows.text(&product.id)
            .quoted(&product.name)
            .text(PRODUCT_LINES[product.line].name)
            .text(product.brand);
        rows.money(product.cost).end();
    }
    rows
}

pub fn campaigns(model: &Model) -> Rows {
    let mut rows = Rows::default();
    for campaign in &model.campaigns {
        rows.text(&campaign.id).text(&campaign.name).text(campaign.channel);
        rows.date(&model.days, campaign.starts)
            .date(&model.days, campaign.ends)
            .text(campaign.objective);
        rows.money(campaign.budget);
        if campaign.always_on.is_some() {
            rows.blank();
        } else {
            rows.money((campaign.holdout * 100.0).round() as i64);
        }
        rows.end();
    }
    rows
}

/// One row per campaign and day up to the end of the data; a campaign whose cost is not known has none.
pub fn campaign_costs(model: &Model, tally: &Tally) -> Rows {
    let mut rows = Rows::default();
    for (campaign, days) in model.campaigns.iter().zip(&tally.days) {
        if campaign.per_contact == 0 && campaign.per_day == 0 {
            continue;
        }
        for (offset, day) in (0..).zip(days) {
            if campaign.starts + offset > model.calendar.last_day {
                break;
            }
            rows.text(&campaign.id)
                .date(&model.days, campaign.starts + offset)
                .money(cost(campaign, day))
                .text(campaign.channel);
            let seen = if campaign.always_on.is_some() {
                (day.contacts + day.clicks) * STRANGERS
            } else {
                // Who clicks on a later day has seen it again on that day.
                day.contacts.max(day.clicks)
            };
            rows.whole(seen).whole(day.clicks);
            if campaign.always_on.is_some_and(|on| on.claims) {
                rows.whole(day.claims);
            } else {
                rows.blank();
            }
            rows.end();
        }
    }
    rows
}

/// Clicks cost in an always-on channel that sells clicks, contacts elsewhere; what stands on the touch is not counted again.
fn cost(campaign: &Campaign, day: &Day) -> i64 {
    let paid = match campaign.always_on {
        Some(on) if on.clicks => day.clicks,
        _ if campaign.cost_on_touch => 0,
        _ => day.contacts,
    };
    campaign.per_day + paid as i64 * campaign.per_contact
}

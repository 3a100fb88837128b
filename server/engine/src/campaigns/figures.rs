//! Adds cells up: one campaign, all of them, by channel, by day.

use analytics::roi::{self, Day};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use types::campaigns::{Return, ReturnDay, ReturnSlice};
use warehouse::query::campaigns::{CampaignCell, CampaignDetails, CampaignFigures};

/// What a cost or an order without a channel is listed under.
const NO_CHANNEL: &str = "unknown";

pub(super) struct Cells<'a> {
    figures: &'a CampaignFigures,
    by_campaign: BTreeMap<&'a str, Vec<&'a CampaignCell>>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(figures: &'a CampaignFigures) -> Cells<'a> {
        let mut by_campaign: BTreeMap<&str, Vec<&CampaignCell>> = BTreeMap::new();
        for cell in &figures.cells {
            by_campaign.entry(&cell.campaign_id).or_default().push(cell);
        }
        Cells { figures, by_campaign }
    }

    /// Days to pay back count from the campaign's start, else from its first cost or order.
    pub(super) fn of(&self, id: &str, details: &CampaignDetails) -> Return {
        let cells = self.by_campaign.get(id).map(Vec::as_slice).unwrap_or_default();
        let people = self.figures.people.get(id).copied().unwrap_or(0);
        self.sum(cells, people, details.starts_at)
    }

    /// All campaigns together, each person once.
    pub(super) fn total(&self) -> Return {
        let cells: Vec<&CampaignCell> = self.figures.cells.iter().collect();
        self.sum(&cells, self.figures.everybody, None)
    }

    fn sum(&self, cells: &[&CampaignCell], people: u64, start: Option<NaiveDate>) -> Return {
        let first = cells.iter().map(|cell| cell.day).min();
        let start = start.into_iter().chain(first).min().unwrap_or_default();
        let days: Vec<Day> = cells
            .iter()
            .map(|cell| Day {
                day: i32::try_from((cell.day - start).num_days()).unwrap_or(i32::MAX),
                revenue: cell.revenue,
                refunds: cell.refunds,
                unit_costs: cell.unit_costs.filter(|_| self.figures.unit_costs_known),
            })
            .collect();
        // A sum of nothing is minus zero.
        let cost = cells.iter().map(|cell| cell.cost).sum::<f64>() + 0.0;
        let new_customers = cells.iter().map(|cell| cell.new_customers).sum();
        let found = roi::campaign(cost, new_customers, &days);
        Return {
            cost: found.cost,
            revenue: found.revenue,
            refunds: found.refunds,
            net_revenue: found.net_revenue,
            margin: found.margin,
            roi: found.roi,
            roas: found.roas,
            net_roas: found.net_roas,
            cac: found.cac,
            payback_days: found.payback_days.map(i64::from),
            orders: cells.iter().map(|cell| cell.orders as i64).sum(),
            new_customers: new_customers as i64,
            people: people as i64,
        }
    }
}

/// By channel, the dearest and most fruitful first.
pub(super) fn slices(figures: &CampaignFigures) -> Vec<ReturnSlice> {
    let mut found: BTreeMap<&str, ReturnSlice> = BTreeMap::new();
    let key = |channel: &'_ Option<String>| -> String { channel.clone().unwrap_or_else(|| NO_CHANNEL.to_owned()) };
    let empty = |channel: &Option<String>| ReturnSlice {
        key: key(channel),
        people: 0,
        cost: Some(0.0),
        orders: 0,
        revenue: 0.0,
        net_revenue: 0.0,
        roi: None,
    };
    for cell in &figures.cells {
        let slice = found
            .entry(cell.channel.as_deref().unwrap_or(NO_CHANNEL))
            .or_insert_with(|| empty(&cell.channel));
        slice.cost = slice.cost.map(|cost| cost + cell.cost);
        slice.orders += cell.orders as i64;
        slice.revenue += cell.revenue;
        slice.net_revenue += cell.revenue - cell.refunds;
    }
    for cell in &figures.people_by_channel {
        let slice = found
            .entry(cell.channel.as_deref().unwrap_or(NO_CHANNEL))
            .or_insert_with(|| empty(&cell.channel));
        slice.people += cell.people as i64;
    }
    let mut slices: Vec<ReturnSlice> = found.into_values().collect();
    for slice in &mut slices {
        slice.roi = slice
            .cost
            .filter(|cost| *cost > 0.0)
            .map(|cost| (slice.net_revenue - cost) / cost);
    }
    slices.sort_by(|a, b| b.revenue.total_cmp(&a.revenue).then_with(|| a.key.cmp(&b.key)));
    slices
}

/// By local day; days on which nothing happened are left out.
pub(super) fn days(figures: &CampaignFigures) -> Vec<ReturnDay> {
    let mut found: BTreeMap<NaiveDate, ReturnDay> = BTreeMap::new();
    for cell in &figures.cells {
        let day = found.entry(cell.day).or_insert(ReturnDay {
            day: cell.day,
            cost: 0.0,
            orders: 0,
            revenue: 0.0,
            net_revenue: 0.0,
        });
        day.cost += cell.cost;
        day.orders += cell.orders as i64;
        day.revenue += cell.revenue;
        day.net_revenue += cell.revenue - cell.refunds;
    }
    found.into_values().collect()
}

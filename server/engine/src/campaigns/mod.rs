//! What campaigns cost, brought and changed. Costs count on their own day, orders on the day of the order, refunds with their order.

mod figures;
mod lift;
#[cfg(test)]
mod tests;

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, overview, segments};
use figures::{Cells, slices};
use std::collections::BTreeSet;
use types::auth::Right;
use types::campaigns::{Campaign, CampaignList, CampaignRow, FunnelStep, Return, ReturnSlice, Verdict};
use types::query::Period;
use warehouse::Snapshot;
use warehouse::derive::WINDOW_DAYS;
use warehouse::query::campaigns::{CampaignDetails, CampaignFigures, CampaignPeople, CampaignQuestion, LiftFigures};

/// All campaigns; with a period those that had a touch, a cost or an order in it, and what happened in it.
pub async fn list_campaigns(engine: &Engine, actor: &Actor, period: Option<Period>) -> Result<CampaignList> {
    actor.require(Right::See)?;
    period.map_or(Ok(()), overview::check)?;
    let snapshot = engine.snapshot().await?;
    let question = format!("campaigns {period:?}");
    engine
        .answers()
        .copy(snapshot.version(), question, list(&snapshot, period))
        .await
}

async fn list(snapshot: &Snapshot, period: Option<Period>) -> Result<CampaignList> {
    let figures = snapshot
        .campaign_figures(CampaignQuestion { campaign: None, period })
        .await?;
    let lifts = snapshot.lift_figures(None).await?;
    let cells = Cells::new(&figures);
    let active: BTreeSet<&str> = figures
        .cells
        .iter()
        .map(|cell| cell.campaign_id.as_str())
        .chain(figures.people.keys().map(String::as_str))
        .collect();
    let mut items: Vec<CampaignRow> = figures
        .campaigns
        .iter()
        .filter(|details| period.is_none() || active.contains(details.campaign_id.as_str()))
        .map(|details| {
            row(
                details,
                cells.of(&details.campaign_id, details),
                lifts.get(&details.campaign_id),
            )
        })
        .collect();
    items.sort_by(|a, b| {
        b.starts_at
            .cmp(&a.starts_at)
            .then_with(|| a.campaign_id.cmp(&b.campaign_id))
    });
    Ok(CampaignList {
        currency: snapshot.currency().to_owned(),
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        window_days: WINDOW_DAYS,
        items,
        next: None,
        total: cells.total(),
        not_converted: figures.not_converted as i64,
    })
}

/// One campaign, or its part in a period. The test against the held-out people always covers the whole campaign.
pub async fn get_campaign(engine: &Engine, actor: &Actor, id: &str, period: Option<Period>) -> Result<Campaign> {
    actor.require(Right::See)?;
    period.map_or(Ok(()), overview::check)?;
    let snapshot = engine.snapshot().await?;
    let groups = segments::newest_rfm_groups(engine).await?;
    // A later run changes the table by group.
    let run = groups.as_ref().map_or(0, |(run, _)| *run);
    let question = format!("campaign {period:?} {run} {id}");
    let answer = async {
        let figures = snapshot
            .campaign_figures(CampaignQuestion {
                campaign: Some(id.to_owned()),
                period,
            })
            .await?;
        let details = figures
            .campaigns
            .first()
            .ok_or_else(|| Error::not_found(format!("Campaign {id}")))?;
        let people = snapshot
            .campaign_people(id.to_owned(), period, groups.map(|(_, groups)| groups))
            .await?;
        let lift = snapshot.lift_figures(Some(id.to_owned())).await?.remove(id);
        Ok(campaign(&snapshot, details, &figures, &people, lift.as_ref()))
    };
    engine.answers().copy(snapshot.version(), question, answer).await
}

fn campaign(
    snapshot: &Snapshot,
    details: &CampaignDetails,
    figures: &CampaignFigures,
    people: &CampaignPeople,
    lift: Option<&LiftFigures>,
) -> Campaign {
    let cells = Cells::new(figures);
    let step = |step: &str, customers: u64| FunnelStep {
        step: step.to_owned(),
        customers: customers as i64,
    };
    Campaign {
        currency: snapshot.currency().to_owned(),
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        window_days: WINDOW_DAYS,
        row: row(details, cells.of(&details.campaign_id, details), lift),
        holdout_share: details.holdout_share,
        funnel: vec![
            step("touched", people.touched),
            step("delivered", people.delivered),
            step("opened", people.opened),
            step("clicked", people.clicked),
            step("ordered", people.ordered),
        ],
        by_segment: people
            .by_segment
            .iter()
            .map(|cell| ReturnSlice {
                key: cell.key.clone(),
                people: cell.people as i64,
                // Costs of the campaign as a whole belong to no group.
                cost: None,
                orders: cell.orders as i64,
                revenue: cell.revenue,
                net_revenue: cell.revenue - cell.refunds,
                roi: None,
            })
            .collect(),
        by_channel: slices(figures),
        by_day: figures::days(figures),
        lift: lift::outcomes(lift, details.holdout_share),
        not_converted: figures.not_converted as i64,
        refund_documents: people.refund_documents,
    }
}

fn row(details: &CampaignDetails, figures: Return, lift: Option<&LiftFigures>) -> CampaignRow {
    CampaignRow {
        campaign_id: details.campaign_id.clone(),
        name: details.name.clone(),
        channel: details.channel.clone(),
        objective: details.objective.clone(),
        starts_at: details.starts_at,
        ends_at: details.ends_at,
        budget: details.budget,
        figures,
        verdict: lift.map_or(Verdict::NoHoldout, lift::verdict),
    }
}

/// Return on investment of all campaigns together in a period; `None` without costs.
pub(crate) async fn roi_of(snapshot: &Snapshot, period: Period) -> Result<Option<f64>> {
    let figures = snapshot
        .campaign_figures(CampaignQuestion {
            campaign: None,
            period: Some(period),
        })
        .await?;
    Ok(Cells::new(&figures).total().roi)
}

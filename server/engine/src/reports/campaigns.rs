//! What campaigns cost and brought, as rows.

use super::ReportQuery;
use super::sheet::{Cell, Column, Report, Sheet, Unit, column};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, campaigns};
use types::campaigns::{Campaign, CampaignRow, Return, Verdict};

const COLUMNS: &[Column] = &[
    column("campaign_id", Unit::Text),
    column("name", Unit::Text),
    column("channel", Unit::Text),
    column("objective", Unit::Text),
    column("starts_at", Unit::Date),
    column("ends_at", Unit::Date),
    column("budget", Unit::Money),
    column("cost", Unit::Money),
    column("revenue", Unit::Money),
    column("refunds", Unit::Money),
    column("net_revenue", Unit::Money),
    column("margin", Unit::Money),
    column("roi", Unit::Fraction),
    column("roas", Unit::Number),
    column("net_roas", Unit::Number),
    column("cac", Unit::Money),
    column("payback_days", Unit::Whole),
    column("orders", Unit::Whole),
    column("new_customers", Unit::Whole),
    column("people", Unit::Whole),
    column("verdict", Unit::Text),
    column("currency", Unit::Text),
];

/// Every campaign of the page, with the totals in the account of the report: a row of totals would be added up with the others.
pub async fn all(engine: &Engine, actor: &Actor, query: &ReportQuery) -> Result<Report> {
    let list = campaigns::list_campaigns(engine, actor, query.period).await?;
    let mut about = Report::about(&list.currency, list.data_version, list.data_as_of, query.period);
    about.push(("return_window_days", list.window_days.into()));
    about.push(("not_converted", list.not_converted.into()));
    about.extend(totals(&list.total));
    let rows = list
        .items
        .iter()
        .map(|campaign| row(campaign, &list.currency))
        .collect();
    let sheet = Sheet {
        name: "campaigns",
        columns: COLUMNS.to_vec(),
        rows,
    };
    Ok(Report {
        name: "campaigns".into(),
        data_version: list.data_version,
        about,
        sheets: vec![sheet],
    })
}

/// One campaign: its row, then its days, channels, groups, steps and lift on sheets of their own.
pub async fn one(engine: &Engine, actor: &Actor, query: &ReportQuery) -> Result<Report> {
    let id = query
        .campaign
        .as_deref()
        .ok_or_else(|| Error::invalid("campaign", "is required: the id of a campaign"))?;
    let campaign = campaigns::get_campaign(engine, actor, id, query.period).await?;
    let mut about = Report::about(
        &campaign.currency,
        campaign.data_version,
        campaign.data_as_of,
        query.period,
    );
    about.push(("return_window_days", campaign.window_days.into()));
    about.push(("not_converted", campaign.not_converted.into()));
    about.push(("refund_documents", campaign.refund_documents.into()));
    about.push(("holdout_share", campaign.holdout_share.into()));
    let first = Sheet {
        name: "campaign",
        columns: COLUMNS.to_vec(),
        rows: vec![row(&campaign.row, &campaign.currency)],
    };
    let sheets = vec![
        first,
        days(&campaign),
        slices("by_channel", &campaign.by_channel),
        slices("by_segment", &campaign.by_segment),
        funnel(&campaign),
        lift(&campaign),
    ];
    Ok(Report {
        name: "campaign".into(),
        data_version: campaign.data_version,
        about,
        sheets,
    })
}

fn row(campaign: &CampaignRow, currency: &str) -> Vec<Cell> {
    let figures = &campaign.figures;
    vec![
        campaign.campaign_id.as_str().into(),
        campaign.name.clone().into(),
        campaign.channel.clone().into(),
        campaign.objective.clone().into(),
        campaign.starts_at.into(),
        campaign.ends_at.into(),
        campaign.budget.into(),
        figures.cost.into(),
        figures.revenue.into(),
        figures.refunds.into(),
        figures.net_revenue.into(),
        figures.margin.into(),
        figures.roi.into(),
        figures.roas.into(),
        figures.net_roas.into(),
        figures.cac.into(),
        figures.payback_days.into(),
        figures.orders.into(),
        figures.new_customers.into(),
        figures.people.into(),
        verdict(campaign.verdict).into(),
        currency.into(),
    ]
}

fn totals(total: &Return) -> Vec<(&'static str, Cell)> {
    vec![
        ("total_cost", total.cost.into()),
        ("total_revenue", total.revenue.into()),
        ("total_refunds", total.refunds.into()),
        ("total_net_revenue", total.net_revenue.into()),
        ("total_margin", total.margin.into()),
        ("total_roi", total.roi.into()),
        ("total_roas", total.roas.into()),
        ("total_net_roas", total.net_roas.into()),
        ("total_orders", total.orders.into()),
        ("total_new_customers", total.new_customers.into()),
        ("total_people", total.people.into()),
    ]
}

fn days(campaign: &Campaign) -> Sheet {
    let rows = campaign.by_day.iter().map(|day| {
        vec![
            day.day.into(),
            day.cost.into(),
            day.orders.into(),
            day.revenue.into(),
            day.net_revenue.into(),
        ]
    });
    let columns = vec![
        column("day", Unit::Date),
        column("cost", Unit::Money),
        column("orders", Unit::Whole),
        column("revenue", Unit::Money),
        column("net_revenue", Unit::Money),
    ];
    Sheet {
        name: "by_day",
        columns,
        rows: rows.collect(),
    }
}

fn slices(name: &'static str, slices: &[types::campaigns::ReturnSlice]) -> Sheet {
    let rows = slices.iter().map(|slice| {
        vec![
            slice.key.as_str().into(),
            slice.people.into(),
            slice.cost.into(),
            slice.orders.into(),
            slice.revenue.into(),
            slice.net_revenue.into(),
            slice.roi.into(),
        ]
    });
    let columns = vec![
        column("key", Unit::Text),
        column("people", Unit::Whole),
        column("cost", Unit::Money),
        column("orders", Unit::Whole),
        column("revenue", Unit::Money),
        column("net_revenue", Unit::Money),
        column("roi", Unit::Fraction),
    ];
    Sheet {
        name,
        columns,
        rows: rows.collect(),
    }
}

fn funnel(campaign: &Campaign) -> Sheet {
    let rows = campaign
        .funnel
        .iter()
        .map(|step| vec![step.step.as_str().into(), step.customers.into()]);
    Sheet {
        name: "funnel",
        columns: vec![column("step", Unit::Text), column("customers", Unit::Whole)],
        rows: rows.collect(),
    }
}

fn lift(campaign: &Campaign) -> Sheet {
    let rows = campaign.lift.iter().map(|lift| {
        vec![
            lift.outcome.as_str().into(),
            lift.treated.n.into(),
            lift.treated.mean.into(),
            lift.held_out.n.into(),
            lift.held_out.mean.into(),
            lift.excluded.into(),
            lift.difference.into(),
            lift.low.into(),
            lift.high.into(),
            lift.level.into(),
            lift.z.into(),
            lift.p.into(),
            lift.sample_ratio_p.into(),
            verdict(lift.verdict).into(),
        ]
    });
    let columns = vec![
        column("outcome", Unit::Text),
        column("treated_n", Unit::Whole),
        column("treated_mean", Unit::Number),
        column("held_out_n", Unit::Whole),
        column("held_out_mean", Unit::Number),
        column("excluded", Unit::Whole),
        column("difference", Unit::Number),
        column("low", Unit::Number),
        column("high", Unit::Number),
        column("level", Unit::Number),
        column("z", Unit::Number),
        column("p", Unit::Number),
        column("sample_ratio_p", Unit::Number),
        column("verdict", Unit::Text),
    ];
    Sheet {
        name: "lift",
        columns,
        rows: rows.collect(),
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proven => "proven",
        Verdict::NotProven => "not_proven",
        Verdict::NoHoldout => "no_holdout",
    }
}

//! How the company is doing: the figures of the first page, each against a period of comparison.

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::auth::Actor;
use crate::campaigns;
use crate::error::{Error, Result};
use chrono::{Datelike, Months, NaiveDate};
use types::auth::Right;
use types::overview::{Compared, Overview, RevenueDay, RoiMonth};
use types::query::Period;
use warehouse::Snapshot;
use warehouse::query::campaigns::MonthFigures;
use warehouse::query::overview::{DayFigures, PeriodFigures};

/// Days of the period when none is named.
const USUAL_DAYS: u64 = 90;
/// Months of the campaign chart.
const MONTHS: u32 = 12;

/// The overview of a period; absent: the 90 days that end with the local date of the last fact. The comparison, when absent, is the same
/// number of days directly before.
pub async fn get_overview(
    engine: &Engine,
    actor: &Actor,
    period: impl Into<Option<Period>>,
    comparison: impl Into<Option<Period>>,
) -> Result<Overview> {
    actor.require(Right::See)?;
    let (period, comparison) = (period.into(), comparison.into());
    let snapshot = engine.snapshot().await?;
    let today = snapshot.today().unwrap_or_else(|| {
        engine
            .clock()
            .now()
            .with_timezone(&engine.config().time_zone)
            .date_naive()
    });
    let period = period.unwrap_or_else(|| Period::ending(today, USUAL_DAYS));
    let comparison = comparison.unwrap_or_else(|| period.before());
    check(period)?;
    check(comparison)?;
    let question = format!("overview {period:?} {comparison:?}");
    engine
        .answers()
        .copy(snapshot.version(), question, overview(&snapshot, period, comparison))
        .await
}

/// A period of at least a day, and of a length that a chart of days can show.
pub(crate) fn check(period: Period) -> Result<()> {
    match period.days() {
        ..1 => Err(Error::invalid("to", "must be after from")),
        1..=36_600 => Ok(()),
        _ => Err(Error::invalid("from", "is more than a hundred years before to")),
    }
}

async fn overview(snapshot: &Snapshot, period: Period, comparison: Period) -> Result<Overview> {
    let now = snapshot.period_figures(period).await?;
    let before = snapshot.period_figures(comparison).await?;
    let campaign_roi = Compared {
        now: campaigns::roi_of(snapshot, period).await?,
        before: campaigns::roi_of(snapshot, comparison).await?,
    };
    let months = snapshot.campaign_months().await?;
    let compared = |figure: fn(&PeriodFigures) -> Option<f64>| Compared {
        now: figure(&now),
        before: figure(&before),
    };
    Ok(Overview {
        currency: snapshot.currency().to_owned(),
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        period,
        comparison,
        net_revenue: compared(|figures| Some(figures.revenue - figures.refunds)),
        refunds: compared(|figures| Some(figures.refunds)),
        orders: compared(|figures| Some(figures.orders as f64)),
        active_customers: compared(|figures| Some(figures.active_customers as f64)),
        repeat_rate: compared(repeat_rate),
        campaign_roi,
        by_day: now.days.iter().map(day).collect(),
        by_day_before: before.days.iter().map(day).collect(),
        campaign_roi_by_month: by_month(&months, period),
        customers: snapshot.customers() as i64,
        orders_without_customer: now.orders_without_customer as i64,
        not_converted: now.not_converted as i64,
    })
}

fn repeat_rate(figures: &PeriodFigures) -> Option<f64> {
    (figures.active_customers > 0).then(|| figures.returning_customers as f64 / figures.active_customers as f64)
}

fn day(figures: &DayFigures) -> RevenueDay {
    RevenueDay {
        day: figures.day,
        orders: figures.orders as i64,
        revenue: figures.revenue,
        net_revenue: figures.revenue - figures.refunds,
    }
}

/// The twelve months that end with the period's last day, as far as there are campaigns in them.
fn by_month(months: &[MonthFigures], period: Period) -> Vec<RoiMonth> {
    let last = period.to.pred_opt().unwrap_or(period.to);
    let last = last.with_day(1).unwrap_or(last);
    let first = last
        .checked_sub_months(Months::new(MONTHS - 1))
        .unwrap_or(NaiveDate::MIN);
    months
        .iter()
        .filter(|figures| (first..=last).contains(&figures.month))
        .map(|figures| {
            let net_revenue = figures.revenue - figures.refunds;
            let roi = (figures.cost > 0.0).then(|| (net_revenue - figures.cost) / figures.cost);
            RoiMonth {
                month: figures.month,
                cost: figures.cost,
                net_revenue,
                roi,
            }
        })
        .collect()
}

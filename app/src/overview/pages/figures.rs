//! The figures of the first page in words and in a strip.

use crate::context::PageContext;
use crate::format::Format;
use crate::i18n::joined;
use crate::t;
use crate::ui::{Delta, Kpi};
use types::overview::{Compared, Overview};

/// The page in two sentences: revenue against before, and who bought.
pub fn lead(context: &PageContext, overview: &Overview) -> String {
    let (lang, format) = (context.lang, &context.format);
    let days = format.number(overview.period.days());
    let first = match change(overview.net_revenue) {
        Some(change) if change >= 0.0005 => {
            t!(
                lang,
                "overview-lead-above",
                change = format.percent(change),
                days = days
            )
        }
        Some(change) if change <= -0.0005 => {
            t!(
                lang,
                "overview-lead-below",
                change = format.percent(-change),
                days = days
            )
        }
        Some(_) => t!(lang, "overview-lead-same", days = days),
        None => {
            let amount = format.money_short(overview.net_revenue.now.unwrap_or_default());
            t!(lang, "overview-lead-alone", amount = amount, days = days)
        }
    };
    let active = overview.active_customers.now.unwrap_or_default() as i64;
    let share = overview
        .repeat_rate
        .now
        .map_or_else(|| "–".to_owned(), |share| format.percent(share));
    let second = t!(
        lang,
        "overview-lead-active",
        n = active,
        customers = format.number(active),
        share = share
    );
    joined(lang, &[first, second])
}

/// What the figures are made of: days, version, the end of the data, and the orders that belong to nobody.
pub fn base(context: &PageContext, overview: &Overview) -> String {
    let (lang, format) = (context.lang, &context.format);
    let compared = format.period(overview.comparison.from, overview.comparison.to);
    let period = format.period(overview.period.from, overview.period.to);
    let base = t!(
        lang,
        "overview-base",
        period = period,
        compared = compared,
        zone = format.zone.name(),
        version = format.number(overview.data_version),
        time = format.time_or_none(overview.data_as_of)
    );
    if overview.orders_without_customer == 0 {
        return base;
    }
    let count = format.number(overview.orders_without_customer);
    let nobody = t!(
        lang,
        "overview-without-customer",
        n = overview.orders_without_customer,
        count = count
    );
    joined(lang, &[base, nobody])
}

/// Relative change; nothing without a base.
fn change(compared: Compared) -> Option<f64> {
    let (now, before) = (compared.now?, compared.before?);
    (before.abs() > f64::EPSILON).then(|| now / before - 1.0)
}

pub fn figures(context: &PageContext, overview: &Overview) -> Vec<Kpi> {
    let (lang, format) = (context.lang, &context.format);
    let by_day: Vec<f64> = weekly(overview.by_day.iter().map(|day| day.net_revenue));
    let orders: Vec<f64> = weekly(overview.by_day.iter().map(|day| day.orders as f64));
    let roi: Vec<f64> = overview
        .campaign_roi_by_month
        .iter()
        .filter_map(|month| month.roi)
        .collect();
    let count = |value: f64| format.number(value.round() as i64);
    vec![
        Kpi {
            spark: by_day,
            ..relative(
                context,
                t!(lang, "figure-net-revenue"),
                overview.net_revenue,
                |v| format.money_short(v),
                true,
            )
        },
        relative(
            context,
            t!(lang, "figure-active"),
            overview.active_customers,
            count,
            true,
        ),
        Kpi {
            spark: orders,
            ..relative(context, t!(lang, "figure-orders"), overview.orders, count, true)
        },
        absolute(
            context,
            t!(lang, "figure-repeat"),
            overview.repeat_rate,
            |v| format.percent(v),
            Format::points,
        ),
        Kpi {
            spark: roi,
            ..absolute(
                context,
                t!(lang, "figure-roi"),
                overview.campaign_roi,
                |v| format.decimal(v, 2),
                |format, v| format.signed(v, 2),
            )
        },
    ]
}

/// Sums of seven days each, so that the line shows the way and not the week.
fn weekly(days: impl Iterator<Item = f64>) -> Vec<f64> {
    let days: Vec<f64> = days.collect();
    days.rchunks_exact(7).rev().map(|week| week.iter().sum()).collect()
}

fn relative(
    context: &PageContext,
    label: String,
    compared: Compared,
    write: impl Fn(f64) -> String,
    rise_is_good: bool,
) -> Kpi {
    let base = |before: f64| t!(context.lang, "figure-from", before = write(before));
    let delta = change(compared).zip(compared.before).map(|(change, before)| Delta {
        amount: context.format.percent(change.abs()),
        rises: change >= 0.0,
        good: (change != 0.0).then_some((change > 0.0) == rise_is_good),
        base: base(before),
    });
    kpi(context, label, compared, &write, delta)
}

fn absolute(
    context: &PageContext,
    label: String,
    compared: Compared,
    write: impl Fn(f64) -> String,
    difference: impl Fn(&Format, f64) -> String,
) -> Kpi {
    let delta = compared.now.zip(compared.before).map(|(now, before)| Delta {
        amount: difference(&context.format, (now - before).abs())
            .trim_start_matches('+')
            .to_owned(),
        rises: now >= before,
        good: (now != before).then_some(now > before),
        base: t!(context.lang, "figure-from", before = write(before)),
    });
    kpi(context, label, compared, &write, delta)
}

fn kpi(
    context: &PageContext,
    label: String,
    compared: Compared,
    write: &impl Fn(f64) -> String,
    delta: Option<Delta>,
) -> Kpi {
    Kpi {
        label,
        value: compared.now.map_or_else(|| "–".to_owned(), write),
        note: if delta.is_some() {
            String::new()
        } else {
            t!(context.lang, "figure-no-base")
        },
        delta,
        spark: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_needs_a_base() {
        assert_eq!(
            change(Compared {
                now: Some(3.0),
                before: Some(2.0)
            }),
            Some(0.5)
        );
        assert_eq!(
            change(Compared {
                now: Some(3.0),
                before: Some(0.0)
            }),
            None
        );
        assert_eq!(
            change(Compared {
                now: None,
                before: Some(2.0)
            }),
            None
        );
    }

    #[test]
    fn weeks_end_with_the_last_day() {
        assert_eq!(weekly((0..9).map(f64::from)), [35.0]);
    }
}

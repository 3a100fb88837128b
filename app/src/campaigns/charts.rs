//! The charts of campaigns, as data: the page, its files and the table beside them are made from the same value.

use super::words;
use crate::axes;
use crate::conditions;
use crate::format::Format;
use crate::t;
use chrono::{NaiveDate, Weekday};
use types::campaigns::{Campaign, CampaignList, CampaignRow, ReturnDay, Verdict};
use types::chart::{Category, ChartKind, ChartSpec, Direction, LineStyle, Point, Series, Tone, ValueAxis, Width};

/// Bars of one picture; more would not be read. The table of the page has all.
const MOST_BARS: usize = 16;

/// ROI of each campaign, the best first; grey where a hold-out does not prove that the campaign was the cause.
pub fn returned(format: &Format, list: &CampaignList) -> ChartSpec {
    let lang = format.lang;
    let mut rows: Vec<&CampaignRow> = list.items.iter().filter(|row| row.figures.roi.is_some()).collect();
    rows.sort_by(|a, b| {
        b.figures
            .roi
            .unwrap_or_default()
            .total_cmp(&a.figures.roi.unwrap_or_default())
    });
    let (rows, left_out) = dearest(format, rows, list.items.len());
    let points = rows
        .iter()
        .map(|row| {
            let tone = if row.verdict == Verdict::Proven {
                Tone::First
            } else {
                Tone::Base
            };
            Point::new(row.figures.roi)
                .text(format.ratio(row.figures.roi))
                .tone(tone)
        })
        .collect();
    ChartSpec {
        id: "campaign-returns".into(),
        title: t!(lang, "chart-returns-title"),
        subtitle: t!(lang, "chart-returns-sub", days = format.number(list.window_days)),
        kind: ChartKind::Bar(Direction::Across),
        width: Width::Half,
        category_label: t!(lang, "campaigns-campaign"),
        categories: rows
            .iter()
            .map(|row| {
                Category::new(words::name(row))
                    .detail(words::verdict(lang, row.verdict))
                    .link(touched(row))
            })
            .collect(),
        value: ValueAxis {
            label: t!(lang, "campaigns-roi"),
            format: axes::ratio(),
            origin: Some(0.0),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        series: vec![Series::new("", Tone::First, points)],
        notes: [t!(lang, "chart-returns-note")].into_iter().chain(left_out).collect(),
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

/// Cost beside net revenue of each campaign, the dearest first.
pub fn cost_and_revenue(format: &Format, list: &CampaignList) -> ChartSpec {
    let lang = format.lang;
    let mut rows: Vec<&CampaignRow> = list.items.iter().collect();
    rows.sort_by(|a, b| b.figures.cost.total_cmp(&a.figures.cost));
    let (rows, left_out) = dearest(format, rows, list.items.len());
    let series = |value: fn(&CampaignRow) -> f64| -> Vec<Point> {
        rows.iter()
            .map(|row| Point::new(value(row)).text(format.money(value(row))))
            .collect()
    };
    ChartSpec {
        id: "campaign-money".into(),
        title: t!(lang, "chart-money-title"),
        subtitle: t!(lang, "chart-money-sub", currency = list.currency.clone()),
        kind: ChartKind::Bar(Direction::Across),
        width: Width::Half,
        category_label: t!(lang, "campaigns-campaign"),
        categories: rows
            .iter()
            .map(|row| Category::new(words::name(row)).link(touched(row)))
            .collect(),
        value: ValueAxis {
            label: list.currency.clone(),
            format: axes::money(format),
            origin: Some(0.0),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(
                t!(lang, "campaigns-net-revenue"),
                Tone::First,
                series(|row| row.figures.net_revenue),
            ),
            Series::new(t!(lang, "campaigns-cost"), Tone::Base, series(|row| row.figures.cost)),
        ],
        notes: left_out.into_iter().collect(),
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

/// The builder with everybody whom the campaign reached.
fn touched(row: &CampaignRow) -> String {
    conditions::address(&[Some(conditions::touched(&row.campaign_id))])
}

/// The rows that cost most, in the order given, and the sentence about those that are not drawn.
fn dearest<'a>(format: &Format, rows: Vec<&'a CampaignRow>, all: usize) -> (Vec<&'a CampaignRow>, Option<String>) {
    if rows.len() <= MOST_BARS {
        return (rows, None);
    }
    let mut costs: Vec<f64> = rows.iter().map(|row| row.figures.cost).collect();
    costs.sort_by(|a, b| b.total_cmp(a));
    let least = costs[MOST_BARS - 1];
    let kept: Vec<&CampaignRow> = rows
        .into_iter()
        .filter(|row| row.figures.cost >= least)
        .take(MOST_BARS)
        .collect();
    let (shown, all) = (format.number(kept.len() as i64), format.number(all as i64));
    (
        kept,
        Some(t!(format.lang, "chart-returns-cut", shown = shown, all = all)),
    )
}

/// The share of people who ordered, contacted against held out.
pub fn lift(format: &Format, campaign: &Campaign) -> Option<ChartSpec> {
    let lang = format.lang;
    let ordered = campaign
        .lift
        .iter()
        .find(|lift| lift.outcome == "ordered" && lift.verdict != Verdict::NoHoldout)?;
    let proven = ordered.verdict == Verdict::Proven;
    let people = |n: i64| words::people(format, n);
    let arm = |value: Option<f64>, tone: Tone| Point::new(value).text(words::mean(format, ordered, value)).tone(tone);
    Some(ChartSpec {
        id: "campaign-lift".into(),
        title: t!(lang, "chart-lift-title"),
        subtitle: t!(lang, "chart-lift-sub", days = format.number(campaign.window_days)),
        kind: ChartKind::Bar(Direction::Across),
        width: Width::Wide,
        category_label: t!(lang, "campaign-arm"),
        categories: vec![
            Category::new(t!(lang, "campaign-treated"))
                .detail(people(ordered.treated.n))
                .link(touched(&campaign.row)),
            Category::new(t!(lang, "campaign-held-out"))
                .detail(people(ordered.held_out.n))
                .link(conditions::address(&[Some(conditions::held_out(
                    &campaign.row.campaign_id,
                ))])),
        ],
        value: ValueAxis {
            label: t!(lang, "campaign-outcome-ordered"),
            format: axes::share(format),
            origin: Some(0.0),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        series: vec![Series::new(
            "",
            Tone::First,
            vec![
                arm(ordered.treated.mean, if proven { Tone::First } else { Tone::Base }),
                arm(ordered.held_out.mean, Tone::Base),
            ],
        )],
        notes: vec![super::pages::lift_sentence(format, ordered)],
        words: axes::words(lang),
        ..ChartSpec::default()
    })
}

/// Every day from the first to the last: a day that the engine leaves out had neither cost nor order.
fn every_day(known: &[ReturnDay]) -> Vec<ReturnDay> {
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return Vec::new();
    };
    let nothing = |day| ReturnDay {
        day,
        cost: 0.0,
        orders: 0,
        revenue: 0.0,
        net_revenue: 0.0,
    };
    let mut rest = known.iter().peekable();
    first
        .day
        .iter_days()
        .take_while(|day| *day <= last.day)
        .map(|day| {
            rest.next_if(|known| known.day == day)
                .cloned()
                .unwrap_or_else(|| nothing(day))
        })
        .collect()
}

/// Longer campaigns are drawn by week: a line of more days is a hedge.
const MOST_DAYS: usize = 200;

/// Sums of calendar weeks, each under its Monday; the first and the last may be parts.
fn weeks(days: &[ReturnDay]) -> Vec<ReturnDay> {
    days.chunk_by(|a, b| monday(a.day) == monday(b.day))
        .filter_map(|week| {
            let first = week.first()?;
            Some(ReturnDay {
                day: monday(first.day),
                cost: week.iter().map(|day| day.cost).sum(),
                orders: week.iter().map(|day| day.orders).sum(),
                revenue: week.iter().map(|day| day.revenue).sum(),
                net_revenue: week.iter().map(|day| day.net_revenue).sum(),
            })
        })
        .collect()
}

fn monday(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).first_day()
}

/// Net revenue and cost of each day of the campaign and its window.
pub fn days(format: &Format, campaign: &Campaign) -> ChartSpec {
    let lang = format.lang;
    let days = every_day(&campaign.by_day);
    let weekly = days.len() > MOST_DAYS;
    let days = if weekly { weeks(&days) } else { days };
    let money = |value: f64| Point::new(value).text(format.money(value));
    let window = format.number(campaign.window_days);
    let category = |day: NaiveDate| {
        let label = if weekly {
            t!(lang, "chart-week-of", day = format.day(day))
        } else {
            format.day(day)
        };
        Category::new(label).tick(format.day_short(day))
    };
    ChartSpec {
        id: "campaign-days".into(),
        title: if weekly {
            t!(lang, "chart-weeks-title")
        } else {
            t!(lang, "chart-days-title")
        },
        subtitle: t!(
            lang,
            "chart-days-sub",
            currency = campaign.currency.clone(),
            days = window
        ),
        kind: ChartKind::Line,
        width: Width::Wide,
        category_label: if weekly {
            t!(lang, "chart-week")
        } else {
            t!(lang, "chart-day")
        },
        categories: days.iter().map(|day| category(day.day)).collect(),
        value: ValueAxis {
            label: campaign.currency.clone(),
            format: axes::money(format),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(
                t!(lang, "campaigns-net-revenue"),
                Tone::First,
                days.iter().map(|day| money(day.net_revenue)).collect(),
            )
            .line(LineStyle::Area),
            Series::new(
                t!(lang, "campaigns-cost"),
                Tone::Second,
                days.iter().map(|day| money(day.cost)).collect(),
            ),
        ],
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

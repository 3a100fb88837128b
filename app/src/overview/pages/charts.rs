//! The charts of the first page, as data: the page, its files and the API draw the same.

use crate::axes;
use crate::conditions;
use crate::format::Format;
use crate::t;
use chrono::{DateTime, Months, Utc};
use types::chart::{Category, ChartKind, ChartSpec, Direction, LineStyle, Point, Series, Tone, ValueAxis, Width};
use types::overview::{Overview, RevenueDay};

/// Net revenue of each day, with the period before below the same days.
pub fn revenue(format: &Format, overview: &Overview) -> ChartSpec {
    let lang = format.lang;
    let label = t!(lang, "chart-revenue-axis", currency = format.currency());
    let points = |days: &[RevenueDay]| -> Vec<Point> {
        days.iter()
            .map(|day| Point::new(day.net_revenue).text(format.money(day.net_revenue)))
            .collect()
    };
    let end = End::of(format, overview);
    let mut now = points(&overview.by_day);
    if let (Some(End::Begun(..)), Some(last)) = (&end, now.last_mut()) {
        *last = Point::default();
    }
    let mut before = points(&overview.by_day_before);
    before.resize_with(overview.by_day.len(), Point::default);
    let categories = overview
        .by_day
        .iter()
        .map(|day| Category::new(format.day(day.day)).tick(format.day_short(day.day)))
        .collect();
    ChartSpec {
        id: "revenue".into(),
        title: t!(lang, "chart-revenue-title"),
        subtitle: t!(lang, "chart-revenue-sub", currency = format.currency()),
        kind: ChartKind::Line,
        width: Width::Wide,
        category_label: t!(lang, "chart-day"),
        categories,
        value: ValueAxis {
            label,
            format: axes::money(format),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(t!(lang, "chart-now"), Tone::First, now).line(LineStyle::Area),
            Series::new(t!(lang, "chart-before"), Tone::Base, before).line(LineStyle::Quiet),
        ],
        notes: end.map(|end| end.note(format)).into_iter().collect(),
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

/// How far into the last day the data goes, when that day is the chart's last: a line that falls because the day is young is no news.
enum End {
    /// The day is less than half over: the line leaves it out, and its amount so far is said in words.
    Begun(RevenueDay, DateTime<Utc>),
    Going(DateTime<Utc>),
}

impl End {
    fn of(format: &Format, overview: &Overview) -> Option<End> {
        let as_of = overview.data_as_of?;
        let last = overview.by_day.last()?;
        if format.local_day(as_of) != last.day {
            return None;
        }
        let alone = overview.by_day.len() < 2;
        Some(if format.local_hour(as_of) < 12 && !alone {
            End::Begun(*last, as_of)
        } else {
            End::Going(as_of)
        })
    }

    fn note(&self, format: &Format) -> String {
        match self {
            End::Going(as_of) => t!(format.lang, "chart-revenue-end", time = format.time(*as_of)),
            End::Begun(day, as_of) => t!(
                format.lang,
                "chart-revenue-begun",
                time = format.time(*as_of),
                amount = format.money(day.net_revenue)
            ),
        }
    }
}

/// ROI of all campaigns by month of touch.
pub fn campaign_roi(format: &Format, overview: &Overview) -> ChartSpec {
    let lang = format.lang;
    let months = &overview.campaign_roi_by_month;
    let categories = months
        .iter()
        .map(|month| {
            let next = month.month.checked_add_months(Months::new(1)).unwrap_or(month.month);
            let contacted = conditions::address(&[Some(conditions::contacted(month.month, next))]);
            Category::new(format.month(month.month))
                .tick(format.month_short(month.month))
                .link(contacted)
        })
        .collect();
    let points = months
        .iter()
        .map(|month| {
            let point = Point::new(month.roi);
            if month.roi.is_some_and(|roi| roi < 0.0) {
                point.tone(Tone::Bad)
            } else {
                point
            }
        })
        .collect();
    ChartSpec {
        id: "campaign-roi".into(),
        title: t!(lang, "chart-roi-title"),
        subtitle: t!(lang, "chart-roi-sub"),
        kind: ChartKind::Bar(Direction::Up),
        width: Width::Narrow,
        category_label: t!(lang, "chart-month"),
        categories,
        value: ValueAxis {
            label: t!(lang, "chart-roi-axis"),
            format: axes::ratio(),
            from: Some(0.0),
            origin: Some(0.0),
            ..ValueAxis::default()
        },
        series: vec![Series::new("", Tone::First, points)],
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

//! Parts of one campaign as tables with bars: the way from contact to order, and the return by segment and by channel.

use crate::campaigns::words;
use crate::conditions;
use crate::context::PageContext;
use crate::format::Format;
use crate::i18n::{Lang, named};
use crate::segments::pages::colour;
use crate::t;
use crate::ui::{Card, Cell, Column, Table};
use leptos::prelude::*;
use types::campaigns::{Campaign, ReturnSlice};

pub fn funnel(context: &PageContext, campaign: &Campaign) -> AnyView {
    let lang = context.lang;
    let subtitle = t!(
        lang,
        "campaign-funnel-sub",
        days = context.format.number(campaign.window_days)
    );
    let table = steps(&context.format, campaign).view();
    view! { <Card title=t!(lang, "campaign-funnel") subtitle=subtitle>{table}</Card> }.into_any()
}

/// From the people reached to those who ordered, each step against the first.
pub fn steps(format: &Format, campaign: &Campaign) -> Table {
    let lang = format.lang;
    let first = campaign.funnel.first().map_or(0, |step| step.customers);
    let last = campaign.funnel.len().saturating_sub(1);
    // A channel that reports nothing between contact and order had no zero: it is not known.
    let reported = campaign.funnel.iter().take(last).skip(1).any(|step| step.customers > 0);
    let rows = campaign.funnel.iter().enumerate().map(|(at, step)| {
        if !reported && at > 0 && at < last {
            let name = named(lang, "campaign-step-", &step.step);
            return vec![
                Cell::Muted(name),
                Cell::Nothing,
                Cell::Muted(t!(lang, "campaign-not-reported")),
                Cell::Nothing,
            ];
        }
        let share = if first > 0 {
            step.customers as f64 / first as f64
        } else {
            0.0
        };
        let colour = if at == last { 1 } else { 0 };
        let name = named(lang, "campaign-step-", &step.step);
        let bar = Cell::Bar(share, colour);
        let bar = match conditions::step(&campaign.row.campaign_id, &step.step) {
            Some(rule) => bar.leading(
                conditions::address(&[Some(rule)]),
                t!(lang, "chart-condition-of", what = name.clone()),
            ),
            None => bar,
        };
        vec![
            Cell::text(name),
            bar,
            Cell::text(format.number(step.customers)),
            Cell::Muted(if first > 0 {
                format.percent(share)
            } else {
                "–".to_owned()
            }),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "campaign-step")),
        Column::bar(""),
        Column::number(t!(lang, "campaign-customers")),
        Column::number(t!(lang, "campaign-of-reached")),
    ])
    .rows(rows)
    .caption(t!(lang, "campaign-funnel"))
}

pub fn by_segment(context: &PageContext, campaign: &Campaign, run: Option<i64>) -> AnyView {
    let lang = context.lang;
    let body = if campaign.by_segment.is_empty() {
        view! { <p class="muted">{t!(lang, "campaign-by-segment-none")}</p> }.into_any()
    } else {
        segments(&context.format, campaign, run).view()
    };
    view! {
        <Card title=t!(lang, "campaign-by-segment") subtitle=t!(lang, "campaign-by-segment-sub")>{body}</Card>
    }
    .into_any()
}

pub fn by_channel(context: &PageContext, campaign: &Campaign) -> AnyView {
    let lang = context.lang;
    let body = if campaign.by_channel.is_empty() {
        view! { <p class="muted">{t!(lang, "campaign-by-channel-none")}</p> }.into_any()
    } else {
        channels(&context.format, campaign).view()
    };
    view! {
        <Card title=t!(lang, "campaign-by-channel") subtitle=t!(lang, "campaign-by-channel-sub")>{body}</Card>
    }
    .into_any()
}

/// What each segment brought. With the run that they are groups of, a bar leads to those of the group who were touched.
pub fn segments(format: &Format, campaign: &Campaign, run: Option<i64>) -> Table {
    let of = t!(format.lang, "campaign-segment");
    let touched = |slice: &ReturnSlice| {
        let group = conditions::of_run(run?, &slice.key);
        Some(conditions::address(&[
            Some(group),
            Some(conditions::touched(&campaign.row.campaign_id)),
        ]))
    };
    slices(format, &campaign.by_segment, of, Some(&touched), |lang, slice| {
        Cell::Dotted(colour(&slice.key), named(lang, "rfm-", &slice.key), None)
    })
}

/// What each channel cost and brought.
pub fn channels(format: &Format, campaign: &Campaign) -> Table {
    let of = t!(format.lang, "campaign-channel");
    // The card of the page is narrow, so the people stand below their channel.
    slices(format, &campaign.by_channel, of, None, |lang, slice| {
        Cell::Two(named(lang, "channel-", &slice.key), words::people(format, slice.people))
    })
}

/// Where the bar of a slice leads.
type Lead<'a> = &'a dyn Fn(&ReturnSlice) -> Option<String>;

/// `bars` shows beside each name what it brought against the one that brought most, and says where that bar leads.
fn slices(
    format: &Format,
    slices: &[ReturnSlice],
    of: String,
    bars: Option<Lead<'_>>,
    name: impl Fn(Lang, &ReturnSlice) -> Cell,
) -> Table {
    let lang = format.lang;
    let most = slices
        .iter()
        .map(|slice| slice.net_revenue)
        .fold(f64::EPSILON, f64::max);
    // The costs of a campaign as a whole belong to no group, so there may be none to show.
    let costs_known = slices.iter().any(|slice| slice.cost.is_some());
    let rows = slices.iter().map(|slice| {
        let mut cells = vec![name(lang, slice)];
        if let Some(lead) = bars {
            let bar = Cell::Bar(slice.net_revenue / most, colour(&slice.key));
            let what = named(lang, "rfm-", &slice.key);
            cells.push(match lead(slice) {
                Some(href) => bar.leading(href, t!(lang, "chart-condition-of", what = what)),
                None => bar,
            });
            cells.push(Cell::text(format.number(slice.people)));
        }
        cells.push(Cell::text(format.number(slice.orders)));
        if costs_known {
            cells.push(Cell::text(format.money_or_none(slice.cost)));
        }
        cells.push(Cell::text(format.money(slice.net_revenue)));
        if costs_known {
            cells.push(Cell::Strong(format.ratio(slice.roi)));
        }
        cells
    });
    Table::new(columns(lang, &of, bars.is_some(), costs_known))
        .rows(rows)
        .caption(of)
}

fn columns(lang: Lang, of: &str, bars: bool, costs_known: bool) -> Vec<Column> {
    let mut columns = vec![Column::text(of)];
    if bars {
        columns.push(Column::bar(""));
        columns.push(Column::number(t!(lang, "campaign-reached")).wide_only());
    }
    columns.push(Column::number(t!(lang, "campaign-orders")));
    if costs_known {
        columns.push(Column::number(t!(lang, "campaigns-cost")).wide_only());
    }
    columns.push(Column::number(t!(lang, "campaigns-net-revenue")));
    if costs_known {
        columns.push(Column::number(t!(lang, "campaigns-roi")));
    }
    columns
}

//! One card per dimension: group over baseline as bars, the share, the index and its interval around 100.

use super::names::{dimension_name, value_name};
use crate::context::PageContext;
use crate::t;
use crate::ui::{Card, Cell, Column, Table};
use leptos::prelude::*;
use types::portraits::{Dimension, DimensionValue, Portrait};

/// Values beyond these are in the export.
const SHOWN: usize = 12;
/// The scale of the intervals ends between these, as the dimension needs; an index above is drawn at the edge.
const SCALE: (f64, f64) = (200.0, 500.0);

pub fn cards(context: &PageContext, portrait: &Portrait) -> AnyView {
    let cards = portrait
        .dimensions
        .iter()
        .filter(|dimension| !dimension.values.is_empty())
        .map(|dimension| card(context, dimension))
        .collect_view();
    view! { <div class="cols">{cards}</div> }.into_any()
}

fn card(context: &PageContext, dimension: &Dimension) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let subtitle = t!(
        lang,
        "portrait-known",
        group = format.percent(dimension.coverage),
        baseline = format.percent(dimension.baseline_coverage)
    );
    let hidden = dimension.values.len() - shown(dimension).len();
    let more = (hidden > 0).then(|| {
        let text = t!(
            lang,
            "portrait-more",
            n = hidden as i64,
            count = format.number(hidden as i64)
        );
        view! { <p class="small muted">{text}</p> }
    });
    view! {
        <Card title=dimension_name(lang, &dimension.name) subtitle=subtitle columns="c6">{table(context, dimension)}{more}</Card>
    }
    .into_any()
}

/// The first values; of months the last ones, because they come in the order of time.
fn shown(dimension: &Dimension) -> &[DimensionValue] {
    let (values, hidden) = (&dimension.values, dimension.values.len().saturating_sub(SHOWN));
    if dimension.name == "cohort" {
        &values[hidden..]
    } else {
        &values[..values.len() - hidden]
    }
}

fn table(context: &PageContext, dimension: &Dimension) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let values = shown(dimension);
    let widest = values
        .iter()
        .flat_map(|value| [value.share, value.baseline_share])
        .fold(f64::EPSILON, f64::max);
    let highest = values
        .iter()
        .filter_map(|value| value.tgi_high)
        .fold(SCALE.0, f64::max)
        .min(SCALE.1);
    let rows = values.iter().map(|value| {
        vec![
            Cell::text(value_name(format, &dimension.name, &value.value)),
            Cell::Bars(value.share / widest, value.baseline_share / widest),
            Cell::text(format.percent(value.share)),
            value
                .tgi
                .map_or(Cell::Nothing, |tgi| Cell::Strong(format.decimal(tgi, 0))),
            interval(value, highest),
        ]
    });
    Table::new(vec![
        Column::text(""),
        Column::bar("").with_legend(vec![
            (1, t!(lang, "portrait-legend-group")),
            (0, t!(lang, "portrait-legend-baseline")),
        ]),
        Column::number(t!(lang, "segments-share")),
        Column::number("TGI"),
        Column::interval(t!(lang, "portrait-interval-head")).wide_only(),
    ])
    .rows(rows)
    .caption(dimension_name(lang, &dimension.name))
    .view()
}

/// Purple above 100, orange below, grey when the interval holds 100.
fn interval(value: &DimensionValue, highest: f64) -> Cell {
    let (Some(tgi), Some(low), Some(high)) = (value.tgi, value.tgi_low, value.tgi_high) else {
        return Cell::Nothing;
    };
    let colour = match (low > 100.0, high < 100.0) {
        (true, _) => 1,
        (_, true) => 2,
        _ => 0,
    };
    Cell::Interval {
        value: tgi / highest,
        low: low / highest,
        high: high / highest,
        reference: 100.0 / highest,
        colour,
    }
}

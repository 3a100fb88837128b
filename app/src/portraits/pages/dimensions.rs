//! One card per dimension: group over baseline as bars, the share, the index and its interval around 100.

use super::names::{dimension_name, value_name};
use crate::conditions;
use crate::context::PageContext;
use crate::i18n::named;
use crate::t;
use crate::ui::{Card, Cell, Column, Table};
use leptos::prelude::*;
use types::auth::Right;
use types::portraits::{Dimension, DimensionValue, Portrait};
use types::query::GroupRef;

/// Values beyond these are in the export.
const SHOWN: usize = 12;
/// The scale of the intervals ends between these, as the dimension needs; an index above is drawn at the edge.
const SCALE: (f64, f64) = (200.0, 500.0);

/// What a dimension tells of people, in the order of the page.
const PARTS: [(&str, &[&str]); 4] = [
    (
        "who",
        &[
            "gender",
            "age_band",
            "city",
            "province",
            "country",
            "occupation",
            "education",
            "attributes.",
        ],
    ),
    (
        "buying",
        &[
            "order_count",
            "cohort",
            "favourite_category",
            "payment_method",
            "order_channel",
            "order_city",
            "order_hour",
            "order_weekday",
        ],
    ),
    (
        "reach",
        &["preferred_channel", "answering_channel", "consent_marketing"],
    ),
    ("other", &[""]),
];

/// The part that a dimension belongs to; a company's own attributes tell who people are.
fn part_of(name: &str) -> &'static str {
    PARTS
        .iter()
        .find(|(_, names)| {
            names
                .iter()
                .any(|known| *known == name || (known.ends_with('.') && name.starts_with(known)) || known.is_empty())
        })
        .map_or("other", |(part, _)| part)
}

pub fn cards(context: &PageContext, portrait: &Portrait, segment: &GroupRef) -> AnyView {
    let lang = context.lang;
    PARTS
        .iter()
        .filter_map(|(part, _)| {
            let cards: Vec<AnyView> = portrait
                .dimensions
                .iter()
                .filter(|dimension| !dimension.values.is_empty() && part_of(&dimension.name) == *part)
                .map(|dimension| card(context, dimension, portrait.level, segment))
                .collect();
            let title = named(lang, "portrait-part-", part);
            (!cards.is_empty()).then(|| {
                view! {
                    <h2 class="section-title">{title}</h2>
                    <div class="masonry">{cards}</div>
                }
                .into_any()
            })
        })
        .collect_view()
        .into_any()
}

fn card(context: &PageContext, dimension: &Dimension, level: f64, segment: &GroupRef) -> AnyView {
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
        <Card title=dimension_name(lang, &dimension.name) subtitle=subtitle>{table(context, dimension, level, segment)}{more}</Card>
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

fn table(context: &PageContext, dimension: &Dimension, level: f64, segment: &GroupRef) -> AnyView {
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
            named_value(context, &dimension.name, &value.value, segment),
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
        Column::interval(t!(lang, "portrait-interval-head", level = format.level(level))).wide_only(),
    ])
    .rows(rows)
    .dense()
    .whole_rows()
    .caption(dimension_name(lang, &dimension.name))
    .view()
}

/// The value, for who may build a way to the rule of those of the group who have it.
fn named_value(context: &PageContext, dimension: &str, value: &str, segment: &GroupRef) -> Cell {
    let text = value_name(&context.format, dimension, value);
    match conditions::value(dimension, value).filter(|_| context.may(Right::Build)) {
        Some(condition) => Cell::Link(
            text,
            conditions::address(&[conditions::group(segment), Some(condition)]),
        ),
        None => Cell::text(text),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_has_its_part() {
        assert_eq!(part_of("city"), "who");
        assert_eq!(part_of("attributes.shoe_size"), "who");
        assert_eq!(part_of("order_city"), "buying");
        assert_eq!(part_of("consent_marketing"), "reach");
        assert_eq!(part_of("weather"), "other");
    }
}

//! Numbers per person: the group's mean with its interval, its median, and those of the baseline.

use crate::context::PageContext;
use crate::format::Format;
use crate::i18n::named;
use crate::t;
use crate::ui::{Card, Cell, Column, Table};
use leptos::prelude::*;
use types::portraits::{Measure, Portrait};

pub fn card(context: &PageContext, portrait: &Portrait) -> Option<AnyView> {
    if portrait.measures.is_empty() {
        return None;
    }
    let (lang, format) = (context.lang, &context.format);
    let table = table(format, portrait).view();
    Some(
        view! {
            <Card title=t!(lang, "portrait-measures") subtitle=t!(lang, "portrait-measures-sub", currency = format.currency())>
                {table}
            </Card>
        }
        .into_any(),
    )
}

pub fn table(format: &Format, portrait: &Portrait) -> Table {
    let lang = format.lang;
    let rows = portrait.measures.iter().map(|measure| row(format, measure));
    Table::new(vec![
        Column::text(t!(lang, "measure-measure")),
        Column::number(t!(lang, "measure-mean")),
        Column::number(t!(lang, "measure-interval", level = format.level(portrait.level))).wide_only(),
        Column::number(t!(lang, "measure-baseline-mean")),
        Column::number(t!(lang, "measure-median")).wide_only(),
        Column::number(t!(lang, "measure-baseline-median")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "portrait-measures"))
}

fn row(format: &Format, measure: &Measure) -> Vec<Cell> {
    let lang = format.lang;
    let write = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| amount(format, &measure.name, value));
    let interval = match (measure.low, measure.high) {
        (Some(low), Some(high)) => {
            let (low, high) = (amount(format, &measure.name, low), amount(format, &measure.name, high));
            t!(lang, "measure-from-to", low = low, high = high)
        }
        _ => "–".into(),
    };
    let people = t!(
        lang,
        "portrait-people",
        n = measure.count,
        people = format.number(measure.count)
    );
    vec![
        Cell::Two(named(lang, "measure-name-", &measure.name), people),
        Cell::Strong(write(measure.mean)),
        Cell::Muted(interval),
        Cell::text(write(measure.baseline_mean)),
        Cell::text(write(measure.median)),
        Cell::text(write(measure.baseline_median)),
    ]
}

/// Shares, money and plain numbers are told apart by the name of the measure.
fn amount(format: &Format, name: &str, value: f64) -> String {
    const MONEY: [&str; 8] = [
        "monetary",
        "spend",
        "revenue",
        "average_order",
        "average_order_value",
        "income",
        "refunds",
        "net_revenue",
    ];
    if MONEY.contains(&name) {
        format.money(value)
    } else if name.ends_with("_share") || name.ends_with("_rate") {
        format.percent(value)
    } else {
        format.decimal(value, 1)
    }
}

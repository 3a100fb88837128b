//! A portrait on paper: what stands out, each dimension, and the numbers per person, all with their intervals.

use super::pages::{dimension_name, measures, value_name};
use crate::documents::foot;
use crate::format::Format;
use crate::t;
use charts::document::{Block, Cell, Column, Document, Table};
use types::portraits::{Dimension, Finding, Portrait};

/// `title` is whom the portrait is of, `against` whom they are compared with.
pub fn of(format: &Format, title: String, against: String, portrait: &Portrait) -> Document {
    let lang = format.lang;
    let share = if portrait.baseline_size > 0 {
        portrait.size as f64 / portrait.baseline_size as f64
    } else {
        0.0
    };
    let lead = t!(
        lang,
        "portrait-lead",
        n = portrait.size,
        customers = format.number(portrait.size),
        share = format.percent(share),
        baseline = against
    );
    let mut blocks = vec![Block::Table(findings(format, portrait))];
    blocks.extend(
        portrait
            .dimensions
            .iter()
            .filter(|dimension| !dimension.values.is_empty())
            .map(|dimension| Block::Table(table(format, dimension, portrait.level))),
    );
    if !portrait.measures.is_empty() {
        let subtitle = t!(lang, "portrait-measures-sub", currency = format.currency());
        blocks.push(Block::Table(
            measures::table(format, portrait).printed(t!(lang, "portrait-measures"), subtitle),
        ));
    }
    Document {
        title,
        lead,
        blocks,
        foot: foot(format, None, portrait.data_version, portrait.data_as_of),
        language: lang.code().to_owned(),
    }
}

fn columns(format: &Format, first: String, level: f64) -> Vec<Column> {
    let lang = format.lang;
    vec![
        Column::text(first),
        Column::number(t!(lang, "portrait-legend-group")),
        Column::number(t!(lang, "portrait-legend-baseline")),
        Column::number("TGI"),
        Column::number(t!(lang, "portrait-interval-head", level = format.level(level))),
    ]
}

fn findings(format: &Format, portrait: &Portrait) -> Table {
    let lang = format.lang;
    let subtitle = if portrait.findings.is_empty() {
        t!(lang, "portrait-findings-none")
    } else {
        t!(
            lang,
            "portrait-findings-sub",
            n = portrait.comparisons,
            count = format.number(portrait.comparisons),
            level = format.level(portrait.level)
        )
    };
    let row = |finding: &Finding| {
        vec![
            Cell::two(
                value_name(format, &finding.dimension, &finding.value),
                dimension_name(lang, &finding.dimension),
            ),
            Cell::new(format.percent(finding.share)),
            Cell::new(format.percent(finding.baseline_share)),
            Cell::new(format.decimal(finding.tgi, 0)),
            Cell::new(interval(format, finding.tgi_low, finding.tgi_high)),
        ]
    };
    Table {
        title: t!(lang, "portrait-findings"),
        subtitle,
        columns: columns(format, String::new(), portrait.level),
        rows: portrait.findings.iter().map(row).collect(),
        sum: None,
    }
}

fn table(format: &Format, dimension: &Dimension, level: f64) -> Table {
    let lang = format.lang;
    let rows = dimension.values.iter().map(|value| {
        let tgi = value.tgi.map_or_else(|| "–".to_owned(), |tgi| format.decimal(tgi, 0));
        vec![
            Cell::new(value_name(format, &dimension.name, &value.value)),
            Cell::new(format.percent(value.share)),
            Cell::new(format.percent(value.baseline_share)),
            Cell::new(tgi),
            Cell::new(interval(format, value.tgi_low, value.tgi_high)),
        ]
    });
    let subtitle = t!(
        lang,
        "portrait-known",
        group = format.percent(dimension.coverage),
        baseline = format.percent(dimension.baseline_coverage)
    );
    Table {
        title: dimension_name(lang, &dimension.name),
        subtitle,
        columns: columns(format, String::new(), level),
        rows: rows.collect(),
        sum: None,
    }
}

fn interval(format: &Format, low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => t!(
            format.lang,
            "measure-from-to",
            low = format.decimal(low, 0),
            high = format.decimal(high, 0)
        ),
        _ => "–".to_owned(),
    }
}

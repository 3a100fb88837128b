//! Overlapping segments as a chart: every customer of any of them stands in exactly one part, and each part is a rule.

use crate::axes;
use crate::charts::Asked;
use crate::conditions;
use crate::format::Format;
use crate::i18n::Lang;
use crate::t;
use engine::Error;
use serde_json::{Value, json};
use types::chart::{Category, ChartKind, ChartSpec, Point, Series, Tone, ValueAxis, Width};
use types::rule_answers::{Overlap, OverlapPart};

/// Parts as columns, segments as rows.
pub fn overlapping(format: &Format, found: &Overlap) -> ChartSpec {
    let lang = format.lang;
    let ids: Vec<String> = found.segments.iter().map(|segment| segment.id.to_string()).collect();
    let categories = found.parts.iter().map(|part| {
        let rule = conditions::beginning_with(&exactly(found, part));
        Category::new(part_name(lang, found, part)).link(rule)
    });
    let series = found.segments.iter().map(|segment| {
        let points = found
            .parts
            .iter()
            .map(|part| Point::new(part.inside.contains(&segment.id).then_some(part.size as f64)));
        Series::new(segment.name.clone(), Tone::Base, points.collect())
    });
    ChartSpec {
        id: format!("segment-overlap-{}", ids.join("-")),
        title: t!(lang, "overlap-chart"),
        subtitle: t!(
            lang,
            "overlap-chart-sub",
            n = found.any,
            any = format.number(found.any),
            time = found.data_as_of.map(|at| format.time(at)).unwrap_or_default()
        ),
        kind: ChartKind::Upset,
        width: Width::Wide,
        category_label: t!(lang, "overlap-part"),
        categories: categories.collect(),
        value: ValueAxis {
            label: t!(lang, "segments-customers"),
            format: axes::count(),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        series: series.collect(),
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

/// The chart of the segments that its name lists, `segment-overlap-3-7`.
pub async fn by_name(asked: &Asked<'_>, name: &str) -> Result<Option<ChartSpec>, Error> {
    let Some(ids) = name.strip_prefix("segment-overlap-") else {
        return Ok(None);
    };
    let ids: Result<Vec<i64>, _> = ids.split('-').map(str::parse).collect();
    let Ok(ids) = ids else { return Ok(None) };
    let found = engine::segments::overlap(asked.engine, asked.actor, &ids).await?;
    Ok(Some(overlapping(&asked.format, &found)))
}

/// A part in words: the segments that it lies in.
pub fn part_name(lang: Lang, found: &Overlap, part: &OverlapPart) -> String {
    let names: Vec<&str> = found
        .segments
        .iter()
        .filter(|segment| part.inside.contains(&segment.id))
        .map(|segment| segment.name.as_str())
        .collect();
    match names.as_slice() {
        [one] => t!(lang, "overlap-only", name = (*one).to_owned()),
        many => many.join(" ∩ "),
    }
}

/// Everybody of this part: inside these and outside the others.
pub fn exactly(found: &Overlap, part: &OverlapPart) -> Value {
    let mut rules: Vec<Value> = part.inside.iter().map(|id| conditions::segment(*id)).collect();
    let others: Vec<Value> = found
        .segments
        .iter()
        .filter(|segment| !part.inside.contains(&segment.id))
        .map(|segment| conditions::segment(segment.id))
        .collect();
    if !others.is_empty() {
        rules.push(json!({ "not": { "any": others } }));
    }
    json!({ "all": rules })
}

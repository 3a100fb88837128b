//! How many people a group is and how much of the value it brings: the chart that says where the money is.

use super::groups::group_name;
use crate::axes;
use crate::format::Format;
use crate::t;
use types::chart::{Category, ChartKind, ChartSpec, Direction, Point, Series, Tone, ValueAxis, Width};
use types::segments::Run;

pub fn worth(format: &Format, run: &Run) -> ChartSpec {
    let lang = format.lang;
    let money: f64 = run.segments.iter().map(|segment| segment.profile.monetary_total).sum();
    let people = run.segments.iter().map(|segment| Point::new(segment.share)).collect();
    let value = run
        .segments
        .iter()
        .map(|segment| Point::new((money > 0.0).then(|| segment.profile.monetary_total / money)))
        .collect();
    ChartSpec {
        id: format!("segment-worth-{}", run.id),
        title: t!(lang, "chart-worth-title"),
        subtitle: t!(lang, "chart-worth-sub"),
        kind: ChartKind::Bar(Direction::Across),
        width: Width::Half,
        category_label: t!(lang, "segments-segment"),
        categories: run
            .segments
            .iter()
            .map(|segment| Category::new(group_name(lang, segment)))
            .collect(),
        value: ValueAxis {
            label: t!(lang, "segments-share"),
            format: axes::share(format),
            from: Some(0.0),
            origin: Some(0.0),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(t!(lang, "chart-worth-value"), Tone::First, value),
            Series::new(t!(lang, "chart-worth-people"), Tone::Base, people),
        ],
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

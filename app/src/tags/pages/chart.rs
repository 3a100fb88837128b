//! How many have a tag, and each value of it, over the versions of the data.

use super::words;
use crate::axes;
use crate::format::Format;
use crate::t;
use types::chart::{Category, ChartKind, ChartSpec, LineStyle, Point, Series, Tone, ValueAxis, Width};
use types::tags::{Tag, TagSizes};

/// Lines that can be told apart, beside the one of the whole tag.
const TONES: [Tone; 6] = [
    Tone::Second,
    Tone::Third,
    Tone::Fourth,
    Tone::Fifth,
    Tone::Sixth,
    Tone::Seventh,
];

pub fn history(format: &Format, tag: &Tag) -> ChartSpec {
    let lang = format.lang;
    let share = |sizes: &TagSizes, size: i64| {
        let value = (sizes.customers > 0).then(|| size as f64 / sizes.customers as f64);
        let text = value.map(|share| format!("{} ({})", format.percent(share), format.number(size)));
        Point::new(value).text(text.unwrap_or_default())
    };
    let newest = tag.sizes.last().map(|sizes| sizes.values.clone()).unwrap_or_default();
    let mut series = vec![
        Series::new(
            t!(lang, "tag-any-value"),
            Tone::First,
            tag.sizes.iter().map(|sizes| share(sizes, sizes.covered)).collect(),
        )
        .line(LineStyle::Area),
    ];
    let mut largest = newest.clone();
    largest.sort_by_key(|of| std::cmp::Reverse(of.size));
    largest.truncate(TONES.len());
    // In the order in which the tag shows its values.
    let drawn = newest
        .iter()
        .filter(|of| largest.iter().any(|large| large.value == of.value));
    for (of, tone) in drawn.zip(TONES) {
        let points = tag
            .sizes
            .iter()
            .map(|sizes| {
                let then = sizes.values.iter().find(|then| then.value == of.value);
                share(sizes, then.map_or(0, |then| then.size))
            })
            .collect();
        series.push(Series::new(words::value(format, tag, &of.value), tone, points));
    }
    let left_out = newest.len() as i64 - largest.len() as i64;
    ChartSpec {
        id: format!("tag-history-{}", tag.id),
        title: t!(lang, "tag-history"),
        subtitle: t!(lang, "tag-history-sub"),
        kind: ChartKind::Line,
        width: Width::Wide,
        category_label: t!(lang, "tag-version"),
        categories: tag.sizes.iter().map(|sizes| version(format, sizes)).collect(),
        value: ValueAxis {
            label: t!(lang, "segments-share"),
            format: axes::share(format),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        series,
        notes: (left_out > 0)
            .then(|| t!(lang, "tag-history-more", n = left_out, count = format.number(left_out)))
            .into_iter()
            .collect(),
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

fn version(format: &Format, sizes: &TagSizes) -> Category {
    let version = format.number(sizes.data_version);
    let label = t!(
        format.lang,
        "tag-version-of",
        version = version.clone(),
        time = format.time_or_none(sizes.data_as_of)
    );
    Category::new(label).tick(version)
}

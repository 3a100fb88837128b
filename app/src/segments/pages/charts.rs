//! Charts of runs: what groups are worth, what sets clusters apart, what chose their number, and where customers went.

use super::groups::{colour, feature_name, group_name, rule_address};
use crate::axes;
use crate::charts::Asked;
use crate::conditions;
use crate::format::Format;
use crate::t;
use engine::Error;
use types::chart::{
    Category, ChartKind, ChartSpec, Direction, LineStyle, NumberFormat, Place, Point, Remark, Series, Tone, ValueAxis,
    Width,
};
use types::runs::Moves;
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
            .map(|segment| Category::new(group_name(lang, segment)).link(rule_address(run.id, &segment.key)))
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

/// A chart of one run, when the run has it.
type Draw = fn(&Format, &Run) -> Option<ChartSpec>;

/// The charts of runs by the names of their files, `None` for what is none of them.
pub async fn by_name(asked: &Asked<'_>, name: &str) -> Result<Option<ChartSpec>, Error> {
    let (engine, actor, format) = (asked.engine, asked.actor, &asked.format);
    let run_of = async |id: &str| match id.parse() {
        Ok(id) => Ok(Some(engine::segments::get_run(engine, actor, id).await?)),
        Err(_) => Ok::<_, Error>(None),
    };
    let of_one: [(&str, Draw); 3] = [
        ("segment-worth-", |format, run| Some(worth(format, run))),
        ("segment-traits-", traits),
        ("segment-curve-", curve),
    ];
    for (prefix, draw) in of_one {
        if let Some(id) = name.strip_prefix(prefix) {
            return Ok(run_of(id).await?.and_then(|run| draw(format, &run)));
        }
    }
    for (prefix, kind) in [
        ("segment-moves-", ChartKind::HeatMap),
        ("segment-flow-", ChartKind::Sankey),
    ] {
        if let Some((from, to)) = name.strip_prefix(prefix).and_then(|ids| ids.split_once('-')) {
            let (Some(from), Some(to)) = (run_of(from).await?, run_of(to).await?) else {
                return Ok(None);
            };
            let found = engine::segments::get_moves(engine, actor, from.id, to.id).await?;
            return Ok(Some(moved(format, kind, &from, &to, &found)));
        }
    }
    Ok(None)
}

/// How each cluster differs from everybody, feature by feature.
pub fn traits(format: &Format, run: &Run) -> Option<ChartSpec> {
    let lang = format.lang;
    let features: Vec<&str> = run.details.features.iter().map(|used| used.name.as_str()).collect();
    if features.is_empty() || run.segments.iter().all(|segment| segment.traits.is_empty()) {
        return None;
    }
    let series = run.segments.iter().map(|segment| {
        let points = features.iter().map(|feature| {
            let of = segment.traits.iter().find(|of| of.feature == *feature);
            let point = Point::new(of.map(|of| of.difference)).link(rule_address(run.id, &segment.key));
            match of.and_then(|of| of.value.as_ref().map(|value| (of, value))) {
                Some((of, value)) => point.text(format!("{value} {}", format.signed(of.difference, 1))),
                None => point,
            }
        });
        Series::new(segment.key.to_uppercase(), Tone::First, points.collect())
    });
    Some(ChartSpec {
        id: format!("segment-traits-{}", run.id),
        title: t!(lang, "run-apart"),
        subtitle: t!(lang, "run-apart-sub"),
        kind: ChartKind::HeatMap,
        width: Width::Wide,
        category_label: t!(lang, "run-feature"),
        categories: features
            .iter()
            .map(|feature| Category::new(feature_name(lang, feature)))
            .collect(),
        value: ValueAxis {
            label: t!(lang, "run-apart-sub"),
            format: NumberFormat::decimals(1),
            origin: Some(0.0),
            ..ValueAxis::default()
        },
        series: series.collect(),
        words: axes::words(lang),
        ..ChartSpec::default()
    })
}

/// Silhouette by number of groups; absent when the number was given.
pub fn curve(format: &Format, run: &Run) -> Option<ChartSpec> {
    let (lang, details) = (format.lang, &run.details);
    if details.curve.is_empty() {
        return None;
    }
    let sample = format.number(details.sample.unwrap_or_default());
    let best = details
        .curve
        .iter()
        .enumerate()
        .filter_map(|(place, point)| point.silhouette.map(|value| (place, value)))
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    Some(ChartSpec {
        id: format!("segment-curve-{}", run.id),
        title: t!(lang, "run-curve"),
        subtitle: t!(lang, "run-curve-sub", sample = sample),
        kind: ChartKind::Line,
        width: Width::Half,
        category_label: t!(lang, "run-curve-k"),
        categories: details
            .curve
            .iter()
            .map(|point| Category {
                position: Some(point.k as f64),
                ..Category::new(point.k.to_string()).tick(point.k.to_string())
            })
            .collect(),
        value: ValueAxis {
            label: t!(lang, "run-curve-axis"),
            format: NumberFormat::decimals(3),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(
                t!(lang, "run-curve-axis"),
                Tone::First,
                details.curve.iter().map(|point| Point::new(point.silhouette)).collect(),
            )
            .line(LineStyle::Area),
        ],
        remarks: best
            .map(|(place, _)| Remark {
                at: Place::Category(place),
                text: t!(lang, "runs-k-fixed", k = details.curve[place].k.to_string()),
            })
            .into_iter()
            .collect(),
        words: axes::words(lang),
        ..ChartSpec::default()
    })
}

/// Rows are the groups before, columns those after; as a matrix or as bands.
pub fn moved(format: &Format, kind: ChartKind, from: &Run, to: &Run, found: &Moves) -> ChartSpec {
    let lang = format.lang;
    let sides = |run: &Run, uncovered: bool| -> Vec<(Option<String>, String)> {
        let known = run
            .segments
            .iter()
            .map(|segment| (Some(segment.key.clone()), group_name(lang, segment)));
        let none = uncovered.then(|| (None, t!(lang, "moves-none")));
        known.chain(none).collect()
    };
    let rows = sides(from, found.cells.iter().any(|cell| cell.from.is_none()));
    let columns = sides(to, found.cells.iter().any(|cell| cell.to.is_none()));
    let series = rows.into_iter().map(|(key, name)| {
        let points = columns.iter().map(|(column, _)| {
            let size = found
                .cells
                .iter()
                .find(|cell| cell.from == key && cell.to == *column)
                .map(|cell| cell.size as f64);
            let rule = || {
                conditions::address(&[
                    Some(conditions::side_of_run(from, key.as_deref())),
                    Some(conditions::side_of_run(to, column.as_deref())),
                ])
            };
            Point::new(size).link(size.map(|_| rule()))
        });
        let tone = tone_of(key.as_deref().map_or(0, colour));
        Series::new(name, tone, points.collect())
    });
    let (ids, subtitle, title) = match kind {
        ChartKind::Sankey => (
            "segment-flow",
            t!(
                lang,
                "moves-flow-sub",
                from = from.id.to_string(),
                to = to.id.to_string()
            ),
            t!(lang, "moves-flow"),
        ),
        _ => (
            "segment-moves",
            t!(
                lang,
                "moves-matrix-sub",
                from = from.id.to_string(),
                to = to.id.to_string()
            ),
            t!(lang, "moves-matrix"),
        ),
    };
    ChartSpec {
        id: format!("{ids}-{}-{}", from.id, to.id),
        title,
        subtitle,
        kind,
        width: Width::Wide,
        category_label: t!(lang, "moves-became", run = to.id.to_string()),
        series: series.collect(),
        categories: columns.into_iter().map(|(_, name)| Category::new(name)).collect(),
        value: ValueAxis {
            label: t!(lang, "segments-customers"),
            format: axes::count(),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        words: axes::words(lang),
        ..ChartSpec::default()
    }
}

fn tone_of(colour: u8) -> Tone {
    match colour {
        1 => Tone::First,
        2 => Tone::Second,
        3 => Tone::Third,
        4 => Tone::Fourth,
        5 => Tone::Fifth,
        6 => Tone::Sixth,
        7 => Tone::Seventh,
        _ => Tone::Base,
    }
}

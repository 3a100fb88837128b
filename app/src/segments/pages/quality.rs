//! What a run says about itself: how well its groups separate, what chose their number, what sets them apart, and its parameters.

use super::charts::{curve, traits};
use super::groups::feature_name;
use crate::context::PageContext;
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::kpi::{Kpi, kpis};
use crate::ui::{Card, Cell, Column, Table};
use leptos::prelude::*;
use serde_json::Value;
use types::segments::Run;

/// Quality of clusters in figures; nothing for rules such as RFM.
pub fn figures(context: &PageContext, run: &Run) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let mut all = Vec::new();
    if let Some(value) = run.quality.silhouette {
        let sample = run.details.sample.unwrap_or_default();
        let note = t!(lang, "run-silhouette-note", n = sample, sample = format.number(sample));
        all.push(Kpi::noted(t!(lang, "run-silhouette"), format.decimal(value, 3), note));
    }
    if let Some(value) = run.quality.stability {
        let seeds = run.details.seeds.unwrap_or_default().to_string();
        let note = t!(lang, "run-stability-note", seeds = seeds);
        all.push(Kpi::noted(t!(lang, "run-stability"), format.decimal(value, 3), note));
    }
    if let Some(value) = run.quality.inertia {
        let note = t!(lang, "run-inertia-note");
        all.push(Kpi::noted(t!(lang, "run-inertia"), format.decimal(value, 1), note));
    }
    if all.is_empty() { ().into_any() } else { kpis(all) }
}

/// The curve and what sets the groups apart, for clusters.
pub fn findings(context: &PageContext, run: &Run) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let file = |name: &str| Some((format!("/charts/{name}-{}", run.id), String::new()));
    let curve = curve(format, run);
    let beside = if curve.is_some() { "c7" } else { "c12" };
    let traits = traits(format, run).map(|spec| chart_card(lang, spec, beside, file("segment-traits")));
    let curve = curve.map(|spec| chart_card(lang, spec, "c5", file("segment-curve")));
    let used = (!run.details.features.is_empty()).then(|| {
        view! {
            <Card title=t!(lang, "run-features") subtitle=t!(lang, "run-features-sub")>{used(context, run)}</Card>
        }
        .into_any()
    });
    view! { <div class="cols">{traits}{curve}</div>{used} }.into_any()
}

fn used(context: &PageContext, run: &Run) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let yes_no = |yes: bool| if yes { t!(lang, "run-yes") } else { t!(lang, "run-no") };
    let rows = run.details.features.iter().map(|used| {
        let number = |value: f64| {
            if used.category {
                Cell::Muted("–".into())
            } else {
                Cell::text(format.decimal(value, 3))
            }
        };
        vec![
            Cell::text(feature_name(lang, &used.name)),
            if used.category {
                Cell::Muted(t!(lang, "run-category"))
            } else {
                Cell::text(yes_no(used.log))
            },
            number(used.shift),
            number(used.scale),
            Cell::text(format.number(used.missing)),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "run-feature")),
        Column::text(t!(lang, "run-feature-log")),
        Column::number(t!(lang, "run-feature-shift")).wide_only(),
        Column::number(t!(lang, "run-feature-scale")).wide_only(),
        Column::number(t!(lang, "run-feature-missing")),
    ])
    .rows(rows)
    .caption(t!(lang, "run-features"))
    .dense()
    .view()
}

/// The parameters as they were given, with every default, and what they led to.
pub fn parameters(context: &PageContext, run: &Run) -> AnyView {
    let (lang, format, details) = (context.lang, &context.format, &run.details);
    let mut lines: Vec<(String, String)> = run
        .params
        .iter()
        .map(|(name, value)| (parameter_name(context, name), parameter(context, name, value)))
        .collect();
    if let Some(steps) = details.iterations {
        lines.push((t!(lang, "run-iterations"), format.number(steps)));
    }
    if let Some(gamma) = details.gamma {
        lines.push((t!(lang, "run-gamma"), format.decimal(gamma, 3)));
    }
    if let Some(days) = details.usual_gap_days {
        lines.push((t!(lang, "run-usual-gap"), format.decimal(days, 1)));
    }
    let cuts = details.cuts.unwrap_or_default();
    for (name, of) in [
        (t!(lang, "run-cut-r"), cuts.r),
        (t!(lang, "run-cut-f"), cuts.f),
        (t!(lang, "run-cut-m"), cuts.m),
    ] {
        if let Some(of) = of {
            let texts: Vec<String> = of.iter().map(|cut| format.decimal(*cut, 1)).collect();
            lines.push((name, texts.join(" · ")));
        }
    }
    if lines.is_empty() {
        return view! { <p class="muted">"–"</p> }.into_any();
    }
    let lines = lines
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }.into_any())
        .collect_view();
    view! { <dl class="facts">{lines}</dl> }.into_any()
}

fn parameter_name(context: &PageContext, name: &str) -> String {
    let lang = context.lang;
    match name {
        "features" => t!(lang, "runs-features"),
        "k" => t!(lang, "runs-how-many"),
        "scale" => t!(lang, "runs-scale"),
        "log" => t!(lang, "runs-log"),
        "restarts" => t!(lang, "runs-restarts"),
        "gamma" => t!(lang, "runs-gamma"),
        "slipping" => t!(lang, "runs-limit-slipping"),
        "asleep" => t!(lang, "runs-limit-asleep"),
        "lost" => t!(lang, "runs-limit-lost"),
        "least_days" => t!(lang, "runs-limit-least"),
        "cutoffs" => t!(lang, "runs-scoring"),
        "grid" => t!(lang, "runs-grid"),
        "names" => t!(lang, "runs-names"),
        other => other.to_owned(),
    }
}

fn parameter(context: &PageContext, name: &str, value: &Value) -> String {
    let (lang, format) = (context.lang, &context.format);
    let text = match (name, value.as_str()) {
        ("k", Some("auto")) => Some(t!(lang, "runs-k-auto")),
        ("scale", Some("standard")) => Some(t!(lang, "runs-scale-standard")),
        ("scale", Some("range")) => Some(t!(lang, "runs-scale-range")),
        ("scale", Some("none")) => Some(t!(lang, "runs-scale-none")),
        ("log", Some("auto")) => Some(t!(lang, "runs-log-auto")),
        ("cutoffs", _) => Some(t!(lang, "runs-scoring-cutoffs")),
        _ => None,
    };
    if let Some(text) = text {
        return text;
    }
    match (name, value) {
        ("features" | "log", Value::Array(names)) if !names.is_empty() => names
            .iter()
            .filter_map(Value::as_str)
            .map(|feature| feature_name(lang, feature))
            .collect::<Vec<_>>()
            .join(", "),
        ("log", Value::Array(_)) => t!(lang, "runs-log-none"),
        ("grid", Value::Array(rows)) => grid(context, rows),
        ("names", Value::Object(names)) => names.values().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (_, Value::Number(number)) => match number.as_i64() {
            Some(whole) => format.number(whole),
            None => format.decimal(number.as_f64().unwrap_or_default(), 2),
        },
        _ => value.to_string(),
    }
}

/// How many of the 25 cells each group has.
fn grid(context: &PageContext, rows: &[Value]) -> String {
    let cells: Vec<&str> = rows
        .iter()
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut seen: Vec<&str> = Vec::new();
    for cell in &cells {
        if !seen.contains(cell) {
            seen.push(cell);
        }
    }
    let named = |key: &str| crate::i18n::named(context.lang, "rfm-", key);
    seen.iter()
        .map(|key| format!("{} {}", named(key), cells.iter().filter(|cell| *cell == key).count()))
        .collect::<Vec<_>>()
        .join(" · ")
}

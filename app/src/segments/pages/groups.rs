//! The groups of a run as a table: size, share, what they bring, and the way to portrait and members.

use crate::conditions;
use crate::context::{PageContext, encode};
use crate::i18n::{Lang, find, named};
use crate::t;
use crate::ui::chip::chip_link;
use crate::ui::{Cell, Column, Table};
use leptos::prelude::*;
use types::auth::Right;
use types::runs::Trait;
use types::segments::{Run, RunSegment};

/// A group's name in the reader's language: its own, that of its method, or what sets a cluster apart.
pub fn group_name(lang: Lang, segment: &RunSegment) -> String {
    if segment.own_name {
        return segment.name.clone();
    }
    if !segment.traits.is_empty() {
        return cluster_name(lang, segment);
    }
    let tail = segment.key.replace('_', "-");
    find(lang, &format!("rfm-{tail}"))
        .or_else(|| find(lang, &format!("stage-{tail}")))
        .unwrap_or_else(|| segment.name.clone())
}

/// Differences below this many standard deviations are not worth a word.
const WORTH_SAYING: f64 = 0.25;

/// The two largest differences, with the cluster's key before them, because two clusters may differ in the same way.
fn cluster_name(lang: Lang, segment: &RunSegment) -> String {
    let said = segment
        .traits
        .iter()
        .filter(|of| of.difference.abs() >= WORTH_SAYING)
        .take(2)
        .map(|of| trait_words(lang, of))
        .reduce(|left, right| t!(lang, "cluster-between", left = left, right = right))
        .unwrap_or_else(|| t!(lang, "cluster-plain"));
    format!("{}: {said}", segment.key.to_uppercase())
}

fn trait_words(lang: Lang, of: &Trait) -> String {
    let tail = of.feature.replace('_', "-");
    let what = feature_name(lang, &of.feature);
    // In the middle of a phrase; abbreviations keep their capitals.
    let what = match what.chars().nth(1) {
        Some(second) if second.is_lowercase() => {
            let mut letters = what.chars();
            let first = letters.next().map(char::to_lowercase);
            first.into_iter().flatten().chain(letters).collect()
        }
        _ => what,
    };
    match &of.value {
        Some(value) => {
            let value = if value.is_empty() {
                t!(lang, "cluster-unknown")
            } else {
                value.clone()
            };
            if of.difference > 0.0 {
                t!(lang, "cluster-is", what = what, value = value)
            } else {
                t!(lang, "cluster-is-not", what = what, value = value)
            }
        }
        None if of.difference > 0.0 => {
            find(lang, &format!("cluster-high-{tail}")).unwrap_or_else(|| t!(lang, "cluster-high", what = what))
        }
        None => find(lang, &format!("cluster-low-{tail}")).unwrap_or_else(|| t!(lang, "cluster-low", what = what)),
    }
}

/// What a feature of clusters is called; a category of products and an attribute of the company keep their own names.
pub fn feature_name(lang: Lang, feature: &str) -> String {
    let own = feature
        .strip_prefix("attributes.")
        .or_else(|| feature.strip_prefix("category_shares."));
    own.map_or_else(|| named(lang, "feature-", feature), str::to_owned)
}

/// Colour means something: those who buy, who are new, who fade, who must not be lost, who sleep. Clusters mean nothing until they are
/// looked at, so they are only told apart.
pub fn colour(key: &str) -> u8 {
    match key {
        "champions" | "loyal" | "potential_loyalist" | "active" => 1,
        "new" | "promising" => 3,
        "need_attention" | "slipping" => 6,
        "about_to_sleep" | "at_risk" | "asleep" => 2,
        "cant_lose" => 4,
        "hibernating" | "lost" => 0,
        other => match other.strip_prefix('c').and_then(|number| number.parse::<u8>().ok()) {
            Some(number @ 1..) => (number - 1) % 7 + 1,
            _ => 5,
        },
    }
}

pub fn portrait_address(run: &Run, segment: &RunSegment) -> String {
    format!(
        "/portraits?segment=run:{}:{}&baseline=all",
        run.id,
        encode(&segment.key)
    )
}

/// The builder with this group as its first condition.
pub fn rule_address(run: i64, key: &str) -> String {
    conditions::address(&[Some(conditions::of_run(run, key))])
}

pub fn size_table(context: &PageContext, run: &Run) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let widest = run
        .segments
        .iter()
        .map(|segment| segment.share)
        .fold(f64::EPSILON, f64::max);
    let all_money: f64 = run.segments.iter().map(|segment| segment.profile.monetary_total).sum();
    let rows = run.segments.iter().map(|segment| {
        let colour = colour(&segment.key);
        let money = segment.profile.monetary_total;
        let part = if all_money > 0.0 {
            format.percent(money / all_money)
        } else {
            "–".into()
        };
        let name = group_name(lang, segment);
        let bar = Cell::Bar(segment.share / widest, colour);
        let bar = if context.may(Right::Build) {
            bar.leading(
                rule_address(run.id, &segment.key),
                t!(lang, "chart-condition-of", what = name.clone()),
            )
        } else {
            bar
        };
        vec![
            Cell::Dotted(colour, name, Some(portrait_address(run, segment))),
            bar,
            Cell::text(format.number(segment.size)),
            Cell::Muted(format.percent(segment.share)),
            Cell::text(format.money_short(money)),
            Cell::Muted(part),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "segments-segment")),
        Column::bar(""),
        Column::number(t!(lang, "segments-customers")),
        Column::number(t!(lang, "segments-share")).wide_only(),
        Column::number(t!(lang, "segments-value")),
        Column::number(t!(lang, "segments-value-share")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "segments-sizes"))
    .view()
}

/// How the groups behave, with what can be done with each.
pub fn profile_table(context: &PageContext, run: &Run) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let may_export = context.may(Right::Export);
    let rows = run.segments.iter().map(|segment| {
        let profile = &segment.profile;
        let members = format!("/segments/runs/{}/members.csv?segment={}", run.id, encode(&segment.key));
        let links = view! {
            <span class="row">
                {chip_link(t!(lang, "segments-portrait"), portrait_address(run, segment))}
                {may_export.then(|| chip_link(t!(lang, "segments-members"), members))}
                {context.may(Right::Build).then(|| chip_link(t!(lang, "saved-as-rule"), rule_address(run.id, &segment.key)))}
            </span>
        };
        vec![
            Cell::Dotted(colour(&segment.key), group_name(lang, segment), None),
            Cell::text(format.decimal(profile.recency_median, 0)),
            Cell::text(format.decimal(profile.frequency_mean, 1)),
            Cell::text(format.money(profile.monetary_mean)),
            Cell::text(format.money(profile.monetary_median)),
            Cell::View(links.into_any()),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "segments-segment")),
        Column::number(t!(lang, "segments-recency")),
        Column::number(t!(lang, "segments-frequency")).wide_only(),
        Column::number(t!(lang, "segments-monetary-mean")).wide_only(),
        Column::number(t!(lang, "segments-monetary-median")).wide_only(),
        Column::actions(),
    ])
    .rows(rows)
    .caption(t!(lang, "segments-profile"))
    .view()
}

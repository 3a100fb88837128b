//! The groups of a run as a table: size, share, what they bring, and the way to portrait and members.

use crate::context::{PageContext, encode};
use crate::i18n::{Lang, find};
use crate::portraits::pages as portraits;
use crate::t;
use crate::ui::chip::chip_link;
use crate::ui::{Cell, Column, Table};
use leptos::prelude::*;
use types::auth::Right;
use types::query::GroupRef;
use types::segments::{Run, RunSegment};

/// A group's name in the reader's language; clusters have the name that the run gave them.
pub fn group_name(lang: Lang, segment: &RunSegment) -> String {
    find(lang, &format!("rfm-{}", segment.key.replace('_', "-"))).unwrap_or_else(|| segment.name.clone())
}

/// Colour means something: those who buy, who are new, who fade, who must not be lost, who sleep.
pub fn colour(key: &str) -> u8 {
    match key {
        "champions" | "loyal" | "potential_loyalist" => 1,
        "new" | "promising" => 3,
        "need_attention" => 6,
        "about_to_sleep" | "at_risk" => 2,
        "cant_lose" => 4,
        "hibernating" => 0,
        _ => 5,
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
fn rule_address(run: &Run, segment: &RunSegment) -> String {
    let group = GroupRef::Run {
        run: run.id,
        key: segment.key.clone(),
    };
    portraits::rule_address(&[portraits::group_rule(&group)])
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
        vec![
            Cell::Dotted(colour, group_name(lang, segment), Some(portrait_address(run, segment))),
            Cell::Bar(segment.share / widest, colour),
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
                {context.may(Right::Build).then(|| chip_link(t!(lang, "saved-as-rule"), rule_address(run, segment)))}
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

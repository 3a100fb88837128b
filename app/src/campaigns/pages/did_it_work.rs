//! Did it work? The contacted against the held out, in a sentence first and in figures below.

use super::one::files;
use crate::campaigns::{charts, words};
use crate::context::PageContext;
use crate::format::Format;
use crate::i18n::{Lang, joined, named};
use crate::t;
use crate::ui::chart::{chart, file_links};
use crate::ui::{Card, Cell, Column, Notice, Table, Tone};
use leptos::prelude::*;
use types::campaigns::{Campaign, Lift, Verdict};

/// Below this probability the sizes of the arms contradict the plan.
const RATIO_ALARM: f64 = 0.001;

pub fn card(context: &PageContext, campaign: &Campaign) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let title = t!(lang, "campaign-worked");
    let subtitle = t!(lang, "campaign-worked-sub", days = format.number(campaign.window_days));
    let badge = words::verdict_chip(lang, campaign.row.verdict);
    let ordered = campaign.lift.iter().find(|lift| lift.outcome == "ordered");
    let Some((spec, ordered)) = charts::lift(format, campaign).zip(ordered) else {
        return view! {
            <Card title=title subtitle=subtitle columns="c7" badge=badge>
                <p>{t!(lang, "campaign-no-holdout")}</p>
                <p class="small muted">{t!(lang, "campaign-no-holdout-do")}</p>
            </Card>
        }
        .into_any();
    };
    let links = file_links(files(context, "campaign-lift", campaign));
    view! {
        <Card title=title subtitle=subtitle columns="c7" badge=badge links=links>
            <div class="campaigns-lift">
                <p class="sentence">{lift_sentence(format, ordered)}</p>
                {chart(lang, spec)}
                {outcomes(format, &campaign.lift).view()}
                <p class="small muted">{evidence(format, ordered)}</p>
            </div>
        </Card>
    }
    .into_any()
}

/// The answer in words, with difference and interval.
pub fn lift_sentence(format: &Format, lift: &Lift) -> String {
    let lang = format.lang;
    let (treated, held_out) = (
        words::mean(format, lift, lift.treated.mean),
        words::mean(format, lift, lift.held_out.mean),
    );
    let (difference, interval) = (
        words::difference(format, lift, lift.difference),
        words::interval(format, lift),
    );
    let level = words::level(format, lift);
    match (lift.verdict, lift.difference) {
        (Verdict::NoHoldout, _) | (_, None) => t!(lang, "campaign-no-holdout"),
        (Verdict::NotProven, _) => t!(
            lang,
            "campaign-lift-not-proven",
            treated = treated,
            held = held_out,
            difference = difference,
            level = level,
            interval = interval
        ),
        (Verdict::Proven, Some(by)) if by < 0.0 => t!(
            lang,
            "campaign-lift-worse",
            treated = treated,
            held = held_out,
            difference = difference,
            level = level,
            interval = interval
        ),
        (Verdict::Proven, _) => t!(
            lang,
            "campaign-lift-better",
            treated = treated,
            held = held_out,
            difference = difference,
            level = level,
            interval = interval
        ),
    }
}

pub fn outcomes(format: &Format, lifts: &[Lift]) -> Table {
    let lang = format.lang;
    let rows = lifts.iter().map(|lift| {
        if lift.treated.mean.is_none() && lift.held_out.mean.is_none() {
            return nothing_to_judge_by(lang, lift);
        }
        vec![
            Cell::text(named(lang, "campaign-outcome-", &lift.outcome)),
            Cell::text(words::mean(format, lift, lift.treated.mean)),
            Cell::text(words::mean(format, lift, lift.held_out.mean)),
            Cell::Two(
                words::difference(format, lift, lift.difference),
                words::interval(format, lift),
            ),
            words::verdict_cell(lang, lift.verdict),
        ]
    });
    let level = lifts.first().map(|lift| words::level(format, lift)).unwrap_or_default();
    Table::new(vec![
        Column::text(t!(lang, "campaign-outcome")),
        Column::number(t!(lang, "campaign-treated")).wide_only(),
        Column::number(t!(lang, "campaign-held-out")).wide_only(),
        Column::number(t!(lang, "campaign-difference", level = level)),
        Column::text(t!(lang, "campaigns-verdict")),
    ])
    .rows(rows)
    .tight()
    .caption(t!(lang, "campaign-worked"))
}

/// An outcome of which nothing was recorded is no zero.
fn nothing_to_judge_by(lang: Lang, lift: &Lift) -> Vec<Cell> {
    vec![
        Cell::text(named(lang, "campaign-outcome-", &lift.outcome)),
        Cell::Muted("–".to_owned()),
        Cell::Muted("–".to_owned()),
        Cell::Muted(t!(lang, "campaign-nothing-recorded")),
        Cell::Chip(Tone::Neutral, t!(lang, "campaign-not-known")),
    ]
}

/// Test, sizes of the arms, and who was left out.
pub fn evidence(format: &Format, lift: &Lift) -> String {
    let lang = format.lang;
    let (treated, held_out) = (format.number(lift.treated.n), format.number(lift.held_out.n));
    let mut parts = vec![t!(lang, "campaign-arms", treated = treated, held = held_out)];
    if let (Some(z), Some(p)) = (lift.z, lift.p) {
        parts.push(t!(
            lang,
            "campaign-test",
            z = format.decimal(z, 2),
            p = words::p(format, p)
        ));
    }
    if let Some(p) = lift.sample_ratio_p.filter(|p| *p >= RATIO_ALARM) {
        parts.push(t!(lang, "campaign-ratio-fine", p = words::p(format, p)));
    }
    if lift.excluded > 0 {
        parts.push(t!(
            lang,
            "campaign-excluded",
            n = lift.excluded,
            people = format.number(lift.excluded)
        ));
    }
    joined(lang, &parts)
}

/// The arms are not of the sizes that were planned, so something went wrong before anybody ordered.
pub fn ratio_alarm(context: &PageContext, campaign: &Campaign) -> Option<AnyView> {
    let (lang, format) = (context.lang, &context.format);
    let p = campaign
        .lift
        .iter()
        .filter_map(|lift| lift.sample_ratio_p)
        .find(|p| *p < RATIO_ALARM)?;
    let text = t!(lang, "campaign-ratio-text", p = words::p(format, p));
    Some(view! { <Notice tone=Tone::Warn title=t!(lang, "campaign-ratio-title") text=text/> }.into_any())
}

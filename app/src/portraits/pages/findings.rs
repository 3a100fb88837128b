//! What stands out, strongest evidence first, each with its index, interval and base.

use super::names::{dimension_name, value_name};
use crate::conditions;
use crate::context::PageContext;
use crate::t;
use crate::ui::Card;
use leptos::prelude::*;
use types::auth::Right;
use types::portraits::{Finding, Portrait};
use types::query::GroupRef;

/// What a reader takes in at once; the others unfold.
const AT_ONCE: usize = 8;

/// `segment` is the group that the portrait is of.
pub fn card(context: &PageContext, portrait: &Portrait, segment: &GroupRef) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let subtitle = t!(
        lang,
        "portrait-findings-sub",
        n = portrait.comparisons,
        count = format.number(portrait.comparisons),
        level = format.level(portrait.level)
    );
    if portrait.findings.is_empty() {
        return view! {
            <Card title=t!(lang, "portrait-findings") subtitle=subtitle>
                <p class="soft">{t!(lang, "portrait-findings-none")}</p>
            </Card>
        }
        .into_any();
    }
    let lines = |findings: &[Finding]| {
        findings
            .iter()
            .map(|finding| line(context, finding, segment))
            .collect_view()
    };
    let (first, rest) = portrait.findings.split_at(portrait.findings.len().min(AT_ONCE));
    let rest = (!rest.is_empty()).then(|| {
        let text = t!(
            lang,
            "portrait-findings-more",
            n = rest.len() as i64,
            count = format.number(rest.len() as i64)
        );
        view! { <details class="chart-table"><summary>{text}</summary><ul class="say say--two">{lines(rest)}</ul></details> }
    });
    view! {
        <Card title=t!(lang, "portrait-findings") subtitle=subtitle><ul class="say say--two">{lines(first)}</ul>{rest}</Card>
    }
    .into_any()
}

fn line(context: &PageContext, finding: &Finding, segment: &GroupRef) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    // More than expected is neither good nor bad: colour and arrow only say on which side of 100 the index is.
    let (arrow, tone) = if finding.tgi >= 100.0 {
        ("▲ ", "figure more")
    } else {
        ("▼ ", "figure less")
    };
    let interval = match (finding.tgi_low, finding.tgi_high) {
        (Some(low), Some(high)) => {
            t!(
                lang,
                "portrait-interval",
                low = format.decimal(low, 0),
                high = format.decimal(high, 0)
            )
        }
        _ => String::new(),
    };
    let people = t!(
        lang,
        "portrait-people",
        n = finding.count,
        people = format.number(finding.count)
    );
    let dimension = t!(
        lang,
        "portrait-finding",
        dimension = dimension_name(lang, &finding.dimension)
    );
    let value = value_name(format, &finding.dimension, &finding.value);
    let condition = conditions::value(&finding.dimension, &finding.value).filter(|_| context.may(Right::Build));
    let value = match condition {
        Some(condition) => {
            let rule = conditions::address(&[conditions::group(segment), Some(condition)]);
            let label = t!(lang, "chart-condition-of", what = value.clone());
            view! { <a class="strong link" href=rule title=label>{value}</a> }.into_any()
        }
        None => view! { <b class="strong">{value}</b> }.into_any(),
    };
    let sentence = t!(
        lang,
        "portrait-sentence",
        share = format.percent(finding.share),
        baseline = format.percent(finding.baseline_share)
    );
    let evidence = [interval, people]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <li>
            <span class=tone>{format!("{arrow}{}", format.decimal(finding.tgi, 0))}</span>
            <span class="what">
                <span class="soft">{dimension}</span>" "{value}" "<span class="said">{sentence}</span>
                <small>{evidence}</small>
            </span>
        </li>
    }
    .into_any()
}

//! What the builder asks while somebody types: the count of a rule, values of fields, what sets the group apart. Numbers and words come ready
//! to be shown. When the browser takes a question back, the connection closes and the counting stops.

use crate::context::PageContext;
use crate::islands::rule_builder::{Live, LiveFinding, LiveFindings, LiveLeft, LiveLine, LiveValue, LiveValues};
use crate::portraits::pages::{dimension_name, value_name};
use crate::said;
use crate::segments::sql;
use crate::segments::words::rule_lines;
use crate::t;
use crate::visit::Visit;
use axum::Json;
use axum::response::{IntoResponse, Response};
use engine::Error;
use types::problems::FieldProblem;
use types::rule_answers::{FieldValues, RuleFindings};
use types::rules::{Rule, ValueKind};
use types::segments::{PreviewAsked, RulePreview};

pub async fn check(visit: Visit, Json(asked): Json<PreviewAsked>) -> Response {
    Json(live(&visit, asked).await).into_response()
}

/// The answer to a rule, also when it cannot be counted.
pub async fn live(visit: &Visit, asked: PreviewAsked) -> Live {
    let context = &visit.context;
    let rule = Rule::of_json(&asked.rule).ok();
    let counted = engine::segments::preview(visit.engine(), &visit.actor, asked).await;
    let mut live = match counted {
        Ok(counted) => counts(context, &counted),
        Err(Error::Invalid(faults)) => Live {
            faults: faults.iter().map(|fault| placed(context, fault)).collect(),
            ..Live::default()
        },
        Err(error) => Live {
            problem: said::sentence(context.lang, &error.to_string()),
            ..Live::default()
        },
    };
    if let Some(rule) = rule {
        let lines = rule_lines(&context.format, &rule).into_iter();
        live.lines = lines
            .map(|line| LiveLine {
                depth: line.depth,
                text: line.text,
            })
            .collect();
        live.query = sql::query(&rule, &context.format.currency());
    }
    live
}

/// The place inside the rule, and what is wrong there.
fn placed(context: &PageContext, fault: &FieldProblem) -> (String, String) {
    let place = fault.field.strip_prefix("rule").unwrap_or(&fault.field);
    (place.to_owned(), super::faults::fault(context.lang, &fault.reason))
}

pub(super) fn counts(context: &PageContext, counted: &RulePreview) -> Live {
    let (lang, format) = (context.lang, &context.format);
    let part = |count: i64| match counted.total {
        0 => 0.0,
        total => count as f64 / total as f64,
    };
    Live {
        count: format.number(counted.count),
        share: format.percent(part(counted.count)),
        fraction: part(counted.count),
        base: t!(
            lang,
            "builder-base",
            n = counted.total,
            total = format.number(counted.total),
            day = format.day(counted.as_of),
            took = format.decimal(counted.elapsed_ms, 1)
        ),
        left: counted
            .conditions
            .iter()
            .map(|condition| LiveLeft {
                path: condition.path.clone(),
                left: t!(
                    lang,
                    "builder-left",
                    n = condition.left,
                    left = format.number(condition.left)
                ),
                fraction: part(condition.left),
                alone: t!(
                    lang,
                    "builder-alone",
                    n = condition.alone,
                    alone = format.number(condition.alone)
                ),
            })
            .collect(),
        ..Live::default()
    }
}

pub async fn findings(visit: Visit, Json(asked): Json<PreviewAsked>) -> Response {
    let found = engine::portraits::rule_findings(visit.engine(), &visit.actor, asked).await;
    let shown = found.map(|found| told(&visit.context, &found)).unwrap_or_default();
    Json(shown).into_response()
}

pub(super) fn told(context: &PageContext, found: &RuleFindings) -> LiveFindings {
    let (lang, format) = (context.lang, &context.format);
    LiveFindings {
        findings: found
            .findings
            .iter()
            .map(|finding| {
                let value = value_name(format, &finding.dimension, &finding.value);
                LiveFinding {
                    figure: format.decimal(finding.tgi, 0),
                    more: finding.tgi >= 100.0,
                    what: format!("{} · {value}", dimension_name(lang, &finding.dimension)),
                    said: match (finding.tgi_low, finding.tgi_high) {
                        (Some(low), Some(high)) => t!(
                            lang,
                            "builder-finding-interval",
                            share = format.percent(finding.share),
                            baseline = format.percent(finding.baseline_share),
                            low = format.decimal(low, 0),
                            high = format.decimal(high, 0)
                        ),
                        _ => t!(
                            lang,
                            "builder-finding",
                            share = format.percent(finding.share),
                            baseline = format.percent(finding.baseline_share)
                        ),
                    },
                }
            })
            .collect(),
        note: if found.findings.is_empty() {
            t!(lang, "builder-findings-none")
        } else {
            t!(
                lang,
                "builder-findings-note",
                n = found.comparisons,
                count = format.number(found.comparisons),
                level = format.level(found.level)
            )
        },
    }
}

pub async fn values(visit: Visit) -> Response {
    let asked = |key: &str| visit.context.asked(key).unwrap_or_default();
    let of = asked("of");
    let found =
        engine::segments::field_values(visit.engine(), &visit.actor, &of, &asked("field"), &asked("like")).await;
    // A field that does not exist is a fault of the rule, which is told there.
    let shown = found.map(|found| listed(&visit.context, &found)).unwrap_or_default();
    Json(shown).into_response()
}

pub(super) fn listed(context: &PageContext, found: &FieldValues) -> LiveValues {
    let (lang, format) = (context.lang, &context.format);
    let most = found.values.iter().map(|value| value.count).max().unwrap_or(1).max(1) as f64;
    let number = |value: f64| format.decimal(value, if value.fract() == 0.0 { 0 } else { 2 });
    let note = match (
        found.kind,
        found.least.zip(found.greatest),
        found.first_day.zip(found.last_day),
    ) {
        (ValueKind::Number, Some((least, greatest)), _) => match found.quartiles {
            Some([_, median, _]) => t!(
                lang,
                "builder-range-median",
                least = number(least),
                greatest = number(greatest),
                median = number(median)
            ),
            None => t!(
                lang,
                "builder-range",
                least = number(least),
                greatest = number(greatest)
            ),
        },
        (ValueKind::Date, _, Some((first, last))) => {
            t!(
                lang,
                "builder-range",
                least = format.day(first),
                greatest = format.day(last)
            )
        }
        (ValueKind::Text | ValueKind::YesNo, ..) if !found.values.is_empty() => t!(
            lang,
            "builder-values-note",
            shown = format.number(found.values.len() as i64),
            different = format.number(found.different),
            known = format.number(found.known),
            total = format.number(found.total)
        ),
        _ => t!(lang, "builder-no-values"),
    };
    LiveValues {
        values: found
            .values
            .iter()
            .map(|value| LiveValue {
                text: value_name(format, &found.field, &value.value),
                value: value.value.clone(),
                count: format.number(value.count),
                fraction: value.count as f64 / most,
            })
            .collect(),
        note,
    }
}

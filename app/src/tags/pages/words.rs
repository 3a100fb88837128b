//! What kinds, values and definitions of tags are called in the reader's language.

use crate::format::Format;
use crate::i18n::{Lang, find, named};
use crate::portraits::pages::{dimension_name, value_name};
use crate::said;
use crate::t;
use crate::ui::{Tone, chip};
use leptos::prelude::*;
use types::tags::{Tag, TagKind};

pub fn kind(lang: Lang, kind: TagKind) -> String {
    named(lang, "tag-kind-", kind.as_str())
}

/// Values of what a customer does most are those of portraits; groups of runs have names of their own; others are data.
pub fn value(format: &Format, tag: &Tag, value: &str) -> String {
    match tag.kind {
        TagKind::Best => tag
            .of
            .map_or_else(|| value.to_owned(), |of| value_name(format, of.as_str(), value)),
        TagKind::Model => {
            find(format.lang, &format!("rfm-{}", value.replace('_', "-"))).unwrap_or_else(|| value.to_owned())
        }
        TagKind::Rule | TagKind::Uploaded => value.to_owned(),
    }
}

/// Where the values come from, in one sentence; rules have their own card.
pub fn definition(format: &Format, tag: &Tag) -> String {
    let lang = format.lang;
    match tag.kind {
        TagKind::Rule => t!(
            lang,
            "tag-means-rule",
            n = tag.tiers.len() as i64,
            count = format.number(tag.tiers.len() as i64)
        ),
        TagKind::Best => best(format, tag),
        TagKind::Model => match (tag.method, tag.run) {
            (Some(method), _) => t!(
                lang,
                "tag-means-newest",
                method = named(lang, "method-", method.as_str())
            ),
            (None, Some(run)) => t!(lang, "tag-means-run", run = run.to_string()),
            (None, None) => String::new(),
        },
        TagKind::Uploaded => {
            let listed = tag.listed.unwrap_or(0);
            t!(lang, "tag-means-uploaded", n = listed, ids = format.number(listed))
        }
    }
}

/// The field itself, or by which measure and in which window.
fn best(format: &Format, tag: &Tag) -> String {
    let lang = format.lang;
    let field = tag.of.map(|of| dimension_name(lang, of.as_str())).unwrap_or_default();
    let Some(by) = tag.by else {
        return t!(lang, "tag-means-best", field = field);
    };
    let window = match (tag.within_days, tag.from, tag.to) {
        (Some(days), ..) => t!(
            lang,
            "tag-means-days",
            n = i64::from(days),
            days = format.number(i64::from(days))
        ),
        (None, Some(from), Some(to)) => {
            t!(lang, "tag-means-between", from = format.day(from), to = format.day(to))
        }
        (None, Some(from), None) => t!(lang, "tag-means-from", from = format.day(from)),
        (None, None, Some(to)) => t!(lang, "tag-means-to", to = format.day(to)),
        (None, None, None) => t!(lang, "tag-means-ever"),
    };
    let by = named(lang, "tag-by-", by.as_str());
    t!(lang, "tag-means-most", field = field, by = by, window = window)
}

/// Whether it counts, and how long.
pub fn state(format: &Format, tag: &Tag) -> AnyView {
    let lang = format.lang;
    if tag.problem.is_some() {
        return chip(Tone::Warn, t!(lang, "tag-no-answer"));
    }
    match tag.expires_on {
        Some(_) if tag.expired => chip(Tone::Warn, t!(lang, "tag-expired")),
        Some(last) => chip(Tone::Neutral, t!(lang, "tag-until", day = format.day(last))),
        None => chip(Tone::Good, t!(lang, "tag-counts")),
    }
}

/// Why a tag has no values, as the engine says it without the field.
pub fn problem(lang: Lang, problem: &str) -> String {
    let (_, reason) = problem.split_once(' ').unwrap_or(("", problem));
    said::reason(lang, reason.trim_end_matches('.'))
}

//! Whom to show against whom: a plain form, so that the address is the choice.

use crate::context::PageContext;
use crate::i18n::named;
use crate::segments::pages::group_name;
use crate::t;
use crate::tags::pages::value_name as tag_value;
use crate::ui::{Choice, Field, select};
use leptos::prelude::*;
use types::query::GroupRef;
use types::segments::Run;
use types::tags::Tag;

pub fn form(
    context: &PageContext,
    runs: &[Run],
    saved: &[(i64, String)],
    tags: &[Tag],
    segment: &GroupRef,
    baseline: &GroupRef,
) -> AnyView {
    let lang = context.lang;
    view! {
        <form class="card portraits-pick" method="get" action="/portraits">
            <Field id="segment" label=t!(lang, "portrait-group")>
                {select("segment".into(), "segment".into(), None, choices(context, (runs, saved, tags), segment), &segment.to_string())}
            </Field>
            <Field id="baseline" label=t!(lang, "portrait-baseline")>
                {select("baseline".into(), "baseline".into(), None, choices(context, (runs, saved, tags), baseline), &baseline.to_string())}
            </Field>
            <button class="btn" type="submit">{t!(lang, "portrait-show")}</button>
        </form>
    }
    .into_any()
}

/// What can be chosen: runs, saved segments by number and name, and tags.
type Offered<'a> = (&'a [Run], &'a [(i64, String)], &'a [Tag]);

/// Everybody, the saved segments, the groups of the newest runs, and the tags with their values; a group that is chosen but not among them
/// stays in the list.
fn choices(context: &PageContext, (runs, saved, tags): Offered<'_>, chosen: &GroupRef) -> Vec<Choice> {
    let (lang, format) = (context.lang, &context.format);
    let mut choices = vec![Choice::new("all", t!(lang, "group-all"))];
    choices.extend(
        saved
            .iter()
            .map(|(id, name)| Choice::new(GroupRef::Segment(*id).to_string(), name.clone())),
    );
    for run in runs {
        let method = named(lang, "method-", run.method.as_str());
        choices.extend(run.segments.iter().map(|segment| {
            let text = format!(
                "{} · {} {} · {}",
                group_name(lang, segment),
                method,
                run.id,
                format.number(segment.size)
            );
            Choice::new(
                GroupRef::Run {
                    run: run.id,
                    key: segment.key.clone(),
                }
                .to_string(),
                text,
            )
        }));
    }
    for tag in tags {
        choices.extend(of_tag(context, tag));
    }
    let chosen = chosen.to_string();
    if !choices.iter().any(|choice| choice.value == chosen) {
        choices.push(Choice::new(chosen.clone(), chosen));
    }
    choices
}

/// Everybody with a tag, then each of its values that somebody has.
fn of_tag(context: &PageContext, tag: &Tag) -> Vec<Choice> {
    let (lang, format) = (context.lang, &context.format);
    let choice = |value: Option<String>, text: String, size: i64| {
        let group = GroupRef::Tag {
            name: tag.name.clone(),
            value,
        };
        let said = t!(lang, "portrait-tag", name = text, size = format.number(size));
        Choice::new(group.to_string(), said)
    };
    let whole = choice(None, tag.name.clone(), tag.covered.unwrap_or(0));
    let values = tag.values.iter().flatten().filter(|of| of.size > 0).map(|of| {
        let text = format!("{}: {}", tag.name, tag_value(format, tag, &of.value));
        choice(Some(of.value.clone()), text, of.size)
    });
    std::iter::once(whole).chain(values).collect()
}

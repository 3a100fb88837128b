//! Whom to show against whom: a plain form, so that the address is the choice.

use crate::context::PageContext;
use crate::i18n::named;
use crate::segments::pages::group_name;
use crate::t;
use crate::ui::{Choice, Field, select};
use leptos::prelude::*;
use types::query::GroupRef;
use types::segments::Run;

pub fn form(
    context: &PageContext,
    runs: &[Run],
    saved: &[(i64, String)],
    segment: &GroupRef,
    baseline: &GroupRef,
) -> AnyView {
    let lang = context.lang;
    view! {
        <form class="card portraits-pick" method="get" action="/portraits">
            <Field id="segment" label=t!(lang, "portrait-group")>
                {select("segment".into(), "segment".into(), None, choices(context, runs, saved, segment), &segment.to_string())}
            </Field>
            <Field id="baseline" label=t!(lang, "portrait-baseline")>
                {select("baseline".into(), "baseline".into(), None, choices(context, runs, saved, baseline), &baseline.to_string())}
            </Field>
            <button class="btn" type="submit">{t!(lang, "portrait-show")}</button>
        </form>
    }
    .into_any()
}

/// Everybody, the saved segments, and the groups of the newest runs; a group that is chosen but not among them stays in the list.
fn choices(context: &PageContext, runs: &[Run], saved: &[(i64, String)], chosen: &GroupRef) -> Vec<Choice> {
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
    let chosen = chosen.to_string();
    if !choices.iter().any(|choice| choice.value == chosen) {
        choices.push(Choice::new(chosen.clone(), chosen));
    }
    choices
}

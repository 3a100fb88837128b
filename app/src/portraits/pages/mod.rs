//! The portrait of a group: what stands out, dimension by dimension against the baseline, and its measures.

mod dimensions;
mod findings;
pub(super) mod measures;
mod names;
mod pick;

pub use names::{dimension_name, value_name};

use crate::context::{PageContext, encode_pairs};
use crate::i18n::Lang;
use crate::page::{Nav, Page};
use crate::segments::pages::group_name;
use crate::shell::based_on;
use crate::t;
use crate::tags::pages::value_name as value_of_tag;
use crate::ui::{ButtonLook, Head, Icon, Notice, empty, link_button};
use crate::uploads::pages::upload_button;
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::portraits::Portrait;
use types::query::GroupRef;
use types::segments::{Method, Run, RunState};
use types::tags::{Tag, tag_key};

/// What the page shows: the portrait, and the run whose groups can be chosen.
struct Loaded {
    portrait: Portrait,
    segment: GroupRef,
    baseline: GroupRef,
    runs: Vec<Run>,
    /// Saved segments by number and name, newest first.
    saved: Vec<(i64, String)>,
    /// Tags that somebody has.
    tags: Vec<Tag>,
}

/// Saved segments that can be chosen.
const OFFERED: i64 = 100;

pub async fn portrait(visit: Visit) -> Response {
    if visit.context.data.version == 0 {
        let page = nothing(&visit.context);
        return visit.show(Ok(page)).await;
    }
    let loaded = load(&visit).await;
    let page = loaded.map(|loaded| view(&visit.context, loaded));
    visit.show(page).await
}

async fn load(visit: &Visit) -> Result<Loaded, Error> {
    let runs = engine::segments::list_runs(visit.engine(), &visit.actor, None, 20)
        .await?
        .items;
    let runs: Vec<Run> = newest_of_each_method(runs);
    let group = |key: &str| -> Result<Option<GroupRef>, Error> {
        visit
            .context
            .asked(key)
            .map(|text| text.parse().map_err(|reason: String| Error::invalid(key, reason)))
            .transpose()
    };
    let segment = group("segment")?
        .or_else(|| first_group(&runs))
        .unwrap_or(GroupRef::All);
    let baseline = group("baseline")?.unwrap_or(GroupRef::All);
    let portrait = engine::portraits::get_portrait(visit.engine(), &visit.actor, &segment, &baseline).await?;
    Ok(Loaded {
        portrait,
        segment,
        baseline,
        runs,
        saved: engine::segments::list_segments(visit.engine(), &visit.actor, None, OFFERED)
            .await?
            .items
            .into_iter()
            .map(|segment| (segment.id, segment.name))
            .collect(),
        tags: engine::tags::list_tags(visit.engine(), &visit.actor, None, OFFERED)
            .await?
            .items
            .into_iter()
            .filter(|tag| !tag.expired && tag.covered.is_some_and(|covered| covered > 0))
            .collect(),
    })
}

fn newest_of_each_method(runs: Vec<Run>) -> Vec<Run> {
    let mut newest: Vec<Run> = Vec::new();
    for run in runs.into_iter().filter(|run| run.state == RunState::Done) {
        if !newest.iter().any(|known| known.method == run.method) {
            newest.push(run);
        }
    }
    newest
}

/// Whom the page shows when the address names nobody: the best customers of the newest run, else its first group.
fn first_group(runs: &[Run]) -> Option<GroupRef> {
    let run = runs.iter().find(|run| run.method == Method::Rfm).or(runs.first())?;
    let segment = run
        .segments
        .iter()
        .find(|segment| segment.key == "champions" && segment.size > 0)
        .or_else(|| run.segments.iter().find(|segment| segment.size > 0))?;
    Some(GroupRef::Run {
        run: run.id,
        key: segment.key.clone(),
    })
}

fn view(context: &PageContext, loaded: Loaded) -> Page {
    let context = context.clone();
    let title = group_title(&context, &loaded.runs, &loaded.saved, &loaded.tags, &loaded.segment);
    Page::new(title.clone(), Nav::Portraits, move || {
        let (lang, format) = (context.lang, &context.format);
        let Loaded {
            portrait,
            segment,
            baseline,
            runs,
            saved,
            tags,
        } = loaded;
        let share = if portrait.baseline_size > 0 {
            portrait.size as f64 / portrait.baseline_size as f64
        } else {
            0.0
        };
        let against = group_title(&context, &runs, &saved, &tags, &baseline);
        let lead = t!(
            lang,
            "portrait-lead",
            n = portrait.size,
            customers = format.number(portrait.size),
            share = format.percent(share),
            baseline = against.clone()
        );
        let query = encode_pairs(&[
            ("segment", portrait.segment.as_str()),
            ("baseline", portrait.baseline.as_str()),
        ]);
        let export = context.may(Right::Export).then(|| {
            link_button(
                ButtonLook::Plain,
                Some(Icon::Download),
                format!("/reports/portrait.xlsx?{query}"),
                t!(lang, "export-xlsx"),
            )
        });
        let paper = context.may(Right::Export).then(|| {
            let href = format!("/reports/portrait.pdf?{query}");
            link_button(ButtonLook::Plain, Some(Icon::Download), href, "PDF".to_owned())
        });
        let exports = view! { {export}{paper} }.into_any();
        view! {
            <Head title=title lead=lead actions=exports/>
            {pick::form(&context, &runs, &saved, &tags, &segment, &baseline)}
            {no_run(lang, &runs, &segment)}
            {findings::card(&context, &portrait, &segment)}
            {dimensions::cards(&context, &portrait, &segment)}
            {measures::card(&context, &portrait)}
            {based_on(&context, portrait.data_version, portrait.data_as_of)}
        }
        .into_any()
    })
}

/// Everybody against everybody says nothing: the way to groups.
fn no_run(lang: Lang, runs: &[Run], segment: &GroupRef) -> Option<AnyView> {
    (runs.is_empty() && *segment == GroupRef::All).then(|| {
        view! { <Notice title=t!(lang, "portrait-no-run")><p><a href="/segments">{t!(lang, "nav-segments")}</a></p></Notice> }.into_any()
    })
}

/// The name of a group as people say it.
fn group_title(context: &PageContext, runs: &[Run], saved: &[(i64, String)], tags: &[Tag], group: &GroupRef) -> String {
    match group {
        GroupRef::All => t!(context.lang, "group-all"),
        GroupRef::Segment(id) => saved.iter().find(|(known, _)| known == id).map_or_else(
            || t!(context.lang, "group-segment", id = id.to_string()),
            |(_, name)| name.clone(),
        ),
        GroupRef::Tag { name, value: None } => name.clone(),
        GroupRef::Tag {
            name,
            value: Some(value),
        } => {
            let key = tag_key(name);
            let known = tags.iter().find(|tag| tag_key(&tag.name) == key);
            let said = known.map_or_else(|| value.clone(), |tag| value_of_tag(&context.format, tag, value));
            format!("{name}: {said}")
        }
        GroupRef::Run { run, key } => runs
            .iter()
            .find(|known| known.id == *run)
            .and_then(|known| known.segments.iter().find(|segment| segment.key == *key))
            .map_or_else(
                || crate::i18n::named(context.lang, "rfm-", key),
                |segment| group_name(context.lang, segment),
            ),
    }
}

fn nothing(context: &PageContext) -> Page {
    let lang = context.lang;
    let may_upload = context.may(Right::Upload);
    Page::new(t!(lang, "nav-portraits"), Nav::Portraits, move || {
        let button = may_upload.then(|| upload_button(lang));
        let text = if may_upload {
            t!(lang, "segments-no-data")
        } else {
            t!(lang, "segments-ask")
        };
        view! {
            <Head title=t!(lang, "nav-portraits")/>
            {empty(Icon::Portrait, t!(lang, "portrait-empty"), text, button)}
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests;

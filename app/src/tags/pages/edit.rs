//! Making, changing and deleting a tag, and giving an uploaded one its ids: plain forms, shown again with what was wrong.

use super::fields::{Choices, tag_form};
use super::form::TagForm;
use super::{one, words};
use crate::context::PageContext;
use crate::i18n::Lang;
use crate::page::{Nav, Page};
use crate::said;
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{Card, Head, Notice, Tone, tabs};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::segments::RunState;
use types::tags::{Tag, TagKind};

const RUNS: i64 = 100;

pub async fn new(visit: Visit) -> Response {
    let kind = visit.context.asked("kind").and_then(|kind| TagKind::parse(&kind));
    let form = TagForm {
        kind: kind.unwrap_or_default(),
        ..TagForm::default()
    };
    let page = choices(&visit, form.kind)
        .await
        .map(|choices| view(&visit.context, None, form, choices, Faults::default()));
    visit.show(page).await
}

pub async fn create(visit: Visit, body: String) -> Response {
    let form = TagForm::read(&body);
    let created = match form.tag() {
        Ok(new) => engine::tags::create_tag(visit.engine(), &visit.actor, new).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(tag) => Redirect::to(&format!("/tags/{}?done=saved", tag.id)).into_response(),
        Err(error) => again(visit, None, form, error).await,
    }
}

pub async fn edit(visit: Visit, Path(id): Path<String>) -> Response {
    let page = load(&visit, &id).await;
    let page = page.map(|(tag, choices)| {
        let form = TagForm::of_tag(&tag);
        view(&visit.context, Some(tag), form, choices, Faults::default())
    });
    visit.show(page).await
}

pub async fn update(visit: Visit, Path(id): Path<String>, body: String) -> Response {
    let form = TagForm::read(&body);
    let updated = async {
        let id = number(&id, "Tag")?;
        engine::tags::update_tag(visit.engine(), &visit.actor, id, form.tag()?).await
    };
    match updated.await {
        Ok(tag) => Redirect::to(&format!("/tags/{}?done=saved", tag.id)).into_response(),
        Err(error) => again(visit, Some(id), form, error).await,
    }
}

pub async fn delete(visit: Visit, Path(id): Path<String>) -> Response {
    let deleted = async {
        engine::tags::delete_tag(visit.engine(), &visit.actor, number(&id, "Tag")?).await?;
        Ok::<_, Error>("/tags?done=deleted".to_owned())
    };
    let deleted = deleted.await;
    visit.go(deleted).await
}

/// Ids with values for an uploaded tag: some, or all anew.
pub async fn values(visit: Visit, Path(id): Path<String>, body: String) -> Response {
    let asked = crate::context::pairs(&body);
    let of = |name: &str| {
        asked
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let typed = of("ids");
    let given = async {
        let (engine, actor) = (visit.engine(), &visit.actor);
        let id = number(&id, "Tag")?;
        let values = engine::tags::read_csv(typed.as_bytes())?;
        if of("how") == "replace" {
            engine::tags::replace_values(engine, actor, id, values).await
        } else {
            engine::tags::change_values(engine, actor, id, values).await
        }
    };
    let error = match given.await {
        Ok(tag) => return Redirect::to(&format!("/tags/{}?done=values", tag.id)).into_response(),
        Err(error) => error,
    };
    let Some(faults) = faults(visit.context.lang, &error) else {
        return visit.show(Err(error)).await;
    };
    let page = load(&visit, &id)
        .await
        .map(|(tag, _)| one::view(&visit.context, tag, faults, typed).with_status(StatusCode::UNPROCESSABLE_ENTITY));
    visit.show(page).await
}

async fn load(visit: &Visit, id: &str) -> Result<(Tag, Choices), Error> {
    let tag = engine::tags::get_tag(visit.engine(), &visit.actor, number(id, "Tag")?).await?;
    let choices = choices(visit, tag.kind).await?;
    Ok((tag, choices))
}

/// What the form of a kind offers.
async fn choices(visit: &Visit, kind: TagKind) -> Result<Choices, Error> {
    let (engine, actor) = (visit.engine(), &visit.actor);
    let mut choices = Choices::default();
    match kind {
        TagKind::Rule => choices.segments = engine::segments::segment_names(engine, actor).await?,
        TagKind::Model => {
            let runs = engine::segments::list_runs(engine, actor, None, RUNS).await?.items;
            choices.runs = runs.into_iter().filter(|run| run.state == RunState::Done).collect();
        }
        TagKind::Best | TagKind::Uploaded => {}
    }
    Ok(choices)
}

/// What is wrong field by field, in the engine's own words for each.
fn faults(lang: Lang, error: &Error) -> Option<Faults> {
    let Error::Invalid(fields) = error else { return None };
    Some(Faults::with(fields.iter().map(|fault| {
        let inside = fault.field.splitn(4, '/').nth(3).unwrap_or_default();
        let reason = said::reason(lang, &fault.reason);
        // The place inside a rule helps who wrote it.
        let text = if fault.field.starts_with("tiers/") && inside.contains('/') {
            format!("{inside}: {reason}")
        } else {
            reason
        };
        (fault.field.clone(), text)
    })))
}

/// The form as it was typed, with what was wrong.
async fn again(visit: Visit, id: Option<String>, form: TagForm, error: Error) -> Response {
    let Some(faults) = faults(visit.context.lang, &error) else {
        return visit.show(Err(error)).await;
    };
    let page = async {
        let (tag, choices) = match &id {
            Some(id) => load(&visit, id).await.map(|(tag, choices)| (Some(tag), choices))?,
            None => (None, choices(&visit, form.kind).await?),
        };
        let page = view(&visit.context, tag, form, choices, faults);
        Ok::<_, Error>(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
    };
    let page = page.await;
    visit.show(page).await
}

/// The form of a new tag, or of one that is there.
pub(super) fn view(context: &PageContext, tag: Option<Tag>, form: TagForm, choices: Choices, faults: Faults) -> Page {
    let context = context.clone();
    let title = match &tag {
        Some(tag) => t!(context.lang, "tag-edit-title", name = tag.name.clone()),
        None => t!(context.lang, "tag-new"),
    };
    Page::new(title.clone(), Nav::Tags, move || {
        let lang = context.lang;
        let (up, action) = match &tag {
            Some(tag) => (
                (tag.name.clone(), format!("/tags/{}", tag.id)),
                format!("/tags/{}", tag.id),
            ),
            None => ((t!(lang, "nav-tags"), "/tags".to_owned()), "/tags".to_owned()),
        };
        let kinds = tag.is_none().then(|| {
            let items = TagKind::ALL.map(|kind| {
                let href = format!("/tags/new?kind={}", kind.as_str());
                (words::kind(lang, kind), href, kind == form.kind)
            });
            tabs::tabs(t!(lang, "tag-kind"), items.to_vec())
        });
        let ids = (tag.is_none() && form.kind == TagKind::Uploaded).then(|| t!(lang, "tag-ids-later"));
        let wrong = (!faults.is_empty()).then(|| view! { <Notice tone=Tone::Bad title=t!(lang, "tag-not-saved")/> });
        let may = context.may(Right::Build);
        let subtitle = crate::i18n::named(lang, "tag-kind-sub-", form.kind.as_str());
        view! {
            <Head title=title up=up/>
            {wrong}
            {kinds}
            <Card title=words::kind(lang, form.kind) subtitle=subtitle>
                {may.then(|| tag_form(lang, action, &form, &choices, &faults))}
                {ids.map(|text| view! { <p class="small muted">{text}</p> })}
            </Card>
        }
        .into_any()
    })
}

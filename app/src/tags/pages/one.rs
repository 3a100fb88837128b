//! One tag: who has which value, what it means, how it moved, and who uses it.

use super::fields::ids_form;
use super::{chart, rules, words};
use crate::conditions;
use crate::context::{PageContext, encode};
use crate::page::{Nav, Page};
use crate::shell::based_on;
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::chip::chip_link;
use crate::ui::faults::Faults;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Notice, Table, Tone, chip, link_button, post_button};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use types::auth::Right;
use types::query::GroupRef;
use types::tags::{Tag, TagKind};

pub async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let tag = match number(&id, "Tag") {
        Ok(id) => engine::tags::get_tag(visit.engine(), &visit.actor, id).await,
        Err(error) => Err(error),
    };
    let page = tag.map(|tag| view(&visit.context, tag, Faults::default(), String::new()));
    visit.show(page).await
}

/// `faults` and `typed` are those of the form of ids, when it was refused.
pub(super) fn view(context: &PageContext, tag: Tag, faults: Faults, typed: String) -> Page {
    let context = context.clone();
    Page::new(tag.name.clone(), Nav::Tags, move || {
        let lang = context.lang;
        let (context, tag) = (&context, &tag);
        let may = context.may(Right::Build);
        let edit = may.then(|| {
            link_button(
                ButtonLook::Primary,
                None,
                format!("/tags/{}/edit", tag.id),
                t!(lang, "tag-edit"),
            )
        });
        let done = match context.asked("done").as_deref() {
            Some("saved") => Some(t!(lang, "tag-saved")),
            Some("values") => Some(t!(lang, "tag-values-saved")),
            _ => None,
        };
        let history = (tag.sizes.len() > 1).then(|| chart_card(lang, chart::history(&context.format, tag), "c7", None));
        let ids = (may && tag.kind == TagKind::Uploaded).then(|| {
            view! {
                <Card title=t!(lang, "tag-ids-give") subtitle=t!(lang, "tag-ids-give-sub")>
                    {ids_form(lang, tag.id, &typed, &faults)}
                </Card>
            }
        });
        let half = if history.is_some() { "c5" } else { "c12" };
        view! {
            <Head title=tag.name.clone() lead=lead(context, tag) up=(t!(lang, "nav-tags"), "/tags".to_owned()) actions=edit.unwrap_or_else(|| ().into_any())/>
            {done.map(|done| view! { <Notice tone=Tone::Good title=done/> })}
            {notices(context, tag)}
            <div class="cols">
                {history}
                <Card title=t!(lang, "tag-values") subtitle=t!(lang, "tag-values-sub") columns=half links=all_members(context, tag)>
                    {values(context, tag)}
                </Card>
            </div>
            {(tag.sizes.len() == 1).then(|| view! { <p class="small muted">{t!(lang, "tag-history-begins")}</p> })}
            {ids}
            <div class="cols">
                <Card title=t!(lang, "tag-meaning") subtitle=words::definition(&context.format, tag) columns="c7">{meaning(context, tag)}</Card>
                <Card title=t!(lang, "tag-about") columns="c5">{facts(context, tag)}</Card>
            </div>
            {users(context, tag)}
            {based_on(context, tag.data_version, tag.data_as_of)}
        }
        .into_any()
    })
}

/// How many customers have it.
fn lead(context: &PageContext, tag: &Tag) -> String {
    let (lang, format) = (context.lang, &context.format);
    match (tag.covered, tag.coverage) {
        (Some(covered), Some(share)) if !tag.expired => t!(
            lang,
            "tag-lead",
            n = covered,
            customers = format.number(covered),
            share = format.percent(share)
        ),
        _ => tag.description.clone(),
    }
}

fn notices(context: &PageContext, tag: &Tag) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let expired = tag.expires_on.filter(|_| tag.expired).map(|last| {
        let title = t!(lang, "tag-expired-title", day = format.day(last));
        view! { <Notice tone=Tone::Warn title=title text=t!(lang, "tag-expired-text")/> }
    });
    let problem = tag.problem.as_deref().map(|problem| {
        view! { <Notice tone=Tone::Warn title=t!(lang, "tag-no-answer") text=words::problem(lang, problem)/> }
    });
    view! { {expired}{problem} }.into_any()
}

fn members_address(tag: &Tag, value: &str) -> String {
    format!("/tags/{}/members.csv?value={}", tag.id, encode(value))
}

fn all_members(context: &PageContext, tag: &Tag) -> Vec<(String, String)> {
    let any = context.may(Right::Export) && tag.covered.is_some_and(|covered| covered > 0);
    any.then(|| ("CSV".to_owned(), format!("/tags/{}/members.csv", tag.id)))
        .into_iter()
        .collect()
}

fn values(context: &PageContext, tag: &Tag) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let values = tag.values.as_deref().unwrap_or_default();
    if values.is_empty() {
        return view! { <p class="muted">{t!(lang, "tag-nobody")}</p> }.into_any();
    }
    let widest = values.iter().map(|of| of.size).max().unwrap_or(0).max(1) as f64;
    let customers = tag.sizes.last().map_or(0, |sizes| sizes.customers);
    let rows = values.iter().map(|of| {
        let group = GroupRef::Tag {
            name: tag.name.clone(),
            value: Some(of.value.clone()),
        };
        let portrait = format!("/portraits?segment={}&baseline=all", encode(&group.to_string()));
        let export = context.may(Right::Export) && of.size > 0;
        let share = if customers > 0 {
            format.percent(of.size as f64 / customers as f64)
        } else {
            "–".to_owned()
        };
        let links = view! {
            <span class="row">
                {(of.size > 0).then(|| chip_link(t!(lang, "segments-portrait"), portrait))}
                {export.then(|| chip_link(t!(lang, "segments-members"), members_address(tag, &of.value)))}
            </span>
        };
        let name = words::value(format, tag, &of.value);
        let bar = Cell::Bar(of.size as f64 / widest, 1);
        let bar = if context.may(Right::Build) && !tag.expired {
            let rule = conditions::address(&[conditions::group(&group)]);
            bar.leading(rule, t!(lang, "chart-condition-of", what = name.clone()))
        } else {
            bar
        };
        vec![
            Cell::text(name),
            bar,
            Cell::text(format.number(of.size)),
            Cell::Muted(share),
            Cell::View(links.into_any()),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "tag-value")),
        Column::bar(""),
        Column::number(t!(lang, "segments-customers")),
        Column::number(t!(lang, "segments-share")).wide_only(),
        Column::actions(),
    ])
    .rows(rows)
    .caption(t!(lang, "tag-values"))
    .view()
}

/// The rules of the tiers in words; of other kinds how the tag is named in rules.
fn meaning(context: &PageContext, tag: &Tag) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let tiers = tag
        .tiers
        .iter()
        .map(|tier| {
            view! {
                <li>
                    <b>{tier.value.clone()}</b>
                    {rules::in_words(format, &tier.rule)}
                </li>
            }
            .into_any()
        })
        .collect_view();
    let steps = (!tag.tiers.is_empty()).then(|| view! { <ol class="tag-tiers">{tiers}</ol> });
    let description = (!tag.description.is_empty()).then(|| view! { <p>{tag.description.clone()}</p> });
    let example = tag
        .values
        .as_deref()
        .and_then(|values| values.first())
        .map(|of| of.value.clone())
        .or_else(|| tag.tiers.first().map(|tier| tier.value.clone()));
    let written = serde_json::json!({ "tag": tag.name });
    let of_value = example.map(|value| serde_json::json!({ "tag": tag.name, "value": value }).to_string());
    view! {
        {description}
        {steps}
        <p class="small muted">{t!(lang, "tag-in-rules")}</p>
        <p class="small tag-code"><code>{written.to_string()}</code></p>
        {of_value.map(|text| view! { <p class="small tag-code"><code>{text}</code></p> })}
    }
    .into_any()
}

fn facts(context: &PageContext, tag: &Tag) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let none = || "–".to_owned();
    let folder = if tag.folder.is_empty() {
        none()
    } else {
        tag.folder.clone()
    };
    let used = tag
        .last_used_at
        .map_or_else(|| t!(lang, "tag-never-used"), |at| format.time(at));
    let last = tag
        .expires_on
        .map_or_else(|| t!(lang, "tag-always"), |day| format.day(day));
    view! {
        <dl class="facts">
            <dt>{t!(lang, "tag-kind")}</dt><dd>{words::kind(lang, tag.kind)}</dd>
            <dt>{t!(lang, "tag-folder")}</dt><dd>{folder}</dd>
            <dt>{t!(lang, "tag-owner")}</dt><dd>{tag.owner.clone()}</dd>
            <dt>{t!(lang, "tag-made")}</dt><dd>{format.time(tag.created_at)}</dd>
            <dt>{t!(lang, "tag-changed")}</dt><dd>{format.time(tag.updated_at)}</dd>
            <dt>{t!(lang, "tag-last-use")}</dt><dd>{used}</dd>
            <dt>{t!(lang, "tag-last-day")}</dt><dd>{last}</dd>
            <dt>{t!(lang, "tag-state")}</dt><dd>{words::state(format, tag)}</dd>
        </dl>
    }
    .into_any()
}

/// Who names it; and, when nobody does, the way to delete it.
fn users(context: &PageContext, tag: &Tag) -> AnyView {
    let lang = context.lang;
    if tag.used_by.is_empty() {
        let delete = context.may(Right::Build).then(|| {
            post_button(
                ButtonLook::Danger,
                None,
                format!("/tags/{}/delete", tag.id),
                t!(lang, "tag-delete"),
            )
        });
        return view! {
            <Card title=t!(lang, "tag-used-by")>
                <p class="muted">{t!(lang, "tag-used-by-none")}</p>
                {delete}
            </Card>
        }
        .into_any();
    }
    let rows = tag.used_by.iter().map(|user| {
        let is_tag = user.kind == "tag";
        let name = if is_tag {
            Cell::Link(user.name.clone(), format!("/tags/{}", user.id))
        } else {
            Cell::text(user.name.clone())
        };
        let what = if is_tag {
            t!(lang, "tag-user-tag")
        } else {
            t!(lang, "tag-user-segment", id = user.id.to_string())
        };
        vec![name, Cell::View(chip(Tone::Neutral, what))]
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "tag-name")),
        Column::text(t!(lang, "tag-kind")),
    ])
    .rows(rows)
    .caption(t!(lang, "tag-used-by"))
    .view();
    view! {
        <Card title=t!(lang, "tag-used-by") subtitle=t!(lang, "tag-used-by-sub")>{table}</Card>
    }
    .into_any()
}

//! The catalogue: every tag with its values, how many customers it covers, whose it is, when it was last used and until when it counts.

use super::words;
use crate::context::{PageContext, encode};
use crate::page::{Nav, Page};
use crate::shell::based_on;
use crate::t;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Notice, Table, Tone, empty, link_button, pager, tabs};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use std::collections::BTreeSet;
use types::auth::Right;
use types::problems::Page as Slice;
use types::tags::Tag;

const SHOWN: i64 = 100;
/// Values that a row names; the page of the tag has all.
const NAMED: usize = 4;

pub async fn list(visit: Visit) -> Response {
    let page = load(&visit).await.map(|tags| view(&visit.context, tags));
    visit.show(page).await
}

async fn load(visit: &Visit) -> Result<Slice<Tag>, Error> {
    let before = visit.context.asked("before").and_then(|id| id.parse().ok());
    engine::tags::list_tags(visit.engine(), &visit.actor, before, SHOWN).await
}

pub(super) fn view(context: &PageContext, tags: Slice<Tag>) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "nav-tags"), Nav::Tags, move || {
        let context = &context;
        let (lang, format) = (context.lang, &context.format);
        let new = || {
            context
                .may(Right::Build)
                .then(|| link_button(ButtonLook::Primary, Some(Icon::Tag), "/tags/new", t!(lang, "tag-new")))
        };
        let deleted = (context.asked("done").as_deref() == Some("deleted"))
            .then(|| view! { <Notice tone=Tone::Good title=t!(lang, "tag-deleted")/> });
        if tags.items.is_empty() {
            return view! {
                <Head title=t!(lang, "nav-tags") lead=t!(lang, "tags-lead-none")/>
                {deleted}
                {empty(Icon::Tag, t!(lang, "tags-none"), t!(lang, "tags-none-text"), new())}
            }
            .into_any();
        }
        let folder = context.asked("folder");
        let shown: Vec<&Tag> = tags
            .items
            .iter()
            .filter(|tag| folder.as_ref().is_none_or(|folder| tag.folder == *folder))
            .collect();
        let count = shown.len() as i64;
        let expired = shown.iter().filter(|tag| tag.expired).count() as i64;
        let lead = t!(
            lang,
            "tags-lead",
            n = count,
            count = format.number(count),
            expired = format.number(expired)
        );
        let older = tags
            .next
            .clone()
            .map(|next| (t!(lang, "pager-older"), format!("/tags?before={next}")));
        let first = context
            .asked("before")
            .map(|_| (t!(lang, "pager-newest"), "/tags".to_owned()));
        let way = (older.is_some() || first.is_some()).then(|| {
            pager::pager(
                t!(lang, "tags-shown", n = count, count = format.number(count)),
                first,
                older,
            )
        });
        view! {
            <Head title=t!(lang, "nav-tags") lead=lead actions=new().unwrap_or_else(|| ().into_any())/>
            {deleted}
            {folders(context, &tags.items, folder.as_deref())}
            <Card title=t!(lang, "tags-catalogue") subtitle=t!(lang, "tags-catalogue-sub")>
                {table(context, &shown)}
                {way}
            </Card>
            {tags.items.first().map(|tag| based_on(context, tag.data_version, tag.data_as_of))}
        }
        .into_any()
    })
}

/// Folders of the tags that are shown, when there are any.
fn folders(context: &PageContext, tags: &[Tag], chosen: Option<&str>) -> Option<AnyView> {
    let names: BTreeSet<&str> = tags
        .iter()
        .map(|tag| tag.folder.as_str())
        .filter(|folder| !folder.is_empty())
        .collect();
    if names.is_empty() {
        return None;
    }
    let mut items = vec![(
        t!(context.lang, "tags-all-folders"),
        "/tags".to_owned(),
        chosen.is_none(),
    )];
    items.extend(names.into_iter().map(|name| {
        let href = format!("/tags?folder={}", encode(name));
        (name.to_owned(), href, chosen == Some(name))
    }));
    Some(tabs::tabs(t!(context.lang, "tag-folder"), items))
}

fn table(context: &PageContext, tags: &[&Tag]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = tags.iter().map(|tag| {
        let href = format!("/tags/{}", tag.id);
        let name = match tag.folder.as_str() {
            "" => Cell::Link(tag.name.clone(), href),
            folder => Cell::LinkTwo(tag.name.clone(), href, folder.to_owned()),
        };
        vec![
            name,
            Cell::Muted(words::kind(lang, tag.kind)),
            Cell::text(values(context, tag)),
            Cell::Strong(
                tag.coverage
                    .map_or_else(|| "–".to_owned(), |share| format.percent(share)),
            ),
            Cell::Muted(tag.owner.clone()),
            Cell::Muted(
                tag.last_used_at
                    .map_or_else(|| t!(lang, "tag-never-used"), |at| format.day(format.local_day(at))),
            ),
            Cell::View(words::state(format, tag)),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "tag-name")),
        Column::text(t!(lang, "tag-kind")).wide_only(),
        Column::text(t!(lang, "tag-values")).wide_only(),
        Column::number(t!(lang, "tag-coverage")),
        Column::text(t!(lang, "tag-owner")).wide_only(),
        Column::text(t!(lang, "tag-last-use")).wide_only(),
        Column::text(t!(lang, "tag-state")),
    ])
    .rows(rows)
    .caption(t!(lang, "tags-catalogue"))
    .view()
}

/// The first values with their sizes, and how many more there are.
fn values(context: &PageContext, tag: &Tag) -> String {
    let (lang, format) = (context.lang, &context.format);
    let Some(values) = &tag.values else {
        return tag
            .problem
            .as_deref()
            .map(|text| words::problem(lang, text))
            .unwrap_or_default();
    };
    let mut said: Vec<String> = values
        .iter()
        .take(NAMED)
        .map(|of| format!("{} {}", words::value(format, tag, &of.value), format.number(of.size)))
        .collect();
    if values.len() > NAMED {
        let more = (values.len() - NAMED) as i64;
        said.push(t!(lang, "tag-more-values", n = more, count = format.number(more)));
    }
    said.join(" · ")
}

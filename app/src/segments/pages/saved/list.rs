//! All saved segments with their sizes in the newest data.

use super::{mark, tabs};
use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Table, Tone, chip, empty, link_button, pager};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::problems::Page as Listed;
use types::segments::Segment;

const SHOWN: i64 = 50;

pub async fn list(visit: Visit) -> Response {
    let before = visit.context.asked("before").and_then(|id| id.parse().ok());
    let found = engine::segments::list_segments(visit.engine(), &visit.actor, before, SHOWN).await;
    let page: Result<Page, Error> = found.map(|found| view(&visit.context, found, before.is_some()));
    visit.show(page).await
}

pub(super) fn view(context: &PageContext, found: Listed<Segment>, later: bool) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "saved-title"), Nav::Segments, move || {
        let (context, items) = (&context, &found.items);
        let lang = context.lang;
        let may = context.may(Right::Build) && context.data.version > 0;
        let buttons = move || {
            view! {
                {link_button(ButtonLook::Plain, None, "/segments/overlap", t!(lang, "saved-overlap"))}
                {link_button(ButtonLook::Plain, Some(Icon::Upload), "/segments/lists/new", t!(lang, "saved-new-list"))}
                {link_button(ButtonLook::Primary, Some(Icon::Segment), "/segments/new", t!(lang, "saved-new"))}
            }
            .into_any()
        };
        if items.is_empty() && !later {
            let text = if context.data.version > 0 {
                t!(lang, "saved-none-text")
            } else {
                t!(lang, "saved-no-data")
            };
            return view! {
                <Head title=t!(lang, "nav-segments") lead=t!(lang, "saved-lead-none")/>
                {tabs(lang, true)}
                {empty(Icon::Segment, t!(lang, "saved-none"), text, may.then(|| view! { <div class="row">{buttons()}</div> }.into_any()))}
            }
            .into_any();
        }
        let lead = t!(
            lang,
            "saved-lead",
            day = context.data.as_of.map(|at| context.format.time(at)).unwrap_or_default(),
            n = context.data.customers,
            customers = context.format.number(context.data.customers)
        );
        let actions = if may { buttons() } else { ().into_any() };
        view! {
            <Head title=t!(lang, "nav-segments") lead=lead actions=actions/>
            {tabs(lang, true)}
            <Card title=t!(lang, "saved-title") subtitle=t!(lang, "saved-sub")>{table(context, items)}</Card>
            {(found.next.is_some() || later).then(|| {
                let next = found.next.clone().map(|id| (t!(lang, "pager-older"), format!("/segments/saved?before={id}")));
                let first = later.then(|| (t!(lang, "pager-newest"), "/segments/saved".to_owned()));
                pager::pager(t!(lang, "saved-title"), first, next)
            })}
        }
        .into_any()
    })
}

fn table(context: &PageContext, segments: &[Segment]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = segments.iter().map(|segment| {
        let below = [segment.folder.clone(), segment.description.clone()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        let name = view! {
            <span class="segment-name">
                {mark(&segment.colour)}
                <span>
                    <a href=format!("/segments/{}", segment.id)>{segment.name.clone()}</a>
                    {(!below.is_empty()).then(|| view! { <span class="sub clamp">{below}</span> })}
                </span>
            </span>
        };
        let kind = match segment.listed {
            Some(listed) => t!(lang, "saved-kind-list", n = listed, count = format.number(listed)),
            None => t!(lang, "saved-kind-rule"),
        };
        let size = match segment.size {
            Some(size) => Cell::Strong(format.number(size)),
            None => Cell::View(chip(Tone::Warn, t!(lang, "saved-no-size"))),
        };
        vec![
            Cell::View(name.into_any()),
            size,
            Cell::Bar(segment.share.unwrap_or(0.0), 1),
            Cell::text(segment.share.map(|share| format.percent(share)).unwrap_or_default()),
            Cell::Muted(kind),
            Cell::Muted(segment.owner.clone()),
            Cell::Muted(format.time(segment.updated_at)),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "segments-segment")),
        Column::number(t!(lang, "segments-customers")),
        Column::bar("").wide_only(),
        Column::number(t!(lang, "segments-share")),
        Column::text(t!(lang, "saved-kind")).wide_only(),
        Column::text(t!(lang, "saved-owner")).wide_only(),
        Column::text(t!(lang, "saved-changed")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "saved-title"))
    .view()
}

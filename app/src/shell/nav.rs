//! The side navigation. Only places that exist, and only those that the reader may enter.

use crate::context::PageContext;
use crate::page::Nav;
use crate::t;
use crate::ui::icon::{Icon, icon};
use leptos::prelude::*;
use types::auth::Right;

struct Place {
    nav: Nav,
    href: &'static str,
    drawing: Icon,
    text: String,
}

/// Groups of places: a heading (none for the first) and what stands below it.
fn groups(context: &PageContext) -> Vec<(Option<String>, Vec<Place>)> {
    let lang = context.lang;
    let place = |nav, href, drawing, text| Place {
        nav,
        href,
        drawing,
        text,
    };
    let mut data = vec![place(Nav::Jobs, "/jobs", Icon::Job, t!(lang, "nav-jobs"))];
    if context.may(Right::Upload) {
        data.insert(
            0,
            place(Nav::Uploads, "/uploads", Icon::Upload, t!(lang, "nav-uploads")),
        );
    }
    if context.may(Right::Administer) {
        data.push(place(Nav::Admin, "/admin", Icon::Admin, t!(lang, "nav-admin")));
    }
    vec![
        (
            None,
            vec![place(Nav::Overview, "/", Icon::Overview, t!(lang, "nav-overview"))],
        ),
        (
            Some(t!(lang, "nav-understand")),
            vec![
                place(Nav::Portraits, "/portraits", Icon::Portrait, t!(lang, "nav-portraits")),
                place(Nav::Segments, "/segments", Icon::Segment, t!(lang, "nav-segments")),
                place(Nav::Tags, "/tags", Icon::Tag, t!(lang, "nav-tags")),
            ],
        ),
        (
            Some(t!(lang, "nav-act")),
            vec![place(
                Nav::Campaigns,
                "/campaigns",
                Icon::Campaign,
                t!(lang, "nav-campaigns"),
            )],
        ),
        (Some(t!(lang, "nav-data")), data),
    ]
}

/// The chosen days go with the reader from page to page.
fn address(context: &PageContext, href: &str) -> String {
    if context.names_days() {
        format!("{href}?{}", context.days_query())
    } else {
        href.to_owned()
    }
}

fn places(context: &PageContext, active: Option<Nav>) -> AnyView {
    groups(context)
        .into_iter()
        .map(|(heading, places)| {
            let places = places
                .into_iter()
                .map(|place| {
                    let current = (active == Some(place.nav)).then_some("page");
                    let href = address(context, place.href);
                    view! { <a href=href aria-current=current>{icon(place.drawing)}{place.text}</a> }.into_any()
                })
                .collect_view();
            view! { {heading.map(|heading| view! { <h2>{heading}</h2> })}{places} }.into_any()
        })
        .collect_view()
        .into_any()
}

pub fn wide(context: &PageContext, active: Option<Nav>) -> AnyView {
    view! { <nav class="nav" aria-label=t!(context.lang, "nav-main")>{places(context, active)}</nav> }.into_any()
}

/// The same on a phone, folded away.
pub fn sheet(context: &PageContext, active: Option<Nav>) -> AnyView {
    view! {
        <details class="sheet">
            <summary class="btn btn--quiet">{icon(Icon::Menu)}{t!(context.lang, "nav-menu")}</summary>
            <nav class="nav" aria-label=t!(context.lang, "nav-main")>{places(context, active)}</nav>
            {stamp(context)}
        </details>
    }
    .into_any()
}

/// Which data the figures come from.
pub fn stamp(context: &PageContext) -> AnyView {
    let (lang, format, data) = (context.lang, &context.format, context.data);
    let first = match data.as_of {
        Some(at) => t!(lang, "shell-as-of", time = format.time(at)),
        None => t!(lang, "shell-no-data"),
    };
    let second = (data.version > 0).then(|| {
        let text = t!(
            lang,
            "shell-stamp",
            n = data.customers,
            customers = format.number(data.customers),
            version = format.number(data.version)
        );
        view! { <span>{text}</span> }
    });
    view! { <footer><span>{first}</span>{second}</footer> }.into_any()
}

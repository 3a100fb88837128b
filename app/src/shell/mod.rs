//! The document around every page: head, side navigation, bar. Works without a script: menus are `details`, switches are forms.

mod bar;
mod nav;

use crate::assets::Site;
use crate::context::{PageContext, Preferences};
use crate::format::Format;
use crate::page::Page;
use crate::t;
use crate::ui::icon::brand;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;

/// A page for people who are not signed in: a card in the middle of the screen.
pub struct Bare {
    pub title: String,
    pub preferences: Preferences,
    /// Where the language switch comes back to.
    pub address: String,
    pub status: StatusCode,
    pub body: Box<dyn FnOnce() -> AnyView + Send>,
}

/// A page inside navigation and bar.
pub fn framed(site: &Site, context: &PageContext, page: Page) -> AnyView {
    let preferences = Preferences {
        lang: context.lang,
        theme: context.theme,
    };
    let content = (page.body)();
    let body = view! {
        <a class="skip" href="#content">{t!(context.lang, "shell-skip")}</a>
        <div class="app">
            <aside class="side">
                <a class="brand" href="/">{brand()}"Silhouette"</a>
                {nav::wide(context, page.active)}
                {nav::sheet(context, page.active)}
                {nav::stamp(context)}
            </aside>
            <div>
                {bar::bar(context, page.period, page.compared)}
                <main class="page" id="content">{content}</main>
            </div>
        </div>
    }
    .into_any();
    let scripts = if page.builder { &site.builder } else { &site.options };
    document(site, scripts, preferences, page.title, body)
}

pub fn bare(site: &Site, page: Bare) -> AnyView {
    let content = (page.body)();
    let preferences = page.preferences;
    let body = view! {
        <main class="auth" id="content">
            <div class="brand">{brand()}"Silhouette"</div>
            {content}
            {bar::switches(preferences, &page.address)}
        </main>
    }
    .into_any();
    document(site, &site.options, preferences, page.title, body)
}

/// What the figures of a page were made of: which version of the data, and up to when.
pub fn based_on(context: &PageContext, version: i64, as_of: Option<DateTime<Utc>>) -> AnyView {
    view! { <p class="small muted">{basis(&context.format, version, as_of)}</p> }.into_any()
}

/// [`based_on`] as a sentence.
pub fn basis(format: &Format, version: i64, as_of: Option<DateTime<Utc>>) -> String {
    t!(
        format.lang,
        "shell-based-on",
        version = format.number(version),
        time = format.time_or_none(as_of)
    )
}

fn document(site: &Site, scripts: &LeptosOptions, preferences: Preferences, title: String, body: AnyView) -> AnyView {
    view! {
        <!DOCTYPE html>
        <html lang=preferences.lang.code() data-theme=preferences.theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{format!("{title} · Silhouette")}</title>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <link rel="preload" href="/fonts/inter-latin-wght-normal.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=site.style.clone()/>
                <HydrationScripts options=scripts.clone() islands=true/>
            </head>
            <body>{body}</body>
        </html>
    }
    .into_any()
}

//! Hand-made readers for the tests of views: a page is rendered to text without a server.

use crate::context::{DataStamp, PageContext, Theme};
use crate::format::Format;
use crate::i18n::Lang;
use crate::page::Page;
use chrono::NaiveDate;
use chrono_tz::Tz;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use std::sync::Arc;
use types::auth::{Person, Rights, Role};
use types::query::Period;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An administrator who looks at the autumn of 2026.
pub fn context(lang: Lang) -> PageContext {
    let rights = Rights {
        role: Role::Admin,
        export: true,
        personal_data: false,
    };
    PageContext {
        person: Person {
            id: 1,
            email: "mei@shop.example".into(),
            name: "Li Mei".into(),
            rights,
            disabled: false,
            created_at: "2026-01-05T08:00:00Z".parse().unwrap(),
            last_seen_at: None,
        },
        theme: Theme::System,
        lang,
        format: Format::new(lang, "EUR", Tz::UTC),
        data: DataStamp {
            version: 318,
            as_of: "2026-11-22T08:14:00Z".parse().ok(),
            customers: 1_000,
        },
        period: Period {
            from: day("2026-08-25"),
            to: day("2026-11-23"),
        },
        usual_end: day("2026-11-23"),
        path: "/".into(),
        query: "from=2026-08-25&to=2026-11-23".into(),
    }
}

/// Somebody who may see and build, and nothing else.
pub fn manager(lang: Lang) -> PageContext {
    let mut context = context(lang);
    context.person.rights = Rights {
        role: Role::Manager,
        export: false,
        personal_data: false,
    };
    context
}

/// The body as the server sends it.
pub fn html(page: Page) -> String {
    part(page.body)
}

/// A part of a page as the server sends it. Islands ask the shared context of the response whether they are to be hydrated.
pub fn part(view: impl FnOnce() -> AnyView) -> String {
    let shared = Arc::new(SsrSharedContext::new());
    Owner::new_root(Some(shared)).with(|| view().to_html())
}

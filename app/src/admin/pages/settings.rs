//! The settings of the installation: what they are, and where they are changed.

use super::{Part, framed};
use crate::context::PageContext;
use crate::page::Page;
use crate::t;
use crate::ui::{Card, Cell, Column, Table};
use crate::visit::Visit;
use axum::response::Response;
use engine::settings::Settings;
use leptos::prelude::*;
use types::auth::Right;

pub async fn settings(visit: Visit) -> Response {
    let settings = match visit.actor.require(Right::Administer) {
        Ok(()) => engine::settings::get_settings(visit.engine(), &visit.actor).await,
        Err(error) => Err(error),
    };
    let page = settings.map(|settings| view(&visit.context, settings));
    visit.show(page).await
}

pub(super) fn view(context: &PageContext, settings: Settings) -> Page {
    let (lang, format, data) = (context.lang, context.format, context.data);
    framed(context, Part::Settings, move || {
        let zone = if settings.time_zone_fixed {
            t!(lang, "settings-zone-fixed")
        } else {
            t!(lang, "settings-zone-open")
        };
        let days = t!(
            lang,
            "settings-days",
            n = settings.return_window_days,
            days = format.number(settings.return_window_days)
        );
        let rows = vec![
            (
                t!(lang, "settings-currency"),
                settings.currency,
                t!(lang, "settings-currency-text"),
            ),
            (t!(lang, "settings-zone"), settings.time_zone, zone),
            (t!(lang, "settings-window"), days, t!(lang, "settings-window-text")),
            (
                t!(lang, "settings-data"),
                format.number(data.version),
                t!(lang, "settings-data-text"),
            ),
            (
                t!(lang, "settings-customers"),
                format.number(data.customers),
                String::new(),
            ),
            (t!(lang, "settings-version"), settings.version.to_owned(), String::new()),
        ];
        let rows = rows
            .into_iter()
            .map(|(name, value, note)| vec![Cell::text(name), Cell::Strong(value), Cell::Muted(note)]);
        let table = Table::new(vec![
            Column::text(t!(lang, "settings-setting")),
            Column::text(t!(lang, "settings-value")),
            Column::text(t!(lang, "settings-note")).wide_only(),
        ])
        .rows(rows)
        .caption(t!(lang, "admin-settings"))
        .view();
        view! { <Card title=t!(lang, "admin-settings") subtitle=t!(lang, "settings-sub")>{table}</Card> }.into_any()
    })
}

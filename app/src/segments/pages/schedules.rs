//! Runs that come back, and the button that ends one. They are made with the form of a new run.

use crate::context::PageContext;
use crate::i18n::named;
use crate::t;
use crate::ui::{ButtonLook, Card, Cell, Column, Table, post_button};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use types::auth::Right;
use types::runs::{Every, Schedule};

pub async fn end(visit: Visit, Path(id): Path<String>) -> Response {
    let ended = async {
        engine::segments::delete_schedule(visit.engine(), &visit.actor, number(&id, "Schedule")?).await?;
        Ok("/segments".to_owned())
    }
    .await;
    visit.go(ended).await
}

/// Nothing while there is no schedule.
pub fn schedules(context: &PageContext, all: &[Schedule]) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let (lang, format) = (context.lang, &context.format);
    let may_end = context.may(Right::Build);
    let rows = all.iter().map(|schedule| {
        let rhythm = named(lang, "schedule-every-", schedule.every.as_str());
        let day = match schedule.every {
            Every::Day => String::new(),
            Every::Week => named(
                lang,
                "schedule-weekday-",
                &schedule.weekday.unwrap_or_default().to_string(),
            ),
            Every::Month => t!(
                lang,
                "schedule-on-day",
                day = schedule.day.unwrap_or_default().to_string()
            ),
        };
        let last = match (&schedule.problem, schedule.last_run) {
            (Some(problem), _) => Cell::text(crate::said::sentence(lang, problem)),
            (None, Some(run)) => Cell::Link(
                t!(lang, "schedule-run", run = run.to_string()),
                format!("/segments/runs/{run}"),
            ),
            (None, None) => Cell::Muted("–".into()),
        };
        vec![
            Cell::Two(
                named(lang, "method-", schedule.method.as_str()),
                [rhythm, day, schedule.at.clone()]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · "),
            ),
            Cell::text(format.time_or_none(schedule.next_at)),
            last,
            Cell::Muted(schedule.created_by.clone()),
            Cell::View(if may_end {
                post_button(
                    ButtonLook::Quiet,
                    None,
                    format!("/segments/schedules/{}/end", schedule.id),
                    t!(lang, "schedule-end"),
                )
            } else {
                ().into_any()
            }),
        ]
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "run-method")),
        // A text may wrap, which a phone needs.
        Column::text(t!(lang, "schedule-next")),
        Column::text(t!(lang, "schedule-last")).wide_only(),
        Column::text(t!(lang, "jobs-by")).wide_only(),
        Column::actions(),
    ])
    .rows(rows)
    .caption(t!(lang, "schedule-list"))
    .view();
    view! { <Card title=t!(lang, "schedule-list") subtitle=t!(lang, "schedule-list-sub")>{table}</Card> }.into_any()
}

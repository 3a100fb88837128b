//! Taking an upload back: first what that would do, then the button that does it.

use super::reasons;
use crate::context::PageContext;
use crate::i18n::named;
use crate::jobs::pages as jobs;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::button::post_button;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Notice, Table, Tone, link_button};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use engine::Error;
use engine::uploads::Effect;
use leptos::prelude::*;
use std::collections::BTreeMap;
use types::jobs::Job;
use types::uploads::{UndoCounts, Upload};

pub async fn undo_effect(visit: Visit, Path(id): Path<String>) -> Response {
    let loaded = load(&visit, &id).await;
    let page = loaded.map(|(upload, effect)| match effect {
        Effect::Known(effect) => view(&visit.context, upload, effect),
        Effect::Working(job) => looking(&visit.context, upload, Some(*job)),
        Effect::Unknown => looking(&visit.context, upload, None),
    });
    visit.show(page).await
}

/// Opening the page asks what an undo would do.
async fn load(visit: &Visit, id: &str) -> Result<(Upload, Effect), Error> {
    let id = number(id, "Upload")?;
    let upload = engine::uploads::get(visit.engine(), &visit.actor, id).await?;
    let effect = engine::uploads::undo_effect(visit.engine(), &visit.actor, id, true).await?;
    Ok((upload, effect))
}

pub async fn undo(visit: Visit, Path(id): Path<String>) -> Response {
    let undone = begin(&visit, &id).await;
    visit.go(undone).await
}

async fn begin(visit: &Visit, id: &str) -> Result<String, Error> {
    let id = number(id, "Upload")?;
    engine::uploads::undo(visit.engine(), &visit.actor, id).await?;
    Ok(format!("/uploads/{id}"))
}

/// While it is being found out what an undo of a large upload would do, or when that has failed.
pub(super) fn looking(context: &PageContext, upload: Upload, job: Option<Job>) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "undo-title"), Nav::Uploads, move || {
        let lang = context.lang;
        let address = format!("/uploads/{}", upload.id);
        let lead = t!(lang, "undo-looking", file = upload.name.clone());
        let state = job.as_ref().map(|job| {
            if !job.state.is_finished() {
                return jobs::progress(&context, job, format!("{address}/undo"));
            }
            let why = job.error.as_deref().map(|error| reasons::of_file(lang, error));
            view! {
                <Notice tone=Tone::Bad title=t!(lang, "undo-looking-failed") text=why.unwrap_or_default()>
                    {post_button(ButtonLook::Plain, None, format!("/jobs/{}/retry", job.id), t!(lang, "job-retry"))}
                </Notice>
            }
            .into_any()
        });
        view! {
            <Head title=t!(lang, "undo-title") lead=lead up=(upload.name.clone(), address)/>
            <Card title=t!(lang, "undo-effect") subtitle=t!(lang, "undo-looking-sub")>{state}</Card>
        }
        .into_any()
    })
}

pub(super) fn view(context: &PageContext, upload: Upload, effect: BTreeMap<String, UndoCounts>) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "undo-title"), Nav::Uploads, move || {
        let (lang, format) = (context.lang, &context.format);
        let rows = effect.iter().map(|(table, counts)| {
            vec![
                Cell::text(named(lang, "table-", table)),
                Cell::text(format.number(counts.removed)),
                Cell::text(format.number(counts.changed)),
            ]
        });
        let table = Table::new(vec![
            Column::text(t!(lang, "records-table")),
            Column::number(t!(lang, "undo-removed")),
            Column::number(t!(lang, "undo-changed")),
        ])
        .rows(rows)
        .caption(t!(lang, "undo-effect"))
        .view();
        let address = format!("/uploads/{}", upload.id);
        let up = (upload.name.clone(), address.clone());
        view! {
            <Head title=t!(lang, "undo-title") lead=t!(lang, "undo-lead", file = upload.name.clone()) up=up/>
            <Card title=t!(lang, "undo-effect") subtitle=t!(lang, "undo-effect-sub")>
                {table}
                <p class="small muted">{t!(lang, "undo-note")}</p>
                <div class="form-actions">
                    {post_button(ButtonLook::Danger, Some(Icon::Undo), format!("{address}/undo"), t!(lang, "undo-do"))}
                    {link_button(ButtonLook::Quiet, None, address, t!(lang, "undo-leave"))}
                </div>
            </Card>
        }
        .into_any()
    })
}

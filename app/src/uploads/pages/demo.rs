//! Removing demo data: first what that would take away, then the button that does it.

use super::kind_name;
use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::button::post_button;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Table, empty, link_button};
use crate::visit::Visit;
use axum::response::Response;
use engine::uploads;
use leptos::prelude::*;
use types::uploads::Upload;

pub async fn demo(visit: Visit) -> Response {
    let listed = uploads::demo::list(visit.engine(), &visit.actor).await;
    let page = listed.map(|uploads| view(&visit.context, uploads));
    visit.show(page).await
}

pub async fn remove_demo(visit: Visit) -> Response {
    let started = uploads::demo::start_removal(visit.engine(), &visit.actor).await;
    visit.go(started.map(|job| format!("/jobs/{job}"))).await
}

pub(super) fn view(context: &PageContext, uploads: Vec<Upload>) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "demo-title"), Nav::Uploads, move || {
        let (lang, format) = (context.lang, &context.format);
        let up = (t!(lang, "nav-uploads"), "/uploads".to_owned());
        if uploads.is_empty() {
            return view! {
                <Head title=t!(lang, "demo-title") up=up/>
                {empty(Icon::Upload, t!(lang, "demo-none"), t!(lang, "demo-none-text"), None)}
            }
            .into_any();
        }
        let taken = |upload: &Upload| upload.rows.read - upload.rows.rejected;
        let total: i64 = uploads.iter().map(taken).sum();
        let rows = uploads.iter().map(|upload| {
            vec![
                Cell::LinkTwo(
                    upload.name.clone(),
                    format!("/uploads/{}", upload.id),
                    kind_name(lang, upload.kind),
                ),
                Cell::text(format.number(taken(upload))),
                Cell::text(format.time(upload.created_at)),
            ]
        });
        let table = Table::new(vec![
            Column::text(t!(lang, "uploads-file")),
            Column::number(t!(lang, "demo-rows")),
            Column::number(t!(lang, "uploads-when")).wide_only(),
        ])
        .rows(rows)
        .caption(t!(lang, "demo-what"))
        .view();
        let count = uploads.len() as i64;
        let lead = t!(
            lang,
            "demo-lead",
            n = count,
            count = format.number(count),
            rows = format.number(total)
        );
        view! {
            <Head title=t!(lang, "demo-title") lead=lead up=up/>
            <Card title=t!(lang, "demo-what") subtitle=t!(lang, "demo-what-sub")>
                {table}
                <p class="small muted">{t!(lang, "demo-note")}</p>
                <div class="form-actions">
                    {post_button(ButtonLook::Danger, Some(Icon::Undo), "/uploads/demo", t!(lang, "demo-do"))}
                    {link_button(ButtonLook::Quiet, None, "/uploads", t!(lang, "undo-leave"))}
                </div>
            </Card>
        }
        .into_any()
    })
}

//! All uploads, newest first.

use super::{kind_name, state_chip, upload_button};
use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{Card, Cell, Column, Head, Icon, Table, empty, pager};
use crate::visit::Visit;
use axum::response::Response;
use leptos::prelude::*;
use types::auth::Right;
use types::problems::Page as Slice;
use types::uploads::Upload;

const AT_ONCE: i64 = 50;

pub async fn list(visit: Visit) -> Response {
    let before = visit.context.asked("before").and_then(|id| id.parse().ok());
    let uploads = engine::uploads::list(visit.engine(), &visit.actor, before, AT_ONCE).await;
    let page = uploads.map(|uploads| view(&visit.context, uploads));
    visit.show(page).await
}

pub(super) fn view(context: &PageContext, uploads: Slice<Upload>) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "nav-uploads"), Nav::Uploads, move || {
        let lang = context.lang;
        let may_upload = context.may(Right::Upload);
        let button = may_upload.then(|| upload_button(lang));
        if uploads.items.is_empty() {
            return view! {
                <Head title=t!(lang, "nav-uploads") lead=t!(lang, "uploads-lead")/>
                {empty(Icon::Upload, t!(lang, "uploads-empty"), t!(lang, "uploads-empty-text"), button)}
            }
            .into_any();
        }
        let older = uploads
            .next
            .clone()
            .map(|next| (t!(lang, "pager-older"), format!("/uploads?before={next}")));
        let first = context
            .asked("before")
            .map(|_| (t!(lang, "pager-newest"), "/uploads".to_owned()));
        let count = uploads.items.len() as i64;
        let shown = t!(lang, "uploads-shown", n = count, count = context.format.number(count));
        view! {
            <Head title=t!(lang, "nav-uploads") lead=t!(lang, "uploads-lead") actions=button.unwrap_or_else(|| ().into_any())/>
            <Card title=t!(lang, "uploads-all") subtitle=t!(lang, "uploads-all-sub")>
                {table(&context, &uploads.items)}
                {pager::pager(shown, first, older)}
            </Card>
        }
        .into_any()
    })
}

fn table(context: &PageContext, uploads: &[Upload]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = uploads.iter().map(|upload| {
        let rows = &upload.rows;
        let below = format!("{} · {}", kind_name(lang, upload.kind), format.bytes(upload.size_bytes));
        let rejected = if rows.rejected > 0 {
            Cell::Link(format.number(rows.rejected), format!("/uploads/{}#rejects", upload.id))
        } else {
            Cell::Muted(format.number(0))
        };
        vec![
            Cell::LinkTwo(upload.name.clone(), format!("/uploads/{}", upload.id), below),
            Cell::View(state_chip(lang, upload.state)),
            Cell::text(format.number(rows.read)),
            Cell::text(format.number(rows.created)),
            Cell::text(format.number(rows.updated)),
            rejected,
            Cell::Two(format.time(upload.created_at), upload.uploaded_by.clone()),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "uploads-file")),
        Column::text(t!(lang, "jobs-state")),
        Column::number(t!(lang, "rows-read")).wide_only(),
        Column::number(t!(lang, "rows-created")),
        Column::number(t!(lang, "rows-updated")).wide_only(),
        Column::number(t!(lang, "rows-rejected")).wide_only(),
        Column::number(t!(lang, "uploads-when")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "uploads-all"))
    .view()
}

//! All uploads, newest first.

use super::{kind_name, state_chip, upload_button};
use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Notice, Table, empty, link_button, pager};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::problems::Page as Slice;
use types::uploads::Upload;

const AT_ONCE: i64 = 50;

pub async fn list(visit: Visit) -> Response {
    let before = visit.context.asked("before").and_then(|id| id.parse().ok());
    let loaded = load(&visit, before).await;
    let page = loaded.map(|(uploads, demo)| view(&visit.context, uploads, demo));
    visit.show(page).await
}

/// The uploads and how many of all are demo data.
async fn load(visit: &Visit, before: Option<i64>) -> Result<(Slice<Upload>, usize), Error> {
    let uploads = engine::uploads::list(visit.engine(), &visit.actor, before, AT_ONCE).await?;
    let demo = engine::uploads::demo::list(visit.engine(), &visit.actor).await?;
    Ok((uploads, demo.len()))
}

pub(super) fn view(context: &PageContext, uploads: Slice<Upload>, demo: usize) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "nav-uploads"), Nav::Uploads, move || {
        let lang = context.lang;
        let may_upload = context.may(Right::Upload);
        let button = may_upload.then(|| upload_button(lang));
        let quality = link_button(ButtonLook::Plain, None, "/uploads/quality", t!(lang, "quality-title"));
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
            <Head title=t!(lang, "nav-uploads") lead=t!(lang, "uploads-lead") actions=view! { {quality}{button} }.into_any()/>
            {(demo > 0).then(|| demo_notice(&context, demo as i64))}
            <Card title=t!(lang, "uploads-all") subtitle=t!(lang, "uploads-all-sub")>
                {table(&context, &uploads.items)}
                {pager::pager(shown, first, older)}
            </Card>
        }
        .into_any()
    })
}

fn demo_notice(context: &PageContext, uploads: i64) -> AnyView {
    let lang = context.lang;
    let title = t!(lang, "demo-there", n = uploads, count = context.format.number(uploads));
    view! {
        <Notice title=title text=t!(lang, "demo-there-text")>
            <p><a class="link" href="/uploads/demo">{t!(lang, "demo-remove")}</a></p>
        </Notice>
    }
    .into_any()
}

fn table(context: &PageContext, uploads: &[Upload]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = uploads.iter().map(|upload| {
        let rows = &upload.rows;
        let hash: String = upload.sha256.chars().take(8).collect();
        let below = [kind_name(lang, upload.kind), format.bytes(upload.size_bytes), hash];
        let below = below.join(" · ");
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
            Cell::text(format.number(rows.unchanged)),
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
        Column::number(t!(lang, "rows-unchanged")).wide_only(),
        Column::number(t!(lang, "rows-rejected")).wide_only(),
        Column::number(t!(lang, "uploads-when")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "uploads-all"))
    .view()
}

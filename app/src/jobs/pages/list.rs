//! The history of jobs, newest first; what runs now stands above it, moving.

use super::words;
use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::icon::Icon;
use crate::ui::{Card, Cell, Column, Head, Table, empty, pager};
use crate::uploads::pages::reason;
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use std::collections::HashMap;
use types::auth::Right;
use types::jobs::Job;
use types::problems::Page as Part;

const AT_ONCE: i64 = 50;
/// Uploads whose names are looked up: those of the jobs shown and of jobs between them.
const FILES: i64 = 100;

pub async fn list(visit: Visit) -> Response {
    let before = visit.context.asked("before").and_then(|id| id.parse().ok());
    let loaded = load(&visit, before).await;
    let page = loaded.map(|(jobs, files)| view(&visit.context, jobs, files));
    visit.show(page).await
}

/// Names of uploaded files by the address of the upload, as far as the reader may see them.
pub(super) type Files = HashMap<String, String>;

async fn load(visit: &Visit, before: Option<i64>) -> Result<(Part<Job>, Files), Error> {
    let jobs = engine::queue::list(visit.engine(), &visit.actor, before, AT_ONCE).await?;
    let mut files = Files::new();
    let newest = jobs.items.iter().filter_map(|job| upload_of(&job.subject)).max();
    if let Some(newest) = newest.filter(|_| visit.context.may(Right::Upload)) {
        let uploads = engine::uploads::list(visit.engine(), &visit.actor, Some(newest + 1), FILES).await?;
        files.extend(
            uploads
                .items
                .into_iter()
                .map(|upload| (format!("/uploads/{}", upload.id), upload.name)),
        );
    }
    Ok((jobs, files))
}

fn upload_of(subject: &str) -> Option<i64> {
    subject.strip_prefix("/uploads/")?.parse().ok()
}

pub(super) fn view(context: &PageContext, jobs: Part<Job>, files: Files) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "nav-jobs"), Nav::Jobs, move || {
        let lang = context.lang;
        let running: Vec<Job> = jobs
            .items
            .iter()
            .filter(|job| !job.state.is_finished())
            .cloned()
            .collect();
        let lead = match running.len() {
            0 => t!(lang, "jobs-lead-idle"),
            n => t!(
                lang,
                "jobs-lead-running",
                n = n as i64,
                count = context.format.number(n as i64)
            ),
        };
        if jobs.items.is_empty() {
            let title = t!(lang, "jobs-empty-title");
            return view! {
                <Head title=t!(lang, "nav-jobs") lead=lead/>
                {empty(Icon::Job, title, t!(lang, "jobs-empty-text"), None)}
            }
            .into_any();
        }
        let now = running.iter().map(|job| now(&context, job)).collect_view();
        let older = jobs
            .next
            .clone()
            .map(|next| (t!(lang, "pager-older"), format!("/jobs?before={next}")));
        let first = context
            .asked("before")
            .map(|_| (t!(lang, "pager-newest"), "/jobs".to_owned()));
        let shown = t!(
            lang,
            "jobs-shown",
            n = jobs.items.len() as i64,
            count = context.format.number(jobs.items.len() as i64)
        );
        view! {
            <Head title=t!(lang, "nav-jobs") lead=lead/>
            {now}
            <Card title=t!(lang, "jobs-history") subtitle=t!(lang, "jobs-history-sub")>
                {table(&context, &jobs.items, &files)}
                {pager::pager(shown, first, older)}
            </Card>
        }
        .into_any()
    })
}

fn now(context: &PageContext, job: &Job) -> AnyView {
    let title = words::kind(context.lang, job.kind);
    let links = vec![(t!(context.lang, "jobs-open"), format!("/jobs/{}", job.id))];
    view! { <Card title=title subtitle=words::subject(context.lang, &job.subject) links=links>{words::progress(context, job, "/jobs".into())}</Card> }
        .into_any()
}

fn about(lang: Lang, job: &Job) -> Cell {
    let text = words::subject(lang, &job.subject);
    if job.subject.starts_with('/') {
        Cell::Link(text, job.subject.clone())
    } else {
        Cell::text(text)
    }
}

fn table(context: &PageContext, jobs: &[Job], files: &Files) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = jobs.iter().map(|job| {
        let took = match (job.started_at, job.finished_at) {
            (Some(start), Some(end)) => format.duration((end - start).num_milliseconds()),
            _ => String::new(),
        };
        let name = words::kind(lang, job.kind);
        let below = match &job.error {
            Some(error) => reason(lang, error),
            None => files.get(&job.subject).cloned().unwrap_or_default(),
        };
        vec![
            Cell::LinkTwo(name, format!("/jobs/{}", job.id), below),
            Cell::View(words::state_chip(lang, job.state)),
            about(lang, job),
            Cell::Muted(named(lang, "actor-", &job.requested_by)),
            Cell::text(format.time(job.created_at)),
            Cell::text(took),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "jobs-job")),
        Column::text(t!(lang, "jobs-state")),
        Column::text(t!(lang, "jobs-subject")).wide_only(),
        Column::text(t!(lang, "jobs-by")).wide_only(),
        Column::number(t!(lang, "jobs-asked")).wide_only(),
        Column::number(t!(lang, "jobs-took")),
    ])
    .rows(rows)
    .caption(t!(lang, "jobs-history"))
    .view()
}

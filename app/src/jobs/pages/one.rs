//! One job: what it does or did, why it failed, and what can be done about it.

use super::words;
use crate::context::PageContext;
use crate::i18n::named;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::button::post_button;
use crate::ui::{ButtonLook, Card, Head, Icon, Notice, Tone, link_button};
use crate::uploads::pages::reason;
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::jobs::{Job, JobState};

pub async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let job = load(&visit, &id).await;
    let page = job.map(|job| view(&visit.context, job));
    visit.show(page).await
}

pub async fn cancel(visit: Visit, Path(id): Path<String>) -> Response {
    let cancelled = match number(&id, "Job") {
        Ok(id) => engine::queue::cancel(visit.engine(), &visit.actor, id).await,
        Err(error) => Err(error),
    };
    visit.go(cancelled.map(|job| back(&job))).await
}

pub async fn retry(visit: Visit, Path(id): Path<String>) -> Response {
    let retried = match number(&id, "Job") {
        Ok(id) => engine::queue::retry(visit.engine(), &visit.actor, id).await,
        Err(error) => Err(error),
    };
    visit.go(retried.map(|job| format!("/jobs/{}", job.id))).await
}

/// To the page where the result would be.
fn back(job: &Job) -> String {
    if job.subject.starts_with('/') {
        job.subject.clone()
    } else {
        format!("/jobs/{}", job.id)
    }
}

async fn load(visit: &Visit, id: &str) -> Result<Job, Error> {
    engine::queue::get(visit.engine(), &visit.actor, number(id, "Job")?).await
}

pub(super) fn view(context: &PageContext, job: Job) -> Page {
    let context = context.clone();
    let title = words::kind(context.lang, job.kind);
    Page::new(title.clone(), Nav::Jobs, move || {
        let lang = context.lang;
        let up = (t!(lang, "nav-jobs"), "/jobs".to_owned());
        view! {
            <Head title=title up=up lead=lead(&context, &job) actions=actions(&context, &job)/>
            {(!job.state.is_finished()).then(|| {
                let line = words::progress(&context, &job, format!("/jobs/{}", job.id));
                view! { <Card title=t!(lang, "job-now")>{line}</Card> }
            })}
            {job.error.clone().map(|error| view! {
                <Notice tone=Tone::Bad title=t!(lang, "job-failed") text=t!(lang, "job-failed-safe")>
                    <p class="jobs-error">{reason(lang, &error)}</p>
                </Notice>
            })}
            <Card title=t!(lang, "job-facts")>{facts(&context, &job)}</Card>
        }
        .into_any()
    })
}

fn lead(context: &PageContext, job: &Job) -> String {
    let (lang, format) = (context.lang, &context.format);
    match (job.state, job.started_at, job.finished_at) {
        (JobState::Succeeded, Some(start), Some(end)) => {
            t!(
                lang,
                "job-lead-done",
                took = format.duration((end - start).num_milliseconds()),
                time = format.time(end)
            )
        }
        (JobState::Failed, _, _) => t!(lang, "job-lead-failed"),
        (JobState::Cancelled, _, _) => t!(lang, "job-lead-cancelled"),
        (JobState::Queued, _, _) => t!(lang, "job-lead-queued"),
        _ => t!(lang, "job-lead-running"),
    }
}

fn actions(context: &PageContext, job: &Job) -> AnyView {
    let lang = context.lang;
    let again = matches!(job.state, JobState::Failed | JobState::Cancelled).then(|| {
        post_button(
            ButtonLook::Primary,
            Some(Icon::Play),
            format!("/jobs/{}/retry", job.id),
            t!(lang, "job-retry"),
        )
    });
    let result = job
        .subject
        .starts_with('/')
        .then(|| link_button(ButtonLook::Plain, None, job.subject.clone(), t!(lang, "job-result")));
    view! { {result}{again} }.into_any()
}

fn facts(context: &PageContext, job: &Job) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    view! {
        <dl class="facts">
            <dt>{t!(lang, "jobs-subject")}</dt><dd>{words::subject(lang, &job.subject)}</dd>
            <dt>{t!(lang, "jobs-state")}</dt><dd>{words::state_chip(lang, job.state)}</dd>
            <dt>{t!(lang, "jobs-by")}</dt><dd>{named(lang, "actor-", &job.requested_by)}</dd>
            <dt>{t!(lang, "jobs-asked")}</dt><dd>{format.time(job.created_at)}</dd>
            <dt>{t!(lang, "job-started")}</dt><dd>{format.time_or_none(job.started_at)}</dd>
            <dt>{t!(lang, "job-finished")}</dt><dd>{format.time_or_none(job.finished_at)}</dd>
            <dt>{t!(lang, "job-attempts")}</dt><dd>{format.number(i64::from(job.attempts))}</dd>
        </dl>
    }
    .into_any()
}

//! How a job is called, in lists and in its progress line.

use super::tick;
use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::islands::{JobProgress, JobWords, LengthWords};
use crate::t;
use crate::ui::{Tone, chip};
use leptos::prelude::*;
use types::auth::Right;
use types::jobs::{Job, JobKind, JobState};

/// Steps that a job can report; others are shown by their own name.
const STEPS: [&str; 11] = [
    "waiting",
    "reading",
    "checking",
    "merging",
    "undoing",
    "sealing",
    "features",
    "scoring",
    "writing",
    "publishing",
    "verifying",
];

pub fn kind(lang: Lang, kind: JobKind) -> String {
    named(lang, "job-kind-", kind.as_str())
}

/// What the job was about, as people say it: `/uploads/7` is *Upload 7*. Anything else keeps its address.
pub fn subject(lang: Lang, subject: &str) -> String {
    if subject == "/uploads/demo" {
        t!(lang, "job-subject-demo")
    } else if subject == "/uploads/quality" {
        t!(lang, "job-subject-quality")
    } else if let Some(id) = subject
        .strip_prefix("/uploads/")
        .and_then(|rest| rest.strip_suffix("/undo"))
    {
        t!(lang, "job-subject-undo", id = id.to_owned())
    } else if let Some(id) = subject.strip_prefix("/uploads/") {
        t!(lang, "job-subject-upload", id = id.to_owned())
    } else if let Some(id) = subject.strip_prefix("/segments/runs/") {
        t!(lang, "job-subject-run", id = id.to_owned())
    } else {
        subject.to_owned()
    }
}

pub fn state_chip(lang: Lang, state: JobState) -> AnyView {
    chip(tone(state), named(lang, "job-state-", state.as_str()))
}

pub fn tone(state: JobState) -> Tone {
    match state {
        JobState::Queued => Tone::Neutral,
        JobState::Running => Tone::Accent,
        JobState::Succeeded => Tone::Good,
        JobState::Failed => Tone::Bad,
        JobState::Cancelled => Tone::Warn,
    }
}

/// How lengths of time are said in a line that moves.
pub fn lengths(lang: Lang) -> LengthWords {
    LengthWords {
        seconds: t!(lang, "length-seconds"),
        minutes: t!(lang, "length-minutes"),
        hours: t!(lang, "length-hours"),
    }
}

/// The moving line of a job that has not ended; leads to `then` when it has.
pub fn progress(context: &PageContext, job: &Job, then: String) -> AnyView {
    let lang = context.lang;
    let states = ["queued", "running", "succeeded", "failed", "cancelled"];
    let names = states
        .into_iter()
        .map(|state| (state.to_owned(), named(lang, "job-state-", state)))
        .chain(
            STEPS
                .into_iter()
                .map(|step| (step.to_owned(), named(lang, "job-step-", step))),
        )
        .collect();
    let words = JobWords {
        names,
        count: t!(lang, "job-count"),
        rates: vec![
            ("reading".to_owned(), t!(lang, "job-rate-rows")),
            ("scoring".to_owned(), t!(lang, "job-rate-customers")),
        ],
        left: t!(lang, "job-left"),
        lengths: lengths(lang),
        cancel: t!(lang, "job-cancel"),
        cancelling: t!(lang, "job-cancelling"),
        refresh: t!(lang, "job-refresh"),
    };
    let needs = match job.kind {
        JobKind::ImportFile | JobKind::UndoUpload | JobKind::CheckQuality => Right::Upload,
        JobKind::RunSegmentation | JobKind::WatchSegments => Right::Build,
        JobKind::DeliverWebhook => Right::Export,
        JobKind::RebuildWarehouse => Right::Administer,
    };
    view! { <JobProgress id=job.id tick=tick(job) words=words then=then may_cancel=context.may(needs)/> }.into_any()
}

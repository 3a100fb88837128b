//! One run: its groups, what they are worth, and what the run saw.

use super::charts::worth;
use super::groups::{profile_table, size_table};
use super::{moves, quality, takeout};
use crate::context::PageContext;
use crate::i18n::named;
use crate::jobs::pages as jobs;
use crate::page::{Nav, Page};
use crate::said;
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::{ButtonLook, Card, Head, Notice, Tone, chip, post_button};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::columns::MemberColumn;
use types::jobs::{Job, JobState};
use types::segments::{Run, RunState};

pub async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let loaded = load(&visit, &id).await;
    let page = loaded.map(|loaded| view(&visit.context, loaded));
    visit.show(page).await
}

/// The run that counts from now on for its method.
pub async fn choose(visit: Visit, Path(id): Path<String>) -> Response {
    let chosen = async {
        let id = number(&id, "Run")?;
        engine::segments::choose_run(visit.engine(), &visit.actor, id).await?;
        Ok(format!("/segments/runs/{id}"))
    }
    .await;
    visit.go(chosen).await
}

/// Runs that a page offers to compare with.
const OTHERS: i64 = 50;

/// Everything that the page shows.
struct Loaded {
    run: Run,
    job: Job,
    others: Vec<Run>,
    columns: Vec<MemberColumn>,
}

async fn load(visit: &Visit, id: &str) -> Result<Loaded, Error> {
    let run = engine::segments::get_run(visit.engine(), &visit.actor, number(id, "Run")?).await?;
    let job = engine::queue::get(visit.engine(), &visit.actor, run.job_id).await?;
    let others = engine::segments::list_runs(visit.engine(), &visit.actor, None, OTHERS)
        .await?
        .items
        .into_iter()
        .filter(|other| other.state == RunState::Done)
        .collect();
    let columns = if run.state == RunState::Done && visit.context.may(Right::Export) {
        engine::segments::member_columns(visit.engine(), &visit.actor, Some(run.id)).await?
    } else {
        Vec::new()
    };
    Ok(Loaded {
        run,
        job,
        others,
        columns,
    })
}

fn view(context: &PageContext, loaded: Loaded) -> Page {
    let context = context.clone();
    let Loaded {
        run,
        job,
        others,
        columns,
    } = loaded;
    let title = format!("{} {}", named(context.lang, "method-", run.method.as_str()), run.id);
    Page::new(title.clone(), Nav::Segments, move || {
        let (lang, format) = (context.lang, &context.format);
        let up = (t!(lang, "nav-segments"), "/segments".to_owned());
        let lead = match run.state {
            RunState::Running => t!(lang, "run-lead-running"),
            RunState::Failed => t!(lang, "run-lead-failed"),
            RunState::Done => {
                let share = if run.customers > 0 {
                    run.covered as f64 / run.customers as f64
                } else {
                    0.0
                };
                t!(
                    lang,
                    "run-lead-done",
                    n = run.covered,
                    customers = format.number(run.covered),
                    share = format.percent(share),
                    day = run.as_of.map(|day| format.day(day)).unwrap_or_default()
                )
            }
        };
        let progress = (!job.state.is_finished()).then(|| {
            let line = jobs::progress(&context, &job, format!("/segments/runs/{}", run.id));
            view! { <Card title=t!(lang, "segments-running")>{line}</Card> }
        });
        let failed = (job.state == JobState::Failed).then(|| {
            let error = said::sentence(lang, job.error.as_deref().unwrap_or_default());
            view! { <Notice tone=Tone::Bad title=t!(lang, "job-failed") text=error/> }
        });
        let (context, run) = (&context, &run);
        let done = run.state == RunState::Done;
        let actions = match (done, run.current) {
            (true, true) => chip(Tone::Good, t!(lang, "run-chosen")),
            (true, false) if context.may(Right::Build) => post_button(
                ButtonLook::Plain,
                None,
                format!("/segments/runs/{}/current", run.id),
                t!(lang, "run-choose"),
            ),
            _ => ().into_any(),
        };
        view! {
            <Head title=title lead=lead up=up actions=actions/>
            {progress}
            {failed}
            {done.then(|| quality::figures(context, run))}
            {done.then(|| run_body(context, run))}
            {done.then(|| quality::findings(context, run))}
            {takeout::of_run(context, run, &columns)}
            {(done && others.len() > 1).then(|| moves::compare(context, run, &others))}
            <div class="cols">
                <Card title=t!(lang, "run-facts") columns="c6">{facts(context, run)}</Card>
                <Card title=t!(lang, "run-params") columns="c6">{quality::parameters(context, run)}</Card>
            </div>
        }
        .into_any()
    })
}

/// Sizes, worth and behaviour of the groups of a run that has ended.
pub fn run_body(context: &PageContext, run: &Run) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let as_of = run.as_of.map(|day| format.day(day)).unwrap_or_default();
    let links = if context.may(Right::Export) {
        ["csv", "xlsx"]
            .map(|kind| (kind.to_uppercase(), format!("/reports/segments.{kind}?run={}", run.id)))
            .to_vec()
    } else {
        Vec::new()
    };
    let outdated = run.outdated.then(|| {
        view! { <Notice tone=Tone::Warn title=t!(lang, "run-outdated-title") text=t!(lang, "run-outdated-text")/> }
    });
    let files = (format!("/charts/segment-worth-{}", run.id), String::new());
    view! {
        {outdated}
        <div class="cols">
            <Card
                title=t!(lang, "segments-sizes")
                subtitle=t!(
                    lang,
                    "run-groups-sub",
                    method = named(lang, "method-", run.method.as_str()),
                    run = run.id.to_string(),
                    day = as_of
                )
                links=links
                columns="c7"
            >
                {size_table(context, run)}
            </Card>
            {chart_card(lang, worth(format, run), "c5", Some(files))}
        </div>
        <Card title=t!(lang, "segments-profile") subtitle=t!(lang, "segments-profile-sub", currency = format.currency())>
            {profile_table(context, run)}
        </Card>
    }
    .into_any()
}

fn facts(context: &PageContext, run: &Run) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let took = run
        .duration_ms
        .map_or_else(|| "–".to_owned(), |length| format.duration(length));
    view! {
        <dl class="facts">
            <dt>{t!(lang, "run-method")}</dt><dd>{named(lang, "method-", run.method.as_str())}</dd>
            <dt>{t!(lang, "segments-as-of")}</dt><dd>{run.as_of.map(|day| format.day(day)).unwrap_or_default()}</dd>
            <dt>{t!(lang, "settings-data")}</dt><dd>{format.number(run.data_version)}</dd>
            <dt>{t!(lang, "run-seed")}</dt><dd>{run.seed.to_string()}</dd>
            <dt>{t!(lang, "jobs-by")}</dt><dd>{run.requested_by.clone()}</dd>
            <dt>{t!(lang, "jobs-asked")}</dt><dd>{format.time(run.created_at)}</dd>
            <dt>{t!(lang, "jobs-took")}</dt><dd>{took}</dd>
        </dl>
    }
    .into_any()
}

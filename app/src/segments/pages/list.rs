//! Segments now: the newest run that has ended, what runs at the moment, and the runs before.

use super::one::run_body;
use super::run::{post_run_button, run_form};
use super::schedules::schedules;
use crate::context::PageContext;
use crate::i18n::named;
use crate::jobs::pages as jobs;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Table, Tone, chip, empty, link_button};
use crate::uploads::pages::upload_button;
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::jobs::Job;
use types::runs::Schedule;
use types::segments::{Method, Run, RunState};

const SHOWN: i64 = 20;

/// The newest runs, and the jobs of those that have not ended.
pub(super) struct Loaded {
    /// The run whose groups are shown.
    pub shown: Option<Run>,
    pub runs: Vec<Run>,
    pub jobs: Vec<Job>,
    pub schedules: Vec<Schedule>,
}

pub async fn list(visit: Visit) -> Response {
    let loaded = load(&visit).await;
    let page = loaded.map(|loaded| view(&visit.context, loaded));
    visit.show(page).await
}

async fn load(visit: &Visit) -> Result<Loaded, Error> {
    let runs = engine::segments::list_runs(visit.engine(), &visit.actor, None, SHOWN)
        .await?
        .items;
    let mut jobs = Vec::new();
    for run in runs.iter().filter(|run| run.state == RunState::Running) {
        jobs.push(engine::queue::get(visit.engine(), &visit.actor, run.job_id).await?);
    }
    // RFM is what the page has always opened with; without it, whatever there is.
    let shown = match engine::segments::current_run(visit.engine(), &visit.actor, Method::Rfm).await? {
        Some(run) => Some(run),
        None => runs.iter().find(|run| run.state == RunState::Done).cloned(),
    };
    let schedules = engine::segments::list_schedules(visit.engine(), &visit.actor).await?;
    Ok(Loaded {
        shown,
        runs,
        jobs,
        schedules,
    })
}

pub(super) fn view(context: &PageContext, loaded: Loaded) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "nav-segments"), Nav::Segments, move || {
        let lang = context.lang;
        let newest = loaded.shown;
        let may_run = context.may(Right::Build) && context.data.version > 0;
        // Before the first run the button stands where its result will be.
        let actions = if may_run && !loaded.runs.is_empty() {
            view! {
                {link_button(ButtonLook::Plain, None, "/segments/run", t!(lang, "runs-new"))}
                {post_run_button(lang)}
            }
            .into_any()
        } else {
            ().into_any()
        };
        let lead = newest
            .as_ref()
            .map_or_else(|| t!(lang, "segments-lead-none"), |run| lead(&context, run));
        let running = loaded
            .jobs
            .iter()
            .map(|job| {
                let line = jobs::progress(&context, job, "/segments".into());
                view! { <Card title=t!(lang, "segments-running")>{line}</Card> }.into_any()
            })
            .collect_view();
        let body = match newest {
            Some(run) => run_body(&context, &run),
            None => {
                let text = match (context.data.version > 0, context.may(Right::Upload)) {
                    (true, _) => t!(lang, "segments-none-text"),
                    (false, true) => t!(lang, "segments-no-data"),
                    (false, false) => t!(lang, "segments-ask"),
                };
                let button = if may_run {
                    Some(post_run_button(lang))
                } else {
                    context.may(Right::Upload).then(|| upload_button(lang))
                };
                empty(Icon::Segment, t!(lang, "segments-none"), text, button)
            }
        };
        view! {
            <Head title=t!(lang, "nav-segments") lead=lead actions=actions/>
            {super::saved::tabs(lang, false)}
            {running}
            {body}
            {schedules(&context, &loaded.schedules)}
            {(!loaded.runs.is_empty()).then(|| history(&context, &loaded.runs, may_run))}
        }
        .into_any()
    })
}

/// The sentence about the newest run: where the value is, and how many slip.
fn lead(context: &PageContext, run: &Run) -> String {
    let (lang, format) = (context.lang, &context.format);
    let money: f64 = run.segments.iter().map(|segment| segment.profile.monetary_total).sum();
    let of = |keys: &[&str]| {
        run.segments
            .iter()
            .filter(|segment| keys.contains(&segment.key.as_str()))
            .cloned()
            .collect::<Vec<_>>()
    };
    let best = of(&["champions"]);
    let slipping: i64 = of(&["at_risk", "cant_lose"]).iter().map(|segment| segment.size).sum();
    match best.first().filter(|best| best.size > 0 && money > 0.0) {
        Some(best) => t!(
            lang,
            "segments-lead",
            share = format.percent(best.share),
            value = format.percent(best.profile.monetary_total / money),
            n = slipping,
            slipping = format.number(slipping)
        ),
        None if run.method != Method::Rfm => String::new(),
        None => t!(
            lang,
            "segments-lead-plain",
            n = run.covered,
            customers = format.number(run.covered)
        ),
    }
}

fn history(context: &PageContext, runs: &[Run], may_run: bool) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = runs.iter().map(|run| {
        let state = match run.state {
            RunState::Running => chip(Tone::Accent, t!(lang, "run-running")),
            RunState::Failed => chip(Tone::Bad, t!(lang, "run-failed")),
            RunState::Done if run.outdated => chip(Tone::Warn, t!(lang, "run-outdated")),
            RunState::Done => chip(Tone::Good, t!(lang, "run-done")),
        };
        let name = format!("{} {}", named(lang, "method-", run.method.as_str()), run.id);
        let address = format!("/segments/runs/{}", run.id);
        vec![
            if run.current {
                Cell::LinkTwo(name, address, t!(lang, "run-chosen"))
            } else {
                Cell::Link(name, address)
            },
            Cell::View(state),
            Cell::text(run.as_of.map(|day| format.day(day)).unwrap_or_default()),
            Cell::text(format.number(run.covered)),
            Cell::Muted(run.requested_by.clone()),
            Cell::text(
                run.duration_ms
                    .map(|length| format.duration(length))
                    .unwrap_or_default(),
            ),
        ]
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "run-run")),
        Column::text(t!(lang, "jobs-state")),
        Column::number(t!(lang, "segments-as-of")).wide_only(),
        Column::number(t!(lang, "segments-customers")),
        Column::text(t!(lang, "jobs-by")).wide_only(),
        Column::number(t!(lang, "jobs-took")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "run-history"))
    .view();
    view! {
        <Card title=t!(lang, "run-history") subtitle=t!(lang, "run-history-sub")>
            {table}
            {may_run.then(|| run_form(lang))}
        </Card>
    }
    .into_any()
}

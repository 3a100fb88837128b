//! The first page: the sentence, the figures against the period before, revenue by day, the groups, what campaigns returned.
//! It only says what the engine answers; before the first data it says how to begin.

mod begin;
mod charts;
mod figures;

pub use charts::{campaign_roi, revenue};

use crate::campaigns;
use crate::context::PageContext;
use crate::i18n::named;
use crate::page::{Nav, Page};
use crate::segments::pages::{post_run_button, size_table};
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::{Card, Head, Notice, Tone, kpis};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::campaigns::CampaignList;
use types::overview::Overview;
use types::segments::{Method, Run, RunState};

/// What the page shows: the figures, the campaigns of the period, and the newest RFM run that has ended.
pub struct Loaded {
    pub overview: Overview,
    pub campaigns: CampaignList,
    pub run: Option<Run>,
}

/// Runs that are looked through for the newest that has ended.
const RUNS: i64 = 20;

pub async fn overview(visit: Visit) -> Response {
    if visit.context.data.version == 0 {
        let page = begin::view(&visit.context);
        return visit.show(Ok(page)).await;
    }
    let loaded = load(&visit).await;
    let page = loaded.map(|loaded| view(&visit.context, loaded));
    visit.show(page).await
}

async fn load(visit: &Visit) -> Result<Loaded, Error> {
    let (engine, actor, period) = (visit.engine(), &visit.actor, visit.context.period);
    let overview = engine::overview::get_overview(engine, actor, period, None).await?;
    let campaigns = campaigns::pages::load_list(engine, actor, period).await?;
    let runs = engine::segments::list_runs(engine, actor, None, RUNS).await?;
    let run = runs
        .items
        .into_iter()
        .find(|run| run.method == Method::Rfm && run.state == RunState::Done);
    Ok(Loaded {
        overview,
        campaigns,
        run,
    })
}

fn view(context: &PageContext, loaded: Loaded) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "overview-title"), Nav::Overview, move || {
        let (lang, format) = (context.lang, &context.format);
        let Loaded { overview, campaigns, run } = loaded;
        let actions = context.may(Right::Build).then(|| post_run_button(lang));
        let files = |name: &str| Some((format!("/charts/{name}"), context.days_query()));
        view! {
            <Head title=t!(lang, "overview-title") lead=figures::lead(&context, &overview) actions=actions.unwrap_or_else(|| ().into_any())/>
            {not_converted(&context, &overview)}
            {kpis(figures::figures(&context, &overview))}
            <div class="cols">
                {chart_card(lang, revenue(format, &overview), "c8", files("revenue"))}
                {chart_card(lang, campaign_roi(format, &overview), "c4", files("campaign-roi"))}
            </div>
            <div class="cols">
                {groups(&context, run)}
                {chart_card(lang, campaigns::charts::returned(format, &campaigns), "c5", files("campaign-returns"))}
            </div>
            <p class="small muted">{figures::base(&context, &overview)}</p>
        }
        .into_any()
    })
    .with_comparison()
}

fn not_converted(context: &PageContext, overview: &Overview) -> Option<AnyView> {
    let lang = context.lang;
    (overview.not_converted > 0).then(|| {
        let count = context.format.number(overview.not_converted);
        let title = t!(lang, "not-converted-title", n = overview.not_converted, count = count);
        view! { <Notice tone=Tone::Warn title=title text=t!(lang, "not-converted-text")/> }.into_any()
    })
}

/// The sizes of the groups of the newest run, or what a run would show.
fn groups(context: &PageContext, run: Option<Run>) -> AnyView {
    let lang = context.lang;
    match run {
        Some(run) => {
            let as_of = run.as_of.map(|day| context.format.day(day)).unwrap_or_default();
            let subtitle = t!(
                lang,
                "run-groups-sub",
                method = named(lang, "method-", run.method.as_str()),
                run = run.id.to_string(),
                day = as_of
            );
            let links = vec![(t!(lang, "overview-groups-more"), "/segments".to_owned())];
            view! {
                <Card title=t!(lang, "segments-sizes") subtitle=subtitle links=links columns="c7">{size_table(context, &run)}</Card>
            }
            .into_any()
        }
        None => view! {
            <Card title=t!(lang, "segments-sizes") columns="c7">
                <p class="soft">{t!(lang, "segments-none-text")}</p>
                <div class="row">{context.may(Right::Build).then(|| post_run_button(lang))}</div>
            </Card>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests;

//! One campaign: what it cost and returned, whether it worked, whom it reached, and what belongs beside its return.

use super::{did_it_work, list, load_one, part_of, parts};
use crate::campaigns::{charts, words};
use crate::context::{PageContext, encode};
use crate::format::Format;
use crate::i18n::named;
use crate::page::{Nav, Page};
use crate::shell::based_on;
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::{ButtonLook, Card, Head, Icon, Kpi, Notice, kpis, link_button};
use crate::visit::Visit;
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use types::auth::Right;
use types::campaigns::Campaign;
use types::segments::Method;

pub async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let part = part_of(&visit.context.query, visit.context.period);
    let page = async {
        let (engine, actor) = (visit.engine(), &visit.actor);
        let campaign = load_one(engine, actor, &id, part).await?;
        let run = engine::segments::current_run(engine, actor, Method::Rfm).await?;
        Ok(view(&visit.context, campaign, run.map(|run| run.id)))
    };
    let page = page.await;
    visit.show(page).await
}

/// `run` is the run whose groups the campaign is divided by.
pub(super) fn view(context: &PageContext, campaign: Campaign, run: Option<i64>) -> Page {
    let context = context.clone();
    let title = words::name(&campaign.row);
    Page::new(title.clone(), Nav::Campaigns, move || {
        let (lang, format) = (context.lang, &context.format);
        let up = (t!(lang, "nav-campaigns"), "/campaigns".to_owned());
        view! {
            <Head title=title lead=lead(format, &campaign) up=up actions=exports(&context, &campaign)/>
            {only_a_part(&context)}
            {list::not_converted(&context, campaign.not_converted)}
            {did_it_work::ratio_alarm(&context, &campaign)}
            {kpis(figures(format, &campaign))}
            <div class="cols">
                {did_it_work::card(&context, &campaign)}
                <div class="campaigns-side c5">
                    {parts::funnel(&context, &campaign)}
                    {parts::by_channel(&context, &campaign)}
                </div>
            </div>
            <div class="cols">
                {chart_card(lang, charts::days(format, &campaign), "c8", Some(files(&context, "campaign-days", &campaign)))}
                {beside(&context, &campaign)}
            </div>
            {parts::by_segment(&context, &campaign, run)}
            {based_on(&context, campaign.data_version, campaign.data_as_of)}
        }
        .into_any()
    })
}

/// The files of a chart of one campaign: address and query.
pub(super) fn files(context: &PageContext, name: &str, campaign: &Campaign) -> (String, String) {
    (format!("/charts/{name}"), query(context, campaign))
}

/// The campaign and, when the page shows a part, its period.
fn query(context: &PageContext, campaign: &Campaign) -> String {
    let id = encode(&campaign.row.campaign_id);
    match part_of(&context.query, context.period) {
        Some(part) => format!("campaign={id}&from={}&to={}", part.from, part.to),
        None => format!("campaign={id}"),
    }
}

/// Says that the figures are those of some days, with the way to all of them.
fn only_a_part(context: &PageContext) -> Option<AnyView> {
    let lang = context.lang;
    let part = part_of(&context.query, context.period)?;
    let title = t!(
        lang,
        "campaign-part",
        period = context.format.period(part.from, part.to)
    );
    let whole = context.path.clone();
    Some(view! { <Notice title=title><p><a href=whole>{t!(lang, "campaign-whole")}</a></p></Notice> }.into_any())
}

/// When, whom, how many held out, at what cost; then what came back.
pub fn lead(format: &Format, campaign: &Campaign) -> String {
    let lang = format.lang;
    let row = &campaign.row;
    let figures = &row.figures;
    let held_out = campaign
        .lift
        .iter()
        .map(|lift| lift.held_out.n)
        .max()
        .unwrap_or_default();
    let held_out = match (held_out, campaign.holdout_share) {
        (0, _) => t!(lang, "campaign-nobody-held-out"),
        (n, Some(planned)) => {
            t!(
                lang,
                "campaign-held-out-planned",
                n = n,
                people = format.number(n),
                planned = format.percent(planned)
            )
        }
        (n, None) => t!(lang, "campaign-held-out-some", n = n, people = format.number(n)),
    };
    let mut parts = vec![words::place_and_time(format, row)];
    parts.push(words::people(format, figures.people));
    parts.push(held_out);
    parts.retain(|part| !part.is_empty());
    t!(
        lang,
        "campaign-lead",
        facts = parts.join(" · "),
        cost = format.money(figures.cost),
        n = figures.orders,
        orders = format.number(figures.orders),
        revenue = format.money(figures.net_revenue)
    )
}

fn exports(context: &PageContext, campaign: &Campaign) -> AnyView {
    if !context.may(Right::Export) {
        return ().into_any();
    }
    let query = query(context, campaign);
    let button = |look: ButtonLook, kind: &str, text: String| {
        link_button(
            look,
            Some(Icon::Download),
            format!("/reports/campaign.{kind}?{query}"),
            text,
        )
    };
    let csv = button(ButtonLook::Plain, "csv", "CSV".to_owned());
    let xlsx = button(ButtonLook::Plain, "xlsx", "XLSX".to_owned());
    let pdf = button(ButtonLook::Primary, "pdf", t!(context.lang, "campaign-report"));
    view! { {csv}{xlsx}{pdf} }.into_any()
}

pub fn figures(format: &Format, campaign: &Campaign) -> Vec<Kpi> {
    let lang = format.lang;
    let of = &campaign.row.figures;
    let refunded = if of.revenue > 0.0 {
        format.percent(of.refunds / of.revenue)
    } else {
        "–".to_owned()
    };
    let payback = match of.payback_days {
        Some(days) => t!(lang, "campaign-payback-days", n = days, days = format.number(days)),
        None => t!(lang, "campaign-payback-never"),
    };
    vec![
        Kpi::noted(
            t!(lang, "campaigns-roi"),
            format.ratio(of.roi),
            t!(lang, "campaigns-roi-note"),
        ),
        Kpi::noted(
            t!(lang, "campaigns-net-revenue"),
            format.money_short(of.net_revenue),
            t!(
                lang,
                "campaign-orders-within",
                n = of.orders,
                orders = format.number(of.orders),
                days = format.number(campaign.window_days)
            ),
        ),
        Kpi::noted(
            t!(lang, "campaign-refunded"),
            refunded,
            t!(
                lang,
                "campaign-refunded-note",
                refunds = format.money_short(of.refunds),
                revenue = format.money_short(of.revenue)
            ),
        ),
        Kpi::noted(
            t!(lang, "campaigns-cac"),
            format.money_or_none(of.cac),
            t!(
                lang,
                "campaign-new",
                n = of.new_customers,
                customers = format.number(of.new_customers)
            ),
        ),
        Kpi::noted(t!(lang, "campaign-payback"), payback, t!(lang, "campaign-payback-note")),
    ]
}

/// What is no part of the return and may not be forgotten, name by name.
pub fn facts(format: &Format, campaign: &Campaign) -> Vec<(String, String)> {
    let lang = format.lang;
    let of = &campaign.row.figures;
    let margin = of
        .margin
        .map_or_else(|| t!(lang, "campaign-margin-unknown"), |margin| format.money(margin));
    let objective = campaign
        .row
        .objective
        .as_deref()
        .map_or_else(|| "–".to_owned(), |word| named(lang, "objective-", word));
    vec![
        (t!(lang, "campaigns-cost"), format.money(of.cost)),
        (t!(lang, "campaign-budget"), format.money_or_none(campaign.row.budget)),
        (t!(lang, "campaign-margin"), margin),
        (t!(lang, "campaigns-roas"), format.ratio(of.roas)),
        (t!(lang, "campaign-net-roas"), format.ratio(of.net_roas)),
        (t!(lang, "campaign-objective"), objective),
        (t!(lang, "campaign-documents"), format.money(campaign.refund_documents)),
    ]
}

fn beside(context: &PageContext, campaign: &Campaign) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let facts = facts(format, campaign)
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    view! {
        <Card title=t!(lang, "campaign-beside") columns="c4">
            <dl class="facts">{facts}</dl>
            <p class="small muted">{t!(lang, "campaign-documents-note", days = format.number(campaign.window_days))}</p>
        </Card>
    }
    .into_any()
}

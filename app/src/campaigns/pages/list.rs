//! All campaigns of a period: what they cost and returned together, each beside the others, and as rows.

use super::load_list;
use crate::campaigns::{charts, words};
use crate::context::{PageContext, encode};
use crate::format::Format;
use crate::i18n::joined;
use crate::page::{Nav, Page};
use crate::shell::based_on;
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Kpi, Notice, Table, Tone, empty, kpis, link_button};
use crate::visit::Visit;
use axum::response::Response;
use leptos::prelude::*;
use types::auth::Right;
use types::campaigns::{CampaignList, CampaignRow, Return, Verdict};

pub async fn list(visit: Visit) -> Response {
    let loaded = load_list(visit.engine(), &visit.actor, visit.context.period).await;
    let page = loaded.map(|list| view(&visit.context, list));
    visit.show(page).await
}

pub(super) fn view(context: &PageContext, list: CampaignList) -> Page {
    let context = context.clone();
    // Before the first data there are no days to choose from.
    let empty = context.data.version == 0;
    let page = Page::new(t!(context.lang, "nav-campaigns"), Nav::Campaigns, move || {
        let (lang, format) = (context.lang, &context.format);
        if list.items.is_empty() {
            return nothing(&context);
        }
        let rows = table(format, &list).view();
        let base = based_on(&context, list.data_version, list.data_as_of);
        let files = |name: &str| Some((format!("/charts/{name}"), context.days_query()));
        view! {
            <Head title=t!(lang, "nav-campaigns") lead=lead(format, &list) actions=exports(&context)/>
            {not_converted(&context, list.not_converted)}
            {kpis(figures(format, &list.total))}
            <div class="cols">
                {chart_card(lang, charts::returned(format, &list), "c6", files("campaign-returns"))}
                {chart_card(lang, charts::cost_and_revenue(format, &list), "c6", files("campaign-money"))}
            </div>
            <Card title=t!(lang, "campaigns-all") subtitle=t!(lang, "campaigns-all-sub", currency = list.currency.clone(), days = format.number(list.window_days))>
                {rows}
            </Card>
            {base}
        }
        .into_any()
    });
    if empty { page } else { page.with_period() }
}

/// Before the first campaign, or in a period without one.
fn nothing(context: &PageContext) -> AnyView {
    let lang = context.lang;
    let (text, button) = if context.data.version == 0 {
        let button = context.may(Right::Upload).then(|| {
            link_button(
                ButtonLook::Primary,
                Some(Icon::Upload),
                "/uploads/new",
                t!(lang, "campaigns-upload"),
            )
        });
        let text = if button.is_some() {
            t!(lang, "campaigns-no-data")
        } else {
            t!(lang, "campaigns-ask")
        };
        (text, button)
    } else {
        let period = context.format.period(context.period.from, context.period.to);
        (t!(lang, "campaigns-none-in-period", period = period), None)
    };
    view! {
        <Head title=t!(lang, "nav-campaigns")/>
        {empty(Icon::Campaign, t!(lang, "campaigns-none"), text, button)}
    }
    .into_any()
}

/// What they cost and brought together, and how many of them are known to have been the cause.
pub fn lead(format: &Format, list: &CampaignList) -> String {
    let lang = format.lang;
    let total = &list.total;
    let count = list.items.len() as i64;
    let first = t!(
        lang,
        "campaigns-lead",
        n = count,
        count = format.number(count),
        cost = format.money_short(total.cost),
        revenue = format.money_short(total.net_revenue)
    );
    let of = |verdict: Verdict| list.items.iter().filter(|row| row.verdict == verdict).count() as i64;
    let (proven, tested) = (of(Verdict::Proven), of(Verdict::Proven) + of(Verdict::NotProven));
    let second = if tested == 0 {
        t!(lang, "campaigns-lead-untested")
    } else {
        t!(
            lang,
            "campaigns-lead-tested",
            proven = format.number(proven),
            tested = format.number(tested)
        )
    };
    joined(lang, &[first, second])
}

fn exports(context: &PageContext) -> AnyView {
    if !context.may(Right::Export) {
        return ().into_any();
    }
    let button = |kind: &str| {
        let href = format!("/reports/campaigns.{}?{}", kind.to_lowercase(), context.days_query());
        link_button(ButtonLook::Plain, Some(Icon::Download), href, kind.to_owned())
    };
    view! { {button("CSV")}{button("XLSX")}{button("PDF")} }.into_any()
}

/// Amounts that are missing from every figure of the page.
pub(super) fn not_converted(context: &PageContext, count: i64) -> Option<AnyView> {
    let lang = context.lang;
    (count > 0).then(|| {
        let title = t!(
            lang,
            "not-converted-title",
            n = count,
            count = context.format.number(count)
        );
        view! { <Notice tone=Tone::Warn title=title text=t!(lang, "not-converted-text")/> }.into_any()
    })
}

pub fn figures(format: &Format, total: &Return) -> Vec<Kpi> {
    let lang = format.lang;
    vec![
        Kpi::noted(
            t!(lang, "campaigns-cost"),
            format.money_short(total.cost),
            words::people(format, total.people),
        ),
        Kpi::noted(
            t!(lang, "campaigns-net-revenue"),
            format.money_short(total.net_revenue),
            t!(
                lang,
                "campaign-after-refunds",
                refunds = format.money_short(total.refunds)
            ),
        ),
        Kpi::noted(
            t!(lang, "campaigns-roi"),
            format.ratio(total.roi),
            t!(lang, "campaigns-roi-note"),
        ),
        Kpi::noted(
            t!(lang, "campaigns-roas"),
            format.ratio(total.roas),
            t!(lang, "campaigns-roas-note"),
        ),
        Kpi::noted(
            t!(lang, "campaigns-cac"),
            format.money_or_none(total.cac),
            t!(
                lang,
                "campaign-new",
                n = total.new_customers,
                customers = format.number(total.new_customers)
            ),
        ),
    ]
}

pub fn table(format: &Format, list: &CampaignList) -> Table {
    let lang = format.lang;
    let figures = |figures: &Return| {
        [
            Cell::text(format.money(figures.cost)),
            Cell::text(format.money(figures.net_revenue)),
            Cell::Strong(format.ratio(figures.roi)),
            Cell::text(format.ratio(figures.roas)),
            Cell::text(format.money_or_none(figures.cac)),
        ]
    };
    let rows = list.items.iter().map(|row| {
        let mut cells = vec![Cell::LinkTwo(
            words::name(row),
            address(row),
            words::place_and_time(format, row),
        )];
        cells.extend(figures(&row.figures));
        cells.push(words::verdict_cell(lang, row.verdict));
        cells
    });
    let mut sum = vec![Cell::Strong(t!(lang, "campaigns-total"))];
    sum.extend(figures(&list.total));
    sum.push(Cell::Nothing);
    Table::new(vec![
        Column::text(t!(lang, "campaigns-campaign")),
        Column::number(t!(lang, "campaigns-cost")).wide_only(),
        Column::number(t!(lang, "campaigns-net-revenue")).wide_only(),
        Column::number(t!(lang, "campaigns-roi")),
        Column::number(t!(lang, "campaigns-roas")).wide_only(),
        Column::number(t!(lang, "campaigns-cac")).wide_only(),
        Column::text(t!(lang, "campaigns-verdict")),
    ])
    .rows(rows)
    .sum(sum)
    .caption(t!(lang, "campaigns-all"))
}

/// The page of the whole campaign.
fn address(row: &CampaignRow) -> String {
    format!("/campaigns/{}", encode(&row.campaign_id))
}

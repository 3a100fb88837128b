//! One saved segment: how large it is and was, what its rule says, who uses it, and why somebody is in it or not.

use super::{mark, rule, used, why};
use crate::axes;
use crate::context::PageContext;
use crate::format::Format;
use crate::page::{Nav, Page};
use crate::segments::pages::webhooks::Told;
use crate::segments::pages::{takeout, webhooks};
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::{ButtonLook, Card, Head, Icon, Notice, Tone, link_button};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::chart::{Category, ChartKind, ChartSpec, LineStyle, Point, Series, Tone as ChartTone, ValueAxis, Width};
use types::columns::MemberColumn;
use types::rule_answers::Why;
use types::segments::Segment;

pub async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let loaded = load(&visit, &id).await;
    let page = loaded.map(|(segment, answer, out)| view(&visit.context, segment, answer, out));
    visit.show(page).await
}

/// The page with what a form of the section of webhooks led to.
pub async fn with_told(visit: &Visit, id: &str, told: Told) -> Result<Page, Error> {
    let (segment, answer, mut out) = load(visit, id).await?;
    if let Some(shown) = out.told.as_mut() {
        *shown = Told {
            webhooks: std::mem::take(&mut shown.webhooks),
            ..told
        };
    }
    Ok(view(&visit.context, segment, answer, out))
}

/// What the page offers to those who may take members out.
#[derive(Default)]
pub(super) struct Out {
    pub columns: Vec<MemberColumn>,
    pub told: Option<Told>,
}

/// Webhooks that the page shows: more than a segment has.
const WEBHOOKS: i64 = 100;

type Answer = Option<Result<Why, String>>;

async fn load(visit: &Visit, id: &str) -> Result<(Segment, Answer, Out), Error> {
    let id = number(id, "Segment")?;
    let segment = engine::segments::get_segment(visit.engine(), &visit.actor, id).await?;
    let asked = visit
        .context
        .asked("customer")
        .filter(|customer| !customer.trim().is_empty());
    let answer = match asked {
        None => None,
        Some(customer) => match engine::segments::why(visit.engine(), &visit.actor, id, &customer).await {
            Ok(why) => Some(Ok(why)),
            Err(Error::NotFound(_)) => Some(Err(t!(visit.context.lang, "why-nobody", customer = customer))),
            Err(error @ Error::Invalid(_)) => Some(Err(error.to_string())),
            Err(error) => return Err(error),
        },
    };
    let out = out(visit, &segment).await?;
    Ok((segment, answer, out))
}

async fn out(visit: &Visit, segment: &Segment) -> Result<Out, Error> {
    if !visit.context.may(Right::Export) {
        return Ok(Out::default());
    }
    let columns = match segment.size {
        Some(_) if visit.context.data.version > 0 => {
            engine::segments::member_columns(visit.engine(), &visit.actor, None).await?
        }
        _ => Vec::new(),
    };
    let (engine, id) = (visit.engine(), Some(segment.id));
    let webhooks = engine::webhooks::list_webhooks(engine, &visit.actor, id, None, WEBHOOKS)
        .await?
        .items;
    let told = Some(Told {
        webhooks,
        ..Told::default()
    });
    Ok(Out { columns, told })
}

pub(super) fn view(context: &PageContext, segment: Segment, answer: Answer, out: Out) -> Page {
    let context = context.clone();
    Page::new(segment.name.clone(), Nav::Segments, move || {
        let (context, segment) = (&context, &segment);
        let (lang, format) = (context.lang, &context.format);
        let lead = match (segment.size, segment.share) {
            (Some(size), Some(share)) => t!(
                lang,
                "saved-one-lead",
                n = size,
                size = format.number(size),
                share = format.percent(share),
                customers = format.number(context.data.customers),
                time = segment.data_as_of.map(|at| format.time(at)).unwrap_or_default()
            ),
            _ => t!(lang, "saved-no-size"),
        };
        let problem = segment.problem.clone().map(|problem| {
            view! { <Notice tone=Tone::Warn title=t!(lang, "saved-problem") text=problem/> }
        });
        let content = match &segment.rule {
            Some(of) => {
                view! { <Card title=t!(lang, "saved-rule") columns="c7">{rule::card(context, of)}</Card> }.into_any()
            }
            None => {
                let listed = segment.listed.unwrap_or(0);
                let text = t!(lang, "saved-list-text", n = listed, count = format.number(listed));
                view! { <Card title=t!(lang, "saved-list") columns="c7"><p class="soft">{text}</p></Card> }.into_any()
            }
        };
        let chart = sizes(format, segment).map(|chart| {
            chart_card(
                lang,
                chart,
                "c7",
                Some((format!("/charts/segment-sizes-{}", segment.id), String::new())),
            )
        });
        let asked = context.asked("customer").unwrap_or_default();
        view! {
            <Head
                title=segment.name.clone()
                lead=lead
                up=(t!(lang, "saved-title"), "/segments/saved".to_owned())
                actions=actions(context, segment)
            />
            {done(context)}
            {problem}
            <div class="cols">
                {content}
                <Card title=t!(lang, "saved-about") columns="c5">{about(context, segment)}</Card>
                {chart}
            </div>
            {why::card(context, segment, &asked, answer)}
            {takeout::of_segment(context, segment.id, &out.columns)}
            {out.told.as_ref().map(|told| webhooks::card(context, segment, told))}
        }
        .into_any()
    })
}

/// What just happened.
fn done(context: &PageContext) -> Option<AnyView> {
    let lang = context.lang;
    let title = match context.asked("done")?.as_str() {
        "created" => t!(lang, "saved-done-created"),
        "changed" => t!(lang, "saved-done-changed"),
        "untold" => t!(lang, "webhook-done-untold"),
        "tested" => {
            let text = t!(lang, "webhook-done-tested-text");
            return Some(
                view! { <Notice tone=Tone::Good title=t!(lang, "webhook-done-tested") text=text/> }.into_any(),
            );
        }
        _ => return None,
    };
    Some(view! { <Notice tone=Tone::Good title=title/> }.into_any())
}

fn actions(context: &PageContext, segment: &Segment) -> AnyView {
    let (lang, id) = (context.lang, segment.id);
    let may = context.may(Right::Build);
    let members = (context.may(Right::Export) && segment.size.is_some()).then(|| {
        link_button(
            ButtonLook::Plain,
            Some(Icon::Download),
            format!("/segments/{id}/members.csv"),
            t!(lang, "saved-members"),
        )
    });
    let copy = (may && segment.rule.is_some()).then(|| {
        link_button(
            ButtonLook::Plain,
            None,
            format!("/segments/new?from={id}"),
            t!(lang, "saved-copy"),
        )
    });
    view! {
        {may.then(|| link_button(ButtonLook::Quiet, None, format!("/segments/{id}/delete"), t!(lang, "saved-delete")))}
        {copy}
        {members}
        {segment.size.map(|_| link_button(
            ButtonLook::Plain,
            Some(Icon::Portrait),
            format!("/portraits?segment={id}&baseline=all"),
            t!(lang, "segments-portrait"),
        ))}
        {may.then(|| link_button(ButtonLook::Primary, None, format!("/segments/{id}/edit"), t!(lang, "saved-edit")))}
    }
    .into_any()
}

fn about(context: &PageContext, segment: &Segment) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let used = used::list(lang, segment)
        .unwrap_or_else(|| view! { <span class="muted">{t!(lang, "saved-used-none")}</span> }.into_any());
    let or_none = |text: &str| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text.to_owned()
        }
    };
    view! {
        <dl class="facts">
            <dt>{t!(lang, "saved-description")}</dt><dd>{or_none(&segment.description)}</dd>
            <dt>{t!(lang, "saved-folder")}</dt><dd>{or_none(&segment.folder)}</dd>
            <dt>{t!(lang, "saved-colour")}</dt><dd>{mark(&segment.colour)}</dd>
            <dt>{t!(lang, "saved-owner")}</dt><dd>{segment.owner.clone()}</dd>
            <dt>{t!(lang, "saved-created")}</dt><dd>{format.time(segment.created_at)}</dd>
            <dt>{t!(lang, "saved-changed")}</dt><dd>{format.time(segment.updated_at)}</dd>
            <dt>{t!(lang, "settings-data")}</dt><dd>{format.number(segment.data_version)}</dd>
            <dt>{t!(lang, "saved-used-by")}</dt><dd>{used}</dd>
        </dl>
    }
    .into_any()
}

/// The sizes over the versions of the data; one size is no line.
pub fn sizes(format: &Format, segment: &Segment) -> Option<ChartSpec> {
    if segment.sizes.len() < 2 {
        return None;
    }
    let lang = format.lang;
    let point = |size: i64| Point::new(size as f64).text(format.number(size));
    Some(ChartSpec {
        id: format!("segment-sizes-{}", segment.id),
        title: t!(lang, "saved-sizes"),
        subtitle: t!(lang, "saved-sizes-sub"),
        kind: ChartKind::Line,
        width: Width::Half,
        category_label: t!(lang, "settings-data"),
        categories: segment
            .sizes
            .iter()
            .map(|size| {
                Category::new(t!(lang, "saved-version", version = format.number(size.data_version)))
                    .tick(format.number(size.data_version))
            })
            .collect(),
        value: ValueAxis {
            label: t!(lang, "segments-customers"),
            format: axes::count(),
            from: Some(0.0),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(
                segment.name.clone(),
                ChartTone::First,
                segment.sizes.iter().map(|size| point(size.size)).collect(),
            )
            .line(LineStyle::Area),
        ],
        words: axes::words(lang),
        ..ChartSpec::default()
    })
}

//! How two to five segments overlap: a line for each part, the largest first, with the segments that it lies in; and what can be made of it.

use super::mark;
use super::overlap_chart::{exactly, overlapping, part_name};
use crate::conditions::beginning_with;
use crate::context::{PageContext, pairs};
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Notice, Table, Tone, empty, link_button};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use serde_json::{Value, json};
use types::auth::Right;
use types::rule_answers::{Overlap, OverlapPart};
use types::segments::Segment;

/// Segments that are offered.
const OFFERED: i64 = 200;

pub async fn overlap(visit: Visit) -> Response {
    let chosen: Vec<i64> = pairs(&visit.context.query)
        .into_iter()
        .filter(|(key, _)| key == "segment")
        .filter_map(|(_, id)| id.parse().ok())
        .collect();
    let page = load(&visit, &chosen).await;
    let page = page.map(|(segments, found)| view(&visit.context, segments, chosen, found));
    visit.show(page).await
}

type Found = Option<Result<Overlap, String>>;

async fn load(visit: &Visit, chosen: &[i64]) -> Result<(Vec<Segment>, Found), Error> {
    let segments = engine::segments::list_segments(visit.engine(), &visit.actor, None, OFFERED)
        .await?
        .items;
    let found = match chosen {
        [] => None,
        chosen => match engine::segments::overlap(visit.engine(), &visit.actor, chosen).await {
            Ok(found) => Some(Ok(found)),
            Err(Error::Invalid(_)) => Some(Err(t!(visit.context.lang, "overlap-how-many"))),
            Err(error) => return Err(error),
        },
    };
    Ok((segments, found))
}

pub(super) fn view(context: &PageContext, segments: Vec<Segment>, chosen: Vec<i64>, found: Found) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "overlap-title"), Nav::Segments, move || {
        let lang = context.lang;
        let up = (t!(lang, "saved-title"), "/segments/saved".to_owned());
        if segments.len() < 2 {
            return view! {
                <Head title=t!(lang, "overlap-title") up=up/>
                {empty(Icon::Segment, t!(lang, "overlap-few"), t!(lang, "overlap-few-text"), None)}
            }
            .into_any();
        }
        let shown = found.map(|found| match found {
            Ok(found) => parts(&context, &found),
            Err(text) => view! { <Notice tone=Tone::Warn title=text/> }.into_any(),
        });
        view! {
            <Head title=t!(lang, "overlap-title") lead=t!(lang, "overlap-lead") up=up/>
            {shown}
            {form(&context, &segments, &chosen)}
        }
        .into_any()
    })
}

fn form(context: &PageContext, segments: &[Segment], chosen: &[i64]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let boxes = segments
        .iter()
        .map(|segment| {
            let size = segment.size.map(|size| format.number(size)).unwrap_or_default();
            let checked = chosen.contains(&segment.id);
            view! {
                <label class="check">
                    <input type="checkbox" name="segment" value=segment.id.to_string() checked=checked/>
                    {mark(&segment.colour)}
                    {segment.name.clone()}
                    " "
                    <span class="muted">{size}</span>
                </label>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <Card title=t!(lang, "overlap-choose") subtitle=t!(lang, "overlap-how-many")>
            <form class="form" method="get" action="/segments/overlap">
                <div class="overlap-choices">{boxes}</div>
                <div class="form-actions"><button class=ButtonLook::Primary.class() type="submit">{t!(lang, "overlap-show")}</button></div>
            </form>
        </Card>
    }
    .into_any()
}

fn parts(context: &PageContext, found: &Overlap) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let may = context.may(Right::Build);
    let largest = found.parts.iter().map(|part| part.size).max().unwrap_or(1).max(1) as f64;
    let share = |size: i64| match found.any {
        0 => String::new(),
        any => format.percent(size as f64 / any as f64),
    };
    let rows = found.parts.iter().map(|part| {
        let said = part_name(lang, found, part);
        let mut cells = vec![
            Cell::View(
                view! { <span class="overlap-name">{dots(found, part)}<span>{said.clone()}</span></span> }.into_any(),
            ),
            Cell::Strong(format.number(part.size)),
            Cell::Bar(part.size as f64 / largest, 1),
            Cell::text(share(part.size)),
        ];
        if may {
            let label = format!("{}: {said}", t!(lang, "overlap-save"));
            let href = beginning_with(&exactly(found, part));
            cells.push(Cell::View(
                view! { <a class="chip chip--accent" href=href aria-label=label>{t!(lang, "overlap-save")}</a> }
                    .into_any(),
            ));
        }
        cells
    });
    let mut columns = vec![
        Column::text(t!(lang, "overlap-part")),
        Column::number(t!(lang, "segments-customers")),
        // On a phone the picture above has the bars.
        Column::bar("").wide_only(),
        Column::number(t!(lang, "overlap-share")).wide_only(),
    ];
    if may {
        columns.push(Column::actions());
    }
    let table = Table::new(columns).rows(rows).caption(t!(lang, "overlap-title")).view();
    let legend = found
        .segments
        .iter()
        .enumerate()
        .map(|(place, segment)| {
            let (name, size) = (segment.name.clone(), format.number(segment.size));
            view! {
                <li>
                    <b>{letter(place)}</b>
                    <a class="link" href=format!("/segments/{}", segment.id)>{name}</a>
                    " "
                    <span class="muted">{size}</span>
                </li>
            }
            .into_any()
        })
        .collect_view();
    let subtitle = t!(
        lang,
        "overlap-sub",
        n = found.any,
        any = format.number(found.any),
        all = format.number(found.all),
        customers = format.number(found.customers),
        time = found.data_as_of.map(|at| format.time(at)).unwrap_or_default()
    );
    let chart = overlapping(format, found);
    let ids: Vec<String> = found.segments.iter().map(|segment| segment.id.to_string()).collect();
    let files = (format!("/charts/segment-overlap-{}", ids.join("-")), String::new());
    view! {
        {chart_card(lang, chart, "", Some(files))}
        <Card title=t!(lang, "overlap-parts") subtitle=subtitle>
            <ul class="overlap-legend">{legend}</ul>
            {table}
            {may.then(|| whole(context, found))}
        </Card>
    }
    .into_any()
}

fn letter(place: usize) -> String {
    char::from(b'A' + u8::try_from(place).unwrap_or(0)).to_string()
}

/// A full dot for each segment that the part lies in, joined by a line, as in an upset chart.
fn dots(found: &Overlap, part: &OverlapPart) -> AnyView {
    let count = found.segments.len();
    let inside: Vec<usize> = (0..count)
        .filter(|place| part.inside.contains(&found.segments[*place].id))
        .collect();
    let x = |place: usize| 8 + place * 16;
    let join = inside.first().zip(inside.last()).map(|(first, last)| {
        view! { <line x1=x(*first).to_string() x2=x(*last).to_string() y1="12" y2="12" class="stroke-d1" stroke-width="2"></line> }
    });
    let circles = (0..count)
        .map(|place| {
            let class = if inside.contains(&place) {
                "fill-d1"
            } else {
                "overlap-empty"
            };
            view! { <circle cx=x(place).to_string() cy="12" r="5" class=class></circle> }.into_any()
        })
        .collect_view();
    let letters = (0..count)
        .filter(|place| inside.contains(place))
        .map(letter)
        .collect::<Vec<_>>()
        .join(" ");
    let width = (count * 16).to_string();
    view! {
        <svg class="overlap-dots" viewBox=format!("0 0 {width} 24") width=width height="24" role="img" aria-label=letters>
            {join}
            {circles}
        </svg>
    }
    .into_any()
}

/// Union, intersection, and the first without the others.
fn whole(context: &PageContext, found: &Overlap) -> AnyView {
    let lang = context.lang;
    let all: Vec<Value> = found
        .segments
        .iter()
        .map(|segment| json!({ "segment": segment.id }))
        .collect();
    let difference = json!({ "all": [all[0], { "not": { "any": all[1..] } }] });
    let button = |text: String, rule: &Value| link_button(ButtonLook::Plain, None, beginning_with(rule), text);
    view! {
        <div class="form-actions overlap-make">
            <span class="soft">{t!(lang, "overlap-make")}</span>
            {button(t!(lang, "overlap-union"), &json!({ "any": all }))}
            {button(t!(lang, "overlap-intersection"), &json!({ "all": all }))}
            {button(t!(lang, "overlap-difference", name = found.segments[0].name.clone()), &difference)}
        </div>
    }
    .into_any()
}

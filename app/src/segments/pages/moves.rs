//! Where customers went between two runs: matrix, bands, and the people behind each cell. The same page compares runs of different methods.

use super::charts::moved;
use super::groups::{colour, group_name};
use crate::context::{PageContext, encode};
use crate::i18n::{Lang, named};
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::chart::chart_card;
use crate::ui::chip::chip_link;
use crate::ui::kpi::{Kpi, kpis};
use crate::ui::{ButtonLook, Card, Cell, Choice, Column, Field, Head, Notice, Table, Tone, link_button, select};
use crate::visit::{Visit, number};
use axum::extract::{Form, Path};
use axum::response::Response;
use engine::Error;
use engine::segments::Cell as Place;
use leptos::prelude::*;
use serde::Deserialize;
use types::auth::Right;
use types::chart::ChartKind;
use types::runs::{Move, Moves};
use types::segments::{Run, Segment};

struct Loaded {
    from: Run,
    to: Run,
    moves: Moves,
    /// Saved a moment ago.
    saved: Option<Segment>,
}

pub async fn moves(visit: Visit, Path(id): Path<String>) -> Response {
    let page = load(&visit, &id).await.map(|loaded| view(&visit.context, loaded));
    visit.show(page).await
}

async fn load(visit: &Visit, id: &str) -> Result<Loaded, Error> {
    let to = number(id, "Run")?;
    let from = visit.context.asked("from").unwrap_or_default();
    let from: i64 = from
        .parse()
        .map_err(|_| Error::invalid("from", "must be the number of a run"))?;
    let (engine, actor) = (visit.engine(), &visit.actor);
    let moves = engine::segments::get_moves(engine, actor, from, to).await?;
    let saved = match visit.context.asked("saved").and_then(|id| id.parse().ok()) {
        Some(id) => engine::segments::get_segment(engine, actor, id).await.ok(),
        None => None,
    };
    Ok(Loaded {
        from: engine::segments::get_run(engine, actor, from).await?,
        to: engine::segments::get_run(engine, actor, to).await?,
        moves,
        saved,
    })
}

#[derive(Deserialize)]
pub struct SaveForm {
    from: i64,
    #[serde(default)]
    from_segment: String,
    #[serde(default)]
    to_segment: String,
    name: String,
}

/// Saves the people behind a cell as a segment that follows both runs.
pub async fn save(visit: Visit, Path(id): Path<String>, Form(form): Form<SaveForm>) -> Response {
    let saved = async {
        let to = number(&id, "Run")?;
        let filled = |key: String| Some(key).filter(|key| !key.is_empty());
        let cell = Place {
            from: filled(form.from_segment),
            to: filled(form.to_segment),
        };
        let name = form.name.trim().to_owned();
        let segment = engine::segments::save_moved(visit.engine(), &visit.actor, form.from, to, cell, name).await?;
        Ok(format!(
            "/segments/runs/{to}/moves?from={}&saved={}",
            form.from, segment.id
        ))
    }
    .await;
    visit.go(saved).await
}

/// The form of a run's page that leads here. The newest earlier run of the method is offered first.
pub fn compare(context: &PageContext, run: &Run, others: &[Run]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let others: Vec<&Run> = others.iter().filter(|other| other.id != run.id).collect();
    let usual = others
        .iter()
        .find(|other| other.method == run.method && other.id < run.id)
        .or_else(|| others.iter().find(|other| other.method == run.method));
    let chosen = usual
        .or(others.first())
        .map_or_else(String::new, |other| other.id.to_string());
    let choices = others
        .iter()
        .map(|other| {
            let name = named(lang, "method-", other.method.as_str());
            let day = other.as_of.map(|day| format.day(day)).unwrap_or_default();
            Choice::new(other.id.to_string(), format!("{name} {} · {day}", other.id))
        })
        .collect();
    let action = format!("/segments/runs/{}/moves", run.id);
    view! {
        <Card title=t!(lang, "run-compare") subtitle=t!(lang, "run-compare-help")>
            <form class="form-row" method="get" action=action>
                <Field id="from" label=t!(lang, "run-run")>
                    {select("from".into(), "from".into(), None, choices, &chosen)}
                </Field>
                <button class=ButtonLook::Plain.class() type="submit">{t!(lang, "run-compare-do")}</button>
            </form>
        </Card>
    }
    .into_any()
}

fn view(context: &PageContext, loaded: Loaded) -> Page {
    let context = context.clone();
    let (a, b) = (loaded.from.id.to_string(), loaded.to.id.to_string());
    let title = t!(context.lang, "moves-title", from = a, to = b);
    Page::new(title.clone(), Nav::Segments, move || {
        let context = &context;
        let (lang, format) = (context.lang, &context.format);
        let Loaded { from, to, moves, saved } = loaded;
        let (from, to, moves) = (&from, &to, &moves);
        let both = format.number(moves.both);
        let same = from.method == to.method;
        let stayed = if moves.both > 0 {
            format.percent(moves.stayed as f64 / moves.both as f64)
        } else {
            "–".to_owned()
        };
        let lead = if same {
            t!(
                lang,
                "moves-lead",
                both = moves.both,
                customers = both.clone(),
                stayed = stayed.clone()
            )
        } else {
            t!(lang, "moves-lead-other", both = moves.both, customers = both.clone())
        };
        let rand = moves
            .adjusted_rand
            .map_or_else(|| "–".to_owned(), |rand| format.decimal(rand, 3));
        let mut figures = vec![Kpi::noted(t!(lang, "moves-both"), both, String::new())];
        if same {
            figures.push(Kpi::noted(
                t!(lang, "moves-stayed"),
                stayed,
                t!(lang, "moves-stayed-note"),
            ));
        }
        figures.push(Kpi::noted(t!(lang, "moves-rand"), rand, t!(lang, "moves-rand-note")));
        let up = (t!(lang, "moves-back"), format!("/segments/runs/{}", to.id));
        let swap = format!("/segments/runs/{}/moves?from={}", from.id, to.id);
        let actions = link_button(ButtonLook::Quiet, None, swap, t!(lang, "moves-swap"));
        let saved = saved.map(|segment| {
            let size = segment.size.map_or_else(|| "–".to_owned(), |size| format.number(size));
            view! {
                <Notice
                    tone=Tone::Good
                    title=t!(lang, "moves-saved", name = segment.name)
                    text=t!(lang, "moves-saved-text", size = size)
                />
            }
        });
        let file = |name: &str| Some((format!("/charts/{name}-{}-{}", from.id, to.id), String::new()));
        let matrix = moved(format, ChartKind::HeatMap, from, to, moves);
        let flow = moved(format, ChartKind::Sankey, from, to, moves);
        view! {
            <Head title=title lead=lead up=up actions=actions/>
            {saved}
            {kpis(figures)}
            {chart_card(lang, flow, "", file("segment-flow"))}
            {chart_card(lang, matrix, "", file("segment-moves"))}
            <Card title=t!(lang, "moves-people") subtitle=t!(lang, "moves-people-sub")>
                {people(context, from, to, moves)}
            </Card>
        }
        .into_any()
    })
}

fn name_of(lang: Lang, run: &Run, key: Option<&String>) -> String {
    match key {
        None => t!(lang, "moves-none"),
        Some(key) => run
            .segments
            .iter()
            .find(|segment| segment.key == *key)
            .map_or_else(|| key.clone(), |segment| group_name(lang, segment)),
    }
}

fn people(context: &PageContext, from: &Run, to: &Run, moves: &Moves) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let mut cells: Vec<&Move> = moves.cells.iter().collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.size));
    let size_of = |run: &Run, key: &Option<String>| {
        let found = run.segments.iter().find(|segment| Some(&segment.key) == key.as_ref());
        found.map(|segment| segment.size)
    };
    let rows = cells.into_iter().enumerate().map(|(place, cell)| {
        let (before, after) = (
            name_of(lang, from, cell.from.as_ref()),
            name_of(lang, to, cell.to.as_ref()),
        );
        let share = match size_of(from, &cell.from) {
            Some(size) if size > 0 => format.percent(cell.size as f64 / size as f64),
            _ => "–".to_owned(),
        };
        vec![
            Cell::Dotted(cell.from.as_deref().map_or(0, colour), before.clone(), None),
            Cell::Dotted(cell.to.as_deref().map_or(0, colour), after.clone(), None),
            Cell::text(format.number(cell.size)),
            Cell::Muted(share),
            Cell::View(actions(context, from, to, cell, place, (before, after))),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "moves-was", run = from.id.to_string())),
        Column::text(t!(lang, "moves-became", run = to.id.to_string())),
        Column::number(t!(lang, "segments-customers")),
        Column::number(t!(lang, "moves-share")).wide_only(),
        Column::actions(),
    ])
    .rows(rows)
    .caption(t!(lang, "moves-people"))
    .view()
}

/// The people as a file, and as a segment under a name that can be changed before it is saved.
fn actions(
    context: &PageContext,
    from: &Run,
    to: &Run,
    cell: &Move,
    place: usize,
    (before, after): (String, String),
) -> AnyView {
    let lang = context.lang;
    let key = |key: &Option<String>| key.clone().unwrap_or_default();
    let file = context.may(Right::Export).then(|| {
        let address = format!(
            "/segments/runs/{}/moves/members.csv?from={}&from_segment={}&to_segment={}",
            to.id,
            from.id,
            encode(&key(&cell.from)),
            encode(&key(&cell.to))
        );
        chip_link(t!(lang, "segments-members"), address)
    });
    let save = context.may(Right::Build).then(|| {
        let id = format!("save-{place}");
        let name = t!(
            lang,
            "moves-name",
            from = before,
            to = after,
            a = from.id.to_string(),
            b = to.id.to_string()
        );
        view! {
            <details class="move-save">
                <summary>{t!(lang, "moves-save")}</summary>
                <form class="form-row" method="post" action=format!("/segments/runs/{}/moves", to.id)>
                    <input type="hidden" name="from" value=from.id.to_string()/>
                    <input type="hidden" name="from_segment" value=key(&cell.from)/>
                    <input type="hidden" name="to_segment" value=key(&cell.to)/>
                    <Field id=id.clone() label=t!(lang, "moves-save-name")>
                        <input class="input" id=id.clone() name="name" value=name required=true maxlength="200"/>
                    </Field>
                    <button class=ButtonLook::Plain.class() type="submit">{t!(lang, "moves-save")}</button>
                </form>
            </details>
        }
        .into_any()
    });
    view! { <span class="row">{file}{save}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::super::run_tests::{group, run_of};
    use super::*;
    use crate::testing::{context, html, manager};
    use types::segments::Method;

    fn loaded() -> Loaded {
        let mut from = run_of(7, Method::Rfm);
        let mut to = run_of(9, Method::Rfm);
        from.segments = vec![group("champions", 50), group("at_risk", 50)];
        to.segments = vec![group("champions", 60), group("at_risk", 45)];
        let cell = |from: Option<&str>, to: Option<&str>, size| Move {
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            size,
        };
        Loaded {
            from,
            to,
            moves: Moves {
                from: 7,
                to: 9,
                cells: vec![
                    cell(Some("champions"), Some("champions"), 40),
                    cell(Some("champions"), Some("at_risk"), 10),
                    cell(Some("at_risk"), Some("champions"), 15),
                    cell(Some("at_risk"), Some("at_risk"), 35),
                    cell(None, Some("champions"), 5),
                ],
                both: 100,
                stayed: 75,
                adjusted_rand: Some(0.244),
            },
            saved: None,
        }
    }

    #[test]
    fn the_page_says_who_stayed_and_shows_each_cell() {
        let html = html(view(&context(Lang::En), loaded()));
        assert!(
            html.contains("100 customers are in both runs; 75.0\u{202f}% stayed in a group of the same name."),
            "{html}"
        );
        assert!(html.contains("0.244"), "{html}");
        assert!(
            html.contains("/charts/segment-flow-7-9.svg") && html.contains("/charts/segment-moves-7-9.svg"),
            "{html}"
        );
        assert!(
            html.contains(
                "/segments/runs/9/moves/members.csv?from=7&amp;from_segment=champions&amp;to_segment=at_risk"
            ),
            "{html}"
        );
        assert!(html.contains(r#"value="Champions → At risk, runs 7 and 9""#), "{html}");
        let run = |id: i64, key: &str| format!("%7B%22run%22:%7B%22id%22:{id}%2C%22segment%22:%22{key}%22%7D%7D");
        let stayed = format!(
            "/segments/new?rule=%7B%22all%22:%5B{}%2C{}%5D%7D",
            run(7, "champions"),
            run(9, "champions")
        );
        // Three widths and a table, of the bands and of the matrix.
        assert_eq!(html.matches(&format!("href=\"{stayed}\"")).count(), 8, "{html}");
        let new = format!(
            "%7B%22not%22:%7B%22any%22:%5B{}%2C{}%5D%7D%7D",
            run(7, "champions"),
            run(7, "at_risk")
        );
        assert!(html.contains(&new), "{html}");
        assert!(html.contains("not covered") && !html.contains("style="), "{html}");
    }

    #[test]
    fn people_are_for_those_who_may_export() {
        let html = html(view(&manager(Lang::ZhCn), loaded()));
        assert!(!html.contains("members.csv"), "{html}");
        assert!(html.contains("保存为分群"), "{html}");
    }
}
